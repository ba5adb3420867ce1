"""Where project time goes and why units are missing: every part has its amount, name and role."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from sim.answer.figures import Stack
from sim.answer.row import rows_of
from sim.answer.run.attained import Attained
from sim.answer.run.attainment import Attainment
from sim.answer.run.delays import (
    ROLES,
    SAFE,
    SMALL,
    USUAL,
    Delay,
    Delays,
    delays_of,
    stacks,
    stage_means,
)
from sim.answer.run.page import stages
from sim.model.works import project
from sim.words import Mean, Said, Speech, catalogue
from tests.answer.run.made_up_run import MadeUp

EN, ZH = Speech("en"), Speech("zh")

COLUMNS = ["programme", "stage", "project_days", "excess_days", "missing"]


def delays_in(made_up: MadeUp) -> Delays:
    means = stage_means(made_up.folder / "delays.parquet", made_up.attained.replications)
    return delays_of(means, made_up.attained)


def written(folder: Path, *rows: tuple[Any, ...]) -> Path:
    """delays.parquet with rows under :data:`COLUMNS`."""
    path = folder / "delays.parquet"
    pd.DataFrame(rows, columns=COLUMNS).to_parquet(path, index=False)
    return path


def of(
    folder: Path, rows: list[tuple[Any, ...]], chances: dict[str, float], **targets: dict[str, Any]
) -> Delays:
    """What is shown of one replication of a plan with these targets, of which rooms is built."""
    label = {"zh": "名", "en": "name"}
    usual = {
        "group": "g", "definition": None, "comparator": ">=", "goal": 1, "kind": "plan",
        "unit": {"zh": "个", "en": "units"}, "measured_by": {"type": "delivered"},
    }  # fmt: skip
    config = {
        "plan": {
            "groups": {"g": {"name": label, "headline": True}},
            "definitions": {},
            "targets": {
                name: {**usual, "name": {"zh": name, "en": name}, **spec}
                for name, spec in targets.items()
            },
            "programmes": {"rooms": {"name": label, "target": "rooms"}}
            if "rooms" in targets
            else {},
        },
        "definitions": {},
    }
    found = [
        Attainment(scenario="s", row=row, probability=chances[row.target])
        for row in rows_of(config).values()
    ]
    return delays_of(stage_means(written(folder, *rows), 1), Attained(found, config))


def made_up_of(
    folder: Path,
    missing: dict[tuple[str, str], int],
    chances: dict[str, float],
    **targets: dict[str, Any],
) -> Delays:
    """The same with missing units; every stage of projects took 30 days, 10 of them too many."""
    rows = [
        (name, stage, 0 if ":" in stage else 30, 0 if ":" in stage else 10, count)
        for (name, stage), count in missing.items()
    ]
    return of(folder, rows, chances, **targets)


def amount(own: Delay, speech: Speech) -> str:
    return speech.text(Mean(sum(own.missing.values()), own.unit))


def drawn(delays: Delays) -> dict[str, Stack]:
    return {figure.name: figure for figure in stacks(delays)}


# ------------------------------------------------------------------ means


def test_means_count_absent_rows_as_zero(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        ("rooms", "money", 10, 10, 1),
        ("rooms", "money", 20, 20, 0),
        ("rooms", "unproposed:pace", 0, 0, 6),
        ("rooms:wide", "money", 99, 99, 99),  # the reading that does not count
    )
    assert stage_means(path, 4) == {
        "rooms": {
            "money": {"project_days": 7.5, "excess_days": 7.5, "missing": 0.25},
            "unproposed:pace": {"project_days": 0.0, "excess_days": 0.0, "missing": 1.5},
        }
    }


def test_an_unknown_stage_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(KeyError, match="sleep"):
        made_up_of(tmp_path, {("rooms", "sleep"): 3}, {"rooms": 0.1}, rooms={})


# ------------------------------------------------------------------ roles and names


def test_stages_and_reasons_are_those_of_the_contract() -> None:
    working = tuple(stage for stage in stages() if ":" not in stage)
    assert working == ("calendar", "review", "money", "crew", "building", "staff")
    assert sorted(working) == sorted(project.STAGES)
    reasons = {
        "unproposed": {"pace", "money_in_sight", "not_yet_allowed", "no_round"},
        "unmet": {"round_quota", "eligibility", "panel", "strike_off", "unfunded_post",
                  "no_candidate", "attrition", "next_round", "promoted", "no_graduate",
                  "not_planned", "no_money", "closed", "slipped", "procedure", "seats",
                  "too_few_births", "exits", "growth", "no_round", "no_people", "not_yet_allowed",
                  "not_scheduled", "trend", "exposure", "survey_error"},
    }  # fmt: skip
    expected = {f"{family}:{reason}" for family, names in reasons.items() for reason in names}
    assert {stage for stage in stages() if ":" in stage} == expected


def test_every_stage_has_a_name_an_explanation_and_a_role() -> None:
    known = {*catalogue().room("stage")}
    assert known == {*ROLES} == {*stages(), USUAL}
    assert {*catalogue().room("stage_note")} == {*stages()}
    assert USUAL not in stages()
    assert {ROLES[stage] for stage in ("money", "unproposed:money_in_sight", "unmet:no_money")} == {
        "money"
    }


def test_what_was_never_proposed_is_hatched(tmp_path: Path) -> None:
    missing = {("rooms", "money"): 2, ("rooms", "unproposed:money_in_sight"): 3}
    figure = drawn(made_up_of(tmp_path, missing, {"rooms": 0.1}, rooms={}))["missing"]
    (bar,) = figure.rows
    assert [(part.name, part.amount, part.role, part.hatched) for part in bar.parts] == [
        (Said("stage.unproposed:money_in_sight"), 3.0, "money", True),
        (Said("stage.money"), 2.0, "money", False),
    ]


def test_several_small_reasons_are_put_together_but_one_keeps_its_name(tmp_path: Path) -> None:
    def parts(**missing: int) -> list[tuple[str, float, str]]:
        given = {("rooms", stage): count for stage, count in missing.items()}
        figure = drawn(made_up_of(tmp_path, given, {"rooms": 0.1}, rooms={}))["missing"]
        (bar,) = figure.rows
        return [(EN.text(part.name), part.amount, part.role) for part in bar.parts]

    several = parts(money=90, staff=7, crew=3)
    assert several == [("money", 90.0, "money"), ("other", 10.0, "rest")]
    assert parts(money=95, staff=5) == [("money", 95.0, "money"), ("staff", 5.0, "people")]


def test_the_legend_says_from_where_on_a_reason_is_named(made_up: MadeUp) -> None:
    legend = drawn(delays_in(made_up))["missing"].legend
    assert f"below {100 * SMALL:.0f} %" in EN.text(legend)
    assert f"不足{100 * SMALL:.0f}%" in ZH.text(legend)


def test_every_reason_of_weight_is_named_in_its_bar(made_up: MadeUp) -> None:
    delays = delays_in(made_up)
    own = [row for row in (*delays.projects, *delays.others) if row.missing]
    bars = drawn(delays)["missing"].rows
    assert len(own) > 5
    for row, bar in zip(own, bars, strict=True):
        assert bar.name == row.name
        total = sum(row.missing.values())
        named = {EN.text(part.name): part.amount for part in bar.parts}
        assert sum(named.values()) == pytest.approx(total)
        for stage, count in row.missing.items():
            if count / total >= SMALL:
                assert named[EN(f"stage.{stage}")] == count
        assert EN.text(bar.total) == amount(row, EN)
        assert ZH.text(bar.total) == amount(row, ZH)
        amounts = [part.amount for part in bar.parts if part.name != Said("delays.other")]
        assert amounts == sorted(amounts, reverse=True)


# ------------------------------------------------------------------ which rows


def test_units_are_those_that_are_counted(tmp_path: Path) -> None:
    missing = {
        ("cover", "unmet:not_planned"): 1,
        ("degrees", "unmet:no_graduate"): 1619,
        ("gain", "unmet:trend"): 2,
        ("posts", "unmet:unfunded_post"): 3,
    }
    delays = made_up_of(
        tmp_path,
        missing,
        dict.fromkeys(("cover", "degrees", "gain", "posts"), 0.1),
        cover={"measured_by": {"type": "coverage", "universe": "villages"}},
        degrees={"measured_by": {"type": "staff", "count": "bachelor_share"}},
        gain={"measured_by": {"type": "literacy", "count": "gain"}},
        posts={"measured_by": {"type": "staff", "count": "persons"}},
    )
    assert [amount(row, EN) for row in delays.others] == [
        "1.0 places", "1,619 persons", "2.0 points", "3.0 units",
    ]  # fmt: skip
    assert [amount(row, ZH) for row in delays.others] == [
        "1.0处",
        "1,619人",
        "2.0个百分点",
        "3.0个",
    ]


def test_targets_as_good_as_met_have_no_row_and_are_named(tmp_path: Path) -> None:
    missing = {("met", "unmet:trend"): 1, ("missed", "unmet:trend"): 1, ("rooms", "money"): 1}
    chances = {"met": SAFE, "missed": 0.5, "rooms": 1.0}
    delays = made_up_of(tmp_path, missing, chances, met={}, missed={}, rooms={})
    assert [row.name["en"] for row in delays.others] == ["missed"]
    assert [name["en"] for name in delays.safe] == ["met"]
    assert [(row.missing, row.days) for row in delays.projects] == [
        ({}, {"money": 10.0, USUAL: 20.0})
    ]
    notes = drawn(delays)["missing"].notes
    assert EN.text(notes[-1]) == "Not listed, as met with 95 % or more: met."
    assert ZH.text(notes[-1]) == "达标概率不低于95%、未列出的目标：met。"


def test_missing_titles_stand_in_one_row_whatever_held_them_back(tmp_path: Path) -> None:
    missing = {("rooms", "money"): 2, ("rooms", "unmet:panel"): 3}
    delays = made_up_of(tmp_path, missing, {"rooms": 0.1}, rooms={})
    assert [row.missing for row in delays.projects] == [{}]
    assert [row.missing for row in delays.others] == [{"money": 2.0, "unmet:panel": 3.0}]


def test_next_to_nothing_is_not_missing(tmp_path: Path) -> None:
    path = written(tmp_path, ("gain", "unmet:trend", 0, 0, 4))
    assert stage_means(path, 100)["gain"]["unmet:trend"]["missing"] == 0.04
    config = {
        "plan": {
            "groups": {"g": {"headline": True}}, "definitions": {}, "programmes": {},
            "targets": {
                "gain": {
                    "name": {"zh": "名", "en": "name"}, "group": "g", "definition": None,
                    "comparator": ">=", "goal": 1, "unit": {"zh": "个", "en": "units"},
                    "kind": "plan", "measured_by": {"type": "delivered"},
                }
            },
        },
        "definitions": {},
    }  # fmt: skip
    found = [Attainment(scenario="s", row=own, probability=0.5) for own in rows_of(config).values()]
    attained = Attained(found, config)
    assert not delays_of(stage_means(path, 100), attained).others
    assert len(delays_of(stage_means(path, 80), attained).others) == 1


def test_other_targets_stand_in_the_order_of_the_table(made_up: MadeUp) -> None:
    order = [row.name for row in made_up.attained.rows if row.counts]
    delays = delays_in(made_up)
    places = [order.index(row.name) for row in delays.others]
    assert len(places) > 2
    assert places == sorted(places)
    groups = [EN.text(bar.group) for bar in drawn(delays)["missing"].rows]
    assert [*dict.fromkeys(groups)] == [EN("delays.projects"), EN("delays.others")]
    assert [ZH("delays.projects"), ZH("delays.others")] == [
        "以项目建设的目标",
        "不以项目建设的目标",
    ]


def test_programmes_that_lost_most_days_come_first(made_up: MadeUp) -> None:
    lost = [sum(row.lost.values()) for row in delays_in(made_up).projects]
    assert len(lost) > 5
    assert lost == sorted(lost, reverse=True)


# ------------------------------------------------------------------ days


def test_bars_of_days_hold_what_was_lost_and_the_usual_time(made_up: MadeUp) -> None:
    delays = delays_in(made_up)
    figure = drawn(delays)["delays"]
    assert not figure.beside
    timed = [own for own in delays.projects if own.days]
    assert len(timed) > 5
    for own, bar in zip(timed, figure.rows, strict=True):
        assert (bar.name, bar.total) == (own.name, Mean(sum(own.days.values())))
        assert [(part.name, part.amount, part.role) for part in bar.parts] == [
            (Said(f"stage.{stage}"), days, ROLES[stage]) for stage, days in own.days.items()
        ]
        assert bar.parts[-1].name == Said("stage.usual")


def test_a_run_without_projects_has_no_picture_of_time(tmp_path: Path) -> None:
    rows = [("rooms", "money", 0, 0, 3)]
    assert [*drawn(of(tmp_path, rows, {"rooms": 0.1}, rooms={}))] == ["missing"]
    rows = [("rooms", "money", 30, 10, 0)]
    assert [*drawn(of(tmp_path, rows, {"rooms": 0.1}, rooms={}))] == ["delays"]
    assert not drawn(of(tmp_path, [("rooms", "money", 0, 0, 0)], {"rooms": 0.1}, rooms={}))


def test_usual_building_time_is_no_delay_and_names_no_cause(tmp_path: Path) -> None:
    """By hand: 900 days of building, 40 of them too many, and 60 of waiting for money."""
    rows = [("rooms", "building", 900, 40, 0), ("rooms", "money", 60, 60, 3)]
    delays = of(tmp_path, rows, {"rooms": 0.1}, rooms={})
    (row,) = delays.projects
    assert row.days == {"money": 60.0, "building": 40.0, USUAL: 860.0}
    assert [*row.days][-1] == USUAL
    assert row.lost == {"money": 60.0, "building": 40.0}
    title = drawn(delays)["delays"].title
    assert EN.text(title) == "Most days are lost in “money” (60 %)"
    assert ZH.text(title) == "耽误的时间以“等资金”为最多（60%）"
    rows = [("rooms", "building", 900, 0, 0)]
    title = drawn(of(tmp_path, rows, {"rooms": 0.1}, rooms={}))["delays"].title
    assert EN.text(title) == "No days are lost"


def test_missing_units_of_two_targets_have_no_sum_in_the_title(tmp_path: Path) -> None:
    """85 000 million yuan and 3 rooms: two targets, each with a reason of its own, one each."""
    missing = {("rooms", "money"): 3, ("output", "unmet:growth"): 85_000_000_000}
    specs = {"rooms": {}, "output": {"unit": {"zh": "元/年", "en": "yuan a year"}}}
    delays = made_up_of(tmp_path, missing, {"rooms": 0.1, "output": 0.1}, **specs)
    assert [amount(row, EN) for row in delays.projects] == ["3.0 units"]
    assert [amount(row, EN) for row in delays.others] == ["85 billion yuan a year"]
    title = drawn(delays)["missing"].title
    assert "1 of 2 targets" in EN.text(title)
    assert "“money”" in EN.text(title)  # of equally many the earlier stage
    assert "2个目标中的1个" in ZH.text(title)
