"""Units of the columns of result tables, and of the ``value`` column, where every row has its own.

A target's unit stands in the plan. Units of what the model records beside the targets are the words
``recorded.NAME``; where there is a series for every programme or envelope, NAME is the part before
the colon. What ends in ``_survey`` or ``_true`` has the unit of what stands before that.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sim.config.errors import ConfigError
from sim.lazy import pd
from sim.study.table_units import ROW, column_unit
from sim.words import LANGUAGES, catalogue

Label = Mapping[str, str]

VALUE_UNITS, VALUE_KEY = "value_units", "value_units_by"
"""Attributes of a frame with a ``value`` column: units by name, and the column with the names."""

COLUMN_UNITS: Mapping[str, Mapping[str, str]] = {
    "targets": {"first_attained_day": "days after {start}"},
    "series": {},
    "delays": {
        "project_days": "days",
        "excess_days": "days",
        "passed": "projects",
        "standing": "projects",
        "missing": "by row: see the column `unit`",
    },
    "ledger": {"year": "calendar year", "yuan": "yuan"},
}


def unit_of(indicator: str, targets: Mapping[str, Label]) -> Label | None:
    """Unit of an indicator; None for one that nobody has told us about.

    Args:
        indicator: a target's id, with or without its reading, or the name of another series.
        targets: units of the plan's targets by id.
    """
    name = indicator.partition(":")[0]
    for known in (name, name.removesuffix("_survey"), name.removesuffix("_true")):
        if known in targets:
            return targets[known]
        if catalogue().has(f"recorded.{known}"):
            return catalogue().texts(f"recorded.{known}")
    return None


def describe(frame: pd.DataFrame, table: str, start: str, targets: Mapping[str, Label]) -> None:
    """Write the units of a result table into the attributes of ``frame``.

    ``units`` holds those of columns by name, and, if there is a ``value`` column, ``value_units``
    those of its rows, in both languages, by what stands in the column ``value_units_by``.
    """
    frame.attrs["units"] = {
        column: unit.format(start=start) for column, unit in COLUMN_UNITS[table].items()
    }
    if "value" not in frame.columns:
        return
    by = "target" if table == "targets" else "indicator"
    frame.attrs["units"]["value"] = f"by {by}: see attrs[{VALUE_UNITS!r}], or with_units(frame)"
    frame.attrs[VALUE_KEY] = by
    frame.attrs[VALUE_UNITS] = _units(frame[by].unique(), targets)


def describe_table(
    frame: pd.DataFrame, table: str, start: str, targets: Mapping[str, Label]
) -> None:
    """The same for a table that lies in a folder as a CSV file.

    Where the numbers of a row are in the unit of its target, ``value_units`` has it by target, as
    for a ``value`` column, so that :func:`with_units` works.
    """
    own_column = "unit" in frame.columns
    row = "by row: see the column `unit`"
    if not own_column:
        row = f"by target: see attrs[{VALUE_UNITS!r}], or with_units(frame)"
    found = {str(column): column_unit(table, str(column)) for column in frame.columns}
    frame.attrs["units"] = {
        column: unit.format(row=row, start=start)
        for column, unit in found.items()
        if unit is not None
    }
    if "target" in frame.columns and any(ROW in (unit or "") for unit in found.values()):
        frame.attrs[VALUE_KEY] = "target"
        met = catalogue().texts("study.met_count")
        joint = {name: met for name in frame["target"] if name.startswith("met_count")}
        frame.attrs[VALUE_UNITS] = _units(frame["target"].unique(), {**targets, **joint})


def _units(names: Iterable[str], targets: Mapping[str, Label]) -> dict[str, Label]:
    units = {name: unit_of(name, targets) for name in names}
    return {name: dict(unit) for name, unit in units.items() if unit is not None}


def with_units(frame: pd.DataFrame, language: str = "en") -> pd.DataFrame:
    """A frame of targets or series with the unit of every value in a further column ``unit``.

    Args:
        frame: as :meth:`Archive.targets` or :meth:`Archive.series` gave it, or rows of it.
        language: ``en`` or ``zh``.

    Raises:
        ConfigError: the frame does not know its units, for example after it was merged with
            another; add the column before.
    """
    if VALUE_UNITS not in frame.attrs:
        raise ConfigError("study.no_units")
    if language not in LANGUAGES:
        raise ConfigError("study.no_language", key="language", value=language, known=LANGUAGES)
    units = {name: unit[language] for name, unit in frame.attrs[VALUE_UNITS].items()}
    return frame.assign(unit=frame[frame.attrs[VALUE_KEY]].astype(str).map(units))
