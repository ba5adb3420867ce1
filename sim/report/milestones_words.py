"""The words of the study of milestones: a part of the catalogue in ``words``."""

from __future__ import annotations

MILESTONES_WORDS: dict[str, tuple[str, str]] = {
    "milestones.title": ("年末预警线", "Tripwires at the ends of years"),
    "milestones.caption": (
        "{scenario}；{replications}；年末数值达不到预警线时，期末达标概率依次低于{levels}；括号内为该日中位数",
        "{scenario}; {replications}; a reading short of the tripwire leaves a chance of success "
        "below {levels}, in turn; median at that date in brackets",
    ),
    "milestones.date": ("{year}年底", "end of {year}"),
    "milestones.note": (
        "预警线是达标概率首次达到该水平的数值：低于它（“<”类目标：高于它）就是警报。“—”表示没有预警线，"
        "原因见 milestones.csv 的 reason 列。",
        "A tripwire is the first value at which the chance reaches the level: a reading below it "
        "(for “<” goals above it) is an alarm. A dash: no tripwire; column reason of "
        "milestones.csv says why.",
    ),
    "milestones.without": (
        "{reason}（{count}项）：{list}。",
        "{reason} ({count}): {list}.",
    ),
    "milestones.reason.safe": (
        "几乎必成（达标概率的95%区间在{most}以上）",
        "As good as met (95 % interval of the chance above {most})",
    ),
    "milestones.reason.lost": (
        "几乎必败（达标概率的95%区间在{least}以下）",
        "As good as missed (95 % interval of the chance below {least})",
    ),
    "milestones.reason.few_hits": (
        "达标的模拟不足{fewest}次，无从设线",
        "Met in fewer than {fewest} histories, too few to tell what they have in common",
    ),
    "milestones.reason.few_misses": (
        "落空的模拟不足{fewest}次，无从设线",
        "Missed in fewer than {fewest} histories, too few to tell what they have in common",
    ),
    "milestones.reason.other": (
        "任何一个年末的数值都不能预示结果",
        "No reading at the end of a year foretells the outcome",
    ),
    "milestones.answer_none": (
        "{scenario}下，{date}的数值还看不出任何一项规划目标的成败。",
        "Under “{scenario}”, readings at the {date} do not yet tell whether any target of the plan "
        "will be met.",
    ),
    "milestones.answer": (
        "{scenario}下，{date}（规划过半后的第一个年末）的数值最能预示成败的是：{list}。",
        "Under “{scenario}”, readings at the {date}, the first year end after the plan's middle, "
        "tell most about: {list}.",
    ),
    "milestones.answer_target": (
        "{name}，{wires}（最终落空的模拟有{caught}{side}{value}，最终达标的有{false_alarms}）",
        "{name}, {wires}; {caught} of the histories that miss it are {side} {value} then, and "
        "{false_alarms} of those that meet it",
    ),
    "milestones.answer_wire": (
        "{side}{value}{unit}{interval}则达标概率不足{level}",
        "whose chance falls under {level} {side} {value} ({unit}{interval})",
    ),
    "milestones.answer_more": (
        "，{side}{value}则不足{level}",
        " and under {level} {side} {value}",
    ),
    "milestones.interval": ("（95%区间{low}–{high}）", "; 95 % interval {low} to {high}"),
    "milestones.side_below": ("低于", "below"),
    "milestones.side_above": ("高于", "above"),
    "milestones.answer_rest": (
        "已建模的{total}项规划目标中，这一天有{level}预警线的有{count}项。",
        "Tripwires ({level}) at that date: {count}, of {total} modelled targets of the plan.",
    ),
    "milestones.answer_decided": (
        "结果几乎已成定局、不必等到中期的有{count}项：必成{safe}项，必败{lost}项"
        "（达标概率的95%区间在{most}以上或{least}以下）。",
        "As good as decided, whatever is reported at mid-term: {count} (met {safe}, missed {lost}; "
        "95 % interval of the chance above {most} or below {least}).",
    ),
    "milestones.answer_few": (
        "达标或落空的模拟不足{fewest}次、还不足以判断的有{count}项，增加模拟次数或可判断。",
        "Too few histories on one side to tell (fewer than {fewest}): {count}; more replications "
        "may tell.",
    ),
    "milestones.answer_silent": (
        "其余{count}项此时的数值还说明不了什么。",
        "No reading at that date tells yet: {count}.",
    ),
    # charts
    "milestones.chart_title": (
        "{group}：{date}最能预示成败的是{target}，{side}{value}{unit}时达标概率不足{level}",
        "{group}: at the {date} “{target}” tells most; the chance is under {level} {side} {value} "
        "({unit})",
    ),
    "milestones.chart_title_plain": (
        "{group}：达标与落空的模拟在何时拉开差距",
        "{group}: when the histories that meet a target part from those that miss it",
    ),
    "milestones.chart_subtitle": (
        "蓝：最终达标的模拟，橙：最终落空的模拟（线为中位数，色带为5–95%）；短横为年末预警线，竖线为其95%区间："
        "{levels}；虚线为目标值",
        "Blue: histories that meet the target in the end; orange: those that miss it (line: "
        "median, band: 5–95 %). Short bars: tripwires with 95 % interval: {levels}. Dashed: the "
        "goal",
    ),
    "milestones.chart_level": ("{colour}{level}", "{colour} {level}"),
    "milestones.chart_chance": ("达标概率{chance}", "chance {chance}"),
    "milestones.colour.0": ("黑", "black"),
    "milestones.colour.1": ("紫", "purple"),
    "milestones.colour.2": ("绿", "green"),
    "milestones.colour.3": ("灰", "grey"),
}
