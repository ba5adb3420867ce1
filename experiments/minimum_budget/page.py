"""What the smallest budgets say: statements, and the table of what money can do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from experiments.minimum_budget.findings import MONEY, SECTIONS, CurvePoint, SmallestBudget
from sim.answer.blocks import Answer, Column, Line, Note, Spoken, Statement, Table
from sim.answer.row import ALL, Config, Row
from sim.answer.run.page import Clauses, explained, stages
from sim.words import (
    Chance,
    Count,
    Interval,
    Label,
    Quantity,
    Replications,
    Said,
    Share,
    Speech,
    Yuan,
)

FREE = ("met_anyway", "social_enough")
"""Sections of what needs no public money."""

TIMES_LONG = 10  # from here on a multiple is written without decimals


@dataclass(frozen=True)
class Priced:
    """What was found for a row, beside the public budget as planned.

    Attributes:
        base: that budget in yuan.
        weakest: of several targets the one that holds them back at the largest budget.
    """

    found: SmallestBudget
    base: int
    weakest: Label | None = None

    @property
    def row(self) -> Row:
        """What it is about."""
        return self.found.row

    @cached_property
    def section(self) -> str:
        """One of :data:`SECTIONS` but ``joint``."""
        return self.found.section(self.base)

    @property
    def shown_in(self) -> str:
        """The section of the table in which it stands, one of :data:`SECTIONS`."""
        return "joint" if self.row.joint else self.section

    @property
    def budget(self) -> float:
        """The smallest budget of a row that has one."""
        assert self.found.budget is not None, f"{self.row.target} has no price"
        return self.found.budget

    @property
    def times(self) -> str:
        """The smallest budget as a multiple of the one planned; empty where there is none."""
        return "" if self.found.budget is None else times_text(self.found.budget, self.base)

    @property
    def range(self) -> Spoken:
        """The smallest budget with its interval, without the unit."""
        found = self.found
        if found.budget is None or found.budget_low is None:
            return Said("number.none")
        if found.budget_high is None:
            ends = {"budget": Quantity(found.budget), "low": Quantity(found.budget_low)}
            return Said("minimum_budget.open_range", ends)
        return Interval(found.budget, found.budget_low, found.budget_high)

    @property
    def reason(self) -> Spoken:
        """What holds it back at the largest budget; of a joint row also which target."""
        if not self.found.binding_stage:
            return None
        stage = Said(f"stage.{self.found.binding_stage}")
        if self.weakest is None:
            return stage
        return Said("minimum_budget.joint_reason", {"target": self.weakest, "stage": stage})

    def doubt(self, level: float) -> Said:
        """Why it is undecided."""
        return Said(f"minimum_budget.doubt.{self.found.doubt}", {"level": Share(level)})


def times_text(budget: float, base: int) -> str:
    """A budget as a multiple of the one planned, with two significant digits or more."""
    if not base:
        return ""
    times = budget / base
    decimals = 0 if times >= TIMES_LONG else 1 if times >= 1.95 else 2
    return f"{times:.{decimals}f}"


@dataclass(frozen=True)
class Quoted:
    """A name to be set in quotation marks: those of its own become single ones."""

    row: Row

    def spoken(self, speech: Speech) -> str:
        """The name without double quotation marks."""
        return speech.text(self.row).replace("“", "‘").replace("”", "’")


@dataclass(frozen=True)
class Search:
    """What was asked, and how much was simulated; figures of the answer under the same names.

    Attributes:
        probability: wanted of every target.
        base_budget, budget_max: public money as planned, and the most that was tried, in yuan.
        budgets: that were tried, without any money included.
        replications_search, replications_confirmation: at all of them together.
        grid_budgets, grid_replications_each, replications_grid: of the smallest even grid that
            knows every price as well; None where there is no price.
    """

    probability: float
    base_budget: int
    budget_max: int
    budgets: int
    replications_search: int
    replications_confirmation: int
    grid_budgets: int | None = None
    grid_replications_each: int | None = None
    replications_grid: int | None = None

    @property
    def figures(self) -> dict[str, object]:
        """As they stand in answer.json."""
        grid = self.replications_grid
        return {**vars(self), "cost_relative_to_grid": grid and self.replications_search / grid}


def priced(found: Sequence[SmallestBudget], base: int, config: Config) -> list[Priced]:
    """The rows by section, then by budget or, where there is none, likeliest first.

    Joint rows come last. ``base`` is the public money planned.
    """

    def order(own: Priced) -> tuple[int, float]:
        price = own.found.budget
        rank = -own.found.probability_max if price is None else price
        return SECTIONS.index(own.section), rank

    rows = [_priced(own, base, config) for own in found]
    targets = sorted((own for own in rows if not own.row.joint), key=order)
    return [*targets, *(own for own in rows if own.row.joint)]


def _priced(found: SmallestBudget, base: int, config: Config) -> Priced:
    weakest = found.binding_target
    other = bool(weakest) and weakest != found.row.target
    return Priced(found, base, config["plan"]["targets"][weakest]["name"] if other else None)


def answer(
    found: Sequence[SmallestBudget], curves: Sequence[CurvePoint], search: Search, config: Config
) -> Answer:
    """The whole answer: what money can buy, at what price, and what not.

    ``config`` is that of the scenario, as in its manifest.
    """
    from experiments.minimum_budget.pictures import pictures

    rows = priced(found, search.base_budget, config)
    return Answer(
        statements=[*_statements(rows, search)],
        tables=[budget_table(rows, search, config)],
        pictures=[*pictures(rows, curves, search)],
        notes=[*_notes(rows)],
        figures={**search.figures, **verdict_counts(rows)},
    )


def verdict_counts(rows: Sequence[Priced]) -> dict[str, int]:
    """How many targets have each verdict, joint rows left out, and each kind of price."""
    targets = [own for own in rows if not own.row.joint]
    verdicts = Counter(own.found.verdict for own in targets)
    prices = Counter(own.section for own in targets if own.section in MONEY)
    counts = {**dict(sorted(verdicts.items())), **{kind: prices[kind] for kind in MONEY}}
    return {f"targets_{name}": number for name, number in counts.items()}


# ------------------------------------------------------------------ statements


def _statements(rows: Sequence[Priced], search: Search) -> Iterator[Statement]:
    targets = [own for own in rows if not own.row.joint]
    said: Mapping[str, Spoken] = {
        "level": Share(search.probability),
        "total": len(targets),
        "list": _bought(targets, search.base_budget),
    }
    yield Statement(Said("minimum_budget.answer", said), "headline")
    bought = [own for own in targets if own.section in MONEY]
    if bought:
        yield Statement(_dearest(max(bought, key=lambda own: own.budget)), "headline")
    stuck = [own for own in targets if own.section == "out_of_reach"]
    if stuck:
        yield Statement(_stuck(stuck, search.budget_max), "headline")
    undecided = sum(own.section == "undecided" for own in targets)
    if undecided:
        yield Statement(Said("minimum_budget.answer.undecided", {"count": undecided}))
    yield from (Statement(_joint(own)) for own in rows if own.row.target == ALL)
    if search.replications_grid and search.grid_budgets and search.grid_replications_each:
        cost = {
            "search": Count(search.replications_search),
            "budgets": search.grid_budgets,
            "each": Count(search.grid_replications_each),
            "grid": Count(search.replications_grid),
        }
        yield Statement(Said("minimum_budget.answer.cost", cost))


def _bought(targets: Sequence[Priced], base: int) -> list[Said]:
    """How many targets can be had without money, and for which."""
    sections = Counter(own.section for own in targets)
    parts = [
        Said(f"minimum_budget.answer.{section}", {"count": sections[section], "base": Yuan(base)})
        for section in (*FREE, *MONEY)
        if sections[section]
    ]
    none = "none_surely" if sections["undecided"] else "none"
    return parts or [Said(f"minimum_budget.answer.{none}")]


def _dearest(last: Priced) -> Said:
    """The target that needs most money, among those that money buys."""
    low, high = last.found.budget_low, last.found.budget_high
    return Said(
        "minimum_budget.answer.dearest",
        {
            "target": Quoted(last.row),
            "budget": Yuan(round(last.budget)),
            "low": None if low is None else Yuan(round(low)),
            "high": None if high is None else Yuan(round(high)),
            "times": last.times,
        },
    )


def _stuck(stuck: Sequence[Priced], largest: int) -> Said:
    """How many targets no money buys, and how many of them each reason holds back."""
    reasons = Counter(own.found.binding_stage for own in stuck if own.found.binding_stage)
    return Said(
        "minimum_budget.answer.stuck",
        {
            "count": len(stuck),
            "largest": Yuan(largest),
            "reasons": [
                Said("minimum_budget.answer.reason", {"stage": Said(f"stage.{stage}"), "count": n})
                for stage, n in reasons.most_common()
            ],
        },
    )


def _joint(every: Priced) -> Said:
    price = every.found.budget
    budget = None if price is None else Yuan(round(price))
    verdict = Said(f"minimum_budget.joint.{every.found.verdict}", {"budget": budget})
    return Said("minimum_budget.answer.joint", {"verdict": verdict})


# ------------------------------------------------------------------ the table


def budget_table(rows: Sequence[Priced], search: Search, config: Config) -> Table:
    """The smallest budgets, by what money can do; what needs none is not essential."""
    columns = {"target": Column(Said("column.target"), "name")}
    for key in ("budget", "times", "base", "max", "confirmed"):
        columns[key] = Column(Said(f"minimum_budget.column.{key}"), spare=key in ("times", "base"))
    columns["reason"] = Column(Said("minimum_budget.column.reason"), "text", room=24)
    lines: list[Line] = []
    for section in SECTIONS:
        own = [row for row in rows if row.shown_in == section]
        if own:
            lines.append(Line({"target": heading(section)}, heading=True))
            lines += [_line(row, search.probability) for row in own]
    said = {"city": config["plan"]["city"], "level": Share(search.probability)}
    caption = {
        "scenario": config["scenario"]["label"],
        "base": Yuan(search.base_budget),
        "largest": Yuan(search.budget_max),
        "replications": Replications(search.replications_search),
        "budgets": search.budgets,
    }
    return Table(
        "minimum_budget",
        Said("minimum_budget.title", said),
        columns,
        lines,
        Said("minimum_budget.caption", caption),
    )


def heading(section: str) -> Said:
    """What stands above the rows of a section."""
    return Said("joint.heading" if section == "joint" else f"minimum_budget.section.{section}")


def _line(own: Priced, level: float) -> Line:
    found = own.found
    budget: Spoken = Said("number.none")
    if found.doubt:
        budget = own.doubt(level)
    elif found.verdict == "money_bound":
        wide = Said("minimum_budget.wide_range", {"range": own.range})
        budget = own.range if found.precise else wide
    confirmed: Spoken = found.confirmed
    if found.consistent is False:
        confirmed = Said("minimum_budget.refuted", {"chance": found.confirmed})
    name: Spoken = own.row
    if not found.monotone:
        name = Said("minimum_budget.falling", {"name": own.row})
    return Line(
        {
            "target": name,
            "budget": budget,
            "times": own.times,
            "base": Chance(found.probability_base),
            "max": Chance(found.probability_max),
            "confirmed": confirmed,
            "reason": own.reason,
        },
        essential=own.shown_in not in FREE,
        looks={"confirmed": "unlikely"} if found.consistent is False else {},
    )


def _notes(rows: Sequence[Priced]) -> Iterator[Note]:
    yield Note(Said("minimum_budget.note"))
    if any(own.found.precise is False for own in rows):
        yield Note(Said("minimum_budget.note_wide"), "method")
    if not all(own.found.monotone for own in rows):
        yield Note(Said("minimum_budget.note_falls"), "caution")
    reasons = {own.found.binding_stage for own in rows}
    listed = [explained(stage) for stage in stages() if stage in reasons]
    if listed:
        yield Note(Said("note.obstacles", {"list": Clauses(listed)}))
