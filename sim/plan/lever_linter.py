"""Checks that no lever of a scenario is accepted and then ignored: it counts, or it is refused.

What has no meaning beside the other settings is refused with what would give it one. Group files
carry values for rules that are not chosen, so a value that equals the schema's default is no lever
that anybody has pulled.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from sim.config.errors import ConfigError
from sim.config.schema import Allocation, Run, Shock
from sim.config.schema.scenario import Reallocation
from sim.plan.districts import District
from sim.plan.plan import Plan
from sim.plan.problems import Problems, envelopes
from sim.words import Said

RULE_OF = {
    "equity_zones": "equity",
    "equity_factor": "equity",
    "performance_share": "performance",
}
"""The rule of allocation under which a setting counts."""


def check_levers(run: Run) -> Problems:
    """Settings of the scenario that count for nothing beside the others."""
    yield from _check_rule(run.allocation, list(run.plan.zones))
    yield from _check_city_shares(run)
    if run.backend == "serial" and (run.workers or 1) > 1:
        yield ConfigError("plan.serial", key="workers", value=run.workers)


def _check_rule(allocation: Allocation, zones: Sequence[str]) -> Problems:
    rule, fields = allocation.rule, Allocation.model_fields
    for field, wanted in RULE_OF.items():
        value = getattr(allocation, field)
        if rule != wanted and value not in (fields[field].default, []):
            key = f"allocation.{field}"
            yield ConfigError("plan.other_rule", key=key, value=value, rule=rule, wanted=wanted)
    if rule == "equity" and set(allocation.equity_zones) in (set(), set(zones)):
        yield ConfigError(
            "plan.equity_of_all" if allocation.equity_zones else "plan.equity_of_none",
            key="allocation.equity_zones",
            value=allocation.equity_zones or "[]",
            allowed=Said("plan.equity_zones", {"zones": zones}),
        )
    meeting = allocation.reallocation
    usual = Reallocation.model_fields["threshold"].default
    if not meeting.enabled and meeting.threshold != usual:
        key = "allocation.reallocation.threshold"
        yield ConfigError("plan.no_meeting", key=key, value=meeting.threshold)


def _check_city_shares(run: Run) -> Problems:
    """Shares of the city in money that is divided in another way, or not at all."""
    pool, groups = run.plan.capital_group, _resolved(run).envelope_groups
    for group, share in run.allocation.city_shares.items():
        key = f"allocation.city_shares.{group}"
        if group == pool:
            yield ConfigError("plan.capital_pool", key=key, value=share)
        elif group in envelopes(run.plan) and group not in groups:
            known = [name for name in groups if name != pool]
            yield ConfigError("plan.spent_outright", key=key, value=share, known=known)


# ---------------------------------------------------------------------------- shocks


def check_shocks(run: Run, districts: Sequence[District]) -> Problems:
    """Shocks, and weights for zones, in whose scope there is nothing that they could change."""
    present = {district.zone for district in districts}
    places = [("allocation.equity_zones", run.allocation.equity_zones)]
    places += [(f"shocks.{i}.zones", shock.zones) for i, shock in enumerate(run.shocks)]
    for key, zones in places:
        for zone in zones:
            if zone in run.plan.zones and zone not in present:
                yield ConfigError("plan.empty_zone", key=key, value=zone, known=present)
    for i, shock in enumerate(run.shocks):
        for field, reason, allowed in _misses(run, shock):
            yield ConfigError(
                "plan.no_effect",
                key=f"shocks.{i}.{field}",
                value=getattr(shock, field),
                allowed=allowed,
                kind=shock.kind,
                reason=Said(reason),
            )


def _misses(run: Run, shock: Shock) -> Iterator[tuple[str, str, Said]]:
    """(field, words of the reason, what is allowed) of a shock that meets nothing."""
    plan, concerned = run.plan, set(shock.groups or run.plan.groups)
    if not concerned <= set(plan.groups):
        return  # of a group that there is not, nothing more can be said
    programmes = plan.programmes.values()
    match shock.kind:
        case "budget_cut" | "release_delay":
            if not _meets_release(run, shock):
                days = [f"{day.month}-{day.day}" for day in plan.calendar.releases]
                yield "end", "plan.no_release", Said("plan.release_days", {"days": days})
            with_envelopes = _resolved(run).district_groups
            if shock.zones and not concerned & with_envelopes:
                yield "groups", "plan.no_district_purse", _listed(with_envelopes)
        case "construction_halt":
            built = {programme.group for programme in programmes if "crew" in programme.needs}
            if not concerned & built:
                yield "groups", "plan.no_crew", _listed(built)
        case "closure":
            visited = {p.group for p in programmes if p.visits is not None and not p.citywide}
            if plan.events is not None:
                visited |= {series.group for series in plan.events.series.values()}
            if plan.farmers is not None:
                visited.add(plan.farmers.group)
            if not concerned & visited:
                yield "groups", "plan.no_visitors", _listed(visited)


def _meets_release(run: Run, shock: Shock) -> bool:
    """Whether money is released in the time of a shock, or may come late into that of a cut."""
    if shock.kind == "budget_cut" and any(s.kind == "release_delay" for s in run.shocks):
        return True
    releases = run.plan.calendar.releases
    years = range(shock.start.year, shock.end.year + 1)
    return any(
        shock.start <= shock.start.replace(year=year, month=day.month, day=day.day) <= shock.end
        for year in years
        for day in releases
    )


def _listed(groups: Iterable[str]) -> Said:
    return Said("plan.groups_among", {"groups": sorted(groups)})


def _resolved(run: Run) -> Plan:
    """The plan without its places, to be asked which groups have purses."""
    return Plan(run.plan, run.parameters, ())
