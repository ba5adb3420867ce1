"""What a sweep says in words, tables and pictures is what was put into it."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest

from experiments.budget_sweep.curves import Curves
from experiments.budget_sweep.page import COLUMNS, answer
from sim.answer.blocks import Table
from sim.answer.figures import Grid, Response
from sim.answer.row import RowKey, rows_of
from sim.config.schema import Run
from sim.words import Language, Speech
from tests.experiments.budget_sweep import sweeps

SETTINGS = (0.0, 2e8, 4e8, 8e8)
CHANCES = (0.0, 0.5, 0.9, 0.9)
ZH, EN = Speech("zh"), Speech("en")


def rising(run: Run) -> list[RowKey]:
    """One target of every group, which alone responds."""
    rows = rows_of(run.model_dump(mode="json")).values()
    return list({row.group: row.key for row in rows if row.decides}.values())


def few(run: Run) -> list[RowKey]:
    """The targets shown: those that respond, and some that do not."""
    rows = rows_of(run.model_dump(mode="json")).values()
    return [*rising(run), *[row.key for row in rows if row.modelled and row.counts][:8]]


@pytest.fixture(scope="module")
def one(real_run: Run) -> Curves:
    moving = rising(real_run)

    def chance(row: RowKey, setting: float, _: float | None) -> float:
        return CHANCES[SETTINGS.index(setting)] if row in moving else 0.25

    made = sweeps.sweep(real_run, chance, SETTINGS, base=(2e8, None))
    return sweeps.curves(real_run, made, few(real_run))


@pytest.fixture(scope="module")
def two(real_run: Run) -> Curves:
    """All that responds is met with the product of the two settings, all else with a quarter."""
    moving = rising(real_run)

    def chance(row: RowKey, setting: float, second: float | None) -> float:
        return setting * (second or 0.0) if row in moving else 0.25

    made = sweeps.sweep(
        real_run, chance, (0.2, 0.5, 0.8), (0.5, 1.0),
        keys=("planning.margin", "planning.pace"), base=(0.5, 1.0),
    )  # fmt: skip
    return sweeps.curves(real_run, made, few(real_run))


@pytest.fixture(scope="module")
def everything(real_run: Run) -> Curves:
    """A sweep that shows all rows that count, those with goals of ours included; all respond."""
    made = sweeps.sweep(real_run, lambda row, setting, _: setting, (0.1, 0.5, 0.9))
    return sweeps.curves(real_run, made)


def figure(found: Curves, name: str) -> Any:
    (own,) = [own for own in answer(found).pictures if own.name == f"budget_sweep_{name}"]
    return own


def cells(table: Table, speech: Speech) -> list[list[str]]:
    """What stands in a table, its headers first."""
    header = [speech.text(column.header) for column in table.columns.values()]
    lines = [[speech.text(line.cells.get(name)) for name in table.columns] for line in table.rows]
    return [header, *lines]


# ------------------------------------------------------------------------------- in words


def test_the_answer_names_ends_base_responders_and_where_money_helps(
    one: Curves, real_run: Run
) -> None:
    n, moving = one.total, len(rising(real_run))
    low, high = 0.25 * (n - moving), 0.25 * (n - moving) + 0.9 * moving
    english = answer(one).words(EN)
    assert f"from {low:.1f} to {high:.1f}" in english
    assert f"(base run, 200 million yuan: {low + 0.5 * moving:.1f})" in english
    assert f"Targets that respond: {moving}" in english
    # 0.5 more of every responding target for 200 million yuan.
    assert f"between 0 yuan and 200 million yuan: {0.25 * moving:.2f} more" in english
    assert f"up to 400 million yuan, it is {0.2 * moving:.2f} for" in english
    assert "(+40 points)" in english
    assert "reached at 400 million yuan" in english
    chinese = answer(one).words(ZH)
    assert f"由{low:.1f}项变为{high:.1f}项（基准2亿元：" in chinese
    assert f"从0元增加到8亿元，已建模的{n}项规划目标" in chinese


def test_the_answer_says_when_nothing_responds(real_run: Run) -> None:
    still = sweeps.curves(real_run, sweeps.sweep(real_run, lambda *_: 0.25, SETTINGS))
    english = answer(still).words(EN)
    assert "None of the" in english
    assert "buys most" not in english
    assert "No step between neighbouring settings changes" in english
    assert answer(still).figures["responding"] == {}


def test_one_that_falls_is_among_those_that_respond(real_run: Run) -> None:
    first, second = rising(real_run)[:2]

    def chance(row: RowKey, setting: float, _: float | None) -> float:
        share = CHANCES[SETTINGS.index(setting)]
        return share if row == first else 1.0 - share if row == second else 0.25

    mixed = answer(sweeps.curves(real_run, sweeps.sweep(real_run, chance, SETTINGS)))
    fallen = r"respond: 2, most of all .*; less likely instead: 1, .*100 %.*; for the other \d+"
    assert re.search(fallen, mixed.words(EN))
    assert re.search(r"变化最大的是.*，其中1项的达标概率反而下降.*；其余\d+项", mixed.words(ZH))
    assert "base run" not in mixed.words(EN)


def test_a_step_within_simulation_error_is_not_where_money_buys_most(one: Curves) -> None:
    assert one.best_step() is not None
    counted = one.counted[0]
    unsure = [replace(step, gain_low=-0.1, gain_high=9.0) for step in counted.steps]
    rows = [replace(own, steps=unsure) if own is counted else own for own in one.rows]
    found = replace(one, rows=rows)
    assert found.best_step() is None
    assert "buys most" not in answer(found).words(EN)
    assert "变化都在模拟误差之内" in answer(found).words(ZH)


def test_only_money_has_to_add_something(one: Curves) -> None:
    counted = one.counted[0]
    losing = [
        replace(step, gain=-step.gain, gain_low=-step.gain_high, gain_high=-step.gain_low)
        for step in counted.steps
    ]
    rows = [replace(own, steps=losing) if own is counted else own for own in one.rows]
    found = replace(one, rows=rows)
    assert found.best_step() is None
    pace = replace(found, lever=replace(found.lever, key="planning.pace"))
    assert pace.best_step() == losing[0]
    assert f"{losing[0].gain:+.1f} targets met" in answer(pace).words(EN)


def test_the_answer_of_two_levers_names_best_and_worst(two: Curves) -> None:
    english = answer(two).words(EN)
    assert "Over 6 combinations" in english
    assert "(0.2, 0.5)" in english
    assert "(0.8, 1)" in english
    assert "buys most" not in english


def test_at_most_three_sentences_answer(one: Curves, two: Curves) -> None:
    assert len([*answer(one).said(EN, "headline")]) == 3
    assert len([*answer(two).said(EN, "headline")]) == 2


def test_figures_hold_the_numbers_of_the_answer(one: Curves, real_run: Run) -> None:
    figures: Any = answer(one).figures
    assert figures["best_step"]["from"] == 0.0
    assert figures["next_step"]["to"] == 4e8
    assert len(figures["responding"]) == len(rising(real_run))
    assert {tuple(ends) for ends in figures["responding"].values()} == {(0.0, 0.9)}
    assert [point["base"] for point in figures["met_count"]] == [False, True, False, False]


# ------------------------------------------------------------------------------- tables


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_table_has_responders_in_rows_and_the_others_in_a_note(
    one: Curves, real_run: Run, language: Language
) -> None:
    speech, told = Speech(language), answer(one)
    header, met, joint, *lines = cells(told.tables[0], speech)
    assert header[1:] == {"zh": ["0", "*2", "4", "8"], "en": ["0", "*200", "400", "800"]}[language]
    assert met[1:] == [f"{point.mean:.1f}" for point in one.counted[0].points]
    assert joint[0] == speech.text(one.joint[0].row)
    names = {speech.text(curve.row.marked) for curve in one.shown if curve.responds}
    assert {name for name, *_ in lines} == names
    assert len(names) == len(rising(real_run))
    signs = {"zh": ["0%", "50%", "90%", "90%"], "en": ["0 %", "50 %", "90 %", "90 %"]}
    assert {tuple(chances) for _, *chances in lines} == {tuple(signs[language])}
    below = speech.text(told.notes[0].said)
    still = [curve for curve in one.shown if not curve.responds]
    assert still
    for curve in still:
        assert re.search(re.escape(speech.text(curve.row.marked)) + r" ?[(（]25 ?%", below)


def test_a_long_sweep_keeps_both_ends_and_the_base_run(real_run: Run) -> None:
    settings = [1e8 * i for i in range(1, 13)]
    made = sweeps.sweep(real_run, lambda *_: 0.5, settings, base=(2e8, None), replications=3)
    (table,) = answer(sweeps.curves(real_run, made)).tables
    header = cells(table, ZH)[0][1:]
    assert len(header) == COLUMNS
    assert header[0] == "1"
    assert header[-1] == "12"
    assert "*2" in header


def test_the_grid_has_the_mean_of_its_own_row_and_column(two: Curves, real_run: Run) -> None:
    n, moving = two.total, len(rising(real_run))
    (table,) = answer(two).tables
    assert "across: margin on quotas; down: yearly pace" in EN.text(table.title)
    header, *lines = cells(table, EN)
    assert header[1:] == ["0.2", "*0.5", "0.8"]
    assert lines == [
        [
            name,
            *(f"{0.25 * (n - moving) + first * second * moving:.1f}" for first in (0.2, 0.5, 0.8)),
        ]
        for name, second in (("0.5", 0.5), ("*1", 1.0))
    ]


# ------------------------------------------------------------------------------- pictures


def test_a_panel_shows_points_band_fit_and_base_run(one: Curves, real_run: Run) -> None:
    moving = rising(real_run)[0]
    group = real_run.plan.targets[moving[0]].group
    drawn: Response = figure(one, group)
    curve = next(curve for curve in one.rows if curve.row.key == moving)
    panel = drawn.panels[0]
    assert panel.name == curve.row.marked
    assert [*panel.x] == [*SETTINGS]
    assert [point.x for point in panel.points] == [*SETTINGS]
    assert [point.y for point in panel.points] == pytest.approx([*CHANCES])
    assert [*panel.fit] == pytest.approx([*CHANCES])
    ((low, high),) = panel.bands
    assert [*low] == [point.probability_low for point in curve.points]
    assert [*high] == [point.probability_high for point in curve.points]
    assert drawn.base is not None
    assert drawn.base[0] == 2e8
    assert EN.text(drawn.base[1]) == "base run, 200 million yuan"
    assert [EN.text(line) for line in panel.lines] == ["0 % → 90 %"]
    assert re.search(r"1 of \d+ targets responds to", EN.text(drawn.title))
    assert [panel.role == "counts" for panel in drawn.panels] == [
        curve.responds for curve in one.shown if curve.row.group == group
    ]


def test_settings_are_named_below_the_panels_the_base_run_and_the_ends_first(one: Curves) -> None:
    ticks = [(value, EN.text(name)) for value, name in figure(one, "joint").across.ticks]
    assert ticks == [(2e8, "200"), (0.0, "0"), (8e8, "800"), (4e8, "400")]
    assert ZH.text(figure(one, "joint").across.name).endswith("（亿元）")


def test_titles_count_the_targets_of_the_plan_whatever_stands_beside_them(
    everything: Curves,
) -> None:
    assert len(everything.shown) > everything.total
    assert f"of {everything.total} modelled targets" in answer(everything).words(EN)
    for group in ("literacy", "activities"):
        total = sum(curve.row.group == group for curve in everything.deciding)
        drawn: Response = figure(everything, group)
        assert len(drawn.panels) > total
        assert re.search(rf"{total} of {total} targets responds? to", EN.text(drawn.title))
        assert any("†" in EN.text(panel.name) for panel in drawn.panels)
        assert any("†" in EN.text(note) for note in drawn.notes)
        met: Response = figure(everything, "met_count")
        assert any(f"({total})" in EN.text(panel.name) for panel in met.panels)


def test_targets_met_have_their_means_and_the_range_of_replications(one: Curves) -> None:
    drawn: Response = figure(one, "met_count")
    assert len(drawn.panels) == 1 + len({curve.row.group for curve in one.deciding})
    for panel, curve in zip(drawn.panels, one.counted, strict=True):
        assert [point.y for point in panel.points] == [point.mean for point in curve.points]
        assert panel.bands == [
            (tuple(p.p05 for p in curve.points), tuple(p.p95 for p in curve.points))
        ]
        assert panel.up is not None
        assert panel.up.ends == (0.0, len(curve.row.members))
    assert "nine tenths of it by 400 million yuan" in EN.text(drawn.title)


def test_targets_met_together_have_their_chances(one: Curves) -> None:
    drawn: Response = figure(one, "joint")
    for panel, curve in zip(drawn.panels, one.joint, strict=True):
        assert [point.y for point in panel.points] == [p.probability for p in curve.points]
    assert f"all {one.total} targets are met" in EN.text(drawn.title)


def test_maps_hold_the_chances_of_both_settings_the_smallest_lowest(
    two: Curves, real_run: Run
) -> None:
    drawn: Grid = figure(two, "targets")
    moving = len(rising(real_run))
    assert EN.text(drawn.title).startswith(f"{moving} of ")
    for panel in drawn.panels[:moving]:
        assert [EN.text(row.name) for row in panel.rows] == ["1", "0.5"]
        assert [EN.text(column) for column in panel.columns] == ["0.2", "0.5", "0.8"]
        assert [[cell.value for cell in row.cells] for row in panel.rows] == [
            pytest.approx([first * second for first in (0.2, 0.5, 0.8)], abs=0.013)
            for second in (1.0, 0.5)
        ]
        marked = [[cell.marked for cell in row.cells] for row in panel.rows]
        assert marked == [[False, True, False], [False, False, False]]
    still = [panel.rows[0].cells[0].value for panel in drawn.panels[moving:]]
    assert set(still) == {0.25}


def test_two_levers_have_maps_of_targets_met_and_of_joint_chances(two: Curves) -> None:
    (panel,) = figure(two, "grid").panels
    means = {(p.second_setting, p.setting): p.mean for p in two.counted[0].points}
    assert [[cell.value for cell in row.cells] for row in panel.rows] == [
        [means[second, first] for first in (0.2, 0.5, 0.8)] for second in (1.0, 0.5)
    ]
    assert "the most with margin on quotas at 0.8 and yearly pace" in EN.text(
        figure(two, "grid").title
    )
    joint: Grid = figure(two, "joint")
    assert len(joint.panels) == 1 + len({curve.row.group for curve in two.deciding})
    best = max(point.probability or 0.0 for point in two.joint[0].points)
    assert max(cell.value for row in joint.panels[0].rows for cell in row.cells) == best
    assert f"全部{two.total}项目标同时达标的概率" in ZH.text(joint.title)
