"""Rules of the model: which room may know which, who writes what, where engine details stand.

A rule reads the sources as syntax trees, so imports for types alone and those inside functions
count like any other.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from sim.model.measures import MEASURES, PARTS
from sim.model.parts.part import Part
from sim.plan.mechanisms import MECHANISMS

ROOT = Path(__file__).resolve().parents[2]

MODEL = ("kernel", "money", "works", "parts", "measures", "record", "city")
"""Rooms of the model from the lowest: each may know itself and those before it."""


# ------------------------------------------------------------------------- reading the sources


@cache
def tree(module: str) -> ast.Module:
    """The syntax of a module, given its dotted name."""
    return ast.parse(path_of(module).read_text(encoding="utf-8"))


def path_of(module: str) -> Path:
    path = ROOT / module.replace(".", "/")
    return path / "__init__.py" if path.is_dir() else path.with_suffix(".py")


@cache
def modules(package: str) -> tuple[str, ...]:
    """Dotted names of all modules of a package, which may lie in folders of it."""
    paths = sorted((ROOT / package.replace(".", "/")).rglob("*.py"))
    names = (path.relative_to(ROOT).with_suffix("").as_posix().replace("/", ".") for path in paths)
    return tuple(name.removesuffix(".__init__") for name in names)


def imports(module: str) -> Iterator[str]:
    """Modules of the project that a module imports, anywhere in it and for whatever purpose."""
    for node in ast.walk(tree(module)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module is not None:
            for alias in node.names:
                submodule = f"{node.module}.{alias.name}"
                yield submodule if path_of(submodule).exists() else node.module


def circle(package: str) -> list[str]:
    """Modules of a package that import each other in a circle; empty if there is none."""
    own = set(modules(package))
    behind: set[str] = set()

    def walk(module: str, way: list[str]) -> list[str]:
        if module in way:
            return [*way[way.index(module) :], module]
        if module in behind:
            return []
        for other in imports(module):
            if other in own and (found := walk(other, [*way, module])):
                return found
        behind.add(module)
        return []

    return next((found for module in sorted(own) if (found := walk(module, []))), [])


# ------------------------------------------------------------------------- rooms


def test_no_module_of_the_model_is_in_a_circle_not_even_of_types() -> None:
    assert not circle("sim.model")


@pytest.mark.parametrize("module", modules("sim.model"))
def test_the_rooms_of_the_model_know_no_room_above(module: str) -> None:
    allowed = MODEL[: MODEL.index(module.split(".")[2]) + 1] if module != "sim.model" else ()
    known = {other for other in imports(module) if other.startswith("sim.model.")}
    assert not [other for other in known if other.split(".")[2] not in allowed]


@pytest.mark.parametrize("module", modules("sim.model"))
def test_the_model_knows_only_the_plan_and_its_schema(module: str) -> None:
    own = {other for other in imports(module) if other.split(".")[0] in ("sim", "experiments")}
    rooms = ("sim.model.", "sim.plan.", "sim.config.schema", "sim.lazy")
    assert not [other for other in own if not other.startswith(rooms)]


def test_the_plan_does_not_know_the_model() -> None:
    found = {(module, other) for module in modules("sim.plan") for other in imports(module)}
    assert not [pair for pair in found if pair[1].startswith("sim.model")]


# ------------------------------------------------------------------------- parts


@pytest.mark.parametrize("part", PARTS)
def test_a_part_stands_in_one_file_and_declares_what_it_asks_for(part: type[Part]) -> None:
    asked = {
        node.slice.value
        for node in ast.walk(tree(part.__module__))
        if isinstance(node, ast.Subscript)
        and isinstance(node.slice, ast.Constant)
        and ast.unparse(node.value).rpartition(".")[2] == "draw"
    }
    assert asked == set(part.parameters)
    assert {measure.__module__ for measure in part.measures} <= {part.__module__}
    assert part.section in ("", part.__module__.rpartition(".")[2])


def test_parts_are_built_after_those_they_need() -> None:
    early = [(p, n) for i, p in enumerate(PARTS) for n in p.needs if n in PARTS[i:]]
    assert not early


def test_every_way_to_measure_is_the_class_of_one_type() -> None:
    measures = [measure for part in PARTS for measure in part.measures]
    assert len({m.type for m in MEASURES.values()}) == len(MEASURES)
    assert set(measures) <= set(MEASURES.values())


def test_the_model_asks_for_what_the_plan_says_that_it_asks_for() -> None:
    texts = {
        node.value
        for module in modules("sim.model")
        for node in ast.walk(tree(module))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    assert {name for names in MECHANISMS.values() for name in names} <= texts


# ------------------------------------------------------------------------- who writes what


def written(node: ast.AST) -> Iterator[ast.Attribute]:
    """Attributes that a statement assigns to, or to an element of which it does."""
    targets: list[ast.expr] = []
    if isinstance(node, ast.Assign):
        targets = node.targets
    elif isinstance(node, ast.AugAssign | ast.AnnAssign):
        targets = [node.target]
    for target in targets:
        for one in target.elts if isinstance(target, ast.Tuple) else [target]:
            while isinstance(one, ast.Subscript):
                one = one.value
            if isinstance(one, ast.Attribute):
                yield one


def fields(module: str) -> set[str]:
    """Fields of the classes of a module: what they declare, or assign to themselves."""
    found: set[str] = set()
    for cls in ast.walk(tree(module)):
        if isinstance(cls, ast.ClassDef):
            declared = (node for node in cls.body if isinstance(node, ast.AnnAssign))
            found.update(n.target.id for n in declared if isinstance(n.target, ast.Name))
            found.update(a.attr for n in ast.walk(cls) for a in written(n) if is_self(a.value))
    return found


def is_self(node: ast.expr) -> bool:
    return isinstance(node, ast.Name) and node.id == "self"


NOTICES = {"missed"}
"""Fields of the world that parts write, so that those below them hear of it."""


@pytest.mark.parametrize("module", modules("sim.model"))
def test_only_the_module_of_its_class_writes_a_field(module: str) -> None:
    own = fields(module) | NOTICES
    foreign = [
        ast.unparse(attribute)
        for node in ast.walk(tree(module))
        for attribute in written(node)
        if not is_self(attribute.value) and attribute.attr not in own
    ]
    assert not foreign


OWNERS = {
    ("sim.model.works.project", "Project"): {
        "status": {"__init__", "propose", "contract", "lapse", "open"},
        "stage": {"__init__", "step"},
        "days": {"__init__", "step", "close"},
    },
    ("sim.model.money.envelope", "Envelope"): {
        "pledged": {"__init__", "pledge", "take_back", "commit"},
        "committed": {"__init__", "commit", "fulfil"},
        "announced": {"__init__", "announce"},
    },
}
"""Methods that write a field, by its class."""


@pytest.mark.parametrize("owner", OWNERS)
def test_a_field_is_written_by_few_methods_of_its_class(owner: tuple[str, str]) -> None:
    wanted = OWNERS[owner]
    found: dict[str, set[str]] = {field: set() for field in wanted}
    for module in modules("sim.model"):
        for cls in (n for n in ast.walk(tree(module)) if isinstance(n, ast.ClassDef)):
            for method in (n for n in cls.body if isinstance(n, ast.FunctionDef)):
                for attribute in (a for n in ast.walk(method) for a in written(n)):
                    if attribute.attr in wanted and (
                        not is_self(attribute.value) or (module, cls.name) == owner
                    ):
                        found[attribute.attr].add(method.name)
    assert found == wanted


# ------------------------------------------------------------------------- the engine

SIMPY_S_OWN = {"_queue", "_eid", "_now", "_ok", "_value", "_defused"}
CLOCK = "sim.model.kernel.clock"


def test_private_names_of_simpy_stand_in_the_clock_alone() -> None:
    users = {
        module
        for package in ("sim.model", "benchmarks")
        for module in modules(package)
        for node in ast.walk(tree(module))
        if isinstance(node, ast.Attribute) and node.attr in SIMPY_S_OWN
    }
    assert users == {CLOCK}
