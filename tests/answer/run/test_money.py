"""Where money goes: what the ledger says, added up, and what is spent over time."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from sim.answer.figures import FlowPanel
from sim.answer.run.money import flows, money_table, movements, spending
from sim.words import Quantity, Speech, YuanInColumn

EN, ZH = Speech("en"), Speech("zh")
MOVES = [  # replication, year, from, to, place, yuan
    (0, 2016, "source:grant", "treasury:city", "city", 1000),
    (0, 2016, "source:social", "treasury:social", "city", 400),
    (0, 2016, "treasury:city", "city:works:public", "city", 600),
    (0, 2016, "treasury:city", "district:works:public", "A", 400),
    (0, 2016, "treasury:social", "district:events:social", "B", 400),
    (0, 2016, "district:works:public", "contractors:works", "A", 150),
    (0, 2016, "district:works:public", "treasury:city", "A", 50),
    (0, 2016, "treasury:city", "city:works:public", "city", 50),
    (0, 2017, "city:works:public", "contractors:works", "city", 500),
    (0, 2017, "city:works:public", "returned", "city", 100),
    (0, 2017, "district:events:social", "meetings:events", "B", 90),
    (0, 2017, "district:events:social", "administration:events", "B", 10),
    (1, 2017, "source:grant", "treasury:city", "city", 200),
    (1, 2017, "treasury:city", "district:works:public", "A", 200),
]
CONFIG: dict[str, Any] = {
    "plan": {
        "start": "2016-01-01",
        "end": "2017-12-31",
        "sources": {"grant": {"zh": "拨款", "en": "Grant"}},
        "groups": {
            "works": {"name": {"zh": "建设", "en": "Works"}},
            "events": {"name": {"zh": "活动", "en": "Events"}},
        },
        "calendar": {"releases": [{"month": 3, "day": 1}, {"month": 9, "day": 1}]},
    },
    "budget": {
        "public_total": 6_000_000,
        "social_total": 2_000_000,
        "year_shares": [0.25, 0.75],
        "quarter_shares": [0.5, 0.5],
    },
    "allocation": {"group_shares": {"works": 0.75, "events": 0.25}},
}


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    names = ["replication", "year", "from_account", "to_account", "place", "yuan"]
    frame = pd.DataFrame(MOVES, columns=names)
    path = tmp_path / "ledger.parquet"
    # In two row groups, as a long run has many.
    frame.to_parquet(path, row_group_size=8)
    return path


def amounts(panel: FlowPanel, speech: Speech = EN) -> dict[tuple[str, str, str], float]:
    names = [speech.text(account.name) for account in panel.accounts]
    return {(names[own.source], names[own.target], own.role): own.yuan for own in panel.streams}


def test_what_moved_is_a_mean_over_replications_and_so_is_what_districts_hold(
    ledger: Path,
) -> None:
    moved, held = movements(ledger, 2)
    assert moved[2016, "treasury:city", "city:works:public"] == 325.0
    assert moved[2017, "source:grant", "treasury:city"] == 100.0
    assert held["A"] == (400 - 150 - 50 + 200) / 2
    assert held["B"] == (400 - 100) / 2
    assert held["city"] == 0.0


def test_money_flows_from_source_to_payee_and_adds_up(ledger: Path) -> None:
    moved, _ = movements(ledger, 2)
    whole, _ = flows(moved, CONFIG)
    (panel,) = whole.panels
    assert amounts(panel) == {
        ("Grant", "City", "public"): 600.0,
        ("Social money", "Social bodies", "social"): 200.0,
        ("City", "Works", "public"): 600.0,
        ("Social bodies", "Events", "social"): 200.0,
        ("Works", "Building", "public"): 325.0,
        ("Works", "Returned", "public"): 50.0,
        ("Works", "Left at the end", "public"): 225.0,
        ("Events", "Administration", "social"): 50.0,
        ("Events", "Left at the end", "social"): 150.0,
    }
    for number, account in enumerate(panel.accounts):
        got = sum(own.yuan for own in panel.streams if own.target == number)
        given = sum(own.yuan for own in panel.streams if own.source == number)
        assert account.column in (0, 3) or got == pytest.approx(given)
    assert [account.column for account in panel.accounts] == [0, 0, 1, 1, 2, 2, 3, 3, 3, 3]
    assert EN.text(whole.title) == (
        "Of 800 yuan, most goes to Works (75 %); 375 yuan is left at the end"
    )
    assert "建设最多，占75%" in ZH.text(whole.title)


def test_years_begin_with_what_the_year_before_left(ledger: Path) -> None:
    moved, _ = movements(ledger, 2)
    _, by_year = flows(moved, CONFIG)
    first, second = by_year.panels
    assert [panel.name for panel in by_year.panels] == ["2016", "2017"]
    assert amounts(first) == {
        ("Public", "Works", "public"): 500.0,
        ("Social", "Events", "social"): 200.0,
        ("Works", "Paid", "public"): 75.0,
        ("Works", "Left over", "public"): 425.0,
        ("Events", "Left over", "social"): 200.0,
    }
    assert amounts(second) == {
        ("Public", "Works", "public"): 100.0,
        ("Brought forward", "Works", "public"): 425.0,
        ("Brought forward", "Events", "social"): 200.0,
        ("Works", "Paid", "public"): 250.0,
        ("Works", "Returned", "public"): 50.0,
        ("Works", "Left over", "public"): 225.0,
        ("Events", "Paid", "social"): 50.0,
        ("Events", "Left over", "social"): 150.0,
    }
    assert by_year.unit_told
    assert EN.text(by_year.title) == "Most is left at the end of 2016: 625 yuan"


def test_several_small_payees_are_put_together(ledger: Path) -> None:
    moved, _ = movements(ledger, 2)
    small = {(2017, "district:works:public", f"{kind}:works"): 3.0
             for kind in ("courses", "firm_support")}  # fmt: skip
    (panel,) = next(flows({**moved, **small}, CONFIG)).panels
    assert amounts(panel)["Works", "Other", "public"] == 6.0
    small.popitem()
    (panel,) = next(flows({**moved, **small}, CONFIG)).panels
    assert amounts(panel)["Works", "Courses for farmers", "public"] == 3.0


def test_without_movements_there_is_nothing_to_draw(tmp_path: Path) -> None:
    assert not [*flows({}, CONFIG)]


# ------------------------------------------------------------------ over time


@pytest.fixture
def series(tmp_path: Path) -> Path:
    dates = [dt.date(2016, 6, 30), dt.date(2016, 12, 31), dt.date(2017, 12, 31)]
    rows = []
    for replication in range(40):
        for when, date in enumerate(dates):
            for group, size in (("works", 2e6), ("events", 1e6)):
                received = size * (when + 1) + 1e4 * replication
                spent = received * (0.5 if group == "works" else 0.9)
                for name, value in (("received", received), ("spent", spent)):
                    rows.append((replication, date, "city", f"{name}:{group}", value))
                    rows.append((replication, date, "A", f"{name}:{group}", 7.0))
    path = tmp_path / "series.parquet"
    names = ["replication", "date", "place", "indicator", "value"]
    pd.DataFrame(rows, columns=names).to_parquet(path)
    return path


def test_spending_is_summed_in_every_replication_before_quantiles_are_taken(series: Path) -> None:
    (figure,) = spending(series, CONFIG)
    assert [EN.text(panel.name) for panel in figure.panels] == ["All money", "Works", "Events"]
    spent, received, planned = figure.panels[0].curves
    assert (spent.role, received.role, planned.role) == ("counts", "other", "goal")
    numbers = np.arange(40)
    last = 0.5 * (6e6 + 1e4 * numbers) + 0.9 * (3e6 + 1e4 * numbers)
    assert spent.middle[-1] == pytest.approx(np.median(last))
    (low, high), (lower, upper) = spent.bands
    expected = np.quantile(last, [0.05, 0.95, 0.25, 0.75])
    assert [low[-1], high[-1], lower[-1], upper[-1]] == pytest.approx([*expected])
    assert received.middle[-1] == pytest.approx(np.median(9e6 + 2e4 * numbers))
    assert spent.end == Quantity(round(float(np.median(last))))
    assert [*planned.dates] == [dt.date(2016, 6, 30), dt.date(2016, 12, 31), dt.date(2017, 12, 31)]
    # A quarter of 8 million in the first year, half of it by June; all of it by the end.
    assert [*planned.middle] == pytest.approx([1e6, 2e6, 8e6])
    assert [*figure.panels[1].curves[2].middle] == pytest.approx([0.75e6, 1.5e6, 6e6])
    assert EN.text(figure.panels[1].lines[0]) == "spent: 50 % of what was released"
    assert (figure.start, figure.end) == (dt.date(2016, 1, 1), dt.date(2017, 12, 31))


def test_a_budget_of_other_steps_than_the_calendars_is_left_out(series: Path) -> None:
    budget = {**CONFIG["budget"], "quarter_shares": [1.0]}
    (figure,) = spending(series, {**CONFIG, "budget": budget})
    assert [len(panel.curves) for panel in figure.panels] == [2, 2, 2]
    assert not figure.notes


def test_without_series_of_money_nothing_is_drawn(tmp_path: Path) -> None:
    path = tmp_path / "series.parquet"
    frame = {"place": ["city"], "indicator": ["volunteers"], "date": [dt.date(2016, 1, 1)]}
    pd.DataFrame({**frame, "value": [1.0]}).to_parquet(path)
    assert not [*spending(path, CONFIG)]


def test_the_table_has_what_came_in_what_was_paid_and_what_was_left(ledger: Path) -> None:
    table = money_table(movements(ledger, 2)[0], CONFIG)
    assert [*table.columns] == ["name", "2016", "2017", "sum"]
    told: list[tuple[str, list[float]]] = []
    for line in table.rows:
        cells = [line.cells.get(name) for name in ("2016", "2017", "sum")]
        told.append((EN.text(line.cells["name"]), [float(c) for c in cells if c is not None]))  # type: ignore[arg-type]
    assert told == [
        ("Came in from", []),
        ("Grant", [500.0, 100.0, 600.0]),
        ("Social money", [200.0, 0.0, 200.0]),
        ("Sum", [700.0, 100.0, 800.0]),
        ("Paid for", []),
        ("Works", [75.0, 250.0, 325.0]),
        ("Events", [0.0, 50.0, 50.0]),
        ("Sum", [75.0, 300.0, 375.0]),
        ("Not used", []),
        ("Returned or withheld", [0.0, 50.0, 50.0]),
    ]
    amount = YuanInColumn(12_345_678.0)
    assert (EN.text(amount), ZH.text(amount)) == ("12.3", "1,235")
