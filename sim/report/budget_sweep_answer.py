"""The answer of a sweep in words: how many targets are met, which respond, where money helps."""

from __future__ import annotations

from sim.answer.settings import setting_text
from sim.config.lever import MONEY
from sim.report.budget_sweep import NAMED, Point, Step, SweepReport
from sim.report.subjects import quotable
from sim.report.words import Tongue, word
from sim.words import Speech

RATE = 1e8
"""Yuan for which gains are told: one unit of 10^8 in Chinese, 100 million in English."""


def answer(report: SweepReport, tongue: Tongue) -> str:
    """Return the answer in one paragraph."""
    parts = [_responses(report, tongue)]
    if report.counted() is not None:
        head = _best_and_worst if report.second_key else _ends
        parts = [head(report, tongue), *parts, *_returns(report, tongue)]
    return ("" if tongue == "zh" else " ").join(parts)


def _ends(report: SweepReport, tongue: Tongue) -> str:
    """How many targets are met at both ends and at the base run."""
    points = report.points()
    base = "".join(
        word("sweep.count_base", tongue).format(
            setting=report.setting(point.setting, tongue), mean=f"{point.mean:.1f}"
        )
        for point in points
        if point.base
    )
    return word("sweep.count", tongue).format(
        lever=report.lever(tongue),
        first=report.setting(points[0].setting, tongue),
        last=report.setting(points[-1].setting, tongue),
        total=len(report.deciding),
        low=f"{points[0].mean:.1f}",
        high=f"{points[-1].mean:.1f}",
        base=base,
    )


def _best_and_worst(report: SweepReport, tongue: Tongue) -> str:
    """How many targets are met at the best and the worst pair of settings, and at the base run."""
    points = sorted(report.points(), key=lambda point: point.mean)
    base = "".join(
        word("sweep.grid_base", tongue).format(mean=f"{point.mean:.1f}")
        for point in points
        if point.base
    )
    return word("sweep.grid_answer", tongue).format(
        first=report.lever(tongue),
        second=report.second_lever(tongue),
        points=len(points),
        total=len(report.deciding),
        low=f"{points[0].mean:.1f}",
        high=f"{points[-1].mean:.1f}",
        low_at=_both_settings(report, points[0], tongue),
        high_at=_both_settings(report, points[-1], tongue),
        base=base,
    )


def _both_settings(report: SweepReport, point: Point, tongue: Tongue) -> str:
    texts = (
        report.setting(point.setting, tongue),
        setting_text(report.second_key, point.second_setting, Speech(tongue)),
    )
    return word("list.separator", tongue).join(texts)


def _responses(report: SweepReport, tongue: Tongue) -> str:
    """Which targets respond, and which of them fall while others rise."""
    total = len(report.deciding)
    moving = [row for row in report.deciding if row.responds]
    if not moving:
        return word("sweep.respond_none", tongue).format(total=total)
    falling = [row for row in moving if row.direction == "down"]
    fall = ""
    if 0 < len(falling) < len(moving):
        fall = word("sweep.fall", tongue).format(
            count=len(falling), list=report.names(falling, tongue)
        )
    key = "sweep.respond" if len(moving) < total else "sweep.respond_all"
    return word(key, tongue).format(
        count=len(moving), list=report.names(moving, tongue), fall=fall, rest=total - len(moving)
    )


def _returns(report: SweepReport, tongue: Tongue) -> list[str]:
    """Where a step changes most, what the step above the base run does, where it flattens."""
    best, following, counted = report.best_step(), report.next_step(), report.counted()
    sentences = [] if best is None else [_step(report, "best", best, tongue)]
    if best is None and not report.second_key:
        sentences = [word("sweep.best_none", tongue)]
    if following is not None:
        sentences.append(_step(report, "next", following, tongue))
    if counted is not None and counted.responds and not report.second_key:
        last = counted.most_reached_at == report.settings[-1]
        sentences.append(
            word("sweep.not_flat" if last else "sweep.flat", tongue).format(
                setting=report.setting(counted.most_reached_at, tongue)
            )
        )
    return sentences


def _step(report: SweepReport, kind: str, step: Step, tongue: Tongue) -> str:
    money = report.key in MONEY
    scale = RATE / (step.to_setting - step.from_setting) if money else 1.0
    digits = ".2f" if money else "+.1f"
    gain, low, high = (
        format(scale * number, digits) for number in (step.gain, step.gain_low, step.gain_high)
    )
    return word(f"sweep.{kind}_{'money' if money else 'other'}", tongue).format(
        first=report.setting(step.from_setting, tongue),
        last=report.setting(step.to_setting, tongue),
        gain=gain,
        low=low,
        high=high,
        gains=_gains(report, step, tongue) if kind == "next" else "",
    )


def _gains(report: SweepReport, step: Step, tongue: Tongue) -> str:
    """The targets to which a step adds most, beyond simulation error."""
    own = report.gains["from_setting"] == step.from_setting
    rising = report.gains[own & (report.gains["gain_low"] > 0.0)]
    gains = dict(
        zip(zip(rising["target"], rising["definition"], strict=True), rising["gain"], strict=True)
    )
    rows = [row for row in report.deciding if (row.target, row.definition) in gains]
    rows.sort(key=lambda row: -gains[row.target, row.definition])
    items = [
        word("sweep.gain", tongue).format(
            name=quotable(row.label[tongue]),
            gain=f"{100.0 * gains[row.target, row.definition]:.0f}",
        )
        for row in rows
    ]
    if not items:
        return ""
    listed = word("list.separator", tongue).join(items[:NAMED])
    return word("sweep.next_gains", tongue).format(list=listed)
