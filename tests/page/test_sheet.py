"""Whatever is drawn can be read: nothing overlaps, leaves the page, is too small or left out."""

from __future__ import annotations

import datetime as dt
import math
import re
import warnings
from collections.abc import Callable
from dataclasses import replace
from itertools import combinations, pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from sim.answer.blocks import Figure
from sim.answer.figures import (
    Account,
    Axis,
    Bar,
    Cell,
    Chance,
    Chances,
    Curve,
    Dot,
    Dumbbell,
    Fan,
    FanPanel,
    Flow,
    FlowPanel,
    Grid,
    GridPanel,
    GridRow,
    Key,
    Ladder,
    Life,
    Mark,
    Overview,
    Pair,
    Part,
    Point,
    Response,
    ResponsePanel,
    Role,
    Rung,
    Scatter,
    ScatterPanel,
    Span,
    Stack,
    Stamp,
    Stream,
    Tile,
    TilePanel,
    Tiles,
    Timeline,
)
from sim.page.font import FAMILY, missing_glyphs
from sim.page.picture import pages, write
from sim.page.picture.canvas import DPI, FALLBACKS, drawing, picture_style
from sim.page.picture.colours import LOOKS, Shape, ink_on, luminance
from sim.page.picture.sheet import (
    HEIGHT,
    WIDTH,
    Area,
    Box,
    Sheet,
    Spot,
    Stroke,
    Text,
    wrapped,
)
from sim.words import LANGUAGES, Said, Speech, speeches
from tests.page.pictures import EXAMPLES, STAMP, Page, both, chances, fan, grid, maps

Look = Callable[..., list[Page]]
EDGE = 0.2  # inches that stay free around everything
# The same figures in every run; more of them by hand, with other numbers of examples.
# A failing figure is not made smaller: that takes minutes, and any is as good as another.
SOME = settings(
    max_examples=12,
    derandomize=True,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=(Phase.explicit, Phase.generate),
)


def check(sheet: Sheet) -> None:
    """A page can be read."""
    texts = sheet.texts
    assert not missing_glyphs("".join(text.line.text for text in texts))
    for text in texts:
        assert text.line.size >= 12.0, text
        box = text.box
        assert box.left >= EDGE, text
        assert box.right <= WIDTH - EDGE, text
        assert box.top >= EDGE, text
        assert box.bottom <= HEIGHT - EDGE, text
    for one, other in combinations(texts, 2):
        assert not one.box.meets(other.box), f"{one} lies on {other}"
    for mark in sheet.marks:
        points = mark.points if isinstance(mark, Stroke | Area) else [(mark.x, mark.y)]
        for x, y in points:
            assert math.isfinite(x), mark
            assert 0.0 <= x <= WIDTH, mark
            assert 0.0 <= y <= HEIGHT, mark
    names = ["一" * signs for signs in (4, 1, 4, 9, 9, 4, 7)]
    cells = [Cell(number / 7.0, "") for number in range(7)]
    panels = [GridPanel(f"panel {n}", names, [GridRow("row", cells)]) for n in range(3)]
    check_figure(replace(maps(), panels=panels), 3, "panel", 8)


@SOME
@given(many_grids() | many_responses())
def test_any_panels_can_be_read(figure: Grid | Response) -> None:
    if isinstance(figure, Grid) and len(figure.panels) == 1:
        check_figure(figure, len(figure.panels[0].rows), "row", 14)
    else:
        check_figure(figure, len(figure.panels), "panel", 8)


# ------------------------------------------------------------------ around the body


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", ["chances", "fan"])
def test_every_page_says_what_it_shows_and_of_which_result(
    look: Look, name: str, language: str
) -> None:
    figure = {"chances": chances, "fan": fan}[name]()
    speech = Speech(language)  # type: ignore[arg-type]
    shown = look(name, language)
    assert len(shown) > 1
    for number, page in enumerate(shown, start=1):
        title = "".join(page[key].text for key in page if re.fullmatch(r"title(\.\d)?", key))
        assert title.replace(" ", "") == speech.text(figure.title).replace(" ", "")
        assert page["page"].text == speech("picture.page", page=number, pages=len(shown))
        footer = " ".join(page[key].text for key in page if key.startswith("footer"))
        assert speech.text(STAMP.scenario) in footer
        assert speech.text(STAMP.replications) in footer
        assert "2016" in footer
        assert STAMP.result_hash[:12] in footer
        assert speech.text(STAMP.caution) in footer


def test_no_page_speaks_two_languages(look: Look) -> None:
    assert EXAMPLES
    for name in (example.__name__ for example in EXAMPLES):
        for page in look(name, "zh"):
            text = "".join(mark.text for mark in page.values())
            assert not re.search(r"[A-Za-z]{3,}", text.replace(STAMP.result_hash[:12], "")), name
        for page in look(name, "en"):
            text = "".join(mark.text for mark in page.values())
            for own in "海淀朝阳通州房山延庆怀柔密云平谷顺义昌平":  # names of the example
                text = text.replace(own, "")
            assert not re.search(r"[\u4e00-\u9fff]", text), name


