"""The list of defaults of a configuration file: on what it builds and which choices it makes.

Hydra knows many more forms than a scenario needs; those could put what a file says where nobody
looks for it. A file of a group says

    defaults:
      - baseline                    another file of the same group, on which it builds
      - override /budget: double    the choice of a group of the run
      - _self_                      where its own settings come among these
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sim.config.errors import ConfigError

_NAME = re.compile(r"[^\s/\\@:${}?*.][^/\\@:${}?*]*")
_HERE = "@_here_"  # the file lands where the one lands that builds on it
_OVERRIDE = "override /"
_KEY = "defaults"
_FORMS = "NAME of a file in the same folder, 'override /GROUP: CHOICE', _self_"

MOST_ENTRIES = 50
"""Entries of a list of defaults."""


@dataclass(frozen=True)
class Entry:
    """One entry: ``choice`` of ``group``, in place of another one or to build on."""

    group: str
    choice: str
    override: bool


def entries(
    content: Mapping[str, object], group: str, known: Sequence[str], shown: str
) -> list[Entry]:
    """The entries of the file of ``group`` with this content, without its own place among them.

    Args:
        content: what the file holds, the list among it.
        group: that the file is in.
        known: groups whose choice it may override.
        shown: how messages name the file.

    Raises:
        ConfigError: an entry has another form than the three.
    """
    listed = content[_KEY]
    if not isinstance(listed, list) or len(listed) > MOST_ENTRIES:
        raise ConfigError(
            f"the defaults of a file are a list of at most {MOST_ENTRIES} entries",
            file=shown,
            key=_KEY,
            value=f"{len(listed)} entries" if isinstance(listed, list) else listed,
            allowed=_FORMS,
        )
    found: list[Entry] = []
    for position, item in enumerate(listed):
        if item in listed[:position]:
            raise ConfigError(
                "this stands in the list of defaults twice",
                file=shown,
                key=f"{_KEY}.{position}",
                value=item,
                allowed="once",
            )
        if item != "_self_":
            found.append(_entry(item, group, known, shown, f"{_KEY}.{position}"))
    return found


def _entry(item: object, group: str, known: Sequence[str], shown: str, key: str) -> Entry:
    if isinstance(item, str) and _NAME.fullmatch(base := item.removesuffix(_HERE)):
        return Entry(group, base.removesuffix(".yaml"), override=False)
    for chosen, choice in _pairs(item):
        to = chosen.removeprefix(_OVERRIDE)
        if chosen.startswith(_OVERRIDE) and to in known:
            if isinstance(choice, str) and _NAME.fullmatch(choice):
                return Entry(to, choice.removesuffix(".yaml"), override=True)
            raise ConfigError(
                f"a choice of {to} is the name of one file",
                file=shown,
                key=f"{key}.{chosen}",
                value="null" if choice is None else choice,
            )
        if (name := re.split(r"[\s/]+", chosen)[-1]) in known:
            raise ConfigError(
                "a file does not choose a group in this way",
                file=shown,
                key=key,
                value=f"{chosen}: {choice}",
                allowed=f"{_OVERRIDE}{name}: {choice}",
            )
        if "hydra" in re.split(r"[^\w]+", chosen.casefold()):
            raise ConfigError(
                "this setting of Hydra cannot be changed",
                file=shown,
                key=key,
                value=f"{chosen}: {choice}",
                allowed="no file sets it",
            )
        if chosen.startswith("override "):
            raise ConfigError(
                "there is no such group",
                file=shown,
                key=key,
                value=chosen.removeprefix("override ").lstrip("/"),
                known=known,
            )
    raise ConfigError(
        "a list of defaults does not hold such an entry",
        file=shown,
        key=key,
        value=item,
        allowed=_FORMS,
    )


def _pairs(item: object) -> Iterator[tuple[str, object]]:
    if isinstance(item, Mapping) and len(item) == 1:
        yield from item.items()
