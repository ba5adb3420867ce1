"""The deck as a reader's program opens it: native, complete, readable from the back row."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pptx
import pytest
from pptx.enum.shapes import MSO_SHAPE_TYPE
from pptx.util import Pt

from sim.answer.blocks import Answer, Statement
from sim.answer.dossier import Dossier
from sim.answer.figures import Axis, Chances, Point
from sim.page.deck import deck
from sim.page.deck.slides import MOST
from sim.words import LANGUAGES, Language, Speech
from tests.page.pictures import EXAMPLES, both, response
from tests.report.conftest import HOSTILE

PICTURE = MSO_SHAPE_TYPE.PICTURE
ROOM = 2_000  # EMU that a box may reach beyond the slide by rounding

_FONTS = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <include ignore_missing="yes">/etc/fonts/fonts.conf</include>
  {rules}
</fontconfig>
"""
_RULE = """<match target="pattern"><test name="family"><string>{name}</string></test>
<edit name="family" mode="assign" binding="strong"><string>Noto Sans CJK SC</string></edit></match>
"""


def frames(shape: Any) -> Iterator[Any]:
    """Text frames of a shape, of the cells of a table too."""
    if shape.has_text_frame:
        yield shape.text_frame
    if shape.has_table:
        yield from (cell.text_frame for row in shape.table.rows for cell in row.cells)


def shapes(presentation: Any) -> Iterator[Any]:
    for slide in presentation.slides:
        yield from slide.shapes


