"""The one catalogue of interface words, in Chinese and English.

Names of targets, programmes, groups and readings are data and come with the results; everything
else a reader sees in a table or chart is written here, or in the parts of the catalogue:
:mod:`sim.report.stage_words`, :mod:`sim.report.change_words`,
:mod:`sim.config.setting_names`, and one for each experiment that has no folder of its own, such as
:mod:`sim.report.bottleneck_words`. Words with ``{fields}`` are filled with
:meth:`str.format`. ``language`` is ``zh`` or ``en``, or ``both`` where a function says so.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Literal

from sim.report.bottleneck_words import BOTTLENECK_WORDS
from sim.report.stage_words import STAGE_WORDS
from sim.report.store_words import STORE_WORDS
from sim.words import Speech, catalogue

_FIELD = re.compile(r"\{\{ (\w+) \}\}")

Tongue = Literal["zh", "en"]
Language = Literal["zh", "en", "both"]

STAGES: tuple[str, ...] = tuple(STAGE_WORDS)
WORKING_STAGES: tuple[str, ...] = tuple(stage for stage in STAGES if ":" not in stage)

_CATALOGUE: dict[str, tuple[str, str]] = {
    **{f"stage.{stage}": (zh, en) for stage, (zh, en, _, _) in STAGE_WORDS.items()},
    **{f"stage_note.{stage}": (zh, en) for stage, (_, _, zh, en) in STAGE_WORDS.items()},
    # comparators and numbers
    "comparator.>=": ("≥", "≥"),
    "comparator.>": (">", ">"),
    "comparator.<": ("<", "<"),
    "comparator.<=": ("≤", "≤"),
    "number.long": ("{number}万", "{number} million"),
    "number.large": ("{number}亿", "{number} billion"),
    "number.none": ("—", "—"),
    "number.day": ("{count}天", "{count} day"),
    "number.days": ("{count}天", "{count} days"),
    "number.replication": ("{count}次模拟", "{count} replication"),
    "number.replications": ("{count}次模拟", "{count} replications"),
    "money.yuan": ("{number}元", "{number} yuan"),
    "money.long": ("{number}万元", "{number} million yuan"),
    "money.large": ("{number}亿元", "{number} billion yuan"),
    # the table
    "table.title": ("{plan}：目标实现情况", "{plan}: attainment of targets"),
    "table.caption": (
        "情景：{scenario}；{replications}；截止{deadline}",
        "Scenario: {scenario}; {replications}; deadline {deadline}",
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
    "warning.interrupted": (
        "已中断：原定{total}次模拟，以下结果只基于已完成的{finished}次。",
        "Interrupted: the results rest on the {finished} of {total} replications that had "
        "finished.",
    ),
    # why a command ended before its time
    "interrupted": ("已中断", "interrupted"),
    "interrupted.goes_on": (
        "已中断；再次执行同一命令即可继续",
        "interrupted; the same command goes on from here",
    ),
    "stopped.goes_on": (
        "已完成的部分均已保留：再次执行同一命令即可继续",
        "what was finished is kept: the same command goes on from there",
    ),
    "stopped.left_one": ("还有1个方案没有开始", "1 run was not begun"),
    "stopped.left": ("还有{count}个方案没有开始", "{count} runs were not begun"),
    "stopped.memory": (
        "内存不足：减少 workers 或 replications，或改用 record=targets",
        "out of memory: fewer workers, fewer replications or record=targets need less",
    ),
    "stopped.workers": (
        "工作进程接连终止了{deaths}次，多半因为内存不足：{lost}次模拟未能完成",
        "worker processes died {deaths} times in a row, mostly for want of memory; {lost} "
        "replications could not be simulated",
    ),
    "stopped.scheduler": (
        "与调度器 {address} 的连接已中断",
        "the scheduler at {address} is lost",
    ),
    "stopped.unwritable": ("无法写入 {file}：{reason}", "cannot write {file}: {reason}"),
    "stopped.no_room": ("结果无法写入：{reason}", "cannot write the results: {reason}"),
    "stopped.refused": (
        "系统拒绝了所需的资源：{reason}",
        "the system refused what the command needs: {reason}",
    ),
    "unprinted": ("无法输出：{reason}", "cannot print: {reason}"),
    "unprinted.files": (
        "结果无法显示（{reason}），但所有文件均已写好",
        "the answer cannot be printed ({reason}); all files are written",
    ),
    # what held the missed targets back
    "held_back.title": ("未达标的目标卡在哪里", "What held the missed targets back"),
    "held_back.caption": (
        "达标概率低于80%的目标；数字为每次未达标的模拟平均",
        "Targets with a chance below 80 %; numbers are means over the replications that miss them",
    ),
    "held_back.missed": ("未达标", "Missed"),
    "held_back.units_stage": ("缺口首因", "Missing for"),
    "held_back.units": ("缺口", "Missing"),
    "held_back.days_stage": ("耗时最多", "Days lost in"),
    "held_back.days": ("天数", "Days"),
    "held_back.standing_stage": ("未完成停在", "Unfinished in"),
    "held_back.standing": ("项目数", "Projects"),
    "held_back.note": (
        "缺口首因：缺少单位最多的原因及其单位数（覆盖率按社区和村计，学历按人计）；耗时最多：全部项目损失天数最多的环节"
        "（施工/筹备只计超出常规时间的部分）；未完成停在：截止时停留项目最多的环节。三者不能相加。",
        "Missing for: the reason of most missing units (coverage in places, degrees in persons). "
        "Days lost in: the stage that cost all projects together most days (building or "
        "preparation: beyond its usual time). Unfinished in: the stage in which most projects "
        "stand at the deadline. The three are never added up.",
    ),
    # two readings of one phrase
    "reading.question": (
        "{definition}：“{first}”还是“{second}”？{cases}。",
        "{definition}: “{first}” or “{second}”? {cases}.",
    ),
    "reading.decides": (
        "{target}：达标概率{chances}，由口径决定",
        "{target}: met with {chances}, the reading decides",
    ),
    "reading.matters": (
        "{target}：达标概率{chances}，口径有影响",
        "{target}: met with {chances}, the reading matters",
    ),
    "reading.near": (
        "{target}：达标概率{chances}（差别在模拟误差之内），中位数{medians}",
        "{target}: met with {chances} (within simulation error), median {medians}",
    ),
    "reading.equal": (
        "{target}：达标概率同为{chance}，中位数{medians}",
        "{target}: met with {chance} either way, median {medians}",
    ),
    "reading.either": ("{first}或{second}", "{first} or {second}"),
    # sentences
    "sentence.met_count": (
        "实现的规划目标（已建模的）：{total}项中平均{mean}项（5–95%：{low}–{high}项）；{chances}。",
        "Modelled targets of the plan met: {mean} of {total} on average (5–95 %: {low}–{high}); "
        "{chances}.",
    ),
    "sentence.met_count_group": (
        "{group}：{total}项中平均{mean}项（5–95%：{low}–{high}项）；{chances}。",
        "{group}: {mean} of {total} on average (5–95 %: {low}–{high}); {chances}.",
    ),
    "sentence.at_least": ("至少{count}项的概率{chance}", "at least {count} with {chance}"),
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
    # charts
    "chart.footer": (
        "情景：{scenario} · {replications} · 结果编号 {hash}",
        "Scenario: {scenario} · {replications} · result {hash}",
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
        "耽误的时间以“{stage}”为最多（{share}）",
        "Most days are lost in “{stage}” ({share})",
    ),
    "delays.title_missing": (
        "缺口首因最常见的是“{stage}”（{total}个目标中的{count}个）",
        "“{stage}” is most often the main reason for missing units ({count} of {total} targets)",
    ),
    "delays.subtitle": (
        "每次模拟的平均值；常规工期不算耽误，单列；占比不足{small}的原因合为“其他”",
        "Mean per replication; the usual building time is no delay and stands apart; reasons with "
        "shares below {small} are put together as “other”",
    ),
    "delays.projects": ("以项目建设的目标", "Targets built as projects"),
    "delays.others": ("不以项目建设的目标", "Targets not built as projects"),
    "delays.days": ("项目·天：耽误（按环节）与常规工期", "Project days: lost, by stage; usual"),
    "stage.usual": ("常规工期", "usual building time"),
    "delays.missing": ("期末缺口及原因", "Missing at the end, and why"),
    "delays.no_projects": ("无项目", "no projects"),
    "delays.none_missing": ("无缺口", "none missing"),
    "delays.met": ("达标概率{chance}", "met with {chance}"),
    "delays.counted_below": ("缺口按称号计，见下", "missing titles: see below"),
    "delays.stage_key": ("项目环节", "Stages of a project"),
    "delays.unproposed_key": ("从未申报", "Never proposed"),
    "delays.other": ("其他", "other"),
    "delays.places": ("处", "places"),
    "delays.persons": ("人", "persons"),
    "delays.points": ("个百分点", "points"),
    "delays.note_counted": (
        "以项目建设的，缺口按申报计划计，计划数可略高于目标值；覆盖率按社区、村计，学历按人计，"
        "百分点在每次模拟中向上取整。",
        "What is built as projects is counted against the planned number, which may be somewhat "
        "above the goal; coverage in communities and villages, degrees in persons, percentage "
        "points rounded up in every replication.",
    ),
    "delays.note_safe": (
        "达标概率不低于{chance}、未列出的目标：{list}。",
        "Not listed, as met with {chance} or more: {list}.",
    ),
    **STORE_WORDS,
    **BOTTLENECK_WORDS,
}


def word(key: str, language: Tongue) -> str:
    """Return the catalogue's text for ``key``; raise KeyError naming an unknown key or language."""
    texts = _CATALOGUE.get(key)
    if texts is None and catalogue().has(key):
        own = catalogue().texts(key)
        texts = _FIELD.sub(r"{\1}", own["zh"]), _FIELD.sub(r"{\1}", own["en"])
    if texts is None:
        raise KeyError(f"no word {key!r} in the catalogue of sim/report/words.py")
    if language not in ("zh", "en"):
        raise KeyError(f"no language {language!r}: words exist in zh and en")
    return texts[0 if language == "zh" else 1]


def has_word(key: str) -> bool:
    """Whether the catalogue has a text for ``key``."""
    return key in _CATALOGUE or catalogue().has(key)


def keys() -> tuple[str, ...]:
    """Return every key of the catalogue."""
    return tuple(_CATALOGUE)


def tongues(language: Language) -> tuple[Tongue, ...]:
    """Return the single languages to print, Chinese first."""
    return ("zh", "en") if language == "both" else (language,)


def spoken(language: Language, text: Callable[[Tongue], str], separator: str = "\n") -> str:
    """Return ``text`` in one language or in both, once only where both agree."""
    return separator.join(dict.fromkeys(text(tongue) for tongue in tongues(language)))


def in_speech(text: Callable[[Speech], str]) -> Callable[[Tongue], str]:
    """Something that is said by a speech, for :func:`spoken`."""
    return lambda tongue: text(Speech(tongue))


def phrase(key: str, language: Language, separator: str = "\n") -> str:
    """Return a word in one language or in both, its fields still to be filled."""
    return spoken(language, lambda tongue: word(key, tongue), separator)
