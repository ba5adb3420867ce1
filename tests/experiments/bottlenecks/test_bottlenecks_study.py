"""The study of bottlenecks: what its reliefs change, what it refuses, and what it leaves behind."""

from __future__ import annotations

import csv
import json
import time
from collections.abc import Callable, Iterator
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from experiments.bottlenecks.findings import TOGETHER
from experiments.bottlenecks.question import QUESTION, Settings
from experiments.bottlenecks.reliefs import Relief, relieved_points
from experiments.shared.inquiry import Inquiry, Unanswered
from experiments.shared.question import Question
from experiments.shared.settings import read_settings
from sim.answer.blocks import Answer
from sim.command.exits import FAILED
from sim.config.errors import ConfigError
from sim.config.schema.base import Label
from sim.edge import Composer
from sim.study.study import DesignPoint
from sim.study.worker import Worker
from tests.program import with_pictures
from tests.refusals import told_alike

Points = dict[str, DesignPoint]
PACE = "label:{zh:'进度',en:pace},overrides:['planning.pace=1']"


LABEL = Label(zh="约束", en="constraint")


@pytest.fixture(scope="module")
def composer() -> Iterator[Composer]:
    with Composer().started() as started:
        yield started


@pytest.fixture(scope="module")
def collect(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Points]:
    """The design points of a study that is given these overrides; nothing is simulated."""

    def collected(*overrides: str) -> Points:
        points: Points = {}

        def ask(inquiry: Inquiry[Settings]) -> Answer:
            base = inquiry.point("base")
            points.update(base=base, **relieved_points(inquiry, base, inquiry.settings.chosen))
            composed = inquiry.point("composed", *points["crews"].overrides)
            points["crews, composed by Hydra"] = composed
            raise Unanswered("inquiry.no_target")

        folder = tmp_path_factory.mktemp("points")
        given = [f"study.folder={folder}", *overrides]
        assert Question(QUESTION.name, Settings, ask).main(given) == FAILED
        return points

    return collected


@pytest.fixture(scope="module")
def points(collect: Callable[..., Points]) -> Points:
    return collect("workers=1")


def test_every_relief_leaves_all_other_draws_untouched(points: Points) -> None:
    import yaml

    from sim.config.directory import config_directory

    file = config_directory() / "study" / f"{QUESTION.name}.yaml"
    reliefs = yaml.safe_load(file.read_text(encoding="utf-8"))["reliefs"]
    base = Worker(points["base"].run).draw(3)
    assert reliefs.keys() < points.keys()
    for name, relief in reliefs.items():
        drawn = Worker(points[name].run).draw(3)
        assert drawn.keys() == base.keys()
        for parameter, value in drawn.items():
            fixed = [v for k, v in relief["fixed"].items() if fnmatchcase(parameter, k)]
            assert value == (fixed[0] if fixed else base[parameter]), (name, parameter)


def test_all_at_once_is_every_relief(points: Points) -> None:
    single = [name for name in points if name in ("money", "review", "crews", "staff", "calendar")]
    base, whole = (points[n].run.model_dump(mode="json") for n in ("base", TOGETHER))
    for name in single:
        own = points[name].run
        assert own.budget.public_total in (base["budget"]["public_total"], 74_880_000_000)
        for parameter, spec in own.model_dump(mode="json")["parameters"].items():
            if spec != base["parameters"][parameter]:
                assert whole["parameters"][parameter] == spec
    assert whole["budget"]["public_total"] == 74_880_000_000
    assert whole["planning"]["pace"] == 1.0


def test_the_overrides_in_the_design_make_the_same_run(points: Points) -> None:
    assert points["crews"].hash == points["crews, composed by Hydra"].hash
    assert points["crews"].hash != points["base"].hash


def test_reliefs_can_be_added_and_left_out(collect: Callable[..., Points]) -> None:
    points = collect("study.only=[crews,pace]", f"+study.reliefs.pace={{{PACE}}}")
    assert set(points) == {"base", "crews", "pace", TOGETHER, "crews, composed by Hydra"}
    assert points["pace"].run.planning.pace == 1.0


