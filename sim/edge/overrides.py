"""Overrides: how Hydra's grammar reads them, and which are refused before anything is composed.

Refused is what could run code, read the environment, change Hydra's machinery, or lose what was
chosen.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from hydra.core.config_loader import ConfigLoader
from hydra.core.override_parser import types as grammar
from hydra.core.override_parser.overrides_parser import OverridesParser
from hydra.errors import HydraException, OverrideParseException

from sim.config.directory import groups, named_path
from sim.config.errors import COMMAND_LINE, ConfigError
from sim.config.plain_value import plain_value
from sim.config.yaml_reader import UNSEEN, plain_form
from sim.words import Said

HYDRA_KEYS = ("hydra.run.dir", "hydra.sweep.dir", "hydra.sweep.subdir", "hydra.job.name")
"""Hydra's own settings that the command line may change, which say where results go."""

_OF_ALL_RUNS = ("hydra.run.dir", "hydra.sweep.dir", "hydra.job.name")
_LONGEST_KEY = 200  # characters; a file of that name is looked for
_IN_QUOTES = re.compile(r"""'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*\"""")
_NUMBER = re.compile(r"(?<![^=,:\[{(\s])[-+]?\.?[0-9][0-9_.eE+-]*(?![^,:\]})\s])")
_HARMLESS = re.compile(r"\$\{(?:now:[^${}]*|scenario\.name|hydra\.job\.\w+)\}")


@dataclass(frozen=True)
class Override:
    """One override, as the grammar reads it.

    Attributes:
        line: what was written.
        key: what it speaks of, a dotted key or a group.
        value: what it sets that to, plain; None also where it sets nothing or lists several values.
        package: where it wants a group to land; None unless it says so.
        is_several: whether it lists several values, for as many runs.
        is_deletion: whether it takes something away.
        is_addition: whether it adds what is not there yet.
    """

    line: str
    key: str
    value: object
    package: str | None
    is_several: bool
    is_deletion: bool
    is_addition: bool
    _read: grammar.Override = field(repr=False, compare=False)

    @classmethod
    def of(cls, line: str, loader: ConfigLoader | None = None) -> Override:
        """Read ``line``; patterns such as ``glob(*)`` stand for choices that ``loader`` knows.

        Raises ConfigError if the grammar does not know it.
        """
        try:
            (read,) = OverridesParser.create(loader).parse_overrides([line])
        except (OverrideParseException, ValueError):  # ValueError: a number of 5 000 digits
            raise unreadable(line) from None
        is_several = read.is_sweep_override()
        value = None if is_several else read.value()
        return cls(
            line, read.key_or_group, value, read.package,
            is_several, read.is_delete(), read.is_add(), read,
        )  # fmt: skip

    @property
    def written(self) -> str:
        """The value as it was written; empty if there is none."""
        return self.line.partition("=")[2]

    @property
    def is_choice(self) -> bool:
        """Whether it speaks of a group."""
        return self.key in groups()

    @property
    def is_pattern(self) -> bool:
        """Whether it lists values by what their names look like."""
        value: object = self._read.value()  # Hydra's types do not tell that it may be a Glob
        return isinstance(value, grammar.Glob)

    def alternatives(self) -> Iterator[str]:
        """It itself, or an override for each of several values. Raises ConfigError."""
        key = self._read.get_key_element()
        if not self.is_several:
            yield f"{key}={self._read.get_value_element_as_str()}"
        elif self._read.is_discrete_sweep():
            try:
                for value in self._read.sweep_string_iterator():
                    yield f"{key}={value}"
            except HydraException as error:
                raise ConfigError("edge.hydra", file=COMMAND_LINE, text=str(error)) from None
        else:
            raise ConfigError(
                "override.interval", file=COMMAND_LINE, key=self.key, value=self.written
            )


def is_grammatical(line: str) -> bool:
    """Whether the grammar knows an override."""
    try:
        Override.of(line)
    except ConfigError:
        return False
    return True


def combinations(overrides: Sequence[Override]) -> list[list[str]]:
    """Every combination of the values that ``overrides`` list, the last changing fastest.

    Raises ConfigError, also if they name nothing but a folder of all runs.
    """
    if all(override.key in _OF_ALL_RUNS and not override.is_several for override in overrides):
        raise ConfigError("override.nothing_several", file=COMMAND_LINE, key="-m")
    listed = {override._read.get_key_element(): override for override in overrides}
    alternatives = [list(override.alternatives()) for override in listed.values()]
    for override, found in zip(listed.values(), alternatives, strict=True):
        if not found:
            raise _no_values(override)
    return [list(point) for point in itertools.product(*alternatives)]


