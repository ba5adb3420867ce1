"""The results of many replications as columns of arrays, and as the tables of a run folder."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from sim.model.record import CITY_PLACE, Layout, LogEntry, Outcome

if TYPE_CHECKING:
    import pyarrow as pa

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

DELAY = ("place", "programme", "stage", "project_days", "excess_days", "passed", "standing",
         "missing")  # fmt: skip
FLOW = ("year", "from_account", "to_account", "yuan")
"""Fields of an entry of the delay ledger, and of the ledger of money."""


@dataclass(frozen=True)
class Failure:
    """A replication that raised: kept, counted, and never silently replaced."""

    replication: int
    error: str
    traceback: str


@dataclass(frozen=True)
class Results:
    """Finished replications of one run, in ascending order; row i belongs to ``replications[i]``.

    Attributes:
        replications: numbers of the finished replications.
        values, attained, first_attained: arrays (replications, rows).
        city_series: (replications, days, indicators); district_series: (replications, days,
            places, indicators).
        delays: (position of the replication, place, programme, stage, five counts) each.
        ledger: (position of the replication, year index, from, to, yuan) each.
        digests: SHA-256 of every replication's values.
        events: events processed, by replication.
        failures: replications that raised.
        log: event log of the traced replication, if any.
    """

    replications: Integers
    values: Floats
    attained: npt.NDArray[np.bool_]
    first_attained: Integers
    city_series: Floats
    district_series: Floats
    delays: list[tuple[int, int, str, str, int, int, int, int, int]]
    ledger: list[tuple[int, int, str, str, int]]
    digests: list[bytes]
    events: Integers
    failures: list[Failure]
    log: list[LogEntry] | None = None

    @classmethod
    def of(
        cls, layout: Layout, outcomes: Sequence[tuple[int, Outcome]], failures: list[Failure]
    ) -> Results:
        """Stack the outcomes of numbered replications."""
        rows = len(layout.rows)
        city = (len(layout.city_days), len(layout.city_indicators))
        district = (len(layout.district_days), len(layout.places), len(layout.district_indicators))
        logs = [o.log for _, o in outcomes if o.log is not None]
        return cls(
            replications=np.array([r for r, _ in outcomes], dtype=np.int64),
            values=_stack([o.values for _, o in outcomes], (rows,)),
            attained=_stack([o.attained for _, o in outcomes], (rows,)).astype(bool),
            first_attained=_stack([o.first_attained for _, o in outcomes], (rows,)).astype(
                np.int64
            ),
            city_series=_stack([o.city_series for _, o in outcomes], city),
            district_series=_stack([o.district_series for _, o in outcomes], district),
            delays=[(i, *row) for i, (_, o) in enumerate(outcomes) for row in o.delays],
            ledger=[(i, *row) for i, (_, o) in enumerate(outcomes) for row in o.ledger],
            digests=[digest(layout, o) for _, o in outcomes],
            events=np.array([o.events for _, o in outcomes], dtype=np.int64),
            failures=failures,
            log=logs[0] if logs else None,
        )

    @classmethod
    def join(cls, layout: Layout, parts: Iterable[Results]) -> Results:
        """Put the results of separate chunks together, whatever order they finished in."""
        parts = list(parts)
        ordered = sorted(
            (part for part in parts if len(part.replications)),
            key=lambda part: int(part.replications[0]),
        )
        failures = sorted(
            (failure for part in parts for failure in part.failures), key=lambda f: f.replication
        )
        if not ordered:
            return cls.of(layout, [], failures)
        offsets = np.cumsum([0, *(len(part.replications) for part in ordered)]).tolist()
        logs = [part.log for part in ordered if part.log is not None]
        return cls(
            replications=np.concatenate([p.replications for p in ordered]),
            values=np.concatenate([p.values for p in ordered]),
            attained=np.concatenate([p.attained for p in ordered]),
            first_attained=np.concatenate([p.first_attained for p in ordered]),
            city_series=np.concatenate([p.city_series for p in ordered]),
            district_series=np.concatenate([p.district_series for p in ordered]),
            delays=[
                (i + offset, *row)
                for offset, part in zip(offsets, ordered, strict=False)
                for i, *row in part.delays
            ],
            ledger=[
                (i + offset, *row)
                for offset, part in zip(offsets, ordered, strict=False)
                for i, *row in part.ledger
            ],
            digests=[d for part in ordered for d in part.digests],
            events=np.concatenate([p.events for p in ordered]),
            failures=failures,
            log=logs[0] if logs else None,
        )

    @property
    def result_hash(self) -> str:
        """SHA-256 over all values, by replication; labels and names of scenarios do not enter."""
        total = hashlib.sha256()
        for replication, part in zip(self.replications.tolist(), self.digests, strict=True):
            total.update(replication.to_bytes(8, "little") + part)
        return total.hexdigest()


def _stack(arrays: Sequence[npt.NDArray[np.generic]], shape: tuple[int, ...]) -> Floats:
    if not arrays:
        return np.empty((0, *shape))
    return np.stack(arrays).astype(np.float64)


def digest(layout: Layout, outcome: Outcome) -> bytes:
    """SHA-256 of one outcome's values in canonical order: everything by name, not by position."""
    total = hashlib.sha256()

    def add(names: Sequence[str], array: npt.NDArray[np.generic], dtype: str) -> None:
        order = sorted(range(len(names)), key=names.__getitem__)
        total.update("\n".join(names[i] for i in order).encode())
        total.update(np.ascontiguousarray(array[..., order], dtype=dtype).tobytes())

    rows = [row.indicator for row in layout.rows]
    add(rows, outcome.values, "<f8")
    add(rows, outcome.first_attained, "<i8")
    add(layout.city_indicators, outcome.city_series, "<f8")
    places = sorted(range(len(layout.places)), key=layout.places.__getitem__)
    add(layout.district_indicators, outcome.district_series[:, places, :], "<f8")
    names = {-1: CITY_PLACE} | {i: str(code) for i, code in enumerate(layout.places)}
    delays = sorted((names[place], *rest) for place, *rest in outcome.delays)
    total.update(repr(delays).encode())
    total.update(repr(sorted(outcome.ledger)).encode())
    return total.digest()


