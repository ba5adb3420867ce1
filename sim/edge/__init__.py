"""Hydra at the edge: command lines, files and overrides become one validated configuration.

Nothing else in the project knows Hydra or OmegaConf. What others need is here, and loaded when it
is first asked for, because Hydra takes longer to import than some commands take to answer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.lazy import face

if TYPE_CHECKING:
    from sim.edge.arguments import readable, unknown_option
    from sim.edge.composition import Composed, Composer, compose
    from sim.edge.options import Options
    from sim.edge.overrides import Override, refuse_unused_folders

__getattr__ = face(
    __name__,
    {
        "sim.edge.arguments": ("readable", "unknown_option"),
        "sim.edge.composition": ("Composed", "Composer", "compose"),
        "sim.edge.options": ("Options",),
        "sim.edge.overrides": ("Override", "refuse_unused_folders"),
    },
)

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
