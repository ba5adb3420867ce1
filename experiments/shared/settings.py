"""The settings of an experiment: checked before anything runs, and explained by ``--help``."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TypeVar

from pydantic import ValidationError

from sim.config import wording
from sim.config.errors import ConfigError
from sim.config.schema.base import RuleBroken
from sim.config.schema.study import GIVEN, StudySettings
from sim.config.validation import in_config, refuse_unprintable, wrong
from sim.words import Said, Speech, catalogue

KEY = "study"
"""What keys of settings begin with in messages and on the command line."""

S = TypeVar("S", bound=StudySettings)


def read_settings(
    name: str, settings: type[S], raw: Mapping[str, object], given: Iterable[str] = ()
) -> S:
    """Check the settings of the experiment ``name``.

    Raises ConfigError that lists every problem. ``given`` are the keys on the command line;
    :func:`sim.config.schema.study.given_keys` tells a validator.
    """
    context = {GIVEN: frozenset(given)}
    refuse_unprintable(raw, (KEY,))
    try:
        return settings.model_validate_json(json.dumps(raw), strict=True, context=context)
    except ValidationError as error:
        raise ConfigError.join(list(_problems(name, error, settings, raw))) from None


def _problems(
    name: str, error: ValidationError, settings: type[StudySettings], raw: Mapping[str, object]
) -> Iterator[ConfigError]:
    for detail in error.errors(include_url=False):
        kind, value = detail["type"], detail["input"]
        path = in_config(detail["loc"], raw, missing=kind == "missing")
        key, rule = ".".join([KEY, *map(str, path)]), detail.get("ctx", {}).get("error")
        if isinstance(rule, RuleBroken):
            rule.key, rule.value = key, value if path else None
            yield rule
            continue
        if kind == "extra_forbidden":
            known = wording.names(path[:-1], raw, settings)
            yield ConfigError("config.unknown_key", key=key, known=known)
            continue
        yield ConfigError(
            "config.missing_key" if kind == "missing" else wrong(kind, value),
            key=key,
            value=None if kind == "missing" or not path else value,
            allowed=setting_words(name, settings, str(path[0])) if path else None,
            nearest=wording.plain(path, raw, value, settings),
        )


def setting_words(name: str, settings: type[StudySettings], key: str) -> Said | None:
    """What a setting of the experiment ``name`` may be; None if it has none of that name."""
    if key not in settings.model_fields:
        return None
    own = f"{name}.setting.{key}"
    return Said(own if catalogue().has(own) else f"inquiry.setting.{key}", settings.in_words)


def usage(name: str, settings: type[StudySettings], defaults: Sequence[str], speech: Speech) -> str:
    """What ``--help`` prints: the question, its settings, and where everything else is told."""
    lines = [
        f"{speech(f'{name}.question')} python -m experiments.{name}",
        "",
        speech(f"{name}.help"),
        "",
        speech("inquiry.usage.settings"),
        *(
            f"  {key:<14} {speech.text(setting_words(name, settings, key))}"
            for key in settings.model_fields
        ),
        "",
        speech("inquiry.usage.more", name=name, defaults=" ".join(defaults)),
    ]
    return "\n".join(lines)
