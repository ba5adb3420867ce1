"""What does one scenario change? ``python -m experiments.compare_scenarios [overrides]``.

Compares scenarios with the first of them, the reference, on common random numbers:

    python -m experiments.compare_scenarios 'study.scenarios=[baseline,epidemic_2020]'

or runs that are finished, without simulating anything but the first few histories, whose event logs
say on which day the scenarios part:

    python -m experiments.compare_scenarios 'study.runs=[outputs/one,outputs/other]'

Writes a study folder with compare_scenarios.csv (every row of the answer: both chances, both means,
and their differences with intervals), differences.csv (the settings that differ),
first_difference.csv, scenarios.csv and a chart for each scenario.
"""

from __future__ import annotations

import shlex
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from pydantic import Field, model_validator

from experiments.inquiry import Answer, Inquiry, Unanswered, run_experiment
from sim.analysis.answer_rows import answer_rows, incomparable
from sim.analysis.comparison import Sample, compare, row_keys
from sim.analysis.first_difference import FirstDifference, first_difference
from sim.config.errors import ConfigError
from sim.config.passport import differences
from sim.config.schema import Run
from sim.config.schema.study import StudySettings
from sim.model.record import LogEntry
from sim.report.compare_scenarios import (
    FIRST,
    SCENARIOS,
    TABLE,
    read_comparisons,
    records_of_table,
)
from sim.report.first_difference import (
    COLUMNS,
    KEY,
    first_difference_row,
    read_first_difference,
)
from sim.report.results import Label
from sim.report.words import Language, tongues, word
from sim.study.finished_runs import FinishedRun, finished_runs
from sim.study.worker import Worker

if TYPE_CHECKING:
    import pandas as pd

USUAL = ("baseline", "austerity")


class Settings(StudySettings):
    """What is compared: scenarios to be simulated, or finished runs."""

    scenarios: list[str] | None = Field(
        default=None,
        min_length=2,
        description="two scenarios or more, such as [baseline,'double planning.pace=0.5']; the "
        "first is the reference",
    )
    runs: list[str] | None = Field(
        default=None,
        min_length=1,
        description="two folders of finished runs or more, or one of a multirun; the first run is "
        "the reference",
    )
    traced: int = Field(
        default=3,
        ge=0,
        le=1000,
        description="0 to 1000 replications simulated once more with their event logs",
    )

    @model_validator(mode="after")
    def _one_way(self) -> Settings:
        if self.runs is not None and self.scenarios is not None:
            raise ValueError("give study.scenarios or study.runs, not both")
        if self.runs is not None and self.half_width is not None:
            raise ValueError("study.half_width asks for simulation, but study.runs simulates none")
        return self


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


def main(overrides: Sequence[str]) -> int:
    """Answer the question for the scenarios that ``overrides`` describe; return the exit code."""
    return run_experiment(TABLE, Settings, ask, overrides, draw=draw)


def draw(folder: Path, language: Language) -> None:
    """Draw the charts of a finished study."""
    from sim.report.charts.compare_scenarios import write_comparison_charts

    write_comparison_charts(folder, language)


def ask(inquiry: Inquiry[Settings]) -> Answer:
    """Compare every scenario with the first."""
    import pandas as pd

    from sim.report.compare_scenarios_text import answer_text, comparison_table, figures

    runs = inquiry.settings.runs
    sides = _simulated(inquiry) if runs is None else _finished(inquiry, finished_runs(runs))
    reference, *others = sides
    tables = [_compared(reference, other) for other in others]
    tracer = _Tracer(inquiry.study.folder, inquiry.settings.traced)
    first = [tracer.first(reference, other) for other in others]
    inquiry.write(TABLE, pd.concat(tables, ignore_index=True))
    inquiry.write("differences", pd.concat([_settings(reference, other) for other in others]))
    inquiry.write(FIRST, pd.DataFrame([r for rows, _ in first for r in rows], columns=[*COLUMNS]))
    inquiry.write(
        SCENARIOS,
        pd.DataFrame(
            [(s.name, s.label["zh"], s.label["en"], s.seed, s.asked, s.hash) for s in sides],
            columns=["scenario", "label_zh", "label_en", "seed", "replications", "hash"],
        ),
    )
    comparisons = read_comparisons(inquiry.study.folder, reference.config)
    for one, other, (_, note) in zip(comparisons, others, first, strict=True):
        old = ["compare.other_code"] if other.made_with != reference.made_with else []
        inquiry.show(comparison_table(one, inquiry.base.language, [*note, *old]))
    return Answer(
        zh=answer_text(comparisons, "zh"),
        en=answer_text(comparisons, "en"),
        figures={"reference": reference.name, "comparisons": [figures(c) for c in comparisons]},
    )


