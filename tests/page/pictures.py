"""What is drawn, read back from the SVG by nothing but an XML parser; and examples to draw."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree

from sim.answer.figures import (
    Chance,
    Chances,
    Curve,
    Fan,
    FanPanel,
    Floats,
    Key,
    Mark,
    Stamp,
)
from sim.words import Goal, Label, Quantity, Replications

SVG = "{http://www.w3.org/2000/svg}"
LINK = "{http://www.w3.org/1999/xlink}href"


@dataclass
class Drawn:
    """A mark as it stands in a file; lengths are points from the top left corner."""

    points: list[tuple[float, float]] = field(default_factory=list)
    text: str = ""
    style: dict[str, str] = field(default_factory=dict)

    @property
    def xs(self) -> list[float]:
        return [x for x, _ in self.points]

    @property
    def ys(self) -> list[float]:
        return [y for _, y in self.points]

    @property
    def x(self) -> float:
        return sum(self.xs) / len(self.xs)

    @property
    def y(self) -> float:
        return sum(self.ys) / len(self.ys)

    @property
    def colour(self) -> str:
        colour = self.style.get("stroke", "none")
        return (colour if colour != "none" else self.style.get("fill", "#000000")).upper()

    @property
    def fill(self) -> str:
        return self.style.get("fill", "#000000").upper()


Page = dict[str, Drawn]


def read(path: Path) -> Page:
    """The marks of a picture by name."""
    root = ElementTree.parse(path).getroot()
    return {
        group.attrib["id"]: _mark(group)
        for group in root.iter(f"{SVG}g")
        if not re.fullmatch(r"figure_\d+|axes_\d+", group.attrib.get("id", "figure_1"))
    }


def _style(element: ElementTree.Element) -> dict[str, str]:
    entries = (entry.split(":", 1) for entry in element.attrib.get("style", "").split(";") if entry)
    return {key.strip(): value.strip() for key, value in entries}


def _mark(group: ElementTree.Element) -> Drawn:
    drawn = Drawn()
    inside = {id(path) for defs in group.iter(f"{SVG}defs") for path in defs.iter(f"{SVG}path")}
    for element in group.iter():
        if element.tag == f"{SVG}path" and id(element) not in inside:
            numbers = re.findall(r"[ML] (\S+) (\S+)", element.attrib["d"])
            drawn.points += [(float(x), float(y)) for x, y in numbers]
            drawn.style |= _style(element)
        elif element.tag == f"{SVG}use":
            drawn.points.append((float(element.attrib["x"]), float(element.attrib["y"])))
            drawn.style |= _style(element)
        elif element.tag == f"{SVG}text":
            drawn.points.append((float(element.attrib["x"]), float(element.attrib["y"])))
            drawn.style |= _style(element)
            drawn.text += element.text or ""
    return drawn


def number(text: str) -> float:
    """The value that the name of a tick says."""
    percent = "%" in text
    value = float(text.replace("%", "").replace(",", "").replace("−", "-").strip())
    return value / 100.0 if percent else value


@dataclass(frozen=True)
class Ruler:
    """Reads values off an axis, from two of its named ticks."""

    at: tuple[float, float]
    values: tuple[float, float]

    def __call__(self, place: float) -> float:
        (a, b), (low, high) = self.at, self.values
        return low + (high - low) * (place - a) / (b - a)


def ruler(page: Page, guide: str, name: str, axis: str) -> Ruler:
    """The ruler of an axis: ``guide`` and ``name`` are the beginnings of its marks' names."""
    found = []
    for key, mark in page.items():
        match = re.fullmatch(re.escape(name) + r"(\d+)", key)
        if match and mark.text:
            found.append((getattr(page[f"{guide}{match[1]}"], axis), number(mark.text)))
    found.sort(key=lambda entry: entry[1])
    (first, low), (last, high) = found[0], found[-1]
    assert low != high
    return Ruler((first, last), (low, high))


def words(page: Page, beginning: str) -> str:
    """All that is written in marks whose name begins so, line by line."""
    lines = [
        mark.text for name, mark in page.items()
        if mark.text and re.fullmatch(re.escape(beginning) + r"(\.\d+)?", name)
    ]  # fmt: skip
    return "".join(lines)


# ------------------------------------------------------------------ examples


def both(zh: str, en: str) -> Label:
    return {"zh": zh, "en": en}


STAMP = Stamp(
    scenario=both("基准情景（经费 1.2 倍）", "Baseline (money × 1.2)"),
    replications=Replications(200),
    seed="2016",
    result_hash="c84c37965015c60e33e253c4b8e69da3",
    caution=both("注意：比例是假设。", "Caution: a share is an assumption."),
)
PLACES = ("海淀", "朝阳", "通州", "房山", "延庆", "怀柔", "密云", "平谷", "顺义", "昌平")


