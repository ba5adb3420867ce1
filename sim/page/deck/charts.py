"""Figures as slides: native charts where the kind allows one, else the picture of its page."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from sim.answer.blocks import Figure
from sim.answer.figures import (
    Chance,
    Chances,
    Fan,
    FanPanel,
    Key,
    Response,
    ResponsePanel,
    Role,
    Stack,
    Stamp,
)
from sim.lazy import chart_data, pptx
from sim.page.deck.office import (
    BODY,
    SMALL,
    Deck,
    Text,
    batched,
    height_of,
    lines_of,
    shortened,
    split,
)
from sim.page.font import text_width
from sim.page.office import counted_in, decades
from sim.page.picture import pages as picture_pages
from sim.page.picture.canvas import as_png, picture_style
from sim.page.picture.colours import GREY, INK, LOOKS, MUTED, fills, mixed
from sim.page.picture.sheet import HEIGHT, MARGIN, WIDTH, Box, Sheet
from sim.words import Chance as Said
from sim.words import Speech, likelihood

_ROWS, _TALL_ROWS = 13, 10  # bars of a chart; if names of some take two lines
_LABEL = 2.7  # inches that the name of a bar may take
_STACKED = 13
_CLASSES: Sequence[Role] = ("likely", "open", "unlikely")
_KINDS = 10  # parts that a legend can tell apart
_PANELS = 6
_LARGE = {
    "zh": ((1e8, r'0\.00,,"亿"'), (1e6, r'0\.0,"万"')),
    "en": ((1e7, '#,##0,," m"'),),
}
"""From which value on the numbers of an axis are written how. A comma divides by a thousand; 亿 and
万 divide by powers of ten that are none of it, so that the point is set among the digits."""
_ABOVE = 0.55  # inches of the name of a panel at least
_LINES = 4  # above the plot
_UNDER = 0.8  # inches of an axis and a legend
_GRID = "DDDDDD"
_C = "http://schemas.openxmlformats.org/drawingml/2006/chart"
_A = "http://schemas.openxmlformats.org/drawingml/2006/main"
_AROUND = ("title", "page", "footer")
"""Marks of a picture that a slide has itself."""


@dataclass
class Page:
    """What a slide will show: its title, who draws it, and what its notes say."""

    title: str
    draw: Callable[[Deck, Any], None]
    notes: list[str] = field(default_factory=list)


def figure_pages(figure: Figure, stamp: Stamp, speech: Speech) -> list[Page]:
    """The slides that a figure would take, the most important first."""
    title = speech.text(figure.title).rstrip("。.")
    notes = [speech.text(figure.legend), speech.sentences(figure.notes)]
    draws: Sequence[Callable[[Deck, Any], None]]
    if isinstance(figure, Chances):
        draws = [*_chances(figure, speech)]
    elif isinstance(figure, Fan):
        draws = [*_fans(figure, speech)]
    elif isinstance(figure, Response):
        draws = [*_responses(figure, speech)]
    elif isinstance(figure, Stack) and _few_parts(figure, speech):
        draws = [*_stacks(figure, speech)]
    else:
        draws = [*_pictures(figure, stamp, speech)]
    return [Page(title, draw, notes) for draw in draws]


def _alt(figure: Figure, speech: Speech) -> str:
    return speech.text(figure.alt if figure.alt is not None else figure.title)


def _caption(deck: Deck, slide: Any, text: str, keys: Sequence[Key] = ()) -> float:
    """What stands below the title; return where what follows may begin."""
    texts = [Text(text, SMALL, colour=MUTED)]
    top = BODY.top + height_of(texts, BODY.width)
    deck.write(slide, Box(BODY.left, BODY.top, BODY.right, top), texts)
    named = [(LOOKS[key.role].colour, deck.speech.text(key.name)) for key in keys]
    if named:
        line = [Text("■ ".join(name + "    " for _, name in named))]
        bottom = top + height_of(line, BODY.width)
        deck.keys(slide, Box(BODY.left, top, BODY.right, bottom), named)
        top = bottom
    return top + 0.08


# ------------------------------------------------------------------ pictures


def _pictures(
    figure: Figure, stamp: Stamp, speech: Speech
) -> Iterator[Callable[[Deck, Any], None]]:
    for sheet in picture_pages(figure, stamp, speech):

        def draw(deck: Deck, slide: Any, sheet: Sheet = sheet) -> None:
            sheet.marks = [mark for mark in sheet.marks if not mark.name.startswith(_AROUND)]
            tops = [text.box.top for text in sheet.texts]
            bottoms = [text.box.bottom for text in sheet.texts]
            top = max(0.0, min([*tops, sheet.body.top]) - 0.04)
            bottom = min(HEIGHT, max([*bottoms, sheet.body.bottom]) + 0.04)
            with picture_style():
                png = as_png(sheet, {"Software": "kepusim", "result_hash": stamp.result_hash})
            edge = MARGIN / 2.0
            crop = Box(edge, top, WIDTH - edge, bottom)
            place = Box(edge, BODY.top - 0.06, WIDTH - edge, BODY.bottom + 0.06)
            deck.picture(slide, png, place, crop, _alt(figure, speech))

        yield draw


# ------------------------------------------------------------------ bars


def _chances(figure: Chances, speech: Speech) -> Iterator[Callable[[Deck, Any], None]]:
    """Two charts a slide, of the readings that count."""
    rows = [row for row in figure.rows if row.counts]
    longest = max((text_width(speech.text(row.name), SMALL) for row in rows), default=0.0)
    most = _ROWS if longest / 72.0 <= _LABEL else _TALL_ROWS
    for part in batched(rows, 2 * most):

        def draw(deck: Deck, slide: Any, part: Sequence[Chance] = part) -> None:
            top = _caption(deck, slide, speech("deck.chances"))
            halves = [*split(part, most)]
            wide = (BODY.width - 0.2 * (len(halves) - 1)) / len(halves)
            for at, half in enumerate(halves):
                left = BODY.left + at * (wide + 0.2)
                box = Box(left, top, left + wide, BODY.bottom)
                _chance_bars(deck, slide, box, half, _alt(figure, speech))

        yield draw


def _chance_bars(deck: Deck, slide: Any, box: Box, rows: Sequence[Chance], alt: str) -> None:
    speech = deck.speech
    kinds = [likelihood(row.probability) for row in rows]
    data = chart_data.CategoryChartData(number_format=_percent(speech))
    # The words for a chance never cross the border of its class; those of a number format would.
    chances = [speech.text(Said(row.probability)).replace(" ", "\u00a0") for row in rows]
    data.categories = [
        f"{speech.text(row.name)}  {chance}" for row, chance in zip(rows, chances, strict=True)
    ]
    for kind in _CLASSES:
        own = [r.probability if k == kind else None for r, k in zip(rows, kinds, strict=True)]
        data.add_series(speech(f"picture.{kind}"), own)
    errors = {
        speech("deck.error_up"): [row.high - row.probability for row in rows],
        speech("deck.error_down"): [row.probability - row.low for row in rows],
    }
    chart = deck.chart(slide, box, "BAR_CLUSTERED", data, alt, errors)
    plot = chart.plots[0]
    plot.gap_width, plot.overlap = 35, 100
    plot.vary_by_categories = False
    _legend(chart)
    _axes(chart, _percent(speech), (0.0, 1.0))
    chart.value_axis.major_unit = 0.5
    longest = max(text_width(category.label, SMALL) for category in data.categories) / 72.0
    beside = min(1.08 * longest + 0.15, 0.56 * box.width) / box.width
    _plot(chart, beside, 0.01, 0.95, 1.0 - _UNDER / box.height)
    for series, kind in zip(plot.series, _CLASSES, strict=True):
        _paint(series, mixed(LOOKS[kind].colour, 0.2))
        _error_bars(series, [*errors.values()])


def _error_bars(series: Any, errors: Sequence[Sequence[float]]) -> None:
    """Intervals: distances up and down, which stand in the last columns of the chart's workbook."""
    ends = ""
    for name, column, own in zip(("plus", "minus"), "EF", errors, strict=True):
        points = "".join(
            f'<c:pt idx="{at}"><c:v>{value!r}</c:v></c:pt>' for at, value in enumerate(own)
        )
        ends += (
            f"<c:{name}><c:numRef><c:f>Sheet1!${column}$2:${column}${len(own) + 1}</c:f>"
            f'<c:numCache><c:formatCode>General</c:formatCode><c:ptCount val="{len(own)}"/>'
            f"{points}</c:numCache></c:numRef></c:{name}>"
        )
    bars = (
        f'<c:errBars xmlns:c="{_C}" xmlns:a="{_A}"><c:errBarType val="both"/>'
        f'<c:errValType val="cust"/><c:noEndCap val="0"/>{ends}<c:spPr><a:ln w="15875">'
        f'<a:solidFill><a:srgbClr val="{INK[1:]}"/></a:solidFill></a:ln></c:spPr></c:errBars>'
    )
    (categories,) = series._element.xpath("./c:cat")
    categories.addprevious(pptx.oxml.parse_xml(bars))


