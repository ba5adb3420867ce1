"""Rules of the house, read off the source: who may know whom, and where what stands.

An exception that is left is listed and explained. A list may only shrink: what is not on it fails,
and so does what is on it without need.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import sim
from experiments.__main__ import questions
from sim.words import glossary

ROOT = Path(__file__).resolve().parents[1]
OWN = ("sim", "experiments", "benchmarks", "notebooks")
FOREIGN = ("hydra", "omegaconf")

FLOORS = (
    "lazy", "words", "config", "command", "plan", "model", "study", "stats", "answer", "page",
    "story", "report", "verify", "edge", "job", "__main__",
)  # fmt: skip
"""The rooms of sim, lowest first: each may import from those before it, for types too."""

UPWARD = {
    ("config", "plan"): "a configuration is right only if the linter says that it hangs together",
    ("study", "page"): "the command of the store shows a table",
}
MOST_WORDS = 40
TOP_FLOOR = {"__init__.py", "__main__.py", "job.py", "lazy.py"}


def modules(*rooms: str) -> Iterator[tuple[Path, ast.Module]]:
    for room in rooms:
        for path in sorted((ROOT / room).rglob("*.py")):
            yield path.relative_to(ROOT), ast.parse(path.read_text(encoding="utf-8"))


def imported(tree: ast.Module) -> Iterator[str]:
    """Dotted names of all that a module imports anywhere, in functions and for types too."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, "imports are absolute"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def importers_of(*packages: str) -> dict[str, list[str]]:
    """What each of our modules imports from ``packages``."""
    found = {
        path.as_posix(): [name for name in imported(tree) if name.split(".")[0] in packages]
        for path, tree in modules(*OWN)
    }
    return {path: names for path, names in found.items() if names}


def test_only_the_edge_knows_hydra() -> None:
    knowing = importers_of(*FOREIGN)
    assert knowing, "somebody does"
    assert {path for path in knowing if not path.startswith("sim/edge/")} == set()


def test_what_hydra_keeps_to_itself_is_used_in_one_module() -> None:
    private = {
        path
        for path, names in importers_of(*FOREIGN).items()
        for name in names
        if any(part.startswith("_") for part in name.split("."))
    }
    assert private == {"sim/edge/options.py"}


def test_the_top_floor_holds_the_main_command_and_rooms() -> None:
    found = {path.name for path in (ROOT / "sim").glob("*.py")}
    assert found == TOP_FLOOR
    rooms = {path.parent.name for path in (ROOT / "sim").glob("*/__init__.py")}
    assert rooms <= set(FLOORS), "a room without a floor"


def test_no_room_imports_from_a_higher_one() -> None:
    upward: dict[tuple[str, str], list[str]] = {}
    for path, tree in modules("sim"):
        room = path.parts[1].removesuffix(".py")
        if room == "__init__":  # the face of the package, which loads what is asked for
            continue
        for name in imported(tree):
            own, _, rest = name.partition(".")
            other = rest.partition(".")[0]
            if own in ("experiments", "benchmarks"):
                upward.setdefault((room, own), []).append(path.as_posix())
            elif own == "sim" and other and FLOORS.index(other) > FLOORS.index(room):
                upward.setdefault((room, other), []).append(path.as_posix())
    assert {rooms: files for rooms, files in upward.items() if rooms not in UPWARD} == {}
    assert {rooms for rooms in UPWARD if rooms not in upward} == set(), "take it off the list"


def test_a_planning_question_can_be_taken_away() -> None:
    """Its folder, settings, tests and document: nothing else imports it or names its modules."""
    named = re.compile(rf"\bexperiments[./]({'|'.join(questions())})\b")
    found = [
        f"{path.as_posix()}: {name}"
        for path, tree in modules(*OWN, "tests")
        for name in {*imported(tree), *texts(tree)}
        for question in named.findall(name)
        if question not in path.parts
    ]
    assert found == []


def texts(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


LATE = {
    ("sim/__main__.py", "sim.config.passport"): "help and refusals need no run",
    ("sim/__main__.py", "sim.job"): "the same",
    ("sim/__main__.py", "sim.study.files"): "the same",
    ("sim/page/typeface.py", "fontTools"): "an extra: meeting",
    ("sim/page/typeface.py", "fontTools.ttLib"): "an extra: meeting",
    ("sim/page/font_subset.py", "fontTools"): "an extra: meeting",
    ("sim/page/font_subset.py", "fontTools.ttLib"): "an extra: meeting",
    ("sim/study/__init__.py", "sim.study"): "a face of functions, which analysts read about",
    ("sim/study/__init__.py", "sim.study.archive"): "the same",
    ("sim/study/executor.py", "distributed"): "an extra: cluster",
    ("sim/words/speech.py", "locale"): "most systems say their language in the environment",
}
"""What functions import. Everything else is imported at the top; what takes long, from sim.lazy."""


def test_imports_stand_at_the_top() -> None:
    found = {
        (path.as_posix(), node.module if isinstance(node, ast.ImportFrom) else node.names[0].name)
        for path, tree in modules("sim", "experiments")
        for function in ast.walk(tree)
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    }
    assert found - {*LATE} == set()
    assert {*LATE} - found == set(), "take it off the list"


def test_the_vocabulary_is_short_and_says_every_word_once() -> None:
    words = re.findall(r"^([a-z][a-z ]*?) {2,}\S", sim.__doc__ or "", re.MULTILINE)
    assert len(words) == len(set(words))
    assert 30 <= len(words) <= MOST_WORDS
    assert list(glossary.vocabulary()) == words


def test_the_glossary_is_up_to_date() -> None:
    assert glossary.DOCUMENT.read_text(encoding="utf-8") == glossary.page()


BANNED = {
    "purse": "envelope", "purses": "envelopes", "history": "replication",
    "histories": "replications", "tongue": "language", "tongues": "languages",
    "obstacle": "reason", "obstacles": "reasons", "side": "design point", "sides": "design points",
}  # fmt: skip
"""Synonyms that no class, function, argument or field is called by, and the word of the house."""

MEANT = {
    "purse_share", "side_firms", "side_output",  # keys of a plan, which enter hashes
    "_SIDE", "side", "sides",  # of squares and plots: no synonym of anything
}  # fmt: skip
"""Names with such a word that mean something else, or that cannot change."""


def defined(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        match node:
            case ast.ClassDef(name=name) | ast.FunctionDef(name=name) | ast.arg(arg=name):
                yield name
            case ast.Name(id=name, ctx=ast.Store()) | ast.Attribute(attr=name, ctx=ast.Store()):
                yield name


def test_one_word_a_thing() -> None:
    found = {
        f"{path.as_posix()}: {name}, say {BANNED[word]}"
        for path, tree in modules("sim", "experiments", "benchmarks")
        for name in {path.stem, *defined(tree)} - MEANT
        for word in re.sub(r"([a-z])([A-Z])", r"\1_\2", name).lower().split("_")
        if word in BANNED
    }
    assert found == set()
