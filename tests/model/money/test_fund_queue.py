"""The queue in front of a purse, against a slow reference written from the rules alone.

Rules: claims are served by class, then day, then a drawn number. *Strict*: a claim that cannot be
met blocks every later claim of its own and of all lower classes. *Backfill*: later claims that fit
may pass it, but none passes a waiting claim of class 0, a completion payment.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

import pytest
from hypothesis import given
from hypothesis import settings as budget_of
from hypothesis import strategies as st
from simpy.events import Event

from sim.model.kernel.clock import Clock, Phase
from sim.model.kernel.ledger import Ledger
from sim.model.kernel.queues import Claim, GrantDesk
from sim.model.money.envelope import Envelope


@dataclass
class Request:
    """One claim of a scenario; ``tie`` and ``order`` make it the claimant, too."""

    day: int
    priority: int
    tie: float
    order: int
    yuan: int
    cancelled_on: int  # the day from whose beginning it no longer counts; beyond the end for never


@dataclass(frozen=True)
class Script:
    """What happens to one purse: money by day, and requests."""

    income: dict[int, tuple[int, int]]  # public, social
    requests: tuple[Request, ...]
    days: int = 8


@st.composite
def scripts(draw: st.DrawFn) -> Script:
    days = 8
    income = draw(
        st.dictionaries(
            st.integers(0, days - 1),
            st.tuples(st.integers(0, 60), st.integers(0, 20)),
            max_size=days,
        )
    )
    n = draw(st.integers(1, 12))
    requests = [
        Request(
            day=draw(st.integers(0, days - 1)),
            priority=priority,
            tie=draw(st.sampled_from([0.2, 0.5, 0.8])),
            order=i,
            yuan=draw(st.one_of(st.integers(0, 40), st.integers(30, 90))),
            # Only first instalments are withdrawn; what has been built is paid for.
            cancelled_on=draw(st.sampled_from([99, 99, 99, 3, 5])) if priority else 99,
        )
        for i, priority in enumerate(
            draw(st.lists(st.sampled_from([0, 1, 1, 2, 3]), min_size=n, max_size=n))
        )
    ]
    return Script(income, tuple(requests), days)


# ---------------------------------------------------------------------------------- the reference


@dataclass
class Reference:
    """The rules, in the plainest way: go through the sorted list of all waiting claims."""

    backfill: bool
    balance: int = 0
    waiting: list[Request] = field(default_factory=list)

    def day(self, script: Script, day: int) -> list[int]:
        """Keys of the claims paid on ``day``, in the order of payment."""
        income = sum(script.income.get(day, (0, 0)))
        new = [r for r in script.requests if r.day == day]
        self.balance += income
        self.waiting = [r for r in self.waiting if r.cancelled_on > day] + new
        if not income and not new:
            return []  # a cancelled claim lets nobody through before something else happens
        paid: list[int] = []
        for request in sorted(self.waiting, key=lambda r: (r.priority, r.day, r.tie, r.order)):
            if request.yuan <= self.balance:
                self.balance -= request.yuan
                paid.append(request.order)
            elif not self.backfill or request.priority == 0:
                break
        self.waiting = [r for r in self.waiting if r.order not in paid]
        return paid


def played(script: Script, *, backfill: bool) -> tuple[list[list[int]], Envelope, Ledger]:
    """Keys paid on each day by the model's purse."""
    clock = Clock()
    ledger = Ledger(1)
    source = ledger.account("source", source=True)
    purse = Envelope(
        clock, GrantDesk(clock), ledger,
        place=1, group="g", level="district", backfill=backfill,
    )  # fmt: skip
    claims: dict[int, Claim] = {}
    paid: list[list[int]] = []

    def then(act: Callable[[int], None], number: int) -> Callable[[Event], None]:
        return lambda _: act(number)

    def pay(order: int) -> None:
        paid[-1].append(order)

    def open_day(day: int) -> None:
        for request in script.requests:
            claim = claims.get(request.order)
            if request.cancelled_on == day and claim is not None and not claim.processed:
                purse.withdraw(claim)
        public, social = script.income.get(day, (0, 0))
        purse.receive(source, public, social=False)
        purse.receive(source, social, social=True)

    def ask(day: int) -> None:
        for request in script.requests:
            if request.day == day:
                claim = purse.claim(request.priority, request, request.yuan)
                claim.callbacks.append(then(pay, request.order))
                claims[request.order] = claim

    for day in range(script.days):
        clock.at(day, Phase.RELEASE).callbacks.append(then(open_day, day))
        clock.at(day, Phase.PLANNING).callbacks.append(then(ask, day))
    for day in range(script.days):
        paid.append([])
        clock.run_through(day)
    return paid, purse, ledger


def cancelled_before_claimed(script: Script) -> bool:
    return any(r.cancelled_on <= r.day for r in script.requests)


