"""Checks that no field of a programme or ladder level is accepted and then ignored."""

from __future__ import annotations

from sim.config.errors import ConfigError
from sim.config.schema import CoverageMeasure, LadderLevel, LadderMeasure, Plan, Programme, Run
from sim.plan.problems import Problems


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
            "the quota of a programme of the city is not spread over districts"
            if in_city
            else "a quota that is spread over districts needs a key",
            key=f"{key}.quota_key",
            value=programme.quota_key,
            allowed="city, or place: districts"
            if in_city
            else "population, urban_communities, villages, equal or one_each, or place: city",
        )
    if programme.citywide and programme.visits is None:
        yield ConfigError(
            "citywide says whom the visits reach, and there are none",
            key=f"{key}.citywide",
            value="true",
            allowed="visits with it, or false",
        )


def _check_people(programme: Programme, key: str) -> Problems:
    needs = "staff" in programme.needs
    for field in ("full_time_posts", "part_time_posts", "staffed_hosts"):
        value = getattr(programme, field)
        if value is not None and not needs:
            yield ConfigError(
                "a programme that needs no staff has nobody to wait for, so this would do nothing",
                key=f"{key}.{field}",
                value=value,
                allowed="staff among needs, or nothing here",
            )
    if needs and programme.full_time_posts is None and programme.part_time_posts is None:
        yield ConfigError(
            "a programme without posts never waits for people, so this would do nothing",
            key=f"{key}.needs",
            value=", ".join(programme.needs),
            allowed="full_time_posts or part_time_posts with it, or no staff among needs",
        )
    if len(set(programme.needs)) < len(programme.needs):
        yield ConfigError(
            "a need is named twice",
            key=f"{key}.needs",
            value=", ".join(programme.needs),
            allowed="each of review, crew and staff once at most",
        )


def _check_what_it_covers(plan: Plan, programme: Programme, key: str) -> Problems:
    measures = [target.measured_by for target in plan.targets.values()]
    counted = {m.universe for m in measures if isinstance(m, CoverageMeasure)}
    for field in ("covers", "may_cover"):
        universe = getattr(programme, field)
        if universe is not None and universe not in counted:
            yield ConfigError(
                "no target counts the places that this programme covers",
                key=f"{key}.{field}",
                value=universe,
                allowed=f"a target measured by coverage of {universe}, or nothing here",
            )
    level = plan.ladder.get(programme.feeds or "")
    if level is not None and level.below is not None:
        yield ConfigError(
            "only bases of the level below may apply for this one, so nothing would come of it",
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
            "the target of a level counts the titles of this level",
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
        "staffed_share": (lowest and level.staffed_share is not None, "a level below"),
        "renewal": (level.term_years is None and level.renewal is not None, "term_years"),
    }
    for field, (ignored, counts_with) in unused.items():
        if ignored:
            yield ConfigError(
                f"this counts only with {counts_with}",
                key=f"{key}.{field}",
                value=getattr(level, field),
                allowed=f"{counts_with}, or nothing here",
            )
    if level.term_years is not None and level.renewal is None:
        yield ConfigError(
            "titles with a term need renewal: the share that the next round renews",
            key=f"{key}.renewal",
            value="null",
            allowed="the name of a parameter, or no term_years",
        )
