"""Runs that are finished: their folders read back, whichever version of the code wrote them."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.config.errors import ConfigError
from sim.config.schema import Run
from sim.study.folder import MANIFEST

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

TARGETS, PASSPORT = "targets.parquet", "passport.csv"
TARGET_COLUMNS = ("scenario", "draw", "replication", "target", "definition", "value", "attained",
                  "first_attained_day")  # fmt: skip
_SAMPLE = ("seed", "replications", "replications_per_draw")
_NEEDED = ("config", "config_hash", "result_hash", "replications", "seed")


@dataclass(frozen=True)
class FinishedRun:
    """One run folder: ``path`` as it was given, and its manifest."""

    path: Path
    manifest: Mapping[str, Any]

    @property
    def config(self) -> Mapping[str, Any]:
        """The configuration that was run."""
        config: Mapping[str, Any] = self.manifest["config"]
        return config

    @cached_property
    def run(self) -> Run | None:
        """The run once more, or None if this code does not understand its configuration."""
        from sim.config.validation import validate

        try:
            return validate(self.config)
        except ConfigError:
            return None

    @property
    def made_with(self) -> str:
        """Code and packages that wrote the run."""
        return json.dumps([self.manifest.get(key) for key in ("code_version", "packages")])

    @cached_property
    def sources(self) -> dict[str, str]:
        """By whom each setting that differs from the baseline was made, as its passport says."""
        return {row["key"]: row.get("source", "") for row in self._passport}

    @cached_property
    def choices(self) -> list[str]:
        """What the command line of the run chose of the model: KEY=VALUE, or GROUP=CHOICE."""
        chosen = []
        for row in self._passport:
            source = Path(row.get("source", ""))
            if source.suffix == ".yaml":  # of a group chosen there: configs/GROUP/CHOICE.yaml
                chosen.append(f"{source.parent.name}={source.stem}")
            elif str(source) == "command line" and row["key"] not in _SAMPLE:
                chosen.append(f"{row['key']}={row['value']}")
        return list(dict.fromkeys(chosen))

    @cached_property
    def _passport(self) -> list[dict[str, str]]:
        try:
            with (self.path / PASSPORT).open(encoding="utf-8-sig", newline="") as file:
                return list(csv.DictReader(file))
        except OSError:
            return []

    def targets(self) -> pd.DataFrame:
        """The frame of targets.parquet. Raises ConfigError if it cannot be read."""
        columns = ["draw", "replication", "target", "definition", "value", "attained"]
        frame: pd.DataFrame = self.target_table().select(columns).to_pandas()
        return frame

    def target_table(self) -> pa.Table:
        """The same as it lies on disk, all its columns; errors as in :meth:`targets`."""
        import pyarrow.parquet as pq
        from pyarrow import ArrowException

        try:
            return pq.read_table(self.path / TARGETS, columns=list(TARGET_COLUMNS))
        except (OSError, ArrowException) as error:
            raise _refused(self.path, f"its {TARGETS} cannot be read") from error

    @property
    def listed(self) -> tuple[str, int, str]:
        """Where it comes among the runs of one multirun: these are made one after the other."""
        number = self.manifest.get("job_number")
        return str(self.manifest.get("started", "")), number or 0, self.path.name


def finished_runs(folders: Sequence[str]) -> list[FinishedRun]:
    """The runs in the folders given, in that order.

    A folder of a multirun stands for all its runs, in the order in which the multirun made them.

    Raises:
        ConfigError: a folder holds no finished run, or is given twice.
    """
    runs: list[FinishedRun] = []
    problems: list[ConfigError] = []
    for folder in folders:
        path = Path(folder)
        inside = sorted(found.parent for found in path.glob(f"*/{MANIFEST}"))
        own = []
        for one in [path] if (path / MANIFEST).exists() or not inside else inside:
            try:
                own.append(FinishedRun(one, _manifest(one)))
            except ConfigError as error:
                problems.append(error)
        runs += sorted(own, key=lambda run: run.listed)
    if problems:
        raise ConfigError.join(problems)
    places = [run.path.resolve() for run in runs]
    for position, place in enumerate(places):
        if place in places[:position]:
            raise _refused(runs[position].path, "this run was given twice")
    return runs


def _manifest(path: Path) -> dict[str, Any]:
    if not path.is_dir():
        raise _refused(path, "this is not a folder")
    try:
        manifest = json.loads((path / MANIFEST).read_text(encoding="utf-8"))
    except OSError:
        raise _refused(path, f"this is not the folder of a finished run: no {MANIFEST}") from None
    except ValueError:
        raise _refused(path, f"the {MANIFEST} of this folder cannot be read") from None
    if not isinstance(manifest, dict) or any(name not in manifest for name in _NEEDED):
        raise _refused(path, f"the {MANIFEST} of this folder is not that of a run")
    if not (path / TARGETS).is_file():
        raise _refused(path, f"this is not the folder of a run: no {TARGETS}")
    return manifest


def _refused(path: Path, problem: str) -> ConfigError:
    near = path if path.is_dir() else path.parent
    return ConfigError(
        problem,
        key="study.runs",
        value=str(path),
        allowed="folders that python -m sim has written and finished",
        known=[str(found.parent) for found in near.glob(f"*/{MANIFEST}")],
    )
