"""The tables of a folder of results as worksheets: names in place of keys, units in the headers.

Means are over all replications of a run. Parquet files are read one row group at a time: a run may
be larger than the memory.
"""

from __future__ import annotations

import datetime as dt
import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import cycle
from pathlib import Path

import numpy as np

from sim.answer.dossier import Dossier
from sim.answer.figures import Role
from sim.answer.found import StoredFound, coded, row_groups
from sim.answer.row import Config, Row, for_readers, group_name, rows_of
from sim.answer.run.assumptions import unit_of as unit_in_words
from sim.answer.run.money import Movements, movements
from sim.config.errors import ConfigError
from sim.lazy import pd
from sim.page.picture.colours import LOOKS
from sim.page.workbook.sheet import (
    DATE,
    PERCENT,
    Cell,
    Chart,
    Head,
    Series,
    Sheet,
    Span,
    Value,
    fixed,
    headed,
    money,
    plain,
    scaled,
)
from sim.plan.districts import read_districts
from sim.study.table_units import ROW, column_kind, column_unit
from sim.study.units import unit_of
from sim.words import Label, Speech, catalogue

CITY = "city"  # the contract's name of the whole city among places
MOST_ROWS = 100_000
"""Rows of a table that are copied; of a longer one the first."""

IN_COLUMNS = frozenset({"assumptions"})
"""Tables of an answer whose numbers stand here, each in a column of its own."""

_UNITS = ("units", "places", "persons", "points", "yuan")
"""What is missing is counted in one of these, as the column ``unit`` of delays says."""

_NAMES = ("seed", "draw", "replication")  # numbers that name something
_SHARES = (0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95)
_COLOURS: Sequence[Role] = ("series1", "series4", "series3", "series5", "series6", "series7")
_COUNTS = ("project_days", "excess_days", "passed", "standing")


def folder_sheets(dossier: Dossier, speech: Speech) -> Iterator[Sheet]:
    """What stands in a run folder or a study folder beside the answer."""
    folder, config = dossier.archive.folder, dossier.manifest["config"]
    names = Names(config, speech)
    if "study" in dossier.manifest:
        for path in sorted(folder.glob("*.csv")):
            if path.stem != "passport":
                yield _csv(dossier, path.stem, path.stem, names)
    else:
        replications = int(dossier.manifest["finished"])
        yield _csv(dossier, "attainment", speech("data.attainment"), names)
        yield _targets(folder / "targets.parquet", names)
        series, delays = folder / "series.parquet", folder / "delays.parquet"
        ledger = folder / "ledger.parquet"
        if series.exists():
            yield _places(series, names)
        if delays.exists():
            yield _delays(delays, replications, names)
        if ledger.exists():
            moved, _ = movements(ledger, replications)
            yield _ledger(moved, names)
            yield _spending(moved, names)
    yield _parameters(names)


