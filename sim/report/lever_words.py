"""The words for what a command line chooses: a part of the catalogue in ``words``.

Names of the most usual levers stand with the words of sweeps; here are groups of the configuration,
their choices, and settings that are no numbers. A choice of the user's own has no words.
"""

from __future__ import annotations

LEVER_WORDS: dict[str, tuple[str, str]] = {
    "lever.chosen": ("{lever}：{setting}", "{lever}: {setting}"),
    "lever.group_share": ("{group}的经费份额", "share of money for {group}"),
    "choice.true": ("是", "yes"),
    "choice.false": ("否", "no"),
    # groups and their choices
    "lever.allocation": ("分配办法", "allocation"),
    "choice.allocation.custom": ("自定权重", "weights of one's own"),
    "choice.allocation.equal": ("各区县均等", "equal for all districts"),
    "choice.allocation.equity": (
        "按人口，向渝东北、渝东南倾斜",
        "by population, with weight to northeast and southeast",
    ),
    "choice.allocation.need": ("按缺口", "by need"),
    "choice.allocation.performance": ("按上年完成情况", "by last year's performance"),
    "choice.allocation.population": ("按人口", "by population"),
    "lever.budget": ("经费方案", "budget"),
    "choice.budget.austerity": ("公共资金减少30%", "public money -30 %"),
    "choice.budget.back_loaded": ("资金后置", "back-loaded"),
    "choice.budget.baseline": ("基准", "baseline"),
    "choice.budget.double": ("公共资金翻倍", "public money doubled"),
    "choice.budget.expansion": ("公共资金增加50%", "public money +50 %"),
    "choice.budget.front_loaded": ("资金前置", "front-loaded"),
    "choice.budget.zero": ("无经费", "no money"),
    "lever.shocks": ("冲击", "shocks"),
    "choice.shocks.contractor_shortage": ("施工力量短缺", "contractor shortage"),
    "choice.shocks.epidemic_2020": ("2020年疫情", "epidemic of 2020"),
    "choice.shocks.frozen_hiring": ("编制冻结", "frozen hiring"),
    "choice.shocks.late_release": ("拨款滞后", "late releases"),
    "choice.shocks.mid_term_cut": ("中期削减", "mid-term cut"),
    "choice.shocks.none": ("无", "none"),
    "lever.definitions": ("口径", "definitions"),
    "lever.parameters": ("参数", "parameters"),
    "lever.plan": ("规划", "plan"),
    "lever.planning": ("申报习惯", "planning habits"),
    # settings that are no numbers
    "lever.allocation.reallocation.enabled": ("年中调剂资金", "reallocation in July"),
    "lever.budget.queue": ("付款顺序", "order of payments"),
    "choice.budget.queue.strict": ("严格依次", "strict"),
    "choice.budget.queue.backfill": ("后面的小额可先付", "smaller claims may pass"),
}
