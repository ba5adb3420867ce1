"""What a sweep found, arranged for readers: levers with their names, rows with their curves."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from experiments.budget_sweep.findings import Change, CurvePoint, Step
from sim.answer.row import ALL, MET_COUNT, Config, Row, RowKey, group_name, group_order
from sim.answer.settings import axis_label, lever_label, setting_number, setting_text
from sim.config.lever import MONEY
from sim.words import Chance, Decimal, Label, speeches


@dataclass(frozen=True)
class Lever:
    """A number of the run that is turned.

    Attributes:
        name: what it is called; axis: the same with the unit of :meth:`number`.
    """

    key: str
    name: Label
    axis: Label

    @property
    def money(self) -> bool:
        """Whether it is an amount of money."""
        return self.key in MONEY

    def setting(self, setting: float) -> Label:
        """A setting with its unit."""
        return {own.language: setting_text(self.key, setting, own) for own in speeches("both")}

    def number(self, setting: float) -> Label:
        """A setting without its unit."""
        return {own.language: setting_number(self.key, setting, own) for own in speeches("both")}


def lever_of(key: str, config: Config) -> Lever:
    """The lever of a key of the configuration."""
    return Lever(
        key,
        {own.language: lever_label(key, config, own) for own in speeches("both")},
        {own.language: axis_label(key, config, own) for own in speeches("both")},
    )


@dataclass(frozen=True)
class Curve:
    """A row of the answer, and what the sweep does to it.

    Attributes:
        points: by setting of the second lever, then of the first.
        steps: in the same order.
    """

    change: Change
    points: Sequence[CurvePoint]
    steps: Sequence[Step]

    @property
    def row(self) -> Row:
        """What it is about."""
        return self.change.row

    @property
    def responds(self) -> bool:
        """Whether the sweep changes it beyond simulation error."""
        return self.change.responds

    @property
    def spread(self) -> float:
        """Distance of the highest fitted value from the lowest."""
        return self.change.highest - self.change.lowest

    @property
    def ends(self) -> tuple[Chance, Chance]:
        """Fitted chances at both ends of the lever; of two levers the lowest and the highest."""
        if self.points[0].second_key:
            return Chance(self.change.lowest), Chance(self.change.highest)
        return Chance(self.points[0].fitted), Chance(self.points[-1].fitted)


@dataclass(frozen=True)
class Curves:
    """A finished sweep.

    Attributes:
        lever, second: what is turned; None where only one is.
        rows: headline groups first, in each of them those that change most first.
        groups: names of the groups in the order in which people read them.
    """

    lever: Lever
    second: Lever | None
    rows: Sequence[Curve]
    groups: Mapping[str, Label]

    @cached_property
    def settings(self) -> list[float]:
        """Those of the first lever, in ascending order."""
        return sorted({point.setting for point in self.rows[0].points})

    @cached_property
    def second_settings(self) -> list[float]:
        """Those of the second lever, in ascending order; none without one."""
        found = {point.second_setting for point in self.rows[0].points}
        return sorted(setting for setting in found if setting is not None)

    @property
    def base(self) -> CurvePoint | None:
        """A point of the base run; None where that is not one of the points."""
        return next((point for point in self.rows[0].points if point.base), None)

    @property
    def replications(self) -> int:
        """Finished at the point with most of them."""
        return max(point.replications for point in self.rows[0].points)

    @property
    def shown(self) -> list[Curve]:
        """The targets to show."""
        return [curve for curve in self.rows if curve.change.shown]

    @property
    def deciding(self) -> list[Curve]:
        """The targets of the plan that joint rows judge, those that change most first."""
        return by_change(curve for curve in self.rows if curve.row.decides)

    @property
    def total(self) -> int:
        """How many targets joint rows judge."""
        return len(self.deciding)

    @property
    def counted(self) -> list[Curve]:
        """The rows that count targets met: of all, then by group."""
        return self._together(MET_COUNT)

    @property
    def joint(self) -> list[Curve]:
        """The rows with the chance that all targets are met: of all, then by group."""
        return self._together(ALL)

    def _together(self, statement: str) -> list[Curve]:
        found = {curve.row.target: curve for curve in self.rows if curve.row.joint}
        names = [statement, *(f"{statement}:{group}" for group in self.groups)]
        return [found[name] for name in names if name in found]

    def best_step(self) -> Step | None:
        """The step with the steepest change of targets met beyond simulation error; None if none.

        Where the lever is money, only steps that add something are looked at.
        """
        if self.second is not None or not self.counted:
            return None
        steps = [step for step in self.counted[0].steps if step.beyond_error]
        if self.lever.money:
            steps = [step for step in steps if step.gain > 0.0]
        return max(steps, key=lambda step: abs(step.slope), default=None)

    def next_step(self) -> Step | None:
        """The step that begins at the base run; None at the end of the sweep."""
        if self.base is None or self.second is not None or not self.counted:
            return None
        own = self.base.setting
        return next((step for step in self.counted[0].steps if step.from_setting == own), None)


def judged(curves: Sequence[Curve]) -> list[Curve]:
    """Those of ``curves`` that numbers of targets are about: what joint rows judge, too.

    Other readings and goals that are not the plan's own are shown beside them; where nothing else
    is shown, they count.
    """
    return [curve for curve in curves if curve.row.decides] or [*curves]


def mean_of(point: CurvePoint) -> Decimal:
    """How many targets are met on average, as it is written."""
    assert point.mean is not None, "where targets are counted there is a mean"
    return Decimal(point.mean)


def extremes(points: Sequence[CurvePoint]) -> tuple[CurvePoint, CurvePoint]:
    """The points with the fewest and the most targets met."""
    order = sorted(points, key=lambda point: point.mean or 0.0)
    return order[0], order[-1]


def by_change(curves: Iterable[Curve]) -> list[Curve]:
    """Those that respond first, in each half those that change most first."""
    return sorted(curves, key=lambda curve: (not curve.responds, -curve.spread))


def curves_of(
    points: Sequence[CurvePoint], steps: Sequence[Step], changes: Sequence[Change], config: Config
) -> Curves:
    """The findings of a sweep by row; ``config`` is that of the run that it starts from."""
    found: dict[RowKey, list[CurvePoint]] = {}
    for point in points:
        found.setdefault(point.row.key, []).append(point)
    gains: dict[RowKey, list[Step]] = {}
    for step in steps:
        gains.setdefault(step.row.key, []).append(step)
    groups = group_order(config)
    order = {group: place for place, group in enumerate(["", *groups])}
    rows = [Curve(own, found[own.row.key], gains.get(own.row.key, [])) for own in changes]
    key, second = points[0].key, points[0].second_key
    return Curves(
        lever_of(key, config),
        lever_of(second, config) if second else None,
        sorted(by_change(rows), key=lambda curve: order[curve.row.group]),
        {group: group_name(config, group) for group in groups},
    )
