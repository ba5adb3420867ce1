"""Cross-checks that no single model of the schema can make: names that must exist somewhere else.

The schema knows what one entry may say; the linter knows whether a run as a whole hangs together:
every name points at something, every parameter has a user and evidence, every date lies inside the
horizon. All problems are reported at once.
"""

from __future__ import annotations

from sim.config.errors import ConfigError
from sim.config.schema import (
    CoverageMeasure,
    DeliveredMeasure,
    EventsMeasure,
    LadderMeasure,
    PlacesMeasure,
    Plan,
    Programme,
    Run,
    Target,
)
from sim.config.table import Column, Table
from sim.plan.districts import DATA_DIRECTORY, read_districts
from sim.plan.lever_linter import check_levers, check_shocks
from sim.plan.mechanisms import references
from sim.plan.place_linter import check_places
from sim.plan.problems import Problems, envelopes, known_name, outside, same_names
from sim.plan.programme_linter import check_programme_fields
from sim.plan.reading_linter import (
    check_baselines,
    check_definitions,
    check_readings,
    check_repetitions,
)
from sim.plan.section_linter import SECTION_CHECKS
from sim.plan.support_linter import check_goals, check_supports


def lint(run: Run) -> None:
    """Check that everything a run is made of fits together.

    Raises:
        ConfigError: something does not fit; several problems are joined into one error.
    """
    problems = [problem for check in _CHECKS for problem in check(run)]
    try:
        districts = read_districts(run.plan.districts, run.plan.zones)
    except ConfigError as error:
        problems.append(error)
    else:
        problems.extend(check_places(run, districts))
        problems.extend(check_shocks(run, districts))
    if problems:
        raise ConfigError.join(problems)


def read_sources() -> dict[str, str]:
    """Issuer or title of every source of evidence, by its id in ``sim/data/sources.csv``."""
    columns = Column("id"), Column("title_or_issuer")
    rows = Table(DATA_DIRECTORY / "sources.csv", columns, key="source").close()
    return {row.text("id"): row.text("title_or_issuer") for row in rows}


def _check_targets(run: Run) -> Problems:
    for target_id, target in run.plan.targets.items():
        key = f"plan.targets.{target_id}"
        if not all(clause.strip() for clause in target.clause):
            yield ConfigError("plan.clause", key=f"{key}.clause", value=target.clause)
        yield from known_name("group", target.group, f"{key}.group", run.plan.groups)
        if target.definition is not None:
            yield from known_name(
                "definition", target.definition, f"{key}.definition", run.plan.definitions
            )
        if target.deadline != run.plan.end:
            yield ConfigError(
                "plan.deadline",
                key=f"{key}.deadline",
                value=target.deadline,
                allowed=run.plan.end,
            )
        if target.measure == "new" and target.baseline != 0:
            # The measure would ignore it: what counts is delivered from the start of the horizon.
            yield ConfigError("plan.new_baseline", key=f"{key}.baseline", value=target.baseline)
        yield from check_goals(target, key)
        yield from _check_measure(run.plan, target, f"{key}.measured_by")


def _check_measure(plan: Plan, target: Target, key: str) -> Problems:
    measure = target.measured_by
    if measure is not None and getattr(plan, measure.type, measure) is None:
        yield ConfigError("plan.no_section", key=f"{key}.type", value=measure.type)
    if isinstance(measure, DeliveredMeasure | PlacesMeasure):
        yield from known_name("programme", measure.programme, f"{key}.programme", plan.programmes)
    elif isinstance(measure, EventsMeasure) and plan.events is not None:
        for i, name in enumerate(measure.series):
            yield from known_name("series", name, f"{key}.series.{i}", plan.events.series)
    elif isinstance(measure, LadderMeasure):
        yield from known_name("level", measure.level, f"{key}.level", plan.ladder)
    elif isinstance(measure, CoverageMeasure) and not any(
        programme.covers == measure.universe for programme in plan.programmes.values()
    ):
        yield ConfigError("plan.not_covered", key=f"{key}.universe", value=measure.universe)


def _check_programmes(run: Run) -> Problems:
    plan = run.plan
    with_money = envelopes(plan)
    for programme_id, programme in plan.programmes.items():
        key = f"plan.programmes.{programme_id}"
        yield from known_name("target", programme.target, f"{key}.target", plan.targets)
        yield from known_name("funded_group", programme.group, f"{key}.group", with_money)
        if programme.feeds is not None:
            yield from known_name("level", programme.feeds, f"{key}.feeds", plan.ladder)
        yield from _check_variants(plan, programme, f"{key}.variants")


def _check_variants(plan: Plan, programme: Programme, key: str) -> Problems:
    that_change = {name: d for name, d in plan.definitions.items() if d.changes_run}
    for definition, variants in programme.variants.items():
        path = f"{key}.{definition}"
        if definition not in that_change:
            yield ConfigError("plan.variants", key=path, known=that_change)
            continue
        for reading in variants:
            yield from known_name(
                "reading", reading, f"{path}.{reading}", that_change[definition].readings
            )


def _check_ladder(run: Run) -> Problems:
    lower: list[str] = []  # naming goes upwards, so a level may only build on one before it
    for level_id, level in run.plan.ladder.items():
        key = f"plan.ladder.{level_id}"
        yield from known_name("target", level.target, f"{key}.target", run.plan.targets)
        if level.below is not None and level.below not in lower:
            yield ConfigError(
                "plan.level_below", key=f"{key}.below", value=level.below, allowed=lower or "null"
            )
        if level.rounds == "dated" and not level.round_dates:
            yield ConfigError("plan.round_dates", key=f"{key}.round_dates")
        if level.rounds == "yearly" and level.approval_days is None:
            yield ConfigError("plan.approval_days", key=f"{key}.approval_days")
        lower.append(level_id)


