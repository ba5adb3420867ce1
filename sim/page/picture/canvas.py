"""Pages become files: PNG and SVG by matplotlib, the same bytes for the same page.

Figures are drawn with the shipped font and matplotlib's own defaults, never with the reader's
settings. In an SVG, text stays text, and every mark is a group whose id is the mark's name.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import matplotlib
from matplotlib.artist import Artist
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Polygon
from matplotlib.text import Text as Words
from matplotlib.transforms import Affine2D, Transform

from sim.page.font import FAMILY, chart_font
from sim.page.picture.colours import INK, PAPER
from sim.page.picture.sheet import HEIGHT, WIDTH, Area, Drawn, Sheet, Spot, Stroke, Text
from sim.study.files import replacing

DPI = 150
FALLBACKS = ("Noto Sans SC", "Source Han Sans SC", "Microsoft YaHei", "PingFang SC")
"""Fonts that an SVG names after the shipped one, for machines that do not have it."""

_SHAPES = {
    "circle": "o",
    "diamond": "D",
    "square": "s",
    "up": "^",
    "down": "v",
    "right": ">",
    "left": "<",
}
_SETTINGS: dict[str, Any] = {
    "font.size": 12,
    "text.color": INK,
    "text.hinting": "none",  # letters as wide as the layout reckons
    "text.parse_math": False,  # labels are data: a dollar sign in one is a dollar sign
    "hatch.linewidth": 1.0,
    "path.simplify": False,
    "svg.fonttype": "none",
    "svg.hashsalt": "kepusim",  # fixed identifiers inside the file
}


@contextmanager
def picture_style() -> Iterator[None]:
    """Use matplotlib's defaults and the house style, whatever the reader's settings are."""
    backend = ("backend", "backend_fallback")
    settings: dict[Any, Any] = {
        key: value for key, value in matplotlib.rcParamsDefault.items() if key not in backend
    }
    settings |= {**_SETTINGS, "font.family": [chart_font()]}
    with matplotlib.rc_context(settings):
        yield


def drawing(sheet: Sheet) -> Figure:
    """A page as a figure of matplotlib; call within :func:`picture_style`."""
    figure = Figure(figsize=(WIDTH, HEIGHT), facecolor=PAPER)
    FigureCanvasAgg(figure)
    inches = Affine2D().scale(1.0, -1.0).translate(0.0, HEIGHT) + figure.dpi_scale_trans
    for height, mark in enumerate(sheet.marks):
        artist = _artist(mark, inches)
        artist.set_gid(mark.name)
        artist.set_zorder(height)
        artist.set_clip_on(False)
        figure.add_artist(artist)
    return figure


def _artist(mark: Drawn, inches: Transform) -> Artist:
    if isinstance(mark, Text):
        line = mark.line
        return Words(
            mark.x, mark.baseline, line.text, transform=inches, fontsize=line.size,
            fontweight="bold" if line.bold else "normal", color=line.colour,
            ha=mark.align, va="baseline",
        )  # fmt: skip
    if isinstance(mark, Area):
        return Polygon(
            mark.points, closed=True, transform=inches, facecolor=mark.colour, alpha=mark.alpha,
            linewidth=0.0, edgecolor=mark.hatch or "none", hatch="////" if mark.hatch else None,
        )  # fmt: skip
    if isinstance(mark, Spot):
        return Line2D(
            [mark.x], [mark.y], transform=inches, linestyle="none", marker=_SHAPES[mark.shape],
            markersize=mark.size, color=mark.colour, markerfacecolor=mark.fill,
            markeredgewidth=mark.rim,
        )  # fmt: skip
    assert isinstance(mark, Stroke)
    style: Any = "solid"
    if mark.dash is not None:  # matplotlib counts dashes in widths of the line
        style = (0, tuple(length / mark.width for length in mark.dash))
    return Line2D(
        [x for x, _ in mark.points], [y for _, y in mark.points], transform=inches,
        color=mark.colour, linewidth=mark.width, alpha=mark.alpha, linestyle=style,
        solid_capstyle="round" if mark.round else "butt",
    )  # fmt: skip


def save(sheet: Sheet, stem: Path, result_hash: str) -> list[Path]:
    """Write ``stem``.png (150 dpi) and ``stem``.svg, naming the result they show; return both.

    The files hold no date and no version, so equal results give equal bytes.
    """
    png, svg = (stem.with_name(f"{stem.name}.{ending}") for ending in ("png", "svg"))
    title = f"kepusim: {stem.name}"
    with picture_style():
        figure = drawing(sheet)
        with replacing(png) as part:
            figure.savefig(
                part,
                format="png",
                dpi=DPI,
                metadata={"Title": title, "Software": "kepusim", "result_hash": result_hash},
            )
        about = {"Title": title, "Description": f"result_hash {result_hash}", "Creator": "kepusim"}
        text = io.StringIO()
        figure.savefig(text, format="svg", metadata={**about, "Date": None})
    families = ", ".join(f"'{name}'" for name in (FAMILY, *FALLBACKS))
    content = text.getvalue().replace(f"'{FAMILY}'", f"{families}, sans-serif")
    with replacing(svg) as part:
        part.write_text(content, encoding="utf-8")
    return [png, svg]
