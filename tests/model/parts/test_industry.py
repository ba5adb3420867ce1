"""The industry: counts, growth and money of firms agree with theory, and with cases by hand."""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from scipy import stats

from sim.config.schema import Run
from sim.model.city import City
from sim.model.kernel.streams import Streams, entity_keys
from sim.model.parts.industry import Entry, Firms, Industry, Vitality
from sim.model.record import Outcome
from sim.study.worker import Worker
from tests.factory import (
    Json,
    city_of,
    district,
    fixed,
    history,
    layout_of,
    micro_run,
    settings,
    values_of,
)
from tests.tolerance import ALARM, assert_count, assert_mean

YEARS = 5
REPLICATIONS = 150
START = 40  # core firms
OUTPUT = 4.0e7  # yuan a year, of all of them
NOTHING = {
    "core_firms": START, "core_output": OUTPUT, "side_firms": 0, "side_output": 0.0,
    "size_spread": 1.0, "founding_rate": 0.0, "entry_output": 1.0e6, "exit_rate": 0.0,
    "growth": 0.0, "growth_spread": 0.0, "incubator_births": 0.0, "incubation_years": 10.0,
    "incubator_exit_factor": 1.0, "rd_centre_growth": 0.0, "support_share": 0.0,
    "support_cost": 100_000.0, "support_births": 0.0, "helped_core_share": 1.0,
}  # fmt: skip
"""Firms of the start, to which nothing happens."""


def industry_run(
    directory: Path,
    numbers: Mapping[str, float],
    *,
    programmes: Mapping[str, Json] | None = None,
    helpers: Mapping[str, str] | None = None,
    **changes: Any,
) -> Run:
    """Firms with the given ``numbers``; ``helpers`` names incubators and R&D centres."""
    values = {**NOTHING, **numbers}
    names = {name: f"industry_{name}" for name in values}
    changes.setdefault("seed", 2016)
    return micro_run(
        directory,
        {
            name: {"group": "industry", "pool": "city", "place": "city", "quota_key": "city", **own}
            for name, own in (programmes or {}).items()
        },
        targets={
            "firms": _target("firms", 500, "core_firms"),
            "output": _target("output", 1e11, "core_output"),
        },
        parameters={names[name]: fixed(value) for name, value in values.items()},
        groups={"industry": 1.0},
        allocation={"city_shares": {"industry": 1.0}, "capital_share": 1.0},
        sections={
            "industry": {
                "group": "industry",
                "support_day": {"month": 11, "day": 25},
                **names,
                **(helpers or {}),
            }
        },
        **changes,
    )


def _target(count: str, goal: float, baseline: str) -> Json:
    return {
        "group": "industry", "measure": "stock", "goal": goal, "definition": "industry",
        "baseline": f"industry_{baseline}", "measured_by": {"type": "industry", "count": count},
    }  # fmt: skip


def replications(run: Run, count: int = REPLICATIONS) -> list[Outcome]:
    worker = Worker(run)
    return [worker.replicate(i) for i in range(count)]


def values(run: Run, outcomes: list[Outcome], indicator: str) -> npt.NDArray[np.float64]:
    """Values at the deadline of one row, by replication."""
    row = [row.indicator for row in layout_of(run).rows].index(indicator)
    return np.array([outcome.values[row] for outcome in outcomes])


def series(run: Run, outcomes: list[Outcome], indicator: str) -> npt.NDArray[np.float64]:
    """(replications, 6) values of the city at the start and at the five year ends."""
    column = layout_of(run).city_indicators.index(indicator)
    return np.array([outcome.city_series[::4, column] for outcome in outcomes])


def at_year_ends(run: Run, outcome: Outcome, indicator: str) -> list[float]:
    """The same of one history."""
    values: list[float] = series(run, [outcome], indicator)[0].tolist()
    return values


def paid_by_year(outcome: Outcome) -> list[int]:
    paid = [0] * YEARS
    for year, _, payee, yuan in outcome.ledger.of_all_places():
        if payee == "firm_support:industry":
            paid[year] += yuan
    return paid


