"""From a plain nested mapping to a validated run, or one error that lists everything wrong.

Validation is strict about kinds: a text is not a number even if it looks like one, and neither is
true or false. A number such as ``5e8`` is a whole number, because it is one.
"""

from __future__ import annotations

import datetime as dt
import json
import math
from collections.abc import Iterable, Mapping, Sequence

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from sim import plan
from sim.config import wording
from sim.config.errors import ConfigError, Written
from sim.config.schema import Run
from sim.config.schema.base import RuleBroken
from sim.config.text import unprintable
from sim.config.wording import Path
from sim.words import Said


def validate(raw: Mapping[str, object], *, files: Mapping[str, Written] | None = None) -> Run:
    """Check ``raw`` against the schema and the rules that cross its sections.

    ``files`` says where a section was written: from a dotted prefix of the key to a file below the
    configuration directory or the command line; the longest prefix that fits is quoted.

    Raises :class:`~sim.config.errors.ConfigError` that lists every problem found.
    """
    config = {str(key): _plain(value) for key, value in raw.items()}
    problems = [*_unprintable(config, ()), *_forbidden(config, ())]
    if problems:
        raise located(ConfigError.join(problems), files or {})
    try:
        run = Run.model_validate_json(json.dumps(config), strict=True)
    except ValidationError as error:
        raise located(ConfigError.join(_problems(error, config)), files or {}) from None
    try:
        plan.lint(run)
    except ConfigError as error:
        raise located(error, files or {}) from None
    return run


def file_of(key: str | Said | None, files: Mapping[str, Written]) -> Written | None:
    """The file in which ``key`` was written, or the files if its parts come from several."""
    prefix = str(key or "")
    while prefix and prefix not in files:
        prefix = prefix.rpartition(".")[0]
    parts = [files[name] for name in files if name.startswith(f"{key}.")]
    written = dict.fromkeys([*([files[prefix]] if prefix else []), *parts])
    several = Said("refusal.files", {"files": [*written]})
    return several if len(written) > 1 else next(iter(written), None)


def located(error: ConfigError, files: Mapping[str, Written]) -> ConfigError:
    """``error`` with the file of each of its problems, where it was not known."""
    for problem in error.problems:
        if problem.file is None:
            problem.file = file_of(problem.key, files)
    return error


def _plain(value: object) -> object:
    """``value`` as JSON can say it, with whole floats as integers.

    Strict validation takes no float for a whole number and no object for a date, so both are
    brought into the form that it does take.
    """
    if isinstance(value, str):
        return value
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, dt.date):
        return value.isoformat()
    if value is None or isinstance(value, int | float):
        return value
    return str(value)


def refuse_unprintable(value: object, path: Path = ()) -> None:
    """Raise ConfigError for keys and texts with characters that play tricks where they are shown.

    Every text and key is sooner or later printed, written to a table or drawn. ``path`` is where
    ``value`` stands.
    """
    problems = list(_unprintable(value, path))
    if problems:
        raise ConfigError.join(problems)


def _unprintable(value: object, path: Path) -> Iterable[ConfigError]:
    if isinstance(value, Mapping):
        for key, item in value.items():
            hidden = unprintable(str(key))
            if hidden is None:
                yield from _unprintable(item, (*path, str(key)))
            else:
                yield ConfigError(
                    "config.key_holds",
                    key=_dotted((*path, key)),
                    known=wording.names(path, {}),
                    hidden=hidden,
                )
    elif isinstance(value, list):
        for position, item in enumerate(value):
            yield from _unprintable(item, (*path, position))
    elif isinstance(value, str):
        note = path[-1:] == ("note",)
        hidden = unprintable(value, lines=note)
        if hidden is not None:
            yield ConfigError(
                "config.note_holds" if note else "config.text_holds",
                key=_dotted(path),
                value=value,
                hidden=hidden,
            )


