"""Answer, table and pictures of bottlenecks say what was found, in both languages."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from rich.cells import cell_len

from experiments.bottlenecks.bound import Bottlenecks, Gain, bottlenecks
from experiments.bottlenecks.findings import TOGETHER, Binding, ReliefComparison, ReliefGain
from experiments.bottlenecks.page import answer
from experiments.bottlenecks.pictures import matrix, targets_met
from sim.answer.blocks import Line
from sim.answer.row import Config, rows_of
from sim.config.schema import Run
from sim.page.console import LINES, answered, console_on
from sim.words import Chance, Label, Language, Speech, measure
from tests.factory import ledger_parts

N = 60
NAMES: dict[str, Label] = {
    "money": {"zh": "资金", "en": "Money"},
    "crews": {"zh": "施工队", "en": "Building crews"},
    TOGETHER: {"zh": "全部", "en": "All at once"},
}
CHANCES = {
    # as it is, with money, with crews, with both
    "experts": (0.0, 0.0, 0.0, 1.0),  # needs both
    "teacher_studios": (0.1, 0.9, 0.1, 0.9),  # money
    "demo_projects": (0.1, 0.6, 0.9, 1.0),  # crews more than money
    "training_bases": (0.3, 0.8, 0.3, 0.9),  # money, while the ledger says crews
    "full_time_staff": (0.0, 0.0, 0.0, 0.0),  # nothing helps
    "journals": (0.9, 0.9, 0.1, 0.9),  # crews harm it
}  # fmt: skip
LEDGER = {
    "experts": "crew", "teacher_studios": "unproposed:money_in_sight", "demo_projects": "crew",
    "training_bases": "crew", "full_time_staff": "unmet:unfunded_post",
}  # fmt: skip
LIKELY = (1.0, 1.0, 1.0, 1.0)  # every other target


@dataclass(frozen=True)
class Made:
    """The findings of a made-up study on the real plan."""

    gains: Sequence[ReliefGain]
    binding: Sequence[Binding]
    config: Config

    @property
    def found(self) -> Bottlenecks:
        return bottlenecks(self.gains, self.binding, self.config)

    def words(self, language: Language) -> str:
        return answer(self.gains, self.binding, self.config).words(Speech(language))

    @property
    def figures(self) -> Any:
        return answer(self.gains, self.binding, self.config).figures

    def printed(self, language: Language, width: int, *, full: bool) -> str:
        file = io.StringIO()
        told = answer(self.gains, self.binding, self.config)
        console_on(file).print(*answered(told, Speech(language), width, full=full))
        return file.getvalue()


def made(run: Run, reliefs: Sequence[str] = tuple(NAMES)) -> Made:
    config = run.model_dump(mode="json")

    def targets(history: int) -> pd.DataFrame:
        return pd.DataFrame(
            [
                (r, r, target, reading, 1.0, r < N * CHANCES.get(target, LIKELY)[history], None)
                for target, reading in rows_of(config)
                for r in range(N)
            ],
            columns=["draw", "replication", "target", "definition", "value", "attained",
                     "first_attained_day"],
        )  # fmt: skip

    delays = pd.DataFrame(
        [(r, target, stage, 3) for target, stage in LEDGER.items() for r in range(N)],
        columns=["replication", "programme", "stage", "missing"],
    )
    histories = dict(zip(NAMES, (1, 2, 3), strict=True))
    comparison = ReliefComparison(
        targets(0),
        {name: targets(histories[name]) for name in reliefs},
        ledger_parts(delays),
        config,
        {name: NAMES[name] for name in reliefs},
        {"crew": "crews", "unproposed:money_in_sight": "money", "unmet:unfunded_post": "money"},
    )
    return Made([*comparison.gains()], [*comparison.binding()], config)


@pytest.fixture(scope="module")
def study(real_run: Run) -> Made:
    return made(real_run)


@pytest.fixture(scope="module")
def money_alone(real_run: Run) -> Made:
    return made(real_run, ["money"])


# ------------------------------------------------------------------ rows


def test_targets_come_by_group_and_by_gain(study: Made) -> None:
    rows = [own.row for own in study.found.rows if own.row.decides and own.row.group == "staff"]
    order = [row.target for row in rows if row.target in CHANCES]
    assert order == ["teacher_studios", "training_bases", "experts", "full_time_staff"]
    every = [own.row for own in study.found.rows]
    assert [row.definition for row in every if row.target == "full_time_staff"] == [
        "strict",
        "broad",
    ]
    headline = [study.config["plan"]["groups"][row.group]["headline"] for row in every]
    assert headline == sorted(headline, reverse=True)


def test_reliefs_come_by_what_they_add(study: Made) -> None:
    assert study.found.reliefs == ["money", "crews", TOGETHER]
    assert [own.row.target for own in study.found.binds("crews")] == ["demo_projects"]


# ------------------------------------------------------------------ statements


def test_the_answer_holds_the_numbers_that_matter(study: Made) -> None:
    zh, en = study.words("zh"), study.words("en")
    total = len(study.found.deciding)
    base = total - 6 + 0.1 + 0.1 + 0.3 + 0.9
    money, together = 0.8 + 0.5 + 0.5, 1.0 + 0.8 + 0.9 + 0.6
    for text in (f"{base:.1f}", f"{money:.1f}", f"{together:.1f}"):
        assert text in zh
        assert text in en
    # 3.3 together; single gains 1.8 + 0.8 - 0.8 add up to 1.8.
    for text in (
        "lifting “Money” gains most", "gains most for 2 targets",
        "1.5 more than the single gains add up to (1.8)", "Experts in the pool (0 → +100)",
        "“Building crews” alone lowers the chance of Journals of national first class by 80 points",
        "not helped even by lifting all of them: 1 target (in",
        "Full-time staff (unfunded posts)",
        "of 3 targets that a single relief helps, it names that very constraint for 2 (67 %)",
        "Staff training bases (ledger: crew; best relief: Money)",
    ):  # fmt: skip
        assert text in en
    for text in ("“资金”", "专家库人数（0→+100）", "下降80个百分点", "专职人员（岗位无经费）",
                 "的3项目标中", "的有2项（67%）", "台账：等施工队；增量最大：资金"):  # fmt: skip
        assert text in zh


def test_the_figures_are_those_of_the_findings(study: Made) -> None:
    figures = study.figures
    count = {own.relief: own for own in study.gains if own.row.target == "met_count"}
    assert figures["reliefs"].keys() == NAMES.keys()
    for name in NAMES:
        told = figures["reliefs"][name]
        ends = (told["targets_gained"], told["low"], told["high"])
        own = count[name]
        assert ends == (own.mean_gain, own.mean_gain_low, own.mean_gain_high)
    assert [told.get("best_for") for told in figures["reliefs"].values()] == [2, 1, None]
    assert figures["targets_met"] == count["money"].mean
    assert figures["not_helped"] == ["full_time_staff"]
    assert figures["need_several"][0] == "experts"
    assert (figures["ledger_judged"], figures["ledger_agrees"]) == (3, 2)
    assert figures["interaction"] == pytest.approx(1.5)


def test_with_one_relief_nothing_is_said_of_others(money_alone: Made) -> None:
    assert "at once" not in money_alone.words("en")
    assert "全部" not in money_alone.words("zh")
    assert "not helped by lifting it" in money_alone.words("en")
    assert "放开这一项仍无明显改善" in money_alone.words("zh")
    assert "interaction" not in money_alone.figures


def test_where_nothing_gains_the_answer_says_so(real_run: Run) -> None:
    losing = made(real_run, ["crews"])
    noise = [
        replace(own, mean_gain=0.2, mean_gain_low=-0.1, mean_gain_high=0.5)
        if own.row.counts_targets
        else own
        for own in losing.gains
    ]
    nothing = replace(losing, gains=noise)
    assert "No single constraint, if lifted, raises that number" in nothing.words("en")
    assert "单独放开任何一项约束，平均达标项数都没有明显增加" in nothing.words("zh")


# ------------------------------------------------------------------ the table


def lines(study: Made, target: str) -> list[Line]:
    (table,) = answer(study.gains, study.binding, study.config).tables
    names = {Speech("en").text(own.row.marked) for own in study.found.rows
             if own.row.target == target}  # fmt: skip
    return [line for line in table.rows if Speech("en").text(line.cells["target"]) in names]


def said(line: Line) -> list[str]:
    """What stands below each relief."""
    return [Speech("en").text(line.cells[name]) for name in NAMES]


def test_a_line_shows_every_gain_and_marks_the_best(study: Made) -> None:
    (line,) = lines(study, "demo_projects")
    assert said(line) == ["+50", "[+80]", "+90"]
    gains = [own.numbers[0] for name in NAMES if (own := measure(line.cells[name])) is not None]
    assert gains == pytest.approx([50.0, 80.0, 90.0])
    assert line.cells["chance"] == Chance(0.1)
    assert Speech("en").text(line.cells["ledger"]) == "✓ crew"
    (harmed,) = lines(study, "journals")
    assert said(harmed) == ["0", "−80", "0"]
    assert harmed.looks == {"money": "quiet", "crews": "unlikely", TOGETHER: "quiet"}
    (misled,) = lines(study, "training_bases")
    assert Speech("zh").text(misled.cells["ledger"]) == "等施工队"
    assert len(lines(study, "full_time_staff")) == 2


def test_a_gain_that_may_be_chance_stands_in_brackets(study: Made) -> None:
    unsure = [
        replace(own, gain=0.05, gain_low=-0.01, gain_high=0.11)
        if (own.row.target, own.relief) == ("demo_projects", "money")
        else own
        for own in study.gains
    ]
    (line,) = lines(replace(study, gains=unsure), "demo_projects")
    assert said(line)[0] == "(+5)"
    assert line.looks["money"] == "quiet"


def test_what_is_likely_anyway_stands_below_the_table(study: Made) -> None:
    assert lines(study, "qiming_bookrooms") == []
    note = "Likely to be met as it is (80 % or more), nothing to gain: "
    (said,) = [
        Speech("en").text(own.said)
        for own in answer(study.gains, study.binding, study.config).notes
        if Speech("en").text(own.said).startswith(note)
    ]
    assert "Qiming bookrooms" in said
    assert "Journals" not in said  # a relief harms them


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_first_screen_answers_and_fits(study: Made, language: Language) -> None:
    told = answer(study.gains, study.binding, study.config)
    assert len([*told.said(Speech(language), "headline")]) == 3
    for full in (False, True):
        text = study.printed(language, 100, full=full)
        assert max(cell_len(line.rstrip()) for line in text.splitlines() if "│" in line or
                   "─" in line) <= 100  # fmt: skip
        assert "[+80]" in text
    (table,) = told.tables
    shown = [line for line in table.essential() if not line.heading]
    assert 0 < len(shown) < LINES


# ------------------------------------------------------------------ pictures


def test_the_matrix_shows_every_gain_in_its_row_and_column(study: Made) -> None:
    found = study.found
    figure = matrix(found, study.config)
    (panel,) = figure.panels
    assert panel.columns == [NAMES[name] for name in ("money", "crews", TOGETHER)]
    assert len(panel.rows) == len(found.shown)
    for own, line in zip(found.shown, panel.rows, strict=True):
        gains = [own.gains[name] for name in ("money", "crews", TOGETHER)]
        assert [cell.value for cell in line.cells] == [gain.value for gain in gains]
        assert [cell.sure for cell in line.cells] == [gain.is_sure for gain in gains]
        best = [name == own.best for name in ("money", "crews", TOGETHER)]
        assert [cell.marked for cell in line.cells] == best
        assert (line.before, line.counts) == (Chance(own.before), own.row.counts)
    texts = [cell.text for line in panel.rows for cell in line.cells]
    assert texts.count("+80") == 3  # studios by money and by both, demonstration by crews
    assert texts.count("−80") == 1  # crews for journals
    left_out = len(found.rows) - len(found.shown)
    assert left_out
    assert Speech("en").text(figure.notes[-1]).endswith(f"likely as it is: {left_out} rows.")


def test_the_matrix_finds_what_binds_most(study: Made) -> None:
    total = len(study.found.deciding)
    figure = matrix(study.found, study.config)
    assert f"“Money” binds 2 of {total} targets" in Speech("en").text(figure.title)
    assert f"“资金”是{total}项规划目标中2项的首要约束" in Speech("zh").text(figure.title)
    assert [key.role for key in figure.keys] == ["more", "less"]


def test_dots_stand_where_the_number_is_and_would_be(study: Made) -> None:
    figure, overall = targets_met(study.found), study.found.overall
    order = ["money", "crews", TOGETHER]
    assert [row.name for row in figure.rows[:-1]] == [NAMES[name] for name in order]
    for name, row in zip(order, figure.rows, strict=False):
        gain, (before, after) = overall.gains[name], row.dots
        assert (before.value, before.hollow) == (overall.before, True)
        assert after.value == pytest.approx(overall.before + gain.value)
        assert after.interval == (overall.before + gain.low, overall.before + gain.high)
        assert row.sure == gain.is_sure
    added = sum(overall.gains[name].value for name in ("money", "crews"))
    assert figure.rows[-1].dots[1].value == pytest.approx(overall.before + added)
    assert figure.reference is not None
    assert figure.reference[0] == overall.before


def test_an_interval_without_ends_is_open(study: Made) -> None:
    """All replications share one draw of the parameters: then nothing is known of its spread."""
    endless = Gain(1.8, -np.inf, np.inf)
    overall = replace(study.found.overall, gains=dict.fromkeys(NAMES, endless))
    figure = targets_met(replace(study.found, counts=[overall]))
    assert figure.rows[0].dots[1].interval == (None, None)


def test_one_relief_alone_has_its_pictures(money_alone: Made) -> None:
    (panel,) = matrix(money_alone.found, money_alone.config).panels
    assert panel.columns == [NAMES["money"]]
    figure = targets_met(money_alone.found)
    assert [row.name for row in figure.rows] == [NAMES["money"]]
    assert Speech("en").text(figure.title) == "Lifting “Money” adds 1.8 targets on average"


def test_no_title_names_a_winner_within_the_noise_or_one_of_equals(study: Made) -> None:
    overall = study.found.overall
    noise = {name: Gain(0.2, -0.1, 0.5) for name in overall.gains}
    nothing = replace(study.found, counts=[replace(overall, gains=noise)])
    title = Speech("en").text(targets_met(nothing).title)
    assert "No single constraint, if lifted, raises the number of targets met" in title
    others = study.found.binds("money")[1:]  # two, and one of the crews: leave one to each
    rows = [replace(own, found=replace(own.found, best_relief="")) if own in others else own
            for own in study.found.rows]  # fmt: skip
    level = replace(study.found, rows=rows)
    assert [len(level.binds(name)) for name in level.single] == [1, 1]
    title = Speech("en").text(matrix(level, study.config).title)
    assert title.startswith("“Money”, “Building crews” bind 1 of")
    assert "each: there" in title
