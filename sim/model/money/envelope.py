"""Envelopes: money for one purpose in one place, the claims waiting for it, and its obligations."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from heapq import heapify, heappop, heappush

from sim.model.kernel.clock import Clock
from sim.model.kernel.ledger import Ledger
from sim.model.kernel.queues import Claim, Claimant, Entry, GrantDesk, claim_for
from sim.model.kernel.world import World

COMPLETION_CLASS = 0
"""Priority class of completion payments: before all new contracts."""


class Envelope:
    """The money of one programme group at one place (a district, or the city).

    It holds public and social money apart, because only public money is clawed back; payments use
    public money first. All amounts are whole yuan.

    Attributes:
        committed: unpaid instalments of contracted projects.
        pledged: full cost of proposals not contracted yet.
        new_contracts: what first instalments in the queue ask for.
        completions: what completion payments in the queue ask for.
        running_year: running cost of the facilities it answers for, yuan a year, first-year prices.
        pay_year: pay of programme-paid staff, yuan a year at first-year prices.
        service: share of last quarter's obligations that was paid (1 if there were none).
        announced: money announced for each quarter of the current year.
        received: money taken in since the start, less what was handed over to others.
    """

    def __init__(
        self,
        clock: Clock,
        desk: GrantDesk,
        ledger: Ledger,
        *,
        place: int,
        group: str,
        level: str,
        backfill: bool,
    ) -> None:
        self._clock = clock
        self._desk = desk
        self._ledger = ledger
        self._backfill = backfill
        self.place = place
        self.group = group
        self.level = level
        self.dirty = False
        self.public_account = ledger.account(f"{level}:{group}:public@{place}")
        self.social_account = ledger.account(f"{level}:{group}:social@{place}")
        self._contractors = ledger.account(f"contractors:{group}")
        self._operators = ledger.account(f"running_costs:{group}")
        self._staff = ledger.account(f"staff_pay:{group}")
        self.public = 0
        self.social = 0
        self.committed = 0
        self.pledged = 0
        self.new_contracts = 0
        self.completions = 0
        self.heap: list[Entry] = []
        self._due: dict[int, int] = {}
        self.running_year = 0.0
        self.pay_year = 0.0
        self.service = 1.0
        self.recent_service = deque((1.0,), maxlen=4)
        self.unpaid_quarters = 0
        self.announced = [0.0, 0.0, 0.0, 0.0]
        self.received = 0

    # ------------------------------------------------------------------ money in and out

    def balance(self) -> int:
        """Money in it, public and social."""
        return self.public + self.social

    def spent(self) -> int:
        """Money paid for its purpose since the start."""
        return self.received - self.public - self.social

    def receive(self, payer: int, yuan: int, *, social: bool) -> None:
        """Take in released or reallocated money from account ``payer``."""
        if yuan == 0:
            return
        self.received += yuan
        if social:
            self.social += yuan
            self._ledger.transfer(payer, self.social_account, yuan)
        else:
            self.public += yuan
            self._ledger.transfer(payer, self.public_account, yuan)
        if self.heap:
            self._desk.notify(self)

    def fund(self, public: int, social: int) -> None:
        """Take in one release, which the treasury enters in the ledger for all of them at once."""
        self.public += public
        self.social += social
        self.received += public + social
        if self.heap:
            self._desk.notify(self)

    def pay(self, payee: int, yuan: int) -> None:
        """Pay ``yuan`` (not more than the balance), public money first."""
        public = self.public
        if yuan <= public:
            self.public = public - yuan
            self._ledger.transfer(self.public_account, payee, yuan)
            return
        self.public = 0
        self.social -= yuan - public
        self._ledger.transfer(self.public_account, payee, public)
        self._ledger.transfer(self.social_account, payee, yuan - public)

    def give_public(self, payee: int, yuan: int) -> None:
        """Hand public money over: to the returned account, or to another envelope's receipt."""
        self.public -= yuan
        self.received -= yuan
        self._ledger.transfer(self.public_account, payee, yuan)

    def announce(self, quarters: list[float]) -> None:
        """Say what to expect in each quarter of the year."""
        self.announced = quarters

    # ------------------------------------------------------------------ promises

    def pledge(self, cost: int) -> None:
        """A proposal has been made that would cost ``cost``."""
        self.pledged += cost

    def take_back(self, cost: int) -> None:
        """A proposal has lapsed."""
        self.pledged -= cost

    def commit(self, cost: int, unpaid: int) -> None:
        """A proposal has become a contract, of which ``unpaid`` yuan are still to be paid."""
        self.pledged -= cost
        self.committed += unpaid

    def fulfil(self, unpaid: int) -> None:
        """The last instalment of a contract has been paid."""
        self.committed -= unpaid

    # ------------------------------------------------------------------ the queue of claims

    def claim(self, priority_class: int, claimant: Claimant, yuan: int) -> Claim:
        """Ask for ``yuan`` for a contractor; the claim succeeds when it has been paid."""
        claim = claim_for(yuan)
        heappush(
            self.heap,
            (priority_class, self._clock.today, claimant.tie, claimant.order, claim),
        )
        if priority_class == COMPLETION_CLASS:
            self.completions += yuan
        else:
            self.new_contracts += yuan
        if not self.dirty:
            self._desk.notify(self)
        return claim

    def withdraw(self, claim: Claim) -> None:
        """A first instalment is no longer asked for; its claim is dropped when its turn comes."""
        claim.cancel()
        self.new_contracts -= claim.amount

    def expect_completion(self, day: int, yuan: int) -> None:
        """A building will be finished on ``day``, and ``yuan`` will be due."""
        self._due[day] = self._due.get(day, 0) + yuan

    def complete(self, claimant: Claimant, yuan: int) -> Claim | None:
        """Ask for an expected completion payment of ``yuan``; None if it could be paid at once.

        Completion payments come before all other claims. If the balance covers all that fall due
        today, and none of another day is waiting, they cannot take anything from each other:
        collecting them first would pay the same ones.
        """
        today = self._clock.today
        due = self._due[today]
        self._due[today] = due - yuan
        if due <= self.public + self.social and not self.completions:
            self.pay(self._contractors, yuan)
            return None
        return self.claim(COMPLETION_CLASS, claimant, yuan)

    def grant(self) -> list[Claim]:
        """Pay the claims that can be paid, in order.

        Strict: the first claim that cannot be met blocks all behind it, O(log n) a payment.
        Backfill: later claims that fit may pass it, but none passes a waiting completion payment.
        """
        if self.new_contracts + self.completions <= self.public + self.social:
            return self._grant_all()
        heap, left = self.heap, self.public + self.social
        granted = []
        while heap:
            claim = heap[0][4]
            if claim.cancelled:
                heappop(heap)
            elif claim.amount <= left:
                left -= claim.amount
                granted.append(heappop(heap))
            else:
                break
        if self._backfill and heap and heap[0][0] != COMPLETION_CLASS:
            waiting = []
            for entry in sorted(heap):
                claim = entry[4]
                if claim.cancelled:
                    continue
                if claim.amount <= left:
                    left -= claim.amount
                    granted.append(entry)
                else:
                    waiting.append(entry)
            heapify(waiting)
            self.heap = waiting
        if not granted:
            return []
        completions = sum([e[4].amount for e in granted if e[0] == COMPLETION_CLASS])
        self._pay_contractors(completions, self.public + self.social - left - completions)
        return [entry[4] for entry in granted]

    def _grant_all(self) -> list[Claim]:
        """The usual case, in short: there is enough for all that wait."""
        claims = [entry[4] for entry in sorted(self.heap) if not entry[4].cancelled]
        self.heap.clear()
        self._pay_contractors(self.completions, self.new_contracts)
        return claims

    def _pay_contractors(self, completions: int, new_contracts: int) -> None:
        """Pay all that was granted in one transfer."""
        self.completions -= completions
        self.new_contracts -= new_contracts
        self.pay(self._contractors, completions + new_contracts)

    # ------------------------------------------------------------------ obligations

    def answer_for(self, running: float = 0.0, pay: float = 0.0) -> None:
        """Take on more running cost and staff pay, yuan a year at first-year prices."""
        self.running_year += running
        self.pay_year += pay

    def obligations(self, cost_index: float, wage_index: float) -> float:
        """Running cost and staff pay of a full year at the prices of the two indices."""
        return self.running_year * cost_index + self.pay_year * wage_index

    def settle(self, cost_index: float, wage_index: float, minimum_service: float) -> None:
        """Pay one quarter's obligations, before any project; what is missing lowers the service."""
        if not self.running_year and not self.pay_year:
            self.service = 1.0
            self.unpaid_quarters = 0
            self.recent_service.append(1.0)
            return
        running = round(self.running_year * cost_index / 4.0) if self.running_year else 0
        due = running + (round(self.pay_year * wage_index / 4.0) if self.pay_year else 0)
        if due <= self.public:
            # The usual case, in short: everything is paid, and out of public money.
            self.public -= due
            if running:
                self._ledger.transfer(self.public_account, self._operators, running)
            if due > running:
                self._ledger.transfer(self.public_account, self._staff, due - running)
            self.service = 1.0
        else:
            paid = min(due, self.balance())
            to_operators = paid * running // due
            self.pay(self._operators, to_operators)
            self.pay(self._staff, paid - to_operators)
            self.service = paid / due
        self.recent_service.append(self.service)
        self.unpaid_quarters = self.unpaid_quarters + 1 if self.service < minimum_service else 0

    @property
    def yearly_service(self) -> float:
        """Mean service level of the last four quarters (fewer at the start)."""
        return sum(self.recent_service) / len(self.recent_service)

    # ------------------------------------------------------------------ slack and claw-back

    def uncommitted(self) -> int:
        """Money, public and social, that no queued claim and no unpaid instalment needs."""
        return max(0, self.public + self.social - self.new_contracts - self.committed)

    def uncommitted_public(self) -> int:
        """Public money that no queued claim and no unpaid instalment needs.

        A completion payment waits in the queue and is an unpaid instalment too: it counts once.
        """
        return max(0, self.public - self.new_contracts - self.committed)


