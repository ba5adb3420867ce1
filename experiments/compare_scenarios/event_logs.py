"""The first day on which two histories of the same world differ, told from their event logs."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import numpy as np

from experiments.compare_scenarios.points import ComparedPoint
from sim.answer.finding import Unit, findings_from
from sim.answer.row import Config
from sim.config.errors import ConfigError
from sim.model.kernel.facts import Fact
from sim.story.log import Event
from sim.story.names import Names
from sim.story.occurrences import told_apart
from sim.study.files import read_csv
from sim.study.worker import Worker
from sim.words import speeches

TABLE = "first_difference"

_ENTRY = ("phase", "entity", "event", "place", "detail")

Day = Annotated[int, Unit("days after the start of the plan")]
Events = Annotated[int, Unit("events")]


# ------------------------------------------------------------------ two logs


@dataclass(frozen=True)
class Parting:
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


def parting(reference: Sequence[Fact], other: Sequence[Fact]) -> Parting | None:
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
    return Parting(
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


# ------------------------------------------------------------------ the finding


@dataclass(frozen=True)
class FirstDifference:
    """The first difference of a scenario and the reference in one replication.

    Attributes:
        scenario: its name; reference_hash, hash: of the configurations of both.
        date, day: None where the logs are equal; then all that follows is empty, too.
        phase, entity, event, place, detail: the first event of that day that only the scenario's
            log has, as logged, and with ``reference_`` before them of the reference's.
        reference_only, other_only: how many such events that day has.
        reference_zh, reference_en, other_zh, other_en: the same events in words.
        reference_fact, fact: the same as values, JSON.
    """

    scenario: str
    reference_hash: str
    hash: str
    replication: int
    date: dt.date | None = None
    day: Day | None = None
    reference_phase: str = ""
    reference_entity: str = ""
    reference_event: str = ""
    reference_place: str = ""
    reference_detail: str = ""
    reference_only: Events | None = None
    phase: str = ""
    entity: str = ""
    event: str = ""
    place: str = ""
    detail: str = ""
    other_only: Events | None = None
    reference_zh: str = ""
    reference_en: str = ""
    other_zh: str = ""
    other_en: str = ""
    reference_fact: str = ""
    fact: str = ""

    @classmethod
    def of(
        cls,
        scenario: str,
        hashes: tuple[str, str],
        replication: int,
        found: Parting | None,
        configs: tuple[Config, Config],
    ) -> FirstDifference:
        """What was found of a replication.

        Args:
            hashes, configs: of the reference and of the scenario.
            found: the first day on which the logs differ, if they do.
        """
        if found is None:
            return cls(scenario, *hashes, replication)
        start = dt.date.fromisoformat(str(configs[0]["plan"]["start"]))
        date = start + dt.timedelta(days=found.day)
        texts: dict[str, str] = {}
        for fact, config, prefix, told in (
            (found.reference, configs[0], "reference_", "reference"),
            (found.other, configs[1], "", "other"),
        ):
            if fact is not None:
                texts |= {f"{prefix}{name}": getattr(fact, name) for name in _ENTRY}
                texts[f"{prefix}fact"] = fact.typed
                said = told_apart(Event.of(fact, date.isoformat()), Names(config))
                for speech in speeches("both"):
                    texts[f"{told}_{speech.language}"] = speech.text(said)
        return cls(
            scenario,
            *hashes,
            replication,
            date=date,
            day=found.day,
            reference_only=found.reference_only,
            other_only=found.other_only,
            **texts,
        )

    @property
    def found(self) -> Parting | None:
        """What it was made of."""
        if self.day is None:
            return None
        assert self.reference_only is not None, "events are counted"
        assert self.other_only is not None, "events are counted"
        reference, other = (
            Fact.read(
                {"day": str(self.day), **{n: getattr(self, f"{prefix}{n}") for n in _ENTRY}},
                getattr(self, f"{prefix}fact"),
            )
            if getattr(self, f"{prefix}entity")
            else None
            for prefix in ("reference_", "")
        )
        return Parting(self.day, reference, other, self.reference_only, self.other_only)


# ------------------------------------------------------------------ made once more


class NotTold(Exception):
    """Event logs cannot be compared; the text is the key of the words that say why."""


class Tracer:
    """Finds the first difference of event logs; what the study's folder knows stays as it is."""

    def __init__(self, folder: Path, traced: int) -> None:
        self._traced = traced
        self._logs: dict[tuple[str, int], Sequence[Fact]] = {}
        self._known: dict[tuple[str, str, str, int], Parting | None] = {}
        path = folder / f"{TABLE}.csv"
        if path.exists():
            header, cells = read_csv(path)
            records = (dict(zip(header, row, strict=True)) for row in cells)
            for own in findings_from(FirstDifference, records, {}):
                key = own.scenario, own.reference_hash, own.hash, own.replication
                self._known[key] = own.found

    def first(self, reference: ComparedPoint, other: ComparedPoint) -> list[FirstDifference]:
        """The first difference of every replication that is traced. Raises :class:`NotTold`."""
        if not self._traced:
            return []
        if reference.streams != other.streams:
            raise NotTold("compare_scenarios.first_unpaired")
        both = np.intersect1d(reference.found.replications, other.found.replications)
        try:
            return [self._of(reference, other, n) for n in both[: self._traced].tolist()]
        except ConfigError:
            raise NotTold("compare_scenarios.first_unreadable") from None

    def _of(self, reference: ComparedPoint, other: ComparedPoint, number: int) -> FirstDifference:
        hashes = reference.hash, other.hash
        key = other.name, *hashes, number
        if key not in self._known:
            logs = [self._log(point, number) for point in (reference, other)]
            self._known[key] = parting(*logs)
        configs = reference.config, other.config
        return FirstDifference.of(other.name, hashes, number, self._known[key], configs)

    def _log(self, point: ComparedPoint, replication: int) -> Sequence[Fact]:
        if (point.name, replication) not in self._logs:
            if point.run is None:
                raise NotTold("compare_scenarios.first_unreadable")
            run = point.run.model_copy(update={"record": "targets"})
            log = Worker(run).replicate(replication, trace=True).log
            assert log is not None, "a traced replication keeps its log"
            self._logs[point.name, replication] = log
        return self._logs[point.name, replication]
