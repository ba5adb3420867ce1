"""Stories told from the event log: a project's life, a district's chronicle, and wrong input."""

from __future__ import annotations

import csv
import json
import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from sim.__main__ import main as run
from sim.config.errors import ConfigError
from sim.config.schema import Run
from sim.model.record import Layout
from sim.story.__main__ import Log, main
from sim.story.log import COLUMNS, STAGES, Event, attempt_of, life_of, lives, read_events
from sim.story.names import Names
from sim.study.tables import Results
from sim.study.worker import Worker
from sim.words import catalogue, speeches
from tests.factlog import fact_of
from tests.factory import settings, write_tables
from tests.refusals import told_alike

START = "2016-01-01"
HANZI = re.compile(r"[\u4e00-\u9fff]")


def label(zh: str, en: str) -> dict[str, str]:
    return {"zh": zh, "en": en}


CONFIG: dict[str, Any] = {
    "language": "en",
    "trace": 3,
    "scenario": {"name": "baseline", "label": label("基准情景", "Baseline")},
    "plan": {
        "city": label("重庆市", "Chongqing"),
        "city_code": 500000,
        "start": START,
        "end": "2020-12-31",
        "districts": "districts.csv",
        "zones": {
            "core": {"name": label("核心区", "Core")},
            "hills": {"name": label("山区", "Hills")},
        },
        "groups": {
            "staff": {"name": label("人才队伍", "Staff")},
            "facilities": {"name": label("设施", "Facilities")},
        },
        "targets": {
            "local_bases": {"name": label("区县级科普基地", "District bases")},
            "bases": {"name": label("市级科普基地", "Municipal bases")},
        },
        "ladder": {"district": {"target": "local_bases"}, "municipal": {"target": "bases"}},
        "programmes": {
            "halls": {"name": label("展厅", "Halls"), "needs": ["review", "crew", "staff"]},
            "rooms": {"name": label("活动室", "Rooms"), "needs": []},
            "hosts": {"name": label("单位", "Hosts"), "needs": [], "feeds": "district"},
        },
    },
}

Row = tuple[str, str, str, str, str]
"""Date, entity, event, place and detail."""

# Proposed, sent back and lapsed in 2016; in 2017 proposed again and opened in the end.
HALL = [
    ("2016-02-01", "halls/500103/0/0", "proposed", "500103", "1000000"),
    ("2016-03-02", "halls/500103/0/0", "review begun", "500103", ""),
    ("2016-03-12", "halls/500103/0/0", "sent back", "500103", ""),
    ("2016-04-01", "halls/500103/0/0", "handed in again", "500103", ""),
    ("2016-04-01", "halls/500103/0/0", "review begun", "500103", ""),
    ("2016-04-02", "halls/500103/0/0", "reviewed", "500103", ""),
    ("2016-12-31", "halls/500103/0/0", "withdrawn", "500103", ""),
    ("2017-01-15", "halls/500103/0/1", "proposed", "500103", "1020000"),
    ("2017-01-20", "halls/500103/0/1", "review begun", "500103", ""),
    ("2017-01-30", "halls/500103/0/1", "reviewed", "500103", ""),
    ("2017-02-20", "halls/500103/0/1", "contracted", "500103", "510000"),
    ("2017-03-02", "halls/500103/0/1", "crew arrived", "500103", ""),
    ("2018-03-02", "halls/500103/0/1", "built", "500103", ""),
    ("2018-05-20", "halls/500103/0/1", "completion paid", "500103", "510000"),
    ("2018-05-25", "halls/500103/0/1", "staffed", "500103", ""),
    ("2018-05-25", "halls/500103/0/1", "opened", "500103", ""),
]
ROOM = [
    ("2016-06-01", "rooms/500103/1/0", "proposed", "500103", "80000"),
    ("2016-06-01", "rooms/500103/1/0", "contracted", "500103", "40000"),
]
OTHERS = [
    ("2016-01-01", "treasury", "announced", "city", ""),
    ("2016-02-20", "treasury", "released", "city", "58742233"),
    ("2016-05-01", "round municipal", "named", "city", "11 of 42"),
    ("2018-02-20", "purse district:staff@500103", "paid its obligations in part", "city", "0.910"),
    ("2019-04-01", "firm/500103/7", "moved to a dream", "500103", "over the rainbow"),
]


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """Write the folder of a traced run with these events; give it as many names as needed."""

    def write_folder(*events: Row, name: str = "run", **config: Any) -> Path:
        folder = tmp_path / name
        folder.mkdir()
        manifest = json.dumps({"config": CONFIG | config}, ensure_ascii=False)
        (folder / "manifest.json").write_text(manifest, encoding="utf-8")
        with (folder / "events.csv").open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(COLUMNS)
            for date, entity, event, place, detail in events:
                day = (pd.Timestamp(date) - pd.Timestamp(START)).days
                fact = fact_of(day, entity, event, place, detail)
                writer.writerow((day, date, "phase", entity, event, place, detail, fact.typed))
        return folder

    return write_folder


Tell = Callable[..., list[str]]


@pytest.fixture
def tell(capsys: pytest.CaptureFixture[str]) -> Tell:
    """Run the command and return the lines it prints."""

    def told(folder: Path, *arguments: str) -> list[str]:
        assert main([str(folder), *arguments]) == 0
        return capsys.readouterr().out.splitlines()

    return told


# --------------------------------------------------------------------------- one project


