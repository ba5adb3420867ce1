"""How many of several targets are met at once."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt


def at_least(met: npt.NDArray[np.bool_]) -> list[float]:
    """With what probability at least k targets are met at once.

    Args:
        met: array (targets, replications).

    Returns:
        by k, from 0 to the number of targets, the share of replications that meet at least k.
    """
    together = met.sum(axis=0)
    return [float((together >= count).mean()) for count in range(len(met) + 1)]