class Envelopes:
    """All envelopes of a city.

    Attributes:
        city: the city's own, by group; districts: those of the districts, by group, an empty list
            for a group whose money they do not hold.
        all: every one of them, by group, the city's first.
    """

    def __init__(self, world: World) -> None:
        plan, code = world.plan, world.plan.spec.city_code
        backfill = world.scenario.budget.queue == "backfill"

        def envelope(group: str, level: str, place: int) -> Envelope:
            return Envelope(
                world.clock, world.desk, world.ledger,
                place=place, group=group, level=level, backfill=backfill,
            )  # fmt: skip

        self.groups = plan.envelope_groups
        self.city = {group: envelope(group, "city", code) for group in self.groups}
        self.districts = {
            group: [
                envelope(group, "district", district.adcode)
                for district in world.districts
                if group in plan.district_groups
            ]
            for group in self.groups
        }
        self.all = [e for group in self.groups for e in self.of(group)]

    def of(self, group: str) -> tuple[Envelope, ...]:
        """Those of one group, the city's first."""
        return self.city[group], *self.districts[group]


def summary(
    envelopes: Iterable[Envelope], cost_index: float, wage_index: float
) -> tuple[float, float, float]:
    """Service level of several envelopes (1 where nothing is due), their balance and queue."""
    due = paid = 0.0
    balance = queued = 0
    for envelope in envelopes:
        own = envelope.running_year * cost_index + envelope.pay_year * wage_index
        due += own
        paid += own * envelope.service
        balance += envelope.public + envelope.social
        queued += envelope.new_contracts + envelope.completions
    return paid / due if due > 0.0 else 1.0, float(balance), float(queued)
