"""Literacy: the trend to the last digit, what contacts add to it, and what surveys see of it.

Micro-plans have two districts, a town and a village, in zones of their own.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable, Generator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.special import expit, logit
from simpy.events import Event

from sim.config.errors import ConfigError
from sim.config.schema import Run
from sim.config.validation import validate
from sim.model.city import City, simulate
from sim.model.kernel.clock import Phase
from sim.model.kernel.measure import missing_units
from sim.model.kernel.streams import Streams
from sim.model.parts.literacy import Literacy, sampling_errors, share_of, spread
from sim.model.parts.reach import Reach
from sim.model.record import Layout, Outcome
from sim.plan.plan import Plan, Scenario
from sim.study.worker import Worker
from tests.factory import Json, district, fixed, history, layout_of, micro_run, settings, values_of
from tests.tolerance import assert_mean, t_limit

CITY, NATION = 4.74, 6.2
MANY = 1e30
"""So large a sample that a survey sees the truth."""
PEOPLE = (300_000, 100_000)
WEIGHTS = np.array(PEOPLE) / sum(PEOPLE)
URBAN = np.array([0.9, 0.3])
YEARS = np.arange(6)
YEAR_ENDS = [0, 4, 8, 12, 16, 20]
"""Positions of the start and of year ends among the days on which the city is recorded."""

EFFECTS = tuple(f"{kind}_effect" for kind in ("visits", "events", "media", "training"))
PARAMETERS: dict[str, Json] = {
    "measured": fixed(CITY),
    "measured_nation": fixed(NATION),
    "persons": fixed(MANY),
    "deff": fixed(1.0),
    "slope": fixed(0.134),
    "deviation": fixed(0.02),
    "noise": fixed(0.0),
    "previous": fixed(0.0),
    "visits_effect": fixed(0.0),
    "urban_a": fixed(100 * URBAN[0]),
    "urban_b": fixed(100 * URBAN[1]),
    "lead": fixed(1.2),
}
SECTION: Json = {
    "city": "measured",
    "nation": "measured_nation",
    "start": {"city": "persons", "nation": "persons"},
    "surveys": [{"year": y, "city": "persons", "nation": "persons"} for y in (2018, 2020)],
    "design_effect": "deff",
    "slope": "slope",
    "deviation": "deviation",
    "district_noise": "noise",
    "previous_year": "previous",
    "contacts": {"visits": {"effect": "visits_effect"}},
    "urbanisation": {"a": "urban_a", "b": "urban_b"},
    "urbanisation_effect": "lead",
    "ahead": ["a"],
    "behind": ["b"],
}
GOALS: dict[str, tuple[str, float]] = {
    "gain": (">=", 4.0),
    "gap": ("<", 1.46),
    "regional_gap": ("<", 0.0),
    "urban_rural_gap": ("<", 0.0),
}
TARGETS: dict[str, Json] = {
    count: {
        "measure": "stock",
        "comparator": comparator,
        "goal": goal,
        "baseline": 1.46 if count == "gap" else 0.0,
        "measured_by": {"type": "literacy", "count": count},
    }
    for count, (comparator, goal) in GOALS.items()
}
HALL = {"goal": 1, "unit_cost": 10**12, "visits": 1_000}
"""A programme that never builds anything: what stands of it stood at the start."""


def literacy_run(
    directory: Path,
    parameters: dict[str, Json] | None = None,
    programmes: dict[str, Json] | None = None,
    section: Json | None = None,
    **more: Any,
) -> Run:
    return micro_run(
        directory,
        programmes or {"hall": HALL},
        districts=[
            district(900101, zone="a", population=PEOPLE[0]),
            district(900102, zone="b", population=PEOPLE[1]),
        ],
        parameters=PARAMETERS | (parameters or {}),
        targets=TARGETS,
        sections={"literacy": SECTION | (section or {})},
        record="full",
        **more,
    )


def series(run: Run, outcome: Outcome, indicator: str) -> np.ndarray:
    return outcome.city_series[:, layout_of(run).city_indicators.index(indicator)]


def at_start(share: float) -> np.ndarray:
    """Log-odds of the two districts, found by bisection: the city's value is ``share``."""
    low, high = -30.0, 30.0
    for _ in range(200):
        middle = (low + high) / 2.0
        if 100.0 * WEIGHTS @ expit(middle + 1.2 * URBAN) < share:
            low = middle
        else:
            high = middle
    return low + 1.2 * URBAN


