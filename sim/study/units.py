"""Units of the columns of result tables, and of the ``value`` column, where every row has its own.

A target's unit stands in the plan. The units of what the model records beside the targets stand
here, by name or, where there is one for every programme or purse, by the part before the colon.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sim.config.errors import ConfigError
from sim.lazy import pd
from sim.study.table_units import ROW, column_unit
from sim.words import LANGUAGES

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

_STAFF_DAYS = {"zh": "人日，累计", "en": "staff days since the start"}
_FIRMS = {"zh": "家", "en": "firms"}
_YUAN = {"zh": "元", "en": "yuan"}
_YUAN_SO_FAR = {"zh": "元，累计", "en": "yuan since the start"}
_PER_CENT = {"zh": "%", "en": "per cent"}
RECORDED: Mapping[str, Label] = {
    "functioning": {"zh": "个", "en": "units of the programme"},
    "service_level": {"zh": "已支付份额（1为足额）", "en": "share of what is due that is paid"},
    "balance": _YUAN,
    "queued": _YUAN,
    "received": _YUAN_SO_FAR,
    "spent": _YUAN_SO_FAR,
    "visits": {"zh": "人次/季", "en": "visits in the quarter"},
    "events_held": {"zh": "场，累计", "en": "events since the start"},
    "event_contacts": {"zh": "人次，累计", "en": "contacts since the start"},
    "event_staff_days": _STAFF_DAYS,
    "governance_staff_days": _STAFF_DAYS,
    "firms_founded": {"zh": "家，累计", "en": "firms since the start"},
    "firms_closed": {"zh": "家，累计", "en": "firms since the start"},
    "firms_in_incubators": _FIRMS,
    "firm_support": _YUAN_SO_FAR,
    "literacy_city": _PER_CENT,
    "literacy_nation": _PER_CENT,
}
"""Units of indicators that are no targets, without ``_survey`` and ``_true``."""


def unit_of(indicator: str, targets: Mapping[str, Label]) -> Label | None:
    """Unit of an indicator; None for one that nobody has told us about.

    Args:
        indicator: a target's id, with or without its reading, or the name of another series.
        targets: units of the plan's targets by id.
    """
    name = indicator.partition(":")[0]
    for known in (name, name.removesuffix("_survey"), name.removesuffix("_true")):
        unit = targets.get(known) or RECORDED.get(known)
        if unit is not None:
            return unit
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


_TARGETS = {"zh": "项", "en": "targets"}


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
        joint = {name: _TARGETS for name in frame["target"] if name.startswith("met_count")}
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