def _check_calendar(run: Run) -> Problems:
    plan, key = run.plan, "plan.calendar"
    if not plan.start <= plan.calendar.first_window <= plan.end:
        yield outside(plan, f"{key}.first_window", plan.calendar.first_window)
    for i, year in enumerate(plan.calendar.assessment_years):
        if not plan.start.year <= year <= plan.end.year:
            yield outside(plan, f"{key}.assessment_years.{i}", year)


def _check_parameters(run: Run) -> Problems:
    used = references(run.plan)
    missing = [use for use in used if use.parameter not in run.parameters]
    for use in missing:
        yield ConfigError(
            "plan.no_parameter",
            key=use.key,
            value=use.parameter,
            known=run.parameters,
            user=use.needed_by,
        )
    for use in used:
        parameter = run.parameters.get(use.parameter)
        # A fixed number is the same at every level; only "draw" has to be asked for by name.
        if parameter is None or parameter.varies in use.levels:
            continue
        if parameter.kind != "fixed" or "draw" in use.levels:
            yield ConfigError(
                "plan.other_level",
                key=f"parameters.{use.parameter}.varies",
                value=parameter.varies,
                name=use.parameter,
                user=use.needed_by,
                levels=use.levels,
            )
    names = {use.parameter for use in used}
    for name in run.parameters:
        if name not in names:
            known = [use.parameter for use in missing]
            yield ConfigError("plan.unused", key=f"parameters.{name}", known=known, name=name)


def _check_evidence(run: Run) -> Problems:
    sources = read_sources()
    for name, parameter in run.parameters.items():
        key = f"parameters.{name}"
        for source in parameter.source.split("+") if parameter.source is not None else ():
            if source not in sources:
                yield ConfigError("plan.source", key=f"{key}.source", value=source, known=sources)
        if parameter.known_from is None and not parameter.note.strip():
            yield ConfigError("plan.known_from", key=f"{key}.note")


def _check_budget(run: Run) -> Problems:
    plan = run.plan
    yield from known_name("source", plan.match_source, "plan.match_source", plan.sources)
    yield from same_names("source", run.budget.source_shares, plan.sources, "budget.source_shares")
    years, given = plan.end.year - plan.start.year + 1, len(run.budget.year_shares)
    if given != years:
        yield ConfigError(
            "plan.year_shares",
            key="budget.year_shares",
            value=run.budget.year_shares,
            years=years,
            given=given,
            first=plan.start.year,
            last=plan.end.year,
        )


def _check_allocation(run: Run) -> Problems:
    groups, what = envelopes(run.plan), "funded_group"
    yield from known_name(what, run.plan.capital_group, "plan.capital_group", groups)
    yield from same_names(what, run.allocation.group_shares, groups, "allocation.group_shares")
    for group in run.allocation.city_shares:
        yield from known_name(what, group, f"allocation.city_shares.{group}", groups)
    for i, zone in enumerate(run.allocation.equity_zones):
        yield from known_name("zone", zone, f"allocation.equity_zones.{i}", run.plan.zones)


def _check_definitions(run: Run) -> Problems:
    yield from same_names("definition", run.definitions, run.plan.definitions, "definitions")
    for name, definition in run.plan.definitions.items():
        chosen = run.definitions.get(name)
        switches = [reading.switch for reading in definition.readings.values()]
        # Compared with their types, since True == 1 and a switch "true" is not the switch true.
        fits = any(type(switch) is type(chosen) and switch == chosen for switch in switches)
        if chosen is not None and not fits:
            yield ConfigError(
                "plan.no_reading",
                key=f"definitions.{name}",
                value=chosen,
                known=[str(s).lower() if isinstance(s, bool) else s for s in switches],
            )


def _check_shocks(run: Run) -> Problems:
    for i, shock in enumerate(run.shocks):
        key = f"shocks.{i}"
        for name in ("start", "end"):
            day = getattr(shock, name)
            if not run.plan.start <= day <= run.plan.end:
                yield outside(run.plan, f"{key}.{name}", day)
        for j, zone in enumerate(shock.zones):
            yield from known_name("zone", zone, f"{key}.zones.{j}", run.plan.zones)
        for j, group in enumerate(shock.groups):
            yield from known_name("funded_group", group, f"{key}.groups.{j}", envelopes(run.plan))


def _check_trace(run: Run) -> Problems:
    if run.trace is not None and run.trace >= run.replications:
        yield ConfigError("plan.trace", key="trace", value=run.trace, last=run.replications - 1)


def _check_scheduler(run: Run) -> Problems:
    if run.scheduler is not None and run.backend != "dask":
        backend = run.backend
        yield ConfigError("plan.scheduler", key="scheduler", value=run.scheduler, backend=backend)


_CHECKS = (
    _check_targets,
    check_readings,
    check_baselines,
    check_repetitions,
    _check_programmes,
    check_programme_fields,
    _check_ladder,
    *SECTION_CHECKS,
    _check_calendar,
    _check_parameters,
    check_supports,
    _check_evidence,
    _check_budget,
    _check_allocation,
    check_levers,
    _check_definitions,
    check_definitions,
    _check_shocks,
    _check_trace,
    _check_scheduler,
)
