"""Rank correlations of parameters with an outcome, against scipy and against pure noise."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.stats import spearmanr

from experiments.influence.findings import Ranked, noise_threshold, ranked
from experiments.influence.page import answer, ranking
from sim.answer.finding import columns_of
from sim.config.schema import Parameter
from sim.words import LANGUAGES, Language, Speech


def parameter() -> Parameter:
    return Parameter(
        kind="uniform",
        low=0.0,
        high=1.0,
        label={"zh": "数", "en": "number"},
        unit="share",
        grade="assumption",
        known_from="2016-05-23",
        note="for the test",
    )


def test_correlations_are_spearmans_and_sorted_by_size(seed: int) -> None:
    rng = np.random.default_rng(seed)
    draws = pd.DataFrame(rng.random((300, 4)), columns=["up", "down", "idle", "constant"])
    draws["constant"] = 1.0
    outcome = (3 * draws["up"] - draws["down"] + 0.2 * rng.random(300)).round(1).to_numpy()
    found = ranked(draws, outcome, dict.fromkeys(draws.columns, parameter()))
    assert [one.parameter for one in found][:2] == ["up", "down"]
    assert {one.parameter for one in found} == {"up", "down", "idle"}
    assert [*columns_of(Ranked)] == [
        "parameter", "label_zh", "label_en", "correlation", "beyond_noise", "grade", "kind", "low",
        "high", "unit", "note",
    ]  # fmt: skip
    expected = {name: spearmanr(draws[name], outcome).statistic for name in ("up", "down", "idle")}
    assert {one.parameter: one.correlation for one in found} == pytest.approx(expected, abs=1e-12)
    assert [one.beyond_noise for one in found][:2] == [True, True]


def test_the_threshold_is_rarely_passed_by_noise(seed: int) -> None:
    rng = np.random.default_rng(seed)
    passed = 0
    tables = 200
    for _ in range(tables):
        draws = pd.DataFrame(rng.random((60, 10)), columns=[f"p{i}" for i in range(10)])
        found = ranked(draws, rng.random(60), dict.fromkeys(draws.columns, parameter()))
        passed += any(one.beyond_noise for one in found)
    # At most 5 % by Bonferroni; four standard errors of a binomial share above that.
    assert passed / tables < 0.05 + 4 * np.sqrt(0.05 * 0.95 / tables)
    assert noise_threshold(2000, 99) < noise_threshold(200, 99)


def test_the_threshold_by_hand() -> None:
    """Two-sided and for the largest of ten: 0.05 / 20 lies beyond 2.807 standard normal
    deviations; the standard error of Spearman's rho of 201 pairs without relation is 1 / sqrt(200).
    """
    assert noise_threshold(201, 10) == pytest.approx(2.80703 / np.sqrt(200), rel=1e-5)
    assert noise_threshold(101, 1, 0.05) == pytest.approx(1.95996 / 10.0, rel=1e-5)
    assert noise_threshold(101, 1, 0.01) == pytest.approx(2.57583 / 10.0, rel=1e-5)


def guesses(*correlations: tuple[float, bool]) -> list[Ranked]:
    return [
        Ranked(
            "guess", "假设", "guess", rho, beyond, "assumption", "uniform", 0.0, 1.0, "share", ""
        )
        for rho, beyond in correlations
    ]


def said(language: Language, *correlations: tuple[float, bool]) -> str:
    return answer(guesses(*correlations), np.array([1.0, 2.0]), 2, 0.2).words(Speech(language))


def test_the_strongest_assumption_is_named_only_beyond_the_noise() -> None:
    told = ((-0.71, True), (0.32, True), (0.11, False))
    assert "moves the number of targets met most is “guess” (rank correlation -0.71)" in said(
        "en", *told
    )
    assert "超出噪声线0.20的有2个" in said("zh", *told)
    none = ((0.19, False), (-0.11, False))
    assert said("en", *none).startswith("No assumption stands out: the rank correlations of all 2")
    assert "most is" not in said("en", *none)
    assert said("zh", *none).startswith("没有哪个假设特别突出")


def test_a_unit_is_said_in_the_language_of_the_reader() -> None:
    (line,) = ranking(guesses((0.3, True)), np.array([1.0, 2.0]), 2).rows
    texts = [Speech(language).text(line.cells["unit"]) for language in LANGUAGES]
    assert texts == [Speech(own)("parameter_unit.share") for own in LANGUAGES]
    assert texts[0] != texts[1] == "share"
