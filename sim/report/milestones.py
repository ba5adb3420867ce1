"""Tripwires at the ends of years: the table on the console and the answer in words."""

from __future__ import annotations

import datetime as dt
import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from itertools import groupby
from typing import TYPE_CHECKING

from rich.box import SIMPLE_HEAD
from rich.console import Group
from rich.table import Table
from rich.text import Text

from sim.analysis.milestones import FEWEST
from sim.report.numbers import percent_text, replications_text, share_text, value_text
from sim.report.results import Label, Manifest, cell_text, group_label
from sim.report.subjects import Row, Subject, by_subject, scenario_names
from sim.report.words import Language, Tongue, phrase, spoken, word

if TYPE_CHECKING:
    import pandas as pd

EVEN = 0.5  # findings are told for the level nearest to even chances
NAMED = 3
"""Targets that the answer names."""
DECIDED = 0.05
"""As good as decided is a target whose chance, or chance to miss, lies below this for sure."""


@dataclass(frozen=True)
class Tripwire:
    """A tripwire with its 95 % interval in the target's unit, and how good an alarm it is."""

    value: float
    low: float
    high: float
    caught: float
    false_alarms: float

    @property
    def power(self) -> float:
        """Youden's index: share of misses caught less share of hits falsely alarmed."""
        return self.caught - self.false_alarms


@dataclass(frozen=True)
class Watched:
    """A target under one reading, its medians, and its tripwires by date and level, if any.

    ``chance``: 95 % interval of the chance of success.
    """

    subject: Subject
    hits: int
    replications: int
    chance: tuple[float, float]
    medians: dict[str, float]
    wires: dict[tuple[str, float], Tripwire]
    reasons: frozenset[str]

    def value_text(self, date: str, level: float, tongue: Tongue) -> str:
        """The tripwire at a date, or a dash."""
        wire = self.wires.get((date, level))
        return value_text(math.nan if wire is None else wire.value, tongue)

    @property
    def silence(self) -> str:
        """Why there is no tripwire at any date, a key of :data:`SILENCES`; empty if there is one.

        Few histories on one side are called a decision only where the interval of the chance says
        so, too: of sixty histories, twenty may be a third.
        """
        if self.wires:
            return ""
        few = self.reasons & {"few_hits", "few_misses"}
        if few and self.chance[0] >= 1.0 - DECIDED:
            return "safe"
        if few and self.chance[1] <= DECIDED:
            return "lost"
        return min(few, default="other")

    def side(self, tongue: Tongue) -> str:
        """On which side of a tripwire the alarm is."""
        alarm = "above" if self.subject.comparator == "<" else "below"
        return word(f"milestones.side_{alarm}", tongue)


@dataclass(frozen=True)
class Watch:
    """The tripwires of one scenario."""

    name: str
    label: Label
    replications: int
    dates: list[str]
    levels: list[float]
    rows: list[Watched]

    @property
    def main_level(self) -> float:
        """The level that findings are told for."""
        return min(self.levels, key=lambda level: abs(level - EVEN))

    def telling(self, date: str) -> list[Watched]:
        """Targets of the plan with a tripwire at a date, the best alarm first."""
        key = date, self.main_level
        own = [row for row in self.rows if row.subject.decides and key in row.wires]
        return sorted(own, key=lambda row: -row.wires[key].power)


def watches_of(table: pd.DataFrame, manifest: Manifest) -> list[Watch]:
    """The scenarios of milestones.csv in its order."""
    watches = []
    for name, label in scenario_names(table).items():
        own = table[table["scenario"] == name]
        watches.append(
            Watch(
                name,
                label,
                int(own["replications"].max()),
                sorted({str(date) for date in own["date"]}),
                [float(level) for level in dict.fromkeys(own["level"])],
                [_watched(subject, rows) for subject, rows in by_subject(own, manifest)],
            )
        )
    return watches


