"""Pictures are drawn once, and again when anything that they show or say has changed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

from experiments.shared import drawing
from sim.answer.blocks import Figure
from sim.answer.figures import Stamp
from sim.words import Said, catalogue, speeches

STAMP = Stamp("scenario", "3 replications", "1", "result")
OURS = Path(__file__).resolve().parents[2] / "experiments"


@pytest.fixture
def drawn(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., int]:
    """Draws a figure; returns how many drawings there have been."""
    count = 0

    def write(*_: object) -> list[Path]:
        nonlocal count
        count += 1
        picture = tmp_path / "picture.png"
        picture.touch()
        return [picture]

    def draw(title: object = "title", stamp: Stamp = STAMP, language: str = "en") -> int:
        figure = Figure(name="picture", title=title)
        drawing.draw([figure], tmp_path, stamp, speeches(language))
        return count

    monkeypatch.setattr("sim.page.picture.write", write)
    return draw


def test_the_same_is_drawn_once(drawn: Callable[..., int], tmp_path: Path) -> None:
    assert [drawn(), drawn()] == [1, 1]
    (tmp_path / "picture.png").unlink()
    assert drawn() == 2


@pytest.mark.parametrize(
    "other",
    [{"title": "other"}, {"language": "zh"}, {"stamp": Stamp("s", "3", "1", "another result")}],
)
def test_something_else_is_drawn_anew(drawn: Callable[..., int], other: dict[str, object]) -> None:
    assert [drawn(), drawn(**other)] == [1, 2]


def test_other_words_of_a_question_are_drawn_anew(
    drawn: Callable[..., int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A figure knows the keys of its words; what they say stands in the questions' folders."""
    assert {path for path in catalogue().files if path.is_relative_to(OURS)} == set(
        OURS.rglob("words.yaml")
    )
    words = tmp_path / "words.yaml"
    words.write_text("before", encoding="utf-8")
    monkeypatch.setattr(drawing, "catalogue", lambda: SimpleNamespace(files=(words,)))
    assert [drawn(Said("some.key")), drawn(Said("some.key"))] == [1, 1]
    words.write_text("after", encoding="utf-8")
    assert drawn(Said("some.key")) == 2
