"""Axes along a lever, for all charts of sweeps: scale, ticks, and the mark of the base run."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from sim.answer.settings import setting_number
from sim.report.charts import style
from sim.report.words import Language, in_speech, spoken

if TYPE_CHECKING:
    from matplotlib.axes import Axes

WIDE = 30.0
"""Ratio of the largest to the smallest positive setting from which an axis is logarithmic."""


def scale_of(settings: Sequence[float]) -> str:
    """Return the scale for ``settings``: linear, so that slopes are returns, unless they are wide.

    Settings over decades get a logarithmic axis, and a symmetric one that is linear around zero
    where some are zero or negative.
    """
    sizes = [abs(setting) for setting in settings if setting]
    if not sizes or max(sizes) < WIDE * min(sizes):
        return "linear"
    return "log" if min(settings) > 0.0 else "symlog"


def lever_axis(
    axes: Axes, key: str, settings: Sequence[float], base: float | None, language: Language
) -> None:
    """Set up the horizontal axis along the lever ``key``, and mark the base run."""
    from matplotlib.ticker import FixedLocator, FuncFormatter, MaxNLocator, NullLocator

    scale = scale_of(settings)
    if scale == "linear":
        axes.xaxis.set_major_locator(MaxNLocator(4))
    else:
        smallest = min(abs(setting) for setting in settings if setting)
        options = {"linthresh": smallest} if scale == "symlog" else {}
        axes.set_xscale(scale, **options)
        step = max(1, round(len(settings) / 5))
        axes.xaxis.set_major_locator(FixedLocator(list(settings)[::step]))
    axes.xaxis.set_minor_locator(NullLocator())
    axes.xaxis.set_major_formatter(
        FuncFormatter(
            lambda setting, _: spoken(language, in_speech(partial(setting_number, key, setting)))
        )
    )
    axes.margins(x=0.03)
    axes.tick_params(labelsize=9, length=3, width=0.8, color=style.FAINT, pad=2)
    if base is not None:
        axes.axvline(base, color=style.INK, linewidth=1.0, linestyle=(0, (4, 3)), zorder=1)
