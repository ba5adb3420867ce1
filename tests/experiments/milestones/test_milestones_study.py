"""The study of milestones from the command line to charts and answer, with few replications."""

from __future__ import annotations

import datetime as dt
import io
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from matplotlib.figure import Figure

import sim.study
from experiments.milestones.findings import Path as Development
from experiments.milestones.findings import Tripwire
from experiments.milestones.page import Watch, answer, pictures, watch_of
from experiments.milestones.question import QUESTION, Settings
from experiments.shared.settings import read_settings
from sim.answer.finding import findings_from
from sim.answer.row import Config, Row, rows_of
from sim.config.errors import ConfigError
from sim.page.console import answered, console_on
from sim.stats.intervals import wilson
from sim.study.files import read_csv, read_frame
from sim.words import Language, Speech
from tests.program import with_pictures
from tests.refusals import told_alike

N = 48


def command(folder: Path, *overrides: str) -> int:
    return QUESTION.main(
        [f"study.folder={folder}", f"replications={N}", "workers=1", "backend=serial",
         "language=en", "study.bootstrap=100", *overrides]
    )  # fmt: skip


@pytest.fixture(scope="module")
@with_pictures()
def study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("milestones") / "study"
    assert command(folder, f"store={folder.parent / 'store'}") == 0
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
    assert own.loc[["2018-12-31"], "median"].notna().all()


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


@dataclass(frozen=True)
class Found:
    """What stands in the folder of the study."""

    wires: list[Tripwire]
    paths: list[Development]
    config: Config

    def of(self, target: str, **changes: Any) -> list[Tripwire]:
        """The tripwires of a target, with other values."""
        return [replace(wire, **changes) for wire in self.wires if wire.row.target == target]

    def said(self, wires: Sequence[Tripwire], language: Language) -> str:
        told = answer([("baseline", wires, self.paths_of(wires[0].row), self.config)])
        return told.words(Speech(language))

    def paths_of(self, row: Row) -> list[Development]:
        """Paths for a target that may have none of its own."""
        return [replace(path, row=row) for path in self.paths[:4]]


@pytest.fixture(scope="module")
def found(study: Path) -> Found:
    config = json.loads((study / "manifest.json").read_text(encoding="utf-8"))["config"]
    rows = rows_of(config)

    def records(name: str) -> list[dict[str, str]]:
        header, cells = read_csv(study / name)
        return [dict(zip(header, row, strict=True)) for row in cells]

    return Found(
        [*findings_from(Tripwire, records("milestones.csv"), rows)],
        [*findings_from(Development, records("milestones_paths.csv"), rows)],
        config,
    )


def test_every_group_with_a_tripwire_has_a_picture_of_all_its_targets(found: Found) -> None:
    watch = watch_of(found.wires, found.config)
    drawn = {
        figure.name: [panel.name for panel in figure.panels]
        for figure in pictures("baseline", watch, found.paths, found.config)
    }
    groups = {wire.row.group for wire in found.wires if wire.found}
    assert set(drawn) == {f"milestones_baseline_{group}" for group in groups}
    with_wire = {(wire.row.target, wire.row.definition) for wire in found.wires if wire.found}
    assert sum(map(len, drawn.values())) == len(with_wire)


def test_a_panel_shows_what_stands_in_the_tables(found: Found) -> None:
    watch = watch_of(found.wires, found.config)
    figures = [*pictures("baseline", watch, found.paths, found.config)]
    assert figures
    for figure in figures:
        own = [watched for watched in watch.rows if watched.wires]
        by_name = {speech_of(watched.row.marked): watched for watched in own}
        assert figure.panels
        for panel in figure.panels:
            watched = by_name[speech_of(panel.name)]
            wires = [wire for wire in found.wires if wire.row == watched.row and wire.found]
            assert [(m.date, m.value, m.low, m.high) for m in panel.marks] == [
                (wire.date, wire.value, wire.low, wire.high) for wire in wires
            ]
            assert [m.role for m in panel.marks] == [
                "level1" if wire.level == 0.5 else "level2" for wire in wires
            ]
            assert panel.goal is not None
            assert panel.goal[0] == watched.row.goal
            for curve, met in zip(panel.curves, (False, True), strict=True):
                assert curve.role == ("met" if met else "missed")
                lines = [p for p in found.paths if p.row == watched.row and p.met == met]
                assert [*curve.dates] == [p.date for p in lines]
                assert [*curve.middle] == [p.p50 for p in lines]
                assert [[*end] for end in curve.bands[0]] == [
                    [p.p05 for p in lines],
                    [p.p95 for p in lines],
                ]


