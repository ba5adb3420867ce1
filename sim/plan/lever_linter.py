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
        yield ConfigError(
            "backend serial works alone, so more workers would do nothing",
            key="workers",
            value=run.workers,
            allowed="null or 1, or backend=processes",
        )


def _check_rule(allocation: Allocation, zones: Sequence[str]) -> Problems:
    rule, fields = allocation.rule, Allocation.model_fields
    for field, wanted in RULE_OF.items():
        value = getattr(allocation, field)
        if rule != wanted and value not in (fields[field].default, []):
            yield ConfigError(
                f"the rule {rule} does not look at it, so this would change nothing",
                key=f"allocation.{field}",
                value=value,
                allowed=f"allocation={wanted}, under which it counts, or nothing here",
            )
    if rule == "equity" and set(allocation.equity_zones) in (set(), set(zones)):
        which = "all zones" if allocation.equity_zones else "no zone"
        yield ConfigError(
            f"with more weight for {which} the rule equity is the rule population",
            key="allocation.equity_zones",
            value=allocation.equity_zones or "[]",
            allowed=f"some of the zones {', '.join(zones)}, or allocation=population",
        )
    meeting = allocation.reallocation
    usual = Reallocation.model_fields["threshold"].default
    if not meeting.enabled and meeting.threshold != usual:
        yield ConfigError(
            "the mid-year meeting moves no money, so this would change nothing",
            key="allocation.reallocation.threshold",
            value=meeting.threshold,
            allowed="allocation.reallocation.enabled=true, under which it counts, or nothing here",
        )


def _check_city_shares(run: Run) -> Problems:
    """Shares of the city in money that is divided in another way, or not at all."""
    pool, groups = run.plan.capital_group, _resolved(run).purse_groups
    for group, share in run.allocation.city_shares.items():
        if group == pool:
            yield ConfigError(
                "what the city keeps of this group's money is the capital pool",
                key=f"allocation.city_shares.{group}",
                value=share,
                allowed="allocation.capital_share, and nothing here",
            )
        elif group in envelopes(run.plan) and group not in groups:
            yield ConfigError(
                "nothing is simulated behind the money of this group: all of it is spent outright",
                key=f"allocation.city_shares.{group}",
                value=share,
                known=[name for name in groups if name != pool],
            )


# ---------------------------------------------------------------------------- shocks


def check_shocks(run: Run, districts: Sequence[District]) -> Problems:
    """Shocks, and weights for zones, in whose scope there is nothing that they could change."""
    present = {district.zone for district in districts}
    places = [("allocation.equity_zones", run.allocation.equity_zones)]
    places += [(f"shocks.{i}.zones", shock.zones) for i, shock in enumerate(run.shocks)]
    for key, zones in places:
        for zone in zones:
            if zone in run.plan.zones and zone not in present:
                message = "no district lies in this zone, so nothing changes there"
                yield ConfigError(message, key=key, value=zone, known=present)
    for i, shock in enumerate(run.shocks):
        for field, reason, allowed in _misses(run, shock):
            yield ConfigError(
                f"this {shock.kind} changes nothing: {reason}",
                key=f"shocks.{i}.{field}",
                value=getattr(shock, field),
                allowed=allowed,
            )


def _misses(run: Run, shock: Shock) -> Iterator[tuple[str, str, str]]:
    """(field, reason, what is allowed) of a shock that meets nothing."""
    plan, concerned = run.plan, set(shock.groups or run.plan.groups)
    if not concerned <= set(plan.groups):
        return  # of a group that there is not, nothing more can be said
    programmes = plan.programmes.values()
    match shock.kind:
        case "budget_cut" | "release_delay":
            if not _meets_release(run, shock):
                days = ", ".join(f"{day.month}-{day.day}" for day in plan.calendar.releases)
                allowed = f"a time with a day of release (month-day: {days})"
                yield "end", "no money is released in its time", allowed
            with_purses = _resolved(run).district_groups
            if shock.zones and not concerned & with_purses:
                yield "groups", "districts have no purse of these groups", _listed(with_purses)
        case "construction_halt":
            built = {programme.group for programme in programmes if "crew" in programme.needs}
            if not concerned & built:
                yield "groups", "nothing of these groups needs a crew", _listed(built)
        case "closure":
            visited = {p.group for p in programmes if p.visits is not None and not p.citywide}
            if plan.events is not None:
                visited |= {series.group for series in plan.events.series.values()}
            if plan.farmers is not None:
                visited.add(plan.farmers.group)
            if not concerned & visited:
                reason = "these groups have neither visitors nor events"
                yield "groups", reason, _listed(visited)


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


def _listed(groups: Iterable[str]) -> str:
    return "groups among " + (", ".join(sorted(groups)) or "none")


def _resolved(run: Run) -> Plan:
    """The plan without its places, to be asked which groups have purses."""
    return Plan(run.plan, run.parameters, ())
