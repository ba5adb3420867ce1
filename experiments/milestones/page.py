"""What milestones say: statements, the table of tripwires, and pictures of the paths."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby

from experiments.milestones.findings import FEWEST, Path, Tripwire, last_recorded
from experiments.shared.scenario_points import file_names
from sim.answer.blocks import Answer, Column, Line, Look, Note, Spoken, Statement, Table
from sim.answer.figures import Curve, Fan, FanPanel, Key, Mark, Role
from sim.answer.row import Config, Row, for_readers, group_name, marks
from sim.answer.run.attained import countable
from sim.words import Chance, Day, Label, Quantity, Replications, Said, Share, speeches

EVEN = 0.5  # findings are told for the level nearest to even chances
NAMED = 3
"""Targets that the answer names."""
DECIDED = 0.05
"""As good as decided is a target whose chance, or chance to miss, lies below this for sure."""

SILENCES = ("safe", "lost", "few_hits", "few_misses", "other")
"""Why a target stands in no row of the table."""

_LEVELS: Sequence[Role] = ("level1", "level2", "level3", "level4")
_OUTCOMES: Sequence[tuple[bool, Role]] = ((False, "missed"), (True, "met"))


@dataclass(frozen=True)
class Watched:
    """A target under one reading, and what was found for it at every date and level."""

    row: Row
    found: Sequence[Tripwire]

    @cached_property
    def wires(self) -> dict[tuple[dt.date, float], Tripwire]:
        """Its tripwires, by date and level."""
        return {(wire.date, wire.level): wire for wire in self.found if wire.found}

    @cached_property
    def medians(self) -> dict[dt.date, Quantity]:
        """Its median by date; of counts, one that a count can take."""
        told = {wire.date: wire.median for wire in self.found}
        numbers = [2.0 * median for median in told.values() if median is not None]
        numbers += [wire.value for wire in self.found if wire.value is not None]
        if all(number.is_integer() for number in numbers):
            told = {date: median and countable(median, self.row) for date, median in told.items()}
        return {date: _quantity(median) for date, median in told.items()}

    @property
    def chance(self) -> Chance:
        """The share of the replications that attain it."""
        return Chance(self.found[0].hits / self.found[0].replications)

    def value(self, date: dt.date, level: float) -> Quantity:
        """The tripwire at a date; none is a dash."""
        wire = self.wires.get((date, level))
        return _quantity(None if wire is None else wire.value)

    @property
    def silence(self) -> str:
        """Why there is no tripwire at any date, one of :data:`SILENCES`; empty if there is one.

        Few replications on one side are called a decision only where the interval of the chance
        says so, too: of sixty, twenty may be a third.
        """
        if self.wires:
            return ""
        few = {wire.reason for wire in self.found} & {"few_hits", "few_misses"}
        if few and self.found[0].chance_low >= 1.0 - DECIDED:
            return "safe"
        if few and self.found[0].chance_high <= DECIDED:
            return "lost"
        return min(few, default="other")

    @property
    def direction(self) -> Said:
        """On which side of a tripwire the alarm is."""
        return Said("milestones.side_above" if self.row.less_is_better else "milestones.side_below")


@dataclass(frozen=True)
class Asked:
    """What was asked about, where it was not everything.

    Attributes:
        dates: None is the ends of the years.
        targets: whether targets were named.
    """

    dates: Sequence[dt.date] | None = None
    targets: bool = False


@dataclass(frozen=True)
class Watch:
    """The tripwires of one scenario.

    Attributes:
        rows: in the order in which people read them.
        start, end: of the plan.
        dates: of the values, see :meth:`Point.places`.
    """

    label: Label
    replications: int
    rows: Sequence[Watched]
    levels: Sequence[float]
    start: dt.date
    end: dt.date
    dates: Sequence[dt.date]
    asked: Asked = Asked()

    @property
    def main_level(self) -> float:
        """The level that findings are told for."""
        return min(self.levels, key=lambda level: abs(level - EVEN))

    @property
    def middle(self) -> dt.date:
        """The first of the dates after half of the plan's time, or else the last of them."""
        half = self.start + (self.end - self.start) / 2
        return next((date for date in self.dates if date >= half), self.dates[-1])

    @property
    def told(self) -> list[Watched]:
        """The targets that sentences are about: those named, or all of the plan's own."""
        return [watched for watched in self.rows if self.asked.targets or watched.row.decides]

    @property
    def taken(self) -> list[tuple[dt.date, dt.date]]:
        """Dates that were asked about and are none of the series, each with that of its values."""
        pairs = [(date, last_recorded(date, self.dates)) for date in self.asked.dates or ()]
        return [(date, taken) for date, taken in pairs if date != taken]

    def telling(self, date: dt.date) -> list[Watched]:
        """Targets with a tripwire at a date, the best alarm first."""
        key = date, self.main_level
        own = [watched for watched in self.told if key in watched.wires]
        return sorted(own, key=lambda watched: -watched.wires[key].power)


