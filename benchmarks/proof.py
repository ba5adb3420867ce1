"""``python -m benchmarks.proof BEFORE AFTER``: do two checkouts give the same results, to the bit?

In each the same commands are run: the default run (200 replications), every scenario preset (40
each, with all that can be recorded) and every planning question with small settings. Compared are
result hash and event count of each manifest, every CSV table byte for byte, and of a question the
figures of its answer; wording and pictures are not. Checkouts may differ in anything but their
commands: nothing of them is imported. Prints one table and leaves with 1 if anything differs.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

PARTS = ("baseline", "presets", "questions")
COMMON = ("seed=2016", "store=null", "language=en")
FEW = ("replications=6",)
"""Settings of a question that is not named below."""

SMALL = {
    "bottlenecks": ("replications=6", "study.only=[money,review]"),
    "budget_sweep": ("replications=6", "study.factors=[0,1,2]"),
    "compare_scenarios": (
        "replications=6", "study.scenarios=[baseline,epidemic_2020]", "study.traced=1",
    ),
    "influence": ("replications=8", "replications_per_draw=2"),
    "milestones": ("replications=12", "study.bootstrap=100"),
    "minimum_budget": (
        "replications=2", "study.cap=24", "study.confirm=2", "study.budget_max=9e9",
        "study.targets=[community_rooms,bachelor_share,science_windows,all:activities,all]",
    ),
    "promises": ("replications=6", "study.scenarios=[baseline,austerity]"),
}  # fmt: skip
"""Few replications, points and samples, so that a question is asked in seconds."""

_PROSE = frozenset({"zh", "en"})  # of answer.json: what the figures are said with
_LINE = "{:<28} {:<17} {:<17} {:>12} {:>7}  {}"


@dataclass(frozen=True)
class Command:
    """What is run in both checkouts, by a name of its own; ``folder`` is the key of its folder."""

    name: str
    module: tuple[str, ...]
    overrides: tuple[str, ...]
    folder: str

    def run(self, checkout: Path, into: Path) -> str:
        """Run it in ``checkout``; the last line of what it complains about if it fails."""
        given = (*self.module, *self.overrides, f"{self.folder}={into}")
        done = _python(checkout, *given)
        complaint = (done.stderr.strip() or f"exit code {done.returncode}").splitlines()[-1]
        return complaint if done.returncode else ""


@dataclass(frozen=True)
class Found:
    """What a folder of results holds, as far as it is compared."""

    result_hash: str
    events: int
    tables: dict[str, bytes] = field(repr=False)
    figures: dict[str, object] = field(repr=False)

    @classmethod
    def of(cls, folder: Path) -> Found:
        """Read the folder of a run or a study."""
        manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        answer = folder / "answer.json"
        said = json.loads(answer.read_text(encoding="utf-8")) if answer.exists() else {}
        return cls(
            manifest["result_hash"],
            manifest["events"],
            {path.name: path.read_bytes() for path in sorted(folder.glob("*.csv"))},
            {key: value for key, value in said.items() if key not in _PROSE},
        )


def differences(before: Found, after: Found) -> list[str]:
    """Names of all that differs: hash, events, tables, figures of the answer."""
    named = [name for name in ("result_hash", "events") if _differ(before, after, name)]
    for own, other in ((before.tables, after.tables), (before.figures, after.figures)):
        named += [key for key in sorted({*own, *other}) if own.get(key) != other.get(key)]
    return named


def _differ(before: Found, after: Found, name: str) -> bool:
    return bool(getattr(before, name) != getattr(after, name))


def commands(
    checkout: Path, parts: Sequence[str], common: Sequence[str], few: int | None
) -> list[Command]:
    """What there is to run in ``checkout``; ``few`` replications where it is not None."""

    def run(name: str, replications: int, *overrides: str) -> Command:
        number = f"replications={few or replications}"
        return Command(name, ("sim",), (*common, number, *overrides), "hydra.run.dir")

    found = []
    if "baseline" in parts:
        found.append(run("baseline", 200))
    if "presets" in parts:
        presets = sorted(
            path.stem for path in (checkout / "configs" / "scenario").glob("[!_]*.yaml")
        )
        found += [
            run(f"scenario={name}", 40, f"scenario={name}", "record=full") for name in presets
        ]
    if "questions" in parts:
        listed = _python(checkout, "experiments").stdout
        for name in re.findall(r"^ {2}(\w+) ", listed, re.MULTILINE):
            small = (*common, *SMALL.get(name, FEW))
            found.append(Command(f"question {name}", ("experiments", name), small, "study.folder"))
    return found


def compared(before: Path, after: Path, command: Command) -> tuple[str, bool]:
    """A line of the table on one command, and whether both checkouts give the same."""
    found: list[Found] = []
    with tempfile.TemporaryDirectory() as top:
        for number, checkout in enumerate((before, after)):
            folder = Path(top) / str(number)
            complaint = command.run(checkout, folder)
            if complaint:
                where = ("BEFORE", "AFTER")[number]
                return _LINE.format(
                    command.name, "", "", "", "", f"{where} fails: {complaint}"
                ), False
            found.append(Found.of(folder))
    one, other = found
    named = differences(one, other)
    line = _LINE.format(
        command.name, one.result_hash[:16], other.result_hash[:16], f"{one.events:,}",
        len(one.tables), f"DIFFER: {', '.join(named)}" if named else "equal",
    )  # fmt: skip
    return line, not named


def lines(before: Path, after: Path, options: argparse.Namespace) -> Iterator[tuple[str, bool]]:
    """The lines of the table as they come, and whether each is as it should be."""
    common = COMMON if options.workers is None else (*COMMON, f"workers={options.workers}")
    of_both = [
        commands(checkout, options.only, common, options.replications)
        for checkout in (before, after)
    ]
    kept, now = ({command.name: command for command in each} for each in of_both)
    for name, command in kept.items():
        if name in now:
            yield compared(before, after, command)
        else:
            yield _LINE.format(name, "", "", "", "", "GONE"), False
    for name in now.keys() - kept.keys():
        yield _LINE.format(name, "", "", "", "", "new: nothing to compare with"), True


def _python(checkout: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """``python -m ARGUMENTS`` in ``checkout``, whose modules come before any installed."""
    command = [sys.executable, "-m", *arguments]
    return subprocess.run(command, cwd=checkout, capture_output=True, text=True, check=False)


def main(arguments: Sequence[str]) -> int:
    """Print the table of both checkouts; 1 if anything differs, else 0."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.proof",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("before", type=Path)
    parser.add_argument("after", type=Path)
    parser.add_argument("--only", nargs="+", choices=PARTS, default=PARTS, help="of the three")
    parser.add_argument("--replications", type=int, help="of the default run and the presets")
    parser.add_argument("--workers", type=int, help="processes of each command; else all cores")
    options = parser.parse_args(arguments)
    print(_LINE.format("", "before", "after", "events", "tables", ""))
    same = []
    for line, as_it_should in lines(options.before.resolve(), options.after.resolve(), options):
        print(line, flush=True)
        same.append(as_it_should)
    print(f"{sum(same)} of {len(same)} equal")
    return 0 if same and all(same) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
