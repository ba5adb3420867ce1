"""The results of many replications as columns of arrays, and as the tables of a run folder."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from sim.lazy import pa
from sim.model.kernel.world import CITY_PLACE
from sim.model.record import Layout, Outcome
from sim.study.entries import DELAY, Entries

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Failure:
    """A replication that raised: kept, counted, and never silently replaced."""

    replication: int
    error: str
    traceback: str = ""


@dataclass(frozen=True)
class Results:
    """Finished replications of one run, in ascending order; row i belongs to ``replications[i]``.

    Attributes:
        replications: numbers of the finished replications.
        values, attained, first_attained: arrays (replications, rows).
        city_series: (replications, days, indicators); district_series: (replications, days,
            places, indicators).
        delays, ledger: the delay ledger and the ledger of money, with fields :data:`DELAY` and
            :data:`FLOW` of :mod:`sim.study.entries`, where a place is its position (-1 for the
            city) and a year its index.
        digests: SHA-256 of every replication's values.
        events: events processed, by replication.
        failures: replications that raised.
    """

    replications: Integers
    values: Floats
    attained: npt.NDArray[np.bool_]
    first_attained: Integers
    city_series: Floats
    district_series: Floats
    delays: Entries
    ledger: Entries
    digests: list[bytes]
    events: Integers
    failures: list[Failure]

    @classmethod
    def of(
        cls, layout: Layout, outcomes: Sequence[tuple[int, Outcome]], failures: list[Failure]
    ) -> Results:
        """Stack the outcomes of numbered replications."""
        rows = len(layout.rows)
        city = (len(layout.city_days), len(layout.city_indicators))
        district = (len(layout.district_days), len(layout.places), len(layout.district_indicators))
        results = cls(
            replications=np.array([r for r, _ in outcomes], dtype=np.int64),
            values=_stack([o.values for _, o in outcomes], (rows,)),
            attained=_stack([o.attained for _, o in outcomes], (rows,)).astype(bool),
            first_attained=_stack([o.first_attained for _, o in outcomes], (rows,)).astype(
                np.int64
            ),
            city_series=_stack([o.city_series for _, o in outcomes], city),
            district_series=_stack([o.district_series for _, o in outcomes], district),
            delays=Entries.of(DELAY, [o.delays for _, o in outcomes]),
            ledger=Entries.of_flows([o.ledger for _, o in outcomes]),
            digests=[],
            events=np.array([o.events for _, o in outcomes], dtype=np.int64),
            failures=failures,
        )
        return replace(results, digests=_digests(layout, results))

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
        offsets = np.cumsum([0, *(len(part.replications) for part in ordered[:-1])]).tolist()
        return cls(
            replications=np.concatenate([p.replications for p in ordered]),
            values=np.concatenate([p.values for p in ordered]),
            attained=np.concatenate([p.attained for p in ordered]),
            first_attained=np.concatenate([p.first_attained for p in ordered]),
            city_series=np.concatenate([p.city_series for p in ordered]),
            district_series=np.concatenate([p.district_series for p in ordered]),
            delays=Entries.join([p.delays for p in ordered], offsets),
            ledger=Entries.join([p.ledger for p in ordered], offsets),
            digests=[d for part in ordered for d in part.digests],
            events=np.concatenate([p.events for p in ordered]),
            failures=failures,
        )

    @property
    def result_hash(self) -> str:
        """That of their :class:`Summary`."""
        return Summary.of([self]).result_hash


@dataclass(frozen=True)
class Summary:
    """What can be said of many replications without keeping them.

    Attributes:
        finished, failed: how many; ``first_error``: of the first that failed.
        events: that the clock processed in all of them.
        result_hash: SHA-256 over all values, by replication; labels and names of scenarios do not
            enter.
    """

    finished: int
    failed: int
    first_error: str
    events: int
    result_hash: str

    @classmethod
    def of(cls, parts: Iterable[Results]) -> Summary:
        """That of parts in ascending order of replications."""
        finished, events, errors = 0, 0, 0
        first_error = ""
        total = hashlib.sha256()
        for part in parts:
            for replication, digest in zip(part.replications.tolist(), part.digests, strict=True):
                total.update(replication.to_bytes(8, "little") + digest)
            finished += len(part.replications)
            events += int(part.events.sum())
            errors += len(part.failures)
            if part.failures and not first_error:
                first_error = part.failures[0].error
        return cls(finished, errors, first_error, events, total.hexdigest())


def _stack(arrays: Sequence[npt.NDArray[np.generic]], shape: tuple[int, ...]) -> Floats:
    if not arrays:
        return np.empty((0, *shape))
    return np.stack(arrays).astype(np.float64)


def _digests(layout: Layout, results: Results) -> list[bytes]:
    """SHA-256 of every outcome's values in canonical order: all by name, not by position."""
    places = _order([str(code) for code in layout.places])
    arrays = (
        ([row.indicator for row in layout.rows], results.values, "<f8"),
        ([row.indicator for row in layout.rows], results.first_attained, "<i8"),
        (layout.city_indicators, results.city_series, "<f8"),
        (layout.district_indicators, results.district_series[:, :, places, :], "<f8"),
    )
    canonical = [
        (
            "\n".join(sorted(names)).encode(),
            np.ascontiguousarray(array[..., _order(names)], dtype=dtype),
        )
        for names, array, dtype in arrays
    ]
    found = []
    n = len(results.replications)
    delays, flows = (
        _with_place_names(own, layout.places).texts(n) for own in (results.delays, results.ledger)
    )
    for i, texts in enumerate(zip(delays, flows, strict=True)):
        total = hashlib.sha256()
        for names, array in canonical:
            total.update(names + array[i].tobytes())
        total.update("".join(texts).encode())
        found.append(total.digest())
    return found


