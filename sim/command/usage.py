"""What ``python -m sim --help`` prints, without loading Hydra or anything else that takes time."""

from __future__ import annotations

from sim.config.directory import groups
from sim.words import Speech


def usage(speech: Speech) -> str:
    """The help text, with the groups and choices that the configuration directory has today."""
    listed = (f"  {group:<30} {', '.join(names)}" for group, names in groups().items())
    return "\n".join([speech("usage.before"), *listed, "", speech("usage.after")])
