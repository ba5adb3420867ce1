"""Comparisons of two scenarios: hand-made pairs, known variances, and rows that have no meaning."""

from __future__ import annotations

import copy
import time
from typing import Any

import numpy as np
import pandas as pd
import pytest

from experiments.compare_scenarios.findings import (
    Compared,
    Incomparable,
    Sample,
    compare,
    rows_with_values,
)
from sim.answer.finding import cells_of, columns_of
from sim.answer.found import FrameFound
from sim.answer.row import incomparable
from sim.config.schema import Run
from sim.stats.intervals import wilson
from tests.answers import attainment_of, delays, row_at

LABEL = {"zh": "试", "en": "test"}


def target(group: str, goal: float = 1.0, definition: str | None = None) -> dict[str, Any]:
    return {"name": LABEL, "group": group, "kind": "plan", "comparator": ">=", "goal": goal,
            "unit": LABEL, "deadline": "2020-12-31", "definition": definition}  # fmt: skip


CONFIG: dict[str, Any] = {
    "plan": {
        "id": "micro", "start": "2016-01-01", "end": "2020-12-31",
        "groups": {"g": {"name": LABEL}, "h": {"name": LABEL}},
        "joint_labels": {"all": LABEL, "met_count": LABEL},
        "targets": {"a": target("g"), "b": target("h", definition="d"), "c": target("h")},
        "definitions": {
            "d": {
                "readings": {"x": {"switch": 1, "name": LABEL}, "y": {"switch": 2, "name": LABEL}},
                "changes_run": False,
            },
            "built": {"readings": {}, "changes_run": True},
        },
    },
    "definitions": {"d": 1, "built": 1},
}  # fmt: skip

A = [2.0, 0.0, 2.0, 0.0]  # met where 1 is reached
B_STRICT, B_BROAD = [1.0, 1.0, 0.0, 0.0], [1.0, 1.0, 1.0, 1.0]


def frame(
    rows: dict[tuple[str, str], Any], replications: Any = None, per_draw: int = 1
) -> pd.DataFrame:
    parts = []
    for (name, definition), values in rows.items():
        numbers = np.arange(len(values)) if replications is None else np.asarray(replications)
        parts.append(
            pd.DataFrame(
                {"draw": numbers // per_draw, "replication": numbers, "target": name,
                 "definition": definition, "value": values,
                 "attained": np.asarray(values) >= 1.0}
            )
        )  # fmt: skip
    return pd.concat(parts, ignore_index=True)


def three(a: Any, x: Any, y: Any, **more: Any) -> pd.DataFrame:
    return frame({("a", ""): a, ("b", "x"): x, ("b", "y"): y}, **more)


def table(
    reference: pd.DataFrame, other: pd.DataFrame, *, paired: bool = True, asked: int = 4
) -> pd.DataFrame:
    founds = [FrameFound(targets) for targets in (reference, other)]
    rows = rows_with_values(CONFIG, founds[0].rows)
    samples = Sample.of(founds[0], rows), Sample.of(founds[1], rows)
    found = compare(("reference", "other"), samples, rows, paired=paired, asked=asked)
    cells = pd.DataFrame(cells_of(Compared, found), columns=[*columns_of(Compared)])
    return cells.set_index(["target", "definition"])


