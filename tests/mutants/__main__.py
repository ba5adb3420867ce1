"""Try wrong rules: which of them would a test notice, because it knows what is right?

A sample of lines is drawn with a seed, room by room in proportion to their size, and of every line
one mutant. Each is tried in a copy of the tree, with the tests of its room that call its function,
as many as take ``--seconds`` together, those of the module itself and the quickest first; what
survives them is tried with the pinned numbers of the default run.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue

import yaml

from tests.mutants.mutation import Mutant, compiles, modules_below, mutants_of
from tests.mutants.rooms import PINNED, ROOMS, Room
from tests.mutants.trial import Copy, Recorded, digest

TREE = Path(__file__).resolve().parent.parent.parent
KEPT = TREE / ".mutants"
"""Which test calls what, kept between runs; ignored by git."""

VERDICTS = ("knowledge", "pinned", "survived", "equivalent")
_PATIENCE = 20.0
"""A mutant that takes so many times the usual time, and a minute, goes on for ever."""


@dataclass(frozen=True)
class Trial:
    """A mutant and what became of it."""

    room: str
    mutant: Mutant
    verdict: str


class Bench:
    """Copies of the tree, one for every process at work."""

    def __init__(self, folder: Path, workers: int) -> None:
        self._free: SimpleQueue[Copy] = SimpleQueue()
        for number in range(workers):
            self._free.put(Copy(TREE, folder / str(number)))
        self.pool = ThreadPoolExecutor(workers)

    @contextmanager
    def copy(self) -> Iterator[Copy]:
        copy = self._free.get()
        try:
            yield copy
        finally:
            self._free.put(copy)

    # ------------------------------------------------------------------ which test calls what

    def record(self, rooms: Sequence[Room]) -> dict[str, Recorded]:
        """What the tests of every room call, by room; files that have not changed are known."""
        files = {room.name: list(_test_files(room)) for room in rooms}
        names = [name for own in files.values() for name in own]
        recorded = dict(zip(names, self.pool.map(self._recorded, names), strict=True))
        return {
            room: {test: entry for name in own for test, entry in recorded[name].items()}
            for room, own in files.items()
        }

    def _recorded(self, test_file: str) -> Recorded:
        kept = KEPT / f"{digest(TREE, test_file)}.json"
        if not kept.exists():
            with self.copy() as copy:
                found = copy.record(test_file, timeout=3600.0)
            KEPT.mkdir(exist_ok=True)
            kept.write_text(json.dumps(found))
            print(f"  {test_file}: {len(found)} tests", file=sys.stderr)
        answer: Recorded = json.loads(kept.read_text())
        return answer

    # ------------------------------------------------------------------ one mutant

    def verdict(self, mutant: Mutant, known: Recorded, seconds: float) -> str:
        tests, usual = _choose(mutant, known, seconds)
        with self.copy() as copy:
            if tests and copy.noticed(mutant, tests, 60.0 + _PATIENCE * usual):
                return "knowledge"
            return "pinned" if copy.noticed(mutant, [PINNED], 600.0) else "survived"


def _test_files(room: Room) -> Iterator[str]:
    for name in modules_below(TREE, room.tests):
        if Path(name).name.startswith("test_"):
            yield name


def _choose(mutant: Mutant, known: Recorded, seconds: float) -> tuple[list[str], float]:
    """The tests that call a mutant's function, and the seconds they take.

    Those of the file that mirrors its module come first, then the quickest. What stands outside of
    all functions is a matter of every test that calls one of its module; a module without calls is
    a matter of all tests.
    """
    function, module = f"{mutant.path}::{mutant.function}", f"{mutant.path}::"
    calling = [t for t, (_, calls) in known.items() if mutant.function and function in calls]
    if not calling:
        calling = [t for t, (_, calls) in known.items() if any(c.startswith(module) for c in calls)]
    mirror = f"/test_{Path(mutant.path).stem}.py::"
    chosen: list[str] = []
    total = 0.0
    for test in sorted(calling or known, key=lambda name: (mirror not in name, known[name][0])):
        if chosen and total + known[test][0] > seconds:
            continue
        chosen.append(test)
        total += known[test][0]
    return chosen, total


# ---------------------------------------------------------------------- the sample


def draw(rooms: Sequence[Room], size: int, seed: int) -> dict[str, list[Mutant]]:
    """The sample, by room: different lines, in proportion to the lines that have mutants."""
    by_room: dict[str, dict[tuple[str, int], list[Mutant]]] = {}
    for room in rooms:
        lines = by_room[room.name] = {}
        for path in modules_below(TREE, room.sources):
            for mutant in mutants_of(TREE, path):
                lines.setdefault((mutant.path, mutant.line), []).append(mutant)
    total = sum(map(len, by_room.values()))
    sample: dict[str, list[Mutant]] = {}
    for name, lines in by_room.items():
        generator = random.Random(f"{seed}/{name}")
        count = min(len(lines), max(1, round(size * len(lines) / total)))
        sample[name] = []
        for line in generator.sample(sorted(lines), count):
            changes = generator.sample(lines[line], len(lines[line]))
            sample[name] += [m for m in changes if compiles(TREE, m)][:1]
    return sample


def equivalents() -> set[tuple[str, str, str]]:
    """(file, line, changed line) of the mutants that change nothing, each with a reason."""
    entries = yaml.safe_load((Path(__file__).parent / "equivalent.yaml").read_text("utf-8"))
    return {(entry["file"], entry["line"], entry["mutant"]) for entry in entries}


# ---------------------------------------------------------------------- the answer


def table(trials: Sequence[Trial]) -> Iterator[str]:
    """Verdicts by room, and how many of ten mutants that matter fell to knowledge."""
    yield f"{'room':<12}{'tried':>7}" + "".join(f"{verdict:>12}" for verdict in VERDICTS)
    for room in (*dict.fromkeys(trial.room for trial in trials), "all"):
        own = [trial.verdict for trial in trials if room in (trial.room, "all")]
        known, pinned, survived, equivalent = (own.count(verdict) for verdict in VERDICTS)
        share = 100.0 * known / max(1, len(own) - equivalent)
        yield (
            f"{room:<12}{len(own):>7}{known:>12}{pinned:>12}{survived:>12}{equivalent:>12}"
            f"   {share:.0f} % by knowledge"
        )


def survivors(trials: Sequence[Trial]) -> Iterator[str]:
    """What no test knows: where, the line and its mutant."""
    for trial in sorted(trials, key=lambda t: (t.verdict, t.mutant)):
        if trial.verdict in ("pinned", "survived"):
            mutant = trial.mutant
            yield f"\n{trial.verdict}: {mutant.path}:{mutant.line} {mutant.function}"
            yield f"  - {mutant.before}\n  + {mutant.after}"


def main() -> None:
    """Draw, try and tell."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutants", description=__doc__)
    parser.add_argument("--sample", type=int, default=100, help="mutants to try (default 100)")
    parser.add_argument("--seed", type=int, default=1, help="seed of the sample (default 1)")
    parser.add_argument("--rooms", nargs="+", choices=[r.name for r in ROOMS], help="default: all")
    parser.add_argument(
        "--seconds", type=float, default=60.0, help="tests of a mutant (default 60)"
    )
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    options = parser.parse_args()
    rooms = [room for room in ROOMS if room.name in (options.rooms or [r.name for r in ROOMS])]
    sample = draw(rooms, options.sample, options.seed)
    same = equivalents()
    with tempfile.TemporaryDirectory(prefix="mutants-") as folder:
        bench = Bench(Path(folder), options.workers)
        known = bench.record(rooms)

        def attempt(pair: tuple[str, Mutant]) -> Trial:
            room, mutant = pair
            start = time.monotonic()
            if (mutant.path, mutant.before, mutant.after) in same:
                return Trial(room, mutant, "equivalent")
            trial = Trial(room, mutant, bench.verdict(mutant, known[room], options.seconds))
            taken = time.monotonic() - start
            print(
                f"  {trial.verdict:<10} {mutant.path}:{mutant.line} ({taken:.0f} s)",
                file=sys.stderr,
                flush=True,
            )
            return trial

        pairs = [(room, mutant) for room, mutants in sample.items() for mutant in mutants]
        trials = list(bench.pool.map(attempt, pairs))
    print(f"seed {options.seed}, {len(trials)} mutants\n")
    print("\n".join([*table(trials), *survivors(trials)]))


if __name__ == "__main__":
    main()
