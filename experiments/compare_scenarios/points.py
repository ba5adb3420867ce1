"""The design points that are compared: scenarios simulated for it, or finished runs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from experiments.shared.inquiry import Inquiry
from experiments.shared.scenario_entries import MOST, ScenarioEntry
from experiments.shared.scenario_points import called_scenarios
from sim.answer.found import FrameFound
from sim.answer.row import incomparable
from sim.answer.settings import scenario_label, with_more
from sim.config.errors import ConfigError
from sim.config.schema import Run
from sim.study.finished_runs import FinishedRun
from sim.words import LANGUAGES, Label, Said


@dataclass(frozen=True)
class ComparedPoint:
    """A design point that is compared: of this study, or a run that is finished.

    Attributes:
        name: distinct; label: what people call it, in both languages.
        hash: of its configuration; made_with: which code and packages, empty for this one's.
        asked: replications asked for; run: None if this code does not understand it.
        found: what its replications found.
    """

    name: str
    label: Label
    config: Mapping[str, Any]
    hash: str
    seed: int
    asked: int
    made_with: str
    found: FrameFound
    run: Run | None

    @property
    def streams(self) -> tuple[int, int]:
        """Points of which this is equal have the same draws and streams in every replication."""
        return self.seed, int(self.config["replications_per_draw"])


def simulated_points(
    inquiry: Inquiry[Any], entries: Sequence[ScenarioEntry]
) -> list[ComparedPoint]:
    """Simulate the scenarios that ``entries`` describe. Raises ConfigError."""
    compared = called_scenarios(inquiry, entries)
    points = [one.point for one in compared]
    configs = [point.run.model_dump(mode="json") for point in points]
    _refuse_other_rows("study.scenarios", [point.name for point in points], configs)
    inquiry.simulate(points)
    return [
        ComparedPoint(
            name=point.name,
            label=label,
            config=config,
            hash=point.hash,
            seed=point.run.seed,
            asked=inquiry.study.used(point),
            made_with="",
            found=FrameFound(inquiry.targets(point)),
            run=point.run,
        )
        for (point, label), config in zip(
            ((one.point, one.label) for one in compared), configs, strict=True
        )
    ]


def finished_points(inquiry: Inquiry[Any], runs: Sequence[FinishedRun]) -> list[ComparedPoint]:
    """Take finished runs as design points, and have the study cite them. Raises ConfigError."""
    if len(runs) < 2:
        path = str(runs[0].path)
        raise ConfigError("compare_scenarios.refused.one_run", key="study.runs", value=path)
    if len(runs) > MOST:
        raise ConfigError("compare_scenarios.refused.many", key="study.runs", value=len(runs))
    _refuse_other_rows("study.runs", [str(r.path) for r in runs], [r.config for r in runs])
    scenarios = Counter(run.config["scenario"]["name"] for run in runs)
    labels = [
        scenario_label(run.config["scenario"]["label"], run.choices, run.config) for run in runs
    ]
    points = []
    for run, label in zip(runs, labels, strict=True):
        name = run.config["scenario"]["name"]
        if labels.count(label) > 1:
            folder = run.path.name.replace(",", ", ")  # of a multirun it is long: it must break
            label = with_more(label, dict.fromkeys(LANGUAGES, folder))
        points.append(
            ComparedPoint(
                name=name if scenarios[name] == 1 else str(run.path),
                label=label,
                config=run.config,
                hash=str(run.manifest["config_hash"])[:16],
                seed=int(run.manifest["seed"]),
                asked=int(run.manifest["replications"]),
                made_with=run.made_with,
                found=FrameFound(run.targets()),
                run=run.run,
            )
        )
    inquiry.study.cite({point.name: run for point, run in zip(points, runs, strict=True)})
    return points


def _refuse_other_rows(
    key: str, names: Sequence[str], configs: Sequence[Mapping[str, Any]]
) -> None:
    """Refuse answers whose rows mean different things; raise ConfigError."""
    for name, config in zip(names[1:], configs[1:], strict=True):
        different = incomparable(configs[0], config)
        if different is not None:
            setting, ours, theirs = different
            raise ConfigError(
                "compare_scenarios.refused.other_rows",
                key=key,
                value=Said("inquiry.both", {"one": names[0], "other": name}),
                setting=setting,
                ours=ours,
                theirs=theirs,
            )