def test_pairs_are_counted_and_subtracted_by_hand() -> None:
    reference = three(A, B_STRICT, B_BROAD)
    other = three([2.0, 3.0, 0.0, 0.0], [1.0, 1.0, 1.0, 0.0], B_BROAD)
    found = table(reference, other)
    a = row_at(found, "a", "")
    assert (a["gained"], a["lost"], a["difference"]) == (1, 1, 0.0)
    assert a["value_difference"] == 0.25  # (0 + 3 - 2 + 0) / 4
    assert a["mean_reference"] == 1.0
    assert a["mean"] == 1.25
    strict = row_at(found, "b", "x")
    assert (strict["gained"], strict["lost"]) == (1, 0)
    assert strict["difference"] == 0.25
    assert (strict["probability_low"], strict["probability_high"]) == wilson(3, 4)
    # Joint rows judge a and b under the reading that counts: 2, 1, 1, 0 against 2, 2, 1, 0.
    assert row_at(found, "met_count", "")["mean_reference"] == 1.0
    assert row_at(found, "met_count", "")["value_difference"] == 0.25
    assert row_at(found, "all", "")["gained"] == 1
    assert row_at(found, "all:g", "")["difference"] == a["difference"]
    assert row_at(found, "all:h", "")["difference"] == 0.25
    assert np.isnan(row_at(found, "all", "")["value_difference"])
    assert np.isnan(row_at(found, "met_count", "")["probability"])
    assert pd.isna(row_at(found, "met_count", "")["gained"])
    assert ("c", "") not in found.index  # it is not modelled


def test_identical_runs_differ_in_nothing() -> None:
    same = three(A, B_STRICT, B_BROAD)
    found = table(same, same)
    chances = found[found["probability"].notna()]
    assert (chances[["difference", "gained", "lost"]] == 0).all(axis=None)
    assert (chances["difference_low"] < 0.0).all()
    assert (chances["difference_high"] > 0.0).all()
    amounts = found[found["mean"].notna()]
    ends = ["value_difference", "value_difference_low", "value_difference_high"]
    assert (amounts[ends] == 0.0).all(axis=None)
    assert (found[["change", "value_change"]] == "").all(axis=None)
    assert found[["variance_reduction", "value_variance_reduction"]].isna().all(axis=None)


def test_of_unpaired_runs_the_smaller_one_says_how_many_are_dropped() -> None:
    """Ten were asked for: all of one run finished and eight of the other, whichever it is."""
    ten = three([0.0, 2.0] * 5, [1.0] * 10, [1.0] * 10)
    eight = three([0.0, 2.0] * 4, [1.0] * 8, [1.0] * 8)
    for reference, other in ((ten, eight), (eight, ten)):
        found = table(reference, other, paired=False, asked=10)
        assert set(found["dropped"]) == {2}
        assert set(found["replications_reference"]) == {reference["replication"].nunique()}
        assert set(found["replications"]) == {other["replication"].nunique()}


def test_replications_that_only_one_has_are_dropped_and_counted() -> None:
    whole = three([0.0, 2.0, 2.0, 9.0], [1.0] * 4, [1.0] * 4)
    part = three([0.0, 2.0, 5.0], [1.0] * 3, [1.0] * 3, replications=[0, 1, 3])
    found = table(whole, part, asked=5)
    assert set(found["replications"]) == set(found["replications_reference"]) == {3}
    assert set(found["dropped"]) == {2}
    assert row_at(found, "a", "")["value_difference"] == pytest.approx((0.0 + 0.0 - 4.0) / 3.0)
    with pytest.raises(Incomparable, match="few"):
        table(whole, part[part["replication"] == 3])


def test_without_pairs_each_side_keeps_its_own(seed: int) -> None:
    rng = np.random.default_rng(seed)
    long, short = (three(*rng.normal(1.0, 1.0, (3, n))) for n in (80, 50))
    found = table(long, short, paired=False, asked=80)
    assert set(found["replications_reference"]) == {80}
    assert set(found["replications"]) == {50}
    unpaired = ["gained", "lost", "variance_reduction", "value_difference_p05"]
    assert found[unpaired].isna().all(axis=None)
    width = found["difference_high"] - found["difference_low"]
    assert (width.dropna() > 0.0).all()


def test_pairs_save_what_their_correlation_says(seed: int) -> None:
    """Equal variances and correlation 0.8: five times, within four standard errors."""
    n = 6_000
    rng = np.random.default_rng(seed)
    shared, own = rng.normal(size=n), rng.normal(size=(2, n))
    a, b = (np.sqrt(0.8) * shared + np.sqrt(0.2) * noise for noise in own)
    found = row_at(table(three(a, a, a), three(b + 0.1, b, b), asked=n), "a", "")
    error = 4.0 * np.sqrt(4.0 / n)
    assert found["value_variance_reduction"] == pytest.approx(5.0, rel=error)
    assert found["value_change"] == "higher"
    assert found["variance_reduction"] > 1.5
    half = (found["value_difference_high"] - found["value_difference_low"]) / 2.0
    assert half == pytest.approx(1.96 * np.sqrt(0.4 / n), rel=error)


