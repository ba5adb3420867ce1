"""Studies: how replications are simulated, kept, and read again.

To read what a run or an experiment has left::

    import sim.study

    results = sim.study.open("outputs/baseline-2026-01-31-120000")
    frame = sim.study.with_units(results.targets())

See :class:`sim.study.archive.Archive` for the frames there are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

    from sim.study.archive import Archive

__all__ = ["open", "with_units"]


def open(folder: str | Path) -> Archive:
    """Open a run folder (``python -m sim``) or a study folder (``python -m experiments.NAME``).

    Nothing is simulated or written. The frames of a study hold all replications that it used, and
    the column ``scenario`` is the name of the design point; in large ones ask for some
    (``points=[...]``).

    Raises:
        ConfigError: this is no folder of results, it is unfinished, or another version wrote it;
            the message says what to do.
    """
    from sim.study.archive import open_archive

    return open_archive(folder)


def with_units(frame: pd.DataFrame, language: str = "en") -> pd.DataFrame:
    """A frame of targets or series with the unit of every value in a further column ``unit``.

    See :func:`sim.study.units.with_units`.
    """
    from sim.study import units

    return units.with_units(frame, language)
