"""The words of the study of bottlenecks: a part of the catalogue in ``words``."""

from __future__ import annotations

BOTTLENECK_WORDS: dict[str, tuple[str, str]] = {
    "bottleneck.together": ("全部", "All at once"),
    # tables and charts
    "bottleneck.title": (
        "“{relief}”是{total}项规划目标中{count}项的首要约束：单独放开它，这些目标的达标概率提高最多",
        "“{relief}” binds {count} of {total} targets: there, lifting it alone gains most",
    ),
    "bottleneck.title_none": (
        "单独放开任何一项约束，都没有目标的达标概率明显提高",
        "No single constraint, if lifted, gains anything for any target",
    ),
    "bottleneck.subtitle": (
        "数字为放开该项约束后达标概率的增量（百分点），同一批模拟成对比较；灰色小字：95%区间含0；粗框：单项中增量最大",
        "Gain in the chance of being met when the constraint alone is lifted, percentage points, "
        "paired replications; small grey: 95 % interval includes 0; frame: largest single gain",
    ),
    "bottleneck.chance": ("现状", "As it is"),
    "bottleneck.ledger": ("延误台账所指", "Ledger points to"),
    "bottleneck.agrees": ("✓ 台账所指即增量最大的约束", "✓ the ledger names the best relief"),
    "bottleneck.loss": ("橙红：达标概率下降", "vermilion: a loss"),
    "bottleneck.met": (
        "现状达标概率已不低于80%，放开约束无明显增量：{list}。",
        "Likely to be met as it is (80 % or more), nothing to gain: {list}.",
    ),
    "bottleneck.point": ("{sign}{points}", "{sign}{points}"),
    "bottleneck.caption": (
        "放开一项约束后达标概率的增量，百分点（{pairs}对模拟）",
        "Gain in chance when one constraint is lifted, percentage points ({pairs} pairs)",
    ),
    "bottleneck.heading": ("哪一项约束最要紧", "Which constraint binds"),
    "bottleneck.count": ("平均达标项数（共{total}项）", "Mean number met, of {total}"),
    "bottleneck.note": (
        "( ) 增量的95%区间含0；[ ] 单项中增量最大；✓ 台账所指即该项。"
        "台账：未达标的模拟中，缺口最大的原因。",
        "( ) 95 % interval of the gain includes 0; [ ] largest single gain; ✓ the ledger names the "
        "same. Ledger: the reason of most missing units where the target is missed.",
    ),
    # the number of targets met
    "bottleneck.count_title": (
        "放开“{relief}”，平均多实现{gain}项目标；全部放开，多实现{together}项",
        "Lifting “{relief}” alone adds {gain} targets on average; lifting all adds {together}",
    ),
    "bottleneck.count_title_one": (
        "放开“{relief}”，平均多实现{gain}项目标",
        "Lifting “{relief}” adds {gain} targets on average",
    ),
    "bottleneck.count_title_none": (
        "单独放开任何一项约束，平均达标项数都没有明显增加",
        "No single constraint, if lifted, raises the number of targets met beyond simulation error",
    ),
    "bottleneck.title_tied": (
        "{list}各是{total}项规划目标中{count}项的首要约束：单独放开它，这些目标的达标概率提高最多",
        "{list} bind {count} of {total} targets each: there, lifting it alone gains most",
    ),
    "bottleneck.quoted": ("“{relief}”", "“{relief}”"),
    "bottleneck.count_subtitle": (
        "平均达标项数（共{total}项）：浅色为现状{base}项，深色为增量，横线和方括号为增量的95%区间（仅模拟误差）",
        "Mean number of targets met, of {total}: light, {base} as it is; dark, what is gained; "
        "line and brackets, 95 % interval of the gain (simulation error only)",
    ),
    "bottleneck.sum": (
        "▲ 各单项增量之和所到之处",
        "▲ where the single gains would add up to",
    ),
    # the answer
    "bottleneck.answer.best": (
        "现状下，{total}项规划目标平均实现{base}项。单独放开一项约束，收益最大的是“{relief}”：平均多实现"
        "{gain}项（95%区间{low}至{high}），并且是{count}项目标增量最大的约束",
        "As things are, {base} of {total} targets are met on average. Of single constraints, "
        "lifting “{relief}” gains most: {gain} more targets on average (95 % interval {low} to "
        "{high}), and it is the relief that gains most for {count} targets",
    ),
    "bottleneck.answer.none": (
        "现状下，{total}项规划目标平均实现{base}项。单独放开任何一项约束，平均达标项数都没有明显增加",
        "As things are, {base} of {total} targets are met on average. No single constraint, if "
        "lifted, raises that number beyond simulation error",
    ),
    "bottleneck.answer.others": ("；其余依次为{list}。", "; then {list}."),
    "bottleneck.answer.end": ("。", "."),
    "bottleneck.answer.other": ("“{relief}”（{gain}项）", "“{relief}” ({gain})"),
    "bottleneck.answer.together": (
        "全部放开，平均多实现{gain}项，{comparison}。",
        "Lifting all of them at once gains {gain} targets, {comparison}.",
    ),
    "bottleneck.answer.more": (
        "比各项单独收益之和（{sum}项）还多{difference}项：约束相互遮挡，只放开一项，另一项随即卡住",
        "{difference} more than the single gains add up to ({sum}): constraints hide behind each "
        "other, and where one is lifted the next one binds",
    ),
    "bottleneck.answer.less": (
        "比各项单独收益之和（{sum}项）少{difference}项：有些目标放开任一项都能受益，收益不能相加",
        "{difference} fewer than the single gains add up to ({sum}): some targets are helped by "
        "either of two reliefs, and gain only once",
    ),
    "bottleneck.answer.equal": (
        "与各项单独收益之和（{sum}项）相差不出模拟误差",
        "as many as the single gains add up to ({sum}), within simulation error",
    ),
    "bottleneck.answer.several": (
        "有{count}项目标要几项约束同时放开才见全效，最明显的是（单项至多→全部，百分点）：{list}。",
        "{count} targets need several at once, most of all (points gained with the best single "
        "relief → with all): {list}.",
    ),
    "bottleneck.answer.one_and_all": (
        "{target}（{one}→{all}）",
        "{target} ({one} → {all})",
    ),
    "bottleneck.answer.losses": (
        "放开约束也有副作用：{list}。",
        "Relief can harm: {list}.",
    ),
    "bottleneck.answer.loss": (
        "单独放开“{relief}”，{target}的达标概率反而下降{points}个百分点",
        "lifting “{relief}” alone lowers the chance of {target} by {points} points",
    ),
    "bottleneck.answer.helpless": (
        "全部放开也无明显改善、达标概率仍低于80%的有{count}项（括号内为延误台账所指）：{list}；仅放开这几项约束，不足以使其实现。",
        "Below 80 % and not helped even by lifting all of them are {count} targets (in brackets, "
        "what the delay ledger says): {list}; for these, lifting what was tried is not enough.",
    ),
    "bottleneck.answer.helpless_one": (
        "放开这一项仍无明显改善、达标概率低于80%的有{count}项（括号内为延误台账所指）：{list}。",
        "Below 80 % and not helped by lifting it are {count} targets (in brackets, what the delay "
        "ledger says): {list}.",
    ),
    "bottleneck.answer.all_helped": (
        "达标概率低于80%的目标，都能因放开约束而改善。",
        "Every target below 80 % is helped by some relief.",
    ),
    "bottleneck.answer.target": ("{target}（{note}）", "{target} ({note})"),
    "bottleneck.answer.agreement": (
        "与延误台账对照：放开单项约束能改善的{judged}项目标中，台账所指正是增量最大的那项约束的有"
        "{agreed}项（{share}）{except_}。",
        "Checked against the delay ledger: of {judged} targets that a single relief helps, it "
        "names that very constraint for {agreed} ({share}){except_}.",
    ),
    "bottleneck.answer.except": ("，不一致的是{list}", "; it is not for {list}"),
    "bottleneck.answer.differs": (
        "{target}（台账：{stage}；增量最大：{relief}）",
        "{target} (ledger: {stage}; best relief: {relief})",
    ),
}
