"""The judgement of a planning office and the list of assumptions, as tables of a run's answer."""

from __future__ import annotations

import pytest

from sim.answer.blocks import Line
from sim.answer.run.assumptions import assumptions_table, grades_note, unit_of
from sim.answer.run.judgement import class_of, judgement_table
from sim.config.schema import Run
from sim.words import JudgedChance, Speech
from tests.answer.run.made_up_run import MadeUp

ENDS = {"ahead_above": 0.8, "on_schedule_from": 0.5, "lagging_from": 0.05}
EN, ZH = Speech("en"), Speech("zh")


@pytest.mark.parametrize(
    ("chance", "expected"),
    [
        (1.0, "ahead"), (0.8001, "ahead"), (0.8, "on_schedule"), (0.5, "on_schedule"),
        (0.4999, "lagging"), (0.05, "lagging"), (0.0499, "lost"), (0.0, "lost"),
    ],
)  # fmt: skip
def test_the_classes_end_where_the_planning_office_says(chance: float, expected: str) -> None:
    assert class_of(chance, ENDS) == expected


@pytest.mark.parametrize(
    ("chance", "said"),
    [
        (0.495, "49.5 %"), (0.4999, "49.9 %"), (0.5, "50 %"), (0.504, "50.4 %"),
        (0.8004, "80.1 %"), (0.8, "80 %"), (0.796, "79.6 %"), (0.0496, "4.9 %"), (0.3, "30 %"),
        (0.0, "0 %"), (1.0, "100 %"), (0.001, "<1 %"),
    ],
)  # fmt: skip
def test_a_chance_never_reads_as_if_it_were_in_another_class(chance: float, said: str) -> None:
    own = JudgedChance(chance, 0.25, 0.75, tuple(ENDS.values()))
    assert EN.text(own) == f"{said} (25–75)"


def rows_below(lines: list[Line]) -> dict[str, list[Line]]:
    """Lines by the English text of the heading above them."""
    found: dict[str, list[Line]] = {}
    for line in lines:
        if line.heading:
            found[EN.text(line.cells["target"])] = below = list[Line]()
        else:
            below.append(line)
    return found


def test_every_deciding_target_stands_once_under_its_class(made_up: MadeUp) -> None:
    attained = made_up.attained
    table = judgement_table(attained)
    below = rows_below([*table.rows])
    assert [heading.partition(" (")[0] for heading in below] == [
        "ahead", "on schedule", "lagging", "not to be reached",
    ]  # fmt: skip
    told = [EN.text(line.cells["target"]) for lines in below.values() for line in lines]
    assert sorted(told) == sorted(EN.text(row.marked) for row in attained.deciding)
    chances = {EN.text(row.marked): attained.chance(row) for row in attained.deciding}
    for heading, lines in below.items():
        assert heading.endswith(f": {len(lines)}")
        own = [chances[EN.text(line.cells["target"])] for line in lines]
        assert own == sorted(own, reverse=True)
        names = {EN.text(line.cells["class"]) for line in lines}
        assert names <= {heading.partition(" (")[0]}
    spread = [class_of(chance, ENDS) for chance in chances.values()]
    counts = [spread.count(name) for name in ("ahead", "on_schedule", "lagging", "lost")]
    assert [len(lines) for lines in below.values()] == counts
    assert sum(count > 0 for count in counts) >= 3, "the made-up plan has most classes"


def test_the_limits_are_settings_and_stand_beside_the_classes(made_up: MadeUp) -> None:
    made_up.config["judgement"] = {
        "ahead_above": 0.9, "on_schedule_from": 0.6, "lagging_from": 0.1,
    }  # fmt: skip
    headings = [
        [speech.text(line.cells["target"]).rpartition(":" if speech is EN else "：")[0]
         for line in judgement_table(made_up.attained).rows if line.heading]
        for speech in (EN, ZH)
    ]  # fmt: skip
    assert headings == [
        ["ahead (chance above 90 %)", "on schedule (60 % to 90 %)", "lagging (10 % to below 60 %)",
         "not to be reached (below 10 %)"],
        ["超前（达标概率高于90%）", "按期（60%至90%）", "滞后（10%至不足60%）",
         "无法实现（低于10%）"],
    ]  # fmt: skip


def test_targets_name_their_clause(made_up: MadeUp) -> None:
    lines = [line for line in judgement_table(made_up.attained).rows if not line.heading]
    assert {EN.text(line.source) for line in lines} == {"plan 3.2.1"}


def test_assumptions_come_first_with_range_unit_and_source(made_up: MadeUp) -> None:
    table = assumptions_table(made_up.config)
    assert table.annex
    told = [[speech.text(cell) for cell in line.cells.values()]
            for speech in (EN, ZH) for line in table.rows]  # fmt: skip
    labels = made_up.config["parameters"]["existing_run_share"]["label"]
    assert told == [
        ["assumption: 1"],
        [labels["en"], "0.1 to 0.7, most likely 0.35", "share", "assumption", "—", "2016-05-23",
         "parameters.existing_run_share"],
        ["statistic: 1"],
        ["unit cost", "4,300,000", "yuan per widget", "statistic", "ST16, PLAN", "not established",
         "parameters.unit_cost"],
        ["假设：1个"],
        [labels["zh"], "0.1–0.7，最可能0.35", "比例", "假设", "—", "2016-05-23",
         "parameters.existing_run_share"],
        ["统计：1个"],
        ["单价", "4,300,000", "yuan per widget", "统计", "ST16, PLAN", "未查明",
         "parameters.unit_cost"],
    ]  # fmt: skip
    assert EN.text(grades_note(made_up.config).said) == (
        "Of 2 parameters 1 are assumptions, 0 derived from published figures, 1 taken over from "
        "statistics, 0 read in the plan."
    )


def test_every_unit_of_the_shipped_parameters_has_a_chinese_name(real_run: Run) -> None:
    units = {parameter.unit for parameter in real_run.parameters.values()}
    assert [unit for unit in units if isinstance(unit_of(unit), str)] == []
