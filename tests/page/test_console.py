"""The first screen answers in three sentences and a table of 24 lines; table=full prints all."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from sim.answer.blocks import Answer, Column, Line, Note, Statement, Table
from sim.page.console import LINES, answered, console_on
from sim.words import Chance, Said, Speech

EN, ZH = Speech("en"), Speech("zh")


def answer(rows: int, *, essential: int = 10**6) -> Answer:
    lines = [Line({"name": "heading 0"}, heading=True)]
    for i in range(rows):
        if i and not i % 5:
            lines.append(Line({"name": f"heading {i}"}, heading=True))
        cells = {"name": {"zh": f"第{i}行", "en": f"row {i}"}, "chance": Chance(i / (rows + 1.0))}
        lines.append(Line({**cells, "note": f"spare {i}"}, essential=i < essential))
    columns = {
        "name": Column("Name", "name"),
        "chance": Column("Chance"),
        "note": Column("Note", "text", spare=True),
    }
    said = [Statement(f"Sentence {i}.", "headline") for i in range(4)]
    return Answer(
        [*said, Statement("More.", "support"), Statement("Beware.", "caution")],
        [
            Table("one", "The table", columns, lines, "caption"),
            Table("two", "Another", columns, lines),
        ],
        notes=[Note("A note.")],
    )


def printed(
    told: Answer, speech: Speech = EN, width: int = 100, *, full: bool = False
) -> list[str]:
    file = io.StringIO()
    console = console_on(file)
    console.width = width
    for part in answered(told, speech, width, Path("outputs/here"), full=full):
        console.print(part)
    return [line.removeprefix(" ") for line in file.getvalue().splitlines()]


@pytest.mark.parametrize("rows", [1, 4, 5, 18, 19, 20, 21, 60])
def test_the_first_screen_holds_sentences_a_short_table_and_where_the_rest_is(rows: int) -> None:
    lines = printed(answer(rows))
    text = "\n".join(lines)
    assert [line for line in lines if line.startswith("Sentence")] == [
        f"Sentence {i}." for i in range(3)
    ]
    assert "Beware." in text
    assert "More." not in text
    assert "A note." not in text
    assert "Another" not in text
    assert lines[-1] == "Results: outputs/here"
    shown = [line for line in lines if line.startswith("row ")]
    assert shown == [f"row {i}" + line[len(f"row {i}") :] for i, line in enumerate(shown)]
    left_out = rows - len(shown)
    assert (f"{left_out} more row" in text) == bool(left_out)
    table = lines[lines.index("The table") + 2 :]
    assert len(table[: next(i for i, own in enumerate(table) if "table=full" in own)]) <= LINES + 1
    heads = [i for i, line in enumerate(lines) if line.startswith("heading")]
    assert heads
    assert all(lines[i + 1].startswith("row ") for i in heads)


def test_only_what_is_essential_stands_in_a_short_table() -> None:
    lines = printed(answer(12, essential=2))
    assert [line.split()[1] for line in lines if line.startswith("row ")] == ["0", "1"]
    assert [line.strip() for line in lines if line.startswith("heading")] == ["heading 0"]
    assert "10 more rows not shown." in lines
    assert len([ln for ln in printed(answer(3, essential=0)) if ln.startswith("row ")]) == 3


def test_all_is_everything() -> None:
    lines = printed(answer(60, essential=3), full=True)
    text = "\n".join(lines)
    for part in ("Sentence 3.", "More.", "Beware.", "A note.", "The table", "Another"):
        assert part in text
    assert len([line for line in lines if line.startswith("row ")]) == 120
    assert "more row" not in text


@pytest.mark.parametrize("width", [40, 60, 80, 100, 200])
def test_a_row_is_as_wide_as_the_console_and_its_numbers_are_whole(width: int) -> None:
    lines = printed(answer(8), width=width)
    assert max(map(len, lines)) <= max(width, len("Results: outputs/here"))
    assert any("44 %" in line for line in lines)
    assert ("spare 3" in "\n".join(lines)) == (width >= 90)


def test_the_language_is_that_of_the_speech() -> None:
    text = "\n".join(printed(answer(3), ZH))
    assert "第2行" in text
    assert "row 2" not in text
    assert "结果: outputs/here" in text


def test_the_head_of_a_column_does_not_break_inside_its_bracket() -> None:
    columns = {
        "name": Column("名称", "name"),
        "difference": Column("增量之差（百分点）", room=12),
    }
    rows = [Line({"name": "甲", "difference": "+3.0"})]
    lines = printed(Answer([], [Table("one", "表", columns, rows)]), ZH)
    first = next(number for number, line in enumerate(lines) if "增量之差" in line)
    assert [line.split()[-1] for line in lines[first : first + 2]] == ["增量之差", "（百分点）"]


def test_markup_and_control_in_texts_are_text() -> None:
    told = Answer(
        [Statement(Said("row.reading", {"target": "[red]a[/red]", "reading": "{b}"}), "headline")]
    )
    assert printed(told)[0] == "[red]a[/red] ({b})"