def test_a_project_that_lapsed_and_came_again(write: Callable[..., Path], tell: Tell) -> None:
    assert tell(write(*HALL), "halls/500103/0") == [
        "Halls · Yuzhong (500103) · halls/500103/0 (scenario Baseline, replication 3)",
        "2016-02-01 Proposed, at a price of 1.00 million yuan.",
        "2016-03-02 Reviewers took up the file, after 30 days in the queue.",
        "2016-03-12 Reviewers sent the file back for rework, after 10 days on their desk.",
        "2016-04-01 Handed in again, after 20 days of rework.",
        "2016-04-01 Reviewers took up the file, without waiting.",
        "2016-04-02 Reviewers approved it, after 1 day on their desk.",
        "2016-12-31 Lapsed: no contract by the end of the year, after 273 days of waiting for "
        "money.",
        "2017-01-15 Proposed again (attempt 2), at a price of 1.02 million yuan, after 15 days of "
        "waiting for a window.",
        "2017-01-20 Reviewers took up the file, after 5 days in the queue.",
        "2017-01-30 Reviewers approved it, after 10 days on their desk.",
        "2017-02-20 Contract signed, 510,000 yuan paid as first instalment, after 21 days of "
        "waiting for money.",
        "2017-03-02 A building crew arrived, after 10 days of waiting for a crew.",
        "2018-03-02 Built, after 365 days of building.",
        "2018-05-20 Completion paid, 510,000 yuan, after 79 days of waiting for money.",
        "2018-05-25 Staff appointed, after 5 days of waiting for people.",
        "2018-05-25 Opened.",
        "2018-05-25 The project is open, 844 days after it was first proposed; days by step: "
        "money 373 days, building 365 days, review 76 days, calendar 15 days, crew 10 days, "
        "staff 5 days; most went to money.",
    ]


def test_the_same_in_chinese(write: Callable[..., Path], tell: Tell) -> None:
    lines = tell(write(*HALL), "halls/500103/0", "--language", "zh")
    assert lines[0] == "展厅 · 渝中区（500103） · halls/500103/0（情景：基准情景，第3次模拟）"
    assert lines[1] == "2016-02-01 申报，造价100万元。"
    assert lines[7] == "2016-12-31 年底仍未签约，申报失效，等资金273天。"
    assert lines[8] == "2017-01-15 再次申报（第2次），造价102万元，等窗口15天。"
    assert lines[11] == "2017-02-20 签订合同，支付首笔51.0万元，等资金21天。"
    assert lines[-1] == (
        "2018-05-25 项目开放，距首次申报844天；用时：等资金373天、施工365天、评审76天、"
        "等窗口期15天、等施工队10天、等人员5天；用时最多的是等资金。"
    )


def test_a_story_says_what_the_run_changed(write: Callable[..., Path], tell: Tell) -> None:
    folder = write(*HALL)
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    manifest["changes"] = [{"key": "seed", "value": 7, "source": "command line"}]
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    title = tell(folder, "halls/500103/0", "--language", "zh")[0]
    assert "情景：基准情景，改动：随机数种子7，第3次模拟" in title


def test_both_languages_one_after_the_other(write: Callable[..., Path], tell: Tell) -> None:
    folder = write(*HALL, language="both")
    lines = tell(folder, "halls/500103/0")
    middle = lines.index("")
    assert lines[:middle] == tell(folder, "halls/500103/0", "--language", "zh")
    assert lines[middle + 1 :] == tell(folder, "halls/500103/0", "--language", "en")


def test_one_attempt_alone(write: Callable[..., Path], tell: Tell) -> None:
    folder = write(*HALL)
    first = tell(folder, "halls/500103/0/0")
    assert first[-1] == (
        "2016-12-31 This attempt ends in “money” (an instalment waits for cash), after 334 days; "
        "days by step: money 273 days, review 61 days; most went to money."
    )
    assert len(first) == 9
    second = tell(folder, "halls/500103/0/1")
    assert second[1].startswith("2017-01-15 Proposed again (attempt 2)")
    assert "The project is open, 495 days after it was first proposed" in second[-1]


def test_an_unfinished_project_says_where_it_stands(write: Callable[..., Path], tell: Tell) -> None:
    lines = tell(write(*ROOM), "rooms/500103/1")
    assert lines[1:] == [
        "2016-06-01 Proposed, at a price of 80,000 yuan.",
        "2016-06-01 Contract signed, 40,000 yuan paid as first instalment, without waiting.",
        "2020-12-31 At the deadline the project is not open and stands in “preparation” (not ready "
        "yet), 1,674 days after it was first proposed; days by step: preparation 1,674 days; most "
        "went to preparation.",
    ]


def test_building_is_no_waiting(write: Callable[..., Path], tell: Tell) -> None:
    later = ("2018-06-01", "rooms/500103/1/0", "built", "500103", "")
    lines = tell(write(*ROOM, later), "rooms/500103/1")
    assert lines[-1].endswith("money 944 days, preparation 730 days; most went to money.")
    late = ("2020-06-01", "rooms/500103/1/0", "built", "500103", "")
    lines = tell(write(*ROOM, late, name="late"), "rooms/500103/1")
    assert lines[-1].endswith("most went to preparation, and of the waiting most to money.")


def test_without_a_crew_there_is_preparation_and_no_building(
    write: Callable[..., Path], tell: Tell
) -> None:
    folder = write(*ROOM, ("2018-06-01", "rooms/500103/1/0", "built", "500103", ""))
    assert "2018-06-01 Ready, after 730 days of preparation." in tell(folder, "rooms/500103/1")
    lines = tell(folder, "rooms/500103/1", "--language", "zh")
    assert "2018-06-01 筹备完成，筹备730天。" in lines
    assert lines[-1].endswith("用时：等资金944天、筹备730天；用时最多的是等资金。")
    unfinished = tell(write(*ROOM, name="unfinished"), "rooms/500103/1", "--language", "zh")[-1]
    assert "停在“筹备”（尚未筹备完成）" in unfinished


HOST = [
    ("2016-03-01", "hosts/500103/4/0", "proposed", "500103", "80000"),
    ("2016-03-01", "hosts/500103/4/0", "contracted", "500103", "40000"),
    ("2016-05-30", "hosts/500103/4/0", "built", "500103", ""),
    ("2016-05-30", "hosts/500103/4/0", "completion paid", "500103", "40000"),
    ("2016-05-30", "hosts/500103/4/0", "opened", "500103", ""),
]
TITLES = [
    ("2017-04-16", "hosts/500103/4/0", "title given", "500103", "district"),
    ("2018-05-05", "hosts/500103/4/0", "title given", "500103", "municipal"),
    ("2019-05-05", "hosts/500103/4/0", "title expired", "500103", "municipal"),
    ("2019-05-05", "base/municipal/500103/7", "title renewed", "500103", "municipal"),
]
STRUCK = [
    ("2020-12-20", "hosts/500103/4/0", "title struck off", "500103", "district"),
    ("2020-12-20", "base/municipal/500103/7", "title struck off", "500103", "municipal"),
]


