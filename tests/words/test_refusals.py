"""Every word of the catalogue is said somewhere, and what is said gets all its values."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from jinja2 import Environment
from jinja2 import nodes as syntax

from sim.words import catalogue

ROOT = Path(__file__).resolve().parents[2]
PARSER = Environment(autoescape=True)
REFUSALS = {
    "ConfigError", "RuleBroken", "Unreadable", "Unanswered", "FolderInUse", "damaged",
    "_refused", "_unfinished",
}  # fmt: skip
"""What refusals are made with: the words first, their values by name."""

ANY = "**"
"""Values that stand together elsewhere."""

ALWAYS = {"key", "value", "one"}
"""What every refusal can say: see :class:`sim.config.errors.ConfigError`."""


def sources() -> Iterator[ast.Module]:
    for room in ("sim", "experiments"):
        for path in sorted((ROOT / room).rglob("*.py")):
            yield ast.parse(path.read_text(encoding="utf-8"))


def said() -> tuple[set[str], re.Pattern[str]]:
    """All texts of the source, and what those look like that have values in them."""
    texts, patterns = set(), {r"setting\..*"}  # names of settings are looked for by their keys
    for tree in sources():
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                texts.add(node.value)
            elif isinstance(node, ast.JoinedStr):
                parts = [getattr(part, "value", None) for part in node.values]
                words = [part if isinstance(part, str) else None for part in parts]
                if any(part and re.search(r"\.\w|\w\.", part) for part in words):
                    patterns.add(
                        "".join(".+" if part is None else re.escape(part) for part in words)
                    )
    return texts, re.compile("|".join(patterns))


def test_every_word_is_said() -> None:
    texts, pattern = said()
    endings = ["", ".allowed", *(text for text in texts if text.startswith("_"))]
    assert not {
        key
        for key in catalogue()
        if not pattern.fullmatch(key)
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
                given = [keyword.arg or ANY for keyword in node.keywords]
                found.append((str(words.value), sorted(given)))
    return found


@pytest.mark.parametrize(("words", "given"), refusals(), ids=str)
def test_a_refusal_has_words_and_all_their_values(words: str, given: list[str]) -> None:
    assert catalogue().has(words), words
    for key in (words, f"{words}.allowed"):
        if catalogue().has(key) and not (key != words and "allowed" in given):
            for text in catalogue().texts(key).values():
                wanted = {name.name for name in PARSER.parse(text).find_all(syntax.Name)}
                assert ANY in given or wanted <= {*given, *ALWAYS}, (key, wanted)
