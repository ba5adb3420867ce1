"""Tables and figures of an answer as worksheets: a column a number, whatever the question."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator, Sequence
from typing import Any

from sim.answer.blocks import Column, Figure, Line, Spoken, Table
from sim.answer.figures import Chances, Fan, Response, Stack
from sim.answer.stored import Words
from sim.page.office import counted_in, decades
from sim.page.picture.colours import INK, LOOKS, fills
from sim.page.workbook.sheet import (
    DATE,
    PERCENT,
    TEXT,
    Cell,
    Chart,
    Head,
    Series,
    Sheet,
    Span,
    Value,
    fixed,
    headed,
    large,
    money,
    scaled,
)
from sim.words import Measure, Speech, in_units, likelihood

_MOST_BARS = 10  # kinds of parts that a legend can tell apart


# ------------------------------------------------------------------ tables


def table_sheet(table: Table, tab: str, speech: Speech) -> Sheet:
    """All rows of a table, with the heading of each as a column of its own."""
    rows, headings = _headed_rows(table, speech)
    heads: list[Head] = []
    columns: list[list[Value | Cell]] = []
    if any(headings):
        heads.append(Head(speech("head.group"), name=True, most=34))
        columns.append([*headings])
    for key, column in table.columns.items():
        own, cells = _columns(key, column, rows, speech)
        heads += own
        columns += cells
    if any(row.source is not None for row in rows):
        heads.append(Head(speech("head.source"), most=30))
        columns.append([speech.text(row.source) or None for row in rows])
    foot = [
        speech("workbook.means", column=column.header, means=column.means)
        for column in table.columns.values()
        if column.means is not None
    ]
    return Sheet(
        tab=tab,
        title=speech.text(table.title),
        heads=heads,
        rows=[*zip(*columns, strict=True)],
        caption=speech.text(table.caption),
        foot=foot,
    )


def _headed_rows(table: Table, speech: Speech) -> tuple[list[Line], list[str]]:
    """The rows that are no headings, and the heading of each."""
    first = next(iter(table.columns))
    rows, headings, heading = [], [], ""
    for line in table.rows:
        if line.heading:
            heading = speech.text(line.cells.get(first))
        else:
            rows.append(line)
            headings.append(heading)
    return rows, headings


def _columns(
    key: str, column: Column, rows: Sequence[Line], speech: Speech
) -> tuple[list[Head], list[list[Value | Cell]]]:
    """A column of a table as columns of a worksheet: its numbers one by one, sign and unit."""
    name = speech.text(column.header)
    cells = [row.cells.get(key) for row in rows]
    found = [_measure(cell, column) for cell in cells]
    known = [own for own in found if own is not None]
    if not known:
        texts: list[Value | Cell] = [
            Cell(" ".join(speech.text(cell).split()) or None, look=row.looks.get(key, ""))
            for row, cell in zip(rows, cells, strict=True)
        ]
        return [Head(name, most=60, name=column.width == "name")], [texts]
    units = [_unit(own, column, speech) for own in found]
    plain = [
        [own.numbers[at] / divisor for own, (divisor, _) in zip(found, units, strict=True)
         if own is not None and own.form != "share" and at < len(own.numbers)]
        for at in range(3)
    ]  # fmt: skip
    unit, form = speech.text(column.unit), fixed(plain[0])
    if column.form == "yuan":
        divisor, key_of_unit, form = money(plain[0], speech.language)
        unit = speech(f"head.{key_of_unit}")
        units = [(divisor, "")] * len(units)
    shares = all(own.form == "share" for own in known)
    if shares:
        form = PERCENT
    most = max(len(own.numbers) for own in known)
    names = [name, *(speech(f"head.{end}", name=name) for end in ("low", "high"))]
    if most == 2:
        names = [name, speech("head.second", name=name)]
    heads, columns = [], list[list[Value | Cell]]()
    if any(own.sign for own in known):
        heads.append(Head(speech("head.sign", name=name)))
        columns.append([_sign(own, speech) for own in found])
    for at in range(most):
        own_form = form if shares or column.form == "yuan" or at == 0 else fixed(plain[at])
        heads.append(Head(headed(names[at], unit, speech), own_form))
        columns.append(
            [
                _cell(own, at, cell, row.looks.get(key, ""), *of, speech)
                for own, cell, row, of in zip(found, cells, rows, units, strict=True)
            ]
        )
    if any(words for _, words in units) and not unit:
        heads.append(Head(speech("head.unit", name=name), most=24))
        columns.append([words or None for _, words in units])
    return heads, columns


def _cell(
    own: Measure | None,
    at: int,
    cell: Spoken,
    look: Any,
    divisor: float,
    unit: str,
    speech: Speech,
) -> Cell:
    if own is None:  # a word where others have a number
        return Cell((speech.text(cell).strip() or None) if at == 0 else None, TEXT, look)
    if at >= len(own.numbers):
        return Cell(None, look=look)
    value = scaled(own.numbers[at], divisor)
    form = PERCENT if own.form == "share" else None
    if form is None and unit and value is not None and float(value).is_integer():
        form = "#,##0"  # others in the column are counted in something else
    return Cell(value, form, look if at == 0 else "")


def _measure(cell: Spoken, column: Column) -> Measure | None:
    """The number that stands in a cell; None if none does, or if it is absent."""
    own = cell.measure if isinstance(cell, Words) else None
    if own is None or column.width != "number" or math.isnan(own.numbers[0]):
        return None
    return own


def _sign(own: Measure | None, speech: Speech) -> Value:
    return speech(f"comparator.{own.sign}") if own is not None and own.sign else None


def _unit(own: Measure | None, column: Column, speech: Speech) -> tuple[float, str]:
    """What the numbers of a cell are counted in, where its column does not say it."""
    if own is None or own.form != "number" or column.unit is not None:
        return 1.0, ""
    return in_units(own, speech)


# ------------------------------------------------------------------ figures


def figure_sheet(figure: Figure, tab: str, speech: Speech) -> Sheet | None:
    """The rows of a figure with a native chart; None for a kind that has none."""
    made = {
        Chances: _chances,
        Stack: _stack,
        Response: _response,
        Fan: _fan,
    }.get(type(figure))
    if made is None:
        return None
    heads, rows, charts = made(figure, speech)  # type: ignore[operator]
    return Sheet(
        tab=tab,
        title=speech.text(figure.title),
        heads=heads,
        rows=rows,
        caption=speech.sentences([figure.legend, *figure.notes]),
        charts=charts,
    )


_Made = tuple[list[Head], list[list[Value | Cell]], list[Chart]]


def _chances(figure: Chances, speech: Speech) -> _Made:
    head = [
        Head(speech("head.group"), name=True, most=26),
        Head(speech("head.target"), name=True),
        Head(speech("head.reading"), most=30),
        Head(speech("head.chance"), PERCENT),
        Head(speech("head.low", name=speech("head.chance")), PERCENT),
        Head(speech("head.high", name=speech("head.chance")), PERCENT),
        Head(speech("head.class")),
        Head(speech("head.goal"), most=24),
        Head(speech("head.median"), most=24),
        *(Head(speech(f"head.error_{end}"), PERCENT) for end in ("up", "down")),
    ]
    rows: list[list[Value | Cell]] = []
    for own in sorted(figure.rows, key=lambda own: not own.counts):
        kind = likelihood(own.probability)
        look: Any = kind if own.counts else "quiet"
        rows.append(
            [
                speech.text(own.group),
                Cell(speech.text(own.name), look="" if own.counts else "quiet"),
                speech.text(own.reading) or None,
                Cell(own.probability, look=look),
                own.low,
                own.high,
                speech(f"picture.{kind}"),
                speech.text(own.goal) or None,
                speech.text(own.median) or None,
                own.high - own.probability,
                own.probability - own.low,
            ]
        )
    last = sum(own.counts for own in figure.rows) - 1
    counting = [own for own in figure.rows if own.counts]
    series = Series(
        name=speech("head.chance"),
        across=Span(1, 0, last),
        up=Span(3, 0, last),
        colour=LOOKS["counts"].colour,
        colours=[LOOKS[likelihood(own.probability)].colour for own in counting],
        errors=(Span(9, 0, last), Span(10, 0, last)),
    )
    chart = Chart(
        "bar",
        speech.text(figure.title),
        [series],
        up=speech("head.chance"),
        up_form="0%",
        ends=(0.0, 1.0),
        size=(1000, 130 + 24 * len(counting)),
    )
    return head, rows, [chart]


def _stack(figure: Stack, speech: Speech) -> _Made:
    parts = {
        (speech.text(part.name), part.role, part.hatched): None
        for bar in figure.rows
        for part in bar.parts
    }
    amounts = [
        {(speech.text(part.name), part.role, part.hatched): part.amount for part in bar.parts}
        for bar in figure.rows
    ]
    form = fixed([amount for own in amounts for amount in own.values()])
    grouped = any(bar.group is not None for bar in figure.rows)
    names = [name for name, _, _ in parts]
    heads = [Head(speech("head.group"), name=True, most=26)] if grouped else []
    heads += [Head(speech("head.name"), name=True)]
    heads += [
        Head(name if names.count(name) == 1 else f"{name} ({number})", form)
        for number, name in enumerate(names, start=1)
    ]
    heads += [Head(speech("head.total"), form)]
    rows: list[list[Value | Cell]] = [
        [
            *([speech.text(bar.group)] if grouped else []),
            speech.text(bar.name),
            *(own.get(part) for part in parts),
            sum(own.values()),
        ]
        for bar, own in zip(figure.rows, amounts, strict=True)
    ]
    if len(parts) > _MOST_BARS or not rows:
        return heads, rows, []
    colours = fills([(part, part[1], part[2]) for part in parts])
    first, last = 1 + grouped, len(rows) - 1
    chart = Chart(
        "bars_stacked",
        speech.text(figure.title),
        [
            Series(name, Span(first - 1, 0, last), Span(first + at, 0, last), colours[part].colour)
            for at, (part, name) in enumerate(zip(parts, names, strict=True))
        ],
        up=speech.text(figure.parts),
        up_form="0%" if figure.shares else "#,##0",
        size=(1000, 160 + 18 * len(rows)),
        shares=figure.shares,
    )
    return heads, rows, [chart]


def _response(figure: Response, speech: Speech) -> _Made:
    rows: list[list[Value | Cell]] = []
    charts = []
    for panel in figure.panels:
        name = speech.text(panel.name)
        across, up = panel.across or figure.across, panel.up or figure.up
        by = counted_in(across, speech)
        ends = decades(across, by)
        up_form = "0%" if up.form in ("chance", "share") else "General"
        points = sorted(panel.points, key=lambda point: (point.apart, point.x))
        series = []
        dots = [(p.x / by, p.y, *(p.interval or (None, None))) for p in points]
        fitted = [(x / by, y, None, None) for x, y in zip(panel.x, panel.fit, strict=True)]
        for kind, width, own in (("head.point", 0.0, dots), ("head.fit", 2.0, fitted)):
            if not own:
                continue
            # What lies before a logarithmic axis begins stands in the table and not in the chart.
            least = -math.inf if ends is None else ends[0]
            before = next((at for at, each in enumerate(own) if each[0] >= least), 0)
            span = len(rows) + before, len(rows) + len(own) - 1
            named, colour = speech(kind), LOOKS[panel.role].colour
            series.append(Series(named, Span(2, *span), Span(3, *span), colour, width=width))
            rows.extend([name, named, *each] for each in own)
        if series:
            charts.append(
                Chart(
                    "scatter", name, series, speech.text(across.name), speech.text(up.name),
                    up_form=up_form,
                    ends=(0.0, 1.0) if up.form == "chance" else (None, None),
                    across_ends=ends or (None, None),
                    decades=ends is not None,
                    size=(490, 290),
                )
            )  # fmt: skip
    form = PERCENT if figure.up.form in ("chance", "share") else fixed(_numbers(rows, 3))
    heads = [
        Head(speech("head.panel"), name=True),
        Head(speech("head.found")),
        Head(speech.text(figure.across.name) or "x", fixed(_numbers(rows, 2)), most=24),
        Head(speech.text(figure.up.name) or "y", form, most=24),
        Head(speech("head.low", name=""), form),
        Head(speech("head.high", name=""), form),
    ]
    return heads, rows, charts


def _fan(figure: Fan, speech: Speech) -> _Made:
    rows: list[list[Value | Cell]] = []
    charts = []
    by_role = {key.role: speech.text(key.name) for key in figure.keys}
    for panel in figure.panels:
        series = []
        name, goal = speech.text(panel.name), panel.goal[0] if panel.goal else None
        for curve in panel.curves:
            colour = LOOKS[curve.role].colour
            label = speech.text(curve.name) or by_role.get(curve.role) or speech("head.median")
            first, last = len(rows), len(rows) + len(curve.dates) - 1
            widest = curve.bands[0] if curve.bands else ([None] * len(curve.dates),) * 2
            rows += [
                [name, label, date, middle, low, high, goal]
                for date, middle, low, high in zip(curve.dates, curve.middle, *widest, strict=True)
            ]
            dates = Span(2, first, last)
            width = 0.0 if curve.points else 2.25
            series.append(Series(label, dates, Span(3, first, last), colour, width=width))
            if curve.role == "counts" and curve.bands:
                for at, share in ((4, "5%"), (5, "95%")):
                    named = speech("head.percentile", share=share)
                    series.append(
                        Series(named, dates, Span(at, first, last), colour, width=0.75, dashed=True)
                    )
        if panel.goal and panel.curves:
            count = len(panel.curves[0].dates)
            first = len(rows) - sum(len(curve.dates) for curve in panel.curves)
            span = first, first + count - 1
            text = speech.text(panel.goal[1])
            series.append(Series(text, Span(2, *span), Span(6, *span), INK, width=1.0, dashed=True))
        charts.append(
            Chart(
                "scatter",
                name,
                series,
                across_form="yyyy",
                across_ends=(_serial(figure.start), _serial(figure.end)),
                up_form="#,##0" if panel.whole else "General",
                size=(490, 290),
                units=large([n for curve in panel.curves for n in curve.middle], speech.language),
            )
        )
    forms = [fixed(_numbers(rows, at)) for at in (3, 4, 5, 6)]
    heads = [
        Head(speech("head.target"), name=True),
        Head(speech("head.reading"), most=36),
        Head(speech("head.date"), DATE),
        Head(speech("head.median"), forms[0]),
        Head(speech("head.percentile", share="5%"), forms[1]),
        Head(speech("head.percentile", share="95%"), forms[2]),
        Head(speech("head.goal"), forms[3]),
    ]
    return heads, rows, charts


def _serial(date: dt.date) -> float:
    """The number that a date is in a spreadsheet."""
    return float((date - dt.date(1899, 12, 30)).days)


def _numbers(rows: Sequence[Sequence[Value | Cell]], column: int) -> Iterator[float]:
    for row in rows:
        value = row[column]
        if isinstance(value, int | float):
            yield value
