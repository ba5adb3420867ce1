"""What is loaded when it is first used: names of our own packages, and libraries that take long.

Most commands refuse, help or print before they need any of it, and a worker starts without. A
module imports such a library from here, at its top, and uses it as if it were loaded::

    from sim.lazy import pa, pq

See https://scientific-python.org/specs/spec-0001.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from typing import TYPE_CHECKING

__all__ = [
    "chart_data",
    "face",
    "interpolate",
    "jinja2",
    "metadata",
    "optimize",
    "pa",
    "pc",
    "pd",
    "pptx",
    "pq",
    "special",
    "stats",
    "xlsxwriter",
    "yaml",
]


def face(package: str, offered: Mapping[str, Sequence[str]]) -> Callable[[str], object]:
    """The ``__getattr__`` of a package that offers names of some modules, given by module."""
    homes = {name: module for module, names in offered.items() for name in names}

    def load(name: str) -> object:
        if name not in homes:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        return getattr(import_module(homes[name]), name)

    return load


if TYPE_CHECKING:
    from importlib import metadata
    from typing import Any

    import jinja2
    import pandas as pd
    import pyarrow as pa
    import pyarrow.compute as pc
    import pyarrow.parquet as pq
    import yaml
    from scipy import interpolate, optimize, special, stats

    pptx: Any  # of an extra, without types
    chart_data: Any
    xlsxwriter: Any
else:

    class _Library:
        """A module that is imported when something in it is first asked for."""

        def __init__(self, name: str) -> None:
            self._name = name

        def __getattr__(self, name: str) -> object:
            return getattr(import_module(self._name), name)

    jinja2, metadata, pd, yaml = map(_Library, ("jinja2", "importlib.metadata", "pandas", "yaml"))
    pptx, chart_data, xlsxwriter = map(_Library, ("pptx", "pptx.chart.data", "xlsxwriter"))
    pa, pc, pq = map(_Library, ("pyarrow", "pyarrow.compute", "pyarrow.parquet"))
    interpolate, optimize = map(_Library, ("scipy.interpolate", "scipy.optimize"))
    special, stats = map(_Library, ("scipy.special", "scipy.stats"))
