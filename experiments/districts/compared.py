"""Every district beside its peers, as page and pictures show them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from experiments.districts.counted import Counted
from experiments.districts.findings import Gap, Money, Standing
from experiments.districts.ranks import ZoneShare
from sim.answer.row import Config
from sim.answer.run.districts import Record
from sim.answer.run.held_back import leading_stage
from sim.words import Label

LAST = 10
"""The last ones are so many, and never more than half of them."""


@dataclass(frozen=True)
class Compared:
    """Everything that was found.

    Attributes:
        label: of the scenario; config: of its run, as in the manifest.
        standings: of all districts, in the order of the table of places; gaps: of their quotas.
        zones: how much of the differences lies between zones; None where that means nothing.
    """

    label: Label
    config: Config
    standings: Sequence[Standing]
    gaps: Sequence[Gap]
    counted: Counted
    money: Money
    zones: ZoneShare | None

    @cached_property
    def by_place(self) -> Mapping[str, Standing]:
        """The standings by code."""
        return {own.place: own for own in self.standings}

    @cached_property
    def ranked(self) -> list[Standing]:
        """Districts with a rank, the last one first; equals in the order of the table."""
        own = [each for each in self.standings if each.rank is not None]
        return sorted(own, key=lambda each: -(each.rank or 0))

    @property
    def last(self) -> list[Standing]:
        """Those at the end, and whoever is equal to the first of them."""
        count = min(LAST, len(self.ranked) // 2)
        edge = self.ranked[count - 1].rank if count else None
        return [own for own in self.ranked if edge is not None and (own.rank or 0) >= edge]

    @property
    def main_reason(self) -> tuple[str, int]:
        """What holds back most of the last ones, and how many of them; empty if nothing does."""
        reasons = Counter(own.reason for own in self.last if own.reason)
        reason = leading_stage(reasons)
        return reason, reasons[reason]

    @property
    def zone_means(self) -> Mapping[str, float]:
        """Mean share of quotas met by zone, the lowest first."""
        found: dict[str, list[float]] = {}
        for own in self.ranked:
            found.setdefault(own.zone, []).append(own.quotas_met or 0.0)
        means = {zone: sum(shares) / len(shares) for zone, shares in found.items()}
        return dict(sorted(means.items(), key=lambda entry: entry[1]))

    def zone_name(self, zone: str) -> Label:
        """What a zone is called."""
        label: Label = self.config["plan"]["zones"][zone]["name"]
        return label

    def named(self, codes: str) -> list[Standing]:
        """Districts by their codes, with spaces between them."""
        return [self.by_place[code] for code in codes.split()]

    def of_zone(self, own: Standing) -> list[Standing]:
        """The other districts of its zone."""
        return [each for each in self.standings if each.zone == own.zone and each != own]

    def gaps_of(self, own: Standing) -> list[Gap]:
        """Its quotas, those that are missed most often first."""
        gaps = [gap for gap in self.gaps if gap.place == own.place]
        return sorted(gaps, key=lambda gap: -gap.short)

    @property
    def records(self) -> Mapping[str, Record]:
        """What maps show, by code; places without a project have no record."""
        return {
            own.place: self.counted.record(at)
            for at, own in enumerate(self.standings)
            if self.counted.started[at] or own.quotas
        }

    @property
    def held(self) -> Mapping[str, float]:
        """Yuan left at the end, by code; nothing where districts hold no money."""
        if not self.money.received.any():
            return {}
        return {own.place: float(yuan)
                for own, yuan in zip(self.standings, self.money.unspent, strict=True)}  # fmt: skip

    def lost(self, members: Sequence[Standing]) -> Mapping[str, float]:
        """Days lost by stage, for every project that some districts started."""
        places = [at for at, own in enumerate(self.standings) if own in members]
        started = int(self.counted.started[places].sum())
        if not started:
            return {}
        days = self.counted.days[places].sum(axis=0).tolist()
        by_stage = zip(self.counted.stages, days, strict=True)
        return {stage: count / started for stage, count in by_stage if count}


def name_of(own: Standing | Gap) -> Label:
    """What a district is called."""
    return {"zh": own.place_zh, "en": own.place_en}