@pytest.mark.parametrize("name", ["hosts/500103/4", "hosts/500103/4/0"])
def test_a_base_tells_its_titles_after_its_opening(
    write: Callable[..., Path], tell: Tell, name: str
) -> None:
    folder = write(*HOST, *TITLES)
    assert tell(folder, name)[5:] == [
        "2016-05-30 Opened.",
        "2016-05-30 The project is open, 90 days after it was first proposed; days by step: "
        "preparation 90 days; most went to preparation.",
        "2017-04-16 Named one of the District bases.",
        "2018-05-05 Named one of the Municipal bases.",
        "2019-05-05 Title expired and not renewed, no longer one of the Municipal bases.",
        "2020-12-31 Titles held at the deadline: District bases.",
    ]
    assert tell(folder, name, "--language", "zh")[7:] == [
        "2017-04-16 命名为区县级科普基地。",
        "2018-05-05 命名为市级科普基地。",
        "2019-05-05 市级科普基地称号到期，未获续期。",
        "2020-12-31 规划截止，持有称号：区县级科普基地。",
    ]


def test_a_base_that_was_struck_off_or_never_named_says_so(
    write: Callable[..., Path], tell: Tell
) -> None:
    assert tell(write(*HOST, *TITLES, *STRUCK), "hosts/500103/4")[-2:] == [
        "2020-12-20 Struck off after the assessment, no longer one of the District bases.",
        "2020-12-31 At the deadline it holds no title any more.",
    ]
    never = tell(write(*HOST, name="never"), "hosts/500103/4")
    assert never[-1] == "2020-12-31 At the deadline it has not been named a base."
    assert "named" not in tell(write(*HALL, name="hall"), "halls/500103/0")[-1]


def test_a_base_from_before_the_plan_can_be_told(write: Callable[..., Path], tell: Tell) -> None:
    base = "base/municipal/500103/7"
    assert tell(write(*HOST, *TITLES), base) == [
        "Base 7 of Yuzhong (500103), one of the Municipal bases from before the plan · "
        "base/municipal/500103/7 (scenario Baseline, replication 3)",
        "2019-05-05 Title renewed, still one of the Municipal bases.",
        "2020-12-31 Titles held at the deadline: Municipal bases.",
    ]
    assert tell(write(*HOST, *TITLES, *STRUCK, name="struck"), base, "--language", "zh") == [
        "渝中区（500103）原有市级科普基地（第7号） · base/municipal/500103/7"
        "（情景：基准情景，第3次模拟）",
        "2019-05-05 市级科普基地称号到期，获得续期。",
        "2020-12-20 考核后摘牌，不再是市级科普基地。",
        "2020-12-31 规划截止，不再持有称号。",
    ]


def test_a_proposal_withdrawn_on_the_last_day_stands_where_it_stood() -> None:
    events = [("proposed", 1700), ("reviewed", 1710), ("withdrawn", 1826)]
    life = life_of("halls/1/0", [(0, event(*e)) for e in events], ["review"], 1826)
    assert life.standing == "money"
    assert life.withdrawn
    assert life.days() == {"review": 10, "money": 116}


def event(name: str, day: int, detail: str = "") -> Any:
    return Event(day, "", "halls/1/0/0", name, "1", detail)


def test_a_closure_before_the_opening_counts_as_calendar() -> None:
    events = [("proposed", 0), ("contracted", 0), ("built", 10), ("completion paid", 10),
              ("opened", 40)]  # fmt: skip
    life = life_of("rooms/1/0", [(0, event(*e)) for e in events], [], 1826)
    assert life.days() == {"building": 10, "calendar": 30}
    assert life.steps[-1].wait == "closure"


def test_what_a_project_does_besides_is_told_and_costs_no_days(
    write: Callable[..., Path], tell: Tell
) -> None:
    odd = ("2016-08-01", "rooms/500103/1/0", "visited by a minister", "500103", "smiling")
    plain, told = (
        tell(write(*events, name=name), "rooms/500103/1")
        for name, events in (("plain", ROOM), ("odd", [*ROOM, odd]))
    )
    assert "2016-08-01 Noted: visited by a minister (smiling)." in told
    assert told[-1] == plain[-1]


def test_details_that_are_no_amounts_are_left_out(write: Callable[..., Path], tell: Tell) -> None:
    events = [(date, entity, what, place, "dear") for date, entity, what, place, _ in ROOM]
    lines = tell(write(*events), "rooms/500103/1")
    assert lines[1] == "2016-06-01 Proposed."
    assert lines[2] == "2016-06-01 Contract signed, without waiting."


# --------------------------------------------------------------------------- a district


def test_the_chronicle_of_a_district(write: Callable[..., Path], tell: Tell) -> None:
    elsewhere = ("2016-01-15", "rooms/500101/0/0", "proposed", "500101", "70000")
    assert tell(write(elsewhere, *HALL, *ROOM, *OTHERS), "Yuzhong") == [
        "Chronicle of Yuzhong (500103): scenario Baseline, replication 3",
        "In 2016: 2 proposed, 1 contracted, 1 withdrawn.",
        "  Halls: 1 proposed, 1 withdrawn",
        "  Rooms: 1 proposed, 1 contracted",
        "  2016-06-01 Dearest contract of the year: Rooms, 80,000 yuan (rooms/500103/1).",
        "  2016-12-31 Lapsed: Halls (halls/500103/0).",
        "In 2017: 1 proposed, 1 contracted.",
        "  Halls: 1 proposed, 1 contracted",
        "  2017-02-20 Dearest contract of the year: Halls, 1.02 million yuan (halls/500103/0).",
        "In 2018: 1 opened.",
        "  Halls: 1 opened",
        "  2018-02-20 Staff purse of Yuzhong (500103): only 91 % of its obligations paid.",
        "  2018-05-25 First opening of Halls (halls/500103/0).",
        "In 2019: nothing was proposed, contracted, opened or withdrawn.",
        "  2019-04-01 Firm 7, Yuzhong (500103): moved to a dream (over the rainbow).",
        "In 2020: nothing was proposed, contracted, opened or withdrawn.",
        "2020-12-31 At the deadline: 1 open, 1 under way (preparation 1), 0 withdrawn for good.",
    ]