# ------------------------------------------------------------------------------------- the trend


def test_without_noise_and_contacts_log_odds_grow_by_the_trend(directory: Path) -> None:
    run = literacy_run(directory)
    outcome = history(run)
    districts = 100.0 * expit(at_start(CITY) + 0.154 * YEARS[:, None])
    city = districts @ WEIGHTS
    nation = 100.0 * expit(logit(NATION / 100.0) + 0.134 * YEARS)
    slope = (districts[:, 0] - districts[:, 1]) / (URBAN[0] - URBAN[1])
    expected = {
        "city": city,
        "nation": nation,
        "gain": city - CITY,
        "gap": nation - city,
        "regional_gap": np.diff(districts[:, ::-1])[:, 0] - np.diff(districts[0, ::-1]),
        "urban_rural_gap": slope - slope[0],
    }
    for what, values in expected.items():
        found = series(run, outcome, f"literacy_{what}_true")[YEAR_ENDS]
        assert found == pytest.approx(values, abs=1e-9), what
    by_district = outcome.district_series[
        YEAR_ENDS, :, layout_of(run).district_indicators.index("gain")
    ]
    assert by_district == pytest.approx(districts - districts[0], abs=1e-9)


def test_nothing_moves_between_year_ends(directory: Path) -> None:
    run = literacy_run(directory)
    true = series(run, history(run), "literacy_city_true")
    for end in YEAR_ENDS[:-1]:
        assert (true[end : end + 4] == true[end]).all()


def test_the_city_moves_with_the_nation_but_for_its_own_deviation(real_run: Run) -> None:
    """Without a deviation, noise, and differences between districts both rise alike."""
    still = ("deviation", "district_noise", "urbanisation_effect", *EFFECTS)
    quiet = {f"parameters.literacy_{name}": fixed(0.0) for name in still}
    run = settings(real_run, quiet)
    outcome = history(run, trace=False)
    moved = [
        logit(series(run, outcome, f"literacy_{where}_true")[[0, -1]] / 100.0)
        for where in ("city", "nation")
    ]
    assert np.diff(moved[0])[0] == pytest.approx(np.diff(moved[1])[0], abs=1e-9)


# --------------------------------------------------------------------------------- the start


@pytest.mark.parametrize("share", [0.01, 4.74, 50.0, 99.0])
def test_districts_are_spread_so_that_their_mean_is_the_value_given(share: float) -> None:
    rng = np.random.default_rng(1)
    weights = rng.dirichlet(np.ones(38))
    offsets = rng.normal(0.0, 1.5, 38)
    log_odds = spread(share, weights, offsets)
    assert weights @ share_of(log_odds) == pytest.approx(share, rel=1e-12)
    assert np.diff(log_odds - offsets) == pytest.approx(np.zeros(37), abs=1e-12)


def test_the_city_is_the_mean_of_its_districts_by_population(real_run: Run) -> None:
    run = settings(real_run, record="full")
    outcome = history(run, trace=False)
    plan = Plan.of(run)
    people = np.array([d.population for d in plan.districts], dtype=float)
    gains = outcome.district_series[:, :, layout_of(run).district_indicators.index("literacy_gain")]
    city = series(run, outcome, "literacy_gain_true")
    assert gains @ people / people.sum() == pytest.approx(city, abs=1e-9)


def test_a_district_that_is_more_urban_starts_higher(directory: Path) -> None:
    run = literacy_run(directory, {"lead": fixed(0.0)})
    outcome = history(run)
    assert series(run, outcome, "literacy_urban_rural_gap_true") == pytest.approx(np.zeros(21))
    start = at_start(CITY)
    assert start[0] - start[1] == pytest.approx(1.2 * 0.6)


# ------------------------------------------------------------------------------------- contacts