# ------------------------------------------------------------------------------------------ limits


def test_without_firms_and_births_there_is_nothing(directory: Path) -> None:
    """All help there is changes nothing: there is nobody to support, and 0 times anything is 0."""
    run = industry_run(
        directory,
        {"core_firms": 0, "founding_rate": 0.5, "growth": 1.0, "support_share": 1.0,
         "support_births": 1.0},
    )  # fmt: skip
    outcome = history(run)
    assert {values_of(run, outcome)[f"{t}:{r}"] for t in ("firms", "output")
            for r in ("core", "broad")} == {0.0}  # fmt: skip
    assert paid_by_year(outcome) == [0] * YEARS


def test_firms_to_which_nothing_happens_stay_as_they_are(directory: Path) -> None:
    run = industry_run(directory, {"side_firms": 7, "side_output": 5e6})
    outcome = history(run)
    assert at_year_ends(run, outcome, "firms:core") == [START] * 6
    assert at_year_ends(run, outcome, "firms:broad") == [START + 7] * 6
    assert at_year_ends(run, outcome, "output:core") == pytest.approx([OUTPUT] * 6)
    assert at_year_ends(run, outcome, "output:broad") == pytest.approx([OUTPUT + 5e6] * 6)


def test_what_is_drawn_of_firms_is_rounded_to_whole_ones(directory: Path) -> None:
    run = industry_run(directory, {"core_firms": 39.6, "side_firms": 6.6})
    assert city_of(run).part(Industry).living == {True: 40.0, False: 47.0}


# ------------------------------------------------------------------------------------------ theory


def test_births_are_poisson(directory: Path, seed: int) -> None:
    """Mean and variance of the number founded in five years; districts by economic strength."""
    districts = [district(900101, gdp=100.0), district(900102, gdp=300.0)]
    run = industry_run(directory, {"founding_rate": 0.2}, districts=districts, seed=seed)
    outcomes = replications(run)
    born = values(run, outcomes, "firms:core") - START
    expected = START * 0.2 * YEARS
    assert_mean(born, expected, "firms founded")
    dispersion = ((born - born.mean()) ** 2).sum() / expected
    low, high = (stats.chi2.ppf(q, len(born) - 1) for q in (ALARM / 2.0, 1.0 - ALARM / 2.0))
    assert low <= dispersion <= high
    column = layout_of(run).district_indicators.index("firms:core")
    by_district = np.sum([o.district_series[-1, :, column] for o in outcomes], axis=0)
    assert_count(int(by_district[1]), int(by_district.sum()), 0.75, "the stronger district")


def test_exits_are_exponential(directory: Path, seed: int) -> None:
    """Each firm is still there after five years with probability (1 - yearly rate) ** 5."""
    run = industry_run(directory, {"exit_rate": 0.1}, seed=seed)
    left = values(run, replications(run), "firms:core")
    assert_count(int(left.sum()), START * REPLICATIONS, 0.9**YEARS, "survivors")


def test_births_that_replace_exits_keep_the_mean_number(directory: Path, seed: int) -> None:
    """M/G/infinity: with births at the rate N h a stock of N firms stays N in the mean."""
    hazard = -math.log(1.0 - 0.3)
    run = industry_run(directory, {"exit_rate": 0.3, "founding_rate": hazard}, seed=seed)
    firms = series(run, replications(run), "firms:core")
    for year in range(1, 6):
        assert_mean(firms[:, year], START, f"firms after {year} years")


def test_growth_is_log_normal_with_its_mean(directory: Path, seed: int) -> None:
    run = industry_run(directory, {"growth": 0.15, "growth_spread": 0.4}, seed=seed)
    output = values(run, replications(run), "output:core")
    assert_mean(output / OUTPUT, 1.15**YEARS, "growth of five years")
    assert output.std() > 0.0


