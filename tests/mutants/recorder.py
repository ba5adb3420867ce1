"""A pytest plugin that notes for every test what it costs and which functions it calls."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from types import CodeType, FrameType
from typing import Any

import pytest


def _processor_seconds() -> float:
    """Of this process and of those that it has waited for: what else runs here plays no part."""
    return sum(os.times()[:4])


class Recorder:
    """Takes down tests that pass; what a shared fixture calls counts for every test that uses it.

    Attributes:
        seconds: by test that passed.
        calls: by test, functions as ``sim/file.py::qualified.name``.
    """

    def __init__(self, root: str) -> None:
        self._root = f"{root}/"
        self._names: dict[CodeType, str | None] = {}
        self._codes: set[CodeType] = set()
        self._by_fixture: dict[Any, set[CodeType]] = {}
        self.seconds: dict[str, float] = {}
        self.calls: dict[str, list[str]] = {}

    def _trace(self, frame: FrameType, event: str, arg: Any) -> None:
        self._codes.add(frame.f_code)  # returns nothing: no line is traced

    @pytest.hookimpl(hookwrapper=True)
    def pytest_fixture_setup(self, fixturedef: Any, request: Any) -> Iterator[None]:
        outer, self._codes = self._codes, set()
        yield
        self._by_fixture[fixturedef] = self._codes
        self._codes = outer | self._codes

    @pytest.hookimpl(hookwrapper=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> Iterator[None]:
        self._codes = set()
        sys.settrace(self._trace)
        yield

    @pytest.hookimpl(hookwrapper=True, trylast=True)
    def pytest_runtest_call(self, item: pytest.Item) -> Iterator[None]:
        sys.settrace(self._trace)  # whatever the suite has done to the tracer of coverage
        start = _processor_seconds()
        outcome: Any = yield
        seconds = _processor_seconds() - start
        sys.settrace(None)
        if outcome.excinfo is None:
            codes = set(self._codes)
            for definitions in item._fixtureinfo.name2fixturedefs.values():  # type: ignore[attr-defined]
                for definition in definitions:
                    codes |= self._by_fixture.get(definition, set())
            self.seconds[item.nodeid] = seconds
            self.calls[item.nodeid] = sorted({n for c in codes if (n := self._name(c))})

    def _name(self, code: CodeType) -> str | None:
        if code not in self._names:
            path = code.co_filename.removeprefix(self._root)
            # Comprehensions and lambdas belong to the function around them.
            name = code.co_qualname.split(".<locals>.<")[0]
            self._names[code] = f"{path}::{name}" if path.startswith("sim/") else None
        return self._names[code]
