"""Charts of the study of promises: by confidence for each scenario, and by scenario."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from sim.analysis.promise import share_of_goal
from sim.report.charts import style
from sim.report.charts.goal_strips import EDGE, Dot, Series, Strip, strip_chart
from sim.report.charts.style import Line
from sim.report.numbers import percent_text, share_text
from sim.report.promises import (
    Promised,
    Scenario,
    confidence_text,
    confidences_of,
    main_confidence,
    scenarios_of,
)
from sim.report.results import Manifest, group_order, read_manifest
from sim.report.subjects import as_run_of
from sim.report.words import Language, Tongue, word
from sim.study.files import read_frame

if TYPE_CHECKING:
    from matplotlib.figure import Figure

CONFIDENCE_COLOURS = ("#56B4E9", "#0072B2", "#1A1A1A", "#6B6B6B")
SCENARIO_COLOURS = (
    style.BLUE, style.VERMILION, style.GREEN, style.ORANGE, style.PURPLE, style.SKY, style.GREY,
    style.INK,
)  # fmt: skip


def write_promise_charts(folder: Path, language: Language = "both") -> list[Path]:
    """Write the charts of a study of promises as PNG and SVG into it and return their paths.

    ``promises_SCENARIO``, one a scenario; ``promises`` compares them if there are several.
    """
    manifest = read_manifest(folder)
    return [
        path
        for name, figure in _figures(folder, manifest, language).items()
        for path in style.save(figure, folder / name, manifest)
    ]


def _figures(folder: Path, manifest: Manifest, language: Language) -> dict[str, Figure]:
    scenarios = scenarios_of(read_frame(folder / "promises.csv"), manifest)
    figures = {}
    if len(scenarios) > 1:
        figures["promises"] = comparison_chart(scenarios, manifest, language)
    for number, scenario in enumerate(scenarios, start=1):
        name = f"promises_{re.sub(r'[^a-zA-Z0-9-]+', '_', scenario.name)}"
        name = f"{name}_{number}" if name in figures else name
        figures[name] = promise_chart(scenario, manifest, language)
    return figures


def promise_chart(scenario: Scenario, manifest: Manifest, language: Language) -> Figure:
    """Return dots for every confidence, by target: what can be promised as a share of the goal."""
    confidences = confidences_of(scenario)
    main = main_confidence(scenario)
    series = [
        Series(partial(confidence_text, confidence), colour)
        for confidence, colour in zip(confidences, CONFIDENCE_COLOURS, strict=False)
    ]
    strips = [
        Strip(row.subject, [_dot(row, c, interval=c == main) for c in confidences])
        for row in _sorted(scenario.rows, manifest, main)
    ]

    def title(tongue: Tongue) -> str:
        return word("promises.chart_title", tongue).format(
            scenario=scenario.label[tongue],
            total=len(scenario.judged()),
            kept=scenario.kept(main),
            confidence=share_text(main, tongue),
        )

    def subtitle(tongue: Tongue) -> str:
        text = word("promises.chart_subtitle", tongue)
        return _notes(text.format(confidence=share_text(main, tongue)), strips, tongue)

    footer = style.footer_block(
        as_run_of(manifest, scenario.label), scenario.replications, language
    )
    return strip_chart(strips, series, _title(language, title, subtitle), footer, manifest,
                       language)  # fmt: skip


def comparison_chart(
    scenarios: Sequence[Scenario], manifest: Manifest, language: Language
) -> Figure:
    """Return dots for every scenario, by target: what can be promised with one confidence.

    Of two readings the one that counts in the first scenario is shown; the others have the charts
    of the single scenarios.
    """
    first = scenarios[0]
    main = main_confidence(first)
    series = [
        Series(scenario.label.__getitem__, colour)
        for scenario, colour in zip(scenarios, SCENARIO_COLOURS, strict=False)
    ]
    by_row = [
        {(row.subject.target, row.subject.definition): row for row in scenario.rows}
        for scenario in scenarios
    ]
    strips = [
        Strip(
            row.subject,
            [_dot(rows[row.subject.target, row.subject.definition], main) for rows in by_row],
        )
        for row in _sorted(first.rows, manifest, main)
        if row.subject.counts
    ]

    def title(tongue: Tongue) -> str:
        counts = [
            word("promises.compare_item", tongue).format(
                scenario=scenario.label[tongue], kept=scenario.kept(main)
            )
            for scenario in scenarios
        ]
        return word("promises.compare_title", tongue).format(
            confidence=share_text(main, tongue),
            total=len(first.judged()),
            list=word("list.separator", tongue).join(counts),
        )

    def subtitle(tongue: Tongue) -> str:
        text = word("promises.compare_subtitle", tongue)
        return _notes(text.format(confidence=share_text(main, tongue)), strips, tongue)

    footer = style.footer_block(
        as_run_of(manifest, _all_names(scenarios)), first.replications, language
    )
    return strip_chart(strips, series, _title(language, title, subtitle), footer, manifest,
                       language)  # fmt: skip


def _all_names(scenarios: Sequence[Scenario]) -> dict[str, str]:
    tongues: tuple[Tongue, ...] = ("zh", "en")
    return {
        tongue: word("list.separator", tongue).join(one.label[tongue] for one in scenarios)
        for tongue in tongues
    }


def _dot(row: Promised, confidence: float, *, interval: bool = False) -> Dot:
    promise, subject = row.promises[confidence], row.subject
    ends = sorted(
        share_of_goal(value, subject.goal, subject.comparator)
        for value in (promise.low, promise.high)
    )
    return Dot(
        promise.share,
        partial(row.text, confidence),
        promise.keeps_goal,
        (ends[0], ends[1]) if interval else None,
    )


def _sorted(rows: Sequence[Promised], manifest: Manifest, confidence: float) -> list[Promised]:
    """By group, the best kept target first; its readings stay together."""
    order = {group: place for place, group in enumerate(group_order(manifest))}
    best: dict[str, float] = {}
    for row in rows:  # the reading that counts comes first
        best.setdefault(row.subject.target, row.promises[confidence].share)
    drawn = [row for row in rows if row.subject.goal > 0.0]
    return sorted(drawn, key=lambda row: (order[row.subject.group], -best[row.subject.target]))


def _notes(text: str, strips: Sequence[Strip], tongue: Tongue) -> str:
    notes = [text]
    if any(dot.share > EDGE for strip in strips for dot in strip.dots):
        notes.append(word("promises.clipped", tongue).format(edge=percent_text(EDGE, tongue)))
    if any(strip.subject.comparator == "<" for strip in strips):
        notes.append(word("promises.less", tongue))
    if any(strip.subject.reading for strip in strips):
        notes.append(word("note.counts", tongue))
    if any(strip.subject.kind != "plan" for strip in strips):
        notes.append(word("note.not_plan", tongue))
    return word("list.clause", tongue).join(note.rstrip("。.") for note in notes)


def _title(
    language: Language, title: Callable[[Tongue], str], subtitle: Callable[[Tongue], str]
) -> list[Line]:
    return style.styled(style.title_block)(language, title, subtitle)
