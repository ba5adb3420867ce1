"""The sides of a comparison: scenarios simulated for it or finished runs, and their event logs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from experiments.shared.inquiry import Inquiry
from experiments.shared.scenario_points import label_of
from sim.analysis.first_difference import FirstDifference, first_difference
from sim.answer.row import incomparable
from sim.answer.settings import scenario_label, with_more
from sim.config.errors import ConfigError
from sim.config.schema import Run
from sim.config.schema.study import StudySettings
from sim.model.kernel.facts import Fact
from sim.report.compare_scenarios import FIRST, records_of_table
from sim.report.results import Label
from sim.report.words import tongues
from sim.story.difference import KEY, first_difference_row, read_first_difference
from sim.study.finished_runs import FinishedRun
from sim.study.worker import Worker

if TYPE_CHECKING:
    import pandas as pd

S = TypeVar("S", bound=StudySettings)


@dataclass(frozen=True)
class Side:
    """One of the scenarios that are compared.

    Attributes:
        name: distinct; label: what people call it, in both languages.
        hash: of its configuration; made_with: which code and packages, empty for this one's.
        asked: replications asked for; run: None if this code does not understand it.
    """

    name: str
    label: Label
    config: Mapping[str, Any]
    hash: str
    seed: int
    asked: int
    made_with: str
    targets: pd.DataFrame
    run: Run | None

    @property
    def streams(self) -> tuple[int, int]:
        """Sides of which this is equal have the same draws and streams in every replication."""
        return self.seed, int(self.config["replications_per_draw"])


def simulated_sides(inquiry: Inquiry[S], texts: Sequence[str]) -> list[Side]:
    """Simulate the scenarios that ``texts`` describe. Raises ConfigError."""
    points = inquiry.scenarios(texts)
    configs = [point.run.model_dump(mode="json") for point in points]
    _refuse_other_rows("study.scenarios", texts, configs)
    inquiry.simulate(points)
    own = []
    for point, config in zip(points, configs, strict=True):
        own.append(
            Side(
                name=point.name,
                label=label_of(point),
                config=config,
                hash=point.hash,
                seed=point.run.seed,
                asked=inquiry.study.used(point),
                made_with="",
                targets=inquiry.targets(point),
                run=point.run,
            )
        )
    return own


def finished_sides(inquiry: Inquiry[S], runs: Sequence[FinishedRun]) -> list[Side]:
    """Take finished runs as sides, and have the study cite them. Raises ConfigError."""
    if len(runs) < 2:
        raise ConfigError(
            "one run alone cannot be compared",
            key="study.runs",
            value=str(runs[0].path),
            allowed="two folders of finished runs or more, or one of a multirun",
        )
    _refuse_other_rows("study.runs", [str(r.path) for r in runs], [r.config for r in runs])
    scenarios = Counter(run.config["scenario"]["name"] for run in runs)
    labels = [
        scenario_label(run.config["scenario"]["label"], run.choices, run.config) for run in runs
    ]
    own = []
    for run, label in zip(runs, labels, strict=True):
        name = run.config["scenario"]["name"]
        if labels.count(label) > 1:
            folder = run.path.name.replace(",", ", ")  # of a multirun it is long: it must break
            label = with_more(label, dict.fromkeys(tongues("both"), folder))
        own.append(
            Side(
                name=name if scenarios[name] == 1 else str(run.path),
                label=label,
                config=run.config,
                hash=str(run.manifest["config_hash"])[:16],
                seed=int(run.manifest["seed"]),
                asked=int(run.manifest["replications"]),
                made_with=run.made_with,
                targets=run.targets(),
                run=run.run,
            )
        )
    inquiry.study.cite({side.name: run for side, run in zip(own, runs, strict=True)})
    return own


def _refuse_other_rows(
    key: str, names: Sequence[str], configs: Sequence[Mapping[str, Any]]
) -> None:
    """Refuse answers whose rows mean different things; raise ConfigError."""
    for name, config in zip(names[1:], configs[1:], strict=True):
        different = incomparable(configs[0], config)
        if different is not None:
            setting, ours, theirs = different
            raise ConfigError(
                f"these cannot be compared row by row: {setting} is {ours} and {theirs}",
                key=key,
                value=f"{names[0]} and {name}",
                allowed="scenarios of one plan with the same targets and definitions",
            )


class Tracer:
    """Finds the first difference of event logs; what the study's folder knows stays as it is."""

    def __init__(self, folder: Path, traced: int) -> None:
        self._traced = traced
        self._logs: dict[tuple[str, int], Sequence[Fact]] = {}
        self._known: dict[tuple[str, ...], FirstDifference | None] = {}
        if (folder / f"{FIRST}.csv").exists():
            for record in records_of_table(folder, FIRST):
                key = tuple(record[name] for name in KEY)
                self._known[key] = read_first_difference(record)

    def first(self, reference: Side, other: Side) -> tuple[list[dict[str, object]], list[str]]:
        """Rows of first_difference.csv, and the key of the words that say why there are none."""
        if not self._traced:
            return [], []
        if reference.streams != other.streams:
            return [], ["compare.first_unpaired"]
        both = np.intersect1d(reference.targets["replication"], other.targets["replication"])
        try:
            rows = [self._row(reference, other, n) for n in both[: self._traced].tolist()]
        except ConfigError:
            return [], ["compare.first_unreadable"]
        return rows, []

    def _row(self, reference: Side, other: Side, replication: int) -> dict[str, object]:
        key = (other.name, reference.hash, other.hash, str(replication))
        if key not in self._known:
            logs = [self._log(side, replication) for side in (reference, other)]
            self._known[key] = first_difference(*logs)
        row = first_difference_row(self._known[key], reference.config, other.config)
        return {**dict(zip(KEY, key, strict=True)), "replication": replication, **row}

    def _log(self, side: Side, replication: int) -> Sequence[Fact]:
        if (side.name, replication) not in self._logs:
            if side.run is None:
                raise ConfigError("this configuration is not understood")
            run = side.run.model_copy(update={"record": "targets"})
            log = Worker(run).replicate(replication, trace=True).log
            assert log is not None, "a traced replication keeps its log"
            self._logs[side.name, replication] = log
        return self._logs[side.name, replication]