def _watched(subject: Subject, rows: Sequence[Row]) -> Watched:
    first = rows[0]
    return Watched(
        subject,
        int(first["hits"]),
        int(first["replications"]),
        (float(first["chance_low"]), float(first["chance_high"])),
        {str(row["date"]): float(row["median"]) for row in rows},
        {
            (str(row["date"]), float(row["level"])): Tripwire(
                *(float(row[k]) for k in ("value", "low", "high", "caught", "false_alarms"))
            )
            for row in rows
            if not cell_text(row["reason"])
        },
        frozenset(cell_text(row["reason"]) for row in rows) - {""},
    )


def middle_date(watch: Watch, manifest: Manifest) -> str:
    """The first of the dates after half of the plan's time, or else the last of them."""
    plan = manifest["config"]["plan"]
    start, end = (dt.date.fromisoformat(str(plan[key])) for key in ("start", "end"))
    middle = (start + (end - start) / 2).isoformat()
    return next((date for date in watch.dates if date >= middle), watch.dates[-1])


# ------------------------------------------------------------------------------------- the table


def milestone_table(watch: Watch, manifest: Manifest, language: Language = "both") -> Group:
    """Return the tripwires of one scenario beside the medians. Fits 110 columns and more."""

    def caption(tongue: Tongue) -> str:
        return word("milestones.caption", tongue).format(
            scenario=watch.label[tongue],
            replications=replications_text(watch.replications, tongue),
            levels=levels_text(watch, tongue),
        )

    heading = Text(phrase("milestones.title", language, " · "), style="bold")
    heading.append("\n" + spoken(language, caption), style="not bold")
    table = Table(box=SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False, header_style="bold")
    table.add_column(phrase("column.target", language), overflow="fold")
    table.add_column(
        phrase("column.goal", language), justify="right", max_width=16, overflow="fold"
    )
    table.add_column(phrase("column.probability", language), justify="right", no_wrap=True)
    for date in watch.dates:
        name = spoken(language, partial(date_text, date))
        table.add_column(name, justify="right", no_wrap=True)
    shown = [row for row in watch.rows if row.wires]
    for group, members in groupby(shown, key=lambda row: row.subject.group):
        table.add_section()
        label = spoken(language, group_label(group, manifest).__getitem__, " · ")
        table.add_row(Text(label, style="bold underline"))
        for row in members:
            table.add_row(
                Text(spoken(language, row.subject.marked_name)),
                Text(spoken(language, row.subject.goal_text)),
                percent_text(row.hits / row.replications, language),
                *(_cell(row, date, watch, language) for date in watch.dates),
                style=None if row.subject.counts else "dim",
            )
    return Group(heading, table, Text(spoken(language, partial(_notes, watch))))


def _cell(row: Watched, date: str, watch: Watch, language: Language) -> Text:
    def wires(tongue: Tongue) -> str:
        return " · ".join(row.value_text(date, level, tongue) for level in watch.levels)

    def median(tongue: Tongue) -> str:
        return f"({value_text(row.medians[date], tongue)})"

    return Text(spoken(language, wires), style="bold").append(
        "\n" + spoken(language, median), style="not bold"
    )


def date_text(date: str, tongue: Tongue) -> str:
    """Write the end of a year."""
    return word("milestones.date", tongue).format(year=date[:4])


def levels_text(watch: Watch, tongue: Tongue) -> str:
    """Write the levels of a study in their order."""
    return word("list.separator", tongue).join(share_text(level, tongue) for level in watch.levels)


def _notes(watch: Watch, tongue: Tongue) -> str:
    lines = [word("milestones.note", tongue)]
    for reason in SILENCES:
        names = [row.subject.name(tongue) for row in watch.rows if row.silence == reason]
        if names:
            text = word(f"milestones.reason.{reason}", tongue)
            lines.append(
                word("milestones.without", tongue).format(
                    reason=text.format(
                        fewest=FEWEST,
                        most=share_text(1.0 - DECIDED, tongue),
                        least=share_text(DECIDED, tongue),
                    ),
                    count=len(names),
                    list=word("list.separator", tongue).join(names),
                )
            )
    if any(row.subject.reading for row in watch.rows):
        lines.append(word("note.counts", tongue))
    if any(row.subject.kind != "plan" for row in watch.rows):
        lines.append(word("note.not_plan", tongue))
    return "\n".join(lines)


