"""Runs that are finished: their folders read back, whichever version of the code wrote them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import UnionType
from typing import Any

from sim.config.errors import ConfigError
from sim.config.schema import Run
from sim.config.validation import validate
from sim.lazy import pa, pd
from sim.study.files import damaged, read_csv
from sim.study.folder import MANIFEST, SCHEMA_VERSION
from sim.study.targets_file import COMPARES, read_targets
from sim.study.targets_file import FILE as TARGETS
from sim.words import Said

PASSPORT = "passport.csv"
_SAMPLE = ("seed", "replications", "replications_per_draw")
_NEEDED: Mapping[str, type | UnionType] = {
    "schema_version": int,
    "config": dict,
    "config_hash": str,
    "result_hash": str,
    "seed": int,
    "replications": int,
    "finished": int,
    "config.replications_per_draw": int,
    "config.scenario": dict,
    "config.scenario.name": str,
    "config.scenario.label": dict,
    "config.definitions": dict,
    "config.plan": dict,
    "config.plan.id": str,
    "config.plan.start": str,
    "config.plan.end": str,
    "config.plan.groups": dict,
    "config.plan.definitions": dict,
    "config.plan.targets": dict,
}
"""What a manifest must hold, by dotted path, whatever the version of the code that wrote it."""

_OF_TARGET: Mapping[str, type | UnionType] = {
    "name": dict,
    "unit": dict,
    "group": str,
    "kind": str,
    "comparator": str,
    "goal": int | float,
    "deadline": str,
    "definition": str | None,
    "measured_by": dict | None,
}


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
        path = self.path / PASSPORT
        if not path.exists():  # nothing needs it but names
            return []
        header, rows = read_csv(path)
        for name in ("key", "value"):
            if name not in header:
                column = Said("cells.column", {"column": name})
                raise damaged("study.no_column", path, column, near=None)
        return [dict(zip(header, row, strict=True)) for row in rows]

    def targets(self) -> pd.DataFrame:
        """The frame of targets.parquet; errors as in :meth:`target_table`."""
        columns = ["draw", "replication", "target", "definition", "value", "attained"]
        frame: pd.DataFrame = self.target_table().select(columns).to_pandas()
        return frame

    def target_table(self) -> pa.Table:
        """The same with all its columns, see :func:`sim.study.targets_file.read_targets`."""
        return read_targets(self.path / TARGETS, self.manifest)

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
    for position, folder in enumerate(folders):
        path = Path(folder)
        inside = sorted(found.parent for found in path.glob(f"*/{MANIFEST}"))
        own = []
        for one in [path] if (path / MANIFEST).exists() or not inside else inside:
            try:
                own.append(FinishedRun(one, _manifest(one)))
            except ConfigError as error:
                if error.key == "study.runs":  # else it is about an entry of the manifest
                    error.key = f"study.runs.{position}"
                problems.append(error)
        runs += sorted(own, key=lambda run: run.listed)
    if problems:
        raise ConfigError.join(problems)
    places = [run.path.resolve() for run in runs]
    for position, place in enumerate(places):
        if place in places[:position]:
            raise _refused("study.run_twice", runs[position].path)
    return runs


def _manifest(path: Path) -> dict[str, Any]:
    if not path.is_dir():
        raise _refused("study.no_folder", path)
    try:
        manifest: dict[str, Any] = json.loads((path / MANIFEST).read_text(encoding="utf-8"))
    except OSError:
        raise _refused("study.not_finished", path, name=MANIFEST) from None
    except (ValueError, RecursionError):
        raise _refused("study.unread_manifest", path, name=MANIFEST) from None
    check_manifest(path, manifest)
    if not (path / TARGETS).is_file():
        raise _refused("study.no_run", path, name=TARGETS)
    return manifest


def check_manifest(path: Path, manifest: object) -> None:
    """The manifest is that of a run, as far as its results are to be read."""
    if not isinstance(manifest, dict) or not _NEEDED.keys() & manifest.keys():
        raise _refused("study.other_manifest", path, name=MANIFEST)
    for key, kind in _NEEDED.items():
        _check_entry(path, manifest, key, kind)
    plan = manifest["config"]["plan"]
    for name in plan["definitions"]:
        _check_entry(path, plan["definitions"], f"{name}.readings", dict)
    for name, target in plan["targets"].items():
        for key, kind in _OF_TARGET.items():
            _check_entry(path, plan["targets"], f"{name}.{key}", kind)
        if target["definition"] not in (None, *plan["definitions"]):
            raise _wrong_entry(path, f"{name}.definition", target["definition"])
        if target["comparator"] not in COMPARES:
            raise _wrong_entry(path, f"{name}.comparator", target["comparator"])
    version = manifest["schema_version"]
    if not 1 <= version <= SCHEMA_VERSION:
        raise ConfigError(
            "study.run_version",
            file=str(path / MANIFEST),
            key="schema_version",
            value=version,
            most=SCHEMA_VERSION,
        )


def _check_entry(path: Path, content: object, key: str, kind: type | UnionType) -> None:
    """There is something of that kind at the dotted ``key``."""
    for name in key.split("."):
        if not isinstance(content, dict) or name not in content:
            raise _wrong_entry(path, key, None)
        content = content[name]
    if not isinstance(content, kind) or (isinstance(content, bool) and kind is int):
        raise _wrong_entry(path, key, content)


def _wrong_entry(path: Path, key: str, value: object) -> ConfigError:
    words = "study.entry_missing" if value is None else "study.entry_wrong"
    return damaged(words, path / MANIFEST, key, value, name=MANIFEST)


def _refused(words: str, path: Path, **values: Any) -> ConfigError:
    near = path if path.is_dir() else path.parent
    return ConfigError(
        words,
        key="study.runs",
        value=str(path),
        allowed=Said("study.finished_runs"),
        known=[str(found.parent) for found in near.glob(f"*/{MANIFEST}")],
        **values,
    )
