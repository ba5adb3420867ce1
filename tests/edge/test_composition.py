"""Composition, precedence and the command line as Hydra sees them."""

from __future__ import annotations

import csv
import dataclasses
import datetime as dt
import errno
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from importlib import metadata
from pathlib import Path
from typing import Any, get_args

import hydra.core.utils
import pytest
from omegaconf import MISSING, OmegaConf
from omegaconf.errors import ValidationError
from pydantic import BaseModel

import sim.job
from sim.__main__ import _remove_if_unused, main
from sim.config.directory import config_directory, groups
from sim.config.errors import ConfigError
from sim.config.schema import Parameter, Plan, Run, Shock
from sim.config.validation import validate
from sim.config.version import package_version
from sim.edge import Composer, compose
from sim.edge.composition import structured
from sim.edge.files import _prepared
from sim.study.folder import RunFolder

ROOT = Path(__file__).resolve().parents[2]
CHOICES = [(group, choice) for group, choices in groups().items() for choice in choices]


@pytest.fixture(scope="module")
def composer() -> Iterator[Composer]:
    with Composer().started() as started:
        yield started


def _run(composer: Composer, *overrides: str) -> Run:
    return composer.compose(overrides).validated()


# -------------------------------------------------------------------------------- composition


@pytest.mark.parametrize(("group", "choice"), CHOICES)
def test_every_choice_composes_and_validates(composer: Composer, group: str, choice: str) -> None:
    run = _run(composer, f"{group}={choice}")
    assert run.plan.targets
    if group == "scenario":
        assert run.scenario.name == choice
    if group == "allocation":
        assert run.allocation.rule == choice


def test_the_defaults_are_the_baseline(composer: Composer) -> None:
    run = _run(composer)
    assert run.scenario.name == "baseline"
    assert (run.seed, run.replications, run.replications_per_draw) == (2016, 200, 1)
    assert (run.workers, run.backend, run.record, run.trace) == (None, "processes", "city", None)
    assert run.shocks == []
    assert run == composer.baseline()


def test_a_preset_outranks_the_default_of_a_group(composer: Composer) -> None:
    usual = _run(composer).budget.public_total
    assert _run(composer, "scenario=austerity").budget.public_total == round(0.7 * usual)
    assert _run(composer, "scenario=expansion").budget.public_total == round(1.5 * usual)
    assert _run(composer, "scenario=double").budget.public_total == 2 * usual
    assert _run(composer, "scenario=equity").allocation.rule == "equity"


@pytest.mark.parametrize("name", ["front_loaded", "back_loaded"])
def test_loading_moves_money_between_years_only(composer: Composer, name: str) -> None:
    usual, loaded = _run(composer).budget, _run(composer, f"scenario={name}").budget
    assert loaded.model_copy(update={"year_shares": usual.year_shares}) == usual
    assert (loaded.year_shares[0] > 0.2) == (name == "front_loaded")


def test_the_command_line_outranks_a_preset(composer: Composer) -> None:
    assert _run(composer, "scenario=austerity", "budget.public_total=7").budget.public_total == 7
    # In either order: a choice is no less on the command line than a value.
    for overrides in (["scenario=equity", "allocation=population"], ["budget=zero"]):
        for ordered in (overrides, overrides[::-1]):
            run = _run(composer, *ordered)
            assert run.allocation.rule == "population"
    assert _run(composer, "scenario=austerity", "budget=zero").budget.public_total == 0


def test_a_number_of_the_world_can_be_overridden(composer: Composer) -> None:
    run = _run(composer, "parameters.attrition.mode=0.1", "plan.targets.municipal_bases.goal=150")
    assert run.parameters["attrition"].mode == 0.1
    assert run.plan.targets["municipal_bases"].goal == 150


def test_a_whole_number_may_be_written_with_an_exponent(composer: Composer) -> None:
    total = _run(composer, "budget.public_total=5e8").budget.public_total
    assert total == 500_000_000
    assert isinstance(total, int)


