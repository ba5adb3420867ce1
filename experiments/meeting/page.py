"""The index page: what was asked, the answer in short, and where everything is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sim.answer.dossier import Dossier
from sim.page.html import digest, environment, source
from sim.study.folder import REPORTS
from sim.words import Said, Speech

RUN = "run"
"""The part that is one run, not a question."""

HEADLINES = 3


@dataclass(frozen=True)
class Part:
    """A run or a question that was asked: its name, its folder and what stands there."""

    name: str
    folder: Path
    dossier: Dossier

    def title(self, speech: Speech) -> str:
        """What was asked, in words."""
        return speech("meeting.run" if self.name == RUN else f"{self.name}.question")

    def sentences(self, speech: Speech) -> list[str]:
        """The answer in short."""
        return [*self.dossier.answer.said(speech, "headline")][:HEADLINES]

    def media(self, speech: Speech) -> list[tuple[Said, str]]:
        """What each medium is called, and its file, relative to the index; those that are there."""
        names = {medium: name.format(speech.language) for medium, name in REPORTS.items()}
        return [
            (Said(f"meeting.medium.{medium}"), f"{self.name}/{name}")
            for medium, name in names.items()
            if (self.folder / name).is_file()
        ]

    def picture(self, speech: Speech) -> str | None:
        """The first picture, relative to the index; None if there is none."""
        for figure in self.dossier.answer.pictures[:1]:
            name = f"{figure.name}_{speech.language}.png"
            if (self.folder / name).is_file():
                return f"{self.name}/{name}"
        return None

    def alt(self, speech: Speech) -> str:
        """What the first picture shows."""
        figure = self.dossier.answer.pictures[0]
        return speech.text(figure.alt or figure.title)


def index(parts: Sequence[Part], speech: Speech) -> bytes:
    """The page in one language; it loads nothing but the pictures beside it."""
    package = "experiments.meeting"
    style = source(package, "index.css")
    text: str = (
        environment(speech)
        .from_string(source(package, "index.html"))
        .render(
            title=speech("meeting.title"),
            parts=parts,
            speech=speech,
            style=style,
            digest=digest(style),
        )
    )
    return text.encode()
