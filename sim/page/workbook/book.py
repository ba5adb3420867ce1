"""Worksheets become a file: formats, filters, print, charts; same answer, same bytes.

Every text is written as text: nothing becomes a formula, a link or a number by what it begins with,
and what a spreadsheet would take for a formula stays a text when it is edited.
"""

from __future__ import annotations

import datetime as dt
import io
import math
import re
import unicodedata
from collections.abc import Iterator, Sequence
from typing import Any

from sim.answer.blocks import Answer, Look
from sim.answer.dossier import Dossier
from sim.lazy import xlsxwriter
from sim.page.office import COMMAND, EAST_ASIAN, LATIN, RESULT_HASH, changed, made
from sim.page.picture.colours import BLUE, GREY, INK, MUTED, VERMILION, mixed
from sim.page.workbook.blocks import figure_sheet, table_sheet
from sim.page.workbook.folder import IN_COLUMNS, folder_sheets
from sim.page.workbook.sheet import DATE, TEXT, Cell, Chart, Head, Sheet, Span, Value
from sim.words import Speech

_OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
    "default_format_properties": {"font_name": LATIN, "font_size": 10},
}
_TAB = 31  # characters of the name of a sheet
_FORBIDDEN = re.compile(r"[\[\]:*?/\\]")
_FORMULA = tuple("=+-@＝＋－＠\t\r")
_LONGEST = 32_767  # characters of a cell
_LEAST, _FILTER = 8.0, 3.0  # widths of a column, in digits
_LONGEST_PROPERTY = 255  # characters; what is longer goes on in others
_HEADER = 255  # characters of a header or footer of print
_FILLS: dict[Look, str] = {
    "likely": mixed(BLUE, 0.75),
    "open": mixed(GREY, 0.8),
    "unlikely": mixed(VERMILION, 0.72),
}
_TOP = 4  # rows above the header of a table
_WIDE = 120.0  # width of the texts of README
_LINE = 14.0  # points
_ROW_PIXELS = 20
_CHART_SCALE = 85  # per cent: four charts of two rows on a page
_PRINTED_ROWS = 12  # rows of a table that are printed with their chart


def workbook(dossier: Dossier, speech: Speech) -> bytes:
    """All numbers of an answer and of its folder as XLSX."""
    sheets = [*_sheets(dossier, speech)]
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content, _OPTIONS)
    _Writer(book, dossier, speech).write(sheets)
    book.close()
    return content.getvalue()


def _sheets(dossier: Dossier, speech: Speech) -> Iterator[Sheet]:
    """All worksheets but the first."""
    tables = [own for own in dossier.answer.tables if own.name not in IN_COLUMNS]
    for number, table in enumerate(tables, start=1):
        # What stands behind a colon says what the table is; before it stands the plan's name.
        name = re.split("[:：]", speech.text(table.title))[-1].strip()
        yield table_sheet(table, speech("workbook.table", number=number, name=name), speech)
    number = 0
    for figure in dossier.answer.pictures:
        sheet = figure_sheet(figure, speech("workbook.figure", number=number + 1), speech)
        if sheet is not None:
            number += 1
            yield sheet
    yield from folder_sheets(dossier, speech)


def _tabs(sheets: Sequence[Sheet], first: str) -> list[str]:
    """Names of worksheets: short, without what is forbidden, no two alike."""
    taken, found = {first.casefold()}, []
    for sheet in sheets:
        whole = _FORBIDDEN.sub(" ", sheet.tab).strip(" '") or "-"
        tab = whole if len(whole) <= _TAB else whole[: _TAB - 1].rstrip() + "…"
        number = 1
        while tab.casefold() in taken:
            number += 1
            tab = f"{whole[: _TAB - 5].rstrip()} ({number})"
        taken.add(tab.casefold())
        found.append(tab)
    return found


