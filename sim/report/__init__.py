"""Media from a folder of results: ``python -m sim.report FOLDER [media] [language=]``.

Each is made from the files of the folder alone, whatever question they answer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from importlib.util import find_spec
from pathlib import Path

from sim.answer.dossier import Dossier
from sim.config.errors import ConfigError
from sim.config.schema.run import MEDIA, Medium
from sim.page import brief, dashboard, deck, picture, workbook
from sim.study.files import write_whole
from sim.study.folder import REPORTS
from sim.words import Speech

_MADE: dict[Medium, Callable[[Dossier, Speech], bytes]] = {
    "brief": lambda dossier, speech: brief.brief(dossier, speech),
    "deck": lambda dossier, speech: deck.deck(dossier, speech),
    "workbook": lambda dossier, speech: workbook.workbook(dossier, speech),
    "dashboard": lambda dossier, _: dashboard.dashboard(dossier),
}
"""Media that are one file a language, or one for both, and what makes it, loaded when it does."""


_NEEDS: dict[Medium, Sequence[str]] = {
    "brief": ("fontTools", "brotli"),
    "deck": ("pptx",),
    "workbook": ("xlsxwriter",),
    "dashboard": ("fontTools", "brotli"),
}
"""Libraries of the extra that a medium needs."""


def refuse_missing(media: Iterable[Medium], *, sweeps: bool = False) -> None:
    """Refuse media that cannot be made here, before anything is simulated for them.

    Args:
        sweeps: whether there is a sweep, without which there is no dashboard.

    Raises:
        ConfigError: there is none, or a library is not installed; it names the extra that brings
            it.
    """
    for medium in media:
        if medium == "dashboard" and not sweeps:
            raise ConfigError("report.no_sweep", key="report", value=medium)
        for library in _NEEDS.get(medium, ()):
            if find_spec(library) is None:
                raise ConfigError("report.missing", key="report", value=medium, library=library)


def write(folder: Path, media: Iterable[Medium] | None, speeches: Sequence[Speech]) -> list[Path]:
    """Write media into a folder of results, None being all that it has; return the paths.

    Raises:
        ConfigError: the folder holds no finished results with an answer, or a medium cannot be
            made here.
        OSError: it cannot be written.
    """
    dossier, written = Dossier.of(folder), list[Path]()
    sweeps = dossier.answer.sweep is not None
    if media is None:
        media = [medium for medium in MEDIA if sweeps or medium != "dashboard"]
    media = [*media]
    refuse_missing(media, sweeps=sweeps)
    for medium in media:
        if medium == "pictures":
            written += picture.write(dossier.answer.pictures, folder, dossier.stamp, speeches)
            continue
        paths = {folder / REPORTS[medium].format(own.language): own for own in speeches}
        for path, speech in paths.items():
            write_whole(path, _MADE[medium](dossier, speech))
            written.append(path)
    return written