def test_new_firms_have_the_mean_output_of_entry_at_the_prices_of_the_year(
    directory: Path, seed: int
) -> None:
    """Those of year y enter at 1.1 ** y times the first year's output and grow from the next on."""
    numbers = {"founding_rate": 0.5, "core_output": 0.0, "growth": 0.2}
    run = settings(
        industry_run(directory, numbers, seed=seed), {"parameters.cost_inflation": fixed(0.1)}
    )
    expected = sum(START * 0.5 * 1.0e6 * 1.1**y * 1.2 ** (YEARS - 1 - y) for y in range(YEARS))
    assert_mean(values(run, replications(run), "output:core"), expected, "output of new firms")


def test_incubators_bring_and_shelter_firms(directory: Path, seed: int) -> None:
    """One incubator from January 2016: half a year's births in 2016, then four years' in full.

    What it shelters never closes here, while all other firms close nearly at once.
    """
    run = industry_run(
        directory,
        {"incubator_births": 6.0, "incubator_exit_factor": 0.0, "exit_rate": 0.999999,
         "core_firms": 1, "helped_core_share": 0.25},
        programmes={"nest": {"goal": 1}}, helpers={"incubators": "nest"}, seed=seed,
    )  # fmt: skip
    outcomes = replications(run)
    firms = values(run, outcomes, "firms:broad")
    core = values(run, outcomes, "firms:core")
    assert values_of(run, outcomes[0])["nest"] == 1
    # The one firm of the start may live for weeks, never for a year.
    assert_mean(firms, 6.0 * 4.5, "sheltered firms")
    assert_count(int(core.sum()), int(firms.sum()), 0.25, "core firms")
    assert at_year_ends(run, outcomes[0], "firms_in_incubators")[-1] == firms[0]


def test_a_place_in_an_incubator_ends(directory: Path, seed: int) -> None:
    """Sheltered for s years of hazard 0, then exposed: mean of the stay of a Poisson stream."""
    stay = 1.0
    run = industry_run(
        directory,
        {"incubator_births": 8.0, "incubator_exit_factor": 0.0, "exit_rate": 0.5,
         "incubation_years": stay, "core_firms": 0},
        programmes={"nest": {"goal": 1}}, helpers={"incubators": "nest"}, seed=seed,
    )  # fmt: skip
    hazard = math.log(2.0)

    def alive(rate: float, begin: float) -> float:
        """Mean number at the end of those founded uniformly in the year from ``begin``."""
        ages = YEARS - begin - (np.arange(10_000) + 0.5) / 10_000
        return rate * float(np.exp(-hazard * np.maximum(0.0, ages - stay)).mean())

    expected = alive(4.0, 0.0) + sum(alive(8.0, year) for year in (1, 2, 3, 4))
    assert_mean(values(run, replications(run), "firms:core"), expected, "firms")


def test_the_lives_of_firms_only_gain_from_a_lower_hazard(directory: Path, seed: int) -> None:
    low, high = (
        industry_run(directory, {"exit_rate": rate, "founding_rate": 0.2}, seed=seed)
        for rate in (0.1, 0.2)
    )
    fewer = values(high, replications(high, 30), "firms:core")
    assert (values(low, replications(low, 30), "firms:core") >= fewer).all()


