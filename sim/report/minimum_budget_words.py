"""The words of the smallest budgets: a part of the catalogue in ``words``."""

from __future__ import annotations

MINIMUM_BUDGET_WORDS: dict[str, tuple[str, str]] = {
    "minimum.title": (
        "{city}：以{level}的概率达标，最少需要多少公共经费",
        "{city}: the smallest public budget that meets a target with {level}",
    ),
    "minimum.caption": (
        "情景：{scenario}；五年公共经费{base}，最多试到{largest}；搜索用{replications}、{budgets}档经费",
        "Scenario: {scenario}; public money of five years {base}, tried up to {largest}; "
        "search: {replications} at {budgets} budgets",
    ),
    "minimum.column.budget": ("最少经费（95%区间）", "Smallest budget (95 %)"),
    "minimum.column.times": ("倍数", "Times"),
    "minimum.column.base": ("现有经费下", "As planned"),
    "minimum.column.max": ("最大经费下", "At the most"),
    "minimum.column.confirmed": ("独立复核", "Confirmed"),
    "minimum.column.obstacle": ("加钱后仍受制于", "Held back at the most by"),
    "minimum.section.met_anyway": ("不花钱也能达标", "Met without any money"),
    "minimum.section.social_enough": (
        "有社会资金即可，无需公共经费",
        "Social money is enough: no public money needed",
    ),
    "minimum.section.within": ("现有经费以内买得到", "Within the budget as planned"),
    "minimum.section.around": (
        "与现有经费相当，是否够用尚难判定",
        "About as much as planned: the interval holds it",
    ),
    "minimum.section.beyond": ("须增加经费才买得到", "Needs more than the budget as planned"),
    "minimum.section.undecided": ("模拟误差之内，尚难判定", "Too close to call"),
    "minimum.section.out_of_reach": ("再多经费也买不到", "Out of reach of money"),
    "minimum.doubt.nothing": (
        "不花钱时的概率就在{level}上下",
        "too close to {level} without money",
    ),
    "minimum.doubt.maximum": ("经费到顶时仍在{level}上下", "too close to {level} at the most"),
    "minimum.range": ("{budget}（{low}–{high}）", "{budget} ({low}–{high})"),
    "minimum.open_range": ("{budget}（{low}起）", "{budget} ({low} or more)"),
    "minimum.joint_obstacle": ("{target}：{stage}", "{target}: {stage}"),
    "minimum.note": (
        "最少经费为五年公共经费，社会资金不变；区间含模拟误差和所试经费档的间隔。独立复核：另取随机数，在该经费处"
        "的达标概率；▼ 表示其95%区间低于要求。倍数以现有公共经费为1。",
        "Smallest budget: public money of five years, social money unchanged; the interval holds "
        "simulation error and the distance between the budgets tried. Confirmed: probability there "
        "with other random numbers; ▼ if its 95 % interval lies below the level. Multiples are of "
        "the public budget as planned.",
    ),
    "minimum.note.wide": (
        "≈ 区间比要求的更宽：增大 study.cap 可继续收窄。",
        "≈ interval wider than asked: a larger study.cap goes on narrowing it.",
    ),
    "minimum.note.falls": (
        "↓ 经费过多时达标概率反而明显下降（与其他目标争用人员、施工力量）。",
        "↓ more money surely lowers the probability somewhere (targets compete for scarce people).",
    ),
    # the answer
    "minimum.answer": (
        "{total}项目标中，要以{level}的概率达标，{list}。",
        "Of {total} targets, met with {level} {list}.",
    ),
    "minimum.answer.met_anyway": ("不花钱也能做到的有{count}项", "without any money: {count}"),
    "minimum.answer.social_enough": (
        "有社会资金即可的有{count}项",
        "with social money alone: {count}",
    ),
    "minimum.answer.within": (
        "在现有公共经费（五年{base}）之内即可买到的有{count}项",
        "within the public budget as planned ({base} in five years): {count}",
    ),
    "minimum.answer.around": (
        "所需与现有公共经费（五年{base}）相当、是否够用尚难判定的有{count}项",
        "with about as much as planned ({base} lies within the interval): {count}",
    ),
    "minimum.answer.beyond": ("须增加公共经费的有{count}项", "with more public money: {count}"),
    "minimum.answer.none": ("没有一项能用钱买到", "with any of these budgets: none"),
    "minimum.answer.none_surely": (
        "没有一项确定能用钱买到",
        "for sure with any of these budgets: none",
    ),
    "minimum.answer.dearest": (
        "其中最贵的一项“{target}”需要{budget}（{range}{times}）。",
        "The dearest of those with a price, “{target}”, takes {budget} ({range}{times}).",
    ),
    "minimum.answer.times": ("，约为现有经费的{times}倍", ", about {times} times as planned"),
    "minimum.answer.interval": ("95%区间{low}至{high}", "95 % interval {low} to {high}"),
    "minimum.answer.from": ("95%区间下限{low}", "95 % interval from {low}"),
    "minimum.answer.stuck": (
        "经费增至{largest}也买不到的有{count}项{reasons}。",
        "Out of reach even with {largest}: {count}{reasons}.",
    ),
    "minimum.answer.reasons": ("，卡在{list}", ", held back by {list}"),
    "minimum.answer.reason": ("{stage}（{count}项）", "{stage} ({count})"),
    "minimum.answer.undecided": (
        "处在模拟误差之内、增加模拟次数才能判定的有{count}项。",
        "Too close to call without more replications: {count}.",
    ),
    "minimum.answer.joint": (
        "要让全部目标同时达标，{verdict}。",
        "Meeting all targets at once {verdict}.",
    ),
    "minimum.answer.joint.out_of_reach": ("多少经费都不够", "is beyond any of these budgets"),
    "minimum.answer.joint.undecided": ("尚难判定", "is too close to call"),
    "minimum.answer.joint.money_bound": ("需要{budget}", "takes {budget}"),
    "minimum.answer.joint.met_anyway": ("不必花钱", "takes no money"),
    "minimum.answer.joint.social_enough": ("有社会资金即可", "takes social money alone"),
    "minimum.answer.cost": (
        "搜索共用{search}次模拟；对每项目标都同样精确的均匀网格需要{budgets}档经费和"
        "没有经费的一档，每档{each}次，共{grid}次。",
        "The search took {search} replications; an even grid as precise for every target would "
        "take {grid}: {budgets} budgets, and no money at all, with {each} each.",
    ),
    # charts
    "minimum.chart.title": (
        "{total}项目标以{level}的概率达标：{list}",
        "{total} targets, met with {level}: {list}",
    ),
    "minimum.chart.met_anyway": ("不花钱也行{count}项", "without money {count}"),
    "minimum.chart.social_enough": ("社会资金即可{count}项", "with social money alone {count}"),
    "minimum.chart.within": (
        "现有公共经费之内{count}项",
        "within the budget as planned {count}",
    ),
    "minimum.chart.around": ("与之相当{count}项", "with about as much {count}"),
    "minimum.chart.beyond": ("须加钱{count}项", "with more {count}"),
    "minimum.chart.undecided": ("尚难判定{count}项", "too close to call {count}"),
    "minimum.chart.out_of_reach": ("加钱也不行{count}项", "out of reach {count}"),
    "minimum.chart.subtitle": (
        "圆点为达标所需的最少公共经费（五年合计），横线为95%区间；虚线为现有经费{base}；社会资金不变",
        "Dot: smallest public budget of five years that suffices; line: 95 % interval; dashed: the "
        "budget as planned, {base}; social money unchanged",
    ),
    "minimum.chart.subtitle_nothing": (
        "圆点为达标所需的最少公共经费（五年合计），横线为95%区间；现有经费为{base}；社会资金不变",
        "Dot: smallest public budget of five years that suffices; line: 95 % interval; the budget "
        "as planned is {base}; social money unchanged",
    ),
    "minimum.chart.nothing": ("不花钱时的达标概率", "Probability without money"),
    "minimum.chart.zero": ("无公共经费时的达标概率", "Probability without public money"),
    "minimum.chart.max": ("经费最多时的达标概率", "Probability at the largest budget"),
    "minimum.chart.reason": ("{stage}：{note}", "{stage}: {note}"),
    "minimum.curves.title": (
        "多花钱能换来多少把握：{count}项由经费决定的目标",
        "What more money buys: {count} targets that hang on money",
    ),
    "minimum.curves.subtitle": (
        "圆点为各档经费下的达标概率及95%区间，线为单调拟合；竖带为最少经费的95%区间，"
        "菱形为独立复核；虚线为现有经费",
        "Dots: probability at a budget, 95 % interval; line: rising fit; band: 95 % interval of "
        "the smallest budget; diamond: confirmed by other random numbers; dashed: as planned",
    ),
}
