"""Rows of an answer are those of the plan, as a manifest holds it."""

from __future__ import annotations

import pytest

from sim.answer.row import for_readers, group_order, incomparable, joint_rows_of, rows_of
from sim.plan.plan import Plan
from sim.words import Speech
from tests.factory import baseline_run

RUN = baseline_run()
CONFIG = RUN.model_dump(mode="json")
ROWS = rows_of(CONFIG)


def test_rows_are_those_that_the_model_reports() -> None:
    plan = Plan.of(RUN)
    known = {(row.target, row.reading): row for row in plan.rows(RUN.definitions)}
    assert [*ROWS] == [*known]
    for key, row in ROWS.items():
        own = known[key]
        assert (row.counts, row.modelled, row.indicator) == (
            own.counts,
            own.spec.modelled,
            own.indicator,
        )
        assert (row.goal, row.comparator, row.kind) == (
            own.spec.goal,
            own.spec.comparator,
            own.spec.kind,
        )
        for value in (row.goal - 1.0, row.goal, row.goal + 1.0):
            assert row.attained_by(value) == own.attained(value)


def test_joint_rows_judge_what_counts_and_is_the_plans() -> None:
    joint = joint_rows_of(CONFIG, ROWS.values())
    judged = {key for key, row in ROWS.items() if row.decides}
    assert {*joint["all", ""].members} == judged == {*joint["met_count", ""].members}
    parts = [row for row in joint.values() if row.group and not row.counts_targets]
    assert sorted(key for row in parts for key in row.members) == sorted(judged)
    assert joint["met_count", ""].counts_targets
    assert joint["all", ""].goal == len(judged)
    assert not joint_rows_of(CONFIG, [row for row in ROWS.values() if not row.decides])


def test_readers_see_headline_groups_first_and_readings_side_by_side() -> None:
    rows = for_readers([*ROWS.values()], CONFIG)
    assert sorted(row.key for row in rows) == sorted(ROWS)
    groups = [*dict.fromkeys(row.group for row in rows)]
    assert groups == [group for group in group_order(CONFIG) if group in groups]
    headline = [CONFIG["plan"]["groups"][group]["headline"] for group in groups]
    assert headline == sorted(headline, reverse=True)
    places: dict[str, list[int]] = {}
    for place, row in enumerate(rows):
        places.setdefault(row.target, []).append(place)
    for own in places.values():
        assert own == [*range(own[0], own[0] + len(own))]
        assert rows[own[0]].counts


@pytest.mark.parametrize(
    ("key", "mark"),
    [
        (("community_rooms", ""), ""),
        (("municipal_bases", "promoted_count"), "●"),
        (("municipal_bases", "promoted_leave"), "○"),
    ],
)
def test_names_carry_their_marks(key: tuple[str, str], mark: str) -> None:
    row = ROWS[key]
    chinese, english = Speech("zh").text(row.marked), Speech("en").text(row.marked)
    if row.reading is None:
        assert chinese == row.name["zh"]
        assert english == row.name["en"]
    else:
        assert chinese == f"{row.name['zh']} {mark} {row.reading['zh']}"
        assert english == f"{row.name['en']} {mark} {row.reading['en']}"
        assert Speech("en").text(row) == f"{row.name['en']} ({row.reading['en']})"
    assert row.kind == "plan"


def test_what_is_not_the_plans_is_marked() -> None:
    other = next(row for row in ROWS.values() if row.kind != "plan")
    assert Speech("en").text(other.marked).endswith("†")
    assert not other.decides


@pytest.mark.parametrize(
    ("change", "key"),
    [
        (("targets", "community_rooms", "goal"), "plan.targets.community_rooms.goal"),
        (("id",), "plan.id"),
        (("targets", "community_rooms", "name"), None),
    ],
)
def test_answers_mean_the_same_unless_goals_or_the_plan_differ(
    change: tuple[str, ...], key: str | None
) -> None:
    other = RUN.model_dump(mode="json")
    here = other["plan"]
    for part in change[:-1]:
        here = here[part]
    here[change[-1]] = {"zh": "别的", "en": "other"} if change[-1] == "name" else 7
    found = incomparable(CONFIG, other)
    assert (found and found[0]) == key


def test_rows_can_be_looked_up() -> None:
    again = rows_of(RUN.model_dump(mode="json"))
    assert {row: row.key for row in ROWS.values()} == {row: key for key, row in again.items()}
