"""The words of the study of promises: a part of the catalogue in ``words``."""

from __future__ import annotations

PROMISES_WORDS: dict[str, tuple[str, str]] = {
    "promises.title": ("哪些数字可以如实承诺", "What could honestly be promised"),
    "promises.caption": (
        "{scenario}；{replications}；每列是按该把握能够兑现的数值",
        "{scenario}; {replications}; a column gives what is kept with that confidence",
    ),
    "promises.column": ("{confidence}把握", "{confidence} sure"),
    "promises.share": ("占目标", "Of goal"),
    "promises.note": (
        "✓ 达到规划目标。承诺值按保守方向取整；“占目标”指{confidence}把握的承诺值相当于目标值的比例"
        "（“<”类目标取目标值与承诺值之比）。",
        "✓ as much as the plan asks for. Promises are rounded to the safe side. “Of goal”: the "
        "promise at {confidence} as a share of the goal (for “<” goals, the goal as a share of "
        "the promise).",
    ),
    "promises.answer": (
        "{scenario}下，规划中已建模的{total}项目标有{kept}项可以原样承诺，把握不低于{confidence}"
        "{others}；其余{cut}项如果原样承诺，落空的可能性都超过{risk}。",
        "Under “{scenario}”, {kept} of the plan's {total} modelled targets can be promised as "
        "they stand with {confidence} confidence{others}; each of the other {cut} would be "
        "broken with a chance above {risk}.",
    ),
    "promises.answer_others": ("（{list}）", " ({list})"),
    "promises.answer_at": ("{confidence}把握：{kept}项", "{confidence}: {kept}"),
    "promises.answer_kept": ("可以原样承诺的是：{list}{more}。", "As they stand: {list}{more}."),
    "promises.answer_kept_more": (
        "等（另有{count}项，见 promises.csv 的 keeps_goal 列）",
        ", and {count} more (column keeps_goal of promises.csv)",
    ),
    "promises.answer_cuts": (
        "按{confidence}的把握，需要下调最多的是：{list}。",
        "To be kept with {confidence} confidence, the deepest cuts are: {list}.",
    ),
    "promises.answer_cut": (
        "{name}由“{goal}”降到“{promise}”（目标值的{share}）",
        "{name}, from {goal} to {promise} ({share} of the goal)",
    ),
    "promises.nothing": ("无", "nothing"),
    "promises.answer_nothing": (
        "按{confidence}的把握什么也不能承诺的是：{list}。",
        "With {confidence} confidence nothing can be promised of: {list}.",
    ),
    "promises.answer_all": (
        "{scenario}下，规划中已建模的{total}项目标全部可以原样承诺，把握不低于{confidence}{others}。",
        "Under “{scenario}”, all of the plan's {total} modelled targets can be promised as they "
        "stand with {confidence} confidence{others}.",
    ),
    "promises.answer_scenarios": (
        "同样的把握下，可以原样承诺的目标：{list}。",
        "With the same confidence, targets that can be promised as they stand: {list}.",
    ),
    "promises.answer_scenario": ("{scenario}{kept}项", "{kept} under “{scenario}”"),
    # charts
    "promises.chart_title": (
        "{scenario}：{total}项规划目标中，{kept}项可以按{confidence}的把握原样承诺",
        "{scenario}: {kept} of {total} targets of the plan can be promised as they stand with "
        "{confidence} confidence",
    ),
    "promises.chart_subtitle": (
        "圆点为承诺值占目标值的比例（目标=100%），颜色为把握大小；浅色横条为{confidence}承诺值的95%区间"
        "（仅模拟误差）；粗体数字达到目标",
        "Dots: promise as a share of the goal (goal = 100 %), coloured by confidence; pale bar: "
        "95 % interval of the promise at {confidence} (simulation error only); bold numbers reach "
        "the goal",
    ),
    "promises.compare_title": (
        "按{confidence}的把握可以原样承诺的目标（共{total}项）：{list}",
        "Targets that can be promised as they stand with {confidence} confidence, of {total}: "
        "{list}",
    ),
    "promises.compare_item": ("{scenario}{kept}项", "{scenario} {kept}"),
    "promises.compare_subtitle": (
        "圆点为按{confidence}把握的承诺值占目标值的比例（目标=100%），颜色为情景；粗体数字达到目标",
        "Dots: promise kept with {confidence} confidence as a share of the goal (goal = 100 %), "
        "coloured by scenario; bold numbers reach the goal",
    ),
    "promises.clipped": (
        "▶ 超出{edge}",
        "▶ beyond {edge}",
    ),
    "promises.less": (
        "“<”类目标取目标值与承诺值之比",
        "for “<” goals the goal as a share of the promise",
    ),
    "promises.axis": ("目标=100%", "Goal = 100 %"),
}
