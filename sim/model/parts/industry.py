"""The industry: firms are founded, grow and close; incubators, R&D centres and support help them.

Firms are counted once a year, at its end, as statistics do it. The core reading counts firms whose
main business it is, the broad one all of them.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, ClassVar

import numpy as np
import numpy.typing as npt

from sim.config.schema import IndustryMeasure
from sim.model.kernel.calendar import Phase
from sim.model.kernel.exact import poisson_quantile
from sim.model.kernel.streams import Keys, entity_keys
from sim.model.parts.firms import Entry, Firms, Rows, Vitality
from sim.model.parts.part import Mechanism, Process
from sim.plan.plan import TargetRow

if TYPE_CHECKING:
    from sim.model.city import City
    from sim.model.money.envelope import Purse

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

_CORE = "core"
_KINDS = ("side", _CORE)  # a firm's kind is the index: 1 for core firms
_BEFORE = -1  # year in which the firms of the start count as founded
_FIRMS_OF_A_YEAR = 1_000_000
"""Firms are numbered by year and place on its list, so no year shifts another one's numbers."""
_ALMOST_CERTAIN = 1.0 - 1e-12


class Industry(Mechanism):
    """All firms of the city. Arrays have a row for side and for core firms, a column a district.

    Attributes:
        firms: the living ones.
        paid: support paid to firms since the start, yuan.
    """

    indicators: ClassVar[tuple[str, ...]] = (
        "firms_founded",
        "firms_closed",
        "firms_in_incubators",
        "firm_support",
    )

    def __init__(self, city: City) -> None:
        super().__init__(city)
        section, draw = city.plan.spec.industry, city.draw
        assert section is not None, "the registry sets up mechanisms that have their section"
        self._section = section
        self._payee = city.ledger.account(f"firm_support:{section.group}")
        strength = np.array([d.fiscal_strength for d in city.districts], dtype=np.float64)
        self._strength = strength / strength.sum()
        self._adcodes = np.array([d.adcode for d in city.districts])
        core_share = draw[section.helped_core_share]
        self._helped = np.array([[1.0 - core_share], [core_share]])
        start = np.array([round(draw[section.side_firms]), round(draw[section.core_firms])])
        self._by_themselves = start[:, None] * self._strength * draw[section.founding_rate]
        self._by_grants = np.zeros(len(city.districts))
        self.paid = 0
        vitality = Vitality(
            size_spread=draw[section.size_spread],
            growth_spread=draw[section.growth_spread],
            hazard=_hazard(draw[section.exit_rate]),
            shelter_factor=draw[section.incubator_exit_factor],
        )
        self.firms = Firms(city.streams, vitality)
        self._found_the_start(start)
        self._count(0)

    def _found_the_start(self, start: Integers) -> None:
        """Firms that stood at the start: districts by economic strength, output as drawn."""
        city, section = self.city, self._section
        for kind, count in enumerate(start.tolist()):
            keys = self._keys(city.plan.spec.city_code, kind, _BEFORE, np.arange(count))
            u = city.streams.uniform("firm place", keys)
            places = np.searchsorted(np.cumsum(self._strength), u, side="right")
            self.firms.enter(
                Entry(
                    keys=keys,
                    places=np.minimum(places, len(self._strength) - 1),
                    core=np.full(count, kind),
                    mean_output=np.ones(count),
                    shelter_chance=np.zeros(count),
                    shelter_years=0.0,
                    year=_BEFORE,
                )
            )
        self.firms.scale([city.draw[section.side_output], city.draw[section.core_output]])

    def _keys(self, code: npt.ArrayLike, kind: npt.ArrayLike, year: int, nth: Integers) -> Keys:
        """Keys of firms by the place that numbers them, kind, year, and number in it."""
        of_the_year = (year + 1) * len(_KINDS) + np.asarray(kind)
        return entity_keys("firm", code, of_the_year * _FIRMS_OF_A_YEAR + nth)

    # ------------------------------------------------------------------ the years as a process

    def processes(self) -> Iterable[Process]:
        """The years."""
        return (self._years(),)

    def _years(self) -> Process:
        """Every year firms are supported; at its end they are founded, close, grow and count."""
        city, section, calendar = self.city, self._section, self.city.calendar
        firms, draw = self.firms, self.city.draw
        issued = calendar.day(city.plan.spec.issued)
        keys = np.stack([entity_keys(f"{kind} firms", self._adcodes) for kind in _KINDS])
        years = np.arange(len(calendar.years))
        uniforms = city.streams.uniform("firm births", keys, years[:, None, None])
        incubators, centres = self._working(section.incubators), self._working(section.rd_centres)
        for year, end in enumerate(calendar.year_ends):
            grants = np.zeros(len(city.districts))
            day = calendar.day_of(calendar.years[year], section.support_day)
            if day >= issued:
                yield city.clock.at(day, Phase.ACCOUNTING)
                grants = self._support(year)
            yield city.clock.at(end, Phase.STAFF)
            # What opened on the way worked for half the year on average.
            before = incubators, centres
            incubators, centres = (
                self._working(section.incubators),
                self._working(section.rd_centres),
            )
            self._found(year, uniforms[year], (before[0] + incubators) / 2.0)
            self._log("closed", firms.age(year))
            more = draw[section.rd_centre_growth] * float((before[1] + centres).sum()) / 2.0
            firms.grow(draw[section.growth] + more, year)
            self._by_grants = grants * draw[section.support_births]
            self._count(year + 1)
            city.books.changed("industry")

    def _found(self, year: int, uniforms: Floats, incubators: Floats) -> None:
        """The firms that are founded in the course of a year: Poisson by kind and district."""
        city, section, draw = self.city, self._section, self.city.draw
        incubated = self._helped * incubators * draw[section.incubator_births]
        expected = (self._by_themselves + incubated + self._helped * self._by_grants).ravel()
        counts = poisson_quantile(uniforms.ravel(), expected).astype(np.int64)
        cells = np.repeat(np.arange(counts.size), counts)
        kinds, places = np.divmod(cells, len(self._adcodes))
        nth = np.arange(len(cells)) - np.repeat(np.cumsum(counts) - counts, counts)
        output = draw[section.entry_output] * city.cost_index[year]
        entered = self.firms.enter(
            Entry(
                keys=self._keys(self._adcodes[places], kinds, year, nth),
                places=places,
                core=kinds,
                mean_output=np.full(len(cells), output),
                shelter_chance=incubated.ravel()[cells] / expected[cells],
                shelter_years=draw[section.incubation_years],
                year=year,
            )
        )
        self._log("founded", entered)

    def _working(self, programme: str | None) -> Floats:
        """Units of a programme by district, at the service level that they are paid for."""
        if programme is None:
            return np.zeros(len(self._adcodes))
        units = self.city.programmes[programme]
        service = np.array([purse.service for purse in units.operators])
        working: Floats = units.standing * service
        return working

    def _support(self, year: int) -> Floats:
        """Pay firms a share of the money that nothing waits for; returns grants by district.

        It comes after the day's claims; what queued claims and contracts need stays. The city
        supports all firms, a district its own, and none gives one firm more than one grant a year.
        """
        city, section = self.city, self._section
        cost = city.draw[section.support_cost] * city.cost_index[year]
        districts = city.district_purses[section.group]
        living = np.bincount(self.firms.rows["place"], minlength=len(districts))
        total = len(self.firms.rows)
        by_district = [
            self._pay(purse, firms * cost)
            for purse, firms in zip(districts, living.tolist(), strict=True)
        ]
        central = self._pay(city.city_purses[section.group], total * cost)
        paid = central + sum(by_district)
        self.paid += paid
        if city.tracing:
            city.log("accounting", "industry", "supported", f"{paid} yuan for {total} firms")
        yuan = np.array(by_district) + central * living / max(1, total)
        return yuan / cost if cost > 0.0 else np.zeros(len(districts))

    def _pay(self, purse: Purse, most: float) -> int:
        """Pay support out of one purse, at most ``most`` yuan; returns the yuan paid."""
        yuan = int(min(purse.uncommitted * self.city.draw[self._section.support_share], most))
        purse.pay(self._payee, yuan)
        return yuan

    def _log(self, event: str, rows: Rows) -> None:
        if not self.city.tracing:
            return
        for row in rows:
            entity = f"firm/{self._adcodes[row['place']]}/{row['number']}"
            detail = f"{_KINDS[row['core']]}, {row['output']:.0f} yuan a year"
            self.city.log("staff", entity, event, detail, int(row["place"]))

    # ------------------------------------------------------------------ what is measured

    def _count(self, time: int) -> None:
        """Keep the city's sums at hand; ``time`` is in years since the start."""
        rows = self.firms.rows
        firms = np.bincount(rows["core"], minlength=2).tolist()
        output = np.bincount(rows["core"], rows["output"], minlength=2).tolist()
        self._firms = {True: float(firms[1]), False: float(sum(firms))}
        self._sheltered = self.firms.sheltered(time)
        self._output = {True: float(output[1]), False: float(sum(output))}

    def reader(self, row: TargetRow) -> Callable[[], float]:
        """Firms, or their yearly output in yuan: core firms or all of them."""
        core = _is_core(row)
        if _counts_firms(row):
            return lambda: self._firms[core]
        return lambda: self._output[core]

    @classmethod
    def has_districts(cls, row: TargetRow) -> bool:
        """Firms have a seat."""
        return True

    def by_district(self, row: TargetRow) -> list[float]:
        """Firms, or their yearly output, by the district of their seat."""
        rows = self.firms.rows
        if _is_core(row):
            rows = rows[rows["core"] == 1]
        weights = None if _counts_firms(row) else rows["output"]
        sums: list[float] = (
            np.bincount(rows["place"], weights, len(self._adcodes)).astype(float).tolist()
        )
        return sums

    def readings(self) -> list[float]:
        """Firms founded and closed since the start, sheltered now, and support paid so far."""
        firms = self.firms
        counts = firms.founded, firms.closed.sum(), self._sheltered, self.paid
        return [float(count) for count in counts]

    def unmet(self, row: TargetRow, missing: int) -> dict[str, int]:
        """First what was there and has gone, then what was never founded, then what did not grow.

        ``exits``: firms that closed, or the output they had; ``too_few_births``: firms never
        founded, for output those that the plan's own goal for firms lacks, at the mean output of
        the living; ``growth``: the rest of the missing output.
        """
        core = _is_core(row)
        closed = int(self.firms.closed[int(core) :].sum())
        if _counts_firms(row):
            exits = min(missing, closed)
            return {"exits": exits, "too_few_births": missing - exits}
        exits = min(missing, round(float(self.firms.output_closed[int(core) :].sum())))
        rest = missing - exits
        living = self._firms[core]
        never = max(0, self._missing_firms(row) - closed)
        births = min(rest, round(never * self._output[core] / living)) if living else rest
        return {"exits": exits, "too_few_births": births, "growth": rest - births}

    def _missing_firms(self, row: TargetRow) -> int:
        """Firms short of the plan's own goal for them under the same reading; 0 without one."""
        for other in self.city.layout.rows:
            if other.counted == row.counted and _counts_firms(other):
                return max(0, math.ceil(other.spec.goal - self._firms[_is_core(row)]))
        return 0


def _is_core(row: TargetRow) -> bool:
    """Whether a row counts core firms alone, or those with some such business as well."""
    return {_CORE: True, "broad": False}[row.counted]


def _counts_firms(row: TargetRow) -> bool:
    measure = row.spec.measured_by
    return isinstance(measure, IndustryMeasure) and measure.count == "firms"


def _hazard(yearly: float) -> float:
    """Hazard a year under which the share ``yearly`` is gone after one."""
    return -math.log1p(-min(yearly, _ALMOST_CERTAIN))
