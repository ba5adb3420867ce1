"""Pages become files: PNG by matplotlib's rasteriser, and SVG, the same bytes for the same page.

Both are drawn mark by mark with the shipped font, never with the reader's settings. In an SVG, text
stays text, and every mark is a group whose id is the mark's name. Matplotlib's figures and artists
are left out: they cost four times as much as what they draw.
"""

from __future__ import annotations

import math
import struct
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape, quoteattr

import matplotlib
import numpy as np
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.font_manager import FontProperties
from matplotlib.path import Path as Outline
from matplotlib.transforms import Affine2D

from sim.answer.figures import Stamp
from sim.page.font import FAMILY, chart_font
from sim.page.picture.colours import PAPER, Shape
from sim.page.picture.sheet import HEIGHT, WIDTH, Area, Drawn, Sheet, Spot, Stroke, Text
from sim.study.files import replacing

DPI = 150
FALLBACKS = ("Noto Sans SC", "Source Han Sans SC", "Microsoft YaHei", "PingFang SC")
"""Fonts that an SVG names after the shipped one, for machines that do not have it."""

_POINTS = 72.0  # of an inch, the unit of an SVG
_HATCH = 6.0  # points between the lines of a hatch, each of one point
_FAST = 1  # of zlib: on pages of few colours as small as the slow levels, after no filter
_DIAGONAL = math.sqrt(0.5)
_POLYGONS: dict[Shape, Sequence[tuple[float, float]]] = {  # of size 1, y downwards
    "diamond": ((0.0, -_DIAGONAL), (_DIAGONAL, 0.0), (0.0, _DIAGONAL), (-_DIAGONAL, 0.0)),
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


@contextmanager
def picture_style() -> Iterator[None]:
    """Use matplotlib's defaults and the house style, whatever the reader's settings are."""
    backend = ("backend", "backend_fallback")
    settings: dict[Any, Any] = {
        key: value for key, value in matplotlib.rcParamsDefault.items() if key not in backend
    }
    settings |= {
        "text.hinting": "none",  # letters as wide as the layout reckons
        "hatch.linewidth": 1.0,
    }
    with matplotlib.rc_context(settings):
        yield


def save(sheet: Sheet, stem: Path, stamp: Stamp) -> list[Path]:
    """Write ``stem``.png (150 dpi) and ``stem``.svg, which name result and command; return both.

    The files hold no date and no version, so equal results give equal bytes. Call within
    :func:`picture_style`.
    """
    png, svg = (stem.with_name(f"{stem.name}.{ending}") for ending in ("png", "svg"))
    title = f"kepusim: {stem.name}"
    about = {"Title": title, "Software": "kepusim", "result_hash": stamp.result_hash}
    if stamp.command:
        about["command"] = stamp.command
    with replacing(png) as part:
        part.write_bytes(as_png(sheet, about))
    with replacing(svg) as part:
        part.write_text(as_svg(sheet, about), encoding="utf-8")
    return [png, svg]


# ------------------------------------------------------------------ PNG


def as_png(sheet: Sheet, about: dict[str, str]) -> bytes:
    """A page as the bytes of a PNG, with what is said about it."""
    pixels = drawing(sheet)
    height, width, channels = pixels.shape
    rows = np.zeros((height, 1 + width * channels), np.uint8)  # each begins with its filter: none
    for channel in range(channels):
        rows[:, 1 + channel :: channels] = pixels[:, :, channel]
    metre = round(DPI / 0.0254)
    chunks = [
        (b"IHDR", struct.pack(">2I5B", width, height, 8, 2, 0, 0, 0)),
        (b"pHYs", struct.pack(">2IB", metre, metre, 1)),
        *(_said(key, text) for key, text in about.items()),
        (b"IDAT", zlib.compress(rows.tobytes(), _FAST)),
        (b"IEND", b""),
    ]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in chunks
    )


def _said(key: str, text: str) -> tuple[bytes, bytes]:
    """A chunk that says something about a picture; only one kind of it takes Chinese."""
    try:
        return b"tEXt", f"{key}\0{text}".encode("latin-1")
    except UnicodeEncodeError:
        return b"iTXt", f"{key}\0\0\0\0\0{text}".encode()


