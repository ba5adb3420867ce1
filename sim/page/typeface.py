"""The shipped font as a part of a page: WOFF2 with no more than the characters that it shows."""

from __future__ import annotations

import base64
import io
from typing import Any

from sim.page.font import FAMILY, font_path
from sim.page.picture.canvas import FALLBACKS

FAMILIES = ", ".join([*(f'"{name}"' for name in (FAMILY, *FALLBACKS)), "sans-serif"])
"""The font of a page, and what stands in for signs that it lacks."""


def woff2(style: str, text: str) -> bytes:
    """A subset of a style (``Regular``, ``Bold``); the same characters give the same bytes."""
    from fontTools import subset
    from fontTools.ttLib import TTFont

    options = subset.Options()
    options.flavor = "woff2"
    options.hinting = False
    options.layout_features = []
    options.name_IDs = []
    options.notdef_outline = True
    font: Any = TTFont(font_path(style), recalcTimestamp=False, lazy=True)
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes={ord(character) for character in text})
    subsetter.subset(font)
    font.flavor = "woff2"
    content = io.BytesIO()
    font.save(content)
    return content.getvalue()


def font_face(weight: int, text: str) -> str:
    """The rule that brings the font of a weight, 400 or 700, for the characters of a text."""
    content = woff2("Regular" if weight == 400 else "Bold", text)
    data = base64.b64encode(content).decode()
    return (
        f'@font-face {{ font-family: "{FAMILY}"; font-weight: {weight}; '
        f'src: url(data:font/woff2;base64,{data}) format("woff2") }}'
    )
