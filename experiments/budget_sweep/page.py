"""What a sweep says: statements, and the table of chances by setting."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from experiments.budget_sweep.curves import (
    Curve,
    Curves,
    Lever,
    by_change,
    extremes,
    mean_of,
)
from experiments.budget_sweep.findings import CurvePoint, Step
from experiments.budget_sweep.pictures import pictures
from sim.answer.blocks import Answer, Column, Form, Line, Note, Spoken, Statement, Table
from sim.answer.row import Quoted, marks
from sim.words import Chance, Replications, Said, likelihood

NAMED = 3
"""How many targets a sentence names."""

RATE = 1e8
"""Yuan for which gains are told: one unit of 10^8 in Chinese, 100 million in English."""

COLUMNS = 9
"""Settings for which a line of the console has room."""


def answer(found: Curves) -> Answer:
    """The whole answer: how many targets are met, which respond, where money helps."""
    return Answer(
        statements=[*_statements(found)],
        tables=[*_tables(found)],
        pictures=[*pictures(found)],
        notes=[*_notes(found)],
        figures=figures(found),
    )


def figures(found: Curves) -> dict[str, object]:
    """The numbers of the answer, for answer.json."""
    told: dict[str, object] = {
        "key": found.lever.key,
        "second_key": found.second.key if found.second else None,
        "targets": found.total,
        "responding": {
            curve.row.indicator: [curve.change.lowest, curve.change.highest]
            for curve in found.deciding
            if curve.responds
        },
    }
    if not found.counted:
        return told
    told["met_count"] = [
        {
            "setting": point.setting,
            **({"second_setting": point.second_setting} if found.second else {}),
            "mean": point.mean,
            "base": point.base,
        }
        for point in found.counted[0].points
    ]
    for name, step in (("best_step", found.best_step()), ("next_step", found.next_step())):
        if step is not None:
            told[name] = {
                "from": step.from_setting,
                "to": step.to_setting,
                "gain": [step.gain, step.gain_low, step.gain_high],
            }
    return told


# ------------------------------------------------------------------ statements


def _statements(found: Curves) -> Iterator[Statement]:
    if found.counted:
        points, second = found.counted[0].points, found.second
        told = _ends(found, points) if second is None else _extremes(found, second, points)
        yield Statement(told, "headline")
    yield Statement(_responses(found), "headline")
    if found.counted and found.second is None:
        yield from _returns(found)


def _ends(found: Curves, points: Sequence[CurvePoint]) -> Said:
    """How many targets are met at both ends and at the base run."""
    lever, own = found.lever, next((point for point in points if point.base), None)
    return Said(
        "budget_sweep.answer.count",
        {
            "lever": lever.name,
            "first": lever.setting(points[0].setting),
            "last": lever.setting(points[-1].setting),
            "total": found.total,
            "low": mean_of(points[0]),
            "high": mean_of(points[-1]),
            "base": own and lever.setting(own.setting),
            "at_base": own and mean_of(own),
        },
    )


def _extremes(found: Curves, second: Lever, points: Sequence[CurvePoint]) -> Said:
    """How many targets are met at the best and the worst pair of settings, and at the base run."""
    worst, best = extremes(points)
    own = next((point for point in points if point.base), None)

    def at(point: CurvePoint) -> list[Spoken]:
        assert point.second_setting is not None, "two levers have two settings"
        return [found.lever.setting(point.setting), second.setting(point.second_setting)]

    return Said(
        "budget_sweep.answer.grid",
        {
            "first": found.lever.name,
            "second": second.name,
            "points": len(points),
            "total": found.total,
            "low": mean_of(worst),
            "high": mean_of(best),
            "low_at": at(worst),
            "high_at": at(best),
            "base": own and mean_of(own),
        },
    )


def _responses(found: Curves) -> Said:
    """Which targets respond, and which of them fall."""
    moving = [curve for curve in found.deciding if curve.responds]
    falling = [curve for curve in moving if curve.change.direction == "down"]
    some = falling if len(falling) < len(moving) else []
    return Said(
        "budget_sweep.answer.respond" if moving else "budget_sweep.answer.respond_none",
        {
            "total": found.total,
            "count": len(moving),
            "rest": found.total - len(moving),
            "list": _changes(moving),
            "falling": len(some),
            "fallen": _changes(some),
        },
    )


def _changes(curves: Sequence[Curve]) -> list[Said]:
    """The first few targets with their chances at the ends of the sweep."""
    told = []
    for curve in curves[:NAMED]:
        low, high = curve.ends
        values = {"name": Quoted(curve.row), "low": low, "high": high}
        told.append(Said("budget_sweep.answer.change", values))
    return told


def _returns(found: Curves) -> Iterator[Statement]:
    """Where a step changes most, what the step above the base run does, where it flattens."""
    best, following, counted = found.best_step(), found.next_step(), found.counted[0]
    if best is None:
        yield Statement(Said("budget_sweep.answer.best_none"), "headline")
    else:
        yield Statement(_step(found, "best", best), "headline")
    if following is not None:
        yield Statement(_step(found, "next", following))
    at = counted.change.most_reached_at
    if counted.responds and at is not None:
        key = "not_flat" if at == found.settings[-1] else "flat"
        told = {"setting": found.lever.setting(at)}
        yield Statement(Said(f"budget_sweep.answer.{key}", told))


def _step(found: Curves, kind: str, step: Step) -> Said:
    lever = found.lever
    scale = RATE / (step.to_setting - step.from_setting) if lever.money else 1.0
    numbers = [scale * number for number in (step.gain, step.gain_low, step.gain_high)]
    if lever.money:
        gain, low, high = (f"{round(number, 2) + 0.0:.2f}" for number in numbers)
    else:
        gain, low, high = (f"{round(number, 1) + 0.0:+.1f}" for number in numbers)
    return Said(
        f"budget_sweep.answer.{kind}_{'money' if lever.money else 'other'}",
        {
            "first": lever.setting(step.from_setting),
            "last": lever.setting(step.to_setting),
            "gain": gain,
            "low": low,
            "high": high,
            "gains": _gains(found, step.from_setting) if kind == "next" else [],
        },
    )


def _gains(found: Curves, setting: float) -> list[Said]:
    """The targets to which the step from a setting adds most, beyond simulation error."""
    rising = [
        step
        for curve in found.deciding
        for step in curve.steps
        if step.from_setting == setting and step.gain_low > 0.0
    ]
    rising.sort(key=lambda step: -step.gain)
    return [
        Said(
            "budget_sweep.answer.gain",
            {"name": Quoted(step.row), "gain": f"{100.0 * step.gain:.0f}"},
        )
        for step in rising[:NAMED]
    ]


# ------------------------------------------------------------------ the table


def _tables(found: Curves) -> Iterator[Table]:
    if found.second is None:
        yield chances_table(found)
    elif found.counted:
        yield met_table(found, found.second)


def chances_table(found: Curves) -> Table:
    """Chances by setting: targets met and all together, then the targets that respond."""
    settings = columns_shown(found)
    lines = []
    if found.counted:
        means = {point.setting: mean_of(point) for point in found.counted[0].points}
        told: dict[str, Spoken] = {_name(setting): means[setting] for setting in settings}
        said = Said("budget_sweep.met", {"total": found.total})
        lines = [Line({"target": said, **told}), _line(found.joint[0], settings)]
    moving = [curve for curve in found.shown if curve.responds]
    lines += [_line(curve, settings) for curve in by_change(moving)]
    return Table(
        "budget_sweep",
        Said("budget_sweep.title", {"lever": found.lever.axis}),
        {"target": Column(Said("column.target"), "name"), **_columns(found, settings, "chance")},
        lines,
        Said("budget_sweep.caption", {"replications": Replications(found.replications)}),
    )


def _line(curve: Curve, settings: Sequence[float]) -> Line:
    chances = {point.setting: Chance(point.probability or 0.0) for point in curve.points}
    return Line(
        {
            "target": curve.row.marked,
            **{_name(setting): chances[setting] for setting in settings},
        },
        looks={_name(setting): likelihood(chances[setting]) for setting in settings},
    )


def met_table(found: Curves, second: Lever) -> Table:
    """Targets met by both settings."""
    settings = columns_shown(found)
    means = {
        (point.second_setting, point.setting): mean_of(point) for point in found.counted[0].points
    }
    base = None if found.base is None else found.base.second_setting
    lines = [
        Line(
            {
                "second": _starred(second, setting, base),
                **{_name(first): means[setting, first] for first in settings},
            }
        )
        for setting in found.second_settings
    ]
    said = {"total": found.total, "first": found.lever.axis, "second": second.axis}
    return Table(
        "budget_sweep",
        Said("budget_sweep.grid_title", said),
        {"second": Column(second.name, "text"), **_columns(found, settings, "number")},
        lines,
        Said("budget_sweep.caption", {"replications": Replications(found.replications)}),
    )


def _columns(found: Curves, settings: Sequence[float], form: Form) -> dict[str, Column]:
    base = None if found.base is None else found.base.setting
    means = Said("budget_sweep.means", {"lever": found.lever.axis})
    return {
        _name(own): Column(_starred(found.lever, own, base), form=form, means=means)
        for own in settings
    }


def _name(setting: float) -> str:
    """Of the column of a setting."""
    return f"{setting:.15g}"


def _starred(lever: Lever, setting: float, base: float | None) -> Spoken:
    """A setting, with a mark if it is the base run's."""
    number = lever.number(setting)
    return Said("budget_sweep.own", {"setting": number}) if setting == base else number


def columns_shown(found: Curves) -> list[float]:
    """The settings that have a column: both ends, the base run, and others evenly between."""
    settings = found.settings
    if len(settings) <= COLUMNS:
        return settings
    step = (len(settings) - 1) / (COLUMNS - 1)
    kept = {settings[round(i * step)] for i in range(COLUMNS)}
    if found.base is not None and found.base.setting not in kept:
        own = found.base.setting
        kept.remove(min(kept - {settings[0], settings[-1]}, key=lambda s: abs(s - own)))
        kept.add(own)
    return sorted(kept)


def _notes(found: Curves) -> Iterator[Note]:
    still = [curve for curve in found.shown if not curve.responds]
    if still:
        told = [
            Said("budget_sweep.still_target", {"name": curve.row.marked, "chance": curve.ends[1]})
            for curve in still
        ]
        yield Note(Said("budget_sweep.still", {"list": told}))
    yield Note(Said("budget_sweep.note"))
    yield from map(Note, marks([curve.row for curve in found.shown]))
