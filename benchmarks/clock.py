"""The yardstick: a bare SimPy clock, to which times on any machine are compared."""

from __future__ import annotations

import time
from collections.abc import Generator

import numpy as np
import simpy

PROCESSES = 1000

_DELAYS = 4096


def clock_seconds(events: int) -> float:
    """Seconds a bare SimPy clock takes for ``events`` random timeouts of 1 000 processes.

    Delays are drawn beforehand: the yardstick is the clock, not a random number generator.
    """
    delays = np.random.default_rng(2016).random(_DELAYS).tolist()
    environment = simpy.Environment()

    def tick(number: int) -> Generator[simpy.Timeout, None, None]:
        while True:
            yield environment.timeout(delays[number % _DELAYS])
            number += 1

    for number in range(PROCESSES):
        environment.process(tick(number))
    started = time.perf_counter()
    for _ in range(events):
        environment.step()
    return time.perf_counter() - started
