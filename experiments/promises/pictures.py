"""Pictures of promises: by confidence for each scenario, and by scenario."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from experiments.promises.promised import Promised, Scenario
from experiments.shared.scenario_points import file_names
from sim.answer.blocks import Spoken
from sim.answer.figures import Axis, Dot, Key, Ladder, Role, Rung
from sim.answer.row import group_name, marks
from sim.words import Label, Said, Share, speeches

EDGE = 1.5
"""Where the scale ends; what lies beyond is drawn there as a triangle."""

WRITTEN = 4
"""Series whose values are written beside the dots; more would leave no room for these."""

_CONFIDENCES: Sequence[Role] = ("level1", "level2", "level3", "level4")
_SCENARIOS: Sequence[Role] = (
    "series1", "series2", "series3", "series4", "series5", "series6", "series7", "series8",
)  # fmt: skip


def pictures(scenarios: Sequence[Scenario]) -> Iterator[Ladder]:
    """``promises_SCENARIO``, one a scenario; ``promises`` before them compares several."""
    if len(scenarios) > 1:
        yield comparison(scenarios)
    names = file_names([scenario.name for scenario in scenarios])
    for name, scenario in zip(names, scenarios, strict=True):
        yield by_confidence(f"promises_{name}", scenario)


def by_confidence(name: str, scenario: Scenario) -> Ladder:
    """What can be promised of each target as a share of the goal, with every confidence."""
    main = scenario.main_confidence
    roles = dict(zip(scenario.confidences, _CONFIDENCES, strict=False))
    shown = _shown(scenario, scenario.rows)
    return Ladder(
        name=name,
        title=Said(
            "promises.chart_title",
            {
                "scenario": scenario.label,
                "total": len(scenario.judged()),
                "kept": len(scenario.kept(main)),
                "confidence": Share(main),
            },
        ),
        legend=Said("promises.legend", {"confidence": Share(main)}),
        notes=[*_notes(shown, [own.promises[c].share for own in shown for c in roles])],
        origin=scenario.label,
        rows=[
            _rung(
                own,
                [_dot(own, confidence, role, interval=confidence == main)
                 for confidence, role in roles.items()],
                [own.cell(confidence) for confidence in roles],
                scenario,
            )
            for own in shown
        ],
        axis=Axis(form="share", ends=(0.0, EDGE)),
        columns=[
            (Said("promises.column", {"confidence": Share(confidence)}), role)
            for confidence, role in roles.items()
        ],
        reference=(1.0, None),
        goal=Said("column.goal"),
    )  # fmt: skip


def comparison(scenarios: Sequence[Scenario]) -> Ladder:
    """What can be promised of each target with one confidence, by scenario.

    Of two readings the one that counts in the first scenario is shown; the others have the pictures
    of the single scenarios.
    """
    first = scenarios[0]
    main = first.main_confidence
    by_key = [{own.row.key: own for own in scenario.rows} for scenario in scenarios]
    shown = _shown(first, [own for own in first.rows if own.row.counts])
    written = len(scenarios) <= WRITTEN
    named = list(zip(scenarios, _SCENARIOS, strict=False))
    rungs = []
    for own in shown:
        each = [rows[own.row.key] for rows in by_key]
        dots = [_dot(one, main, role) for one, (_, role) in zip(each, named, strict=True)]
        rungs.append(_rung(own, dots, [one.cell(main) for one in each] if written else (), first))
    counts = [
        Said("promises.compare_item", {"scenario": one.label, "kept": len(one.kept(main))})
        for one in scenarios
    ]
    said = {"confidence": Share(main), "total": len(first.judged()), "list": counts}
    return Ladder(
        name="promises",
        title=Said("promises.compare_title", said),
        legend=Said("promises.compare_legend", said),
        keys=[] if written else [Key(role, scenario.label) for scenario, role in named],
        notes=[*_notes(shown, [dot.value for rung in rungs for dot in rung.dots])],
        origin=_all_names(scenarios),
        rows=rungs,
        axis=Axis(form="share", ends=(0.0, EDGE)),
        columns=[(scenario.label, role) for scenario, role in named] if written else (),
        reference=(1.0, None),
        goal=Said("column.goal"),
    )


def _all_names(scenarios: Sequence[Scenario]) -> Label:
    labels = [scenario.label for scenario in scenarios]
    return {speech.language: speech.listed(labels) for speech in speeches("both")}


def _shown(scenario: Scenario, rows: Sequence[Promised]) -> list[Promised]:
    """Those with a share of the goal: by group, the best kept first, readings of one together."""
    main, found = scenario.main_confidence, []
    drawn = [own for own in rows if own.row.goal > 0.0]
    for _, members in groupby(drawn, key=lambda own: own.row.group):
        targets = [[*own] for _, own in groupby(members, key=lambda own: own.row.target)]
        # The reading that counts comes first. A value that no share can say is the best of all.
        targets.sort(key=lambda own: -_place(own[0], main))
        found += [own for readings in targets for own in readings]
    return found


def _place(own: Promised, confidence: float) -> float:
    share = own.promises[confidence].share
    return float("inf") if share is None else share


def _rung(own: Promised, dots: Sequence[Dot], texts: Sequence[Spoken], scenario: Scenario) -> Rung:
    return Rung(
        name=Said("row.marked", {"target": own.row.name, "dagger": own.row.dagger}),
        dots=dots,
        texts=texts,
        goal=own.row.wanted,
        group=group_name(scenario.config, own.row.group),
        reading=own.row.reading,
        counts=own.row.counts,
    )


def _dot(own: Promised, confidence: float, role: Role, *, interval: bool = False) -> Dot:
    promise = own.promises[confidence]
    ends = promise.interval if interval and promise.share is not None else None
    return Dot(promise.share, role, ends, not own.row.counts)


def _notes(shown: Sequence[Promised], shares: Sequence[float | None]) -> Iterator[Said]:
    if any(share is not None and share > EDGE for share in shares):
        yield Said("promises.beyond", {"edge": Share(EDGE)})
    if any(own.row.less_is_better for own in shown):
        yield Said("promises.less")
    yield from marks([own.row for own in shown])
