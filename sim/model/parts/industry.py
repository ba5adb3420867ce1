"""The industry: firms are founded, grow and close; incubators, R&D centres and support help them.

Firms are counted once a year, at its end, as statistics do it. The core reading counts firms whose
main business it is, the broad one all of them.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar, NamedTuple

import numpy as np
import numpy.typing as npt

from sim.config.schema import IndustryMeasure
from sim.lazy import special
from sim.model.kernel.clock import Phase, Process
from sim.model.kernel.exact import poisson_quantile
from sim.model.kernel.facts import Kind, Sort
from sim.model.kernel.measure import UNITS, YUAN
from sim.model.kernel.streams import Keys, Streams, entity_keys
from sim.model.kernel.world import World
from sim.model.money.envelope import Envelope, Envelopes
from sim.model.parts.part import Part, PartMeasure
from sim.model.works.programme import Programmes
from sim.plan.plan import TargetRow

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Rows = npt.NDArray[np.void]

INDUSTRY = Sort("industry", "industry")
SUPPORTED = Kind("supported", Phase.ACCOUNTING, "{money} yuan for {count} firms")
FIRM = Sort("firm", "firm/{place}/{number}")
FOUNDED, CLOSED = (
    Kind(event, Phase.STAFF, "{kind}, {money} yuan a year") for event in ("founded", "closed")
)

_CORE = "core"
_KINDS = ("side", _CORE)  # a firm's kind is the index: 1 for core firms
_BEFORE = -1  # year in which the firms of the start count as founded
_FIRMS_OF_A_YEAR = 1_000_000
"""Firms are numbered by year and place on its list, so no year shifts another one's numbers."""
_ALMOST_CERTAIN = 1.0 - 1e-12

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
        size = len(entry.keys)
        u = self._streams.uniform("firm", entry.keys, _UNIFORMS)
        spread = self._vitality.size_spread
        rows = np.empty(size, dtype=_FIRM)
        rows["key"] = entry.keys
        rows["place"] = entry.places
        rows["number"] = np.arange(self._entered, self._entered + size) + 1
        rows["core"] = entry.core
        factors = np.exp(spread * special.ndtri(u[_SIZE]) - spread**2 / 2.0)
        rows["output"] = entry.mean_output * factors
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
        rows, spread = self.rows, self._vitality.growth_spread
        u = self._streams.uniform("firm growth", rows["key"], year)
        factors = (1.0 + rate) * np.exp(spread * special.ndtri(u) - spread**2 / 2.0)
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


class Counted(PartMeasure["Industry"]):
    """Firms, or their yearly output in yuan: core firms or all of them."""

    type = "industry"

    def __init__(self, row: TargetRow, part: Industry) -> None:
        super().__init__(row, part)
        self._core = _is_core(row)
        self._counts_firms = _counts_firms(row)

    def value(self) -> float:
        """Firms or yuan."""
        return (self.part.living if self._counts_firms else self.part.output)[self._core]

    @classmethod
    def has_districts(cls, row: TargetRow) -> bool:
        """Firms have a seat."""
        return True

    @classmethod
    def missing_in(cls, row: TargetRow) -> str:
        """Firms, or yuan."""
        return UNITS if _counts_firms(row) else YUAN

    def by_district(self) -> list[float]:
        """Firms, or their yearly output, by the district of their seat."""
        rows = self.part.firms.rows
        if self._core:
            rows = rows[rows["core"] == 1]
        weights = None if self._counts_firms else rows["output"]
        places = len(self.part.world.districts)
        sums: list[float] = np.bincount(rows["place"], weights, places).astype(float).tolist()
        return sums

    def unmet(self, missing: int) -> dict[str, int]:
        """First what was there and has gone, then what was never founded, then what did not grow.

        ``exits``: firms that closed, or the output they had; ``too_few_births``: firms never
        founded, for output those that the plan's own goal for firms lacks, at the mean output of
        the living; ``growth``: the rest of the missing output.
        """
        part, core = self.part, self._core
        closed = int(part.firms.closed[int(core) :].sum())
        if self._counts_firms:
            exits = min(missing, closed)
            return {"exits": exits, "too_few_births": missing - exits}
        exits = min(missing, round(float(part.firms.output_closed[int(core) :].sum())))
        rest = missing - exits
        living = part.living[core]
        never = max(0, self._missing_firms() - closed)
        births = min(rest, round(never * part.output[core] / living)) if living else rest
        return {"exits": exits, "too_few_births": births, "growth": rest - births}

    def _missing_firms(self) -> int:
        """Firms short of the plan's own goal for them under the same reading; 0 without one."""
        world = self.part.world
        for other in world.plan.modelled_rows(world.scenario.definitions):
            if other.counted == self.row.counted and _counts_firms(other):
                return max(0, math.ceil(other.spec.goal - self.part.living[self._core]))
        return 0


