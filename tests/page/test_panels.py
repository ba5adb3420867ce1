"""Small multiples show the values of their panels: curves, bands, goals, tripwires and words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest

from sim.answer.figures import Axis, Fan
from sim.page.picture import pages
from sim.page.picture.colours import LOOKS
from sim.page.picture.sheet import Sheet, Spot, Stroke, Text
from sim.words import Speech
from tests.page.pictures import (
    STAMP,
    Drawn,
    Page,
    Ruler,
    both,
    fan,
    milestones,
    response,
    ruler,
    words,
)

Look = Callable[..., list[Page]]
LANGUAGES = ("zh", "en")
FANS = {"fan": fan, "milestones": milestones}


def panel_of(pages: list[Page], number: int) -> Page:
    """The page that holds a panel; exactly one does."""
    holding = [page for page in pages if f"panel{number}.name" in page]
    assert len(holding) == 1
    return holding[0]


def days(page: Page, panel: str, figure: Fan) -> Ruler:
    """Reads days since the start off the marks where years begin."""
    first, last = (
        page[f"{panel}.begin0"],
        page[f"{panel}.begin{figure.end.year - figure.start.year}"],
    )
    begin = dt.date(figure.end.year, 1, 1)
    return Ruler((first.x, last.x), (0.0, float((begin - figure.start).days)))


def check_curve(mark: Drawn, dates: Sequence[dt.date], values: Sequence[float], figure: Fan,
                across: Ruler, up: Ruler) -> None:  # fmt: skip
    assert [across(x) for x in mark.xs] == pytest.approx(
        [(date - figure.start).days for date in dates], abs=0.01
    )
    size = max(map(abs, values))
    assert [up(y) for y in mark.ys] == pytest.approx(list(values), abs=1e-5 * size)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", FANS)
def test_curves_and_bands_run_through_their_values(look: Look, name: str, language: str) -> None:
    figure = FANS[name]()
    assert figure.panels
    for number, panel in enumerate(figure.panels):
        page, own = panel_of(look(name, language), number), f"panel{number}"
        across = days(page, own, figure)
        up = ruler(page, f"{own}.guide", f"{own}.value", "y")
        for place, curve in enumerate(panel.curves):
            mark, colour = page[f"{own}.curve{place}.middle"], LOOKS[curve.role].colour
            check_curve(mark, curve.dates, curve.middle, figure, across, up)
            assert mark.colour == colour
            assert ("stroke-dasharray" in mark.style) == (LOOKS[curve.role].dash is not None)
            for band, (low, high) in enumerate(curve.bands):
                area = page[f"{own}.curve{place}.band{band}"]
                dates = [*curve.dates, *reversed(curve.dates)]
                if len(area.points) > len(dates):  # closed by its first point
                    area = Drawn(area.points[: len(dates)], style=area.style)
                check_curve(area, dates, [*low, *reversed(high)], figure, across, up)
                assert area.fill == colour
                assert 0.0 < float(area.style["opacity"]) < 0.5


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", FANS)
def test_goals_and_words_are_those_of_the_panel(look: Look, name: str, language: str) -> None:
    figure, speech = FANS[name](), Speech(language)  # type: ignore[arg-type]
    assert figure.panels
    for number, panel in enumerate(figure.panels):
        page, own = panel_of(look(name, language), number), f"panel{number}"
        up = ruler(page, f"{own}.guide", f"{own}.value", "y")
        assert panel.goal is not None
        goal = page[f"{own}.goal"]
        assert [up(y) for y in goal.ys] == pytest.approx([panel.goal[0]] * 2, rel=1e-5)
        assert "stroke-dasharray" in goal.style
        assert words(page, f"{own}.goal.name") == speech.text(panel.goal[1])
        assert words(page, f"{own}.name") == speech.text(panel.name)
        above = [speech.text(line) for line in panel.lines]
        above += [speech.text(curve.name) for curve in panel.curves if curve.name is not None]
        assert [words(page, f"{own}.line.{i}") for i in range(1, len(above) + 1)] == above


@pytest.mark.parametrize("language", LANGUAGES)
def test_last_values_stand_beside_their_curves(look: Look, language: str) -> None:
    speech = Speech(language)  # type: ignore[arg-type]
    assert fan().panels
    for number, panel in enumerate(fan().panels):
        page, own = panel_of(look("fan", language), number), f"panel{number}"
        ends = []
        for place, curve in enumerate(panel.curves):
            end, mark = page[f"{own}.curve{place}.end"], page[f"{own}.curve{place}.middle"]
            assert end.text == speech.text(curve.end)
            assert end.fill == LOOKS[curve.role].colour
            assert end.xs[0] > max(mark.xs)
            ends.append((curve.middle[-1], -end.y))
            if len(panel.curves) == 1 and number != len(fan().panels) - 1:
                assert end.y == pytest.approx(mark.ys[-1], abs=12.0)
        assert sorted(ends) == sorted(ends, key=lambda end: end[1])


@pytest.mark.parametrize("language", LANGUAGES)
def test_tripwires_stand_at_their_dates_and_values(look: Look, language: str) -> None:
    figure = milestones()
    assert figure.panels
    for number, panel in enumerate(figure.panels):
        page, own = panel_of(look("milestones", language), number), f"panel{number}"
        across = days(page, own, figure)
        up = ruler(page, f"{own}.guide", f"{own}.value", "y")
        bottom = page[f"{own}.axis"].y
        for place, mark in enumerate(panel.marks):
            bar, upright = page[f"{own}.mark{place}.value"], page[f"{own}.mark{place}.interval"]
            assert [up(y) for y in bar.ys] == pytest.approx([mark.value] * 2, abs=1e-4)
            low, high = upright.ys
            assert up(high) == pytest.approx(mark.high, abs=1e-4)
            if mark.low is None:
                assert low == pytest.approx(bottom, abs=0.01)
            else:
                assert up(low) == pytest.approx(mark.low, abs=1e-4)
            assert (f"{own}.mark{place}.low" in page) == (mark.low is not None)
            assert bar.colour == upright.colour == LOOKS[mark.role].colour
            day = (mark.date - figure.start).days
            assert across(bar.x) == pytest.approx(day, abs=45)  # side by side at their date
        xs = [page[f"{own}.mark{place}.interval"].x for place in range(len(panel.marks))]
        assert len(set(xs)) == len(xs)


def test_keys_show_the_signs_of_what_they_name(look: Look) -> None:
    page = look("milestones", "en")[0]
    assert milestones().keys
    for number, key in enumerate(milestones().keys, start=1):
        assert words(page, f"key.{number}") == Speech("en").text(key.name)
        sign = page[f"key.{number}.sign"]
        assert sign.colour == LOOKS[key.role].colour
        assert sign.xs[0] < page[f"key.{number}"].x


def test_years_stand_in_their_own_part_of_the_axis(look: Look) -> None:
    page = look("milestones", "en")[0]
    begins = [page[f"panel0.begin{i}"].x for i in range(3)]
    for year, begin in zip((2016, 2017, 2018), begins, strict=True):
        assert begin < page[f"panel0.year{year}"].x
        assert page[f"panel0.year{year}"].text == str(year)
    assert page["panel0.year2016"].x < begins[1] < page["panel0.year2017"].x < begins[2]


@pytest.mark.parametrize("language", LANGUAGES)
def test_responses_show_curve_band_points_and_references(look: Look, language: str) -> None:
    figure = response()
    assert figure.panels
    for number, panel in enumerate(figure.panels):
        page, own = panel_of(look("response", language), number), f"panel{number}"
        up = ruler(page, f"{own}.guide", f"{own}.value", "y")
        base, level = page[f"{own}.base"], page[f"{own}.level"]
        assert figure.base is not None
        apart = page[f"{own}.point8"]
        # Two settings whose places are known by other means give the ruler of the lever.
        across = Ruler((base.x, apart.x), (figure.base[0], panel.points[8].x))
        fit, colour = page[f"{own}.fit"], LOOKS[panel.role].colour
        assert [across(x) for x in fit.xs] == pytest.approx(list(panel.x), rel=1e-4)
        assert [up(y) for y in fit.ys] == pytest.approx(list(panel.fit), abs=1e-5)
        assert fit.colour == colour
        ((low, high),) = panel.bands
        area = page[f"{own}.band0"]
        count = 2 * len(panel.x)
        assert [up(y) for y in area.ys[:count]] == pytest.approx([*low, *reversed(high)], abs=1e-5)
        assert [across(x) for x in area.xs[:count]] == pytest.approx(
            [*panel.x, *reversed(panel.x)], rel=1e-4
        )
        for place, point in enumerate(panel.points):
            spot, upright = page[f"{own}.point{place}"], page[f"{own}.point{place}.interval"]
            assert across(spot.x) == pytest.approx(point.x, rel=1e-4)
            assert up(spot.y) == pytest.approx(point.y, abs=1e-5)
            assert point.interval is not None
            assert [up(y) for y in upright.ys] == pytest.approx([*point.interval], abs=1e-5)
            assert upright.x == pytest.approx(spot.x, abs=0.01)
            assert (spot.fill == "#FFFFFF") == point.apart
        assert up(level.y) == pytest.approx(0.8, abs=1e-6)
        assert (f"{own}.span" in page) == (panel.span is not None)
        if panel.span is not None:
            span = page[f"{own}.span"]
            assert [across(min(span.xs)), across(max(span.xs))] == pytest.approx(
                list(panel.span), rel=1e-4
            )


def texts(sheet: Sheet, name: str) -> list[str]:
    return [mark.line.text for mark in sheet.marks if isinstance(mark, Text) and mark.name == name]


def test_an_end_within_a_year_is_named_by_its_date() -> None:
    figure = replace(fan(2), end=dt.date(2020, 9, 30))
    (sheet,) = pages(figure, STAMP, Speech("en"))
    assert texts(sheet, "panel0.date") == ["2020-09-30"]
    (whole,) = pages(fan(2), STAMP, Speech("en"))
    assert not texts(whole, "panel0.date")


def test_what_is_known_at_some_dates_only_is_drawn_as_points() -> None:
    panel = fan(1).panels[0]
    curve = replace(panel.curves[0], points=True)
    figure = replace(fan(1), panels=[replace(panel, curves=[curve])])
    (sheet,) = pages(figure, STAMP, Speech("en"))
    spots = [mark for mark in sheet.marks if isinstance(mark, Spot)]
    middle = next(m for m in sheet.marks if m.name == "panel0.curve0.middle")
    assert isinstance(middle, Stroke)
    assert [(spot.x, spot.y) for spot in spots] == list(middle.points)
    assert {spot.fill for spot in spots} == {LOOKS["counts"].colour}


def test_a_panel_may_have_axes_of_its_own() -> None:
    panel = response(1).panels[0]
    ticks = ((1e8, "a little"), (3e8, "a lot"))
    own = replace(
        panel, up=Axis(ends=(0.0, 4.0), whole=True), across=Axis(ends=(5e7, 4e8), ticks=ticks)
    )
    figure = replace(response(1), panels=[panel, own], level=None)
    (sheet,) = pages(figure, STAMP, Speech("en"))
    assert [texts(sheet, f"panel1.value{i}") for i in range(5)] == [
        ["0"],
        ["1"],
        ["2"],
        ["3"],
        ["4"],
    ]
    assert texts(sheet, "panel0.value0") == ["0 %"]
    assert texts(sheet, "panel1.setting0") == ["a little"]
    assert texts(sheet, "panel1.setting1") == ["a lot"]


def test_values_between_counts_have_no_tick() -> None:
    panel = replace(fan(1).panels[0], whole=True, goal=(2.0, "2"), curves=[])
    (sheet,) = pages(replace(fan(1), panels=[panel]), STAMP, Speech("en"))
    named = [texts(sheet, f"panel0.value{i}") for i in range(8)]
    assert [name for (name,) in filter(None, named)] == ["0", "1", "2"]


def test_long_numbers_are_written_in_the_words_of_the_language() -> None:
    panel = replace(fan(1).panels[0], goal=(2e8, "x"), curves=[])
    figure = replace(fan(1), panels=[panel])
    for language, name in (("zh", "1亿"), ("en", "100 million")):
        (sheet,) = pages(figure, STAMP, Speech(language))  # type: ignore[arg-type]
        assert name in {mark.line.text for mark in sheet.texts}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_goal_is_not_cut_where_fewer_plots_a_line_leave_it_room(language: str) -> None:
    figure = fan(8)
    long = both("目标 ≥ 一千亿元每年每人", "goal ≥ 100 billion yuan a year")
    panels = [replace(panel, goal=(18.0, long)) for panel in figure.panels]
    speech = Speech(language)  # type: ignore[arg-type]
    shown = [
        text.line.text
        for sheet in pages(replace(figure, panels=panels), STAMP, speech)
        for text in sheet.texts
        if text.name.endswith(".goal.name")
    ]
    assert shown == [speech.text(long)] * 8
