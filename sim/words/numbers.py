"""How numbers are said: thousands separators, long amounts in words, chances in per cent.

Every class here is a number that knows how it is said in a language; as a number it can be compared
and computed with like any other.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from sim.words.speech import Label, Said, Speech

MINUS = "−"
LIKELY = 0.8  # from this probability on a target counts as likely to be met
UNLIKELY = 0.2  # below it, as unlikely
_LONG = 1e6  # from here on a number is written with a unit of counting
# Smallest amount and its divisor, by language: Chinese counts in 10^4 and 10^8.
_LARGE_UNIT = {"zh": 1e8, "en": 1e9}
_LONG_UNIT = {"zh": 1e4, "en": 1e6}

# The same for money, which Chinese counts in 10^4 from the first ten thousand yuan on.
_MONEY_UNITS = {
    "zh": ((1e8, "money.large"), (1e4, "money.long")),
    "en": ((1e9, "money.large"), (1e6, "money.long")),
}


Form = Literal["number", "share", "yuan"]


@dataclass(frozen=True)
class Measure:
    """What is said in a number, for media that write numbers by themselves.

    Attributes:
        numbers: it, and the ends of its interval or the other value if there are any.
        form: whether they are shares of one, yuan, or counted in ``unit``.
        sign: a comparator before it, as in the plan's targets.
    """

    numbers: tuple[float, ...]
    form: Form = "number"
    sign: str = ""
    unit: Label | Said | None = None


@dataclass(frozen=True)
class Decimal:
    """A number in so many decimals, with its interval if it has one.

    Attributes:
        signs: whether each of them has a sign, as differences have.
    """

    value: float
    low: float | None = None
    high: float | None = None
    decimals: int = 1
    signs: bool = False

    @property
    def numbers(self) -> tuple[float, ...]:
        """The number and the ends of its interval."""
        ends = (self.value, self.low, self.high)
        return tuple(number for number in ends if number is not None)

    def spoken(self, speech: Speech) -> str:
        """As in ``18.4``, or ``+1.2 (−0.3, +2.7)``; the same in every language."""
        texts = [
            signed(number, self.decimals) if self.signs else f"{number:,.{self.decimals}f}"
            for number in self.numbers
        ]
        return texts[0] if len(texts) == 1 else f"{texts[0]} ({', '.join(texts[1:])})"


@dataclass(frozen=True)
class Written:
    """A number that is written in a way of its own, such as in brackets, and what it is."""

    text: Said | str
    measure: Measure

    def spoken(self, speech: Speech) -> str:
        """As it is written."""
        return speech.text(self.text)


def measure(value: object) -> Measure | None:
    """What is said in a number; None for anything else."""
    match value:
        case bool():
            return None
        case Written():
            return value.measure
        case Decimal():
            return Measure(value.numbers)
        case Chance() | Share():
            return Measure((value,), "share")
        case Yuan() | YuanInColumn():
            return Measure((value,), "yuan")
        case ChanceInterval(probability, low, high):
            return Measure((probability, low, high), "share")
        case Goal(comparator, number, unit):
            return Measure((number,), sign=comparator, unit=unit)
        case Quantity(number, unit) | Mean(number, unit):
            return Measure((number,), unit=unit)
        case Either(first, second, unit):
            return Measure((first, second), unit=unit)
        case Interval(middle, low, high):
            return Measure((middle, low, high))
        case int() | float():
            return Measure((value,))
        case _:
            return None


def in_units(own: Measure, speech: Speech) -> tuple[float, str]:
    """What numbers are counted in: a divisor and words, as in (1e9, "billion yuan a year")."""
    scale = _scale(own.numbers, speech)
    return scale.divisor, _with_unit(scale.words("", speech).strip(), own.unit, speech).strip()


def likelihood(probability: float) -> Literal["likely", "open", "unlikely"]:
    """The class of a probability."""
    if probability >= LIKELY:
        return "likely"
    return "unlikely" if probability < UNLIKELY else "open"


# ------------------------------------------------------------------ probabilities and shares


def _percent_sign(speech: Speech) -> str:
    """Chinese sets the sign tight, English with a space."""
    return "%" if speech.language == "zh" else " %"


class Chance(float):
    """A probability, said in whole per cents.

    But never 0 % for the possible, 100 % for the uncertain, or a number on the other side of a
    threshold of :func:`likelihood` (79.7 % must not read 80 %).
    """

    def spoken(self, speech: Speech) -> str:
        """As in ``42 %``."""
        sign = _percent_sign(speech)
        whole = round(100.0 * self)
        if whole == 0 and self > 0.0:
            return f"<1{sign}"
        if whole == 100 and self < 1.0:
            return f">99{sign}"
        if likelihood(whole / 100.0) != likelihood(self):
            return f"{math.floor(1000.0 * self) / 10.0:.1f}{sign}"
        return f"{whole:d}{sign}"


@dataclass(frozen=True)
class ChanceInterval:
    """A probability with its interval."""

    probability: float
    low: float
    high: float

    def spoken(self, speech: Speech) -> str:
        """As in ``42 % (35–49)``."""
        chance = Chance(self.probability).spoken(speech)
        return f"{chance} ({100 * self.low:.0f}–{100 * self.high:.0f})"


@dataclass(frozen=True)
class JudgedChance(ChanceInterval):
    """A probability that is judged by where it lies between ``ends``: it never reads like one.

    Attributes:
        ends: probabilities; what rounds to one of them, or across it, has a decimal.
    """

    ends: tuple[float, ...] = ()

    def spoken(self, speech: Speech) -> str:
        """As in ``49.6 % (43–56)`` if .5 is one of the ends."""
        exact, whole = self.probability, round(100.0 * self.probability) / 100.0
        for end in self.ends:
            if (exact > end, exact < end) != (whole > end, whole < end):
                away = math.ceil if exact > end else math.floor
                tenths = f"{away(round(1000.0 * exact, 6)) / 10.0:.1f}{_percent_sign(speech)}"
                return f"{tenths} ({100 * self.low:.0f}–{100 * self.high:.0f})"
        return super().spoken(speech)


class Share(float):
    """A level or a share, as in ``80 %`` or ``2.5 %``, without the care that a chance needs."""

    def spoken(self, speech: Speech) -> str:
        """As in ``2.5 %``."""
        return f"{100.0 * self:.3g}{_percent_sign(speech)}"


def signed(value: float, decimals: int = 1) -> str:
    """A difference with its sign, as in ``+3.0`` or ``−1.5``; what rounds to nothing has none."""
    digits = f"{abs(value):,.{decimals}f}"
    if not float(digits.replace(",", "")):
        return digits
    return ("+" if value > 0.0 else MINUS) + digits


# ------------------------------------------------------------------ amounts


@dataclass(frozen=True)
class _Scale:
    """A unit of counting (``key`` of the catalogue, None for ones) and a number of decimals."""

    key: str | None
    divisor: float
    decimals: int

    def digits(self, value: float) -> str:
        return f"{value / self.divisor:,.{self.decimals}f}"

    def words(self, digits: str, speech: Speech) -> str:
        return digits if self.key is None else speech(self.key, number=digits)


def _scale(values: Sequence[float], speech: Speech) -> _Scale:
    """The scale that writes all values with three significant digits of the largest."""
    largest = max(abs(value) for value in values)
    key, divisor = None, 1.0
    if largest >= _LARGE_UNIT[speech.language]:
        key, divisor = "number.large", _LARGE_UNIT[speech.language]
    elif largest >= _LONG:
        key, divisor = "number.long", _LONG_UNIT[speech.language]
    decimals = _decimals(largest / divisor)
    if all((value / divisor).is_integer() for value in values):
        decimals = 0
    return _Scale(key, divisor, decimals)


def _decimals(largest: float) -> int:
    """The number of decimals that leaves three significant digits."""
    return 0 if largest >= 100 else 1 if largest >= 10 else 2


def _with_unit(number: str, unit: Label | Said | None, speech: Speech) -> str:
    """A unit behind a number: tight in Chinese, with a space in English."""
    if unit is None:
        return number
    gap = "" if speech.language == "zh" else " "
    return f"{number}{gap}{speech.text(unit)}".rstrip()


@dataclass(frozen=True)
class Quantity:
    """A value and its unit (None: the unit is said elsewhere); an absent one (NaN) is a dash."""

    value: float
    unit: Label | None = None

    def spoken(self, speech: Speech) -> str:
        """As in ``1,234 places``."""
        if math.isnan(self.value):
            return speech("number.none")
        scale = _scale([float(self.value)], speech)
        return _with_unit(scale.words(scale.digits(self.value), speech), self.unit, speech)


@dataclass(frozen=True)
class Mean:
    """A mean amount and its unit: one decimal below ten, words for a long one."""

    value: float
    unit: Label | Said | None = None

    def spoken(self, speech: Speech) -> str:
        """As in ``3.4 places``."""
        digits = f"{self.value:.1f}" if self.value < 9.95 else f"{self.value:,.0f}"
        if self.value >= _LONG:
            digits = Quantity(self.value).spoken(speech)
        return _with_unit(digits, self.unit, speech)


@dataclass(frozen=True)
class Either:
    """One of two values of the same unit."""

    first: float
    second: float
    unit: Label | None = None

    def spoken(self, speech: Speech) -> str:
        """As in ``64.5 or 44.8 per cent``."""
        scale = _scale([float(self.first), float(self.second)], speech)
        digits = speech(
            "number.either", first=scale.digits(self.first), second=scale.digits(self.second)
        )
        return _with_unit(scale.words(digits, speech), self.unit, speech)


@dataclass(frozen=True)
class Interval:
    """A value in the middle and the ends of its interval, with one unit of counting."""

    middle: float
    low: float
    high: float

    def spoken(self, speech: Speech) -> str:
        """As in ``12 (10–15)``; a dash where a value is absent."""
        values = [float(self.middle), float(self.low), float(self.high)]
        if any(math.isnan(value) for value in values):
            return speech("number.none")
        if self.low == self.high:
            return Quantity(self.middle).spoken(speech)
        scale = _scale(values, speech)
        if scale.key is None and values[0].is_integer():  # a count: its percentiles are not
            scale = replace(scale, decimals=0)
        middle, low, high = map(scale.digits, values)
        return scale.words(f"{middle} ({low}–{high})", speech)


class Given(float):
    """A number as somebody gave it: four significant digits at most, none that says nothing."""

    def spoken(self, speech: Speech) -> str:
        """As in ``0.05``, ``1,200`` or ``30万``."""
        return Range(self, self).spoken(speech)


@dataclass(frozen=True)
class Range:
    """The ends of a range that somebody gave, perhaps with what is most likely in it.

    All numbers are counted in one unit, unless the smallest is but a small part of one.
    """

    low: float
    high: float
    mode: float | None = None

    def spoken(self, speech: Speech) -> str:
        """As in ``30–300万`` or ``0.3–3 million``."""
        ends = [self.low] if self.low == self.high else [self.low, self.high]
        inner = [] if self.mode is None else [self.mode]
        scale = _scale([*ends, *inner], speech)
        least = min((abs(each) for each in (*ends, *inner) if each), default=0.0)
        parted = scale.key is not None and least < scale.divisor / 5.0

        def said(numbers: list[float]) -> str:
            if parted:
                return "–".join(Given(number).spoken(speech) for number in numbers)
            digits = "–".join(_given_digits(number / scale.divisor) for number in numbers)
            return scale.words(digits, speech)

        if not inner:
            return said(ends)
        return speech("number.most_likely", range=said(ends), mode=said(inner))


def _given_digits(value: float) -> str:
    """Up to four significant digits, and all those before the point."""
    if not value:
        return "0"
    decimals = max(0, 3 - math.floor(math.log10(abs(value))))
    digits = f"{value:,.{decimals}f}"
    return digits.rstrip("0").rstrip(".") if decimals else digits


@dataclass(frozen=True)
class Goal:
    """A goal: ``comparator``, value and unit."""

    comparator: str
    value: float
    unit: Label | None = None

    def spoken(self, speech: Speech) -> str:
        """As in ``> 1,000 bases``."""
        sign = speech(f"comparator.{self.comparator}")
        return f"{sign} {Quantity(self.value, self.unit).spoken(speech)}"

    def promised(self, value: float, speech: Speech) -> str:
        """A value that is promised, rounded so that no more is promised than was found.

        A number that shall be reached is rounded down, one that shall not be exceeded (``<``) up.
        """
        scale = _scale([float(value)], speech)
        steps = 10.0**scale.decimals * value / scale.divisor
        # Decimal fractions have no exact binary form: 5.8 tenths must not become 5.7.
        less = self.comparator == "<"
        whole = math.ceil(steps - 1e-9) if less else math.floor(steps + 1e-9)
        sign = speech("comparator.<=" if less else "comparator.>=")
        digits = f"{whole / 10.0**scale.decimals:,.{scale.decimals}f}"
        return f"{sign} {scale.words(digits, speech)}"


class Yuan(int):
    """Money, with three significant digits of a long amount."""

    def spoken(self, speech: Speech) -> str:
        """As in ``1.23 billion yuan``."""
        for size, key in _MONEY_UNITS[speech.language]:
            if abs(self) >= size:
                scale = _Scale(key, size, _decimals(abs(self) / size))
                return scale.words(scale.digits(self), speech)
        return speech("money.yuan", number=f"{int(self):,}")


class YuanInColumn(float):
    """Money in a column whose head or caption says the unit: 万元, or million yuan."""

    def spoken(self, speech: Speech) -> str:
        """As in ``12.3``."""
        return f"{self / 1e4:,.0f}" if speech.language == "zh" else f"{self / 1e6:,.1f}"


class Count(int):
    """A number of things."""

    def spoken(self, speech: Speech) -> str:
        """As in ``1,234``."""
        return f"{int(self):,}"


class Days(int):
    """A number of days."""

    def spoken(self, speech: Speech) -> str:
        """As in ``12 days``."""
        return speech("number.days", number=Count(self), count=int(self))


class Replications(int):
    """A number of simulated histories."""

    def spoken(self, speech: Speech) -> str:
        """As in ``200 replications``."""
        return speech("number.replications", number=Count(self), count=int(self))


@dataclass(frozen=True)
class Day:
    """A date; the last one of a year is its end."""

    date: dt.date

    def spoken(self, speech: Speech) -> str:
        """As in ``end of 2018`` or ``30 June 2018``."""
        date = self.date
        if (date.month, date.day) == (12, 31):
            return speech("number.year_end", year=str(date.year))
        name = speech(f"number.month.{date.month}")
        return speech(
            "number.day", year=str(date.year), month=date.month, day=date.day, month_name=name
        )
