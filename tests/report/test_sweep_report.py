"""What a sweep says in words, tables and charts, from the files of its folder alone."""

from __future__ import annotations

import math
import re
import warnings
from pathlib import Path

import matplotlib
import pytest
import sweeps
from matplotlib.figure import Figure
from rich.console import Console

from sim.analysis.rows import deciding_rows
from sim.answer.row import RowKey
from sim.answer.settings import lever_label, setting_number, setting_text
from sim.config.schema import Run
from sim.report.budget_sweep import Response, SweepReport
from sim.report.budget_sweep_answer import answer
from sim.report.budget_sweep_table import COLUMNS, sweep_table
from sim.report.charts.budget_grid import grid_pages, joint_pages
from sim.report.charts.budget_sweep import (
    joint_chart,
    met_count_chart,
    sweep_charts,
    write_sweep_charts,
)
from sim.report.charts.lever_axis import scale_of
from sim.report.charts.stamp import is_current, stamp
from sim.report.charts.style import chart_style
from sim.report.results import group_order
from sim.report.words import Language, Tongue
from sim.words import Speech

SETTINGS = (0.0, 2e8, 4e8, 8e8)
CHANCES = (0.0, 0.5, 0.9, 0.9)


def rising(real_run: Run) -> list[RowKey]:
    """One target of every group, which alone responds."""
    judged = deciding_rows(real_run.plan, real_run.definitions)
    return list({group: row for row, group in judged.items()}.values())


def few(real_run: Run) -> list[RowKey]:
    """The targets shown: those that respond, and some that do not, to keep the tests short."""
    return [*rising(real_run), *sorted(sweeps.counting(real_run))[:8]]


@pytest.fixture(scope="module")
def folder(real_run: Run, tmp_path_factory: pytest.TempPathFactory) -> Path:
    moving = rising(real_run)

    def chance(row: RowKey, setting: float, _: float) -> float:
        return CHANCES[SETTINGS.index(setting)] if row in moving else 0.25

    made = sweeps.sweep(real_run, chance, SETTINGS, base=(2e8, math.nan))
    return sweeps.write_folder(tmp_path_factory.mktemp("one"), real_run, made, few(real_run))


@pytest.fixture(scope="module")
def grid(real_run: Run, tmp_path_factory: pytest.TempPathFactory) -> Path:
    moving = rising(real_run)

    def chance(row: RowKey, setting: float, second: float) -> float:
        return setting * second if row in moving else 0.25

    made = sweeps.sweep(
        real_run, chance, (0.2, 0.5, 0.8), (0.5, 1.0),
        keys=("planning.margin", "planning.pace"), base=(0.5, 1.0),
    )  # fmt: skip
    return sweeps.write_folder(tmp_path_factory.mktemp("two"), real_run, made, few(real_run))


def text_of(report: SweepReport, language: Language) -> str:
    console = Console(width=200, record=True, file=open("/dev/null", "w"))  # noqa: SIM115
    console.print(sweep_table(report, language))
    return console.export_text()


def test_the_answer_names_ends_base_responders_and_where_money_helps(
    folder: Path, real_run: Run
) -> None:
    report = SweepReport.read(folder)
    n, moving = len(report.deciding), len(rising(real_run))
    low, high = 0.25 * (n - moving), 0.25 * (n - moving) + 0.9 * moving
    english = answer(report, "en")
    assert f"from {low:.1f} to {high:.1f}" in english
    assert f"(base run, 200 million yuan: {low + 0.5 * moving:.1f})" in english
    assert f"Targets that respond: {moving}" in english
    # 0.5 more of every responding target for 200 million yuan.
    assert f"between 0 yuan and 200 million yuan: {0.25 * moving:.2f} more" in english
    assert f"up to 400 million yuan, it is {0.2 * moving:.2f} for" in english
    assert "(+40 points)" in english
    assert "reached at 400 million yuan" in english
    chinese = answer(report, "zh")
    assert f"由{low:.1f}项变为{high:.1f}项（基准2亿元：" in chinese
    assert f"从0元增加到8亿元，已建模的{n}项规划目标" in chinese


