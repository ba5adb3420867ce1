"""Paired differences: the published construction, exact coverage, and pairs that share a draw."""

from __future__ import annotations

import math
import re
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import multinomial

from sim.stats.intervals import Z_95
from sim.stats.paired import paired_difference, paired_mean

Pair = tuple[np.ndarray, np.ndarray, np.ndarray]
STUDIES = Path(__file__).parents[2] / "docs" / "studies"


def pairs(n: int, lost: int, won: int, both: int = 0) -> Pair:
    """Pairs of which some lose the target, some win it, and the others have it twice or never."""
    before = np.array(
        [True] * lost + [False] * won + [True] * both + [False] * (n - lost - won - both)
    )
    after = np.array(
        [False] * lost + [True] * won + [True] * both + [False] * (n - lost - won - both)
    )
    return before, after, np.arange(n)


@given(st.integers(1, 200), st.data())
def test_the_interval_is_wald_with_a_pair_more_of_either_kind(n: int, data: st.DataObject) -> None:
    lost = data.draw(st.integers(0, n))
    won = data.draw(st.integers(0, n - lost))
    estimate, low, high = paired_difference(*pairs(n, lost, won))
    share_lost, share_won = (lost + 1) / (n + 2), (won + 1) / (n + 2)
    centre = share_won - share_lost
    half = Z_95 * math.sqrt((share_won + share_lost - centre**2) / (n + 2))
    assert estimate == pytest.approx((won - lost) / n)
    assert low == pytest.approx(max(-1.0, centre - half), abs=1e-12)
    assert high == pytest.approx(min(1.0, centre + half), abs=1e-12)
    assert low <= estimate <= high


def written_formula(name: str, start: str) -> str:
    """The formula that begins with ``start`` in a document on a study, as Python reads it."""
    text = (STUDIES / name).read_text(encoding="utf-8")
    line = next(line.strip() for line in text.splitlines() if line.strip().startswith(start))
    formula, _, meanings = line.partition(" with ")
    for letter, meaning in re.findall(r"([bcn])' = ([^,(]+)", meanings):
        formula = formula.replace(f"{letter}'", f"({meaning})")
    for written, python in (("−", "-"), ("²", "**2"), ("^", "**"), ("±", "+-")):
        formula = formula.replace(written, python)
    return re.sub(r"(1\.96) (sqrt)", r"\1 * \2", formula)


STATED = [
    (path.name, start, sign)
    for path in sorted(STUDIES.glob("*.md"))
    for start, sign in (("(c − b)/(n + 2)", 1.0), ("(b' - c')/n'", -1.0))
    if start in path.read_text(encoding="utf-8")
]
"""Documents with the formula: some call the pairs that are lost b, others those that are won."""


@pytest.mark.parametrize(("name", "start", "sign"), STATED)
def test_the_documents_state_the_interval_that_is_computed(
    name: str, start: str, sign: float
) -> None:
    centre, _, half = written_formula(name, start).partition("+-")
    names = {"b": 4, "c": 11, "n": 60, "sqrt": math.sqrt}
    middle, width = (eval(part, {}, names) for part in (centre, half))
    _, low, high = paired_difference(*pairs(60, lost=4, won=11))
    assert (low + high) / 2 == pytest.approx(sign * middle)
    assert (high - low) / 2 == pytest.approx(width, rel=1e-3)  # 1.96 is rounded


@pytest.mark.parametrize("name", [name for name, *_ in STATED])
def test_the_documents_name_students_interval_of_a_mean(name: str) -> None:
    text = " ".join((STUDIES / name).read_text(encoding="utf-8").split())
    assert re.search(r"Student's (95 % )?interval", text)
    assert "n − 1 degrees" in text.replace("-", "−").replace("*n*", "n")


@pytest.mark.parametrize(
    ("lost", "won"), [(0.0, 0.0), (0.02, 0.05), (0.0, 0.3), (0.1, 0.1), (0.3, 0.5), (0.05, 0.9)]
)
def test_coverage_by_counting_every_outcome(lost: float, won: float) -> None:
    n, covered = 40, 0.0
    for b in range(n + 1):
        for c in range(n + 1 - b):
            _, low, high = paired_difference(*pairs(n, b, c))
            if low <= won - lost <= high:
                covered += multinomial.pmf([b, c, n - b - c], n, [lost, won, 1.0 - lost - won])
    # Nominal 95 %; a little below it in places, and more near the edges.
    assert covered > 0.93


def test_pairs_that_agree_do_not_matter_by_what_they_agree_on() -> None:
    assert paired_difference(*pairs(30, 2, 9)) == paired_difference(*pairs(30, 2, 9, both=12))


def test_lifting_and_imposing_are_mirror_images() -> None:
    before, after, draws = pairs(30, 2, 9)
    gain, low, high = paired_difference(before, after, draws)
    assert paired_difference(after, before, draws) == pytest.approx((-gain, -high, -low))


def test_no_discordant_pair_is_no_certainty() -> None:
    gain, low, high = paired_difference(*pairs(100, 0, 0))
    assert gain == 0.0
    assert high == -low == pytest.approx(Z_95 * math.sqrt(2.0) / 102)


def test_without_pairs_nothing_is_known() -> None:
    gain, low, high = paired_difference(*pairs(0, 0, 0))
    assert math.isnan(gain)
    assert (low, high) == (-1.0, 1.0)


def test_pairs_of_one_draw_that_always_agree_count_for_one() -> None:
    before, after, draws = pairs(30, 2, 9)
    twice = [np.repeat(each, 2) for each in (before, after, draws)]
    # The variance by clusters is unbiased, so that 30 draws are worth a little under 30 pairs.
    single = paired_difference(before, after, draws)
    assert paired_difference(*twice) == pytest.approx(single, abs=0.01)


def test_a_mean_by_hand() -> None:
    before, after = np.array([1.0, 2.0, 5.0, 8.0]), np.array([1.0, 3.0, 6.0, 10.0])
    mean, low, high = paired_mean(before, after, np.arange(4))
    # Variance (1 + 0 + 0 + 1) / 3, Student's quantile with three degrees of freedom.
    half = 3.182446 * math.sqrt(2.0 / 3.0) / 2.0
    assert mean == 1.0
    assert high - mean == mean - low == pytest.approx(half, rel=1e-6)


def test_the_mean_of_doubled_pairs_has_the_error_of_single_ones() -> None:
    generator = np.random.default_rng(5)
    before = generator.normal(size=50)
    after = before + generator.normal(1.0, 2.0, size=50)
    single = paired_mean(before, after, np.arange(50))
    twice = paired_mean(np.repeat(before, 2), np.repeat(after, 2), np.repeat(np.arange(50), 2))
    assert twice == pytest.approx(single)


def test_one_pair_has_a_mean_and_no_error() -> None:
    one = np.array([2.0])
    assert paired_mean(one, one + 1.0, np.arange(1)) == (1.0, -math.inf, math.inf)
    assert math.isnan(paired_mean(one[:0], one[:0], np.arange(0))[0])
