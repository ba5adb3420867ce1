"""The effect of a budget is the difference of pairs, with the interval of a paired mean."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from experiments.literacy_effect import effect_text, main
from sim.analysis.paired_effect import effect


def test_differences_are_taken_pair_by_pair() -> None:
    poor = np.array([1.0, 2.0, 5.0, 8.0])
    rich = poor + np.array([0.0, 1.0, 1.0, 2.0])
    table = effect(rich, poor, np.arange(4)).set_index("quantity")
    assert table.loc["with budget", "mean"] == 5.0
    assert table.loc["without budget", "mean"] == 4.0
    difference = table.loc["difference"]
    assert difference["mean"] == 1.0
    assert difference["positive"] == 0.75
    # Variance (1 + 0 + 0 + 1) / 3; Student's quantile with three degrees of freedom.
    half = 3.182446 * np.sqrt(2.0 / 3.0) / 2.0
    assert difference["mean_high"] - 1.0 == pytest.approx(half, rel=1e-6)
    assert 1.0 - difference["mean_low"] == pytest.approx(half, rel=1e-6)


def test_a_record_without_series_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = f"study.folder={tmp_path / 'study'}"
    assert main(["replications=2", "record=targets", folder]) == 2
    assert "city or full" in capsys.readouterr().err


def test_wrong_settings_are_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["replications=0"]) == 2
    assert "replications" in capsys.readouterr().err


def test_an_effect_whose_interval_holds_nothing_is_none() -> None:
    assert effect_text(0.31, 0.2, 0.42, "en").startswith("Money adds 0.31 percentage points")
    assert effect_text(0.01, -0.2, 0.22, "en").startswith("No effect of money on literacy")
    assert "含0" in effect_text(0.01, -0.2, 0.22, "zh")
    assert "多提高-0.30" in effect_text(-0.3, -0.4, -0.2, "zh")