class Tables:
    """The Parquet tables of a run folder, as CONTRACT.md describes them."""

    def __init__(
        self, scenario: str, layout: Layout, results: Results, start: dt.date, per_draw: int
    ) -> None:
        self._scenario = scenario
        self._layout = layout
        self._results = results
        self._start = start
        self._per_draw = per_draw

    def targets(self) -> pa.Table:
        """One row per replication and row of the answer."""
        import pyarrow as pa

        r, rows = self._results, self._layout.rows
        n, m = len(r.replications), len(rows)
        first = r.first_attained.ravel().astype(np.int32)
        numbers = np.repeat(r.replications, m).astype(np.int32)
        return pa.table(
            {
                "scenario": self._constant(n * m),
                "draw": pa.array((numbers // self._per_draw).astype(np.int32)),
                "replication": pa.array(numbers),
                "target": _dictionary([row.target for row in rows], n, 1),
                "definition": _dictionary([row.reading for row in rows], n, 1),
                "value": pa.array(r.values.ravel()),
                "attained": pa.array(r.attained.ravel()),
                "first_attained_day": pa.array(first, mask=first < 0),
            }
        )

    def series(self) -> pa.Table:
        """City values quarterly and district values, long; what has no value has no row."""
        import pyarrow as pa

        layout, r = self._layout, self._results
        places = [str(code) for code in layout.places]
        city = self._series_part(
            r.city_series[:, :, None, :],
            layout.city_days,
            [CITY_PLACE],
            layout.city_indicators,
        )
        district = self._series_part(
            r.district_series, layout.district_days, places, layout.district_indicators
        )
        return pa.concat_tables([city, district]).unify_dictionaries()

    def _series_part(
        self, values: Floats, days: Sequence[int], places: list[str], indicators: Sequence[str]
    ) -> pa.Table:
        import pyarrow as pa

        n, d, p, i = len(self._results.replications), len(days), len(places), len(indicators)
        dates = np.array(
            [np.datetime64(self._start, "D") + np.timedelta64(day, "D") for day in days],
            dtype="datetime64[D]",
        )
        table = pa.table(
            {
                "scenario": self._constant(n * d * p * i),
                "replication": pa.array(
                    np.repeat(self._results.replications, d * p * i).astype(np.int32)
                ),
                "date": pa.array(np.tile(np.repeat(dates, p * i), n)),
                "place": _dictionary(places, n * d, i),
                "indicator": _dictionary(list(indicators), n * d * p, 1),
                "value": pa.array(values.ravel(), from_pandas=True),
            }
        )
        return table.filter(table["value"].is_valid())

    def delays(self) -> pa.Table:
        """The delay ledger: days and missing units by place, programme and stage."""
        at, columns = _columns(self._results.delays, len(DELAY))
        numbers = self._results.replications[at]
        return delay_table(self._scenario, self._layout.places, numbers, columns)

    def ledger(self) -> pa.Table:
        """Transfers by year and pair of accounts; they sum to zero over accounts."""
        at, columns = _columns(self._results.ledger, len(FLOW))
        return ledger_table(self._scenario, self._start, self._results.replications[at], columns)

    def _constant(self, length: int) -> pa.Array:
        return _dictionary([self._scenario], length, 1)


def _columns(
    entries: Sequence[tuple[Any, ...]], fields: int
) -> tuple[Integers, Sequence[Sequence[Any]]]:
    """(position of the replication, fields...) entries as the positions and a column a field."""
    at, *columns = zip(*entries, strict=True) if entries else [()] * (fields + 1)
    return np.array(at, dtype=np.int64), columns


def delay_table(
    scenario: str, adcodes: Sequence[int], numbers: Integers, columns: Sequence[Any]
) -> pa.Table:
    """The table of the delay ledger from a column a field of :data:`DELAY`.

    Args:
        scenario: what stands in its column.
        adcodes: districts by position; position -1 is the city.
        numbers: the replication of every entry.
        columns: sequences or Arrow arrays.
    """
    import pyarrow as pa

    places, programmes, stages, *counts = columns
    names = pa.array([*(str(code) for code in adcodes), CITY_PLACE], pa.string())
    own = np.asarray(places, dtype=np.int32)
    at = pa.array(np.where(own < 0, len(adcodes), own).astype(np.int32))
    return pa.table(
        {
            "scenario": _dictionary([scenario], len(numbers), 1),
            "replication": pa.array(numbers.astype(np.int32)),
            "place": pa.DictionaryArray.from_arrays(at, names),
            "programme": _words(programmes),
            "stage": _words(stages),
            **{
                name: pa.array(np.asarray(column, dtype=np.int64))
                for name, column in zip(DELAY[3:], counts, strict=True)
            },
        }
    )


def ledger_table(
    scenario: str, start: dt.date, numbers: Integers, columns: Sequence[Any]
) -> pa.Table:
    """The table of the ledger from a column a field of :data:`FLOW`, as in :func:`delay_table`."""
    import pyarrow as pa

    years, payers, payees, yuan = columns
    return pa.table(
        {
            "scenario": _dictionary([scenario], len(numbers), 1),
            "replication": pa.array(numbers.astype(np.int32)),
            "year": pa.array((np.asarray(years, dtype=np.int64) + start.year).astype(np.int32)),
            "from_account": _words(payers),
            "to_account": _words(payees),
            "yuan": pa.array(np.asarray(yuan, dtype=np.int64)),
        }
    )


def _words(column: Any) -> pa.Array:
    import pyarrow as pa

    return pa.array(column, pa.string()).dictionary_encode()


def _dictionary(names: list[str], tiles: int, repeats: int) -> pa.Array:
    """Names repeated elementwise and then tiled, as a dictionary-encoded column."""
    import pyarrow as pa

    numbers = {name: number for number, name in enumerate(dict.fromkeys(names))}
    own = np.array([numbers[name] for name in names], dtype=np.int32)
    codes = np.tile(np.repeat(own, repeats), tiles)
    return pa.DictionaryArray.from_arrays(pa.array(codes), pa.array(list(numbers), pa.string()))
