"""The workbook as a reader's program opens it: typed cells, real numbers, nothing that computes."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.cell import Cell as Opened

from sim.answer.blocks import Answer, Column, Line, Table
from sim.answer.dossier import Dossier
from sim.answer.figures import Axis, Point
from sim.answer.stored import restored, stored
from sim.page.workbook import workbook
from sim.page.workbook.blocks import figure_sheet, table_sheet
from sim.page.workbook.sheet import PERCENT, Cell
from sim.verify import named
from sim.words import (
    LANGUAGES,
    ChanceInterval,
    Count,
    Either,
    Goal,
    Mean,
    Quantity,
    Share,
    Speech,
    Yuan,
    YuanInColumn,
)
from tests.page.pictures import EXAMPLES, response
from tests.report.conftest import HOSTILE

TOP = 5  # the row of the headers


def cells(book: Any) -> Iterator[Opened]:
    for sheet in book:
        for row in sheet.iter_rows():
            yield from (cell for cell in row if cell.value is not None)


def columns(sheet: Any) -> dict[str, list[Any]]:
    """What stands below each header."""
    found = {}
    for column in sheet.iter_cols(min_row=TOP):
        header, *values = (cell.value for cell in column)
        if header is not None:
            found[str(header)] = values
    return found


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_cell_is_a_number_a_date_or_a_text(books: dict[str, Any], language: str) -> None:
    kinds = {cell.data_type for cell in cells(books[language])}
    assert kinds == {"s", "n", "d"}, "f would be a formula, e an error"


def test_what_a_spreadsheet_would_compute_stays_a_text_when_it_is_edited(
    books: dict[str, Any],
) -> None:
    marked = {
        cell.value: cell.quotePrefix
        for cell in cells(books["en"])
        if isinstance(cell.value, str) and cell.value.startswith(("=", "@", "+"))
    }
    assert marked.keys() >= {*HOSTILE.values()}
    assert {*marked.values()} == {True}


def test_charts_refer_to_cells_of_sheets_that_exist(
    workbook_files: dict[str, bytes], books: dict[str, Any]
) -> None:
    with zipfile.ZipFile(io.BytesIO(workbook_files["en"])) as package:
        charts = [package.read(n).decode() for n in package.namelist() if "/charts/chart" in n]
    references = {own for chart in charts for own in re.findall("<c:f>(.*?)</c:f>", chart)}
    assert len(charts) > 20
    assert len(references) > 100
    sheets = {own.rpartition("!")[0].strip("'") for own in references}
    assert sheets <= {sheet.title for sheet in books["en"]}, "a name would be taken for a formula"


@pytest.mark.parametrize("language", LANGUAGES)
def test_sheets_can_be_filtered_scrolled_and_printed(books: dict[str, Any], language: str) -> None:
    first, *sheets = books[language]
    assert len(sheets) > 8
    assert {sheet.page_setup.orientation for sheet in [first, *sheets]} == {"landscape"}
    assert {str(sheet.page_setup.paperSize) for sheet in [first, *sheets]} == {"9"}
    for sheet in sheets:
        assert sheet.freeze_panes is not None, sheet.title
        assert sheet.auto_filter.ref is not None, sheet.title
        assert sheet.print_title_rows or sheet.print_area, sheet.title
        assert sheet.oddFooter.left.text, sheet.title
        assert min(own.width for own in sheet.column_dimensions.values()) >= 8.0, sheet.title


@pytest.mark.parametrize("language", LANGUAGES)
def test_readme_links_to_every_sheet(books: dict[str, Any], language: str) -> None:
    first, *sheets = books[language]
    links = [cell.hyperlink for (cell,) in first.iter_rows(max_col=1) if cell.hyperlink]
    linked = {link.location.split("'!")[0].strip("'") for link in links}
    assert linked == {sheet.title for sheet in sheets}


def test_no_number_format_depends_on_the_number(books: dict[str, Any]) -> None:
    formats = {cell.number_format for cell in cells(books["zh"])}
    assert "0.0%" in formats
    assert not [form for form in formats if "[" in form]


def test_the_file_says_of_which_result_it_is(books: dict[str, Any], dossier: Dossier) -> None:
    told = {own.name: own.value for own in books["zh"].custom_doc_props.props}
    assert told["kepusim_result_hash"] == dossier.manifest["result_hash"]
    assert told["kepusim_command"] == dossier.command


def test_a_command_longer_than_a_property_is_read_back_whole(
    dossier: Dossier, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    command = "python -m sim " + " ".join(f"a.key_{number}=1" for number in range(250))
    monkeypatch.setattr(Dossier, "command", property(lambda _: command))
    path = tmp_path / "results.xlsx"
    path.write_bytes(workbook(dossier, Speech("en")))
    assert named(path).command == command
    readme = openpyxl.load_workbook(path).worksheets[0]
    assert command in [cell.value for row in readme for cell in row]


def test_equal_results_are_equal_files(workbook_files: dict[str, bytes], dossier: Dossier) -> None:
    assert workbook(dossier, Speech("en")) == workbook_files["en"]


# ---------------------------------------------------------------------- numbers


def test_attainment_is_that_of_the_csv_file(books: dict[str, Any], dossier: Dossier) -> None:
    written, expected = books["en"]["Data attainment"], dossier.archive.attainment()
    found = [*columns(written).values()]
    assert len(found) == len(expected.columns)
    numbers = [*expected.select_dtypes("number").columns]
    assert {"probability", "p50", "goal", "replications"} <= {*numbers}
    for name in numbers:
        own = found[expected.columns.get_loc(name)]
        assert [value is None for value in own] == expected[name].isna().tolist(), name
        theirs = [float(value) for value in expected[name].dropna()]
        assert [value for value in own if value is not None] == pytest.approx(theirs), name


def test_chances_of_the_answer_are_those_of_the_csv_file(
    books: dict[str, Any], dossier: Dossier
) -> None:
    sheet = books["en"]["1 attainment of targets"]
    chances = columns(sheet)["Chance"]
    known = {f"{value:.12f}" for value in dossier.archive.attainment()["probability"].dropna()}
    written = {f"{chance:.12f}" for chance in chances if chance is not None}
    assert len(written) > 4
    assert written <= known
    (column,) = (cell.column for cell in sheet[TOP] if cell.value == "Chance")
    forms = {
        row[0].number_format
        for row in sheet.iter_rows(min_row=TOP + 1, min_col=column, max_col=column)
        if isinstance(row[0].value, float)
    }
    assert forms == {"0.0%"}


def test_money_sums_to_that_of_the_ledger(books: dict[str, Any], dossier: Dossier) -> None:
    ledger = dossier.archive.ledger()
    total = ledger["yuan"].sum() / 6
    for language, sheet, header, scale in (
        ("en", "Data ledger", "Mean per replication (million yuan)", 1e6),
        ("zh", "数据 资金流水", "每次模拟平均（万元）", 1e4),
    ):
        written = columns(books[language][sheet])[header]
        assert scale * sum(filter(None, written)) == pytest.approx(total, rel=1e-9)


def test_places_are_named_with_means_at_the_ends_of_years(
    books: dict[str, Any], dossier: Dossier
) -> None:
    table = columns(books["en"]["Data districts"])
    found = {
        (place, indicator): value
        for place, indicator, value in zip(
            table["Place"], table["Indicator"], table["End of 2020"], strict=True
        )
    }
    series = dossier.archive.series()
    own = series[
        (series["indicator"] == "volunteers") & (series["date"].astype(str) == "2020-12-31")
    ]
    means = own.groupby(own["place"].astype(str))["value"].mean()
    assert found["Whole city", "Registered volunteers"] == pytest.approx(means["city"])
    assert found["Wanzhou", "Registered volunteers"] == pytest.approx(means["500101"])


def test_what_is_missing_stands_in_the_column_of_its_unit(
    books: dict[str, Any], dossier: Dossier
) -> None:
    table, delays = columns(books["en"]["Data delays"]), dossier.archive.delays()
    sums = delays.groupby(delays["unit"].astype(str))["missing"].sum() / 6
    assert len(sums) >= 4
    for unit, total in sums.items():
        written = table[f"Missing ({unit})"]
        assert sum(value or 0.0 for value in written) == pytest.approx(total), unit
    days = sum(value or 0.0 for value in table["Project days"])
    assert days == pytest.approx(delays["project_days"].sum() / 6)


def test_charts_of_figures_stand_beside_the_numbers_that_they_show() -> None:
    kinds = set()
    for example in EXAMPLES:
        figure = example()
        sheet = figure_sheet(figure, "tab", Speech("zh"))
        if sheet is None:
            continue
        kinds.add(type(figure).__name__)
        assert {len(row) for row in sheet.rows} == {len(sheet.heads)}, figure.name
        spans = [s for chart in sheet.charts for series in chart.series
                 for s in (series.across, series.up, *(series.errors or ()))]  # fmt: skip
        assert [chart.title for chart in sheet.charts for own in chart.series if not own.name] == []
        reached = [span.last for span in spans if span.first > span.last]
        assert reached == [], figure.name
        assert max([0, *(span.last for span in spans)]) < len(sheet.rows), figure.name
    assert kinds == {"Chances", "Fan", "Response", "Stack"}


# ---------------------------------------------------------------------- tables of any question


def spoken(number: object) -> object:
    """A number as answer.json gives it back."""
    (line,) = (
        restored(stored(Answer([], [Table("t", "", {}, [Line({"own": number})])]))).tables[0].rows
    )
    return line.cells["own"]


def made(column: Column, *values: object) -> tuple[list[str], list[list[object]]]:
    """Headers and values of a table with one column beside its names."""
    rows = [Line({"name": f"row {at}", "own": value}) for at, value in enumerate(values)]
    table = Table("t", "Title", {"name": Column("Name", "name"), "own": column}, rows)
    sheet = table_sheet(table, "t", Speech("en"))
    told: list[list[object]] = [
        [own.value if isinstance(own, Cell) else own for own in row] for row in sheet.rows
    ]
    return [head.text for head in sheet.heads][1:], [row[1:] for row in told]


def test_budgets_over_decades_have_a_logarithmic_axis_from_which_zero_is_left_out() -> None:
    panel = response(1).panels[0]
    free = replace(panel, points=[Point(0.0, 0.0), *panel.points])
    across = Axis(form="yuan", scale="log", ends=(4e7, 5e8))
    sheet = figure_sheet(replace(response(), panels=[free], across=across), "1", Speech("en"))
    assert sheet is not None
    (chart,) = sheet.charts
    assert (chart.decades, chart.across_ends) == (True, (1e7, 1e9))
    dots, fitted = chart.series
    assert (dots.across.first, dots.across.last) == (1, len(panel.points))
    assert (fitted.across.first, fitted.across.last) == (
        len(panel.points) + 1, len(panel.points) + len(panel.x),
    )  # fmt: skip


def test_an_interval_takes_three_columns() -> None:
    chance = spoken(ChanceInterval(0.42, 0.35, 0.49))
    heads, rows = made(Column("Chance", form="chance"), chance, None)
    assert heads == ["Chance", "Chance, low", "Chance, high"]
    assert rows == [[0.42, 0.35, 0.49], [None, None, None]]


def test_units_that_differ_have_a_column_and_so_have_signs() -> None:
    heads, rows = made(
        Column("Goal"),
        spoken(Goal(">=", 20.0, {"zh": "家", "en": "bases"})),
        spoken(Goal("<", 1.46, {"zh": "百分点", "en": "points"})),
        spoken(Goal(">=", 1e11, {"zh": "元/年", "en": "yuan a year"})),
    )
    assert heads == ["Goal, sign", "Goal", "Goal, unit"]
    assert rows == [
        ["≥", 20.0, "bases"],
        ["<", 1.46, "points"],
        ["≥", 100.0, "billion yuan a year"],
    ]


def test_money_is_scaled_to_the_unit_in_its_header() -> None:
    cells = spoken(Yuan(120_000_000)), spoken(YuanInColumn(-3e4))
    heads, rows = made(Column("Money", form="yuan"), *cells)
    assert heads == ["Money (million yuan)"]
    assert rows == [[120.0], [pytest.approx(-0.03)]]


def test_where_others_have_a_number_a_word_stays_a_word() -> None:
    heads, rows = made(Column("Promise"), spoken(Count(1017)), "none", spoken(Mean(3.25)))
    assert heads == ["Promise"]
    assert rows == [[1017.0], ["none"], [3.25]]


def test_shares_among_other_numbers_are_shares() -> None:
    table = Table("t", "Title", {"own": Column("Own")}, [
        Line({"own": spoken(own)}) for own in (Share(0.5), Quantity(2.0), Either(1.0, 4.0))
    ])  # fmt: skip
    sheet = table_sheet(table, "t", Speech("en"))
    assert [(cell.value, cell.form) for cell, *_ in sheet.rows if isinstance(cell, Cell)] == [
        (0.5, PERCENT), (2.0, None), (1.0, None),
    ]  # fmt: skip
    assert [row[1] for row in sheet.rows] == [Cell(None), Cell(None), Cell(4.0)]


def test_headings_become_a_column() -> None:
    rows = [Line({"name": "Group"}, heading=True), Line({"name": "a"}), Line({"name": "b"})]
    sheet = table_sheet(Table("t", "T", {"name": Column("Name", "name")}, rows), "t", Speech("en"))
    assert [row[0] for row in sheet.rows] == ["Group", "Group"]
