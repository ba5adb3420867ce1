"""A planning question of the tests' own, ``python -m tests.question``: how often was it simulated?

Its settings are those that all questions share, and nothing of it is any question's.
"""

from __future__ import annotations

import sys

from experiments.shared.inquiry import Inquiry
from experiments.shared.question import Question
from sim.answer.blocks import Answer, Statement
from sim.config.schema.study import StudySettings

NAME = "_common"


def ask(inquiry: Inquiry[StudySettings]) -> Answer:
    used = inquiry.simulate([inquiry.point("only")])
    said = {"zh": f"用了{used}次。", "en": f"used {used}."}
    return Answer([Statement(said, "headline")], figures={"used": used})


if __name__ == "__main__":
    sys.exit(Question(NAME, StudySettings, ask).main())
