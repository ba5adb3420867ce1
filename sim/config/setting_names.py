"""What settings are called in both languages, by their dotted keys.

Parts of a plan and parameters carry names of their own; everything else is named here. The words
are a part of the catalogue of :mod:`sim.report.words`; they stand in this room because the passport
of a run is written here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

Path = tuple[str | int, ...]
"""A dotted key in parts; a position in a list may be a number or its digits."""

Label = Mapping[str, str]
"""A name by language, ``zh`` and ``en``."""

SETTING_WORDS: dict[str, tuple[str, str]] = {
    "budget.public_total": ("规划期公共经费", "public money of the plan period"),
    "budget.social_total": ("规划期社会经费", "social money of the plan period"),
    "budget.source_shares.*": ("公共经费来源占比（{part}）", "share of public money ({part})"),
    "budget.year_shares": ("各年经费占比", "shares of the years' money"),
    "budget.year_shares.*": ("第{number}年经费占比", "share of money in year {number}"),
    "budget.quarter_shares": ("各季经费占比", "shares of the quarters' money"),
    "budget.quarter_shares.*": ("第{number}季经费占比", "share of money in quarter {number}"),
    "budget.first_instalment": ("首付款比例", "first instalment"),
    "budget.carry_over": ("年末结转比例", "share of money carried over"),
    "budget.queue": ("付款排队规则", "rule of the queue for money"),
    "allocation.rule": ("区县经费分配规则", "rule by which districts share"),
    "allocation.weights.*": ("区县{part}的分配权重", "weight of district {part}"),
    "allocation.equity_zones": ("倾斜片区", "favoured zones"),
    "allocation.equity_zones.*": ("倾斜片区（第{number}个）", "favoured zone {number}"),
    "allocation.equity_factor": ("倾斜片区的权重倍数", "weight factor of the favoured zones"),
    "allocation.performance_share": (
        "按上年绩效分配的比例",
        "share of the weight that follows last year's delivery",
    ),
    "allocation.group_shares.*": ("各类经费占比（{part}）", "share of money for {part}"),
    "allocation.city_shares.*": ("市级留用比例（{part}）", "share that the city keeps of {part}"),
    "allocation.capital_share": ("基建资金池比例", "share of the capital pool"),
    "allocation.reallocation.enabled": ("年中经费调剂", "mid-year reallocation"),
    "allocation.reallocation.threshold": (
        "年中调剂的免调比例",
        "share that mid-year reallocation leaves alone",
    ),
    "planning.margin": ("指标余量", "margin on quotas"),
    "planning.pace": ("年度申报进度上限", "yearly pace of proposals"),
    "planning.overcommitment": ("超额安排系数", "overcommitment"),
    "definitions.*": ("{part}", "{part}"),
    "shocks.*": ("第{number}项冲击", "shock {number}"),
    "shocks.*.kind": ("第{number}项冲击的类型", "kind of shock {number}"),
    "shocks.*.start": ("第{number}项冲击的开始日期", "first day of shock {number}"),
    "shocks.*.end": ("第{number}项冲击的结束日期", "last day of shock {number}"),
    "shocks.*.size": ("第{number}项冲击的程度", "size of shock {number}"),
    "shocks.*.zones": ("第{number}项冲击涉及的片区", "zones of shock {number}"),
    "shocks.*.groups": ("第{number}项冲击涉及的领域", "groups of shock {number}"),
    "scenario": ("情景", "scenario"),
    "seed": ("随机数种子", "seed of the random numbers"),
    "replications": ("模拟次数", "number of replications"),
    "replications_per_draw": ("每组参数的模拟次数", "replications per draw of the parameters"),
    "plan": ("规划", "plan"),
    "plan.id": ("规划", "plan"),
    "plan.start": ("规划期首日", "first day of the plan"),
    "plan.end": ("规划期末日", "last day of the plan"),
    "plan.issued": ("规划印发日期", "day on which the plan was issued"),
    "plan.city": ("城市", "city"),
    "plan.city_code": ("城市代码", "code of the city"),
    "plan.districts": ("区县数据表", "table of districts"),
    "plan.sources": ("公共经费来源", "sources of public money"),
    "plan.match_source": ("区县配套来源", "source that districts match"),
    "plan.capital_group": ("基建资金池所属领域", "group of the capital pool"),
    "plan.joint_labels": ("综合判断的名称", "names of the joint rows"),
    "plan.calendar": ("年度工作日历", "calendar of the year"),
    "plan.volunteers": ("科普志愿者", "volunteers"),
    "plan.regulation": ("地方立法", "regulation"),
    "plan.experts": ("专家库", "pool of experts"),
    "plan.farmers": ("农民培训", "courses for farmers"),
    "plan.events": ("科普活动", "events"),
    "plan.governance": ("年度工作机制", "yearly cycle of governance"),
    "plan.industry": ("科普产业", "industry"),
    "plan.literacy": ("科学素质", "scientific literacy"),
}
"""Names in Chinese and English; ``*`` stands for any part of a key, the names of which the texts
call {part}, or {number} where it is a position in a list."""

_OWNERS = {
    "budget.source_shares": ("plan", "sources"),
    "allocation.group_shares": ("plan", "groups"),
    "allocation.city_shares": ("plan", "groups"),
    "definitions": ("plan", "definitions"),
}
"""Where the parts of a key have their names."""


@dataclass(frozen=True)
class SettingName:
    """The name of a setting, or of what it belongs to: ``rest`` is then the key below that."""

    label: Label
    rest: Path = ()


def setting_name(path: Path, *configs: Mapping[str, object]) -> SettingName | None:
    """What the setting at ``path`` is called; None if neither words nor configurations tell.

    A name of its own comes before that of the part of the plan or of the parameter to which it
    belongs, and this before the name of its section. The first of ``configs`` that has a name
    gives it.
    """
    own = _named(path, configs)
    if own is not None:
        return SettingName(own)
    for depth in range(len(path) - 1, 1, -1):
        for config in configs:
            label = _label_of(_at(config, path[:depth]))
            if label is not None:
                return SettingName(label, path[depth:])
    for depth in range(len(path) - 1, 0, -1):
        label = _named(path[:depth], configs)
        if label is not None:
            return SettingName(label, path[depth:])
    return None


def _named(path: Path, configs: Sequence[Mapping[str, object]]) -> Label | None:
    """The words for just this key."""
    for pattern, texts in SETTING_WORDS.items():
        parts = pattern.split(".")
        if len(parts) == len(path) and all(
            part in ("*", str(own)) for part, own in zip(parts, path, strict=True)
        ):
            if "*" not in parts:
                return {"zh": texts[0], "en": texts[1]}
            at = parts.index("*")
            part = _part_name(path, at, configs)
            number = int(path[at]) + 1 if str(path[at]).isdecimal() else path[at]
            return {
                tongue: text.format(part=part[tongue], number=number)
                for tongue, text in zip(("zh", "en"), texts, strict=True)
            }
    return None


def _part_name(path: Path, at: int, configs: Sequence[Mapping[str, object]]) -> Label:
    """The name of the part of a key at a position; the part itself if it has none."""
    owner = _OWNERS.get(".".join(str(part) for part in path[:at]))
    if owner is not None:
        for config in configs:
            named = _at(config, (*owner, path[at]))
            label = _label_of(named) or _label_of({"name": named})
            if label is not None:
                return label
    return dict.fromkeys(("zh", "en"), str(path[at]))


def _at(config: Mapping[str, object], path: Path) -> object:
    """What stands at ``path``, None if nothing does."""
    here: object = config
    for part in path:
        if isinstance(here, Mapping):
            here = here.get(part)
        elif isinstance(here, list) and str(part).isdecimal() and int(part) < len(here):
            here = here[int(part)]
        else:
            return None
    return here


def _label_of(part: object) -> Label | None:
    """The name in both languages that a part of a configuration has."""
    if not isinstance(part, Mapping):
        return None
    label = part.get("label", part.get("name"))
    if not isinstance(label, Mapping) or not {"zh", "en"} <= set(label):
        return None
    return {"zh": str(label["zh"]), "en": str(label["en"])}
