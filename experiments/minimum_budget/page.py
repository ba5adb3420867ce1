"""What the smallest budgets say: statements, and the table of what money can do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from experiments.minimum_budget.findings import MONEY, SECTIONS, CurvePoint, SmallestBudget
from experiments.minimum_budget.pictures import pictures
from experiments.minimum_budget.prices import FREE, Priced, Search, heading, priced
from experiments.minimum_budget.subjects import TOGETHER
from sim.answer.blocks import Answer, Column, Form, Line, Note, Spoken, Statement, Table
from sim.answer.row import ALL, Config, Quoted
from sim.answer.run.page import Clauses, explained, stages
from sim.words import (
    Chance,
    Count,
    Replications,
    Said,
    Share,
    Yuan,
)


def answer(
    found: Sequence[SmallestBudget], curves: Sequence[CurvePoint], search: Search, config: Config
) -> Answer:
    """The whole answer: what money can buy, at what price, and what not.

    ``config`` is that of the scenario, as in its manifest.
    """
    rows = priced(found, search.base_budget, config)
    return Answer(
        statements=[*_statements(rows, search)],
        tables=[budget_table(rows, search, config)],
        pictures=[*pictures(rows, curves, search)],
        notes=[*_notes(rows)],
        figures={**search.figures, **verdict_counts(rows), **_told_together(rows)},
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
    together = [own for own in rows if own.row.target == TOGETHER]
    yield from (Statement(_together(own, members_of(own, rows)), "headline") for own in together)
    bought = [own for own in targets if own.section in MONEY]
    if bought:
        dearest = _dearest(max(bought, key=lambda own: own.budget))
        yield Statement(dearest, "support" if together else "headline")
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
    return Said("minimum_budget.answer.joint", {"verdict": _verdict(every)})


def _verdict(joint: Priced) -> Said:
    """What money can do for several targets at once."""
    price = joint.found.budget
    budget = None if price is None else Yuan(round(price))
    return Said(f"minimum_budget.joint.{joint.found.verdict}", {"budget": budget})


def members_of(joint: Priced, rows: Sequence[Priced]) -> list[Priced]:
    """The rows that the one about the chosen targets is made of."""
    return [own for own in rows if own.row.key in joint.row.members]


def _together(joint: Priced, members: Sequence[Priced]) -> Said:
    """What the chosen targets take at once, beside what the dearest of them takes alone."""
    bought = [own for own in members if own.section in MONEY]
    dearest = max(bought, key=lambda own: own.budget, default=None)
    return Said(
        "minimum_budget.answer.together",
        {
            "count": len(joint.row.members),
            "verdict": _verdict(joint),
            "times": joint.times,
            "dearest": dearest and Quoted(dearest.row),
            "price": dearest and Yuan(round(dearest.budget)),
            "stuck": [own.row for own in members if own.section == "out_of_reach"],
        },
    )


def _told_together(rows: Sequence[Priced]) -> dict[str, object]:
    """The chosen targets and what they take at once, as in answer.json; nothing unless asked."""
    joint = next((own for own in rows if own.row.target == TOGETHER), None)
    if joint is None:
        return {}
    members = members_of(joint, rows)
    told = {
        "targets": [own.row.indicator for own in members],
        "verdict": joint.found.verdict,
        "budget": joint.found.budget,
        "dearest_alone": max((own.budget for own in members if own.section in MONEY), default=None),
    }
    return {TOGETHER: told}


# ------------------------------------------------------------------ the table


_FORMS: Mapping[str, Form] = {"budget": "yuan", "times": "number"}
"""How columns are written that hold no chances."""


def budget_table(rows: Sequence[Priced], search: Search, config: Config) -> Table:
    """The smallest budgets, by what money can do; what needs none is not essential."""
    columns = {"target": Column(Said("column.target"), "name")}
    for key in ("budget", "times", "base", "max", "confirmed"):
        columns[key] = Column(
            Said(f"minimum_budget.column.{key}"),
            spare=key in ("times", "base"),
            form=_FORMS.get(key, "chance"),
            means=Said(f"minimum_budget.means.{key}"),
        )
    columns["reason"] = Column(
        Said("minimum_budget.column.reason"),
        "text",
        room=24,
        means=Said("minimum_budget.means.reason"),
    )
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
    for own in rows:
        if own.row.target == TOGETHER:
            said = {"name": own.row, "list": [member.row for member in members_of(own, rows)]}
            yield Note(Said("minimum_budget.together.note", said))
    if any(own.found.precise is False for own in rows):
        yield Note(Said("minimum_budget.note_wide"), "method")
    if not all(own.found.monotone for own in rows):
        yield Note(Said("minimum_budget.note_falls"), "caution")
    reasons = {own.found.binding_stage for own in rows}
    listed = [explained(stage) for stage in stages() if stage in reasons]
    if listed:
        yield Note(Said("note.obstacles", {"list": Clauses(listed)}))
