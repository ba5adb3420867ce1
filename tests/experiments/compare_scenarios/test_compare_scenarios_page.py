"""Answer, tables and pictures of a comparison say what was found, in both languages."""

from __future__ import annotations

import datetime as dt
import io
from dataclasses import replace
from pathlib import Path
from typing import Any, get_type_hints

import numpy as np
import pytest

from experiments.compare_scenarios.comparison import Change, Comparison, standings
from experiments.compare_scenarios.event_logs import FirstDifference
from experiments.compare_scenarios.findings import LESS, MORE, Compared, Estimate
from experiments.compare_scenarios.page import answer, comparison_table, first_difference
from experiments.compare_scenarios.pictures import dumbbell, overview, picture_name, pictures
from sim.answer.figures import Ladder, Stamp
from sim.answer.row import Row
from sim.page.console import answered, console_on
from sim.page.picture import pages, write
from sim.page.picture.colours import LOOKS
from sim.page.picture.sheet import Spot
from sim.words import Label, Language, Speech, signed, speeches

NAME = {"zh": "试", "en": "test"}
CONFIG: dict[str, Any] = {
    "plan": {
        "groups": {
            "later": {"name": {"zh": "其他", "en": "Others"}, "headline": False},
            "first": {"name": {"zh": "要点", "en": "Headlines"}, "headline": True},
        }
    }
}
POOR = {"zh": "财政紧缩", "en": "Austerity"}
BASE = {"zh": "基准情景", "en": "Baseline"}


def found(target: str, difference: float = 0.0, change: str = "", **given: Any) -> Compared:
    joint = target in ("all", "met_count")
    row = Row(
        target=target, definition="", group="" if joint else "first", reading=None,
        name={"zh": f"目标{target}", "en": f"Target {target}"}, comparator="" if joint else ">=",
        goal=4.0, unit={"zh": "项", "en": "targets"}, kind="plan", counts=True, modelled=True,
        members=((target, ""),),
    )  # fmt: skip
    about = {name: given.pop(name) for name in [*given] if name in get_type_hints(Row)}
    none = dict.fromkeys(get_type_hints(Compared))
    chance = {"probability_reference": 0.4, "probability": 0.4 + difference}
    chance |= {"difference": difference, "gained": 3, "lost": 1}
    chance |= {"difference_low": difference - 0.1, "difference_high": difference + 0.1}
    told: dict[str, Any] = {
        **none, "scenario": "poor", "reference": "baseline", "row": replace(row, **about),
        "paired": True, "replications_reference": 100, "replications": 100, "dropped": 0,
        "change": change, "value_change": "", **({} if target == "met_count" else chance), **given,
    }  # fmt: skip
    return Compared(**told)


def counted(mean: float, low: float, high: float, **given: Any) -> Compared:
    """How many targets are met: 20 in the reference, and so many more in the scenario."""
    ends = {"mean_reference": 20.0, "mean_reference_low": 19.0, "mean_reference_high": 21.0}
    ends |= {"mean": 20.0 + mean, "mean_low": 19.0 + mean, "mean_high": 21.0 + mean}
    ends |= {"value_difference": mean, "value_difference_low": low, "value_difference_high": high}
    return found("met_count", **{**ends, "value_variance_reduction": 4.25, **given})


def comparison(*rows: Compared, label: Label = POOR, **given: Any) -> Comparison:
    return Comparison(label=label, reference=BASE, rows=rows, **given)


ROWS = (
    found("a", 0.2, MORE), found("b", -0.3, LESS), found("c", 0.5, MORE),
    found("d", -0.35, LESS), found("e", 0.28, MORE), found("f", 0.0),
    found("h", -0.9, group="later"),    found("g", 0.25, MORE),
)  # fmt: skip


def names(rows: list[Compared]) -> list[str]:
    return [own.row.target for own in rows]


def words(*comparisons: Comparison, language: Language = "en") -> str:
    return answer(comparisons, CONFIG).words(Speech(language))