def _forbidden(value: object, path: Path) -> Iterable[ConfigError]:
    """Keys and texts that could make a configuration run code or read the environment."""
    if isinstance(value, Mapping):
        for key, item in value.items():
            if key == "_target_":
                yield ConfigError("config.target", key=_dotted((*path, key)), value=item)
            else:
                yield from _forbidden(item, (*path, key))
    elif isinstance(value, list):
        for position, item in enumerate(value):
            yield from _forbidden(item, (*path, position))
    elif isinstance(value, str) and "${" in value:
        yield ConfigError("config.interpolation", key=_dotted(path), value=value)


def _problems(error: ValidationError, config: Mapping[str, object]) -> list[ConfigError]:
    """One problem a key, in the order of the schema."""
    problems: dict[tuple[object, object], ConfigError] = {}
    for detail in error.errors(include_url=False):
        problem = _problem(detail, config)
        # The alternatives of a union each complain about one and the same value.
        kind = problem.words if detail["type"] in ("missing", "value_error") else "value"
        problems.setdefault((problem.key, kind), problem)
    return list(problems.values())


def _problem(detail: ErrorDetails, config: Mapping[str, object]) -> ConfigError:
    kind = detail["type"]
    path = in_config(detail["loc"], config, missing=kind == "missing")
    key = _dotted(path)
    if kind == "extra_forbidden":
        return ConfigError("config.unknown_key", key=key, known=wording.names(path[:-1], config))
    if kind == "missing":
        return ConfigError("config.missing_key", key=key, allowed=wording.allowed(path, config))
    if kind == "value_error":
        return _broken_rule(detail["ctx"]["error"], path, config)
    if kind.startswith("union_tag"):
        path = (*path, "type")
        return ConfigError(
            "config.unknown_choice",
            key=_dotted(path),
            value=_value(path, config),
            known=wording.choices(path[:-1], config),
        )
    if detail["loc"][-1] == "[key]":
        return ConfigError("config.bad_name", key=key, value=path[-1], allowed=Said("kind.name"))
    value = _value(path, config)
    infinite = isinstance(value, float) and not math.isfinite(value)
    return ConfigError(
        "config.not_finite" if infinite else wrong(kind, value),
        key=key,
        value="null" if value is None else value,
        allowed=wording.allowed(path, config),
        known=wording.choices(path, config),
        nearest=wording.plain(path, config, value),
    )


def _broken_rule(error: RuleBroken, path: Path, config: Mapping[str, object]) -> ConfigError:
    """The problem behind a rule of the schema that crosses several keys."""
    path = path if error.key is None else (*path, str(error.key))
    error.key = _dotted(path)
    if error.value is None and not wording.is_model(path, config):
        error.value = _value(path, config)
    return error


def wrong(kind: str, value: object) -> str:
    """Words for what is wrong with ``value``, by the ``kind`` of error that pydantic gives it."""
    if kind == "literal_error":
        return "config.unknown_choice"
    if kind in ("too_short", "too_long", "string_too_short", "string_too_long"):
        return "config.wrong_length"
    if kind.startswith(("greater_than", "less_than")):
        return "config.out_of_range"
    if kind == "string_pattern_mismatch":
        blank = isinstance(value, str) and not value.strip()
        return "config.blank" if blank else "config.bad_name"
    return "config.wrong_kind"


def in_config(
    location: Sequence[str | int], config: Mapping[str, object], *, missing: bool
) -> Path:
    """``location`` without the names of union members, which are no keys of the configuration."""
    path: list[str | int] = []
    value: object = config
    for position, part in enumerate(location):
        present = (
            part in value
            if isinstance(value, Mapping)
            else isinstance(value, list) and isinstance(part, int) and part < len(value)
        )
        if present:
            value = value[part]  # type: ignore[index]
        elif not missing or position < len(location) - 1:
            continue
        path.append(part)
    return tuple(path)


def _value(path: Path, config: Mapping[str, object]) -> object:
    value: object = config
    for part in path:
        if isinstance(value, Mapping):
            value = value.get(part)
        elif isinstance(value, list) and isinstance(part, int):
            value = value[part]
    return value


def _dotted(path: Iterable[str | int]) -> str:
    return ".".join(str(part) or "''" for part in path)
