"""Pictures of a sweep: chances along one lever, or over two as heat maps; how many are met."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from experiments.budget_sweep.curves import (
    Curve,
    Curves,
    Lever,
    by_change,
    extremes,
    judged,
    mean_of,
)
from experiments.budget_sweep.findings import CurvePoint
from sim.answer.blocks import Figure, Spoken
from sim.answer.figures import (
    Axis,
    Cell,
    Grid,
    GridPanel,
    GridRow,
    Key,
    Point,
    Response,
    ResponsePanel,
    Role,
)
from sim.answer.row import Quoted, Row, marks
from sim.words import Said, Speech

MAPS = 12
"""Targets that have a map of two levers: those that change most."""

_KEYS = (
    Key("counts", Said("budget_sweep.chart.responds"), "line"),
    Key("other", Said("budget_sweep.chart.still"), "line"),
)


def pictures(found: Curves) -> Iterator[Figure]:
    """Of one lever curves by group, of two heat maps; of either how many targets are met."""
    if found.second is None:
        if found.counted:
            yield met_curves(found)
            yield joint_curves(found)
        for group in found.groups:
            own = [curve for curve in found.shown if curve.row.group == group]
            if own:
                yield chance_curves(found, group, own)
    else:
        if found.counted:
            yield met_map(found, found.second)
            yield joint_maps(found, found.second)
        yield target_maps(found, found.second)


# ------------------------------------------------------------------ along one lever


def chance_curves(found: Curves, group: str, curves: Sequence[Curve]) -> Response:
    """The chances of the targets of a group, the most responsive first."""
    counted = judged(curves)
    moving = [curve for curve in counted if curve.responds]
    title = {
        "group": found.groups[group],
        "total": len(counted),
        "count": len(moving),
        "lever": found.lever.name,
        "most": Quoted(counted[0].row),
    }
    return _response(
        found,
        f"budget_sweep_{group}",
        Said("budget_sweep.chart.chances" if moving else "budget_sweep.chart.chances_none", title),
        Said("budget_sweep.chart.chances_legend"),
        [_chance_panel(curve, curve.row.marked) for curve in curves],
        list(marks([curve.row for curve in curves])),
    )


def met_curves(found: Curves) -> Response:
    """How many targets are met, of all and of every group."""
    everything = found.counted[0]
    points, at = everything.points, everything.change.most_reached_at
    flat = everything.responds and at is not None and at < found.settings[-1]
    title = {
        "lever": found.lever.name,
        "first": found.lever.setting(found.settings[0]),
        "last": found.lever.setting(found.settings[-1]),
        "low": mean_of(points[0]),
        "high": mean_of(points[-1]),
        "total": found.total,
        "flat": found.lever.setting(at) if flat and at is not None else None,
    }
    figure = _response(
        found,
        "budget_sweep_met_count",
        Said("budget_sweep.chart.met", title),
        Said("budget_sweep.chart.met_legend"),
        [_met_panel(curve, found) for curve in found.counted],
    )
    return replace(figure, up=Axis(Said("budget_sweep.chart.met_axis"), whole=True))


def joint_curves(found: Curves) -> Response:
    """The chance that all targets are met together, of all and of every group."""
    return _response(
        found,
        "budget_sweep_joint",
        joint_title(found),
        Said("budget_sweep.chart.joint_legend"),
        [_chance_panel(curve, _judged_by(curve.row, found)) for curve in found.joint],
    )


def _response(
    found: Curves,
    name: str,
    title: Said,
    legend: Said,
    panels: Sequence[ResponsePanel],
    notes: Sequence[Spoken] = (),
) -> Response:
    lever, base = found.lever, found.base
    here = None if base is None else base.setting
    # What has no room loses its name: never the base run, or an end of the sweep.
    ends = found.settings[0], found.settings[-1]
    order = sorted(found.settings, key=lambda own: (own != here, own not in ends))
    roles = {panel.role for panel in panels}
    keys = [key for key in _KEYS if key.role in roles]
    return Response(
        name=name,
        title=title,
        legend=legend,
        notes=notes,
        keys=keys,
        panels=panels,
        across=Axis(lever.axis, scale="wide", ticks=[(own, lever.number(own)) for own in order]),
        up=Axis(Said("budget_sweep.chart.chance_axis"), "chance"),
        base=None if here is None else (here, _base_named(lever, here)),
    )


def _base_named(lever: Lever, setting: float) -> Said:
    return Said("budget_sweep.chart.base", {"setting": lever.setting(setting)})


def _chance_panel(curve: Curve, name: Spoken) -> ResponsePanel:
    low, high = curve.ends
    return _panel(
        curve,
        name,
        Said("budget_sweep.chart.from_to", {"low": low, "high": high}),
        lambda point: (point.probability, point.probability_low, point.probability_high),
    )


def _met_panel(curve: Curve, found: Curves) -> ResponsePanel:
    ends = {"low": mean_of(curve.points[0]), "high": mean_of(curve.points[-1])}
    panel = _panel(
        curve,
        _judged_by(curve.row, found),
        Said("budget_sweep.chart.from_to", ends),
        lambda point: (point.mean, point.p05, point.p95),
    )
    return replace(panel, up=Axis(ends=(0.0, curve.row.goal), whole=True))


def _panel(
    curve: Curve,
    name: Spoken,
    change: Spoken,
    told: Callable[[CurvePoint], tuple[float | None, float | None, float | None]],
) -> ResponsePanel:
    """The fit, the raw points and their band; ``told`` gives a point's middle and ends."""
    x = [point.setting for point in curve.points]
    middle, low, high = zip(*map(told, curve.points), strict=True)
    role: Role = "counts" if curve.responds else "other"
    return ResponsePanel(
        name=name,
        lines=[change],
        x=x,
        fit=[point.fitted for point in curve.points],
        bands=[(low, high)],
        points=[Point(at, value, role=role) for at, value in zip(x, middle, strict=True)],
        role=role,
    )


