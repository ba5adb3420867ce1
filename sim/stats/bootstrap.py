"""The bootstrap over replications, from a named stream: equal studies have equal resamples."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from sim.model.kernel.streams import Streams, entity_keys

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

PURPOSE = "analysis/bootstrap"


def resamples(seed: int, draws: Integers, count: int) -> Integers:
    """How often each replication is in each of ``count`` bootstrap samples.

    Drawn with replacement by draw of the parameters, as replications of one draw belong together
    (B. Efron and R. J. Tibshirani, An Introduction to the Bootstrap, 1993, chapter 8). The numbers
    are a named stream of the study's seed, so the same study has the same samples.

    Args:
        draws: number of the draw of each replication.

    Returns:
        weights of shape (count, replications).
    """
    _, cluster = np.unique(draws, return_inverse=True)
    clusters = int(cluster.max()) + 1
    keys = entity_keys("bootstrap", np.arange(count))[:, None]
    uniforms = Streams(seed, 0).uniform(PURPOSE, keys, np.arange(clusters)[None, :])
    chosen = (uniforms * clusters).astype(np.int64) + clusters * np.arange(count)[:, None]
    weights = np.bincount(chosen.ravel(), minlength=count * clusters).reshape(count, clusters)
    return weights[:, cluster].astype(np.int64)


def percentile_interval(sampled: Floats, error: float = 0.05) -> tuple[float, float]:
    """Percentile bootstrap interval; an end that lies at samples without a crossing is infinite."""
    low = np.quantile(sampled, error / 2.0, method="inverted_cdf")
    high = np.quantile(sampled, 1.0 - error / 2.0, method="higher")
    return float(low), float(high)