SILENCES = ("safe", "lost", "few_hits", "few_misses", "other")
"""Why a target stands in no row of the table."""


# ------------------------------------------------------------------------------------ the answer


def milestone_answer(watch: Watch, manifest: Manifest, tongue: Tongue) -> str:
    """For which targets a reading after the middle of the plan tells most, and what it must be."""
    date = middle_date(watch, manifest)
    told = watch.telling(date)
    judged = [row for row in watch.rows if row.subject.decides]
    items = [_target_text(row, date, watch, tongue) for row in told[:NAMED]]
    first = word("milestones.answer" if told else "milestones.answer_none", tongue).format(
        scenario=watch.label[tongue],
        date=date_text(date, tongue),
        list=word("list.clause", tongue).join(items),
    )
    gap = "" if tongue == "zh" else " "
    return gap.join([first, *_rest(watch, judged, len(told), tongue)])


def _rest(watch: Watch, judged: Sequence[Watched], told: int, tongue: Tongue) -> list[str]:
    """How many targets have a tripwire then, and why the others have none."""
    silent = Counter(row.silence for row in judged)
    decided = silent["safe"] + silent["lost"]
    few = silent["few_hits"] + silent["few_misses"]
    counts = {
        "rest": told,
        "decided": decided,
        "few": few,
        "silent": len(judged) - told - decided - few,
    }
    return [
        word(f"milestones.answer_{key}", tongue).format(
            count=count,
            total=len(judged),
            level=share_text(watch.main_level, tongue),
            safe=silent["safe"],
            lost=silent["lost"],
            fewest=FEWEST,
            most=share_text(1.0 - DECIDED, tongue),
            least=share_text(DECIDED, tongue),
        )
        for key, count in counts.items()
        if count or key == "rest"
    ]


def alarms(row: Watched, date: str, watch: Watch, tongue: Tongue) -> dict[str, float]:
    """The chance under which a target falls beyond each tripwire of a date, by the value in words.

    That of the main level comes first. One value may be the tripwire of several levels: beyond it
    the chance is under the lowest of them.
    """
    main = watch.main_level
    by_value: dict[str, float] = {row.value_text(date, main, tongue): main}
    for level in watch.levels:
        if (date, level) in row.wires:
            text = row.value_text(date, level, tongue)
            by_value[text] = min(level, by_value.get(text, level))
    return by_value


def _target_text(row: Watched, date: str, watch: Watch, tongue: Tongue) -> str:
    main = watch.main_level
    wire = row.wires[date, main]
    wires = ""
    for value, level in alarms(row, date, watch, tongue).items():
        key = "milestones.answer_more" if wires else "milestones.answer_wire"
        wires += word(key, tongue).format(
            side=row.side(tongue),
            value=value,
            unit=row.subject.unit[tongue],
            interval="" if wires else _interval_text(wire, tongue),
            level=share_text(level, tongue),
        )
    return word("milestones.answer_target", tongue).format(
        name=row.subject.name(tongue),
        wires=wires,
        caught=percent_text(wire.caught, tongue),
        false_alarms=percent_text(wire.false_alarms, tongue),
        side=row.side(tongue),
        value=row.value_text(date, main, tongue),
    )


def _interval_text(wire: Tripwire, tongue: Tongue) -> str:
    """The interval behind a tripwire; nothing where an end is open, or where there is no width."""
    if math.isnan(wire.low) or math.isnan(wire.high) or wire.low == wire.high:
        return ""
    return word("milestones.interval", tongue).format(
        low=value_text(wire.low, tongue), high=value_text(wire.high, tongue)
    )
