"""The settings of an experiment: checked before anything runs, and explained by ``--help``."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TypeVar

from pydantic import ValidationError

from sim.config.errors import ConfigError
from sim.config.schema.study import GIVEN, StudySettings

S = TypeVar("S", bound=StudySettings)


def read_settings(settings: type[S], raw: Mapping[str, object], given: Iterable[str] = ()) -> S:
    """Check the settings of an experiment. Raises ConfigError that lists every problem.

    ``given`` are the keys on the command line; :func:`sim.config.schema.study.given_keys` tells
    a validator.
    """
    context = {GIVEN: frozenset(given)}
    try:
        return settings.model_validate_json(json.dumps(raw), strict=True, context=context)
    except ValidationError as error:
        raise ConfigError.join(list(_problems(error, settings))) from None


def _problems(error: ValidationError, settings: type[StudySettings]) -> Iterator[ConfigError]:
    for detail in error.errors(include_url=False):
        path = [str(part) for part in detail["loc"]]
        info = settings.model_fields.get(path[0]) if path else None
        missing = detail["type"] == "missing"
        context = detail.get("ctx", {})
        yield ConfigError(
            str(context["error"]) if "error" in context else detail["msg"],
            key=".".join(["study", *path]),
            value=None if missing or not path else detail["input"],
            allowed=None if info is None else info.description,
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