class Names:
    """What the keys in the tables of a run are called, in one language."""

    def __init__(self, config: Config, speech: Speech) -> None:
        self.config, self.plan, self.speech = config, config["plan"], speech
        self.rows: dict[str, Row] = {row.indicator: row for row in rows_of(config).values()}
        self._places = _places_of(self.plan)
        self._targets = {name: target["unit"] for name, target in self.plan["targets"].items()}

    def place(self, code: str) -> tuple[str, str]:
        """Name and zone of a place; one that is not known is its code."""
        if code == CITY:
            return self.speech("data.city"), ""
        if code not in self._places:
            return code, ""
        name, zone = self._places[code]
        zones = self.plan["zones"]
        return self.speech.name(name), self.speech.name(
            zones[zone]["name"]
        ) if zone in zones else zone

    def indicator(self, name: str) -> tuple[str, str]:
        """Name and reading of an indicator."""
        if name in self.rows:
            row = self.rows[name]
            return self.speech.name(row.name), self.speech.text(row.reading)
        for end in ("survey", "true"):
            if name.endswith(f"_{end}"):
                of, reading = self.indicator(name.removesuffix(f"_{end}"))
                return self.speech(f"series.{end}", name=of), reading
        kind, _, of = name.partition(":")
        if not catalogue().has(f"series.{kind}"):
            return name, ""
        return self.speech(f"series.{kind}", of=self.thing(of)), ""

    def thing(self, key: str) -> str:
        """Name of a programme, group or target, with its reading if it is told."""
        if key in self.rows:
            return self.speech.text(self.rows[key])
        for section in ("programmes", "groups", "targets"):
            if key in self.plan[section]:
                return self.speech.name(self.plan[section][key]["name"])
        whole, _, reading = key.partition(":")
        for row in self.rows.values():  # a programme under the reading of its target
            if reading and row.definition == reading:
                return self.speech("row.reading", target=self.thing(whole), reading=row.reading)
        return key

    def unit(self, indicator: str) -> str:
        """Unit of an indicator."""
        return self.speech.text(unit_of(indicator, self._targets))

    def stage(self, stage: str) -> str:
        """Name of a stage or reason."""
        key = f"stage.{stage}"
        return self.speech(key) if catalogue().has(key) else stage

    def account(self, account: str) -> str:
        """Name of an account of the ledger."""
        kind, *rest = account.split(":")
        if kind in ("source", "treasury"):
            own = rest[0] if rest else ""
            known = self.plan["sources"] if kind == "source" else {}
            name = self.speech.name(known[own]) if own in known else self._word(own, kind)
            return self.speech(f"account.{kind}", of=name)
        if len(rest) == 2:
            group, origin = rest
            told = {"holder": self._word(kind), "group": self.thing(group)}
            return self.speech("account.envelope", money=self._word(origin), **told)
        name = self._word(kind, "payee")
        if rest:
            return self.speech("account.payee", kind=name, group=self.thing(rest[0]))
        return name

    def _word(self, key: str, column: str = "") -> str:
        """A part of the name of an account, as the pictures of money call it if they do."""
        known = (f"account.part.{key}", f"flow.{column}.{key}", f"flow.{key}")
        return next((self.speech(own) for own in known if catalogue().has(own)), key)

    def evidence(self, key: str) -> str:
        """A word of the schema of parameters."""
        known = f"evidence.{key}"
        return self.speech(known) if catalogue().has(known) else key

    def sheet(
        self,
        name: str,
        heads: Sequence[Head],
        rows: Sequence[Sequence[Value | Cell]],
        charts: Sequence[Chart] = (),
    ) -> Sheet:
        """A worksheet of data that is called ``name``."""
        tab = self.speech("workbook.data", name=self.speech(f"data.{name}"))
        return Sheet(tab, self.speech(f"data.{name}_title"), heads, rows, charts=charts)


def _places_of(plan: Config) -> Mapping[str, tuple[Label, str]]:
    """Names and zones of places; none if their table has stayed on another machine."""
    try:
        places = read_districts(str(plan["districts"]))
    except ConfigError:
        return {}
    return {str(own.adcode): ({"zh": own.zh, "en": own.en}, own.zone) for own in places}


# ---------------------------------------------------------------------- CSV tables


def _csv(dossier: Dossier, table: str, name: str, names: Names) -> Sheet:
    """A CSV table of the folder, all its columns."""
    speech = names.speech
    frame = dossier.archive.table(table).iloc[:MOST_ROWS]
    own = "data.attainment_title" if table == "attainment" else "data.table_title"
    heads, columns = [], []
    for column in map(str, frame.columns):
        values = [None if _absent(value) else value for value in frame[column].tolist()]
        kind, unit = column_kind(table, column), column_unit(table, column) or ""
        label = header(column, speech)
        if kind in ("number", "whole"):
            form = "0" if column in _NAMES else fixed(values)
            if "share" in unit or "probability" in unit:
                form = PERCENT if ROW not in unit else form
            elif "yuan" in unit and "per" not in unit:
                divisor, scale, form = money(values, speech.language)
                values = [scaled(value, divisor) for value in values]
                label = headed(label, speech(f"head.{scale}"), speech)
            heads.append(Head(label, form))
        else:
            heads.append(Head(label, name=column.startswith("label_"), most=40))
            values = [_word(column, value, names) for value in values]
        columns.append(values)
    return Sheet(
        speech("workbook.data", name=name),
        speech(own, name=table),
        heads,
        [*zip(*columns, strict=True)],
    )