def test_a_figure_of_another_run_names_that(tmp_path: Path) -> None:
    figure = Chances(name="own", title="x", rows=chances(3).rows, origin=both("别的", "Other run"))
    (sheet,) = pages(figure, STAMP, Speech("en"))
    footer = " ".join(text.line.text for text in sheet.texts if text.name.startswith("footer"))
    assert "Other run" in footer
    assert "Baseline" not in footer


def test_words_without_end_leave_room_for_the_picture() -> None:
    long = both(ZH * 30, f"{EN} " * 30)
    stamp = Stamp(long, "200", "1", "abc", long)
    figure = Chances(name="x", title=long, legend=long, notes=(long,), rows=chances(30).rows)
    assert speeches("both")
    for speech in speeches("both"):
        for sheet in pages(figure, stamp, speech):
            check(sheet)
            assert sheet.body.height > 2.0
            assert any(text.line.text.endswith("…") for text in sheet.texts)


def test_nothing_to_show_is_no_page(tmp_path: Path) -> None:
    empty = [Chances(name="a", title="x", rows=()), fan(0)]
    assert write(empty, tmp_path, STAMP, speeches("both")) == []


# ------------------------------------------------------------------ files


@pytest.mark.parametrize("language", LANGUAGES)
def test_files_are_named_by_figure_page_and_language(drawn: Path, language: str) -> None:
    for stem in ("chances", "chances_2", "fan", "fan_2", "milestones"):
        for ending in ("png", "svg"):
            assert (drawn / f"{stem}_{language}.{ending}").is_file()


def test_metadata_names_the_result_and_holds_no_date(drawn: Path) -> None:
    png = (drawn / "fan_zh.png").read_bytes()
    assert b"tEXtresult_hash\x00" + STAMP.result_hash.encode() in png
    assert b"Creation Time" not in png
    svg = (drawn / "fan_zh.svg").read_text(encoding="utf-8")
    assert f"<dc:description>result_hash {STAMP.result_hash}</dc:description>" in svg
    assert "dc:date" not in svg


def test_pages_are_slides(drawn: Path) -> None:
    from PIL import Image

    assert [*drawn.glob("*.png")]
    for path in drawn.glob("*.png"):
        with Image.open(path) as image:
            assert image.size == (2000, 1125), path.name


def test_text_is_text_in_the_shipped_font(drawn: Path) -> None:
    assert [*drawn.glob("*.svg")]
    for path in drawn.glob("*.svg"):
        svg = path.read_text(encoding="utf-8")
        styles = re.findall(r'<text style="([^"]*)"', svg)
        assert styles, path.name
        for style in styles:
            assert f"font-family: '{FAMILY}', '{FALLBACKS[0]}'" in style
            assert style.count("sans-serif") == 1
            size = re.search(r"font-size: ([\d.]+)px", style)
            assert size
            assert float(size[1]) >= 12.0
        assert "<symbol" not in svg  # no glyph became a shape


def test_same_figures_give_the_same_bytes_whatever_the_readers_settings(
    drawn: Path, tmp_path: Path
) -> None:
    import matplotlib

    with matplotlib.rc_context({"font.size": 30.0, "axes.grid": True, "savefig.dpi": 30.0}):
        paths = write([chances(), fan(3)], tmp_path, STAMP, speeches("zh"))
    assert paths
    for path in paths:
        if path.name.startswith("chances"):
            assert path.read_bytes() == (drawn / path.name).read_bytes(), path.name


def test_settings_of_the_reader_are_left_alone() -> None:
    import matplotlib

    before = dict(matplotlib.rcParams)
    with picture_style():
        assert matplotlib.rcParams["text.hinting"] == "none"
    assert dict(matplotlib.rcParams) == before


def test_pages_of_an_earlier_drawing_go_and_other_files_stay(tmp_path: Path) -> None:
    write([chances(30)], tmp_path, STAMP, speeches("both"))
    assert (tmp_path / "chances_3_en.png").is_file()
    (tmp_path / "chances_of_rain_en.png").touch()
    (tmp_path / "attainment.csv").touch()
    paths = write([chances(3)], tmp_path, STAMP, speeches("en"))
    kept = {path.name for path in tmp_path.iterdir()}
    assert kept == {p.name for p in paths} | {"chances_of_rain_en.png", "attainment.csv"}


def test_two_pictures_of_one_name_are_refused(tmp_path: Path) -> None:
    other = Chances(name="chances_2", title="x", rows=chances(3).rows)
    with pytest.raises(ValueError, match="chances_2_en"):
        write([chances(), other], tmp_path, STAMP, speeches("en"))
    assert not list(tmp_path.iterdir())


