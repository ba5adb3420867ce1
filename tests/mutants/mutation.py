"""Wrong rules: every small change of one line of a source file that a careless hand could make.

A mutant replaces a piece of one line: a comparison, its boundary, a constant, an operator, a
function by its opposite, the order of two arguments, a condition, a bound of a slice, the order of
what is returned, a call that is left out. Messages, annotations and assertions stay as they are.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

COMPARISONS = {
    "<": ("<=", ">="),
    "<=": ("<", ">"),
    ">": (">=", "<="),
    ">=": (">", "<"),
    "==": ("!=",),
    "!=": ("==",),
    "in": ("not in",),
    "not in": ("in",),
    "is": ("is not",),
    "is not": ("is",),
}
OPERATORS = {
    "+": ("-",),
    "-": ("+",),
    "*": ("/",),
    "/": ("*",),
    "//": ("/",),
    "%": ("//",),
    "**": ("*",),
    "&": ("|",),
    "|": ("&",),
}
SWAPPED = {
    "min": "max",
    "max": "min",
    "any": "all",
    "all": "any",
    "floor": "ceil",
    "ceil": "floor",
    "minimum": "maximum",
    "maximum": "minimum",
    "sum": "max",
    "round": "int",
    "sorted": "list",
    "abs": "float",
    "bisect_left": "bisect_right",
    "bisect_right": "bisect_left",
    "mean": "median",
    "argmax": "argmin",
    "argmin": "argmax",
    "cumsum": "sort",
}
SYMMETRIC = {"min", "max", "isinstance", "minimum", "maximum", "zip", "range", "hasattr", "getattr"}
INDICES = {"i", "j", "k", "index", "number", "place", "year", "quarter", "row", "first", "last"}
DROPPABLE = (ast.Add, ast.Sub, ast.Mult, ast.Div)
_TOKEN = re.compile(
    rb"not\s+in|is\s+not|//|\*\*|<=|>=|==|!=|[-+*/%&|<>]|\bin\b|\bis\b|\band\b|\bor\b"
)


@dataclass(frozen=True, order=True)
class Mutant:
    """One wrong rule: the bytes ``start`` to ``end`` of a file become ``text``.

    Attributes:
        path: file, relative to the tree.
        function: qualified name of the function that the line belongs to, "" outside of all.
        before, after: the line, without indentation.
    """

    path: str
    line: int
    start: int
    end: int
    text: str
    function: str
    before: str
    after: str

    def apply(self, source: bytes) -> bytes:
        return source[: self.start] + self.text.encode() + source[self.end :]


def mutants_of(tree: Path, path: str) -> list[Mutant]:
    """All mutants of the file ``path`` below ``tree``, by line."""
    source = (tree / path).read_bytes()
    finder = _Finder(source)
    finder.visit(ast.parse(source))
    lines = source.split(b"\n")
    mutants = set()
    for start, end, text, function in finder.found:
        number = source.count(b"\n", 0, start)
        first = start - (source.rfind(b"\n", 0, start) + 1)
        line, last = lines[number], first + end - start
        changed = line[:first] + text.encode() + line[last:]
        before, after = line.decode().strip(), changed.decode().strip()
        mutants.add(Mutant(path, number + 1, start, end, text, function, before, after))
    return sorted(mutants)


def compiles(tree: Path, mutant: Mutant) -> bool:
    """Whether the changed file is still Python."""
    try:
        ast.parse(mutant.apply((tree / mutant.path).read_bytes()))
    except SyntaxError:
        return False
    return True


class _Finder(ast.NodeVisitor):
    """Collects (start, end, replacement, function) of all changes."""

    def __init__(self, source: bytes) -> None:
        self._source = source
        self._starts = [0]
        for line in source.split(b"\n"):
            self._starts.append(self._starts[-1] + len(line) + 1)
        self._scope: list[str] = []
        self._in_function = False
        self.found: list[tuple[int, int, str, str]] = []

    # ------------------------------------------------------------------ places in the text

    def _span(self, node: ast.expr | ast.stmt) -> tuple[int, int]:
        assert node.end_lineno is not None
        assert node.end_col_offset is not None
        return (
            self._starts[node.lineno - 1] + node.col_offset,
            self._starts[node.end_lineno - 1] + node.end_col_offset,
        )

    def _text(self, node: ast.expr | ast.stmt) -> str:
        start, end = self._span(node)
        return self._source[start:end].decode()

    def _replace(self, node: ast.expr | ast.stmt, text: str) -> None:
        self._add(*self._span(node), text)

    def _add(self, start: int, end: int, text: str) -> None:
        if b"\n" not in self._source[start:end] and "\n" not in text:
            function = ".".join(self._scope) if self._in_function else ""
            self.found.append((start, end, text, function))

    def _between(self, left: ast.expr, right: ast.expr) -> tuple[int, int, str] | None:
        """Where the operator between two operands stands, and the operator."""
        first, last = self._span(left)[1], self._span(right)[0]
        token = _TOKEN.search(self._source, first, last)
        if token is None:
            return None
        return token.start(), token.end(), " ".join(token.group().decode().split())

    # ------------------------------------------------------------------ scopes; what stays

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        self._enter(node)

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        self._enter(node)

    def _enter(self, node: ast.FunctionDef | ast.ClassDef) -> None:
        scope, inside = self._scope, self._in_function
        self._scope = [*scope, "<locals>", node.name] if inside else [*scope, node.name]
        self._in_function = inside or isinstance(node, ast.FunctionDef)
        if isinstance(node, ast.FunctionDef):
            for default in (*node.args.defaults, *filter(None, node.args.kw_defaults)):
                self.visit(default)
        for statement in node.body:
            self.visit(statement)
        self._scope, self._in_function = scope, inside

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        if node.value is not None:
            self.visit(node.value)

    def visit_JoinedStr(self, node: ast.JoinedStr) -> None:
        """Texts stay."""

    def visit_Raise(self, node: ast.Raise) -> None:
        """Errors stay; when they are raised does not."""

    def visit_Assert(self, node: ast.Assert) -> None:
        """What is asserted is no rule of the domain."""

    def visit_keyword(self, node: ast.keyword) -> None:
        if node.arg != "strict":  # as good as an assertion
            self.generic_visit(node)

    # ------------------------------------------------------------------ conditions

    def visit_Compare(self, node: ast.Compare) -> None:
        for left, right in zip([node.left, *node.comparators], node.comparators, strict=False):
            place = self._between(left, right)
            if place is not None:
                start, end, token = place
                for other in COMPARISONS.get(token, ()):
                    self._add(start, end, other)
        self.generic_visit(node)

    def visit_BoolOp(self, node: ast.BoolOp) -> None:
        both = isinstance(node.op, ast.And)
        for left, right in zip(node.values, node.values[1:], strict=False):
            place = self._between(left, right)
            if place is not None:
                self._add(place[0], place[1], "or" if both else "and")
        for value in node.values:
            self._replace(value, str(both))
        self.generic_visit(node)

    def visit_UnaryOp(self, node: ast.UnaryOp) -> None:
        if isinstance(node.op, ast.Not) or (
            isinstance(node.op, ast.USub | ast.Invert)
            and not isinstance(node.operand, ast.Constant)
        ):
            self._replace(node, self._text(node.operand))
        self.generic_visit(node)

    def visit_If(self, node: ast.If) -> None:
        if isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING":
            return
        self._replace(node.test, "True")
        self._replace(node.test, "False")
        self.generic_visit(node)

    def visit_IfExp(self, node: ast.IfExp) -> None:
        self._replace(node, self._text(node.body))
        self._replace(node, self._text(node.orelse))
        self.generic_visit(node)

    def visit_comprehension(self, node: ast.comprehension) -> None:
        for condition in node.ifs:
            self._replace(condition, "True")
        self.generic_visit(node)

    # ------------------------------------------------------------------ numbers

    def visit_Constant(self, node: ast.Constant) -> None:
        value = node.value
        if isinstance(value, bool):
            self._replace(node, str(not value))
        elif isinstance(value, int):
            self._replace(node, str(value + 1))
            if value > 0:
                self._replace(node, str(value - 1))
        elif isinstance(value, float):
            self._replace(node, repr(2.0 * value) if value else "1.0")
            if value == 1.0:
                self._replace(node, "0.0")

    def visit_BinOp(self, node: ast.BinOp) -> None:
        place = self._between(node.left, node.right)
        if place is not None and not _is_text(node.left) and not _is_text(node.right):
            for other in OPERATORS.get(place[2], ()):
                self._add(place[0], place[1], other)
            if isinstance(node.op, DROPPABLE):
                self._replace(node, self._text(node.left))
            if isinstance(node.op, ast.Add | ast.Mult):
                self._replace(node, self._text(node.right))
        self.generic_visit(node)

    def visit_AugAssign(self, node: ast.AugAssign) -> None:
        start, end = self._span(node.target)[1], self._span(node.value)[0]
        token = re.compile(rb"[-+*/|&]+=").search(self._source, start, end)
        if token is not None:
            other = {"+=": "-=", "-=": "+=", "*=": "/=", "/=": "*="}.get(token.group().decode())
            for text in filter(None, (other, "=")):
                self._add(token.start(), token.end(), text)
        self.generic_visit(node)

    # ------------------------------------------------------------------ calls, slices, returns

    def visit_Call(self, node: ast.Call) -> None:
        name = node.func
        called = name.id if isinstance(name, ast.Name) else getattr(name, "attr", "")
        if called in SWAPPED and (isinstance(name, ast.Name) or _is_library(name)):
            end = self._span(name)[1]
            self._add(end - len(called), end, SWAPPED[called])
        if called not in SYMMETRIC:
            for one, two in zip(node.args, node.args[1:], strict=False):
                if _is_plain(one) and _is_plain(two):
                    start, end = self._span(one)[0], self._span(two)[1]
                    self._add(start, end, f"{self._text(two)}, {self._text(one)}")
        if called in ("ConfigError", "log"):
            return  # what a message says
        self.generic_visit(node)

    def visit_Expr(self, node: ast.Expr) -> None:
        if isinstance(node.value, ast.Call):
            self._replace(node, "None")
        if not isinstance(node.value, ast.Constant):
            self.generic_visit(node)

    def visit_Subscript(self, node: ast.Subscript) -> None:
        if isinstance(node.slice, ast.Name) and node.slice.id in INDICES:
            self._replace(node.slice, f"{node.slice.id} - 1")
        self.generic_visit(node)

    def visit_Slice(self, node: ast.Slice) -> None:
        for bound in (node.lower, node.upper):
            if bound is not None:
                self._replace(bound, "")
        self.generic_visit(node)

    def visit_Return(self, node: ast.Return) -> None:
        if isinstance(node.value, ast.Tuple) and len(node.value.elts) > 1:
            one, two = node.value.elts[:2]
            start, end = self._span(one)[0], self._span(two)[1]
            self._add(start, end, f"{self._text(two)}, {self._text(one)}")
        self.generic_visit(node)

    def visit_Continue(self, node: ast.Continue) -> None:
        self._replace(node, "break")


def _is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.JoinedStr | ast.List | ast.Tuple) or (
        isinstance(node, ast.Constant) and isinstance(node.value, str)
    )


def _is_library(node: ast.expr) -> bool:
    value = node.value if isinstance(node, ast.Attribute) else None
    return isinstance(value, ast.Name) and value.id in ("np", "math")


def _is_plain(node: ast.expr) -> bool:
    return isinstance(node, ast.Name | ast.Attribute)


def modules_below(tree: Path, folders: tuple[str, ...]) -> Iterator[str]:
    """Source files below ``folders``, relative to the tree."""
    for folder in folders:
        for path in sorted((tree / folder).rglob("*.py")):
            yield path.relative_to(tree).as_posix()
