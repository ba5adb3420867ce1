"""Common random numbers in whole histories: names decide, positions and bystanders do not."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as budget_of
from hypothesis import strategies as st

from sim.config.schema import Run
from sim.model.kernel.streams import Streams
from sim.model.record import Outcome
from sim.plan.districts import DATA_DIRECTORY
from sim.study.tables import Results
from sim.study.worker import Worker
from tests.eventlog import stories
from tests.factory import district, fixed, history, layout_of, micro_run, settings, triangular
from tests.strategies import cases


def reordered(run: Run, directory: Path, order: Any) -> Run:
    """``run`` with the rows of its table of districts in another order."""
    path = DATA_DIRECTORY / run.plan.districts  # stays as it is where it is absolute
    with path.open(encoding="utf-8-sig", newline="") as file:
        header, *rows = list(csv.reader(file))
    rng = np.random.default_rng(0)
    rows = rows[::-1] if order == "reversed" else [rows[i] for i in rng.permutation(len(rows))]
    other = directory / f"{order}-{path.name}"
    with other.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, *rows])
    return settings(run, {"plan.districts": str(other)})


def digest(worker: Worker, replication: int) -> bytes:
    """That of one replication."""
    (found,) = worker.chunk([replication]).digests
    return found


def by_adcode(run: Run, outcome: Outcome) -> dict[str, Any]:
    """Everything an outcome says, by name instead of position."""
    layout = layout_of(run)
    places = dict(enumerate(layout.places)) | {-1: "city"}
    order = np.argsort(layout.places)
    return {
        "values": dict(
            zip([r.indicator for r in layout.rows], outcome.values.tolist(), strict=True)
        ),
        "first_attained": outcome.first_attained.tolist(),
        "log": outcome.log,
        "delays": sorted((str(places[place]), *rest) for place, *rest in outcome.delays),
        "ledger": sorted(outcome.ledger.rows()),
        "city series": np.nan_to_num(outcome.city_series, nan=-1.0).tolist(),
        "district series": np.nan_to_num(outcome.district_series[:, order], nan=-1.0).tolist(),
    }


@pytest.mark.parametrize("order", ["reversed", "shuffled"])
def test_permuted_districts_give_permuted_results(
    real_run: Run, directory: Path, order: str
) -> None:
    run = settings(real_run, record="full")
    other = reordered(run, directory, order)
    one, two = by_adcode(run, history(run, 2)), by_adcode(other, history(other, 2))
    different = [what for what in one if one[what] != two[what]]
    assert different == [], f"{order} districts change {', '.join(different)}"


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("districts")


@budget_of(max_examples=25)
@given(data=st.data())
def test_permuted_districts_give_permuted_results_in_any_small_plan(
    data: st.DataObject, tables: Path
) -> None:
    run = data.draw(cases(tables, record="full")).run
    other = reordered(run, tables, "reversed")
    assert by_adcode(run, history(run)) == by_adcode(other, history(other))


# ---------------------------------------------------------------------------- one more of something


HALL = {"goal": 6, "needs": ["review"], "unit_cost": triangular(1e5, 2e5, 4e5),
        "build_months": triangular(1, 6, 20, "project")}  # fmt: skip
RANDOM = {
    "project_cost_factor": triangular(0.5, 1.0, 2.0, "project"),
    "review_service_days": triangular(1, 9, 30, "project"),
    "review_send_back": fixed(0.3),
    "review_panels": fixed(1_000),
    "crews_z": fixed(1_000),
}


def fates(run: Run) -> dict[str, list[tuple[int, int, str, str]]]:
    """What happened to every hall, by key."""
    told = stories(history(run).log)
    return {key: story.events for key, story in told.items() if story.programme == "hall"}


def rich(directory: Path, programmes: dict[str, Any], **more: Any) -> Run:
    parameters = RANDOM | more.pop("parameters", {})
    return micro_run(
        directory, programmes, parameters=parameters, budget={"public_total": 10**12}, **more
    )


def test_another_programme_leaves_the_projects_of_the_others_alone(directory: Path) -> None:
    other = {"goal": 9, "priority_class": 1, "needs": ["review", "crew"], "unit_cost": 1_000_000}
    alone, together = (
        rich(directory, {"hall": HALL}),
        rich(directory, {"a": other, "hall": HALL, "z": other}),
    )
    assert fates(alone) == fates(together)


def test_another_district_leaves_the_projects_of_the_others_alone(directory: Path) -> None:
    """Each wants six halls: quotas by "equal" with goals of 6 and 12."""
    hall = HALL | {"quota_key": "equal"}
    alone = rich(directory, {"hall": hall})
    for rows in ([district(), district(900_050)], [district(900_050), district()]):
        together = rich(directory, {"hall": hall | {"goal": 12}}, districts=rows)
        here = {key: events for key, events in fates(together).items() if "/900101/" in key}
        assert here == fates(alone)


def test_another_parameter_leaves_the_draws_of_the_others_alone(directory: Path) -> None:
    names = ["staff_pay", "attrition"]
    varied = {name: triangular(1, 2, 3) for name in names}
    one = rich(directory, {"hall": HALL}, parameters=varied)
    other = rich(directory, {"hall": HALL}, parameters=varied | {"a_new_one": triangular(1, 2, 3)})
    for replication in range(5):
        draw, with_new = Worker(one).draw(replication), Worker(other).draw(replication)
        assert {k: v for k, v in with_new.items() if k != "a_new_one"} == draw
    assert draw["staff_pay"] != draw["attrition"]


def test_a_unit_keeps_its_numbers_under_every_budget(real_run: Run) -> None:
    """Cost (at the prices of its year), place, and building time do not depend on the money."""
    told = {}
    for money in (600_000_000, 10**10):
        changes = {"budget.public_total": money, "parameters.cost_inflation": fixed(0.0)}
        told[money] = stories(history(settings(real_run, changes), 1).log)
    poor, rich_ = told.values()
    shared = [key for key in poor if key in rich_]
    assert len(shared) > 300
    for key in shared:
        assert poor[key].place == rich_[key].place
        prices = set(poor[key].details("proposed")) | set(rich_[key].details("proposed"))
        assert len(prices) == 1
        durations = {
            story.day("built") - (story.days("crew arrived") or story.days("contracted"))[-1]
            for story in (poor[key], rich_[key])
            if story.days("built")
        }
        assert len(durations) <= 1


def turned(value: Any) -> Any:
    """The same mappings with their entries in reversed order, all the way down."""
    if isinstance(value, dict):
        return {key: turned(value[key]) for key in reversed(value)}
    return value


@pytest.mark.parametrize(
    "section", ["programmes", "zones", "sources", "groups", "events", "governance", "literacy"]
)
def test_the_order_of_the_input_changes_no_byte(real_run: Run, section: str) -> None:
    """Sums and ties depend on names and drawn numbers, never on where an entry stands."""
    config = real_run.model_dump(mode="json")
    turned_run = settings(real_run, {f"plan.{section}": turned(config["plan"][section])})
    for replication in (1, 2):
        digests = [digest(worker, replication) for worker in (Worker(real_run), Worker(turned_run))]
        assert digests[0] == digests[1]


def test_city_level_projects_are_hosted_by_population(real_run: Run, seed: int) -> None:
    """Hosts drawn by population: expected shares, chi-squared over zones."""
    from scipy import stats

    from tests.tolerance import ALARM

    run = settings(real_run, {"budget.public_total": 10**11, "planning.pace": 1.0}, seed=seed)
    worker = Worker(run)
    zone_of = {str(d.adcode): d.zone for d in worker.plan.districts}
    zones = sorted(run.plan.zones)
    hosted = dict.fromkeys(zones, 0)
    for replication in range(12):
        for story in stories(history(run, replication).log).values():
            if run.plan.programmes[story.programme].place == "city":
                hosted[zone_of[story.place]] += 1
    population = {z: sum(d.population for d in worker.plan.districts if d.zone == z) for z in zones}
    total, people = sum(hosted.values()), sum(population.values())
    assert total > 400
    expected = [total * population[z] / people for z in zones]
    assert stats.chisquare([hosted[z] for z in zones], expected).pvalue >= ALARM


# ----------------------------------------------------------------------- the same arguments, again


def test_the_same_arguments_give_the_same_bytes(real_worker: Worker) -> None:
    assert digest(real_worker, 5) == digest(Worker(real_worker.run), 5)


def test_replications_do_not_depend_on_each_other(real_worker: Worker) -> None:
    """Neither on those before them in the same process, nor on how many there are."""
    in_order = [real_worker.replicate(r) for r in (0, 1, 2)]
    backwards = [real_worker.replicate(r) for r in (2, 1, 0)][::-1]
    hashes = [
        Results.of(real_worker.layout, list(enumerate(outcomes)), []).result_hash
        for outcomes in (in_order, backwards)
    ]
    assert hashes[0] == hashes[1]


def test_seeds_and_replications_give_different_histories(real_run: Run) -> None:
    outcomes = [
        Worker(settings(real_run, seed=real_run.seed + s, record="targets")).replicate(r)
        for s, r in ((0, 0), (0, 1), (1, 0), (1, 1))
    ]
    assert len({outcome.values.tobytes() for outcome in outcomes}) == 4


def test_every_number_is_asked_for_by_an_entity_and_a_small_index_and_only_once(
    real_run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Keys are hashes of names, which are never small; an index counts years, rounds or months. A
    number that is asked for twice would decide two things."""
    asked: Counter[tuple[str, int, int]] = Counter()
    largest = 0

    def note(purpose: str, keys: Any, k: Any) -> None:
        nonlocal largest
        key, index = np.broadcast_arrays(np.asarray(keys), np.asarray(k))
        asked.update(zip([purpose] * key.size, key.ravel().tolist(), index.ravel().tolist(),
                         strict=True))  # fmt: skip
        largest = max(largest, int(index.max(initial=0)))

    def one(streams: Streams, purpose: str, keys: Any, k: Any = 0) -> Any:
        note(purpose, keys, k)
        return uniform(streams, purpose, keys, k)

    def several(streams: Streams, purposes: Any, keys: Any, k: int = 0) -> Any:
        for purpose in purposes:
            note(purpose, keys, k)
        return uniforms(streams, purposes, keys, k)

    uniform, uniforms = Streams.uniform, Streams.uniforms
    monkeypatch.setattr(Streams, "uniform", one)
    monkeypatch.setattr(Streams, "uniforms", several)
    history(real_run, trace=False)
    assert min(key for _, key, _ in asked) > 10**9
    assert largest < 10_000
    assert max(asked.values()) == 1
