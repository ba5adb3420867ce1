"""The pydantic schema as structured configs, so that Hydra rejects unknown keys and wrong types."""

from __future__ import annotations

import dataclasses
import functools
import operator
import types
from collections.abc import Callable
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from omegaconf import MISSING
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from sim.config.schema import Parameter, Plan, Shock

# All checked by pydantic afterwards: thousands of nodes, and dates, which OmegaConf does not know.
_LOOSE = (Plan, Parameter, Shock)


def structured(model: type[BaseModel]) -> type:
    """A dataclass with the fields and defaults of ``model``; nested models become dataclasses."""
    fields: list[tuple[str, Any, Any]] = []
    for name, info in model.model_fields.items():
        kind = _hydra_type(info.annotation)
        fields.append((name, kind, dataclasses.field(default_factory=_default(info, kind))))
    return dataclasses.make_dataclass(model.__name__, fields)


def _default(info: FieldInfo, kind: Any) -> Callable[[], Any]:
    if not info.is_required():
        return lambda: info.get_default(call_default_factory=True, validated_data={})
    return kind if isinstance(kind, type) and dataclasses.is_dataclass(kind) else lambda: MISSING


def _hydra_type(annotation: Any) -> Any:
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return _hydra_type(arguments[0])
    if origin in (Union, types.UnionType):
        return functools.reduce(operator.or_, [_hydra_type(member) for member in arguments])
    if origin is dict:
        return dict[str, _hydra_type(arguments[1])]  # type: ignore[misc]
    if origin is list:
        return list[_hydra_type(arguments[0])]  # type: ignore[misc]
    if origin is Literal:
        return str
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return dict[str, Any] if annotation in _LOOSE else structured(annotation)
    # OmegaConf converts what it is given to a lone type: 5.7 to the integer 5, "5" to a number, 2
    # to true. It converts nothing to a union, so that pydantic judges what was really written.
    if annotation in (int, float):
        return int | float
    if annotation is bool:
        return bool | str
    return annotation