def halls(directory: Path, **changes: Any) -> Run:
    """One hall a district at the start, whose visits the purse pays for alone."""
    target = {"hall": {"measure": "stock", "goal": 2, "baseline": 2,
                       "measured_by": {"type": "delivered", "programme": "hall"}}}  # fmt: skip
    hall = {k: v for k, v in HALL.items() if k != "goal"} | {
        "target": "hall", "running_cost": 1_000_000, "quota_key": "equal",
    }  # fmt: skip
    named = {"visits_effect": fixed(0.03), "existing_run_share": fixed(1.0)}
    return micro_run(
        directory,
        {"hall": hall},
        districts=[
            district(900101, zone="a", population=100_000),
            district(900102, zone="b", population=100_000),
        ],
        parameters=PARAMETERS | named | changes.pop("parameters", {}),
        targets=TARGETS | target,
        sections={"literacy": SECTION},
        record="full",
        **changes,
    )


def rises(run: Run, prepare: Callable[[City], object] = lambda _: None) -> np.ndarray:
    """How much the log-odds rose, by year (0 is the first) and district, in a city prepared."""
    worker = Worker(run)
    layout = Layout.of(worker.plan, worker.scenario, run.record)
    city = City(worker.plan, worker.scenario, worker.draw(0), Streams(run.seed, 0), layout)
    literacy = city.part(Literacy)
    assert isinstance(literacy, Literacy)
    start = literacy.log_odds.copy()
    prepare(city)
    outcome = city.run()
    gains = outcome.district_series[:, :, layout.district_indicators.index("gain")]
    shares = (share_of(start) + gains)[YEAR_ENDS] / 100.0
    return np.diff(logit(shares), axis=0)


def pace(run: Run, year: int) -> np.ndarray:
    """How much the log-odds of every district rose in a year (0 is the first)."""
    rise: np.ndarray = rises(run)[year]
    return rise


def test_with_the_contacts_of_the_start_only_the_trend_is_left(directory: Path) -> None:
    assert pace(halls(directory), 4) == pytest.approx(0.154, abs=1e-9)


def test_without_any_contacts_the_effect_is_lost_and_the_trend_stays(directory: Path) -> None:
    """No money: the purses pay nothing from the first release on, so there are no more visits.

    log2((1 + 0) / (1 + 1)) = -1: the effect is what is lost.
    """
    run = halls(directory, budget={"public_total": 0})
    assert pace(run, 4) == pytest.approx(0.154 - 0.03, abs=1e-9)
    assert 0.154 - 0.03 < pace(run, 0)[0] < 0.154  # halls were open until the first release


def test_last_years_contacts_count_by_their_weight(directory: Path) -> None:
    """Closed in 2017: its loss falls on 2017 by 0.25 and on 2018 by 0.75."""
    closed = {"kind": "closure", "start": "2017-01-01", "end": "2017-12-31", "size": 1.0}
    run = settings(halls(directory, parameters={"previous": fixed(0.75)}), {"shocks": [closed]})
    usual = 0.154
    now = usual + 0.03 * math.log2((1 + 0.75) / 2)
    later = usual + 0.03 * math.log2((1 + 0.25) / 2)
    for year, expected in ((0, usual), (1, now), (2, later), (3, usual)):
        assert pace(run, year) == pytest.approx(expected, abs=1e-9), year


def test_what_reaches_people_on_the_last_day_of_a_year_counts_in_that_year(directory: Path) -> None:
    """Events come late in the day: as many contacts as a year's visits, on 31 December 2016."""

    def event(city: City) -> Generator[Event, None, None]:
        yield city.world.clock.at(city.world.calendar.year_ends[0], Phase.ACTIVITIES)
        city.part(Reach).add("visits", 0, city.part(Reach).contacts["visits"][0, 0], 0)

    rise = rises(halls(directory), lambda city: city.world.clock.process(event(city)))
    assert rise[0] == pytest.approx([0.154 + 0.03 * math.log2(3 / 2), 0.154], abs=1e-9)


def test_a_closure_takes_the_days_it_lasts(directory: Path) -> None:
    """73 of 365 days closed to 50 %: a tenth of the year's visits."""
    closed = {"kind": "closure", "start": "2018-02-01", "end": "2018-04-14", "size": 0.5}
    run = settings(halls(directory), {"shocks": [closed]})
    assert pace(run, 2) == pytest.approx(0.154 + 0.03 * math.log2(1.9 / 2), abs=1e-9)