def test_the_boxes_of_texts_are_where_they_are_drawn() -> None:
    """What the layout reckons with is what gets ink."""
    (first, *_) = pages(chances(), STAMP, Speech("en"))
    blank = Sheet(first.body)
    assert first.texts
    with picture_style(), warnings.catch_warnings():
        warnings.simplefilter("error")
        paper = drawing(blank)
        for text in first.texts:
            alone = Sheet(first.body, marks=[text])
            rows, columns = np.nonzero((drawing(alone) != paper).any(axis=2))
            box = text.box
            assert columns.min() / DPI == pytest.approx(box.left, abs=0.03), text
            assert columns.max() / DPI == pytest.approx(box.right, abs=0.03), text
            assert rows.min() / DPI >= box.top - 0.02, text
            assert rows.max() / DPI <= box.bottom + 0.02, text


@pytest.mark.parametrize("shape", ["circle", "diamond", "square", "up", "down", "right", "left"])
def test_dots_and_lines_have_their_place_size_and_colour(shape: Shape) -> None:
    body = Box(0.0, 0.0, WIDTH, HEIGHT)
    spot = Spot("spot", 4.0, 2.0, "#0072B2", "#D55E00", 36.0, shape, 3.6)
    line = Stroke("line", ((1.0, 5.0), (9.0, 5.0)), "#009E73", 7.2, (14.4, 7.2))
    area = Area("area", ((10.0, 1.0), (12.0, 1.0), (12.0, 3.0), (10.0, 3.0)), "#000000", 0.5)
    with picture_style():
        pixels = drawing(Sheet(body, marks=[spot, line, area]))
    assert pixels.shape == (HEIGHT * DPI, WIDTH * DPI, 3)
    assert tuple(pixels[2 * DPI, 4 * DPI]) == (0xD5, 0x5E, 0x00)
    rows, columns = np.nonzero((pixels == (0x00, 0x72, 0xB2)).all(axis=2))
    reach = 0.5 * math.sqrt(2.0) if shape == "diamond" else 0.5
    assert np.ptp(columns) / DPI == pytest.approx(reach, abs=0.11)
    assert np.ptp(rows) / DPI == pytest.approx(reach, abs=0.11)
    green = (pixels == (0x00, 0x9E, 0x73)).all(axis=2)
    assert green[:, 1 * DPI + 5].sum() == pytest.approx(0.1 * DPI, abs=1.0)
    assert not green[:, round(1.25 * DPI)].any()  # between two dashes
    assert np.abs(pixels[2 * DPI, 11 * DPI].astype(int) - 128).max() <= 1


# ------------------------------------------------------------------ words and colours


def test_lines_break_where_they_may_and_where_they_must() -> None:
    assert wrapped("一二三四，五", 0.55, 12) == ["一二三", "四，五"]
    assert wrapped("one two three", 0.7, 12) == ["one two", "three"]
    assert "".join(wrapped("incomprehensibilities", 0.7, 12)) == "incomprehensibilities"
    assert len(wrapped("incomprehensibilities", 0.7, 12)) > 1


def test_the_head_of_a_column_does_not_break_inside_its_bracket() -> None:
    figure = replace(grid(), after=both("最慢环节之差（百分点）", "Slowest stage, points"))
    drawn = [text for sheet in pages(figure, STAMP, Speech("zh")) for text in sheet.texts]
    heads = [text.line.text for text in drawn if text.name.startswith("column")]
    assert heads[-2:] == ["最慢环节之差", "（百分点）"]


def test_meanings_of_one_picture_differ_in_a_grey_copy_too() -> None:
    together = [
        ("met", "missed"), ("likely", "open", "unlikely"), ("counts", "other"),
        ("level1", "level2", "level3", "level4"),
        tuple(f"series{i}" for i in range(1, 9)),
    ]  # fmt: skip
    for roles in together:
        for one, other in combinations(roles, 2):
            a, b = LOOKS[one], LOOKS[other]  # type: ignore[index]
            assert a.colour != b.colour
            greys = abs(luminance(a.colour) - luminance(b.colour))
            assert greys > 0.15 or a.dash != b.dash or a.shape != b.shape, (one, other)


def test_words_on_a_colour_can_be_read() -> None:
    for look in LOOKS.values():
        light, ink = luminance(look.colour) + 0.05, luminance(ink_on(look.colour)) + 0.05
        assert max(light / ink, ink / light) >= 4.5, look


def test_a_said_title_is_said_in_the_language_of_the_page() -> None:
    figure = Chances(name="x", title=Said("picture.continued", {"name": both("甲", "A")}),
                     rows=chances(2).rows)  # fmt: skip
    for speech, text in zip(speeches("both"), ("甲（续）", "A (continued)"), strict=True):
        (sheet,) = pages(figure, STAMP, speech)
        assert next(t for t in sheet.texts if t.name == "title").line.text == text


def test_marks_have_the_kinds_that_a_canvas_knows() -> None:
    kinds = {type(mark) for sheet in pages(fan(), STAMP, Speech("zh")) for mark in sheet.marks}
    assert kinds <= {Text, Stroke, Area, Spot}
