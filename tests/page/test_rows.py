"""Pictures of rows show the values of their rows: where dots, intervals and words stand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from sim.answer.figures import Chances
from sim.page.picture.colours import LOOKS
from sim.page.picture.figures import pages
from sim.words import ChanceInterval, Language, Said, Speech, likelihood
from tests.page.pictures import STAMP, Page, both, chances, ruler, words

Look = Callable[..., list[Page]]
LANGUAGES: tuple[Language, ...] = ("zh", "en")


def row_of(pages: list[Page], number: int) -> Page:
    """The page that holds a row; exactly one does."""
    holding = [page for page in pages if any(n.startswith(f"row{number}.cell") for n in page)]
    assert len(holding) == 1, f"row {number} is on {len(holding)} pages"
    return holding[0]


def names_above(page: Page, figure: Chances, number: int, language: str) -> str:
    """The name that a reader gives to a row: its own, or the nearest above it."""
    at = page[f"row{number}.cell0"].y
    shown = [
        (mark.y, i)
        for i in range(len(figure.rows))
        if (mark := page.get(f"row{i}.name")) and mark.y < at + 3.0
    ]
    return words(page, f"row{max(shown)[1]}.name")


@pytest.mark.parametrize("language", LANGUAGES)
def test_dots_and_intervals_stand_at_their_chances(look: Look, language: str) -> None:
    assert chances().rows
    for number, row in enumerate(chances().rows):
        page = row_of(look("chances", language), number)
        value = ruler(page, "guide", "tick", "x")
        assert value(page[f"row{number}"].x) == pytest.approx(row.probability, abs=1e-6)
        ends = [value(x) for x in page[f"row{number}.interval"].xs]
        assert ends == pytest.approx([row.low, row.high], abs=1e-6)
        assert value(page[f"row{number}.low"].x) == pytest.approx(row.low, abs=1e-6)
        assert value(page[f"row{number}.high"].x) == pytest.approx(row.high, abs=1e-6)
        heights = {round(y, 3) for name in ("", ".interval") for y in page[f"row{number}{name}"].ys}
        assert len(heights) == 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_colours_say_how_likely_and_rings_what_does_not_count(look: Look, language: str) -> None:
    assert chances().rows
    for number, row in enumerate(chances().rows):
        page = row_of(look("chances", language), number)
        colour = LOOKS[likelihood(row.probability)].colour
        dot = page[f"row{number}"]
        assert dot.colour == colour
        assert dot.fill == (colour if row.counts else "#FFFFFF")
        assert page[f"row{number}.interval"].colour == colour


@pytest.mark.parametrize("language", LANGUAGES)
def test_words_of_a_row_stand_at_its_height_under_its_name(look: Look, language: str) -> None:
    figure, speech = chances(), Speech(language)  # type: ignore[arg-type]
    assert figure.rows
    for number, row in enumerate(figure.rows):
        page = row_of(look("chances", language), number)
        said = speech.text(ChanceInterval(row.probability, row.low, row.high))
        for place, text in enumerate((said, speech.text(row.median), speech.text(row.goal))):
            assert words(page, f"row{number}.cell{place}") == text
            middle = page[f"row{number}.cell{place}"].y
            assert middle == pytest.approx(page[f"row{number}"].y, abs=6.0)
        assert names_above(page, figure, number, language) == speech.text(row.name)
        if row.reading is not None:
            mark = "● " if row.counts else "○ "
            assert words(page, f"row{number}.reading") == mark + speech.text(row.reading)


@pytest.mark.parametrize("language", LANGUAGES)
def test_groups_are_headings_and_go_on_at_the_top_of_a_page(look: Look, language: str) -> None:
    speech = Speech(language)  # type: ignore[arg-type]
    rows, before, continued = chances().rows, None, 0
    pages = look("chances", language)
    assert len(pages) > 1
    for number, row in enumerate(rows):
        page = row_of(pages, number)
        first = number == min(i for i in range(len(rows)) if f"row{i}.cell0" in page)
        group = speech.text(row.group)
        heading = words(page, f"row{number}.group")
        if group != before:
            assert heading == group
        elif first:
            assert heading == speech("picture.continued", name=group)
            continued += 1
        else:
            assert not heading
        before = group
    assert continued


def test_rows_stand_in_the_order_of_the_figure(look: Look) -> None:
    order = []
    for page in look("chances"):
        dots = [(mark.y, int(name[3:])) for name, mark in page.items() if name[3:].isdigit()
                and name.startswith("row")]  # fmt: skip
        order += [number for _, number in sorted(dots)]
    assert order == list(range(len(chances().rows)))


def test_what_counts_as_likely_begins_at_a_dashed_line(look: Look) -> None:
    page = look("chances")[0]
    dashed = [mark for name, mark in page.items()
              if name.startswith("guide") and "stroke-dasharray" in mark.style]  # fmt: skip
    assert len(dashed) == 1
    assert ruler(page, "guide", "tick", "x")(dashed[0].x) == pytest.approx(0.8, abs=1e-6)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_explains_the_marks_that_it_has(language: Language) -> None:
    """Of the rows the first has a dagger and the last a reading: a page with neither is silent."""
    speech, plain = Speech(language), both("另有说明。", "Something else.")
    figure = chances(40)
    rows = [replace(row, reading=None) for row in figure.rows]
    rows[0] = replace(rows[0], name=both("一†", "one†"))
    rows[-1] = replace(rows[-1], reading=both("口径", "reading"))
    notes = [Said("row.counts"), Said("row.not_plan"), plain]
    sheets = pages(replace(figure, rows=rows, notes=notes), STAMP, speech)
    assert len(sheets) >= 3
    said = [
        "".join(text.line.text for text in sheet.texts if text.name.startswith("note"))
        for sheet in sheets
    ]
    counts, dagger, other = (speech.text(note)[:12] for note in notes)
    assert [counts in own for own in said] == [False] * (len(sheets) - 1) + [True]
    assert [dagger in own for own in said] == [True] + [False] * (len(sheets) - 1)
    assert all(other in own for own in said)
