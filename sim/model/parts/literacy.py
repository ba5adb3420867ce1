"""Scientific literacy of the residents, and what the surveys see of it.

The log-odds of the literate share move once a year in every district: by a trend, by what contacts
with science popularization have changed since the start, and by chance. The nation has a trend
alone. Targets are judged by surveys, which are rare and see the shares with a sampling error; the
true shares stand beside them.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from sim.config.schema import LiteracyMeasure
from sim.model.kernel.calendar import Phase
from sim.model.kernel.streams import Keys, entity_keys
from sim.model.parts.part import Mechanism, Process
from sim.model.parts.reach import KINDS, rates
from sim.plan.plan import TargetRow

if TYPE_CHECKING:
    from sim.model.city import City

Floats = npt.NDArray[np.float64]

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


class Literacy(Mechanism):
    """Shares of all districts, the city and the nation; arrays have one entry per district."""

    indicators = tuple(
        f"literacy_{what}_{how}" for what in (*COUNTS, *LEVELS) for how in ("survey", "true")
    )

    def __init__(self, city: City) -> None:
        super().__init__(city)
        section, draw = city.plan.spec.literacy, city.draw
        assert section is not None, "the registry sets up mechanisms that have their section"
        self._section = section
        self._residents = np.array([d.population for d in city.districts], dtype=np.float64)
        self._weights = self._residents / self._residents.sum()
        self._design_effect = draw[section.design_effect]
        urban = np.array([draw[section.urbanisation[d.zone]] / 100.0 for d in city.districts])
        self._contrasts = self._make_contrasts(urban)
        self._chance = _Chance(city)

        offsets = draw[section.urbanisation_effect] * urban
        measured, nation = draw[section.city], draw[section.nation]
        found = Shares(share_of(spread(measured, self._weights, offsets)), nation)
        error = self._errors(found, section.start.city, section.start.nation, 0)
        off = float(self._weights @ error.districts)
        own = math.copysign(min(abs(off), _LARGEST_ERROR * measured), off)
        nation_off = math.copysign(min(abs(error.nation), _LARGEST_ERROR * nation), error.nation)
        self.log_odds = spread(measured - own, self._weights, offsets)
        self._nation = log_odds_of(nation - nation_off)
        self._by_contacts = np.zeros(len(city.districts))
        self._true = self._true_start = self._truth()
        # The survey of the start found the measured value; its errors by district add up to that.
        found_by_district = self._true.districts + error.districts - (off - own)
        self._survey = self._survey_start = Shares(found_by_district, nation)
        self._surveyed_on = 0

    def _make_contrasts(self, urban: Floats) -> dict[str, Floats]:
        """Weights by district whose sum over shares is the city's value or a gap."""
        weights, zones = self._weights, [d.zone for d in self.city.districts]
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
        city, section = self.city, self._section
        slope = city.draw[section.slope]
        trend = slope + city.draw[section.deviation]
        chance = city.draw[section.district_noise] * self._chance.years()
        previous = city.draw[section.previous_year]
        surveys = {survey.year: survey for survey in section.surveys}
        contacts = _Contacts(self)
        before = contacts.usual
        for index, day in enumerate(city.calendar.year_ends):
            yield city.clock.at(day, Phase.ACCOUNTING)  # after all that reaches people on this day
            now = contacts.of_year(index)
            learned = contacts.effect(previous * before + (1.0 - previous) * now)
            before = now
            self._by_contacts += learned
            self.log_odds += trend + learned + chance[index]
            self._nation += slope
            self._true = self._truth()
            self._tell("moved on", self._true)
            year = city.calendar.years[index]
            if year in surveys:
                survey = surveys[year]
                error = self._errors(self._true, survey.city, survey.nation, index + 1)
                self._survey = Shares(
                    self._true.districts + error.districts, self._true.nation + error.nation
                )
                self._surveyed_on = day
                self._tell("surveyed", self._survey)
                city.books.changed("literacy")

    def _errors(self, shares: Shares, city: str, nation: str, survey: int) -> Shares:
        """Sampling errors of a survey: its sample is spread over the districts by population."""
        draw = self.city.draw
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

    def _tell(self, event: str, shares: Shares) -> None:
        if self.city.tracing:
            own = float(self._weights @ shares.districts)
            detail = f"city {own:.2f} %, nation {shares.nation:.2f} %"
            self.city.log("assessment", "literacy", event, detail)

    # ------------------------------------------------------------------ what is measured

    def _value(self, what: str, now: Shares, start: Shares) -> float:
        """A target or level, in percentage points or per cent."""
        match what:
            case "nation":
                return now.nation
            case "gap":
                return now.nation - float(self._weights @ now.districts)
            case "city":
                return float(self._weights @ now.districts)
        return float(self._contrasts[what] @ (now.districts - start.districts))

    def reader(self, row: TargetRow) -> Callable[[], float]:
        """What the latest survey says; before the first one the target's baseline."""
        what, baseline = _count(row), self.city.baseline(row.target)
        return lambda: (
            baseline
            if self._survey is self._survey_start
            else self._value(what, self._survey, self._survey_start)
        )

    @classmethod
    def has_districts(cls, row: TargetRow) -> bool:
        """Only the gain exists by district."""
        return _count(row) == "gain"

    def by_district(self, row: TargetRow) -> list[float]:
        """True gain since the start by district: no survey is large enough to see it."""
        gains: list[float] = (self._true.districts - self._true_start.districts).tolist()
        return gains

    def readings(self) -> list[float]:
        """Survey values, on the days of surveys, and true values of all targets and levels."""
        surveyed = self.city.clock.today == self._surveyed_on
        values = []
        for what in (*COUNTS, *LEVELS):
            survey = self._value(what, self._survey, self._survey_start) if surveyed else math.nan
            values += [survey, self._value(what, self._true, self._true_start)]
        return values

    def unmet(self, row: TargetRow, missing: int) -> dict[str, int]:
        """Everything missing has one cause.

        The survey's error, if the true value attains; the contacts, if it would have attained with
        those of the start; else the trend, chance included.
        """
        what = _count(row)
        without = self._truth(self.log_odds - self._by_contacts)
        if row.attained(self._value(what, self._true, self._true_start)):
            return {"survey_error": missing}
        if row.attained(self._value(what, without, self._true_start)):
            return {"exposure": missing}
        return {"trend": missing}