def test_the_answer_says_when_nothing_responds_or_some_fall(real_run: Run, tmp_path: Path) -> None:
    first, second = rising(real_run)[:2]
    still = sweeps.sweep(real_run, lambda row, setting, _: 0.25, SETTINGS)
    report = SweepReport.read(sweeps.write_folder(tmp_path / "still", real_run, still))
    assert "None of the" in answer(report, "en")
    assert "buys most" not in answer(report, "en")
    assert "No step between neighbouring settings changes" in answer(report, "en")

    def chance(row: RowKey, setting: float, _: float) -> float:
        share = CHANCES[SETTINGS.index(setting)]
        return share if row == first else 1.0 - share if row == second else 0.25

    mixed = sweeps.sweep(real_run, chance, SETTINGS)
    report = SweepReport.read(sweeps.write_folder(tmp_path / "mixed", real_run, mixed))
    # The one that falls is among those that respond, not among the others.
    fallen = r"respond: 2, most of all .*; less likely instead: 1, .*100 %.*; for the other \d+"
    assert re.search(fallen, answer(report, "en"))
    assert re.search(
        r"变化最大的是.*，其中1项的达标概率反而下降.*；其余\d+项", answer(report, "zh")
    )
    assert "base run" not in answer(report, "en")


def test_a_step_within_simulation_error_is_not_where_money_buys_most(folder: Path) -> None:
    report = SweepReport.read(folder)
    assert report.best_step() is not None
    report.gains["gain_low"], report.gains["gain_high"] = -0.1, 9.0
    assert report.best_step() is None
    assert "buys most" not in answer(report, "en")
    assert "变化都在模拟误差之内" in answer(report, "zh")


def test_the_answer_of_two_levers_names_best_and_worst(grid: Path) -> None:
    english = answer(SweepReport.read(grid), "en")
    assert "Over 6 combinations" in english
    assert "(0.2, 0.5)" in english
    assert "(0.8, 1)" in english
    assert "buys most" not in english


def test_figures_hold_the_numbers_of_the_answer(folder: Path, real_run: Run) -> None:
    figures = SweepReport.read(folder).figures()
    assert figures["best_step"]["from"] == 0.0  # type: ignore[index]
    assert figures["next_step"]["to"] == 4e8  # type: ignore[index]
    assert len(figures["responding"]) == len(rising(real_run))  # type: ignore[arg-type]
    assert [point["base"] for point in figures["met_count"]] == [False, True, False, False]  # type: ignore[attr-defined]


@pytest.mark.parametrize("language", ["zh", "en", "both"])
def test_the_table_has_responders_in_rows_and_the_others_in_one_line(
    folder: Path, real_run: Run, language: Language
) -> None:
    report = SweepReport.read(folder)
    said = text_of(report, language)
    assert "*2" in said
    above, below = re.split("没有明显反应：|No response: ", said, maxsplit=1)
    below = re.sub(r"\s", "", below)
    tongue: Tongue = "en" if language == "en" else "zh"
    assert sum(row.responds for row in report.shown) == len(rising(real_run))
    for row in report.shown:
        name = re.sub(r"\s", "", row.title[tongue])
        assert (f"{name}25%" in below) != row.responds, name
        if row.responds:
            assert row.label[tongue][:12] in above


def test_a_long_sweep_keeps_both_ends_and_the_base_run(real_run: Run, tmp_path: Path) -> None:
    settings = [1e8 * i for i in range(1, 13)]
    made = sweeps.sweep(
        real_run, lambda row, setting, _: 0.5, settings, base=(2e8, math.nan), replications=3
    )
    report = SweepReport.read(sweeps.write_folder(tmp_path, real_run, made))
    header = text_of(report, "zh").splitlines()[2].split()
    assert len(header) == COLUMNS
    assert header[0] == "1"
    assert header[-1] == "12"
    assert "*2" in header


@pytest.mark.parametrize("language", ["zh", "en", "both"])
def test_charts_are_drawn_from_the_folder_and_name_the_result(
    folder: Path, grid: Path, real_run: Run, language: Language
) -> None:
    (folder / "budget_sweep_old.png").write_bytes(b"of an earlier study")
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # a missing glyph is a warning of matplotlib
        written = [*write_sweep_charts(folder, language), *write_sweep_charts(grid, language)]
    assert not (folder / "budget_sweep_old.png").exists()
    names = {path.stem.removeprefix("budget_sweep_") for path in written}
    groups = {real_run.plan.targets[row[0]].group for row in few(real_run)}
    assert groups | {"met_count", "joint", "grid", "targets"} <= names
    for path in written:
        content = path.read_bytes()
        marker = f"result_hash {sweeps.HASH}" if path.suffix == ".svg" else sweeps.HASH
        assert marker.encode() in content, path.name


