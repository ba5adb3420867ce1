"""Fan charts: the goal's name covers no curve, counts have whole ticks, and the deadline a date."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from factory import fan_quantiles
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from sim.report.charts.fan import frame_axes, goal_line

from sim.report.charts import fan_charts
from sim.report.charts.style import Sheet, chart_style
from sim.report.results import TargetRow, read_attainment, read_manifest
from sim.report.words import Language

DATES = [dt.date(2016, 1, 1), dt.date(2018, 1, 1), dt.date(2020, 12, 31)]
LABEL = {"zh": "书屋", "en": "bookrooms"}


def pages(folder: Path, language: Language) -> list[Figure]:
    attainment, manifest = read_attainment(folder), read_manifest(folder)
    quantiles = fan_quantiles(folder)
    return [
        page
        for group in ("facilities", "staff")
        for page in fan_charts(attainment, quantiles, manifest, group, language)
    ]


def curves_under_the_goal(axes: Axes) -> int:
    """How many curves run through the box of the goal's name, as it is drawn."""
    figure = axes.get_figure(root=True)
    assert figure is not None
    with chart_style():
        figure.canvas.draw()
        renderer = figure.canvas.get_renderer()  # type: ignore[attr-defined]
    (name,) = (text for text in axes.texts if "≥" in text.get_text() or ">" in text.get_text())
    box = name.get_window_extent(renderer)
    curves = [line for line in axes.lines if len(line.get_xydata()) > 2]  # type: ignore[arg-type]
    assert curves
    return sum(
        line.get_transform().transform_path(line.get_path()).intersects_bbox(box, filled=False)
        for line in curves
    )


def one_panel(values: list[float], goal: float, language: Language = "both") -> Axes:
    """A plot of one curve with its goal."""
    row = TargetRow(
        "rooms", "", None, True, "facilities", LABEL, ">=", goal, LABEL, "plan", True, 0.5,
        0.4, 0.6, 0.0, 0.0, 0.0, "", "",
    )  # fmt: skip
    with chart_style():
        axes = Sheet([], [], 2.5).axes(0.5, 0.5, 1.86, 1.85)
        axes.plot([date.toordinal() for date in DATES], values)
        frame_axes(axes, max(goal, *values), DATES, language)
        goal_line(axes, row, language)
    return axes


@pytest.mark.parametrize("language", ["zh", "en", "both"])
def test_the_goals_name_covers_no_curve(run_folder: Path, language: Language) -> None:
    drawn = pages(run_folder, language)
    assert any(page.axes for page in drawn)
    for page in drawn:
        for axes in page.axes:
            assert curves_under_the_goal(axes) == 0


@pytest.mark.parametrize(
    "values",
    [[0.0, 104.0, 105.0], [104.0, 104.0, 104.0], [120.0, 99.0, 120.0], [95.0, 130.0, 95.0]],
    ids=["from below", "just above", "a dip", "a hill"],
)
def test_the_goals_name_gives_way_to_a_curve(values: list[float]) -> None:
    assert curves_under_the_goal(one_panel(values, 100.0)) == 0


@pytest.mark.parametrize(
    ("top", "ticks"),
    [(1.0, [0.0, 1.0]), (3.0, [0.0, 1.0, 2.0, 3.0]), (4.0, [0.0, 2.0, 4.0])],
    ids=["yes or no", "three bases", "four bases"],
)
def test_counts_have_whole_ticks(top: float, ticks: list[float]) -> None:
    axes = one_panel([0.0, 0.0, top], top)
    low, high = axes.get_ylim()
    assert [tick for tick in axes.get_yticks() if low <= tick <= high] == ticks


def test_values_below_one_keep_their_fractions() -> None:
    axes = one_panel([0.0, 0.2, 0.4], 0.5)
    low, high = axes.get_ylim()
    assert len([tick for tick in axes.get_yticks() if low <= tick <= high]) > 2


def test_the_last_date_is_marked_and_years_stand_between_their_ends() -> None:
    axes = one_panel([0.0, 50.0, 90.0], 100.0, "en")
    days = {text.get_text(): float(text.xy[0]) for text in axes.texts if hasattr(text, "xy")}
    assert days.pop("2020-12-31") == DATES[-1].toordinal()
    assert list(days) == ["2016", "2017", "2018", "2019", "2020"]
    for year, day in days.items():
        assert dt.date.fromordinal(round(day)).strftime("%Y-%m") in (f"{year}-06", f"{year}-07")
    assert axes.get_xticks()[-1] == DATES[-1].toordinal()
    assert {tick.get_text() for tick in axes.get_xticklabels()} == {""}
