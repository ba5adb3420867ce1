"""What ``study.scenarios`` may list: texts and named overrides; what else is refused, and where."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import Field

from experiments.shared.inquiry import Inquiry, Unanswered
from experiments.shared.question import Question
from experiments.shared.scenario_entries import MOST, NamedScenario, ScenarioEntry
from experiments.shared.scenario_points import Compared, called_scenarios, file_names
from experiments.shared.settings import read_settings
from sim import edge
from sim.answer.blocks import Answer
from sim.config.errors import ConfigError
from sim.config.schema.study import StudySettings
from sim.words import Speech
from tests.question import NAME
from tests.refusals import told_alike

CUT = {"name": "Cut 20 %", "overrides": ["budget.public_total=936e6"]}
SLOW = {"name": {"zh": "慢", "en": "Slow"}, "overrides": "scenario=double planning.pace=0.5"}


class Listed(StudySettings):
    """Settings of a question that compares scenarios."""

    scenarios: list[ScenarioEntry] = Field(min_length=1, max_length=MOST)


def read(*entries: object) -> list[ScenarioEntry]:
    return read_settings(NAME, Listed, {"scenarios": list(entries)}).scenarios


def composed(folder: Path, *entries: ScenarioEntry) -> list[Compared]:
    """What becomes of entries; nothing is simulated."""
    found: list[Compared] = []

    def ask(inquiry: Inquiry[StudySettings]) -> Answer:
        found.extend(called_scenarios(inquiry, entries))
        raise Unanswered("inquiry.no_target")  # nothing was simulated

    code = Question(NAME, StudySettings, ask).main([f"study.folder={folder}", "workers=1"])
    assert code == (1 if found else 2)
    return found


def test_texts_stay_as_they_were_written_and_names_stand_in_both_languages() -> None:
    text, cut, slow = read("double planning.pace=0.5", CUT, SLOW)
    assert text == "double planning.pace=0.5"
    assert isinstance(cut, NamedScenario)
    assert cut.name.model_dump() == {"zh": "Cut 20 %", "en": "Cut 20 %"}
    assert isinstance(slow, NamedScenario)
    assert slow.name.model_dump() == SLOW["name"]
    assert slow.overrides == ["scenario=double", "planning.pace=0.5"]


def test_an_entry_is_composed_of_its_overrides_and_goes_by_its_name(tmp_path: Path) -> None:
    text, cut, slow = composed(tmp_path, *read("double planning.pace=0.5", CUT, SLOW | {
        "overrides": ["scenario=double", "planning.pace=0.6"]}))  # fmt: skip
    assert [one.point.name for one in (text, cut, slow)] == [
        "double planning.pace=0.5", "Cut 20 %", "Slow",
    ]  # fmt: skip
    assert text.label["en"] == "Double public money (yearly pace of proposals 0.5)"
    assert (cut.label["zh"], slow.label["zh"]) == ("Cut 20 %", "慢")
    assert cut.point.run.budget.public_total == 936_000_000
    assert (slow.point.run.scenario.name, slow.point.run.planning.pace) == ("double", 0.6)


@pytest.mark.parametrize(
    ("entry", "key", "said"),
    [
        ({"name": "  "}, "0.name", "1 to 60 characters"),
        ({"name": "x" * 61}, "0.name", "1 to 60 characters"),
        ({"name": {"zh": "甲", "en": ""}}, "0.name", "1 to 60 characters"),
        ({"name": {"zh": "甲"}}, "0.name.en", "a key is missing"),
        ({"name": 20}, "0.name", "a value of the wrong kind"),
        ({"overrides": ["planning.pace=0.5"]}, "0.name", "a key is missing"),
        ({"name": "x", "override": "planning.pace=0.5"}, "0.override", "nearest: overrides"),
        ({"name": "x", "overrides": {"planning.pace": 0.5}}, "0.overrides", "of the wrong kind"),
        ({"name": "x", "overrides": [0.5]}, "0.overrides.0", "a value of the wrong kind"),
        ({"name": "x", "overrides": "a 'b"}, "0.overrides", "quotes of a text do not close"),
        (7, "0", "a value of the wrong kind"),
    ],
)
def test_wrong_entries_are_refused_where_they_stand(entry: object, key: str, said: str) -> None:
    with pytest.raises(ConfigError) as caught:
        read(entry)
    assert caught.value.key == f"study.scenarios.{key}"
    assert said in Speech("en").text(caught.value)
    told_alike(caught.value)


def test_more_than_eight_are_refused() -> None:
    assert len(read(*"abcdefgh")) == 8
    with pytest.raises(ConfigError, match="one to eight"):
        read(*"abcdefghi")


@pytest.mark.parametrize(
    ("entries", "said"),
    [
        (["baseline", CUT, {"name": "cut 20 %", "overrides": "scenario=double"}],
         ["scenarios.2.name", "go by one name"]),
        (["double", {"name": "Double public money"}], ["scenarios.1.name", "go by one name"]),
        ([{"name": "x", "overrides": ["austerity"]}],
         ["scenarios.0.overrides.0", "nearest: scenario=austerity"]),
        ([{"name": "x", "overrides": ["scenario=austerty"]}],
         ["scenarios.0.overrides", "nearest: austerity"]),
        ([{"name": "x", "overrides": ["planning.pase=0.5"]}],
         ["scenarios.0.overrides", "nearest: pace"]),
        ([{"name": "x", "overrides": ["planning.pace=fast"]}],
         ["scenarios.0.overrides", "planning.pace"]),
        (["double planning.pace"], ["scenarios.0", "one setting"]),
        (["baseline", {"name": "Same", "overrides": []}], ["scenarios.1", "differ in nothing"]),
    ],
)  # fmt: skip
def test_scenarios_that_cannot_be_told_apart_or_composed_are_refused(
    tmp_path: Path, entries: list[object], said: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert not composed(tmp_path / "study", *read(*entries))
    error = " ".join(capsys.readouterr().err.split())
    assert [text for text in said if text not in error] == []
    assert not (tmp_path / "study").exists()


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("[a,{name: Cut 20 %, overrides: [b.c=9e8]}]",
         ["a", {"name": "Cut 20 %", "overrides": ["b.c=9e8"]}]),
        ("[{name: 压缩20%, overrides: [b=[0.3,0.7], 'c=d e']}]",
         [{"name": "压缩20%", "overrides": ["b=[0.3,0.7]", "c=d e"]}]),
        ("[{name: {zh: 慢（半）, en: Slow}, overrides: scenario=double c=0.5}]",
         [{"name": {"zh": "慢（半）", "en": "Slow"}, "overrides": "scenario=double c=0.5"}]),
        ("[{name： 慢, overrides: a=1}]", [{"name": "慢", "overrides": "a=1"}]),
        ("[{no mapping=1}]", ["{no mapping=1}"]),
        ("[[a=1,b],{c=1,d:2}]", [["a=1", "b"], "{c=1,d:2}"]),
    ],
)  # fmt: skip
def test_a_mapping_may_be_written_on_the_command_line_as_in_a_file(
    written: str, value: object
) -> None:
    (line,) = edge.readable([f"study.scenarios={written}"])
    assert edge.Override.of(line).value == value


def test_names_of_files_are_safe_and_distinct() -> None:
    names = ["double planning.pace=0.5", "../a <b>", "A b", "财政 紧缩", "a_b_2", "<>", "x" * 90]
    assert file_names(names) == [
        "double-planning-pace-0-5", "a-b", "A-b-3", "财政-紧缩", "a-b-2", "-6", "x" * 60,
    ]  # fmt: skip