def test_more_firms_in_one_district_leave_those_of_the_others_as_they_are(
    directory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A firm is known by its district, kind, year and number in them, whoever else is founded."""
    run = industry_run(
        directory, {"founding_rate": 0.5}, districts=[district(900101), district(900102)]
    )
    city = city_of(run)
    (industry,) = (part for part in city.parts if isinstance(part, Industry))
    entries: list[Entry] = []

    def noted(entry: Entry) -> Any:
        entries.append(entry)
        return industry.firms.rows[:0]

    monkeypatch.setattr(industry.firms, "enter", noted)
    for first in (0.5, 0.999):
        uniforms = np.array([[0.9, 0.9], [first, 0.9]])
        industry._found(0, uniforms, np.zeros(2))
    few, many = entries
    assert len(many.keys) > len(few.keys)
    keys = [[e.keys[e.places == place].tolist() for place in (0, 1)] for e in entries]
    assert keys[0][1] == keys[1][1] != []
    assert keys[0][0] == keys[1][0][: len(keys[0][0])] != []
    assert len(np.unique(many.keys)) == len(many.keys)


# ----------------------------------------------------------------------------------------- by hand


def test_rd_centres_raise_growth_by_hand(directory: Path) -> None:
    """One centre opens in January 2016 and counts half in that year, two more never come."""
    run = industry_run(
        directory,
        {"growth": 0.10, "rd_centre_growth": 0.04},
        programmes={"centre": {"goal": 1}}, helpers={"rd_centres": "centre"},
    )  # fmt: skip
    output = at_year_ends(run, history(run), "output:core")
    factors = [1.0, 1.12, 1.12 * 1.14, 1.12 * 1.14**2, 1.12 * 1.14**3, 1.12 * 1.14**4]
    assert output == pytest.approx([OUTPUT * factor for factor in factors])


def test_support_is_the_share_of_what_is_free_to_the_yuan(directory: Path) -> None:
    """A million a year comes in; every 25 November half of what is there goes to firms."""
    run = industry_run(directory, {"support_share": 0.5}, budget={"public_total": 5_000_000})
    outcome = history(run)
    assert paid_by_year(outcome) == [500_000, 750_000, 875_000, 937_500, 968_750]
    assert at_year_ends(run, outcome, "firm_support")[-1] == 4_031_250


def test_no_firm_gets_two_grants_a_year(directory: Path) -> None:
    run = industry_run(
        directory, {"support_share": 1.0, "core_firms": 3}, budget={"public_total": 5_000_000}
    )
    assert paid_by_year(history(run)) == [300_000] * YEARS


def test_contracts_keep_their_money(directory: Path) -> None:
    """Of the first million a hall takes 400 000 at contract, 400 000 wait for its completion."""
    run = industry_run(
        directory,
        {"support_share": 0.5},
        programmes={"hall": {"goal": 1, "unit_cost": 800_000, "build_months": 50}},
        budget={"public_total": 5_000_000},
    )
    assert paid_by_year(history(run))[0] == 100_000


def test_support_raises_births_in_the_following_year(directory: Path, seed: int) -> None:
    """500 000 yuan in 2016 are five grants; each brings two firms in 2017, none in 2016."""
    run = industry_run(
        directory,
        {"support_share": 0.5, "support_births": 2.0},
        budget={"public_total": 5_000_000}, seed=seed,
    )  # fmt: skip
    outcomes = replications(run)
    founded = series(run, outcomes, "firms_founded")
    assert (founded[:, 1] == 0.0).all()
    assert_mean(founded[:, 2], 5 * 2.0, "firms founded in 2017")
    assert_mean(founded[:, 3] - founded[:, 2], 7.5 * 2.0, "firms founded in 2018")


def test_money_of_a_district_supports_its_own_firms(directory: Path, seed: int) -> None:
    """All firms but few stand in the district without money, and the births are in the other."""
    districts = [district(900101, gdp=100.0), district(900102, gdp=100.0, population=300_000)]
    run = settings(
        industry_run(
            directory, {"support_share": 1.0, "support_births": 3.0}, districts=districts,
            budget={"public_total": 50_000_000}, seed=seed,
        ),
        {"allocation.rule": "custom", "allocation.weights": {"900101": 0.0, "900102": 1.0},
         "allocation.city_shares": {}, "allocation.capital_share": 0.0},
    )  # fmt: skip
    outcome = history(run)
    column = layout_of(run).district_indicators.index("firms:broad")
    firms = outcome.district_series[:, :, column]
    assert (firms[:, 0] == firms[0, 0]).all()
    assert firms[-1, 1] > firms[0, 1]


def test_what_is_missing_has_its_reasons(directory: Path, seed: int) -> None:
    """Firms: those that closed, then those never founded. Output: what closed, births, growth."""
    run = industry_run(directory, {"exit_rate": 0.2, "growth": 0.1}, seed=seed)
    outcome = history(run)
    firms, output = (values_of(run, outcome)[f"{name}:core"] for name in ("firms", "output"))
    reasons = {(name, stage): n for _, name, stage, *_, n in outcome.delays}
    closed = START - firms
    assert reasons["firms", "unmet:exits"] == closed
    assert reasons["firms", "unmet:too_few_births"] == 500 - START
    missing = math.ceil(1e11 - output)
    by_reason = [n for (name, _), n in reasons.items() if name == "output"]
    assert sum(by_reason) == missing
    assert reasons["output", "unmet:too_few_births"] == round((500 - START) * output / firms)


# ----------------------------------------------------------------------------------- the real plan


def test_firms_are_conserved_in_the_real_plan(real_run: Run, real_worker: Worker) -> None:
    layout = real_worker.layout
    at = layout.city_indicators.index
    for replication in range(3):
        outcome = real_worker.replicate(replication)
        series = outcome.city_series
        broad = series[:, at("firms:broad")]
        change = series[:, at("firms_founded")] - series[:, at("firms_closed")]
        assert (broad == broad[0] + change).all()
        assert (series[:, at("firms:core")] <= broad).all()
        for indicator in ("firms:core", "firms:broad", "industry_output:broad"):
            by_district = outcome.district_series[
                -1, :, layout.district_indicators.index(indicator)
            ]
            assert by_district.sum() == pytest.approx(series[-1, at(indicator)])


def test_the_start_is_the_baseline(real_run: Run, real_worker: Worker) -> None:
    draw = real_worker.draw(0)
    start = real_worker.replicate(0).city_series[0]
    at = real_worker.layout.city_indicators.index
    core, side = draw["firms_baseline"], draw["side_firms_baseline"]
    assert start[at("firms:core")] == core
    assert start[at("firms:broad")] == core + side
    assert start[at("industry_output:core")] == pytest.approx(draw["industry_output_baseline"])


def test_the_output_asked_for_is_out_of_reach_at_any_budget(real_run: Run) -> None:
    """1e11 yuan is what the whole nation's industry came to in 2018.

    The city's share of it by population is some 2e9. To reach the goal the main-business firms
    would have to grow fiftyfold in five years, and no money buys that here: support reaches every
    firm at most once a year, incubators and centres end with their quota, and a new firm is small.
    A model that gets there easily is wrong.
    """
    for factor in (1, 100):
        run = settings(
            real_run, {"budget.public_total": real_run.budget.public_total * factor}, record="city"
        )
        output = values(run, replications(run, 8), "industry_output:core")
        assert (output < 5e10).all()


def test_the_log_tells_the_life_of_every_firm(real_run: Run) -> None:
    outcome = history(real_run)
    assert outcome.log is not None
    founded, closed = (
        {e.entity for e in outcome.log if e.entity.startswith("firm/") and e.event == event}
        for event in ("founded", "closed")
    )
    at = layout_of(real_run).city_indicators.index
    assert len(founded) == outcome.city_series[-1, at("firms_founded")]
    assert len(closed) == outcome.city_series[-1, at("firms_closed")]
    assert sum(e.event == "supported" for e in outcome.log) == YEARS


def test_support_is_paid_out_of_what_was_released(real_run: Run) -> None:
    outcome = history(real_run)
    assert sum(paid_by_year(outcome)) > 0
    poor = settings(real_run, {"budget.public_total": 0, "budget.social_total": 0})
    assert paid_by_year(history(poor)) == [0] * YEARS


# ------------------------------------------------------------------------------------ day by day


@pytest.mark.parametrize(
    ("issued", "first"), [("2016-11-24", 500_000), ("2016-11-25", 500_000), ("2016-11-26", 0)]
)
def test_support_begins_on_the_day_on_which_the_plan_is_issued(
    directory: Path, issued: str, first: int
) -> None:
    """Support is paid on 25 November, of half of a million."""
    run = industry_run(directory, {"support_share": 0.5}, budget={"public_total": 5_000_000})
    run = settings(run, {"plan.issued": issued, "plan.calendar.first_window": issued})
    assert paid_by_year(history(run))[0] == first


# ------------------------------------------------------------------------- firm by firm, by hand


def entry(places: list[int], year: int, **changes: Any) -> Entry:
    """Core firms with a mean output of one, never sheltered."""
    count = len(places)
    values = {
        "keys": entity_keys("test", year + 1, np.arange(count)), "places": np.array(places),
        "core": np.ones(count, dtype=np.int64), "mean_output": np.ones(count),
        "shelter_chance": np.zeros(count), "shelter_years": 0.0, "year": year,
    }  # fmt: skip
    return Entry(**{**values, **changes})


def test_a_year_wears_firms_down_by_the_hazard_that_they_are_exposed_to() -> None:
    """At a hazard of 0.5, a fifth of it under shelter, the year from 2 to 3 takes 0.5 of a firm
    that lives through it, 0.4 of one that lives for four fifths, 0.1 of one under shelter all the
    time, and 0.1 x 0.5 + 0.5 x 0.25 of one founded at 2.25 and sheltered until 2.75."""
    firms = Firms(Streams(1, 0), Vitality(0.0, 0.0, hazard=0.5, shelter_factor=0.2))
    firms.enter(entry([0, 0, 0, 0, 0], -1))
    rows = firms.rows
    rows["founded"] = [-0.5, 2.2, 1.0, 2.25, 1.0]
    rows["sheltered_until"] = [-0.5, 2.2, 9.0, 2.75, 1.5]
    rows["endurance"] = 1.0
    rows["endurance"][4] = 0.5  # as much as the year takes
    rows["output"][4] = 7.0
    assert firms.sheltered(2.5) == 2
    gone = firms.age(2)
    assert gone["number"].tolist() == [5]
    left = [1 - 0.5, 1 - 0.4, 1 - 0.1, 1 - (0.05 + 0.125)]
    assert firms.rows["endurance"].tolist() == pytest.approx(left)
    assert (firms.closed.tolist(), firms.output_closed.tolist()) == ([0, 1], [0.0, 7.0])


def test_firms_are_numbered_as_they_enter_and_only_new_ones_were_founded() -> None:
    firms = Firms(Streams(1, 0), Vitality(0.0, 0.0, 0.0, 1.0))
    firms.enter(entry([0, 1], -1))
    rows = firms.enter(entry([1, 1, 0], 0, core=np.array([1, 0, 1])))
    assert rows["number"].tolist() == [3, 4, 5]
    assert (firms.founded, len(firms.rows)) == (3, 5)
    assert ((firms.rows["founded"] >= [-1, -1, 0, 0, 0]) & (firms.rows["founded"] < 1.0)).all()
    assert (firms.rows["founded"][:2] < 0.0).all()


def test_a_sheltered_firm_stays_for_its_years() -> None:
    firms = Firms(Streams(1, 0), Vitality(0.0, 0.0, 0.0, 1.0))
    rows = firms.enter(entry([0, 0], 1, shelter_chance=np.array([1.0, 0.0]), shelter_years=3.0))
    assert (rows["sheltered_until"] - rows["founded"]).tolist() == pytest.approx([3.0, 0.0])


def test_outputs_are_scaled_to_their_totals_and_nothing_to_anything() -> None:
    firms = Firms(Streams(1, 0), Vitality(0.5, 0.0, 0.0, 1.0))
    firms.enter(entry([0, 0, 0], -1))
    before = firms.rows["output"].copy()
    firms.scale([500.0, 60.0])
    assert firms.rows["output"].sum() == pytest.approx(60.0)
    assert (firms.rows["output"] / before).tolist() == pytest.approx([60.0 / before.sum()] * 3)


def test_output_grows_from_the_year_after_the_founding(seed: int) -> None:
    firms = Firms(Streams(seed, 0), Vitality(0.0, 0.0, 0.0, 1.0))
    firms.enter(entry([0], -1))
    firms.enter(entry([0], 2))
    firms.grow(0.1, 2)
    assert firms.rows["output"].tolist() == pytest.approx([1.1, 1.0])
    firms.grow(0.1, 3)
    assert firms.rows["output"].tolist() == pytest.approx([1.21, 1.1])


def test_no_two_firms_of_a_history_are_one(directory: Path) -> None:
    """Of the start and of every year, side and core, in both districts."""
    run = industry_run(
        directory, {"founding_rate": 1.0, "side_firms": 30},
        districts=[district(900101), district(900102)],
    )  # fmt: skip
    city = city_of(run)
    city.run()
    rows = city.part(Industry).firms.rows
    assert len(rows) > 200
    assert len(np.unique(rows["key"])) == len(np.unique(rows["number"])) == len(rows)


def two_cities(directory: Path) -> City:
    """Four firms, three of them core firms, one of these in the second district; they turn out 1,
    2, 4 and 8 yuan. Support costs 100 yuan a firm, at prices that rise by half a year."""
    run = industry_run(
        directory,
        {"core_firms": 3, "side_firms": 1, "support_share": 0.5, "support_cost": 100.0},
        districts=[district(900101), district(900102)],
        programmes={"hall": {"goal": 1, "pool": "district", "place": "districts",
                             "quota_key": "population", "unit_cost": 10**12}},
    )  # fmt: skip
    city = city_of(settings(run, {"parameters.cost_inflation": fixed(0.5)}))
    industry = city.part(Industry)
    rows = industry.firms.rows
    rows["core"], rows["place"], rows["output"] = [0, 1, 1, 1], [0, 0, 0, 1], [1.0, 2.0, 4.0, 8.0]
    industry._count(0)
    return city


def test_firms_and_their_output_are_counted_by_kind_and_district(directory: Path) -> None:
    city = two_cities(directory)
    measures = {measure.row.indicator: measure for measure in city.scoreboard.measures[-4:]}
    assert {name: (one.value(), one.by_district()) for name, one in measures.items()} == {
        "firms:core": (3.0, [2.0, 1.0]),
        "firms:broad": (4.0, [3.0, 1.0]),
        "output:core": (14.0, [6.0, 8.0]),
        "output:broad": (15.0, [7.0, 8.0]),
    }


def test_support_of_city_and_districts_by_hand(directory: Path) -> None:
    """In the second year a grant is 150 yuan. The first district has 1 000 yuan and gives its three
    firms a grant each, 450; the second has 160 and gives half of them, 80; the city gives half of
    480, by firms: 180 and 60."""
    city = two_cities(directory)
    industry = city.part(Industry)
    own, first, second = city.envelopes.of("industry")
    own.public, first.public, second.public = 480, 1_000, 160
    grants = industry._support(1)
    assert grants.tolist() == pytest.approx([(450 + 180) / 150, (80 + 60) / 150])
    assert (own.public, first.public, second.public) == (240, 550, 80)
    assert industry.paid == 450 + 80 + 240


def test_missing_firms_and_output_are_put_down_to_exits_births_and_growth(directory: Path) -> None:
    """Four side and three core firms have closed, which turned out 40 and 30 yuan. The goal of 500
    firms lacks 497 core firms or 496 of all; those of them that did not close were never founded,
    at a mean output of 14 / 3 or 15 / 4."""
    city = two_cities(directory)
    firms = city.part(Industry).firms
    firms.closed, firms.output_closed = np.array([4, 3]), np.array([40.0, 30.0])
    measures = {measure.row.indicator: measure for measure in city.scoreboard.measures[-4:]}
    assert measures["firms:core"].unmet(10) == {"exits": 3, "too_few_births": 7}
    assert measures["firms:broad"].unmet(10) == {"exits": 7, "too_few_births": 3}
    assert measures["firms:broad"].unmet(5) == {"exits": 5, "too_few_births": 0}
    core, broad = round(494 * 14 / 3), round(489 * 15 / 4)
    for name, exits, births in (("core", 30, core), ("broad", 70, broad)):
        assert measures[f"output:{name}"].unmet(10_000) == {
            "exits": exits, "too_few_births": births, "growth": 10_000 - exits - births,
        }  # fmt: skip
        assert measures[f"output:{name}"].unmet(100) == {
            "exits": exits, "too_few_births": 100 - exits, "growth": 0,
        }  # fmt: skip
    firms.rows = firms.rows[:0]
    city.part(Industry)._count(0)
    assert measures["output:core"].unmet(100) == {"exits": 30, "too_few_births": 70, "growth": 0}
