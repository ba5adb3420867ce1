"""Scientific literacy of the residents, and what the surveys see of it.

The log-odds of the literate share move once a year in every district: by a trend, by what contacts
with science popularization have changed since the start, and by chance. The nation has a trend
alone. Targets are judged by surveys, which are rare and see the shares with a sampling error; the
true shares stand beside them.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.config.schema import Literacy as LiteracySection
from sim.config.schema import LiteracyMeasure
from sim.lazy import special
from sim.model.kernel.clock import Phase, Process
from sim.model.kernel.facts import Kind, Sort
from sim.model.kernel.measure import POINTS
from sim.model.kernel.streams import Keys, entity_keys
from sim.model.kernel.world import World
from sim.model.parts.part import Part, PartMeasure
from sim.model.parts.reach import KINDS, Reach
from sim.plan.plan import TargetRow

Floats = npt.NDArray[np.float64]

LITERACY = Sort("literacy", "literacy")
_SHARES = "city {city:.2f} %, nation {nation:.2f} %"
MOVED_ON = Kind("moved on", Phase.ASSESSMENT, _SHARES)
SURVEYED = Kind("surveyed", Phase.ASSESSMENT, _SHARES)

COUNTS = ("gain", "gap", "regional_gap", "urban_rural_gap")
LEVELS = ("city", "nation")
_LARGEST_ERROR = 0.9
"""Share of a measured value that its error may reach: beyond all chance, but log-odds exist."""


def share_of(log_odds: Floats) -> Floats:
    """Shares, in per cent, that belong to log-odds."""
    shares: Floats = 100.0 / (1.0 + np.exp(-log_odds))
    return shares


def log_odds_of(share: float) -> float:
    """Log-odds of a share in per cent."""
    return math.log(share / (100.0 - share))


def spread(share: float, weights: Floats, offsets: Floats) -> Floats:
    """Log-odds a + ``offsets`` whose shares have the mean ``share`` (per cent) under ``weights``.

    ``weights`` sum to one. Newton's method on a, until nothing moves.
    """
    base = log_odds_of(share) - float(weights @ offsets)
    for _ in range(50):
        shares = share_of(base + offsets)
        step = (share - float(weights @ shares)) / float(weights @ (shares * (1.0 - shares / 100)))
        base += step
        if abs(step) < 1e-14:
            break
    return base + offsets


def sampling_errors(shares: Floats, persons: Floats, design_effect: float) -> Floats:
    """Standard errors, in percentage points, of ``shares`` (per cent) measured on ``persons``.

    sqrt(design effect * p * (1 - p) / n), L. Kish, Survey Sampling, 1965.
    """
    errors: Floats = np.sqrt(design_effect * shares * (100.0 - shares) / persons)
    return errors


@dataclass(frozen=True)
class Shares:
    """Literate shares at one time, in per cent: of every district and of the nation."""

    districts: Floats
    nation: float


class Surveyed(PartMeasure["Literacy"]):
    """What the latest survey says; before the first one the target's baseline."""

    type = "literacy"

    def __init__(self, row: TargetRow, part: Literacy) -> None:
        super().__init__(row, part)
        self._what = _count(row)
        self._baseline = part.world.baseline(row.target)

    def value(self) -> float:
        """Percentage points."""
        surveyed = self.part.surveyed(self._what)
        return self._baseline if surveyed is None else surveyed

    @classmethod
    def has_districts(cls, row: TargetRow) -> bool:
        """Only the gain exists by district."""
        return _count(row) == "gain"

    @classmethod
    def missing_in(cls, row: TargetRow) -> str:
        """Percentage points."""
        return POINTS

    def by_district(self) -> list[float]:
        """True gain since the start by district: no survey is large enough to see it."""
        return self.part.gains()

    def unmet(self, missing: int) -> dict[str, int]:
        """Everything missing has one reason.

        The survey's error, if the true value attains; the contacts, if it would have attained with
        those of the start; else the trend, chance included.
        """
        if self.row.attained(self.part.true(self._what)):
            return {"survey_error": missing}
        if self.row.attained(self.part.without_contacts(self._what)):
            return {"exposure": missing}
        return {"trend": missing}


