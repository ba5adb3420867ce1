"""Where project time goes, and why units are missing at the deadline: the pictures of delays."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from sim.answer.blocks import Spoken
from sim.answer.figures import Bar, Part, Role, Stack
from sim.answer.found import coded, row_groups
from sim.answer.row import Row
from sim.answer.run.attained import Attained
from sim.answer.run.page import STAGE, missing_unit, stages
from sim.words import Label, Mean, Said, Share

SAFE = 0.95  # a target with this chance or more is as good as met
SMALL = 0.08  # reasons below this share are put together
USUAL = "usual"
"""The building time that a project takes anyway: time, but no delay."""
_NEGLIGIBLE = 0.05  # missing units that would be written as 0.0
NEVER_PROPOSED = "unproposed:"
_COUNTS = ("project_days", "excess_days", "missing")

# One role for one kind of cause: money, people, a choice among applicants, waiting for a date,
# scarce places or crews, slow growth (of a building, a firm, the trend), and what was lost again.
ROLES: Mapping[str, Role] = {
    "calendar": "date",
    "review": "choice",
    "money": "money",
    "crew": "room",
    "building": "growth",
    "staff": "people",
    "unproposed:pace": "date",
    "unproposed:money_in_sight": "money",
    "unproposed:not_yet_allowed": "room",
    "unproposed:no_round": "choice",
    "unmet:next_round": "date",
    "unmet:not_planned": "growth",
    "unmet:promoted": "loss",
    "unmet:no_round": "date",
    "unmet:round_quota": "room",
    "unmet:eligibility": "choice",
    "unmet:panel": "choice",
    "unmet:strike_off": "loss",
    "unmet:unfunded_post": "money",
    "unmet:no_candidate": "people",
    "unmet:no_graduate": "people",
    "unmet:no_money": "money",
    "unmet:closed": "loss",
    "unmet:slipped": "date",
    "unmet:no_people": "people",
    "unmet:not_yet_allowed": "date",
    "unmet:not_scheduled": "date",
    "unmet:procedure": "choice",
    "unmet:seats": "room",
    "unmet:too_few_births": "growth",
    "unmet:exits": "loss",
    "unmet:growth": "growth",
    "unmet:attrition": "loss",
    "unmet:trend": "growth",
    "unmet:exposure": "room",
    "unmet:survey_error": "date",
    USUAL: "usual",
}

Amounts = Mapping[str, float]
"""Means per replication, by stage or reason."""


@dataclass(frozen=True)
class Delay:
    """One programme, or one target that is not built as projects.

    Attributes:
        days: days lost by stage, and at the end, under :data:`USUAL`, the building time that the
            projects take anyway.
        missing: units missing at the deadline; empty where next to nothing is. They are never
            added to those of others.
    """

    name: Label
    days: Amounts
    missing: Amounts
    unit: Label | Said

    @property
    def lost(self) -> Amounts:
        """Days lost by stage: all waiting, and building beyond its usual time."""
        return {stage: days for stage, days in self.days.items() if stage != USUAL}


@dataclass(frozen=True)
class Delays:
    """What the pictures show.

    Attributes:
        projects: programmes, those that lost most days first.
        others: targets that are not built as projects, in the order of the table.
        safe: names of such targets that have no row, because they are as good as met.
    """

    projects: Sequence[Delay]
    others: Sequence[Delay]
    safe: Sequence[Label]


def stage_means(path: Path, replications: int) -> dict[str, dict[str, dict[str, float]]]:
    """Means per replication, by programme, stage and count, over all places.

    A replication without a row counts as zero. Rows of the reading that does not count are left
    out: their programmes are written with a colon.

    Args:
        path: a delays.parquet; replications: how many finished.
    """
    sums: defaultdict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for group in row_groups(path, ["programme", "stage", *_COUNTS]):
        programmes, programme = coded(group["programme"])
        names, stage = coded(group["stage"])
        cells = programme * len(names) + stage
        size = len(programmes) * len(names)
        for count in _COUNTS:
            # Sums of floats are exact here: they are whole and far below 2**53.
            totals = np.bincount(cells, group[count].to_numpy(), size)
            for cell in np.flatnonzero(np.bincount(cells, minlength=size)):
                key = programmes[cell // len(names)], names[cell % len(names)]
                sums[key][count] += int(totals[cell])
    found: dict[str, dict[str, dict[str, float]]] = {}
    for name, stage_name in sorted(sums):
        if ":" not in name:
            own = sums[name, stage_name]
            means = {count: own[count] / replications for count in _COUNTS}
            found.setdefault(name, {})[stage_name] = means
    return found


def delays_of(means: Mapping[str, Mapping[str, Mapping[str, float]]], attained: Attained) -> Delays:
    """What the pictures show of the result of :func:`stage_means`.

    A target that is as good as met, or misses next to nothing, has no row; a programme of such a
    target has one without missing units. What a programme of hosts is short of are titles: they
    stand in a row of their target.

    Raises:
        KeyError: a stage is not known.
    """
    plan = attained.config["plan"]
    targets: dict[str, Row] = {row.target: row for row in attained.rows if row.counts}
    projects, others, built = [], [], set()
    for name, amounts in means.items():
        programme = plan["programmes"].get(name)
        target = name if programme is None else programme["target"]
        row = targets[target]
        unit = missing_unit(plan["targets"][target])
        missing = _positive({stage: own["missing"] for stage, own in amounts.items()})
        if attained.chance(row) >= SAFE or sum(missing.values()) < _NEGLIGIBLE:
            missing = {}
        titles = bool(missing) and any(stage.startswith("unmet:") for stage in amounts)
        if programme is not None:
            own = Delay(programme["name"], _days(amounts), {} if titles else missing, unit)
            projects += [own] if own.days or own.missing else []
            built.add(target)
        if missing and (programme is None or titles):
            others.append((list(targets).index(target), Delay(row.name, {}, missing, unit)))
    projects.sort(key=lambda own: (-sum(own.lost.values()), -sum(own.missing.values())))
    others.sort(key=lambda entry: entry[0])
    safe = [
        row.name
        for row in targets.values()
        if attained.chance(row) >= SAFE and row.target not in built
    ]
    return Delays(projects, [own for _, own in others], safe)


def _days(amounts: Mapping[str, Mapping[str, float]]) -> Amounts:
    """The days of a programme: those lost by stage, then the usual building time."""
    lost = _positive({stage: own["excess_days"] for stage, own in amounts.items()})
    usual = sum(own["project_days"] - own["excess_days"] for own in amounts.values())
    return lost | ({USUAL: usual} if usual > 0.0 else {})


def _positive(amounts: Amounts) -> dict[str, float]:
    """The amounts above zero in the order of the stages."""
    for stage in set(amounts).difference(stages()):
        raise KeyError(f"no word for the stage {stage!r}")
    return {stage: amounts[stage] for stage in stages() if amounts.get(stage, 0.0) > 0.0}


# ------------------------------------------------------------------ pictures


def stacks(delays: Delays) -> Iterator[Stack]:
    """Days of projects by stage, and missing units by reason, where there are any."""
    timed = [own for own in delays.projects if own.days]
    if timed:
        lost: Counter[str] = Counter()
        for own in timed:
            lost.update(own.lost)
        title = Said("delays.no_days")
        if lost:
            stage = _largest(lost)
            share = Share(round(lost[stage] / lost.total(), 2))
            title = Said("delays.title_days", {"stage": Said(f"{STAGE}.{stage}"), "share": share})
        yield Stack(
            name="delays",
            title=title,
            legend=Said("delays.legend_days"),
            rows=[Bar(own.name, parts(own.days), Mean(sum(own.days.values()))) for own in timed],
            beside=False,
            total=Said("delays.total_days"),
            parts=Said("delays.days"),
        )
    missing = [
        (own, heading)
        for rows, heading in ((delays.projects, "projects"), (delays.others, "others"))
        for own in rows
        if own.missing
    ]
    if missing:
        first = Counter(_largest(own.missing) for own, _ in missing)
        stage = _largest(first)
        notes: list[Spoken] = [Said("delays.note_counted")]
        if delays.safe:
            told = {"chance": Share(SAFE), "list": delays.safe}
            notes.append(Said("delays.note_safe", told))
        yield Stack(
            name="missing",
            title=Said(
                "delays.title_missing",
                {
                    "stage": Said(f"{STAGE}.{stage}"),
                    "count": first[stage],
                    "total": first.total(),
                },
            ),
            legend=Said("delays.legend_missing", {"small": Share(SMALL)}),
            notes=notes,
            rows=[
                Bar(
                    own.name,
                    parts(_grouped(own.missing)),
                    Mean(sum(own.missing.values()), own.unit),
                    group=Said(f"delays.{heading}"),
                )
                for own, heading in missing
            ],
            total=Said("delays.total_missing"),
            parts=Said("delays.missing"),
        )


_OTHER = "other"


def parts(amounts: Amounts) -> list[Part]:
    """Amounts as parts of a bar, each in the colour of its kind of cause."""
    return [
        Part(
            name=Said("delays.other" if stage == _OTHER else f"{STAGE}.{stage}"),
            amount=amount,
            role=ROLES.get(stage, "rest"),
            hatched=stage.startswith(NEVER_PROPOSED),
        )
        for stage, amount in amounts.items()
    ]


def _grouped(amounts: Amounts) -> Amounts:
    """Amounts, largest first; several small ones as one, at the end."""
    total = sum(amounts.values())
    ordered = dict(sorted(amounts.items(), key=lambda part: -part[1]))
    small = {stage: amount for stage, amount in ordered.items() if amount / total < SMALL}
    if len(small) < 2:
        return ordered
    kept = {stage: amount for stage, amount in ordered.items() if stage not in small}
    return {**kept, _OTHER: sum(small.values())}


def _largest(amounts: Mapping[str, float]) -> str:
    """The stage with the largest amount, the earlier one if two are equal."""
    return max((stage for stage in stages() if stage in amounts), key=lambda stage: amounts[stage])
