"""A presentation with a layout of its own: slides, texts, tables, charts, notes.

Nothing of the library's template is left: one layout with a title, a footer and the number of the
slide; fonts for Latin and East Asian letters in the theme and in every run.
"""

from __future__ import annotations

import copy
import io
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from xml.sax.saxutils import escape

from sim.answer.dossier import Dossier
from sim.lazy import pptx, xlsxwriter
from sim.page.office import ALTERNATIVE, COMMAND, EAST_ASIAN, FIXED, LATIN, RESULT_HASH, made
from sim.page.picture.colours import BLUE, GREEN, INK, MUTED, ORANGE, PURPLE, SKY, VERMILION
from sim.page.picture.sheet import HEIGHT, MARGIN, WIDTH, Box, wrapped
from sim.words import Speech

SMALL = 12.0  # the smallest type, in points
TITLE = Box(MARGIN, 0.22, WIDTH - MARGIN, 1.02)
BODY = Box(MARGIN, 1.12, WIDTH - MARGIN, 6.88)
FOOTER = Box(MARGIN, 7.0, WIDTH - 1.5, 7.36)
NUMBER = Box(WIDTH - 1.5, 7.0, WIDTH - MARGIN, 7.36)
TITLES = ((24.0, 1), (22.0, 1), (20.0, 2), (18.0, 2), (16.0, 2), (14.0, 3))
LINE = 1.3  # of the size, from one line of text to the next

_EMU = 914_400  # of an inch
_WIDER = 1.1  # letters of the reader's fonts, compared with those that are measured
_TYPED = 1.4  # the same for letters of one width
_LONGEST = 255  # characters of a core property
_EPOCH = (1980, 1, 1, 0, 0, 0)
_NOT_OURS = ("printerSettings", "thumbnail", "extended-properties")
_A = "http://schemas.openxmlformats.org/drawingml/2006/main"
_P = "http://schemas.openxmlformats.org/presentationml/2006/main"
_CUSTOM = "http://schemas.openxmlformats.org/officeDocument/2006/custom-properties"
_TYPES = "http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes"
_INDENT = 91440  # of a text behind a number
_NO_STYLE = "{2D5ABB26-0587-4C30-8999-92F81FD0307C}"
_EMBEDDED = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
}


@dataclass(frozen=True)
class Text:
    """A paragraph with its look; what is ``typed`` as it stands has letters of one width."""

    text: str
    size: float = SMALL
    bold: bool = False
    colour: str = INK
    bullet: bool = False
    after: float = 0.0
    typed: bool = False


@dataclass(frozen=True)
class TableCell:
    """A cell of a table: lines of it are measured before it is written."""

    text: str
    bold: bool = False
    colour: str = INK
    fill: str | None = None
    right: bool = False


def lines_of(
    text: str, width: float, size: float, bold: bool = False, wider: float = _WIDER
) -> int:
    """Lines that a text takes in a width in inches, in whatever font stands in for ours."""
    return len(wrapped(text, width / wider, size, bold))


def height_of(texts: Sequence[Text], width: float) -> float:
    """Height of paragraphs in inches."""
    return sum(
        lines_of(
            own.text,
            width - (0.25 if own.bullet else 0.0),
            own.size,
            own.bold,
            _TYPED if own.typed else _WIDER,
        )
        * own.size
        * LINE
        / 72.0
        + own.after / 72.0
        for own in texts
    )


def fitted(text: str, width: float) -> float:
    """The size of a title: the largest in which it takes no more lines than there is room for."""
    for size, lines in TITLES:
        if lines_of(text, width, size, bold=True) <= lines:
            return size
    return SMALL


def shortened(text: str, width: float, size: float, lines: int = 1, bold: bool = False) -> str:
    """A text that takes no more lines than that, with an ellipsis if something is left out."""
    parts = wrapped(text, width / _WIDER, size, bold)
    if len(parts) <= lines:
        return text
    return " ".join(part.strip() for part in parts[:lines])[:-2].rstrip(" ,，、；;") + "…"


