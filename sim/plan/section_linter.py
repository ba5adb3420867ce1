"""Checks of the optional sections of a plan: industry, events, governance, literacy, people."""

from __future__ import annotations

from sim.config.errors import ConfigError
from sim.config.schema import IndustryMeasure, Plan, Run
from sim.plan.problems import Problems, envelopes, known_name, outside, same_names


def _check_sections(run: Run) -> Problems:
    plan = run.plan
    if plan.farmers is not None:
        group = plan.farmers.group
        yield from known_name("funded_group", group, "plan.farmers.group", envelopes(plan))
        for zone in plan.farmers.zones:
            yield from known_name("zone", zone, f"plan.farmers.zones.{zone}", plan.zones)
    yield from _check_industry(plan)
    if plan.regulation is not None and not plan.start <= plan.regulation.start <= plan.end:
        yield outside(plan, "plan.regulation.start", plan.regulation.start)


def _check_industry(plan: Plan) -> Problems:
    industry, key = plan.industry, "plan.industry"
    if industry is None:
        return
    yield from known_name("funded_group", industry.group, f"{key}.group", envelopes(plan))
    for field in ("incubators", "rd_centres"):
        programme = getattr(industry, field)
        if programme is not None:
            yield from known_name("programme", programme, f"{key}.{field}", plan.programmes)
    starts = {"firms": industry.core_firms, "output": industry.core_output}
    for name, target in plan.targets.items():
        measure = target.measured_by
        if isinstance(measure, IndustryMeasure) and target.baseline != starts[measure.count]:
            yield ConfigError(
                "plan.industry_baseline",
                key=f"plan.targets.{name}.baseline",
                value=target.baseline,
                allowed=starts[measure.count],
            )


def _check_events(run: Run) -> Problems:
    events, with_money = run.plan.events, envelopes(run.plan)
    for name, series in events.series.items() if events is not None else ():
        key = f"plan.events.series.{name}.group"
        yield from known_name("funded_group", series.group, key, with_money)


def _check_governance(run: Run) -> Problems:
    plan, governance = run.plan, run.plan.governance
    if governance is None:
        return
    with_money = envelopes(plan)
    yield from known_name("funded_group", governance.group, "plan.governance.group", with_money)
    first = plan.calendar
    must_be_on = {"proposals": first.yearly_window, "reallocation": first.mid_year_meeting}
    deciding: set[str] = set()
    for name, step in governance.steps.items():
        key = f"plan.governance.steps.{name}"
        others = [other for other in governance.steps if other != name]
        if step.builds_on is not None:
            yield from known_name("other_step", step.builds_on, f"{key}.builds_on", others)
        if step.decides is None:
            continue
        if step.decides in deciding:
            yield ConfigError("plan.decided", key=f"{key}.decides", value=step.decides)
        deciding.add(step.decides)
        day, due = step.date, must_be_on.get(step.decides)
        if due is not None and day != due:
            yield ConfigError(
                "plan.decision_due",
                key=f"{key}.date",
                value=f"{day.month}-{day.day}",
                month=due.month,
                day=due.day,
            )
        assessed = first.assessment
        if step.decides == "naming" and (day.month, day.day) > (assessed.month, assessed.day):
            yield ConfigError(
                "plan.naming_late",
                key=f"{key}.date",
                value=f"{day.month}-{day.day}",
                month=assessed.month,
                day=assessed.day,
            )


def _check_literacy(run: Run) -> Problems:
    plan, section, key = run.plan, run.plan.literacy, "plan.literacy"
    if section is None:
        return
    yield from same_names("zone", section.urbanisation, plan.zones, f"{key}.urbanisation")
    for side in ("ahead", "behind"):
        for i, zone in enumerate(getattr(section, side)):
            yield from known_name("zone", zone, f"{key}.{side}.{i}", plan.zones)
    for i, survey in enumerate(section.surveys):
        if not plan.start.year <= survey.year <= plan.end.year:
            yield outside(plan, f"{key}.surveys.{i}.year", survey.year)


SECTION_CHECKS = (
    _check_sections,
    _check_literacy,
    _check_events,
    _check_governance,
)
