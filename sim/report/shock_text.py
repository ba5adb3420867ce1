"""How a shock reads: what it takes, where, and from which groups of programmes."""

from __future__ import annotations

import re

from sim.report.event_log import Event
from sim.report.names import Names
from sim.report.numbers import days_text
from sim.report.words import Tongue, word

_DETAIL = re.compile(
    r"(?P<size>\d+(\.\d+)?(e-\d+)?)(; zones: (?P<zones>[^;]+))?(; groups: (?P<groups>[^;]+))?"
)
_IN_DAYS = "release_delay"  # its size is a number of days, that of all others a share


def shock_text(event: Event, names: Names, tongue: Tongue) -> str | None:
    """Say that a shock began or ended, with its size and scope; None if this is something else."""
    detail = _DETAIL.fullmatch(event.detail)
    if event.event not in ("began", "ended") or detail is None:
        return None
    return word(f"log.shock_{event.event}", tongue).format(
        size=_size_text(event.entity.removeprefix("shock "), float(detail["size"]), tongue),
        scope=_scope_text(detail["zones"], detail["groups"], names, tongue),
    )


def _size_text(kind: str, size: float, tongue: Tongue) -> str:
    if kind == _IN_DAYS:
        return word("log.shock_late", tongue).format(days=days_text(int(size), tongue))
    return word("log.shock_lost", tongue).format(share=f"{100.0 * size:g}")


def _scope_text(zones: str | None, groups: str | None, names: Names, tongue: Tongue) -> str:
    """Say where, and for which groups only, given the names that the scope lists, if any."""
    scope = [word("log.shock_everywhere", tongue)]
    separator = word("list.separator", tongue)
    if zones is not None:
        listed = separator.join(names.zone(zone, tongue) for zone in zones.split(", "))
        scope = [word("log.shock_zones", tongue).format(list=listed)]
    if groups is not None:
        listed = separator.join(names.group(group, tongue) for group in groups.split(", "))
        scope.append(word("log.shock_groups", tongue).format(list=listed))
    return word("story.joint", tongue).join(scope)