@pytest.mark.parametrize("name", ["500103", "Yuzhong", "yuzhong", "yuzh", "渝中区", "渝中"])
def test_a_district_has_many_names(write: Callable[..., Path], tell: Tell, name: str) -> None:
    lines = tell(write(*HALL), name, "--language", "zh")
    assert lines[0] == "渝中区（500103）大事记（情景：基准情景，第3次模拟）"
    assert lines[1] == "2016年：申报1、失效1。"
    assert lines[-1] == "2020-12-31 规划截止：已开放1，在办0，失效后未再申报0。"


@pytest.mark.parametrize("place", ["500103", "500000"])
def test_a_chronicle_counts_titles_by_year_and_names_no_single_base(
    write: Callable[..., Path], tell: Tell, place: str
) -> None:
    folder = write(*HOST, *TITLES, *STRUCK)
    lines = tell(folder, place, "--language", "zh")
    counts = [line for line in lines if "科普基地" in line]
    assert counts == [
        "  命名：区县级科普基地1家",
        "  命名：市级科普基地1家",
        "  称号续期：市级科普基地1家；称号到期未续：市级科普基地1家",
        "  摘牌：区县级科普基地1家、市级科普基地1家",
    ]
    assert not [line for line in lines if "base/" in line or "title" in line]
    assert "  Titles renewed: Municipal bases 1; Titles expired: Municipal bases 1" in tell(
        folder, place
    )


@pytest.mark.parametrize("name", ["500000", "Chongqing", "重庆市"])
def test_the_city_has_a_chronicle_too(write: Callable[..., Path], tell: Tell, name: str) -> None:
    lines = tell(write(*HALL, *ROOM, *OTHERS), name)
    assert lines[0].startswith("Chronicle of Chongqing (500000)")
    assert "  2016-01-01 Treasury: the year's budget is announced." in lines
    assert "  2016-02-20 Treasury: 58.7 million yuan released." in lines
    assert "  2016-05-01 Naming of Municipal bases: 11 of 42 applicants named." in lines


def test_shocks_concern_every_district(write: Callable[..., Path], tell: Tell) -> None:
    shock = ("2020-01-25", "shock closure", "began", "city", "1")
    assert "  2020-01-25 Shock (closure): began, 100 % lost, everywhere." in tell(
        write(*HALL, shock), "500103"
    )


def on(day: str, line: str, lines: list[str]) -> list[str]:
    """The lines of a chronicle on one day that contain a word, without their date."""
    return [text.split(day + " ")[1] for text in lines if day in text and line in text]


COURSES = [
    ("2016-02-20", "farmers", "trained", "500101", "4330, 4018 new"),
    ("2016-02-20", "farmers", "trained", "500103", "20000, 10000 new"),
    ("2016-08-20", "farmers", "trained", "500101", "1500, 1000 new"),
    ("2016-08-20", "farmers", "trained", "500103", "0, 0 new"),
    ("2016-11-10", "farmers", "trained", "500101", "0, 0 new"),
    ("2016-11-10", "farmers", "trained", "500103", "0, 0 new"),
]


def test_the_city_sums_the_courses_of_all_districts(write: Callable[..., Path], tell: Tell) -> None:
    folder = write(*HALL, *COURSES)
    zh, en = (tell(folder, "500000", "--language", tongue) for tongue in ("zh", "en"))
    assert on("2016-02-20", "训", zh) == [
        "农民培训：2个区县共培训24,330人次，其中首次参训14,018人。"
    ]
    assert on("2016-02-20", "trai", en) == [
        "Farmers' training: 24,330 trained in 2 districts, 14,018 of them for the first time."
    ]
    assert on("2016-08-20", "训", zh) == [
        "农民培训：1个区县共培训1,500人次，其中首次参训1,000人，1个区县无人受训。"
    ]
    assert on("2016-11-10", "trai", en) == ["Farmers' training: nobody trained in 2 districts."]
    assert on("2016-02-20", "训", tell(folder, "500103", "--language", "zh")) == [
        "农民培训：培训20,000人次，其中首次参训10,000人。"
    ]


def test_one_district_alone_is_named_in_the_city(write: Callable[..., Path], tell: Tell) -> None:
    folder = write(*HALL, COURSES[0])
    expected = "Farmers' training in Wanzhou (500101): 4,330 trained, 4,018 of them for the first"
    (line,) = on("2016-02-20", "trai", tell(folder, "500000"))
    assert line.startswith(expected)
    (line,) = on("2016-02-20", "trai", tell(folder, "500101"))
    assert line.startswith("Farmers' training: 4,330")
    assert tell(folder, "farmers", "--language", "zh")[0].startswith(
        "2016-02-20 万州区（500101）农民培训：培训4,330人次"
    )


FAIRS = [
    ("2016-03-12", "events week", "held", "500101", "300 of 300, 3000000"),
    ("2016-03-12", "events week", "held", "500102", "200 of 200, 2000000"),
    ("2016-03-12", "events week", "held on a smaller scale", "500103",
     "10 of 100 at 0.100, no_money, 100000"),
    ("2016-03-12", "events week", "called off", "500104", "no_people"),
    ("2016-03-12", "events week", "called off", "500105", "no_money"),
    ("2016-03-12", "events week", "called off", "500106", "no_people"),
]  # fmt: skip


