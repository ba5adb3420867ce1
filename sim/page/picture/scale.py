"""Where values stand on a page: scales of axes, round ticks, and how ticks are written."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from sim.answer.blocks import Form
from sim.answer.figures import Axis
from sim.page.font import text_width
from sim.page.picture.sheet import POINT, SMALL
from sim.words import Quantity, Speech, Yuan

WIDE = 30.0
"""Ratio of the largest to the smallest value from which an axis of wide ones is logarithmic."""

CHANCES = (0.0, 0.25, 0.5, 0.75, 1.0)
_DECADES = 1e6  # ratio of values that an axis can show beside zero
_NOTHING = 1e-200  # the least that an axis can show
_LONG = 1e5  # from here on ticks are written in words
_APART = 0.14  # inches between the names of two ticks
_YEARS = 0.06  # inches between the names of two years
_FREE = 0.04  # share of an axis beyond the outermost values


@dataclass(frozen=True)
class Scale:
    """Values from ``low`` to ``high`` along a line from ``start`` to ``stop`` (inches).

    Attributes:
        linear: up to where values are drawn in proportion around zero, and by their logarithm
            beyond; None for an axis in proportion throughout, zero for a logarithmic one.
    """

    low: float
    high: float
    start: float
    stop: float
    linear: float | None = None

    def _place(self, value: float) -> float:
        if self.linear is None:
            return value
        if self.linear == 0.0:
            return math.log(max(value, 1e-300))
        return math.copysign(math.log1p(abs(value) / self.linear), value)

    def __call__(self, value: float) -> float:
        """Where a value stands; one beyond the axis at its end."""
        low, high = self._place(self.low), self._place(self.high)
        place = self._place(min(max(value, self.low), self.high))
        return self.start + (self.stop - self.start) * (place - low) / ((high - low) or 1.0)

    def holds(self, value: float) -> bool:
        """Whether a value is within the axis, but for the last bits of a float."""
        slack = 1e-9 * max(abs(self.low), abs(self.high))
        return self.low - slack <= value <= self.high + slack

    def ends(self, low: float | None, high: float | None) -> tuple[float, float]:
        """Where an interval begins and ends; an open end is that of the axis."""
        return self(self.low if low is None else low), self(self.high if high is None else high)


def scale_of(axis: Axis, values: Iterable[float], start: float, stop: float) -> Scale:
    """The scale of an axis that shows ``values``, with some room beyond them."""
    own = [float(value) for value in values if not math.isnan(value) and math.isfinite(value)]
    own += [end for end in axis.ends if end is not None]
    linear = _linear_part(axis, own)
    if axis.form == "chance" and not own:
        own = [0.0, 1.0]
    low, high = min(own, default=0.0), max(own, default=1.0)
    if linear == 0.0:
        room = max((high / low) ** _FREE, 1.05)
        ends = [low / room, high * room]
    else:
        room = _FREE * ((high - low) or abs(high) or 1.0)
        ends = [low - room, high + room]
        # A value that cannot be negative gets no room below zero unless zero is in view.
        if low >= 0.0 > ends[0]:
            ends[0] = 0.0 if low > 0.0 else -0.5 * room
    for place, fixed in enumerate(axis.ends):
        outermost = fixed == (low, high)[place]
        if fixed is not None and outermost and axis.form != "chance":
            ends[place] = fixed
    if axis.form == "chance":
        ends = [min(low, 0.0) - 0.03, max(high, 1.0) + 0.03]
    return Scale(ends[0], max(ends[1], ends[0] + _NOTHING), start, stop, linear)


def _linear_part(axis: Axis, values: Sequence[float]) -> float | None:
    sizes = [abs(value) for value in values if value]
    if axis.scale == "linear" or not sizes:
        return None
    if axis.scale == "wide" and max(sizes) < WIDE * min(sizes):
        return None
    # Next to nothing is drawn as nothing: an axis has room for some decades only.
    least = max(sizes) / _DECADES
    return 0.0 if min(values) > least else max(min(sizes), least)


# ------------------------------------------------------------------ ticks


def ticks(scale: Scale, axis: Axis, speech: Speech, most: int = 6) -> list[tuple[float, str]]:
    """Round values on a scale and their names, no more than ``most``, in their order.

    Names along a horizontal axis must not touch: see :func:`spread`.
    """
    if axis.ticks:
        return [(value, speech.text(name)) for value, name in axis.ticks if scale.holds(value)]
    if axis.form == "chance":
        guides = CHANCES if most > 4 else (0.0, 0.5, 1.0)
        return [(guide, _percent(guide, speech)) for guide in guides if scale.holds(guide)]
    values = _logarithmic(scale, most) if scale.linear is not None else _round(scale, axis, most)
    return list(zip(values, names(values, axis.form, speech), strict=True))


def spread(
    scale: Scale,
    axis: Axis,
    speech: Speech,
    most: int = 6,
    bounds: tuple[float, float] = (-math.inf, math.inf),
) -> list[tuple[float, str]]:
    """Ticks for a horizontal axis: as many as can be named without touching.

    Of given ticks all stay, but those that have no room lose their name. ``bounds``: between which
    inches names have to stand, see :func:`moved`.
    """
    if axis.ticks:
        named: list[tuple[float, str]] = []
        for value, name in ticks(scale, axis, speech):
            others = sorted(entry for entry in [*named, (value, name)] if entry[1])
            named.append((value, name if _clear(scale, others, bounds) else ""))
        return sorted(named)
    found = ticks(scale, axis, speech, most)
    while most > 2 and not _clear(scale, found, bounds):
        most -= 1
        found = ticks(scale, axis, speech, most)
    while not _clear(scale, found, bounds):
        found = found[::2]
    return found


def moved(x: float, width: float, bounds: tuple[float, float]) -> float:
    """The middle of a name of some width that wants to stand at ``x``, within bounds."""
    return max(min(x, bounds[1] - width / 2.0), bounds[0] + width / 2.0)


def _clear(scale: Scale, named: Sequence[tuple[float, str]], bounds: tuple[float, float]) -> bool:
    widths = [text_width(name, SMALL) * POINT for _, name in named]
    places = [
        moved(scale(value), width, bounds) for (value, _), width in zip(named, widths, strict=True)
    ]
    return all(
        right - left >= (a + b) / 2.0 + _APART
        for (left, right), (a, b) in zip(pairwise(places), pairwise(widths), strict=True)
    )


def _round(scale: Scale, axis: Axis, most: int) -> list[float]:
    reach = max(scale.high - scale.low, _NOTHING)
    least = reach / max(most - 1, 1)
    power = 10.0 ** math.floor(math.log10(least))
    factors = (1.0, 2.0, 2.5, 5.0, 10.0, 20.0)
    whole = axis.whole
    step = next(
        factor * power
        for factor in factors
        if factor * power >= least * (1.0 - 1e-9)
        and not (whole and not (factor * power).is_integer() and least >= 0.5)
    )
    if whole:
        step = max(step, 1.0)
    slack = 1e-9 * reach
    first, last = (
        math.ceil((scale.low - slack) / step),
        math.floor((scale.high + slack) / step),
    )
    found = [n * step for n in range(first, last + 1)]
    return found if len(found) <= most + 1 else found[::2]


def _logarithmic(scale: Scale, most: int) -> list[float]:
    """Round amounts; at least the middle one where no power of ten lies between the ends."""
    low = scale.low if scale.linear == 0.0 else max(scale.linear or 0.0, 1e-12)
    top = max(scale.high, low * 1.0001)
    powers = range(math.floor(math.log10(low)), math.ceil(math.log10(top)) + 1)
    best: list[float] = []
    for steps in ((1, 2, 5), (1, 3), (1,)):
        found = [step * 10.0**power for power in powers for step in steps]
        best = [value for value in found if low <= value <= top]
        if len(best) <= most:
            break
    while len(best) > max(most, 2):
        best = best[::2]
    if scale.linear:  # around zero
        mirrored = [-value for value in reversed(best) if scale.holds(-value)]
        best = [*mirrored, 0.0, *best] if scale.holds(0.0) else [*mirrored, *best]
        while len(best) > most + 1:
            best = best[::2]
    return best or [float(f"{math.sqrt(low * top):.2g}")]


# ------------------------------------------------------------------ their names


def names(values: Sequence[float], form: Form, speech: Speech) -> list[str]:
    """How the values of an axis are written: alike, with as few decimals as tell them apart."""
    if form in ("chance", "share"):
        return [_percent(value, speech) for value in values]
    if form == "yuan":
        return [_tidy(speech.text(Yuan(round(value)))) for value in values]
    if max(map(abs, values), default=0.0) >= _LONG * 10.0:
        return [_tidy(speech.text(Quantity(value))) if value else "0" for value in values]
    for decimals in range(4):
        if all(abs(value - round(value, decimals)) <= 1e-6 * abs(value) for value in values):
            break
    return [f"{value + 0.0:,.{decimals}f}".replace("-", "−") for value in values]


def _percent(value: float, speech: Speech) -> str:
    sign = "%" if speech.language == "zh" else " %"
    return f"{100.0 * value:.3g}{sign}".replace("-", "−")


def _tidy(text: str) -> str:
    """A round amount without the zeros behind its point: 2 million, not 2.00 million."""
    number, *rest = text.partition(" ") if " " in text else (text, "", "")
    digits = number.rstrip("元万亿")
    unit = number[len(digits) :]
    if "." in digits:
        digits = digits.rstrip("0").rstrip(".")
    return f"{digits}{unit}{''.join(rest)}"


# ------------------------------------------------------------------ dates


@dataclass(frozen=True)
class Calendar:
    """Dates along a line from ``start`` to ``stop`` (inches)."""

    first: dt.date
    last: dt.date
    start: float
    stop: float

    def __call__(self, date: dt.date) -> float:
        """Where a date stands; one beyond the axis at its end."""
        reach = max((self.last - self.first).days, 1)
        day = min(max((date - self.first).days, 0), reach)
        return self.start + (self.stop - self.start) * day / reach

    def begins(self) -> list[dt.date]:
        """The first days of the years in view."""
        days = [dt.date(year, 1, 1) for year in range(self.first.year, self.last.year + 1)]
        return [day for day in days if self.first <= day <= self.last]

    def years(self) -> list[tuple[int, float]]:
        """Years to be named, and the middles of their parts of the line.

        Every other one, or fewer, where all their names would touch; parts of years at the ends
        only if they are long enough for a name.
        """
        width = text_width("2000", SMALL) * POINT
        found = []
        for year in range(self.first.year, self.last.year + 1):
            left = self(max(dt.date(year, 1, 1), self.first))
            right = self(min(dt.date(year, 12, 31), self.last))
            if self.first.year == self.last.year or right - left > 0.7 * width:
                found.append((year, (left + right) / 2.0))
        found = [(year, self._inside(x, width / 2.0)) for year, x in found]
        while any(b[1] - a[1] < width + _YEARS for a, b in pairwise(found)):
            found = found[::2]
        return found

    def _inside(self, x: float, half: float) -> float:
        return min(max(x, self.start + half), max(self.stop - half, self.start + half))
