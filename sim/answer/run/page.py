"""What is said of a run: how many targets are likely, which are not, and what holds them back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import groupby

from sim.answer.blocks import Answer, Column, Line, Look, Note, Spoken, Statement, Table
from sim.answer.found import Found
from sim.answer.origin import ScenarioOf, caution_of
from sim.answer.row import Config, Row, group_name, marks
from sim.answer.run.assumptions import assumptions_table, grades_note
from sim.answer.run.attained import Attained
from sim.answer.run.held_back import HeldBack
from sim.answer.run.judgement import judgement_table
from sim.answer.settings import Manifest
from sim.stats.met_count import at_least
from sim.words import (
    Chance,
    Either,
    Label,
    Mean,
    Quantity,
    Replications,
    Said,
    Speech,
    catalogue,
    likelihood,
)
from sim.words.numbers import LIKELY, UNLIKELY

STAGE = "stage"
"""The room of the words for stages and reasons."""


def answer(
    attained: Attained,
    held_back: Sequence[HeldBack],
    found: Found,
    manifest: Manifest,
) -> Answer:
    """The whole answer of a run, without figures.

    Args:
        found: what every replication found.
        manifest: of the run folder.
    """
    tables = (
        attainment_table(attained, manifest),
        judgement_table(attained),
        held_back_table(attained, held_back),
        assumptions_table(attained.config),
    )
    return Answer(
        statements=[
            *_warnings(manifest, attained.replications),
            *summary(attained, found),
            *_readings(attained),
            Statement(caution_of(attained.config), "caution"),
        ],
        tables=[table for table in tables if table.rows],
        figures=_numbers(attained),
        notes=[*_notes(attained), Note(Said("held_back.note")), grades_note(attained.config)],
    )


def _numbers(attained: Attained) -> dict[str, object]:
    """The numbers behind the first sentences."""
    classes = attained.classes(attained.deciding)
    numbers: dict[str, object] = {
        "replications": attained.replications,
        "targets": len(attained.deciding),
        **{kind: classes[kind] for kind in ("likely", "open", "unlikely")},
    }
    for row in attained.joint:
        if row.counts_targets and not row.group:
            own = attained[row]
            numbers |= {"met_mean": own.mean, "met_p05": own.p05, "met_p95": own.p95}
    return numbers


# ------------------------------------------------------------------ statements


def _warnings(manifest: Manifest, finished: int) -> Iterator[Statement]:
    """Why the results rest on fewer replications than were asked for, if they do.

    What was not simulated because the run was interrupted did not fail.
    """
    asked = int(manifest["replications"])
    failed = int(manifest.get("failed", asked - finished))
    numbers = {"failures": failed, "total": asked, "finished": finished}
    if failed:
        yield Statement(Said("warning.failures", numbers), "caution")
    if manifest.get("interrupted"):
        yield Statement(Said("warning.interrupted", numbers), "caution")


def summary(attained: Attained, found: Found) -> Iterator[Statement]:
    """How many targets are met at once, how many are likely, and what holds back the others."""
    counted = [row for row in attained.joint if row.counts_targets]
    for row in counted:
        if not row.group:
            yield Statement(_met_count(row, attained, found), "headline")
    deciding = attained.deciding
    classes = attained.classes(deciding)
    told = {key: classes[key] for key in ("likely", "open", "unlikely")}
    yield Statement(Said("sentence.likely", {"total": len(deciding), **told}), "headline")
    yield Statement(_main_reason(attained), "headline")
    for row in counted:
        if row.group:
            yield Statement(_met_count(row, attained, found))


def _met_count(row: Row, attained: Attained, found: Found) -> Said:
    """The mean, the 5-95 % range, and the chance of at least k for telling k."""
    own, chances = attained[row], at_least(found.met_together(row.members))
    return Said(
        "sentence.met_count_group" if row.group else "sentence.met_count",
        {
            "group": group_name(attained.config, row.group) if row.group else "",
            "total": len(row.members),
            "mean": f"{own.mean:.1f}",
            "low": f"{own.p05:.0f}",
            "high": f"{own.p95:.0f}",
            "chances": [
                Said("sentence.at_least", {"count": count, "chance": Chance(chances[count])})
                for count in _telling(chances)
            ],
        },
    )


def _telling(chances: Sequence[float]) -> list[int]:
    """The largest k that are met with at least 80, 50 and 20 %, or 1 if none of them is."""
    largest = [
        max(count for count, chance in enumerate(chances) if chance >= level)
        for level in (LIKELY, 0.5, UNLIKELY)
    ]
    return [*dict.fromkeys(count for count in largest if count > 0)] or [1]


def explained(stage: str) -> Said:
    """A stage or reason with its short explanation."""
    return Said(
        "note.obstacle", {"name": Said(f"{STAGE}.{stage}"), "note": Said(f"stage_note.{stage}")}
    )


def _main_reason(attained: Attained) -> Said:
    """The most frequent obstacle among targets that are more likely missed than met."""
    reasons = [
        attained[row].held_back_by for row in attained.deciding if attained.chance(row) < 0.5
    ]
    counts = Counter(reason for reason in reasons if reason)
    if not counts:
        return Said("sentence.no_obstacle")
    most = max(counts.values())
    first = [explained(stage) for stage in stages() if counts[stage] == most]
    return Said("sentence.obstacle", {"missed": counts.total(), "obstacles": first, "count": most})


def stages() -> tuple[str, ...]:
    """Stages and reasons, in the order in which ties are settled."""
    return tuple(stage for stage in catalogue().room(STAGE) if stage != "usual")


def _readings(attained: Attained) -> Iterator[Statement]:
    """One sentence for every definition whose two readings give different answers.

    A reading decides where the 95 % intervals of the two chances are apart and one chance is
    likely, open or unlikely and the other is not; it matters where the intervals are apart; else
    the medians are compared. Definitions that change what is built have one reading in a run and no
    sentence.
    """
    plan = attained.config["plan"]
    pairs: dict[str, list[tuple[Row, Row]]] = {}
    rows = [row for row in attained.rows if row.reading]
    for counted, other in zip(rows[::2], rows[1::2], strict=True):
        phrase = plan["targets"][counted.target]["definition"]
        pairs.setdefault(phrase, []).append((counted, other))
    for phrase, members in pairs.items():
        cases = [case for pair in members if (case := _difference(*pair, attained))]
        if cases:
            told: dict[str, Spoken] = {"definition": plan["definitions"][phrase]["name"]}
            told |= {"first": members[0][0].reading, "second": members[0][1].reading}
            yield Statement(Said("reading.question", {**told, "cases": Clauses(cases)}))


class Clauses(tuple[Spoken, ...]):
    """Parts of a sentence that have commas of their own."""

    def spoken(self, speech: Speech) -> str:
        """One after the other."""
        return speech.clauses(self)


def _difference(counted: Row, other: Row, attained: Attained) -> Said | None:
    """How the answers for one target differ between its readings; None if they do not."""
    first, second = (attained.interval(row) for row in (counted, other))
    medians = [Quantity(attained.values(row).middle) for row in (counted, other)]
    apart = first.high < second.low or second.high < first.low
    chances = [Chance(first.probability), Chance(second.probability)]
    if apart and likelihood(first.probability) != likelihood(second.probability):
        key = "reading.decides"
    elif apart:
        key = "reading.matters"
    elif _alike(*medians):
        return None
    else:
        key = "reading.equal" if _alike(*chances) else "reading.near"
    return Said(
        key,
        {
            "target": counted.name,
            "chance": chances[0],
            "chances": Said("number.either", {"first": chances[0], "second": chances[1]}),
            "medians": Either(medians[0].value, medians[1].value, counted.unit),
        },
    )


def _alike(first: Spoken, second: Spoken) -> bool:
    english = Speech("en")
    return english.text(first) == english.text(second)


# ------------------------------------------------------------------ tables


def attainment_table(attained: Attained, manifest: Manifest) -> Table:
    """Every modelled target with goal, values, chance, date and obstacle; joint rows at the end."""
    config = attained.config
    lines: list[Line] = []
    for group, members in groupby(attained.rows, key=lambda row: row.group):
        lines.append(Line({"target": group_name(config, group)}, heading=True))
        headline = config["plan"]["groups"][group]["headline"]
        lines += [_line(row, attained, headline=headline) for row in members]
    if attained.joint:
        lines.append(Line({"target": Said("joint.heading")}, heading=True))
        lines += [_joint_line(row, attained) for row in attained.joint]
    return Table(
        "attainment",
        Said("table.title", {"plan": config["plan"]["name"]}),
        {
            "target": Column(Said("column.target"), "name"),
            "goal": Column(
                Said("column.goal"), room=15, spare=True, means=Said("column.goal_means")
            ),
            "median": Column(Said("column.median"), means=Said("column.median_means")),
            "chance": Column(
                Said("column.chance"), form="chance", means=Said("column.chance_means")
            ),
            "date": Column(
                Said("column.date"), "text", spare=True, means=Said("column.date_means")
            ),
            "reason": Column(
                Said("column.reason"), "text", room=14, means=Said("column.reason_means")
            ),
        },
        lines,
        Said(
            "table.caption",
            {
                "scenario": ScenarioOf(manifest),
                "replications": Replications(attained.replications),
                "deadline": config["plan"]["end"],
            },
        ),
    )


def _line(row: Row, attained: Attained, *, headline: bool) -> Line:
    own, kind = attained[row], likelihood(attained.chance(row))
    date = own.first_attained_p50
    looks: dict[str, Look] = {"chance": kind}
    if not row.counts:
        looks = dict.fromkeys(("target", "goal", "median", "chance", "date", "reason"), "quiet")
    return Line(
        {
            "target": row.marked,
            "goal": row.wanted,
            "median": attained.values(row),
            "chance": attained.interval(row),
            "date": Said("number.none") if date is None else date.isoformat()[:7],
            "reason": Said(f"{STAGE}.{own.held_back_by}") if own.held_back_by else None,
        },
        # What is open can still be decided; what is headline and nearly lost must be known.
        essential=row.decides and (kind == "open" or (headline and kind == "unlikely")),
        looks=looks,
        source=row.clause,
    )


def _joint_line(row: Row, attained: Attained) -> Line:
    if row.counts_targets:
        name = Said("joint.total", {"name": row.name, "total": len(row.members)})
        return Line({"target": name, "median": attained.values(row)}, essential=not row.group)
    cells = {"target": row.name, "chance": attained.interval(row)}
    return Line(cells, essential=not row.group, looks={"chance": likelihood(attained.chance(row))})


_COUNTS = ("units", "days", "standing")

# What is counted where the target's own unit is not, by the type of its measure and, where it
# matters, by what that measure counts.
_COUNTED = {
    ("coverage", ""): "places",
    ("staff", "bachelor_share"): "persons",
    ("literacy", ""): "points",
}


def held_back_table(attained: Attained, held_back: Sequence[HeldBack]) -> Table:
    """What held back the targets that are not likely, each under the reading that counts."""
    known = {one.row.key: one for one in held_back}
    plan = attained.config["plan"]
    lines = []
    for row in attained.rows:
        if not row.counts or likelihood(attained.chance(row)) == "likely":
            continue
        own = known[row.key]
        cells: dict[str, Spoken] = {"target": row.marked, "missed": Chance(own.missed)}
        for count in _COUNTS:
            stage, mean = getattr(own, f"{count}_stage"), getattr(own, f"{count}_mean")
            if stage:
                unit = missing_unit(plan["targets"][row.target]) if count == "units" else None
                cells[f"{count}_stage"] = Said(f"{STAGE}.{stage}")
                cells[count] = Mean(mean, unit)
        lines.append(Line(cells, essential=row.decides))
    columns = {"target": Column(Said("column.target"), "name")}
    columns["missed"] = Column(
        Said("held_back.missed"), spare=True, form="share", means=Said("held_back.missed_means")
    )
    for count in _COUNTS:
        means = Said(f"held_back.{count}_means")
        columns[f"{count}_stage"] = Column(
            Said(f"held_back.{count}_stage"), "text", room=14, means=means
        )
        columns[count] = Column(Said(f"held_back.{count}"), room=16, means=means)
    return Table("held_back", Said("held_back.title"), columns, lines, Said("held_back.caption"))


def missing_unit(target: Config) -> Label | Said:
    """What the missing units of a target are: its own units, or what is counted instead."""
    measure = target.get("measured_by") or {}
    kind, count = str(measure.get("type", "")), str(measure.get("count", ""))
    key = _COUNTED.get((kind, count)) or _COUNTED.get((kind, ""))
    if key is None:
        unit: Label = target["unit"]
        return unit
    return Said(f"delays.{key}")


def _notes(attained: Attained) -> Iterator[Note]:
    """What explains marks, columns and obstacles, and which targets are not modelled."""
    yield Note(Said("note.columns"), "method")
    yield from map(Note, marks(attained.rows))
    built = [
        reading["name"]
        for phrase, definition in attained.config["plan"]["definitions"].items()
        if definition.get("changes_run", False)
        for reading in definition["readings"].values()
        if reading["switch"] == attained.config["definitions"][phrase]
    ]
    if built:
        yield Note(Said("note.built", {"readings": Clauses(built)}))
    reasons = {attained[row].held_back_by for row in attained.rows}
    listed = [explained(stage) for stage in stages() if stage in reasons]
    if listed:
        yield Note(Said("note.obstacles", {"list": Clauses(listed)}))
    names = [*{row.target: row.name for row in attained.not_modelled}.values()]
    if names:
        yield Note(Said("note.not_modelled", {"count": len(names), "list": names}), "caution")
