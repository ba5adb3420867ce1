"""The study of promises from the command line to charts and answer, with few replications."""

from __future__ import annotations

import json
import math
import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure

import sim.study
from experiments.promises import Settings, main
from experiments.shared.settings import read_settings
from sim.analysis.promise import promise
from sim.config.errors import ConfigError
from sim.report.charts.promises import write_promise_charts
from sim.report.promises import (
    LONGEST,
    confidences_of,
    deepest_cuts,
    main_confidence,
    promise_answer,
    scenarios_of,
)
from sim.report.results import read_manifest
from sim.study.files import read_frame

N = 12
SCENARIOS = '[baseline,"double planning.pace=0.5"]'


def command(folder: Path, *overrides: str) -> int:
    return main(
        [f"study.folder={folder}", f"replications={N}", "workers=1", "backend=serial",
         "language=en", *overrides]
    )  # fmt: skip


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("promises") / "study"
    assert command(folder, f"study.scenarios={SCENARIOS}") == 0
    return folder


def test_promises_are_those_of_the_stored_values(study: Path) -> None:
    table = read_frame(study / "promises.csv")
    design = pd.read_csv(study / "design.csv", encoding="utf-8-sig").set_index("point")
    manifest = read_manifest(study)
    first = table.drop_duplicates("target")["target"].tolist()
    assert first == [name for name in manifest["config"]["plan"]["targets"] if name in first]
    import pyarrow.parquet as pq

    for scenario in ("baseline", "double planning.pace=0.5"):
        folder = study / "runs" / str(design.loc[scenario, "hash"])
        values = np.vstack(
            [
                np.array(pq.read_table(path)["values"].to_pylist())
                for path in sorted(folder.glob("*.parquet"))
            ]
        )
        own = table[table["scenario"] == scenario]
        rows = own.drop_duplicates(["target", "definition"])
        assert len(rows) == values.shape[1]
        for column, row in enumerate(rows.itertuples()):
            same = own[(own["target"] == row.target)]
            same = same[
                same["definition"].fillna("") == ("" if pd.isna(row.definition) else row.definition)
            ]
            for line in same.itertuples():
                expected = promise(values[:, column], row.comparator, line.confidence)
                assert line.value == pytest.approx(expected)
                assert not line.low > line.value
                assert not line.high < line.value


def test_the_answer_counts_what_the_table_says(study: Path) -> None:
    table = read_frame(study / "promises.csv")
    answer = json.loads((study / "answer.json").read_text(encoding="utf-8"))
    judged = table[table["counts"] & (table["kind"] == "plan") & (table["confidence"] == 0.8)]
    for scenario, kept in answer["kept"].items():
        assert kept["0.8"] == judged[judged["scenario"] == scenario]["keeps_goal"].sum()
    base = judged[judged["scenario"] == "baseline"]
    assert f"{base['keeps_goal'].sum()} of the plan's {len(base)} modelled" in answer["en"]
    assert f"{len(base)}项目标有{base['keeps_goal'].sum()}项可以原样承诺" in answer["zh"]
    cut = base[~base["keeps_goal"] & (base["value"] > 0)].sort_values("share")
    assert [c["target"] for c in answer["deepest_cuts"]] == cut["target"].head(3).tolist()
    promised = base[base["keeps_goal"]]
    assert {name.partition(":")[0] for name in answer["promised"]["baseline"]["0.8"]} == set(
        promised["target"]
    )
    for tongue in ("zh", "en"):
        assert [n for n in promised[f"label_{tongue}"] if n not in answer[tongue]] == []
    assert "Double" in answer["en"]
    assert "Double public money (yearly pace of proposals 0.5)" in answer["en"]
    assert "公共资金翻倍（年度申报进度上限0.5）" in answer["zh"]
    assert "planning.pace" not in answer["zh"]


def test_every_number_of_the_table_has_a_unit(study: Path) -> None:
    frame = sim.study.open(study).table("promises")
    assert set(frame.select_dtypes("number").columns) == set(frame.attrs["units"])


def test_harder_promises_are_never_larger(study: Path) -> None:
    scenarios = scenarios_of(read_frame(study / "promises.csv"), read_manifest(study))
    assert scenarios
    for scenario in scenarios:
        assert scenario.rows
        assert confidences_of(scenario) == [0.5, 0.8, 0.95]
        assert main_confidence(scenario) == 0.8
        for row in scenario.rows:
            values = [promise.value for promise in row.promises.values()]
            less = row.subject.comparator == "<"
            assert values == sorted(values, reverse=not less)
            shares = [p.share for p in row.promises.values() if not math.isnan(p.share)]
            assert shares == sorted(shares, reverse=True)
        kept = [scenario.kept(c) for c in confidences_of(scenario)]
        assert kept == sorted(kept, reverse=True)


