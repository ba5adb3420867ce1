"""The sheet of one district: rank, gaps by programme, money per head and days, beside its peers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from experiments.districts.cells import mean, per_cent, ranking, share
from experiments.districts.compared import Compared, name_of
from experiments.districts.findings import Standing
from experiments.districts.pictures import NEGLIGIBLE, of_one, programme_of
from sim.answer.blocks import Column, Figure, Line, Spoken, Statement, Table
from sim.answer.run.page import STAGE
from sim.words import Label, Mean, Said, Yuan

NAMED = 3
"""Programmes that a sentence names."""

MOST = 12
"""Quotas in a short table."""

HEADLINES = 3

_MEASURES: Sequence[tuple[str, str, Callable[[float | None], Spoken]]] = (
    ("met", "quotas_met", share),
    *((name, name, mean) for name in ("received", "spent", "unspent", "lost")),
)
"""What peers are compared by: of peers taken together, of one district, and how it is said."""


@dataclass(frozen=True)
class Sheets:
    """Sentences, tables and pictures of some districts."""

    statements: Sequence[Statement]
    tables: Sequence[Table]
    pictures: Sequence[Figure]


def sheets(compared: Compared, chosen: Sequence[Standing]) -> Sheets:
    """One sheet after the other; of several districts the rank is what comes first."""
    said = [[*_statements(compared, own)] for own in chosen]
    first = said[0] if len(said) == 1 else [own[0] for own in said]
    rest = [] if len(said) == 1 else [each for own in said for each in own[1:]]
    weighed = [
        Statement(each, "headline" if at < HEADLINES else "support")
        for at, each in enumerate([*first, *rest])
    ]
    return Sheets(
        weighed,
        [table for own in chosen for table in _tables(compared, own)],
        [figure for own in chosen for figure in of_one(compared, own)],
    )


# ------------------------------------------------------------------ statements


def _statements(compared: Compared, own: Standing) -> Iterator[Said]:
    """Its rank, how it stands beside its peers, and what it lacks."""
    yield _rank(compared, own)
    if own.rank is None:
        return
    if own.zone_gap is not None or own.nearest_gap is not None:
        yield _beside(compared, own)
    yield _lacks(compared, own)


def _rank(compared: Compared, own: Standing) -> Said:
    if own.rank is None:
        return Said("districts.one_none", {"place": name_of(own)})
    return Said(
        "districts.one_rank",
        {
            "scenario": compared.label,
            "place": name_of(own),
            "met": share(own.quotas_met),
            "quotas": own.quotas,
            "total": len(compared.ranked),
            "rank": own.rank,
            "low": own.rank_low,
            "high": own.rank_high,
            "lucky": own.single_low,
            "luckless": own.single_high,
            "tied": _names(compared, own.tied),
            "alike": _names(compared, own.alike),
            "others": len(compared.named(own.alike)),  # many are a number, not a list
        },
    )


def _names(compared: Compared, codes: str) -> list[Label]:
    return [name_of(each) for each in compared.named(codes)]


def _beside(compared: Compared, own: Standing) -> Said:
    parts = []
    if own.zone_gap is not None:
        told: dict[str, object] = {"zone": compared.zone_name(own.zone)}
        parts.append(Said("districts.one_zone", told | _against(own, "zone")))
    if own.nearest_gap is not None:
        told = {"nearest": _names(compared, own.nearest)}
        parts.append(Said("districts.one_nearest", told | _against(own, "nearest")))
    if own.received is not None:
        names = ("received", "zone_received", "nearest_received", "unspent")
        yuan = {name: _yuan(getattr(own, name)) for name in names}
        parts.append(Said("districts.one_money", yuan))
    return Said("districts.one_beside", {"place": name_of(own), "list": parts})


def _against(own: Standing, kind: str) -> dict[str, object]:
    """Its gap to peers: which way it goes beyond simulation error, how far, and what they meet."""
    gap, low, high, met = (
        getattr(own, f"{kind}_{name}") for name in ("gap", "gap_low", "gap_high", "met")
    )
    way = "same" if low <= 0.0 <= high else "behind" if gap < 0.0 else "ahead"
    way_said = Said(f"districts.{way}", {"points": f"{100.0 * abs(gap):.1f}"})
    return {"way": way_said, "met": share(met)}


def _yuan(value: float | None) -> Yuan | None:
    return None if value is None else Yuan(round(value))


def _lacks(compared: Compared, own: Standing) -> Said:
    lacking = [gap for gap in compared.gaps_of(own) if gap.short]
    if not lacking:
        return Said("districts.one_all", {"place": name_of(own)})
    most = [
        Said(
            "districts.one_short",
            {
                "programme": programme_of(gap),
                "short": per_cent(gap.short),
                "stage": Said(f"{STAGE}.{gap.reason}"),
            },
        )
        for gap in lacking[:NAMED]
    ]
    reason = Said(f"{STAGE}.{own.reason}")
    part = per_cent(own.reason_share)
    told = {"place": name_of(own), "list": most, "stage": reason, "share": part}
    return Said("districts.one_lacks", told)


# ------------------------------------------------------------------ tables


def _tables(compared: Compared, own: Standing) -> Iterator[Table]:
    """Its quotas, and itself beside its peers; where there is nothing, no table."""
    tables = (_gaps(compared, own), _peers(compared, own), _days(compared, own))
    yield from (table for table in tables if table.rows)


def _gaps(compared: Compared, own: Standing) -> Table:
    gaps = compared.gaps_of(own)
    lines = [
        Line(
            {
                "programme": programme_of(gap),
                "quota": Mean(gap.quota),
                "delivered": Mean(gap.delivered),
                "missing": Mean(gap.missing),
                "short": per_cent(gap.short),
                "reason": Said(f"{STAGE}.{gap.reason}") if gap.reason else None,
            },
            essential=at < MOST and gap.missing >= NEGLIGIBLE,
        )
        for at, gap in enumerate(gaps)
    ]
    columns = {
        "programme": Column(Said("districts.column.programme"), "name"),
        **{name: Column(Said(f"districts.column.{name}"), means=Said(f"districts.means.{name}"),
                        form="share" if name == "short" else "number", spare=name == "quota")
           for name in ("quota", "delivered", "missing", "short")},
        "reason": Column(Said("districts.column.reason"), "text",
                         means=Said("districts.means.gap_reason")),
    }  # fmt: skip
    title = Said("districts.gaps_title", {"place": name_of(own)})
    return Table(f"gaps_{own.place}", title, columns, lines, Said("districts.gaps_caption"))


def _peers(compared: Compared, own: Standing) -> Table:
    nearest = compared.named(own.nearest)
    columns = {
        "measure": Column(Said("districts.column.measure"), "name"),
        own.place: Column(name_of(own)),
        "zone": Column(Said("districts.its_zone")),
        **{each.place: Column(name_of(each), spare=True) for each in nearest},
        "nearest": Column(Said("districts.its_size")),
    }
    lines = [
        Line(
            {
                "measure": Said(f"districts.measure.{name}"),
                **{each.place: said(getattr(each, field)) for each in (own, *nearest)},
                **{kind: said(getattr(own, f"{kind}_{name}")) for kind in ("zone", "nearest")},
            }
        )
        for name, field, said in _MEASURES
    ]
    ranks: dict[str, Spoken] = {each.place: ranking(each) for each in (own, *nearest)}
    lines.insert(0, Line({"measure": Said("districts.measure.rank"), **ranks}))
    title = Said("districts.peers_title", {"place": name_of(own)})
    told = {"zone": compared.zone_name(own.zone), "nearest": _names(compared, own.nearest)}
    caption = Said("districts.peers_caption", told)
    return Table(f"peers_{own.place}", title, columns, lines, caption)


def _days(compared: Compared, own: Standing) -> Table:
    lost = {
        own.place: compared.lost([own]),
        "zone": compared.lost(compared.of_zone(own)),
        "nearest": compared.lost(compared.named(own.nearest)),
    }
    stages = sorted(lost[own.place], key=lambda stage: -lost[own.place][stage])
    columns = {
        "stage": Column(Said("districts.column.stage"), "name"),
        own.place: Column(name_of(own)),
        "zone": Column(Said("districts.its_zone")),
        "nearest": Column(Said("districts.its_size")),
    }
    lines = [
        Line({"stage": Said(f"{STAGE}.{stage}"),
              **{name: Mean(days.get(stage, 0.0)) for name, days in lost.items() if days}})
        for stage in stages
    ]  # fmt: skip
    title = Said("districts.days_title", {"place": name_of(own)})
    return Table(f"days_{own.place}", title, columns, lines, Said("districts.days_caption"))
