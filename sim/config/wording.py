"""The schema in plain words: what may stand at a dotted key, and which names are valid there.

Error messages and the passport quote the pydantic models through these functions, so that nobody
who mends a YAML file has to read the vocabulary of a validation library.
"""

from __future__ import annotations

import datetime as dt
import json
import types
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from annotated_types import Ge, Gt, Le, MaxLen, MinLen
from pydantic import BaseModel, TypeAdapter, ValidationError
from pydantic.fields import FieldInfo

from sim.config.plain_value import plain_value
from sim.config.schema import FOLDER_NAME, Run
from sim.config.schema.base import NOT_BLANK
from sim.words import Said

Path = tuple[str | int, ...]
"""A dotted key in parts; list positions are integers."""


_SIMPLE = {bool: "kind.bool", dt.date: "kind.date"}


@dataclass(frozen=True)
class Place:
    """What the schema says about one key: its type, the bounds on it and its description."""

    annotation: Any
    bounds: tuple[Any, ...] = ()
    description: str | None = None


def place(path: Path, config: Mapping[str, object], schema: type[BaseModel] = Run) -> Place | None:
    """The place of ``schema`` at ``path``; None if it has none.

    ``config`` decides between alternatives that are told apart by their ``type`` key.
    """
    here = Place(schema)
    value: object = config
    for part in path:
        found = _below(here, part, value)
        if found is None:
            return None
        here = found
        value = _child(value, part)
    return here


def allowed(path: Path, config: Mapping[str, object]) -> Said | None:
    """What may stand at ``path``; None where the schema has no such key."""
    here = place(path, config)
    return None if here is None else _words(here)


def is_model(path: Path, config: Mapping[str, object]) -> bool:
    """Whether a mapping with fields of fixed names stands at ``path``."""
    here = place(path, config)
    value: object = config
    for part in path:
        value = _child(value, part)
    return here is not None and _model(here.annotation, value) is not None


def names(path: Path, config: Mapping[str, object], schema: type[BaseModel] = Run) -> list[str]:
    """Valid names one level below ``path``: field names, or the keys that a free mapping has."""
    here = place(path, config, schema)
    if here is None:
        return []
    value: object = config
    for part in path:
        value = _child(value, part)
    model = _model(here.annotation, value)
    if model is not None:
        return list(model.model_fields)
    return [str(key) for key in value] if isinstance(value, Mapping) else []


def choices(path: Path, config: Mapping[str, object]) -> list[str]:
    """The values of a closed list at ``path``; empty where any value of a type may stand."""
    here = place(path, config)
    return [] if here is None else _choices(here.annotation)


def plain(
    path: Path, config: Mapping[str, object], value: object, schema: type[BaseModel] = Run
) -> str | None:
    """How ``value``, a text as people write it, is written at ``path``; None if it is no such."""
    here = place(path, config, schema)
    if here is None or not isinstance(value, str):
        return None
    kinds = [get_origin(kind) or kind for kind, _ in _alternatives(here)]
    return plain_value(value, kinds)


def wrong_part(path: Path, config: Mapping[str, object], value: object) -> Path:
    """Where in ``value``, a list or mapping for ``path``, the first part of a wrong kind stands.

    Empty if it is the value itself, or no part of it.
    """
    here = place(path, config)
    if here is None or not isinstance(value, list | dict):
        return ()
    try:
        TypeAdapter(here.annotation).validate_json(json.dumps(value, default=str), strict=True)
    except ValidationError as error:
        return tuple(error.errors()[0]["loc"])
    return ()


def labels(entries: object) -> dict[str, str]:
    """Ids of a mapping's entries by what people call these, in both languages."""
    found: dict[str, str] = {}
    for key, entry in entries.items() if isinstance(entries, Mapping) else ():
        inner = [entry.get("name"), entry.get("label"), entry] if isinstance(entry, Mapping) else []
        for label in inner:
            if isinstance(label, Mapping):
                texts = (label.get("zh"), label.get("en"))
                found |= {text: str(key) for text in texts if isinstance(text, str)}
    return found


def _child(value: object, part: str | int) -> object:
    if isinstance(value, Mapping):
        return value.get(part)
    if isinstance(value, Sequence) and not isinstance(value, str) and isinstance(part, int):
        return value[part] if part < len(value) else None
    return None


def _below(here: Place, part: str | int, value: object) -> Place | None:
    model = _model(here.annotation, value)
    if model is not None:
        field = model.model_fields.get(str(part))
        return None if field is None else _of_field(field)
    for option in _options(here.annotation):
        if get_origin(option) is dict:
            return _of_type(get_args(option)[1], here.description)
        if get_origin(option) is list and isinstance(part, int):
            return _of_type(get_args(option)[0], here.description)
    return None