class Industry(Part):
    """All firms of the city. Arrays have a row for side and for core firms, a column a district.

    Attributes:
        firms: the living ones; ``living`` is how many there are, and ``output`` what they turn out
            a year in yuan: of core firms (True), or of all of them (False).
        paid: support paid to firms since the start, yuan.
    """

    section = "industry"
    needs = (Envelopes, Programmes)
    measures = (Counted,)
    indicators: ClassVar[tuple[str, ...]] = (
        "firms_founded",
        "firms_closed",
        "firms_in_incubators",
        "firm_support",
    )

    def __init__(self, world: World, envelopes: Envelopes, programmes: Programmes) -> None:
        super().__init__(world)
        self._programmes = programmes
        section, draw = world.plan.spec.industry, world.draw
        assert section is not None, "the city has parts whose section there is"
        self._section = section
        self._districts = envelopes.districts[section.group]
        self._city = envelopes.city[section.group]
        self._payee = world.ledger.account(f"firm_support:{section.group}")
        strength = np.array([d.fiscal_strength for d in world.districts], dtype=np.float64)
        self._strength = strength / strength.sum()
        self._adcodes = np.array([d.adcode for d in world.districts])
        core_share = draw[section.helped_core_share]
        self._helped = np.array([[1.0 - core_share], [core_share]])
        start = np.array([round(draw[section.side_firms]), round(draw[section.core_firms])])
        self._by_themselves = start[:, None] * self._strength * draw[section.founding_rate]
        self._by_grants = np.zeros(len(world.districts))
        self.paid = 0
        vitality = Vitality(
            size_spread=draw[section.size_spread],
            growth_spread=draw[section.growth_spread],
            hazard=_hazard(draw[section.exit_rate]),
            shelter_factor=draw[section.incubator_exit_factor],
        )
        self.firms = Firms(world.streams, vitality)
        self._found_the_start(start)
        self._count(0)

    def _found_the_start(self, start: Integers) -> None:
        """Firms that stood at the start: districts by economic strength, output as drawn."""
        world, section = self.world, self._section
        for kind, count in enumerate(start.tolist()):
            keys = self._keys(world.plan.spec.city_code, kind, _BEFORE, np.arange(count))
            u = world.streams.uniform("firm place", keys)
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
        self.firms.scale([world.draw[section.side_output], world.draw[section.core_output]])

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
        world, section, calendar = self.world, self._section, self.world.calendar
        firms, draw = self.firms, self.world.draw
        issued = calendar.day(world.plan.spec.issued)
        keys = np.stack([entity_keys(f"{kind} firms", self._adcodes) for kind in _KINDS])
        years = np.arange(len(calendar.years))
        uniforms = world.streams.uniform("firm births", keys, years[:, None, None])
        incubators, centres = self._working(section.incubators), self._working(section.rd_centres)
        for year, end in enumerate(calendar.year_ends):
            grants = np.zeros(len(world.districts))
            day = calendar.day_of(calendar.years[year], section.support_day)
            if day >= issued:
                yield world.clock.at(day, Phase.ACCOUNTING)
                grants = self._support(year)
            yield world.clock.at(end, Phase.STAFF)
            # What opened on the way worked for half the year on average.
            before = incubators, centres
            incubators, centres = (
                self._working(section.incubators),
                self._working(section.rd_centres),
            )
            self._found(year, uniforms[year], (before[0] + incubators) / 2.0)
            self._tell(CLOSED, firms.age(year))
            more = draw[section.rd_centre_growth] * float((before[1] + centres).sum()) / 2.0
            firms.grow(draw[section.growth] + more, year)
            self._by_grants = grants * draw[section.support_births]
            self._count(year + 1)
            world.changed("industry")

    def _found(self, year: int, uniforms: Floats, incubators: Floats) -> None:
        """The firms that are founded in the course of a year: Poisson by kind and district."""
        world, section, draw = self.world, self._section, self.world.draw
        incubated = self._helped * incubators * draw[section.incubator_births]
        expected = (self._by_themselves + incubated + self._helped * self._by_grants).ravel()
        counts = poisson_quantile(uniforms.ravel(), expected).astype(np.int64)
        cells = np.repeat(np.arange(counts.size), counts)
        kinds, places = np.divmod(cells, len(self._adcodes))
        nth = np.arange(len(cells)) - np.repeat(np.cumsum(counts) - counts, counts)
        output = draw[section.entry_output] * world.cost_index[year]
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
        self._tell(FOUNDED, entered)

    def _working(self, programme: str | None) -> Floats:
        """Units of a programme by district, at the service level that they are paid for."""
        if programme is None:
            return np.zeros(len(self._adcodes))
        units = self._programmes[programme]
        service = np.array([envelope.service for envelope in units.operators])
        working: Floats = units.standing * service
        return working

    def _support(self, year: int) -> Floats:
        """Pay firms a share of the money that nothing waits for; returns grants by district.

        It comes after the day's claims; what queued claims and contracts need stays. The city
        supports all firms, a district its own, and none gives one firm more than one grant a year.
        """
        world, section = self.world, self._section
        cost = world.draw[section.support_cost] * world.cost_index[year]
        districts = self._districts
        living = np.bincount(self.firms.rows["place"], minlength=len(districts))
        total = len(self.firms.rows)
        by_district = [
            self._pay(envelope, firms * cost)
            for envelope, firms in zip(districts, living.tolist(), strict=True)
        ]
        central = self._pay(self._city, total * cost)
        paid = central + sum(by_district)
        self.paid += paid
        world.fact(SUPPORTED, INDUSTRY(), money=paid, count=total)
        yuan = np.array(by_district) + central * living / max(1, total)
        return yuan / cost if cost > 0.0 else np.zeros(len(districts))

    def _pay(self, envelope: Envelope, most: float) -> int:
        """Pay support out of one envelope, at most ``most`` yuan; returns the yuan paid."""
        yuan = int(min(envelope.uncommitted() * self.world.draw[self._section.support_share], most))
        envelope.pay(self._payee, yuan)
        return yuan

    def _tell(self, kind: Kind, rows: Rows) -> None:
        for row in rows if self.world.tracing else ():
            who = FIRM(place=int(self._adcodes[row["place"]]), number=int(row["number"]))
            what, output = _KINDS[row["core"]], round(float(row["output"]))
            self.world.fact(kind, who, place=int(row["place"]), kind=what, money=output)

    # ------------------------------------------------------------------ what is measured

    def _count(self, time: int) -> None:
        """Keep the city's sums at hand; ``time`` is in years since the start."""
        rows = self.firms.rows
        firms = np.bincount(rows["core"], minlength=2).tolist()
        output = np.bincount(rows["core"], rows["output"], minlength=2).tolist()
        self.living = {True: float(firms[1]), False: float(sum(firms))}
        self._sheltered = self.firms.sheltered(time)
        self.output = {True: float(output[1]), False: float(sum(output))}

    def readings(self) -> list[float]:
        """Firms founded and closed since the start, sheltered now, and support paid so far."""
        firms = self.firms
        counts = firms.founded, firms.closed.sum(), self._sheltered, self.paid
        return [float(count) for count in counts]


def _is_core(row: TargetRow) -> bool:
    """Whether a row counts core firms alone, or those with some such business as well."""
    return {_CORE: True, "broad": False}[row.counted]


def _counts_firms(row: TargetRow) -> bool:
    measure = row.spec.measured_by
    return isinstance(measure, IndustryMeasure) and measure.count == "firms"


def _hazard(yearly: float) -> float:
    """Hazard a year under which the share ``yearly`` is gone after one."""
    return -math.log1p(-min(yearly, _ALMOST_CERTAIN))
