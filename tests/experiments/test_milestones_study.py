"""The study of milestones from the command line to charts and answer, with few replications."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path

import pandas as pd
import pytest
from matplotlib.figure import Figure

import sim.study
from experiments.milestones import Settings, main
from experiments.settings import read_settings
from sim.analysis.intervals import wilson
from sim.config.errors import ConfigError
from sim.report.charts.milestones import _title, milestone_charts, write_milestone_charts
from sim.report.console import report_console
from sim.report.milestones import middle_date, milestone_answer, milestone_table, watches_of
from sim.report.results import read_manifest
from sim.study.files import read_frame

N = 48


def command(folder: Path, *overrides: str) -> int:
    return main(
        [f"study.folder={folder}", f"replications={N}", "workers=1", "backend=serial",
         "language=en", "study.bootstrap=100", *overrides]
    )  # fmt: skip


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("milestones") / "study"
    assert command(folder) == 0
    return folder


def test_every_target_has_a_row_a_date_and_level_or_a_reason(study: Path) -> None:
    table = read_frame(study / "milestones.csv")
    assert set(table["date"]) == {f"{year}-12-31" for year in range(2016, 2020)}
    keys = ["target", "definition", "date", "level"]
    assert not table.duplicated(keys).any()
    assert len(table) == 8 * len(table.drop_duplicates(keys[:2]))
    assert (table["value"].isna() == table["reason"].notna()).all()
    assert (table["hits"] + table["misses"] == N).all()
    found = table[table["value"].notna()]
    assert len(found) > 10
    assert ((found["caught"] >= 0) & (found["caught"] <= 1)).all()
    assert not (found["low"] > found["value"]).any()
    assert not (found["high"] < found["value"]).any()
    # Beyond a tripwire the chance is below the level: what the fit says, the counts must show.
    assert (found["chance_beyond"] < found["level"]).all()
    assert (found["chance_within"] >= found["level"]).all()


def test_every_number_of_the_tables_has_a_unit(study: Path) -> None:
    for name in ("milestones", "milestones_paths"):
        frame = sim.study.open(study).table(name)
        assert set(frame.select_dtypes("number").columns) == set(frame.attrs["units"])


def test_the_lower_level_is_never_the_harder_one(study: Path) -> None:
    table = read_frame(study / "milestones.csv").fillna({"definition": ""})
    wide = table.pivot_table(
        index=["target", "definition", "comparator", "date"], columns="level", values="value"
    ).dropna()
    assert len(wide)
    less = wide.index.get_level_values("comparator") == "<"
    assert (wide[0.2][~less] <= wide[0.5][~less]).all()
    assert (wide[0.2][less] >= wide[0.5][less]).all()


def test_literacy_has_tripwires_at_surveys_only(study: Path) -> None:
    table = read_frame(study / "milestones.csv")
    own = table[table["target"] == "literacy_gain"].set_index("date")
    assert set(own.drop("2018-12-31")["reason"]) <= {"no_value", "few_hits", "few_misses"}
    assert own.loc["2018-12-31", "median"].notna().all()


def test_the_answer_names_the_best_alarms(study: Path) -> None:
    table = read_frame(study / "milestones.csv")
    answer = json.loads((study / "answer.json").read_text(encoding="utf-8"))
    assert (answer["date"], answer["level"]) == ("2018-12-31", 0.5)
    own = table[
        (table["date"] == "2018-12-31")
        & (table["level"] == 0.5)
        & table["value"].notna()
        & table["counts"]
        & (table["kind"] == "plan")
    ]
    power = (own["caught"] - own["false_alarms"]).max()
    best = answer["telling"][0]
    assert best["caught"] - best["false_alarms"] == pytest.approx(power)
    assert len(answer["telling"]) == len(own)
    assert own.set_index("target").loc[best["target"], "label_en"] in answer["en"]
    assert own.set_index("target").loc[best["target"], "label_zh"] in answer["zh"]


@pytest.mark.parametrize("language", ["zh", "en", "both"])
def test_charts_are_drawn_from_the_folder_and_name_the_result(
    study: Path, tmp_path: Path, language: str
) -> None:
    for name in ("manifest.json", "milestones.csv", "milestones_paths.csv"):
        (tmp_path / name).write_bytes((study / name).read_bytes())
    paths = write_milestone_charts(tmp_path, language)  # type: ignore[arg-type]
    table = read_frame(study / "milestones.csv")
    groups = set(table[table["value"].notna()]["group"])
    assert groups <= {path.stem.removeprefix("milestones_baseline_") for path in paths}
    origin = read_manifest(study)["result_hash"]
    for path in paths:
        assert origin.encode() in path.read_bytes()


def test_asking_again_gives_the_same_tables_without_drawing(
    study: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(*_: object, **__: object) -> None:
        raise AssertionError("drawn again")

    monkeypatch.setattr(Figure, "savefig", never)
    names = ("milestones.csv", "milestones_paths.csv", "answer.json")
    before = {name: (study / name).read_bytes() for name in names}
    assert command(study) == 0
    assert {name: (study / name).read_bytes() for name in names} == before


def test_words_for_a_target_that_must_stay_below(study: Path) -> None:
    table = read_frame(study / "milestones.csv")
    own = table[table["target"] == "literacy_gap"].copy()
    numbers = {"value": 1.5, "low": 1.2, "high": 1.9, "caught": 0.9, "false_alarms": 0.1}
    own[list(numbers)] = list(numbers.values())
    own["reason"] = None
    manifest = read_manifest(study)
    watch = watches_of(own, manifest)[0]
    assert middle_date(watch, manifest) == "2018-12-31"
    english = milestone_answer(watch, manifest, "en")
    assert "falls under 20 % above 1.50 (percentage points; 95 % interval 1.20 to 1.90)" in english
    assert "高于1.50百分点（95%区间1.20–1.90）则达标概率不足20%" in milestone_answer(
        watch, manifest, "zh"
    )


def test_title_and_answer_tell_one_level(study: Path) -> None:
    """Where one value is the tripwire of 50 % and of 20 %, both say under 20 %."""
    table = read_frame(study / "milestones.csv")
    own = table[table["target"] == "literacy_gap"].copy()
    numbers = {"value": 1.5, "low": 1.2, "high": 1.9, "caught": 0.9, "false_alarms": 0.1}
    own[list(numbers)] = list(numbers.values())
    own["reason"] = None
    manifest = read_manifest(study)
    watch = watches_of(own, manifest)[0]
    title = " ".join(line.text for line in _title(watch.rows, watch, manifest, "literacy", "en"))
    assert "the chance is under 20 % above 1.50" in title
    assert "falls under 20 % above 1.50" in milestone_answer(watch, manifest, "en")
    own.loc[own["level"] == 0.5, "value"] = 1.4
    watch = watches_of(own, manifest)[0]
    title = "".join(line.text for line in _title(watch.rows, watch, manifest, "literacy", "zh"))
    assert "高于1.40百分点时达标概率不足50%" in title
    assert "高于1.40百分点" in milestone_answer(watch, manifest, "zh")


def without_tripwires(study: Path, hits: int, misses: int) -> pd.DataFrame:
    """The rows of one target as they are where few histories meet or miss it."""
    own = read_frame(study / "milestones.csv")
    own = own[own["target"] == "community_rooms"].copy()
    own[["value", "low", "high", "caught", "false_alarms"]] = None
    own["reason"] = "few_hits" if hits < misses else "few_misses"
    low, high = wilson(hits, hits + misses)
    own = own.assign(replications=hits + misses, hits=hits, misses=misses)
    return own.assign(chance_low=low, chance_high=high)


@pytest.mark.parametrize(
    ("hits", "misses", "said", "noted"),
    [
        (44, 16, "Too few histories on one side to tell (fewer than 20): 1;", "Missed in fewer"),
        (18, 42, "Too few histories on one side to tell (fewer than 20): 1;", "Met in fewer"),
        (0, 60, "Too few histories on one side to tell (fewer than 20): 1;", "Met in fewer"),
        (0, 400, "As good as decided, whatever is reported at mid-term: 1 (met 0, missed 1;",
         "As good as missed"),
        (1, 400, "1 (met 0, missed 1;", "As good as missed"),
        (398, 2, "1 (met 1, missed 0;", "As good as met"),
    ],
)  # fmt: skip
def test_few_histories_are_called_a_decision_only_where_the_interval_says_so(
    study: Path, hits: int, misses: int, said: str, noted: str
) -> None:
    manifest = read_manifest(study)
    watch = watches_of(without_tripwires(study, hits, misses), manifest)[0]
    english, chinese = (milestone_answer(watch, manifest, tongue) for tongue in ("en", "zh"))
    assert said in english
    assert ("As good as decided" in english) == ("成定局" in chinese) == ("As good" in noted)
    assert ("Too few" in english) == ("不足以判断" in chinese) == ("As good" not in noted)
    file = io.StringIO()
    report_console(file).print(milestone_table(watch, manifest, "en"))
    assert noted in file.getvalue()


def test_the_interval_of_the_chance_is_in_the_table(study: Path) -> None:
    table = read_frame(study / "milestones.csv").drop_duplicates("target")
    assert len(table) > 1
    for _, row in table.iterrows():
        assert (row["chance_low"], row["chance_high"]) == pytest.approx(wilson(row["hits"], N))


def test_what_is_counted_has_whole_numbers_along_its_axis(study: Path) -> None:
    manifest = read_manifest(study)
    watch = watches_of(read_frame(study / "milestones.csv"), manifest)[0]
    paths = read_frame(study / "milestones_paths.csv")
    paths["definition"] = paths["definition"].fillna("").astype(str)
    seen = set()
    for row in (row for row in watch.rows if row.wires):
        (figure,) = milestone_charts([row], paths, watch, manifest, row.subject.group, "en")
        low, high = figure.axes[0].get_ylim()
        ticks = [tick for tick in figure.axes[0].get_yticks() if low <= tick <= high]
        parts = row.subject.unit["en"].startswith("per")  # per cent, percentage points
        seen.add(parts)
        assert len(ticks) > 1
        assert parts or all(float(tick).is_integer() for tick in ticks), row.subject.target
    assert False in seen


def test_a_study_that_tells_nothing_says_so(study: Path) -> None:
    table = read_frame(study / "milestones.csv")
    own = table[table["target"] == "community_rooms"].copy()
    own["reason"] = "few_misses"
    manifest = read_manifest(study)
    watch = watches_of(own, manifest)[0]
    assert "do not yet tell" in milestone_answer(watch, manifest, "en")
    assert "看不出" in milestone_answer(watch, manifest, "zh")
    assert milestone_table(watch, manifest, "both").renderables


@pytest.mark.parametrize(
    ("setting", "value", "words"),
    [
        ("levels", [0.5, 0.5], "given twice"),
        ("levels", [0], "0.01 to 0.99"),
        ("levels", [], "one to four"),
        ("bootstrap", 5, "100 to 10000"),
        ("bootstrap", "many", "bootstrap samples"),
        ("scenarios", [], "one to eight"),
    ],
)
def test_wrong_settings_are_refused(setting: str, value: object, words: str) -> None:
    good = {"scenarios": ["baseline"], "levels": [0.5], "bootstrap": 400}
    with pytest.raises(ConfigError, match=re.escape(words)):
        read_settings(Settings, good | {setting: value})


def test_a_record_without_series_is_refused_before_anything_is_simulated(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command(tmp_path / "study", "record=targets") == 2
    assert "city or full" in capsys.readouterr().err
    assert not list(tmp_path.glob("study/runs/*/*.parquet"))


def test_a_survey_missing_from_the_paths_draws_no_line_there(study: Path) -> None:
    lines = read_frame(study / "milestones_paths.csv")
    own = lines[lines["target"] == "literacy_gain"]
    assert isinstance(own, pd.DataFrame)
    assert set(own["date"]) <= {"2016-01-01", "2018-12-31", "2020-12-31"}
