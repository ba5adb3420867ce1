"""The chart of delays: where project time goes, and why units are missing at the deadline."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from sim.report.charts import stages, style
from sim.report.charts.style import MARGIN, WIDTH, Line, Sheet
from sim.report.font import text_width
from sim.report.numbers import amount_text, percent_text
from sim.report.results import Label, Manifest, finished_replications
from sim.report.words import STAGES, Language, Tongue, phrase, word

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_SIZE = 11.5  # points
_GAP, _SPACE, _BAR = 0.3, 0.13, 0.14  # inches between columns and rows, and half a bar's height
_LABELS = (2.4, 3.6)  # narrowest and widest column of names, in inches
_TOTAL = 0.9  # inches for the totals beside the bars


@dataclass(frozen=True)
class _Row:
    """One programme or target with its means per replication.

    ``days``: project days by stage; ``missing``: units missing at the deadline by stage or reason.
    """

    lines: list[Line]
    days: Mapping[str, float]
    missing: Mapping[str, float]

    @property
    def height(self) -> float:
        return max(style.height(self.lines), 2 * _BAR) + _SPACE


def mean_delays(delays: pd.DataFrame, replications: int) -> pd.DataFrame:
    """Return project days and missing units by programme and stage, mean per replication.

    ``delays``: columns of ``delays.parquet``; ``replications``: how many finished. A replication
    without a row counts as zero. Result: index (programme, stage), columns project_days, missing.
    """
    # ``target:reading`` rows belong to the reading that does not count; the chart shows the other.
    delays = delays[~delays["programme"].astype(str).str.contains(":")]
    keys = [delays["programme"].astype(str), delays["stage"].astype(str)]
    sums = delays[["project_days", "missing"]].groupby(keys).sum()
    return sums / replications


@style.styled
def delay_chart(
    attainment: pd.DataFrame, delays: pd.DataFrame, manifest: Manifest, language: Language = "both"
) -> Figure:
    """Return the delay ledger by programme: project days by stage, missing units by reason.

    Programmes with most project days come first; ladder and staff targets, which have none, last.
    Raise ValueError if ``delays`` has neither days nor missing units.
    """
    replications = finished_replications(attainment)
    if not replications or not delays[["project_days", "missing"]].to_numpy().any():
        raise ValueError("delays.parquet has no delay to draw")
    rows = _rows(mean_delays(delays, replications), manifest, language)
    header = {
        key: style.bilingual_block(language, partial(word, key), 5.0, _SIZE, bold=True)
        for key in ("delays.days", "delays.missing")
    }
    head = max(style.height(lines) for lines in header.values()) + 0.1
    key = stages.stage_key({s for row in rows for s in (*row.days, *row.missing)}, language)
    tall = sum(row.height for row in rows)
    sheet = Sheet(
        _title(rows, language),
        style.footer_block(manifest, replications, language),
        0.2 + head + tall + stages.key_height(key),
    )
    _draw(sheet, rows, header, head, language)
    stages.draw_key(sheet, key, sheet.top + 0.08 + head + tall + 0.1)
    return sheet.figure


def _name(programme: str, unmet: bool, manifest: Manifest) -> Label:
    """Return the name of a programme, or of the target whose titles or posts are unmet."""
    plan = manifest["config"]["plan"]
    places = ("targets", "programmes") if unmet else ("programmes", "targets")
    entries = [plan[place][programme] for place in places if programme in plan[place]]
    label: Label = entries[0]["name"]
    return label


def _rows(means: pd.DataFrame, manifest: Manifest, language: Language) -> list[_Row]:
    """Return the rows of the chart; a target that shares a programme's id gets a row of its own."""
    rows = []
    unmet = means.index.get_level_values("stage").str.startswith("unmet:")
    for reasons in (False, True):
        part = means[unmet == reasons]
        for programme in dict.fromkeys(part.index.get_level_values("programme")):
            label = _name(str(programme), reasons, manifest)
            lines = style.bilingual_block(language, label.__getitem__, _LABELS[1], _SIZE)
            amounts = part.loc[programme]
            days = _positive(amounts["project_days"].to_dict())
            rows.append(_Row(lines, days, _positive(amounts["missing"].to_dict())))
    rows = [row for row in rows if row.days or row.missing]
    return sorted(rows, key=lambda row: (-sum(row.days.values()), -sum(row.missing.values())))


def _positive(amounts: Mapping[str, float]) -> dict[str, float]:
    """Return the amounts above zero in the order of the stages."""
    unknown = set(amounts) - set(STAGES)
    if unknown:
        raise KeyError(f"stages without a word in sim/report/words.py: {sorted(unknown)}")
    return {stage: amounts[stage] for stage in STAGES if amounts.get(stage, 0.0) > 0.0}


