"""What is said of all districts: who is last and first, what holds the last ones back, tables."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from experiments.districts.cells import mean, points, ranking, share
from experiments.districts.compared import Compared, name_of
from experiments.districts.findings import NEAREST, Standing
from experiments.districts.pictures import beside_peers
from experiments.districts.sheet import sheets
from sim.answer.blocks import Answer, Column, Form, Line, Note, Spoken, Statement, Table
from sim.answer.run.districts import maps
from sim.answer.run.page import STAGE
from sim.words import Replications, Said, Share

_AMOUNTS = ("received", "spent", "unspent", "lost")


def answer(compared: Compared, chosen: Sequence[int]) -> Answer:
    """The whole answer: of all districts, or of those chosen (positions among the standings)."""
    own = [compared.standings[at] for at in chosen]
    parts = sheets(compared, own)
    if own:
        statements, pictures = parts.statements, parts.pictures
    else:
        statements = [*_statements(compared)]
        first, *others = [*maps(compared.config, compared.records, compared.held), None]
        pictures = [each for each in (first, *beside_peers(compared), *others) if each is not None]
    caution = Statement(Said("districts.caution"), "caution")
    return Answer(
        statements=[*statements, caution],
        tables=[*parts.tables, district_table(compared, own)],
        pictures=pictures,
        notes=[
            Note(Said("districts.note_rank")),
            Note(Said("districts.note_peers", {"count": NEAREST})),
            Note(Said("districts.note_money")),
        ],
        figures=_figures(compared, own),
    )


def _figures(compared: Compared, own: Sequence[Standing]) -> dict[str, object]:
    """The numbers behind the sentences."""
    reason, count = compared.main_reason
    zones = compared.zones
    return {
        "districts": len(compared.ranked),
        "ranks": {each.place: each.rank for each in own or compared.last},
        "last_held_back_by": reason,
        "last_held_back": count,
        "zone_share": zones and zones.share,
        "zone_share_by_chance": zones and zones.by_chance,
    }


# ------------------------------------------------------------------ statements


def _statements(compared: Compared) -> Iterator[Statement]:
    ranked = compared.ranked
    if len(ranked) < 2:
        said: dict[str, object] = {"place": name_of(ranked[0]), "met": share(ranked[0].quotas_met)}
        yield Statement(Said("districts.answer_alone", said), "headline")
        return
    yield Statement(_order(compared), "headline")
    yield Statement(_reason(compared), "headline")
    if compared.zones is not None:
        (low, least), *_, (high, most) = compared.zone_means.items()
        told: dict[str, object] = {
            "matters": compared.zones.matters,
            "share": Share(round(compared.zones.share, 2)),
            "chance": Share(round(compared.zones.by_chance, 2)),
            "low": compared.zone_name(low),
            "least": share(least),
            "high": compared.zone_name(high),
            "most": share(most),
        }
        yield Statement(Said("districts.answer_zone", told), "headline")
    behind = [name_of(own) for own in ranked if own.is_behind]
    said = {"count": len(behind), "total": len(ranked), "list": behind}
    yield Statement(Said("districts.answer_behind", said))


def _order(compared: Compared) -> Said:
    """Who is last and who first; equals are named together."""
    ranked = compared.ranked
    last, first = ranked[0], ranked[-1]
    if last.rank == first.rank:
        told = {"total": len(ranked), "met": share(first.quotas_met)}
        return Said("districts.answer_equal", told)
    return Said(
        "districts.answer",
        {
            "scenario": compared.label,
            "total": len(ranked),
            "last": [name_of(own) for own in ranked if own.rank == last.rank],
            "met": share(last.quotas_met),
            "first": [name_of(own) for own in ranked if own.rank == first.rank],
            "most": share(first.quotas_met),
            "alike": [name_of(own) for own in compared.named(last.alike)],
            "low": last.single_low,
            "high": last.single_high,
        },
    )


def _reason(compared: Compared) -> Said:
    reason, count = compared.main_reason
    if not reason:
        return Said("districts.answer_nothing")
    said = {"count": count, "last": len(compared.last), "stage": Said(f"{STAGE}.{reason}")}
    return Said("districts.answer_reason", said)


# ------------------------------------------------------------------ the table


def district_table(compared: Compared, own: Sequence[Standing]) -> Table:
    """Every district, the last first; a short table has the last ones, or those chosen."""
    essential = own or compared.last or compared.standings
    unranked = [each for each in compared.standings if each.rank is None]
    columns = {
        "place": Column(Said("districts.column.place"), "name"),
        "zone": Column(Said("districts.column.zone"), "text", spare=True),
        "rank": _number("rank"),
        "met": _number("met", form="share"),
        "zone_gap": _number("zone_gap"),
        "nearest_gap": _number("nearest_gap"),
        "reason": Column(Said("districts.column.reason"), "text", means=_means("reason")),
        **{name: _number(name, spare=name != "spent") for name in _AMOUNTS},
    }
    lines = []
    for each in (*compared.ranked, *unranked):
        cells: dict[str, Spoken] = {
            "place": name_of(each),
            "zone": compared.zone_name(each.zone),
            "rank": ranking(each),
            "met": share(each.quotas_met),
            "zone_gap": points(each.zone_gap),
            "nearest_gap": points(each.nearest_gap),
            "reason": Said(f"{STAGE}.{each.reason}") if each.reason else None,
            **{name: mean(getattr(each, name)) for name in _AMOUNTS},
        }
        lines.append(Line(cells, essential=each in essential))
    replications = Replications(compared.standings[0].replications)
    said = {"scenario": compared.label, "replications": replications}
    caption = Said("districts.caption", said)
    return Table("districts", Said("districts.title"), columns, lines, caption)


def _number(name: str, *, form: Form = "number", spare: bool = False) -> Column:
    return Column(Said(f"districts.column.{name}"), means=_means(name), form=form, spare=spare)


def _means(name: str) -> Said:
    return Said(f"districts.means.{name}")
