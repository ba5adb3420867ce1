"""The settings of an experiment: checked before anything runs, and explained by ``--help``."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TypeVar

from pydantic import ValidationError

from sim.config import wording
from sim.config.errors import ConfigError
from sim.config.schema.study import GIVEN, StudySettings
from sim.config.validation import refuse_unprintable, wrong

KEY = "study"
"""What keys of settings begin with in messages and on the command line."""

S = TypeVar("S", bound=StudySettings)


def read_settings(settings: type[S], raw: Mapping[str, object], given: Iterable[str] = ()) -> S:
    """Check the settings of an experiment. Raises ConfigError that lists every problem.

    ``given`` are the keys on the command line; :func:`sim.config.schema.study.given_keys` tells
    a validator.
    """
    context = {GIVEN: frozenset(given)}
    refuse_unprintable(raw, (KEY,))
    try:
        return settings.model_validate_json(json.dumps(raw), strict=True, context=context)
    except ValidationError as error:
        raise ConfigError.join(list(_problems(error, settings, raw))) from None


def _problems(
    error: ValidationError, settings: type[StudySettings], raw: Mapping[str, object]
) -> Iterator[ConfigError]:
    for detail in error.errors(include_url=False):
        path, kind, value = detail["loc"], detail["type"], detail["input"]
        info = settings.model_fields.get(str(path[0])) if path else None
        rule = detail.get("ctx", {}).get("error")
        words = "config.missing_key" if kind == "missing" else wrong(kind, value)
        yield ConfigError(
            words if rule is None else str(rule),
            key=".".join([KEY, *map(str, path)]),
            value=None if kind == "missing" or not path else value,
            allowed=None if info is None else info.description,
            nearest=wording.plain(path, raw, value, settings),
        )


def usage(name: str, settings: type[StudySettings], about: str, defaults: Sequence[str]) -> str:
    """What ``--help`` prints: the question, its settings, and where everything else is told."""
    lines = [
        about.strip(),
        "",
        "settings (study.KEY=VALUE)",
        *(f"  {key:<14} {info.description}" for key, info in settings.model_fields.items()),
        "",
        f"defaults and examples of the settings: configs/study/{name}.yaml",
        "everything that `python -m sim --help` lists can be given, too"
        + (f"; here {' '.join(defaults)} unless told" if defaults else ""),
        "the same command again goes on where it was interrupted; fresh=true starts over",
    ]
    return "\n".join(lines)