def printed(*comparisons: Comparison, full: bool, language: Language = "en") -> str:
    file = io.StringIO()
    console = console_on(file)
    told = answered(answer(comparisons, CONFIG), Speech(language), console.width, full=full)
    console.print(*told)
    return file.getvalue()


# ---------------------------------------------------------------------------- rows


def test_the_largest_change_comes_first_in_both_directions() -> None:
    own = comparison(*ROWS)
    assert names(own.changed(MORE)) == ["c", "e", "g", "a"]
    assert names(own.changed(LESS)) == ["d", "b"]


def test_readings_that_do_not_count_are_left_out_unless_asked_for() -> None:
    own = comparison(
        found("a", 0.2, MORE),
        found("b", 0.3, MORE, counts=False),
        found("c", 0.4, MORE, kind="operationalised"),
        found("all", 0.5, MORE),
    )
    assert names(own.changed(MORE)) == ["a"]
    assert names(own.changed(MORE, deciding=False)) == ["c", "b", "a"]
    assert own.total == 1


# ---------------------------------------------------------------------------- words


def test_the_answer_counts_changes_and_names_the_largest() -> None:
    own = comparison(*ROWS, counted(1.5, 0.25, 2.75))
    english, chinese = words(own), words(own, language="zh")
    assert "“Austerity” makes 2 of the 8 modelled targets" in english
    assert "4 more likely than “Baseline” (95 % interval excludes 0); the other 2 do" in english
    assert (
        "the largest losses: Target d (40 % to 5 %, −35.0 points, interval −45.0 to −25.0), "
        "Target b (40 %" in english
    )
    assert "the largest gains: Target c (40 % to 90 %, +50.0 points" in english
    assert "Target a (" not in english, "three are named"
    assert "from 20.0 to 21.5, a difference of +1.50 (95 % interval +0.25 to +2.75)" in english
    assert "as precise as with 4.2 times the replications" in english
    assert "使8项规划目标中的2项达标概率下降、4项上升" in chinese
    assert "降幅最大的是目标d（40%→5%，−35.0个百分点，区间−45.0至−25.0）、目标b" in chinese
    assert "由20.0项变为21.5项，相差+1.50项（95%区间+0.25至+2.75项）" in chinese


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"value_variance_reduction": 0.9}, "do not help here (variance ratio 0.9)"),
        ({"value_variance_reduction": 12.6}, "13 times the replications"),
        ({"paired": False, "value_variance_reduction": None}, "those of independent samples"),
    ],
)
def test_the_answer_says_what_the_pairs_were_worth(given: dict[str, Any], said: str) -> None:
    assert said in words(comparison(found("a", paired=given.get("paired", True)),
                                    counted(1.0, 0.5, 1.5, **given)))  # fmt: skip


def test_rows_that_do_not_change_are_counted_by_what_they_do() -> None:
    equal: dict[str, Any] = {
        "gained": 0, "lost": 0, "value_difference": 0.0, "value_difference_low": 0.0,
        "value_difference_high": 0.0,
    }  # fmt: skip
    own = comparison(
        found("a", 0.3, MORE, value_change="higher"), found("b", **equal),
        found("c", value_change="lower"), found("d", **{**equal, "value_difference_high": 0.1}),
    )  # fmt: skip
    said = "change of probability: 3; the mean of 1 of them changes"
    assert f"{said}, and 1 are the same in every replication." in words(own)
    apart = comparison(*(replace(row, paired=False) for row in own.rows))
    assert f"{said}." in words(apart)


def first(replication: int, date: str | None, ours: str = "", theirs: str = "") -> FirstDifference:
    if date is None:
        return FirstDifference("poor", "a", "b", replication)
    return FirstDifference(
        "poor", "a", "b", replication, dt.date.fromisoformat(date), 9,
        reference_only=bool(ours), other_only=2 * bool(theirs), reference_zh=ours,
        reference_en=ours, other_zh=theirs, other_en=theirs,
    )  # fmt: skip


