"""What people write for a number, a date or a truth value, in the form that is read.

Nothing is converted: a message says the form, and whoever wrote the value decides whether it is
meant. ``8亿``, ``800m``, ``８００`` and ``1,000,000`` are numbers to people and texts to a program.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Collection
from decimal import Decimal

_SCALES = {
    "": 0, "%": -2, "‰": -3, "percent": -2, "per cent": -2, "百": 2, "千": 3, "万": 4, "十万": 5,
    "百万": 6, "千万": 7, "亿": 8, "十亿": 9, "百亿": 10, "千亿": 11, "万亿": 12, "k": 3,
    "thousand": 3, "m": 6, "mn": 6, "mio": 6, "million": 6, "b": 9, "bn": 9, "billion": 9,
}  # fmt: skip
"""Powers of ten that words behind a number stand for."""

_CURRENCY = r"(?:¥|\$|rmb|cny|yuan|人民币|元|块)"
_GROUPED = r"\d{1,3}(?:[, '_]\d{3})+(?:\.\d+)?"
_NUMBER = re.compile(
    rf"=?{_CURRENCY}?\s*(?P<number>[+-]?(?:{_GROUPED}|\d+(?:[.,]\d+)?(?:e[+-]?\d{{1,2}})?|\.\d+))"
    rf"\s*(?P<scale>{'|'.join(sorted(_SCALES, key=len, reverse=True))})"
    rf"\s*{_CURRENCY}?"
)
_DATE = re.compile(
    r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*[日号]?|(\d{4})(\d\d)(\d\d)"
)
_DIGITS = str.maketrans("〇零一二两三四五六七八九", "001223456789")
_TRUTH = {
    "true": ("true", "yes", "y", "on", "t", "1", "是", "对", "真", "开"),
    "false": ("false", "no", "n", "off", "f", "0", "否", "不", "假", "关"),
}
_NOTHING = ("", "~", "null", "none", "nil", "nan", "n/a", "无", "空")
_LISTED = re.compile(r"[\[(【](?P<items>.*)[\])】]")
_LONGEST = 60  # characters of a text that may be a number in words


def plain_value(text: str, kinds: Collection[object]) -> str | None:
    """How ``text`` is written where one of these ``kinds`` may stand; None if it is no such value.

    Args:
        text: what was written.
        kinds: of ``int``, ``float``, ``bool``, ``date``, ``list`` and ``type(None)``.
    """
    if len(text) > _LONGEST:
        return None
    # Full-width digits, letters and signs are those of a Chinese keyboard.
    written = unicodedata.normalize("NFKC", text).strip().strip("'\"").strip().lower()
    if type(None) in kinds and written in _NOTHING:
        return "null"
    if bool in kinds:
        for plain, words in _TRUTH.items():
            if written in words:
                return plain
    if dt.date in kinds:
        return _date(written)
    if int in kinds or float in kinds:
        return _number(written, whole=float not in kinds)
    if list in kinds and written:
        listed = _LISTED.fullmatch(unicodedata.normalize("NFKC", text).strip())
        items = listed["items"] if listed else text.strip()
        return "[" + ",".join(item.strip() for item in re.split("[,，、;；]", items)) + "]"
    return None


def _number(written: str, *, whole: bool) -> str | None:
    found = _NUMBER.fullmatch(written.translate(_DIGITS))
    if found is None:
        return None
    digits = re.sub("[ '_]", "", found["number"])
    grouped = re.fullmatch(r"[+-]?\d{1,3}(?:,\d{3})+(?:\.\d+)?", digits) is not None
    number = Decimal(digits.replace(",", "" if grouped else "."))
    value = number.scaleb(_SCALES[found["scale"]])
    if whole and value != value.to_integral_value():
        return None
    short = value.normalize()
    sign, mantissa, exponent = short.as_tuple()
    if isinstance(exponent, int) and exponent >= 6 - len(mantissa) + 1 and exponent > 3:
        head = f"{mantissa[0]}." + "".join(map(str, mantissa[1:]))
        return f"{'-' if sign else ''}{head.rstrip('.')}e{exponent + len(mantissa) - 1}"
    return f"{short:f}"


def _date(written: str) -> str | None:
    found = _DATE.fullmatch(written)
    if found is None:
        return None
    year, month, day = (int(part) for part in found.groups() if part is not None)
    try:
        return dt.date(year, month, day).isoformat()
    except ValueError:
        return None
