"""The study of districts from the command line to tables and answer, in five small places."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import sim.study
from experiments.districts.question import QUESTION, Settings, chosen_of
from experiments.shared.settings import read_settings
from sim.answer.run.districts import records
from sim.answer.run.money import movements
from sim.plan.districts import read_districts
from sim.study.files import read_frame
from tests.factory import five_places

N = 6


def command(folder: Path, places: Path, *overrides: str) -> int:
    return QUESTION.main(
        [f"study.folder={folder}", f"plan.districts={places}", f"replications={N}", "workers=1",
         "backend=serial", "budget.public_total=12000000", "study.bootstrap=100", "language=en",
         *overrides]
    )  # fmt: skip


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return five_places(tmp_path_factory.mktemp("places"))


@pytest.fixture(scope="module")
def study(places: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("districts") / "study"
    assert command(folder, places) == 0
    return folder


def test_shares_and_days_are_those_of_the_maps_of_a_run(study: Path, tmp_path: Path) -> None:
    table = read_frame(study / "districts.csv").astype({"place": str}).set_index("place")
    opened = sim.study.open(study)
    opened.delays().to_parquet(tmp_path / "delays.parquet")
    config = json.loads((study / "manifest.json").read_text(encoding="utf-8"))["config"]
    by_place = records(tmp_path / "delays.parquet", config, N)
    assert len(by_place) == len(table) == 5
    for place, record in by_place.items():
        own = table.loc[place]
        assert own["quotas"] == record.quotas > 0
        assert own["quotas_met"] == pytest.approx(record.met / record.quotas)
        assert own["lost"] == pytest.approx(record.lost / record.started)
    ordered = table.sort_values("quotas_met", ascending=False)
    assert ordered["rank"].is_monotonic_increasing
    assert (table["rank_low"] <= table["rank"]).all()
    assert (table["rank"] <= table["rank_high"]).all()


def test_money_is_that_of_the_ledger(study: Path, tmp_path: Path) -> None:
    table = read_frame(study / "districts.csv").astype({"place": str}).set_index("place")
    sim.study.open(study).ledger().to_parquet(tmp_path / "ledger.parquet")
    _, held = movements(tmp_path / "ledger.parquet", N)
    assert len(table) == 5
    for place, own in table.iterrows():
        assert own["unspent"] * own["population"] == pytest.approx(held[str(place)])
        assert own["received"] == pytest.approx(own["spent"] + own["unspent"])
        assert own["received"] > 0.0


def test_gaps_are_those_of_the_delay_ledger(study: Path) -> None:
    gaps = read_frame(study / "district_gaps.csv").astype({"place": str})
    assert np.allclose(gaps["quota"], gaps["delivered"] + gaps["missing"])
    delays = sim.study.open(study).delays().astype({"place": str, "programme": str, "stage": str})
    missing = delays.groupby(["place", "programme"])["missing"].sum() / N
    single = gaps[gaps["per_project"] == 1].set_index(["place", "programme"])
    assert single["missing"].max() > 0.0
    assert len(single) > 20
    for key, own in single.iterrows():
        assert own["missing"] == pytest.approx(missing.get(key, 0.0))
    assert set(gaps.loc[gaps["missing"] == 0.0, "reason"].fillna("")) == {""}


def test_every_number_of_the_tables_has_a_unit(study: Path) -> None:
    for name in ("districts", "district_gaps"):
        frame = sim.study.open(study).table(name)
        assert set(frame.select_dtypes("number").columns) == set(frame.attrs["units"])


def test_one_district_is_shown_from_the_same_study(study: Path, places: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in study.glob("runs/*/*.parquet")}
    tables = [(study / f"{name}.csv").read_bytes() for name in ("districts", "district_gaps")]
    own = read_districts(str(places))[1]
    assert command(study, places, f"study.place={own.en.upper()}") == 0
    assert {path: path.stat().st_mtime_ns for path in study.glob("runs/*/*.parquet")} == before
    after = [(study / f"{name}.csv").read_bytes() for name in ("districts", "district_gaps")]
    assert after == tables
    answer = json.loads((study / "answer.json").read_text(encoding="utf-8"))
    assert f"{own.en} meets" in answer["en"]
    assert own.zh in answer["zh"]
    assert "no forecast for a single district" in answer["en"]
    assert [*answer["ranks"]] == [str(own.adcode)]


def test_a_plan_of_one_place_has_nothing_to_compare(places: Path, tmp_path: Path) -> None:
    with places.open(encoding="utf-8-sig", newline="") as file:
        rows = [*csv.DictReader(file)]
    farmers = [row for row in rows if row["zone"] == "northeast"]
    alone = tmp_path / "alone.csv"
    pd.DataFrame(farmers).to_csv(alone, index=False, encoding="utf-8-sig")
    assert command(tmp_path / "study", alone) == 0
    answer = json.loads((tmp_path / "study" / "answer.json").read_text(encoding="utf-8"))
    assert "there is nothing to compare" in answer["en"]
    assert "没有可比的区县" in answer["zh"]
    (only,) = read_frame(tmp_path / "study" / "districts.csv").to_dict("records")
    assert only["rank"] == 1
    assert pd.isna(only["alike"])
    assert pd.isna(only["zone_gap"])


@pytest.mark.parametrize(
    "name", ["500112", "渝北区", "渝北", "Yubei", "YUBEI", "yub"]
)  # fmt: skip
def test_a_district_is_found_by_code_and_by_name(name: str) -> None:
    table = read_districts("districts.csv")
    (at,) = chosen_of({"study.place": name}, table)
    assert table[at].adcode == 500112


def test_a_code_may_be_written_as_a_number() -> None:
    raw = {"places": [500112, "万州"], "bootstrap": 100}
    named = read_settings("districts", Settings, raw).chosen
    assert named == {"study.places.0": "500112", "study.places.1": "万州"}
    table = read_districts("districts.csv")
    assert [table[at].en for at in chosen_of(named, table)] == ["Yubei", "Wanzhou"]


def test_an_unknown_district_is_refused_before_anything_is_simulated(
    tmp_path: Path, places: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command(tmp_path / "study", places, "study.place=Nowhere") == 2
    assert "there is no district called 'Nowhere'" in capsys.readouterr().err
    assert not (tmp_path / "study").exists()
