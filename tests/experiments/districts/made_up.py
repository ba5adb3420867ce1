"""A delay ledger of a few places, small enough to be counted by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa

from experiments.districts.compared import Compared
from experiments.districts.counted import Counted
from experiments.districts.findings import Money, gaps, standings, zones_of
from sim.plan.districts import District

ZONES = ("hill", "hill", "town", "town")
POPULATIONS = (100, 110, 200, 400)
PLACES = tuple(
    District(500101 + at, f"{sign}区", name, zone, people, 1, {"narrow": 1, "wide": 1}, 1)
    for at, (sign, name, zone, people) in enumerate(
        zip("甲乙丙丁", ("Alpha", "Beta", "Gamma", "Delta"), ZONES, POPULATIONS, strict=True)
    )
)
LABEL = {"zh": "虚构", "en": "made up"}
CONFIG: dict[str, Any] = {
    "plan": {
        "districts": "districts.csv",
        "zones": {"hill": {"name": {"zh": "山", "en": "Hill"}},
                  "town": {"name": {"zh": "城", "en": "Town"}}},
        "programmes": {
            "rooms": {"name": {"zh": "活动室", "en": "Rooms"}},
            "villages": {"name": {"zh": "村", "en": "Villages"}, "cohort": 20},
            "hosts": {"name": {"zh": "依托", "en": "Hosts"}, "feeds": "district"},
        },
    }
}  # fmt: skip
COLUMNS = ("replication", "place", "programme", "stage",
           "excess_days", "passed", "standing", "missing")  # fmt: skip
ROWS = [
    # Alpha lacks rooms twice and villages once: 1 of 4 quotas is met in the two replications.
    (0, "500101", "rooms", "money", 90, 4, 1, 1),
    (0, "500101", "rooms", "unproposed:money_in_sight", 0, 0, 0, 2),
    (0, "500101", "villages", "money", 10, 1, 0, 0),
    (0, "500101", "villages", "unproposed:pace", 0, 0, 0, 25),
    (0, "500101", "hosts", "money", 50, 2, 0, 7),
    (0, "500101", "bases", "unmet:panel", 0, 0, 0, 9),
    # Beta meets all; so does Gamma but for rooms that wait for staff in the second replication.
    (0, "500102", "rooms", "money", 0, 2, 0, 0),
    (0, "500103", "rooms", "money", 20, 3, 0, 0),
    (0, "city", "rooms", "money", 500, 9, 9, 9),
    (1, "500101", "rooms", "money", 30, 6, 0, 0),
    (1, "500101", "rooms", "staff", 60, 5, 1, 1),
    (1, "500101", "villages", "money", 20, 3, 0, 0),
    (1, "500102", "rooms", "money", 10, 2, 0, 0),
    (1, "500103", "rooms", "staff", 40, 2, 1, 1),
    (1, "500103", "rooms", "money", 10, 3, 0, 0),
]


def counted(rows: list[tuple[Any, ...]] = ROWS, places: tuple[District, ...] = PLACES) -> Counted:
    columns = dict(zip(COLUMNS, zip(*rows, strict=True), strict=True))
    codes = [str(own.adcode) for own in places]
    return Counted([pa.table(columns)], CONFIG, codes, np.array([0, 1]))


def compared(rows: list[tuple[Any, ...]] = ROWS, places: tuple[District, ...] = PLACES) -> Compared:
    """What is found of these rows, with the money of 1000, 2000 ... yuan, a tenth unspent."""
    own = counted(rows, places)
    received = np.array([1000.0, 2000.0, 3000.0, 4000.0])[: len(places)]
    money = Money(received, np.multiply(received, 0.9), np.multiply(received, 0.1))
    samples = np.array([[1, 1], [2, 0], [0, 2]])
    found = [*standings("x", places, own, money, samples)]
    zones = zones_of(found, 1, 100)
    return Compared(LABEL, CONFIG, found, [*gaps("x", places, own, CONFIG)], own, money, zones)