def _few_parts(figure: Stack, speech: Speech) -> bool:
    """Whether a legend can tell the parts of all bars apart."""
    names = {(speech.text(part.name), part.hatched) for bar in figure.rows for part in bar.parts}
    return 0 < len(names) <= _KINDS


def _stacks(figure: Stack, speech: Speech) -> Iterator[Callable[[Deck, Any], None]]:
    parts = {
        (speech.text(part.name), part.role, part.hatched): None
        for bar in figure.rows
        for part in bar.parts
    }
    looks = fills([(part, part[1], part[2]) for part in parts])
    for rows in batched(figure.rows, _STACKED):

        def draw(deck: Deck, slide: Any, rows: Sequence[Any] = rows) -> None:
            top = _caption(deck, slide, speech.text(figure.legend))
            data = chart_data.CategoryChartData(number_format="#,##0.0")
            data.categories = [
                speech.sentences([bar.name, bar.total and f" ({speech.text(bar.total)})"])
                for bar in rows
            ]
            for part in parts:
                amounts = [
                    {(speech.text(p.name), p.role, p.hatched): p.amount for p in bar.parts}.get(
                        part
                    )
                    for bar in rows
                ]
                data.add_series(part[0], amounts)
            box = Box(BODY.left, top, BODY.right, BODY.bottom)
            kind = "BAR_STACKED_100" if figure.shares else "BAR_STACKED"
            chart = deck.chart(slide, box, kind, data, _alt(figure, speech))
            chart.plots[0].gap_width, chart.plots[0].overlap = 35, 100
            _legend(chart)
            ends = (0.0, 1.0) if figure.shares else (0.0, None)
            _axes(chart, _percent(speech) if figure.shares else "#,##0", ends)
            for series, part in zip(chart.plots[0].series, parts, strict=True):
                _paint(series, looks[part].colour)

        yield draw


