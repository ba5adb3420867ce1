"""The fills of stages and reasons, and the key that explains those that many bars share."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.page.font import text_width
from sim.report.charts import style
from sim.report.charts.style import MARGIN, WIDTH, Line, Sheet
from sim.report.words import STAGES, WORKING_STAGES, Language, phrase

if TYPE_CHECKING:
    from matplotlib.axes import Axes

OTHER = "other"
"""What is drawn in place of several reasons too small to be told apart."""
USUAL = "usual"
"""The building time that a project takes anyway: time, but no delay."""

# One hue for one kind of cause: money orange, people green, choosing among applicants purple,
# waiting for a date grey, scarce places or crews sky, slow growth (of a building, a firm, the
# trend) blue, and what was lost again vermilion.
_HUES = {
    "calendar": style.FAINT,
    "review": style.PURPLE,
    "money": style.ORANGE,
    "crew": style.SKY,
    "building": style.BLUE,
    "staff": style.GREEN,
    "unproposed:pace": style.FAINT,
    "unproposed:money_in_sight": style.ORANGE,
    "unproposed:not_yet_allowed": style.SKY,
    "unproposed:no_round": style.PURPLE,
    "unmet:next_round": style.FAINT,
    "unmet:not_planned": style.BLUE,
    "unmet:promoted": style.VERMILION,
    "unmet:no_round": style.FAINT,
    "unmet:round_quota": style.SKY,
    "unmet:eligibility": style.PURPLE,
    "unmet:panel": style.PURPLE,
    "unmet:strike_off": style.VERMILION,
    "unmet:unfunded_post": style.ORANGE,
    "unmet:no_candidate": style.GREEN,
    "unmet:no_graduate": style.GREEN,
    "unmet:no_money": style.ORANGE,
    "unmet:closed": style.VERMILION,
    "unmet:slipped": style.FAINT,
    "unmet:no_people": style.GREEN,
    "unmet:not_yet_allowed": style.FAINT,
    "unmet:not_scheduled": style.FAINT,
    "unmet:procedure": style.PURPLE,
    "unmet:seats": style.SKY,
    "unmet:too_few_births": style.BLUE,
    "unmet:exits": style.VERMILION,
    "unmet:growth": style.BLUE,
    "unmet:attrition": style.VERMILION,
    "unmet:trend": style.BLUE,
    "unmet:exposure": style.SKY,
    "unmet:survey_error": style.FAINT,
}
_OTHER_COLOUR = "#EBEBEB"
_USUAL_COLOUR = "#E3EAF0"
_NEVER_PROPOSED = "unproposed:"
_HATCH, _HATCH_TINT = "/////", 0.65  # for what was never proposed; share of white under it
_LIGHTEST = 0.85  # share of white that no tint reaches
_KEY_SIZE, _KEY_LINE = 10.5, 0.25  # points; inches
_SWATCH = (0.2, 0.13)  # inches
_DARK = {style.BLUE, style.GREEN, style.VERMILION}  # fills that need white words


@dataclass(frozen=True)
class Fill:
    """How a segment is filled: a colour, and lines of another where ``hatch`` is not empty."""

    colour: str
    hatch: str = ""
    lines: str = style.INK

    @property
    def ink(self) -> str:
        """The colour of words that can be read on it."""
        return "white" if self.colour in _DARK else style.INK


@dataclass(frozen=True)
class Entry:
    """A piece of the key: a family's heading (no stage) or a fill with its name."""

    left: float
    line: int
    text: str
    stage: str | None


def fills(stages: Sequence[str]) -> dict[str, Fill]:
    """Return the fill of each segment of one bar; no two are alike.

    A working stage has its full colour in every bar, so that one key serves all. Reasons of one hue
    in the same bar get lighter and lighter in the order of ``stages``; what was never proposed is
    hatched. Raise KeyError for a stage without a colour.
    """
    alike: dict[tuple[str, bool], list[str]] = defaultdict(list)
    for stage in sorted(stages, key=lambda stage: stage not in WORKING_STAGES):
        if stage not in (OTHER, USUAL):
            alike[_HUES[stage], stage.startswith(_NEVER_PROPOSED)].append(stage)
    chosen = {OTHER: Fill(_OTHER_COLOUR), USUAL: Fill(_USUAL_COLOUR)}
    for (hue, hatched), members in alike.items():
        for number, stage in enumerate(members):
            white = _LIGHTEST * number / len(members)
            if hatched:
                white = _HATCH_TINT + (1.0 - _HATCH_TINT) * white
            chosen[stage] = Fill(_tint(hue, white), _HATCH if hatched else "", hue)
    return {stage: chosen[stage] for stage in stages}