def test_the_earliest_difference_of_all_logs_is_told() -> None:
    own = comparison(found("a"), first=[first(0, None), first(1, "2017-01-02", "X", "Y"),
                                        first(2, "2016-05-06", "", "Z")])  # fmt: skip
    said = words(own)
    assert "first differ on 2016-05-06 (replication 2). In the scenario alone, to begin" in said
    assert "Z (in all, events of that day in one of them alone: 2)." in said
    assert "最早在2016-05-06出现差别（第2次模拟）：只见于新情景" in words(own, language="zh")
    both = words(replace(own, first=own.first[:2]))
    assert "Only in the reference, to begin with: X. Only in the scenario: Y (in all" in both
    one = words(replace(own, first=[first(0, "2016-05-06", "X")]))
    assert "In the reference alone, to begin with: X." in one
    assert "the 1 replications that were logged" in words(replace(own, first=own.first[:1]))


def test_nothing_is_said_of_logs_that_nobody_asked_for_and_why_others_are_missing() -> None:
    own = comparison(found("a"))
    assert first_difference(own) is None
    reasons = {"unpaired": "would mean nothing", "unreadable": "does not understand"}
    for reason, said in reasons.items():
        assert said in words(replace(own, untold=f"compare_scenarios.first_{reason}"))


def test_what_casts_doubt_stands_on_the_first_screen() -> None:
    own = comparison(found("a", dropped=3), other_code=True)
    said = " ".join(printed(own, full=False).split())
    assert "different versions of the code" in said
    assert "in one of the two only: 3 replications" in said
    assert "different versions" not in printed(comparison(found("a")), full=False)


# ---------------------------------------------------------------------------- several scenarios

RICH = {"zh": "翻倍", "en": "Double"}


def several(low: float) -> list[Comparison]:
    return [
        comparison(found("a"), counted(-2.0, low - 4.0, -low)),
        comparison(*(replace(row, scenario="rich") for row in (found("a"), counted(3.0, low, 6.0))),
                   label=RICH),
    ]  # fmt: skip


def test_scenarios_stand_by_the_targets_they_meet_and_only_beyond_error_one_is_best() -> None:
    ranked = standings(several(0.5))
    assert [(own.name, own.change) for own in ranked] == [
        ("rich", MORE), ("baseline", ""), ("poor", LESS),
    ]  # fmt: skip
    told = words(*several(0.5))
    assert told.startswith("Targets met on average: most under “Double” (23.0), fewest under “Aus")
    assert "“Double”: The mean number of targets met goes from 20.0 to 23.0" in told
    assert "no scenario differs from “Baseline” (20.0) beyond" in words(*several(-0.5))
    assert standings(several(0.5)[:1]) == []
    assert standings([comparison(found("a")), comparison(found("b"))]) == []


def test_the_first_screen_of_several_scenarios_compares_them_all() -> None:
    shown = printed(*several(0.5), full=False, language="zh")
    for said in (
        "翻倍",
        "财政紧缩",
        "基准情景",
        "23.0",
        "各情景下的达标概率",
    ):
        assert said in shown
    full = printed(*several(0.5), full=True, language="zh")
    assert "各情景的平均达标项数" in full
    assert "各情景的平均达标项数" not in shown


# ---------------------------------------------------------------------------- tables


def test_the_table_lists_changes_then_joint_rows_then_the_rest() -> None:
    own = comparison(*ROWS, found("all", 0.1), counted(1.5, 0.25, 2.75))
    table, speech = comparison_table(own), Speech("en")
    shown = [speech.text(line.cells["target"]) for line in table.rows]
    assert shown == [
        *(f"Target {name}" for name in "cdbega"), "Several targets at once", "Target all",
        "Target met_count, of 4", "No visible change", "Target f", "Target h",
    ]  # fmt: skip
    assert [line.essential for line in table.rows if not line.heading] == [True] * 8 + [False] * 2
    cells = {name: speech.text(cell) for name, cell in table.rows[1].cells.items()}
    assert cells == {"target": "Target d", "reference": "40 %", "scenario": "5 %",
                     "difference": "−35.0 (−45.0, −25.0)", "pairs": "3/1"}  # fmt: skip
    assert [line.looks.get("difference") for line in table.rows[:3]] == [
        "likely", "unlikely", "unlikely",
    ]  # fmt: skip
    count = {name: speech.text(cell) for name, cell in table.rows[8].cells.items()}
    assert (count["reference"], count["scenario"]) == ("20.0", "21.5")
    assert count["value"] == "+1.5 (+0.2, +2.8) targets"


