"""How targets develop: the city's quantiles by quarter, a panel a target, the goal beside them."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping

import numpy as np
import pandas as pd
import pytest

from sim.answer.figures import Fan, FanPanel
from sim.answer.run.development import Development, city_development, fans
from sim.words import Language, Quantity, Speech
from tests.answer.run.made_up_run import MadeUp

EN, ZH = Speech("en"), Speech("zh")


@pytest.fixture(scope="module")
def development(finished_run: MadeUp) -> Mapping[str, Development]:
    indicators = {row.indicator for row in finished_run.attained.rows}
    return city_development(finished_run.folder / "series.parquet", indicators)


def figures(made_up: MadeUp, development: Mapping[str, Development]) -> dict[str, Fan]:
    return {figure.name: figure for figure in fans(made_up.attained, development)}


def panel_of(
    made_up: MadeUp, development: Mapping[str, Development], group: str, name: str
) -> FanPanel:
    panels = figures(made_up, development)[group].panels
    (panel,) = (own for own in panels if EN.text(own.name).startswith(name))
    return panel


def test_quantiles_are_those_of_the_city_over_replications(
    finished_run: MadeUp, development: Mapping[str, Development]
) -> None:
    series = pd.read_parquet(finished_run.folder / "series.parquet").astype({"date": str})
    last = series[
        (series["place"] == "city")
        & (series["indicator"] == "science_windows")
        & (series["date"] == "2020-12-31")
    ]["value"]
    own = development["science_windows"]
    assert len(own) == 21
    assert [*own] == sorted(own)
    expected = np.quantile(last, [0.05, 0.25, 0.5, 0.75, 0.95])
    np.testing.assert_allclose(own[dt.date(2020, 12, 31)], expected)


def test_every_modelled_target_of_a_group_has_one_panel_and_headline_groups_come_first(
    made_up: MadeUp, development: Mapping[str, Development]
) -> None:
    drawn = figures(made_up, development)
    assert [*drawn] == ["facilities", "staff"]
    for group, figure in drawn.items():
        names = [row.name["en"] for row in made_up.attained.rows if row.group == group]
        assert [EN.text(panel.name) for panel in figure.panels] == [*dict.fromkeys(names)]
        assert (figure.start, figure.end) == (dt.date(2016, 1, 1), dt.date(2020, 12, 31))
    made_up.config["plan"]["groups"]["facilities"]["headline"] = False
    assert [*figures(made_up, development)] == ["staff", "facilities"]
    assert not figures(made_up, {})
    for target in made_up.config["plan"]["targets"].values():
        if target["group"] == "staff":
            target["kind"] = "diagnostic"
    assert [*figures(made_up, development)] == ["facilities"]  # no target of the plan in staff


def test_a_target_without_a_series_has_no_panel(
    made_up: MadeUp, development: Mapping[str, Development]
) -> None:
    others = {name: own for name, own in development.items() if name != "science_windows"}
    names = {EN.text(panel.name) for panel in figures(made_up, others)["facilities"].panels}
    assert len(names) == 11
    assert "Science windows" not in names


def test_curves_are_the_quantiles_and_readings_share_a_panel(
    made_up: MadeUp, development: Mapping[str, Development]
) -> None:
    rows, panels = made_up.attained.rows, 0
    for group, figure in figures(made_up, development).items():
        for panel in figure.panels:
            name = EN.text(panel.name)
            own = [row for row in rows if row.group == group and row.name["en"] == name]
            assert [curve.role for curve in panel.curves] == [
                "counts" if row.counts else "other" for row in own
            ]
            for row, curve in zip(own, panel.curves, strict=True):
                table = np.array([*development[row.indicator].values()]).T.tolist()
                assert [*curve.dates] == [*development[row.indicator]]
                assert curve.middle == table[2]
                assert [*curve.bands] == [(table[0], table[4]), (table[1], table[3])]
                last = table[2][-1]
                assert curve.end == Quantity(math.floor(last) if panel.whole else last)
                assert not curve.points
            assert panel.goal is not None
            assert panel.goal[0] == own[0].goal
            panels += 1
    assert panels == 15


@pytest.mark.parametrize(
    ("language", "names", "goal"),
    [
        ("en", ["● full-time posts only: 0 %", "○ full-time and part-time: 22 %"],
         "goal > 50,000 people"),
        ("zh", ["● 仅专职岗位：0%", "○ 专职加兼职：22%"], "目标 > 50,000人"),
    ],
)  # fmt: skip
def test_curves_and_goals_have_their_names(
    made_up: MadeUp,
    development: Mapping[str, Development],
    language: Language,
    names: list[str],
    goal: str,
) -> None:
    made_up.set("full_time_staff", "broad", probability=0.22)
    panel = panel_of(made_up, development, "staff", "Full-time")
    assert [Speech(language).text(curve.name) for curve in panel.curves] == names
    assert panel.goal is not None
    assert Speech(language).text(panel.goal[1]) == goal


def test_the_only_reading_is_named_by_its_chance(
    made_up: MadeUp, development: Mapping[str, Development]
) -> None:
    made_up.set("teacher_studios", probability=0.86)
    (curve,) = panel_of(made_up, development, "staff", "Science teachers").curves
    assert (EN.text(curve.name), ZH.text(curve.name)) == ("chance 86 %", "达标概率86%")


def test_the_title_counts_the_likely_of_the_group(
    made_up: MadeUp, development: Mapping[str, Development]
) -> None:
    made_up.set_all(probability=0.5)
    made_up.set("teacher_studios", probability=0.8)
    made_up.set("full_time_staff", "broad", probability=0.9)  # a reading that does not count
    figure = figures(made_up, development)["staff"]
    told = "Staff: 1 of 3 modelled targets have a chance of 80 % or more"
    assert EN.text(figure.title) == told
    assert ZH.text(figure.title) == "科普队伍：已建模的3项目标中，1项有至少80%的把握实现"
    assert [EN.text(note) for note in figure.notes] == [EN("row.counts")]


def test_what_is_counted_is_whole_and_what_is_a_share_is_not(
    made_up: MadeUp, development: Mapping[str, Development]
) -> None:
    panels = figures(made_up, development)["facilities"].panels
    parts = {EN.text(panel.name) for panel in panels if not panel.whole}
    assert {row.name["en"] for row in made_up.attained.rows if row.unit["en"] == "%"} == parts
    assert len(parts) == 2


def test_what_a_survey_sees_stands_beside_what_it_measures(
    made_up: MadeUp, development: Mapping[str, Development]
) -> None:
    measured = development["village_coverage"]
    truth = {date: own * 0.5 for date, own in measured.items()}
    dates = [*measured]
    surveys = {date: measured[date] for date in (dates[0], dates[12], dates[-1])}
    own = {**development, "village_coverage_true": truth, "village_coverage_survey": surveys}
    panel = panel_of(made_up, own, "facilities", "Villages")
    (curve,) = panel.curves
    assert curve.middle == [values[2] for values in truth.values()]
    # What decides is what is measured, and so it is what stands at the end.
    assert curve.end == Quantity(float(measured[dates[-1]][2]))
    assert [(mark.date, mark.value, mark.low, mark.high) for mark in panel.marks] == [
        (date, *measured[date][[2, 0, 4]]) for date in (dates[12], dates[-1])
    ]
    keys = figures(made_up, own)["facilities"].keys
    assert [(key.role, EN.text(key.name)) for key in keys] == [
        ("counts", "as it is"),
        ("reference", "as the survey sees it: median and 90 % of replications"),
    ]
    assert not figures(made_up, development)["facilities"].keys


def test_a_few_surveys_are_points_in_time(
    made_up: MadeUp, development: Mapping[str, Development]
) -> None:
    dates = [*development["teacher_studios"]]
    for count, points in ((7, True), (8, False)):
        surveys = {date: development["teacher_studios"][date] for date in dates[:count]}
        own = {**development, "teacher_studios": surveys}
        (curve,) = panel_of(made_up, own, "staff", "Science teachers").curves
        assert [*curve.dates] == dates[:count]
        assert curve.points == points
