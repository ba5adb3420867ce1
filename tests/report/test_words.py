"""The catalogue speaks both languages, everywhere, with the same fields."""

from __future__ import annotations

import re
from string import Formatter

import pytest

from sim.report.words import keys, phrase, spoken, word

HANZI = re.compile(r"[\u4e00-\u9fff]")


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


@pytest.mark.parametrize("key", keys())
def test_every_key_has_both_languages_with_equal_fields(key: str) -> None:
    zh, en = word(key, "zh"), word(key, "en")
    assert zh
    assert en
    assert fields(zh) == fields(en)
    assert not HANZI.search(en)


def test_unknown_key_and_language_are_named() -> None:
    with pytest.raises(KeyError, match=r"no word 'stage\.sleep'"):
        word("stage.sleep", "zh")
    with pytest.raises(KeyError, match="no language 'fr'"):
        word("column.goal", "fr")  # type: ignore[arg-type]


def test_both_languages_are_joined_once_where_they_agree() -> None:
    assert phrase("column.goal", "both", " / ") == "目标值 / Goal"
    assert phrase("column.goal", "en") == "Goal"
    assert spoken("both", lambda tongue: "42") == "42"
