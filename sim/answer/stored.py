"""An answer as JSON: its blocks, said in both languages, so that a medium needs no question's code.

What a block says becomes a :class:`Words`: both texts, and the numbers in them if it was one of
:mod:`sim.words.numbers`. Everything else (values of figures, roles, order) stays as it is. What is
read back is an :class:`~sim.answer.blocks.Answer` like any other.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import math
import types
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Union, get_args, get_origin, get_type_hints

from sim.answer.blocks import Answer, Figure
from sim.answer.figures import (
    Chances,
    Dumbbell,
    Fan,
    Flow,
    Grid,
    Ladder,
    Overview,
    Response,
    Scatter,
    Stack,
    Tiles,
    Timeline,
)
from sim.words import LANGUAGES, Label, Measure, Speech, measure, speeches
from sim.words.numbers import Form

Json = Any
KINDS = {
    kind.__name__: kind
    for kind in (
        Chances, Dumbbell, Fan, Flow, Grid, Ladder, Overview, Response, Scatter, Stack, Tiles,
        Timeline,
    )
}  # fmt: skip


@dataclass(frozen=True)
class Words:
    """Something said, in both languages.

    Attributes:
        numbers: those in it, if it is a number with its interval: 42 % (35-49) is .42, .35, .49.
        form, sign, unit: of these, see :class:`sim.words.Measure`.
    """

    zh: str
    en: str
    numbers: tuple[float, ...] = ()
    form: Form = "number"
    sign: str = ""
    unit: Label | None = None

    @property
    def measure(self) -> Measure | None:
        """The number that it is, if it is one."""
        if not self.numbers:
            return None
        return Measure(self.numbers, self.form, self.sign, self.unit)


def told(answer: Answer, shown: Answer | None = None) -> dict[str, Json]:
    """What answer.json says: the answer in words, its numbers, and blocks for any medium.

    Args:
        shown: whose blocks they are, if more or other statements are shown than make up the words.
    """
    words = {str(speech.language): answer.words(speech) for speech in speeches("both")}
    return {**words, **answer.figures, "blocks": stored(shown or answer)}


def stored(answer: Answer) -> Json:
    """The blocks of an answer, as JSON can hold them; its numbers are not among them."""
    return _stored(answer, Answer)


def restored(content: Json) -> Answer:
    """The answer whose blocks were :func:`stored`.

    Raises:
        KeyError, TypeError, ValueError: it was not.
    """
    if not isinstance(content, Mapping):
        raise TypeError("no blocks of an answer")
    answer: Answer = _restored(content, Answer)
    return answer


# ---------------------------------------------------------------------- by type


@cache
def _fields(kind: type) -> Mapping[str, Any]:
    """Type of every field that is stored."""
    hints = get_type_hints(kind)
    return {
        field.name: hints[field.name]
        for field in dataclasses.fields(kind)
        if (kind, field.name) != (Answer, "figures")
    }


def _plain(hint: Any) -> tuple[Any, bool]:
    """A type without ``None`` beside it, and whether that was there."""
    if get_origin(hint) not in (Union, types.UnionType):
        return hint, False
    (plain,) = (kind for kind in get_args(hint) if kind is not types.NoneType)
    return plain, True


def _items(hint: Any, count: int) -> list[Any]:
    """Types of the items of a sequence of so many, or of a tuple."""
    kinds = get_args(hint)
    if get_origin(hint) is tuple and kinds[-1] is not Ellipsis:
        return [*kinds]
    return [kinds[0]] * count


def _stored(value: Any, hint: Any) -> Json:
    hint, _ = _plain(hint)
    if value is None:
        return None
    if hint is object:
        return _said(value)
    if dataclasses.is_dataclass(value):
        kind: Any = type(value)
        own = {name: _stored(getattr(value, name), of) for name, of in _fields(kind).items()}
        return {"kind": kind.__name__, **own} if isinstance(value, Figure) else own
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {key: _stored(item, get_args(hint)[1]) for key, item in value.items()}
    if isinstance(value, str | bool):
        return value
    if isinstance(value, float | int):
        return _number(value)
    items = list(value)
    return [_stored(i, of) for i, of in zip(items, _items(hint, len(items)), strict=True)]


def _restored(content: Json, hint: Any) -> Any:
    hint, optional = _plain(hint)
    if content is None:  # what has to be a number and is absent was not a number
        return math.nan if hint is float and not optional else None
    if hint is float:
        return float(content)
    if hint is object:
        if isinstance(content, str):
            return content
        numbers = tuple(math.nan if n is None else float(n) for n in content.get("numbers", ()))
        more = {name: content[name] for name in ("form", "sign", "unit") if name in content}
        return Words(content["zh"], content["en"], numbers, **more)
    if dataclasses.is_dataclass(hint):
        kind: Any = KINDS[content["kind"]] if hint is Figure else hint
        return kind(**{name: _restored(content[name], of) for name, of in _fields(kind).items()})
    if hint is dt.date:
        return dt.date.fromisoformat(content)
    if get_origin(hint) is not None and isinstance(content, Mapping):
        return {key: _restored(item, get_args(hint)[1]) for key, item in content.items()}
    if isinstance(content, list):
        kinds = _items(hint, len(content))
        items = [_restored(item, of) for item, of in zip(content, kinds, strict=True)]
        return tuple(items) if get_origin(hint) is tuple else items
    return content


# ---------------------------------------------------------------------- what is said


def _said(value: object) -> Json:
    both = _both(value)
    own = value.measure if isinstance(value, Words) else measure(value)
    if own is None:
        return both["zh"] if both["zh"] == both["en"] else both
    said: Json = {**both, "numbers": [_number(number) for number in own.numbers]}
    if own.form != "number":
        said["form"] = own.form
    if own.sign:
        said["sign"] = own.sign
    if own.unit is not None:
        said["unit"] = _both(own.unit)
    return said


def _both(value: object) -> Label:
    return {language: Speech(language).text(value) for language in LANGUAGES}


def _number(value: float) -> float | int | str | None:
    """A number as JSON has it, which knows no others than finite ones."""
    if math.isnan(value):
        return None
    if math.isinf(value):
        return str(float(value))
    return int(value) if isinstance(value, int) else float(value)
