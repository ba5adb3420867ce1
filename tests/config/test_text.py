"""What a text may hold, and that a configuration and its messages keep to it."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from sim.config.errors import ConfigError
from sim.config.text import printable, unprintable
from sim.config.validation import validate
from sim.edge import compose
from sim.words import Speech

HARMLESS = (
    "社区科普室（含站点）",
    "中国　重庆",  # an ideographic space, as Chinese typography uses it
    "[bold]not markup[/bold]",
    "<img src=x onerror=alert(1)>",
    "$x^2$ and \\alpha and 100 %",
    "𠀀 and é as e\u0301, ½, 🙂",
    "=SUM(A1:A9)",
    "{zh} %s {0}",
)
TRICKS = {
    "\x1b[2J": "an escape character (U+001B) at position 1",
    "ab\x00": "a control character (U+0000) at position 3",
    "\x7f": "a control character (U+007F) at position 1",
    "a\x9b31m": "a control character (U+009B) at position 2",
    "a\nb": "a line break (U+000A) at position 2",
    "a\r": "a line break (U+000D) at position 2",
    "a\tb": "a tab (U+0009) at position 2",
    "1\u202e234": "an invisible formatting character (U+202E RIGHT-TO-LEFT OVERRIDE) at position 2",
    "\u2066": "an invisible formatting character (U+2066 LEFT-TO-RIGHT ISOLATE) at position 1",
    "a\u200bb": "an invisible formatting character (U+200B ZERO WIDTH SPACE) at position 2",
    "a\u200db": "an invisible formatting character (U+200D ZERO WIDTH JOINER) at position 2",
    "\ufeffa": "an invisible formatting character (U+FEFF ZERO WIDTH NO-BREAK SPACE) at position 1",
    "a\u2028b": "a line separator (U+2028 LINE SEPARATOR) at position 2",
    "a\u2029": "a paragraph separator (U+2029 PARAGRAPH SEPARATOR) at position 2",
    chr(0xD83D): "half of a character (U+D83D) at position 1",
    "\ue000": "a character for private use (U+E000) at position 1",
    "\U000e0041": "an invisible formatting character (U+E0041 TAG LATIN CAPITAL LETTER A) at "
    "position 1",
    "\ufffd": "the mark of a character that was lost when the file was saved (U+FFFD REPLACEMENT "
    "CHARACTER) at position 1",
    "\uffff": "no character (U+FFFF) at position 1",
}
TEXTS = (
    "scenario.label.zh",
    "plan.name.en",
    "plan.targets.municipal_bases.name.zh",
    "plan.targets.municipal_bases.unit.en",
    "plan.targets.municipal_bases.note",
    "plan.zones.core.name.zh",
    "plan.definitions.district_venue.note",
    "parameters.attrition.unit",
    "parameters.attrition.note",
    "scenario.name",
)
"""Some of every kind of text that a configuration has."""


@pytest.fixture(scope="module")
def config() -> dict[str, Any]:
    return compose([])


def _with(config: dict[str, Any], key: str, value: str) -> dict[str, Any]:
    changed = copy.deepcopy(config)
    *parents, last = key.split(".")
    node = changed
    for parent in parents:
        node = node[parent]
    node[last] = value
    return changed


@pytest.mark.parametrize("text", HARMLESS)
def test_markup_and_any_script_are_texts(text: str) -> None:
    assert unprintable(text) is None
    assert printable(text) == text


@pytest.mark.parametrize("text", TRICKS, ids=ascii)
def test_what_plays_tricks_is_named(text: str) -> None:
    assert Speech("en").text(unprintable(text)) == TRICKS[text]
    shown = printable(text)
    assert unprintable(shown, lines=True) is None


def test_a_note_may_have_lines_and_nothing_else_of_the_kind(config: dict[str, Any]) -> None:
    assert unprintable("one\ntwo", lines=True) is None
    assert unprintable("one\r\ntwo", lines=True) is not None
    validate(_with(config, "parameters.attrition.note", "one\ntwo"))


@pytest.mark.parametrize("key", TEXTS)
def test_no_text_of_a_configuration_holds_them(config: dict[str, Any], key: str) -> None:
    for trick, words in TRICKS.items():
        if trick == "a\nb" and key.endswith(".note"):
            continue
        with pytest.raises(ConfigError) as caught:
            validate(_with(config, key, trick))
        said = Speech("en").text(caught.value.says)
        assert (caught.value.key, said) == (key, f"a text holds {words}")
        assert unprintable(str(caught.value), lines=True) is None


@pytest.mark.parametrize("key", [key for key in TEXTS if key != "scenario.name"])
@pytest.mark.parametrize("text", ["", " ", "\u3000", "x" * 5001])
def test_a_text_says_something_and_not_a_book(config: dict[str, Any], key: str, text: str) -> None:
    with pytest.raises(ConfigError) as caught:
        validate(_with(config, key, text))
    assert caught.value.key == key
    assert "characters that is not empty" in Speech("en").text(caught.value.allowed)


def test_nor_does_a_key(config: dict[str, Any]) -> None:
    parameters = {**config["parameters"], "attrition\u200b": config["parameters"]["attrition"]}
    with pytest.raises(ConfigError, match="a key holds an invisible") as caught:
        validate({**config, "parameters": parameters})
    assert "key:     parameters.attrition\\u200b" in str(caught.value)


def test_a_message_shows_no_character_of_the_input_that_plays_tricks() -> None:
    trick = "\x1b[2J\u202e"
    error = ConfigError(
        "config.key_holds",
        file=trick,
        key=trick,
        value=trick,
        allowed=trick,
        nearest=trick,
        hidden=trick,
    )
    assert "\x1b" not in str(error)
    assert str(error).count("\\x1b[2J\\u202e") == 6
