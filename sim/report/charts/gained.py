"""The chart of what reliefs add to the mean number of targets met."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from sim.page.font import text_width
from sim.report.bottlenecks import TOGETHER, Bottlenecks, number_text
from sim.report.charts import style
from sim.report.charts.style import MARGIN, WIDTH, Line, Sheet
from sim.report.results import Manifest
from sim.report.words import Language, Tongue, word

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_SIZE = 12.5  # points
_ROW, _BAR = 0.62, 0.17  # inches: height of a row, half a bar's height
_VALUE = 2.3  # inches for the numbers beside the bars


@style.styled
def gained_chart(found: Bottlenecks, manifest: Manifest, language: Language = "both") -> Figure:
    """Return bars from the number of targets met as it is to that with each relief.

    Single reliefs, the largest gain first, then all together with a mark where the single gains
    would add up to. Lines are 95 % intervals of the paired gain.
    """
    overall = found.counts[0]
    reliefs = [*found.single, *(name for name in found.reliefs if name == TOGETHER)]
    labels = [
        style.bilingual_block(language, found.reliefs[name].__getitem__, 2.6, _SIZE)
        for name in reliefs
    ]
    names = max(text_width(line.text, line.size) for lines in labels for line in lines)
    names = max(names * style.POINT, 1.0)
    tall = _ROW * len(reliefs)
    sheet = Sheet(
        style.title_block(language, partial(_title, found), partial(_subtitle, found)),
        style.footer_block(manifest, found.pairs, language),
        tall + 0.3,
    )
    left = MARGIN + names + 0.25
    width = WIDTH - MARGIN - left - _VALUE
    axes = sheet.axes(left, sheet.top, width, tall)
    axes.set_xlim(0.0, overall.total)
    axes.set_ylim(tall, 0.0)
    axes.set_yticks([])
    axes.tick_params(length=0, labelsize=10.5)
    axes.spines["left"].set_visible(False)
    axes.grid(axis="x", color=style.GRID, linewidth=0.9)
    axes.set_axisbelow(True)
    axes.axvline(overall.mean, color=style.FAINT, linewidth=1.2, linestyle=(0, (4, 3)))
    for i, name in enumerate(reliefs):
        middle = (i + 0.5) * _ROW
        gain = overall.gains[name]
        end = overall.mean + gain.value
        colour = style.BLUE if gain.value >= 0.0 else style.VERMILION
        axes.barh(middle, min(overall.mean, end), height=2 * _BAR, color="#D4DEE6")
        axes.barh(middle, gain.value, left=overall.mean, height=2 * _BAR, color=colour)
        ends = [overall.mean + gain.low, overall.mean + gain.high]
        axes.plot(ends, [middle, middle], color=style.INK, linewidth=1.6, zorder=3)
        if name == TOGETHER and overall.interaction is not None:
            at = end - overall.interaction.value
            axes.plot([at], [middle + _BAR + 0.05], marker="^", markersize=7, color=style.ORANGE,
                      zorder=4, clip_on=False)  # fmt: skip
        interval = f"[{number_text(gain.low)}, {number_text(gain.high)}]"
        numbers = Line(f"{end:.1f}  {number_text(gain.value)} {interval}", 11.5)
        sheet.write_centred(left + width + 0.12, sheet.top + middle, [numbers])
        sheet.write_centred(MARGIN, sheet.top + middle, labels[i])
    return sheet.figure


def _title(found: Bottlenecks, tongue: Tongue) -> str:
    overall, best = found.counts[0], found.single[0]
    gain = overall.gains[best].value
    if not overall.gains[best].is_gain:  # what is the largest of nothing is no constraint
        return word("bottleneck.count_title_none", tongue)
    if TOGETHER not in overall.gains:
        key, together = "bottleneck.count_title_one", 0.0
    else:
        key, together = "bottleneck.count_title", overall.gains[TOGETHER].value
    return word(key, tongue).format(
        relief=found.reliefs[best][tongue], gain=f"{gain:.1f}", together=f"{together:.1f}"
    )


def _subtitle(found: Bottlenecks, tongue: Tongue) -> str:
    overall = found.counts[0]
    text = word("bottleneck.count_subtitle", tongue).format(
        total=overall.total, base=f"{overall.mean:.1f}"
    )
    if overall.interaction is None:
        return text
    return text + word("list.clause", tongue) + word("bottleneck.sum", tongue)
