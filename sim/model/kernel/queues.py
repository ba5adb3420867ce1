"""Queues in front of scarce things: claims are collected first, then granted in a total order.

SimPy's own priority resources sort their whole queue at every request and serve whoever happens to
come first within one instant. Here a queue is a heap, and nothing is granted before every claim of
the phase has been made: one grant event per pass serves all queues that something happened to.
Claims are ordered by priority class, then day of claim, then a number drawn for the claimant; the
claimant's key makes the order total.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from heapq import heappop, heappush
from typing import Protocol

from simpy.events import Event

from sim.model.kernel.clock import Clock, Moment, Phase, happen, new_moment


class Claim(Moment):
    """A claim waiting for its grant: a SimPy event that happens when it is granted.

    ``amount`` is what is claimed: yuan of an envelope, persons of a pool, one server.
    """

    amount: int
    cancelled = False

    def cancel(self) -> None:
        """Nobody waits for it any longer; it is dropped when its turn comes."""
        self.cancelled = True
        if self.callbacks is not None:
            self.callbacks.clear()


def claim_for(amount: int) -> Claim:
    """A claim that nobody waits for yet."""
    claim: Claim = new_moment(Claim)
    claim.amount = amount
    return claim


class Claimant(Protocol):
    """What a queue needs to know of whoever claims."""

    tie: float
    order: int


Entry = tuple[int, float, float, int, Claim]


class Queue(Protocol):
    """A queue that the grant desk can serve; ``heap`` holds the claims that wait in it."""

    dirty: bool
    heap: list[Entry]

    def grant(self) -> Sequence[Claim]:
        """Meet every claim that can be met now; returns these in the order of the queue."""


def send_away(queues: Iterable[Queue]) -> None:
    """Cancel whatever still waits: a claim and the process waiting for it hold on to each other."""
    for queue in queues:
        for *_, claim in queue.heap:
            claim.cancel()
        queue.heap.clear()


class GrantDesk:
    """Calls for one grant event per pass and serves all queues that changed since the last one.

    The result does not depend on the order of the queues: every queue is served before the first
    winner goes on. What the winners claim next is collected for another pass.
    """

    __slots__ = ("_clock", "_dirty", "_phase")

    def __init__(self, clock: Clock, phase: Phase = Phase.GRANTS) -> None:
        self._clock = clock
        self._phase = phase
        self._dirty: list[Queue] = []

    def notify(self, queue: Queue) -> None:
        """Something happened to ``queue``: look at it in the desk's phase of this pass."""
        if queue.dirty:
            return
        queue.dirty = True
        if not self._dirty:
            event = self._clock.after(0, self._phase)
            event.callbacks.append(self._serve)
        self._dirty.append(queue)

    def _serve(self, _: Event) -> None:
        queues, self._dirty = self._dirty, []
        granted: list[Claim] = []
        for queue in queues:
            queue.dirty = False
            granted += queue.grant()
        # Whoever waits goes on once every queue has been served.
        happen(granted)


class Servers:
    """Identical servers behind one prioritised queue: review panels, the crews of a zone."""

    __slots__ = ("_clock", "_desk", "dirty", "free", "heap")

    def __init__(self, clock: Clock, desk: GrantDesk, capacity: int) -> None:
        self._clock = clock
        self._desk = desk
        self.heap: list[Entry] = []
        self.free = capacity
        self.dirty = False

    def request(self, priority_class: int, claimant: Claimant) -> Claim:
        """Join the queue for one server; hold it from the grant to :meth:`release`."""
        claim = claim_for(1)
        heappush(
            self.heap,
            (priority_class, self._clock.now, claimant.tie, claimant.order, claim),
        )
        if self.free > 0:
            self._desk.notify(self)
        return claim

    def release(self) -> None:
        """Give one server back."""
        self.free += 1
        if self.heap:
            self._desk.notify(self)

    def grant(self) -> list[Claim]:
        """Serve the head of the queue while a server is free."""
        granted = []
        while self.free > 0 and self.heap:
            claim = heappop(self.heap)[4]
            if not claim.cancelled:
                self.free -= 1
                granted.append(claim)
        return granted


class Pool:
    """A stock of persons taken for good, in order, each claim for several at once.

    The head of the queue waits until there are enough for it and nobody behind may pass.
    ``expected`` is what all contracted projects will still ask for: while the stock covers it, no
    claim can take anything from another one, and claims are met at once, without an event.

    The stock is entry ``place`` of ``stocks``, which the pools of all districts share, so that a
    whole city is refilled in one go.
    """

    __slots__ = ("_clock", "_desk", "_place", "_stocks", "dirty", "expected", "heap")

    def __init__(self, clock: Clock, desk: GrantDesk, stocks: list[int], place: int) -> None:
        self._clock = clock
        self._desk = desk
        self._stocks = stocks
        self._place = place
        self.heap: list[Entry] = []
        self.expected = 0
        self.dirty = False

    def expect(self, amount: int) -> None:
        """``amount`` persons more will be asked for."""
        self.expected += amount

    def request(self, priority_class: int, claimant: Claimant, amount: int) -> Claim | None:
        """Ask for ``amount`` persons of those expected; None if they could be had at once."""
        if self._stocks[self._place] >= self.expected:
            self._stocks[self._place] -= amount
            self.expected -= amount
            return None
        claim = claim_for(amount)
        heappush(
            self.heap,
            (priority_class, self._clock.now, claimant.tie, claimant.order, claim),
        )
        self._desk.notify(self)
        return claim

    def refilled(self) -> None:
        """The stock has changed: look at the line again in the grants phase."""
        self._desk.notify(self)

    def grant(self) -> list[Claim]:
        """Serve the line from its head while there are enough persons."""
        granted = []
        while self.heap and self.heap[0][4].amount <= self._stocks[self._place]:
            claim = heappop(self.heap)[4]
            self._stocks[self._place] -= claim.amount
            self.expected -= claim.amount
            granted.append(claim)
        return granted
