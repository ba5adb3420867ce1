"""The first day on which two histories of the same world differ."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from sim.model.kernel.facts import Fact


@dataclass(frozen=True)
class FirstDifference:
    """The first day that two event logs do not agree on.

    Attributes:
        day: its number.
        reference, other: the first event of that day that only the one log has, None if there is
            none; the other's is the counterpart of the reference's where it has one.
        reference_only, other_only: how many events of that day only the one log has.
    """

    day: int
    reference: Fact | None
    other: Fact | None
    reference_only: int
    other_only: int


def first_difference(reference: Sequence[Fact], other: Sequence[Fact]) -> FirstDifference | None:
    """Compare two event logs, each in its own order; None if they are equal.

    Events are compared with all they say; a counterpart is what the same entity did instead.
    """
    shorter = min(len(reference), len(other))
    pairs = enumerate(zip(reference, other, strict=False))
    at = next((i for i, (ours, theirs) in pairs if ours != theirs), shorter)
    if at == max(len(reference), len(other)):
        return None
    day = min(log[at].day for log in (reference, other) if at < len(log))
    here, there = (_on(day, log[at:]) for log in (reference, other))
    ours, theirs = _without(here, there), _without(there, here)
    if not ours and not theirs:  # the same events in another order
        ours, theirs = here, there
    return FirstDifference(
        day, ours[0] if ours else None, _counterpart(ours, theirs), len(ours), len(theirs)
    )


def _on(day: int, log: Sequence[Fact]) -> list[Fact]:
    return [entry for entry in log if entry.day == day]


def _without(log: Sequence[Fact], others: Sequence[Fact]) -> list[Fact]:
    """What ``log`` has more of than ``others``, in its order."""
    left = Counter(others)
    own = []
    for entry in log:
        if left[entry]:
            left[entry] -= 1
        else:
            own.append(entry)
    return own


def _counterpart(ours: Sequence[Fact], theirs: Sequence[Fact]) -> Fact | None:
    """What stands against the first of ``ours``, or the first of ``theirs`` if nothing does."""
    if ours:
        first = ours[0]
        same = [e for e in theirs if (e.entity, e.place) == (first.entity, first.place)]
        theirs = same or theirs
    return theirs[0] if theirs else None