def charts(presentation: Any) -> Iterator[Any]:
    return (shape.chart for shape in shapes(presentation) if shape.has_chart)


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_has_as_many_slides_as_a_meeting_bears(decks: dict[str, Any], language: str) -> None:
    presentation = decks[language]
    assert presentation.slide_width * 9 == pytest.approx(presentation.slide_height * 16, rel=1e-5)
    assert 8 <= len(presentation.slides) <= MOST
    assert [layout.name for layout in presentation.slide_layouts] == ["kepusim"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_placeholder_is_empty_and_every_slide_has_a_title_and_notes(
    decks: dict[str, Any], language: str
) -> None:
    held, empty, silent = set(), [], []
    for number, slide in enumerate(decks[language].slides, start=1):
        held.add(len(slide.placeholders))
        page = slide.notes_slide
        empty += [
            (number, own.name)
            for own in [*slide.placeholders, *page.placeholders]
            if own.has_text_frame and not own.text_frame.text and "Image" not in own.name
        ]
        if not (slide.shapes.title.text_frame.text and page.notes_text_frame.text):
            silent.append(number)
    assert held == {3}, "title, footer, number"
    assert empty == []
    assert silent == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_everything_lies_on_its_slide_and_can_be_read(decks: dict[str, Any], language: str) -> None:
    presentation = decks[language]
    sizes, outside = set(), []
    for shape in shapes(presentation):
        ends = shape.left + shape.width, shape.top + shape.height
        if min(shape.left, shape.top) < -ROOM or (
            ends[0] > presentation.slide_width + ROOM or ends[1] > presentation.slide_height + ROOM
        ):
            outside.append((shape.name, shape.has_text_frame and shape.text_frame.text))
        for frame in frames(shape):
            sizes |= {run.font.size for p in frame.paragraphs for run in p.runs}
    assert outside == []
    assert min(sizes) >= Pt(12)
    letters = [chart.font.size for chart in charts(presentation)]
    assert min(letters) >= Pt(12)


@pytest.mark.parametrize("language", LANGUAGES)
def test_tables_end_above_the_footer(decks: dict[str, Any], language: str) -> None:
    bottoms = [
        shape.top + sum(row.height for row in shape.table.rows)
        for shape in shapes(decks[language])
        if shape.has_table
    ]
    assert bottoms
    assert max(bottoms) <= pptx.util.Inches(6.9)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_run_names_an_east_asian_font(decks: dict[str, Any], language: str) -> None:
    found = set()
    for shape in shapes(decks[language]):
        for frame in frames(shape):
            for run in frame._txBody.iter(
                "{http://schemas.openxmlformats.org/drawingml/2006/main}r"
            ):
                (font,) = run.rPr.xpath("./a:ea")
                found.add(font.get("typeface"))
    assert found == {"Microsoft YaHei"}
    for chart in charts(decks[language]):
        assert chart._chartSpace.xpath("./c:txPr//a:ea/@typeface") == ["Microsoft YaHei"]
    master = decks[language].slide_master.part
    (theme,) = (rel for rel in master.rels.values() if rel.reltype.endswith("/theme"))
    assert theme.target_part.blob.count(b'<a:ea typeface="Microsoft YaHei"/>') == 2
    assert b'script="Hans" typeface="Noto Sans SC"' in theme.target_part.blob


def test_bars_are_as_long_as_the_chances(decks: dict[str, Any], dossier: Dossier) -> None:
    """With the ends of the intervals, as they stand in the workbook of each chart."""
    (figure,) = (own for own in dossier.answer.pictures if isinstance(own, Chances))
    expected = {Speech("en").text(row.name): row for row in figure.rows if row.counts}
    checked = 0
    for chart in charts(decks["en"]):
        if not chart._chartSpace.xpath(".//c:errBars"):
            continue
        book = openpyxl.load_workbook(io.BytesIO(chart.part.chart_workbook.xlsx_part.blob))
        for name, *values in book.active.iter_rows(min_row=2, values_only=True):
            row = expected[name.rpartition("  ")[0]]
            (chance,) = (value for value in values[:3] if value is not None)
            told = chance, chance + values[3], chance - values[4]
            assert told == pytest.approx((row.probability, row.high, row.low), abs=1e-12)
            checked += 1
    assert checked >= 20


@pytest.mark.parametrize("language", LANGUAGES)
def test_workbooks_of_charts_hold_texts_and_numbers_only(
    decks: dict[str, Any], language: str
) -> None:
    kinds, texts = set(), set()
    for chart in charts(decks[language]):
        book = openpyxl.load_workbook(io.BytesIO(chart.part.chart_workbook.xlsx_part.blob))
        for row in book.active.iter_rows():
            kinds |= {cell.data_type for cell in row if cell.value is not None}
            texts |= {cell.value for cell in row if isinstance(cell.value, str)}
    assert {"s", "n"} <= kinds <= {"s", "n", "d"}
    if language == "en":
        named = [text for text in texts if text.startswith("=1+1")]
        assert named, "a name that would compute is among them"


def test_hostile_names_are_texts_of_slides(decks: dict[str, Any]) -> None:
    told = {frame.text for shape in shapes(decks["en"]) for frame in frames(shape)}
    for name in HOSTILE.values():
        assert [text for text in told if text.startswith(name)], name


def test_the_file_says_of_which_result_it_is(
    deck_files: dict[str, bytes], dossier: Dossier
) -> None:
    core = pptx.Presentation(io.BytesIO(deck_files["zh"])).core_properties
    assert core.identifier == dossier.manifest["result_hash"]
    assert core.comments == dossier.command
    with zipfile.ZipFile(io.BytesIO(deck_files["zh"])) as package:
        custom = package.read("docProps/custom.xml").decode("utf-8")
        left_over = [n for n in package.namelist() if "printer" in n or "thumbnail" in n]
    assert f'name="kepusim_result_hash"><vt:lpwstr>{core.identifier}<' in custom
    assert dossier.command in custom
    assert left_over == []


def test_equal_results_are_equal_files(deck_files: dict[str, bytes], dossier: Dossier) -> None:
    assert deck(dossier, Speech("en")) == deck_files["en"]


def test_a_figure_of_every_kind_has_a_slide_that_says_what_it_shows(dossier: Dossier) -> None:
    """Whatever question asks for it: a native chart where the kind allows, else its picture."""
    speech, shown, native = Speech("en"), dict[str, int](), set()
    for first in range(0, len(EXAMPLES), 10):
        figures = [example() for example in EXAMPLES[first : first + 10]]
        answer = Answer([Statement("An answer.", "headline")], pictures=figures)
        opened = pptx.Presentation(io.BytesIO(deck(replace(dossier, answer=answer), speech)))
        titles = [slide.shapes.title.text_frame.text for slide in opened.slides]
        for figure in figures:
            words = speech.text(figure.title).rstrip(".")[:40]
            at = [number for number, title in enumerate(titles) if title.startswith(words)]
            shown[figure.name] = len(at)
            shapes_of = [own for number in at for own in opened.slides[number].shapes]
            assert [own for own in shapes_of if own.has_chart or own.shape_type == PICTURE]
            if any(own.has_chart for own in shapes_of):
                native.add(type(figure).__name__)
    assert len(shown) == len(EXAMPLES)
    assert min(shown.values()) >= 1
    assert native == {"Chances", "Fan", "Response", "Stack"}


@pytest.mark.parametrize(("language", "unit"), [("zh", "亿"), ("en", " m")])
def test_panels_side_by_side_share_the_axis_that_their_figure_shares(
    dossier: Dossier, language: Language, unit: str
) -> None:
    """And money is counted in what the language counts in, not in ten digits."""
    few = [replace(own, fit=[3.0 * y for y in own.fit], points=()) for own in response(2).panels]
    flat = replace(few[0], fit=[0.0 for _ in few[0].fit])
    figure = replace(response(), panels=[*few, flat], up=Axis(both("变化", "Change")))
    answer = Answer([Statement("An answer.", "headline")], pictures=[figure])
    file = deck(replace(dossier, answer=answer), Speech(language))
    opened = charts(pptx.Presentation(io.BytesIO(file)))
    axes = [(own.value_axis, own.category_axis) for own in opened]
    assert {(up.minimum_scale, up.maximum_scale) for up, _ in axes} == {(0.0, 3.0)}
    assert {f'"{unit}"' in across.tick_labels.number_format for _, across in axes} == {True}


def test_budgets_over_decades_have_a_logarithmic_axis_from_which_zero_is_left_out(
    dossier: Dossier,
) -> None:
    panel = response(1).panels[0]
    free = replace(panel, points=[Point(0.0, 0.0), *panel.points])
    across = Axis(form="yuan", scale="log", ends=(4e7, 5e8))
    figure = replace(response(), panels=[free], across=across, base=None)
    answer = Answer([Statement("An answer.", "headline")], pictures=[figure])
    (chart,) = charts(
        pptx.Presentation(io.BytesIO(deck(replace(dossier, answer=answer), Speech("en"))))
    )
    axis = chart.category_axis
    assert (axis.minimum_scale, axis.maximum_scale) == (1e7, 1e9)
    assert [base.get("val") for base in axis._element.xpath("./c:scaling/c:logBase")] == ["10"]
    shown = [float(own.text) for own in chart._chartSpace.xpath(".//c:xVal//c:v")]
    assert len(shown) == len(panel.x) + len(panel.points)
    assert min(shown) == min(point.x for point in panel.points)


@pytest.mark.parametrize("drawn_too", [True, False])
def test_a_caption_explains_what_is_drawn_and_nothing_else(
    dossier: Dossier, drawn_too: bool
) -> None:
    figure = response(2)
    if not drawn_too:
        bare = [replace(own, x=[], fit=[], bands=()) for own in figure.panels]
        figure = replace(figure, panels=bare, base=None)
    answer = Answer([Statement("An answer.", "headline")], pictures=[figure])
    opened = pptx.Presentation(io.BytesIO(deck(replace(dossier, answer=answer), Speech("en"))))
    said = " ".join(frame.text for shape in shapes(opened) for frame in frames(shape))
    assert ("line: fitted" in said, "dashed black" in said) == (drawn_too, drawn_too)


# ---------------------------------------------------------------------- as LibreOffice draws it


def needed(*programs: str) -> None:
    """Skip where a program is not installed; on the project's own machine that is a failure."""
    missing = [program for program in programs if shutil.which(program) is None]
    if missing:
        reason = f"not installed: {', '.join(missing)}; .ci/run installs them"
        assert not os.environ.get("KEPUSIM_CI"), reason
        pytest.skip(reason)


@pytest.fixture(scope="session")
def drawn(deck_files: dict[str, bytes], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Chinese deck as PDF."""
    needed("soffice", "pdftotext", "pdfinfo")
    folder = tmp_path_factory.mktemp("office")
    (folder / "deck.pptx").write_bytes(deck_files["zh"])
    rules = "".join(_RULE.format(name=name) for name in ("Arial", "Microsoft YaHei"))
    (folder / "fonts.conf").write_text(_FONTS.format(rules=rules), encoding="utf-8")
    subprocess.run(
        ["soffice", f"-env:UserInstallation=file://{folder}/profile", "--headless",
         "--convert-to", "pdf", "--outdir", str(folder), str(folder / "deck.pptx")],
        check=True, capture_output=True, timeout=300,
        env={**os.environ, "FONTCONFIG_FILE": str(folder / "fonts.conf")},
    )  # fmt: skip
    return folder / "deck.pdf"


def test_libreoffice_draws_every_slide_with_all_its_texts(
    drawn: Path, decks: dict[str, Any]
) -> None:
    slides = list(decks["zh"].slides)
    about = subprocess.run(["pdfinfo", drawn], check=True, capture_output=True, text=True).stdout
    assert f"Pages: {len(slides)}" in " ".join(about.split())
    told = subprocess.run(["pdftotext", drawn, "-"], check=True, capture_output=True, text=True)
    pages = told.stdout.split("\f")
    for slide, page in zip(slides, pages, strict=False):
        found = "".join(page.split())
        for shape in slide.shapes:
            for frame in frames(shape):
                for paragraph in frame.paragraphs:
                    text = "".join(paragraph.text.split())
                    assert text[:12] in found, paragraph.text
                    assert text[-6:] in found, paragraph.text