def drawing(sheet: Sheet) -> np.ndarray[Any, np.dtype[np.uint8]]:
    """A page as pixels (rows, columns, red-green-blue); call within :func:`picture_style`."""
    raster = _Raster()
    for mark in sheet.marks:
        raster.draw(mark)
    return raster.pixels


class _Raster:
    """Draws marks into pixels."""

    def __init__(self) -> None:
        width, height = round(WIDTH * DPI), round(HEIGHT * DPI)
        self._renderer: Any = RendererAgg(width, height, DPI)  # type: ignore[no-untyped-call]
        self._page = Affine2D().scale(DPI, -DPI).translate(0.0, height)
        paper = [(0.0, 0.0), (WIDTH, 0.0), (WIDTH, HEIGHT), (0.0, HEIGHT)]
        self.draw(Area("paper", paper, PAPER))

    @property
    def pixels(self) -> np.ndarray[Any, np.dtype[np.uint8]]:
        return np.asarray(self._renderer.buffer_rgba())[:, :, :3]

    def draw(self, mark: Drawn) -> None:
        renderer = self._renderer
        context = renderer.new_gc()
        if isinstance(mark, Text):
            line = mark.line
            context.set_foreground(line.colour)
            x, y = mark.box.left * DPI, mark.baseline * DPI
            renderer.draw_text(context, x, y, line.text, _properties(line.size, line.bold), 0.0)
        elif isinstance(mark, Area):
            context.set_linewidth(0.0)
            context.set_alpha(mark.alpha)
            if mark.hatch:
                context.set_hatch("////")
                context.set_hatch_color(mark.hatch)
            outline = Outline([*mark.points, mark.points[0]], closed=True)
            renderer.draw_path(context, outline, self._page, _colour(mark.colour))
        elif isinstance(mark, Spot):
            context.set_foreground(mark.colour)
            context.set_linewidth(mark.rim)
            context.set_joinstyle("miter")
            size = renderer.points_to_pixels(mark.size)
            outline, shape = _outline(mark.shape), Affine2D().scale(size, -size)
            place = Outline([(mark.x, mark.y)])
            fill = _colour(mark.fill)
            renderer.draw_markers(context, outline, shape, place, self._page, fill)
        else:
            assert isinstance(mark, Stroke)
            context.set_foreground(mark.colour)
            context.set_alpha(mark.alpha)
            context.set_linewidth(mark.width)
            context.set_capstyle("round" if mark.round and mark.dash is None else "butt")
            context.set_joinstyle("round")
            if mark.dash is not None:
                context.set_dashes(0.0, list(mark.dash))
            renderer.draw_path(context, Outline(mark.points), self._page)
        context.restore()


@cache
def _properties(size: float, bold: bool) -> FontProperties:
    return FontProperties(family=[chart_font()], size=size, weight="bold" if bold else "normal")


@cache
def _colour(colour: str) -> tuple[float, float, float]:
    return tuple(part / 255.0 for part in bytes.fromhex(colour[1:]))  # type: ignore[return-value]


@cache
def _outline(shape: Shape) -> Outline:
    if shape == "circle":
        return Outline.unit_circle().transformed(Affine2D().scale(0.5))
    points = _POLYGONS[shape]
    return Outline([*points, points[0]], closed=True)


# ------------------------------------------------------------------ SVG

_FONTS = ", ".join((*(f"'{name}'" for name in (FAMILY, *FALLBACKS)), "sans-serif"))
_ANCHORS = {"left": "start", "center": "middle", "right": "end"}
_HEAD = """<?xml version="1.0" encoding="utf-8" standalone="no"?>
<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" \
width="{width}pt" height="{height}pt" viewBox="0 0 {width} {height}" version="1.1">
<title>{title}</title>
<metadata><rdf:RDF xmlns:dc="http://purl.org/dc/elements/1.1/" \
xmlns:cc="http://creativecommons.org/ns#" xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<cc:Work><dc:title>{title}</dc:title>{about}\
<dc:format>image/svg+xml</dc:format></cc:Work>
</rdf:RDF></metadata>
"""


