"""Words of all rooms: found by their keys, in both languages, and none of them unfinished."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from jinja2 import Environment, UndefinedError
from jinja2 import nodes as syntax

from sim.words import (
    Catalogue,
    Said,
    Speech,
    asked_language,
    catalogue,
    local_language,
    speak,
    speeches,
)
from sim.words.catalogue import CatalogueError

CHINESE = re.compile(r"[\u4e00-\u9fff]{3}")
PARSER = Environment(autoescape=True)


def of(tmp_path: Path, text: str, room: str = "room") -> Catalogue:
    folder = tmp_path / room
    folder.mkdir(exist_ok=True)
    (folder / "words.yaml").write_text(text, encoding="utf-8")
    return Catalogue((tmp_path,))


def test_a_key_is_found_in_whatever_file_owns_its_room(tmp_path: Path) -> None:
    of(tmp_path, "other: {deep: {key: {zh: 甲, en: A}}}", "elsewhere")
    found = of(tmp_path, "room: {key: {zh: 乙, en: B}}")
    assert found.texts("other.deep.key") == {"zh": "甲", "en": "A"}
    assert found.texts("room.key")["en"] == "B"
    assert not found.has("room.none")
    with pytest.raises(KeyError, match=r"room\.none"):
        found.texts("room.none")


@pytest.mark.parametrize(
    "text",
    ["room: {key: {zh: 甲}}", "room: {key: {zh: 甲, en: 3}}", "room: {key: text}"],
)
def test_an_entry_that_lacks_a_language_is_named(tmp_path: Path, text: str) -> None:
    with pytest.raises(CatalogueError, match="key"):
        [*of(tmp_path, text)]


def test_a_room_has_one_file(tmp_path: Path) -> None:
    of(tmp_path, "room: {a: {zh: 甲, en: A}}", "one")
    with pytest.raises(CatalogueError, match="room"):
        [*of(tmp_path, "room: {b: {zh: 乙, en: B}}", "two")]


def test_what_is_not_given_is_an_error_and_no_empty_text() -> None:
    with pytest.raises(UndefinedError, match="number"):
        Speech("en")("money.yuan")


def test_both_languages_of_an_entry_are_filled_with_the_same_values() -> None:
    """A value that one language leaves out is one that its readers do not get.

    Helpers of grammar are no values, and neither is what is only looked at to choose a word.
    """
    keys = [*catalogue()]
    assert keys
    for key in keys:
        names = {
            language: {name.name for name in PARSER.parse(text).find_all(syntax.Name)}
            for language, text in catalogue().texts(key).items()
        }
        assert names["zh"] ^ names["en"] <= SPOKEN_OTHERWISE, key


SPOKEN_OTHERWISE = {"month", "month_name", "one", "count"}
"""Values that one language writes as another one: the month by number, or by name."""


def test_no_english_text_is_chinese() -> None:
    """Some name a unit or a menu entry that readers see in Chinese, of two characters at most."""
    keys = [*catalogue()]
    assert keys
    assert [key for key in keys if CHINESE.search(catalogue().texts(key)["en"])] == []


def test_a_language_is_one_of_two() -> None:
    assert [speech.language for speech in speeches("both")] == ["zh", "en"]
    assert [speech.language for speech in speeches("en")] == ["en"]
    with pytest.raises(KeyError, match="fr"):
        Speech("fr")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({"LANG": "zh_CN.UTF-8"}, "zh"),
        ({"LANG": "en_GB.UTF-8", "LC_ALL": "zh_TW"}, "zh"),
        ({"LANG": "zh_CN.UTF-8", "LC_MESSAGES": "de_DE.UTF-8"}, "en"),
        ({"LANG": "C"}, "en"),
        ({"LANG": ""}, "en"),
        ({}, "en"),
    ],
)
def test_the_language_of_a_locale(environment: dict[str, str], language: str) -> None:
    assert local_language(environment) == language


@pytest.mark.parametrize(
    ("arguments", "asked"),
    [
        (["language=zh"], "zh"),
        (["x=[", "+language='both'", "--what"], "both"),
        (["language=zh", "language=en"], "en"),
        (["--language", "zh", "run"], "zh"),
        (["--language=en"], "en"),
        (["language=zh", "language=fr"], "zh"),
        (["-m", "language=zh,en"], None),
        (["study.language=zh", "zh", "language"], None),
        ([], None),
    ],
)
def test_the_language_that_a_command_line_asks_for(arguments: list[str], asked: str | None) -> None:
    assert asked_language(arguments) == asked


def test_nothing_asked_for_is_the_language_of_the_locale(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    assert [own.language for own in speeches(None)] == ["zh"]
    assert str(Said("interrupted.plain")) == "已中断"
    try:
        speak("en")
        assert [own.language for own in speeches(None)] == ["en"]
        speak("both")
        assert [own.language for own in speeches(None)] == ["zh"]
    finally:
        speak(None)


def test_a_value_in_a_text_is_a_text_whatever_it_looks_like() -> None:
    label = {"zh": "{{ 7 * 7 }}", "en": "{% raise %}"}
    assert Speech("en").text(Said("money.yuan", {"number": label})) == "{% raise %} yuan"
    assert Speech("zh").listed([label, None, "x"]) == "{{ 7 * 7 }}、、x"