@pytest.mark.parametrize("language", ["zh", "en", "both"])
def test_text_stays_on_the_sheet_and_apart(folder: Path, language: Language) -> None:
    report = SweepReport.read(folder)
    for figure in (
        met_count_chart(report, language),
        joint_chart(report, language),
        *sweep_charts(report, "facilities", language),
        *sweep_charts(report, "staff", language),
    ):
        with chart_style():
            figure.canvas.draw()
            renderer = figure.canvas.get_renderer()  # type: ignore[attr-defined]
        width, tall = figure.canvas.get_width_height()
        boxes = []
        for text in figure.texts:
            box = text.get_window_extent(renderer)
            assert box.x0 >= 0, text.get_text()
            assert box.x1 <= width, text.get_text()
            assert 0 <= box.y0 < box.y1 <= tall, text.get_text()
            boxes.append((box.padded(-0.12 * box.height), text.get_text()))
        assert boxes
        for position, (box, words) in enumerate(boxes):
            for other, others in boxes[position + 1 :]:
                assert not box.overlaps(other), f"{words!r} lies on {others!r}"


def test_a_panel_shows_points_fit_and_base_run(folder: Path, real_run: Run) -> None:
    report = SweepReport.read(folder)
    group = real_run.plan.targets[rising(real_run)[0][0]].group
    figure = sweep_charts(report, group, "en")[0]
    lines = figure.axes[0].lines
    points = next(line for line in lines if line.get_marker() == "o")
    assert list(points.get_ydata()) == pytest.approx(list(CHANCES))  # type: ignore[arg-type]
    assert any(list(line.get_xdata()) == [2e8, 2e8] for line in lines)  # type: ignore[arg-type]
    title = " ".join(t.get_text() for t in figure.findobj(matplotlib.text.Text))
    assert re.search(r"1 of \d+ targets respond", title)


def said(figure: Figure) -> str:
    return " ".join(text.get_text() for text in figure.findobj(matplotlib.text.Text))


