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
    names = [mark.name for mark in sheet.marks]
    assert len(set(names)) == len(names)


def check_figure(figure: Figure, parts: int, part: str, most: int) -> None:
    """All pages can be read in both languages, and every row or panel is on exactly one."""
    for language in LANGUAGES:
        sheets = pages(figure, STAMP, Speech(language))
        seen: list[int] = []
        for sheet in sheets:
            check(sheet)
            own = {
                int(match[1])
                for mark in sheet.marks
                if (match := re.match(rf"{part}(\d+)\.", mark.name))
            }
            assert 0 < len(own) <= most
            low = [text.box.bottom for text in sheet.texts
                   if re.match(rf"{part}\d", text.name)]  # fmt: skip
            assert max(low) <= sheet.body.bottom + 0.12
            seen += sorted(own)
        assert seen == list(range(parts))
        assert [sheet.number for sheet in sheets] == list(range(1, len(sheets) + 1))


# ------------------------------------------------------------------ generated figures

ZH = "科普教育基地覆盖率达到规划目标的社区和行政村（含镇乡所辖）以及志愿者服务队伍"
EN = "share of communities and villages with standard rooms open to the public in time"


@st.composite
def labels(draw: st.DrawFn, longest: int = 14) -> dict[str, str]:
    length = draw(st.integers(1, longest))
    start = draw(st.integers(0, 10))
    english = (EN.split() * 3)[start : start + length]
    if draw(st.booleans()) and length > 8:
        english = ["".join(english)]  # a word that fits on no line
    return {"zh": (ZH * 3)[start : start + 2 * length], "en": " ".join(english)}


unit = st.floats(0.0, 1.0)


@st.composite
def many_chances(draw: st.DrawFn) -> Chances:
    rows: list[Chance] = []
    for number in range(draw(st.integers(1, 45))):
        low, middle, high = sorted(draw(st.tuples(unit, unit, unit)))
        again = bool(rows) and rows[-1].reading is not None and draw(st.booleans())
        reading = draw(labels()) if again or draw(st.integers(0, 3)) == 0 else None
        same = bool(rows) and draw(st.integers(0, 4)) > 0
        group = rows[-1].group if same else {"zh": f"第{number}组", "en": f"Group {number}"}
        rows.append(
            Chance(
                rows[-1].name if again else draw(labels()),
                rows[-1].group if again else group,
                middle, low, high, not again,
                draw(labels(6)), draw(labels(3)), reading,
            )
        )  # fmt: skip
    return Chances(name="any", title=draw(labels(20)), legend=draw(labels(40)), rows=rows,
                   notes=(draw(labels(20)),))  # fmt: skip


value = st.floats(-1e9, 1e9) | st.floats(-1.0, 1.0) | st.integers(0, 30).map(float)


@st.composite
def many_fans(draw: st.DrawFn) -> Fan:
    panels = []
    start = dt.date(2016, 1, 1)
    end = start + dt.timedelta(days=draw(st.integers(40, 4000)))
    count = draw(st.integers(2, 8))
    step = (end - start).days // count
    dates = [start + dt.timedelta(days=step * (i + 1)) for i in range(count)]
    for _ in range(draw(st.integers(1, 12))):
        size = draw(st.sampled_from([1.0, 1e3, 1e6, 1e10]))
        curves = []
        for role in ("counts", "other")[: draw(st.integers(1, 2))]:
            lows, middles, highs = zip(
                *(sorted(draw(st.tuples(value, value, value))) for _ in dates), strict=True
            )
            curves.append(
                Curve(role, dates, middles, [(lows, highs)], draw(st.booleans()),  # type: ignore[arg-type]
                      draw(st.none() | labels(8)), draw(st.none() | labels(1)))
            )  # fmt: skip
        marks = [Mark("level1", date, draw(value), None, draw(value)) for date in dates[:2]]
        goal = (draw(value) * size, draw(labels(7)))
        panels.append(FanPanel(draw(labels()), [draw(labels(6))], curves, goal, marks))
    keys = [Key("met", draw(labels(4)), "band"), Key("level1", draw(labels(4)), "bar")]
    return Fan(name="any", title=draw(labels(20)), panels=panels, start=start, end=end, keys=keys)


@SOME
@given(many_chances())
def test_any_chances_can_be_read(figure: Chances) -> None:
    check_figure(figure, len(figure.rows), "row", 14)


@SOME
@given(many_fans())
def test_any_fan_can_be_read(figure: Fan) -> None:
    check_figure(figure, len(figure.panels), "panel", 8)


@st.composite
def intervals(draw: st.DrawFn) -> tuple[float | None, float | None] | None:
    low, high = sorted((draw(value), draw(value)))
    return draw(st.sampled_from([None, (low, high), (None, high), (low, None)]))


axes = st.sampled_from(
    [Axis(), Axis(both("值", "value")), Axis(form="share", ends=(0.0, 1.5)), Axis(scale="wide")]
)
roles: st.SearchStrategy[Role] = st.sampled_from(
    ["series1", "series2", "more", "less", "same", "level2"]
)


