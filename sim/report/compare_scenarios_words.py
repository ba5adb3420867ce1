"""The words of a comparison of scenarios: a part of the catalogue in ``words``."""

from __future__ import annotations

COMPARE_WORDS: dict[str, tuple[str, str]] = {
    "compare.points": (
        "{points}个百分点，区间{low}至{high}",
        "{points} points, interval {low} to {high}",
    ),
    "compare.of": ("{name}（共{total}项）", "{name}, of {total}"),
    # the table
    "compare.heading": ("“{scenario}”与“{reference}”相比", "“{scenario}” against “{reference}”"),
    "compare.caption_paired": (
        "{pairs}对模拟，两情景用同一组随机数；表中只列95%区间不含0的行，按变化大小排列",
        "{pairs} pairs of replications on common random numbers; only rows whose 95 % interval "
        "excludes 0, largest change first",
    ),
    "compare.caption_unpaired": (
        "{scenario}次对{reference}次模拟，随机数不同，只能按独立样本比较；表中只列95%区间不含0的行，"
        "按变化大小排列",
        "{scenario} against {reference} replications on different random numbers, compared as "
        "independent samples; only rows whose 95 % interval excludes 0, largest change first",
    ),
    "compare.dropped": (
        "有{dropped}次模拟未能成对（失败、未完成或只见于一方），已略去。",
        "Left out, because they failed, did not finish or are in one of the two only: {dropped} "
        "replications.",
    ),
    "compare.column.reference": ("参照", "Reference"),
    "compare.column.scenario": ("情景", "Scenario"),
    "compare.column.difference": ("相差（百分点）", "Difference, points"),
    "compare.column.pairs": ("得／失", "Gained/lost"),
    "compare.column.value": ("均值变化", "Change of the mean"),
    "compare.none": (
        "没有一行的达标概率有看得出的变化。",
        "No row changes visibly in its probability.",
    ),
    "compare.rest": (
        "其余{rest}行的达标概率看不出变化，其中{moved}行的均值有变化，"
        "{same}行在每一次模拟中都完全相同。",
        "Rows without a visible change of probability: {rest}; the mean of {moved} of them "
        "changes, and {same} are the same in every replication.",
    ),
    "compare.rest_unpaired": (
        "其余{rest}行的达标概率看不出变化，其中{moved}行的均值有变化。",
        "Rows without a visible change of probability: {rest}; the mean of {moved} of them "
        "changes.",
    ),
    "compare.note_pairs": (
        "得／失：只在新情景下、只在参照情景下达标的模拟对数。",
        "Gained/lost: pairs in which the target is met in the scenario alone, in the reference "
        "alone.",
    ),
    "compare.note": (
        "括号内为95%区间（仅模拟误差），每个区间只对本行而言：若全部{rows}行其实无变化，"
        "也可能有约{chance:.0f}行的区间碰巧不含0。",
        "In brackets: 95 % intervals (simulation error only), each for its own row: if nothing "
        "changed in any of the {rows} rows, some {chance:.0f} intervals might exclude 0 by chance.",
    ),
    # the first difference
    "compare.first": (
        "事件记录最早在{date}出现差别（第{replication}次模拟）：只见于参照情景的首件事——{ours}；"
        "只见于新情景的首件事——{theirs}{more}。",
        "Their event logs first differ on {date} (replication {replication}). Only in the "
        "reference, to begin with: {ours}. Only in the scenario: {theirs}{more}.",
    ),
    "compare.first_more": (
        "（当天只见于一方的事共{count}件）",
        " (in all, events of that day in one of them alone: {count})",
    ),
    "compare.first_one": (
        "事件记录最早在{date}出现差别（第{replication}次模拟）：只见于{side}的首件事——{event}{more}。",
        "Their event logs first differ on {date} (replication {replication}). In {side} alone, to "
        "begin with: {event}{more}.",
    ),
    "compare.side.reference": ("参照情景", "the reference"),
    "compare.side.other": ("新情景", "the scenario"),
    "compare.first_never": (
        "在重放的{traced}次模拟中，两情景的事件记录完全相同。",
        "In the {traced} replications that were logged, the two event logs are equal.",
    ),
    "compare.first_unreadable": (
        "事件记录无法重放：现有程序读不懂该次运行的配置。",
        "The event logs cannot be made again: this version does not understand the configuration "
        "of the runs.",
    ),
    "compare.first_unpaired": (
        "随机数不同，逐日比较事件记录没有意义。",
        "The random numbers differ, so comparing event logs day by day would mean nothing.",
    ),
    "compare.other_code": (
        "注意：两次运行所用的程序或软件包版本不同，差别也可能由此而来。",
        "Caution: the runs were made by different versions of the code or its packages, which may "
        "be what differs.",
    ),
    "compare.step": ("{place}“{programme}”：{event}", "{programme}, {place}: {event}"),
    # the answer
    "compare.answer.count": (
        "与“{reference}”相比，“{scenario}”使{total}项规划目标中的{less}项达标概率下降、{more}项上升"
        "（95%区间不含0），其余{rest}项看不出变化",
        "“{scenario}” makes {less} of the {total} modelled targets of the plan less likely and "
        "{more} more likely than “{reference}” (95 % interval excludes 0); the other {rest} do not "
        "change visibly",
    ),
    "compare.answer.losses": ("降幅最大的是{list}", "the largest losses: {list}"),
    "compare.answer.gains": ("升幅最大的是{list}", "the largest gains: {list}"),
    "compare.answer.target": (
        "{target}（{reference}→{scenario}，{difference}）",
        "{target} ({reference} to {scenario}, {difference})",
    ),
    "compare.answer.met": (
        "平均达标项数由{reference}项变为{scenario}项，相差{difference}项（95%区间{low}至{high}项）",
        "the mean number of targets met goes from {reference} to {scenario}, a difference of "
        "{difference} (95 % interval {low} to {high})",
    ),
    "compare.answer.saved": (
        "两情景用同一组随机数，这一差值的精度相当于各自独立模拟{factor}倍的次数",
        "thanks to common random numbers that difference is as precise as with {factor} times the "
        "replications on independent ones",
    ),
    "compare.answer.lost": (
        "同一组随机数在此没有帮助（方差比{factor}）",
        "common random numbers do not help here (variance ratio {factor})",
    ),
    "compare.answer.unpaired": (
        "两次运行随机数不同，区间按独立样本计算，因而较宽",
        "the runs used different random numbers, so the intervals are those of independent "
        "samples, and wider",
    ),
    # charts
    "compare.title": (
        "“{scenario}”与“{reference}”相比：{total}项规划目标中{less}项更难实现，{more}项更易实现",
        "“{scenario}” against “{reference}”: {less} of {total} targets less likely to be met, "
        "{more} more likely",
    ),
    "compare.title_met": (
        "平均达标项数相差{difference}项（{low}至{high}）",
        "targets met {difference} on average ({low} to {high})",
    ),
    "compare.subtitle": (
        "圆圈为参照情景，实点为新情景；彩色粗线：差值的95%区间不含0（仅模拟误差），灰色细线：看不出变化",
        "Ring: reference; dot: scenario; thick and in colour where the 95 % interval of the "
        "difference excludes 0 (simulation error only), thin and grey where not",
    ),
    "compare.more": ("更易实现", "more likely"),
    "compare.less": ("更难实现", "less likely"),
    "compare.unchanged": ("看不出变化", "no visible change"),
    "compare.chance": ("达标概率", "Chance"),
    "compare.difference": ("相差（百分点，95%区间）", "Difference, points (95 %)"),
    "compare.footer": ("{scenario} 对比 {reference}", "{scenario} against {reference}"),
    "compare.footer_all": (
        "{count}个情景对比 {reference}",
        "{count} scenarios against {reference}",
    ),
    "compare.overview_title": (
        "平均达标项数：“{best}”最多（{most}项），“{worst}”最少（{least}项）",
        "Targets met on average: most under “{best}” ({most}), fewest under “{worst}” ({least})",
    ),
    "compare.overview_title_none": (
        "平均达标项数：各情景与“{reference}”（{mean}项）的差别都在模拟误差之内",
        "Targets met on average: no scenario differs from “{reference}” ({mean}) beyond simulation "
        "error",
    ),
    "compare.overview_subtitle": (
        "共{total}项已建模的规划目标；圆点为均值，横线为均值的95%区间（仅模拟误差），竖虚线为参照情景",
        "Of {total} modelled targets of the plan; dot: mean; line: its 95 % interval (simulation "
        "error only); dashed: the reference",
    ),
    "compare.overview_mean": ("平均达标项数", "Targets met"),
    "compare.overview_difference": ("与参照相差（95%区间）", "Difference (95 %)"),
    "compare.overview_reference": ("参照", "reference"),
}
