"""Flows, tiles, scatters, timelines and overviews show their values where they belong."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise

import pytest

from sim.answer.figures import Flow, Part, Tiles
from sim.page.picture import pages
from sim.page.picture.colours import LOOKS, fills, heat, ink_on, words_in
from sim.words import ChanceInterval, Speech, Yuan, likelihood
from tests.page.pictures import (
    STAMP,
    Drawn,
    Page,
    Ruler,
    flow,
    flow_years,
    overview,
    ruler,
    scatter,
    tile_maps,
    tiles,
    timeline,
    words,
)

Look = Callable[..., list[Page]]
LANGUAGES = ("zh", "en")


def span(mark: Drawn, axis: str) -> tuple[float, float]:
    """From where to where a mark reaches."""
    places = getattr(mark, axis)
    return min(places), max(places)


def length(mark: Drawn, axis: str) -> float:
    low, high = span(mark, axis)
    return high - low


# ------------------------------------------------------------------ flows


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("example", [flow, flow_years])
def test_accounts_and_streams_are_as_wide_as_they_are_large(
    look: Look, example: Callable[[], Flow], language: str
) -> None:
    figure, unit = example(), None
    pages = look(figure.name, language)
    assert figure.panels
    for number, panel in enumerate(figure.panels):
        (page,) = [page for page in pages if f"panel{number}.account0" in page]
        for i in range(len(panel.accounts)):
            own = length(page[f"panel{number}.account{i}"], "ys") / panel.yuan(i)
            unit = own if unit is None else unit
            assert own == pytest.approx(unit, rel=1e-4)  # one scale in all panels
        assert unit is not None
        for i, stream in enumerate(panel.streams):
            mark = page[f"panel{number}.stream{i}"]
            left, right = span(mark, "xs")
            for place in (left, right):
                ys = [y for x, y in mark.points if x == pytest.approx(place, abs=0.01)]
                assert max(ys) - min(ys) == pytest.approx(stream.yuan * unit, abs=0.01)
            assert left == pytest.approx(max(page[f"panel{number}.account{stream.source}"].xs))
            assert right == pytest.approx(min(page[f"panel{number}.account{stream.target}"].xs))
            assert mark.fill == LOOKS[stream.role].colour.upper()


@pytest.mark.parametrize("end", ["source", "target"])
def test_streams_fill_their_accounts_side_by_side(look: Look, end: str) -> None:
    (page,) = look("flow")
    (panel,) = flow().panels
    sides = {"source": "xs", "target": "xs"}
    checked = 0
    for i in range(len(panel.accounts)):
        parts = []
        for number, stream in enumerate(panel.streams):
            if getattr(stream, end) != i:
                continue
            mark = page[f"panel0.stream{number}"]
            low, high = span(mark, sides[end])
            edge = low if end == "source" else high
            ys = [y for x, y in mark.points if x == pytest.approx(edge, abs=0.01)]
            parts.append((min(ys), max(ys)))
        if not parts:
            continue
        parts.sort()
        top, bottom = span(page[f"panel0.account{i}"], "ys")
        assert parts[0][0] == pytest.approx(top, abs=0.01)
        assert parts[-1][1] == pytest.approx(bottom, abs=0.01)
        for (_, before), (after, _) in pairwise(parts):
            assert before == pytest.approx(after, abs=0.01)
        checked += 1
    assert checked == {"source": 4, "target": 5}[end]


@pytest.mark.parametrize("language", LANGUAGES)
def test_accounts_say_their_name_amount_and_share_under_their_column(
    look: Look, language: str
) -> None:
    figure, speech = flow(), Speech(language)  # type: ignore[arg-type]
    (page,) = look("flow", language)
    (panel,) = figure.panels
    assert words(page, "panel0.name") == speech.text(panel.name)
    for i, account in enumerate(panel.accounts):
        name = f"panel0.account{i}"
        share = panel.yuan(i) / 9.5e8
        percent = f"{round(100 * share)}{'%' if language == 'zh' else ' %'}"
        amount = f"{speech.text(Yuan(round(panel.yuan(i))))} · {percent}"
        assert words(page, f"{name}.name") == speech.text(account.name) + amount
        label, bar = page[f"{name}.name"], page[name]
        assert "font-weight" in label.style
        outside = label.x < min(bar.xs) if account.column == 0 else label.x > max(bar.xs)
        assert outside
        header = page[f"panel0.column{account.column}"]
        assert header.text == speech.text(figure.columns[account.column])
        assert header.x == pytest.approx(label.x, abs=0.01)
    for column in (0, 1, 2):
        xs = {round(page[f"panel0.account{i}"].x, 2)
              for i, account in enumerate(panel.accounts) if account.column == column}  # fmt: skip
        assert len(xs) == 1


@pytest.mark.parametrize("example", [flow, flow_years])
def test_words_stand_at_the_middle_of_their_account_within_the_page(
    look: Look, example: Callable[[], Flow]
) -> None:
    figure = example()
    pages = look(figure.name)
    assert pages
    for page in pages:
        header = max(mark.y for name, mark in page.items() if ".column" in name)
        rule = page["footer.rule"].y
        bars = {
            name: mark for name, mark in page.items() if re.fullmatch(r"panel\d+.account\d+", name)
        }
        assert bars
        for name, bar in bars.items():
            top, bottom = span(bar, "ys")
            assert header < top < bottom < rule
            lines = [page[f"{name}.name"].y, page[f"{name}.name.2"].y]
            assert sum(lines) / 2 == pytest.approx((top + bottom) / 2, abs=6.0)  # baselines


# ------------------------------------------------------------------ tiles


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("example", [tiles, tile_maps])
def test_tiles_have_the_colour_of_their_value_at_their_place(
    look: Look, example: Callable[[], Tiles], language: str
) -> None:
    figure, speech = example(), Speech(language)  # type: ignore[arg-type]
    (page,) = look(figure.name, language)
    assert figure.panels
    for number, panel in enumerate(figure.panels):
        assert words(page, f"panel{number}.name") == speech.text(panel.name)
        first = page[f"panel{number}.tile0"]
        places: dict[tuple[str, int], float] = {}
        for i, tile in enumerate(panel.tiles):
            name = f"panel{number}.tile{i}"
            area = page[name]
            expected = "#F2F2F2"
            if tile.value is not None:
                expected = heat(tile.value, *panel.ends, panel.role)
            assert area.fill == expected
            assert page[f"{name}.name"].text == speech.text(tile.name)
            assert page[f"{name}.value"].text == speech.text(tile.text)
            assert "font-weight" in page[f"{name}.value"].style
            for word in ("name", "value"):
                text = page[f"{name}.{word}"]
                assert min(area.xs) < text.x < max(area.xs)
                assert min(area.ys) < text.y < max(area.ys)
                if tile.value is not None:
                    assert text.fill == ink_on(expected)
            assert page[f"{name}.name"].y < page[f"{name}.value"].y
            assert (f"{name}.frame" in page) == tile.marked
            assert length(area, "xs") == pytest.approx(length(first, "xs"))
            for axis, at in (("xs", tile.column), ("ys", tile.row)):
                place = places.setdefault((axis, at), span(area, axis)[0])
                assert span(area, axis)[0] == pytest.approx(place, abs=0.01)
        for axis in ("xs", "ys"):
            line = [places[key] for key in sorted(places) if key[0] == axis]
            assert line == sorted(set(line))
        scale = [page[f"panel{number}.scale{step}"].fill for step in range(5)]
        low, high = panel.ends
        assert scale == [heat(low + (high - low) * k / 4, low, high, panel.role) for k in range(5)]
        assert [page[f"panel{number}.{end}"].text for end in ("low", "high")] == [*panel.scale]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_map_says_that_squares_are_no_boundaries(look: Look, language: str) -> None:
    told = {"zh": "不是行政区划界线", "en": "not boundaries"}[language]
    for name in ("tiles", "tile_maps"):
        pages = look(name, language)
        assert pages
        assert {told in words(page, "below") for page in pages} == {True}


def test_much_that_is_bad_has_the_colour_of_what_is_bad() -> None:
    assert heat(1.0, 0.0, 1.0, "less") != heat(1.0, 0.0, 1.0, "more") == heat(1.0, 0.0, 1.0)


# ------------------------------------------------------------------ scatters


@pytest.mark.parametrize("language", LANGUAGES)
def test_dots_stand_at_both_their_values_and_quarters_have_their_shares(
    look: Look, language: str
) -> None:
    figure = scatter()
    (page,) = look("scatter", language)
    for number, panel in enumerate(figure.panels):
        name = f"panel{number}"
        up = ruler(page, f"{name}.guide", f"{name}.value", "y")
        ticks = sorted(
            (mark.x, float(mark.text.replace("亿", "").removesuffix(" million")))
            for key, mark in page.items() if key.startswith(f"{name}.setting")
        )  # fmt: skip
        unit = 1e8 if language == "zh" else 1e6
        (left, low), (right, high) = ticks[0], ticks[-1]
        ends = [page[key.replace("setting", "tick")].x for key in page
                if key.startswith(f"{name}.setting")]  # fmt: skip
        across = Ruler((min(ends), max(ends)), (low * unit, high * unit))
        assert left < right
        for i, (x, y) in enumerate(zip(panel.x, panel.y, strict=True)):
            dot = page[f"{name}.dot{i}"]
            assert across(dot.x) == pytest.approx(x, rel=1e-3)
            assert up(dot.y) == pytest.approx(y, abs=1e-3)
            assert dot.fill == LOOKS["counts"].colour
        assert panel.cross is not None
        upright, level = page[f"{name}.upright"], page[f"{name}.level"]
        assert across(upright.x) == pytest.approx(panel.cross[0], rel=1e-3)
        assert up(level.y) == pytest.approx(panel.cross[1], abs=1e-3)
        for i, share in enumerate(panel.shares):
            text = page[f"{name}.share{i}"]
            assert text.text == share
            assert (text.x > upright.x) == (i in (1, 3))
            assert (text.y > level.y) == (i in (2, 3))
    assert "→" in words(page, "below")


# ------------------------------------------------------------------ timelines


@pytest.mark.parametrize("language", LANGUAGES)
def test_spans_stand_at_their_days_in_the_fill_of_their_key(look: Look, language: str) -> None:
    figure, speech = timeline(), Speech(language)  # type: ignore[arg-type]
    pages, kinds = look("timeline", language), ["choice", "money", "growth"]
    known = fills([(kind, kind, False) for kind in kinds])  # type: ignore[misc]
    for number, row in enumerate(figure.rows):
        (page,) = [page for page in pages if f"row{number}.name" in page]
        begins = [(page[f"begin{year}"].x, dt.date(year, 1, 1).toordinal())
                  for year in (2017, 2020)]  # fmt: skip
        (a, low), (b, high) = begins
        day = Ruler((a, b), (low, high))
        assert words(page, f"row{number}.name") == speech.text(row.name)
        assert words(page, f"row{number}.cell0") == row.text
        for i, own in enumerate(row.spans):
            area = page[f"row{number}.span{i}"]
            assert area.fill == known[own.role].colour
            left, right = span(area, "xs")
            assert day(left) == pytest.approx(own.start.toordinal(), abs=0.2)
            assert day(right) == pytest.approx(min(own.end, figure.end).toordinal(), abs=0.2)
            assert area.y == pytest.approx(page[f"row{number}.name"].y, abs=6.0)
        assert (f"row{number}.done" in page) == (row.done is not None)
        if row.done is not None:
            done = day(page[f"row{number}.done"].x)
            assert done == pytest.approx(min(row.done, figure.end).toordinal(), abs=0.2)
    names = [words(pages[0], f"key.{place}") for place in range(1, 5)]
    spans = [speech.text(own.name) for own in figure.rows[0].spans]
    assert names == [speech.text(figure.opened), *spans]
    for place, kind in enumerate(kinds, start=2):
        assert pages[0][f"key.{place}.sign"].fill == known[kind].colour
    for year in range(2016, 2021):
        assert pages[0][f"year{year}"].text == str(year)


# ------------------------------------------------------------------ overviews


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_overview_says_its_sentences_and_shows_classes_chances_and_reasons(
    look: Look, language: str
) -> None:
    figure, speech = overview(), Speech(language)  # type: ignore[arg-type]
    (page,) = look("overview", language)
    for number, said in enumerate(figure.statements):
        text = words(page, f"statement{number}").replace(" ", "")
        assert text == speech.text(said).replace(" ", "")
    widths = [length(page[f"class{i}"], "xs") + 1.44 for i in range(3)]
    for i, part in enumerate(figure.classes):
        assert widths[i] / sum(widths) == pytest.approx(part.amount / 38.0, rel=1e-3)
        assert page[f"class{i}"].fill == page[f"class{i}.sign"].fill == LOOKS[part.role].colour
        assert page[f"class{i}.count"].text == f"{part.amount:.0f}"
        assert page[f"class{i}.name"].text == f"{part.amount:.0f}  {speech.text(part.name)}"
    value = ruler(page, "guide", "tick", "x")
    for i, row in enumerate(figure.rows):
        role = likelihood(row.probability)
        assert page[f"row{i}.name"].text == speech.text(row.name)
        assert value(page[f"row{i}"].x) == pytest.approx(row.probability, abs=1e-4)
        low, high = span(page[f"row{i}.interval"], "xs")
        assert (value(low), value(high)) == pytest.approx((row.low, row.high), abs=1e-4)
        assert page[f"row{i}"].fill == LOOKS[role].colour
        chance = page[f"row{i}.chance"]
        interval = ChanceInterval(row.probability, row.low, row.high)
        assert chance.text == speech.text(interval)
        assert chance.fill == words_in(role).upper()
    unit = length(page["reason0"], "xs") / figure.reasons[0].amount
    for i, part in enumerate(figure.reasons):
        bar = page[f"reason{i}"]
        assert length(bar, "xs") == pytest.approx(unit * part.amount, rel=1e-4)
        assert bar.fill == LOOKS[part.role].colour
        assert page[f"reason{i}.name"].text == speech.text(part.name)
        assert page[f"reason{i}.count"].text == f"{part.amount:.0f}"
    headings = {
        "classes": figure.classes_heading,
        "rows": figure.rows_heading,
        "reasons": figure.reasons_heading,
    }
    for name, said in headings.items():
        assert words(page, name) == speech.text(said)


def test_reasons_for_which_there_is_no_room_are_added_up_in_the_last_row() -> None:
    parts = [Part(f"reason {n}", float(n), "series1") for n in range(20, 0, -1)]
    (sheet,) = pages(replace(overview(), reasons=parts), STAMP, Speech("en"))
    texts = {own.name: own.line.text for own in sheet.texts}
    shown = [name for name in texts if re.fullmatch(r"reason\d+\.count", name)]
    assert 3 < len(shown) < len(parts)
    assert sum(float(texts[name]) for name in shown) == sum(part.amount for part in parts)
    left_out = len(parts) - len(shown) + 1
    assert texts[f"reason{len(shown) - 1}.name"] == f"{left_out} others"
