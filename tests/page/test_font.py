"""The shipped fonts draw whatever the project can write."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.page.font import (
    FAMILY,
    FONT_FILES,
    chart_font,
    font_path,
    missing_glyphs,
    text_width,
)
from sim.page.font_subset import ROOT, gb2312_level_one, used_characters, wanted_characters
from sim.words import catalogue

CONFIGS = sorted(path for path in (ROOT / "configs").glob("**/*") if path.is_file())


@pytest.mark.parametrize("path", CONFIGS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_character_of_the_configuration_can_be_drawn(path: Path) -> None:
    missing = missing_glyphs(path.read_text(encoding="utf-8"))
    assert not missing, f"run sim.page.font_subset again: {path.name} needs {sorted(missing)}"


def test_every_word_of_every_room_can_be_drawn() -> None:
    known = catalogue()
    texts = [known.texts(key)[language] for key in known for language in ("zh", "en")]
    assert not missing_glyphs("".join(texts))
    # The subset is made from the same files; a blank that does not break stands there as an escape.
    assert set("".join(texts)) - {"\n", "\u00a0"} <= used_characters(ROOT)


def test_place_names_and_everyday_characters_can_be_drawn() -> None:
    everyday = "".join(gb2312_level_one())
    assert len(everyday) == 3755
    table = (ROOT / "sim" / "data" / "districts.csv").read_text(encoding="utf-8-sig")
    assert not missing_glyphs(everyday + table)


def test_everything_the_maintainers_asked_for_is_in_the_files() -> None:
    assert not missing_glyphs("".join(wanted_characters()))


def test_a_character_outside_the_subset_is_reported() -> None:
    assert missing_glyphs("科普龘") == {"龘"}


def test_fonts_are_found_by_family_in_both_weights() -> None:
    from matplotlib.font_manager import FontProperties, findfont

    assert chart_font() == FAMILY
    for style, weight in (("Regular", "normal"), ("Bold", "bold")):
        found = findfont(FontProperties(family=FAMILY, weight=weight), fallback_to_default=False)
        assert Path(found).name == FONT_FILES[style]


def test_files_are_small_and_carry_their_licence() -> None:
    for style in FONT_FILES:
        assert font_path(style).stat().st_size < 1_600_000
    licence = (font_path().parent / "OFL.txt").read_text(encoding="utf-8")
    assert licence.startswith("Copyright 2014-2021 Adobe")
    assert "SIL OPEN FONT LICENSE Version 1.1" in licence


def test_licence_records_stay_in_the_font_and_the_reserved_name_does_not() -> None:
    from fontTools.ttLib import TTFont

    names = TTFont(font_path())["name"]
    assert "Adobe" in names.getDebugName(0)
    assert "Open Font License" in names.getDebugName(13)
    for record in (1, 3, 4, 6):
        assert "Source" not in names.getDebugName(record)


def test_widths_grow_with_text_size_and_weight() -> None:
    assert text_width("科普", 10) == pytest.approx(20, abs=0.5)
    assert text_width("科普", 20) == pytest.approx(2 * text_width("科普", 10))
    assert text_width("targets", 10, bold=True) > text_width("targets", 10)
    assert text_width("龘", 10) == pytest.approx(10, abs=0.5), "a box stands for what it lacks"