def test_dates_stay_text_until_validation() -> None:
    config: Any = compose([])
    assert config["plan"]["start"] == "2016-01-01"
    assert {type(p["known_from"]) for p in config["parameters"].values()} <= {str, type(None)}
    assert "hydra" not in config
    validate(config)


def test_custom_weights_name_every_district_with_its_population(composer: Composer) -> None:
    weights = _run(composer, "allocation=custom").allocation.weights
    table = ROOT / "sim" / "data" / "districts.csv"
    with table.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    population = "pop_2015_est_revised_total"
    assert weights == {row["adcode_2016_stats"]: float(row[population]) for row in rows}


def test_a_directory_of_the_user_adds_choices(tmp_path: Path) -> None:
    (tmp_path / "scenario").mkdir()
    (tmp_path / "scenario" / "mine.yaml").write_text(
        "# @package _global_\n"
        "scenario: {name: mine, label: {zh: 我, en: Mine}}\n"
        "budget: {carry_over: 0.5}\n",
        encoding="utf-8",
    )
    with Composer(tmp_path).started() as composer:
        composed = composer.compose(["scenario=mine", "budget=double", "budget.carry_over=0.6"])
        assert composed.validated().budget.carry_over == 0.6
        composed = composer.compose(["scenario=mine"])
        assert composed.validated().budget.carry_over == 0.5
        assert composed.files["budget.carry_over"] == f"{tmp_path.name}/scenario/mine.yaml"
        with pytest.raises(ConfigError, match="would not fully hold"):
            composer.compose(["scenario=mine", "budget=double"])


PRESET = (
    "# @package _global_\n"
    "scenario: {name: mine, label: {zh: 我的情景, en: Mine}}\n"
    "planning: {pace: 0.5}\n"
)


