"""The targets that a question is asked about, as its settings name them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from sim.answer.row import Row
from sim.config.errors import ConfigError, called

TARGETS = "study.targets"


def by_name(rows: Iterable[Row]) -> dict[str, Row]:
    """Rows by ``target``, under the reading that counts, and by ``target:reading``."""
    own = [*rows]
    return {
        **{row.target: row for row in own if row.counts},
        **{row.indicator: row for row in own if row.reading},
    }


def named_rows(names: Sequence[str], known: Mapping[str, Row], key: str = TARGETS) -> list[Row]:
    """The rows that ``names`` stand for, in the order given.

    Args:
        known: rows by the names that they may have, see :func:`by_name`.
        key: of the setting that holds the names.

    Raises:
        ConfigError: about every name that is not known, or that stands for a row a second time.
    """
    labels = {label: row.target for row in known.values() for label in row.name.values()}
    found: list[Row] = []
    problems: list[ConfigError] = []
    for position, name in enumerate(names):
        place, row = f"{key}.{position}", known.get(name)
        if row is None:
            near = called(name, labels)
            problems.append(
                ConfigError(
                    "inquiry.no_such_target", key=place, value=name, known=known, nearest=near
                )
            )
        elif row in found:
            problems.append(ConfigError("inquiry.target_twice", key=place, value=name))
        else:
            found.append(row)
    if problems:
        raise ConfigError.join(problems)
    return found
