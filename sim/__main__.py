"""The command line: ``python -m sim``, or ``kepusim``.

One scenario with all its replications is one job, several scenarios are a multirun in Hydra's
words. Hydra composes them and does no more: it starts nothing, configures no logging and writes no
file. Everything is composed and validated before anything runs or is written.

Exit codes: see :mod:`sim.command.exits`.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sim import edge
from sim.command.exits import DONE, WRONG_INPUT, CommandLine
from sim.command.interruption import is_interruption
from sim.command.terminal import say
from sim.command.usage import usage
from sim.config.errors import ConfigError
from sim.config.version import package_version
from sim.words import speeches

if TYPE_CHECKING:
    from sim.config.schema import Run

_BASELINE = "baseline"
_LONGEST_NAME = 255  # bytes of a file's name on every common file system


def main(argv: list[str] | None = None) -> int:
    """Run the command line ``argv`` (default: that of the process) and return the exit code."""
    arguments = sys.argv[1:] if argv is None else argv
    with CommandLine(arguments, for_good=argv is None) as line:
        if not _told(arguments, line):
            line.code = _application(arguments, line)
    return line.code


def _told(arguments: Sequence[str], line: CommandLine) -> bool:
    """Print the usage or the version, if that was asked for."""
    line.only_prints = True
    if not {"-h", "--help"}.isdisjoint(arguments):
        for speech in speeches(line.language):
            say(usage(speech))
    elif "--version" in arguments:  # Hydra's own would tell its version; --hydra-help still does
        say(f"kepusim {package_version()}")
    else:
        line.only_prints = False
    return line.only_prints


def _application(arguments: Sequence[str], line: CommandLine) -> int:
    options = edge.Options.of(arguments)
    with edge.Composer(options.directory).started() as composer:
        if options.only_shows:
            line.only_prints = True
            options.show(composer)
            return DONE
        parsed = composer.parse(options.overrides)
        edge.refuse_unused_folders(parsed, multirun=options.multirun)
        if options.multirun:
            return _several(composer, options.overrides, line)
        return _one(composer, options.overrides, line)


def _one(composer: edge.Composer, overrides: Sequence[str], line: CommandLine) -> int:
    """One scenario."""
    job = _Job.of(composer, overrides)
    line.language = job.configuration.language
    _check_folder(job.folder, "hydra.run.dir")
    return job.run(composer.baseline(), _preset(composer, job))


def _several(composer: edge.Composer, overrides: Sequence[str], line: CommandLine) -> int:
    """Every combination of the values that ``overrides`` list, all validated before the first."""
    points = composer.points(overrides)
    taken: set[Path] = set()
    presets: dict[str, Run | None] = {}
    for number, point in enumerate(points):
        job = _Job.of(composer, point, number)
        _check_distinct(job.folder, point, taken)
        _check_folder(job.folder, "hydra.sweep.subdir")
        taken.add(job.folder)
        if job.scenario not in presets:
            presets[job.scenario] = _preset(composer, job)
    baseline = composer.baseline()
    codes = []
    for number, point in enumerate(points):
        line.left = len(points) - number - 1
        try:
            # Composed again: a thousand runs would fill the memory.
            job = _Job.of(composer, point, number)
            line.language = job.configuration.language
            codes.append(job.run(baseline, presets[job.scenario]))
        except ConfigError as error:
            if is_interruption(error):
                raise
            line.warn(error)
            codes.append(WRONG_INPUT)
    return max(codes)


@dataclass(frozen=True)
class _Job:
    """One run: its configuration, the overrides behind it, and where its results go.

    ``number``: its place among the runs of a multirun, counted from 0; None for a single run.
    """

    configuration: Run
    scenario: str
    overrides: tuple[str, ...]
    folder: Path
    number: int | None

    @classmethod
    def of(
        cls, composer: edge.Composer, overrides: Sequence[str], number: int | None = None
    ) -> _Job:
        """The job that ``overrides`` describe. Raises ConfigError."""
        composed = composer.compose(overrides)
        configuration = composed.validated()
        folder = composer.folder(composed, number).absolute()
        scenario = composed.choices.get("scenario", _BASELINE)
        return cls(configuration, scenario, tuple(overrides), folder, number)

    def run(self, baseline: Run, preset: Run | None) -> int:
        """Run it; the exit code.

        ``baseline`` is what its passport compares with, ``preset`` its scenario as that is by
        itself, or None where it is nothing without other choices. Raises ConfigError.
        """
        from sim.config.passport import changes, command, differences
        from sim.job import run_job

        settings = self.configuration.model_dump(mode="json")
        usual = baseline.model_dump(mode="json")
        passport = differences(settings, usual, overrides=self.overrides)
        # What a preset sets that is nothing without other choices counts as changed.
        own = usual if preset is None else preset.model_dump(mode="json")
        changed = changes(settings, own, overrides=self.overrides)
        try:
            own_command = command("python -m sim", self.overrides)
            return run_job(
                self.configuration, self.folder, passport, self.number, changed, own_command
            )
        except ConfigError:
            _remove_if_unused(self.folder)
            raise


def _preset(composer: edge.Composer, job: _Job) -> Run | None:
    """The scenario preset of ``job`` by itself; None where it is nothing without other choices."""
    if job.scenario == _BASELINE:
        return None
    try:
        return composer.preset(job.scenario)
    except ConfigError:
        return None


def _check_folder(folder: Path, key: str) -> None:
    """Refuse a folder that cannot be made, holds results or is in use; ``key`` names it."""
    from sim.study.files import claimed

    if any(len(os.fsencode(part)) > _LONGEST_NAME for part in folder.parts):
        raise ConfigError("job.long_name", key=key, value=folder.name)
    try:
        os.close(claimed(folder))
    except BlockingIOError:
        raise ConfigError("study.run_in_use", key=key, value=str(folder)) from None
    except OSError:  # it is not there, or more is wrong with it
        pass
    if (folder / "manifest.json").exists():
        raise ConfigError("study.run_there", key=key, value=str(folder))
    path = folder.absolute()
    while not path.exists():
        path = path.parent
    if not path.is_dir() or not os.access(path, os.W_OK):
        raise ConfigError("job.no_folder", key=key, value=str(folder))


def _check_distinct(folder: Path, point: Sequence[str], taken: Collection[Path]) -> None:
    """Refuse two runs in one folder."""
    if folder in taken:
        raise ConfigError(
            "job.shared_folder", key="hydra.sweep.subdir", value=" ".join(point), name=folder.name
        )


def _remove_if_unused(folder: Path) -> None:
    """Take away a folder that was made for a run which then wrote nothing."""
    from sim.study.files import claimed

    try:
        handle = claimed(folder)
    except OSError:  # it is not there, or another run is at work in it
        return
    if not any(folder.iterdir()):
        folder.rmdir()
    os.close(handle)


if __name__ == "__main__":
    sys.exit(main())
