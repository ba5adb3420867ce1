"""Which characters a text may hold: those that every terminal, table and chart shows as they are.

Everything else is refused in whatever is printed or drawn sooner or later, be it a label, a note or
the name of a place: an escape character can rewrite a terminal, a bidirectional override turns a
number round, and an invisible character makes two names of one. Markup is text like any other.
"""

from __future__ import annotations

import unicodedata

from sim.words import Said

_KINDS = ("Cc", "Cf", "Cs", "Co", "Zl", "Zp")
"""Categories of Unicode of which no text holds a character."""

LOST = "\ufffd"
_NAMED = {"\n": "line_break", "\r": "line_break", "\t": "tab", "\x1b": "escape", LOST: "lost"}


def unprintable(text: str, *, lines: bool = False) -> Said | None:
    """The first character of ``text`` that cannot be shown; None if there is none.

    Args:
        lines: whether the text may have several lines.
    """
    # Nearly every text passes here, at a twentieth of the cost of looking at its characters. What
    # Python calls printable is a part of what is shown here, but for the mark of a lost character.
    if (text.replace("\n", "") if lines else text).isprintable() and LOST not in text:
        return None
    for position, character in enumerate(text, start=1):
        if _is_shown(character) or (lines and character == "\n"):
            continue
        category = unicodedata.category(character)
        what = _NAMED.get(character, category if category in _KINDS else "none")
        name = unicodedata.name(character, "")
        code = f"U+{ord(character):04X} {name}".rstrip()
        values = {"what": Said(f"character.{what}"), "code": code, "position": position}
        return Said("character.at", values)
    return None


def printable(text: str) -> str:
    """``text`` with every character that cannot be shown as its code; lines remain lines."""
    return "".join(
        character if _is_shown(character) or character == "\n" else ascii(character)[1:-1]
        for character in text
    )


def _is_shown(character: str) -> bool:
    # The last two codes of every plane, and 32 more, will never be characters. Codes that are not
    # assigned yet may be characters of a later Unicode, such as rare ones of place names.
    code = ord(character)
    return (
        unicodedata.category(character) not in _KINDS
        and character != LOST
        and code & 0xFFFE != 0xFFFE
        and not 0xFDD0 <= code <= 0xFDEF
    )
