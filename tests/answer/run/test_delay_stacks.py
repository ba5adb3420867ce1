"""Every segment of the chart of delays is identified: by its fill, its words, and its units."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import matplotlib
import pandas as pd
import pytest
from matplotlib.figure import Figure
from sim.report.charts.delay_rows import SAFE, SMALL, DelayRows, delay_rows, grouped, mean_delays
from sim.report.charts.delays import _title

from sim.report.charts import delay_chart
from sim.report.charts.stages import OTHER, USUAL, Fill, fills, stage_key
from sim.report.numbers import share_text
from sim.report.results import read_attainment, read_manifest, target_rows
from sim.report.words import STAGES, WORKING_STAGES, Language, tongues, word

FAMILIES = ("unproposed:", "unmet:")


def look(fill: Fill) -> tuple[str, str, str]:
    """What a reader sees of a fill."""
    return fill.colour, fill.hatch, fill.lines if fill.hatch else ""


def rows_of(folder: Path) -> DelayRows:
    attainment, manifest = read_attainment(folder), read_manifest(folder)
    means = mean_delays(pd.read_parquet(folder / "delays.parquet"), 200)
    return delay_rows(means, attainment, manifest)


def drawn(folder: Path, language: Language) -> Figure:
    delays = pd.read_parquet(folder / "delays.parquet")
    return delay_chart(read_attainment(folder), delays, read_manifest(folder), language)


def made_up(
    missing: dict[tuple[str, str], int], chances: dict[str, float], **targets: dict[str, Any]
) -> DelayRows:
    """Rows of one replication of a plan with these targets, of which ``rooms`` is built."""
    delays = pd.DataFrame(
        [
            (name, stage, 0 if ":" in stage else 30, 0 if ":" in stage else 10, n)
            for (name, stage), n in missing.items()
        ],
        columns=["programme", "stage", "project_days", "excess_days", "missing"],
    )
    return made_of(delays, chances, **targets)


def made_of(
    delays: pd.DataFrame, chances: dict[str, float], **targets: dict[str, Any]
) -> DelayRows:
    """The same of these delays."""
    label = {"zh": "名", "en": "name"}
    plan = {
        "groups": {"g": {"name": label, "headline": True}},
        "targets": {
            name: {"name": {"zh": name, "en": name}, "unit": {"zh": "个", "en": "units"}, **spec}
            for name, spec in targets.items()
        },
        "programmes": {"rooms": {"name": label, "target": "rooms"}} if "rooms" in targets else {},
    }
    columns = ["scenario", "definition", "group", "comparator", "goal", "unit", "kind"]
    given = ["s", "", "g", ">=", 1.0, "units", "plan"]
    attainment = pd.DataFrame(
        [
            dict(zip(columns, given, strict=True))
            | {"target": name, "label_zh": name, "label_en": name, "modelled": True}
            | {"probability": chance, "probability_low": 0.0, "probability_high": 1.0}
            | dict.fromkeys(("p05", "p50", "p95"), 0.0)
            | {"first_attained_p50": "", "held_back_by": ""}
            for name, chance in chances.items()
        ]
    )
    return delay_rows(mean_delays(delays, 1), attainment, {"config": {"plan": plan}})


@pytest.mark.parametrize("family", FAMILIES)
def test_no_two_segments_of_a_bar_look_alike(family: str) -> None:
    bar = [*WORKING_STAGES, *(s for s in STAGES if s.startswith(family)), OTHER]
    assert len({look(fill) for fill in fills(bar).values()}) == len(bar)
    whole = [*STAGES, OTHER]
    assert len({look(fill) for fill in fills(whole).values()}) == len(whole)


@pytest.mark.parametrize("stage", WORKING_STAGES)
def test_a_working_stage_has_one_colour_in_every_bar(stage: str) -> None:
    assert fills([stage]) == {stage: fills(list(reversed(STAGES)))[stage]}


def test_several_small_reasons_are_put_together_but_one_keeps_its_name() -> None:
    several = grouped({"money": 90.0, "staff": 7.0, "crew": 3.0})
    assert [stage for stage, _ in several] == ["money", OTHER]
    assert sum(share for _, share in several) == pytest.approx(1.0)
    assert [stage for stage, _ in grouped({"money": 95.0, "staff": 5.0})] == ["money", "staff"]


@pytest.mark.parametrize("language", ["zh", "en", "both"])
def test_every_reason_of_weight_is_named_beside_its_bar(
    run_folder: Path, language: Language
) -> None:
    texts = [t.get_text() for t in drawn(run_folder, language).findobj(matplotlib.text.Text)]
    rows = rows_of(run_folder)
    first, *others = tongues(language)
    assert any(row.missing for row in (*rows.projects, *rows.others))
    for row in (*rows.projects, *rows.others):
        for stage, amount in row.missing.items():
            share = amount / sum(row.missing.values())
            if share >= SMALL:
                name = word(f"stage.{stage}", first)
                assert f"{name} {share_text(round(share, 2), first)}" in texts
                assert {word(f"stage.{stage}", tongue) for tongue in others} <= set(texts)
        if row.missing:
            assert {row.amount(tongue) for tongue in tongues(language)} <= set(texts)


def test_the_key_holds_what_occurs_and_leaves_targets_reasons_to_their_bars() -> None:
    seen = {"money", "staff", "unproposed:money_in_sight", "unmet:panel"}
    entries = stage_key(seen, "en")
    assert [entry.stage for entry in entries if entry.stage] == [
        "money", "staff", "unproposed:money_in_sight",
    ]  # fmt: skip
    assert stage_key({"unmet:panel"}, "en") == []


def test_units_are_those_that_are_counted() -> None:
    missing = {
        ("cover", "unmet:not_planned"): 1,
        ("degrees", "unmet:no_graduate"): 1619,
        ("gain", "unmet:trend"): 2,
        ("posts", "unmet:unfunded_post"): 3,
    }
    rows = made_up(
        missing,
        dict.fromkeys(("cover", "degrees", "gain", "posts"), 0.1),
        cover={"measured_by": {"type": "coverage", "universe": "villages"}},
        degrees={"measured_by": {"type": "staff", "count": "bachelor_share"}},
        gain={"measured_by": {"type": "literacy", "count": "gain"}},
        posts={"measured_by": {"type": "staff", "count": "persons"}},
    )
    assert [row.amount("en") for row in rows.others] == [
        "1.0 places", "1,619 persons", "2.0 points", "3.0 units",
    ]  # fmt: skip
    assert [row.amount("zh") for row in rows.others] == ["1.0处", "1,619人", "2.0个百分点", "3.0个"]


def test_targets_as_good_as_met_have_no_row_and_are_named() -> None:
    missing = {("met", "unmet:trend"): 1, ("missed", "unmet:trend"): 1, ("rooms", "money"): 1}
    chances = {"met": SAFE, "missed": 0.5, "rooms": 1.0}
    rows = made_up(missing, chances, met={}, missed={}, rooms={})
    assert [row.label["en"] for row in rows.others] == ["missed"]
    assert [label["en"] for label in rows.safe] == ["met"]
    assert [(row.missing, row.chance) for row in rows.projects] == [({}, 1.0)]


def test_missing_titles_stand_in_one_row_whatever_held_them_back() -> None:
    missing = {("rooms", "money"): 2, ("rooms", "unmet:panel"): 3}
    rows = made_up(missing, {"rooms": 0.1}, rooms={})
    assert [(row.missing, row.counted_below) for row in rows.projects] == [({}, True)]
    assert [row.missing for row in rows.others] == [{"money": 2.0, "unmet:panel": 3.0}]


@pytest.mark.parametrize("language", ["zh", "en", "both"])
def test_other_targets_stand_in_the_order_of_the_table(
    run_folder: Path, language: Language
) -> None:
    attainment, manifest = read_attainment(run_folder), read_manifest(run_folder)
    order = [row.label for row in target_rows(attainment, manifest) if row.counts]
    places = [order.index(row.label) for row in rows_of(run_folder).others]
    assert places == sorted(places)
    texts = [t.get_text() for t in drawn(run_folder, language).findobj(matplotlib.text.Text)]
    assert word("delays.others", tongues(language)[0]) in texts


def test_a_run_without_projects_has_no_column_of_time(run_folder: Path) -> None:
    delays = pd.read_parquet(run_folder / "delays.parquet")
    delays[["project_days", "excess_days"]] = 0
    figure = delay_chart(read_attainment(run_folder), delays, read_manifest(run_folder), "en")
    texts = [t.get_text() for t in figure.findobj(matplotlib.text.Text)]
    assert word("delays.days", "en") not in texts
    assert word("delays.missing", "en") in texts


def test_usual_building_time_is_no_delay_and_names_no_cause() -> None:
    """By hand: 900 days of building, 40 of them too many, and 60 of waiting for money."""
    delays = pd.DataFrame(
        [("rooms", "building", 900, 40, 0), ("rooms", "money", 60, 60, 3)],
        columns=["programme", "stage", "project_days", "excess_days", "missing"],
    )
    (row,) = made_of(delays, {"rooms": 0.1}, rooms={}).projects
    assert row.days == {"money": 60.0, "building": 40.0, USUAL: 860.0}
    assert row.lost == {"money": 60.0, "building": 40.0}
    (english, chinese) = (" ".join(line.text for line in _title([row], t)) for t in ("en", "zh"))
    assert "Most days are lost in “money” (60 %)" in english
    assert "耽误的时间以“等资金”为最多（60%）" in chinese


def test_missing_units_of_two_targets_have_no_sum_in_the_title() -> None:
    """85 000 million yuan and 3 rooms: two targets, each with a reason of its own, one each."""
    missing = {("rooms", "money"): 3, ("output", "unmet:growth"): 85_000_000_000}
    specs = {"rooms": {}, "output": {"unit": {"zh": "元/年", "en": "yuan a year"}}}
    rows = made_up(missing, {"rooms": 0.1, "output": 0.1}, **specs)
    assert [row.amount("en") for row in rows.projects] == ["3.0 units"]
    assert [row.amount("en") for row in rows.others] == ["85 billion yuan a year"]
    title = " ".join(line.text for line in _title([*rows.projects, *rows.others], "en"))
    assert "1 of 2 targets" in title