class _Writer:
    """Writes worksheets into a workbook."""

    def __init__(self, book: Any, dossier: Dossier, speech: Speech) -> None:
        self._book, self._dossier, self._speech = book, dossier, speech
        self._font = EAST_ASIAN if speech.language == "zh" else LATIN
        self._formats: dict[tuple[tuple[str, object], ...], Any] = {}
        self._readme = speech("workbook.readme")
        stamp, manifest = dossier.stamp, dossier.manifest
        self._about = speech(
            "workbook.footer",
            scenario=dossier.scenario,
            replications=stamp.replications,
            seed=stamp.seed,
            hash=stamp.result_hash[:12],
        )
        book.set_calc_mode("auto")
        book.set_properties(
            {
                "title": speech.name(manifest["config"]["plan"]["name"]),
                "subject": self._about,
                "author": "kepusim",
                "comments": f"result_hash {stamp.result_hash}",
                "created": made(manifest),
            }
        )
        book.set_custom_property(RESULT_HASH, stamp.result_hash, "text")
        for at in range(0, len(dossier.command), _LONGEST_PROPERTY):
            name = f"{COMMAND}_{at // _LONGEST_PROPERTY + 1}" if at else COMMAND
            book.set_custom_property(name, dossier.command[at : at + _LONGEST_PROPERTY], "text")

    def write(self, sheets: Sequence[Sheet]) -> None:
        """Write README and all other sheets."""
        tabs = _tabs(sheets, self._readme)
        first = self._book.add_worksheet(self._readme)
        for sheet, tab in zip(sheets, tabs, strict=True):
            self._sheet(sheet, tab)
        self._write_readme(first, sheets, tabs)

    # ------------------------------------------------------------------ cells

    def _format(self, **look: object) -> Any:
        key = tuple(sorted(look.items()))
        if key not in self._formats:
            self._formats[key] = self._book.add_format(
                {"font_name": self._font, "font_size": 10, "valign": "vcenter", **look}
            )
        return self._formats[key]

    def _put(self, page: Any, row: int, column: int, value: Value, **look: object) -> None:
        """Write a value as what it is; a text as a text."""
        if isinstance(value, dt.date):
            page.write_datetime(row, column, value, self._format(**look))
        elif isinstance(value, str):
            if value.startswith(_FORMULA):
                look |= {"quote_prefix": True}
            page.write_string(row, column, value[:_LONGEST], self._format(**look))
        elif value is None or (isinstance(value, float) and math.isnan(value)):
            page.write_blank(row, column, None, self._format(**look))
        elif math.isinf(value):
            self._put(page, row, column, "∞" if value > 0 else "−∞", **look)
        else:
            page.write_number(row, column, value, self._format(**look))

    # ------------------------------------------------------------------ sheets

    def _sheet(self, sheet: Sheet, tab: str) -> None:
        page = self._book.add_worksheet(tab)
        page.set_row(0, 24)
        self._put(page, 0, 0, sheet.title, bold=True, font_size=14)
        self._put(page, 1, 0, sheet.caption, font_color=MUTED)
        page.write_url(
            2,
            0,
            f"internal:'{self._readme}'!A1",
            self._format(font_color=BLUE, underline=1),
            self._speech("workbook.back"),
        )
        rows = [[_cell(value) for value in row] for row in sheet.rows]
        widths: list[float] = []
        for column, head in enumerate(sheet.heads):
            align = "left" if head.form == TEXT else "right"
            self._put(
                page, _TOP, column, head.text, bold=True, text_wrap=True, align=align,
                bg_color="#E8EEF4", bottom=1,
            )  # fmt: skip
            widths.append(_width(head, [row[column] for row in rows]))
            page.set_column(column, column, widths[-1])
        tops = zip((head.text for head in sheet.heads), widths, strict=True)
        page.set_row(_TOP, _tall(max(_lines(text, width - _FILTER) for text, width in tops)))
        for at, row in enumerate(rows, start=_TOP + 1):
            for column, (cell, head) in enumerate(zip(row, sheet.heads, strict=True)):
                self._put(page, at, column, cell.value, **_look(cell, head, column))
            texts = zip((cell.value for cell in row), widths, strict=True)
            lines = [_lines(text, width - 1) for text, width in texts if isinstance(text, str)]
            page.set_row(at, _tall(max(lines, default=1)))
        last = _TOP + len(rows)
        for number, line in enumerate(sheet.foot, start=2):
            self._put(page, last + number, 0, line, font_color=MUTED)
        page.autofilter(_TOP, 0, last, max(len(sheet.heads) - 1, 0))
        kept = max((at for at, head in enumerate(sheet.heads) if head.name), default=-1) + 1
        page.freeze_panes(_TOP + 1, kept)
        self._print(page, sheet.title)
        charts = self._charts(page, tab, sheet)
        if charts is None or len(rows) <= _PRINTED_ROWS:
            page.repeat_rows(_TOP)
        else:
            page.print_area(*charts)
            if len(sheet.charts) > 1:  # a scale of its own: breaks are ignored where pages fit
                page.set_print_scale(_CHART_SCALE)
                page.set_h_pagebreaks(range(charts[0], charts[2], 2 * _chart_rows(sheet)))
            else:
                page.fit_to_pages(1, 1)

    def _print(self, page: Any, title: str) -> None:
        page.set_landscape()
        page.set_paper(9)
        page.fit_to_pages(1, 0)
        page.set_margins(0.5, 0.5, 0.75, 0.75)
        page.set_header(f"&L&10 {_printed(title)}"[:_HEADER])
        number = self._speech("workbook.page")
        page.set_footer(f"&L&8 {_printed(self._about)[:180]}&R&8 {number}")

    # ------------------------------------------------------------------ charts

    def _charts(self, page: Any, tab: str, sheet: Sheet) -> tuple[int, int, int, int] | None:
        """Charts to the right of the table, two abreast where there are several.

        Return the cells behind them, first row and column to last, or None without charts.
        """
        if not sheet.charts:
            return None
        column, top = len(sheet.heads) + 1, _TOP + 1
        width = max(chart.size[0] for chart in sheet.charts) + 16
        rows = _chart_rows(sheet)
        page.set_column_pixels(column, column + 1, width)
        for number, chart in enumerate(sheet.charts):
            at = top + rows * (number // 2), column + number % 2
            page.insert_chart(*at, self._chart(chart, tab), {"description": chart.title})
        last = top + rows * math.ceil(len(sheet.charts) / 2) - 1
        for row in range(top, last + 1):
            page.set_row_pixels(row, _ROW_PIXELS)
        return top, column, last, column + (len(sheet.charts) > 1)

    def _chart(self, chart: Chart, tab: str) -> Any:
        kind: dict[str, str] = {
            "bar": {"type": "bar"},
            "bars_stacked": {
                "type": "bar",
                "subtype": "percent_stacked" if chart.shares else "stacked",
            },
            "columns_stacked": {"type": "column", "subtype": "stacked"},
            "scatter": {"type": "scatter", "subtype": "straight_with_markers"},
        }[chart.kind]
        drawn = self._book.add_chart(kind)
        for series in chart.series:
            own: dict[str, Any] = {
                "name": _said(series.name),
                "categories": _cells(tab, series.across),
                "values": _cells(tab, series.up),
            }
            if chart.kind == "scatter":
                own["line"] = {"none": True}
                own["marker"] = {
                    "type": "circle",
                    "size": 6,
                    "fill": {"color": series.colour},
                    "border": {"color": series.colour},
                }
                if series.width:
                    own["marker"] = {"type": "none"}
                    own["line"] = {"color": series.colour, "width": series.width}
                    if series.dashed:
                        own["line"]["dash_type"] = "dash"
            else:
                own["fill"] = {"color": series.colour}
                own["gap"] = 40
            if series.colours:
                own["points"] = [{"fill": {"color": colour}} for colour in series.colours]
            if series.errors:
                own["x_error_bars"] = {
                    "type": "custom",
                    "plus_values": _range(tab, series.errors[0]),
                    "minus_values": _range(tab, series.errors[1]),
                    "line": {"color": INK, "width": 1},
                }
            drawn.add_series(own)
        self._axes(drawn, chart)
        return drawn

    def _axes(self, drawn: Any, chart: Chart) -> None:
        font = {"name": self._font, "size": 10, "color": INK}
        grid = {"visible": True, "line": {"color": "#DDDDDD", "width": 0.5}}
        across: dict[str, Any] = {"num_font": font, "name_font": {**font, "bold": False}}
        up: dict[str, Any] = {**across, "major_gridlines": grid, "num_format": chart.up_form}
        if chart.across:
            across["name"] = _said(chart.across)
        if chart.up:
            up["name"] = _said(chart.up)
        if chart.kind == "scatter":
            across["num_format"] = chart.across_form
            if chart.across_form == "yyyy":
                across |= {"date_axis": True, "major_unit": 366}
        if chart.decades:
            across |= {"log_base": 10, "num_format": "#,##0"}
        for axis, ends in ((across, chart.across_ends), (up, chart.ends)):
            known = zip(("min", "max"), ends, strict=True)
            axis |= {end: at for end, at in known if at is not None}
        if chart.kind in ("bar", "bars_stacked"):
            across |= {"reverse": True, "interval_unit": 1}
            across, up = up, across  # axes are named by where they stand
        if chart.units:
            up |= {"display_units": chart.units, "display_units_visible": True}
        drawn.set_x_axis(across)
        drawn.set_y_axis(up)
        wide = chart.size[0] / 9.0
        title = "\n".join(_folded(chart.title, wide))
        drawn.set_title(
            {
                "name": _said(title),
                "name_font": {**font, "size": 12, "bold": True},
                "overlay": False,
            }
        )
        drawn.set_legend(
            {"position": "bottom", "font": font} if len(chart.series) > 1 else {"none": True}
        )
        drawn.set_size({"width": chart.size[0], "height": chart.size[1]})

    # ------------------------------------------------------------------ README

    def _write_readme(self, page: Any, sheets: Sequence[Sheet], tabs: Sequence[str]) -> None:
        speech, manifest = self._speech, self._dossier.manifest
        page.set_column(0, 0, 34)
        page.set_column(1, 1, _WIDE)
        title = speech.name(manifest["config"]["plan"]["name"])
        page.set_row(0, 26)
        self._put(page, 0, 0, title, bold=True, font_size=16)
        self._put(page, 1, 0, self._about, font_color=MUTED)
        row = 3
        for name, lines in _read_first(self._dossier.answer, speech):
            for number, line in enumerate(lines):
                if number == 0:
                    self._put(page, row, 0, name, bold=True, text_wrap=True)
                self._wrapped(page, row, line)
                row += 1
            row += bool(lines)
        self._put(page, row, 0, speech("workbook.contents"), bold=True)
        for sheet, tab in zip(sheets, tabs, strict=True):
            link = self._format(font_color=BLUE, underline=1, align="left")
            quoted = tab.replace("'", "''")
            page.write_url(row + 1, 0, f"internal:'{quoted}'!A1", link, tab)
            self._wrapped(page, row + 1, sheet.title)
            row += 1
        row += 2
        for name, text in self._facts():
            self._put(page, row, 0, name, bold=True, text_wrap=True)
            self._wrapped(page, row, text)
            row += 1
        self._print(page, title)

    def _wrapped(self, page: Any, row: int, text: str) -> None:
        self._put(page, row, 1, text, text_wrap=True)
        page.set_row(row, _tall(_lines(text, _WIDE)))

    def _facts(self) -> Iterator[tuple[str, str]]:
        """Units, what was changed, how to reproduce: a name and a text each."""
        speech, dossier = self._speech, self._dossier
        yield speech("workbook.units"), speech("workbook.units_text")
        yield "", ""
        yield (
            speech("workbook.passport"),
            "" if dossier.passport else speech("workbook.as_baseline"),
        )
        for label, baseline, value in changed(dossier.passport, speech):
            yield label, speech("workbook.setting", baseline=baseline, value=value)
        yield "", ""
        yield speech("workbook.reproduce"), ""
        manifest = dossier.manifest
        told = {
            "command": dossier.command,
            "scenario": dossier.scenario,
            "replications": dossier.stamp.replications,
            "seed": dossier.stamp.seed,
            "result": dossier.stamp.result_hash,
            "code": manifest.get("code_version") or manifest.get("code"),
        }
        for key, fact in told.items():
            yield speech(f"workbook.{key}"), speech.text(fact)


def _read_first(answer: Answer, speech: Speech) -> Iterator[tuple[str, list[str]]]:
    """What README says of the answer, by name."""
    yield speech("workbook.answer"), [*answer.said(speech, "headline", "support")]
    yield (
        speech("workbook.caution"),
        [
            *answer.said(speech, "caution"),
            *(speech.text(note.said) for note in answer.notes if note.about == "caution"),
        ],
    )
    for about in ("definition", "method"):
        yield (
            speech(f"workbook.{about}"),
            [speech.text(note.said) for note in answer.notes if note.about == about],
        )


def _cell(value: Value | Cell) -> Cell:
    return value if isinstance(value, Cell) else Cell(value)


def _look(cell: Cell, head: Head, column: int) -> dict[str, object]:
    """How a cell is written, by its column and what sets it off."""
    form = cell.form or head.form
    look: dict[str, object] = {"num_format": form}
    if isinstance(cell.value, str):
        look["num_format"] = TEXT
        look["text_wrap"] = True
        if column:
            look["indent"] = 1
    elif isinstance(cell.value, dt.date):
        look["num_format"] = DATE
    if cell.look == "quiet":
        look["font_color"] = MUTED
    elif cell.look in _FILLS:
        look["bg_color"] = _FILLS[cell.look]
    return look


def _cells(tab: str, span: Span) -> list[object]:
    first = _TOP + 1
    return [tab, first + span.first, span.column, first + span.last, span.column]


def _said(name: str) -> str:
    """A name in a chart, where an equals sign at the start begins a reference."""
    return f" {name}" if name.startswith("=") else name


def _range(tab: str, span: Span) -> str:
    quoted = tab.replace("'", "''")
    cells = xlsxwriter.utility.xl_range_abs(*_cells(tab, span)[1:])
    return f"='{quoted}'!{cells}"


def _chart_rows(sheet: Sheet) -> int:
    """Rows of a worksheet that a row of charts takes."""
    return math.ceil(max(chart.size[1] for chart in sheet.charts) / _ROW_PIXELS) + 1


def _printed(text: str) -> str:
    """A text in a header or footer of print, where an ampersand begins a code."""
    return text.replace("&", "&&")


def _room(text: str) -> float:
    """Width of a text in digits."""
    return sum(2.0 if unicodedata.east_asian_width(sign) in "WF" else 1.0 for sign in text)


def _folded(text: str, width: float) -> list[str]:
    """A text in lines about as wide."""
    lines = [""]
    for piece in re.findall(r"[^\s\u2e80-\uffef]+\s*|\s+|.", text):
        if (
            lines[-1]
            and _room(lines[-1] + piece.rstrip()) > width
            and piece not in "，。、；：）％"
        ):
            lines.append("")
        lines[-1] += piece
    return [line.rstrip() for line in lines]


def _lines(text: str, width: float) -> int:
    """Lines that a text takes in a column."""
    return sum(len(_folded(line, width)) for line in text.split("\n"))


def _tall(lines: int) -> float:
    """Height of a row in points."""
    return _LINE * lines + 2.0


def _width(head: Head, cells: Sequence[Cell]) -> float:
    """How wide a column has to be: its longest cell, its header in two or three lines."""
    header = _room(head.text)
    longest = max((_shown(cell, head) for cell in cells), default=0.0)
    room = max(header / 2.0 if header > 16.0 else min(header, 10.0), _longest_word(head.text))
    return max(min(longest + 2.5, head.most), room + _FILTER, _LEAST)


def _longest_word(text: str) -> float:
    return max(map(_room, re.findall(r"[^\s\u2e80-\uffef]+|.", text)), default=0.0)


def _shown(cell: Cell, head: Head) -> float:
    value = cell.value
    if value is None:
        return 0.0
    if isinstance(value, str):
        return max(map(_room, value.split("\n")), default=0.0)
    if isinstance(value, dt.date):
        return 10.0
    form = cell.form or head.form
    decimals = len(form.partition(".")[2].rstrip("%"))
    return len(f"{value:,.0f}") + (decimals + 1 if decimals else 0) + 1.0