class Literacy(Part):
    """Shares of all districts, the city and the nation; arrays have one entry per district."""

    section = "literacy"
    needs = (Reach,)
    measures = (Surveyed,)
    indicators = tuple(
        f"literacy_{what}_{how}" for what in (*COUNTS, *LEVELS) for how in ("survey", "true")
    )

    def __init__(self, world: World, reach: Reach) -> None:
        super().__init__(world)
        self._reach = reach
        section, draw = world.plan.spec.literacy, world.draw
        assert section is not None, "the city has parts whose section there is"
        self._section = section
        self._residents = np.array([d.population for d in world.districts], dtype=np.float64)
        self._weights = self._residents / self._residents.sum()
        self._design_effect = draw[section.design_effect]
        urban = np.array([draw[section.urbanisation[d.zone]] / 100.0 for d in world.districts])
        self._contrasts = self._make_contrasts(urban)
        self._chance = _Chance(world)

        offsets = draw[section.urbanisation_effect] * urban
        measured, nation = draw[section.city], draw[section.nation]
        found = Shares(share_of(spread(measured, self._weights, offsets)), nation)
        error = self._errors(found, section.start.city, section.start.nation, 0)
        off = float(self._weights @ error.districts)
        own = math.copysign(min(abs(off), _LARGEST_ERROR * measured), off)
        nation_off = math.copysign(min(abs(error.nation), _LARGEST_ERROR * nation), error.nation)
        self.log_odds = spread(measured - own, self._weights, offsets)
        self._nation = log_odds_of(nation - nation_off)
        self._by_contacts = np.zeros(len(world.districts))
        self._true = self._true_start = self._truth()
        # The survey of the start found the measured value; its errors by district add up to that.
        found_by_district = self._true.districts + error.districts - (off - own)
        self._survey = self._survey_start = Shares(found_by_district, nation)
        self._surveyed_on = 0

    def _make_contrasts(self, urban: Floats) -> dict[str, Floats]:
        """Weights by district whose sum over shares is the city's value or a gap."""
        weights, zones = self._weights, [d.zone for d in self.world.districts]
        ahead, behind = (
            _mean_over(weights, np.array([zone in names for zone in zones]))
            for names in (self._section.ahead, self._section.behind)
        )
        distance = urban - float(weights @ urban)
        variance = float(weights @ distance**2)
        slope = weights * distance / variance if variance > 0.0 else np.zeros(len(zones))
        return {
            "gain": weights,
            "regional_gap": ahead - behind,
            "urban_rural_gap": slope,
        }

    # ------------------------------------------------------------------ the years

    def processes(self) -> Iterable[Process]:
        """The years."""
        return (self._years(),)

    def _years(self) -> Process:
        """At the end of every year: literacy has moved on; in some years it is measured."""
        world, section = self.world, self._section
        slope = world.draw[section.slope]
        trend = slope + world.draw[section.deviation]
        chance = world.draw[section.district_noise] * self._chance.years()
        previous = world.draw[section.previous_year]
        surveys = {survey.year: survey for survey in section.surveys}
        contacts = _Contacts(world, section, self._reach, self._residents)
        before = contacts.usual
        for index, day in enumerate(world.calendar.year_ends):
            yield world.clock.at(day, Phase.ACCOUNTING)  # after all that reaches people on this day
            now = contacts.of_year(index)
            learned = contacts.effect(previous * before + (1.0 - previous) * now)
            before = now
            self._by_contacts += learned
            self.log_odds += trend + learned + chance[index]
            self._nation += slope
            self._true = self._truth()
            self._tell(MOVED_ON, self._true)
            year = world.calendar.years[index]
            if year in surveys:
                survey = surveys[year]
                error = self._errors(self._true, survey.city, survey.nation, index + 1)
                self._survey = Shares(
                    self._true.districts + error.districts, self._true.nation + error.nation
                )
                self._surveyed_on = day
                self._tell(SURVEYED, self._survey)
                world.changed("literacy")

    def _errors(self, shares: Shares, city: str, nation: str, survey: int) -> Shares:
        """Sampling errors of a survey: its sample is spread over the districts by population."""
        draw = self.world.draw
        by_district, for_nation = self._chance.survey(survey)
        own = sampling_errors(shares.districts, draw[city] * self._weights, self._design_effect)
        whole = sampling_errors(
            np.array([shares.nation]), np.array([draw[nation]]), self._design_effect
        )
        return Shares(own * by_district, float(whole[0]) * for_nation)

    def _truth(self, log_odds: Floats | None = None) -> Shares:
        """True shares at log-odds; at the present ones if none are given."""
        own = self.log_odds if log_odds is None else log_odds
        return Shares(share_of(own), float(share_of(np.array(self._nation))))

    def _tell(self, kind: Kind, shares: Shares) -> None:
        own = float(self._weights @ shares.districts)
        self.world.fact(kind, LITERACY(), city=round(own, 2), nation=round(shares.nation, 2))

    # ------------------------------------------------------------------ what is measured

    def _read(self, what: str, now: Shares, start: Shares) -> float:
        """A target or level, in percentage points or per cent."""
        match what:
            case "nation":
                return now.nation
            case "gap":
                return now.nation - float(self._weights @ now.districts)
            case "city":
                return float(self._weights @ now.districts)
        return float(self._contrasts[what] @ (now.districts - start.districts))

    def surveyed(self, what: str) -> float | None:
        """What the latest survey says of a target or level; None before the first one."""
        if self._survey is self._survey_start:
            return None
        return self._read(what, self._survey, self._survey_start)

    def true(self, what: str) -> float:
        """What is true of it today."""
        return self._read(what, self._true, self._true_start)

    def without_contacts(self, what: str) -> float:
        """What would be true had contacts stayed as they were at the start."""
        without = self._truth(self.log_odds - self._by_contacts)
        return self._read(what, without, self._true_start)

    def gains(self) -> list[float]:
        """True gains since the start by district."""
        gains: list[float] = (self._true.districts - self._true_start.districts).tolist()
        return gains

    def readings(self) -> list[float]:
        """Survey values, on the days of surveys, and true values of all targets and levels."""
        surveyed = self.world.clock.today == self._surveyed_on
        values = []
        for what in (*COUNTS, *LEVELS):
            survey = self._read(what, self._survey, self._survey_start) if surveyed else math.nan
            values += [survey, self.true(what)]
        return values