def label(number: int) -> Label:
    place = PLACES[number % len(PLACES)]
    return both(f"{place}科普基地 {number}", f"Science base {number} of {place}")


def chances(count: int = 17) -> Chances:
    """Rows in three groups; every fifth is the second reading of the one before."""
    rows = []
    for i in range(count):
        probability = (count - i) / (count + 1)
        second = i % 5 == 1
        reading = both("口径甲", "Reading A") if i % 5 == 0 else both("口径乙", "Reading B")
        rows.append(
            Chance(
                label(i - 1 if second else i),
                both(f"第{i // 6}组", f"Group {i // 6}"),
                probability,
                max(probability - 0.07, 0.0),
                min(probability + 0.04, 1.0),
                not second,
                Goal(">=", 100.0 + i, both("个", "bases")),
                Quantity(90.0 + i),
                reading if i % 5 in (0, 1) else None,
            )
        )
    return Chances(
        name="chances",
        title=both(
            "十七项目标中有四项很可能达标", "Four of seventeen targets are likely to be met"
        ),
        legend=both("圆点为概率，横线为区间", "Dot: probability; line: interval"),
        rows=rows,
    )


def quarters(first: int = 2016, years: int = 5) -> list[dt.date]:
    return [
        dt.date(year, month, day)
        for year in range(first, first + years)
        for month, day in ((3, 31), (6, 30), (9, 30), (12, 31))
    ]


def scaled(values: Sequence[float], by: float) -> Floats:
    return [by * value for value in values]


def fan(count: int = 10) -> Fan:
    """Panels with one or two readings; the last one falls below zero."""
    dates = quarters()
    panels = []
    for i in range(count):
        size = 10.0 ** (i % 4)
        middle = [size * (t + 1) for t in range(len(dates))]
        if i == count - 1:
            middle = [size * (4.0 - t) for t in range(len(dates))]
        bands = [
            (scaled(middle, 0.6), scaled(middle, 1.5)),
            (scaled(middle, 0.8), scaled(middle, 1.2)),
        ]
        curves = [
            Curve("counts", dates, middle, bands, name=both("概率 42%", "chance 42 %"),
                  end=Quantity(middle[-1])),
        ]  # fmt: skip
        if i % 3 == 1:
            lower = scaled(middle, 0.5)
            curves.append(
                Curve("other", dates, lower, [(scaled(lower, 0.9), scaled(lower, 1.1))],
                      name=both("另一口径 9%", "other reading 9 %"), end=Quantity(lower[-1]))
            )  # fmt: skip
        panels.append(FanPanel(label(i), (), curves, (18.0 * size, both("目标 ≥ 18", "goal ≥ 18"))))
    return Fan(
        name="fan",
        title=both("设施：十项中两项很可能达标", "Facilities: two of ten are likely to be met"),
        legend=both("线为中位数", "Line: median"),
        panels=panels,
        start=dt.date(2016, 1, 1),
        end=dt.date(2020, 12, 31),
    )


def milestones() -> Fan:
    """Histories that meet and miss, with tripwires of two levels at two dates."""
    dates = quarters(years=3)
    met = [4.0 * (t + 1) for t in range(len(dates))]
    missed = [2.0 * (t + 1) for t in range(len(dates))]
    panels = []
    for i in range(3):
        marks = [
            Mark(role, date, value + i, low, value + i + 4.0)
            for date in (dt.date(2016, 12, 31), dt.date(2017, 12, 31))
            for role, value, low in (("level1", 10.0, 8.0), ("level2", 16.0, None))
        ]
        curves = [
            Curve("met", dates, met, [(scaled(met, 0.8), scaled(met, 1.2))]),
            Curve("missed", dates, missed, [(scaled(missed, 0.5), scaled(missed, 1.5))]),
        ]
        panels.append(
            FanPanel(label(i), (both("达标概率 60%", "chance 60 %"),), curves,
                     (40.0, both("目标", "goal")), marks, whole=True)
        )  # fmt: skip
    return Fan(
        name="milestones",
        title=both("到2016年底不足10个时，达标概率低于一半", "Fewer than 10 by 2016: below half"),
        keys=(
            Key("met", both("达标的", "met"), "band"),
            Key("missed", both("落空的", "missed"), "band"),
            Key("level1", both("50%", "50 %"), "bar"),
            Key("level2", both("80%", "80 %"), "bar"),
        ),
        panels=panels,
        start=dt.date(2016, 1, 1),
        end=dt.date(2018, 12, 31),
    )


def pages_of(folder: Path, name: str, language: str) -> list[Page]:
    """The pages of a figure in a folder, in their order."""

    def paths() -> Iterator[Path]:
        number = 1
        while True:
            suffix = "" if number == 1 else f"_{number}"
            path = folder / f"{name}{suffix}_{language}.svg"
            if not path.is_file():
                return
            yield path
            number += 1

    return [read(path) for path in paths()]
