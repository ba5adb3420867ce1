"""The first day on which two event logs differ, and what stands against each other there."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from experiments.compare_scenarios.event_logs import FirstDifference, Parting, parting
from sim.answer.finding import cells_of, columns_of, findings_from
from sim.config.schema import Run
from sim.model.kernel.facts import Fact
from tests.factlog import fact_of
from tests.factory import history, micro_run, settings

LOG = [
    Fact(0, "planning", "treasury", "announced", "city", ""),
    Fact(3, "planning", "hall/1/0/0", "proposed", "1", "100"),
    Fact(3, "planning", "hall/2/0/0", "proposed", "2", "100"),
    Fact(9, "grants", "hall/1/0/0", "reviewed", "1", ""),
]


def test_equal_logs_do_not_differ() -> None:
    assert parting(LOG, list(LOG)) is None
    assert parting([], []) is None


def test_an_entry_that_only_one_has_is_named_and_counted() -> None:
    found = parting(LOG, [LOG[0], LOG[2], LOG[3]])
    assert found is not None
    assert (found.day, found.reference, found.other) == (3, LOG[1], None)
    assert (found.reference_only, found.other_only) == (1, 0)
    mirrored = parting([LOG[0], LOG[2], LOG[3]], LOG)
    assert mirrored is not None
    assert (mirrored.reference, mirrored.other) == (None, LOG[1])


def test_a_log_that_ends_earlier_differs_where_the_other_goes_on() -> None:
    found = parting(LOG, LOG[:3])
    assert found is not None
    assert (found.day, found.reference) == (9, LOG[3])


def test_what_the_same_entity_did_instead_is_the_counterpart() -> None:
    cheap = LOG[2]._replace(detail="50")
    stranger = Fact(3, "planning", "aaa/2/0/0", "proposed", "2", "1")
    found = parting(LOG, [LOG[0], stranger, LOG[1], cheap, LOG[3]])
    assert found is not None
    assert (found.reference, found.other) == (LOG[2], cheap)
    assert (found.reference_only, found.other_only) == (1, 2)


def test_order_within_a_day_is_a_difference() -> None:
    found = parting(LOG, [LOG[0], LOG[2], LOG[1], LOG[3]])
    assert found is not None
    assert (found.day, found.reference, found.other) == (3, LOG[1], LOG[1])


HALL = {"goal": 6, "needs": ["review"], "unit_cost": 200_000, "build_months": 6}


@pytest.mark.parametrize("start", ["2017-03-14", "2019-07-01"])
def test_scenarios_that_part_on_a_date_differ_on_it_or_later(directory: Path, start: str) -> None:
    run = micro_run(directory, {"hall": HALL}, budget={"public_total": 3_000_000})
    cut = settings(
        run,
        {"shocks": [{"kind": "budget_cut", "start": start, "end": "2020-12-31", "size": 0.5}]},
    )
    found = parting(history(run).log or [], history(cut).log or [])
    assert found is not None
    assert found.day == (dt.date.fromisoformat(start) - dt.date(2016, 1, 1)).days
    assert found.reference is None
    assert found.other is not None
    assert found.other.entity == "shock budget_cut"


def test_a_run_does_not_differ_from_itself(directory: Path) -> None:
    run: Run = micro_run(directory, {"hall": HALL})
    log = history(run).log
    assert log
    assert parting(log, history(run).log or []) is None


# ---------------------------------------------------------------------------- in words


def label(zh: str, en: str) -> dict[str, str]:
    return {"zh": zh, "en": en}


CONFIG: dict[str, Any] = {
    "trace": 0,
    "scenario": {"label": label("基准情景", "Baseline")},
    "plan": {
        "city": label("重庆市", "Chongqing"),
        "city_code": 500000,
        "start": "2016-01-01",
        "end": "2020-12-31",
        "districts": "districts.csv",
        "zones": {"core": {"name": label("核心区", "Core")}},
        "groups": {"facilities": {"name": label("设施", "Facilities")}},
        "targets": {"local_bases": {"name": label("区县级科普基地", "District bases")}},
        "ladder": {"district": {"target": "local_bases"}},
        "regulation": {"stages": {"draft": {"name": label("起草", "Draft")}}},
        "programmes": {
            "halls": {"name": label("展厅", "Halls"), "needs": ["crew"]},
            "rooms": {"name": label("活动室", "Rooms"), "needs": []},
            "hosts": {"name": label("单位", "Hosts"), "needs": [], "feeds": "district"},
        },
    },
}


def first_of(found: Parting | None) -> FirstDifference:
    return FirstDifference.of("other", ("a" * 16, "b" * 16), 7, found, (CONFIG, CONFIG))


@pytest.mark.parametrize(
    ("entity", "what", "place", "detail", "zh", "en"),
    [
        ("shock release_delay", "began", "city", "60; zones: core; groups: facilities",
         "冲击（拨款延迟）：开始，晚到60天，核心区，只涉及设施",
         "Shock (late releases): began, 60 days late, only in Core, only for Facilities"),
        ("regulation", "stage begun", "city", "draft", "法规：进入“起草”",
         "Regulation: “Draft” begun"),
        ("farmers", "trained", "500101", "4330, 4018 new",
         "万州区（500101）农民培训：培训4,330人次，其中首次参训4,018人",
         "Farmers' training in Wanzhou (500101): 4,330 trained, 4,018 of them for the first time"),
        ("hosts/500103/4/0", "title given", "500103", "district",
         "渝中区（500103）“单位”：命名为区县级科普基地",
         "Hosts, Yuzhong (500103): named one of the District bases"),
        ("base/district/500103/4", "title struck off", "500103", "district",
         "渝中区（500103）原有区县级科普基地（第4号）：考核后摘牌，不再是区县级科普基地",
         "Base 4 of Yuzhong (500103), one of the District bases from before the plan: struck off "
         "after the assessment, no longer one of the District bases"),
        ("rooms/500103/1/0", "built", "500103", "", "渝中区（500103）“活动室”：筹备完成",
         "Rooms, Yuzhong (500103): ready"),
        ("halls/500103/1/0", "built", "500103", "", "渝中区（500103）“展厅”：建成",
         "Halls, Yuzhong (500103): built"),
        ("halls/500103/1/0", "contracted", "500103", "500000",
         "渝中区（500103）“展厅”：签订合同，支付首笔50.0万元",
         "Halls, Yuzhong (500103): contract signed, 500,000 yuan paid as first instalment"),
    ],
)  # fmt: skip
def test_what_happened_is_told_in_the_words_of_stories(
    entity: str, what: str, place: str, detail: str, zh: str, en: str
) -> None:
    entry = fact_of(100, entity, what, place, detail)
    found = first_of(Parting(100, None, entry, 0, 1))
    assert (found.other_zh, found.other_en) == (zh, en)
    assert (found.reference_zh, found.reference_fact) == ("", "")
    assert found.date == dt.date(2016, 4, 10)


@pytest.mark.parametrize(
    "found",
    [None, Parting(3, LOG[1], None, 2, 0), Parting(9, LOG[3], LOG[3]._replace(detail="x"), 1, 1)],
)
def test_a_finding_read_back_says_the_same(found: Parting | None) -> None:
    """What a folder knows is not simulated again."""
    own = first_of(found)
    assert own.found == found
    cells = ["" if cell is None else str(cell) for cell in next(cells_of(FirstDifference, [own]))]
    record = dict(zip(columns_of(FirstDifference), cells, strict=True))
    assert [*findings_from(FirstDifference, [record], {})] == [own]
