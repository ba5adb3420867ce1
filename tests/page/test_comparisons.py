"""Dumbbells and ladders show their values: dots, joins, intervals, goals and texts."""

from __future__ import annotations

import math
from collections.abc import Callable

import pytest

from sim.answer.figures import Dumbbell, Ladder
from sim.page.picture.colours import LOOKS, words_in
from sim.words import Speech
from tests.page.pictures import Page, budgets, dumbbell, ladder, ruler, scenarios, words

Look = Callable[..., list[Page]]
LANGUAGES = ("zh", "en")


def row_of(pages: list[Page], number: int) -> Page:
    """The page that holds a row; exactly one does."""
    holding = [page for page in pages if f"row{number}.name" in page]
    assert len(holding) == 1
    return holding[0]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("example", [dumbbell, scenarios])
def test_dots_of_a_dumbbell_stand_at_their_values(
    look: Look, example: Callable[[], Dumbbell], language: str
) -> None:
    figure, speech = example(), Speech(language)  # type: ignore[arg-type]
    assert figure.rows
    for number, row in enumerate(figure.rows):
        page = row_of(look(figure.name, language), number)
        value = ruler(page, "guide", "tick", "x")
        for place, dot in enumerate(row.dots):
            mark = page[f"row{number}.dot{place}"]
            assert value(mark.x) == pytest.approx(dot.value, abs=1e-4)
            colour = LOOKS[dot.role].colour
            assert mark.colour == colour
            assert mark.fill == ("#FFFFFF" if dot.hollow else colour)
            name = f"row{number}.dot{place}.interval"
            assert (name in page) == (dot.interval is not None)
            if dot.interval is not None:
                low, high = page[name].xs
                assert value(low) == pytest.approx(dot.interval[0], abs=1e-4)
                assert (name.replace("interval", "high") in page) == (dot.interval[1] is not None)
                if dot.interval[1] is not None:
                    assert value(high) == pytest.approx(dot.interval[1], abs=1e-4)
                else:  # it goes on to where the axis ends
                    assert high > max(page[f"guide{i}"].x for i in range(4))
        if len(row.dots) > 1:
            change = page[f"row{number}.change"]
            assert [value(x) for x in change.xs] == pytest.approx(
                [dot.value for dot in row.dots], abs=1e-4
            )
            assert change.colour == LOOKS[row.role].colour
        for place, text in enumerate(row.texts):
            assert words(page, f"row{number}.cell{place}") == speech.text(text)
            assert page[f"row{number}.cell{place}"].y == pytest.approx(
                page[f"row{number}.dot0"].y, abs=6.0
            )
        assert words(page, f"row{number}.name") == speech.text(row.name)
    for place, header in enumerate(figure.columns):
        assert words(page, f"column{place}").replace(" ", "") == speech.text(header).replace(
            " ", ""
        )


def test_changes_that_may_be_chance_are_thin(look: Look) -> None:
    pages = look("dumbbell")
    widths = {
        row.sure: float(row_of(pages, i)[f"row{i}.change"].style["stroke-width"])
        for i, row in enumerate(dumbbell().rows)
    }
    assert widths[True] >= 2 * widths[False]


def test_a_reference_is_marked_through_all_rows(look: Look) -> None:
    (page,) = look("scenarios", "en")
    line = page["reference"]
    assert ruler(page, "guide", "tick", "x")(line.x) == pytest.approx(12.0, abs=1e-4)
    ys = [page[f"row{i}.dot0"].y for i in range(7)]
    assert min(line.ys) < min(ys)
    assert max(line.ys) > max(ys)
    assert "stroke-dasharray" in line.style
    assert any(mark.text == "reference" for mark in page.values())


