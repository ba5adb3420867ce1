"""The proof that two checkouts give the same results, on such as only pretend to simulate."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from benchmarks.proof import Found, differences, main

PRETENDED = '''
"""Write what stands in outcome.json, as a run or a study would."""
import json, pathlib, sys

given = dict(argument.partition("=")[::2] for argument in sys.argv[1:] if "=" in argument)
if sys.argv[0].endswith("experiments/__main__.py") and len(sys.argv) == 1:
    print("planning questions:\\n\\n  promises           what could honestly be promised?")
    sys.exit(0)
outcome = json.loads(pathlib.Path("outcome.json").read_text())
if given.get("scenario") == outcome["broken"]:
    sys.exit("no such thing\\nbroken, alas")
folder = pathlib.Path(given.get("hydra.run.dir") or given["study.folder"])
folder.mkdir()
manifest = {"result_hash": outcome["hash"] + given["replications"], "events": 7}
(folder / "manifest.json").write_text(json.dumps(manifest))
(folder / "attainment.csv").write_text(outcome["table"])
if "study.folder" in given:
    (folder / "answer.json").write_text(json.dumps(outcome["answer"]))
'''
OUTCOME = {
    "hash": "abc", "table": "a,b\n1,2\n", "answer": {"en": "All.", "kept": 3}, "broken": "",
}  # fmt: skip


def checkout(path: Path, **changed: object) -> Path:
    for room in ("sim", "experiments"):
        (path / room).mkdir(parents=True)
        (path / room / "__init__.py").touch()  # without it an installed package would come first
        (path / room / "__main__.py").write_text(PRETENDED)
    (path / "configs" / "scenario").mkdir(parents=True)
    for name in ("baseline", "austerity", "_part"):
        (path / "configs" / "scenario" / f"{name}.yaml").touch()
    (path / "outcome.json").write_text(json.dumps({**OUTCOME, **changed}))
    return path


def test_equal_checkouts_are_proved_equal(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    one = checkout(tmp_path / "one")
    # Words may change, and what a checkout has beyond the other is nothing to compare.
    two = checkout(tmp_path / "two", answer={"en": "Every one.", "kept": 3})
    (two / "configs" / "scenario" / "newcomer.yaml").touch()
    assert main([str(one), str(two)]) == 0
    said = capsys.readouterr().out
    assert [line.split()[0] for line in said.splitlines()[1:5]] == [
        "baseline", "scenario=austerity", "scenario=baseline", "question",
    ]  # fmt: skip
    assert "abc200" in said
    assert "abc40" in said
    assert "newcomer" in said
    assert main([str(two), str(one), "--only", "presets"]) == 1
    assert "GONE" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("changed", "named", "equal"),
    [
        ({"hash": "abd"}, ["DIFFER: result_hash"] * 4, 0),
        ({"table": "a,b\n1,3\n"}, ["DIFFER: attainment.csv"] * 4, 0),
        ({"answer": {"en": "All.", "kept": 4}}, ["DIFFER: kept"], 3),
        ({"answer": {"en": "All."}}, ["DIFFER: kept"], 3),
        ({"broken": "austerity"}, ["AFTER fails: broken, alas"], 3),
    ],
)
def test_what_differs_is_named(
    changed: dict[str, object],
    named: list[str],
    equal: int,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    one, two = checkout(tmp_path / "one"), checkout(tmp_path / "two", **changed)
    assert main([str(one), str(two), "--replications", "3", "--workers", "1"]) == 1
    said = capsys.readouterr().out
    wrong = [line for line in said.splitlines() if "DIFFER" in line or "fails" in line]
    assert len(wrong) == len(named)
    assert [line.endswith(name) for line, name in zip(wrong, named, strict=True)] == [True] * len(
        named
    )
    assert said.splitlines()[-1] == f"{equal} of 4 equal"


def test_tables_and_events_are_part_of_the_comparison(tmp_path: Path) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    one.mkdir()
    (one / "manifest.json").write_text('{"result_hash": "x", "events": 1}')
    (one / "gone.csv").write_text("a\n")
    shutil.copytree(one, two)
    assert differences(Found.of(one), Found.of(two)) == []
    (two / "manifest.json").write_text('{"result_hash": "x", "events": 2}')
    (two / "gone.csv").unlink()
    (two / "more.csv").write_text("a\n")
    assert differences(Found.of(one), Found.of(two)) == ["events", "gone.csv", "more.csv"]