def speech_of(said: object) -> str:
    return Speech("en").text(said)


def test_the_files_are_there_and_name_the_result(study: Path, found: Found) -> None:
    origin = json.loads((study / "manifest.json").read_text(encoding="utf-8"))["result_hash"]
    watch = watch_of(found.wires, found.config)
    for figure in pictures("baseline", watch, found.paths, found.config):
        for suffix in ("png", "svg"):
            assert origin.encode() in (study / f"{figure.name}_en.{suffix}").read_bytes()
    assert not [*study.glob("*_zh.*")]


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


ALARM = {"value": 1.5, "low": 1.2, "high": 1.9, "caught": 0.9, "false_alarms": 0.1, "reason": ""}


def test_words_for_a_target_that_must_stay_below(found: Found) -> None:
    own = found.of("literacy_gap", **ALARM)
    assert watch_of(own, found.config).middle == dt.date(2018, 12, 31)
    english = found.said(own, "en")
    assert "(above 1.50 percentage points the chance is under 20 %)" in english
    assert "tripwire 1.50 percentage points (95 % interval 1.20 to 1.90); 90 %" in english
    chinese = found.said(own, "zh")
    assert "高于1.50百分点则达标概率不足20%" in chinese
    assert "预警线1.50百分点（95%区间1.20–1.90）；最终落空的模拟届时有90%高于1.50" in chinese


def test_an_interval_with_an_open_end_is_not_told(found: Found) -> None:
    own = found.of("literacy_gap", **(ALARM | {"high": None}))
    assert "tripwire 1.50 percentage points; 90 %" in found.said(own, "en")
    assert "预警线1.50百分点；" in found.said(own, "zh")


def test_title_and_answer_tell_one_level(found: Found) -> None:
    """Where one value is the tripwire of 50 % and of 20 %, both say under 20 %."""

    def title(own: Sequence[Tripwire], language: Language) -> str:
        watch: Watch = watch_of(own, found.config)
        (figure,) = pictures("baseline", watch, found.paths_of(own[0].row), found.config)
        return Speech(language).text(figure.title)

    own = found.of("literacy_gap", **ALARM)
    assert "above 1.50 percentage points the chance is under 20 %" in title(own, "en")
    assert "(above 1.50 percentage points the chance is under 20 %)" in found.said(own, "en")
    own = [replace(wire, value=1.4) if wire.level == 0.5 else wire for wire in own]
    assert "高于1.40百分点时达标概率不足50%" in title(own, "zh")
    assert "，高于1.50则达标概率不足20%" in found.said(own, "zh")
    own = [replace(wire, value=1.501) if wire.level == 0.5 else wire for wire in own]
    assert "above 1.50 percentage points the chance is under 20 %" in title(own, "en")


def without_tripwires(found: Found, hits: int, misses: int) -> list[Tripwire]:
    """The rows of one target as they are where few histories meet or miss it."""
    low, high = wilson(hits, hits + misses)
    none = dict.fromkeys(("value", "low", "high", "caught", "false_alarms"))
    numbers: dict[str, Any] = {"replications": hits + misses, "hits": hits, "misses": misses}
    numbers |= {"chance_low": low, "chance_high": high, **none}
    reason = "few_hits" if hits < misses else "few_misses"
    return found.of("community_rooms", reason=reason, **numbers)


@pytest.mark.parametrize(
    ("hits", "misses", "said", "noted"),
    [
        (44, 16, "Too few histories on one side to tell (fewer than 20): 1;", "Missed in fewer"),
        (18, 42, "Too few histories on one side to tell (fewer than 20): 1;", "Met in fewer"),
        (0, 60, "Too few histories on one side to tell (fewer than 20): 1;", "Met in fewer"),
        (0, 400, "As good as decided, whatever is reported then: 1 (met 0, missed 1;",
         "As good as missed"),
        (1, 400, "1 (met 0, missed 1;", "As good as missed"),
        (398, 2, "1 (met 1, missed 0;", "As good as met"),
    ],
)  # fmt: skip
def test_few_histories_are_called_a_decision_only_where_the_interval_says_so(
    found: Found, hits: int, misses: int, said: str, noted: str
) -> None:
    own = without_tripwires(found, hits, misses)
    english, chinese = found.said(own, "en"), found.said(own, "zh")
    assert said in english
    assert ("As good as decided" in english) == ("成定局" in chinese) == ("As good" in noted)
    assert ("Too few" in english) == ("不足以判断" in chinese) == ("As good" not in noted)
    file = io.StringIO()
    told = answer([("baseline", own, [], found.config)])
    console_on(file).print(*answered(told, Speech("en"), 120, full=True))
    assert noted in file.getvalue()


