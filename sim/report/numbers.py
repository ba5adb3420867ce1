"""How numbers are written: thousands separators, long amounts in words, chances in per cent."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from sim.report.words import Language, Tongue, word

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


def likelihood(probability: float) -> str:
    """Return the class of a probability: ``likely``, ``open`` or ``unlikely``."""
    if probability >= LIKELY:
        return "likely"
    return "unlikely" if probability < UNLIKELY else "open"


@dataclass(frozen=True)
class _Scale:
    """A unit of counting (``key`` of the catalogue, None for ones) and a number of decimals."""

    key: str | None
    divisor: float
    decimals: int

    def digits(self, value: float) -> str:
        return f"{value / self.divisor:,.{self.decimals}f}"

    def words(self, digits: str, tongue: Tongue) -> str:
        return digits if self.key is None else word(self.key, tongue).format(number=digits)


def _scale(values: Sequence[float], tongue: Tongue) -> _Scale:
    """Return the scale that writes all values with three significant digits of the largest."""
    largest = max(abs(value) for value in values)
    key, divisor = None, 1.0
    if largest >= _LARGE_UNIT[tongue]:
        key, divisor = "number.large", _LARGE_UNIT[tongue]
    elif largest >= _LONG:
        key, divisor = "number.long", _LONG_UNIT[tongue]
    decimals = _decimals(largest / divisor)
    if all((value / divisor).is_integer() for value in values):
        decimals = 0
    return _Scale(key, divisor, decimals)


def _decimals(largest: float) -> int:
    """Return the number of decimals that leaves three significant digits."""
    return 0 if largest >= 100 else 1 if largest >= 10 else 2


def value_text(value: float, tongue: Tongue) -> str:
    """Write one value; an absent one (NaN) is a dash."""
    if math.isnan(value):
        return word("number.none", tongue)
    scale = _scale([float(value)], tongue)
    return scale.words(scale.digits(value), tongue)


def yuan_text(yuan: int, tongue: Tongue) -> str:
    """Write an amount of money with three significant digits of a long one."""
    for size, key in _MONEY_UNITS[tongue]:
        if abs(yuan) >= size:
            scale = _Scale(key, size, _decimals(abs(yuan) / size))
            return scale.words(scale.digits(yuan), tongue)
    return word("money.yuan", tongue).format(number=f"{yuan:,}")


def days_text(count: int, tongue: Tongue) -> str:
    """Write a number of days."""
    key = "number.day" if count == 1 else "number.days"
    return word(key, tongue).format(count=f"{count:,}")


def replications_text(count: int, tongue: Tongue) -> str:
    """Write a number of replications."""
    key = "number.replication" if count == 1 else "number.replications"
    return word(key, tongue).format(count=f"{count:,}")


def percent_text(probability: float, language: Language) -> str:
    """Write a probability in per cent (Chinese sets the sign tight, English with a space).

    Whole per cents, but never 0 % for the possible, 100 % for the uncertain, or a number on the
    other side of a threshold of :func:`likelihood` (79.7 % must not read 80 %).
    """
    sign = "%" if language == "zh" else " %"
    whole = round(100.0 * probability)
    if whole == 0 and probability > 0.0:
        return f"<1{sign}"
    if whole == 100 and probability < 1.0:
        return f">99{sign}"
    if likelihood(whole / 100.0) != likelihood(probability):
        return f"{math.floor(1000.0 * probability) / 10.0:.1f}{sign}"
    return f"{whole:d}{sign}"


def either_text(first: float, second: float, unit: str, tongue: Tongue) -> str:
    """Write two values of one unit, as in ``64.5 or 44.8 per cent``."""
    scale = _scale([float(first), float(second)], tongue)
    digits = word("reading.either", tongue).format(
        first=scale.digits(first), second=scale.digits(second)
    )
    return _with_unit(scale.words(digits, tongue), unit, tongue)


def _with_unit(number: str, unit: str, tongue: Tongue) -> str:
    """Set a unit behind a number: tight in Chinese, with a space in English."""
    gap = "" if tongue == "zh" else " "
    return f"{number}{gap}{unit}".rstrip()