def test_a_table_without_changes_says_so() -> None:
    own = comparison(found("a", paired=False), counted(0.0, -1.0, 1.0, paired=False))
    said = " ".join(printed(own, full=False).split())
    assert "No row changes visibly in its probability." in said
    assert "on different random numbers" in said
    assert "Gained/lost" not in said


@pytest.mark.parametrize(
    ("limits", "zh", "en"),
    [
        ((0.0, -0.004, 0.25), "0.00 (0.00, +0.25)", "0.00 (0.00, +0.25)"),
        ((-3.0, -5.0, -1.0), "−3.0 (−5.0, −1.0)", "−3.0 (−5.0, −1.0)"),
        ((120.4, -1.0, 300.0), "+120 (−1, +300)", "+120 (−1, +300)"),
        ((-2e6, -3e6, 0.0), "−200万 (−300万, 0)", "−2 million (−3 million, 0)"),
    ],
)
def test_differences_are_written_with_their_sign(
    limits: tuple[float, float, float], zh: str, en: str
) -> None:
    said = Change(Estimate(*limits))
    assert [said.spoken(Speech("zh")), said.spoken(Speech("en"))] == [zh, en]
    assert signed(-0.04) == "0.0"


# ---------------------------------------------------------------------------- pictures


def test_a_picture_shows_every_target_where_most_changes_first() -> None:
    own = comparison(*ROWS, counted(1.5, 0.25, 2.75))
    figure, speech = dumbbell("compare_scenarios_poor", own, CONFIG), Speech("en")
    assert [speech.text(pair.name) for pair in figure.rows] == [f"Target {n}" for n in "cdbegafh"]
    assert [speech.text(pair.group) for pair in figure.rows[-2:]] == ["Headlines", "Others"]
    assert [(pair.role, pair.sure) for pair in figure.rows[:2]] == [("more", True), ("less", True)]
    assert [(pair.role, pair.sure) for pair in figure.rows[-2:]] == [("same", False)] * 2
    largest = comparison(*ROWS, found("i", 0.55, MORE, group="later"))
    first = dumbbell("compare_scenarios_poor", largest, CONFIG).rows[:3]
    assert [speech.text(pair.name) for pair in first] == ["Target h", "Target i", "Target c"]
    ring, dot = figure.rows[1].dots
    assert (ring.value, ring.hollow) == (0.4, True)
    assert dot.value == pytest.approx(0.05)
    assert not dot.hollow
    assert [speech.text(text) for text in figure.rows[1].texts] == [
        "40 % → 5 %", "−35.0 (−45.0, −25.0)",
    ]  # fmt: skip
    title = speech.text(figure.title)
    assert "2 of 8 targets less likely to be met, 4 more likely" in title
    assert "targets met +1.5 on average (+0.2 to +2.8)" in title


def test_readings_of_a_target_are_neighbours_the_one_that_counts_first() -> None:
    def reading(name: str, **given: Any) -> Compared:
        return found("a", definition=name, reading={"zh": name, "en": name}, **given)

    own = comparison(
        reading("broad", difference=0.5, change=MORE, counts=False),
        reading("strict", difference=0.1),
        found("b", 0.2, MORE),
    )
    figure = dumbbell("compare_scenarios_poor", own, CONFIG)
    assert [(pair.reading or {}).get("en") for pair in figure.rows] == [None, "strict", "broad"]  # type: ignore[attr-defined]
    assert [pair.counts for pair in figure.rows] == [True, True, False]


