"""Mutations of a configuration for fuzzing: what the schema allows, and everything else.

The schema itself is the generator: :func:`valid` walks its models for values of a place, so that
many mutants are accepted and have to run; :func:`mutants` breaks what it finds there.
"""

from __future__ import annotations

import copy
import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, Literal, get_args, get_origin

from annotated_types import Ge, Gt, Le, MaxLen, MinLen
from hypothesis import strategies as st
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from sim.config import wording
from sim.config.directory import groups
from sim.config.schema import Shock

Json = dict[str, Any]
Path = tuple[str | int, ...]
Names = st.SearchStrategy[str]


class Whole(Json):
    """A whole configuration, which nobody wants to see printed."""

    def __repr__(self) -> str:
        return "the configuration"


@dataclass
class Mutant:
    """A configuration, and what was done to it, as which it is printed."""

    config: Json = field(repr=False)
    done: list[str]


ODD_TEXTS = (
    "", " ", "\x00", "\x1b[31m", "\u202e", "\u200b", "a\nb", "\ud83d", "\ufeff", "${seed}",
    "${oc.env:HOME}", "8亿", "8e8", "NaN", "inf", "null", "true", "1:30", "010", "<b>", "$x$",
    "[bold]", "../up", "a/b", "a.b", "a:b", "a,b", "=1+1", "'", '"', "\\", "{}", "𠀀", "é",
    "名" * 300, "x" * 70, "x" * 10_000,
)  # fmt: skip
EXTREME_NUMBERS = (
    0, 1, -1, 2, 3, 7, 0.5, -0.5, 1e-300, 5e-324, 1e300, -1e300, 1.7976931348623157e308, 2**31,
    2**53 + 1, 2**63 - 1, 2**63, -(2**63), 10**30, 1e15, 1e15 + 1, 0.1 + 0.2, 1 - 1e-10,
    float("inf"), float("-inf"), float("nan"),
)  # fmt: skip
odd_values: st.SearchStrategy[Any] = st.one_of(
    st.sampled_from(ODD_TEXTS),
    st.sampled_from(EXTREME_NUMBERS),
    st.sampled_from([None, True, False, [], {}, [[]], {"": 1}, {"_target_": "os.system"}, [None]]),
    st.integers(),
    st.floats(),
    st.text(max_size=20),
    st.dates(dt.date(1, 1, 1), dt.date(9999, 12, 31)).map(dt.date.isoformat),
)


# -------------------------------------------------------------------------------- what is allowed


def valid(annotation: Any, names: Names, bounds: tuple[Any, ...] = ()) -> st.SearchStrategy[Any]:
    """Values of a type of the schema, as JSON has them; ``names`` are those that it may hold."""
    origin = get_origin(annotation)
    if origin is Annotated:
        inner, *metadata = get_args(annotation)
        for item in metadata:
            bounds = (*bounds, *(item.metadata if isinstance(item, FieldInfo) else [item]))
        return valid(inner, names, bounds)
    if origin is Literal:
        return st.sampled_from(get_args(annotation))
    if origin is list:
        shortest = next((b.min_length for b in bounds if isinstance(b, MinLen)), 0)
        longest = next((b.max_length for b in bounds if isinstance(b, MaxLen)), shortest + 4)
        return st.lists(valid(get_args(annotation)[0], names), min_size=shortest, max_size=longest)
    if origin is dict:
        return st.dictionaries(names, valid(get_args(annotation)[1], names), max_size=4)
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return model(annotation, names)
    if origin is not None or isinstance(annotation, type(int | None)):
        return st.one_of([valid(option, names, bounds) for option in get_args(annotation)])
    return _simple(annotation, names, bounds)


def model(schema: type[BaseModel], names: Names) -> st.SearchStrategy[Json]:
    """Mappings with the fields of ``schema``."""
    required: dict[str, st.SearchStrategy[Any]] = {}
    optional: dict[str, st.SearchStrategy[Any]] = {}
    for name, info in schema.model_fields.items():
        values = valid(info.annotation, names, tuple(info.metadata))
        (required if info.is_required() else optional)[name] = values
    return st.fixed_dictionaries(required, optional=optional)


def _simple(kind: Any, names: Names, bounds: tuple[Any, ...]) -> st.SearchStrategy[Any]:
    if kind is bool:
        return st.booleans()
    if kind in (int, float):
        # What bounds an int is an int to pydantic, too, but annotated_types says only: it compares.
        least: Any = next((b.ge if isinstance(b, Ge) else b.gt for b in bounds
                           if isinstance(b, Ge | Gt)), None)  # fmt: skip
        most: Any = next((b.le for b in bounds if isinstance(b, Le)), None)
        usual: st.SearchStrategy[float]
        if kind is int:
            usual = st.integers(least, most if most is not None else (least or 0) + 10**6)
        else:
            usual = st.floats(least, most, allow_nan=False, allow_infinity=False)
        edges = [edge for edge in (least, most) if edge is not None]
        return st.one_of(usual, st.sampled_from(edges)) if edges else usual
    if kind is dt.date:
        day = st.dates(dt.date(2015, 12, 1), dt.date(2021, 1, 31))
        return day.map(dt.date.isoformat)
    if kind is str:
        return st.one_of(names, st.sampled_from(["x", "一个标签", "name_1"]))
    return st.none()


