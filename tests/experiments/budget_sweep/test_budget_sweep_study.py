"""The command: settings and their messages, resuming, one lever and two, on the real plan."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

import sim.study
from experiments.budget_sweep.findings import Change, CurvePoint, Step
from experiments.budget_sweep.question import QUESTION, Settings, chosen_rows
from experiments.shared.levers import settings_of
from sim.answer.finding import columns_of
from sim.config.errors import ConfigError
from sim.config.schema import Run
from tests.experiments.budget_sweep import sweeps
from tests.factory import micro_run
from tests.factory import settings as changed
from tests.program import with_pictures

FACTORS = [0, 0.5, 1, 2]


def given(**settings: object) -> Settings:
    return Settings.model_validate({"key": "budget.public_total", "factors": FACTORS, **settings})


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


# ------------------------------------------------------------------------------- settings


def test_factors_are_of_the_runs_own_money(real_run: Run) -> None:
    own = real_run.budget.public_total
    found = settings_of(real_run, given())
    assert [first for first, _ in found] == [0, own / 2, own, 2 * own]
    assert {second for _, second in found} == {None}
    other = changed(real_run, {"budget.public_total": 1000})
    assert [first for first, _ in settings_of(other, given(factors=[0.0004, 2]))] == [0, 1000, 2000]


def test_values_are_sorted_and_the_run_itself_is_among_them(real_run: Run) -> None:
    found = settings_of(real_run, given(values=[3e9, 1e9]))
    assert [first for first, _ in found] == [1e9, real_run.budget.public_total, 3e9]
    pace = real_run.planning.pace
    found = settings_of(real_run, given(key="planning.pace", values=[pace, 0.5]))
    assert [first for first, _ in found] == [pace, 0.5]


def test_two_levers_make_a_grid_of_the_settings_given(real_run: Run) -> None:
    found = settings_of(
        real_run, given(values=[2.0, 1.0], second_key="planning.pace", second_values=[0.5, 0.2])
    )
    assert found == [(1.0, 0.2), (2.0, 0.2), (1.0, 0.5), (2.0, 0.5)]
    own = real_run.budget.social_total
    found = settings_of(real_run, given(values=[1.0, 2.0], second_key="budget.social_total"))
    assert {second for _, second in found} == {0, own / 2, own, 2 * own}


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"key": "budget.publik_total"}, "nearest: budget.public_total"),
        ({"key": "planning.pace"}, "is not an amount of money"),
        ({"key": "planning.pace"}, "the run has 0.35"),
        ({"values": [1e9, 2e9, 1e9]}, "the same setting twice"),
        ({"factors": [1.0]}, "nothing to be compared with"),
        ({"factors": [1.0, 1.0]}, "the same setting twice"),
        ({"second_values": [1.0]}, "but no key"),
        ({"second_key": "budget.public_total"}, "the second key is the first one"),
        ({"second_key": "planning.pcae"}, "nearest: planning.pace"),
        ({"second_key": "planning.pace", "second_values": [0.5]}, "nothing to be compared with"),
        ({"second_key": "planning.pace"}, "study.second_values"),
    ],
)
def test_settings_that_make_no_sweep_are_refused(
    real_run: Run, settings: dict[str, object], words: str
) -> None:
    with pytest.raises(ConfigError) as error:
        settings_of(real_run, given(**settings))
    assert words in str(error.value)


@pytest.mark.parametrize(
    ("more", "refused"),
    [
        ([], True),
        (["study.second_key=planning.pace", "study.second_values=[0.2,0.7]"], True),
        # Factors are for the second lever, which has no values of its own.
        (["study.second_key=budget.social_total"], False),
    ],
)
def test_factors_beside_values_are_refused_unless_they_are_of_use(
    tmp_path: Path, more: list[str], refused: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    given = ["study.factors=[1,2]", "study.values=[5e8,-1]", *more]
    assert command(tmp_path / "s", *given) == 2
    said = capsys.readouterr().err
    assert ("study.factors would change nothing" in said) == refused
    assert ("from 0 to" in said) != refused  # the next thing that is wrong here


def test_factors_of_no_money_are_refused(real_run: Run) -> None:
    poor = changed(real_run, {"budget.public_total": 0})
    with pytest.raises(ConfigError, match="any factor of nothing"):
        settings_of(poor, given())
    assert settings_of(poor, given(values=[5.0]))[0][0] == 0.0


def test_targets_are_shown_under_the_reading_that_counts_or_the_one_named(real_run: Run) -> None:
    config = real_run.model_dump(mode="json")
    chosen = chosen_rows(config, ["full_time_staff", "full_time_staff:broad", "experts"])
    assert chosen == {("full_time_staff", "strict"), ("full_time_staff", "broad"), ("experts", "")}
    everything = chosen_rows(config, None)
    assert len({target for target, _ in everything}) == len(everything)
    with pytest.raises(ConfigError) as error:
        chosen_rows(config, ["expert", "full_time_staff:brod", "experts"])
    assert [problem.nearest for problem in error.value.problems] == [
        "experts",
        "full_time_staff:broad",
    ]


# ------------------------------------------------------------------------------- end to end


def command(folder: Path, *overrides: str) -> int:
    return QUESTION.main(
        [f"study.folder={folder}", "replications=2", "workers=1", "language=en", *overrides]
    )


def times(folder: Path, pattern: str) -> dict[Path, int]:
    return {path: path.stat().st_mtime_ns for path in folder.glob(pattern)}


@with_pictures()
def test_a_sweep_is_answered_resumed_and_shown_otherwise(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "study"
    # Refused before the first replication, so that the folder is still free for another question.
    assert command(folder, "study.values=[5e8,-1]") == 2
    assert "from 0 to 1000000000000000" in capsys.readouterr().err
    shown = "study.targets=[full_time_staff,firms]"
    assert command(folder, "study.factors=[2,0]", shown, "table=full") == 0
    said = capsys.readouterr().out
    answer = json.loads((folder / "answer.json").read_text(encoding="utf-8"))
    first = answer["en"].partition(". ")[0]
    assert " ".join(first.split()) in " ".join(said.split())
    table = rows(folder / "budget_sweep.csv")
    settings = sorted({float(row["setting"]) for row in table})
    assert settings == [0, 1.17e9, 2.34e9]
    assert {row["setting"] for row in table if row["base"] == "True"} == {"1170000000.0"}
    met = {row["setting"]: float(row["mean"]) for row in table if row["target"] == "met_count"}
    assert met["0.0"] < met["2340000000.0"]
    assert len(rows(folder / "gains.csv")) == 2 * len(rows(folder / "responses.csv"))
    point = {row["point"]: row["value"] for row in rows(folder / "passport.csv")}
    assert point["budget.public_total=0"] == "0"
    pictures, chunks = times(folder, "*.png"), times(folder, "runs/*/*")
    assert folder / "budget_sweep_met_count_en.png" in pictures

    assert command(folder, "study.factors=[2,0]", shown, "table=full") == 0
    assert capsys.readouterr().out == said
    assert times(folder, "*.png") == pictures

    # Other targets are shown of the same study.
    assert command(folder, "study.factors=[2,0]", "study.targets=[experts]") == 0
    assert times(folder, "runs/*/*") == chunks
    responses = rows(folder / "responses.csv")
    assert [row["target"] for row in responses if row["shown"] == "True"] == ["experts"]
    assert folder / "budget_sweep_staff_en.png" in times(folder, "*.png")


@with_pictures()
def test_two_levers_make_heat_maps(tmp_path: Path) -> None:
    folder = tmp_path / "study"
    second = ["study.second_key=planning.pace", "study.second_values=[0.35,0.7]"]
    assert command(folder, "study.factors=[0,1]", "study.targets=[experts]", *second) == 0
    origin = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["result_hash"]
    drawn = {path.stem: path.read_text(encoding="utf-8") for path in folder.glob("*.svg")}
    assert {name: origin in picture for name, picture in drawn.items()} == {
        "budget_sweep_grid_en": True,
        "budget_sweep_joint_en": True,
        "budget_sweep_targets_en": True,
    }
    base = [row for row in rows(folder / "budget_sweep.csv") if row["base"] == "True"]
    assert {(row["setting"], row["second_setting"]) for row in base} == {("1170000000.0", "0.35")}
    assert len(rows(folder / "design.csv")) == 4
    kinds = {"budget_sweep": CurvePoint, "gains": Step, "responses": Change}
    for name, kind in kinds.items():
        units = columns_of(kind)
        assert [*rows(folder / f"{name}.csv")[0]] == [*units]
        told = sim.study.open(folder).table(name).attrs["units"]
        assert set(told) <= {column for column, unit in units.items() if unit}


def test_targets_whose_names_look_like_nothing_keep_a_curve_each(tmp_path: Path) -> None:
    room = {"goal": 4, "unit_cost": 1_000_000, "build_months": 6}
    run = micro_run(tmp_path, {"nan": room, "null": room}, replications=4)
    made = sweeps.sweep(run, lambda row, first, second: 0.5, settings=(1e6, 2e6))
    curves = {curve.row.target: curve for curve in sweeps.curves(run, made).rows}
    assert len(curves["nan"].points) == len(curves["null"].points) == 2