def test_the_overview_shows_means_with_intervals_beside_the_reference(tmp_path: Path) -> None:
    own = several(0.5)
    figure = overview(own, standings(own))
    (dot,) = figure.rows[0].dots
    assert (dot.value, dot.interval, dot.role) == (23.0, (22.0, 24.0), "more")
    assert figure.reference is not None
    assert figure.reference[0] == 20.0
    assert [pair.dots[0].hollow for pair in figure.rows] == [False, True, False]
    stamp = Stamp(NAME, "9", "1", "f" * 64)
    paths = write([figure], tmp_path, stamp, speeches("both"))
    assert {path.name for path in paths if path.suffix == ".png"} == {
        "compare_scenarios_overview_zh.png", "compare_scenarios_overview_en.png",
    }  # fmt: skip
    assert "2 scenarios against Baseline" in (
        (tmp_path / "compare_scenarios_overview_en.svg").read_text(encoding="utf-8")
    )


@pytest.mark.parametrize(
    ("scenario", "name"),
    [("double planning.pace=0.5", "double_planning_pace_0_5"), ("../a <b>", "a_b"),
     ("财政 紧缩", "财政_紧缩"), ("x" * 90, "x" * 60)],
)  # fmt: skip
def test_the_name_of_a_picture_is_safe(scenario: str, name: str) -> None:
    assert picture_name(scenario) == f"compare_scenarios_{name}"


# ---------------------------------------------------------------------------- all side by side


def limited(target: str, difference: float = 0.0, change: str = "", **given: Any) -> Compared:
    """A row with intervals of .1 to either side of both chances."""
    ends = {
        f"probability{of}_{side}": 0.4 + (0.0 if of else difference) + step
        for of in ("_reference", "")
        for side, step in (("low", -0.1), ("high", 0.1))
    }
    return found(target, difference, change, **ends, **given)


def beside(*rows: tuple[Compared, ...]) -> list[Comparison]:
    """A comparison for each of some rows, named A, B and so on."""
    return [
        comparison(*(replace(row, scenario=letter) for row in own),
                   label={"zh": f"情景{letter}", "en": f"Scenario {letter}"})
        for letter, own in zip("ABCDEFG", rows, strict=False)
    ]  # fmt: skip


def two() -> list[Comparison]:
    return beside(
        (limited("a", 0.1), limited("b", -0.3, LESS), limited("c", 0.2, MORE), limited("d"),
         limited("e", 0.5, MORE, counts=False), limited("f", 0.55, MORE, kind="diagnostic"),
         counted(-2.0, -3.0, -1.0)),
        (limited("a", 0.5), limited("b", 0.3, MORE), limited("c", 0.0), limited("d"),
         limited("e"), limited("f"), counted(1.0, 0.5, 1.5)),
    )  # fmt: skip


def test_one_table_has_a_line_a_target_and_a_column_a_scenario() -> None:
    table, speech = answer(two(), CONFIG).tables[0], Speech("en")
    assert [speech.text(own.header) for own in table.columns.values()] == [
        "Target", "Baseline", "Scenario A", "Scenario B",
    ]  # fmt: skip
    cells = [[speech.text(cell) for cell in line.cells.values()] for line in table.rows]
    assert cells == [
        ["Target met_count, of 4", "20.0", "18.0", "21.0"],
        # The chances of b are 40, 10 and 70 %; a is not more than chance, e does not count.
        *[["Target b", "40 %", "10 % ▼", "70 % ▲"], ["Target f †", "40 %", "95 % ▲", "40 %"]],
        ["Target c", "40 %", "60 % ▲", "40 %"],
        ["Several targets at once"],
        ["No visible change"],
        ["Target a", "40 %", "50 %", "90 %"],
        ["Target d", "40 %", "40 %", "40 %"],
    ]
    essential = {speech.text(line.cells["target"]) for line in table.essential()}
    assert essential == {"Target met_count, of 4", "Target b", "Target c"}
    assert [*table.rows[1].looks.values()] == ["", "unlikely", "likely"]
    assert [own.annex for own in answer(two(), CONFIG).tables] == [False, False, True, True]


