"""The passport of a run: every setting of the model that differs from the baseline.

A reader of results sees from it what was assumed, without comparing configurations. Execution
settings, which change how long a run takes or what it writes but no result, are left out.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterable, Mapping, Sequence

from sim.config.directory import groups
from sim.config.setting_names import setting_name
from sim.config.wording import Path

EXECUTION = frozenset(
    {"workers", "backend", "scheduler", "store", "language", "table", "report", "judgement",
     "record", "trace", "hydra"}
)  # fmt: skip
"""Settings of the execution, not of the model."""

_RECORDED = {"judgement", "record", "trace"}  # what stands in the files hangs on them
_ELSEWHERE = {"fresh", "study.fresh", "study.folder"}
_TYPED = re.compile(r"(?<=[=\[,])'(\w*[^\W\x00-\x7f]\w*)'(?=[,\]]|$)")
"""A word of other letters than ASCII, in the quotes that Hydra's grammar needs and nobody types."""
_PLAIN = re.compile(r"[\w@%+=:,./-]+")


def differences(
    config: Mapping[str, object],
    baseline: Mapping[str, object],
    *,
    overrides: Sequence[str] = (),
) -> list[dict[str, object]]:
    """Rows with key, label, baseline, value and source, in the order of the configuration.

    Both configurations are nested mappings (a composed one, or ``Run.model_dump(mode="json")``);
    ``overrides`` are those of the command line that made ``config``. A key that one side does not
    have has the empty text there, and null is written "null". ``source`` is "command line", the
    file of a group chosen there (below ``configs`` if it is shipped), "scenario NAME", or else
    "configuration file".
    """
    # Comparing whole sections first: a configuration has thousands of leaves, few of which differ.
    ours = dict(_leaves(_unlike(config, baseline), ()))
    theirs = dict(_leaves(_unlike(baseline, config), ()))
    preset = _name(config) if _name(config) != _name(baseline) else None
    known = groups()
    rows: list[dict[str, object]] = []
    for path in dict.fromkeys([*ours, *theirs]):
        value, usual = ours.get(path, ""), theirs.get(path, "")
        # The label is another way to say the scenario's name.
        if value == usual or path[0] in EXECUTION or path[:2] == ("scenario", "label"):
            continue
        rows.append(
            {
                "key": ".".join(str(part) for part in path),
                "label": _label(path, config, baseline),
                "baseline": _shown(usual),
                "value": _shown(value),
                "source": _source(path, overrides, preset, known),
            }
        )
    return rows


def command(program: str, overrides: Sequence[str]) -> str:
    """The command line that gives the same results, without what is of one machine or one folder.

    Args:
        program: such as ``python -m sim``.
        overrides: of its command line.
    """
    kept = []
    for override in overrides:
        key = override.lstrip("+~").partition("=")[0]
        if key in _ELSEWHERE or key.partition(".")[0] in EXECUTION - _RECORDED:
            continue
        kept.append(override)
    return " ".join([program, *map(_for_shell, kept)])


def _for_shell(override: str) -> str:
    """An override as it is typed, with as few quotes in quotes as a shell allows."""
    if '"' not in override and "\\" not in override:
        override = _TYPED.sub(r"\1", override)
    if _PLAIN.fullmatch(override):
        return override
    if "'" in override and not re.search(r'["$`\\!]', override):
        return f'"{override}"'
    return shlex.quote(override)


def changes(
    config: Mapping[str, object],
    preset: Mapping[str, object],
    *,
    overrides: Sequence[str] = (),
) -> list[dict[str, object]]:
    """What a run changes of its scenario preset: rows with key, value and source.

    Unlike in the passport, a setting that is put back to what the baseline has is a change of a
    preset that has something else. Arguments as of :func:`differences`.
    """
    return [
        {name: row[name] for name in ("key", "value", "source")}
        for row in differences(config, preset, overrides=overrides)
        if not str(row["key"]).startswith("scenario.")
    ]


def _unlike(config: Mapping[str, object], other: Mapping[str, object]) -> dict[str, object]:
    """``config`` without the parts that ``other`` has just so."""
    unlike: dict[str, object] = {}
    for key, value in config.items():
        own = other.get(key)
        if key in other and value == own:
            continue
        if isinstance(value, Mapping) and isinstance(own, Mapping):
            value = _unlike(value, own)
        unlike[key] = value
    return unlike


def _leaves(value: object, path: Path) -> Iterable[tuple[Path, object]]:
    if isinstance(value, Mapping) and value:
        for key, item in value.items():
            yield from _leaves(item, (*path, str(key)))
    elif isinstance(value, list | tuple) and value:
        for position, item in enumerate(value):
            yield from _leaves(item, (*path, position))
    elif not isinstance(value, Mapping | list | tuple):
        yield path, value


def _shown(value: object) -> object:
    return "null" if value is None else value


def _name(config: Mapping[str, object]) -> str:
    scenario = config.get("scenario")
    return str(scenario.get("name", "")) if isinstance(scenario, Mapping) else ""


def _label(path: Path, *configs: Mapping[str, object]) -> str:
    """The name in both languages of the setting, or of what it belongs to; else its key."""
    name = setting_name(path, *configs)
    if name is not None:
        return f"{name.label['zh']} / {name.label['en']}"
    return ".".join(str(part) for part in path)


def _source(
    path: Path, overrides: Sequence[str], preset: str | None, known: Mapping[str, Sequence[str]]
) -> str:
    chosen: dict[str, str] = {}
    for override in overrides:
        key, _, value = override.lstrip("+~").partition("=")
        parts = key.split(".")
        if key in known:
            chosen[key] = value
        elif [str(part) for part in path[: len(parts)]] == parts:
            return "command line"
    group = str(path[0])
    if group in chosen and group != "scenario":
        file = f"{group}/{chosen[group]}.yaml"
        # That of a directory of the user's own is none of the project's.
        return f"configs/{file}" if chosen[group] in known[group] else file
    return "configuration file" if preset is None else f"scenario {preset}"