def _absent(value: object) -> bool:
    return value is None or value is pd.NaT or (isinstance(value, float) and math.isnan(value))


def _word(column: str, value: object, names: Names) -> Value:
    """What stands in a cell of words: names for keys where they are words of ours."""
    if value is None:
        return None
    if isinstance(value, bool):
        return names.speech("data.yes" if value else "data.no")
    text = str(value)
    if column == "group" and text in names.plan["groups"]:
        return names.speech.name(group_name(names.config, text))
    if column.endswith(("_stage", "held_back_by", "reason")):
        return names.stage(text)
    if column == "comparator" and catalogue().has(f"comparator.{text}"):
        return names.speech(f"comparator.{text}")
    return text


def header(column: str, speech: Speech) -> str:
    """What a column of a CSV table is called: by its name, or by the parts of it."""
    if catalogue().has(f"csv.{column}"):
        return speech(f"csv.{column}")
    name, _, end = column.rpartition("_")
    if name and catalogue().has(f"csv.end.{end}"):
        return speech(f"csv.end.{end}", name=header(name, speech))
    return column.replace("_", " ")


# ---------------------------------------------------------------------- targets


def _targets(path: Path, names: Names) -> Sheet:
    speech, found = names.speech, StoredFound(path)
    modelled = [row for row in names.rows.values() if row.modelled]
    rows: list[list[Value | Cell]] = []
    for row in for_readers(modelled, names.config):
        values, met = found.values(row.key), found.met(row.key)
        rows.append(
            [
                speech.name(group_name(names.config, row.group)),
                speech.name(row.name),
                speech.text(row.reading) or None,
                speech.text(row.wanted),
                speech.text(row.unit) or None,
                float(met.mean()),
                float(values.mean()),
                float(values.std()),
                float(values.min()),
                *np.quantile(values, _SHARES).tolist(),
                float(values.max()),
            ]
        )
    heads = [
        Head(speech("head.group"), name=True, most=22),
        Head(speech("head.target"), name=True),
        Head(speech("head.reading"), most=30),
        Head(speech("head.goal"), most=24),
        Head(speech("csv.unit"), most=24),
        Head(speech("head.met"), PERCENT),
    ]
    numbers = ("mean", "standard_deviation", "lowest", *_SHARES, "highest")
    for name in numbers:
        text = (
            speech(f"head.{name}")
            if isinstance(name, str)
            else speech("head.percentile", share=f"{100 * name:.0f}%")
        )
        heads.append(Head(text, "#,##0.00"))
    return names.sheet("targets", heads, rows)


# ---------------------------------------------------------------------- places