def _simulated(inquiry: Inquiry[Settings]) -> list[Side]:
    texts = inquiry.settings.scenarios or list(USUAL)
    points = inquiry.scenarios(texts)
    configs = [point.run.model_dump(mode="json") for point in points]
    _refuse_other_rows("study.scenarios", texts, configs)
    inquiry.simulate(points)
    own = []
    for point, config in zip(points, configs, strict=True):
        more = [word for word in shlex.split(point.name) if "=" in word]
        own.append(
            Side(
                name=point.name,
                label=_label(point.run.scenario.label.model_dump(), more),
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


def _finished(inquiry: Inquiry[Settings], runs: Sequence[FinishedRun]) -> list[Side]:
    if len(runs) < 2:
        raise ConfigError(
            "one run alone cannot be compared",
            key="study.runs",
            value=str(runs[0].path),
            allowed="two folders of finished runs or more, or one of a multirun",
        )
    _refuse_other_rows("study.runs", [str(r.path) for r in runs], [r.config for r in runs])
    scenarios = Counter(run.config["scenario"]["name"] for run in runs)
    labels = [_label(run.config["scenario"]["label"], run.choices) for run in runs]
    own = []
    for run, label in zip(runs, labels, strict=True):
        name = run.config["scenario"]["name"]
        if labels.count(label) > 1:
            label = _label(label, [run.path.name])
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
    inquiry.study.cite({s.name: run.manifest for s, run in zip(own, runs, strict=True)})
    return own


def _label(label: Mapping[str, str], more: Sequence[str]) -> Label:
    if not more:
        return dict(label)
    return {
        tongue: word("compare.label", tongue).format(label=label[tongue], more=", ".join(more))
        for tongue in tongues("both")
    }


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


def _compared(reference: Side, other: Side) -> pd.DataFrame:
    rows = answer_rows(reference.config, row_keys(reference.targets))
    try:
        table = compare(
            Sample.of(reference.targets, rows),
            Sample.of(other.targets, rows),
            rows,
            paired=other.streams == reference.streams,
            asked=max(reference.asked, other.asked),
        )
    except ValueError as error:
        raise Unanswered(f"{reference.name} and {other.name}: {error}") from None
    return table.assign(scenario=other.name, reference=reference.name)


def _settings(reference: Side, other: Side) -> pd.DataFrame:
    """Every setting that differs: scenario, key, label, its value here and in the reference."""
    import pandas as pd

    rows = [
        (other.name, row["key"], row["label"], row["baseline"], row["value"])
        for row in differences(other.config, reference.config)
    ]
    return pd.DataFrame(rows, columns=["scenario", "key", "label", "reference", "value"])


class _Tracer:
    """Finds the first difference of event logs; what the study's folder knows stays as it is."""

    def __init__(self, folder: Path, traced: int) -> None:
        self._traced = traced
        self._logs: dict[tuple[str, int], Sequence[LogEntry]] = {}
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
        return {**dict(zip(KEY, key, strict=True)), **row}

    def _log(self, side: Side, replication: int) -> Sequence[LogEntry]:
        if (side.name, replication) not in self._logs:
            if side.run is None:
                raise ConfigError("this configuration is not understood")
            run = side.run.model_copy(update={"trace": replication, "record": "targets"})
            log = Worker(run).replicate(replication).log
            assert log is not None, "a traced replication keeps its log"
            self._logs[side.name, replication] = log
        return self._logs[side.name, replication]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