def _tint(colour: str, white: float) -> str:
    """Return a colour mixed with a share of white."""
    from matplotlib.colors import to_hex, to_rgb

    red, green, blue = (white + (1.0 - white) * part for part in to_rgb(colour))
    return str(to_hex((red, green, blue))).upper()


def draw_bar(
    axes: Axes, shares: Sequence[tuple[str, float]], middle: float, half: float
) -> dict[str, Fill]:
    """Draw shares of one as segments from the left, centred on ``middle``; return their fills."""
    chosen = fills([stage for stage, _ in shares])
    left = 0.0
    for stage, share in shares:
        fill = chosen[stage]
        axes.barh(middle, share, 2 * half, left, facecolor=fill.colour, edgecolor=fill.lines,
                  hatch=fill.hatch, linewidth=0)  # fmt: skip
        # The gap between segments; an edge of the segment itself would colour the hatch.
        axes.barh(middle, share, 2 * half, left, facecolor="none", edgecolor="white",
                  linewidth=0.8)  # fmt: skip
        left += share
    return chosen


def draw_swatch(sheet: Sheet, left: float, middle: float, fill: Fill, width: float) -> None:
    """Draw a small rectangle of a fill, in inches; ``left`` is its edge, ``middle`` its centre."""
    from matplotlib.patches import Rectangle

    tall = _SWATCH[1]
    sheet.figure.add_artist(
        Rectangle(
            (left / WIDTH, 1 - (middle + tall / 2) / sheet.height),
            width / WIDTH,
            tall / sheet.height,
            facecolor=fill.colour,
            edgecolor=fill.lines,
            hatch=fill.hatch,
            linewidth=0,
        )
    )


def stage_key(seen: Collection[str], language: Language) -> list[Entry]:
    """Return the key to the project stages and limits in ``seen``, in lines that fit the sheet.

    Reasons of other targets have no part in it: their words stand beside their bars.
    """
    families = {
        "delays.stage_key": [s for s in (*WORKING_STAGES, USUAL) if s in seen],
        "delays.unproposed_key": [s for s in STAGES if s in seen and s.startswith(_NEVER_PROPOSED)],
    }
    families = {phrase(k, language, " / "): stages for k, stages in families.items() if stages}
    widest = max((text_width(head, _KEY_SIZE) for head in families), default=0.0)
    start = MARGIN + widest * style.POINT + 0.25
    entries, line = [], 0
    for head, stages in families.items():
        entries.append(Entry(MARGIN, line, head, None))
        x = start
        for stage in stages:
            text = phrase(f"stage.{stage}", language, " ")
            width = 0.27 + text_width(text, _KEY_SIZE) * style.POINT
            if x + width > WIDTH - MARGIN:
                x, line = start, line + 1
            entries.append(Entry(x, line, text, stage))
            x += width + 0.25
        line += 1
    return entries


def key_height(entries: Sequence[Entry]) -> float:
    """Return the height in inches that the key needs."""
    return (max((entry.line for entry in entries), default=-1) + 1) * _KEY_LINE


def draw_key(sheet: Sheet, entries: Sequence[Entry], top: float) -> None:
    """Draw the key downwards from ``top``, in inches."""
    chosen = fills([entry.stage for entry in entries if entry.stage is not None])
    for entry in entries:
        middle = top + (entry.line + 0.5) * _KEY_LINE
        if entry.stage is None:
            line = Line(entry.text, _KEY_SIZE, colour=style.MUTED)
            sheet.write_centred(entry.left, middle, [line])
            continue
        draw_swatch(sheet, entry.left, middle, chosen[entry.stage], _SWATCH[0])
        sheet.write_centred(entry.left + 0.27, middle, [Line(entry.text, _KEY_SIZE)])
