"""What a page with sliders rests on: every design point, and what is missed if one is left out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Annotated

from experiments.shared.sweeping import At, Trial, attained_at
from sim.answer.finding import KEY, InUnits, Keyed, Replications, Share, Told, Unit
from sim.answer.row import Config, Row

Setting = Annotated[float, Unit("unit of the key (money: yuan)")]
Judged = Annotated[Row, Told((*KEY, "group", "label_zh", "label_en", "kind", "counts"))]


@dataclass(frozen=True)
class Simulated:
    """A row of the answer at one design point.

    Attributes:
        scenario: its English name, of a point that was asked for by one.
        on_grid: whether nothing but its settings tells it from the others.
        base: whether this is the run that the study starts from.
        probability: with its 95 % Wilson interval; None for counts of targets.
        mean: and percentiles, of the value at the deadline; None where all targets are judged.
    """

    setting: Setting
    second_setting: Setting | None
    scenario: str
    on_grid: bool
    base: bool
    row: Judged
    replications: Replications
    probability: Share | None
    probability_low: Share | None
    probability_high: Share | None
    mean: InUnits | None
    p05: InUnits | None
    p50: InUnits | None
    p95: InUnits | None


@dataclass(frozen=True)
class Missed:
    """By how much chances are missed at a setting that is left out.

    Attributes:
        error: mean over the targets whose chance moves, and over the settings of the other lever.
        error_worst: the largest, and the row of which it is.
    """

    key: str
    setting: Setting
    error: Share
    error_worst: Share
    row: Keyed


def simulated(points: Sequence[At], config: Config) -> Iterator[Simulated]:
    """Every row at every design point."""
    for at in points:
        first, second = (*at.settings, None)[:2]
        assert first is not None, "a design point has a setting"
        for own in attained_at(at, config).values():
            yield Simulated(
                float(first),
                second,
                "" if at.scenario is None else at.scenario["en"],
                at.on,
                at.base,
                own.row,
                len(at.found.replications),
                own.probability,
                own.probability_low,
                own.probability_high,
                own.mean,
                own.p05,
                own.p50,
                own.p95,
            )


def missed(trial: Trial, keys: Sequence[str]) -> Iterator[Missed]:
    """Every setting that can be left out, of one lever after the other."""
    for lever, key in enumerate(keys):
        for setting, error, worst, row in trial.by_setting(lever):
            yield Missed(key, setting, error, worst, row)