def _of_field(field: FieldInfo) -> Place:
    return Place(field.annotation, tuple(field.metadata), field.description)


def _of_type(annotation: Any, description: str | None = None) -> Place:
    if get_origin(annotation) is Annotated:
        inner, *metadata = get_args(annotation)
        bounds: list[Any] = []
        for item in metadata:
            bounds.extend(item.metadata if isinstance(item, FieldInfo) else [item])
        return Place(inner, tuple(bounds), description)
    return Place(annotation, (), description)


def _options(annotation: Any) -> list[Any]:
    """The members of a union, or the type itself."""
    annotation = _of_type(annotation).annotation
    if get_origin(annotation) in (Union, types.UnionType):
        return [option for each in get_args(annotation) for option in _options(each)]
    return [annotation]


def _model(annotation: Any, value: object) -> type[BaseModel] | None:
    """The model that applies to ``value``: of several, the one whose ``type`` it carries."""
    models = [
        option
        for option in _options(annotation)
        if isinstance(option, type) and issubclass(option, BaseModel)
    ]
    if len(models) <= 1:
        return models[0] if models else None
    kind = _child(value, "type")
    return next((m for m in models if kind in get_args(m.model_fields["type"].annotation)), None)


def _choices(annotation: Any) -> list[str]:
    found: list[str] = []
    for option in _options(annotation):
        if get_origin(option) is Literal:
            found.extend(str(choice) for choice in get_args(option))
        elif isinstance(option, type) and issubclass(option, BaseModel):
            kind = option.model_fields.get("type")
            found.extend([] if kind is None else _choices(kind.annotation))
    return found


def _words(here: Place) -> Said:
    parts = (_type_words(annotation, bounds) for annotation, bounds in _alternatives(here))
    kinds = [*dict.fromkeys(parts)]
    return Said("kind.either", {"kinds": kinds}) if len(kinds) > 1 else kinds[0]


def _alternatives(here: Place) -> list[tuple[Any, tuple[Any, ...]]]:
    """Members of a union, each with the bounds that hold for it."""
    if get_origin(here.annotation) in (Union, types.UnionType):
        members = [_of_type(member) for member in get_args(here.annotation)]
        return [
            (member.annotation, member.bounds or (here.bounds if _is_number(member) else ()))
            for member in members
        ]
    return [(here.annotation, here.bounds)]


def _is_number(here: Place) -> bool:
    return here.annotation in (int, float)


def _type_words(annotation: Any, bounds: tuple[Any, ...]) -> Said:
    if annotation in (None, type(None)):
        return Said("kind.null")
    if get_origin(annotation) is Literal:
        return Said("kind.one_of", {"values": [str(value) for value in get_args(annotation)]})
    if get_origin(annotation) is list:
        return _list_words(get_args(annotation)[0], bounds)
    if get_origin(annotation) is dict:
        return Said("kind.mapping", {"each": _words(_of_type(get_args(annotation)[1]))})
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return Said("kind.keys", {"keys": [*annotation.model_fields]})
    if annotation is str:
        return _text_words(bounds)
    if annotation in (int, float):
        return Said(f"kind.{annotation.__name__}", {"range": _range_words(bounds)})
    return Said(_SIMPLE.get(annotation, "kind.value"))


def _list_words(item: Any, bounds: tuple[Any, ...]) -> Said:
    shortest = next((b.min_length for b in bounds if isinstance(b, MinLen)), None)
    longest = next((b.max_length for b in bounds if isinstance(b, MaxLen)), None)
    size = {"shortest": shortest or None, "longest": longest}
    return Said("kind.list", {"each": _words(_of_type(item)), **size})


def _text_words(bounds: tuple[Any, ...]) -> Said:
    patterns = [getattr(bound, "pattern", None) for bound in bounds]
    if FOLDER_NAME in patterns:
        return Said("kind.folder_name")
    if any(pattern not in (None, NOT_BLANK) for pattern in patterns):
        return Said("kind.name")
    longest = next((bound.max_length for bound in bounds if isinstance(bound, MaxLen)), None)
    empty = not (any(patterns) or any(isinstance(bound, MinLen) for bound in bounds))
    return Said("kind.text", {"longest": longest, "empty": empty})


def _range_words(bounds: tuple[Any, ...]) -> Said | None:
    least = next((_number(b.ge) for b in bounds if isinstance(b, Ge)), None)
    most = next((_number(b.le) for b in bounds if isinstance(b, Le)), None)
    above = next((_number(b.gt) for b in bounds if isinstance(b, Gt)), None)
    if least is most is above is None:
        return None
    return Said("kind.range", {"least": least, "most": most, "above": above})


def _number(bound: Any) -> str:
    return str(int(bound)) if float(bound).is_integer() else str(bound)
