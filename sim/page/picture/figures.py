"""Figures become pages, each kind in its own way, and pages files."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from sim.answer.blocks import Figure
from sim.answer.figures import (
    Chances,
    Dumbbell,
    Fan,
    Flow,
    Grid,
    Ladder,
    Overview,
    Response,
    Scatter,
    Stack,
    Stamp,
    Tiles,
    Timeline,
)
from sim.page.picture.bars import draw_stack
from sim.page.picture.canvas import picture_style, save
from sim.page.picture.dots import draw_scatter
from sim.page.picture.grids import draw_grid
from sim.page.picture.lives import draw_timeline
from sim.page.picture.overviews import draw_overview
from sim.page.picture.panels import draw_fan, draw_response
from sim.page.picture.rows import draw_chances, draw_dumbbell, draw_ladder
from sim.page.picture.sheet import Sheet, write_notes
from sim.page.picture.streams import draw_flow
from sim.page.picture.tiles import draw_tiles
from sim.words import Speech

Draw = Callable[[Any, Stamp, Speech], list[Sheet]]

_KINDS: dict[type[Figure], Draw] = {
    Chances: draw_chances,
    Dumbbell: draw_dumbbell,
    Ladder: draw_ladder,
    Fan: draw_fan,
    Response: draw_response,
    Grid: draw_grid,
    Stack: draw_stack,
    Flow: draw_flow,
    Tiles: draw_tiles,
    Scatter: draw_scatter,
    Timeline: draw_timeline,
    Overview: draw_overview,
}


def pages(figure: Figure, stamp: Stamp, speech: Speech) -> list[Sheet]:
    """The pages of a figure in one language, in their order; none of an empty figure.

    Raises:
        KeyError: it is of no kind that can be drawn.
    """
    sheets = _KINDS[type(figure)](figure, stamp, speech)
    for sheet in sheets:
        write_notes(sheet, figure.notes, speech)
    return sheets


def stem(figure: Figure, sheet: Sheet, speech: Speech) -> str:
    """The name of a page's files, without their ending: ``NAME_zh``, ``NAME_2_zh`` and so on."""
    number = f"_{sheet.number}" if sheet.number > 1 else ""
    return f"{figure.name}{number}_{speech.language}"


def write(
    figures: Sequence[Figure], folder: Path, stamp: Stamp, speeches: Sequence[Speech]
) -> list[Path]:
    """Write figures into a folder as ``NAME_zh.png`` and ``NAME_zh.svg``; return the paths.

    Further pages are ``NAME_2_zh`` and so on; every language has files of its own. What an earlier
    drawing of the same figures left and this one does not have is removed.

    Raises:
        ValueError: two pages would have the same name.
        OSError: the folder cannot be written.
    """
    drawn: dict[str, Sheet] = {}
    for figure in figures:
        for speech in speeches:
            for sheet in pages(figure, stamp, speech):
                own = stem(figure, sheet, speech)
                if own in drawn:
                    raise ValueError(f"two pictures have the name {own}")
                drawn[own] = sheet
    _remove_others(folder, [figure.name for figure in figures], set(drawn))
    with picture_style():
        return [path for own, sheet in drawn.items() for path in save(sheet, folder / own, stamp)]


def _remove_others(folder: Path, names: Sequence[str], stems: set[str]) -> None:
    any_name = "|".join(map(re.escape, names))
    page = re.compile(rf"(?:{any_name})(?:_\d+)?_(?:zh|en)\.(?:png|svg)")
    for path in folder.iterdir():
        if page.fullmatch(path.name) and path.stem not in stems:
            path.unlink()
