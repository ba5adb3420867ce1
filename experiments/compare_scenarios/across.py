"""All scenarios side by side, target by target: one table and one figure of their chances."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from experiments.compare_scenarios.comparison import Comparison
from experiments.compare_scenarios.findings import LESS, MORE, Compared
from sim.answer.blocks import Column, Line, Look, Spoken, Table
from sim.answer.figures import Axis, Dot, Ends, Key, Ladder, Role, Rung
from sim.answer.row import Row, marks
from sim.words import Chance, Count, Label, Said, Speech

NAMED = 3
"""Targets that the answer names."""
ESSENTIAL = 12
"""Targets that a short table has."""
WRITTEN = 4
"""Scenarios whose chances are written beside the dots; more would leave no room for these."""

_SIGNS = {MORE: "▲", LESS: "▼"}
_LOOKS: dict[str, Look] = {MORE: "likely", LESS: "unlikely", "": ""}
_SERIES: Sequence[Role] = (
    "series1", "series2", "series3", "series4", "series5", "series6", "series7", "series8",
)  # fmt: skip


class MarkedChance(Chance):
    """A chance with a sign of what it has become: :data:`MORE`, :data:`LESS` or nothing."""

    change = ""

    @classmethod
    def of(cls, chance: float, change: str) -> MarkedChance:
        """A chance, and its change against the reference where that is more than chance."""
        own = cls(chance)
        own.change = change
        return own

    def spoken(self, speech: Speech) -> str:
        """As in ``42 % ▼``."""
        said = super().spoken(speech)
        return f"{said} {_SIGNS[self.change]}" if self.change else said


@dataclass(frozen=True)
class Across:
    """One row of the answer under every scenario.

    Attributes:
        found: by scenario, without the reference.
    """

    found: Sequence[Compared]

    @property
    def row(self) -> Row:
        """What it is about."""
        return self.found[0].row

    @property
    def changes(self) -> list[str]:
        """By scenario, the reference first: what becomes of the chance."""
        return ["", *(own.change for own in self.found)]

    @property
    def chances(self) -> list[float]:
        """By scenario, the reference first."""
        return [self.found[0].chances[0], *(own.chances[1] for own in self.found)]

    @property
    def intervals(self) -> list[Ends]:
        """Of the chances."""
        return [self.found[0].intervals[0], *(own.intervals[1] for own in self.found)]

    @property
    def spread(self) -> float:
        """How far apart the chances are; 0 where none differs from the reference for sure."""
        return max(self.chances) - min(self.chances) if any(self.changes) else 0.0


@dataclass(frozen=True)
class Together:
    """All comparisons with one reference, target by target.

    Attributes:
        labels: of the scenarios, the reference first.
        rows: of the answer, in the plan's order, joint ones last.
        total: how many targets decide.
    """

    labels: Sequence[Label]
    rows: Sequence[Across]
    total: int

    @classmethod
    def of(cls, comparisons: Sequence[Comparison]) -> Together:
        """Arrange several comparisons."""
        rows = zip(*(one.rows for one in comparisons), strict=True)
        return cls(
            labels=[comparisons[0].reference, *(one.label for one in comparisons)],
            rows=[*map(Across, rows)],
            total=comparisons[0].total,
        )

    @property
    def counting(self) -> list[Across]:
        """Single targets under the reading that counts, those that differ most first."""
        own = [each for each in self.rows if not each.row.joint and each.row.counts]
        return sorted(own, key=lambda each: -each.spread)

    @property
    def differing(self) -> list[Across]:
        """Those of the plan itself that differ from the reference for sure, most first."""
        return [each for each in self.counting if each.row.decides and any(each.changes)]


def spread(together: Together) -> Said:
    """How many targets some scenario changes, and which of them differ most."""
    told = {
        "total": together.total,
        "count": len(together.differing),
        "list": [_extremes(each, together) for each in together.differing[:NAMED]],
    }
    return Said("compare_scenarios.across.answer", told)


def _extremes(each: Across, together: Together) -> Said:
    low, high = (
        ends(range(len(each.chances)), key=each.chances.__getitem__) for ends in (min, max)
    )
    told = {
        "target": each.row.name,
        "low": Chance(each.chances[low]),
        "worst": together.labels[low],
        "high": Chance(each.chances[high]),
        "best": together.labels[high],
    }
    return Said("compare_scenarios.across.target", told)


# ------------------------------------------------------------------ the table


def chance_table(together: Together) -> Table:
    """A line a target and a column a scenario: targets that differ most, joint ones, the others."""
    columns = {"target": Column(Said("column.target"), "name")}
    for number, label in enumerate(together.labels):
        means = "reference" if not number else "scenario"
        columns[f"scenario{number}"] = Column(
            label,
            room=8,
            means=Said(f"compare_scenarios.across.means_{means}", {"scenario": label}),
        )
    lines = [*_met(together)]
    changed = [each for each in together.counting if any(each.changes)]
    essential = together.differing[:ESSENTIAL]
    lines += [_line(each, essential=each in essential) for each in changed]
    if not changed:
        lines.append(Line({"target": Said("compare_scenarios.none")}, looks={"target": "quiet"}))
    lines.append(Line({"target": Said("compare_scenarios.together")}, heading=True))
    joint = [each for each in together.rows if each.row.joint and not each.row.counts_targets]
    lines += [_line(each, essential=False) for each in joint]
    lines.append(Line({"target": Said("compare_scenarios.unchanged")}, heading=True))
    rest = [each for each in together.counting if not any(each.changes)]
    lines += [_line(each, essential=False) for each in rest]
    first = together.rows[0].found
    told = {
        "reference": together.labels[0],
        "replications": Count(min(own.replications for own in first)),
    }
    return Table(
        "chances",
        Said("compare_scenarios.across.title"),
        columns,
        lines,
        Said("compare_scenarios.across.caption", told),
    )


def _met(together: Together) -> Iterator[Line]:
    """How many targets are met on average; nothing if none is judged."""
    for each in together.rows:
        if each.row.counts_targets and not each.row.group:
            means = [each.found[0].means[0], *(own.means[1] for own in each.found)]
            cells: dict[str, Spoken] = {
                f"scenario{number}": f"{mean.value:.1f}" for number, mean in enumerate(means)
            }
            total = {"name": each.row.name, "total": f"{each.row.goal:.0f}"}
            yield Line({"target": Said("joint.total", total), **cells})


def _line(each: Across, *, essential: bool) -> Line:
    cells: dict[str, Spoken] = {"target": each.row.marked}
    looks: dict[str, Look] = {}
    for number, (chance, change) in enumerate(zip(each.chances, each.changes, strict=True)):
        cells[f"scenario{number}"] = MarkedChance.of(chance, change)
        looks[f"scenario{number}"] = _LOOKS[change]
    return Line(cells, essential, looks=looks, source=each.row.clause)


# ------------------------------------------------------------------ the figure


def chance_figure(name: str, together: Together, origin: Label) -> Ladder:
    """The chances of every target that some scenario changes, those that differ most first.

    If none is changed for sure, of every target.
    """
    shown = [each for each in together.counting if any(each.changes)] or together.counting
    named = [*zip(together.labels, _SERIES, strict=False)]
    written = len(named) <= WRITTEN
    left_out = Said("compare_scenarios.across.left_out",
                    {"count": len(together.counting) - len(shown)})  # fmt: skip
    return Ladder(
        name=name,
        title=_title(together),
        legend=Said("compare_scenarios.across.legend", {"reference": together.labels[0]}),
        keys=[] if written else [Key(role, label) for label, role in named],
        notes=[
            *marks([each.row for each in shown]),
            *([left_out] if len(shown) < len(together.counting) else []),
        ],
        origin=origin,
        rows=[_rung(each, written=written) for each in shown],
        axis=Axis(form="chance", ends=(0.0, 1.0)),
        columns=[(label, role) for label, role in named] if written else (),
        apart=True,
    )


def _title(together: Together) -> Said:
    """How many targets some scenario changes, and the one that differs most."""
    told: dict[str, object] = {"total": together.total, "count": len(together.differing)}
    for each in together.differing[:1]:
        ends = {"low": Chance(min(each.chances)), "high": Chance(max(each.chances))}
        told |= {"target": each.row.name, **ends}
    return Said("compare_scenarios.across.chart_title", told)


def _rung(each: Across, *, written: bool) -> Rung:
    dots = [
        Dot(chance, role, interval, hollow=bool(number) and not change)
        for number, (chance, role, interval, change) in enumerate(
            zip(each.chances, _SERIES, each.intervals, each.changes, strict=False)
        )
    ]
    texts = [MarkedChance.of(*own) for own in zip(each.chances, each.changes, strict=True)]
    return Rung(
        name=Said("row.marked", {"target": each.row.name, "dagger": each.row.dagger}),
        dots=dots,
        texts=texts if written else (),
        reading=each.row.reading,
    )
