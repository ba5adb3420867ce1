"""``python -m benchmarks [--full] [NAME ...]``: print the table; exit 1 if a count or hash is off.

Times are paired within this run, because machines differ and are busy: a replication against a
bare SimPy clock, two workers against one, a study against the seconds its workers spent. ``--full``
takes studies and the memory of large runs at their full size, and what takes too long otherwise
(several minutes more each). Event counts and the result hash are exact, so a speed-up cannot change
behaviour unnoticed. The benchmark of a planning question is its ``bench.py``.
"""

from __future__ import annotations

import importlib
import os
import pickle
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks import footprint, media, parent, replication, runner
from benchmarks.results import simulated
from sim.config.schema import Run
from sim.config.validation import validate
from sim.config.yaml_reader import read_yaml
from sim.edge import compose

EXPECTED = Path(__file__).with_name("expected.yaml")
EXPERIMENTS = Path(__file__).parents[1] / "experiments"
_PARALLEL_REPLICATIONS = 400
_REPEATS = 3

Row = tuple[str, str, str, bool | None]


def baseline() -> Run:
    """The default run."""
    return validate(compose(["store=null"]))


def replications() -> list[Row]:
    """Median cost of one baseline replication, draws included, in milliseconds and clock events."""
    return replication.rows(baseline(), _expected())


def workers() -> list[Row]:
    """Best of three: 400 replications on two workers against one."""
    run = baseline().model_copy(update={"replications": _PARALLEL_REPLICATIONS})
    best: dict[int, float] = {}
    for _ in range(_REPEATS):
        for count in (1, 2):
            seconds = _seconds(lambda count=count: simulated(_on(run, count)))  # type: ignore[misc]
            best[count] = min(seconds, best.get(count, seconds))
    ratio = best[1] / best[2]
    return [
        ("400 replications, 1 worker", f"{best[1]:.1f} s", "", None),
        ("400 replications, 2 workers", f"{best[2]:.1f} s", "", None),
        ("  speed-up", f"{ratio:.2f}", ">= 1.7", ratio >= 1.7),
    ]


def result_hash() -> list[Row]:
    """The hash, which depends on the processor's type, and event count of the default study."""
    results = simulated(baseline())
    expected = _expected()
    digest = results.result_hash
    events = int(results.events.sum())
    return [
        (
            "result hash of the default study",
            digest[:16],
            " or ".join(known[:8] for known in expected["result_hash"].values()),
            digest in expected["result_hash"].values(),
        ),
        (
            "events of the default study",
            f"{events:,}",
            f"= {expected['study_events']:,}",
            events == expected["study_events"],
        ),
    ]


def start_up() -> list[Row]:
    """Medians of fresh processes."""
    bare = _process_seconds("-c", "pass")
    imported = _process_seconds("-c", "import sim") - bare
    helped = _process_seconds("-m", "sim", "--help")
    return [
        ("import sim", f"{imported:.3f} s", "< 0.3 s", imported < 0.3),
        ("python -m sim --help", f"{helped:.2f} s", "< 1 s", helped < 1.0),
    ]


def default_run() -> list[Row]:
    """The default study from the command line, charts and all."""
    with tempfile.TemporaryDirectory() as folder:
        seconds = _seconds(
            lambda: _python("-m", "sim", "store=null", f"hydra.run.dir={folder}/run")
        )
    return [
        ("python -m sim (make run after set-up)", f"{seconds:.1f} s", "<= 45 s", seconds <= 45.0)
    ]


def memory() -> list[Row]:
    """Peak resident memory of a worker process, and whether it keeps growing."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.footprint"],
        input=pickle.dumps(baseline()),
        capture_output=True,
        check=True,
    )
    peak, growth = (float(figure) for figure in done.stdout.split())
    half = footprint.REPLICATIONS // 2
    return [
        ("a worker's peak memory", f"{peak:.0f} MB", "< 400 MB", peak < 400.0),
        (f"  added by the last {half} replications", f"{growth:.1f} MB", "< 5 MB", growth < 5.0),
    ]


def random_numbers() -> list[Row]:
    """Numbers for 3 000 project keys: one block against a seeded generator for each."""
    from sim.model.kernel.streams import Streams, entity_keys

    keys = entity_keys("bench", np.arange(3000))
    streams = Streams(2016, 0)
    block = min(_seconds(lambda: streams.uniform("cost", keys)) for _ in range(20))
    single = _seconds(lambda: [np.random.default_rng(int(key)).random() for key in keys])
    return [
        ("3 000 numbers as one block", f"{1e3 * block:.2f} ms", "< 1 ms", block < 1e-3),
        ("  a seeded generator for each", f"{1e3 * single:.0f} ms", "", None),
    ]


def _on(run: Run, workers: int) -> Run:
    return run.model_copy(update={"workers": workers})


def _seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def _python(*arguments: str) -> None:
    subprocess.run([sys.executable, *arguments], check=True, capture_output=True)


def _process_seconds(*arguments: str) -> float:
    return statistics.median(_seconds(lambda: _python(*arguments)) for _ in range(7))


def _expected() -> dict[str, Any]:
    return read_yaml(EXPECTED, EXPECTED.name)


FULL = "--full"


def of_questions(*, full: bool) -> dict[str, Callable[[], list[Row]]]:
    """The benchmarks of planning questions, by the name of the question."""

    def of(name: str) -> list[Row]:
        bench = importlib.import_module(f"experiments.{name}.bench")
        rows: list[Row] = bench.rows(baseline(), full=full)
        return rows

    names = sorted(path.parent.name for path in EXPERIMENTS.glob("*/bench.py"))
    return {name: partial(of, name) for name in names}


def main(arguments: Sequence[str]) -> int:
    """Run the named benchmarks, or all, and print their table."""
    names, full = {name for name in arguments if name != FULL}, FULL in arguments
    every: dict[str, Callable[[], list[Row]]] = {
        "replication": replications,
        "workers": workers,
        "result_hash": result_hash,
        "studies": lambda: runner.rows(baseline(), full=full),
        "default_run": default_run,
        "media": lambda: media.rows(baseline()),
        "start_up": start_up,
        "memory": memory,
        "parent": lambda: parent.rows(full=full),
        "random_numbers": random_numbers,
        **of_questions(full=full),
    }
    if names - every.keys():
        print(f"no such benchmark: {', '.join(sorted(names - every.keys()))}", file=sys.stderr)
        print(f"there are: {', '.join(every)}", file=sys.stderr)
        return 2
    chosen = [bench for name, bench in every.items() if name in (names or every)]
    busy = os.getloadavg()[0]
    print(f"{os.cpu_count()} cores, load before {busy:.1f}")
    print(f"{'benchmark':44}{'measured':>22}{'goal':>22}")
    exact = True
    for bench in chosen:
        for name, measured, goal, good in bench():
            mark = "" if good is None else ("  ok" if good else "  MISSED")
            print(f"{name:44}{measured:>22}{goal:>22}{mark}", flush=True)
            exact = exact and not (good is False and ("hash" in name or name.startswith("events")))
    if not exact:
        print(
            "behaviour changed: if that was meant, update with python -m benchmarks.update_expected"
        )
    return 0 if exact else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