def _order(names: Sequence[str]) -> list[int]:
    return sorted(range(len(names)), key=names.__getitem__)


def _with_place_names(ledger: Entries, adcodes: Sequence[int]) -> Entries:
    """A ledger with its places by name: an adcode, or "city"."""
    names = pa.array([CITY_PLACE, *(str(code) for code in adcodes)], pa.string())
    at = (ledger.columns["place"].to_numpy() + 1).astype(np.int32)
    places = pa.DictionaryArray.from_arrays(pa.array(at), names)
    return replace(ledger, columns={**ledger.columns, "place": places})


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

    def city_series(self) -> pa.Table:
        """City values quarterly, long; what has no value has no row."""
        layout, values = self._layout, self._results.city_series
        return self._series(
            values[:, :, None, :], layout.city_days, [CITY_PLACE], layout.city_indicators
        )

    def district_series(self) -> pa.Table:
        """The same by district, as often as it was recorded."""
        layout, values = self._layout, self._results.district_series
        places = [str(code) for code in layout.places]
        return self._series(values, layout.district_days, places, layout.district_indicators)

    def _series(
        self, values: Floats, days: Sequence[int], places: list[str], indicators: Sequence[str]
    ) -> pa.Table:
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
        """The delay ledger: days and missing units by place, programme and stage.

        ``unit`` says what is missing: units are never added up across different ones.
        """
        entries = _with_place_names(self._results.delays, self._layout.places)
        programmes = entries.columns["programme"]
        units = [self._layout.missing_in[name] for name in programmes.dictionary.to_pylist()]
        unit = pa.array(units, pa.string()).take(programmes.indices).dictionary_encode()
        return self._entries(entries, {**entries.columns, "unit": unit})

    def ledger(self) -> pa.Table:
        """Transfers by year, pair of accounts and place; they sum to zero over accounts."""
        entries = _with_place_names(self._results.ledger, self._layout.places)
        years = (entries.columns["year"].to_numpy() + self._start.year).astype(np.int32)
        return self._entries(entries, {**entries.columns, "year": pa.array(years)})

    def _entries(self, entries: Entries, columns: Mapping[str, pa.Array]) -> pa.Table:
        numbers = self._results.replications[entries.at].astype(np.int32)
        return pa.table(
            {"scenario": self._constant(len(numbers)), "replication": pa.array(numbers), **columns}
        )

    def _constant(self, length: int) -> pa.Array:
        return _dictionary([self._scenario], length, 1)


def _dictionary(names: list[str], tiles: int, repeats: int) -> pa.Array:
    """Names repeated elementwise and then tiled, as a dictionary-encoded column."""
    numbers = {name: number for number, name in enumerate(dict.fromkeys(names))}
    own = np.array([numbers[name] for name in names], dtype=np.int32)
    codes = np.tile(np.repeat(own, repeats), tiles)
    return pa.DictionaryArray.from_arrays(pa.array(codes), pa.array(list(numbers), pa.string()))