@pytest.mark.parametrize("name", ["conf", "配置 of mine, it's (2)"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_a_directory_may_have_any_name_and_files_a_mark_at_the_beginning(
    tmp_path: Path, name: str, encoding: str
) -> None:
    folder = tmp_path / name
    (folder / "scenario").mkdir(parents=True)
    (folder / "scenario" / "mine.yaml").write_text(PRESET, encoding=encoding)
    with Composer(folder).started() as composer:
        composed = composer.compose(["scenario=mine"])
    run = composed.validated()
    assert run.scenario.label.zh == "我的情景"
    assert run.planning.pace == 0.5
    assert composed.files["planning.pace"] == f"{name}/scenario/mine.yaml"


@pytest.mark.parametrize("encoding", ["gbk", "utf-16"])
def test_a_file_in_another_encoding_is_refused(tmp_path: Path, encoding: str) -> None:
    (tmp_path / "scenario").mkdir()
    (tmp_path / "scenario" / "mine.yaml").write_text(PRESET, encoding=encoding)
    (tmp_path / "budget").mkdir()
    (tmp_path / "budget" / "mine.yaml").write_text("defaults: [nothing]", encoding="utf-8")
    with Composer(tmp_path).started() as composer:
        with pytest.raises(ConfigError, match="must be saved as UTF-8") as caught:
            composer.compose(["scenario=mine"])
        assert caught.value.file == f"{tmp_path.name}/scenario/mine.yaml"
        # Nor does it hide what is wrong elsewhere.
        with pytest.raises(ConfigError, match="unknown choice"):
            composer.compose(["budget=mine"])


@pytest.mark.parametrize("path", sorted(config_directory().rglob("*.yaml")), ids=lambda p: p.stem)
def test_files_are_read_as_hydra_reads_them(path: Path) -> None:
    read = OmegaConf.to_container(_prepared(path, path.name).node)
    theirs = OmegaConf.to_container(OmegaConf.load(path))
    assert read in (theirs, {path.parent.name: theirs})


@pytest.mark.parametrize("preset", ["baseline", "epidemic_2020", "equity"])
def test_what_is_composed_around_plan_and_parameters_is_what_hydra_composes_of_all(
    preset: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = [f"scenario={preset}", "seed=3", "planning.pace=1.5"]
    with Composer().started() as composer:
        around = composer.compose(asked)
        monkeypatch.setattr("sim.edge.composition.reaches", lambda _: True)
        whole = composer.compose(asked)
    assert OmegaConf.select(around.node, "plan.targets") is None
    assert OmegaConf.select(whole.node, "plan.targets") is not None
    assert json.dumps(around.config) == json.dumps(whole.config)  # in the same order
    assert around == whole


def test_what_was_composed_is_composed_anew_when_a_file_has_changed(tmp_path: Path) -> None:
    preset = tmp_path / "scenario" / "mine.yaml"
    preset.parent.mkdir()
    with Composer(tmp_path).started() as composer:
        for total in (5e8, 1.25e9, 6e8):
            preset.write_text(f"{PRESET}budget: {{public_total: {total}}}\n", encoding="utf-8")
            for _ in range(2):
                composed: Any = composer.compose(["scenario=mine"]).config
                assert composed["budget"]["public_total"] == total
        preset.unlink()
        with pytest.raises(ConfigError, match="mine"):
            composer.compose(["scenario=mine"])


def test_what_is_added_to_a_composition_is_in_no_other(composer: Composer, tmp_path: Path) -> None:
    numbered = [f"hydra.sweep.dir={tmp_path}", "hydra.sweep.subdir=${hydra.job.num}"]
    first, second = (composer.compose(numbered) for _ in range(2))
    assert composer.folder(first, 3) == tmp_path / "3"
    assert OmegaConf.is_missing(second.node.hydra.job, "num")
    assert OmegaConf.is_missing(composer.compose(numbered).node.hydra.job, "num")


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("# @package _global_\nplan: {targets: {municipal_bases: {goal: 151}}}", 151),
        ("# @package _global_\nscenario: {name: mine}", 200),
    ],
)
def test_a_preset_reaches_into_the_plan(tmp_path: Path, written: str, found: int) -> None:
    (tmp_path / "scenario").mkdir()
    content = f"{written}\n".replace("{name: mine}", "{name: mine, label: {zh: 我, en: me}}")
    (tmp_path / "scenario" / "mine.yaml").write_text(content, encoding="utf-8")
    with Composer(tmp_path).started() as composer:
        config: Any = composer.compose(["scenario=mine"]).config
        assert config["plan"]["targets"]["municipal_bases"]["goal"] == found
        own: Any = composer.compose(["plan.targets.municipal_bases.goal=152"]).config
        assert own["plan"]["targets"]["municipal_bases"]["goal"] == 152


# ------------------------------------------------------------------------------------- schema


def _models(annotation: Any) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [model for part in get_args(annotation) for model in _models(part)]


def _check_covered(model: type[BaseModel], mirror: type) -> None:
    fields = {field.name: field for field in dataclasses.fields(mirror)}
    assert list(fields) == list(model.model_fields)
    for name, info in model.model_fields.items():
        for nested in _models(info.annotation):
            if nested not in (Plan, Parameter, Shock):
                kind = fields[name].type
                assert isinstance(kind, type)
                _check_covered(nested, kind)
        default = fields[name].default_factory
        assert not isinstance(default, dataclasses._MISSING_TYPE)
        if not info.is_required():
            assert default() == info.get_default(call_default_factory=True, validated_data={})
        elif not dataclasses.is_dataclass(fields[name].type):
            assert default() == MISSING


def test_the_bridge_covers_every_field_of_the_schema() -> None:
    _check_covered(Run, structured(Run))


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("seed", "7"),
        ("seed", True),
        ("budget.carry_over", "0.5"),
        ("budget.year_shares", 0.2),
        ("allocation.reallocation.enabled", 2),
        ("allocation.capital_share", [0.1]),
    ],
)
def test_hydra_itself_refuses_what_is_of_another_kind(key: str, value: object) -> None:
    node = OmegaConf.structured(structured(Run))
    with pytest.raises(ValidationError):
        OmegaConf.update(node, key, value)


def test_hydra_does_not_round_what_is_not_whole() -> None:
    node = OmegaConf.structured(structured(Run))
    OmegaConf.update(node, "budget.public_total", 5.7)
    assert node.budget.public_total == 5.7


# ------------------------------------------------------------------------------- command line


