"""What a meaning looks like: one meaning has one colour in all pictures.

The colours are Okabe and Ito's ("Color Universal Design", 2008), told apart by readers of any
colour vision. Meanings that stand in one picture differ in lightness, in dashes or in the shape of
their dots as well, so that a grey copy can be read.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Literal

from sim.answer.figures import Role

INK, MUTED, FAINT, GRID, PAPER = "#1A1A1A", "#5F5F5F", "#9A9A9A", "#DDDDDD", "#FFFFFF"
BLUE, VERMILION, ORANGE, SKY = "#0072B2", "#D55E00", "#E69F00", "#56B4E9"
GREEN, PURPLE, GREY, YELLOW = "#009E73", "#CC79A7", "#6B6B6B", "#F0E442"

Shape = Literal["circle", "diamond", "square", "up", "down", "right", "left", "plus"]
Dash = tuple[float, float] | None

_LIGHTEST = 0.85  # share of white that no tint reaches
_HATCHED = 0.65  # share of white under a hatch
_PALE, _DEEP = 0.08, 0.92  # share of the full colour at the ends of a heat map
_CONTRAST = 4.5  # least contrast of words (WCAG 2.2, 1.4.3)


@dataclass(frozen=True)
class Look:
    """A colour, the dashes of its lines (points on and off), and the shape of its dots."""

    colour: str
    dash: Dash = None
    shape: Shape = "circle"


LOOKS: dict[Role, Look] = {
    "met": Look(BLUE),
    "missed": Look(VERMILION, (6, 2.5), "square"),
    "likely": Look(BLUE),
    "open": Look(GREY, shape="diamond"),
    "unlikely": Look(VERMILION, shape="down"),
    "counts": Look(BLUE),
    "other": Look(GREY, (6, 2.5), "diamond"),
    "more": Look(BLUE),
    "less": Look(VERMILION),
    "same": Look(GREY),
    "reference": Look(INK, (1.5, 2)),
    "goal": Look(INK, (4, 3)),
    "sum": Look(ORANGE, shape="up"),
    "level1": Look(INK),
    "level2": Look(PURPLE, shape="square"),
    "level3": Look(GREEN, shape="up"),
    "level4": Look(FAINT, shape="diamond"),
    "series1": Look(BLUE),
    "series2": Look(VERMILION, (6, 2.5), "square"),
    "series3": Look(GREEN, (2, 2), "up"),
    "series4": Look(ORANGE, (8, 2), "diamond"),
    "series5": Look(PURPLE, (4, 2), "down"),
    "series6": Look(SKY, (1, 2), "right"),
    "series7": Look(GREY, (6, 4), "left"),
    "series8": Look(INK, (3, 1), "plus"),
    "money": Look(ORANGE),
    "people": Look(GREEN),
    "choice": Look(PURPLE),
    "date": Look(FAINT),
    "room": Look(SKY),
    "growth": Look(BLUE),
    "loss": Look(VERMILION),
    "rest": Look("#EBEBEB"),
    "usual": Look("#DCE5EC"),
    "public": Look("#2B6A6C"),
    "social": Look("#D9A441", (6, 2.5), "square"),
}


@dataclass(frozen=True)
class Fill:
    """How an area is filled: a colour, and lines of another where ``hatch`` is one."""

    colour: str
    hatch: str | None = None


def fills(parts: Sequence[tuple[Hashable, Role, bool]]) -> dict[Hashable, Fill]:
    """The fill of each of ``parts`` (what it is, its role, whether hatched); no two are alike.

    Parts of one role get lighter and lighter in their order; hatched ones stand on a light ground.
    """
    alike: dict[tuple[Role, bool], list[Hashable]] = {}
    for part, role, hatched in parts:
        members = alike.setdefault((role, hatched), [])
        if part not in members:
            members.append(part)
    chosen: dict[Hashable, Fill] = {}
    for (role, hatched), members in alike.items():
        hue = LOOKS[role].colour
        for number, part in enumerate(members):
            white = _LIGHTEST * number / len(members)
            if hatched:
                white = _HATCHED + (1.0 - _HATCHED) * white
            chosen[part] = Fill(mixed(hue, white), hue if hatched else None)
    return chosen


def heat(value: float, low: float, high: float, role: Role = "more") -> str:
    """The colour of a cell: the deeper the larger; losses have a colour of their own.

    With a negative ``low`` the scale goes from both ends to nothing at zero; otherwise ``role`` is
    what much of it is.
    """
    if low < 0.0 <= high:
        strength = min(abs(value) / max(-low, high), 1.0)
        hue = BLUE if value >= 0.0 else VERMILION
    else:
        strength = min(max((value - low) / ((high - low) or 1.0), 0.0), 1.0)
        hue = LOOKS[role].colour
    return mixed(hue, 1.0 - (_PALE + (_DEEP - _PALE) * strength))


def mixed(colour: str, white: float) -> str:
    """A colour mixed with a share of white."""
    parts = (white * 255.0 + (1.0 - white) * part for part in _parts(colour))
    return "#" + "".join(f"{round(part):02X}" for part in parts)


def ink_on(colour: str) -> str:
    """The colour of words that can be read on a ground: white or ink, whichever stands out more."""
    light = luminance(colour)
    white, dark = 1.05 / (light + 0.05), (light + 0.05) / (luminance(INK) + 0.05)
    return PAPER if white >= min(_CONTRAST, dark) else INK


def luminance(colour: str) -> float:
    """Relative luminance, 0 to 1, as WCAG 2.2 defines it."""
    linear = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in (part / 255.0 for part in _parts(colour))
    )
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def words_in(role: Role) -> str:
    """The colour of words that belong to a role: its own, as dark as it takes to be read."""
    colour = LOOKS[role].colour
    while 1.05 / (luminance(colour) + 0.05) < _CONTRAST:
        colour = "#" + "".join(f"{round(0.95 * part):02X}" for part in _parts(colour))
    return colour


def _parts(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)