class _Contacts:
    """Contacts per resident and year, by kind and district, and what they do to literacy.

    Attributes:
        usual: array (kinds, districts) of the start: of facilities at full service, of what others
            say was usual, and of what comes from elsewhere.
    """

    def __init__(
        self, world: World, section: LiteracySection, reach: Reach, residents: Floats
    ) -> None:
        self._kinds = [kind for kind in KINDS if kind in section.contacts]
        self._counted = reach.contacts
        self._residents = residents
        specs = [section.contacts[kind] for kind in self._kinds]
        names = [spec.elsewhere for spec in specs]
        self._elsewhere = np.array([[0.0 if n is None else world.draw[n]] for n in names])
        self._effects = np.array([world.draw[spec.effect] for spec in specs])
        usual = [reach.usual(kind) for kind in self._kinds]
        self.usual = np.array(usual) / self._residents + self._elsewhere
        # A kind that reached nobody at the start has no scale to be measured by, and no effect.
        scale = self.usual @ (residents / residents.sum())
        self._effects[scale == 0.0] = 0.0
        self._scale = np.where(scale == 0.0, 1.0, scale)[:, None]

    def of_year(self, index: int) -> Floats:
        """Contacts of one year."""
        counted = np.array([self._counted[kind][index] for kind in self._kinds])
        contacts: Floats = counted / self._residents + self._elsewhere
        return contacts

    def effect(self, contacts: Floats) -> Floats:
        """Log-odds that a year with ``contacts`` brings more than one with the usual ones.

        Each kind adds its effect times log2((c + x) / (c + x0)): x are the district's contacts, x0
        its usual ones, c the city's usual mean.
        """
        more = np.log2((self._scale + contacts) / (self._scale + self.usual))
        learned: Floats = self._effects @ more
        return learned


class _Chance:
    """Standard normal numbers, each from a uniform of its own."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._places: Keys = entity_keys("literacy", [d.adcode for d in world.districts])
        self._nation: Keys = entity_keys("literacy", [world.plan.spec.city_code])

    def years(self) -> Floats:
        """By year and district."""
        years = np.arange(len(self._world.calendar.years))[:, None]
        return self._normal("literacy/years", self._places, years)

    def survey(self, number: int) -> tuple[Floats, float]:
        """Of the survey of the start (0) or of the end of a year (from 1): districts, nation."""
        keys = np.concatenate((self._places, self._nation))
        normal = self._normal("literacy/survey", keys, number)
        return normal[:-1], float(normal[-1])

    def _normal(self, purpose: str, keys: Keys, k: npt.ArrayLike) -> Floats:
        normal: Floats = special.ndtri(self._world.streams.uniform(purpose, keys, k))
        return normal


def _mean_over(weights: Floats, chosen: npt.NDArray[np.bool_]) -> Floats:
    """Weights of the mean over the chosen places; zeros if there are none."""
    inside = np.where(chosen, weights, 0.0)
    total = float(inside.sum())
    return inside / total if total else inside


def _count(row: TargetRow) -> str:
    measure = row.spec.measured_by
    assert isinstance(measure, LiteracyMeasure), "made for targets of this type"
    return measure.count
