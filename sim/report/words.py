"""The words that have not moved to a ``words.yaml`` yet, in Chinese and English.

Words with ``{fields}`` are filled with :meth:`str.format`. ``language`` is ``zh`` or ``en``, or
``both`` where a function says so.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Literal

from sim.report.store_words import STORE_WORDS
from sim.words import catalogue

_FIELD = re.compile(r"\{\{ (\w+) \}\}")

Tongue = Literal["zh", "en"]
Language = Literal["zh", "en", "both"]

STAGES = catalogue().room("stage")

_CATALOGUE: dict[str, tuple[str, str]] = {
    "joint.count_group": ("{group}：达标项数（共{total}项）", "{group}: targets met, of {total}"),
    "note.counts": (
        "● 该口径计入综合判断；○ 另一口径，仅供对照。",
        "● this reading counts in joint rows; ○ the other reading, for comparison.",
    ),
    "note.not_plan": (
        "† 规划未给出数值的目标或诊断指标，不计入综合判断。",
        "† not a number of the plan itself; left out of joint rows.",
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
    "chart.footer": (
        "情景：{scenario} · {replications} · 结果编号 {hash}",
        "Scenario: {scenario} · {replications} · result {hash}",
    ),
    **STORE_WORDS,
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
    """Return a word in one language or in both, its fields still to be filled."""
    return spoken(language, lambda tongue: word(key, tongue), separator)