class _Recorder:
    """A job that runs nothing and remembers what it was given."""

    def __init__(self, code: int | BaseException = 0) -> None:
        self.code = code
        self.calls: list[tuple[Run, Path, list[Mapping[str, object]]]] = []
        self.numbers: list[int | None] = []
        self.changes: list[dict[str, object]] = []
        self.commands: list[str] = []

    def __call__(
        self,
        run: Run,
        folder: Path,
        passport: Sequence[Mapping[str, object]],
        job_number: int | None = None,
        changes: Sequence[Mapping[str, object]] = (),
        command: str = "",
    ) -> int:
        folder.mkdir(parents=True, exist_ok=True)
        self.calls.append((run, folder, list(passport)))
        self.numbers.append(job_number)
        self.changes.append({str(row["key"]): row["value"] for row in changes})
        self.commands.append(command)
        if isinstance(self.code, BaseException):
            raise self.code
        (folder / "manifest.json").write_text("{}", encoding="utf-8")
        return self.code


Jobs = Callable[..., _Recorder]


@pytest.fixture
def jobs(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Jobs:
    monkeypatch.chdir(tmp_path)

    def install(code: int | BaseException = 0) -> _Recorder:
        recorder = _Recorder(code)
        monkeypatch.setattr(sim.job, "run_job", recorder)
        return recorder

    return install


def test_a_job_is_told_the_command_that_gives_its_results_again(jobs: Jobs) -> None:
    """Without what is of this machine or this folder."""
    recorder = jobs()
    given = [
        "scenario=austerity",
        "workers=2",
        "record=full",
        "language=zh",
        "store=null",
        "seed=3",
    ]
    assert main([*given, "hydra.run.dir=here", "judgement.ahead_above=0.9"]) == 0
    (command,) = recorder.commands
    assert command == (
        "python -m sim scenario=austerity record=full seed=3 judgement.ahead_above=0.9"
    )


def test_one_scenario_is_one_job_in_its_folder(jobs: Jobs, tmp_path: Path) -> None:
    recorder = jobs()
    assert main(["scenario=austerity", "seed=3"]) == 0
    [(run, folder, passport)] = recorder.calls
    assert recorder.numbers == [None]
    assert (run.scenario.name, run.seed) == ("austerity", 3)
    assert folder.parent == tmp_path / "outputs"
    assert folder.name.startswith("austerity-20")
    assert [path.name for path in folder.iterdir()] == ["manifest.json"], "nothing of Hydra's"
    assert {row["key"]: row["source"] for row in passport} == {
        "scenario.name": "scenario austerity",
        "budget.public_total": "scenario austerity",
        "seed": "command line",
    }


def test_a_job_knows_what_differs_from_its_preset(jobs: Jobs) -> None:
    recorder = jobs()
    assert main(["scenario=austerity"]) == 0
    assert main(["-m", "scenario=austerity", "budget.public_total=8.19e8,1.17e9"]) == 0
    assert recorder.changes == [{}, {}, {"budget.public_total": 1_170_000_000}]


def test_a_preset_that_needs_other_choices_counts_as_changed(jobs: Jobs, tmp_path: Path) -> None:
    (tmp_path / "scenario").mkdir()
    (tmp_path / "scenario" / "mine.yaml").write_text(
        "# @package _global_\n"
        "scenario: {name: mine, label: {zh: 我, en: Mine}}\n"
        "budget: {year_shares: [0.5, 0.5, 0, 0, 0.5]}\n",
        encoding="utf-8",
    )
    recorder = jobs()
    shares = "budget.year_shares=[0.5,0.5,0,0,0]"
    assert main(["--config-dir", str(tmp_path), "scenario=mine", shares]) == 0
    assert set(recorder.changes[0]) == {f"budget.year_shares.{year}" for year in range(5)}


def test_exit_code_of_failed_replications(jobs: Jobs) -> None:
    jobs(1)
    assert main(["hydra.run.dir=here"]) == 1


def test_exit_code_of_an_interruption(jobs: Jobs, capsys: pytest.CaptureFixture[str]) -> None:
    jobs(KeyboardInterrupt())
    assert main(["hydra.run.dir=here"]) == 1
    assert "interrupted" in capsys.readouterr().err


def test_an_interruption_over_which_a_library_trips_is_one(
    jobs: Jobs, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def trip(*_: object) -> None:
        try:
            try:
                raise KeyboardInterrupt
            finally:
                raise UnboundLocalError("in a finally")
        except Exception as error:
            raise ConfigError("config.unknown_key") from error

    jobs()
    monkeypatch.setattr(Composer, "compose", trip)
    assert main(["hydra.run.dir=here", "language=both"]) == 1
    assert capsys.readouterr().err == "已中断\ninterrupted\n"


def test_wrong_input_found_by_the_job_leaves_no_folder(
    jobs: Jobs, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    jobs(ConfigError("study.no_dask", key="backend"))
    assert main(["hydra.run.dir=here"]) == 2
    assert "needs the package distributed" in capsys.readouterr().err
    assert not (tmp_path / "here").exists()


def test_a_folder_with_results_is_left_alone(
    jobs: Jobs, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    recorder = jobs()
    assert main(["hydra.run.dir=here"]) == 0
    assert main(["hydra.run.dir=here", "seed=1"]) == 2
    assert len(recorder.calls) == 1
    assert "results of a run already" in capsys.readouterr().err


def test_a_folder_in_which_a_run_is_at_work_is_left_alone(
    jobs: Jobs, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    recorder = jobs()
    with RunFolder(tmp_path / "here"):
        assert main(["hydra.run.dir=here"]) == 2
        assert "another run is at work" in capsys.readouterr().err
        _remove_if_unused(tmp_path / "here")
        assert (tmp_path / "here").is_dir()
    assert recorder.calls == []
    assert main(["hydra.run.dir=here"]) == 0


def test_a_multirun_runs_every_combination_once(jobs: Jobs, tmp_path: Path) -> None:
    recorder = jobs()
    assert main(["-m", "scenario=baseline,equity", "seed=1,2", "hydra.sweep.dir=all"]) == 0
    assert [(run.scenario.name, run.seed) for run, _, _ in recorder.calls] == [
        ("baseline", 1),
        ("baseline", 2),
        ("equity", 1),
        ("equity", 2),
    ]
    assert recorder.numbers == [0, 1, 2, 3]
    folders = [folder for _, folder, _ in recorder.calls]
    assert len(set(folders)) == 4
    assert {folder.parent for folder in folders} == {tmp_path / "all"}
    made = {path.name for path in (tmp_path / "all").iterdir()}
    assert made == {folder.name for folder in folders}, "and nothing of Hydra's"


def test_a_multirun_validates_every_point_before_the_first_runs(
    jobs: Jobs, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    recorder = jobs()
    assert main(["-m", "seed=1,2", "replications=5,0"]) == 2
    assert recorder.calls == []
    assert list(tmp_path.iterdir()) == []
    assert "replications" in capsys.readouterr().err


def test_a_multirun_has_the_worst_exit_code(jobs: Jobs) -> None:
    recorder = jobs(1)
    assert main(["-m", "seed=1,2"]) == 1
    assert len(recorder.calls) == 2


def test_runs_may_be_numbered(jobs: Jobs) -> None:
    recorder = jobs()
    assert (
        main(["-m", "seed=1,1", "hydra.sweep.dir=all", "hydra.sweep.subdir=${hydra.job.num}"]) == 0
    )
    assert [folder.name for _, folder, _ in recorder.calls] == ["0", "1"]


def test_a_folder_without_a_name_is_refused(jobs: Jobs) -> None:
    jobs()
    assert main(["hydra.run.dir=${hydra.job.nothing}"]) == 2


@pytest.mark.parametrize(
    "arguments",
    [
        ["hydra.run.dir="],
        ["hydra.run.dir='  '"],
        ["-m", "seed=1,2", "hydra.sweep.dir="],
        ["-m", "seed=1", "hydra.sweep.subdir="],
        ["-m", "seed=1", "hydra.sweep.subdir=../elsewhere"],
        ["-m", "seed=1", "hydra.sweep.subdir=below/../../elsewhere"],
        ["-m", "seed=1", "hydra.sweep.subdir=/tmp/elsewhere"],
        ["hydra.run.dir=null"],
        ["~hydra.run.dir"],
    ],
)
def test_files_are_never_scattered_in_the_working_directory(
    jobs: Jobs, arguments: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    recorder = jobs()
    assert main(arguments) == 2
    assert recorder.calls == []
    assert list(tmp_path.iterdir()) == []
    assert arguments[-1].partition("=")[0].lstrip("~") in capsys.readouterr().err


def test_no_override_leads_out_of_the_folder_of_a_sweep(
    jobs: Jobs, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The folder of a run is named after its overrides, which may hold a path."""
    recorder = jobs()
    label = "scenario.label.en='/../../../elsewhere'"
    assert main(["-m", "seed=1,2", label, "hydra.sweep.dir=all"]) == 2
    assert recorder.calls == []
    assert list(tmp_path.iterdir()) == []
    told = capsys.readouterr().err
    assert "outside the folder of all runs" in told
    assert "hydra.sweep.subdir=${hydra.job.num}" in told


def test_all_runs_of_a_multirun_are_named_after_one_time(
    jobs: Jobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    moments = iter(range(100))
    recorder = jobs()
    with Composer().started() as composer:  # registers the resolver that is replaced here
        composer.node([])
    monkeypatch.setattr(hydra.core.utils, "datetime", _Clock(moments))
    assert main(["-m", "seed=1,2,3"]) == 0
    assert len({folder.parent for _, folder, _ in recorder.calls}) == 1


class _Clock:
    """A clock that shows another time whenever it is looked at."""

    def __init__(self, moments: Iterator[int]) -> None:
        self._moments = moments

    def now(self) -> dt.datetime:
        return dt.datetime(2026, 1, 1) + dt.timedelta(hours=next(self._moments))


@pytest.mark.parametrize("name", ["a\x1b[2Jb", "a\udcffb", "a\x00b", "a\u202eb"])
def test_characters_that_nobody_sees_are_refused_on_the_command_line(
    jobs: Jobs, name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    recorder = jobs()
    for override in (f"scenario.label.en={name}", f"scenario.label.en='{name}'"):
        assert main([override]) == 2
        assert "an argument holds" in capsys.readouterr().err
    assert main([f"hydra.run.dir={name}"]) == 2
    assert recorder.calls == []
    assert list(tmp_path.iterdir()) == []


def test_a_single_run_of_a_multirun_may_have_the_folder_of_the_sweep(jobs: Jobs) -> None:
    recorder = jobs()
    assert main(["-m", "seed=1", "hydra.sweep.dir=all", "hydra.sweep.subdir=."]) == 0
    assert [folder.name for _, folder, _ in recorder.calls] == ["all"]


@pytest.mark.parametrize("sweep", ["seed=1,1", "scenario.label.zh=" + "长" * 100 + ",y"])
def test_folders_of_a_multirun_that_cannot_be_are_refused(
    jobs: Jobs, sweep: str, capsys: pytest.CaptureFixture[str]
) -> None:
    recorder = jobs()
    assert main(["-m", sweep]) == 2
    assert recorder.calls == []
    assert "hydra.sweep.subdir" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("sweep", "seeds"), [("range(1,4)", [1, 2, 3]), ("choice(5,3)", [5, 3]), ("4", [4])]
)
def test_values_of_a_multirun_may_be_written_as_a_range(
    jobs: Jobs, sweep: str, seeds: list[int]
) -> None:
    recorder = jobs()
    assert main(["-m", f"seed={sweep}", "hydra.sweep.dir=all"]) == 0
    assert [run.seed for run, _, _ in recorder.calls] == seeds


@pytest.mark.parametrize("sweep", ["interval(1,2)", "glob(*)", "range(3,3)"])
def test_a_multirun_without_any_value_is_refused(
    jobs: Jobs, sweep: str, capsys: pytest.CaptureFixture[str]
) -> None:
    recorder = jobs()
    assert main(["-m", f"seed={sweep}"]) == 2
    assert recorder.calls == []
    told = capsys.readouterr().err
    assert "key:     seed" in told
    assert sweep in told
    assert "seed=A,B,C" in told


def test_a_pattern_stands_for_the_choices_of_a_group(jobs: Jobs) -> None:
    recorder = jobs()
    assert main(["-m", "scenario=glob(b*)", "hydra.sweep.dir=all"]) == 0
    names = [run.scenario.name for run, _, _ in recorder.calls]
    assert names == sorted(name for name in groups()["scenario"] if name.startswith("b"))


def test_the_configuration_can_be_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--cfg", "job", "-p", "budget", "scenario=double"]) == 0
    assert "public_total: 2340000000" in capsys.readouterr().out


@pytest.mark.parametrize(
    "arguments",
    [
        ["seed=1", "replications=5", "-m", "scenario=baseline,austerity"],
        ["seed=1", "scenario=baseline,austerity", "replications=5", "--multirun"],
        ["-m", "seed=1", "scenario=baseline,austerity", "replications=5"],
    ],
)
def test_options_may_stand_anywhere(jobs: Jobs, arguments: list[str]) -> None:
    recorder = jobs()
    assert main(arguments) == 0
    assert [run.scenario.name for run, _, _ in recorder.calls] == ["baseline", "austerity"]
    assert {(run.seed, run.replications) for run, _, _ in recorder.calls} == {(1, 5)}


@pytest.mark.parametrize(
    ("arguments", "parts"),
    [
        (["seed=1", "--multrun"], ["unknown option", "'--multrun'", "nearest: --multirun"]),
        (["seed=1", "--cfg"], ["cannot be read", "--cfg/-c: expected one argument", "--help"]),
        (["-i", "seed=1"], ["cannot be read", "--info/-i", "'seed=1'"]),
        (
            ["-m", "seed=1,2", "hydra.run.dir=here"],
            ["key:     hydra.run.dir", "given:   'here'", "hydra.sweep.dir=here"],
        ),
        (["seed=1", "hydra.sweep.dir=here"], ["key:     hydra.sweep.dir", "hydra.run.dir=DIR"]),
    ],
)
def test_options_that_cannot_be_followed_are_refused(
    jobs: Jobs, arguments: list[str], parts: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    recorder = jobs()
    assert main(arguments) == 2
    assert recorder.calls == []
    told = capsys.readouterr().err
    assert "usage:" not in told
    for part in parts:
        assert part in told


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("here/targets.parquet", "cannot write here/targets.parquet: No space left on device"),
        (None, "cannot write the results: No space left on device"),
    ],
)
def test_a_full_disk_is_told_without_any_line_of_hydras(
    jobs: Jobs, name: str | None, sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    recorder = jobs(OSError(errno.ENOSPC, "No space left on device", name))
    assert main(["-m", "seed=1,2", "hydra.sweep.dir=all", "language=both"]) == 1
    assert len(recorder.calls) == 1, "the disk is full for the second run too"
    told = capsys.readouterr().err.splitlines()
    assert told[1::2] == [sentence, "1 run was not begun"]  # the others say it in Chinese
    assert len(told) == 4


@pytest.mark.parametrize("flag", ["--experimental-rerun=x", "--config-path=x", "--config-name=x"])
def test_flags_that_would_bypass_validation_are_refused(flag: str) -> None:
    assert main([flag]) == 2


def test_the_version_is_that_of_kepusim(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == 0
    assert capsys.readouterr().out == f"kepusim {package_version()}\n"
    assert main(["--hydra-help"]) == 0
    assert metadata.version("hydra-core") in capsys.readouterr().out


def test_help_names_every_choice_and_loads_nothing_heavy() -> None:
    script = (
        "import sys\n"
        "from sim.__main__ import main\n"
        "assert main(['--help']) == 0\n"
        "heavy = {'hydra', 'omegaconf', 'pydantic', 'pandas', 'numpy', 'scipy', 'matplotlib',"
        " 'pyarrow'}\n"
        "print(heavy & set(sys.modules))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.splitlines()[-1] == "set()"
    for group, choice in CHOICES:
        assert group in done.stdout
        assert choice in done.stdout