def test_contacts_elsewhere_go_on(directory: Path) -> None:
    """As many contacts elsewhere as visits: without money half of all contacts are left."""
    section = SECTION | {"contacts": {"visits": {"effect": "visits_effect", "elsewhere": "others"}}}
    run = halls(
        directory, budget={"public_total": 0}, parameters={"others": fixed(1_000 / 100_000)}
    )
    run = settings(run, {"plan.literacy": section})
    assert pace(run, 4) == pytest.approx(0.154 + 0.03 * math.log2(1.5 / 2), abs=1e-9)


def test_broadcasts_reach_the_whole_city_by_population(directory: Path) -> None:
    """Two programmes of 40 000 contacts a year each, on the air since the start of 2016."""
    air = {
        "goal": 2, "pool": "city", "place": "city", "quota_key": "city", "visits": 40_000,
        "citywide": True, "unit_cost": 1_000,
    }  # fmt: skip
    section = {"contacts": {"media": {"effect": "visits_effect", "elsewhere": "others"}}}
    run = literacy_run(
        directory,
        {"visits_effect": fixed(0.03), "others": fixed(0.1)},
        {"air": air},
        section,
        allocation={"capital_share": 1.0},
    )
    worker = Worker(run)
    layout = Layout.of(worker.plan, worker.scenario, run.record)
    city = City(worker.plan, worker.scenario, worker.draw(0), Streams(run.seed, 0), layout)
    city.run()
    assert city.programmes["air"].total_open == 2
    assert city.part(Reach).contacts["media"][4] == pytest.approx(80_000 * WEIGHTS)
    assert city.part(Reach).contacts["visits"].sum() == 0.0
    rise = pace(run, 4)
    assert rise == pytest.approx(0.154 + 0.03 * math.log2((0.1 + 0.3) / 0.2), abs=1e-9)


def test_a_kind_of_contact_that_nobody_had_has_no_effect(directory: Path) -> None:
    run = literacy_run(directory, {"visits_effect": fixed(0.5)})
    assert series(run, history(run), "literacy_gain_true")[-1] == pytest.approx(
        WEIGHTS @ (100 * expit(at_start(CITY) + 0.77)) - CITY, abs=1e-9
    )


# ----------------------------------------------------------------------------- surveys and targets


def test_surveys_see_the_truth_if_they_ask_everybody(directory: Path) -> None:
    run = literacy_run(directory)
    outcome = history(run)
    layout = layout_of(run)
    for count in GOALS:
        survey = series(run, outcome, f"literacy_{count}_survey")
        true = series(run, outcome, f"literacy_{count}_true")
        assert np.flatnonzero(~np.isnan(survey)).tolist() == [0, 12, 20]
        assert survey[[0, 12, 20]] == pytest.approx(true[[0, 12, 20]], abs=1e-6)
        target = outcome.city_series[:, layout.city_indicators.index(count)]
        baseline = TARGETS[count]["baseline"]
        assert (target[:12] == baseline).all()  # as before the plan until the first survey
        assert (target[12:20] == survey[12]).all()
        assert target[20] == survey[20] == values_of(run, outcome)[count]


def test_targets_are_first_attained_on_the_day_of_a_survey(directory: Path) -> None:
    fast = literacy_run(directory, {"deviation": fixed(0.2)})
    outcome = history(fast)
    first = dict(zip([r.target for r in layout_of(fast).rows], outcome.first_attained, strict=True))
    assert first["gain"] == first["gap"] == 1095  # 2018-12-31
    assert first["regional_gap"] == -1


@pytest.mark.parametrize(("persons", "effect"), [(2_000.0, 1.0), (18_835.0, 1.5)])
def test_the_error_of_a_survey_has_the_standard_deviation_of_its_sample(
    directory: Path, seed: int, persons: float, effect: float
) -> None:
    """Squared errors over their variance have mean 1; errors have mean 0."""
    run = literacy_run(
        directory,
        {"persons": fixed(persons), "deff": fixed(effect)},
        section={"start": {"city": "everybody", "nation": "everybody"}},
    )
    run = settings(run, {"parameters.everybody": fixed(MANY)}, seed=seed, record="city")
    districts = 100.0 * expit(at_start(CITY) + 0.154 * 5)
    variance = WEIGHTS @ (districts * (100 - districts)) * effect / persons
    nation = 100.0 * expit(logit(NATION / 100.0) + 0.134 * 5)
    worker = Worker(run)
    errors = {"city": [], "nation": []}  # type: dict[str, list[float]]
    for replication in range(300):
        outcome = worker.replicate(replication)
        for where, found in errors.items():
            survey, true = (
                series(run, outcome, f"literacy_{where}_{how}")[-1] for how in ("survey", "true")
            )
            found.append(survey - true)
    for where, theory in (
        ("city", variance),
        ("nation", nation * (100 - nation) * effect / persons),
    ):
        standard = np.array(errors[where]) / math.sqrt(theory)
        assert_mean(standard, 0.0, where)
        assert_mean(standard**2, 1.0, f"variance, {where}")