def test_the_city_sums_what_districts_held_and_counts_why_others_did_not(
    write: Callable[..., Path], tell: Tell
) -> None:
    folder = write(*HALL, *FAIRS, plan=CONFIG["plan"] | SECTIONS)
    assert on("2016-03-12", "Events", tell(folder, "500000")) == [
        "Events “Science week”: 510 of 600 held in 3 districts for 5.10 million yuan, on a smaller "
        "scale in 1 district (no money), called off in 3 districts (too few people 2, no money 1)."
    ]
    assert on("2016-03-12", "活动周", tell(folder, "500000", "--language", "zh")) == [
        "活动“活动周”：3个区县共举办510场（计划600场），花费510万元，其中1个区县缩小规模（经费不足），"
        "3个区县取消（人手不足2、经费不足1）。"
    ]
    assert on("2016-03-12", "Events", tell(folder, "500103")) == [
        "Events “Science week”: 10 of 100 held at 10 % of the scale for 100,000 yuan: no money."
    ]


def test_events_that_all_districts_reduced_or_called_off(
    write: Callable[..., Path], tell: Tell
) -> None:
    smaller = [
        (*e[:2], "held on a smaller scale", e[3], "1 of 2 at 0.500, closed, 5") for e in FAIRS
    ]
    off = [("2016-06-10", *e[1:]) for e in FAIRS if e[2] == "called off"]
    lines = tell(write(*HALL, *smaller, *off, plan=CONFIG["plan"] | SECTIONS), "500000")
    assert on("2016-03-12", "Events", lines) == [
        "Events “Science week”: 6 of 12 held in 6 districts for 30 yuan, all on a smaller scale "
        "(closed)."
    ]
    assert on("2016-06-10", "Events", lines) == [
        "Events “Science week”: called off in 3 districts (too few people 2, no money 1)."
    ]


def test_the_city_counts_firms_and_purses_of_districts(
    write: Callable[..., Path], tell: Tell
) -> None:
    entries = [
        ("2016-12-31", "firm/500101/1", "founded", "500101", "core, 1000000 yuan a year"),
        ("2016-12-31", "firm/500103/2", "founded", "500103", "side, 2000000 yuan a year"),
        ("2016-12-31", "firm/500103/3", "founded", "500103", "side, 3000000 yuan a year"),
        ("2018-02-20", "purse district:staff@500101", "paid its obligations in part", "city",
         "0.960"),
        ("2018-02-20", "purse district:staff@500103", "paid its obligations in part", "city",
         "0.910"),
        ("2018-02-20", "purse city:staff@500000", "paid its obligations in part", "city", "0.500"),
    ]  # fmt: skip
    folder = write(*HALL, *entries)
    lines = tell(folder, "500000")
    assert on("2016-12-31", "Firm", lines) == [
        "Firms founded: 3 (main business 1, side business 2), with an output of 6.00 million yuan "
        "a year in all."
    ]
    assert on("2018-02-20", "Staff", lines) == [
        "Staff purses of 2 districts: only a part of their obligations paid, at worst 91 %.",
        "Staff purse of Chongqing (500000): only 50 % of its obligations paid.",
    ]
    assert on("2018-02-20", "经费", tell(folder, "500000", "--language", "zh"))[0] == (
        "2个区县的人才队伍经费只支付了部分应付运行费，最低的只付91%。"
    )
    assert on("2016-12-31", "Firm", tell(folder, "500103")) == [
        "Firms founded: 2 (side business 2), with an output of 5.00 million yuan a year in all."
    ]
    assert on("2016-12-31", "Firm", tell(folder, "500101")) == [
        "Firm 1, Wanzhou (500101): founded (main business, output 1.00 million yuan a year)."
    ]


def test_of_a_kind_in_the_city_are_days_and_not_districts(
    write: Callable[..., Path], tell: Tell
) -> None:
    days = ("2016-03-12", "2016-06-10", "2016-09-03", "2016-11-28")
    fairs = [
        (day, "events week", "held", place, "10 of 10, 50")
        for day in days
        for place in ("500101", "500103")
    ]
    lines = tell(write(*HALL, *fairs, plan=CONFIG["plan"] | SECTIONS), "500000")
    assert [line for line in lines if "Events" in line] == [
        "  2016-03-12 Events “Science week”: 20 of 20 held in 2 districts for 100 yuan (and 3 more "
        "of this kind until 2016-11-28)."
    ]


def test_what_differs_in_more_than_figures_is_not_of_a_kind(
    write: Callable[..., Path], tell: Tell
) -> None:
    reasons = ("closed", "no_money", "closed", "no_money", "no_money")
    off = [
        (f"2016-0{month}-10", "events week", "called off", "city", reason)
        for month, reason in enumerate(reasons, start=1)
    ]
    lines = tell(write(*HALL, *off), "500000")
    assert len([line for line in lines if "called off" in line]) == 5
    shocks = [
        (f"2016-0{month}-10", "shock closure", what, "city", size)
        for month, (what, size) in enumerate(
            [("began", "1"), ("ended", "1"), ("began", "0.5"), ("ended", "0.5"), ("began", "0.2")],
            start=1,
        )
    ]
    lines = tell(write(*HALL, *shocks, name="shocks"), "500103")
    assert len([line for line in lines if "Shock" in line]) == 5


def test_one_day_is_told_in_the_order_of_the_log(write: Callable[..., Path], tell: Tell) -> None:
    shocks = [
        ("2020-01-25", "shock closure", "began", "city", "1"),
        ("2020-05-01", "shock closure", "ended", "city", "1"),
        ("2020-05-01", "shock closure", "began", "city", "0.5"),
    ]
    told = on("2020-05-01", "Shock", tell(write(*HALL, *shocks), "500103"))
    assert [line.split()[2] for line in told] == ["ended", "began,"]


def test_the_mid_year_meeting_is_told_once(write: Callable[..., Path], tell: Tell) -> None:
    steps = {"july": {"name": label("年中例会", "July meeting"), "decides": "reallocation"}}
    plan = CONFIG["plan"] | {"governance": {"steps": steps}}
    meetings = [
        ("2016-07-15", "july", "held", "city", "25000"),
        ("2016-07-15", "treasury", "met", "city", ""),
        ("2017-07-15", "treasury", "met", "city", ""),
    ]
    folder = write(*HALL, *meetings, plan=plan)
    assert [line for line in tell(folder, "500000") if "meeting" in line] == [
        "  2016-07-15 July meeting: done for 25,000 yuan.",
        "  2017-07-15 Treasury: the mid-year meeting is held.",
    ]
    assert len(tell(folder, "treasury")) == 2


