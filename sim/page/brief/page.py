"""The brief: an answer as one page of HTML that needs nothing but itself.

It is made in two steps: first its body, which shows the blocks of the answer and names no colour,
then the head around it, with the font of just those characters that the body shows and a policy
that lets a browser use this style alone and load nothing.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from sim.answer.blocks import Column, Line, Look, Note, Spoken, Statement, Subject, Table
from sim.answer.dossier import Dossier, Setting
from sim.answer.stored import Words
from sim.lazy import jinja2
from sim.page import picture
from sim.page.brief.drawing import svg
from sim.page.html import digest, environment, source
from sim.page.picture.colours import (
    BLUE,
    FAINT,
    GREY,
    GRID,
    INK,
    LOOKS,
    MUTED,
    ORANGE,
    PAPER,
    mixed,
    words_in,
)
from sim.page.picture.sheet import HASH
from sim.page.typeface import FAMILIES, font_face
from sim.study.folder import REPORTS
from sim.words import Said, Speech, catalogue, likelihood

LIMIT = 500_000
"""Bytes that a brief may have: pictures are left out from the last one on, until it does."""

HEADLINES = 3
"""Sentences of the answer itself."""

Layout = Literal["cards", "dense"]
"""Of tables: the rows of ``cards`` stand below each other where it is narrow; ``dense`` ones have
so many chances that the class of each is named by a sign.
"""

FEW = 2
"""Columns of chances that a table has at most, if it is not dense."""

SIGNS: dict[Look, str] = {"likely": "●", "open": "◆", "unlikely": "▼"}
"""Of classes of a chance: the shapes that pictures give them."""

BAR = 96
"""Pixels of a chance of 100 %."""

SHORT, LONG = 12, 20
"""Characters of a cell that stay on one line, and of a word that may be broken at its dashes."""

_SUBJECTS: tuple[Subject, ...] = ("definition", "method", "caution")
_BOLD = re.compile(
    r"<(h[1-3]|b)\b[^>]*>(.*?)</\1>|<text[^>]* class=\"bold\"[^>]*>(.*?)</text>", re.DOTALL
)
"""What is set in bold type, in one group or the other."""

_COLOURS = {
    "ink": INK, "muted": MUTED, "faint": FAINT, "grid": GRID, "paper": PAPER, "link": BLUE,
    "likely": LOOKS["likely"].colour, "open": LOOKS["open"].colour,
    "unlikely": LOOKS["unlikely"].colour, "says-likely": words_in("likely"),
    "says-open": words_in("open"), "says-unlikely": words_in("unlikely"),
    "answer": mixed(BLUE, 0.92), "caution": mixed(ORANGE, 0.88), "warn": ORANGE,
    "ground": mixed(GREY, 0.92),
}  # fmt: skip


def brief(dossier: Dossier, speech: Speech) -> bytes:
    """The page in one language."""
    templates = _environment(speech)
    told = _Told(dossier, speech)
    drawings = [*_drawings(dossier, speech)]
    shown = len(drawings)
    while True:
        page = _page(templates, told, drawings[:shown], drawings[shown:])
        over = len(page) - LIMIT
        if over <= 0 or not shown:
            return page
        while over > 0 and shown:
            shown -= 1
            over -= len(drawings[shown].svg.encode())


def _page(
    templates: jinja2.Environment,
    told: _Told,
    drawings: Sequence[_Drawing],
    others: Sequence[_Drawing],
) -> bytes:
    left_out = [name for drawing in others for name in (drawing.file, *drawing.more)]
    body = templates.from_string(source(__package__, "body.html")).render(
        told=told, drawings=drawings, left_out=left_out
    )
    style = _style(body, told)
    page = templates.from_string(source(__package__, "page.html")).render(
        told=told, body=body, style=style, digest=digest(style)
    )
    return page.encode()


def _environment(speech: Speech) -> jinja2.Environment:
    templates = environment(speech)
    templates.filters["text"] = speech.text
    templates.globals["said"] = lambda key, **values: speech(f"brief.{key}", **values)
    templates.globals |= {"BAR": BAR, "LONG": LONG}
    return templates


# ------------------------------------------------------------------ what is told


@dataclass(frozen=True)
class _Bar:
    """A chance as a bar, in pixels; its interval as a line, if it is known."""

    length: float
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class _Clause:
    """Where rows come from, with their names."""

    anchor: str
    said: str
    names: Sequence[str]


class _Told:
    """The answer of a folder, in the order in which the page tells it."""

    def __init__(self, dossier: Dossier, speech: Speech) -> None:
        self.dossier = dossier
        self.stamp = dossier.stamp
        self.scenario = dossier.scenario
        self.language = {"zh": "zh-CN", "en": "en"}[speech.language]
        self._speech = speech
        self.tables = [table for table in dossier.answer.tables if not table.annex]
        self.annex = [table for table in dossier.answer.tables if table.annex]
        self.workbook = REPORTS["workbook"].format(speech.language)
        self._numbers = {table.name: number for number, table in enumerate(self.tables, start=1)}
        self._classed = {table.name: self._agrees(table) for table in self.tables}

    @property
    def plan(self) -> Spoken:
        """The name of the plan."""
        name: Spoken = self.dossier.manifest["config"]["plan"]["name"]
        return name

    @cached_property
    def _headlines(self) -> list[Statement]:
        return [one for one in self.dossier.answer.statements if one.weight == "headline"]

    @property
    def headlines(self) -> list[Statement]:
        """The answer in a few sentences."""
        return self._headlines[:HEADLINES]

    @property
    def support(self) -> list[Statement]:
        """What is said beyond it."""
        others = [one for one in self.dossier.answer.statements if one.weight == "support"]
        return [*self._headlines[HEADLINES:], *others]

    @property
    def cautions(self) -> list[Statement]:
        """How far to trust it."""
        return [one for one in self.dossier.answer.statements if one.weight == "caution"]

    @property
    def footer(self) -> str:
        """What stands on every sheet of paper."""
        return self._speech("brief.footer", hash=self.stamp.result_hash[:HASH])

    # -------------------------------------------------------------- tables

    def number(self, table: Table) -> int:
        """Its place among all tables."""
        return self._numbers[table.name]

    def parts(self, table: Table) -> list[tuple[Line | None, list[Line]]]:
        """The rows of a table, by the heading above them."""
        parts: list[tuple[Line | None, list[Line]]] = []
        for line in table.rows:
            if line.heading:
                parts.append((line, []))
            elif parts:
                parts[-1][1].append(line)
            else:
                parts.append((None, [line]))
        return parts

    def bar(self, column: Column, cell: Spoken) -> _Bar | None:
        """The chance in a cell, if there is one."""
        if column.form != "chance" or not isinstance(cell, Words):
            return None
        ends = [BAR * number for number in cell.numbers if 0.0 <= number <= 1.0]
        if len(ends) != len(cell.numbers) or len(ends) not in (1, 3):
            return None
        return _Bar(*ends)

    def _agrees(self, table: Table) -> bool:
        """Whether it sets off chances that are likely, open and unlikely, and nothing else so."""
        found = [
            (look, likelihood(cell.numbers[0]))
            for line in table.rows
            for name, look in line.looks.items()
            if look in SIGNS and name in table.columns and table.columns[name].form == "chance"
            if isinstance(cell := line.cells.get(name), Words) and cell.numbers
        ]
        return bool(found) and all(look == own for look, own in found)

    def sign(self, table: Table, bar: _Bar | None, look: Look) -> str:
        """The sign of a class of chances; none if it is no such class."""
        return SIGNS.get(look, "") if bar is not None and self._classed[table.name] else ""

    def layout(self, table: Table) -> Layout:
        """How it is set, see :data:`Layout`."""
        if sum(column.form == "chance" for column in table.columns.values()) > FEW:
            return "dense"
        return "cards"

    def classes(self, column: Column, text: str, look: Look = "") -> str:
        """What the style has to know of a cell or header; without a text, of the name of a row."""
        told: list[str] = ["" if column.width == "text" else column.width, look]
        told.append("spare" if column.spare else "")
        room = (column.room or len(text)) if column.width == "number" else 0
        told.append("short" if 0 < len(text) <= max(room, SHORT) else "")
        return " ".join(filter(None, told))

    def keys(self, table: Table) -> Iterator[Said]:
        """What its signs and bars mean."""
        if self._classed[table.name]:
            for look, sign in SIGNS.items():
                told = {"word": Said(f"brief.{look}"), "range": Said(f"picture.{look}")}
                yield Said("brief.key", {"sign": sign, **told})
        bars = (
            self.bar(column, line.cells.get(name))
            for name, column in table.columns.items()
            for line in table.rows
        )
        if any(bar is not None and bar.low is not None for bar in bars):
            yield Said("brief.interval")

    @property
    def labels(self) -> Iterator[tuple[str, str]]:
        """What the cells of cards are called where no header stands above them."""
        for table in self.tables:
            if self.layout(table) == "cards":
                for at, column in enumerate(table.columns.values(), start=1):
                    header = self._speech.text(column.header)
                    yield f"t{self.number(table)} td:nth-child({at})", header

    # -------------------------------------------------------------- what is linked to

    @cached_property
    def _meanings(self) -> dict[str, list[str]]:
        """Headers by what they mean: several columns may mean the same."""
        found: dict[str, list[str]] = {}
        for table in self.tables:
            for column in table.columns.values():
                headers = found.setdefault(self._speech.text(column.means), [])
                headers.append(self._speech.text(column.header))
        found.pop("", None)
        return found

    @property
    def meanings(self) -> Iterator[tuple[str, list[str], str]]:
        """Anchor, headers and meaning of the columns that have one, without the header in it."""
        for at, (means, headers) in enumerate(self._meanings.items(), start=1):
            text = means.removeprefix(f"{headers[0]}：").removeprefix(f"{headers[0]}: ")
            yield f"d{at}", [*dict.fromkeys(headers)], text[:1].upper() + text[1:]

    def anchor(self, column: Column) -> str | None:
        """Of what it means."""
        means = self._speech.text(column.means)
        return f"d{[*self._meanings].index(means) + 1}" if means else None

    @property
    def notes(self) -> list[tuple[Subject, list[tuple[str, Note]]]]:
        """Notes with their anchors, by what they are about."""
        told = [(f"n{at}", note) for at, note in enumerate(self.dossier.answer.notes, start=1)]
        about = {subject: [one for one in told if one[1].about == subject] for subject in _SUBJECTS}
        return [(subject, notes) for subject, notes in about.items() if notes]

    @cached_property
    def clauses(self) -> list[_Clause]:
        """Where rows come from, with the names of the rows."""
        named: dict[str, dict[str, None]] = {}
        for table in self.tables:
            first = next(iter(table.columns))
            for line in table.rows:
                if line.source is not None:
                    names = named.setdefault(self._speech.text(line.source), {})
                    names[self._speech.text(line.cells.get(first))] = None
        return [_Clause(f"c{at}", said, [*named[said]]) for at, said in enumerate(named, start=1)]

    def clause(self, line: Line) -> _Clause | None:
        """Where a row comes from."""
        said = None if line.source is None else self._speech.text(line.source)
        return next((clause for clause in self.clauses if clause.said == said), None)

    # -------------------------------------------------------------- how it came about

    def name(self, setting: Setting) -> str:
        """What a setting is called: its label is in Chinese and English."""
        chinese, separator, english = setting.label.partition(" / ")
        return english if separator and self._speech.language == "en" else chinese

    def set_by(self, setting: Setting) -> Spoken:
        """Who or what has set it."""
        key = f"brief.set_by.{setting.source}"
        if catalogue().has(key):
            return Said(key)
        kind, _, name = setting.source.partition(" ")
        return (
            Said("brief.set_by.scenario", {"name": name}) if kind == "scenario" else setting.source
        )

    def value(self, text: str) -> str:
        """A value; a long number with separators."""
        return f"{int(text):,}" if text.isdecimal() and len(text) > 5 else text

    @property
    def again(self) -> dict[str, Spoken]:
        """All that it takes to get the same result."""
        manifest = self.dossier.manifest
        told = {
            "command": self.dossier.command,
            "seed": self.stamp.seed,
            "replications": self.stamp.replications,
            "result_hash": self.stamp.result_hash,
            "code": manifest.get("code_version", manifest.get("code")),
            "started": str(manifest.get("started", ""))[:10] or None,
        }
        return {key: value for key, value in told.items() if value is not None}


# ------------------------------------------------------------------ pictures


@dataclass(frozen=True)
class _Drawing:
    """The first page of a figure.

    Attributes:
        file: where it stands as a picture of its own; more: where further pages do.
    """

    svg: str
    file: str
    more: Sequence[str]


def _drawings(dossier: Dossier, speech: Speech) -> Iterator[_Drawing]:
    for number, figure in enumerate(dossier.answer.pictures, start=1):
        sheets = picture.pages(figure, dossier.stamp, speech)
        if sheets:
            alt = speech.text(figure.title if figure.alt is None else figure.alt)
            names = [f"{picture.stem(figure, sheet, speech)}.svg" for sheet in sheets]
            yield _Drawing(svg(sheets[0], f"f{number}", alt), names[0], names[1:])


# ------------------------------------------------------------------ style


def _style(body: str, told: _Told) -> str:
    """The style of a page: its font, its colours, and the rules beside this module."""
    footer = f"kepusim · {told.footer}"
    shown = html.unescape(body) + footer + "0123456789/"
    bold = html.unescape("".join(one + other for _, one, other in _BOLD.findall(body)))
    colours = {**_COLOURS, "fonts": FAMILIES}
    return "\n".join(
        [
            font_face(400, shown),
            font_face(700, bold),
            ":root {" + "".join(f"--{name}: {value};" for name, value in colours.items()) + "}",
            f"@page {{ @bottom-left {{ content: {_quoted(footer)} }} }}",
            *(f".{cell} {{ --label: {_quoted(text)} }}" for cell, text in told.labels),
            source(__package__, "brief.css"),
        ]
    )


def _quoted(text: str) -> str:
    """A text in a style: whatever might end it is written by its number."""
    return '"' + "".join(c if c.isalnum() else f"\\{ord(c):x} " for c in text) + '"'