def test_the_true_start_lies_around_the_measured_one(directory: Path, seed: int) -> None:
    run = literacy_run(directory, section={"start": {"city": "few", "nation": "few"}})
    run = settings(run, {"parameters.few": fixed(2_000)}, seed=seed, record="city")
    worker = Worker(run)
    shares = 100.0 * expit(at_start(CITY))
    sd = math.sqrt(WEIGHTS @ (shares * (100 - shares)) / 2_000)
    starts = []
    for replication in range(300):
        outcome = worker.replicate(replication)
        assert series(run, outcome, "literacy_city_survey")[0] == pytest.approx(CITY)
        starts.append(series(run, outcome, "literacy_city_true")[0])
    standard = (np.array(starts) - CITY) / sd
    assert_mean(standard, 0.0)
    assert_mean(standard**2, 1.0)


def test_a_sample_of_18835_has_an_error_of_a_fifth_of_a_point() -> None:
    error = sampling_errors(np.array([8.01]), np.array([18_835.0]), 1.0)[0]
    assert error == pytest.approx(0.198, abs=5e-4)


def test_the_noise_of_districts_has_its_standard_deviation(directory: Path, seed: int) -> None:
    run = literacy_run(directory, {"noise": fixed(0.05)})
    run = settings(run, seed=seed)
    worker = Worker(run)
    layout = layout_of(run)
    start = share_of(at_start(CITY))
    noise = []
    for replication in range(60):
        gains = worker.replicate(replication).district_series[
            YEAR_ENDS, :, layout.district_indicators.index("gain")
        ]
        noise += (np.diff(logit((start + gains) / 100.0), axis=0) - 0.154).ravel().tolist()
    standard = np.array(noise) / 0.05
    assert_mean(standard, 0.0)
    assert_mean(standard**2, 1.0)


# ----------------------------------------------------------------------------------- what held back


def unmet(outcome: Outcome) -> dict[str, tuple[str, int]]:
    return {
        row[1]: (row[2], row[7]) for row in outcome.delays if row[2].startswith("unmet:") and row[7]
    }


def test_a_target_that_the_trend_does_not_reach_is_held_back_by_it(directory: Path) -> None:
    run = literacy_run(directory, {"slope": fixed(0.08), "deviation": fixed(-0.03)})
    outcome = history(run)
    values = values_of(run, outcome)
    missing = {
        "gain": math.ceil(4.0 - values["gain"]),
        **{
            count: math.floor(values[count] - GOALS[count][1]) + 1
            for count in ("gap", "regional_gap", "urban_rural_gap")
        },
    }
    assert all(missing.values())
    assert unmet(outcome) == {count: ("unmet:trend", n) for count, n in missing.items()}


def test_contacts_that_were_lost_held_a_target_back_that_would_have_been_met(
    directory: Path,
) -> None:
    """By the trend alone the gain is 4.97; a loss of 0.06 a year leaves 2.98."""
    run = halls(directory, parameters={"visits_effect": fixed(0.06)}, budget={"public_total": 0})
    outcome = history(run)
    assert values_of(run, outcome)["gain"] < 4.0
    assert unmet(outcome)["gain"][0] == "unmet:exposure"


