"""What is drawn, read back from the SVG by nothing but an XML parser; and examples to draw."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from xml.etree import ElementTree

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
    Floats,
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
    """Rows in two groups, one longer than a page; some are the second reading of the one before."""
    rows = []
    for i in range(count):
        probability = (count - i) / (count + 1)
        second = i % 5 == 1
        reading = both("口径甲", "Reading A") if i % 5 == 0 else both("口径乙", "Reading B")
        rows.append(
            Chance(
                label(i - 1 if second else i),
                both(f"第{i // 15}组", f"Group {i // 15}"),
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
    levels: list[tuple[Role, float, float | None]] = [
        ("level1", 10.0, 8.0), ("level2", 16.0, None),
    ]  # fmt: skip
    for i in range(3):
        marks = [
            Mark(role, date, value + i, low, value + i + 4.0)
            for date in (dt.date(2016, 12, 31), dt.date(2017, 12, 31))
            for role, value, low in levels
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


def response(count: int = 6) -> Response:
    """Chances along a lever, with bands, raw points and the base run."""
    settings = [5e7 * (1 + i) for i in range(8)]
    panels = []
    for i in range(count):
        fit = [min(0.1 + 0.1 * j + 0.02 * i, 1.0) for j in range(8)]
        points = [
            Point(x, max(y - 0.03 + 0.01 * (j % 3), 0.0), (max(y - 0.08, 0.0), min(y + 0.05, 1.0)))
            for j, (x, y) in enumerate(zip(settings, fit, strict=True))
        ]
        points.append(Point(1.1e8, 0.55, (0.5, 0.6), "less", apart=True))
        low, high = scaled(fit, 0.8), [min(1.1 * y, 1.0) for y in fit]
        panels.append(
            ResponsePanel(
                label(i), (both("10% → 82%", "10 % → 82 %"),), settings, fit, [(low, high)], points,
                span=(9e7, 1.6e8) if i % 2 else None,
            )
        )  # fmt: skip
    return Response(
        name="response",
        title=both("钱能买到什么：六项目标随经费上升", "What money buys: six targets rise with it"),
        panels=panels,
        across=Axis(both("经费（元）", "Money (yuan)")),
        up=Axis(both("达标概率", "Chance"), "chance"),
        base=(1.5e8, both("基准", "base run")),
        level=(0.8, both("八成把握", "80 % chance")),
    )


ROLES: tuple[Role, ...] = ("more", "less", "same")


def dumbbell(count: int = 16) -> Dumbbell:
    """Chances in two scenarios with their differences."""
    rows = []
    for i in range(count):
        before, after = (i + 1) / (count + 2), (count - i) / (count + 2)
        rows.append(
            Pair(
                label(i),
                [Dot(before, ROLES[i % 3], hollow=True), Dot(after, ROLES[i % 3])],
                (f"{before:.0%} → {after:.0%}", f"{100 * (after - before):+.0f} (−3, +9)"),
                ROLES[i % 3],
                i % 3 != 2,
                both(f"第{i // 8}组", f"Group {i // 8}"),
            )
        )
    return Dumbbell(
        name="dumbbell",
        title=both("情景之间：五项上升，六项下降", "Between scenarios: five rise, six fall"),
        keys=[Key(role, both(zh, en)) for role, zh, en in
              zip(ROLES, ("升", "降", "不变"), ("more", "less", "same"), strict=True)],
        rows=rows,
        axis=Axis(both("达标概率", "Chance"), "chance"),
        columns=(both("概率", "Chance"), both("差（百分点）", "Difference in points")),
    )  # fmt: skip


def scenarios() -> Dumbbell:
    """Means with intervals of many scenarios beside a reference; the last one has an open end."""
    rows = []
    for i in range(7):
        mean = 12.0 + 1.5 * i
        interval = (mean - 1.0, None if i == 6 else mean + 1.5)
        dot = Dot(mean, ROLES[i % 3], interval, hollow=i == 0)
        rows.append(Pair(label(i), [dot], (f"{mean:.1f}",), ROLES[i % 3]))
    return Dumbbell(
        name="scenarios",
        title=both("达标项数：最好与最差相差九项", "Targets met: nine between best and worst"),
        rows=rows,
        axis=Axis(both("平均达标项数", "Mean number of targets met")),
        columns=(both("平均", "Mean"),),
        reference=(12.0, both("对照", "reference")),
    )


def stack(count: int = 9, beside: bool = True, shares: bool = True) -> Stack:
    """Parts that sum; the last row has none."""
    rows = []
    for i in range(count):
        parts = [
            Part(both("资金未到", "waiting for money"), 30.0 + i, "money"),
            Part(both("没有人选", "no candidate"), 20.0, "people"),
            Part(both("没有毕业生", "no graduate"), 10.0 + 2 * i, "people"),
            Part(both("未申报", "not proposed"), 15.0, "date", hatched=True),
            Part(both("其他", "other"), 0.05 * i, "rest"),
        ]
        own = parts if i < count - 1 else []
        total = sum(part.amount for part in own)
        rows.append(
            Bar(label(i), own, f"{total:.0f}", both("没有缺口", "nothing missing"),
                both(f"第{i // 5}组", f"Group {i // 5}"))
        )  # fmt: skip
    return Stack(
        name="stack" if beside else "ledger" if shares else "sums",
        title=both("最多的原因是资金未到", "Most often it is money"),
        rows=rows,
        beside=beside,
        shares=shares,
        total=both("缺口", "Missing"),
        parts=both("缺口的原因", "Reasons of what is missing"),
    )


def ledger() -> Stack:
    return stack(6, beside=False)


def sums() -> Stack:
    return stack(6, beside=False, shares=False)


def grid() -> Grid:
    """A map of many rows with words on both sides, gains and losses."""
    columns = [both(zh, en) for zh, en in (("资金", "Money"), ("人员", "People"), ("场地", "Rooms"),
                                           ("全部", "All together"))]  # fmt: skip
    rows = []
    for i in range(15):
        values = [((i * 7 + j * 5) % 21 - 8) / 20.0 for j in range(4)]
        cells = [Cell(value, f"{100 * value:+.0f}", abs(value) > 0.1, j == 1 and i % 2 == 0)
                 for j, value in enumerate(values)]  # fmt: skip
        rows.append(
            GridRow(label(i), cells, both(f"第{i // 8}组", f"Group {i // 8}"),
                    reading=both("口径", "reading") if i % 8 in (2, 3) else None,
                    before=f"{5 * i}%", after=both("等待资金", "waiting for money"),
                    counts=i % 8 != 3)
        )  # fmt: skip
    return Grid(
        name="grid",
        title=both("资金使四项目标受益最多", "Money helps most for four targets"),
        panels=[GridPanel(None, columns, rows)],
        ends=(-1.0, 1.0),
        before=both("现在", "Now"),
        after=both("最慢环节", "Slowest stage"),
        apart=True,
    )


def maps() -> Grid:
    """Chances over two levers as small multiples."""
    panels = []
    for k in range(5):
        rows = [
            GridRow(f"{4 - i}", [Cell((i + j + k) / 12.0, f"{100 * (i + j + k) / 12.0:.0f}",
                                      marked=(i, j) == (1, 2)) for j in range(5)])
            for i in range(4)
        ]  # fmt: skip
        panels.append(GridPanel(label(k), [f"{10 * (j + 1)}" for j in range(5)], rows))
    return Grid(
        name="maps",
        title=both("两项杠杆下的达标概率", "Chances under two levers"),
        panels=panels,
        ends=(0.0, 1.0),
        across=both("经费", "Money"),
        up=both("人员", "Staff"),
    )


LEVELS: tuple[Role, ...] = ("level1", "level2", "level3")


def ladder(count: int = 12) -> Ladder:
    """Shares of goals that can be promised with three confidences; some lie beyond the scale."""
    rows = []
    for i in range(count):
        shares = [0.2 * i, 0.15 * i, 0.1 * i]
        dots = [Dot(share, role) for share, role in zip(shares, LEVELS, strict=True)]
        interval = (0.9 * shares[1], None if i == 3 else 1.1 * shares[1])
        dots[1] = Dot(shares[1], LEVELS[1], interval)
        rows.append(
            Rung(label(i), dots, [f"{100 * share:.0f}" for share in shares],
                 Goal(">=", 100.0, both("个", "bases")), 0.1 * i if i % 4 == 1 else None,
                 group=both("设施", "Facilities"))
        )  # fmt: skip
    return Ladder(
        name="ladder",
        title=both("八成把握可承诺五项目标", "Five targets can be promised"),
        rows=rows,
        axis=Axis(form="share", ends=(0.0, 1.5)),
        columns=[(f"{level} %", role) for level, role in zip((50, 80, 95), LEVELS, strict=True)],
        reference=(1.0, both("目标", "goal")),
        goal=both("目标值", "Goal"),
    )


def budgets() -> Ladder:
    """Smallest budgets over decades, one with an open end, and rows that no money buys."""
    rows = []
    for i in range(7):
        power = 7 + 0.3 * i
        interval = (10.0 ** (power - 0.1), None if i == 6 else 10.0 ** (power + 0.2))
        dots = [Dot(10.0**power, "counts", interval)]
        bought = both("能买到", "Money buys")
        rows.append(Rung(label(i), dots, (f"{10.0**power:.3g}",), group=bought))
    note = both("没有毕业生，给多少钱都不够", "no graduate, whatever is paid")
    rows += [Rung(label(7 + i), (), note=note, group=both("买不到", "No money"))
             for i in range(3)]  # fmt: skip
    return Ladder(
        name="budgets",
        title=both("七项目标钱能买到", "Money buys seven targets"),
        rows=rows,
        axis=Axis(both("最小经费（元）", "Smallest budget (yuan)"), scale="log"),
        columns=[(both("经费", "Budget"), "counts")],
        reference=(1.5e8, both("现有经费", "today's budget")),
    )


def flow(years: int = 0) -> Flow:
    """Two sources, two groups, three payees and what is left; or two columns of every year."""
    names = ("中央转移", "社会资金", "设施", "活动", "施工单位", "人员", "结余")
    english = ("Central transfer", "Social money", "Facilities", "Activities", "Contractors",
               "Staff pay", "Left over")  # fmt: skip
    columns = (0, 0, 1, 1, 2, 2, 2)
    accounts = [Account(both(*own), column)
                for *own, column in zip(names, english, columns, strict=True)]  # fmt: skip
    amounts: list[tuple[int, int, float, Role]] = [
        (0, 2, 6e8, "public"), (0, 3, 2e8, "public"), (1, 3, 1e8, "social"), (1, 2, 5e7, "social"),
        (2, 4, 4e8, "public"), (2, 4, 5e7, "social"), (2, 5, 1e8, "public"), (2, 6, 1e8, "public"),
        (3, 5, 2.4e8, "public"), (3, 5, 5.5e7, "social"), (3, 6, 5e6, "social"),
    ]  # fmt: skip
    panels = []
    for year in range(years or 1):
        streams = [Stream(a, b, yuan / (1 + year), role) for a, b, yuan, role in amounts]
        panels.append(FlowPanel(both(f"{2016 + year}年", f"{2016 + year}"), accounts, streams))
    return Flow(
        name="flow_years" if years else "flow",
        title=both("九亿五千万元中六成用于设施", "Of 950 million yuan most goes to facilities"),
        keys=(
            Key("public", both("财政", "public money"), "fill"),
            Key("social", both("社会", "social money"), "fill"),
        ),
        columns=(both("来源", "Source"), both("类别", "Group"), both("用途", "Paid for")),
        panels=panels,
    )


def flow_years() -> Flow:
    return flow(5)


def tiles(maps: int = 1) -> Tiles:
    """Places on a grid of six by three, one without a value, the worst framed."""
    panels = []
    for k in range(maps):
        own = [
            Tile(
                both(PLACES[i], f"Place {i}"), i % (6 if maps == 1 else 4), i // 4,
                None if i == 7 else (i + k) / 10.0, "–" if i == 7 else f"{10 * (i + k)}%", i < 2,
            )
            for i in range(10)
        ]  # fmt: skip
        panels.append(
            TilePanel(both("完成的份额", "Share that is delivered"), own, (0.0, 1.0),
                      "less" if k % 2 else "more", ("0%", "100%"),
                      (both("每万人", "per head"),) if k else ())
        )  # fmt: skip
    return Tiles(
        name="tiles" if maps == 1 else "tile_maps",
        title=both("两地落后", "Two places lag behind"),
        keys=(Key("reference", both("最低的两地", "the lowest two"), "frame"),),
        panels=panels,
    )


def tile_maps() -> Tiles:
    return tiles(3)


def scatter(panels: int = 2) -> Scatter:
    """Money and values of forty replications, with the shares of the quarters."""
    x = [1e8 + 5e6 * ((i * 7) % 40) for i in range(40)]
    y = [5.0 + ((i * 11) % 40) / 2.0 for i in range(40)]
    return Scatter(
        name="scatter",
        title=both("花钱多的不一定达标", "Those that spend more do not always meet the goal"),
        panels=[
            ScatterPanel(label(i), x, y, cross=(2e8, 15.0), lines=(both("40次", "40 dots"),),
                         shares=("23%", "27%", "30%", "20%"))
            for i in range(panels)
        ],
        across=Axis(both("花费（元）", "Money spent (yuan)")),
        up=Axis(both("个数", "Number"), whole=True),
    )  # fmt: skip


def timeline(count: int = 16) -> Timeline:
    """Projects one after the other; every third one never opens."""
    rows = []
    for i in range(count):
        days = [dt.date(2016, 1, 15) + dt.timedelta(days=40 * i + add) for add in (0, 90, 200, 500)]
        spans = [
            Span(days[0], days[1], "choice", both("评审", "review")),
            Span(days[1], days[2], "money", both("等资金", "money")),
            Span(days[2], days[3], "growth", both("施工", "building")),
        ]
        opened = None if i % 3 == 2 else days[3]
        rows.append(
            Life(label(i), spans, opened, both(f"第{i // 9}组", f"Group {i // 9}"), f"{500 - i}")
        )
    return Timeline(
        name="timeline",
        title=both("十一个项目开放", "Eleven projects open"),
        rows=rows,
        start=dt.date(2016, 1, 1),
        end=dt.date(2020, 12, 31),
        opened=both("开放", "opened"),
        text=both("天数", "Days"),
    )


def overview(count: int = 9) -> Overview:
    """Sentences, three classes, chances, reasons."""
    kinds: list[tuple[str, str, float, Role]] = [
        ("很可能达标", "likely", 12.0, "likely"), ("难以预料", "open", 15.0, "open"),
        ("很可能落空", "unlikely", 11.0, "unlikely"),
    ]  # fmt: skip
    reasons: list[tuple[str, str, float, Role]] = [
        ("资金不足", "money in sight", 9.0, "money"), ("人员不足", "staff", 4.0, "people"),
        ("评审", "panel", 2.0, "choice"),
    ]  # fmt: skip
    sentence = both("平均实现十九项目标，", "Nineteen targets are met on average, ")
    return Overview(
        name="overview",
        title=both("十二项目标很可能达标", "Twelve targets are likely to be met"),
        statements=[both(sentence["zh"] * n, sentence["en"] * n) for n in (1, 5, 2)],
        classes=[Part(both(zh, en), amount, role) for zh, en, amount, role in kinds],
        rows=[replace(row, reading=None) for row in chances(count).rows],
        reasons=[Part(both(zh, en), amount, role) for zh, en, amount, role in reasons],
        classes_heading=both("三十八项目标", "Thirty-eight targets"),
        rows_heading=both("主要目标的达标概率", "Chances of headline targets"),
        reasons_heading=both("主要制约", "What holds targets back"),
    )


EXAMPLES = (
    chances, fan, milestones, response, dumbbell, scenarios, stack, ledger, sums, grid, maps,
    ladder, budgets, flow, flow_years, tiles, tile_maps, scatter, timeline, overview,
)  # fmt: skip
"""All that is drawn once a session; the name of a function is that of its figure."""


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