# ------------------------------------------------------------------ small multiples


def _panels(
    panels: Sequence[Any],
    caption: str,
    keys: Sequence[Key],
    draw_panel: Callable[[Deck, Any, Box, Any], None],
) -> Iterator[Callable[[Deck, Any], None]]:
    """Up to six panels a slide, in two rows."""
    for part in batched(panels, _PANELS):

        def draw(deck: Deck, slide: Any, part: Sequence[Any] = part) -> None:
            top = _caption(deck, slide, caption, keys)
            across = min(3, math.ceil(len(part) / (1 if len(part) <= 2 else 2)))
            down = math.ceil(len(part) / across)
            wide = (BODY.width - 0.15 * (across - 1)) / across
            high = (BODY.bottom - top - 0.1 * (down - 1)) / down
            for at, panel in enumerate(part):
                left = BODY.left + (at % across) * (wide + 0.15)
                upper = top + (at // across) * (high + 0.1)
                draw_panel(deck, slide, Box(left, upper, left + wide, upper + high), panel)

        yield draw


def _fans(figure: Fan, speech: Speech) -> Iterator[Callable[[Deck, Any], None]]:
    roles = {curve.role for panel in figure.panels for curve in panel.curves}
    roles -= {key.role for key in figure.keys}  # those say themselves what they are
    caption = speech("deck.fan_readings" if "other" in roles else "deck.fan")

    def draw(deck: Deck, slide: Any, box: Box, panel: FanPanel) -> None:
        _fan(deck, slide, box, panel, figure.keys)

    return _panels(figure.panels, caption, figure.keys, draw)


def _fan(deck: Deck, slide: Any, box: Box, panel: FanPanel, keys: Sequence[Key]) -> None:
    """A line chart of one target: medians, the widest band of what counts, marks, the goal."""
    speech = deck.speech
    marked = {mark.date for mark in panel.marks}
    dates = sorted(marked.union(*(curve.dates for curve in panel.curves)))
    data = chart_data.CategoryChartData(number_format="General")
    data.categories = dates
    lines: list[tuple[str, float, bool, bool]] = []  # colour, width, dashed, markers

    def add(name: str, known: dict[dt.date, float], *look: Any) -> None:
        data.add_series(name, [known.get(date) for date in dates])
        lines.append(look)

    named = {key.role: speech.text(key.name) for key in keys}
    for curve in panel.curves:
        colour = LOOKS[curve.role].colour
        name = speech.text(curve.name) or named.get(curve.role) or speech("deck.median")
        if curve.bands and curve.role != "other":
            for key, ends in zip(("low", "high"), curve.bands[0], strict=True):
                known = dict(zip(curve.dates, ends, strict=True))
                add(speech(f"deck.{key}"), known, colour, 1.0, False, False)
        known = dict(zip(curve.dates, curve.middle, strict=True))
        width = 2.5 if curve.role != "other" else 1.75
        add(name, known, colour, 0.0 if curve.points else width, False, curve.points)
    for role in dict.fromkeys(mark.role for mark in panel.marks):
        known = {mark.date: mark.value for mark in panel.marks if mark.role == role}
        add(named.get(role, ""), known, LOOKS[role].colour, 0.0, False, True)
    if panel.goal is not None:
        text = speech.text(panel.goal[1])
        add(text, dict.fromkeys(dates, panel.goal[0]), INK, 1.25, True, False)
    first = panel.curves[0]
    about = [first.name, panel.goal and panel.goal[1]]
    name = speech.text(panel.name)
    below = _headed(deck, slide, box, name, [*map(speech.text, about)])
    chart = deck.chart(slide, below, "LINE", data, name)
    chart.has_title = False
    chart.has_legend = False
    _axes(chart, _plain(panel.curves[0].middle, panel.whole, speech), (None, None), reverse=False)
    labels = chart.category_axis.tick_labels
    labels.number_format, labels.number_format_is_linked = "yyyy", False
    _yearly(chart)
    for series, look in zip(chart.plots[0].series, lines, strict=True):
        _line(series, *look)


def _responses(figure: Response, speech: Speech) -> Iterator[Callable[[Deck, Any], None]]:
    ends = _shared_ends(figure)

    def draw(deck: Deck, slide: Any, box: Box, panel: ResponsePanel) -> None:
        _response(deck, slide, box, panel, figure, ends if panel.up is None else (None, None))

    caption = speech(
        "deck.response",
        across=figure.across.name,
        up=figure.up.name,
        fit=any(len(panel.x) for panel in figure.panels),
        base=figure.base is not None,
    )
    return _panels(figure.panels, caption, figure.keys, draw)


def _shared_ends(figure: Response) -> tuple[float | None, float | None]:
    """Round ends of the axis that panels share: side by side, equal heights mean equal values."""
    values = [
        y
        for panel in figure.panels
        if panel.up is None
        for y in (*map(float, panel.fit), *(point.y for point in panel.points))
    ]
    if not values or min(values) == max(values):
        return None, None
    step = 10.0 ** math.floor(math.log10(max(values) - min(values)))
    return math.floor(min(values) / step) * step, math.ceil(max(values) / step) * step


def _response(
    deck: Deck,
    slide: Any,
    box: Box,
    panel: ResponsePanel,
    figure: Response,
    ends: tuple[float | None, float | None],
) -> None:
    speech = deck.speech
    across, up = panel.across or figure.across, panel.up or figure.up
    colour = LOOKS[panel.role].colour
    data = chart_data.XyChartData()
    looks: list[tuple[str, float, bool, bool]] = []

    def add(name: str, points: Sequence[tuple[float, float]], *look: Any) -> None:
        if points:
            series = data.add_series(name)
            for x, y in points:
                series.add_data_point(x, y)
            looks.append(look)

    by = counted_in(across, speech)
    span = decades(across, by)
    inside = partial(_inside, span)
    curve = [(float(x) / by, float(y)) for x, y in zip(panel.x, panel.fit, strict=True)]
    curve = [*filter(inside, curve)]
    add(speech("deck.fit"), curve, colour, 2.25, False, False)
    points = sorted(filter(inside, ((point.x / by, point.y) for point in panel.points)))
    add(speech("deck.point"), points, colour, 0.0, False, True)
    values = [y for _, y in [*curve, *points]]
    chance = up.form == "chance"
    top = 1.0 if chance else max(values, default=1.0)
    if figure.base is not None:
        add(
            speech("deck.base"),
            [(figure.base[0] / by, 0.0), (figure.base[0] / by, top)],
            INK,
            1.0,
            True,
            False,
        )
    title = speech.text(panel.name)
    below = _headed(deck, slide, box, title, [*map(speech.text, panel.lines)])
    chart = deck.chart(slide, below, "XY_SCATTER_LINES", data, title)
    chart.has_title = False
    chart.has_legend = False
    form = _percent(speech) if up.form in ("chance", "share") else _plain(values, up.whole, speech)
    _axes(chart, form, (0.0, 1.0) if chance else ends, reverse=False)
    _across(chart, [x for x, _ in [*curve, *points]], span, speech)
    for series, look in zip(chart.plots[0].series, looks, strict=True):
        _line(series, *look)


def _inside(ends: tuple[float, float] | None, point: tuple[float, float]) -> bool:
    return ends is None or ends[0] <= point[0] <= ends[1]


def _across(
    chart: Any, values: Sequence[float], span: tuple[float, float] | None, speech: Speech
) -> None:
    """The axis of a lever: from zero to the largest setting, or over whole powers of ten."""
    own = chart.category_axis
    own.has_major_gridlines = False
    own.tick_labels.font.size = pptx.util.Pt(SMALL)
    if values:
        own.minimum_scale, own.maximum_scale = span or (min(0.0, *values), max(values))
        if span is not None:
            (scaling,) = own._element.xpath("./c:scaling")
            scaling.insert(0, pptx.oxml.parse_xml(f'<c:logBase xmlns:c="{_C}" val="10"/>'))
        labels = own.tick_labels
        form = _plain(values, False, speech) if max(values) >= 10.0 else "General"
        labels.number_format, labels.number_format_is_linked = form, False


# ------------------------------------------------------------------ looks


def _percent(speech: Speech) -> str:
    return "0%" if speech.language == "zh" else "0 %"


def _plain(values: Sequence[float], whole: bool, speech: Speech) -> str:
    largest = max((abs(value) for value in values if math.isfinite(value)), default=0.0)
    for size, form in _LARGE[speech.language]:
        if largest >= size:
            return form
    return "#,##0" if whole or largest >= 20 else "0.0"


def _legend(chart: Any) -> None:
    chart.has_legend = True
    chart.legend.position = pptx.enum.chart.XL_LEGEND_POSITION.BOTTOM
    chart.legend.include_in_layout = False
    chart.legend.font.size = pptx.util.Pt(SMALL)


def _axes(
    chart: Any, form: str, ends: tuple[float | None, float | None], *, reverse: bool = True
) -> None:
    """Both axes; of bars the first stands at the top."""
    values, names = chart.value_axis, chart.category_axis
    values.has_major_gridlines = True
    grid = values.major_gridlines.format.line
    grid.color.rgb, grid.width = pptx.dml.color.RGBColor.from_string(_GRID), pptx.util.Pt(0.5)
    labels = values.tick_labels
    labels.font.size = pptx.util.Pt(SMALL)
    labels.number_format, labels.number_format_is_linked = form, False
    low, high = ends
    if low is not None:
        values.minimum_scale = low
    if high is not None:
        values.maximum_scale = high
    values.format.line.fill.background()
    names.tick_labels.font.size = pptx.util.Pt(SMALL)
    names.format.line.color.rgb = pptx.dml.color.RGBColor.from_string(GREY[1:])
    if not reverse:  # below the plot, also where values are negative
        names.tick_label_position = pptx.enum.chart.XL_TICK_LABEL_POSITION.LOW
    else:
        names.reverse_order = True
        values.tick_label_position = pptx.enum.chart.XL_TICK_LABEL_POSITION.HIGH
        names._element.append(pptx.oxml.parse_xml(f'<c:tickLblSkip xmlns:c="{_C}" val="1"/>'))
        _in_order(names._element)


def _in_order(axis: Any) -> None:
    """Put the mark that no label is left out where the schema wants it."""
    (skip,) = axis.xpath("./c:tickLblSkip")
    for last in axis.xpath("./c:noMultiLvlLbl"):
        last.addprevious(skip)


def _yearly(chart: Any) -> None:
    """One label a year on an axis of dates."""
    axis = chart.category_axis._element
    for name in ("baseTimeUnit", "majorUnit", "majorTimeUnit"):
        for element in axis.xpath(f"./c:{name}"):
            axis.remove(element)
    for name, value in (("baseTimeUnit", "months"), ("majorUnit", 1), ("majorTimeUnit", "years")):
        axis.append(pptx.oxml.parse_xml(f'<c:{name} xmlns:c="{_C}" val="{value}"/>'))


def _headed(deck: Deck, slide: Any, box: Box, title: str, about: Sequence[str]) -> Box:
    """Write the name of a panel and what is said of it, four lines in all; return what is left.

    Texts of their own, since programs differ in how they break the title of a chart.
    """
    name = Text(shortened(title, box.width, 13.0, 2, bold=True), 13.0, bold=True)
    left = _LINES - lines_of(name.text, box.width, name.size, bold=True)
    told = [text for text in about if text][:left]
    texts = [name]
    for number, text in enumerate(told):
        lines = max(1, left - len(told) + 1) if number == 0 else 1
        texts.append(Text(shortened(text, box.width, SMALL, lines), colour=MUTED))
    height = max(height_of(texts, box.width), _ABOVE)
    deck.write(slide, Box(box.left, box.top, box.right, box.top + height), texts)
    return Box(box.left, box.top + height, box.right, box.bottom)


def _plot(chart: Any, left: float, top: float, right: float, bottom: float) -> None:
    """Where a chart draws its bars, in shares of its width and height."""
    places = {"x": left, "y": top, "w": right - left, "h": bottom - top}
    layout = "".join(f'<c:{key} val="{value:.4f}"/>' for key, value in places.items())
    (area,) = chart._chartSpace.xpath("./c:chart/c:plotArea")
    for old in area.xpath("./c:layout"):
        area.remove(old)
    area.insert(
        0,
        pptx.oxml.parse_xml(
            f'<c:layout xmlns:c="{_C}"><c:manualLayout><c:layoutTarget val="inner"/>'
            f'<c:xMode val="edge"/><c:yMode val="edge"/>{layout}</c:manualLayout></c:layout>'
        ),
    )


def _paint(series: Any, colour: str) -> None:
    series.format.fill.solid()
    series.format.fill.fore_color.rgb = pptx.dml.color.RGBColor.from_string(colour[1:])
    series.invert_if_negative = False


def _line(series: Any, colour: str, width: float, dashed: bool, markers: bool) -> None:
    series.smooth = False
    line, rgb = series.format.line, pptx.dml.color.RGBColor.from_string(colour[1:])
    if width:
        line.color.rgb, line.width = rgb, pptx.util.Pt(width)
        if dashed:
            line.dash_style = pptx.enum.dml.MSO_LINE_DASH_STYLE.DASH
    else:
        line.fill.background()
    styles = pptx.enum.chart.XL_MARKER_STYLE
    series.marker.style = styles.CIRCLE if markers else styles.NONE
    if markers:
        series.marker.size = 7
        series.marker.format.fill.solid()
        series.marker.format.fill.fore_color.rgb = rgb
        series.marker.format.line.color.rgb = rgb