def watch_of(found: Sequence[Tripwire], config: Config, asked: Asked = Asked()) -> Watch:
    """The tripwires of one scenario, whose configuration is ``config``."""
    by_row: dict[Row, list[Tripwire]] = {}
    for wire in found:
        by_row.setdefault(wire.row, []).append(wire)
    first, plan = found[0], config["plan"]
    return Watch(
        label={"zh": first.scenario_zh, "en": first.scenario_en},
        replications=first.replications,
        rows=[Watched(row, by_row[row]) for row in for_readers([*by_row], config)],
        levels=[*dict.fromkeys(wire.level for wire in found)],
        start=dt.date.fromisoformat(str(plan["start"])),
        end=dt.date.fromisoformat(str(plan["end"])),
        dates=sorted({wire.date for wire in found}),
        asked=asked,
    )


def answer(
    scenarios: Sequence[tuple[str, Sequence[Tripwire], Sequence[Path], Config]],
    asked: Asked = Asked(),
) -> Answer:
    """The whole answer: in words and as a table of the first scenario, in pictures of all of them.

    Args:
        scenarios: name, tripwires, paths and configuration of each.
    """
    watches = [watch_of(found, config, asked) for _, found, _, config in scenarios]
    watch, config = watches[0], scenarios[0][3]
    return Answer(
        statements=[*_statements(watch)],
        tables=[tripwire_table(watch, config)],
        pictures=[
            picture
            for own, name, (_, _, paths, config) in zip(
                watches, file_names([one[0] for one in scenarios]), scenarios, strict=True
            )
            for picture in pictures(name, own, paths, config)
        ],
        notes=[*_notes(watch)],
        figures={
            "date": watch.middle.isoformat(),
            "level": watch.main_level,
            "telling": [_told(watched, watch) for watched in watch.telling(watch.middle)],
        },
    )


def _told(watched: Watched, watch: Watch) -> dict[str, object]:
    wire = watched.wires[watch.middle, watch.main_level]
    names = ("value", "low", "high", "caught", "false_alarms")
    return {
        "target": watched.row.target,
        "definition": watched.row.definition,
        **{name: getattr(wire, name) for name in names},
    }


def _quantity(value: float | None, unit: Label | None = None) -> Quantity:
    return Quantity(float("nan") if value is None else value, unit)


# ------------------------------------------------------------------ statements


def _statements(watch: Watch) -> Iterator[Statement]:
    """For which targets a reading after the middle of the plan tells most; why others have none."""
    date = watch.middle
    told = watch.telling(date)
    yield Statement(
        Said(
            "milestones.answer" if told else "milestones.answer_none",
            {
                "scenario": watch.label,
                "date": Day(date),
                "targets": [_target(watched, watch) for watched in told[:NAMED]],
            },
        ),
        "headline",
    )
    yield from (Statement(_alarm(watched, watch)) for watched in told[:NAMED])
    if watch.taken:
        pairs = [{"date": Day(date), "taken": Day(taken)} for date, taken in watch.taken]
        dates = [Said("milestones.answer_taken_at", pair) for pair in pairs]
        yield Statement(Said("milestones.answer_taken", {"list": dates}))
    judged = watch.told
    silent = Counter(watched.silence for watched in judged)
    decided = silent["safe"] + silent["lost"]
    few = silent["few_hits"] + silent["few_misses"]
    said: dict[str, Spoken] = {"level": Share(watch.main_level), "date": Day(date), **_BOUNDS}
    said |= {"asked": watch.asked.targets}
    said |= {"total": len(judged), "safe": silent["safe"], "lost": silent["lost"]}
    counts = {
        "rest": len(told),
        "decided": decided,
        "few": few,
        "silent": len(judged) - len(told) - decided - few,
    }
    for key, count in counts.items():
        if count or key == "rest":
            yield Statement(
                Said(f"milestones.answer_{key}", {**said, "count": count}),
                "headline" if key in ("rest", "decided") else "support",
            )