def _judged_by(row: Row, found: Curves) -> Said:
    """The targets of a group, or all, and how many joint rows judge."""
    said = {"total": len(row.members)}
    if not row.group:
        return Said("budget_sweep.chart.all", said)
    return Said("budget_sweep.chart.group", {**said, "group": found.groups[row.group]})


def joint_title(found: Curves) -> Said:
    """What the sweep does to the chance that all targets are met, and to that of a group."""
    everything, *groups = found.joint
    low, high = everything.ends
    moving = [curve for curve in groups if curve.responds]
    most = max(moving, key=lambda curve: curve.spread, default=None)
    told = {
        "lever": found.lever.name,
        "first": found.lever.setting(found.settings[0]),
        "last": found.lever.setting(found.settings[-1]),
        "total": found.total,
        "low": low,
        "high": high,
        "same": low.spoken(Speech("en")) == high.spoken(Speech("en")),
        "most": most and _most(most, found),
    }
    return Said(f"budget_sweep.chart.{'joint' if found.second is None else 'joint_grid'}", told)


def _most(curve: Curve, found: Curves) -> Said:
    low, high = curve.ends
    told = {"group": found.groups[curve.row.group], "low": low, "high": high}
    return Said("budget_sweep.chart.joint_most", told)


# ------------------------------------------------------------------ over two levers


def met_map(found: Curves, second: Lever) -> Grid:
    """The mean number of targets met at every pair of settings."""
    everything = found.counted[0]
    means = [point.mean or 0.0 for point in everything.points]
    worst, best = extremes(everything.points)
    title = {
        "low": mean_of(worst),
        "high": mean_of(best),
        "total": found.total,
        "first": found.lever.name,
        "second": second.name,
        "first_at": found.lever.setting(best.setting),
        "second_at": second.setting(best.second_setting or 0.0),
    }
    return Grid(
        name="budget_sweep_grid",
        title=Said("budget_sweep.chart.grid", title),
        legend=Said("budget_sweep.chart.grid_legend"),
        panels=[_map(found, second, everything, None, _met_cell)],
        ends=(min(means), max(means)),
        across=found.lever.axis,
        up=second.axis,
    )


def joint_maps(found: Curves, second: Lever) -> Grid:
    """The chance that all targets are met together, of all and of every group."""
    return _chance_maps(
        found,
        second,
        "budget_sweep_joint",
        joint_title(found),
        Said("budget_sweep.chart.joint_grid_legend"),
        [_map(found, second, own, _judged_by(own.row, found), _chance_cell) for own in found.joint],
    )


def target_maps(found: Curves, second: Lever) -> Grid:
    """The chances of the targets shown that change most."""
    shown = by_change(found.shown)
    counted = judged(shown)
    moving = [curve for curve in counted if curve.responds]
    mapped = shown[:MAPS]
    title = {"total": len(counted), "count": len(moving), "most": Quoted(counted[0].row)}
    return _chance_maps(
        found,
        second,
        "budget_sweep_targets",
        Said("budget_sweep.chart.targets" if moving else "budget_sweep.chart.targets_none", title),
        Said("budget_sweep.chart.targets_legend", {"shown": len(mapped)}),
        [_map(found, second, own, own.row.marked, _chance_cell) for own in mapped],
        [*marks([curve.row for curve in mapped])],
    )


def _chance_maps(
    found: Curves,
    second: Lever,
    name: str,
    title: Said,
    legend: Said,
    panels: Sequence[GridPanel],
    notes: Sequence[Spoken] = (),
) -> Grid:
    return Grid(
        name=name,
        title=title,
        legend=legend,
        notes=notes,
        panels=panels,
        ends=(0.0, 1.0),
        across=found.lever.axis,
        up=second.axis,
    )


def _map(
    found: Curves,
    second: Lever,
    curve: Curve,
    name: Spoken,
    cell: Callable[[CurvePoint], Cell],
) -> GridPanel:
    """A cell for each point; the smallest setting of the second lever is lowest."""
    cells = {(point.second_setting, point.setting): cell(point) for point in curve.points}
    rows = [
        GridRow(second.number(up), [cells[up, across] for across in found.settings])
        for up in reversed(found.second_settings)
    ]
    return GridPanel(name, [found.lever.number(across) for across in found.settings], rows)


def _met_cell(point: CurvePoint) -> Cell:
    return Cell(point.mean or 0.0, mean_of(point), marked=point.base)


def _chance_cell(point: CurvePoint) -> Cell:
    chance = point.probability or 0.0
    return Cell(chance, f"{100.0 * chance:.0f}", marked=point.base)
