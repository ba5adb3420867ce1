"""The review board and the crews alone: queueing theory, the exact recursion, and ties."""

from __future__ import annotations

import math
from collections.abc import Generator
from dataclasses import dataclass
from itertools import pairwise
from random import Random

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st
from simpy.events import Event

from sim.model.kernel.clock import Clock, Phase
from sim.model.kernel.queues import GrantDesk, Pool, Servers
from tests.tolerance import Z, assert_mean


@dataclass
class Customer:
    """Whoever claims: the drawn number that breaks ties, and the key that makes the order total."""

    tie: float
    order: int


@dataclass
class Visits:
    """When each customer came, was served and left, in the order of arrival."""

    arrivals: npt.NDArray[np.float64]
    starts: npt.NDArray[np.float64]
    ends: npt.NDArray[np.float64]

    @property
    def waits(self) -> npt.NDArray[np.float64]:
        return self.starts - self.arrivals


def serve(arrivals: np.ndarray, services: np.ndarray, servers: int) -> Visits:
    """Send customers of one class through a queue of the model, each with its own times."""
    clock = Clock()
    queue = Servers(clock, GrantDesk(clock), servers)
    starts, ends = np.full(len(arrivals), math.nan), np.full(len(arrivals), math.nan)

    def visit(i: int) -> Generator[Event, None, None]:
        yield clock.at(arrivals[i], Phase.PLANNING)
        yield queue.request(1, Customer(0.5, i))
        starts[i] = clock.now
        yield clock.after(services[i], Phase.COMPLETIONS)
        ends[i] = clock.now
        queue.release()

    for i in range(len(arrivals)):
        clock.process(visit(i))
    clock.run()
    return Visits(arrivals, starts, ends)


# ------------------------------------------------------------------------------- queueing theory


def erlang_c(servers: int, load: float) -> float:
    """Probability of waiting in M/M/c with offered load ``load`` (A. K. Erlang 1917)."""
    terms = [load**k / math.factorial(k) for k in range(servers)]
    last = load**servers / math.factorial(servers) / (1.0 - load / servers)
    return last / (sum(terms) + last)


@pytest.mark.parametrize(("servers", "utilisation"), [(1, 0.6), (2, 0.7), (5, 0.75)])
def test_mean_wait_is_that_of_erlang_c(seed: int, servers: int, utilisation: float) -> None:
    """M/M/c in stationarity: E[W] = C / (c mu - lambda), mu = 1; P(W > 0) = C.

    Independent replications; each starts empty, and its first 400 customers are left out (many
    relaxation times 1 / (sqrt(c) - sqrt(load))^2 at these loads).
    """
    rng = np.random.default_rng([seed, servers])
    load = utilisation * servers
    waiting = erlang_c(servers, load)
    means, delayed = [], []
    for _ in range(25):
        arrivals = np.cumsum(rng.exponential(1.0 / load, 2_400))
        waits = serve(arrivals, rng.exponential(1.0, 2_400), servers).waits[400:]
        means.append(waits.mean())
        delayed.append((waits > 1e-9).mean())
    assert_mean(means, waiting / (servers - load), "mean wait")
    assert_mean(delayed, waiting, "share of customers who wait")


def kiefer_wolfowitz(arrivals: np.ndarray, services: np.ndarray, servers: int) -> np.ndarray:
    """Waits in G/G/c, first come first served (J. Kiefer and J. Wolfowitz 1955)."""
    workload = np.zeros(servers)
    waits = []
    for gap, service in zip(np.diff(arrivals, prepend=arrivals[0]), services, strict=True):
        workload = np.sort(np.maximum(workload - gap, 0.0))
        waits.append(workload[0])
        workload[0] += service
    return np.array(waits)


