"""What Hydra and OmegaConf complain about, as the project's own :class:`ConfigError`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from hydra.errors import HydraException, MissingConfigException
from omegaconf.errors import ConfigAttributeError, ConfigKeyError, OmegaConfBaseException

from sim.config import wording
from sim.config.directory import groups
from sim.config.errors import COMMAND_LINE, ConfigError, Written, called
from sim.config.yaml_reader import read_yaml
from sim.edge.files import choosing_file, shown_file
from sim.edge.overrides import Override
from sim.plan.districts import read_districts
from sim.plan.place_linter import unknown_district
from sim.words import Said

TRANSLATED = (HydraException, OmegaConfBaseException)
"""Families of exceptions that mean wrong input when they come out of a composition."""


def translate(
    error: BaseException,
    overrides: Sequence[Override],
    config: Mapping[str, object],
    directories: Sequence[Path],
) -> ConfigError:
    """The wrong input behind ``error``.

    ``overrides`` are those of the failed composition, ``config`` what is composed without the
    values among them: it knows the valid names. ``directories`` are those searched for files.
    """
    if isinstance(error, MissingConfigException):
        return _missing(error, overrides, directories)
    cause = next((e for e in _chain(error) if isinstance(e, OmegaConfBaseException)), None)
    text = str(error)
    # No attribute of Hydra's exceptions tells the file that their message begins with.
    in_file = re.match(r"In '([^']+)'", text)
    if in_file is not None and cause is not None:
        name, key = in_file[1], cause.full_key or ""
        value, unknown = getattr(cause, "value", None), _is_unknown(cause)
        file, group = shown_file(name, directories), name.partition("/")[0]
        if unknown and cause.key == "":
            known = wording.names(_path(key), config)
            return ConfigError("config.unknown_key", file=file, key=f"{key}.''", known=known)
        if not key and isinstance(config.get(group), list):
            return ConfigError("preset.list_group", file=file, key="@package", group=group)
        if not key:  # OmegaConf does not tell where a mapping or a list should stand
            key, value = _out_of_shape(name, config, directories)
            unknown = not key
        return _wrong_setting(key, value, unknown, file, config)
    culprit = _culprit(text, overrides)
    if culprit is None:
        return ConfigError("edge.hydra", text=text or str(cause))
    key = culprit.key
    if culprit.is_addition and cause is None:
        line = culprit.line
        return ConfigError(
            "override.set_already",
            file=COMMAND_LINE,
            key=key,
            value=line,
            allowed=line.lstrip("+"),
        )
    if isinstance(cause, IndexError):
        return ConfigError("override.no_position", file=COMMAND_LINE, key=key)
    gone = culprit.is_deletion and cause is None and _found(_path(key), config) is None
    unknown = gone or _is_unknown(cause)
    if culprit.is_deletion and not unknown:
        return ConfigError("override.key_deleted", file=COMMAND_LINE, key=key)
    return _wrong_setting(key, None if unknown else culprit.value, unknown, COMMAND_LINE, config)


def _chain(error: BaseException) -> Iterable[BaseException]:
    seen: BaseException | None = error
    while seen is not None:
        yield seen
        seen = seen.__cause__ or seen.__context__


def _is_unknown(cause: BaseException | None) -> bool:
    return isinstance(cause, ConfigKeyError | ConfigAttributeError)


def _culprit(text: str, overrides: Sequence[Override]) -> Override | None:
    """The override that a message of Hydra's quotes, or failing that the one whose key it names.

    No attribute of its exceptions tells it.
    """
    for override in overrides:
        if f"'{override.key}'" in text or override.line in text:
            return override
    words = re.split(r"[^\w./@]+", text)
    return next((override for override in overrides if override.key in words), None)


def _found(path: wording.Path, config: Mapping[str, object]) -> object:
    """What ``config`` holds at a path; None if nothing."""
    level: object = config
    for part in path:
        if isinstance(level, list) and isinstance(part, int) and part < len(level):
            level = level[part]
        else:
            level = level.get(str(part)) if isinstance(level, Mapping) else None
    return level


def _wrong_setting(
    key: str, value: object, unknown: bool, file: Written, config: Mapping[str, object]
) -> ConfigError:
    path = _path(key)
    if path[:2] == ("allocation", "weights") and len(path) == 3:
        problem = _wrong_weight(str(path[2]), file, config)
        if problem is not None:
            return problem
    if not unknown and wording.place(path, config) is not None:
        if isinstance(value, Mapping) and not all(isinstance(name, str) for name in value):
            allowed = "; ".join(f"{key}.{name}={given}" for name, given in value.items())
            return ConfigError(
                "override.names_are_texts", file=file, key=key, value=value, allowed=allowed
            )
        within = wording.wrong_part(path, config, value)
        for part in within:
            value = value[part]  # type: ignore[index]
        path, key = (*path, *within), ".".join([key, *map(str, within)])
        return ConfigError(
            "config.wrong_kind",
            file=file,
            key=key,
            value="null" if value is None and file == COMMAND_LINE else value,
            allowed=wording.allowed(path, config),
            known=wording.choices(path, config),
            nearest=wording.plain(path, config, value),
        )
    level: object = config
    for depth, part in enumerate(path):
        here = wording.names(path[:depth], config)
        if isinstance(level, Mapping):
            here = list(dict.fromkeys([*here, *(str(name) for name in level)]))
        if str(part) not in here and not (here == [] and level == {}):
            wrong = ".".join(str(each) for each in path[: depth + 1])
            return ConfigError("config.unknown_key", file=file, key=wrong, known=here)
        level = level.get(str(part)) if isinstance(level, Mapping) else None
    if level is not None and file != COMMAND_LINE:
        *above, last = key.split(".")
        allowed = f"{': {'.join(above)}: {{{last}: ...{'}' * len(above)}"
        return ConfigError("preset.dotted_key", file=file, key=key, allowed=allowed)
    return ConfigError("override.not_there_yet", file=file, key=key)


def _out_of_shape(
    name: str, config: Mapping[str, object], directories: Sequence[Path]
) -> tuple[str, object]:
    """The first key of the file ``group/choice`` under which something other than the mapping or
    the list stands that belongs there, and what stands there; no key if there is none.
    """
    group = name.partition("/")[0]
    for directory in directories:
        path = directory / f"{name}.yaml"
        if path.is_file():
            content = read_yaml(path, path.name)
            found = next(_differences(content, config), None)
            return found or next(_differences(content, config.get(group), f"{group}."), ("", None))
    return "", None


def _differences(content: object, config: object, prefix: str = "") -> Iterator[tuple[str, object]]:
    if isinstance(content, Mapping) and isinstance(config, Mapping):
        for key, value in content.items():
            here = config.get(key)
            for kind in (Mapping, list):
                if isinstance(here, kind) and value is not None and not isinstance(value, kind):
                    yield f"{prefix}{key}", value
            yield from _differences(value, here, f"{prefix}{key}.")


def _wrong_weight(name: str, file: Written, config: Mapping[str, object]) -> ConfigError | None:
    """What is wrong with giving a district a weight; None if it has one."""
    plan, allocation = config.get("plan"), config.get("allocation")
    if not isinstance(plan, Mapping) or not isinstance(allocation, Mapping):
        return None
    try:
        districts = read_districts(str(plan.get("districts")))
    except ConfigError:
        return None
    if name not in {str(district.adcode) for district in districts}:
        problem = unknown_district(name, districts)
        problem.file = file
        return problem
    if allocation.get("rule") == "custom":
        return None
    key = f"allocation.weights.{name}"
    return ConfigError(
        "override.own_weights", file=file, key=key, allowed=f"allocation=custom {key}=..."
    )


def _path(key: str) -> wording.Path:
    parts = re.sub(r"\[(\w+)\]", r".\1", key).strip(".").split(".")
    return tuple(int(part) if part.isdecimal() and len(part) < 4 else part for part in parts)


def _missing(
    error: MissingConfigException, overrides: Sequence[Override], directories: Sequence[Path]
) -> ConfigError:
    group, _, choice = (error.missing_cfg_file or "").rpartition("/")
    if not group:
        return ConfigError(
            "preset.not_found",
            value=f"{choice}.yaml" if choice else None,
            allowed=Said("edge.hydra", {"text": str(error).partition("\n")[0]}),
        )
    chosen = {override.key: str(override.value) for override in overrides}
    known = {name for directory in directories for name in groups(directory).get(group, ())}
    for directory in directories:
        if (directory / group / f"{choice}.yml").is_file():
            return ConfigError(
                "preset.yml",
                file=f"{directory.name}/{group}/{choice}.yml",
                key=group,
                allowed=f"{choice}.yaml",
            )
    labelled = called(choice, _scenario_labels(directories)) if group == "scenario" else None
    return ConfigError(
        "config.unknown_choice",
        file=COMMAND_LINE
        if chosen.get(group) == choice
        else choosing_file(group, choice, chosen, directories),
        key=group,
        value=choice,
        known=sorted(known),
        nearest=labelled,
    )


def _scenario_labels(directories: Sequence[Path]) -> dict[str, str]:
    """Scenario presets by their names in Chinese and English."""
    found: dict[str, str] = {}
    for directory in directories:
        for path in (directory / "scenario").glob("*.yaml"):
            with suppress(ConfigError, OSError):
                found |= wording.labels({path.stem: read_yaml(path, path.name).get("scenario")})
    return found
