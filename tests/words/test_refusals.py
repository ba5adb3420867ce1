"""Every word of the catalogue is said somewhere, and what is said gets all its values."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from jinja2 import Environment
from jinja2 import nodes as syntax

from sim.words import catalogue

ROOT = Path(__file__).resolve().parents[2]
PARSER = Environment(autoescape=True)
REFUSALS = {"ConfigError", "RuleBroken", "Unreadable", "_wrong", "damaged"}
"""What refusals are made with: the words first, their values by name."""

ALWAYS = {"key", "value", "one"}
"""What every refusal can say: see :class:`sim.config.errors.ConfigError`."""


def sources() -> Iterator[ast.Module]:
    for room in ("sim", "experiments"):
        for path in sorted((ROOT / room).rglob("*.py")):
            yield ast.parse(path.read_text(encoding="utf-8"))


def said() -> tuple[set[str], tuple[str, ...]]:
    """All texts of the source, and the beginnings of those with values in them."""
    texts, beginnings = set(), set()
    for tree in sources():
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                texts.add(node.value)
            elif isinstance(node, ast.JoinedStr) and isinstance(node.values[0], ast.Constant):
                beginnings.add(str(node.values[0].value))
    return texts, tuple(start for start in beginnings if "." in start)


def test_every_word_is_said() -> None:
    texts, beginnings = said()
    endings = ["", ".allowed", *(text for text in texts if text.startswith("_"))]
    assert not {
        key
        for key in catalogue()
        if not key.startswith((*beginnings, "setting."))
        and not any(key.endswith(end) and key.removesuffix(end) in texts for end in endings)
    }


def refusals() -> list[tuple[str, list[str]]]:
    """Words of every refusal that is made in one place, and the names of its values."""
    found = []
    for tree in sources():
        for node in ast.walk(tree):
            if not (isinstance(node, ast.Call) and node.args):
                continue
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            words = node.args[0]
            if name in REFUSALS and isinstance(words, ast.Constant):
                given = sorted(keyword.arg for keyword in node.keywords if keyword.arg)
                if " " not in str(words.value):
                    found.append((str(words.value), given))
    return found


@pytest.mark.parametrize(("words", "given"), refusals(), ids=str)
def test_a_refusal_has_words_and_all_their_values(words: str, given: list[str]) -> None:
    assert catalogue().has(words), words
    for key in (words, f"{words}.allowed"):
        if catalogue().has(key) and not (key != words and "allowed" in given):
            for text in catalogue().texts(key).values():
                wanted = {name.name for name in PARSER.parse(text).find_all(syntax.Name)}
                assert wanted <= {*given, *ALWAYS}, (key, wanted)
