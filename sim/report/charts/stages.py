"""The colours of stages and reasons, and the key that explains them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sim.report.charts import style
from sim.report.charts.style import MARGIN, WIDTH, Line, Sheet
from sim.report.font import text_width
from sim.report.words import STAGES, WORKING_STAGES, Language, phrase

# One hue for one cause: a full colour where a project stood in a stage, a light one where a unit
# was never proposed, a light one with an edge where a title or a post was not obtained.
_HUES = {
    "calendar": "#9A9A9A",
    "review": style.PURPLE,
    "money": style.ORANGE,
    "crew": style.SKY,
    "building": style.BLUE,
    "staff": style.GREEN,
    "unproposed:pace": "#9A9A9A",
    "unproposed:money_in_sight": style.ORANGE,
    "unproposed:not_yet_allowed": style.SKY,
    "unproposed:no_round": style.BLUE,
    "unmet:next_round": style.ORANGE,
    "unmet:promoted": style.BLUE,
    "unmet:not_planned": "#9A9A9A",
    "unmet:round_quota": "#9A9A9A",
    "unmet:eligibility": style.SKY,
    "unmet:panel": style.PURPLE,
    "unmet:strike_off": style.VERMILION,
    "unmet:unfunded_post": style.ORANGE,
    "unmet:no_candidate": style.GREEN,
    "unmet:no_graduate": style.BLUE,
    "unmet:no_money": style.ORANGE,
    "unmet:closed": style.SKY,
    "unmet:slipped": style.PURPLE,
    "unmet:procedure": style.BLUE,
    "unmet:seats": "#9A9A9A",
    "unmet:too_few_births": style.GREEN,
    "unmet:exits": style.VERMILION,
    "unmet:growth": style.BLUE,
    "unmet:attrition": style.VERMILION,
    "unmet:no_round": style.BLUE,
    "unmet:no_people": style.GREEN,
    "unmet:not_yet_allowed": style.SKY,
    "unmet:not_scheduled": "#9A9A9A",
    "unmet:trend": style.PURPLE,
    "unmet:exposure": style.SKY,
    "unmet:survey_error": "#9A9A9A",
}
_KEY_SIZE, _KEY_LINE = 10.5, 0.25  # points; inches
_DARK = {style.BLUE, style.GREEN, style.VERMILION}  # fills that need white words


@dataclass(frozen=True)
class Entry:
    """A piece of the key: a family's heading (no stage) or a colour with its name."""

    left: float
    line: int
    text: str
    stage: str | None


def fill(stage: str) -> str:
    """Return a stage's colour; a tint of it for what was never started."""
    from matplotlib.colors import to_hex, to_rgb

    if ":" not in stage:
        return _HUES[stage]
    red, green, blue = (1.0 - 0.45 * (1.0 - part) for part in to_rgb(_HUES[stage]))
    return str(to_hex((red, green, blue)))


def edge(stage: str, plain: str) -> str:
    """Return the colour of a stage's outline, ``plain`` for all but titles and posts."""
    return _HUES[stage] if stage.startswith("unmet:") else plain


def ink(stage: str) -> str:
    """Return the colour of words that can be read on a stage's fill."""
    return "white" if ":" not in stage and _HUES[stage] in _DARK else style.INK


def stage_key(seen: Collection[str], language: Language) -> list[Entry]:
    """Return the key to the stages in ``seen``, family by family, in lines that fit the sheet."""
    families = {
        "delays.stage_key": [s for s in WORKING_STAGES if s in seen],
        "delays.unproposed_key": [s for s in STAGES if s in seen and s.startswith("unproposed:")],
        "delays.unmet_key": [s for s in STAGES if s in seen and s.startswith("unmet:")],
    }
    families = {phrase(k, language, " / "): stages for k, stages in families.items() if stages}
    start = MARGIN + max(text_width(head, _KEY_SIZE) for head in families) * style.POINT + 0.25
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
    return (max(entry.line for entry in entries) + 1) * _KEY_LINE


def draw_key(sheet: Sheet, entries: Sequence[Entry], top: float) -> None:
    """Draw the key downwards from ``top``, in inches."""
    from matplotlib.patches import Rectangle

    for entry in entries:
        middle = top + (entry.line + 0.5) * _KEY_LINE
        if entry.stage is None:
            sheet.write_centred(
                entry.left, middle, [Line(entry.text, _KEY_SIZE, colour=style.MUTED)]
            )
            continue
        patch = Rectangle(
            (entry.left / WIDTH, 1 - (middle + 0.065) / sheet.height),
            0.2 / WIDTH,
            0.13 / sheet.height,
            facecolor=fill(entry.stage),
            edgecolor=edge(entry.stage, "none"),
            linewidth=1.2,
        )
        sheet.figure.add_artist(patch)
        sheet.write_centred(entry.left + 0.27, middle, [Line(entry.text, _KEY_SIZE)])
