"""What every medium says of a target is what attainment.csv says, at the precision shown."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import openpyxl
import pptx
import pytest
from pptx.enum.chart import XL_CHART_TYPE

from sim import page, report
from sim.answer.dossier import Dossier
from sim.page.brief import brief
from sim.page.deck import deck
from sim.page.picture.rows import SIZE
from sim.page.workbook import workbook
from sim.words import LANGUAGES, Language, Speech
from tests.program import with_pictures
from tests.report.conftest import HOSTILE

Row = Sequence[str]
Numbers = tuple[float, float, float]
Found = tuple[Numbers, Numbers]
"""Chance and value of one reading of a target, each with its interval."""

_WIDE = 240
_CHANCE = re.compile(r"([<>]?)(\d+(?:\.\d+)?) ?% \((\d+)–(\d+)\)")
_ESCAPE = re.compile(r"\x1b\[[\d;]*m")
_VALUE = re.compile(
    r"([−-]?\d[\d,]*(?:\.\d+)?)(?: \(([−-]?\d[\d,]*(?:\.\d+)?)–([−-]?\d[\d,]*(?:\.\d+)?)\))?"
    r" ?(million|billion|万|亿)?"
)
_SCALE = {"万": 1e4, "亿": 1e8, "million": 1e6, "billion": 1e9}


def expected(folder: Path, language: Language) -> dict[str, list[Found]]:
    """By name of a target, what stands in attainment.csv under each of its readings."""
    by_name: dict[str, list[Found]] = {}
    with (folder / "attainment.csv").open(encoding="utf-8-sig") as file:
        for row in csv.DictReader(file):
            if row["modelled"] != "True" or row["target"].startswith(("all", "met_count")):
                continue
            name = row[f"label_{language}"]
            ends = ("probability", "probability_low", "probability_high")
            chance, value = ([float(row[c]) for c in own] for own in (ends, ("p50", "p05", "p95")))
            own = by_name.setdefault(HOSTILE.get(name, name), [])
            own.append(((chance[0], chance[1], chance[2]), (value[0], value[1], value[2])))
    return by_name


# ------------------------------------------------------------------ what a medium says


def console(dossier: Dossier, speech: Speech) -> Iterator[Row]:
    """Rows of the table as it is printed, their columns apart."""
    parts = [*page.answered(dossier.answer, speech, _WIDE, full=True)]
    for line in _ESCAPE.sub("", page.rendered(parts, _WIDE)).splitlines():
        yield re.split(r"\s{2,}", line.strip())


class _Cells(HTMLParser):
    """Texts of the cells of every row of every table; pictures in them say nothing."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self._cell = False

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag == "tr":
            self.rows.append([])
        if tag in ("td", "th"):
            self.rows[-1].append("")
            self._cell = True

    def handle_endtag(self, tag: str) -> None:
        self._cell = self._cell and tag not in ("td", "th")

    def handle_data(self, data: str) -> None:
        if self._cell:
            self.rows[-1][-1] += data


def pages_of_brief(dossier: Dossier, speech: Speech) -> Iterator[Row]:
    """Rows of the tables of the brief."""
    reader = _Cells()
    reader.feed(brief(dossier, speech).decode())
    yield from reader.rows


def pictures(dossier: Dossier, speech: Speech) -> Iterator[Row]:
    """Rows of the picture of chances: the name of the last target above, and the chance."""
    for path in sorted(dossier.archive.folder.glob(f"attainment*_{speech.language}.svg")):
        names: list[str] = []
        said = False
        texts = [
            (float(own.get("y", 0)), float(own.get("x", 0)), "".join(own.itertext()))
            for own in ElementTree.parse(path).iter("{http://www.w3.org/2000/svg}text")
            if f"font-size: {SIZE}px" in own.get("style", "")
        ]
        for _, x, text in sorted(texts):
            if _CHANCE.fullmatch(text):
                said = True
                yield " ".join(names), text
            elif x == 36.0:
                names, said = ([text], False) if said else ([*names, text], False)


MEDIA: Mapping[str, Callable[[Dossier, Speech], Iterator[Row]]] = {
    "console": console, "brief": pages_of_brief, "pictures": pictures,
}  # fmt: skip


