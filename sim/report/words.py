"""The one catalogue of interface words, in Chinese and English.

Names of targets, programmes, groups and readings are data and come with the results; everything
else a reader sees in a table or chart is written here. Words with ``{fields}`` are filled with
:meth:`str.format`. ``language`` is ``zh`` or ``en``, or ``both`` where a function says so.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

Tongue = Literal["zh", "en"]
Language = Literal["zh", "en", "both"]

# Stages of a project's life, in the order in which ties are settled (earlier first), then the
# reasons why a unit was never proposed, then why a title or a post was not obtained.
_STAGES: dict[str, tuple[str, str, str, str]] = {
    "calendar": ("等窗口期", "calendar", "等待下一次申报窗口", "waiting for the next window"),
    "review": ("评审", "review", "在评审排队、评审或退回修改", "queueing for or under review"),
    "money": ("等资金", "money", "资金未到位，合同或尾款在排队", "an instalment waits for cash"),
    "crew": ("等施工队", "crew", "片区内施工力量不足", "no building crew free in the zone"),
    "building": ("建设", "building", "建设期超出常规工期", "building beyond its usual time"),
    "staff": ("等人员", "staff", "建成后缺少人员，不能开放", "built, but no people to open it"),
    "unproposed:pace": (
        "申报进度限制", "yearly pace",
        "未申报：超过每年可申报的比例", "not proposed: above the yearly pace",
    ),
    "unproposed:money_in_sight": (
        "预期资金不足", "money in sight",
        "未申报：可预见的资金不够", "not proposed: too little money in sight",
    ),
    "unproposed:not_yet_allowed": (
        "尚不可申报", "not yet open",
        "未申报：申报窗口未开放", "not proposed: no window was open",
    ),
    "unproposed:no_round": (
        "未组织申报", "no round",
        "未申报：当年未组织申报", "not proposed: the year's round was not held",
    ),
    "unmet:next_round": (
        "待下批命名", "next round",
        "建成太晚，赶不上末批命名", "opened too late for the last round",
    ),
    "unmet:not_planned": (
        "规划未涵盖", "not planned for",
        "规划按另一口径安排", "planning follows the other reading",
    ),
    "unmet:promoted": ("已晋级", "promoted", "晋级后不再计入本级", "named at the level above"),
    "unmet:no_round": (
        "未组织命名", "no round",
        "上年未完成年终考评，当批未命名", "no naming: last year's assessment was missed",
    ),
    "unmet:round_quota": (
        "批次名额", "round quota",
        "每批命名名额有限", "too few places per naming round",
    ),
    "unmet:eligibility": (
        "条件不符", "eligibility",
        "符合申报条件的单位不足", "too few units fit to apply",
    ),
    "unmet:panel": ("评审未通过", "panel", "申报未获命名", "applications turned down"),
    "unmet:strike_off": ("摘牌", "strike-off", "考核后被取消称号", "title lost at an assessment"),
    "unmet:unfunded_post": ("岗位无经费", "unfunded posts", "没有经费设岗", "no money for posts"),
    "unmet:no_candidate": (
        "无合适人选", "no candidates",
        "无人可任或无人报名", "nobody fit or willing",
    ),
    "unmet:no_graduate": ("学历不足", "degrees", "本科以上人数不足", "too few hold a degree"),
    "unmet:no_money": ("经费不足", "no money", "没有经费可用", "no money left for it"),
    "unmet:closed": ("场所关闭", "closed", "因关闭而取消", "called off because of a closure"),
    "unmet:slipped": ("错过时限", "slipped", "未在规定时间内完成", "not done in its time"),
    "unmet:no_people": ("人手不足", "too few people", "当日可用人员不足", "too few people free"),
    "unmet:not_yet_allowed": (
        "规划尚未印发", "before the plan",
        "日期早于规划印发", "due before the plan was issued",
    ),
    "unmet:not_scheduled": (
        "安排场次不足", "too few dates",
        "日程安排的次数不够", "fewer dates than the goal needs",
    ),
    "unmet:procedure": ("程序未完", "procedure", "各阶段耗时过长", "the stages take too long"),
    "unmet:seats": ("名额不足", "seats", "培训名额不足", "too few seats in courses"),
    "unmet:too_few_births": (
        "新设企业不足", "too few founded",
        "新设立的企业太少", "too few firms are founded",
    ),
    "unmet:exits": ("企业退出", "firms closed", "已有企业停业退出", "firms that were there closed"),
    "unmet:growth": ("增长不足", "growth", "企业规模增长不够", "firms stay too small"),
    "unmet:attrition": ("人员流失", "attrition", "离岗人数多于补充", "leavers not replaced"),
    "unmet:trend": ("趋势不足", "trend", "自然增长本身不够快", "the trend itself is too slow"),
    "unmet:exposure": (
        "接触减少", "fewer contacts",
        "公众参与科普的机会少于2015年", "people met science less than in 2015",
    ),
    "unmet:survey_error": (
        "抽样误差", "survey error",
        "真实值已达到，调查未测出", "true, but the survey missed it",
    ),
}  # fmt: skip

STAGES: tuple[str, ...] = tuple(_STAGES)
WORKING_STAGES: tuple[str, ...] = tuple(stage for stage in STAGES if ":" not in stage)

_CATALOGUE: dict[str, tuple[str, str]] = {
    **{f"stage.{stage}": (zh, en) for stage, (zh, en, _, _) in _STAGES.items()},
    **{f"stage_note.{stage}": (zh, en) for stage, (_, _, zh, en) in _STAGES.items()},
    # comparators and numbers
    "comparator.>=": ("≥", "≥"),
    "comparator.>": (">", ">"),
    "comparator.<": ("<", "<"),
    "number.long": ("{number}万", "{number} million"),
    "number.large": ("{number}亿", "{number} billion"),
    "number.none": ("—", "—"),
    # the table
    "table.title": ("{plan}：目标实现情况", "{plan}: attainment of targets"),
    "table.caption": (
        "情景：{scenario}；{replications}次模拟；截止{deadline}",
        "Scenario: {scenario}; {replications} replications; deadline {deadline}",
    ),
    "column.target": ("目标", "Target"),
    "column.goal": ("目标值", "Goal"),
    "column.median": ("中位数（5–95%）", "Median (5–95 %)"),
    "column.probability": ("达标概率", "Chance"),
    "column.date": ("达标时间", "Met by"),
    "column.obstacle": ("主要制约", "Held back by"),
    "joint.heading": ("综合判断", "All targets together"),
    "joint.all": ("全部目标同时达标", "Every target holds"),
    "joint.all_group": ("{group}：全部达标", "{group}: every target holds"),
    "joint.count": ("达标项数（共{total}项）", "Targets met, of {total}"),
    "joint.count_group": ("{group}：达标项数（共{total}项）", "{group}: targets met, of {total}"),
    "note.counts": (
        "● 该口径计入综合判断；○ 另一口径，仅供对照。",
        "● this reading counts in joint rows; ○ the other reading, for comparison.",
    ),
    "note.built": (
        "本次模拟只按一种口径建设：{readings}；另一口径须另行模拟。",
        "This run builds under one reading only: {readings}; the other needs a run of its own.",
    ),
    "note.not_plan": (
        "† 规划未给出数值的目标或诊断指标，不计入综合判断。",
        "† not a number of the plan itself; left out of joint rows.",
    ),
    "note.columns": (
        "达标概率后括号内为95%区间（仅模拟误差）；达标时间为首次达标日期的中位数。",
        "Chance: with 95 % interval (simulation error only). Met by: median date first met.",
    ),
    "note.obstacles": ("主要制约：{list}。", "Held back by: {list}."),
    "note.obstacle": ("{name}（{note}）", "{name} ({note})"),
    "note.not_modelled": (
        "尚未建模的目标（{count}项）：{list}。",
        "Not modelled yet ({count}): {list}.",
    ),
    "list.separator": ("、", ", "),
    "list.clause": ("；", "; "),
    "warning.failures": (
        "警告：{total}次模拟中有{failures}次失败，以下结果只基于成功的{finished}次"
        "（见 failures.csv）。",
        "Warning: {failures} of {total} replications failed; the results rest on the {finished} "
        "that finished. See failures.csv.",
    ),
    # sentences
    "sentence.likely": (
        "在{total}项已建模的规划目标中，{likely}项很可能达标（概率不低于80%），"
        "{open}项难以预料，{unlikely}项很可能落空（概率低于20%）。",
        "Modelled targets of the plan: {total}; likely to be met (80 % or more): {likely}; "
        "could go either way: {open}; unlikely (below 20 %): {unlikely}.",
    ),
    "sentence.obstacle": (
        "在落空可能性大于达标可能性的{missed}项目标中，最常见的主要制约：{obstacles}，涉及{count}项。",
        "Among the {missed} targets more likely missed than met, the most frequent obstacle: "
        "{obstacles}, for {count} of them.",
    ),
    "sentence.no_obstacle": (
        "没有一项目标落空的可能性大于达标的可能性。",
        "No target is more likely missed than met.",
    ),
    "caution.parameter": (
        "注意：“{label}”没有公布数据，取值{range}是假设，解读结果须留意。",
        "Caution: “{label}” was never published; its value, {range}, is an assumption to be "
        "kept in mind with every result.",
    ),
    "caution.general": (
        "注意：{total}个参数中有{assumed}个是假设而非公布数据，结果取决于这些假设。",
        "Caution: {assumed} of {total} parameters are assumptions, not published figures; "
        "all results depend on them.",
    ),
    "range.mode": ("{low}–{high}（最可能{mode}）", "{low} to {high} (most likely {mode})"),
    "range.plain": ("{low}–{high}", "{low} to {high}"),
    "range.median": ("中位数{median}", "median {median}"),
    # charts
    "chart.footer": (
        "情景：{scenario} · {replications}次模拟 · 结果编号 {hash}",
        "Scenario: {scenario} · {replications} replications · result {hash}",
    ),
    "attainment.title": (
        "已建模的{total}项规划目标中，{likely}项有至少80%的把握在{year}年底前实现",
        "An 80 % chance or more of being met by the end of {year}: {likely} of the {total} "
        "modelled targets",
    ),
    "attainment.subtitle": (
        "圆点为达标概率，横线为95%区间（仅模拟误差）",
        "Dot: probability of being met; line: 95 % interval (simulation error only)",
    ),
    "attainment.axis": ("达标概率", "Probability of being met"),
    "attainment.median": ("期末中位数", "Median at the end"),
    "attainment.likely": ("≥ 80%", "≥ 80 %"),
    "attainment.open": ("20–80%", "20–80 %"),
    "attainment.unlikely": ("< 20%", "< 20 %"),
    "fan.title": (
        "{group}：已建模的{total}项目标中，{likely}项有至少80%的把握实现",
        "{group}: an 80 % chance or more of being met for {likely} of {total} modelled targets",
    ),
    "fan.subtitle": (
        "粗线为中位数，深浅色带为50%和90%的模拟结果，虚线为目标值",
        "Line: median; bands: 50 % and 90 % of replications; dashed: the goal",
    ),
    "fan.page": ("（{page}/{pages}）", " ({page} of {pages})"),
    "fan.goal": ("目标 {goal}", "goal {goal}"),
    "fan.reading": ("{mark} {reading}：{probability}", "{mark} {reading}: {probability}"),
    "fan.probability": ("达标概率", "chance"),
    "delays.title_days": (
        "项目用时最多的环节是“{stage}”（{share}）",
        "The stage “{stage}” takes most project time ({share})",
    ),
    "delays.title_missing": (
        "缺口的首因最常见的是“{stage}”（{total}类项目中的{count}类）",
        "“{stage}” is most often the main reason for missing units ({count} of {total} lines)",
    ),
    "delays.subtitle": (
        "每次模拟的平均值；左：按阶段的项目用时；右：期末缺多少单位，各原因占多少",
        "Mean per replication; left: project time by stage; right: units missing at the end, "
        "and the share of each reason",
    ),
    "delays.days": ("项目用时（项目·天）", "Project days by stage"),
    "delays.missing": ("期末缺少的单位数及原因", "Units missing at the end, and why"),
    "delays.no_projects": ("无项目", "no projects"),
    "delays.none_missing": ("无缺口", "none missing"),
    "delays.stage_key": ("项目阶段", "Stages of a project"),
    "delays.unproposed_key": ("从未申报", "Never proposed"),
    "delays.unmet_key": ("称号与岗位", "Titles and posts"),
}


def word(key: str, language: Tongue) -> str:
    """Return the catalogue's text for ``key``; raise KeyError naming an unknown key or language."""
    texts = _CATALOGUE.get(key)
    if texts is None:
        raise KeyError(f"no word {key!r} in the catalogue of sim/report/words.py")
    if language not in ("zh", "en"):
        raise KeyError(f"no language {language!r}: words exist in zh and en")
    return texts[0 if language == "zh" else 1]


def keys() -> tuple[str, ...]:
    """Return every key of the catalogue."""
    return tuple(_CATALOGUE)


def tongues(language: Language) -> tuple[Tongue, ...]:
    """Return the single languages to print, Chinese first."""
    return ("zh", "en") if language == "both" else (language,)


def spoken(language: Language, text: Callable[[Tongue], str], separator: str = "\n") -> str:
    """Return ``text`` in one language or in both, once only where both agree."""
    return separator.join(dict.fromkeys(text(tongue) for tongue in tongues(language)))


def phrase(key: str, language: Language, separator: str = "\n") -> str:
    """Return a word without fields in one language or in both."""
    return spoken(language, lambda tongue: word(key, tongue), separator)
