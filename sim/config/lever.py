"""Levers: the numbers of a run that a study may turn, known by their dotted keys."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sim.config.errors import COMMAND_LINE, ConfigError
from sim.config.schema import Run
from sim.config.validation import validate
from sim.words import Said

MONEY = frozenset({"budget.public_total", "budget.social_total"})
"""Levers that are amounts of money, in yuan of the whole horizon."""


def levers(run: Run) -> dict[str, float]:
    """Every number of the model by its dotted key; a position in a list is a part of the key.

    Left out are the numbers at the top of a run: they say how the work is done (``seed``,
    ``replications``, ``workers``), not what is simulated.
    """
    config = run.model_dump(mode="json")
    sections = {name: part for name, part in config.items() if isinstance(part, dict | list)}
    return dict(_numbers(sections, ""))


def _numbers(value: object, prefix: str) -> Iterator[tuple[str, float]]:
    if isinstance(value, Mapping):
        for name, item in value.items():
            yield from _numbers(item, f"{prefix}.{name}" if prefix else str(name))
    elif isinstance(value, list):
        yield from _numbers(dict(enumerate(value)), prefix)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield prefix, value


def base_value(run: Run, key: str, setting: str) -> float:
    """The number that ``run`` has at ``key``.

    ``setting`` names, for the message, the setting in which the key was given. Raises ConfigError
    if the key does not exist or holds no number of the model.
    """
    numbers = levers(run)
    if key in numbers:
        return numbers[key]
    below = [name for name in numbers if name.startswith(f"{key}.")]
    if below:
        words = "config.several_numbers"
    elif _exists(run.model_dump(mode="json"), key.split(".")):
        words = "config.no_number"
    else:
        words = "config.unknown_key"
    raise ConfigError(
        words,
        file=COMMAND_LINE,
        key=setting,
        value=key,
        allowed=below[:5] or Said("config.a_lever"),
        known=below or numbers,
    )


def _exists(config: object, parts: Sequence[str]) -> bool:
    """Whether a configuration has the key with these parts."""
    for part in parts:
        if isinstance(config, Mapping) and part in config:
            config = config[part]
        elif isinstance(config, list) and part.isdecimal() and int(part) < len(config):
            config = config[int(part)]
        else:
            return False
    return True


def altered(run: Run, values: Mapping[str, object]) -> Run:
    """``run`` with other values at dotted keys; a position in a list is a part of the key.

    The same as overrides of the command line, a hundredfold faster than composing them. Raises
    ConfigError that names every key that ``run`` does not have, or every value that is refused.
    """
    config: Any = run.model_dump(mode="json")
    unknown = [key for key in values if not _exists(config, key.split("."))]
    if unknown:
        known = levers(run)
        raise ConfigError.join(
            [
                ConfigError("config.unknown_key", file=COMMAND_LINE, key=key, known=known)
                for key in unknown
            ]
        )
    for key, value in values.items():
        *path, last = key.split(".")
        here = config
        for part in path:
            here = here[int(part) if isinstance(here, list) else part]
        here[int(last) if isinstance(here, list) else last] = value
    return validate(config, files=dict.fromkeys(values, COMMAND_LINE))
