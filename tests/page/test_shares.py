"""Stacks and grids show their values: lengths, fills, cells and what is written on them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from sim.answer.figures import GridRow, Stack
from sim.page.picture.colours import INK, LOOKS, MUTED, fills, heat, ink_on
from sim.words import Speech
from tests.page.pictures import Page, grid, ledger, maps, ruler, stack, sums, words

Look = Callable[..., list[Page]]
LANGUAGES = ("zh", "en")
STACKS: tuple[Callable[[], Stack], ...] = (stack, ledger, sums)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("example", STACKS)
def test_parts_follow_each_other_in_their_lengths(
    look: Look, example: Callable[[], Stack], language: str
) -> None:
    figure = example()
    (page,) = look(figure.name, language)
    unit = None
    for number, row in enumerate(figure.rows):
        total = sum(part.amount for part in row.parts)
        place = None
        for i, part in enumerate(row.parts):
            if not part.amount:
                assert f"row{number}.part{i}" not in page
                continue
            area = page[f"row{number}.part{i}"]
            left, right = min(area.xs), max(area.xs)
            if place is not None:
                assert left == pytest.approx(place, abs=0.01)
            place = right
            own = (right - left) / (part.amount / total if figure.shares else part.amount)
            unit = own if unit is None else unit
            assert own == pytest.approx(unit, rel=1e-3)
    assert unit is not None
    if not figure.shares:
        value = ruler(page, "guide", "tick", "x")
        area = page["row0.part0"]
        assert value(min(area.xs)) == pytest.approx(0.0, abs=1e-3)
        assert value(max(area.xs)) == pytest.approx(30.0, abs=1e-3)


def test_parts_of_one_kind_are_tints_and_what_never_began_is_hatched(
    look: Look, drawn_svg: Callable[[str], str]
) -> None:
    (page,) = look("stack")
    colours = [page[f"row3.part{i}"].fill for i in (0, 1, 2)]
    assert colours[0] == LOOKS["money"].colour
    assert colours[1] == LOOKS["people"].colour
    assert len(set(colours)) == 3
    svg = drawn_svg("stack_en")
    for i in range(4):
        group = svg.split(f'<g id="row3.part{i}">')[1].split('<g id="row3.part')[0]
        assert ("url(#" in group) == (i == 3)


@pytest.mark.parametrize("language", LANGUAGES)
def test_parts_are_named_beside_their_bar_with_the_fill_that_they_have_in_it(
    look: Look, language: str
) -> None:
    figure, speech = stack(), Speech(language)  # type: ignore[arg-type]
    (page,) = look("stack", language)
    assert figure.rows
    for number, row in enumerate(figure.rows):
        total = sum(part.amount for part in row.parts)
        named = [part for part in row.parts if part.amount >= 0.005 * total]
        for place, part in enumerate(named, start=1):
            sign = "%" if language == "zh" else "\u00a0%"
            text = f"{speech.text(part.name)} {100 * part.amount / total:.0f}{sign}"
            assert page[f"row{number}.beside.{place}"].text == text
            swatch = page[f"row{number}.beside.{place}.sign"]
            assert swatch.fill == page[f"row{number}.part{row.parts.index(part)}"].fill
        assert words(page, f"row{number}.cell0") == row.total
        if not row.parts:
            assert words(page, f"row{number}.note") == speech.text(row.note)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_key_names_the_parts_of_all_bars(look: Look, language: str) -> None:
    figure, speech = ledger(), Speech(language)  # type: ignore[arg-type]
    (page,) = look("ledger", language)
    assert figure.rows[0].parts[:4]
    for place, part in enumerate(figure.rows[0].parts[:4], start=1):
        assert words(page, f"key.{place}") == speech.text(part.name)
        assert page[f"key.{place}.sign"].fill == page[f"row0.part{place - 1}"].fill


def test_shares_are_written_where_they_fit(look: Look) -> None:
    (page,) = look("ledger")
    row = ledger().rows[0]
    total = sum(part.amount for part in row.parts)
    for i in range(3):
        area, text = page[f"row0.part{i}"], page[f"row0.part{i}.share"]
        assert text.text == f"{100 * row.parts[i].amount / total:.0f}\u00a0%"
        assert min(area.xs) < text.x < max(area.xs)
        assert text.fill == ink_on(area.fill)


def test_no_two_fills_of_a_bar_are_alike() -> None:
    kinds = [(role, hatched) for role in ("money", "money", "people") for hatched in (True, False)]
    parts = [(i, role, hatched) for i, (role, hatched) in enumerate(kinds)]
    chosen = fills(parts)  # type: ignore[arg-type]
    assert len({(fill.colour, fill.hatch) for fill in chosen.values()}) == len(parts)


# ------------------------------------------------------------------ grids


def check_cell(page: Page, name: str, cell_row: GridRow, column: int, ends: tuple[float, float],
               speech: Speech) -> None:  # fmt: skip
    cell = cell_row.cells[column]
    area = page[name]
    assert area.fill == (heat(cell.value, *ends) if cell.sure else "#F2F2F2")
    assert (f"{name}.frame" in page) == cell.marked
    text = page[f"{name}.value"]
    assert text.text == speech.text(cell.text)
    assert min(area.xs) < text.x < max(area.xs)
    assert min(area.ys) < text.y < max(area.ys)
    assert ("font-weight" in text.style) == cell.marked


@pytest.mark.parametrize("language", LANGUAGES)
def test_cells_of_a_grid_have_the_colour_and_words_of_their_value(
    look: Look, language: str
) -> None:
    figure, speech = grid(), Speech(language)  # type: ignore[arg-type]
    pages = look("grid", language)
    panel = figure.panels[0]
    assert {(row.reading is None, row.counts) for row in panel.rows} == {
        (True, True), (False, True), (False, False),
    }  # fmt: skip
    for number, row in enumerate(panel.rows):
        (page,) = [page for page in pages if f"row{number}.name" in page]
        assert words(page, f"row{number}.name") == speech.text(row.name)
        name_of_cells = f"row{number}.name"
        if row.reading is not None:
            name_of_cells = f"row{number}.reading"
            mark = "● " if row.counts else "○ "
            assert words(page, name_of_cells) == mark + speech.text(row.reading)
        assert words(page, f"row{number}.cell0") == speech.text(row.before)
        assert words(page, f"row{number}.cell1") == speech.text(row.after)
        quiet = {page[f"row{number}.cell{side}"].fill for side in (0, 1)}
        assert quiet == {INK if row.counts else MUTED}
        for column in range(len(row.cells)):
            name = f"row{number}.cell_{column}"
            check_cell(page, name, row, column, figure.ends, speech)
            assert words(page, f"header{column}").replace(" ", "") == speech.text(
                panel.columns[column]
            ).replace(" ", "")
            assert page[f"header{column}"].x == pytest.approx(page[f"{name}.value"].x, abs=1.0)
            assert page[f"{name}.value"].y == pytest.approx(page[name_of_cells].y, abs=6.0)
        gaps = [min(page[f"row{number}.cell_{j + 1}"].xs) - max(page[f"row{number}.cell_{j}"].xs)
                for j in range(3)]  # fmt: skip
        assert gaps[2] > 2 * gaps[0] > 0


@pytest.mark.parametrize("language", LANGUAGES)
def test_cells_of_maps_stand_in_their_row_and_column(look: Look, language: str) -> None:
    figure, speech = maps(), Speech(language)  # type: ignore[arg-type]
    (page,) = look("maps", language)
    assert figure.panels
    for number, panel in enumerate(figure.panels):
        assert words(page, f"panel{number}.name") == speech.text(panel.name)
        for i, row in enumerate(panel.rows):
            middle = page[f"panel{number}.row{i}"]
            assert middle.text == speech.text(row.name)
            for j in range(len(row.cells)):
                name = f"panel{number}.cell{i}_{j}"
                check_cell(page, name, row, j, figure.ends, speech)
                assert page[f"{name}.value"].y == pytest.approx(middle.y, abs=1.0)
                column = page[f"panel{number}.column{j}"]
                assert column.text == panel.columns[j]
                assert page[f"{name}.value"].x == pytest.approx(column.x, abs=1.0)


def test_colours_deepen_with_the_value_and_losses_have_their_own() -> None:
    from sim.page.picture.colours import luminance

    light = [luminance(heat(value / 10, 0.0, 1.0)) for value in range(11)]
    assert light == sorted(light, reverse=True)
    assert heat(0.5, -1.0, 1.0) != heat(-0.5, -1.0, 1.0)
    assert heat(0.5, -1.0, 1.0) == heat(0.5, -0.2, 1.0)