@pytest.mark.parametrize("servers", [1, 2, 3, 8])
@pytest.mark.parametrize("law", ["exponential", "pareto", "uniform", "bursts"])
def test_every_wait_is_that_of_the_recursion(seed: int, servers: int, law: str) -> None:
    rng = np.random.default_rng([seed, servers, 7])
    n = 1_500
    gaps = {
        "exponential": rng.exponential(1.0, n),
        "pareto": rng.pareto(1.5, n) + 0.01,
        "uniform": rng.uniform(0.5, 1.5, n),
        "bursts": np.where(rng.random(n) < 0.9, 1e-3, 9.0),
    }[law]
    services = rng.lognormal(0.0, 1.0, n) * 0.55 * servers
    arrivals = np.cumsum(gaps)
    waits = serve(arrivals, services, servers).waits
    # Sums of some thousand floats: relative rounding far below 1e-9 of the clock.
    assert np.allclose(
        waits, kiefer_wolfowitz(arrivals, services, servers), rtol=0, atol=1e-9 * arrivals[-1]
    )


def test_little_holds_for_the_queue_over_the_finite_horizon(seed: int) -> None:
    """The time integral of the number waiting is the sum of the waits, exactly."""
    rng = np.random.default_rng(seed)
    arrivals = np.cumsum(rng.exponential(1.0, 800))
    visits = serve(arrivals, rng.exponential(1.8, 800), 2)
    changes = sorted([(t, 1) for t in visits.arrivals] + [(t, -1) for t in visits.starts])
    area, number = 0.0, 0
    for (t, step), (following, _) in pairwise(changes):
        number += step
        area += number * (following - t)
    assert math.isclose(area, visits.waits.sum(), rel_tol=1e-9)


def test_never_more_in_service_than_servers_and_none_idle_while_one_waits(seed: int) -> None:
    rng = np.random.default_rng(seed)
    arrivals = np.sort(rng.integers(0, 300, 200)).astype(float)  # whole days, many at once
    visits = serve(arrivals, rng.integers(1, 9, 200).astype(float), 3)
    assert visits.ends.max() > 300
    for day in np.arange(0.5, visits.ends.max()):
        busy = int(((visits.starts < day) & (day < visits.ends)).sum())
        waiting = int(((visits.arrivals < day) & (day < visits.starts)).sum())
        assert busy <= 3
        assert busy == 3 or waiting == 0


def test_no_server_serves_nobody() -> None:
    clock = Clock()
    queue = Servers(clock, GrantDesk(clock), 0)
    claim = queue.request(1, Customer(0.5, 1))
    clock.run_through(100)
    assert not claim.processed


# ------------------------------------------------------------------------------------------ ties


@st.composite
def crowds(draw: st.DrawFn) -> list[tuple[int, int, float, int]]:
    """(class, day of the claim, drawn number, key): many equal in all but the last."""
    n = draw(st.integers(2, 12))
    entries = [
        (
            draw(st.integers(1, 3)),
            draw(st.integers(0, 2)),
            draw(st.sampled_from([0.25, 0.5, 0.75])),
            key,
        )
        for key in range(n)
    ]
    return draw(st.permutations(entries))


def order_of_service(crowd: list[tuple[int, int, float, int]], servers: int) -> list[int]:
    """Keys in the order of the day on which they are served, ties within a day by their list."""
    clock = Clock()
    queue = Servers(clock, GrantDesk(clock), servers)
    served: list[tuple[float, int]] = []

    def visit(priority: int, day: int, tie: float, key: int) -> Generator[Event, None, None]:
        yield clock.at(day, Phase.PLANNING)
        yield queue.request(priority, Customer(tie, key))
        served.append((clock.now, key))
        yield clock.after(10, Phase.COMPLETIONS)
        queue.release()

    for entry in crowd:
        clock.process(visit(*entry))
    clock.run()
    return [key for _, key in sorted(served)] if servers > 1 else [key for _, key in served]


