"""The words for what a run changes of its scenario: a part of the catalogue in ``words``."""

from __future__ import annotations

CHANGE_WORDS: dict[str, tuple[str, str]] = {
    "change.with": ("{scenario}，改动：{changes}", "{scenario}, with: {changes}"),
    "change.more": (
        "{list}等，另有{count}项见passport.csv",
        "{list} and {count} more, see passport.csv",
    ),
    "change.number": ("{name}{value}", "{name} {value}"),
    "change.choice": ("{name}（{value}）", "{name} ({value})"),
    "change.part": ("{name}为{value}", "{name} {value}"),
    "change.shock": ("{kind}{size}（{details}）", "{kind} {size} ({details})"),
    "change.share": ("{share}%", "{share} %"),
    "change.time": ("{start}至{end}", "{start} to {end}"),
    "change.shocks": ("只剩原有冲击中的{count}项", "no more than {count} of the shocks"),
    "change.no_shocks": ("没有冲击", "no shocks"),
    "change.on": ("启用", "on"),
    "change.off": ("停用", "off"),
    "change.none": ("无", "none"),
    # values that are names
    "choice.budget.queue.strict": (
        "先到先付，后者等待",
        "a claim that cannot be paid blocks later ones",
    ),
    "choice.budget.queue.backfill": ("小额可先付", "smaller claims may pass first"),
    "choice.allocation.rule.population": ("按人口", "by population"),
    "choice.allocation.rule.equal": ("各区县相同", "the same for all"),
    "choice.allocation.rule.need": ("按缺口", "by need"),
    "choice.allocation.rule.equity": ("向部分片区倾斜", "by population, some zones favoured"),
    "choice.allocation.rule.performance": ("按上年绩效", "by last year's delivery"),
    "choice.allocation.rule.custom": ("自定权重", "by own weights"),
    # parts of what has a name of its own
    "part.goal": ("目标值", "goal"),
    "part.baseline": ("基期值", "baseline"),
    "part.deadline": ("期限", "deadline"),
    "part.comparator": ("比较方式", "comparator"),
    "part.kind": ("分布类型", "kind"),
    "part.low": ("下限", "low"),
    "part.mode": ("最可能值", "mode"),
    "part.high": ("上限", "high"),
    "part.value": ("取值", "value"),
    "part.median": ("中位数", "median"),
    "part.sigma": ("离散程度", "sigma"),
}