class Deck:
    """A presentation under way."""

    def __init__(self, dossier: Dossier, speech: Speech) -> None:
        self.speech, self._dossier = speech, dossier
        self._deck = pptx.Presentation()
        self._deck.slide_width, self._deck.slide_height = _emu(WIDTH), _emu(HEIGHT)
        self._strip()
        self._layout = self._deck.slide_layouts[0]
        stamp = dossier.stamp
        footer = speech(
            "deck.footer",
            scenario=dossier.scenario,
            replications=stamp.replications,
            hash=stamp.result_hash[:12],
        )
        self._footer = shortened(footer, FOOTER.width - 0.2, SMALL)
        self._describe()

    def __len__(self) -> int:
        return len(self._deck.slides)

    def saved(self) -> bytes:
        """The file, without any time of its making: same input, same bytes."""
        content = io.BytesIO()
        self._deck.save(content)
        fixed = io.BytesIO()
        with zipfile.ZipFile(content) as old, zipfile.ZipFile(fixed, "w") as new:
            for name in old.namelist():
                about = zipfile.ZipInfo(name, _EPOCH)
                about.compress_type = zipfile.ZIP_DEFLATED
                new.writestr(about, old.read(name))
        return fixed.getvalue()

    # ------------------------------------------------------------------ the template

    def _strip(self) -> None:
        """Take away what the template of the library brings, and put our layout in its place."""
        deck = self._deck
        for layout in list(deck.slide_layouts):
            if layout.name != "Title Only":
                deck.slide_layouts.remove(layout)
        for rels in (deck.part.package._rels, deck.part._rels):
            for key in [key for key, rel in rels.items() if rel.reltype.endswith(_NOT_OURS)]:
                rels.pop(key)
        master, layout = deck.slide_master, deck.slide_layouts[0]
        layout._element.cSld.set("name", "kepusim")
        boxes = {"title": TITLE, "body": BODY, "ftr": FOOTER, "sldNum": NUMBER}
        for own in (master, layout):
            for shape in list(own.placeholders):
                kind = shape._element.xpath(".//p:ph")[0].get("type", "body")
                if kind not in boxes:
                    shape._element.getparent().remove(shape._element)
                    continue
                box = boxes[kind]
                shape.left, shape.top = _emu(box.left), _emu(box.top)
                shape.width, shape.height = _emu(box.width), _emu(box.height)
                for style in shape._element.xpath(".//a:lstStyle/a:lvl1pPr"):
                    style.set("algn", "r" if kind == "sldNum" else "l")
                for body in shape._element.xpath(".//a:bodyPr"):
                    body.set("lIns", "0")
                    body.set("rIns", "0")
        (title,) = master._element.xpath(".//p:titleStyle/a:lvl1pPr")
        title.set("algn", "l")
        (letters,) = master._element.xpath(".//p:titleStyle/a:lvl1pPr/a:defRPr")
        letters.set("sz", "2400")
        letters.set("b", "1")
        self._theme(master.part)

    def _theme(self, master: Any) -> None:
        """Fonts and colours of the theme."""
        fonts = (
            f'<a:latin typeface="{LATIN}"/><a:ea typeface="{EAST_ASIAN}"/><a:cs typeface=""/>'
            f'<a:font script="Hans" typeface="{ALTERNATIVE}"/>'
        )
        scheme = (
            f'<a:fontScheme name="kepusim"><a:majorFont>{fonts}</a:majorFont>'
            f"<a:minorFont>{fonts}</a:minorFont></a:fontScheme>"
        )
        (rel,) = (rel for rel in master.rels.values() if rel.reltype.endswith("/theme"))
        theme = rel.target_part
        text = theme.blob.decode("utf-8")
        text = re.sub(r"<a:fontScheme.*?</a:fontScheme>", scheme, text, flags=re.DOTALL)
        colours = (BLUE, ORANGE, GREEN, VERMILION, PURPLE, SKY)
        for number, colour in enumerate(colours, start=1):
            own = f'<a:accent{number}><a:srgbClr val="{colour[1:]}"/></a:accent{number}>'
            text = re.sub(rf"<a:accent{number}>.*?</a:accent{number}>", own, text, flags=re.DOTALL)
        theme._blob = text.encode("utf-8")

    def _describe(self) -> None:
        """Of which result the file is, and how to get it again."""
        dossier, core = self._dossier, self._deck.core_properties
        name = self.speech.name(dossier.manifest["config"]["plan"]["name"])
        when = made(dossier.manifest)
        core.title, core.subject = name[:_LONGEST], self._footer[:_LONGEST]
        core.author = core.last_modified_by = "kepusim"
        core.identifier = dossier.stamp.result_hash
        core.comments = dossier.command[:_LONGEST]
        core.keywords, core.revision = "", 1
        core.created = core.modified = when
        told = {RESULT_HASH: dossier.stamp.result_hash, COMMAND: dossier.command}
        entries = "".join(
            f'<property fmtid="{{D5CDD505-2E9C-101B-9397-08002B2CF9AE}}" pid="{number}" '
            f'name="{key}"><vt:lpwstr>{escape(value)}</vt:lpwstr></property>'
            for number, (key, value) in enumerate(told.items(), start=2)
        )
        blob = (
            '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
            f'<Properties xmlns="{_CUSTOM}" xmlns:vt="{_TYPES}">{entries}</Properties>'
        )
        package, opc = self._deck.part.package, pptx.opc
        part = opc.package.Part(
            opc.packuri.PackURI("/docProps/custom.xml"),
            opc.constants.CONTENT_TYPE.OFC_CUSTOM_PROPERTIES,
            package,
            blob.encode("utf-8"),
        )
        package.relate_to(part, opc.constants.RELATIONSHIP_TYPE.CUSTOM_PROPERTIES)

    # ------------------------------------------------------------------ slides

    def slide(self, title: str, *, at: Box = TITLE, size: float | None = None) -> Any:
        """A new slide with its title, the footer and its number."""
        slide = self._deck.slides.add_slide(self._layout)
        shape = slide.shapes.title
        if at is not TITLE:
            shape.left, shape.top = _emu(at.left), _emu(at.top)
            shape.width, shape.height = _emu(at.width), _emu(at.height)
        size = size or fitted(title, at.width)
        lines = int(at.height * 72.0 / (LINE * size) + 0.1)
        text = shortened(title, at.width, size, lines, bold=True)
        self._fill(shape.text_frame, [Text(text, size, bold=True)])
        for kind, box, inner in (
            ("ftr", FOOTER, _run(self._footer, SMALL, MUTED, self.speech)),
            ("sldNum", NUMBER, _field(len(self._deck.slides), self.speech)),
        ):
            self._fixed(slide, kind, box, inner)
        return slide

    def _fixed(self, slide: Any, kind: str, box: Box, inner: str) -> None:
        """A copy of a placeholder of the layout, which the library leaves out."""
        for shape in self._layout.placeholders:
            if shape._element.xpath(".//p:ph")[0].get("type") == kind:
                element = copy.deepcopy(shape._element)
                (paragraph,) = element.xpath(".//a:p")
                new = pptx.oxml.parse_xml(f'<a:p xmlns:a="{_A}">{inner}</a:p>')
                paragraph.getparent().replace(paragraph, new)
                slide.shapes._spTree.append(element)
                (about,) = element.xpath("./p:nvSpPr/p:cNvPr")
                about.set("id", str(slide.shapes._next_shape_id))

    def write(self, slide: Any, box: Box, texts: Sequence[Text], *, middle: bool = False) -> None:
        """Paragraphs in a box."""
        shape = slide.shapes.add_textbox(*_place(box))
        frame = shape.text_frame
        frame.word_wrap = True
        frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
        if middle:
            frame.vertical_anchor = pptx.enum.text.MSO_ANCHOR.MIDDLE
        self._fill(frame, texts)

    def keys(self, slide: Any, box: Box, keys: Sequence[tuple[str, str]]) -> None:
        """What colours mean, in one line: a square of each and its name."""
        shape = slide.shapes.add_textbox(*_place(box))
        frame = shape.text_frame
        frame.word_wrap = True
        frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
        runs = "".join(
            _run("■ ", SMALL, colour, self.speech) + _run(f"{name}    ", SMALL, INK, self.speech)
            for colour, name in keys
        )
        body = frame._txBody
        for paragraph in body.xpath("./a:p"):
            body.remove(paragraph)
        body.append(pptx.oxml.parse_xml(f'<a:p xmlns:a="{_A}">{runs}</a:p>'))

    def _fill(self, frame: Any, texts: Sequence[Text]) -> None:
        body = frame._txBody
        for paragraph in body.xpath("./a:p"):
            body.remove(paragraph)
        for own in texts:
            about = ""
            if own.bullet:
                about = ' marL="228600" indent="-228600"'
            sign = (
                '<a:buFont typeface="Arial"/><a:buChar char="•"/>' if own.bullet else "<a:buNone/>"
            )
            space = f'<a:spcAft><a:spcPts val="{round(100 * own.after)}"/></a:spcAft>'
            latin = FIXED if own.typed else LATIN
            run = _run(own.text, own.size, own.colour, self.speech, bold=own.bold, latin=latin)
            body.append(
                pptx.oxml.parse_xml(
                    f'<a:p xmlns:a="{_A}"><a:pPr{about}>{space}{sign}</a:pPr>{run}</a:p>'
                )
            )

    def notes(self, slide: Any, texts: Sequence[str]) -> None:
        """What the speaker reads; nothing else stands on the page of notes."""
        page = slide.notes_slide
        for shape in list(page.placeholders):
            if shape._element.xpath(".//p:ph")[0].get("type") == "sldNum":
                shape._element.getparent().remove(shape._element)
        self._fill(page.notes_text_frame, [Text(text) for text in texts if text])

    def picture(self, slide: Any, png: bytes, box: Box, crop: Box, alt: str) -> None:
        """A part of a picture of the size of a slide, as large as fits a box."""
        scale = min(box.width / crop.width, box.height / crop.height, 1.1)
        width, height = crop.width * scale, crop.height * scale
        left = box.left + (box.width - width) / 2.0
        place = Box(left, box.top, left + width, box.top + height)
        shape = slide.shapes.add_picture(io.BytesIO(png), *_place(place))
        shape.crop_left, shape.crop_right = crop.left / WIDTH, 1.0 - crop.right / WIDTH
        shape.crop_top, shape.crop_bottom = crop.top / HEIGHT, 1.0 - crop.bottom / HEIGHT
        self.describe(shape, alt)

    @staticmethod
    def describe(shape: Any, alt: str) -> None:
        """Say in words what a picture or chart shows."""
        (about,) = shape._element.xpath("./*/p:cNvPr")
        about.set("descr", alt)

    def table(
        self,
        slide: Any,
        box: Box,
        widths: Sequence[float],
        rows: Sequence[tuple[float, Sequence[TableCell]]],
        alt: str,
    ) -> None:
        """A native table: heights of rows and their cells; a row of one cell goes all across."""
        frame = slide.shapes.add_table(len(rows), len(widths), *_place(box))
        self.describe(frame, alt)
        table = frame.table
        about = table._tbl.tblPr
        about.set("firstRow", "1")
        about.set("bandRow", "0")
        (style,) = about.xpath("./a:tableStyleId")
        style.text = _NO_STYLE
        for column, width in zip(table.columns, widths, strict=True):
            column.width = _emu(width)
        for at, (height, cells) in enumerate(rows):
            table.rows[at].height = _emu(height)
            across = len(cells) == 1 and len(widths) > 1
            if across:
                table.cell(at, 0).merge(table.cell(at, len(widths) - 1))
            for cell, own in zip(table._tbl.tr_lst[at].tc_lst, cells, strict=False):
                self._cell(cell, own)

    def _cell(self, element: Any, own: TableCell) -> None:
        run = _run(own.text, SMALL, own.colour, self.speech, bold=own.bold) if own.text else ""
        align = ' algn="r"' if own.right else ""
        fill = f'<a:solidFill><a:srgbClr val="{own.fill[1:]}"/></a:solidFill>' if own.fill else ""
        texts = (
            f'<a:txBody xmlns:a="{_A}"><a:bodyPr/><a:lstStyle/><a:p><a:pPr{align}/>{run}'
            f'<a:endParaRPr sz="{round(100 * SMALL)}"/></a:p></a:txBody>'
        )
        look = (
            f'<a:tcPr xmlns:a="{_A}" marL="{_INDENT}" marR="45720" marT="18288" marB="18288" '
            f'anchor="ctr"><a:lnB w="6350"><a:solidFill><a:srgbClr val="C8C8C8"/></a:solidFill>'
            f"</a:lnB>{fill}</a:tcPr>"
        )
        for child in list(element):
            element.remove(child)
        element.append(pptx.oxml.parse_xml(texts))
        element.append(pptx.oxml.parse_xml(look))

    # ------------------------------------------------------------------ charts

    def chart(
        self,
        slide: Any,
        box: Box,
        kind: str,
        data: Any,
        alt: str,
        more: Mapping[str, Sequence[float]] | None = None,
    ) -> Any:
        """A native chart, whose workbook holds its numbers and nothing that computes.

        Args:
            kind: as python-pptx calls it; data: a ChartData of it.
            more: further columns of the workbook, by their headers, behind those of the series.
        """
        frame = slide.shapes.add_chart(
            getattr(pptx.enum.chart.XL_CHART_TYPE, kind), *_place(box), data
        )
        self.describe(frame, alt)
        chart = frame.chart
        chart.part.chart_workbook.update_from_xlsx_blob(self._workbook(data, more or {}))
        chart.font.size = pptx.util.Pt(SMALL)
        chart.font.name = LATIN
        for letters in chart._chartSpace.xpath("./c:txPr//a:defRPr"):
            letters.append(pptx.oxml.parse_xml(f'<a:ea xmlns:a="{_A}" typeface="{EAST_ASIAN}"/>'))
        return chart

    def _workbook(self, data: Any, more: Mapping[str, Sequence[float]]) -> bytes:
        """The library's sheet of a chart, but every text as a text, and no time of its making."""
        content = io.BytesIO()
        book = xlsxwriter.Workbook(content, _EMBEDDED)
        book.set_properties({"created": made(self._dossier.manifest)})
        page = book.add_worksheet()
        data._workbook_writer._populate_worksheet(book, page)
        for column, (header, numbers) in enumerate(more.items(), start=1 + len(data)):
            page.write_string(0, column, header)
            page.write_column(1, column, numbers)
        book.close()
        return content.getvalue()


