"""The study of promises from the command line to charts and answer, with few replications."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure

import sim.study
from experiments.promises.findings import Promise
from experiments.promises.page import LONGEST, answer
from experiments.promises.pictures import EDGE, pictures
from experiments.promises.promised import Scenario, scenario_of
from experiments.promises.question import QUESTION, Settings
from experiments.shared.settings import read_settings
from sim.answer.finding import findings_from
from sim.answer.row import rows_of
from sim.config.errors import ConfigError
from sim.stats.promise import promise
from sim.study.files import read_csv, read_frame
from sim.words import Language, Speech
from tests.program import with_pictures
from tests.refusals import told_alike

N = 12
SCENARIOS = '[baseline,"double planning.pace=0.5"]'


def command(folder: Path, *overrides: str) -> int:
    return QUESTION.main(
        [f"study.folder={folder}", f"replications={N}", "workers=1", "backend=serial",
         "language=en", *overrides]
    )  # fmt: skip


@pytest.fixture(scope="module")
@with_pictures()
def study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("promises") / "study"
    assert command(folder, f"study.scenarios={SCENARIOS}") == 0
    return folder


def test_promises_are_those_of_the_stored_values(study: Path) -> None:
    table = read_frame(study / "promises.csv").fillna({"definition": ""})
    design = pd.read_csv(study / "design.csv", encoding="utf-8-sig").set_index("point")
    manifest = json.loads((study / "manifest.json").read_text(encoding="utf-8"))
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
        for column, row in enumerate(rows.to_dict("records")):
            same = own[(own["target"] == row["target"]) & (own["definition"] == row["definition"])]
            for line in same.to_dict("records"):
                expected = promise(values[:, column], row["comparator"], line["confidence"])
                assert line["value"] == pytest.approx(expected)
                assert not line["low"] > line["value"]
                assert not line["high"] < line["value"]


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
    for language in ("zh", "en"):
        assert [n for n in promised[f"label_{language}"] if n not in answer[language]] == []
    assert "Double" in answer["en"]
    assert "Double public money (yearly pace of proposals 0.5)" in answer["en"]
    assert "公共资金翻倍（年度申报进度上限0.5）" in answer["zh"]
    assert "planning.pace" not in answer["zh"]


def test_every_number_of_the_table_has_a_unit(study: Path) -> None:
    frame = sim.study.open(study).table("promises")
    assert set(frame.select_dtypes("number").columns) == set(frame.attrs["units"])


@pytest.fixture(scope="module")
def found(study: Path) -> list[Scenario]:
    """What stands in the folder of the study."""
    config = json.loads((study / "manifest.json").read_text(encoding="utf-8"))["config"]
    header, cells = read_csv(study / "promises.csv")
    records = [dict(zip(header, row, strict=True)) for row in cells]
    promises = [*findings_from(Promise, records, rows_of(config))]
    names = dict.fromkeys(own.scenario for own in promises)
    return [scenario_of([p for p in promises if p.scenario == name], config) for name in names]


def changed(scenario: Scenario, promises: Sequence[Promise]) -> Scenario:
    return scenario_of(promises, scenario.config)


def said(scenarios: Sequence[Scenario], language: Language) -> str:
    return answer(scenarios).words(Speech(language))


def test_harder_promises_are_never_larger(found: list[Scenario]) -> None:
    assert found
    for scenario in found:
        assert scenario.rows
        assert scenario.confidences == [0.5, 0.8, 0.95]
        assert scenario.main_confidence == 0.8
        for own in scenario.rows:
            values = [told.value for told in own.promises.values()]
            assert values == sorted(values, reverse=not own.row.less_is_better)
            shares = [p.share for p in own.promises.values() if p.share is not None]
            assert shares == sorted(shares, reverse=True)
        kept = [len(scenario.kept(c)) for c in scenario.confidences]
        assert kept == sorted(kept, reverse=True)


def test_a_picture_shows_what_stands_in_the_table(found: list[Scenario]) -> None:
    _, *figures = pictures(found)
    assert len(figures) == len(found)
    speech = Speech("en")
    for figure, scenario in zip(figures, found, strict=True):
        drawn = [own for own in scenario.rows if own.row.goal > 0.0]
        by_name = {(speech.text(own.row.name), speech.text(own.row.reading)): own for own in drawn}
        assert len(figure.rows) == len(by_name) == len(drawn) > 30
        for rung in figure.rows:
            own = by_name[speech.text(rung.name).removesuffix(" †"), speech.text(rung.reading)]
            promises = [*own.promises.values()]
            assert [dot.value for dot in rung.dots] == [p.share for p in promises]
            intervals = [None, promises[1].interval, None]
            assert [dot.interval for dot in rung.dots] == intervals
            assert {dot.hollow for dot in rung.dots} == {not own.row.counts}
            for text, told in zip(rung.texts, promises, strict=True):
                assert ("✓" in speech.text(text)) == told.keeps_goal
            assert rung.goal == own.row.wanted


def test_scenarios_are_compared_by_the_readings_that_count(found: list[Scenario]) -> None:
    first, *_ = pictures(found)
    counting = [own.row for own in found[0].rows if own.row.counts and own.row.goal > 0.0]
    assert len(first.rows) == len(counting) > 30
    shares = [
        {own.row.name["en"]: own.promises[0.8].share for own in one.rows if own.row.counts}
        for one in found
    ]
    for rung in first.rows:
        name = Speech("en").text(rung.name).removesuffix(" †")
        assert [dot.value for dot in rung.dots] == [own[name] for own in shares]
    assert [Speech("en").text(header) for header, _ in first.columns] == [
        scenario.label["en"] for scenario in found
    ]


def test_in_a_group_the_best_kept_come_first(found: list[Scenario]) -> None:
    _, figure, *_ = pictures(found)
    places: dict[str, list[float]] = {}
    for rung in figure.rows:
        value = rung.dots[1].value
        if rung.counts and value is not None:
            places.setdefault(Speech("en").text(rung.group), []).append(value)
    assert len(places) == len({own.row.group for own in found[0].rows})
    assert all(shares == sorted(shares, reverse=True) for shares in places.values())


def test_what_lies_beyond_the_scale_is_said(found: list[Scenario]) -> None:
    def notes(own: Sequence[Promise]) -> list[str]:
        (figure,) = pictures([changed(found[0], own)])
        return [Speech("en").text(note) for note in figure.notes]

    own = [p for p in found[0].findings if p.row.target == "community_rooms"]
    assert own
    assert "▶ beyond 150 %." in notes([replace(p, share=EDGE + 0.1) for p in own])
    assert not notes([replace(p, share=EDGE) for p in own])


def test_the_files_are_there_and_name_the_result(study: Path) -> None:
    origin = json.loads((study / "manifest.json").read_text(encoding="utf-8"))["result_hash"]
    for name in ("promises", "promises_baseline", "promises_double-planning-pace-0-5"):
        for suffix in ("png", "svg"):
            assert origin.encode() in (study / f"{name}_en.{suffix}").read_bytes()
    assert not [*study.glob("*_zh.*")]


def test_asking_again_simulates_and_draws_nothing(
    study: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(*_: object, **__: object) -> None:
        raise AssertionError("drawn again")

    monkeypatch.setattr(Figure, "savefig", never)
    before = {path: path.stat().st_mtime_ns for path in study.glob("runs/*/*")}
    assert command(study, f"study.scenarios={SCENARIOS}") == 0
    assert {path: path.stat().st_mtime_ns for path in study.glob("runs/*/*")} == before


def test_targets_stand_once_under_the_greatest_confidence_that_keeps_them(
    found: list[Scenario],
) -> None:
    speech = Speech("en")
    names, _ = answer(found).tables
    heads = [speech.text(line.cells["target"]) for line in names.rows if line.heading]
    counts = [len(found[0].kept(confidence)) for confidence in (0.95, 0.8, 0.5)]
    more = [counts[0], counts[1] - counts[0], counts[2] - counts[1]]
    assert heads == [
        f"May be promised with 95 % confidence ({more[0]})",
        f"May be promised with 80 % confidence, not with 95 % ({more[1]})",
        f"May be promised with 50 % confidence, not with 80 % ({more[2]})",
        f"Not to be promised as they stand, even with 50 % ({len(found[0].judged()) - counts[2]})",
    ]
    lines = [line for line in names.rows if not line.heading]
    judged = found[0].judged()
    assert len(lines) == len(judged)
    assert {speech.text(line.cells["target"]) for line in lines} == {
        speech.text(own.row) for own in judged
    }
    assert all(line.essential and line.source for line in lines)


def test_what_another_scenario_no_longer_keeps_is_named(found: list[Scenario]) -> None:
    first, other = found
    one = first.kept(0.8)[0].row
    kept = changed(first, first.findings)
    without = [replace(p, keeps_goal=p.row != one) for p in first.findings]
    english = said([kept, changed(other, without)], "en")
    assert f"1 of them can no longer be promised: {Speech('en').text(one)}." in english
    assert "no longer be promised" not in said([kept, kept], "en")


def test_what_cannot_be_promised_at_all_is_said(found: list[Scenario]) -> None:
    nothing: dict[str, Any] = {"value": 0.0, "low": 0.0, "high": 0.0, "share": 0.0}
    nothing |= {"keeps_goal": False}
    first = changed(
        found[0],
        [
            replace(own, **nothing) if own.row.target == "training_bases" else own
            for own in found[0].findings
        ],
    )
    assert "nothing can be promised of" in said([first, *found[1:]], "en")
    assert "人才实训基地" in said([first, *found[1:]], "zh")
    deepest = {own.row.target for own in first.deepest_cuts()}
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
    with pytest.raises(ConfigError, match=re.escape(words)) as caught:
        read_settings("promises", Settings, good | {setting: value})
    told_alike(caught.value)


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


def test_long_lists_of_promises_end_and_none_and_all_are_said(found: list[Scenario]) -> None:
    every = [changed(one, [replace(p, keeps_goal=True) for p in one.findings]) for one in found]
    total = len(every[0].judged())
    assert f"all of the plan's {total} modelled targets can be promised" in said(every, "en")
    more = total - LONGEST
    assert f", and {more} more (column keeps_goal of promises.csv)" in said(every, "en")
    assert f"等（另有{more}项" in said(every, "zh")
    none = [
        replace(p, keeps_goal=False, value=0.0, share=0.0)
        for p in found[0].findings
        if not p.row.less_is_better
    ]
    english = said([changed(found[0], none)], "en")
    assert "As they stand" not in english
    assert "None of them needs to be cut" not in english


def test_a_single_target_left_is_told_in_the_singular(found: list[Scenario]) -> None:
    cut = next(own.row for own in found[0].judged() if not own.row.less_is_better)
    own = [replace(p, keeps_goal=p.row != cut) for p in found[0].findings]
    assert "; the other one would be broken" in said([changed(found[0], own)], "en")


def test_the_first_screen_has_headline_groups_and_what_cannot_be_promised(
    found: list[Scenario],
) -> None:
    _, table = answer(found).tables
    groups = found[0].config["plan"]["groups"]
    lines = [line for line in table.rows if not line.heading]
    shown = [own.row for own, line in zip(found[0].rows, lines, strict=True) if line.essential]
    assert shown
    assert {row.decides for row in shown} == {True}
    assert {row.key for row in shown} >= {
        own.row.key
        for own in found[0].judged()
        if groups[own.row.group]["headline"] or not own.promises[0.8].keeps_goal
    }
    for language in ("zh", "en"):
        headlines = [*answer(found).said(Speech(language), "headline")]
        assert len(headlines) == 3
