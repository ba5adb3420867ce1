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

from sim.config import wording
from sim.config.errors import ConfigError
from sim.config.schema import Run
from sim.config.schema.base import RuleBroken
from sim.config.text import unprintable
from sim.config.wording import Path

_ALLOWED = {
    "allocation": "allocation=custom, which brings a weight for every district, or another rule",
    "allocation.weights": "with rule custom numbers of at least 0, not all of them 0; with any "
    "other rule none",
}
"""What is allowed by rules of the schema that do not say it themselves, by key."""


def validate(raw: Mapping[str, object], *, files: Mapping[str, str] | None = None) -> Run:
    """Check ``raw`` against the schema and the rules that cross its sections.

    ``files`` says where a section was written: from a dotted prefix of the key to a file below the
    configuration directory or "command line"; the longest prefix that fits is quoted.

    Raises :class:`~sim.config.errors.ConfigError` that lists every problem found.
    """
    from sim.plan.linter import lint

    config = {str(key): _plain(value) for key, value in raw.items()}
    problems = [*_unprintable(config, ()), *_forbidden(config, ())]
    if problems:
        raise located(ConfigError.join(problems), files or {})
    try:
        run = Run.model_validate_json(json.dumps(config), strict=True)
    except ValidationError as error:
        raise located(ConfigError.join(_problems(error, config)), files or {}) from None
    try:
        lint(run)
    except ConfigError as error:
        raise located(error, files or {}) from None
    return run


def file_of(key: str | None, files: Mapping[str, str]) -> str | None:
    """The file in which ``key`` was written, or the files if its parts come from several."""
    prefix = key or ""
    while prefix and prefix not in files:
        prefix = prefix.rpartition(".")[0]
    parts = [files[name] for name in files if name.startswith(f"{key}.")]
    written = dict.fromkeys([*([files[prefix]] if prefix else []), *parts])
    return " and ".join(written) or None


def located(error: ConfigError, files: Mapping[str, str]) -> ConfigError:
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
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, dt.date):
        return value.isoformat()
    if value is None or isinstance(value, str | int | float):
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
                    f"a key holds {hidden}",
                    key=_dotted((*path, key)),
                    known=wording.names(path, {}),
                    allowed="printable characters",
                )
    elif isinstance(value, list):
        for position, item in enumerate(value):
            yield from _unprintable(item, (*path, position))
    elif isinstance(value, str):
        note = path[-1:] == ("note",)
        hidden = unprintable(value, lines=note)
        if hidden is not None:
            yield ConfigError(
                f"a text holds {hidden}",
                key=_dotted(path),
                value=value,
                allowed="printable characters" if note else "printable characters on one line",
            )


def _forbidden(value: object, path: Path) -> Iterable[ConfigError]:
    """Keys and texts that could make a configuration run code or read the environment."""
    if isinstance(value, Mapping):
        for key, item in value.items():
            if key == "_target_":
                yield ConfigError(
                    "a configuration names no classes: nothing in it is ever instantiated",
                    key=_dotted((*path, key)),
                    value=item,
                    allowed="remove the key _target_",
                )
            else:
                yield from _forbidden(item, (*path, key))
    elif isinstance(value, list):
        for position, item in enumerate(value):
            yield from _forbidden(item, (*path, position))
    elif isinstance(value, str) and "${" in value:
        yield ConfigError(
            "interpolations are not allowed in a configuration",
            key=_dotted(path),
            value=value,
            allowed="the value itself",
        )


def _problems(error: ValidationError, config: Mapping[str, object]) -> list[ConfigError]:
    """One problem a key, in the order of the schema."""
    problems: dict[tuple[str, str], ConfigError] = {}
    for detail in error.errors(include_url=False):
        problem = _problem(detail, config)
        # The alternatives of a union each complain about one and the same value.
        kind = problem.message if detail["type"] in ("missing", "value_error") else "value"
        problems.setdefault((problem.key or "", kind), problem)
    return list(problems.values())


def _problem(detail: ErrorDetails, config: Mapping[str, object]) -> ConfigError:
    kind = detail["type"]
    path = _in_config(detail["loc"], config, missing=kind == "missing")
    key = _dotted(path)
    if kind == "extra_forbidden":
        return ConfigError("unknown key", key=key, known=wording.names(path[:-1], config))
    if kind == "missing":
        return ConfigError(
            "a key is missing",
            key=key,
            allowed=wording.allowed(path, config),
        )
    if kind == "value_error":
        return _broken_rule(detail, path, config)
    if kind.startswith("union_tag"):
        path = (*path, "type")
        return ConfigError(
            "unknown choice",
            key=_dotted(path),
            value=_value(path, config),
            known=wording.choices(path[:-1], config),
        )
    if detail["loc"][-1] == "[key]":
        return ConfigError(
            "a name is not well formed",
            key=key,
            value=path[-1],
            allowed="a name of small letters, digits and underscores that begins with a letter",
        )
    value = _value(path, config)
    infinite = isinstance(value, float) and not math.isfinite(value)
    return ConfigError(
        "a number must be finite" if infinite else message(kind, value),
        key=key,
        value="null" if value is None else value,
        allowed=wording.allowed(path, config),
        known=wording.choices(path, config),
        nearest=wording.plain(path, config, value),
    )


def _broken_rule(detail: ErrorDetails, path: Path, config: Mapping[str, object]) -> ConfigError:
    """The problem behind a rule of the schema that crosses several keys."""
    error = detail.get("ctx", {}).get("error")
    text = str(error or detail["msg"])
    allowed: str | None = None
    given: object = None
    if isinstance(error, RuleBroken):
        path = path if error.field is None else (*path, error.field)
        allowed, given = error.allowed, error.given
    else:
        # A rule that says no more names the one to mend at its beginning, if there is one.
        named = text.partition(" ")[0].removeprefix(f"{_dotted(path)}.")
        path = path if named == text.partition(" ")[0] else (*path, named)
        allowed = _ALLOWED.get(_dotted(path))
    if given is None and not wording.is_model(path, config):
        given = _value(path, config)
        if isinstance(given, Mapping) and "negative" in text:
            given = {key: value for key, value in given.items() if value < 0} or given
    return ConfigError(
        text, key=_dotted(path), value=given, allowed=allowed or wording.allowed(path, config)
    )


def message(kind: str, value: object) -> str:
    """What is wrong with ``value``, by the ``kind`` of error that pydantic gives it."""
    if kind == "literal_error":
        return "unknown choice"
    if kind in ("too_short", "too_long", "string_too_short", "string_too_long"):
        return "a value of the wrong length"
    if kind.startswith(("greater_than", "less_than")):
        return "a number is out of range"
    if kind == "string_pattern_mismatch":
        blank = isinstance(value, str) and not value.strip()
        return "a text is blank" if blank else "a name is not well formed"
    return "a value of the wrong kind"


def _in_config(
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