def test_one_relief_has_no_others_to_be_lifted_with(collect: Callable[..., Points]) -> None:
    assert TOGETHER not in collect("study.only=[crews]")


@pytest.mark.parametrize(
    ("overrides", "words"),
    [
        (["only=[mony]"], ["unknown relief", "nearest: money"]),
        (["only=[]"], ["study.only", "null tries all"]),
        (["reliefs.money.overrides=[]"], ["without overrides", "study.reliefs.money"]),
        (["reliefs.money.overrides=[pace]"], ["study.reliefs.money.overrides.0"]),
        (["reliefs.crews.fixed.crewz_x=5"], ["+study.KEY=VALUE"]),
        (["reliefs.money.stages=[moneyy]"], ["unknown stage", "nearest: money"]),
        (["reliefs.money.stages=[crew]"], ["the relief money names this stage, too"]),
        (["reliefs.money.stages=[crew,crew]"], ["named twice"]),
        ([f"+reliefs.together={{{PACE}}}"], ["this name is taken"]),
        (["reliefs.money.label.en=''"], ["study.reliefs.money.label.en"]),
    ],
)
def test_wrong_settings_are_refused(
    composer: Composer, overrides: list[str], words: list[str]
) -> None:
    with pytest.raises(ConfigError) as caught:
        read_settings(QUESTION.name, Settings, composer.settings(QUESTION.name, overrides))
    for each in words:
        assert each in str(caught.value)
    told_alike(caught.value)


WRONG: dict[str, tuple[dict[str, Any], list[str]]] = {
    "key": ({"money": ["budget.public_totl=5"]}, ["unknown key", "public_total"]),
    "depth": ({"money": ["budget.x.y=5"]}, ["unknown key", "budget.x.y"]),
    "range": ({"money": ["planning.pace=5"]}, ["planning.pace", "from 0 to 1"]),
    "sweep": ({"money": ["planning.pace=0.1,0.2"]}, ["only values"]),
    "choice": ({"money": ["allocation=equity"]}, ["only values"]),
    "seed": ({"money": ["seed=7"]}, ["cannot change this", "planning, shocks"]),
    "nothing": ({"money": ["budget.public_total=1170000000"]}, ["same run as base"]),
    "twins": (
        {"one": ["planning.pace=1"], "other": ["planning.pace=1.0"]},
        ["same run as one", "study.reliefs.other"],
    ),
    "contradiction": (
        {"one": ["planning.pace=1"], "other": ["planning.pace=0.5"]},
        ["the relief one sets planning.pace to another value"],
    ),
    "parameter": ({"crews": {"crewz_*": 5.0}}, ["no parameter", "crewz_*"]),
}