_BOUNDS = {"most": Share(1.0 - DECIDED), "least": Share(DECIDED), "fewest": FEWEST}


def _alarms(watched: Watched, date: dt.date, watch: Watch) -> list[tuple[Quantity, Share]]:
    """Values at a date, and the chance under which the target falls beyond each.

    That of the main level comes first. One value may be the tripwire of several levels, or read
    like it: beyond it the chance is under the lowest of them.
    """
    lowest = {watched.value(date, watch.main_level): watch.main_level}
    for level in watch.levels:
        if (date, level) in watched.wires:
            value = watched.value(date, level)
            known = next((other for other in lowest if _reads_like(value, other)), value)
            lowest[known] = min(level, lowest.get(known, level))
    return [(value, Share(level)) for value, level in lowest.items()]


def _reads_like(value: Quantity, other: Quantity) -> bool:
    return any(speech.text(value) == speech.text(other) for speech in speeches("both"))


def _target(watched: Watched, watch: Watch) -> Said:
    """A target and its tripwire."""
    value, level = _alarms(watched, watch.middle, watch)[0]
    return Said(
        "milestones.answer_target",
        {
            "name": watched.row,
            "side": watched.direction,
            "value": value,
            "unit": watched.row.unit,
            "level": level,
        },
    )


def _alarm(watched: Watched, watch: Watch) -> Said:
    """How good the alarm of a target is: interval, other levels, and what it catches."""
    date = watch.middle
    wire = watched.wires[date, watch.main_level]
    (value, _), *others = _alarms(watched, date, watch)
    # Where an end is open, or there is no width, there is no interval to tell.
    told = None not in (wire.low, wire.high) and wire.low != wire.high
    return Said(
        "milestones.answer_alarm",
        {
            "name": watched.row,
            "side": watched.direction,
            "value": value,
            "unit": watched.row.unit,
            "low": _quantity(wire.low) if told else None,
            "high": _quantity(wire.high),
            "others": [
                Said(
                    "milestones.answer_more",
                    {"side": watched.direction, "value": v, "level": lower},
                )
                for v, lower in others
            ],
            "caught": Chance(wire.caught or 0.0),
            "false_alarms": Chance(wire.false_alarms or 0.0),
        },
    )


# ------------------------------------------------------------------ the table


def tripwire_table(watch: Watch, config: Config) -> Table:
    """The tripwires of one scenario, and the medians below them."""
    columns = {
        "target": Column(Said("column.target"), "name"),
        "goal": Column(Said("column.goal"), room=16, spare=True, means=Said("column.goal_means")),
        "chance": Column(Said("column.chance"), form="chance", means=Said("column.chance_means")),
        **{
            date.isoformat(): Column(Day(date), means=Said("milestones.means"))
            for date in watch.dates
        },
    }
    shown = [watched for watched in watch.rows if watched.wires]
    telling = [watched.row for watched in watch.telling(watch.middle)]
    lines: list[Line] = []
    for group, members in groupby(shown, key=lambda watched: watched.row.group):
        lines.append(Line({"target": group_name(config, group)}, heading=True))
        for watched in members:
            cells: dict[str, Spoken] = {
                date.isoformat(): Said(
                    "milestones.cell",
                    {
                        "wires": [watched.value(date, level) for level in watch.levels],
                        "median": watched.medians[date],
                    },
                )
                for date in watch.dates
            }
            cells |= {"target": watched.row.marked, "goal": watched.row.wanted}
            looks: dict[str, Look] = {}
            if not watched.row.counts:
                looks = dict.fromkeys(columns, "quiet")
            lines.append(
                Line(
                    {**cells, "chance": watched.chance},
                    essential=watched.row in telling,
                    looks=looks,
                )
            )
    levels = [Share(level) for level in watch.levels]
    return Table(
        "milestones",
        Said("milestones.title"),
        columns,
        lines,
        Said(
            "milestones.caption",
            {
                "scenario": watch.label,
                "replications": Replications(watch.replications),
                "levels": levels,
            },
        ),
    )


