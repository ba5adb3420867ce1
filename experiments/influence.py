"""Which assumptions matter most? ``python -m experiments.influence [overrides]``.

Runs one scenario (``replications=2000`` unless overridden) and ranks the uncertain parameters by
their rank correlation with the number of the plan's targets met. Writes a study folder with
influence.csv; the same command again goes on where it was interrupted.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

import numpy as np

from experiments.shared.inquiry import Answer, Inquiry, Unanswered, run_experiment
from sim.config.schema.study import StudySettings
from sim.study.worker import Worker

SHOWN = 10
FEWEST = 3
"""Draws of the parameters that a rank correlation needs at least."""
DEFAULTS = ("replications=2000", "record=targets")


def main(overrides: Sequence[str]) -> int:
    """Answer the question for the scenario that ``overrides`` describe; return the exit code."""
    return run_experiment("influence", StudySettings, ask, overrides, defaults=DEFAULTS)


def ask(inquiry: Inquiry[StudySettings]) -> Answer:
    """Simulate the base run and rank its parameters."""
    import pandas as pd

    from sim.analysis.influence import influence, noise_threshold
    from sim.report.influence import influence_answer

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
    table = influence(draws, by_draw.to_numpy(), point.run.parameters)
    if len(by_draw) < FEWEST or not (draws.nunique() > 1).any():
        raise Unanswered(
            f"{len(by_draw)} draws of the parameters are too few to rank them"
            if len(by_draw) < FEWEST
            else "no parameter varies between the draws"
        )
    table = influence(draws, by_draw.to_numpy(), point.run.parameters)
    limit = noise_threshold(len(by_draw), len(table))
    inquiry.show(
        f"{len(met)} replications of {len(by_draw)} draws, {len(table)} uncertain parameters, "
        "outcome: targets met\n"
        f"mean {met.mean():.2f}, standard deviation {met.std(ddof=1):.2f}\n"
        f"noise: |correlation| above {limit:.3f} happens by chance in 5 % of such tables"
    )
    for row in table.head(SHOWN).itertuples():
        mark = "" if row.beyond_noise else " (noise)"
        inquiry.show(
            f"{row.correlation:+.2f}{mark}  {row.parameter}  {row.label_zh} / {row.label_en}\n"
            f"       {row.low} to {row.high} {row.unit}, {row.grade}: {row.note}"
        )
    inquiry.write("influence", table)
    first, beyond = table.iloc[0], table.loc[table["beyond_noise"], "parameter"].tolist()
    return Answer(
        zh=influence_answer(table, limit, "zh"),
        en=influence_answer(table, limit, "en"),
        figures={
            "parameter": first.parameter if beyond else None,
            "correlation": float(first.correlation),
            "noise": limit,
            "beyond_noise": beyond,
        },
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