def _largest(amounts: Mapping[str, float]) -> str:
    """Return the stage with the largest amount, the earlier one if two are equal."""
    return max((stage for stage in STAGES if stage in amounts), key=lambda stage: amounts[stage])


def _title(rows: Sequence[_Row], language: Language) -> list[Line]:
    """Say which stage takes most project time, and which reason is most often the largest."""
    days: Counter[str] = Counter()
    for row in rows:
        days.update(row.days)
    largest = Counter(_largest(row.missing) for row in rows if row.missing)

    def title(tongue: Tongue) -> str:
        parts = []
        if days:
            stage = _largest(days)
            share = percent_text(days[stage] / days.total(), tongue)
            name = word(f"stage.{stage}", tongue)
            parts.append(word("delays.title_days", tongue).format(stage=name, share=share))
        if largest:
            stage = _largest(largest)
            count = largest[stage]
            name = word(f"stage.{stage}", tongue)
            parts.append(
                word("delays.title_missing", tongue).format(
                    stage=name, count=count, total=largest.total()
                )
            )
        return word("list.clause", tongue).join(parts)

    return style.title_block(language, title, partial(word, "delays.subtitle"))


def _draw(
    sheet: Sheet,
    rows: Sequence[_Row],
    header: Mapping[str, list[Line]],
    head: float,
    language: Language,
) -> None:
    widest = max(text_width(line.text, line.size) for row in rows for line in row.lines)
    names = min(max(widest * style.POINT, _LABELS[0]), _LABELS[1])
    width = (WIDTH - 2 * MARGIN - names - 2 * _GAP - 2 * _TOTAL) / 2
    lefts = (MARGIN + names + _GAP, WIDTH - MARGIN - width)
    start, tall = sheet.top + 0.08 + head, sum(row.height for row in rows)
    for left, lines in zip(lefts, header.values(), strict=True):
        sheet.write(left, sheet.top + 0.08, lines)
    days, missing = (sheet.axes(left, start, width, tall) for left in lefts)
    longest = max(sum(row.days.values()) for row in rows) or 1.0
    for axes in (days, missing):
        axes.set_xlim(0.0, 1.0)
        axes.set_ylim(tall, 0.0)
        axes.axis("off")
    top = 0.0
    for row in rows:
        middle = top + row.height / 2
        sheet.write_centred(MARGIN, start + middle, row.lines)
        _bar(days, row.days, longest, middle)
        total = sum(row.days.values())
        if total:
            at = lefts[0] + width * total / longest + 0.07
            text = Line(amount_text(total, _tongue(language)), _SIZE - 1)
        else:
            at = lefts[0]
            text = Line(
                phrase("delays.no_projects", language, " / "), _SIZE - 1.5, colour=style.FAINT
            )
        sheet.write_centred(at, start + middle, [text])
        _missing(sheet, missing, row, (lefts[1], width, start), middle, language)
        top += row.height


def _tongue(language: Language) -> Tongue:
    """Return the language of words that have room for one language only."""
    return "en" if language == "en" else "zh"


def _bar(axes: Axes, amounts: Mapping[str, float], whole: float, middle: float) -> None:
    left = 0.0
    for stage, amount in amounts.items():
        axes.barh(
            middle,
            amount / whole,
            left=left,
            height=2 * _BAR,
            color=stages.fill(stage),
            edgecolor=stages.edge(stage, "white"),
            linewidth=1.2 if stage.startswith("unmet:") else 0.8,
        )
        left += amount / whole


def _missing(
    sheet: Sheet,
    axes: Axes,
    row: _Row,
    place: tuple[float, float, float],
    middle: float,
    language: Language,
) -> None:
    """Draw the reasons as shares of one bar, with their names where they fit, and the total."""
    left, width, start = place
    total = sum(row.missing.values())
    if not total:
        text = phrase("delays.none_missing", language, " / ")
        line = Line(text, _SIZE - 1.5, colour=style.FAINT)
        sheet.write_centred(left, start + middle, [line])
        return
    tongue = _tongue(language)
    line = Line(amount_text(total, tongue), _SIZE, bold=True)
    sheet.write_centred(left - 0.08, start + middle, [line], "right")
    _bar(axes, row.missing, total, middle)
    at = 0.0
    for stage, amount in row.missing.items():
        share = amount / total
        name = word(f"stage.{stage}", tongue)
        number = percent_text(share, language)
        for text in (f"{name} {number}", number):
            if text_width(text, 9.5) * style.POINT < width * share - 0.08:
                label = Line(text, 9.5, colour=stages.ink(stage))
                sheet.write_centred(
                    left + width * (at + share / 2), start + middle, [label], "center"
                )
                break
        at += share
