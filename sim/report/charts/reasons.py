"""The reasons named beside a bar, each with the swatch of its segment and its share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sim.page.font import text_width
from sim.report.charts import stages, style
from sim.report.charts.stages import Fill
from sim.report.charts.style import Line, Sheet
from sim.report.numbers import share_text
from sim.report.words import Language, tongues, word

INVISIBLE = 0.005
"""Segments below this share are too thin to be seen."""

_SIZE, _SECOND = 10.0, 8.2  # points: the words, and those of the second language
_SWATCH, _GAP, _APART = 0.13, 0.05, 0.15  # inches: swatch, behind it, and between reasons


@dataclass(frozen=True)
class Reason:
    """A reason's words and their place in the list: inches from the left, and line of reasons."""

    stage: str
    left: float
    line: int
    words: list[Line]


def list_reasons(
    shares: Sequence[tuple[str, float]], width: float, language: Language
) -> list[Reason]:
    """Return the words beside a bar with these shares, in lines of at most ``width`` inches."""
    reasons: list[Reason] = []
    left, line = 0.0, 0
    for stage, share in shares:
        if share < INVISIBLE:
            continue
        words = _words(stage, share, language)
        text = max(text_width(part.text, part.size) for part in words) * style.POINT
        if left and left + _SWATCH + _GAP + text > width:
            left, line = 0.0, line + 1
        reasons.append(Reason(stage, left, line, words))
        left += _SWATCH + _GAP + text + _APART
    return reasons


def _words(stage: str, share: float, language: Language) -> list[Line]:
    """Return a reason with its share, and below it the reason in the second language."""
    first, *more = tongues(language)
    key = "delays.other" if stage == stages.OTHER else f"stage.{stage}"
    lines = [Line(f"{word(key, first)} {share_text(round(share, 2), first)}", _SIZE)]
    return lines + [Line(word(key, tongue), _SECOND, colour=style.MUTED) for tongue in more]


def list_height(reasons: Sequence[Reason]) -> float:
    """Return the height of the list in inches."""
    lines = max((reason.line + 1 for reason in reasons), default=0)
    return lines * max((style.height(reason.words) for reason in reasons), default=0.0)


def draw_reasons(
    sheet: Sheet, reasons: Sequence[Reason], chosen: Mapping[str, Fill], left: float, middle: float
) -> None:
    """Write the list from ``left``, its block centred on ``middle`` (inches)."""
    top = middle - list_height(reasons) / 2
    for reason in reasons:
        tall = style.height(reason.words)
        start = top + reason.line * tall
        at = left + reason.left
        fill = chosen[reason.stage]
        stages.draw_swatch(sheet, at, start + reason.words[0].height / 2, fill, _SWATCH)
        sheet.write(at + _SWATCH + _GAP, start, reason.words)