def _no_values(override: Override) -> ConfigError:
    """An empty list of values, or a pattern that fits no choice."""
    key, known = override.key, groups().get(override.key, [])
    words = "override.no_value"
    if override.is_pattern:
        words = "override.no_such_name" if known else "override.no_names"
    return ConfigError(
        words,
        file=COMMAND_LINE,
        key=key,
        value=override.written,
        known=known,
        allowed=None if known else Said("override.values", {"key": key}),
    )


def unreadable(override: str) -> ConfigError:
    """An override that the grammar of the command line does not know."""
    return ConfigError("override.unreadable", file=COMMAND_LINE, value=override)


def several(override: Override) -> ConfigError:
    """A sweep over several values where one run is asked for."""
    key, value = override.key, override.written
    # Digits in groups, or a decimal comma.
    number = plain_value(value, (float,)) if re.fullmatch(r"\d+(,\d{1,3})+", value) else None
    nearest = None if number is None else f"{key}={number}"
    return ConfigError("override.several", file=COMMAND_LINE, key=key, value=value, nearest=nearest)


def unknown_choice(override: Override) -> ConfigError:
    """A group of which something other than one choice by name is asked for."""
    group = override.key
    value, known = override.written, groups().get(group, [])
    return ConfigError(
        "override.group_deleted" if override.is_deletion else "config.unknown_choice",
        file=COMMAND_LINE,
        key=group,
        value=value or override.line,
        known=known,
        nearest=next((name for name in known if Path(value).stem == name), None),
    )


def refuse_forbidden(override: Override) -> None:
    """Overrides that could run code, read the environment or change Hydra's machinery."""
    key, line = override.key, override.line
    if not key or UNSEEN.search(line):
        raise unreadable(line)
    if len(key) > _LONGEST_KEY:
        raise ConfigError("config.unknown_key", file=COMMAND_LINE, key=f"{key[:_LONGEST_KEY]}...")
    if override.package is not None:
        place = f"{key}@{override.package}"
        raise ConfigError(
            "override.elsewhere", file=COMMAND_LINE, key=place, allowed=f"{key}=CHOICE"
        )
    _refuse_two_readings(key, override.written)
    if "_target_" in line:
        raise ConfigError("config.target", file=COMMAND_LINE, key=key)
    if key == "store" and isinstance(override.value, str):
        named_path(override.value, key)  # before the folder of the run is made
    own = key == "hydra" or key.startswith(("hydra.", "hydra/"))
    if own and key not in HYDRA_KEYS:
        raise ConfigError("edge.of_hydra", file=COMMAND_LINE, key=key, known=HYDRA_KEYS)
    no_name = isinstance(override.value, list | dict | None) and not override.is_several
    if own and (override.is_deletion or no_name):
        raise ConfigError("override.no_folder_name", file=COMMAND_LINE, key=key, value=line)
    if line.count("${") > (len(_HARMLESS.findall(line)) if own else 0):
        harmless = "${now:...}, ${scenario.name}, ${hydra.job.num}"
        raise ConfigError(
            "override.interpolation",
            file=COMMAND_LINE,
            key=key,
            value=override.written,
            allowed=harmless if own else None,
        )


def _refuse_two_readings(key: str, value: str) -> None:
    """Digits in groups, which Hydra takes for one number and a file for a text."""
    for number in _NUMBER.findall(_IN_QUOTES.sub("", value)):
        if "_" in number and (plain := plain_form(number)) is not None:
            allowed = Said("override.two_ways", {"plain": plain, "number": number})
            raise ConfigError(
                "config.two_ways", file=COMMAND_LINE, key=key, value=number, allowed=allowed
            )


def refuse_unused_folders(overrides: Sequence[Override], *, multirun: bool) -> None:
    """Folders of one run where there are several, or of several where there is one.

    Hydra would take no notice of them, and the results would be somewhere else.
    """
    for override in overrides:
        key, value = override.key, override.written
        if multirun and key == "hydra.run.dir":
            raise ConfigError("override.folder_of_one", file=COMMAND_LINE, key=key, value=value)
        if not multirun and key.startswith("hydra.sweep."):
            raise ConfigError("override.folder_of_several", file=COMMAND_LINE, key=key, value=value)


def refuse_lost_choices(
    keys: Sequence[str], choices: Mapping[str, str], preset: Sequence[str]
) -> None:
    """A group chosen on the command line of which the preset would overwrite a part.

    The command line outranks the preset, but Hydra composes a group before it.
    """
    for group in choices:
        for key in preset:
            if group in keys and key.partition(".")[0] == group != "scenario" and key not in keys:
                raise ConfigError(
                    "override.lost",
                    file=COMMAND_LINE,
                    key=group,
                    scenario=choices["scenario"],
                    part=key,
                    choice=choices[group],
                )
