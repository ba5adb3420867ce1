"""The industry: firms are founded, grow and close; incubators, R&D centres and support help them.

Firms are counted at the end of every quarter and grow at the end of every year. The core reading
counts firms whose main business it is, the broad one all of them.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, ClassVar

import numpy as np
import numpy.typing as npt

from sim.config.schema import IndustryMeasure
from sim.model.arithmetic import poisson_quantile
from sim.model.calendar import Phase
from sim.model.firms import Entry, Firms, Rows, Vitality
from sim.model.mechanism import Mechanism, Process
from sim.model.streams import Keys, entity_keys
from sim.plan.plan import TargetRow

if TYPE_CHECKING:
    from sim.model.city import City
    from sim.model.purse import Purse

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

QUARTERS = 4
_CORE = "core"
_KINDS = ("side", _CORE)  # a firm's kind is the index: 1 for core firms
_START = -1  # stands for the quarter of firms that were there at the start
_FIRMS_OF_A_QUARTER = 1_000_000
"""Firms are numbered by quarter and place on its list, so no quarter shifts another's numbers."""


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
        by_themselves = start[:, None] * self._strength * draw[section.founding_rate]
        self._by_themselves: Floats = by_themselves / QUARTERS
        self._helped_births = np.zeros(len(city.districts))
        self._centre_quarters = 0.0
        self._incubation_quarters = round(draw[section.incubation_years] * QUARTERS)
        self._quarter = 0
        self.paid = 0
        vitality = Vitality(
            size_spread=draw[section.size_spread],
            growth_spread=draw[section.growth_spread],
            hazard=_hazard(draw[section.exit_rate]) / QUARTERS,
            shelter_factor=draw[section.incubator_exit_factor],
        )
        self.firms = Firms(city.streams, vitality)
        self._found_the_start(start)
        self._count()

    def _found_the_start(self, start: Integers) -> None:
        """Firms that stood at the start: districts by economic strength, output as drawn."""
        city, section = self.city, self._section
        for kind, count in enumerate(start.tolist()):
            keys = self._keys(city.plan.spec.city_code, kind, _START, np.arange(count))
            u = city.streams.uniform("firm place", keys)
            places = np.searchsorted(np.cumsum(self._strength), u, side="right")
            self.firms.enter(
                Entry(
                    keys=keys,
                    places=np.minimum(places, len(self._strength) - 1),
                    core=np.full(count, kind),
                    mean_output=np.ones(count),
                    shelter_chance=np.zeros(count),
                    quarter=_START,
                    leaves_shelter=0,
                )
            )
        self.firms.scale([city.draw[section.side_output], city.draw[section.core_output]])

    def _keys(self, code: npt.ArrayLike, kind: npt.ArrayLike, quarter: int, nth: Integers) -> Keys:
        """Keys of firms by the place that numbers them, kind, quarter, and number in it."""
        of_the_quarter = (quarter + 1) * len(_KINDS) + np.asarray(kind)
        return entity_keys("firm", code, of_the_quarter * _FIRMS_OF_A_QUARTER + nth)

    # ------------------------------------------------------------------ processes

    def processes(self) -> Iterable[Process]:
        """Quarters of the firms, and the yearly support."""
        return (self._quarters(), self._support())

    def _quarters(self) -> Process:
        """At every quarter's end firms close and are founded, at every year's end they grow."""
        city, firms, draw = self.city, self.firms, self.city.draw
        keys = np.stack([entity_keys(f"{kind} firms", self._adcodes) for kind in _KINDS])
        ends = city.calendar.quarter_ends
        uniforms = city.streams.uniform("firm births", keys, np.arange(len(ends))[:, None, None])
        for quarter, day in enumerate(ends):
            yield city.clock.at(day, Phase.STAFF)
            self._log("closed", firms.age(quarter))
            self._centre_quarters += float(self._working(self._section.rd_centres).sum())
            year, quarter_of_year = divmod(quarter, QUARTERS)
            if quarter_of_year == QUARTERS - 1:
                centres = self._centre_quarters / QUARTERS
                rate = draw[self._section.growth] + draw[self._section.rd_centre_growth] * centres
                firms.grow(rate, year, year * QUARTERS)
                self._centre_quarters = 0.0
            self._log("founded", self._found(quarter, year, uniforms[quarter]))
            self._quarter = quarter + 1
            self._count()
            city.books.changed("industry")

    def _found(self, quarter: int, year: int, uniforms: Floats) -> Rows:
        """Firms of one quarter: Poisson by kind and district; returns their rows."""
        city, section, draw = self.city, self._section, self.city.draw
        incubated = self._working(section.incubators) * draw[section.incubator_births] / QUARTERS
        expected = self._by_themselves + self._helped * (incubated + self._helped_births)
        counts = poisson_quantile(uniforms.ravel(), expected.ravel()).astype(np.int64)
        cells = np.repeat(np.arange(counts.size), counts)
        kinds, places = np.divmod(cells, len(self._adcodes))
        nth = np.arange(len(cells)) - np.repeat(np.cumsum(counts) - counts, counts)
        shelter = (self._helped * incubated).ravel()
        return self.firms.enter(
            Entry(
                keys=self._keys(self._adcodes[places], kinds, quarter, nth),
                places=places,
                core=kinds,
                mean_output=np.full(len(cells), draw[section.entry_output] * city.cost_index[year]),
                shelter_chance=shelter[cells] / expected.ravel()[cells],
                quarter=quarter,
                leaves_shelter=quarter + 1 + self._incubation_quarters,
            )
        )

    def _working(self, programme: str | None) -> Floats:
        """Units of a programme by district, at the service level that they are paid for."""
        if programme is None:
            return np.zeros(len(self._adcodes))
        units = self.city.programmes[programme]
        service = np.array([purse.service for purse in units.purses])
        working: Floats = np.add(units.existing, units.open_units) * service
        return working

    def _support(self) -> Process:
        """Every year firms get a share of the money that nothing else in the purses waits for.

        It is paid after the day's claims are met; what queued claims and contracts need stays. The
        city supports all firms, a district its own, and none gives one firm more than one grant.
        """
        city, section, calendar = self.city, self._section, self.city.calendar
        draw = city.draw
        issued = calendar.day(city.plan.spec.issued)
        districts = city.district_purses[section.group]
        for index, year in enumerate(calendar.years):
            day = calendar.day_of(year, section.support_day)
            if day < issued:
                continue
            yield city.clock.at(day, Phase.ACCOUNTING)
            cost = draw[section.support_cost] * city.cost_index[index]
            living = np.bincount(self.firms.rows["place"], minlength=len(districts))
            by_district = [
                self._pay(purse, firms * cost)
                for purse, firms in zip(districts, living.tolist(), strict=True)
            ]
            total = len(self.firms.rows)
            central = self._pay(city.city_purses[section.group], total * cost)
            self.paid += central + sum(by_district)
            if city.tracing:
                detail = f"{central + sum(by_district)} yuan for {total} firms"
                city.log("accounting", "industry", "supported", detail)
            yield city.clock.at(calendar.year_ends[index], Phase.ACCOUNTING)
            grants = np.array(by_district) + central * living / max(1, total)
            grants = grants / cost if cost > 0.0 else grants  # free of charge nothing was paid
            self._helped_births = grants * draw[section.support_births] / QUARTERS

    def _pay(self, purse: Purse, most: float) -> int:
        """Pay support out of one purse, at most ``most`` yuan; returns the yuan paid."""
        free = max(0, purse.balance - purse.committed - purse.new_contracts)
        yuan = int(min(free * self.city.draw[self._section.support_share], most))
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

    def _count(self) -> None:
        """Keep the city's sums at hand: they are asked for after every change."""
        rows = self.firms.rows
        firms = np.bincount(rows["core"], minlength=2).tolist()
        output = np.bincount(rows["core"], rows["output"], minlength=2).tolist()
        self._firms = {True: float(firms[1]), False: float(sum(firms))}
        self._output = {True: float(output[1]), False: float(sum(output))}

    def reader(self, row: TargetRow) -> Callable[[], float]:
        """Firms, or their yearly output in yuan: core firms or all of them."""
        core = row.reading == _CORE
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
        if row.reading == _CORE:
            rows = rows[rows["core"] == 1]
        weights = None if _counts_firms(row) else rows["output"]
        sums: list[float] = (
            np.bincount(rows["place"], weights, len(self._adcodes)).astype(float).tolist()
        )
        return sums

    def readings(self) -> list[float]:
        """Firms founded and closed since the start, sheltered now, and support paid so far."""
        firms = self.firms
        sheltered = firms.sheltered(self._quarter)
        return [float(n) for n in (firms.founded, firms.closed.sum(), sheltered, self.paid)]

    def unmet(self, row: TargetRow, missing: int) -> dict[str, int]:
        """First what was there and has gone, then what was never founded, then what did not grow.

        ``exits``: firms that closed, or the output they had; ``too_few_births``: firms never
        founded, for output those that the plan's own goal for firms lacks, at the mean output of
        the living; ``growth``: the rest of the missing output.
        """
        core = row.reading == _CORE
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
            if other.reading == row.reading and _counts_firms(other):
                return max(0, math.ceil(other.spec.goal - self._firms[row.reading == _CORE]))
        return 0


def _counts_firms(row: TargetRow) -> bool:
    measure = row.spec.measured_by
    return isinstance(measure, IndustryMeasure) and measure.count == "firms"


def _hazard(yearly: float) -> float:
    """Hazard a year under which the share ``yearly`` is gone after one."""
    return -math.log1p(-yearly) if yearly < 1.0 else math.inf
