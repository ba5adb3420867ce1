"""What a comparison of scenarios says: the table on the console and the answer in words."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import partial

from rich.box import SIMPLE_HEAD
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from sim.report.compare_scenarios import (
    LESS,
    MORE,
    ComparedRow,
    Comparison,
    amounts,
    factor_text,
    points,
    signed,
    with_limits,
)
from sim.report.numbers import percent_text
from sim.report.results import READING_MARKS
from sim.report.words import Language, Tongue, phrase, spoken, tongues, word

_COLOURS = {MORE: "blue", LESS: "dark_orange3", "": ""}
_NAMED = 3  # largest gains and losses that the answer names
_ERROR = 0.05  # of a 95 % interval
_HELPS = 1.05  # variance ratio from which on common random numbers are said to help


# ---------------------------------------------------------------------------- the table


def comparison_table(
    comparison: Comparison, language: Language, notes: Sequence[str] = ()
) -> RenderableType:
    """Return the rows that change, largest first, then the joint rows and how many do not.

    ``notes``: keys of words to be printed below. Fits 110 columns and more.
    """
    table = Table(box=SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False, header_style="bold")
    table.add_column(phrase("column.target", language), overflow="fold")
    for key in ("reference", "scenario"):
        table.add_column(phrase(f"compare.column.{key}", language), justify="right", no_wrap=True)
    table.add_column(phrase("compare.column.difference", language), justify="right", no_wrap=True)
    if comparison.paired:
        table.add_column(phrase("compare.column.pairs", language), justify="right", no_wrap=True)
    table.add_column(phrase("compare.column.value", language), justify="right", overflow="fold")
    changed = [*comparison.changed(MORE, deciding=False), *comparison.changed(LESS, deciding=False)]
    for row in sorted(changed, key=lambda row: -abs(row.difference.value)):
        table.add_row(*_cells(row, comparison.paired, language))
    if not changed:
        table.add_row(Text(phrase("compare.none", language), style="dim"))
    table.add_section()
    for row in comparison.rows:
        if row.joint:
            table.add_row(*_cells(row, comparison.paired, language))
    lines = partial(_lines_below, comparison, len(changed), notes)
    return Group(_heading(comparison, language), table, Text(spoken(language, lines), style="dim"))


def _heading(comparison: Comparison, language: Language) -> Text:
    key = "compare.caption_paired" if comparison.paired else "compare.caption_unpaired"
    reference, scenario = (f"{count:,}" for count in comparison.replications)

    def title(tongue: Tongue) -> str:
        return word("compare.heading", tongue).format(
            scenario=comparison.label[tongue], reference=comparison.reference[tongue]
        )

    def caption(tongue: Tongue) -> str:
        return word(key, tongue).format(pairs=scenario, scenario=scenario, reference=reference)

    text = Text("\n" + spoken(language, title), style="bold")
    text.append("\n" + spoken(language, caption), style="not bold")
    if comparison.dropped:
        warning = spoken(
            language,
            lambda tongue: word("compare.dropped", tongue).format(dropped=comparison.dropped),
        )
        text.append("\n" + warning, style="bold red")
    return text


def _cells(row: ComparedRow, paired: bool, language: Language) -> list[Text]:
    mark = "" if row.kind == "plan" else " †"
    style = "" if row.counts else "dim"
    value = Text("")
    if not math.isnan(row.value_difference.value):
        value = Text(_value(row, language), style=style)
    if row.counts_targets:
        name = Text(spoken(language, partial(_counted, row)))
        means = [Text(f"{mean.value:.1f}") for mean in row.means]
        return [name, *means, Text(""), *([Text("")] if paired else []), value]
    name = Text(spoken(language, lambda tongue: _marked(row, tongue) + mark), style=style)
    chances = [Text(percent_text(chance, language), style=style) for chance in row.chances]
    difference = with_limits(points(row.difference))
    cells = [name, *chances, Text(difference, style=f"{style} {_COLOURS[row.change]}".strip())]
    if paired:
        cells.append(Text(f"{row.gained}/{row.lost}", style=style))
    return [*cells, value]


def _marked(row: ComparedRow, tongue: Tongue) -> str:
    if row.reading is None:
        return row.label[tongue]
    return f"{row.label[tongue]} {READING_MARKS[row.counts]} {row.reading[tongue]}"


def _counted(row: ComparedRow, tongue: Tongue) -> str:
    return word("compare.of", tongue).format(name=row.label[tongue], total=row.total)


def _value(row: ComparedRow, language: Language) -> str:
    """Write the change of the mean with its unit, once where both languages write it alike."""
    numbers = [with_limits(amounts(row.value_difference, tongue)) for tongue in tongues(language)]
    if len(set(numbers)) == 1:
        return f"{numbers[0]} {spoken(language, row.unit.__getitem__, '/')}"
    units = [row.unit[tongue] for tongue in tongues(language)]
    return "\n".join(f"{number} {unit}" for number, unit in zip(numbers, units, strict=True))


def _lines_below(comparison: Comparison, changed: int, notes: Sequence[str], tongue: Tongue) -> str:
    rest = [row for row in comparison.single if not row.change]
    key = "compare.rest" if comparison.paired else "compare.rest_unpaired"
    lines = [
        word(key, tongue).format(
            rest=len(rest),
            moved=sum(row.value_difference.excludes_zero for row in rest),
            same=sum(row.same for row in rest),
        ),
        *([word("compare.note_pairs", tongue)] if comparison.paired else []),
        word("compare.note", tongue).format(
            rows=changed + len(rest), chance=_ERROR * (changed + len(rest))
        ),
    ]
    if any(row.reading for row in comparison.single):
        lines.append(word("note.counts", tongue))
    if any(row.kind != "plan" for row in comparison.single):
        lines.append(word("note.not_plan", tongue))
    return "\n".join([*lines, *(word(note, tongue) for note in notes)])


def first_text(comparison: Comparison, tongue: Tongue) -> str:
    """Say when the two first differ and what happened; empty if that was not asked."""
    if not comparison.first:
        return ""
    dated = [record for record in comparison.first if record["date"]]
    if not dated:
        return word("compare.first_never", tongue).format(traced=len(comparison.first))
    first = min(dated, key=lambda record: (record["date"], int(record["replication"])))
    events = int(first["reference_only"]) + int(first["other_only"])
    told = {side: first[f"{side}_{tongue}"] for side in ("reference", "other")}
    told = {side: event for side, event in told.items() if event}
    named = len(told)
    fields = {
        "date": first["date"],
        "replication": first["replication"],
        "more": "" if events <= named else word("compare.first_more", tongue).format(count=events),
    }
    if named == 2:
        return word("compare.first", tongue).format(
            ours=told["reference"], theirs=told["other"], **fields
        )
    ((side, event),) = told.items()
    return word("compare.first_one", tongue).format(
        side=word(f"compare.side.{side}", tongue), event=event, **fields
    )


# ---------------------------------------------------------------------------- the answer


def answer_text(comparisons: Sequence[Comparison], tongue: Tongue) -> str:
    """Return the answer: one paragraph for each scenario."""
    return "\n".join(_answer(one, tongue) for one in comparisons)


def _answer(comparison: Comparison, tongue: Tongue) -> str:
    losses, gains = comparison.changed(LESS), comparison.changed(MORE)
    parts = [
        word("compare.answer.count", tongue).format(
            reference=comparison.reference[tongue],
            scenario=comparison.label[tongue],
            total=comparison.total,
            less=len(losses),
            more=len(gains),
            rest=comparison.total - len(losses) - len(gains),
        )
    ]
    for key, rows in (("compare.answer.losses", losses), ("compare.answer.gains", gains)):
        if rows:
            listed = word("list.separator", tongue).join(
                _target(row, tongue) for row in rows[:_NAMED]
            )
            parts.append(word(key, tongue).format(list=listed))
    sentences = [word("list.clause", tongue).join(parts), *_met(comparison, tongue)]
    end = "。" if tongue == "zh" else ". "
    text = "".join(_capital(sentence) + end for sentence in sentences)
    return (text + first_text(comparison, tongue)).strip()


def _capital(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]


def _target(row: ComparedRow, tongue: Tongue) -> str:
    chances = [percent_text(chance, tongue) for chance in row.chances]
    return word("compare.answer.target", tongue).format(
        target=row.label[tongue],
        reference=chances[0],
        scenario=chances[1],
        difference=word("compare.points", tongue).format(
            **dict(zip(("points", "low", "high"), points(row.difference), strict=True))
        ),
    )


def _met(comparison: Comparison, tongue: Tongue) -> list[str]:
    """Sentences on the number of targets met, and on what the pairs were worth."""
    row = comparison.met
    if row is None:
        return []
    difference = row.value_difference
    parts = [
        word("compare.answer.met", tongue).format(
            reference=f"{row.means[0].value:.1f}",
            scenario=f"{row.means[1].value:.1f}",
            difference=signed(difference.value, 2),
            low=signed(difference.low, 2),
            high=signed(difference.high, 2),
        )
    ]
    if not comparison.paired:
        parts.append(word("compare.answer.unpaired", tongue))
    elif not math.isnan(row.value_reduction):
        key = "saved" if row.value_reduction >= _HELPS else "lost"
        parts.append(
            word(f"compare.answer.{key}", tongue).format(factor=factor_text(row.value_reduction))
        )
    return [word("list.clause", tongue).join(parts)]


def figures(comparison: Comparison) -> dict[str, object]:
    """Return the figures that stand in the answer."""
    dates = sorted(str(record["date"]) for record in comparison.first if record["date"])
    own: dict[str, object] = {
        "scenario": comparison.name,
        "paired": comparison.paired,
        "replications": list(comparison.replications),
        "dropped": comparison.dropped,
        "targets": comparison.total,
        "less_likely": [_key(row) for row in comparison.changed(LESS)],
        "more_likely": [_key(row) for row in comparison.changed(MORE)],
        "first_difference": dates[0] if dates else None,
    }
    row = comparison.met
    if row is not None:
        difference, factor = row.value_difference, row.value_reduction
        own |= {
            "met_reference": row.means[0].value,
            "met": row.means[1].value,
            "met_difference": [difference.value, difference.low, difference.high],
            "variance_reduction": None if math.isnan(factor) else factor,
        }
    return own


def _key(row: ComparedRow) -> str:
    return f"{row.target}:{row.definition}" if row.definition else row.target