def names_of(config: Json) -> Names:
    """Names that something in the configuration has."""
    plan = config["plan"]
    kinds = ("zones", "groups", "sources", "targets", "programmes", "ladder")
    sets = [config["parameters"], *(plan[kind] for kind in kinds)]
    return st.one_of([st.sampled_from(sorted(own)) for own in sets])


# ---------------------------------------------------------------------------------------- mutants


@st.composite
def mutants(draw: st.DrawFn, config: Whole) -> Mutant:
    """A configuration with one to three things changed."""
    names = names_of(config)
    mutant = Whole(copy.deepcopy(dict(config)))
    done = []
    for _ in range(draw(st.sampled_from([1, 1, 1, 2, 3]))):
        path = draw(_paths(mutant))
        how = draw(st.sampled_from(sorted(_CHANGES)))
        done.append(f"{how} {'.'.join(map(str, path))}")
        done[-1] += _CHANGES[how](draw, mutant, path, names)
    return Mutant(mutant, done)


@st.composite
def _paths(draw: st.DrawFn, config: Json) -> Path:
    """A place of the configuration: every level as likely as the ones below it together."""
    path: list[str | int] = []
    value: Any = config
    while isinstance(value, dict | list) and value:
        if path and draw(st.integers(0, 3)) == 0:
            break
        parts = sorted(value) if isinstance(value, dict) else range(len(value))
        part = draw(st.sampled_from(parts))
        path.append(part)
        value = value[part]
    return tuple(path)


def at(config: Any, path: Path) -> Any:
    """What stands at ``path``."""
    for part in path:
        config = config[part]
    return config


def _drop(draw: st.DrawFn, config: Json, path: Path, names: Names) -> str:
    del at(config, path[:-1])[path[-1]]
    return ""


def _rename(draw: st.DrawFn, config: Json, path: Path, names: Names) -> str:
    parent, last = at(config, path[:-1]), path[-1]
    if not isinstance(parent, dict):
        return _repeat(draw, config, path, names)
    name = str(last)
    cut = draw(st.integers(0, len(name)))
    new = draw(st.sampled_from([name[:cut] + name[cut + 1 :], name[:cut] + "_" + name[cut:],
                                name.upper(), name + " ", *ODD_TEXTS]))  # fmt: skip
    parent[new] = parent.pop(last)
    return f" to {new!r}"


def _repeat(draw: st.DrawFn, config: Json, path: Path, names: Names) -> str:
    parent, last = at(config, path[:-1]), path[-1]
    again = copy.deepcopy(parent[last])
    if isinstance(parent, list):
        parent.extend([again] * draw(st.sampled_from([1, 2, 100])))
    else:
        parent[f"{last}_again"] = again
    return ""


def _odd(draw: st.DrawFn, config: Json, path: Path, names: Names) -> str:
    at(config, path[:-1])[path[-1]] = value = draw(odd_values)
    return f" = {value!r}"[:100]


def _allowed(draw: st.DrawFn, config: Json, path: Path, names: Names) -> str:
    """Something else that the schema allows there, if it knows the place."""
    place = wording.place(path, config)
    if place is None:
        return _odd(draw, config, path, names)
    value = draw(valid(place.annotation, names, place.bounds))
    at(config, path[:-1])[path[-1]] = value
    return f" = {value!r}"[:200]


def _scaled(draw: st.DrawFn, config: Json, path: Path, names: Names) -> str:
    value = at(config, path)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return _allowed(draw, config, path, names)
    factor = draw(st.sampled_from([0, 0.1, 0.5, 0.9, 1.1, 2, 10, 100]))
    scaled = type(value)(value * factor)
    at(config, path[:-1])[path[-1]] = scaled
    return f" = {scaled}"


def _swap(draw: st.DrawFn, config: Json, path: Path, names: Names) -> str:
    other = draw(_paths(config))
    if other[: len(path)] == path or path[: len(other)] == other:
        return " not at all"
    one, two = at(config, path), at(config, other)
    at(config, path[:-1])[path[-1]] = two
    at(config, other[:-1])[other[-1]] = one
    return f" with {'.'.join(map(str, other))}"