def test_the_interval_of_the_chance_is_in_the_table(study: Path) -> None:
    table = read_frame(study / "milestones.csv").drop_duplicates("target")
    assert len(table) > 1
    for _, row in table.iterrows():
        assert (row["chance_low"], row["chance_high"]) == pytest.approx(wilson(row["hits"], N))


def test_what_is_counted_has_whole_numbers_along_its_axis(found: Found) -> None:
    watch = watch_of(found.wires, found.config)
    units = {speech_of(watched.row.marked): watched.row.unit["en"] for watched in watch.rows}
    seen = set()
    for figure in pictures("baseline", watch, found.paths, found.config):
        for panel in figure.panels:
            parts = units[speech_of(panel.name)].startswith("per")  # per cent, percentage points
            seen.add(parts)
            assert parts or panel.whole, speech_of(panel.name)
    assert False in seen


def test_a_study_that_tells_nothing_says_so(found: Found) -> None:
    own = found.of("community_rooms", reason="few_misses")
    assert "do not yet tell" in found.said(own, "en")
    assert "看不出" in found.said(own, "zh")
    assert not answer([("baseline", own, [], found.config)]).tables[0].rows


@pytest.mark.parametrize(
    ("setting", "value", "words"),
    [
        ("levels", [0.5, 0.5], "given twice"),
        ("levels", [0], "0.01 to 0.99"),
        ("levels", [], "one to four"),
        ("bootstrap", 5, "100 to 10000"),
        ("bootstrap", "many", "bootstrap samples"),
        ("scenarios", [], "one to eight"),
        ("dates", ["2019-06-31"], "2018-06-30"),
        ("dates", [], "one to eight"),
        ("dates", ["2018-06-30", "2018-06-30"], "given twice"),
        ("targets", [], "list of targets"),
    ],
)
def test_wrong_settings_are_refused(setting: str, value: object, words: str) -> None:
    good = {"scenarios": ["baseline"], "levels": [0.5], "bootstrap": 400}
    good |= {"dates": None, "targets": None}
    with pytest.raises(ConfigError, match=re.escape(words)) as caught:
        read_settings("milestones", Settings, good | {setting: value})
    told_alike(caught.value)


def test_a_record_without_series_is_refused_before_anything_is_simulated(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command(tmp_path / "study", "record=targets") == 2
    assert "city or full" in capsys.readouterr().err
    assert not list(tmp_path.glob("study/runs/*/*.parquet"))


def test_named_targets_and_dates_are_what_is_told(study: Path, found: Found) -> None:
    given = ["study.dates=[2018-08-15,2019-03-31]", "study.targets=[brand_events,volunteers]"]
    folder = study.parent / "asked"
    assert command(folder, *given, f"store={study.parent / 'store'}") == 0
    table = read_frame(folder / "milestones.csv")
    assert set(table["date"]) == {"2018-06-30", "2019-03-31"}
    assert set(table["target"]) == {"brand_events", "volunteers"}
    assert len(table) == 2 * 2 * 2
    english = json.loads((folder / "answer.json").read_text(encoding="utf-8"))["en"]
    assert "for 15 August 2018 that of 30 June 2018." in english
    assert "of the 2 targets asked about" in english
    years = read_frame(study / "milestones.csv")
    same = years[(years["target"] == "volunteers") & (years["level"] == 0.5)]["hits"].iloc[0]
    assert set(table[table["target"] == "volunteers"]["hits"]) == {same}


@pytest.mark.parametrize(
    ("dates", "key"),
    [("2015-12-31", "study.dates.0"), ("2018-06-30,2020-12-31", "study.dates.1")],
)
def test_dates_outside_the_plan_are_refused(
    tmp_path: Path, dates: str, key: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command(tmp_path / "study", f"study.dates=[{dates}]") == 2
    told = capsys.readouterr().err
    assert key in told
    assert "2016-01-01 to 2020-12-30" in told


def test_a_survey_missing_from_the_paths_draws_no_line_there(study: Path) -> None:
    lines = read_frame(study / "milestones_paths.csv")
    own = lines[lines["target"] == "literacy_gain"]
    assert set(own["date"]) <= {"2016-01-01", "2018-12-31", "2020-12-31"}
