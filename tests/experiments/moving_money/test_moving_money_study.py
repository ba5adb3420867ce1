"""Money moved between groups, from the command line to its files; what is refused."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from experiments.moving_money.question import QUESTION, Settings
from experiments.shared.settings import read_settings
from sim.config.errors import ConfigError
from sim.words import Speech
from tests.refusals import told_alike

N = 3


def command(folder: Path, *overrides: str) -> int:
    return QUESTION.main([
        f"study.folder={folder}", f"replications={N}", "workers=1", "backend=serial",
        "language=en", *overrides,
    ])  # fmt: skip


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_the_default_is_four_parts_of_what_the_first_group_has(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "study"
    # Of 1,000 million yuan activities have 380; the shares of both are 0.83 whatever moves.
    money = ("budget.public_total=8e8", "budget.social_total=2e8")
    assert command(folder, *money) == 0
    assert "Money moved from “" in capsys.readouterr().out
    counts = rows(folder / "moving_money_counts.csv")
    total = [own for own in counts if own["target"] == "met_count"]
    assert [own["amount"] for own in total] == ["3800000", "19000000", "38000000", "76000000"]
    shares = [(own["giver_share"], own["receiver_share"]) for own in total]
    assert shares == [
        ("0.3762", "0.4538"), ("0.361", "0.469"), ("0.342", "0.488"), ("0.304", "0.526"),
    ]  # fmt: skip
    design = rows(folder / "design.csv")
    assert [own["point"] for own in design] == ["base", *(own["amount"] for own in total)]
    changed = [r for r in rows(folder / "passport.csv") if r["point"] == "38000000"]
    assert {row["key"]: row["value"] for row in changed} == {
        "allocation.group_shares.activities": "0.342",
        "allocation.group_shares.facilities": "0.488",
    }
    answer = json.loads((folder / "answer.json").read_text(encoding="utf-8"))
    assert (answer["giver"], answer["receiver"]) == ("activities", "facilities")
    targets = rows(folder / "moving_money.csv")
    assert {own["pairs"] for own in targets} == {str(N)}
    assert str(answer["best"]) in {own["amount"] for own in targets}


@pytest.mark.parametrize(
    ("overrides", "said"),
    [
        (["study.move=[activities,facilites]"], ["study.move.1", "nearest: facilities"]),
        (["study.move=[activities,阵地]"], ["study.move.1", "facilities (设施与阵地)"]),
        (["study.move=[activities,activities]"], ["study.move", "give to itself"]),
        (["study.move=[activities]"], ["study.move", "two different groups"]),
        (["study.amounts=[1e7,6e8]"], ["study.amounts.1", "nearest: 589000000", "below 0"]),
        (
            ["study.amounts=[1]", "budget.public_total=4e9"],
            ["study.amounts.0", "less than a billionth"],
        ),
        (["study.amounts=[0]"], ["study.amounts.0", "one to eight different amounts"]),
        (["study.amounts=[-5e6]"], ["study.amounts.0", "one to eight different amounts"]),
        (["study.amounts=[1e7,1e7]"], ["study.amounts", "given twice"]),
        (["study.amounts=[]"], ["study.amounts", "one to eight different amounts"]),
        (["study.amounts=[a lot]"], ["study.amounts.0", "yuan of the plan period"]),
        (["budget=zero"], ["study.move.0", "no money to give"]),
        (["study.amount=[1e7]"], ["study.amount", "nearest: amounts"]),
    ],
)
def test_what_cannot_be_moved_is_refused_before_anything_is_simulated(
    tmp_path: Path, overrides: list[str], said: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert command(tmp_path / "study", *overrides) == 2
    error = " ".join(capsys.readouterr().err.split())
    assert [text for text in said if text not in error] == []
    assert not (tmp_path / "study").exists()


@pytest.mark.parametrize(
    ("setting", "value"), [("move", ["a", "a"]), ("amounts", [2.0, 2.0]), ("amounts", [0.0])]
)
def test_refusals_are_the_same_in_both_languages(setting: str, value: object) -> None:
    good: dict[str, object] = {"move": ["a", "b"], "amounts": [1.0]}
    with pytest.raises(ConfigError) as caught:
        read_settings("moving_money", Settings, good | {setting: value})
    assert str(caught.value.key).startswith(f"study.{setting}")
    assert Speech("zh").text(caught.value) != Speech("en").text(caught.value)
    told_alike(caught.value)