@pytest.mark.parametrize("language", ["zh", "en", "both"])
def test_charts_are_drawn_from_the_folder_and_name_the_result(
    study: Path, tmp_path: Path, language: str
) -> None:
    (tmp_path / "manifest.json").write_bytes((study / "manifest.json").read_bytes())
    table = read_frame(study / "promises.csv")
    few = table["target"].unique()[:8]  # the same strips as forty, in a fifth of the time
    table[table["target"].isin(few)].to_csv(tmp_path / "promises.csv", index=False)
    paths = write_promise_charts(tmp_path, language)  # type: ignore[arg-type]
    assert {path.stem for path in paths} == {
        "promises",
        "promises_baseline",
        "promises_double_planning_pace_0_5",
    }
    origin = read_manifest(study)["result_hash"]
    for path in paths:
        assert origin.encode() in path.read_bytes()


def test_asking_again_simulates_and_draws_nothing(
    study: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(*_: object, **__: object) -> None:
        raise AssertionError("drawn again")

    monkeypatch.setattr(Figure, "savefig", never)
    before = {path: path.stat().st_mtime_ns for path in study.glob("runs/*/*")}
    assert command(study, f"study.scenarios={SCENARIOS}") == 0
    assert {path: path.stat().st_mtime_ns for path in study.glob("runs/*/*")} == before


def test_what_cannot_be_promised_at_all_is_said(study: Path) -> None:
    table = read_frame(study / "promises.csv")
    table.loc[table["target"] == "training_bases", ["value", "low", "high", "share"]] = 0.0
    table.loc[table["target"] == "training_bases", "keeps_goal"] = False
    scenarios = scenarios_of(table, read_manifest(study))
    assert "nothing can be promised of" in promise_answer(scenarios, "en")
    assert "人才实训基地" in promise_answer(scenarios, "zh")
    deepest = {row.subject.target for row in deepest_cuts(scenarios[0])}
    assert deepest
    assert "training_bases" not in deepest


@pytest.mark.parametrize(
    ("setting", "value", "words"),
    [
        ("confidence", [0.8, 0.8], "given twice"),
        ("confidence", [1.0], "0.01 to 0.99"),
        ("confidence", [], "one to four"),
        ("confidence", 0.8, "one to four"),
        ("scenarios", [], "one to eight"),
        ("confidances", [0.8], "confidances"),
    ],
)
def test_wrong_settings_are_refused(setting: str, value: object, words: str) -> None:
    good = {"scenarios": ["baseline"], "confidence": [0.8]}
    with pytest.raises(ConfigError, match=re.escape(words)):
        read_settings(Settings, good | {setting: value})


@pytest.mark.parametrize(
    ("override", "words"),
    [
        ("study.scenarios=[baseline,austerity,baseline]", "differ in nothing"),
        ("scenario=austerity", "study.scenarios=[austerity]"),
    ],
)
def test_wrong_scenarios_are_refused_before_anything_is_simulated(
    tmp_path: Path, override: str, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command(tmp_path / "study", override) == 2
    assert words in capsys.readouterr().err
    assert not list(tmp_path.glob("study/runs/*/*.parquet"))


def test_long_lists_of_promises_end_and_none_and_all_are_said(study: Path) -> None:
    table, manifest = read_frame(study / "promises.csv"), read_manifest(study)
    every = table.assign(keeps_goal=True)
    said = {t: promise_answer(scenarios_of(every, manifest), t) for t in ("en", "zh")}
    total = len(scenarios_of(every, manifest)[0].judged())
    assert f"all of the plan's {total} modelled targets can be promised" in said["en"]
    assert f", and {total - LONGEST} more (column keeps_goal of promises.csv)" in said["en"]
    assert f"等（另有{total - LONGEST}项" in said["zh"]
    none = table.assign(keeps_goal=False, value=0.0, share=0.0)
    none = none[none["comparator"] != "<"]
    english = promise_answer(scenarios_of(none, manifest), "en")
    assert "As they stand" not in english
    assert "None of them needs to be cut" not in english
