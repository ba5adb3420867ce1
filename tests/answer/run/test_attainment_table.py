"""The attainment table says everything an analyst reads off it, at any usual width."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
from rich.cells import cell_len

from sim.answer.blocks import Line, Table
from sim.answer.finding import cells_of, columns_of, findings_from
from sim.answer.run.attained import Attained
from sim.answer.run.attainment import Attainment
from sim.answer.run.page import attainment_table
from sim.page.console import answered, console_on
from sim.study.files import read_csv, write_csv
from sim.words import Chance, ChanceInterval, Goal, Interval, Language, Said, Speech, likelihood
from tests.answer.run.made_up_run import MadeUp

EN, ZH = Speech("en"), Speech("zh")
COLUMNS = ("target", "goal", "median", "chance", "date", "reason")


def table_of(made_up: MadeUp) -> Table:
    return made_up.answer().tables[0]


def lines_of(table: Table, name: str) -> list[Line]:
    """The lines of a target, by the beginning of its English name."""
    return [line for line in table.rows if EN.text(line.cells["target"]).startswith(name)]


def texts(line: Line, speech: Speech = EN) -> list[str]:
    return [speech.text(line.cells.get(name)) for name in COLUMNS]


def printed(made_up: MadeUp, language: Language, width: int = 120) -> str:
    """The whole answer on a console."""
    file = io.StringIO()
    console = console_on(file)
    console.width = width
    for part in answered(made_up.answer(), Speech(language), width, full=True):
        console.print(part)
    return file.getvalue()


def line_with(text: str, part: str) -> str:
    lines = [line for line in text.splitlines() if part in line]
    assert len(lines) == 1, f"{part!r} stands in {len(lines)} lines"
    return lines[0]


def test_both_readings_stand_side_by_side_and_the_counting_one_is_marked(made_up: MadeUp) -> None:
    strict, broad = lines_of(table_of(made_up), "Full-time science")
    assert texts(strict)[:2] == [
        "Full-time science-popularization staff ● full-time posts only",
        "> 50,000 people",
    ]
    assert re.fullmatch(r"4,9\d\d \(\d,\d{3}–5,\d{3}\)", texts(strict)[2])
    assert texts(broad)[0].endswith("○ full-time and part-time")
    assert re.fullmatch(r"44,\d{3} \(4\d,\d{3}–4\d,\d{3}\)", texts(broad)[2])
    assert strict.looks == {"chance": "unlikely"}
    assert broad.looks == dict.fromkeys(COLUMNS, "quiet")
    assert texts(strict, ZH)[0] == "科普专职人员 ● 仅专职岗位"


def test_switch_decides_which_reading_counts(made_up: MadeUp) -> None:
    made_up.config["definitions"]["full_time_staff"] = "broad"
    first, second = lines_of(table_of(made_up), "Full-time science")
    assert texts(first)[0].endswith("● full-time and part-time")
    assert texts(second)[0].endswith("○ full-time posts only")


def test_a_row_holds_chance_interval_date_and_obstacle(made_up: MadeUp) -> None:
    own = made_up.numbers["community_rooms", ""]
    chance, low, high = (own[f"probability{end}"] for end in ("", "_low", "_high"))
    (line,) = lines_of(table_of(made_up), "Standard community")
    assert {name: cell for name, cell in line.cells.items() if name != "target"} == {
        "goal": Goal(">=", 500.0, {"zh": "个", "en": "rooms"}),
        "median": Interval(*(round(own[name]) for name in ("p50", "p05", "p95"))),
        "chance": ChanceInterval(chance, low, high),
        "date": "2020-05",
        "reason": Said("stage.money"),
    }
    assert texts(line)[3] == f"{100 * chance:.0f} % ({100 * low:.0f}–{100 * high:.0f})"
    assert texts(line, ZH)[3] == f"{100 * chance:.0f}% ({100 * low:.0f}–{100 * high:.0f})"
    assert texts(line)[4:] == ["2020-05", "money"]
    table = printed(made_up, "en").partition("Judgement: where")[0]
    shown = line_with(table, "Standard community").split()
    assert [word for word in shown if word in ("2020-05", "money")] == ["2020-05", "money"]
    made_up.set("community_rooms", first_attained_p50=None, held_back_by="")
    (line,) = lines_of(table_of(made_up), "Standard community")
    assert texts(line)[4:] == ["—", ""]


def test_a_median_of_counts_is_one_that_a_count_can_take(made_up: MadeUp) -> None:
    made_up.set("community_rooms", p05=501.4, p50=504.5, p95=509.7, promise_p80=503.0)
    (line,) = lines_of(table_of(made_up), "Standard community")
    assert texts(line)[2] == "504 (501–510)"
    made_up.config["plan"]["targets"]["community_rooms"]["comparator"] = "<"
    (line,) = lines_of(table_of(made_up), "Standard community")
    assert texts(line)[2] == "505 (501–510)"
    # A share has decimals, whatever its median happens to be.
    made_up.set("village_coverage", p05=50.25, p50=57.5, p95=60.0, promise_p80=55.3)
    (line,) = lines_of(table_of(made_up), "Villages with")
    assert texts(line)[2] == "57.5 (50.2–60.0)"


def test_chances_are_set_off_by_their_class(made_up: MadeUp) -> None:
    for chance, look in ((0.8, "likely"), (0.5, "open"), (0.19, "unlikely")):
        made_up.set("community_rooms", probability=chance)
        (line,) = lines_of(table_of(made_up), "Standard community")
        assert line.looks == {"chance": look} == {"chance": likelihood(chance)}


def test_headline_groups_come_first_and_joint_rows_last(made_up: MadeUp) -> None:
    rows = [*made_up.attained.rows, *made_up.attained.not_modelled]
    groups = {row.group for row in rows}
    assert groups == {"facilities", "staff", "industry", "literacy", "governance"}
    headings = [EN.text(line.cells["target"]) for line in table_of(made_up).rows if line.heading]
    assert headings == ["Facilities", "Staff", EN("joint.heading")]
    text = printed(made_up, "zh")
    text = text[text.index("目标实现情况") :]
    assert text.index("科普设施") < text.index("科普队伍") < text.index(ZH("joint.heading"))


def test_headline_groups_come_before_others_that_the_plan_names_first(made_up: MadeUp) -> None:
    made_up.config["plan"]["groups"]["facilities"]["headline"] = False
    headings = [EN.text(line.cells["target"]) for line in table_of(made_up).rows if line.heading]
    assert headings == ["Staff", "Facilities", EN("joint.heading")]


def test_joint_rows_know_how_many_targets_they_judge(made_up: MadeUp) -> None:
    rows = made_up.attained.joint
    assert [row.group for row in rows] == ["", "", "facilities", "facilities", "staff", "staff"]
    assert [row.counts_targets for row in rows] == [False, True] * 3
    assert [row.goal for row in rows] == [15, 15, 12, 12, 3, 3]
    joint = table_of(made_up).rows[-6:]
    assert [EN.text(line.cells["target"]) for line in joint] == [
        "All targets together", "Number of targets met, of 15",
        "All targets together: Facilities", "Number of targets met: Facilities, of 12",
        "All targets together: Staff", "Number of targets met: Staff, of 3",
    ]  # fmt: skip
    assert ZH.text(joint[1].cells["target"]) == "实现的目标数（共15项）"
    assert [{*line.cells} - {"target"} for line in joint] == [{"chance"}, {"median"}] * 3
    own = made_up.numbers["met_count", ""]
    assert joint[1].cells["median"] == Interval(own["p50"], own["p05"], own["p95"])
    assert [line.essential for line in joint] == [True, True, False, False, False, False]


def test_the_short_table_holds_what_is_open_and_what_is_nearly_lost(made_up: MadeUp) -> None:
    """Of headline groups; of others only what is open, and never what the plan does not say."""
    expected = {row.key for row in made_up.attained.deciding if made_up.attained.chance(row) < 0.8}
    rows = made_up.attained.rows
    lines = [line for line in table_of(made_up).rows if not line.heading][: len(rows)]
    assert {row.key for row, line in zip(rows, lines, strict=True) if line.essential} == expected
    made_up.config["plan"]["groups"]["facilities"]["headline"] = False
    made_up.set("community_rooms", probability=0.1)
    made_up.config["plan"]["targets"]["demo_projects"] |= {"kind": "diagnostic"}
    made_up.set("demo_projects", probability=0.5)
    (rooms,), (demo,) = (
        lines_of(table_of(made_up), name) for name in ("Standard community", "Demonstration")
    )
    assert not rooms.essential
    assert not demo.essential
    assert texts(demo)[0] == "Demonstration projects †"
    made_up.set("community_rooms", probability=0.5)
    assert lines_of(table_of(made_up), "Standard community")[0].essential


# ------------------------------------------------------------------ what stands with it


def notes(made_up: MadeUp, speech: Speech) -> list[str]:
    return [speech.text(note.said) for note in made_up.answer().notes]


def test_targets_without_model_are_listed_once_and_only_below(made_up: MadeUp) -> None:
    line = line_with(printed(made_up, "zh", width=400), "注册科普志愿者")
    assert "尚未建模的目标（5项）" in line
    assert "工业科普旅游线路" in line
    assert {type(row) for row in table_of(made_up).rows} == {Line}
    assert "Not modelled yet (5): " in " ".join(notes(made_up, EN))


def test_notes_explain_marks_and_obstacles_that_occur(made_up: MadeUp) -> None:
    text = " ".join(notes(made_up, EN))
    assert EN("row.counts") in text
    assert EN("row.not_plan") not in text
    assert "money (an instalment waits for cash); building or preparation" in text
    assert "attrition" not in text
    made_up.config["plan"]["targets"]["demo_projects"]["kind"] = "diagnostic"
    made_up.set("demo_projects", held_back_by="unmet:attrition")
    text = " ".join(notes(made_up, EN))
    assert EN("row.not_plan") in text
    assert "attrition (" in text


def test_the_reading_that_was_built_is_named(made_up: MadeUp) -> None:
    (note,) = (own for own in notes(made_up, EN) if "builds under one reading" in own)
    assert "small venues" in note


def test_the_heading_says_what_was_changed(made_up: MadeUp) -> None:
    made_up.manifest["changes"] = [{"key": "planning.pace", "value": 0.2, "source": "command line"}]
    caption = table_of(made_up).caption
    assert EN.text(caption) == (
        "Scenario: Baseline, with: yearly pace of proposals 0.2; "
        "200 replications; deadline 2020-12-31"
    )
    assert "情景：基准情景，改动：年度申报进度上限0.2；" in ZH.text(caption)


def test_a_run_of_one_replication_says_so_in_the_singular(made_up: MadeUp) -> None:
    for own in made_up.numbers.values():
        own["replications"] = 1
    caption = attainment_table(made_up.attained, made_up.manifest).caption
    assert "; 1 replication; " in EN.text(caption)


# ------------------------------------------------------------------ on a console


@pytest.mark.parametrize("width", [60, 80, 100, 120, 160])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_numbers_survive_every_width(made_up: MadeUp, language: Language, width: int) -> None:
    text, speech = printed(made_up, language, width), Speech(language)
    rows = made_up.attained.rows
    assert rows
    for row in rows:
        assert speech.text(made_up.attained.interval(row)) in text
        assert speech.text(made_up.attained.values(row)) in text
    assert "…" not in text
    assert max(cell_len(line) for line in text.splitlines()) <= width
    keys = ["target", "median", "chance"]
    keys += ["reason"] if width >= 80 else []
    keys += ["goal", "date"] if width >= 100 else []
    assert {key for key in keys if speech(f"column.{key}") not in text} == set()


@pytest.mark.parametrize("width", [60, 80, 100])
def test_no_name_is_squeezed_into_a_few_letters_a_line(made_up: MadeUp, width: int) -> None:
    """Names and goals break between words only."""
    text = printed(made_up, "en", width)
    text = text[text.index("attainment of targets") : text.index("Chance: with")]
    words = set(text.split())
    rows = made_up.attained.rows
    assert rows
    for row in rows:
        reading = "" if row.reading is None else row.reading["en"]
        unit = row.unit["en"] if width >= 100 else ""
        assert words.issuperset(f"{row.name['en']} {reading} {unit}".split())


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_long_unit_and_a_long_amount_are_never_cut(made_up: MadeUp, language: Language) -> None:
    """Chinese has no spaces to break a line at."""
    unit = {"zh": "百分点（较2015年变化的幅度）", "en": "percentage points against 2015"}
    made_up.config["plan"]["targets"]["demo_projects"]["unit"] = unit
    made_up.set("demo_projects", p05=5.7e8, p50=2.43e9, p95=6.35e9)
    text = printed(made_up, language)
    assert "…" not in text
    amount = "2.43 (0.57–6.35) billion" if language == "en" else "24.3 (5.7–63.5)亿"
    assert amount in text
    if language == "zh":
        assert "度）" in text


# ------------------------------------------------------------------ from the file


def test_what_was_written_and_read_gives_the_same_table(made_up: MadeUp, tmp_path: Path) -> None:
    found = made_up.attainments()
    path = tmp_path / "attainment.csv"
    write_csv(path, [*columns_of(Attainment)], cells_of(Attainment, found))
    header, cells = read_csv(path)
    records = [dict(zip(header, row, strict=True)) for row in cells]
    again = [*findings_from(Attainment, records, made_up.rows())]
    assert again == found
    table = attainment_table(Attained(again, made_up.config), made_up.manifest)
    assert table == table_of(made_up)


def test_a_chance_between_nothing_and_one_per_cent_is_not_nothing(made_up: MadeUp) -> None:
    made_up.set("demo_projects", probability=0.004, probability_low=0.0, probability_high=0.02)
    (line,) = lines_of(table_of(made_up), "Demonstration")
    assert texts(line)[3] == "<1 % (0–2)"
    assert EN.text(Chance(0.004)) == "<1 %"