@pytest.mark.parametrize("language", LANGUAGES)
def test_rungs_stand_at_their_shares_and_triangles_where_they_leave_the_scale(
    look: Look, language: str
) -> None:
    figure = ladder()
    (page,) = look("ladder", language)
    value = ruler(page, "guide", "tick", "x")
    for number, row in enumerate(figure.rows):
        for place, dot in enumerate(row.dots):
            assert dot.value is not None
            mark = page[f"row{number}.dot{place}"]
            assert value(mark.x) == pytest.approx(min(dot.value, 1.5), abs=0.01)
            assert mark.colour == LOOKS[dot.role].colour
            if dot.interval is not None:
                low, high = dot.interval
                ends = [value(x) for x in page[f"row{number}.dot{place}.interval"].xs]
                shown = [1.5 if end is None else min(end, 1.5) for end in (low, high)]
                assert ends == pytest.approx(shown, abs=0.01)
                capped = high is not None and high <= 1.5
                assert (f"row{number}.dot{place}.high" in page) == capped
        assert (f"row{number}.goal" in page) == (row.at is not None)
        if row.at is not None:
            assert value(page[f"row{number}.goal"].x) == pytest.approx(row.at, abs=1e-4)
        reach = [value(x) for x in page[f"row{number}.reach"].xs]
        shares = [min(dot.value or 0.0, 1.5) for dot in row.dots]
        assert reach == pytest.approx([min(shares), max(shares)], abs=0.01)
    assert value(page["reference"].x) == pytest.approx(1.0, abs=1e-6)


def test_dots_beyond_the_scale_have_another_shape(drawn_svg: Callable[[str], str]) -> None:
    svg = drawn_svg("ladder_en")

    def shape(name: str) -> str:
        return svg.split(f'<g id="{name}">')[1].split('<use xlink:href="#')[1].split('"')[0]

    assert shape("row9.dot0") == shape("row8.dot0") != shape("row5.dot0")


@pytest.mark.parametrize("language", LANGUAGES)
def test_texts_of_a_ladder_stand_in_the_colours_of_their_series(look: Look, language: str) -> None:
    figure, speech = ladder(), Speech(language)  # type: ignore[arg-type]
    (page,) = look("ladder", language)
    assert figure.columns
    for place, (header, role) in enumerate(figure.columns):
        assert words(page, f"column{place}") == speech.text(header)
        assert page[f"column{place}"].fill == words_in(role)
    for number, row in enumerate(figure.rows):
        for place, text in enumerate(row.texts):
            cell = page[f"row{number}.cell{place}"]
            assert cell.text == text
            assert cell.fill == words_in(figure.columns[place][1])
        assert words(page, f"row{number}.cell{len(row.texts)}") == speech.text(row.goal)


@pytest.mark.parametrize("language", LANGUAGES)
def test_budgets_stand_on_a_logarithmic_axis_and_notes_in_place_of_what_cannot_be_bought(
    look: Look, language: str
) -> None:
    figure: Ladder = budgets()
    (page,) = look("budgets", language)
    speech = Speech(language)  # type: ignore[arg-type]
    dots = {i: page[f"row{i}.dot0"].x for i in range(7)}
    # The logarithms of the examples are 7, 7.3, 7.6 ...: equal steps on the page.
    step = (dots[6] - dots[0]) / 6.0
    assert [dots[i] - dots[0] for i in range(7)] == pytest.approx(
        [i * step for i in range(7)], abs=0.01
    )
    for number, row in enumerate(figure.rows):
        if not row.dots:
            assert words(page, f"row{number}.note").replace(" ", "") == speech.text(
                row.note
            ).replace(" ", "")
            continue
        low, high = page[f"row{number}.dot0.interval"].xs
        assert low == pytest.approx(dots[number] - step / 3.0, abs=0.01)
        if number == 6:  # its upper end is open: it goes on to the edge, without a cap
            assert high > dots[6] + 0.2 * step
            assert "row6.dot0.high" not in page
        else:
            assert high == pytest.approx(dots[number] + 2.0 * step / 3.0, abs=0.01)
            assert page[f"row{number}.dot0.high"].x == pytest.approx(high, abs=0.01)
    at = dots[0] + step * (math.log10(1.5e8) - 7.0) / 0.3
    assert page["reference"].x == pytest.approx(at, abs=0.01)