def test_a_survey_that_misses_what_is_true_held_the_target_back(directory: Path) -> None:
    """A true gain just above the goal: about half of the surveys find less."""
    run = literacy_run(
        directory,
        {"persons": fixed(500.0), "deviation": fixed(0.0)},
        section={"start": {"city": "everybody", "nation": "everybody"}},
    )
    run = settings(run, {"parameters.everybody": fixed(MANY)})
    worker = Worker(run)
    reasons = set()
    for replication in range(40):
        outcome = worker.replicate(replication)
        true = series(run, outcome, "literacy_gain_true")[-1]
        assert true > 4.0
        missed = values_of(run, outcome)["gain"] < 4.0
        assert missed == ("gain" in unmet(outcome))
        if missed:
            reasons.add(unmet(outcome)["gain"][0])
    assert reasons == {"unmet:survey_error"}


def test_missing_points_of_a_target_that_must_stay_below(real_run: Run) -> None:
    row = next(r for r in layout_of(real_run).rows if r.target == "literacy_gap")
    assert [missing_units(row, v) for v in (1.0, 1.46, 2.0, 2.46)] == [0, 1, 1, 2]


# ----------------------------------------------------------------------------------- the real plan


def test_without_money_literacy_still_rises(real_run: Run) -> None:
    """The trend alone is 0.09 a year at least, more than all losses of contacts can take."""
    poor = {"budget.public_total": 0, "budget.social_total": 0}
    run = settings(real_run, poor | {"parameters.literacy_deviation": fixed(0.0)})
    worker = Worker(run)
    for replication in range(8):
        gain = series(run, worker.replicate(replication), "literacy_gain_true")
        assert (np.diff(gain[YEAR_ENDS]) > 0.0).all()


def test_money_reaches_literacy_through_contacts_alone(real_run: Run) -> None:
    """Same draws: without effects of contacts both histories of literacy are equal."""
    deaf = {f"parameters.literacy_{name}": fixed(0.0) for name in EFFECTS}
    poor = {"budget.public_total": 0, "budget.social_total": 0}
    shown = [f"literacy_{what}_true" for what in ("gain", "gap", "regional_gap", "nation")]
    for changes, equal in ((deaf, True), ({}, False)):
        one, other = (settings(real_run, changes | more) for more in ({}, poor))
        first, second = history(one, 3, trace=False), history(other, 3, trace=False)
        same = [
            np.array_equal(series(one, first, name), series(other, second, name)) for name in shown
        ]
        assert same == [equal, equal, equal, True]  # the nation never notices
        for outcome, run in ((first, one), (second, other)):
            assert series(run, outcome, "literacy_city_survey")[0] == pytest.approx(CITY)


def test_more_visits_help_where_their_effect_is_positive(real_run: Run) -> None:
    rich = {"budget.public_total": 5_000_000_000}
    quiet = {f"parameters.literacy_{name}": fixed(0.0) for name in EFFECTS}
    gains = []
    for effect in (-0.02, 0.0, 0.04):
        own = {"parameters.literacy_visits_effect": fixed(effect)}
        run = settings(real_run, rich | quiet | own)
        worker = Worker(run)
        gains.append([series(run, worker.replicate(r), "literacy_gain_true")[-1] for r in range(6)])
    low, none, high = np.array(gains)
    assert (low < none).all()
    assert (none < high).all()


def test_a_further_survey_changes_no_other(real_run: Run) -> None:
    """A further survey changes no other one: numbers are named by year and place."""
    run = settings(real_run, record="city")
    plan = Plan.of(run)
    assert plan.spec.literacy is not None
    extra = plan.spec.literacy.surveys[0].model_copy(update={"year": 2016})
    literacy = plan.spec.literacy.model_copy(
        update={"surveys": [extra, *plan.spec.literacy.surveys]}
    )
    other = dataclasses.replace(plan, spec=plan.spec.model_copy(update={"literacy": literacy}))
    worker = Worker(run)
    found = []
    for each in (plan, other):
        outcome = simulate(each, Scenario.of(run), worker.draw(1), Streams(run.seed, 1))
        found.append(series(run, outcome, "literacy_gain_survey"))
    assert np.isnan(found[0][4])
    assert not np.isnan(found[1][4])
    assert found[0][[12, 20]].tolist() == found[1][[12, 20]].tolist()