@st.composite
def many_dumbbells(draw: st.DrawFn) -> Dumbbell:
    columns = draw(st.integers(0, 3))
    rows = [
        Pair(
            draw(labels()),
            [Dot(draw(value | st.just(math.nan)), draw(roles), draw(intervals()))
             for _ in range(draw(st.integers(0, 4)))],
            [draw(labels(4)) for _ in range(columns)],
            draw(roles), draw(st.booleans()), {"zh": f"组{i // 5}", "en": f"Group {i // 5}"},
        )
        for i in range(draw(st.integers(1, 30)))
    ]  # fmt: skip
    return Dumbbell(
        name="any", title=draw(labels(20)), rows=rows, axis=draw(axes),
        columns=[draw(labels(4)) for _ in range(columns)],
        reference=draw(st.none() | st.tuples(value, labels(3))),
    )  # fmt: skip


@st.composite
def many_ladders(draw: st.DrawFn) -> Ladder:
    series = draw(st.integers(0, 4))
    rows = [
        Rung(
            draw(labels()),
            [Dot(draw(value), "series1", draw(intervals())) for _ in range(series)],
            [draw(labels(2)) for _ in range(series)],
            draw(st.none() | labels(4)), draw(st.none() | value),
            draw(labels()) if draw(st.booleans()) or not series else None,
        )
        for _ in range(draw(st.integers(1, 30)))
    ]  # fmt: skip
    if draw(st.booleans()):
        axis = Axis(both("钱", "money"), scale="log")
        rows = [replace(row, at=None, dots=[replace(dot, value=10.0 ** (i % 9), interval=None)
                                            for dot in row.dots])
                for i, row in enumerate(rows)]  # fmt: skip
    else:
        axis = draw(axes)
    return Ladder(name="any", title=draw(labels(20)), rows=rows, axis=axis, goal=draw(labels(2)),
                  columns=[(draw(labels(3)), "series1") for _ in range(series)])  # fmt: skip


@st.composite
def many_stacks(draw: st.DrawFn) -> Stack:
    kinds: st.SearchStrategy[Role] = st.sampled_from(
        ["money", "people", "date", "rest", "loss", "growth"]
    )
    rows = [
        Bar(draw(labels()),
            [Part(draw(labels(5)), draw(st.floats(0.0, 1e4)), draw(kinds), draw(st.booleans()))
             for _ in range(draw(st.integers(0, 6)))],
            draw(labels(2)), draw(labels(8)))
        for _ in range(draw(st.integers(1, 25)))
    ]  # fmt: skip
    return Stack(name="any", title=draw(labels(20)), rows=rows, shares=draw(st.booleans()),
                 beside=draw(st.booleans()), total=draw(labels(3)),
                 parts=draw(labels(9)))  # fmt: skip


@st.composite
def many_grids(draw: st.DrawFn) -> Grid:
    low = draw(st.sampled_from([-1.0, 0.0]))

    def panel() -> GridPanel:
        columns = draw(st.integers(1, 8))
        rows = [
            GridRow(draw(labels()),
                    [Cell(draw(unit), draw(labels(1)), draw(st.booleans()), draw(st.booleans()))
                     for _ in range(columns)],
                    reading=draw(st.none() | labels(4)), before=draw(st.none() | labels(2)),
                    after=draw(st.none() | labels(4)), counts=draw(st.booleans()))
            for _ in range(draw(st.integers(1, 9)))
        ]  # fmt: skip
        return GridPanel(draw(labels()), [draw(labels(4)) for _ in range(columns)], rows)

    panels = [panel() for _ in range(draw(st.sampled_from([1, 1, 2, 6])))]
    return Grid(name="any", title=draw(labels(20)), panels=panels, ends=(low, 1.0),
                across=draw(st.none() | labels()), up=draw(st.none() | labels()),
                before=draw(labels(2)), after=draw(labels(3)),
                apart=draw(st.booleans()))  # fmt: skip


@st.composite
def many_responses(draw: st.DrawFn) -> Response:
    count = draw(st.integers(1, 7))
    x = sorted(draw(st.sets(st.floats(0.0, 1e10), min_size=count, max_size=count)))
    panels = [
        ResponsePanel(
            draw(labels()), [draw(labels(5))], x, [draw(unit) for _ in x],
            [([draw(unit) for _ in x], [draw(unit) for _ in x])],
            [Point(at, draw(unit), (0.1, None), apart=draw(st.booleans())) for at in x],
            span=draw(st.none() | st.just((x[0], None))),
        )
        for _ in range(draw(st.integers(1, 12)))
    ]  # fmt: skip
    return Response(
        name="any", title=draw(labels(20)), panels=panels,
        across=Axis(draw(labels(5)), draw(st.sampled_from(["number", "yuan"])),
                    scale=draw(st.sampled_from(["linear", "wide"]))),
        up=draw(st.sampled_from([Axis(form="chance"), Axis(whole=True)])),
        base=(x[0], draw(labels(3))), level=(0.5, draw(labels(3))),
    )  # fmt: skip


amounts = st.just(0.0) | st.floats(1.0, 1e10)