def test_many_events_of_a_kind_are_counted(write: Callable[..., Path], tell: Tell) -> None:
    firms = [
        (f"2019-0{month}-01", f"firm/500103/{month}", "founded", "500103", "new")
        for month in range(1, 6)
    ]
    few, many = (
        tell(write(*HALL, *firms[:n], name=str(n)), "500103", "--language", "en") for n in (3, 5)
    )
    assert sum("founded" in line for line in few) == 3
    assert [line for line in many if "founded" in line] == [
        "  2019-01-01 Firm 1, Yuzhong (500103): founded (new) "
        "(and 4 more of this kind until 2019-05-01)."
    ]


def test_a_plan_whose_table_of_places_is_gone_is_told_by_codes(
    write: Callable[..., Path], tell: Tell
) -> None:
    plan = CONFIG["plan"] | {"districts": "/nowhere/districts.csv"}
    folder = write(*HALL, plan=plan)
    assert tell(folder, "halls/500103/0")[0].startswith("Halls · 500103 · halls/500103/0")
    assert tell(folder, "500103")[0].startswith("Chronicle of 500103: ")


# --------------------------------------------------------------------------- other entities


def test_any_entity_can_be_told(write: Callable[..., Path], tell: Tell) -> None:
    folder = write(*HALL, *OTHERS)
    assert tell(folder, "round municipal") == [
        "2016-05-01 Naming of Municipal bases: 11 of 42 applicants named."
    ]
    assert tell(folder, "round municipal", "--language", "zh") == [
        "2016-05-01 市级科普基地命名：42家申请，命名11家。"
    ]
    assert tell(folder, "firm/500103/7", "--language", "zh") == [
        "2019-04-01 渝中区（500103）企业7：moved to a dream（over the rainbow）。"
    ]


SECTIONS = {
    "events": {"series": {"week": {"name": label("活动周", "Science week")}}},
    "governance": {"steps": {"white_paper": {"name": label("白皮书", "White paper")}}},
    "regulation": {"stages": {"draft": {"name": label("起草", "Draft")}}},
}


@pytest.mark.parametrize(
    ("entity", "what", "detail", "zh", "en"),
    [
        ("events week", "held", "3 of 4, 25000", "活动“活动周”：举办3场（计划4场），花费2.50万元",
         "Events “Science week”: 3 of 4 held for 25,000 yuan"),
        ("events week", "held on a smaller scale", "1 of 1 at 0.608, no_people, 25000",
         "活动“活动周”：举办，规模61%，花费2.50万元；原因：人手不足",
         "Events “Science week”: held at 61 % of the scale for 25,000 yuan: too few people"),
        ("events week", "held on a smaller scale", "1 of 2 at 0.608, no_people, 25000",
         "活动“活动周”：举办1场（计划2场），规模61%，花费2.50万元；原因：人手不足",
         "Events “Science week”: 1 of 2 held at 61 % of the scale for 25,000 yuan: "
         "too few people"),
        ("events week", "held", "1 of 1, 25000", "活动“活动周”：举办，花费2.50万元",
         "Events “Science week”: held for 25,000 yuan"),
        ("events week", "called off", "bad_luck", "活动“活动周”：取消（bad_luck）",
         "Events “Science week”: called off (bad_luck)"),
        ("white_paper", "held", "25000", "白皮书：完成，花费2.50万元",
         "White paper: done for 25,000 yuan"),
        ("white_paper", "missed", "slipped", "白皮书：未完成（错过时限）",
         "White paper: missed (slipped)"),
        ("regulation", "missed the agenda", "draft", "法规：“起草”未列入当年议程",
         "Regulation: “Draft” missed the agenda of the year"),
        ("regulation", "stage begun", "draft", "法规：进入“起草”", "Regulation: “Draft” begun"),
        ("regulation", "stage ended", "draft", "法规：完成“起草”", "Regulation: “Draft” completed"),
        ("round municipal", "named", "0 of 0", "市级科普基地命名：无单位申请",
         "Naming of Municipal bases: nobody applied"),
        ("round municipal", "not held", "", "市级科普基地命名：未组织命名",
         "Naming of Municipal bases: no round is held"),
        ("assessment municipal", "struck off", "0", "市级科普基地考核：无单位摘牌",
         "Assessment of Municipal bases: none struck off"),
        ("farmers", "trained", "4330, 1234 new", "农民培训：培训4,330人次，其中首次参训1,234人",
         "Farmers' training: 4,330 trained, 1,234 of them for the first time"),
        ("farmers", "trained", "0, 0 new", "农民培训：无人受训",
         "Farmers' training: nobody trained"),
        ("firm/500103/7", "closed", "side, 250000 yuan a year",
         "渝中区（500103）企业7：注销（兼营，年产值25.0万元）",
         "Firm 7, Yuzhong (500103): closed (side business, output 250,000 yuan a year)"),
        ("shock closure", "began", "1", "冲击（停开）：开始，影响100%，全市",
         "Shock (closure): began, 100 % lost, everywhere"),
        ("shock hiring_freeze", "began", "0.355; zones: core, hills",
         "冲击（冻结招聘）：开始，影响35.5%，核心区、山区",
         "Shock (hiring freeze): began, 35.5 % lost, only in Core, Hills"),
        ("shock budget_cut", "ended", "0.15; groups: facilities",
         "冲击（削减经费）：结束（影响15%，全市，只涉及设施）",
         "Shock (budget cut): ended (15 % lost, everywhere, only for Facilities)"),
        ("shock release_delay", "began", "60; zones: core; groups: staff, facilities",
         "冲击（拨款延迟）：开始，晚到60天，核心区，只涉及人才队伍、设施",
         "Shock (late releases): began, 60 days late, only in Core, only for Staff, Facilities"),
        ("shock release_delay", "ended", "1", "冲击（拨款延迟）：结束（晚到1天，全市）",
         "Shock (late releases): ended (1 day late, everywhere)"),
        ("shock closure", "began", "1 somewhere", "冲击（停开）：began（1 somewhere）",
         "Shock (closure): began (1 somewhere)"),
        ("literacy", "surveyed", "city 9.28 %, nation 8.85 %",
         "公民科学素质：调查结果：全市9.28%，全国8.85%",
         "Scientific literacy: surveyed at 9.28 % in the city, 8.85 % in the nation"),
    ],
)  # fmt: skip
def test_what_has_words_is_told_in_them(
    write: Callable[..., Path], tell: Tell, entity: str, what: str, detail: str, zh: str, en: str
) -> None:
    folder = write(
        *HALL, ("2017-05-01", entity, what, "city", detail), plan=CONFIG["plan"] | SECTIONS
    )
    assert tell(folder, entity) == [f"2017-05-01 {en}."]
    assert tell(folder, entity, "--language", "zh") == [f"2017-05-01 {zh}。"]


