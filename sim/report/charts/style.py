"""The look of every chart: font, colours, title block, footer, and files that can be traced.

Charts are drawn on bare :class:`matplotlib.figure.Figure` objects with the shipped font and
matplotlib's own defaults, never with the reader's settings, so that equal results give equal files.
Lengths are inches from the top left corner; sizes of type are points.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

from sim.answer.origin import caution_of
from sim.answer.settings import scenario_text
from sim.page.font import chart_font, text_width
from sim.report.numbers import replications_text
from sim.report.results import Manifest
from sim.report.words import Language, Tongue, tongues, word
from sim.study.files import replacing
from sim.words import Speech

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

P = ParamSpec("P")
R = TypeVar("R")

WIDTH = 13.333  # inches: a wide slide
MARGIN = 0.45
DPI = 150
POINT = 1 / 72.0  # inches

INK, MUTED, FAINT, GRID = "#1A1A1A", "#5F5F5F", "#9A9A9A", "#DDDDDD"
# Okabe and Ito's palette, told apart by readers of any colour vision.
BLUE, VERMILION, ORANGE, SKY = "#0072B2", "#D55E00", "#E69F00", "#56B4E9"
GREEN, PURPLE, GREY = "#009E73", "#CC79A7", "#6B6B6B"
LIKELIHOOD_COLOURS = {"likely": BLUE, "open": GREY, "unlikely": VERMILION}

_NO_LINE_START = "，。、；：？！）》」』”’%％,.;:?!)"
_SETTINGS: dict[str, Any] = {
    "font.size": 10,
    "text.color": INK,
    "text.parse_math": False,  # labels are data: a dollar sign in one is a dollar sign
    "axes.edgecolor": FAINT,
    "axes.labelcolor": MUTED,
    "axes.linewidth": 0.8,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.unicode_minus": True,
    "xtick.color": MUTED,
    "ytick.color": MUTED,
    "hatch.linewidth": 0.8,
    "svg.fonttype": "path",
    "svg.hashsalt": "kepusim",  # fixed identifiers inside the file
}


@contextmanager
def chart_style() -> Iterator[None]:
    """Use matplotlib's defaults and the house style, whatever the reader's settings are."""
    import matplotlib

    backend = ("backend", "backend_fallback")
    settings: dict[Any, Any] = {
        key: value for key, value in matplotlib.rcParamsDefault.items() if key not in backend
    }
    settings |= {**_SETTINGS, "font.family": [chart_font()]}
    with matplotlib.rc_context(settings):
        yield


def styled(draw: Callable[P, R]) -> Callable[P, R]:
    """Make a drawing function draw in the house style."""

    @functools.wraps(draw)
    def wrapper(*args: P.args, **kwargs: P.kwargs) -> R:
        with chart_style():
            return draw(*args, **kwargs)

    return wrapper


def _pieces(text: str) -> Iterator[str]:
    """Yield the parts of a text between which a line may break: words and Chinese characters."""
    piece = ""
    for character in text:
        wide = ord(character) >= 0x2E80
        if piece and (wide or piece[-1] == " " or ord(piece[-1]) >= 0x2E80):
            if character in _NO_LINE_START:
                piece += character
                continue
            yield piece
            piece = ""
        piece += character
    if piece:
        yield piece


def wrapped(text: str, width: float, size: float, bold: bool = False) -> list[str]:
    """Return ``text`` in lines at most ``width`` inches wide; its own line breaks stay."""
    lines = []
    for paragraph in text.split("\n"):
        line = ""
        for piece in _pieces(paragraph):
            if line and text_width((line + piece).rstrip(), size, bold) * POINT > width:
                lines.append(line.rstrip())
                line = ""
            line += piece
        lines.append(line.rstrip())
    return lines


@dataclass(frozen=True)
class Line:
    """One line of text with its look."""

    text: str
    size: float
    bold: bool = False
    colour: str = INK

    @property
    def height(self) -> float:
        """Height in inches, spacing included."""
        return self.size * 1.42 * POINT


def block(
    text: str, width: float, size: float, *, bold: bool = False, colour: str = INK
) -> list[Line]:
    """Return a text as wrapped lines of one look."""
    return [Line(part, size, bold, colour) for part in wrapped(text, width, size, bold)]


def height(lines: Sequence[Line]) -> float:
    """Return the height of a block of lines in inches."""
    return sum(line.height for line in lines)


def bilingual_block(
    language: Language, text: Callable[[Tongue], str], width: float, size: float, **look: Any
) -> list[Line]:
    """Return a text in one language, or in Chinese with a smaller English line beneath."""
    lines: list[Line] = []
    seen: set[str] = set()
    for tongue in tongues(language):
        said = text(tongue)
        if said not in seen:
            second = bool(seen)
            look_now = {**look, "colour": MUTED, "bold": False} if second else look
            lines += block(said, width, size * (0.82 if second else 1.0), **look_now)
            seen.add(said)
    return lines


class Sheet:
    """A figure measured in inches from its top left corner, with title block and footer.

    ``body``: height that the chart proper needs. Its top edge is :attr:`top`.
    """

    def __init__(self, title: list[Line], footer: list[Line], body: float) -> None:
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure

        self.top = MARGIN * 0.8 + height(title) + 0.12
        footer_top = self.top + body + 0.12
        self.height = footer_top + height(footer) + MARGIN * 0.5
        self.figure: Figure = Figure(figsize=(WIDTH, self.height), facecolor="white")
        FigureCanvasAgg(self.figure)
        self.write(MARGIN, MARGIN * 0.8, title)
        self.write(MARGIN, footer_top, footer)

    def write(self, left: float, top: float, lines: Sequence[Line], align: str = "left") -> None:
        """Write lines downwards from ``top``; ``left`` is where they start, end or are centred."""
        for line in lines:
            self.figure.text(
                left / WIDTH,
                1 - (top + line.height / 2) / self.height,
                line.text,
                fontsize=line.size,
                fontweight="bold" if line.bold else "normal",
                color=line.colour,
                ha=align,
                va="center_baseline",
            )
            top += line.height

    def write_centred(
        self, left: float, middle: float, lines: Sequence[Line], align: str = "left"
    ) -> None:
        """Write lines so that their block is centred on the height ``middle``."""
        self.write(left, middle - height(lines) / 2, lines, align)

    def axes(self, left: float, top: float, width: float, tall: float) -> Axes:
        """Return axes that fill a rectangle given by its top left corner and size."""
        bottom = 1 - (top + tall) / self.height
        return self.figure.add_axes((left / WIDTH, bottom, width / WIDTH, tall / self.height))


def title_block(
    language: Language, title: Callable[[Tongue], str], subtitle: Callable[[Tongue], str]
) -> list[Line]:
    """Return the finding in bold and, below it, how to read the chart."""
    width = WIDTH - 2 * MARGIN
    return [
        *bilingual_block(language, title, width, 19, bold=True),
        *bilingual_block(language, subtitle, width, 11.5, colour=MUTED),
    ]


def footer_block(manifest: Manifest, replications: int, language: Language) -> list[Line]:
    """Return scenario with what was changed of it, replications, result, and the caution."""
    lines: list[Line] = []
    for tongue in tongues(language):
        origin = word("chart.footer", tongue).format(
            scenario=scenario_text(manifest, Speech(tongue)),
            replications=replications_text(replications, tongue),
            hash=str(manifest["result_hash"])[:12],
        )
        for text in (origin, Speech(tongue).text(caution_of(manifest["config"]))):
            lines += block(text, WIDTH - 2 * MARGIN, 9, colour=MUTED)
    return lines


def save(figure: Figure, stem: Path, manifest: Manifest) -> list[Path]:
    """Write ``stem``.png (150 dpi) and ``stem``.svg, naming the result they show; return both.

    The files hold no date and no version, so equal results give equal bytes.
    """
    origin = str(manifest["result_hash"])
    png, svg = stem.with_suffix(".png"), stem.with_suffix(".svg")
    title = f"kepusim: {stem.name}"
    with chart_style(), replacing(png) as part:
        figure.savefig(
            part,
            format="png",
            dpi=DPI,
            metadata={"Title": title, "Software": "kepusim", "result_hash": origin},
        )
    description = {"Title": title, "Description": f"result_hash {origin}", "Creator": "kepusim"}
    with chart_style(), replacing(svg) as part:
        figure.savefig(part, format="svg", metadata={**description, "Date": None})
    return [png, svg]