def _shift(draw: st.DrawFn, config: Json, path: Path, names: Names) -> str:
    """Move a part of one share to the next one of the same list or mapping."""
    shares = draw(st.sampled_from(SHARES))
    whole: Any = at(config, shares) if _is_there(config, shares) else ()
    keys = sorted(whole) if isinstance(whole, dict) else range(len(whole or ()))
    if len(keys) < 2 or not all(isinstance(whole[key], float) for key in keys):
        return _scaled(draw, config, path, names)
    one, two = draw(st.permutations(keys))[:2]
    moved = whole[one] * draw(st.sampled_from([0.1, 0.5, 1.0]))
    whole[one], whole[two] = whole[one] - moved, whole[two] + moved
    return f": moved {moved} of {shares} from {one} to {two}"


def _shock(draw: st.DrawFn, config: Json, path: Path, names: Names) -> str:
    """Another shock, as the schema has them."""
    shock = draw(model(Shock, names))
    shock["start"], shock["end"] = sorted([shock["start"], shock["end"]])
    shock["zones"] = draw(st.lists(st.sampled_from(["core", "northeast", "expansion"]), max_size=2))
    shock["groups"] = draw(st.lists(st.sampled_from(["facilities", "activities"]), max_size=2))
    shock["size"] = draw(st.sampled_from([0.01, 0.5, 1.0, 1, 30, 366]))
    if not isinstance(config.get("shocks"), list):
        return _odd(draw, config, path, names)
    config["shocks"].append(shock)
    return f": {shock}"


def _is_there(config: Any, path: Path) -> bool:
    try:
        at(config, path)
    except (KeyError, IndexError, TypeError):
        return False
    return True


SHARES: tuple[Path, ...] = (
    ("budget", "source_shares"),
    ("budget", "year_shares"),
    ("budget", "quarter_shares"),
    ("allocation", "group_shares"),
)
"""Shares that sum to one."""

_CHANGES = {
    "drop": _drop,
    "rename": _rename,
    "repeat": _repeat,
    "set": _odd,
    "choose": _allowed,
    "choose again": _allowed,
    "scale": _scaled,
    "scale again": _scaled,
    "swap": _swap,
    "shift": _shift,
    "shock": _shock,
}


# ------------------------------------------------------------------------------------ command lines


_WRITTEN = (
    "austerity", "custom", "[1,2]", "[a, b]", "{a:1}", "[{kind:closure}]", "1,2", "（甲）",
    "[甲，乙]", "5%", "'a", '"a"', "$(x)", "range(3)", "glob(*)",
)  # fmt: skip


def command_lines(config: Whole) -> st.SearchStrategy[list[str]]:
    """Overrides of keys that there are, or nearly, with values of any kind."""
    paths = _paths_below(config)
    allowed = _allowed_override(
        config,
        names_of(config),
        [path for path in paths if len(path) > 1 or path[0] not in groups()],
    )
    odd = _odd_override([".".join(path) for path in paths])
    return st.lists(st.one_of(allowed, odd), min_size=1, max_size=2)


@st.composite
def _allowed_override(
    draw: st.DrawFn, config: Whole, names: Names, paths: list[tuple[str, ...]]
) -> str:
    """A value that the schema allows at a key."""
    path = draw(st.sampled_from(paths))
    place = wording.place(path, config)
    assert place is not None
    value = draw(valid(place.annotation, names, place.bounds))
    return f"{'.'.join(path)}={_as_typed(value)}"


def _as_typed(value: Any) -> str:
    if isinstance(value, list):
        return f"[{','.join(map(_as_typed, value))}]"
    if isinstance(value, dict):
        return "{" + ",".join(f"{key}:{_as_typed(item)}" for key, item in value.items()) + "}"
    return json.dumps(value) if value is None or isinstance(value, bool) else str(value)


def _odd_override(every: list[str]) -> st.SearchStrategy[str]:
    keys = st.sampled_from(every)
    others = st.sampled_from(["scenario", "hydra.run.dir", "", "x"])
    nearly = keys.map(lambda key: key[:-1]) | others
    written = st.one_of(
        st.sampled_from(ODD_TEXTS).filter(lambda text: len(text) < 100),
        st.sampled_from(EXTREME_NUMBERS).map(str),
        st.text(max_size=12),
        st.sampled_from(_WRITTEN),
    )
    sign = st.sampled_from(["=", "=", "=", "=", "＝", " = ", "", ":", "=="])
    front = st.sampled_from(["", "", "", "", "+", "++", "~", "--", "-", "'"])
    return st.builds("".join, st.tuples(front, st.one_of(keys, nearly), sign, written))


def _paths_below(config: Mapping[str, Any], above: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    """The keys of all mappings, as paths."""
    found = []
    for key, value in config.items():
        found.append((*above, key))
        if isinstance(value, Mapping):
            found += _paths_below(value, (*above, key))
    return found