def test_the_gain_depends_most_on_the_trend(real_run: Run) -> None:
    """Regression of the gain on the city's slope over draws: 5 years, p (1 - p) of the way."""
    worker = Worker(real_run)
    slopes, gains = [], []
    for replication in range(40):
        draw = worker.draw(replication)
        slopes.append(draw["literacy_slope"] + draw["literacy_deviation"])
        outcome = worker.replicate(replication)
        gains.append(series(real_run, outcome, "literacy_gain_true")[-1])
    r = float(np.corrcoef(slopes, gains)[0, 1])
    # Fisher's transformation: a correlation of 0.7 or more, given the error of 40 pairs.
    assert math.atanh(r) > math.atanh(0.7) - t_limit(40) / math.sqrt(37)


@pytest.mark.parametrize(
    ("key", "value", "message"),
    [
        ("ahead", ["nowhere"], "there is no zone 'nowhere'"),
        ("behind", ["nowhere"], "there is no zone 'nowhere'"),
        ("urbanisation", {"nowhere": "urbanisation_core"}, "there is no zone 'nowhere'"),
        ("slope", "no_such_number", "needs the parameter 'no_such_number'"),
        ("surveys", [{"year": 2021, "city": "literacy_sample_city_2018",
                      "nation": "literacy_sample_nation_later"}], "outside the horizon"),
    ],
)  # fmt: skip
def test_names_that_point_nowhere_are_refused(
    real_run: Run, key: str, value: Any, message: str
) -> None:
    config = settings(real_run, {f"plan.literacy.{key}": value}).model_dump(mode="json")
    with pytest.raises(ConfigError, match=message):
        validate(config)


# ------------------------------------------------------------------------- whose sample, which year


def test_the_sample_of_the_city_is_not_that_of_the_nation(directory: Path) -> None:
    """All of the city is asked and forty persons of the nation, or the other way round: the survey
    of whom everybody is asked is the truth, the other one is not."""
    for precise, rough in (("city", "nation"), ("nation", "city")):
        survey = {"year": 2018, precise: "persons", rough: "few"}
        run = literacy_run(
            directory, {"few": fixed(40.0)},
            section={"surveys": [survey, survey | {"year": 2020}]},
        )  # fmt: skip
        outcome = history(run)
        off = {
            what: series(run, outcome, f"literacy_{what}_survey")[20]
            - series(run, outcome, f"literacy_{what}_true")[20]
            for what in ("city", "nation")
        }
        assert off[precise] == pytest.approx(0.0, abs=1e-9)
        assert abs(off[rough]) > 1e-3


def test_every_survey_has_an_error_of_its_own(directory: Path, seed: int) -> None:
    """Where nothing moves, what differs between two surveys is chance: the errors of 2018 and 2020
    are not correlated. The errors of both are divided by their standard error, which depends on
    the share alone."""
    still = {"slope": fixed(0.0), "deviation": fixed(0.0), "few": fixed(2_000.0)}
    section = {
        "surveys": [{"year": y, "city": "few", "nation": "few"} for y in (2018, 2020)],
    }
    run = settings(literacy_run(directory, still, section=section), seed=seed)
    errors = []
    for replication in range(60):
        outcome = history(run, replication, trace=False)
        errors.append([
            series(run, outcome, f"literacy_{what}_survey")[at]
            - series(run, outcome, f"literacy_{what}_true")[at]
            for what in ("city", "nation")
            for at in (12, 20)
        ])  # fmt: skip
    of = np.array(errors)
    for first, second in ((0, 1), (2, 3), (0, 2), (1, 3)):
        products = of[:, first] * of[:, second]
        assert_mean(products / (of[:, first].std() * of[:, second].std()), 0.0, "correlation")


def test_no_survey_is_so_wrong_that_nobody_would_be_literate(directory: Path, seed: int) -> None:
    """Four persons were asked at the start, an error of ten points at 4.74 %: the true share is
    taken to lie within nine tenths of what was measured, for there is none of nothing or less."""
    run = literacy_run(
        directory, {"few": fixed(4.0)}, section={"start": {"city": "few", "nation": "few"}}
    )
    run = settings(run, seed=seed)
    starts = {"city": [], "nation": []}  # type: ignore[var-annotated]
    for replication in range(20):
        outcome = history(run, replication, trace=False)
        for what, found in starts.items():
            found.append(series(run, outcome, f"literacy_{what}_true")[0])
    for what, measured in (("city", CITY), ("nation", NATION)):
        assert min(starts[what]) == pytest.approx(0.1 * measured)
        assert max(starts[what]) == pytest.approx(1.9 * measured)
