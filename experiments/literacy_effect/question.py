"""What is asked: pairs of replications, with the budget and without any."""

from __future__ import annotations

import numpy as np

from experiments.literacy_effect.findings import Effect, Floats, Integers, effects
from experiments.literacy_effect.page import answer
from experiments.shared.inquiry import Inquiry, Unanswered
from experiments.shared.question import Question
from sim.answer.blocks import Answer
from sim.config.errors import ConfigError
from sim.config.schema.study import StudySettings
from sim.study.study import DesignPoint

INDICATOR = "literacy_gain_true"
NOTHING = ("budget.public_total=0", "budget.social_total=0")


def ask(inquiry: Inquiry[StudySettings]) -> Answer:
    """Simulate pairs of replications and compare the true gain in literacy."""
    rich, poor = inquiry.point("with budget"), inquiry.point("without budget", *NOTHING)
    if INDICATOR not in inquiry.study.layout(rich).city_indicators:
        record = rich.run.record
        raise ConfigError(
            "literacy_effect.refused.record", key="record", value=record, indicator=INDICATOR
        )
    inquiry.simulate([rich, poor])
    (with_money, here), (without, there) = _gains(inquiry, rich), _gains(inquiry, poor)
    both, i, j = np.intersect1d(here, there, return_indices=True)
    draws = both // rich.run.replications_per_draw
    if len(np.unique(draws)) < 2:
        raise Unanswered("literacy_effect.unanswered")
    found = effects(with_money[i], without[j], draws)
    inquiry.write_findings("literacy_effect", Effect, found)
    return answer(found)


def _gains(inquiry: Inquiry[StudySettings], point: DesignPoint) -> tuple[Floats, Integers]:
    """True gain at the deadline, and the numbers of the replications that it belongs to."""
    study = inquiry.study
    results = study.everything(point, study.used(point))
    at = study.layout(point).city_indicators.index(INDICATOR)
    return results.city_series[:, -1, at], results.replications


QUESTION = Question("experiments.literacy_effect", StudySettings, ask, defaults=("record=city",))
