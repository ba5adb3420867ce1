"""The rows of a comparison: what has changed most comes first."""

from __future__ import annotations

import math
from typing import Any

from sim.report.compare_scenarios import ComparedRow, Comparison, Estimate

NAME = {"zh": "试", "en": "test"}


def row(target: str, difference: float, change: str, **given: Any) -> ComparedRow:
    nothing = Estimate(math.nan, math.nan, math.nan)
    values: dict[str, Any] = {
        "target": target, "definition": "", "label": NAME, "reading": None, "unit": NAME,
        "group": "g", "kind": "plan", "comparator": ">=", "goal": 1.0, "counts": True,
        "joint": False, "total": 1, "chances": (0.5, 0.5 + difference),
        "difference": Estimate(difference, difference - 0.1, difference + 0.1),
        "gained": 0, "lost": 0, "change": change, "means": (nothing, nothing),
        "value_difference": nothing, "value_reduction": math.nan,
    }  # fmt: skip
    known = ComparedRow.__dataclass_fields__
    return ComparedRow(**{k: v for k, v in (values | given).items() if k in known})


def comparison(*rows: ComparedRow) -> Comparison:
    return Comparison("other", NAME, NAME, rows, True, (10, 10), 0, ())


def names(rows: list[ComparedRow]) -> list[str]:
    return [row.target for row in rows]


def test_the_largest_change_comes_first_in_both_directions() -> None:
    found = comparison(
        row("a", 0.2, "more likely"), row("b", -0.3, "less likely"), row("c", 0.6, "more likely"),
        row("d", -0.5, "less likely"), row("e", 0.4, "more likely"), row("f", 0.0, ""),
    )  # fmt: skip
    assert names(found.changed("more likely")) == ["c", "e", "a"]
    assert names(found.changed("less likely")) == ["d", "b"]


def test_readings_that_do_not_count_are_left_out_unless_asked_for() -> None:
    found = comparison(
        row("a", 0.2, "more likely"),
        row("b", 0.3, "more likely", counts=False),
        row("c", 0.4, "more likely", kind="operationalised"),
        row("all", 0.9, "more likely", joint=True),
    )
    assert names(found.changed("more likely")) == ["a"]
    assert names(found.changed("more likely", deciding=False)) == ["c", "b", "a"]
    assert found.total == 1