@pytest.mark.parametrize(
    ("entity", "what", "detail", "expected"),
    [
        ("treasury", "released", "a lot", "Treasury: released (a lot)."),
        ("round solar", "named", "11 of 42", "Naming of solar: 11 of 42 applicants named."),
        ("round municipal", "named", "{odd} %s", "Naming of Municipal bases: named ({odd} %s)."),
        ("comet", "entity", "", "comet: entity."),
        ("sentence", "sentence", "", "sentence: sentence."),
        ("halls/1/2/3", "stood still", "", "halls/1/2/3: stood still."),
        ("unknown/1/2/3", "proposed", "5", "unknown/1/2/3: proposed (5)."),
        ("", "", "", ": ."),
    ],
)
def test_what_nobody_foresaw_is_told_as_logged(
    write: Callable[..., Path], tell: Tell, entity: str, what: str, detail: str, expected: str
) -> None:
    folder = write(*HALL, ("2016-05-01", entity, what, "city", detail))
    lines = [line for line in tell(folder, "500000") if "2016-05-01" in line]
    assert lines == [f"  2016-05-01 {expected}"]


# --------------------------------------------------------------------------- nothing asked for


def test_without_a_name_it_tells_the_most_eventful_life_and_the_choices(
    write: Callable[..., Path], tell: Tell
) -> None:
    folder = write(*ROOM, *HALL)
    lines = tell(folder)
    assert lines[2:20] == tell(folder, "halls/500103/0")
    assert f"A district: python -m sim.story {folder} 500103" in lines
    assert f"A project: python -m sim.story {folder} halls/500103/0" in lines
    assert lines[-2:] == [
        "  Halls: 1 proposed, 1 of them open, for example halls/500103/0",
        "  Rooms: 1 proposed, 0 of them open, for example rooms/500103/1",
    ]


def test_a_log_without_projects(write: Callable[..., Path], tell: Tell) -> None:
    folder = write(*OTHERS)
    assert tell(folder) == ["2020-12-31 At the deadline not one project was proposed."]
    assert "In 2017: nothing was proposed, contracted, opened or withdrawn." in tell(
        folder, "Yuzhong"
    )


# --------------------------------------------------------------------------- wrong input


