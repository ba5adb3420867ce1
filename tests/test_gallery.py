"""The gallery shows every kind of figure in both languages, and every picture names its result."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from PIL import Image

from benchmarks.gallery import GALLERY, INDEX, ROOT, WIDTH, Shown, keep, shown
from sim.answer.stored import KINDS
from sim.verify import Named, named
from sim.words import LANGUAGES

LIMIT = 4_000_000
TEXT = (GALLERY / INDEX).read_text(encoding="utf-8")
PICTURES = [*shown()]
RUNS = {
    run: Named(result_hash, command)
    for run, command, result_hash in re.findall(
        r"^\| (\w+) \| `(.*)` \| \d+ \| \d+ \| `([0-9a-f]{64})` \|$", TEXT, re.MULTILINE
    )
}


def linked(text: str) -> list[str]:
    return re.findall(r"!\[[^\]]+\]\(([^)]+)\)", text)


def test_the_index_shows_what_is_there_and_nothing_else_is() -> None:
    there = {path.name for path in GALLERY.iterdir()} - {INDEX}
    assert sorted(linked(TEXT)) == sorted(there) == sorted(own.name for own in PICTURES)


def test_every_kind_of_figure_is_there_in_both_languages() -> None:
    kinds = [(own.kind, own.language) for own in PICTURES if own.kind is not None]
    assert sorted(kinds) == sorted((kind, language) for kind in KINDS for language in LANGUAGES)


def test_the_gallery_is_small() -> None:
    assert sum(path.stat().st_size for path in GALLERY.iterdir()) <= LIMIT
    for own in PICTURES:
        with Image.open(GALLERY / own.name) as image:
            assert image.width <= WIDTH


@pytest.mark.parametrize("own", PICTURES, ids=lambda own: own.name)
def test_a_picture_names_the_result_that_the_index_says(own: Shown) -> None:
    assert named(GALLERY / own.name) == RUNS[own.run]
    assert f"![{own.what[own.language]}]({own.name})" in TEXT


def test_what_is_kept_is_narrow_and_says_of_which_result_it_is(tmp_path: Path) -> None:
    Image.new("RGB", (2000, 1125), "red").save(tmp_path / "large.png")
    own = Named("0" * 64, "python -m sim replications=1")
    keep(tmp_path / "large.png", own, tmp_path / "small.png")
    assert named(tmp_path / "small.png") == own
    with Image.open(tmp_path / "small.png") as image:
        assert image.size == (WIDTH, 675)


def test_the_readme_shows_pictures_that_are_there() -> None:
    found = linked((ROOT / "README.md").read_text(encoding="utf-8"))
    assert len(found) == 4
    for path in found:
        assert (ROOT / path).is_file()
