"""What is asked: how often the base run is simulated, and what is ranked."""

from __future__ import annotations

import numpy as np

from experiments.influence.findings import Ranked, noise_threshold, ranked
from experiments.influence.page import answer
from experiments.shared.inquiry import Inquiry, Unanswered
from experiments.shared.question import Question
from sim.answer.blocks import Answer
from sim.config.schema.study import StudySettings
from sim.lazy import pd
from sim.study.worker import Worker

FEWEST = 3
"""Draws of the parameters that a rank correlation needs at least."""


def ask(inquiry: Inquiry[StudySettings]) -> Answer:
    """Simulate the base run and rank its parameters."""
    point = inquiry.point(inquiry.base.scenario.name)
    inquiry.simulate([point])
    results = inquiry.results(point)
    worker = Worker(point.run)
    counted = [row.counts and row.spec.kind == "plan" for row in worker.layout.rows]
    met = results.attained[:, counted].sum(axis=1).astype(np.float64)
    # Replications of one draw are no further evidence on its parameters: their mean counts once.
    per_draw = point.run.replications_per_draw
    by_draw = pd.Series(met).groupby(results.replications // per_draw).mean()
    draws = pd.DataFrame([worker.draw(int(draw) * per_draw) for draw in by_draw.index])
    if len(by_draw) < FEWEST or not (draws.nunique() > 1).any():
        few = len(by_draw) < FEWEST
        words = "influence.unanswered.few" if few else "influence.unanswered.fixed"
        raise Unanswered(words, count=len(by_draw))
    found = ranked(draws, by_draw.to_numpy(), point.run.parameters)
    inquiry.write_findings("influence", Ranked, found)
    return answer(found, met, len(by_draw), noise_threshold(len(by_draw), len(found)))


QUESTION = Question("experiments.influence", StudySettings, ask, defaults=("record=targets",))
