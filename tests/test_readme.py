"""What the documents tell people to type works: queries run on the files that a run leaves."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd
import pytest

import sim.study
from sim.config.schema import Run
from sim.study.study import DesignPoint, Study
from sim.study.worker import Worker
from tests.factory import settings, write_tables

ROOT = Path(__file__).resolve().parents[1]
RESULTS = (ROOT / "docs" / "results.md").read_text(encoding="utf-8")
RUN_PART, _, STUDY_PART = RESULTS.partition("From inside a study folder")
N = 3


def queries(text: str) -> list[str]:
    """Queries in blocks of their own, and those between the lines of a command of the shell."""
    return re.findall(r"(?:```sql|<< 'SQL')\n(.*?)(?:```|SQL\n)", text, flags=re.DOTALL)


def answer(query: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> pd.DataFrame:
    duckdb = pytest.importorskip("duckdb")
    monkeypatch.chdir(folder)
    frame: pd.DataFrame = duckdb.sql(query).df()
    return frame


@pytest.fixture(scope="module")
def run(real_run: Run) -> Run:
    return settings(real_run, replications=N)


@pytest.fixture(scope="module")
def run_folder(run: Run, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder, worker = tmp_path_factory.mktemp("readme") / "run", Worker(run)
    write_tables(folder, worker, (0, N, worker.chunk(range(N))))
    return folder


@pytest.fixture(scope="module")
def study_folder(run: Run, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("readme") / "study"
    half = settings(run, {"budget.public_total": run.budget.public_total // 2})
    with Study(folder, "test", {}, run) as study:
        # Like the confirmations of minimum_budget: the same numbers, other histories.
        other = DesignPoint("half again", settings(half, seed=run.seed + 1))
        study.simulate([DesignPoint("usual", run), DesignPoint("half", half), other], N)
        study.finish({})
    return folder


def test_there_are_queries_for_both_kinds_of_folder() -> None:
    assert len(queries(RUN_PART)) == 3
    assert len(queries(STUDY_PART)) == 3


def test_villages_by_district(run_folder: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    frame = answer(queries(RUN_PART)[0], run_folder, monkeypatch)
    series = pd.read_parquet(run_folder / "series.parquet").astype({"place": str, "date": str})
    last = series[
        (series["indicator"] == "village_coverage")
        & (series["place"] != "city")
        & (series["date"] == "2020-12-31")
    ]
    medians = last.groupby("place")["value"].median().sort_values()
    assert len(frame) == 10
    assert frame["per_cent"].tolist() == pytest.approx(medians.head(10).tolist(), abs=0.051)


def test_why_venues_are_missing(run_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    frame = answer(queries(RUN_PART)[1], run_folder, monkeypatch)
    delays = pd.read_parquet(run_folder / "delays.parquet")
    missing = delays.loc[delays["programme"] == "district_venues", "missing"].sum() / N
    assert missing > 0
    assert frame["venues"].sum() == pytest.approx(missing, abs=0.01 * len(frame))


def test_what_public_money_was_spent_on(run_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    frame = answer(queries(RUN_PART)[2], run_folder, monkeypatch)
    ledger = pd.read_parquet(run_folder / "ledger.parquet")
    public = ledger["from_account"].astype(str).str.endswith(":public")
    assert frame["million_yuan"].sum() == pytest.approx(
        ledger.loc[public, "yuan"].sum() / 1e6 / N, abs=0.05 * len(frame)
    )


def test_chances_by_point(study_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    frame = answer(queries(STUDY_PART)[0], study_folder, monkeypatch)
    names = ["target", "definition", "scenario"]
    targets = sim.study.open(study_folder).targets().astype(dict.fromkeys(names, str))
    chances = targets.groupby(names)["attained"]
    expected = (100.0 * chances.mean()).unstack().sort_index()[["half", "usual"]]
    assert frame[["half", "usual"]].to_numpy() == pytest.approx(expected.to_numpy(), abs=0.051)


def test_what_a_point_adds_history_by_history(
    study_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    frame = answer(queries(STUDY_PART)[1], study_folder, monkeypatch)
    wide = sim.study.open(study_folder).targets().astype({"scenario": str}).pivot_table(
        index=["target", "definition", "replication"], columns="scenario", values="value",
        observed=True,
    )  # fmt: skip
    expected = (wide["half"] - wide["usual"]).groupby(level=[0, 1], observed=True)
    own = frame.set_index(["target", "definition"])
    assert frame["scenario"].unique().tolist() == ["half"]
    assert own["more"].abs().max() > 0.0
    pairs = [(key, part) for key, part in expected]
    assert len(pairs) == len(own)
    for key, part in pairs:
        assert own["more"][key] == pytest.approx(part.mean(), abs=6e-4)
        assert own["standard_error"][key] == pytest.approx(part.sem(), abs=6e-4)


def test_what_each_point_reaches(study_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    frame = answer(queries(STUDY_PART)[2], study_folder, monkeypatch)
    targets = sim.study.open(study_folder).targets()
    names = ["target", "definition", "scenario"]
    values = targets.astype(dict.fromkeys(names, str)).groupby(names)["value"]
    for column, level in (("p05", 0.05), ("p50", 0.5), ("p95", 0.95)):
        assert frame[column].tolist() == pytest.approx(values.quantile(level).tolist())


def test_the_python_of_the_documents_runs(
    study_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (code,) = re.findall(r"```python\n(import sim\.study.*?)```", RESULTS, flags=re.DOTALL)
    code, found = re.subn(r"outputs/[\w-]+", study_folder.as_posix(), code)
    assert found == 1
    (study_folder / "answer.json").write_text('{"zh": "", "en": "the answer"}', encoding="utf-8")
    names: dict[str, object] = {}
    exec(code, names)
    assert "the answer" in capsys.readouterr().out
    values = names["values"]
    assert isinstance(values, pd.DataFrame)
    assert values["unit"].notna().all()
