"""The font of pictures: a subset of Noto Sans SC that travels with the package.

Pictures must show Chinese on any machine and look the same everywhere, so they use the two font
files in ``sim/data/fonts`` (SIL Open Font License, see OFL.txt there) and never an installed font.
"""

from __future__ import annotations

import atexit
from collections.abc import Callable
from contextlib import ExitStack
from functools import cache
from importlib.resources import as_file, files
from pathlib import Path

from matplotlib import font_manager
from matplotlib.ft2font import FT2Font

FAMILY = "Kepusim Noto Sans SC"
FONT_FILES = {"Regular": "NotoSansSC-Regular.ttf", "Bold": "NotoSansSC-Bold.ttf"}
_MEASURING_SIZE = 100.0  # points; large enough for rounding to whole pixels not to matter


@cache
def font_path(style: str = "Regular") -> Path:
    """Return the file of a style (``Regular``, ``Bold``), unpacked from an archive if need be."""
    resource = files("sim") / "data" / "fonts" / FONT_FILES[style]
    unpacked = ExitStack()
    atexit.register(unpacked.close)
    return unpacked.enter_context(as_file(resource))


@cache
def chart_font() -> str:
    """Make the shipped fonts known to matplotlib in this process; return their family name."""
    for style in FONT_FILES:
        font_manager.fontManager.addfont(font_path(style))
    return FAMILY


@cache
def _drawable() -> frozenset[int]:
    charmaps = (set(FT2Font(str(font_path(style))).get_charmap()) for style in FONT_FILES)
    return frozenset(set.intersection(*charmaps))


def missing_glyphs(text: str) -> set[str]:
    """The printable characters of ``text`` that one of the shipped fonts cannot draw."""
    return {char for char in text if char.isprintable() and ord(char) not in _drawable()}


@cache
def _advances(style: str) -> Callable[[str], float]:
    """Widths of characters in a style, in sizes of its type; no pair of them is moved together.

    One that the font lacks is as wide as the box that is drawn for it.
    """
    face = FT2Font(str(font_path(style)))
    face.set_size(_MEASURING_SIZE, 72)

    @cache
    def advance(character: str) -> float:
        glyph = face.load_glyph(face.get_char_index(ord(character)))
        return glyph.linearHoriAdvance / 65536.0 / _MEASURING_SIZE

    return advance


@cache
def text_width(text: str, size: float, bold: bool = False) -> float:
    """Return the width in points of one line of ``text`` set at ``size`` points."""
    return size * sum(map(_advances("Bold" if bold else "Regular"), text))