def test_the_answer_of_several_scenarios_names_the_targets_that_differ_most() -> None:
    first, second, *rest = answer(two(), CONFIG).said(Speech("en"), "headline")
    assert first.startswith("Targets met on average: most under “Scenario B” (21.0), fewest")
    assert "Of the 4 modelled targets of the plan, 2 have a chance that differs" in second
    assert "Target b (10 % under “Scenario A”, 70 % under “Scenario B”), Target c (40 %" in second
    assert not rest
    same = beside((limited("a"), counted(0.0, -1.0, 1.0)), (limited("a"), counted(0.0, -1.0, 1.0)))
    assert "None of the 1 modelled targets" in answer(same, CONFIG).words(Speech("en"))


def test_a_short_table_has_the_twelve_that_differ_most() -> None:
    rows = [(str(number), 0.01 * number) for number in range(1, 15)]
    own = beside(*2 * [tuple(limited(name, more, MORE) for name, more in rows)])
    shown = [line.cells["target"] for line in answer(own, CONFIG).tables[0].essential()]
    assert [Speech("en").text(name) for name in shown] == [
        f"Target {number}" for number in range(14, 2, -1)
    ]


def test_one_figure_shows_the_chances_of_all_scenarios_with_intervals() -> None:
    figure, _ = pictures(two(), standings(two()), CONFIG)
    assert isinstance(figure, Ladder)
    speech = Speech("en")
    assert [speech.text(own.name) for own in figure.rows] == ["Target b", "Target f †", "Target c"]
    reference, first, second = figure.rows[0].dots
    assert [own.hollow for own in (reference, first, second)] == [False] * 3
    assert second.value == pytest.approx(0.7)
    assert second.interval == pytest.approx((0.6, 0.8))
    assert [own.hollow for own in figure.rows[1].dots] == [False, False, True]
    assert [speech.text(text) for text in figure.rows[0].texts] == ["40 %", "10 % ▼", "70 % ▲"]
    assert "2 of 4 targets have other chances in some scenario; most of all Target b: 10 % to" in (
        speech.text(figure.title)
    )
    assert [speech.text(note) for note in figure.notes][-1].endswith(": 2 more.")


def test_eight_scenarios_have_a_colour_and_a_shape_each_and_no_numbers_beside_them() -> None:
    own = beside(*7 * [(limited("a", 0.2, MORE),)])
    (figure,) = pictures(own, standings(own), CONFIG)
    assert isinstance(figure, Ladder)
    looks = {(LOOKS[key.role].colour, LOOKS[key.role].shape) for key in figure.keys}
    assert len(looks) == len({shape for _, shape in looks}) == len(figure.rows[0].dots) == 8
    assert not figure.rows[0].texts
    assert not figure.columns


def test_dots_of_a_row_stand_in_lanes_below_each_other() -> None:
    own = beside(*7 * [tuple(limited(str(number), 0.2, MORE) for number in range(20))])
    (figure,) = pictures(own, standings(own), CONFIG)
    sheets = pages(figure, Stamp(NAME, "9", "1", "f" * 64), Speech("en"))
    drawn = [mark for sheet in sheets for mark in sheet.marks if isinstance(mark, Spot)]
    by_row = {
        number: [spot for spot in drawn if spot.name.startswith(f"row{number}.dot")]
        for number in range(20)
    }
    for spots in by_row.values():
        heights = [spot.y for spot in spots]
        assert len(heights) == 8
        steps = np.diff(heights)
        assert steps.min() > 0.08
        assert steps.max() == pytest.approx(steps.min())
    assert by_row[1][0].y - by_row[0][-1].y > np.diff([spot.y for spot in by_row[0]]).max()
