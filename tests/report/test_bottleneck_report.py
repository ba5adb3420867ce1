"""Table, charts and answer of a study of bottlenecks say what its two tables hold."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from factory import ledger_parts
from rich.cells import cell_len
from rich.console import Console

from sim.analysis.bottlenecks import TOGETHER, ReliefComparison
from sim.analysis.rows import rows_of
from sim.config.schema import Run
from sim.config.schema.base import Label
from sim.report.bottleneck_answer import answer_figures, answer_text
from sim.report.bottleneck_table import bottleneck_table
from sim.report.bottlenecks import Bottlenecks, Gain, read_bottlenecks
from sim.report.charts.bottlenecks import matrix_chart, write_bottleneck_charts
from sim.report.charts.gained import gained_chart
from sim.report.charts.style import chart_style
from sim.report.words import Language

N = 60
HASH = "3f2a9c51d07be8846f1c0a2b9d3e7f605142638495a7b8c9dae0f1b2c3d4e5f6"
NAMES = {
    "money": Label(zh="资金", en="Money"),
    "crews": Label(zh="施工队", en="Building crews"),
    TOGETHER: Label(zh="全部", en="All at once"),
}
CHANCES = {
    # as it is, with money, with crews, with both
    "experts": (0.0, 0.0, 0.0, 1.0),  # needs both
    "teacher_studios": (0.1, 0.9, 0.1, 0.9),  # money
    "demo_projects": (0.1, 0.6, 0.9, 1.0),  # crews more than money
    "training_bases": (0.3, 0.8, 0.3, 0.9),  # money, while the ledger says crews
    "full_time_staff": (0.0, 0.0, 0.0, 0.0),  # nothing helps
    "journals": (0.9, 0.9, 0.1, 0.9),  # crews harm it
}  # fmt: skip
LEDGER = {
    "experts": "crew", "teacher_studios": "unproposed:money_in_sight", "demo_projects": "crew",
    "training_bases": "crew", "full_time_staff": "unmet:unfunded_post",
}  # fmt: skip
LIKELY = (1.0, 1.0, 1.0, 1.0)  # every other target


@dataclass(frozen=True)
class Made:
    """The two tables of a made-up study on the real plan, and its manifest."""

    gains: pd.DataFrame
    binding: pd.DataFrame
    manifest: dict[str, Any]

    @property
    def found(self) -> Bottlenecks:
        return read_bottlenecks(self.gains, self.binding, self.manifest)


def made(run: Run, reliefs: Sequence[str] = tuple(NAMES)) -> Made:
    rows = rows_of(run.plan, run.definitions)

    def targets(history: int) -> pd.DataFrame:
        return pd.DataFrame(
            [
                (r, r, target, reading, 1.0, r < N * CHANCES.get(target, LIKELY)[history], None)
                for target, reading in rows
                for r in range(N)
            ],
            columns=["draw", "replication", "target", "definition", "value", "attained",
                     "first_attained_day"],
        )  # fmt: skip

    delays = pd.DataFrame(
        [(r, target, stage, 3) for target, stage in LEDGER.items() for r in range(N)],
        columns=["replication", "programme", "stage", "missing"],
    )
    histories = dict(zip(("money", "crews", TOGETHER), (1, 2, 3), strict=True))
    comparison = ReliefComparison(
        targets(0),
        {name: targets(histories[name]) for name in reliefs},
        ledger_parts(delays),
        run.plan,
        run.definitions,
        {name: NAMES[name] for name in reliefs},
        {"crew": "crews", "unproposed:money_in_sight": "money", "unmet:unfunded_post": "money"},
    )
    manifest = {"config": run.model_dump(mode="json"), "result_hash": HASH}
    return Made(comparison.gains(), comparison.binding(), manifest)


@pytest.fixture(scope="module")
def study(real_run: Run) -> Made:
    return made(real_run)


@pytest.fixture(scope="module")
def money_alone(real_run: Run) -> Made:
    return made(real_run, ["money"])


@pytest.fixture
def folder(study: Made, tmp_path: Path) -> Path:
    study.gains.to_csv(tmp_path / "bottlenecks.csv", index=False, encoding="utf-8-sig")
    study.binding.to_csv(tmp_path / "binding.csv", index=False, encoding="utf-8-sig")
    text = json.dumps(study.manifest, ensure_ascii=False)
    (tmp_path / "manifest.json").write_text(text, encoding="utf-8")
    return tmp_path


def said(figure: Any) -> list[str]:
    import matplotlib

    return [text.get_text() for text in figure.findobj(matplotlib.text.Text)]


# -------------------------------------------------------------------------------------- rows


def test_files_say_what_the_frames_said(folder: Path, study: Made) -> None:
    files = (folder / f"{name}.csv" for name in ("bottlenecks", "binding"))
    gains, binding = (pd.read_csv(file, encoding="utf-8-sig") for file in files)
    assert read_bottlenecks(gains, binding, study.manifest) == study.found


def test_targets_come_by_group_and_by_gain(study: Made) -> None:
    rows = [row for row in study.found.rows if row.decides and row.group == "staff"]
    order = [row.target for row in rows if row.target in CHANCES]
    assert order == ["teacher_studios", "training_bases", "experts", "full_time_staff"]
    readings = [row.definition for row in study.found.rows if row.target == "full_time_staff"]
    assert readings == ["strict", "broad"]
    headline = [study.manifest["config"]["plan"]["groups"][row.group]["headline"]
                for row in study.found.rows]  # fmt: skip
    assert headline == sorted(headline, reverse=True)


def test_reliefs_come_by_what_they_add(study: Made) -> None:
    assert study.found.single == ["money", "crews"]
    assert [row.target for row in study.found.binds("crews")] == ["demo_projects"]


# ------------------------------------------------------------------------------------ answer


def test_the_answer_holds_the_numbers_that_matter(study: Made) -> None:
    zh, en = (answer_text(study.found, tongue) for tongue in ("zh", "en"))
    total = sum(row.decides for row in study.found.rows)
    base = total - 6 + 0.1 + 0.1 + 0.3 + 0.9
    money, together = 0.8 + 0.5 + 0.5, 1.0 + 0.8 + 0.9 + 0.6
    for text in (f"{base:.1f}", f"{money:.1f}", f"{together:.1f}"):
        assert text in zh
        assert text in en
    assert "lifting “Money” gains most" in en
    assert "gains most for 2 targets" in en
    assert "“资金”" in zh
    # 3.3 together; single gains 1.8 + 0.8 - 0.8 add up to 1.8.
    assert "1.5 more than the single gains add up to (1.8)" in en
    assert "Experts in the pool (0 → +100)" in en
    assert "专家库人数（0→+100）" in zh
    assert (
        "“Building crews” alone lowers the chance of Journals of national first class by 80" in en
    )
    assert "下降80个百分点" in zh
    assert "Full-time staff (unfunded posts)" in en
    assert (
        "of 3 targets that a single relief helps, it names that very constraint for 2 (67 %)" in en
    )
    assert "Staff training bases (ledger: crew; best relief: Money)" in en


def test_the_figures_are_those_of_the_tables(study: Made) -> None:
    figures = answer_figures(study.found)
    count = study.gains[study.gains["target"] == "met_count"].set_index("relief")
    for name in NAMES:
        assert figures["reliefs"][name]["targets_gained"] == count.loc[name, "mean_gain"]
    assert figures["not_helped"] == ["full_time_staff"]
    assert figures["need_several"][0] == "experts"
    assert (figures["ledger_judged"], figures["ledger_agrees"]) == (3, 2)
    assert figures["interaction"] == pytest.approx(1.5)
    json.dumps(figures)


def test_with_one_relief_nothing_is_said_of_others(money_alone: Made) -> None:
    zh, en = (answer_text(money_alone.found, tongue) for tongue in ("zh", "en"))
    assert "at once" not in en
    assert "全部" not in zh
    assert "not helped by lifting it" in en
    assert "interaction" not in answer_figures(money_alone.found)


def test_where_nothing_gains_the_answer_says_so(real_run: Run) -> None:
    found = made(real_run, ["crews"]).found
    losing = Bottlenecks(found.reliefs, [], found.counts, found.pairs)
    assert "No single constraint" in answer_text(losing, "en")
    assert "任何一项约束" in answer_text(losing, "zh")


# ------------------------------------------------------------------------------ table, charts


@pytest.mark.parametrize("language", ["zh", "en", "both"])
def test_the_table_fits_and_marks_the_best(study: Made, language: Language) -> None:
    output = io.StringIO()
    console = Console(file=output, width=110, highlight=False)
    console.print(bottleneck_table(study.found, study.manifest, language))
    text = output.getvalue()
    assert max(cell_len(line) for line in text.splitlines()) <= 110
    assert "[+80]" in text
    assert "−80" in text
    assert {"zh": "✓ 等施工队", "en": "✓ crew", "both": "✓ 等施工队"}[language] in text
    assert {"zh": "无明显增量", "en": "nothing to gain", "both": "无明显增量"}[language] in text


@pytest.mark.parametrize("language", ["zh", "en", "both"])
def test_charts_are_drawn_from_the_folder_and_name_its_result(
    folder: Path, language: Language
) -> None:
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("error")  # a missing glyph is a warning of matplotlib
        write_bottleneck_charts(folder, language)
    for name in ("matrix", "targets_met"):
        assert b"tEXtresult_hash\x00" + HASH.encode() in (folder / f"{name}.png").read_bytes()
        assert f"result_hash {HASH}" in (folder / f"{name}.svg").read_text(encoding="utf-8")


@pytest.mark.parametrize("language", ["zh", "en", "both"])
def test_text_stays_on_the_sheet_and_apart(study: Made, language: Language) -> None:
    for chart in (matrix_chart, gained_chart):
        figure = chart(study.found, study.manifest, language)
        with chart_style():
            figure.canvas.draw()
            renderer = figure.canvas.get_renderer()  # type: ignore[attr-defined]
        width, tall = figure.canvas.get_width_height()
        boxes = [(t.get_window_extent(renderer), t.get_text()) for t in figure.texts]
        assert boxes
        for position, (box, words) in enumerate(boxes):
            assert 0 <= box.x0 < box.x1 <= width, words
            assert 0 <= box.y0 < box.y1 <= tall, words
            inner = box.padded(-0.12 * box.height)
            for other, others in boxes[position + 1 :]:
                assert not inner.overlaps(other.padded(-0.12 * other.height)), (words, others)


def test_the_matrix_finds_what_binds_most(study: Made) -> None:
    texts = said(matrix_chart(study.found, study.manifest, "en"))
    total = sum(row.decides for row in study.found.rows)
    assert any(f"“Money” binds 2 of {total} targets" in text for text in texts)
    assert texts.count("+80") == 3  # studios by money and by both, demonstration by crews
    assert texts.count("−80") == 1  # crews for journals
    assert "Qiming bookrooms" not in texts  # met anyway, named in the note


def test_bars_reach_from_what_is_to_what_would_be(study: Made) -> None:
    figure = gained_chart(study.found, study.manifest, "en")
    overall = study.found.counts[0]
    ends = [bar.get_x() + bar.get_width() for bar in figure.axes[0].patches[1::2]]  # type: ignore[attr-defined]
    expected = [overall.mean + overall.gains[name].value for name in ("money", "crews", TOGETHER)]
    np.testing.assert_allclose(ends, expected)


def test_one_relief_alone_has_its_charts(money_alone: Made) -> None:
    found, manifest = money_alone.found, money_alone.manifest
    assert not any("All at once" in text for text in said(matrix_chart(found, manifest, "en")))
    assert not any("add up" in text for text in said(gained_chart(found, manifest, "en")))


def test_no_title_names_a_winner_within_the_noise_or_one_of_equals(study: Made) -> None:
    overall = study.found.counts[0]
    noise = {name: Gain(0.2, -0.1, 0.5) for name in overall.gains}
    nothing = replace(study.found, counts=[replace(overall, gains=noise)])
    texts = " ".join(said(gained_chart(nothing, study.manifest, "en")))
    assert "raises the number of targets met beyond simulation error" in texts
    assert "adds 0.2 targets" not in texts
    others = study.found.binds("money")[1:]  # two, and one of the crews: leave one to each
    rows = [replace(row, best="") if row in others else row for row in study.found.rows]
    level = replace(study.found, rows=rows)
    assert [len(level.binds(name)) for name in level.single] == [1, 1]
    texts = " ".join(said(matrix_chart(level, study.manifest, "en")))
    assert "bind 1 of" in texts
    assert "each: there" in texts
