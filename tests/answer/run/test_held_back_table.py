"""The table of what held the missed targets back, and the whole answer on a console."""

from __future__ import annotations

import io

import pytest
from rich.cells import cell_len

from sim.answer.blocks import Line, Table
from sim.page.console import answered, console_on
from sim.words import Chance, Language, Mean, Said, Speech, speeches
from tests.answer.run.made_up_run import MadeUp

EN = Speech("en")


def table_of(made_up: MadeUp) -> Table:
    (table,) = [table for table in made_up.answer().tables if table.name == "held_back"]
    return table


def line_of(made_up: MadeUp, name: str) -> Line:
    (line,) = [own for own in table_of(made_up).rows if name in EN.text(own.cells["target"])]
    return line


def printed(made_up: MadeUp, language: Language, width: int = 120, *, full: bool = True) -> str:
    file = io.StringIO()
    console = console_on(file)
    console.width = width
    for part in answered(made_up.answer(), Speech(language), width, full=full):
        console.print(part)
    return file.getvalue()


def test_a_missed_target_has_units_days_and_projects(made_up: MadeUp) -> None:
    line = line_of(made_up, "Demonstration projects")
    probability = made_up.numbers["demo_projects", ""]["probability"]
    assert {name: cell for name, cell in line.cells.items() if name != "target"} == {
        "missed": Chance(1.0 - probability),
        "units_stage": Said("stage.money"),
        "units": Mean(12.5, {"zh": "项", "en": "projects"}),
        "days_stage": Said("stage.building"),
        "days": Mean(43210.0),
        "standing_stage": Said("stage.staff"),
        "standing": Mean(3.25),
    }
    assert [EN.text(line.cells.get(name)) for name in table_of(made_up).columns] == [
        "Demonstration projects", f"{100 * (1 - probability):.0f} %", "money", "12 projects",
        "building or preparation", "43,210", "staff", "3.2",
    ]  # fmt: skip
    own = next(ln for ln in printed(made_up, "en", 160).splitlines() if "43,210" in ln)
    assert own.split()[-1] == "3.2"


def test_missing_units_are_those_that_are_counted(made_up: MadeUp) -> None:
    """A coverage misses places, degrees persons and literacy points; all others their own units."""
    targets = made_up.config["plan"]["targets"]
    for measure, english, chinese in (
        ({"type": "coverage", "universe": "villages"}, "12 places", "12处"),
        ({"type": "staff", "count": "bachelor_share"}, "12 persons", "12人"),
        ({"type": "literacy", "count": "gain"}, "12 points", "12个百分点"),
        ({"type": "staff", "count": "persons"}, "12 projects", "12项"),
    ):
        targets["demo_projects"]["measured_by"] = measure
        units = line_of(made_up, "Demonstration projects").cells["units"]
        assert EN.text(units) == english
        assert Speech("zh").text(units) == chinese


def test_titles_and_posts_have_no_projects(made_up: MadeUp) -> None:
    line = line_of(made_up, "Full-time")
    assert [EN.text(line.cells.get(name)) for name in [*table_of(made_up).columns][1:]] == [
        "100 %", "no candidates", "12 people", "", "", "", "",
    ]  # fmt: skip


def test_only_targets_that_are_not_likely_stand_in_it(made_up: MadeUp) -> None:
    made_up.set("demo_projects", probability=0.79)
    assert line_of(made_up, "Demonstration")
    made_up.set("demo_projects", probability=0.8)
    names = [EN.text(line.cells["target"]) for line in table_of(made_up).rows]
    assert names
    assert not [name for name in names if "Demonstration" in name]


def test_without_such_a_target_there_is_no_table(made_up: MadeUp) -> None:
    made_up.set_all(probability=1.0)
    made_up.held.clear()
    assert "held_back" not in [table.name for table in made_up.answer().tables]


def test_the_reading_that_counts_stands_in_it(made_up: MadeUp) -> None:
    made_up.held["full_time_staff", "broad"]["units_stage"] = "unmet:attrition"
    assert line_of(made_up, "Full-time").cells["units_stage"] == Said("stage.unmet:no_candidate")
    made_up.config["definitions"]["full_time_staff"] = "broad"
    line = line_of(made_up, "Full-time")
    assert line.cells["units_stage"] == Said("stage.unmet:attrition")
    assert EN.text(line.cells["target"]).endswith("● full-time and part-time")


@pytest.mark.parametrize("width", [60, 80, 100, 120, 160])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_long_names_and_numbers_hold_the_width(
    made_up: MadeUp, language: Language, width: int
) -> None:
    for own in made_up.held.values():
        own["units_mean"] = 95_123_456_789.0
    for target in made_up.config["plan"]["targets"].values():
        target["name"] = {
            "en": "Change in the literacy gap between town and country " * 2,
            "zh": "城乡科学素质差距的变化" * 4,
        }
    text = printed(made_up, language, width)
    text = text[text.index("What held" if language == "en" else "未达标的目标") :]
    assert max(cell_len(line) for line in text.splitlines()) <= width
    assert "…" not in text
    assert ("95.1 billion" if language == "en" else "951亿") in text
    assert "43,210" in text


MARKS: dict[Language, tuple[str, ...]] = {
    "zh": ("项中平均", "最常见的主要制约", "注意：", "：目标实现情况", "未达标的目标卡在哪里",
           "首次达标日期", "还是"),
    "en": (" on average", "most frequent obstacle", "Caution:", ": attainment of",
           "What held the missed", "median date first met", "” or “"),
}  # fmt: skip


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_whole_answer_on_a_console(made_up: MadeUp, language: Language) -> None:
    """How many are met and why not, caution, tables, notes, and what the readings decide."""
    text = printed(made_up, language)
    assert max(cell_len(line) for line in text.splitlines()) <= 120
    places = [text.index(mark) for mark in MARKS[language]]
    assert places == sorted(places)
    assert Speech(language)("held_back.missed") in text


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_first_screen_holds_what_is_read_first(made_up: MadeUp, language: Language) -> None:
    text = printed(made_up, language, full=False)
    shown = [mark in text for mark in MARKS[language]]
    assert shown == [True, True, True, True, False, False, False]


def test_both_languages_are_told_one_after_the_other(made_up: MadeUp) -> None:
    chinese, english = (printed(made_up, own.language) for own in speeches("both"))
    assert "Caution:" not in chinese
    assert "注意：" not in english


@pytest.mark.parametrize(
    ("columns", "width"), [(None, 120), ("80", 80), ("", 120), ("0", 120), ("wide", 120)]
)
def test_a_pipe_gets_120_columns_unless_told(
    columns: str | None, width: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("COLUMNS", raising=False)
    if columns is not None:
        monkeypatch.setenv("COLUMNS", columns)
    assert console_on(io.StringIO()).width == width


def test_texts_are_printed_as_they_are() -> None:
    stream = io.StringIO()
    console_on(stream).print("runs/[bold]x :warning: [/]")
    assert stream.getvalue() == "runs/[bold]x :warning: [/]\n"
