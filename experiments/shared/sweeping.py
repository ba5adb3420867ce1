"""What was found where levers were turned, as a block of an answer, and how far off curves are.

Chances are read between design points off the piecewise cubic through them. How far off that is,
is tried out by leaving out every inner point in turn, along every lever.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce

import numpy as np
import numpy.typing as npt

from sim.answer.blocks import Direction, LeftOut, Sweep, SweepLever, SweepPoint, SweepRow
from sim.answer.found import Found
from sim.answer.row import (
    Config,
    Quoted,
    Row,
    RowKey,
    for_readers,
    group_name,
    joint_rows_of,
    rows_of,
)
from sim.answer.run.attainment import Attainment, attainments
from sim.answer.run.held_back import stage_sums
from sim.answer.settings import axis_label, lever_label, setting_text
from sim.config.lever import MONEY
from sim.stats.left_out import halfway, left_out
from sim.stats.monotone import monotone_fit
from sim.stats.paired_gain import holm, no_response
from sim.words import Label, Said, speeches

Floats = npt.NDArray[np.float64]

NOTABLE = 0.05
"""Least difference between two chances of a curve for it to be said to move."""

LEVEL = 0.05
"""Probability of saying of any row that it moves, or of one that it is not monotone, if not so."""

_COUNTED_IN = {"zh": 1e8, "en": 1e6}
"""What money is counted in, see :func:`sim.answer.settings.setting_number`."""


@dataclass(frozen=True)
class At:
    """A design point, and what its replications found.

    Attributes:
        settings: of the levers, in their order; as the base run has them where a scenario does not
            differ in them.
        scenario: its name, of a point that was asked for by one.
        on: whether nothing but its settings tells it from the others.
    """

    settings: tuple[float, ...]
    found: Found
    base: bool = False
    scenario: Label | None = None
    on: bool = True


class Trial:
    """Curves over a grid of settings, and what is missed if they are read between its points.

    Args:
        points: of the grid, all of them.
        rows: whose chances are looked at; those that do not move are left out.
    """

    def __init__(self, points: Sequence[At], rows: Sequence[Row]) -> None:
        self.axes = [
            np.array(sorted({at.settings[n] for at in points}))
            for n in range(len(points[0].settings))
        ]
        places = [tuple(map(int, map(np.searchsorted, self.axes, at.settings))) for at in points]
        shape = (*map(len, self.axes), len(rows))
        chances = np.full(shape, np.nan)
        for place, at in zip(places, points, strict=True):
            chances[place] = [_met(row, at.found).mean() for row in rows]
        flat = chances.reshape(-1, len(rows))
        moving = np.ptp(flat, axis=0) >= NOTABLE
        self.rows = [row for row, moves in zip(rows, moving, strict=True) if moves]
        self._chances = chances[..., moving]
        self._errors = [self._along(axis) for axis in range(len(self.axes))]

    def _along(self, axis: int) -> Floats:
        """Errors by inner setting, line and row; a line has all other settings in common."""
        lines = np.moveaxis(self._chances, axis, 0)
        curves = lines.reshape(len(lines), -1)
        if len(curves) < 3 or not self.rows:
            return np.empty((0, 0, max(1, len(self.rows))))
        return left_out(self.axes[axis], curves).reshape(len(lines) - 2, -1, len(self.rows))

    @property
    def points(self) -> int:
        """How often a point was left out."""
        return sum(errors.shape[0] * errors.shape[1] for errors in self._errors)

    @property
    def mean(self) -> float:
        """The mean error; 0 where nothing can be left out, or nothing moves."""
        every = np.concatenate([errors.ravel() for errors in self._errors])
        return float(every.mean()) if len(every) else 0.0

    def worst(self) -> tuple[float, Row, int, float]:
        """The largest error, of which row, and at which setting of which lever."""
        lever = max(range(len(self._errors)), key=lambda n: self._errors[n].max(initial=-1.0))
        errors = self._errors[lever]
        inner, _, row = np.unravel_index(int(errors.argmax()), errors.shape)
        setting = float(self.axes[lever][inner + 1])
        return float(errors.max()), self.rows[int(row)], lever, setting

    def by_setting(self, lever: int) -> Iterator[tuple[float, float, float, Row]]:
        """Every inner setting of a lever: mean error, largest error, and of which row that is."""
        for setting, errors in zip(self.axes[lever][1:-1], self._errors[lever], strict=False):
            worst = int(errors.max(axis=0).argmax())
            yield float(setting), float(errors.mean()), float(errors.max()), self.rows[worst]

    def next(self) -> tuple[int, float] | None:
        """The lever and the setting at which one more point, or line of points, helps most.

        None where nothing moves, or all settings are too near to each other.
        """
        found = []
        for lever, errors in enumerate(self._errors):
            if errors.size:
                lines = np.moveaxis(self._chances, lever, 0)
                by_inner = errors.mean(axis=(1, 2))
                at = halfway(self.axes[lever], lines.reshape(len(lines), -1), by_inner)
                if at is not None:
                    found.append((float(by_inner.max()), -lever, at))
        if not found:
            return None
        _, lever, at = max(found)
        return -lever, at


def sweep_of(
    keys: Sequence[str],
    base: Sequence[float],
    points: Sequence[At],
    config: Config,
    shown: Collection[RowKey],
) -> Sweep:
    """The block.

    Args:
        keys: of the levers; base: their settings in the base run.
        points: those of the grid, then scenarios that do not lie on it.
        config: of the base run; shown: the targets to be shown.
    """
    every = rows_of(config)
    targets = [row for row in for_readers([*every.values()], config) if row.key in shown]
    joint = [*joint_rows_of(config, every.values()).values()]
    rows = [*joint, *targets]
    attained = [attained_at(at, config) for at in points]
    directions = _directions(rows, [at for at in points if at.on])
    trial = Trial([at for at in points if at.on], targets)
    return Sweep(
        levers=[_lever(key, own, config) for key, own in zip(keys, base, strict=True)],
        points=[
            SweepPoint(at.settings, at.scenario, at.on, at.base, len(at.found.replications))
            for at in points
        ],
        groups={own: group_name(config, own) for own in dict.fromkeys(r.group for r in targets)},
        rows=[_row(row, [own[row.key] for own in attained], directions[row.key]) for row in rows],
        left_out=_left_out(trial, keys) if trial.points and trial.rows else None,
    )


def _left_out(trial: Trial, keys: Sequence[str]) -> LeftOut:
    worst, row, lever, setting = trial.worst()
    at = {own.language: setting_text(keys[lever], setting, own) for own in speeches("both")}
    return LeftOut(trial.mean, worst, Quoted(row), at, trial.points)


def _lever(key: str, base: float, config: Config) -> SweepLever:
    money = key in MONEY
    return SweepLever(
        key,
        {own.language: lever_label(key, config, own) for own in speeches("both")},
        {own.language: axis_label(key, config, own) for own in speeches("both")},
        _COUNTED_IN if money else dict.fromkeys(_COUNTED_IN, 1.0),
        Said("lever.money", {"number": "{}"}) if money else "{}",
        base,
    )


def attained_at(at: At, config: Config) -> Mapping[RowKey, Attainment]:
    """What was found there for every modelled row."""
    every = attainments(at.found, stage_sums((), at.found, config), config, "")
    return {own.row.key: own for own in every if own.row.modelled}


def _row(row: Row, found: Sequence[Attainment], direction: Direction) -> SweepRow:
    def by_point(name: str) -> list[float]:
        values = [getattr(own, name) for own in found]
        return [] if None in values else values

    medians = by_point("p50")
    return SweepRow(
        name=row.indicator,
        label=Said("row.marked", {"target": row.name, "dagger": row.dagger}),
        reading=row.reading,
        group=row.group,
        kind="target" if not row.joint else "count" if row.counts_targets else "all",
        decides=row.decides,
        goal=None if row.joint else row.wanted,
        value=float(len(row.members)) if row.joint else row.goal,
        more=not row.less_is_better,
        whole=row.counts_targets or (bool(medians) and all(_whole(own) for own in found)),
        unit=row.unit,
        direction=direction,
        chance=by_point("probability"),
        low=by_point("probability_low"),
        high=by_point("probability_high"),
        mean=by_point("mean"),
        p05=by_point("p05"),
        p50=medians,
        p95=by_point("p95"),
    )


def _whole(own: Attainment) -> bool:
    """Whether values are whole numbers of things; a median may lie between two of them."""
    one = own.promise_p80
    return one is not None and one.is_integer() and (2.0 * (own.p50 or 0.0)).is_integer()


# ---------------------------------------------------------------------- what curves do


def _met(row: Row, found: Found) -> Floats:
    """By replication: 1 where the row holds, or how many targets are met."""
    met = found.met_together(row.members).astype(np.float64)
    outcome: Floats = met.sum(axis=0) if row.counts_targets else met.min(axis=0)
    return outcome


def _directions(rows: Sequence[Row], points: Sequence[At]) -> dict[RowKey, Direction]:
    """What every row does along the first lever, tested on replications in pairs.

    A row moves where Cochran's Q says so after Holm's adjustment for all rows, and its heights
    differ by :data:`NOTABLE` or more. It is called monotone unless a step against its direction is
    beyond chance, adjusted for all of its steps.
    """
    shared = reduce(np.intersect1d, [at.found.replications for at in points])
    kept = [np.isin(at.found.replications, shared) for at in points]
    draws = points[0].found.draws[kept[0]]
    lines: dict[tuple[float, ...], list[int]] = {}
    for number in sorted(range(len(points)), key=lambda n: points[n].settings[::-1]):
        lines.setdefault(points[number].settings[1:], []).append(number)
    outcomes = {
        row.key: np.stack([_met(row, at.found)[own] for at, own in zip(points, kept, strict=True)])
        for row in rows
    }
    p_values = holm([no_response(outcomes[row.key], draws) for row in rows])
    found: dict[RowKey, Direction] = {}
    for row, p in zip(rows, p_values, strict=True):
        heights = outcomes[row.key].mean(axis=1)
        own = {_direction(outcomes[row.key][numbers], draws) for numbers in lines.values()} - {
            "still"
        }
        moves = p < LEVEL and float(np.ptp(heights)) >= NOTABLE
        found[row.key] = (
            "still" if not moves or not own else own.pop() if len(own) == 1 else "mixed"
        )
    return found


def _direction(outcomes: Floats, draws: npt.NDArray[np.int64]) -> Direction:
    """What one line does."""
    heights = outcomes.mean(axis=1)
    _, direction = monotone_fit(heights, np.full(len(heights), float(outcomes.shape[1])))
    if direction == "flat":
        return "still"
    steps = np.diff(heights) if direction == "up" else -np.diff(heights)
    p_values = [
        no_response(outcomes[at : at + 2], draws) if step < 0.0 else 1.0
        for at, step in enumerate(steps.tolist())
    ]
    return "mixed" if min(holm(p_values)) < LEVEL else direction