@pytest.fixture(scope="module")
def everything(real_run: Run, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A sweep that shows all rows that count, those with goals of ours included; all respond."""
    made = sweeps.sweep(
        real_run, lambda row, setting, second: setting * second, (0.2, 0.9), (0.5, 1.0),
        keys=("planning.margin", "planning.pace"), base=(0.2, 1.0),
    )  # fmt: skip
    return sweeps.write_folder(tmp_path_factory.mktemp("all"), real_run, made)


def test_titles_count_the_targets_of_the_plan_whatever_stands_beside_them(
    everything: Path, real_run: Run
) -> None:
    report = SweepReport.read(everything)
    own = len(deciding_rows(real_run.plan, real_run.definitions))
    assert len(report.shown) > own == len(report.deciding)
    title = said(grid_pages(report, "en"))
    assert f"{own} of {own} targets respond" in title
    assert f"of {own} modelled targets" in answer(report, "en")
    made = sweeps.sweep(real_run, lambda row, setting, _: setting, (0.1, 0.5, 0.9))
    report = SweepReport.read(sweeps.write_folder(everything / "one", real_run, made))
    for group in ("literacy", "activities"):
        total = report.total(group)
        assert sum(row.group == group for row in report.shown) > total
        page = sweep_charts(report, group, "en")[0]
        assert f"{total} of {total} targets respond" in said(page)
        assert "†" in said(page)
        assert f"({total})" in said(met_count_chart(report, "en"))


def test_targets_met_together_have_their_chances_and_bands(folder: Path, real_run: Run) -> None:
    report = SweepReport.read(folder)
    figure = joint_chart(report, "en")
    groups = set(deciding_rows(real_run.plan, real_run.definitions).values())
    assert len(figure.axes) == 1 + len(groups)
    for axes, row in zip(figure.axes, [report.joint(), *joint_rows(report)], strict=True):
        assert row is not None
        curve = report.curve(row.target)
        points = next(line for line in axes.lines if line.get_marker() == "o")
        assert list(points.get_ydata()) == pytest.approx(curve["probability"].tolist())  # type: ignore[arg-type]
        (band,) = axes.collections
        heights = band.get_paths()[0].vertices[:, 1]
        assert heights.min() == pytest.approx(curve["probability_low"].min())
        assert heights.max() == pytest.approx(curve["probability_high"].max())
    words = said(figure)
    assert f"all {report.total()} targets are met" in words
    assert report.group_text(next(iter(groups)), "en") in words


def joint_rows(report: SweepReport) -> list[Response]:
    groups = group_order(report.manifest)
    return [row for group in groups if (row := report.joint(group)) is not None]


def test_two_levers_have_maps_of_the_joint_chances(everything: Path) -> None:
    report = SweepReport.read(everything)
    figure = joint_pages(report, "zh")
    assert len(figure.axes) == 1 + len(joint_rows(report))
    best = report.curve("all")["probability"].max()
    assert f"全部{report.total()}项目标同时达标的概率" in said(figure)
    assert f"{100 * best:.0f}" in [text.get_text() for text in figure.axes[0].texts]


def test_charts_are_drawn_again_only_when_something_changed(folder: Path, tmp_path: Path) -> None:
    own = tmp_path / "study"
    own.mkdir()
    for name in ("manifest.json", "budget_sweep.csv"):
        (own / name).write_bytes((folder / name).read_bytes())
    chart = own / "chart.png"
    chart.write_bytes(b"")
    assert not is_current(own, "en")
    stamp(own, "en", [chart])
    assert is_current(own, "en")
    assert not is_current(own, "zh")
    (own / "gains.csv").write_text("more", encoding="utf-8")
    assert not is_current(own, "en")
    stamp(own, "en", [chart])
    chart.unlink()
    assert not is_current(own, "en")


@pytest.mark.parametrize(
    ("settings", "scale"),
    [
        ([0.0, 1.0, 4.0], "linear"),
        ([1.0, 29.0], "linear"),
        ([1.0, 100.0], "log"),
        ([0.0, 1.0, 100.0], "symlog"),
        ([-1.0, 100.0], "symlog"),
        ([0.0], "linear"),
    ],
)
def test_axes_are_logarithmic_only_over_decades(settings: list[float], scale: str) -> None:
    assert scale_of(settings) == scale


@pytest.mark.parametrize(
    ("key", "setting", "zh", "en"),
    [
        ("budget.public_total", 1.17e9, "11.7亿元", "1,170 million yuan"),
        ("budget.public_total", 0.0, "0元", "0 yuan"),
        ("budget.social_total", 5e5, "0.005亿元", "0.5 million yuan"),
        ("budget.public_total", 8.775e8, "8.78亿元", "877.5 million yuan"),
        ("planning.pace", 0.35, "0.35", "0.35"),
    ],
)
def test_settings_are_written_in_the_unit_of_the_language(
    key: str, setting: float, zh: str, en: str
) -> None:
    assert setting_text(key, setting, Speech("zh")) == zh
    assert setting_text(key, setting, Speech("en")) == en
    assert en.startswith(setting_number(key, setting, Speech("en")))


def test_levers_have_the_names_of_what_they_belong_to(real_run: Run) -> None:
    config = real_run.model_dump(mode="json")
    name = real_run.parameters["existing_run_share"].label
    key = "parameters.existing_run_share.mode"
    assert lever_label(key, config, Speech("zh")) == f"{name.zh}（最可能值）"
    assert lever_label(key, config, Speech("en")) == f"{name.en} (mode)"
    assert lever_label("budget.year_shares.0", config, Speech("en")) == "share of money in year 1"
    assert lever_label("no.such.key", config, Speech("en")) == "no.such.key"


def test_the_grid_has_the_mean_of_its_own_row_and_column(grid: Path, real_run: Run) -> None:
    """All that responds is met with the product of the two settings, all else with a quarter."""
    report = SweepReport.read(grid)
    n, moving = len(report.deciding), len(rising(real_run))
    _, _, below = text_of(report, "en").partition("across: margin on quotas; down: yearly pace")
    rows = [re.findall(r"\d+(?:\.\d+)?", line) for line in below.splitlines()]
    for second in (0.5, 1.0):
        means = [0.25 * (n - moving) + first * second * moving for first in (0.2, 0.5, 0.8)]
        assert [f"{second:g}", *(f"{mean:.1f}" for mean in means)] in rows
