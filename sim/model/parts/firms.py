"""The firms of an industry: a table with one row a firm, whose numbers all come from its own key.

Every firm draws one exponential number when it is founded, its *endurance*. Its exit hazard wears
that down, and it closes when nothing is left: whatever changes the hazard on the way, the time of
the exit has the distribution that belongs to the hazard, and a lower one never shortens a life.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from sim.model.kernel.streams import Keys, Streams

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Rows = npt.NDArray[np.void]

_FIRM = np.dtype(
    [
        ("key", np.uint64),
        ("place", np.int64),
        ("number", np.int64),
        ("core", np.int64),
        ("output", np.float64),
        ("endurance", np.float64),
        ("founded", np.float64),
        ("sheltered_until", np.float64),
    ]
)
_UNIFORMS = np.arange(4)[:, None]  # a firm's own, in this order:
_ENDURANCE, _SHELTER, _SIZE, _FOUNDED = range(4)


class Entry(NamedTuple):
    """Firms that enter together, one array element a firm.

    Attributes:
        keys: their keys; places: positions of their districts; core: 1 for core firms, else 0.
        mean_output: mean yearly output, yuan.
        shelter_chance: probability that a firm enters in an incubator.
        shelter_years: how long it stays there.
        year: year of the horizon in the course of which they are founded, from 0.
    """

    keys: Keys
    places: Integers
    core: Integers
    mean_output: Floats
    shelter_chance: Floats
    shelter_years: float
    year: int


@dataclass(frozen=True, slots=True)
class Vitality:
    """What the firms of one draw have in common.

    Attributes:
        size_spread: standard deviation of the logarithm of output at entry.
        growth_spread: standard deviation of the logarithm of a year's growth.
        hazard: exits a firm and year outside incubators.
        shelter_factor: factor on the hazard in an incubator.
    """

    size_spread: float
    growth_spread: float
    hazard: float
    shelter_factor: float


class Firms:
    """All living firms, in the order in which they entered.

    Attributes:
        rows: the table; ``output`` is in yuan a year, ``founded`` and ``sheltered_until`` are in
            years since the start of the horizon.
        closed: how many have closed; ``output_closed``: their yearly output, yuan. Both hold the
            side firms first, then the core firms.
    """

    def __init__(self, streams: Streams, vitality: Vitality) -> None:
        self._streams = streams
        self._vitality = vitality
        self._entered = 0
        self._stood = 0
        self.rows: Rows = np.empty(0, dtype=_FIRM)
        self.closed = np.zeros(2, dtype=np.int64)
        self.output_closed = np.zeros(2)

    def enter(self, entry: Entry) -> Rows:
        """Add firms with the size and endurance of their keys; returns their rows."""
        from scipy.special import ndtri

        size = len(entry.keys)
        u = self._streams.uniform("firm", entry.keys, _UNIFORMS)
        spread = self._vitality.size_spread
        rows = np.empty(size, dtype=_FIRM)
        rows["key"] = entry.keys
        rows["place"] = entry.places
        rows["number"] = np.arange(self._entered, self._entered + size) + 1
        rows["core"] = entry.core
        rows["output"] = entry.mean_output * np.exp(spread * ndtri(u[_SIZE]) - spread**2 / 2.0)
        rows["endurance"] = -np.log(u[_ENDURANCE])
        rows["founded"] = entry.year + u[_FOUNDED]
        sheltered = u[_SHELTER] < entry.shelter_chance
        rows["sheltered_until"] = rows["founded"] + np.where(sheltered, entry.shelter_years, 0.0)
        # Not by np.concatenate, which compares the two row types in Python every time.
        joined = np.empty(len(self.rows) + size, dtype=_FIRM)
        joined[: len(self.rows)], joined[len(self.rows) :] = self.rows, rows
        self.rows = joined
        self._entered += size
        if entry.year < 0:
            self._stood += size
        return rows

    def age(self, year: int) -> Rows:
        """Let ``year`` pass, for those founded in it from that day; returns those that close."""
        rows, vitality = self.rows, self._vitality
        begin = np.maximum(rows["founded"], year)
        sheltered = np.clip(rows["sheltered_until"], begin, year + 1) - begin
        lived = year + 1 - begin
        rows["endurance"] -= vitality.hazard * (lived - (1.0 - vitality.shelter_factor) * sheltered)
        closing = rows["endurance"] <= 0.0
        gone = rows[closing]
        self.rows = rows[~closing]
        self.closed += np.bincount(gone["core"], minlength=2)
        self.output_closed += np.bincount(gone["core"], gone["output"], minlength=2)
        return gone

    def grow(self, rate: float, year: int) -> None:
        """Let the output of the firms that stood before ``year`` grow for that year.

        Growth factors are log-normal with mean 1 + ``rate`` (which must exceed -1), independent by
        firm and year.
        """
        from scipy.special import ndtri

        rows, spread = self.rows, self._vitality.growth_spread
        u = self._streams.uniform("firm growth", rows["key"], year)
        factors = (1.0 + rate) * np.exp(spread * ndtri(u) - spread**2 / 2.0)
        rows["output"] *= np.where(rows["founded"] < year, factors, 1.0)

    def scale(self, totals: Sequence[float]) -> None:
        """Scale outputs so that side and core firms have these ``totals``, yuan a year."""
        for kind, total in enumerate(totals):
            of_kind = self.rows["core"] == kind
            present = float(self.rows["output"][of_kind].sum())
            if present > 0.0:
                self.rows["output"][of_kind] *= total / present

    @property
    def founded(self) -> int:
        """How many have been founded since the start, those included that have closed again."""
        return self._entered - self._stood

    def sheltered(self, time: float) -> int:
        """Firms that an incubator shelters at ``time``, in years since the start."""
        return int((self.rows["sheltered_until"] > time).sum())