def _emu(inches: float) -> int:
    return round(inches * _EMU)


def _place(box: Box) -> tuple[int, int, int, int]:
    return _emu(box.left), _emu(box.top), _emu(box.width), _emu(box.height)


def _letters(
    size: float, colour: str, speech: Speech, bold: bool = False, latin: str = LATIN
) -> str:
    """The look of a run, with its fonts."""
    language = "zh-CN" if speech.language == "zh" else "en-US"
    return (
        f'<a:rPr lang="{language}" altLang="en-US" sz="{round(100 * size)}" b="{int(bold)}">'
        f'<a:solidFill><a:srgbClr val="{colour[1:]}"/></a:solidFill>'
        f'<a:latin typeface="{latin}"/><a:ea typeface="{EAST_ASIAN}"/></a:rPr>'
    )


_UNWRITABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def _run(
    text: str, size: float, colour: str, speech: Speech, bold: bool = False, latin: str = LATIN
) -> str:
    written = escape(_UNWRITABLE.sub("", text))
    return f"<a:r>{_letters(size, colour, speech, bold, latin)}<a:t>{written}</a:t></a:r>"


def _field(number: int, speech: Speech) -> str:
    identity = "{C1FF6DA9-008F-8B48-92A6-B652298478BF}"
    look = _letters(SMALL, MUTED, speech)
    return f'<a:fld id="{identity}" type="slidenum">{look}<a:t>{number}</a:t></a:fld>'


def batched(items: Sequence[Any], size: int) -> Iterator[Sequence[Any]]:
    """Items in parts of so many; the last may be smaller."""
    for at in range(0, len(items), size):
        yield items[at : at + size]


def split(items: Sequence[Any], size: int) -> Iterator[Sequence[Any]]:
    """Items in parts of so many, none much smaller than the others."""
    parts = max(1, -(-len(items) // size))
    for at in range(parts):
        yield items[at * len(items) // parts : (at + 1) * len(items) // parts]
