"""The shipped font as a part of a page: WOFF2 with no more than the characters that it shows."""

from __future__ import annotations

import io
from typing import Any

from sim.page.font import font_path


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