@st.composite
def many_flows(draw: st.DrawFn) -> Flow:
    columns = draw(st.integers(2, 4))
    sizes = [draw(st.integers(1, 9)) for _ in range(columns)]
    accounts = [Account(draw(labels()), column)
                for column, size in enumerate(sizes) for _ in range(size)]  # fmt: skip
    money: st.SearchStrategy[Role] = st.sampled_from(["public", "social"])
    panels = [
        FlowPanel(draw(labels()), accounts,
                  [Stream(a, b, draw(amounts) if b % 2 else 1e6, draw(money))
                   for a, one in enumerate(accounts) for b, other in enumerate(accounts)
                   if other.column == one.column + 1 and draw(st.booleans())]
                  or [Stream(0, sizes[0], 1.0)])
        for _ in range(draw(st.integers(1, 6)))
    ]  # fmt: skip
    return Flow(name="any", title=draw(labels(20)), panels=panels,
                keys=[Key("public", draw(labels(3)), "fill")],
                columns=[draw(labels(4)) for _ in range(columns)])  # fmt: skip


@st.composite
def many_tiles(draw: st.DrawFn) -> Tiles:
    columns, rows = draw(st.integers(1, 14)), draw(st.integers(1, 9))
    panels = [
        TilePanel(
            draw(labels()),
            [Tile(draw(labels(2)), i % columns, i // columns,
                  draw(st.none() | unit), draw(labels(1)), draw(st.booleans()))
             for i in range(columns * rows) if draw(st.integers(0, 2))]
            or [Tile("one", 0, 0, 1.0)],
            (0.0, 1.0), draw(st.sampled_from(["more", "less"])), ("0", draw(labels(3))),
            [draw(labels(5))],
        )
        for _ in range(draw(st.integers(1, 6)))
    ]  # fmt: skip
    return Tiles(name="any", title=draw(labels(20)), panels=panels)


@st.composite
def many_scatters(draw: st.DrawFn) -> Scatter:
    panels = [
        ScatterPanel(
            draw(labels()), [draw(value) for _ in range(9)], [draw(value) for _ in range(9)],
            cross=draw(st.none() | st.tuples(value, value)),
            shares=[draw(labels(1)) for _ in range(4)],
        )
        for _ in range(draw(st.integers(1, 10)))
    ]  # fmt: skip
    return Scatter(name="any", title=draw(labels(20)), panels=panels,
                   across=draw(axes), up=Axis(both("值", "value")))  # fmt: skip


@st.composite
def many_timelines(draw: st.DrawFn) -> Timeline:
    start, end = dt.date(2016, 1, 1), dt.date(2020, 12, 31)
    days = st.dates(dt.date(2015, 1, 1), dt.date(2022, 1, 1))
    rows = []
    for _ in range(draw(st.integers(1, 30))):
        ends = sorted(draw(st.lists(days, min_size=2, max_size=6)))
        spans = [Span(a, b, draw(roles), draw(labels(2)), draw(st.booleans()))
                 for a, b in pairwise(ends)]  # fmt: skip
        rows.append(Life(draw(labels()), spans, draw(st.none() | days), text=draw(labels(1))))
    return Timeline(name="any", title=draw(labels(20)), rows=rows, start=start, end=end,
                    opened=draw(labels(1)), text=draw(st.none() | labels(2)))  # fmt: skip


@st.composite
def overviews(draw: st.DrawFn) -> Overview:
    classes: list[Role] = ["likely", "open", "unlikely"]
    return Overview(
        name="any", title=draw(labels(20)),
        statements=[draw(labels(60)) for _ in range(draw(st.integers(0, 4)))],
        classes=[Part(draw(labels(5)), float(draw(st.integers(0, 50))), role) for role in classes],
        rows=draw(many_chances()).rows,
        reasons=[Part(draw(labels(5)), draw(amounts), draw(roles)) for _ in range(9)],
        classes_heading=draw(labels(6)), rows_heading=draw(labels(9)),
        reasons_heading=draw(labels(9)),
    )  # fmt: skip


@SOME
@given(many_flows() | many_tiles() | many_scatters())
def test_any_money_and_places_can_be_read(figure: Flow | Tiles | Scatter) -> None:
    check_figure(figure, len(figure.panels), "panel", 8)


@SOME
@given(many_timelines())
def test_any_timeline_can_be_read(figure: Timeline) -> None:
    check_figure(figure, len(figure.rows), "row", 14)


@SOME
@given(overviews())
def test_any_overview_is_one_page_that_can_be_read(figure: Overview) -> None:
    for language in LANGUAGES:
        (sheet,) = pages(figure, STAMP, Speech(language))
        check(sheet)
        assert max(text.box.bottom for text in sheet.texts
                   if not text.name.startswith("footer")) <= sheet.body.bottom + 0.12  # fmt: skip


@SOME
@given(many_dumbbells() | many_ladders() | many_stacks())
def test_any_rows_can_be_read(figure: Dumbbell | Ladder | Stack) -> None:
    check_figure(figure, len(figure.rows), "row", 14)


def test_a_long_name_of_the_last_column_makes_room_among_the_others() -> None:
    """It ends with its column and so reaches farther to the left than the others do."""
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
