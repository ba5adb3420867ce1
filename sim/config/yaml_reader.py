"""The one reader of YAML files: the core schema of YAML 1.2, without what can be read in two ways.

YAML 1.1, which most programs speak, takes ``010`` for eight, ``1:30`` for ninety and ``No`` for
false; YAML 1.2 takes them for ten and for texts (https://yaml.org/spec/1.2.2/, section 10.3.2). Who
wrote them meant one thing, so they are refused and the plain form is named. What is left is read as
both read it, except that dates stay texts and ``1e5`` is a number.

A file may come from a stranger: the work is bounded whatever it holds, nothing in it names a class,
and nothing refers to anything outside it.
"""

from __future__ import annotations

import datetime as dt
import math
import os
import re
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from sim.config.errors import ConfigError
from sim.words import Said, SystemReason, catalogue

LARGEST_FILE = 2_000_000
"""Bytes of the largest file that is read; the longest of the shipped ones has 100 000."""

MOST_CHARACTERS = LARGEST_FILE
"""Characters of all texts of a file, each alias counted as what it stands for."""

MOST_NODES = 50_000
"""Texts, numbers, lists and mappings of a file, counted likewise; the shipped ones have 8 000."""

DEEPEST = 50
"""Lists and mappings that may lie within each other."""

MOST_DIGITS = 18
"""Digits of a whole number; a longer one is a code, which is a text."""

_WORDS: dict[str, bool | None] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_TRUTHS_OF_OLD = {
    **dict.fromkeys(("y", "Y", "yes", "Yes", "YES", "on", "On", "ON"), "true"),
    **dict.fromkeys(("n", "N", "no", "No", "NO", "off", "Off", "OFF"), "false"),
}
_FIRST_OF_NUMBERS = frozenset("+-.0123456789")
_WHOLE = re.compile(r"[-+]?(?:0|[1-9][0-9]*)")
_DECIMAL = re.compile(r"[-+]?(?:\.[0-9]+|(?:0|[1-9][0-9]*)(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_INFINITE = re.compile(r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)")
_PADDED = re.compile(r"([-+]?)(?=\.?[0-9])[0_]*([0-9_]*(?:\.[0-9_]*)?(?:[eE][-+]?[0-9]+)?)")
_OF_BASE = re.compile(r"([-+]?)0([xXoObB])_*([0-9a-fA-F][0-9a-fA-F_]*)")
_BASES = {"x": 16, "o": 8, "b": 2}
_SEXAGESIMAL = re.compile(r"[-+]?[0-9][0-9_]*(?::[0-9]+)+(?:\.[0-9_]*)?")
_DAY = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})")
UNSEEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff"
    "\ud800-\udfff\ufffe\uffff]"
)
"""Control characters: of the terminal, of lines where no line is seen to end, of direction."""

_Parser: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read_yaml(path: Path, shown: str, *, interpolated: bool = False) -> dict[str, Any]:
    """The mapping that a YAML file holds: of texts, numbers, truth values, null, lists, mappings.

    Keys are texts; a whole number as a key (a district's code) becomes one. The result is kept for
    whoever reads the file next and must not be changed.

    Args:
        path: the file.
        shown: how messages name it.
        interpolated: its texts may refer to other settings, ${...}.

    Raises:
        ConfigError: it cannot be read, or in more ways than one; file, line and key are named.
    """
    try:
        status = os.stat(path)
        if status.st_size > LARGEST_FILE:
            size = Said("yaml.bytes", {"count": status.st_size})
            raise ConfigError("yaml.large_file", file=shown, value=size, most=LARGEST_FILE)
        return _kept(path, shown, interpolated, status.st_mtime_ns, status.st_size)
    except OSError as error:
        raise ConfigError("yaml.no_file", file=shown, reason=SystemReason.of(error)) from None


@lru_cache(maxsize=256)
def _kept(path: Path, shown: str, interpolated: bool, *_: int) -> dict[str, Any]:
    return _Document(decoded(path, shown), shown, interpolated).content()


