"""The words of the studies of influence and of the effect of money on literacy."""

from __future__ import annotations

INFLUENCE_WORDS: dict[str, tuple[str, str]] = {
    "influence.answer": (
        "对达标项数影响最大的假设是“{label}”（秩相关{correlation}）；{total}个不确定参数中，"
        "秩相关超出噪声线{noise}的有{count}个。",
        "The assumption that moves the number of targets met most is “{label}” (rank correlation "
        "{correlation}); of {total} uncertain parameters, those beyond the noise line of {noise}: "
        "{count}.",
    ),
    "influence.answer_none": (
        "没有哪个假设特别突出：{total}个不确定参数的秩相关都在噪声线{noise}以内"
        "（最大的是“{label}”，{correlation}）；要分出高下，需增加模拟次数。",
        "No assumption stands out: the rank correlations of all {total} uncertain parameters lie "
        "within the noise line of {noise} (the largest: “{label}”, {correlation}); it takes more "
        "replications to tell them apart.",
    ),
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
