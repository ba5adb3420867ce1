"""Checks that no field of a programme or ladder level is accepted and then ignored."""

from __future__ import annotations

from sim.config.errors import ConfigError
from sim.config.schema import CoverageMeasure, LadderLevel, LadderMeasure, Plan, Programme, Run
from sim.plan.problems import Problems
from sim.words import Said


def check_programme_fields(run: Run) -> Problems:
    """Fields of programmes and levels that count for nothing beside the others."""
    for name, programme in run.plan.programmes.items():
        key = f"plan.programmes.{name}"
        yield from _check_place(programme, key)
        yield from _check_people(programme, key)
        yield from _check_what_it_covers(run.plan, programme, key)
    for name, level in run.plan.ladder.items():
        yield from _check_level(run.plan, name, level, f"plan.ladder.{name}")


def _check_place(programme: Programme, key: str) -> Problems:
    if (programme.place == "city") != (programme.quota_key == "city"):
        in_city = programme.place == "city"
        yield ConfigError(
            "plan.quota_of_city" if in_city else "plan.quota_of_districts",
            key=f"{key}.quota_key",
            value=programme.quota_key,
        )
    if programme.citywide and programme.visits is None:
        yield ConfigError("plan.citywide", key=f"{key}.citywide", value="true")


def _check_people(programme: Programme, key: str) -> Problems:
    needs = "staff" in programme.needs
    for field in ("full_time_posts", "part_time_posts", "staffed_hosts"):
        value = getattr(programme, field)
        if value is not None and not needs:
            yield ConfigError("plan.no_staff", key=f"{key}.{field}", value=value)
    named = ", ".join(programme.needs)
    if needs and programme.full_time_posts is None and programme.part_time_posts is None:
        yield ConfigError("plan.no_posts", key=f"{key}.needs", value=named)
    if len(set(programme.needs)) < len(programme.needs):
        yield ConfigError("plan.need_twice", key=f"{key}.needs", value=named)


def _check_what_it_covers(plan: Plan, programme: Programme, key: str) -> Problems:
    measures = [target.measured_by for target in plan.targets.values()]
    counted = {m.universe for m in measures if isinstance(m, CoverageMeasure)}
    for field in ("covers", "may_cover"):
        universe = getattr(programme, field)
        if universe is not None and universe not in counted:
            yield ConfigError("plan.uncounted", key=f"{key}.{field}", value=universe)
    level = plan.ladder.get(programme.feeds or "")
    if level is not None and level.below is not None:
        yield ConfigError(
            "plan.feeds",
            key=f"{key}.feeds",
            value=programme.feeds,
            known=[name for name, other in plan.ladder.items() if other.below is None],
        )


def _check_level(plan: Plan, name: str, level: LadderLevel, key: str) -> Problems:
    """Fields of a level that its kind of rounds, or its place on the ladder, leaves aside."""
    target = plan.targets.get(level.target)
    measure = target.measured_by if target is not None else None
    if target is not None and not (isinstance(measure, LadderMeasure) and measure.level == name):
        yield ConfigError(
            "plan.target_of_level",
            key=f"{key}.target",
            value=level.target,
            known=[
                own
                for own, other in plan.targets.items()
                if isinstance(other.measured_by, LadderMeasure) and other.measured_by.level == name
            ],
        )
    dated, lowest = level.rounds == "dated", level.below is None
    unused = {
        "round_dates": (not dated and bool(level.round_dates), "rounds: dated"),
        "approval_days": (dated and level.approval_days is not None, "rounds: yearly"),
        "staffed_share": (lowest and level.staffed_share is not None, Said("plan.a_level_below")),
        "renewal": (level.term_years is None and level.renewal is not None, "term_years"),
    }
    for field, (ignored, other) in unused.items():
        if ignored:
            value = getattr(level, field)
            yield ConfigError("plan.only_with", key=f"{key}.{field}", value=value, other=other)
    if level.term_years is not None and level.renewal is None:
        yield ConfigError("plan.renewal", key=f"{key}.renewal", value="null")