def decoded(path: Path, shown: str) -> str:
    """The text of a file. Raises ConfigError if it is no UTF-8, or holds control characters."""
    with path.open("rb") as file:
        content = file.read(LARGEST_FILE)
    try:
        text = content.decode("utf-8-sig")  # Windows editors put a mark at the beginning
    except UnicodeDecodeError as error:
        byte = Said("yaml.byte", {"byte": f"{content[error.start]:#04x}"})
        raise ConfigError("yaml.no_utf8", file=shown, value=byte) from None
    found = UNSEEN.search(text)
    if found is not None:
        line, code = text.count("\n", 0, found.start()) + 1, f"U+{ord(found[0]):04X}"
        raise ConfigError("yaml.unseen", file=_line(shown, line), value=code)
    return text


def _line(shown: str, line: int) -> Said:
    return Said("refusal.line", {"file": shown, "line": line})


class _Document:
    """A text on its way to what it says, and where in it the reader is."""

    def __init__(self, text: str, shown: str, interpolated: bool) -> None:
        self._parser = _Parser(text)
        self._text = text
        self._shown = shown
        self._interpolated = interpolated
        self._path: list[str] = []
        self._nodes = 0
        self._characters = 0
        # Of each anchor its value, nodes and characters; None while it is being read.
        self._anchors: dict[str, tuple[Any, int, int] | None] = {}

    def content(self) -> dict[str, Any]:
        try:
            return self._content()
        except yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            what = getattr(error, "problem", None) or str(error).partition("\n")[0]
            line = "" if mark is None else "".join(self._text.splitlines()[mark.line :][:1])
            raise ConfigError(
                "yaml.unreadable",
                file=self._shown if mark is None else _line(self._shown, mark.line + 1),
                allowed=Said("yaml.tabs") if line.lstrip(" ")[:1] == "\t" else None,
                what=Said(key) if catalogue().has(key := f"yaml_fault.{what}") else what,
            ) from None

    def _content(self) -> dict[str, Any]:
        self._next()  # the start of the stream
        start = self._next()
        if isinstance(start, yaml.StreamEndEvent):
            raise self._wrong("yaml.says_nothing", start)
        first = self._next()
        if isinstance(first, yaml.ScalarEvent) and not first.value and not first.style:
            raise self._wrong("yaml.says_nothing", first)
        if not isinstance(first, yaml.MappingStartEvent):
            is_list = isinstance(first, yaml.SequenceStartEvent)
            value = Said("yaml.a_list") if is_list else first.value
            raise self._wrong("yaml.no_keys", first, value=value)
        content: dict[str, Any] = self._value(first, 0)
        self._next()  # the end of the document
        another = self._next()
        if not isinstance(another, yaml.StreamEndEvent):
            raise self._wrong("yaml.documents", another)
        return content

    def _next(self) -> Any:
        return self._parser.get_event()

    def _value(self, event: Any, depth: int) -> Any:
        if isinstance(event, yaml.AliasEvent):
            return self._alias(event)
        anchor, nodes, characters = event.anchor, self._nodes, self._characters
        if event.tag is not None:
            raise self._wrong("yaml.tag", event, value=event.tag)
        if anchor is not None:
            self._anchors[anchor] = None
        value: Any
        if isinstance(event, yaml.ScalarEvent):
            self._count(event, 1, len(event.value))
            value = self._scalar(event)
        else:
            self._count(event, 1, 0)
            if depth == DEEPEST:
                raise self._wrong("yaml.deep", event, most=DEEPEST)
            if isinstance(event, yaml.MappingStartEvent):
                value = self._mapping(depth)
            else:
                value = self._list(depth)
        if anchor is not None:
            counted = self._nodes - nodes, self._characters - characters
            self._anchors[anchor] = (value, *counted)
        return value

    def _list(self, depth: int) -> list[Any]:
        items: list[Any] = []
        while not isinstance(event := self._next(), yaml.SequenceEndEvent):
            self._path.append(str(len(items)))
            items.append(self._value(event, depth + 1))
            self._path.pop()
        return items

    def _mapping(self, depth: int) -> dict[str, Any]:
        content: dict[str, Any] = {}
        while not isinstance(event := self._next(), yaml.MappingEndEvent):
            key = self._key(event)
            if key in content:
                raise self._wrong("yaml.key_twice", event, key, twice=key)
            self._path.append(key)
            content[key] = self._value(self._next(), depth + 1)
            self._path.pop()
        return content

    def _key(self, event: Any) -> str:
        if not isinstance(event, yaml.ScalarEvent) or event.tag is not None:
            raise self._wrong("yaml.key_is_a_word", event)
        if event.anchor is not None:
            raise self._wrong("yaml.key_with_anchor", event, value=f"&{event.anchor}")
        if event.value == "<<" and not event.style:
            raise self._wrong("yaml.merged", event, "<<")
        self._count(event, 1, len(event.value))
        key = self._scalar(event)
        if isinstance(key, str):
            return key
        if isinstance(key, int) and not isinstance(key, bool) and str(key) == event.value:
            return event.value
        allowed = _quoted(event.value) if event.value else Said("yaml.a_name")
        raise self._wrong(
            "yaml.key_is_a_text", event, event.value, value=event.value, allowed=allowed
        )

    def _alias(self, event: Any) -> Any:
        if event.anchor not in self._anchors:
            raise self._wrong("yaml.no_anchor", event, value=f"*{event.anchor}")
        known = self._anchors[event.anchor]
        if known is None:
            raise self._wrong("yaml.anchor_in_itself", event, value=f"*{event.anchor}")
        value, nodes, characters = known
        self._count(event, nodes, characters)
        return value

    def _count(self, event: Any, nodes: int, characters: int) -> None:
        self._nodes += nodes
        self._characters += characters
        if self._nodes > MOST_NODES or self._characters > MOST_CHARACTERS:
            raise self._wrong("yaml.too_much", event, nodes=MOST_NODES, characters=MOST_CHARACTERS)

    def _scalar(self, event: Any) -> Any:
        text: str = event.value
        if "${" in text and not self._interpolated:
            raise self._wrong("config.interpolation", event, value=text)
        if event.style:
            if event.style == '"' and (found := UNSEEN.search(text)):
                raise self._wrong("yaml.unseen", event, value=f"U+{ord(found[0]):04X}")
            return text
        if text in _WORDS:
            return _WORDS[text]
        if text[0] in _FIRST_OF_NUMBERS:
            return self._numeric(text, event)
        if text in _TRUTHS_OF_OLD:
            raise self._two_ways(event, _TRUTHS_OF_OLD[text])
        return text

    def _numeric(self, text: str, event: Any) -> int | float | str:
        """The number that ``text`` is, or the text if it is none."""
        if _WHOLE.fullmatch(text):
            if len(text.lstrip("+-")) > MOST_DIGITS:
                raise self._wrong("yaml.many_digits", event, value=text, most=MOST_DIGITS)
            return int(text)
        if _DECIMAL.fullmatch(text):
            number = float(text)
            if math.isinf(number):
                raise self._wrong("yaml.beyond_numbers", event, value=text)
            return number
        if _INFINITE.fullmatch(text):
            return float(text.replace(".", ""))
        plain = plain_form(text)
        if plain is not None:
            raise self._two_ways(event, plain)
        day = _DAY.fullmatch(text)
        if day is not None and not _is_day(day):
            raise self._wrong("yaml.no_such_day", event, value=text, allowed="YYYY-MM-DD")
        return text

    def _two_ways(self, event: Any, plain: str | Said) -> ConfigError:
        plain = Said("yaml.decimal") if isinstance(plain, str) and len(plain) > 80 else plain
        allowed = Said("yaml.two_ways", {"plain": plain, "text": _quoted(event.value)})
        return self._wrong("config.two_ways", event, value=event.value, allowed=allowed)

    def _wrong(self, words: str, event: Any, key: str | None = None, **values: Any) -> ConfigError:
        path = [*self._path, key] if key is not None else self._path
        file = _line(self._shown, event.start_mark.line + 1)
        return ConfigError(words, file=file, key=".".join(path) or None, **values)


def plain_form(text: str) -> str | Said | None:
    """The plain form of a number that is not read alike everywhere; None if ``text`` is none."""
    if (based := _OF_BASE.fullmatch(text)) is not None:
        sign, base, digits = based.groups()
        try:
            return f"{sign}{int(digits.replace('_', ''), _BASES[base.lower()])}"
        except ValueError:  # 0b12
            return None
    if _SEXAGESIMAL.fullmatch(text):
        return Said("yaml.sexagesimal")
    if (padded := _PADDED.fullmatch(text)) is not None:
        sign, digits = padded.groups()
        digits = digits.replace("_", "")
        return sign + (digits if digits[:1].isdigit() else f"0{digits}")
    return None


def _quoted(text: str) -> Said:
    return Said("yaml.in_quotes", {"text": text[:80]})


def _is_day(day: re.Match[str]) -> bool:
    try:
        dt.date(*map(int, day.groups()))
    except ValueError:
        return False
    return True
