"""A test that cannot fail is a defect: rules for the tests themselves, read off their source.

Every test asserts something that is reached whatever it finds: not only in a loop over what may be
empty, or under a condition that may not hold. ``assert all(...)`` says nothing of nothing.
And no test waits for a time: a busy machine would make it fail, and an idle one is kept waiting.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

TESTS = Path(__file__).resolve().parent
FILES = sorted(TESTS.rglob("*.py"))
FULL = ast.List | ast.Tuple | ast.Set | ast.Dict | ast.Constant
PASSING_ON = {
    "zip", "enumerate", "sorted", "reversed", "list", "tuple", "set", "dict", "items", "keys",
    "values", "iter", "map", "product", "permutations", "combinations", "chain", "get_args",
}  # fmt: skip
"""Calls that give as many as they are given."""


class Module:
    """The test functions of a file and what is known of its names."""

    def __init__(self, source: str) -> None:
        self.tree = ast.parse(source)
        self.functions = {
            node.name: node for node in ast.walk(self.tree) if isinstance(node, ast.FunctionDef)
        }
        self._full = {
            name
            for node in self.tree.body
            for name in _assigned(node)
            if name.isupper() or _is_full(getattr(node, "value", None), set())
        }
        for (
            node
        ) in self.tree.body:  # constants of other modules: that they hold something is theirs
            if isinstance(node, ast.ImportFrom):
                self._full |= {a.asname or a.name for a in node.names if a.name.isupper()}
                self._full |= {a.asname or a.name for a in node.names if a.name[0].isupper()}

    def tests(self) -> Iterator[ast.FunctionDef]:
        for name, node in self.functions.items():
            if name.startswith("test_"):
                yield node

    def of_nothing(self, function: ast.FunctionDef) -> list[int]:
        """Lines that assert something of all members of what may be empty."""
        nodes = list(ast.walk(function))
        full = self._full | {name for node in nodes for name in _asserted(node)}
        for node in nodes:
            if isinstance(node, ast.Assign | ast.AnnAssign) and _is_full(node.value, full):
                full |= set(_assigned(node))
        return [
            node.lineno for node in nodes if isinstance(node, ast.Assert) and _vacuous(node, full)
        ]

    # ------------------------------------------------------------------ what is surely reached

    def asserts(self, function: ast.FunctionDef) -> bool:
        """Whether a function surely asserts something, or fails at its end.

        What a property draws is sometimes empty, but not in all of its examples.
        """
        if _is_property(function):
            nodes = list(ast.walk(function))
            calls = {_called(node) for node in nodes if isinstance(node, ast.Call)}
            checks = {name for name in calls if name in self.functions or "assert_" in name}
            return bool(checks) or any(isinstance(node, ast.Assert) for node in nodes)
        return self._surely(function.body, set(self._full), {function.name})

    def _surely(self, body: list[ast.stmt], full: set[str], callers: set[str]) -> bool:
        return any(self._statement(node, full, callers) for node in body)

    def _statement(self, node: ast.stmt, full: set[str], callers: set[str]) -> bool:
        if isinstance(node, ast.Assert):
            return not _vacuous(node, full)
        if isinstance(node, ast.With):
            raises = any(_called(item.context_expr) in ("raises", "warns") for item in node.items)
            return raises or self._surely(node.body, full, callers)
        if isinstance(node, ast.For):
            if not _is_full(node.iter, full):
                return False
            return self._surely(node.body, full | _names(node.target), callers)
        if isinstance(node, ast.If):
            return all(self._surely(b, full, callers) for b in (node.body, node.orelse))
        if isinstance(node, ast.Try):
            return self._surely([*node.body, *node.finalbody], full, callers)
        if isinstance(node, ast.Assign | ast.AnnAssign) and _is_full(node.value, full):
            full |= set(_assigned(node))
        calls = [call for call in ast.walk(node) if isinstance(call, ast.Call)]
        return any(self._checks(call, callers) for call in calls)

    def _checks(self, call: ast.Call, callers: set[str]) -> bool:
        """Whether a call is an assertion, or one of a function here that surely asserts."""
        name = _called(call)
        if name not in self.functions and (name.startswith("assert_") or name == "fail"):
            return True
        own = self.functions.get(name)
        if own is None or name in callers:
            return False
        return self._surely(own.body, set(self._full), callers | {name})


def _is_property(function: ast.FunctionDef) -> bool:
    return any(_called(decorator) == "given" for decorator in function.decorator_list)


def _asserted(node: ast.AST) -> set[str]:
    """Names of which an assertion says that they hold something."""
    test = node.test if isinstance(node, ast.Assert) else None
    if isinstance(test, ast.Compare) and _called(test.left) == "len":
        return _names(test.left) - {"len"}
    return {test.id} if isinstance(test, ast.Name) else set()


def _assigned(node: ast.stmt) -> list[str]:
    targets = node.targets if isinstance(node, ast.Assign) else []
    targets = [node.target] if isinstance(node, ast.AnnAssign) else targets
    return [name for target in targets for name in _names(target)]


def _names(target: ast.expr) -> set[str]:
    return {node.id for node in ast.walk(target) if isinstance(node, ast.Name)}


def _called(node: ast.expr) -> str:
    function = node.func if isinstance(node, ast.Call) else None
    if isinstance(function, ast.Name):
        return function.id
    return function.attr if isinstance(function, ast.Attribute) else ""


def _is_full(node: ast.expr | None, full: set[str]) -> bool:
    """Whether an expression surely holds something."""
    match node:
        case ast.List(elts=items) | ast.Tuple(elts=items) | ast.Set(elts=items):
            return any(
                _is_full(i.value, full) if isinstance(i, ast.Starred) else True for i in items
            )
        case ast.Dict(keys=keys):
            return len(keys) > 0
        case ast.Constant(value=value):
            return bool(value)
        case ast.Name(id=name):
            return name in full
        case ast.Attribute(attr=name):
            return name.isupper()
        case ast.Subscript(value=value):
            return _is_full(value, full)
        case ast.BinOp(left=left, right=right):
            return _is_full(left, full) or _is_full(right, full)
        case (
            ast.ListComp(generators=[one])
            | ast.GeneratorExp(generators=[one])
            | ast.DictComp(generators=[one])
            | ast.SetComp(generators=[one])
        ):
            return not one.ifs and _is_full(one.iter, full)
        case ast.Call(args=arguments):
            name = _called(node)
            if name == "range":
                return all(isinstance(a, ast.Constant | ast.BinOp | ast.Name) for a in arguments)
            own = node.func.value if isinstance(node.func, ast.Attribute) else None
            given = arguments[1:] if name == "map" else arguments
            return name in PASSING_ON and any(_is_full(a, full) for a in (*given, own) if a)
    return False


def _vacuous(node: ast.Assert, full: set[str]) -> bool:
    """Whether an assertion is about all members of what may be empty."""
    test = node.test
    if _called(test) != "all" or not isinstance(test, ast.Call) or len(test.args) != 1:
        return False
    if not isinstance(test.func, ast.Name):
        return False  # of an array: how large it is, is asserted with its values
    (argument,) = test.args
    return isinstance(argument, ast.GeneratorExp | ast.ListComp) and not _is_full(argument, full)


# ----------------------------------------------------------------------------------- the rules


def offenders(source: str) -> list[str]:
    """Names of the tests that may pass without having looked at anything."""
    module = Module(source)
    return [
        test.name
        for test in module.tests()
        if not module.asserts(test) or (module.of_nothing(test) and not _is_property(test))
    ]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(TESTS).as_posix())
def test_every_test_asserts_something_whatever_it_finds(path: Path) -> None:
    assert offenders(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    ("body", "passes"),
    [
        ("assert f()", True),
        ("f()", False),
        ("for x in f(): assert x", False),
        ("found = f()\n    assert found\n    for x in found: assert x", True),
        ("for x in (1, 2): assert x", True),
        ("for x in [y for y in f() if y]: assert x", False),
        ("for x, y in zip(f(), (1, 2)): assert x", True),
        ("for x in NAMES: assert x", True),
        ("for x in names: assert x", False),
        ("if f(): assert True is f()", False),
        ("if f(): assert f()\n    else: assert not f()", True),
        ("with pytest.raises(ValueError): f()", True),
        ("with f(): assert g()", True),
        ("np.testing.assert_allclose(f(), 1)", True),
        ("helper(f())", True),
        ("loop(f())", False),
        ("assert all(x > 0 for x in f())", False),
        ("found = f()\n    assert len(found) == 3\n    assert all(x > 0 for x in found)", True),
        ("assert g()\n    assert all(x > 0 for x in f())", False),
        ("assert {x > 0 for x in f()} == {True}", True),
    ],
)
def test_a_test_that_may_look_at_nothing_is_found(body: str, passes: bool) -> None:
    source = f"""
NAMES = ("a", "b")

def helper(found):
    assert found

def loop(found):
    for one in found:
        assert one

def test_it(names):
    {body}
"""
    assert offenders(source) == ([] if passes else ["test_it"])


def test_nobody_waits_for_a_time() -> None:
    """``time.sleep`` stands in loops that wait for a state, or for a moment that is drawn."""
    for path in FILES:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        waiting = {id(n) for w in ast.walk(tree) if isinstance(w, ast.While) for n in ast.walk(w)}
        sleeping = [
            node.lineno
            for node in ast.walk(tree)
            if isinstance(node, ast.Call) and _called(node) == "sleep" and id(node) not in waiting
            if not isinstance(node.args[0], ast.Call)
        ]
        assert sleeping == [], f"{path.name} waits for a time in the lines {sleeping}"
    assert FILES