@budget_of(max_examples=300)
@given(scripts().filter(lambda s: not cancelled_before_claimed(s)), st.booleans())
def test_the_purse_pays_what_the_reference_pays(script: Script, backfill: bool) -> None:
    reference = Reference(backfill)
    expected = [reference.day(script, day) for day in range(script.days)]
    paid, purse, ledger = played(script, backfill=backfill)
    assert [sorted(day) for day in paid] == [sorted(day) for day in expected]
    assert purse.balance() == reference.balance
    waiting = sum(r.yuan for r in reference.waiting if r.cancelled_on >= script.days)
    assert purse.new_contracts + purse.completions == waiting
    assert sum(ledger.statement().balances()) == 0


@budget_of(max_examples=100)
@given(scripts(), st.booleans(), st.randoms(use_true_random=False))
def test_the_order_of_requests_on_one_day_does_not_matter(
    script: Script, backfill: bool, random: Random
) -> None:
    requests = list(script.requests)
    random.shuffle(requests)
    shuffled = Script(script.income, tuple(requests), script.days)
    first, second = (played(s, backfill=backfill)[0] for s in (script, shuffled))
    assert [sorted(day) for day in first] == [sorted(day) for day in second]


@budget_of(max_examples=200)
@given(scripts(), st.booleans())
def test_no_claim_passes_a_waiting_completion_payment(script: Script, backfill: bool) -> None:
    paid, _, _ = played(script, backfill=backfill)
    day_paid = {key: day for day, keys in enumerate(paid) for key in keys}
    for completion in (r for r in script.requests if r.priority == 0):
        until = min(day_paid.get(completion.order, 99), completion.cancelled_on)
        for other in (r for r in script.requests if r.priority > 0):
            # While it waits nobody else is paid; on the day it comes it goes first.
            assert not completion.day <= day_paid.get(other.order, -1) < until


@budget_of(max_examples=200)
@given(scripts())
def test_a_strict_queue_pays_in_order_within_a_class(script: Script) -> None:
    paid, _, _ = played(script, backfill=False)
    day_paid = {key: day for day, keys in enumerate(paid) for key in keys}
    lasting = [r for r in script.requests if r.cancelled_on == 99]
    for better in lasting:
        for worse in lasting:
            rank = (better.priority, better.day, better.tie, better.order)
            if rank < (worse.priority, worse.day, worse.tie, worse.order):
                overtaken = day_paid.get(worse.order, 99) < day_paid.get(better.order, 99)
                assert not overtaken or worse.day < better.day


@given(scripts(), st.booleans())
def test_public_money_goes_first_and_nothing_is_overdrawn(script: Script, backfill: bool) -> None:
    _, purse, ledger = played(script, backfill=backfill)
    assert purse.public >= 0
    assert purse.social >= 0
    flows = {
        (payer, payee): yuan
        for _, payer, payee, yuan in ledger.statement().flows({}).of_all_places()
    }
    public_in = sum(public for public, _ in script.income.values())
    public_out = sum(yuan for (payer, _), yuan in flows.items() if payer.endswith(":public"))
    assert public_out == public_in - purse.public


# --------------------------------------------------------------------------- rules, by example


def paid_by_day(
    income: dict[int, int], requests: list[tuple[int, int, int]], *, backfill: bool
) -> dict[int, int]:
    """Day of payment by position of the request (day, class, yuan)."""
    script = Script(
        {day: (yuan, 0) for day, yuan in income.items()},
        tuple(Request(d, c, 0.5, i, y, 99) for i, (d, c, y) in enumerate(requests)),
    )
    paid, _, _ = played(script, backfill=backfill)
    return {key: day for day, keys in enumerate(paid) for key in keys}


@pytest.mark.parametrize("backfill", [False, True])
def test_the_better_class_goes_first_however_late_it_claims(backfill: bool) -> None:
    requests = [(0, 3, 50), (1, 2, 50)]
    assert paid_by_day({2: 50, 4: 50}, requests, backfill=backfill) == {1: 2, 0: 4}


def test_a_strict_claim_that_cannot_be_met_blocks_its_own_and_all_lower_classes() -> None:
    requests = [(0, 2, 100), (0, 2, 10), (0, 3, 10), (1, 1, 10)]
    income = {0: 60, 3: 40, 4: 10}
    # Only the better class is served (10 of 60); then 100 are there at last on day 4.
    assert paid_by_day(income, requests, backfill=False) == {3: 1, 0: 4}
    assert paid_by_day(income, requests, backfill=True) == {1: 0, 2: 0, 3: 1}


@pytest.mark.parametrize("backfill", [False, True])
def test_a_completion_payment_that_cannot_be_met_blocks_everything(backfill: bool) -> None:
    requests = [(0, 0, 100), (0, 0, 5), (0, 1, 5)]
    assert paid_by_day({0: 60, 2: 60}, requests, backfill=backfill) == {0: 2, 1: 2, 2: 2}


def test_a_claim_of_nothing_is_met_without_money() -> None:
    assert paid_by_day({}, [(3, 2, 0)], backfill=False) == {0: 3}