def year_end_means(
    path: Path, start: dt.date
) -> tuple[list[dt.date], dict[tuple[str, str], dict[dt.date, float]]]:
    """Means over replications at the start and at the ends of years, by place and indicator.

    Args:
        path: a series.parquet.
    """
    sums: Counter[tuple[str, str, dt.date]] = Counter()
    counts: Counter[tuple[str, str, dt.date]] = Counter()
    for group in row_groups(path, ["place", "indicator", "date", "value"]):
        places, place = coded(group["place"])
        names, name = coded(group["indicator"])
        dates, date = coded(group["date"])
        wanted = np.array([day == start or (day.month, day.day) == (12, 31) for day in dates])
        value = group["value"].to_numpy()
        at = np.flatnonzero(wanted[date] & np.isfinite(value))
        cells = (place[at] * len(names) + name[at]) * len(dates) + date[at]
        totals, sizes = np.bincount(cells, value[at]), np.bincount(cells)
        for cell in np.flatnonzero(sizes).tolist():
            pair, day = divmod(cell, len(dates))
            key = places[pair // len(names)], names[pair % len(names)], dates[day]
            sums[key] += totals[cell]
            counts[key] += int(sizes[cell])
    means: defaultdict[tuple[str, str], dict[dt.date, float]] = defaultdict(dict)
    for code, indicator, at_day in sorted(sums):
        own = float(sums[code, indicator, at_day])
        means[code, indicator][at_day] = own / counts[code, indicator, at_day]
    return sorted({day for _, _, day in sums}), dict(means)


def _places(path: Path, names: Names) -> Sheet:
    speech = names.speech
    start = dt.date.fromisoformat(str(names.plan["start"]))
    dates, means = year_end_means(path, start)
    unit = {indicator: names.unit(indicator) for _, indicator in means}
    yuan = speech("head.yuan")
    in_yuan = {own for own, text in unit.items() if text.startswith(yuan)}
    divisor, scale, _ = money(
        [v for (_, own), days in means.items() if own in in_yuan for v in days.values()],
        speech.language,
    )
    rows: list[list[Value | Cell]] = []
    for code, indicator in sorted(means, key=lambda key: (key[0] != CITY, key[0])):
        place, zone = names.place(code)
        name, reading = names.indicator(indicator)
        own = means[code, indicator]
        by = divisor if indicator in in_yuan else 1.0
        text = unit[indicator]
        if indicator in in_yuan:
            text = speech(f"head.{scale}") + text.removeprefix(yuan)
        rows.append(
            [
                place,
                zone or None,
                name,
                reading or None,
                text or None,
                *(scaled(own.get(day), by) for day in dates),
            ]
        )
    heads = [
        Head(speech("head.place"), name=True),
        Head(speech("head.zone"), most=22),
        Head(speech("head.indicator"), name=True),
        Head(speech("head.reading"), most=26),
        Head(speech("csv.unit"), most=24),
    ]
    for day in dates:
        name = "head.start" if day == start else "head.year_end"
        heads.append(Head(speech(name, year=str(day.year)), "#,##0.00"))
    return names.sheet("places", heads, rows)


# ---------------------------------------------------------------------- delays


def _delays(path: Path, replications: int, names: Names) -> Sheet:
    """Days and projects of every stage, and what is missing, one unit a column."""
    speech = names.speech
    sums: defaultdict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for group in row_groups(path, ["programme", "stage", "unit", "missing", *_COUNTS]):
        programmes, programme = coded(group["programme"])
        stages, stage = coded(group["stage"])
        units, unit = coded(group["unit"])
        cells = (programme * len(stages) + stage) * len(units) + unit
        there = np.flatnonzero(np.bincount(cells)).tolist()
        # Sums of floats are exact here: they are whole and far below 2**53.
        totals = {n: np.bincount(cells, group[n].to_numpy()) for n in ("missing", *_COUNTS)}
        for cell in there:
            pair, at = divmod(cell, len(units))
            own = sums[programmes[pair // len(stages)], stages[pair % len(stages)]]
            own[units[at]] += int(totals["missing"][cell])
            own.update({name: int(totals[name][cell]) for name in _COUNTS})
    columns = [*_COUNTS, *_UNITS]
    rows: list[list[Value | Cell]] = [
        [
            names.thing(programme),
            names.stage(stage),
            *((own[name] / replications if own[name] else None) for name in columns),
        ]
        for (programme, stage), own in sums.items()
    ]
    heads = [
        Head(speech("head.programme"), name=True),
        Head(speech("head.stage"), name=True),
        *(Head(speech(f"head.{name}"), "#,##0.00") for name in _COUNTS),
        *(Head(speech("head.missing", unit=speech(f"head.{name}")), "#,##0.00") for name in _UNITS),
    ]
    return names.sheet("delays", heads, rows)


# ---------------------------------------------------------------------- ledger


def _ledger(moved: Movements, names: Names) -> Sheet:
    speech = names.speech
    divisor, scale, form = money([*moved.values()], speech.language)
    rows: list[list[Value | Cell]] = [
        [names.account(payer), names.account(payee), year, scaled(yuan, divisor)]
        for (year, payer, payee), yuan in sorted(moved.items(), key=lambda one: one[0][1:])
    ]
    heads = [
        Head(speech("head.from"), name=True),
        Head(speech("head.to"), name=True),
        Head(speech("head.year"), "0"),
        Head(headed(speech("head.money"), speech(f"head.{scale}"), speech), form),
    ]
    return names.sheet("ledger", heads, rows)


def _spending(moved: Movements, names: Names) -> Sheet:
    """What envelopes pay to others than envelopes, by year and group of programmes."""
    speech = names.speech
    sums: defaultdict[tuple[str, int], float] = defaultdict(float)
    for (year, payer, payee), yuan in moved.items():
        group = payee.partition(":")[2]
        if group in names.plan["groups"] and payer.count(":") == 2:
            sums[group, year] += yuan
    groups = [group for group in names.plan["groups"] if any(own == group for own, _ in sums)]
    years = sorted({year for year, _, _ in moved})
    divisor, scale, form = money([*sums.values()], speech.language)
    rows: list[list[Value | Cell]] = []
    for year in years:
        amounts = [sums[group, year] / divisor for group in groups]
        rows.append([year, *amounts, sum(amounts)])
    unit = speech(f"head.{scale}")
    heads = [
        Head(speech("head.year"), "0", name=True),
        *(Head(headed(names.thing(group), unit, speech), form) for group in groups),
        Head(headed(speech("head.total"), unit, speech), form),
    ]
    last = len(rows) - 1
    chart = Chart(
        "columns_stacked",
        speech("data.spending_title"),
        [
            Series(names.thing(group), Span(0, 0, last), Span(at, 0, last), LOOKS[role].colour)
            for at, (group, role) in enumerate(zip(groups, cycle(_COLOURS)), start=1)
        ],
        up=unit,
        up_form="#,##0.0",
    )
    return names.sheet("spending", heads, rows, [chart])


# ---------------------------------------------------------------------- parameters


def _parameters(names: Names) -> Sheet:
    speech, told = names.speech, names.config["parameters"]
    numbers = ("value", "low", "mode", "high", "median", "sigma")
    rows: list[list[Value | Cell]] = [
        [
            speech.name(own["label"]),
            names.evidence(own["kind"]),
            *(plain(own[number]) for number in numbers),
            speech.text(unit_in_words(str(own["unit"]))),
            names.evidence(own["varies"]),
            names.evidence(own["grade"]),
            own["source"],
            dt.date.fromisoformat(str(own["known_from"])) if own["known_from"] else None,
            own["note"],
            key,
        ]
        for key, own in told.items()
    ]
    heads = [
        Head(speech("head.parameter"), name=True),
        Head(speech("head.kind")),
        Head(speech("head.value"), "#,##0"),
        Head(speech("csv.low"), "#,##0"),
        Head(speech("head.mode"), "#,##0"),
        Head(speech("csv.high"), "#,##0"),
        Head(speech("csv.median"), "#,##0"),
        Head(speech("head.spread"), "#,##0"),
        Head(speech("csv.unit"), most=26),
        Head(speech("head.varies")),
        Head(speech("head.grade")),
        Head(speech("head.source"), most=30),
        Head(speech("head.known_from"), DATE),
        Head(speech("head.note"), most=70),
        Head(speech("head.code"), most=30),
    ]
    return names.sheet("parameters", heads, rows)
