"""Hydra at the edge: command lines, files and overrides become one validated configuration.

Nothing else in the project knows Hydra or OmegaConf. What others need is here, and loaded when it
is first asked for, because Hydra takes longer to import than some commands take to answer.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim.edge.arguments import readable, unknown_option
    from sim.edge.composition import Composed, Composer, compose
    from sim.edge.options import Options
    from sim.edge.overrides import Override, refuse_unused_folders

_HOMES = {
    "Composed": "composition",
    "Composer": "composition",
    "Options": "options",
    "Override": "overrides",
    "compose": "composition",
    "readable": "arguments",
    "refuse_unused_folders": "overrides",
    "unknown_option": "arguments",
}

__all__ = [
    "Composed",
    "Composer",
    "Options",
    "Override",
    "compose",
    "readable",
    "refuse_unused_folders",
    "unknown_option",
]


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
