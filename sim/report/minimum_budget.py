"""The smallest budgets on the console, and the answer in words."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from sim.answer.run.page import explained
from sim.report.minimum_budget_rows import MONEY, SECTIONS, BudgetRow, Config, budget_rows
from sim.report.numbers import chance_text, percent_text, replications_text, yuan_text
from sim.report.subjects import quotable
from sim.report.words import STAGES, Language, Tongue, phrase, spoken, word
from sim.words import Speech

if TYPE_CHECKING:
    import pandas as pd

Figures = Mapping[str, Any]

_WIDTHS = {"target": 28, "budget": 27, "times": 5, "base": 11, "max": 11, "confirmed": 14,
           "obstacle": 17}  # fmt: skip
"""Columns of the table in characters."""
TIMES_LONG = 10  # from here on a multiple is written without decimals


def times_text(budget: float, base: int) -> str:
    """Write a budget as a multiple of the one planned, with two significant digits or more."""
    if math.isnan(budget) or not base:
        return ""
    times = budget / base
    decimals = 0 if times >= TIMES_LONG else 1 if times >= 1.95 else 2
    return f"{times:.{decimals}f}"


def minimum_budget_table(
    table: pd.DataFrame, figures: Figures, config: Config, language: Language = "both"
) -> Group:
    """Return the table of the smallest budgets, by what money can do.

    ``table``: minimum_budget.csv; ``figures``: those of answer.json; ``config``: the manifest's.
    Fits 120 columns.
    """
    rows = budget_rows(table, config, int(figures["base_budget"]))
    level = float(figures["probability"])
    parts: list[RenderableType] = [_heading(figures, config, language), _empty_table(language)]
    for section in SECTIONS:
        own = [row for row in rows if section == ("joint" if row.joint else row.section)]
        if not own:
            continue
        key = "joint.heading" if section == "joint" else f"minimum.section.{section}"
        heading = Text(phrase(key, language, " · "), style="bold underline")
        shown = _empty_table(language, header=False)
        for row in own:
            shown.add_row(*_cells(row, level, language))
        parts += ["", heading, shown]
    return Group(*parts, "", Text(spoken(language, partial(_notes, rows)), style="dim"))


def _empty_table(language: Language, *, header: bool = True) -> Table:
    """Return one of several tables whose columns stand under each other."""
    table = Table(
        box=None, show_header=header, padding=(0, 1, 0, 0), pad_edge=False, header_style="bold"
    )
    for key, width in _WIDTHS.items():
        own = "column.target" if key == "target" else f"minimum.column.{key}"
        right = key not in ("target", "obstacle")
        table.add_column(
            phrase(own, language),
            justify="right" if right else "left",
            width=width,
            overflow="fold",
        )
    return table


def _heading(figures: Figures, config: Config, language: Language) -> Text:
    def title(tongue: Tongue) -> str:
        level = percent_text(float(figures["probability"]), tongue)
        return word("minimum.title", tongue).format(
            city=config["plan"]["city"][tongue], level=level
        )

    def caption(tongue: Tongue) -> str:
        return word("minimum.caption", tongue).format(
            scenario=config["scenario"]["label"][tongue],
            base=yuan_text(int(figures["base_budget"]), tongue),
            largest=yuan_text(int(figures["budget_max"]), tongue),
            replications=replications_text(int(figures["replications_search"]), tongue),
            budgets=figures["budgets"],
        )

    text = Text(spoken(language, title), style="bold")
    return text.append("\n" + spoken(language, caption), style="not bold")


def _cells(row: BudgetRow, level: float, language: Language) -> list[Text]:
    def budget(tongue: Tongue) -> str:
        if row.doubt:
            share = percent_text(level, tongue)
            return word(f"minimum.doubt.{row.doubt}", tongue).format(level=share)
        if row.verdict != "money_bound":
            return word("number.none", tongue)
        return ("" if row.precise else "≈ ") + row.range_text(tongue)

    def name(tongue: Tongue) -> str:
        return row.label[tongue] + ("" if row.monotone else " ↓")

    confirmed = Text("")
    if not math.isnan(row.chances["confirmed"][0]):
        text = chance_text(*row.chances["confirmed"], language)
        confirmed = Text(text if row.consistent else f"▼ {text}")
        confirmed.stylize("default" if row.consistent else "dark_orange3")
    return [
        Text(spoken(language, name)),
        Text(spoken(language, budget)),
        Text(times_text(row.budget, row.base)),
        Text(percent_text(row.chances["base"][0], language)),
        Text(percent_text(row.chances["max"][0], language)),
        confirmed,
        Text(spoken(language, row.obstacle_text)),
    ]


def _notes(rows: Sequence[BudgetRow], tongue: Tongue) -> str:
    lines = [word("minimum.note", tongue)]
    if any(row.verdict == "money_bound" and not row.precise for row in rows):
        lines.append(word("minimum.note.wide", tongue))
    if not all(row.monotone for row in rows):
        lines.append(word("minimum.note.falls", tongue))
    stages = [stage for stage in STAGES if any(row.obstacle == stage for row in rows)]
    if stages:
        speech = Speech(tongue)
        listed = speech.clauses(explained(stage) for stage in stages)
        lines.append(word("note.obstacles", tongue).format(list=listed))
    return "\n".join(lines)


def verdict_counts(table: pd.DataFrame, config: Config, base: int) -> dict[str, int]:
    """Return how many targets have each verdict, joint rows left out, and each kind of price.

    Of those that money buys, :data:`~sim.report.minimum_budget_rows.MONEY` says how the price
    stands to ``base``, the budget as planned. Other arguments as for :func:`minimum_budget_table`.
    """
    targets = [row for row in budget_rows(table, config, base) if not row.joint]
    verdicts = Counter(row.verdict for row in targets)
    prices = Counter(row.section for row in targets if row.section in MONEY)
    counts = {**dict(sorted(verdicts.items())), **{kind: prices[kind] for kind in MONEY}}
    return {f"targets_{name}": number for name, number in counts.items()}


def minimum_budget_answer(
    table: pd.DataFrame, figures: Figures, config: Config, tongue: Tongue
) -> str:
    """Return what the table says, in a paragraph: what money can buy, at what price, and what not.

    Arguments as for :func:`minimum_budget_table`.
    """
    base = int(figures["base_budget"])
    rows = budget_rows(table, config, base)
    targets = [row for row in rows if not row.joint]
    undecided = sum(row.section == "undecided" for row in targets)
    sentences = [
        word("minimum.answer", tongue).format(
            level=percent_text(float(figures["probability"]), tongue),
            total=len(targets),
            list=_bought(targets, base, tongue),
        ),
        _dearest(targets, tongue),
        _stuck(targets, int(figures["budget_max"]), tongue),
        word("minimum.answer.undecided", tongue).format(count=undecided) if undecided else "",
        _joint(rows, tongue),
        _cost(figures, tongue),
    ]
    return ("" if tongue == "zh" else " ").join(filter(None, sentences))


def _bought(targets: Sequence[BudgetRow], base: int, tongue: Tongue) -> str:
    """Write how many targets can be had without money, and for which."""
    sections = Counter(row.section for row in targets)
    items = [
        word(f"minimum.answer.{section}", tongue).format(
            count=sections[section], base=yuan_text(base, tongue)
        )
        for section in ("met_anyway", "social_enough", *MONEY)
        if sections[section]
    ]
    none = "none_surely" if sections["undecided"] else "none"
    return word("list.clause", tongue).join(items) or word(f"minimum.answer.{none}", tongue)


def _dearest(targets: Sequence[BudgetRow], tongue: Tongue) -> str:
    """Write the target that needs most money, among those that money buys."""
    bought = [row for row in targets if row.section in MONEY]
    if not bought:
        return ""
    last = max(bought, key=lambda row: row.budget)
    key = "interval" if not math.isnan(last.high) else "from"
    ends = [
        "" if math.isnan(value) else yuan_text(round(value), tongue)
        for value in (last.low, last.high)
    ]
    text = word(f"minimum.answer.{key}", tongue).format(low=ends[0], high=ends[1])
    times = times_text(last.budget, last.base)
    return word("minimum.answer.dearest", tongue).format(
        target=quotable(last.label[tongue]),
        budget=yuan_text(round(last.budget), tongue),
        range=text,
        times=word("minimum.answer.times", tongue).format(times=times) if times else "",
    )


def _stuck(targets: Sequence[BudgetRow], largest: int, tongue: Tongue) -> str:
    """Write how many targets no money buys, and how many of them each reason holds back."""
    own = [row for row in targets if row.section == "out_of_reach"]
    if not own:
        return ""
    reasons = word("list.separator", tongue).join(
        word("minimum.answer.reason", tongue).format(
            stage=word(f"stage.{stage}", tongue), count=count
        )
        for stage, count in Counter(row.obstacle for row in own if row.obstacle).most_common()
    )
    return word("minimum.answer.stuck", tongue).format(
        count=len(own),
        largest=yuan_text(largest, tongue),
        reasons=word("minimum.answer.reasons", tongue).format(list=reasons) if reasons else "",
    )


def _joint(rows: Sequence[BudgetRow], tongue: Tongue) -> str:
    every = [row for row in rows if row.target == "all"]
    if not every:
        return ""
    budget = "" if math.isnan(every[0].budget) else yuan_text(round(every[0].budget), tongue)
    verdict = word(f"minimum.answer.joint.{every[0].verdict}", tongue).format(budget=budget)
    return word("minimum.answer.joint", tongue).format(verdict=verdict)


def _cost(figures: Figures, tongue: Tongue) -> str:
    if not figures["replications_grid"]:
        return ""
    return word("minimum.answer.cost", tongue).format(
        search=f"{figures['replications_search']:,}",
        budgets=figures["grid_budgets"],
        each=f"{figures['grid_replications_each']:,}",
        grid=f"{figures['replications_grid']:,}",
    )