class _Contacts:
    """Contacts per resident and year, by kind and district, and what they do to literacy.

    Attributes:
        usual: array (kinds, districts) of the start: of facilities at full service, of what others
            say was usual, and of what comes from elsewhere.
    """

    def __init__(self, literacy: Literacy) -> None:
        city, section = literacy.city, literacy._section
        self._kinds = [kind for kind in KINDS if kind in section.contacts]
        self._counted = city.exposure.contacts
        self._residents = literacy._residents
        specs = [section.contacts[kind] for kind in self._kinds]
        names = [spec.elsewhere for spec in specs]
        self._elsewhere = np.array([[0.0 if n is None else city.draw[n]] for n in names])
        self._effects = np.array([city.draw[spec.effect] for spec in specs])
        usual = [_usual(city, kind) for kind in self._kinds]
        self.usual = np.array(usual) / self._residents + self._elsewhere
        # A kind that reached nobody at the start has no scale to be measured by, and no effect.
        scale = self.usual @ literacy._weights
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

    def __init__(self, city: City) -> None:
        self._city = city
        self._places: Keys = entity_keys("literacy", [d.adcode for d in city.districts])
        self._nation: Keys = entity_keys("literacy", [city.plan.spec.city_code])

    def years(self) -> Floats:
        """By year and district."""
        years = np.arange(len(self._city.calendar.years))[:, None]
        return self._normal("literacy/years", self._places, years)

    def survey(self, number: int) -> tuple[Floats, float]:
        """Of the survey of the start (0) or of the end of a year (from 1): districts, nation."""
        keys = np.concatenate((self._places, self._nation))
        normal = self._normal("literacy/survey", keys, number)
        return normal[:-1], float(normal[-1])

    def _normal(self, purpose: str, keys: Keys, k: npt.ArrayLike) -> Floats:
        from scipy.special import ndtri

        normal: Floats = ndtri(self._city.streams.uniform(purpose, keys, k))
        return normal


def _usual(city: City, kind: str) -> Floats:
    """Contacts a year that the city itself brought at the start, by district."""
    usual = np.zeros(len(city.districts))
    for (of, _), rate in rates(city).items():
        if of == kind:
            usual += rate
    for mechanism in city.mechanisms.values():
        usual += mechanism.usual_contacts(kind)
    return usual


def _mean_over(weights: Floats, chosen: npt.NDArray[np.bool_]) -> Floats:
    """Weights of the mean over the chosen places; zeros if there are none."""
    inside = np.where(chosen, weights, 0.0)
    total = float(inside.sum())
    return inside / total if total else inside


def _count(row: TargetRow) -> str:
    measure = row.spec.measured_by
    assert isinstance(measure, LiteracyMeasure), "the books ask for literacy"
    return measure.count
