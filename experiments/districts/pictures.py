"""Pictures of districts beside their peers: all of them, and one by programme, money and days."""

from __future__ import annotations

from collections.abc import Iterator

from experiments.districts.cells import mean, per_cent, points, ranking
from experiments.districts.compared import Compared, name_of
from experiments.districts.findings import NEAREST, Gap, Standing
from sim.answer.blocks import Spoken
from sim.answer.figures import Axis, Bar, Dot, Key, Ladder, Role, Rung, Stack
from sim.answer.run.delays import parts
from sim.answer.run.page import STAGE
from sim.words import Mean, Said

_OWN: Role = "series1"
_ZONE: Role = "series3"
_NEAREST: Role = "series4"
_ROLES = (_OWN, _ZONE, _NEAREST)
NEGLIGIBLE = 0.05
"""Projects that would be written as 0.0 on average."""


def beside_peers(compared: Compared) -> Iterator[Ladder]:
    """Every district that has peers, the last one first: quotas met, beside those of its peers."""
    shown = [own for own in compared.ranked
             if own.zone_met is not None or own.nearest_met is not None]  # fmt: skip
    if not shown:
        return
    behind = sum(own.is_behind for own in shown)
    yield Ladder(
        name="districts_peers",
        title=Said("districts.chart.peers", {"count": behind, "total": len(shown)}),
        legend=Said("districts.chart.peers_legend", {"count": NEAREST}),
        rows=[_beside(own) for own in shown],
        axis=Axis(form="share"),
        keys=_keys(),
        columns=[
            (Said("districts.column.rank"), _OWN),
            (Said("districts.column.zone_gap"), _ZONE),
            (Said("districts.column.nearest_gap"), _NEAREST),
        ],
    )


def _beside(own: Standing) -> Rung:
    return Rung(
        name=name_of(own),
        dots=[
            Dot(own.zone_met, _ZONE, hollow=True),
            Dot(own.nearest_met, _NEAREST, hollow=True),
            Dot(own.quotas_met, _OWN, (own.quotas_met_low, own.quotas_met_high)),
        ],
        texts=[ranking(own), points(own.zone_gap), points(own.nearest_gap)],
    )


def _keys() -> list[Key]:
    """The district, its zone and those of its size."""
    names = [Said("districts.it"), Said("districts.its_zone"), Said("districts.its_size")]
    return [Key(role, name) for role, name in zip(_ROLES, names, strict=True)]


def of_one(compared: Compared, own: Standing) -> Iterator[Ladder | Stack]:
    """What it delivers of every quota, what money it has, and where its days go."""
    yield from _by_programme(compared, own)
    yield from _money(compared, own)
    yield from _days(compared, own)


def _by_programme(compared: Compared, own: Standing) -> Iterator[Ladder]:
    gaps = [gap for gap in compared.gaps_of(own) if gap.quota >= NEGLIGIBLE]
    if not gaps:
        return
    worst, missed = gaps[0], sum(gap.short >= 0.5 for gap in gaps)
    told = {"place": name_of(own), "count": missed, "total": len(gaps)}
    told |= {"programme": programme_of(worst), "short": per_cent(worst.short)}
    yield Ladder(
        name=f"district_gaps_{own.place}",
        title=Said("districts.chart.gaps", told),
        legend=Said("districts.chart.gaps_legend"),
        keys=_keys(),
        rows=[
            Rung(
                name=programme_of(gap),
                dots=[
                    Dot(gap.zone_delivered, _ZONE, hollow=True),
                    Dot(gap.nearest_delivered, _NEAREST, hollow=True),
                    Dot(gap.delivered_share, _OWN),
                ],
                texts=[
                    Said("districts.of", {"part": Mean(gap.delivered), "whole": Mean(gap.quota)}),
                    per_cent(gap.zone_delivered),
                    per_cent(gap.nearest_delivered),
                ],
            )
            for gap in gaps
        ],
        axis=Axis(form="share", ends=(0.0, 1.0)),
        columns=_headers("districts.column.delivered"),
    )


def _headers(first: str) -> list[tuple[Spoken, Role]]:
    names = (first, "districts.its_zone", "districts.its_size")
    return [(Said(name), role) for name, role in zip(names, _ROLES, strict=True)]


def programme_of(gap: Gap) -> Spoken:
    """What the programme is called, with the units of a project if it has several."""
    name = {"zh": gap.programme_zh, "en": gap.programme_en}
    if gap.per_project == 1:
        return name
    return Said("districts.programme", {"name": name, "units": gap.per_project})


def _money(compared: Compared, own: Standing) -> Iterator[Ladder]:
    """Money per head beside the nearest in population and the others of the zone."""
    if not compared.held or own.received is None:
        return
    nearest = compared.named(own.nearest)
    groups = (
        ("districts.it", [own]),
        ("districts.its_size", nearest),
        ("districts.its_zone", [each for each in compared.of_zone(own) if each not in nearest]),
    )
    told = {"place": name_of(own), "received": mean(own.received)}
    told |= {"zone": mean(own.zone_received), "nearest": mean(own.nearest_received)}
    yield Ladder(
        name=f"district_money_{own.place}",
        title=Said("districts.chart.money", told),
        legend=Said("districts.chart.money_legend"),
        keys=[Key("series1", Said("districts.column.spent")),
              Key("series3", Said("districts.column.received"))],
        rows=[
            Rung(
                name=name_of(each),
                dots=[
                    Dot(each.received, "series3", hollow=True),
                    Dot(each.spent, "series1"),
                ],
                texts=[mean(each.received), mean(each.spent), mean(each.unspent)],
                group=Said(group),
            )
            for group, members in groups
            for each in members
        ],
        axis=Axis(name=Said("districts.chart.yuan"), ends=(0.0, None)),
        columns=[(Said("districts.column.received"), "series3"),
                 (Said("districts.column.spent"), "series1"),
                 (Said("districts.column.unspent"), "reference")],
    )  # fmt: skip


def _days(compared: Compared, own: Standing) -> Iterator[Stack]:
    if not own.lost:
        return
    bars = []
    for name, members in (
        (name_of(own), [own]),
        (Said("districts.its_zone"), compared.of_zone(own)),
        (Said("districts.its_size"), compared.named(own.nearest)),
    ):
        lost = compared.lost(members)
        if lost:
            bars.append(Bar(name, parts(lost), Mean(sum(lost.values()))))
    told = {
        "place": name_of(own),
        "lost": mean(own.lost),
        "stage": Said(f"{STAGE}.{own.lost_stage}"),
    }
    told |= {"zone": mean(own.zone_lost), "nearest": mean(own.nearest_lost)}
    yield Stack(
        name=f"district_days_{own.place}",
        title=Said("districts.chart.days", told),
        legend=Said("districts.chart.days_legend"),
        rows=bars,
        shares=False,
        beside=False,
        total=Said("districts.column.lost"),
        parts=Said("districts.chart.days_parts"),
    )