def _notes(watch: Watch) -> Iterator[Note]:
    yield Note(Said("milestones.note"))
    for reason in SILENCES:
        rows = [watched.row for watched in watch.rows if watched.silence == reason]
        if rows:
            said = {"reason": Said(f"milestones.reason.{reason}", _BOUNDS), "list": rows}
            yield Note(Said("milestones.without", {**said, "count": len(rows)}), "method")
    yield from map(Note, marks([watched.row for watched in watch.rows]))


# ------------------------------------------------------------------ pictures


def pictures(name: str, watch: Watch, paths: Sequence[Path], config: Config) -> Iterator[Fan]:
    """One picture a group with a tripwire: how those that meet a target part from the others."""
    by_row: dict[Row, list[Path]] = {}
    for path in paths:
        by_row.setdefault(path.row, []).append(path)
    shown = [watched for watched in watch.rows if watched.wires]
    date = watch.middle
    for group, members in groupby(shown, key=lambda watched: watched.row.group):
        own = [*members]
        best = next((watched for watched in watch.telling(date) if watched in own), None)
        said: dict[str, object] = {"group": group_name(config, group)}
        if best is not None:
            value, level = _alarms(best, date, watch)[0]
            said |= {"date": Day(date), "target": best.row.name, "side": best.direction}
            said |= {"value": value, "unit": best.row.unit, "level": level}
        yield Fan(
            name=f"milestones_{name}_{group}",
            title=Said(
                "milestones.chart_title_plain" if best is None else "milestones.chart_title", said
            ),
            legend=Said("milestones.legend"),
            keys=[*_keys(watch)],
            notes=[*marks([watched.row for watched in own])],
            origin=watch.label,
            panels=[_panel(watched, by_row[watched.row], watch) for watched in own],
            start=watch.start,
            end=watch.end,
        )


def _keys(watch: Watch) -> Iterator[Key]:
    yield Key("met", Said("milestones.met"), "line")
    yield Key("missed", Said("milestones.missed"), "line")
    for role, level in zip(_LEVELS, watch.levels, strict=False):
        yield Key(role, Said("milestones.tripwire", {"level": Share(level)}), "bar")


def _panel(watched: Watched, paths: Sequence[Path], watch: Watch) -> FanPanel:
    curves = []
    for met, role in _OUTCOMES:
        own = [path for path in paths if path.met == met]
        curves.append(
            Curve(
                role=role,
                dates=[path.date for path in own],
                middle=[path.p50 for path in own],
                bands=[([path.p05 for path in own], [path.p95 for path in own])],
                points=len(own) < _QUARTERS,
            )
        )
    numbers = [n for path in paths for n in (path.p05, path.p50, path.p95)]
    return FanPanel(
        name=watched.row.marked,
        lines=[Said("milestones.chart_chance", {"chance": watched.chance})],
        curves=curves,
        goal=(watched.row.goal, watched.row.wanted),
        marks=[
            Mark(_LEVELS[watch.levels.index(level)], date, wire.value or 0.0, wire.low, wire.high)
            for (date, level), wire in watched.wires.items()
        ],
        # Percentiles between two whole numbers are exceptions where things are counted.
        whole=sum(number.is_integer() for number in numbers) > len(numbers) / 2,
    )


_QUARTERS = 8  # of fewer dates than this, surveys, each is a point in time
