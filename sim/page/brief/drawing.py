"""A page of a picture as an SVG that stands in a page of HTML.

It has attributes in place of styles, which the page's policy would refuse, the page's own font, and
identifiers that no other drawing of the page has.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from sim.page.picture.colours import INK
from sim.page.picture.sheet import HEIGHT, SMALL, WIDTH, Area, Drawn, Sheet, Spot, Stroke, Text

if TYPE_CHECKING:
    from sim.page.picture.colours import Shape

_POINTS = 72.0  # of an inch, the unit of the drawing
_HATCH = 6  # points between the lines of a hatch
_ANCHORS = {"left": "", "center": "middle", "right": "end"}
_Hatch = tuple[str, str]
"""Colours of the ground and of the lines on it."""

_CORNERS: dict[Shape, Sequence[tuple[float, float]]] = {  # of size 1, y downwards
    "diamond": ((0.0, -0.7), (0.7, 0.0), (0.0, 0.7), (-0.7, 0.0)),
    "square": ((-0.5, -0.5), (0.5, -0.5), (0.5, 0.5), (-0.5, 0.5)),
    "up": ((0.0, -0.5), (0.5, 0.5), (-0.5, 0.5)),
    "down": ((0.0, 0.5), (0.5, -0.5), (-0.5, -0.5)),
    "right": ((0.5, 0.0), (-0.5, 0.5), (-0.5, -0.5)),
    "left": ((-0.5, 0.0), (0.5, -0.5), (0.5, 0.5)),
    "plus": (
        (-0.2, -0.55), (0.2, -0.55), (0.2, -0.2), (0.55, -0.2), (0.55, 0.2), (0.2, 0.2),
        (0.2, 0.55), (-0.2, 0.55), (-0.2, 0.2), (-0.55, 0.2), (-0.55, -0.2), (-0.2, -0.2),
    ),
}  # fmt: skip


def svg(sheet: Sheet, name: str, title: str) -> str:
    """A page as the text of an element ``svg``.

    Args:
        name: distinct on the page, the beginning of all identifiers.
        title: what it shows, for those who cannot see it.
    """
    hatches: dict[_Hatch, str] = {}
    marks = "".join(_element(mark, name, hatches) for mark in sheet.marks)
    patterns = "".join(_pattern(own, *hatch) for hatch, own in hatches.items())
    defs = f"<defs>{patterns}</defs>" if patterns else ""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_at(WIDTH)} {_at(HEIGHT)}" '
        f'role="img" aria-labelledby="{name}-title" font-size="{SMALL:g}" fill="{INK}">'
        f'<title id="{name}-title">{escape(title)}</title>{defs}{marks}</svg>'
    )


def _element(mark: Drawn, name: str, hatches: dict[_Hatch, str]) -> str:
    """A mark; a hatch that it needs is put among those of the page, with its identifier."""
    if isinstance(mark, Text):
        line = mark.line
        return _tag(
            "text",
            {
                "x": _at(mark.x),
                "y": _at(mark.baseline),
                "class": "bold" if line.bold else "",
                "font-size": "" if line.size == SMALL else f"{line.size:g}",
                "text-anchor": _ANCHORS[mark.align],
                "fill": "" if line.colour == INK else line.colour,
            },
            escape(line.text),
        )
    if isinstance(mark, Area):
        fill = mark.colour
        if mark.hatch:
            own = hatches.setdefault((mark.colour, mark.hatch), f"{name}-hatch{len(hatches)}")
            fill = f"url(#{own})"
        opacity = "" if mark.alpha == 1.0 else f"{mark.alpha:g}"
        return _tag("path", {"d": f"{_way(mark.points)}z", "fill": fill, "opacity": opacity})
    if isinstance(mark, Spot):
        look = {"fill": mark.fill, "stroke": mark.colour, "stroke-width": f"{mark.rim:g}"}
        if mark.shape == "circle":
            place = {"cx": _at(mark.x), "cy": _at(mark.y), "r": f"{mark.size / 2.0:g}"}
            return _tag("circle", {**place, **look})
        size = mark.size / _POINTS
        corners = [(mark.x + size * x, mark.y + size * y) for x, y in _CORNERS[mark.shape]]
        return _tag("path", {"d": f"{_way(corners)}z", **look})
    assert isinstance(mark, Stroke)
    return _tag(
        "path",
        {
            "d": _way(mark.points),
            "fill": "none",
            "stroke": mark.colour,
            "stroke-width": f"{mark.width:g}",
            "stroke-dasharray": "" if mark.dash is None else "{:g} {:g}".format(*mark.dash),
            "stroke-linecap": "round" if mark.round and mark.dash is None else "",
            "stroke-opacity": "" if mark.alpha == 1.0 else f"{mark.alpha:g}",
        },
    )


def _tag(name: str, attributes: dict[str, str], content: str = "") -> str:
    """An element with those attributes that are not empty, which hold no sign to be escaped."""
    told = "".join(f' {key}="{value}"' for key, value in attributes.items() if value)
    return f"<{name}{told}>{content}</{name}>" if content else f"<{name}{told}/>"


def _pattern(name: str, ground: str, line: str) -> str:
    """Lines of one colour on a ground of another."""
    square = f'width="{_HATCH}" height="{_HATCH}"'
    return (
        f'<pattern id="{name}" patternUnits="userSpaceOnUse" {square} '
        f'patternTransform="rotate(45)"><rect {square} fill="{ground}"/>'
        f'<rect width="1" height="{_HATCH}" fill="{line}"/></pattern>'
    )


def _at(inches: float) -> str:
    return f"{_POINTS * inches:.1f}".removesuffix(".0")


def _way(points: Sequence[tuple[float, float]]) -> str:
    """A way through points: the first one, then steps from each to the next."""
    ends = [(round(10.0 * _POINTS * x), round(10.0 * _POINTS * y)) for x, y in points]
    steps = [(x - a, y - b) for (a, b), (x, y) in pairwise(ends)]
    first, *others = (f"{x / 10:g} {y / 10:g}" for x, y in [ends[0], *steps])
    return f"M{first}" + (f"l{' '.join(others)}" if others else "")
