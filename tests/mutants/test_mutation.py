"""The mutation tool finds the changes it promises, tries them in a copy, and draws by its seed."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from tests.mutants.__main__ import Trial, draw, table
from tests.mutants.mutation import Mutant, compiles, mutants_of
from tests.mutants.rooms import ROOMS

TREE = Path(__file__).resolve().parents[2]


def changes(tmp_path: Path, line: str) -> set[str]:
    """What one line inside a function may become."""
    (tmp_path / "rule.py").write_text(f"def rule(a, b, c):\n    {line}\n", encoding="utf-8")
    found = mutants_of(tmp_path, "rule.py")
    assert {mutant.function for mutant in found} <= {"rule"}
    return {mutant.after for mutant in found if compiles(tmp_path, mutant)}


@pytest.mark.parametrize(
    ("line", "some"),
    [
        ("return a < b", {"return a <= b", "return a >= b"}),
        ("return a is not b", {"return a is b"}),
        ("return a and b", {"return a or b", "return True and b", "return a and True"}),
        ("return not a", {"return a"}),
        ("return -a", {"return a"}),
        ("return a + b * c", {"return a - b * c", "return a", "return a + b / c", "return a + b"}),
        ("return min(a, b)", {"return max(a, b)"}),
        ("return rule(a, b)", {"return rule(b, a)"}),
        ("return a if b else c", {"return a", "return c"}),
        ("return a[1:b]", {"return a[2:b]", "return a[:b]", "return a[1:]"}),
        ("return a, b", {"return b, a"}),
        ("a += 1", {"a -= 1", "a = 1", "a += 2"}),
        ("return [x for x in a if x]", {"return [x for x in a if True]"}),
        ("return 0.5", {"return 1.0"}),
        ("rule(a)", {"None"}),
        ("return 'α' + str(a < b)", {"return 'α' + str(a <= b)"}),  # places are counted in bytes
    ],
)
def test_a_line_can_go_wrong_in_these_ways(tmp_path: Path, line: str, some: set[str]) -> None:
    assert some <= changes(tmp_path, line)


@pytest.mark.parametrize(
    "line", ['"""Text 1 < 2."""', "assert a < b", "raise ValueError(f'{a < b} {1}')", "x: int"]
)
def test_texts_errors_and_assertions_stay(tmp_path: Path, line: str) -> None:
    assert changes(tmp_path, line) == set()


def test_a_sample_is_that_of_its_seed_and_has_no_line_twice() -> None:
    room = [room for room in ROOMS if room.name == "statistics"]
    sample = draw(room, 30, 7)["statistics"]
    assert draw(room, 30, 7)["statistics"] == sample
    assert draw(room, 30, 8)["statistics"] != sample
    assert len({(mutant.path, mutant.line) for mutant in sample}) == 30


def test_every_equivalent_mutant_exists_and_has_a_reason() -> None:
    entries = yaml.safe_load((TREE / "tests/mutants/equivalent.yaml").read_text("utf-8"))
    assert entries
    for entry in entries:
        found = {(mutant.before, mutant.after) for mutant in mutants_of(TREE, entry["file"])}
        assert (entry["line"], entry["mutant"]) in found, entry
        assert len(entry["reason"]) > 20, entry


def test_the_share_is_of_mutants_that_change_something() -> None:
    mutant = Mutant("sim/a.py", 1, 0, 1, "x", "f", "y", "x")
    verdicts = ["knowledge"] * 9 + ["pinned", "equivalent"]
    *_, last = table([Trial("model", mutant, verdict) for verdict in verdicts])
    assert last.split()[:6] == ["all", "11", "9", "1", "0", "1"]
    assert last.endswith("90 % by knowledge")