@pytest.fixture(scope="session")
def drawn(dossier: Dossier) -> Dossier:
    """The same folder with its pictures in both languages."""
    with with_pictures():
        report.write(dossier.archive.folder, ["pictures"], [*map(Speech, LANGUAGES)])
    return dossier


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("medium", MEDIA)
def test_a_medium_says_what_the_table_says(drawn: Dossier, medium: str, language: Language) -> None:
    read = MEDIA[medium](drawn, Speech(language))
    agree(read, expected(drawn.archive.folder, language), values=medium != "pictures")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_slides_say_what_the_table_says(
    decks: dict[str, Any], run_folder: Path, language: Language
) -> None:
    tables = [shape.table for slide in decks[language].slides for shape in slide.shapes
              if shape.has_table]  # fmt: skip
    rows = [[cell.text for cell in row.cells] for row in tables[0].rows]
    told = expected(run_folder, language)
    agree(rows, told, values=True, whole=False)
    charts = [shape.chart for slide in decks[language].slides for shape in slide.shapes
              if shape.has_chart and shape.chart.plots[0].categories]  # fmt: skip
    drawn = [
        (str(category), value)
        for chart in charts
        if chart.chart_type == XL_CHART_TYPE.BAR_CLUSTERED
        for plot in chart.plots
        for series in plot.series
        for category, value in zip(plot.categories, series.values, strict=True)
        if value is not None
    ]
    assert len(drawn) > 10
    for category, value in drawn:  # "Villages covered  12 %"
        shown = re.search(r"([<>]?)(\d+(?:\.\d+)?)\s?%$", category)
        name = owner(category, told)
        assert shown is not None, category
        assert name is not None, category
        assert any(value == chance for (chance, *_), _ in told[name]), category
        assert near(shown[2], 100.0 * value, sign=shown[1]), category


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_workbook_holds_the_numbers_of_the_table_to_the_last_digit(
    books: dict[str, Any], run_folder: Path, language: Language
) -> None:
    first = books[language].worksheets[1]
    heads = [cell.value for cell in first[5]]
    name, chance = (
        heads.index(Speech(language)("column.target")),
        heads.index(Speech(language)("column.chance")),
    )
    found: dict[str, list[float]] = {}
    told = expected(run_folder, language)
    for row in first.iter_rows(min_row=6, values_only=True):
        own = owner(str(row[name]), told)
        if own is not None and isinstance(row[chance], float | int):
            found.setdefault(own, []).append(float(row[chance]))
    assert found.keys() == told.keys()
    for own, readings in told.items():  # a spreadsheet keeps fifteen digits
        exact = sorted(chance for (chance, *_), _ in readings)
        assert sorted(found[own]) == pytest.approx(exact, rel=1e-15), own


def test_a_comparison_names_what_it_compares_in_every_medium(dossier: Dossier) -> None:
    first, *others = dossier.answer.pictures
    named = replace(first, origin={"zh": "甲与乙", "en": "Plan A against plan B"})
    compared = replace(dossier, answer=replace(dossier.answer, pictures=[named, *others]))
    speech, said = Speech("en"), "Plan A against plan B"
    assert said in brief(compared, speech).decode()
    cover = pptx.Presentation(io.BytesIO(deck(compared, speech))).slides[0]
    assert any(said in shape.text_frame.text for shape in cover.shapes if shape.has_text_frame)
    readme = openpyxl.load_workbook(io.BytesIO(workbook(compared, speech))).worksheets[0]
    assert any(said in str(cell.value) for row in readme.iter_rows() for cell in row)


# ------------------------------------------------------------------ reading numbers back


def agree(
    rows: Iterator[Row] | Sequence[Row], told: Mapping[str, Sequence[Found]], *, values: bool,
    whole: bool = True,
) -> None:  # fmt: skip
    """Every row on a target says what is told of one of its readings, and no reading twice."""
    seen: dict[str, list[Found]] = {name: [*own] for name, own in told.items()}
    for row in rows:
        name = owner(row[0], told)
        at = next((at for at, cell in enumerate(row) if _CHANCE.search(cell)), None)
        if name is None or at is None or not seen[name]:
            continue  # of another table, which says the chance once more
        match = _CHANCE.search(row[at])
        assert match is not None
        fitting = [
            own for own in seen[name]
            if near(match[2], 100.0 * own[0][0], sign=match[1])
            and near(match[3], 100.0 * own[0][1]) and near(match[4], 100.0 * own[0][2])
            and (not values or any(valued(cell, own[1]) for cell in row[:at]))
        ]  # fmt: skip
        assert fitting, (row, seen[name])
        seen[name].remove(fitting[0])
    missed = {name: own for name, own in seen.items() if own}
    if whole:
        assert not missed
    else:
        assert len(missed) < len(told)


def owner(text: str, names: Mapping[str, object]) -> str | None:
    """The target that a row is about: of the longest name that it begins with.

    In a picture the second line of a long name stands below its chance.
    """
    text = " ".join(text.split())
    fitting = [name for name in names if text.startswith(name)]
    begun = [name for name in names if text and name.startswith(f"{text} ")]
    return max(fitting or begun, key=len, default=None)


def near(shown: str, exact: float, sign: str = "") -> bool:
    """Whether a number is written as shown; near a threshold it is rounded away from it."""
    digits = shown.replace(",", "").replace("−", "-")
    decimals = len(digits.partition(".")[2])
    if sign:
        return exact < 1.0 if sign == "<" else exact > 99.0
    return abs(float(digits) - exact) <= (0.1 if decimals else 0.5) + 1e-9


def valued(text: str, exact: Numbers) -> bool:
    """Whether a cell says a value with its interval."""
    match = _VALUE.search(text)
    if match is None:
        return False
    scale = _SCALE.get(match[4] or "", 1.0)
    for shown, number in zip(match.groups()[:3], exact, strict=True):
        if shown is None:  # one value, as both ends are the same
            return exact[1] == exact[2]
        decimals = len(shown.partition(".")[2])
        digits = float(shown.replace(",", "").replace("−", "-"))
        if abs(digits * scale - number) > 0.5 * scale * 10.0**-decimals + 1e-9:
            return False
    return True
