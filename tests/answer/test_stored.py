"""An answer that was stored is the same answer in every medium."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.answer.blocks import Answer, Column, Line, Note, Statement, Table
from sim.answer.figures import Axis, Curve, Dot, Fan, FanPanel, Ladder, Mark, Rung, Stamp
from sim.answer.run.pictures import Recorded, pictures
from sim.answer.stored import KINDS, Words, restored, stored, told
from sim.page.console import answered, rendered
from sim.page.picture import pages
from sim.page.picture.figures import _KINDS
from sim.words import Chance, ChanceInterval, Quantity, Said, Speech, Yuan, speeches
from tests.answer.run.made_up_run import MadeUp

DATES = [dt.date(2016, 12, 31), dt.date(2017, 12, 31)]


def again(answer: Answer) -> Answer:
    """The answer that comes back from a file."""
    return restored(json.loads(json.dumps(stored(answer), allow_nan=False)))


def test_an_answer_comes_back_with_all_that_it_says_and_shows(made_up: MadeUp) -> None:
    own = made_up.answer()
    own = dataclasses.replace(
        own, pictures=[*pictures(Recorded(made_up.folder, made_up.attained), made_up.found)]
    )
    other = again(own)
    for speech in speeches("both"):
        texts = [rendered(answered(one, speech, 100, full=True), 100) for one in (own, other)]
        assert texts[0] == texts[1]
        stamp = Stamp("scenario", "3 replications", "1", "result")
        for one, two in zip(own.pictures, other.pictures, strict=True):
            assert pages(one, stamp, speech) == pages(two, stamp, speech)
    assert stored(other) == stored(own)


def test_every_kind_of_figure_can_be_stored() -> None:
    assert set(KINDS.values()) == set(_KINDS)


def test_a_number_keeps_its_value_beside_its_words() -> None:
    cells = {
        "chance": ChanceInterval(0.42, 0.35, 0.49), "money": Yuan(120_000_000),
        "value": Quantity(math.nan), "one": Chance(1.0), "plain": "text", "none": None,
    }  # fmt: skip
    table = Table("t", "title", {name: Column(name) for name in cells}, [Line(cells)])
    (line,) = again(Answer([], [table])).tables[0].rows
    assert line.cells["chance"] == Words("42% (35–49)", "42 % (35–49)", (0.42, 0.35, 0.49), "share")
    assert line.cells["money"] == Words("1.20亿元", "120 million yuan", (1.2e8,), "yuan")
    assert math.isnan(line.cells["value"].numbers[0])  # type: ignore[attr-defined]
    assert line.cells["one"] == Words("100%", "100 %", (1.0,), "share")
    assert (line.cells["plain"], line.cells["none"]) == ("text", None)


@given(
    st.floats(), st.none() | st.floats(allow_nan=False), st.floats(allow_nan=False),
)  # fmt: skip
def test_numbers_of_figures_come_back_to_the_bit(
    value: float, end: float | None, infinite: float
) -> None:
    curve = Curve("counts", DATES, [value, 1.0], [([infinite, 0.0], [1.0, 2.0])])
    mark = Mark("goal", DATES[0], 1.0, end, None)
    panel = FanPanel("name", [], [curve], (infinite, Said("number.none")), [mark])
    fan = Fan(name="fan", title="fan", panels=[panel], start=DATES[0], end=DATES[1])
    rung = Rung("row", [Dot(infinite, "counts", (end, None))], at=end)
    ladder = Ladder(name="ladder", title="l", rows=[rung], axis=Axis(ends=(end, None)))
    one, two = again(Answer([], pictures=[fan, ladder])).pictures
    assert isinstance(one, Fan)
    assert isinstance(two, Ladder)
    found = one.panels[0].curves[0]
    assert found.dates == DATES
    assert found.middle[0] == value or (math.isnan(value) and math.isnan(found.middle[0]))
    assert found.bands == [([infinite, 0.0], [1.0, 2.0])]
    assert one.panels[0].marks == [mark]
    assert one.panels[0].goal == (infinite, Speech("en").text(Said("number.none")))
    assert two.rows[0].dots == rung.dots
    assert two.rows[0].at == end
    assert two.axis.ends == (end, None)


def test_the_file_says_the_answer_in_words_and_its_numbers() -> None:
    one = Answer(
        [Statement(Said("number.none"), "headline")],
        notes=[Note("note", "caution")],
        figures={"met": 3},
    )
    content = told(one)
    assert content["zh"] == one.words(Speech("zh"))
    assert content["en"] == one.words(Speech("en"))
    assert content["met"] == 3
    assert restored(content["blocks"]).notes == one.notes


@pytest.mark.parametrize("damage", [{}, {"statements": 3}, [], None])
def test_what_was_not_stored_is_refused(damage: object) -> None:
    with pytest.raises((KeyError, TypeError, ValueError, AttributeError)):
        restored(damage)