def as_svg(sheet: Sheet, about: Mapping[str, str]) -> str:
    """A page as the text of an SVG."""
    size = {"width": f"{WIDTH * _POINTS:g}", "height": f"{HEIGHT * _POINTS:g}"}
    shapes: dict[str, str] = {}
    marks = [_element(mark, shapes) for mark in sheet.marks]
    return "\n".join([
        _HEAD.format(**size, title=escape(about["Title"]), about=_credits(about)),
        f"<defs>{''.join(shapes.values())}</defs>",
        f'<rect width="{size["width"]}" height="{size["height"]}" style="fill: {PAPER}"/>',
        *marks,
        "</svg>\n",
    ])  # fmt: skip


def _credits(about: Mapping[str, str]) -> str:
    """Which result a picture shows, and the command that gives it."""
    said = f"<dc:description>result_hash {escape(about['result_hash'])}</dc:description>"
    if "command" in about:
        said += f"<dc:source>{escape(about['command'])}</dc:source>"
    return said


def _element(mark: Drawn, shapes: dict[str, str]) -> str:
    """A mark as a group; what it takes from elsewhere in the file is put into ``shapes``."""
    if isinstance(mark, Text):
        line = mark.line
        bold = "font-weight: 700; " if line.bold else ""
        style = (
            f"{bold}font-size: {line.size:g}px; font-family: {_FONTS}; "
            f"text-anchor: {_ANCHORS[mark.align]}; fill: {line.colour}"
        )
        place = f'x="{_length(mark.x)}" y="{_length(mark.baseline)}"'
        own = f'<text style="{style}" {place}>{escape(line.text)}</text>'
    elif isinstance(mark, Area):
        fill = mark.colour if not mark.hatch else f"url(#{_hatch(mark, shapes)})"
        opacity = f"; opacity: {mark.alpha:g}" if mark.alpha < 1.0 else ""
        own = f'<path d="{_way(mark.points)} z" style="fill: {fill}{opacity}"/>'
    elif isinstance(mark, Spot):
        name = f"{mark.shape}{mark.size:g}"
        shapes[name] = f'<path id="{name}" d="{_shape(mark.shape, mark.size)} z"/>'
        style = f"fill: {mark.fill}; stroke: {mark.colour}; stroke-width: {mark.rim:g}"
        place = f'x="{_length(mark.x)}" y="{_length(mark.y)}"'
        own = f'<use xlink:href="#{name}" {place} style="{style}"/>'
    else:
        assert isinstance(mark, Stroke)
        style = f"fill: none; stroke: {mark.colour}; stroke-width: {mark.width:g}"
        if mark.dash is not None:
            style += f"; stroke-dasharray: {mark.dash[0]:g},{mark.dash[1]:g}"
        elif mark.round:
            style += "; stroke-linecap: round"
        if mark.alpha < 1.0:
            style += f"; stroke-opacity: {mark.alpha:g}"
        own = f'<path d="{_way(mark.points)}" style="{style}; stroke-linejoin: round"/>'
    return f"<g id={quoteattr(mark.name)}>{own}</g>"


def _length(inches: float) -> str:
    return f"{_POINTS * inches:.6f}".rstrip("0").rstrip(".")


def _way(points: Sequence[tuple[float, float]]) -> str:
    return "M " + " L ".join(f"{_length(x)} {_length(y)}" for x, y in points)


def _shape(shape: Shape, size: float) -> str:
    if shape != "circle":
        return _way([(size * x / _POINTS, size * y / _POINTS) for x, y in _POLYGONS[shape]])
    arc = f"A {size / 2:g} {size / 2:g} 0 0 1"
    return f"M {-size / 2:g} 0 {arc} {size / 2:g} 0 {arc} {-size / 2:g} 0"


def _hatch(mark: Area, shapes: dict[str, str]) -> str:
    """The name of a pattern: lines of one colour on a ground of another."""
    name = f"hatch{mark.hatch}{mark.colour}".replace("#", "-")
    shapes[name] = (
        f'<pattern id="{name}" patternUnits="userSpaceOnUse" width="{_HATCH:g}" '
        f'height="{_HATCH:g}" patternTransform="rotate(45)">'
        f'<rect width="{_HATCH:g}" height="{_HATCH:g}" style="fill: {mark.colour}"/>'
        f'<rect width="1" height="{_HATCH:g}" style="fill: {mark.hatch}"/></pattern>'
    )
    return name
