"""Problems that many checks of the linter report: unknown names, dates outside the horizon."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from sim.config.errors import ConfigError
from sim.config.schema import Plan
from sim.words import Said

Problems = Iterator[ConfigError]


def envelopes(plan: Plan) -> list[str]:
    """Programme groups that money is given to."""
    return [group_id for group_id, group in plan.groups.items() if group.has_envelope]


def known_name(what: str, name: str, key: str, known: Collection[str]) -> Problems:
    """A problem if ``name`` is not among the ``known`` ones; ``what`` is in ``plan.thing``."""
    if name not in known:
        thing = Said(f"plan.thing.{what}")
        yield ConfigError("plan.no_such", key=key, value=name, known=known, thing=thing)


def same_names(what: str, given: Collection[str], wanted: Collection[str], key: str) -> Problems:
    """Problems if ``given`` does not name each of the ``wanted`` ones and nothing else."""
    for name in given:
        yield from known_name(what, name, f"{key}.{name}", wanted)
    absent = [name for name in wanted if name not in given]
    if absent:
        thing = Said(f"plan.thing.{what}")
        yield ConfigError("plan.not_named", key=key, known=wanted, absent=absent, thing=thing)


def outside(plan: Plan, key: str, value: object) -> ConfigError:
    """The problem of a date outside the horizon of the plan."""
    return ConfigError("plan.horizon", key=key, value=value, start=plan.start, end=plan.end)