def refused(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert main([*arguments]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    return captured.err


def test_no_folder(
    write: Callable[..., Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = write(*HALL, name="baseline-1")
    text = refused(capsys, str(tmp_path / "baselin-1"))
    assert "key:     RUN" in text
    assert f"nearest: {folder}" in text
    assert "nearest" not in refused(capsys, str(tmp_path / "none" / "such" / "folder"))


def test_no_run_in_the_folder(
    write: Callable[..., Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(*HALL)
    assert "manifest.json" in refused(capsys, str(tmp_path))
    (tmp_path / "run" / "manifest.json").write_text("{", encoding="utf-8")
    assert "manifest.json" in refused(capsys, str(tmp_path / "run"))


def test_a_run_without_a_log_says_how_to_make_one(
    write: Callable[..., Path], capsys: pytest.CaptureFixture[str]
) -> None:
    folder = write(*HALL)
    (folder / "events.csv").unlink()
    text = refused(capsys, str(folder))
    assert "no event log" in text
    assert "trace=0" in text


def test_a_file_that_is_no_log(
    write: Callable[..., Path], capsys: pytest.CaptureFixture[str]
) -> None:
    folder = write(*HALL)
    log = folder / "events.csv"
    text = log.read_text(encoding="utf-8-sig")
    log.write_text(text.replace("31,2016-02-01", "soon,2016-02-01"), encoding="utf-8")
    message = refused(capsys, str(folder))
    assert "row 2" in message
    assert "'soon'" in message
    log.write_text("a,b\n1,2\n", encoding="utf-8")
    assert "lacks the columns day, date" in refused(capsys, str(folder))
    log.write_text("", encoding="utf-8")
    assert "is empty" in refused(capsys, str(folder))


@pytest.mark.parametrize(
    ("name", "nearest"),
    [
        ("halls/500103/9", "halls/500103/0"),
        ("hals/500103/0", "halls/500103/0"),
        ("halls/500103/0/7", "halls/500103/0"),
        ("Yuzhonng", "Yuzhong"),
        ("渝北", None),
        ("round municpal", "round municipal"),
        ("Yu", None),
        ("", None),
    ],
)
def test_unknown_names(
    write: Callable[..., Path], capsys: pytest.CaptureFixture[str], name: str, nearest: str | None
) -> None:
    folder = write(*HALL, *OTHERS)
    if name == "渝北":
        assert main([str(folder), name]) == 0  # a district in which nothing happens is no mistake
        return
    text = refused(capsys, str(folder), name)
    assert f"given:   {name!r}" in text
    if nearest is not None:
        assert f"nearest: {nearest}" in text


def test_refusals_say_in_chinese_what_they_say_in_english(
    write: Callable[..., Path], tmp_path: Path
) -> None:
    folder = write(*HALL)
    log = folder / "events.csv"
    text = log.read_text(encoding="utf-8-sig")

    def no_column() -> None:
        log.write_text("a,b\n1,2\n", encoding="utf-8")
        read_events(folder)

    def no_day() -> None:
        log.write_text(text.replace("31,2016-02-01", "soon,2016-02-01"), encoding="utf-8")
        read_events(folder)

    def no_log() -> None:
        log.unlink()
        read_events(folder)

    whole = Log(folder)
    for refused in (
        lambda: Log(tmp_path / "none"),
        lambda: Log(tmp_path),
        lambda: whole.story("halls/500103/9"),
        lambda: whole.story("Yu"),
        no_column,
        no_day,
        no_log,
    ):
        with pytest.raises(ConfigError) as caught:
            refused()
        told_alike(caught.value)


def test_options_that_do_not_exist_are_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", "--language", "fr"]) == 2
    assert "zh" in capsys.readouterr().err


# --------------------------------------------------------------------------- real histories


def test_only_a_project_of_a_known_programme_has_a_life() -> None:
    hall = Event.of(fact_of(0, "halls/500103/0/2", "proposed", "500103", "5"), START)
    assert (hall.programme, hall.key, attempt_of(hall)) == ("halls", "halls/500103/0", 2)
    assert [*lives([hall], {"halls": []}, 1826)] == ["halls/500103/0"]
    for entity in ("halls/500103/0", "rooms/500103/0/2", "halls/a/b/c/1", "treasury"):
        event = Event.of(fact_of(0, entity, "proposed", "500103", "5"), START)
        assert not lives([event], {"halls": []}, 1826)


def test_a_row_that_is_no_fact_is_refused(
    write: Callable[..., Path], capsys: pytest.CaptureFixture[str]
) -> None:
    folder = write(*HALL)
    log = folder / "events.csv"
    text = log.read_text(encoding="utf-8-sig")
    for broken in ('"{}"', '"[1]"', "{", '"{""sort"":1,""who"":3,""fields"":{}}"'):
        start, _, rest = text.partition('1000000,"')
        log.write_text(f"{start}1000000,{broken}" + rest[rest.index("\n") :], encoding="utf-8")
        assert "row 2, column fact" in refused(capsys, str(folder))


@pytest.fixture(scope="module")
def traced(real_run: Run, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Results, Layout]:
    """A scarce budget, so that proposals lapse, with a closure at the end."""
    shocks = [{"kind": "closure", "start": "2020-11-01", "end": "2020-12-10", "size": 1.0}]
    traced = settings(
        real_run, {"budget.public_total": 600_000_000, "shocks": shocks}, trace=2, replications=3
    )
    worker = Worker(traced)
    results = worker.chunk(range(2, 3))
    folder = write_tables(tmp_path_factory.mktemp("story") / "run", worker, (2, 3, results))
    folder.write_manifest({"config": traced.model_dump(mode="json")})
    return folder.path, results, worker.layout


def test_the_days_of_all_stories_are_those_of_the_delay_ledger(
    traced: tuple[Path, Results, Layout],
) -> None:
    folder, results, layout = traced
    config = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["config"]
    needs = {name: p["needs"] for name, p in config["plan"]["programmes"].items()}
    found = lives(read_events(folder), needs, Names(config).horizon)
    days: Counter[tuple[str, str, str]] = Counter()
    standing: Counter[tuple[str, str, str]] = Counter()
    for life in found.values():
        assert sum(life.days().values()) == life.total
        days.update({(life.place, life.programme, s): n for s, n in life.days().items()})
        if not life.open:
            standing[life.place, life.programme, life.standing] += 1
    booked: Counter[tuple[str, str, str]] = Counter()
    stand: Counter[tuple[str, str, str]] = Counter()
    for _, place, programme, stage, project_days, _, _, stands, _ in results.delays.rows():
        if stage in STAGES and place >= 0:
            booked[str(layout.places[place]), programme, stage] += project_days
            stand[str(layout.places[place]), programme, stage] += stands
    assert days == booked
    assert standing == stand
    assert any(life.withdrawn for life in found.values())


def test_everything_in_a_real_log_can_be_told(traced: tuple[Path, Results, Layout]) -> None:
    folder, _, layout = traced
    log = Log(folder)
    entities = set(pd.read_csv(folder / "events.csv", encoding="utf-8-sig")["entity"])
    for name in (None, "500000", *map(str, layout.places), *entities):
        told = log.story(name)
        assert told
        for speech in speeches("both"):
            foreign = HANZI if speech.language == "en" else re.compile(r"[a-z]{2}")
            for line in map(speech.text, told):
                text = re.sub(r"[a-z_]+(/\w+)+|python -m .*", "", line)  # keys and commands
                assert not foreign.search(text), line


def test_every_stage_and_reason_of_a_real_history_has_words(
    traced: tuple[Path, Results, Layout],
) -> None:
    stages = {stage for _, _, _, stage, *_ in traced[1].delays.rows()}
    assert not [stage for stage in stages if not catalogue().has(f"stage.{stage}")]


def test_from_the_run_to_the_story(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The two commands an analyst types; the run also leaves held_back.csv."""
    folder = tmp_path / "run"
    given = ["replications=2", "workers=1", "trace=1", "language=en", "record=targets"]
    overrides = [*given, "table=full"]
    assert run([*overrides, f"hydra.run.dir={folder}"]) == 0
    output = capsys.readouterr().out
    assert "What held the missed targets back" in output
    assert f"Results: {folder}" in output.replace("\n", "")
    assert not HANZI.search(output)
    table = pd.read_csv(folder / "held_back.csv", encoding="utf-8-sig")
    assert (table["missed"] > 0).all()
    assert main([str(folder)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("No project was named")
    assert "replication 1)" in lines[2]
    command = next(line for line in lines if line.startswith("A project: "))
    assert main(command.split()[-2:]) == 0
    assert main([str(folder), "Yuzhong", "--language", "both"]) == 0
