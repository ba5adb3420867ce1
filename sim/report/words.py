"""The words that have not moved to a ``words.yaml`` yet, in Chinese and English.

Words with ``{fields}`` are filled with :meth:`str.format`. ``language`` is ``zh`` or ``en``, or
``both`` where a function says so.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Literal

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
    "chart.footer": (
        "情景：{scenario} · {replications} · 结果编号 {hash}",
        "Scenario: {scenario} · {replications} · result {hash}",
    ),
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
