"""A refusal tells the same in Chinese as in English."""

from __future__ import annotations

import re

from sim.config.errors import ConfigError
from sim.words import Speech

ZH, EN = Speech("zh"), Speech("en")
HANZI = re.compile(r"[\u4e00-\u9fff]")
SENTENCE = re.compile(r"(?:\b[A-Za-z]{2,}\b[,:]? ){2,}\b[A-Za-z]{2,}\b")
_FACT = re.compile(r"[A-Za-z0-9_./=+~$<>*-]*(?:[0-9_/=]|\.(?=\w))[A-Za-z0-9_./=+~$<>*-]*")
"""Numbers, keys, files and settings, which are the same in any language."""


def facts(text: str) -> set[str]:
    """What a text names that has no translation; 万 is explained to whom it is foreign."""
    found = _FACT.findall(text.replace("万 (10 000)", ""))
    return {fact.strip("./-") for fact in found} - {""}


def told_alike(error: ConfigError) -> None:
    """Check that both languages name the same, and that the Chinese message is Chinese."""
    english, chinese = EN.text(error), ZH.text(error)
    missing = {fact for fact in facts(english) if fact not in chinese}
    assert not missing, (missing, english, chinese)
    for problem in error.problems:
        said = ZH.text(problem.says)
        quoted = [problem.key, problem.value, problem.file, *problem.known]
        allowed, near = ZH.text(problem.allowed), ZH.text(problem.nearest)
        for text in (said, allowed, near):
            text = re.sub("“[^”]*”", "", text)  # what the input calls so
            for own in filter(None, map(str, quoted)):
                text = text.replace(own, "")
            assert not SENTENCE.search(text), text
        assert HANZI.search(said), said