@pytest.fixture(scope="module")
def refusals(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What a study says to each of the reliefs in ``WRONG``."""
    said: dict[str, str] = {}

    def ask(inquiry: Inquiry[Settings]) -> Answer:
        base = inquiry.point("base")
        for case, (reliefs, _) in WRONG.items():
            own = {
                name: Relief(label=LABEL, **{"fixed" if isinstance(v, dict) else "overrides": v})
                for name, v in reliefs.items()
            }
            with pytest.raises(ConfigError) as caught:
                relieved_points(inquiry, base, own)
            said[case] = str(caught.value)
        raise Unanswered("inquiry.no_target")

    folder = tmp_path_factory.mktemp("refusals")
    assert Question(QUESTION.name, Settings, ask).main([f"study.folder={folder}"]) == FAILED
    return said


@pytest.mark.parametrize("case", WRONG)
def test_reliefs_that_lift_nothing_known_are_refused(refusals: dict[str, str], case: str) -> None:
    for each in WRONG[case][1]:
        assert each in refusals[case]


def test_a_wrong_relief_ends_the_command_before_anything_is_simulated(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wrong = "study.reliefs.money.overrides=['budget.public_totl=5']"
    assert QUESTION.main([f"study.folder={tmp_path / 'study'}", "replications=1", wrong]) == 2
    assert "nearest: budget.public_total" in capsys.readouterr().err
    assert not list(tmp_path.glob("study/runs/*/*"))


# ---------------------------------------------------------------------------- from end to end

ONLY = "study.only=[money,review]"


@pytest.fixture(scope="module")
@with_pictures()
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("bottlenecks") / "study"
    assert QUESTION.main([f"study.folder={folder}", ONLY, "replications=2", "workers=1",
                          "language=en"]) == 0  # fmt: skip
    return folder


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_a_study_leaves_its_tables_charts_and_answer(folder: Path) -> None:
    gains, binding = rows(folder / "bottlenecks.csv"), rows(folder / "binding.csv")
    assert {row["relief"] for row in gains} == {"money", "review", TOGETHER}
    assert {row["pairs"] for row in gains} == {"2"}
    assert len(gains) == 3 * len(binding)
    answer = json.loads((folder / "answer.json").read_text(encoding="utf-8"))
    count = next(r for r in gains if r["target"] == "met_count" and r["relief"] == "money")
    assert answer["reliefs"]["money"]["targets_gained"] == float(count["mean_gain"])
    assert f"{float(count['mean_gain']):.1f}" in answer["zh"]
    assert f"{float(count['mean_gain']):.1f}" in answer["en"]
    origin = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["result_hash"]
    for name in ("matrix", "targets_met"):
        assert b"tEXtresult_hash\x00" + origin.encode() in (folder / f"{name}_en.png").read_bytes()
        assert origin in (folder / f"{name}_en.svg").read_text(encoding="utf-8")


def test_the_passport_says_at_which_point_a_setting_differs(folder: Path) -> None:
    passport = {(row["key"], row["point"]): row["value"] for row in rows(folder / "passport.csv")}
    assert passport["budget.public_total", "money"] == "74880000000"
    assert passport["parameters.review_panels.value", "review"] == "1000000.0"
    assert passport["budget.public_total", TOGETHER] == "74880000000"
    assert ("budget.public_total", "review") not in passport


def test_the_same_command_again_simulates_nothing(folder: Path) -> None:
    def written() -> dict[str, int]:
        return {str(path): path.stat().st_mtime_ns for path in folder.glob("runs/*/*.parquet")}

    before, answer = written(), (folder / "answer.json").read_bytes()
    began = time.process_time()
    given = [f"study.folder={folder}", ONLY, "replications=2", "workers=1", "language=en"]
    assert QUESTION.main(given) == 0
    assert time.process_time() - began < 8.0  # two compositions, no history
    assert written() == before
    assert (folder / "answer.json").read_bytes() == answer


def test_one_pair_is_no_comparison(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    given = [f"study.folder={tmp_path / 'study'}", "study.only=[review]", "replications=1"]
    assert QUESTION.main([*given, "workers=1"]) == 1
    assert "fewer than two replications" in capsys.readouterr().err


def test_missing_units_are_those_of_the_delay_ledger(tmp_path: Path) -> None:
    def ask(inquiry: Inquiry[Settings]) -> Answer:
        base = inquiry.point("base")
        inquiry.simulate([base])
        keys = ["replication", "programme", "stage"]
        parts = inquiry.study.missing_units(base, 2)
        quick = pa.concat_tables(parts).unify_dictionaries().to_pandas()
        results = inquiry.results(base, delays=True)
        ledger = inquiry.study.tables(base, results).delays().to_pandas()
        both = [
            frame.astype({"programme": str, "stage": str}).groupby(keys)["missing"].sum()
            for frame in (quick, ledger[ledger["missing"] > 0])
        ]
        assert len(quick)
        assert both[0].to_dict() == both[1].to_dict()
        return Answer([])

    given = [f"study.folder={tmp_path / 'study'}", "replications=2", "workers=1"]
    assert Question(QUESTION.name, Settings, ask).main(given) == 0
