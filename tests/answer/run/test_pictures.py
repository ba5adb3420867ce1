"""Charts are complete, traceable, reproducible, and really drawn in Chinese."""

from __future__ import annotations

import json
import re
import warnings
from collections.abc import Callable
from pathlib import Path

import matplotlib
import numpy as np
import pandas as pd
import pytest
from factory import fan_quantiles
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from sim.report.charts.delay_rows import mean_delays
from sim.report.charts.fan import city_quantiles

from sim.page.font import text_width
from sim.report.charts import attainment_chart, delay_chart, fan_charts, write_charts
from sim.report.charts.style import chart_style, wrapped
from sim.report.results import read_attainment, read_manifest, target_rows
from sim.report.words import Language

NAMES = ("attainment", "facilities", "facilities_2", "staff", "delays")


@pytest.fixture(scope="module")
def charts(
    make_run_folder: Callable[[Path], Path], tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """A run folder with its charts in both languages, drawn without a single warning."""
    folder = make_run_folder(tmp_path_factory.mktemp("charts"))
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # a missing glyph is a warning of matplotlib
        write_charts(folder, "both")
    return folder


def texts(figure: Figure) -> list[str]:
    return [text.get_text() for text in figure.findobj(matplotlib.text.Text)]


def test_every_chart_is_written_as_png_and_svg(charts: Path) -> None:
    written = {path.name for path in charts.iterdir() if path.suffix in (".png", ".svg")}
    assert written == {f"{name}.{ending}" for name in NAMES for ending in ("png", "svg")}


@pytest.mark.parametrize("name", NAMES)
def test_metadata_names_the_result_and_holds_no_date(charts: Path, name: str) -> None:
    origin = json.loads((charts / "manifest.json").read_text(encoding="utf-8"))["result_hash"]
    png = (charts / f"{name}.png").read_bytes()
    assert b"tEXtresult_hash\x00" + origin.encode() in png
    assert b"Creation Time" not in png
    svg = (charts / f"{name}.svg").read_text(encoding="utf-8")
    assert f"<dc:description>result_hash {origin}</dc:description>" in svg
    assert "dc:date" not in svg


def test_same_results_give_the_same_bytes_whatever_the_readers_settings(
    charts: Path, make_run_folder: Callable[[Path], Path], tmp_path: Path
) -> None:
    again = make_run_folder(tmp_path)
    with matplotlib.rc_context({"font.size": 30.0, "axes.grid": True, "savefig.dpi": 30.0}):
        paths = write_charts(again, "both")
    assert paths
    for path in paths:
        assert path.read_bytes() == (charts / path.name).read_bytes(), path.name


def test_settings_of_the_reader_are_left_alone(charts: Path) -> None:
    before = dict(matplotlib.rcParams)
    with chart_style():
        assert matplotlib.rcParams["svg.hashsalt"] == "kepusim"
    assert dict(matplotlib.rcParams) == before


@pytest.mark.parametrize("language", ["zh", "en", "both"])
def test_text_stays_on_the_sheet_and_apart(run_folder: Path, language: Language) -> None:
    attainment, manifest = read_attainment(run_folder), read_manifest(run_folder)
    quantiles = fan_quantiles(run_folder)
    delays = pd.read_parquet(run_folder / "delays.parquet")
    figures = [
        attainment_chart(attainment, manifest, language),
        *fan_charts(attainment, quantiles, manifest, "facilities", language),
        *fan_charts(attainment, quantiles, manifest, "staff", language),
        delay_chart(attainment, delays, manifest, language),
    ]
    for figure in figures:
        with chart_style():
            figure.canvas.draw()
            renderer = figure.canvas.get_renderer()  # type: ignore[attr-defined]
        width, tall = figure.canvas.get_width_height()
        boxes = []
        for text in [*figure.texts, *(text for axes in figure.axes for text in axes.texts)]:
            box = text.get_window_extent(renderer)
            assert box.x0 >= 0, text.get_text()
            assert box.x1 <= width, text.get_text()
            assert 0 <= box.y0 < box.y1 <= tall, text.get_text()
            # Lines of one block touch by their leading; only real overlaps are wider than that.
            boxes.append((box.padded(-0.12 * box.height), text.get_text()))
        assert boxes
        for position, (box, words) in enumerate(boxes):
            for other, others in boxes[position + 1 :]:
                assert not box.overlaps(other), f"{words!r} lies on {others!r}"


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_chart_names_scenario_replications_and_caution(
    run_folder: Path, language: Language
) -> None:
    attainment, manifest = read_attainment(run_folder), read_manifest(run_folder)
    quantiles = fan_quantiles(run_folder)
    delays = pd.read_parquet(run_folder / "delays.parquet")
    scenario, count, caution = {
        "zh": ("基准情景", "200次模拟", "是假设"),
        "en": ("Baseline", "200 replications", "is an assumption"),
    }[language]
    for figure in (
        attainment_chart(attainment, manifest, language),
        *fan_charts(attainment, quantiles, manifest, "staff", language),
        delay_chart(attainment, delays, manifest, language),
    ):
        said = " ".join(texts(figure))
        assert scenario in said
        assert count in said
        assert caution in said
        assert manifest["result_hash"][:12] in said


@pytest.mark.parametrize(
    ("language", "changed"), [("zh", "随机数种子7"), ("en", "Baseline, with: seed of the random")]
)
def test_every_chart_says_what_was_changed(
    run_folder: Path, language: Language, changed: str
) -> None:
    attainment, manifest = read_attainment(run_folder), read_manifest(run_folder)
    manifest["changes"] = [{"key": "seed", "value": 7, "source": "command line"}]
    quantiles = fan_quantiles(run_folder)
    delays = pd.read_parquet(run_folder / "delays.parquet")
    for figure in (
        attainment_chart(attainment, manifest, language),
        *fan_charts(attainment, quantiles, manifest, "staff", language),
        delay_chart(attainment, delays, manifest, language),
    ):
        assert changed in " ".join(texts(figure))


def test_attainment_chart_shows_every_modelled_row_and_counts_the_likely(run_folder: Path) -> None:
    attainment, manifest = read_attainment(run_folder), read_manifest(run_folder)
    figure = attainment_chart(attainment, manifest, "en")
    rows = [row for row in target_rows(attainment, manifest) if row.modelled]
    dots = [line for line in figure.axes[0].lines if line.get_marker() == "o"]
    assert sorted(dot.get_xdata()[0] for dot in dots) == sorted(r.probability for r in rows)  # type: ignore[index]
    likely = sum(row.probability >= 0.8 for row in rows if row.decides)
    decided = sum(row.decides for row in rows)
    assert f"{likely} of the {decided} modelled targets" in " ".join(texts(figure))


def test_attainment_chart_sorts_by_chance_within_groups(run_folder: Path) -> None:
    attainment, manifest = read_attainment(run_folder), read_manifest(run_folder)
    rows = [row for row in target_rows(attainment, manifest) if row.modelled and row.counts]
    figure = attainment_chart(attainment, manifest, "en")
    said = texts(figure)
    for group in ("facilities", "staff"):
        members = [row for row in rows if row.group == group]
        chances = {row.label["en"].split(",")[0][:24]: row.probability for row in members}
        order = [
            chances[text.split(",")[0][:24]] for text in said if text.split(",")[0][:24] in chances
        ]
        assert order == sorted(order, reverse=True)


def test_fan_pages_hold_every_target_once(run_folder: Path) -> None:
    attainment, manifest = read_attainment(run_folder), read_manifest(run_folder)
    quantiles = fan_quantiles(run_folder)
    pages = fan_charts(attainment, quantiles, manifest, "facilities", "en")
    targets = {
        row.target
        for row in target_rows(attainment, manifest)
        if row.group == "facilities" and row.modelled
    }
    assert len(pages) == 2
    assert sum(len(page.axes) for page in pages) == len(targets)
    assert fan_charts(attainment, quantiles, manifest, "industry", "en") == []
    assert fan_charts(attainment, quantiles.head(0), manifest, "facilities", "en") == []


def test_quantiles_are_those_of_the_city_over_replications(run_folder: Path) -> None:
    series = pd.read_parquet(run_folder / "series.parquet").astype({"date": str})
    fan = city_quantiles(run_folder / "series.parquet", ["science_windows"]).loc["science_windows"]
    last = series[
        (series["place"] == "city")
        & (series["indicator"] == "science_windows")
        & (series["date"] == "2020-12-31")
    ]["value"]
    assert len(fan) == 21
    expected = np.quantile(last, [0.05, 0.25, 0.5, 0.75, 0.95])
    np.testing.assert_allclose(fan.iloc[-1].to_numpy(), expected)


def test_mean_delays_count_absent_rows_as_zero() -> None:
    delays = pd.DataFrame(
        {
            "replication": [0, 0, 3],
            "place": ["a", "b", "a"],
            "programme": "rooms",
            "stage": ["money", "money", "unproposed:pace"],
            "project_days": [10, 20, 0],
            "excess_days": [10, 20, 0],
            "missing": [1, 0, 6],
        }
    )
    means = mean_delays(delays, replications=4)
    assert means.loc[("rooms", "money"), "project_days"] == 7.5
    assert means.loc[("rooms", "unproposed:pace"), "missing"] == 1.5


def test_an_unknown_stage_is_refused_by_name(run_folder: Path) -> None:
    attainment, manifest = read_attainment(run_folder), read_manifest(run_folder)
    delays = pd.read_parquet(run_folder / "delays.parquet")
    delays.loc[0, "stage"] = "sleep"
    with pytest.raises(KeyError, match="sleep"):
        delay_chart(attainment, delays, manifest, "en")


def test_a_run_without_series_still_gets_its_other_charts(
    make_run_folder: Callable[[Path], Path], tmp_path: Path
) -> None:
    folder = make_run_folder(tmp_path)
    pd.DataFrame({"indicator": []}).to_parquet(folder / "series.parquet")
    (folder / "delays.parquet").unlink()
    assert [path.name for path in write_charts(folder, "en")] == [
        "attainment.png",
        "attainment.svg",
    ]


def test_charts_use_no_font_but_the_shipped_one(charts: Path) -> None:
    for name in NAMES:
        svg = (charts / f"{name}.svg").read_text(encoding="utf-8")
        fonts = set(re.findall(r'<path id="([A-Za-z]+)-\w+-', svg))
        assert fonts == {"KepusimNotoSansSC"}
        assert "DejaVu" not in svg


def test_chinese_characters_are_drawn_as_themselves() -> None:
    def picture(text: str) -> bytes:
        with chart_style():
            figure = Figure(figsize=(1, 1))
            canvas = FigureCanvasAgg(figure)
            figure.text(0.2, 0.4, text, fontsize=30)
            canvas.draw()
        return bytes(canvas.buffer_rgba())

    with pytest.warns(UserWarning, match="missing from font"):
        empty_box = picture("龘")
    drawn = {picture(character) for character in "科普设施队伍产业"}
    assert len(drawn) == 8
    assert empty_box not in drawn


def test_lines_break_between_words_and_characters_but_not_before_a_comma() -> None:
    lines = wrapped("城市社区科普大学、科普活动室，和科普画廊 science rooms", 1.1, 12)
    assert "".join(lines).replace(" ", "") == "城市社区科普大学、科普活动室，和科普画廊sciencerooms"
    assert max(text_width(line, 12) for line in lines) <= 1.3 * 72
    assert not any(line[0] in "、，" for line in lines)
    assert any("science" in line for line in lines)