@given(crowds(), st.randoms(use_true_random=False))
def test_equal_claims_are_ordered_by_class_day_and_number_never_by_position(
    crowd: list[tuple[int, int, float, int]], random: Random
) -> None:
    """One server, held for longer than claims keep coming: after the first day's best, by rank."""
    shuffled = list(crowd)
    random.shuffle(shuffled)
    order = order_of_service(crowd, 1)
    assert order == order_of_service(shuffled, 1)

    first_day = min(day for _, day, _, _ in crowd)
    first = min(entry for entry in crowd if entry[1] == first_day)
    rest = sorted(entry for entry in crowd if entry != first)
    assert order == [first[3], *(key for *_, key in rest)]


@given(crowds(), st.integers(2, 4), st.randoms(use_true_random=False))
def test_who_is_served_on_which_day_does_not_depend_on_the_order_of_requests(
    crowd: list[tuple[int, int, float, int]], servers: int, random: Random
) -> None:
    shuffled = list(crowd)
    random.shuffle(shuffled)
    assert order_of_service(crowd, servers) == order_of_service(shuffled, servers)


def test_a_fair_number_breaks_ties_fairly(seed: int) -> None:
    """Two equal claims with uniform numbers: each goes first half of the time."""
    rng = np.random.default_rng(seed)
    firsts = 0
    n = 2_000
    for _ in range(n):
        u, v = rng.random(2)
        firsts += order_of_service([(1, 0, u, 1), (1, 0, v, 2)], 1)[0] == 1
    assert abs(firsts - n / 2) / (math.sqrt(n) / 2) <= Z


def test_claims_of_one_day_are_collected_before_any_is_granted() -> None:
    """The better claim of a day wins although it comes in a later phase."""
    clock = Clock()
    queue = Servers(clock, GrantDesk(clock), 1)
    served: list[str] = []

    def visit(name: str, priority: int, phase: Phase) -> Generator[Event, None, None]:
        yield clock.at(5, phase)
        yield queue.request(priority, Customer(0.5, ord(name)))
        served.append(name)
        yield clock.after(1, Phase.COMPLETIONS)
        queue.release()

    for name, priority, phase in (
        ("c", 3, Phase.STAFF),
        ("b", 2, Phase.PLANNING),
        ("a", 1, Phase.COMPLETIONS),
    ):
        clock.process(visit(name, priority, phase))
    clock.run()
    assert served == ["a", "b", "c"]


def test_a_server_released_today_serves_a_claim_of_today() -> None:
    visits = serve(np.array([0.0, 1.0]), np.array([4.0, 1.0]), 1)
    assert visits.starts.tolist() == [0.0, 4.0]


def test_a_cancelled_claim_is_passed_over() -> None:
    clock = Clock()
    queue = Servers(clock, GrantDesk(clock), 1)
    first, second, third = (queue.request(1, Customer(i / 4, i)) for i in (1, 2, 3))
    clock.run_through(0)
    second.cancel()
    queue.release()
    clock.run_through(1)
    assert [first.processed, second.processed, third.processed] == [True, False, True]


def test_persons_who_were_had_at_once_are_expected_no_more() -> None:
    """7 are there, and contracts want 3 and 4: nobody waits, and nobody is left."""
    clock, stocks = Clock(), [0, 7]
    pool = Pool(clock, GrantDesk(clock), stocks, 1)
    for amount in (3, 4):
        pool.expect(amount)
    assert [pool.request(1, Customer(0.5, amount), amount) for amount in (3, 4)] == [None, None]
    assert (pool.expected, stocks) == (0, [0, 0])


def test_persons_who_may_not_be_enough_for_all_are_waited_for_in_line() -> None:
    """5 are there for 3 and 4: the first gets 3 in its turn, the other waits for two more."""
    clock, stocks = Clock(), [5]
    pool = Pool(clock, GrantDesk(clock), stocks, 0)
    for amount in (3, 4):
        pool.expect(amount)
    first, second = (pool.request(1, Customer(0.5, amount), amount) for amount in (3, 4))
    assert pool.grant() == [first]
    assert (pool.expected, stocks) == (4, [2])
    stocks[0] += 2
    assert pool.grant() == [second]
    assert (pool.expected, stocks) == (0, [0])
