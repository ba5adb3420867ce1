"""The words of the study of the effect of money on literacy."""

from __future__ import annotations

LITERACY_EFFECT_WORDS: dict[str, tuple[str, str]] = {
    "literacy_effect.answer": (
        "经费使科学素质多提高{gain}个百分点（95%区间{low}至{high}）。",
        "Money adds {gain} percentage points to the gain in literacy (95 % interval {low} to "
        "{high}).",
    ),
    "literacy_effect.answer_none": (
        "经费对科学素质的作用看不出来：多提高{gain}个百分点，95%区间{low}至{high}含0。",
        "No effect of money on literacy beyond simulation error: {gain} percentage points (95 % "
        "interval {low} to {high}).",
    ),
}