def test_replications_of_one_draw_count_for_less(seed: int) -> None:
    rng = np.random.default_rng(seed)
    reference, other = (np.repeat(rng.normal(1.0, 1.0, 100), 4) for _ in range(2))
    alone = table(three(*[reference] * 3), three(*[other] * 3), asked=400)
    drawn = table(three(*[reference] * 3, per_draw=4), three(*[other] * 3, per_draw=4), asked=400)
    for name in ("difference", "value_difference"):
        widths = [
            (row_at(t, "a", "")[f"{name}_high"] - row_at(t, "a", "")[f"{name}_low"])
            for t in (alone, drawn)
        ]
        assert widths[1] == pytest.approx(2.0 * widths[0], rel=0.05)


def test_order_of_rows_and_of_replications_means_nothing(seed: int) -> None:
    rng = np.random.default_rng(seed)
    reference, other = (three(*rng.normal(1.0, 1.0, (3, 30))) for _ in range(2))
    mixed = other.sample(frac=1.0, random_state=seed)
    pd.testing.assert_frame_equal(
        table(reference, other, asked=30), table(reference, mixed, asked=30)
    )


# ---------------------------------------------------------------------------- the rows


def test_rows_are_those_of_attainment_in_its_order(real_run: Run) -> None:
    config = real_run.model_dump(mode="json")
    keys = [
        (name, reading)
        for name, spec in config["plan"]["targets"].items()
        for reading in (
            config["plan"]["definitions"][spec["definition"]]["readings"]
            if spec["definition"]
            else [""]
        )
    ]
    targets = frame({key: [1.0, 2.0] for key in keys}).assign(first_attained_day=np.nan)
    expected = attainment_of(real_run, targets, delays())
    rows = rows_with_values(config, keys)
    assert [row.key for row in rows] == [
        *zip(expected["target"], expected["definition"], strict=True)
    ]
    assert [row.name for row in rows] == [
        {"zh": zh, "en": en}
        for zh, en in zip(expected["label_zh"], expected["label_en"], strict=True)
    ]
    for name in ("group", "goal", "kind"):
        assert [getattr(row, name) for row in rows] == expected[name].tolist(), name
    assert [row.unit["en"] for row in rows] == expected["unit"].tolist()


@pytest.mark.parametrize(
    ("key", "value"),
    [("plan.id", "other"), ("plan.targets.a.goal", 3.0), ("definitions.d", 2)],
)
def test_answers_that_mean_other_things_are_incomparable(key: str, value: object) -> None:
    other = copy.deepcopy(CONFIG)
    *path, last = key.split(".")
    here = other
    for part in path:
        here = here[part]
    was, here[last] = here[last], value
    assert incomparable(CONFIG, other) == (key, was, value)
    assert incomparable(CONFIG, CONFIG) is None


def test_what_is_built_may_differ() -> None:
    other = copy.deepcopy(CONFIG)
    other["definitions"]["built"] = 2
    assert incomparable(CONFIG, other) is None


def test_a_thousand_replications_are_compared_in_no_time(real_run: Run, seed: int) -> None:
    config = real_run.model_dump(mode="json")
    rng = np.random.default_rng(seed)
    names = [(n, "") for n, spec in config["plan"]["targets"].items() if spec["definition"] is None]
    frames = [frame({name: rng.normal(1.0, 1.0, 1_000) for name in names}) for _ in range(2)]
    started = time.perf_counter()
    rows = rows_with_values(config, names)
    reference, other = (Sample.of(FrameFound(f), rows) for f in frames)
    compare(("reference", "other"), (reference, other), rows, paired=True, asked=1_000)
    assert time.perf_counter() - started < 2.0
