"""Which assumptions matter most? ``python -m experiments.influence [overrides]``.

Runs one scenario (``replications=2000`` unless overridden) and ranks the uncertain parameters by
their rank correlation with the number of the plan's targets met. Writes a study folder with
influence.csv; the same command again goes on where it was interrupted.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

import numpy as np

from experiments.command import run_command, study_folder
from sim.config.schema import Run
from sim.config.validation import validate
from sim.hydra_bridge import compose
from sim.study.folder import config_hash
from sim.study.study import DesignPoint, Study
from sim.study.worker import Worker

SHOWN = 10


def main(overrides: Sequence[str]) -> int:
    """Answer the question for the scenario that ``overrides`` describe; return the exit code."""
    return run_command(_study, overrides)


def _study(overrides: Sequence[str], fresh: bool) -> int:
    run = validate(compose(["replications=2000", "record=targets", *overrides]))
    question = {"outcome": "targets met", "config_hash": config_hash(run)}
    with Study(study_folder("influence", run), "influence", question, run, fresh=fresh) as study:
        return _answer(run, study)


def _answer(run: Run, study: Study) -> int:
    import pandas as pd

    from sim.analysis.influence import influence, noise_threshold

    point = DesignPoint(run.scenario.name, run)
    study.simulate([point], run.replications)
    results = study.results(point, run.replications, delays=False)
    worker = Worker(run)
    draws = pd.DataFrame([worker.draw(r) for r in results.replications.tolist()])
    counted = [row.counts and row.spec.kind == "plan" for row in worker.layout.rows]
    met = results.attained[:, counted].sum(axis=1).astype(np.float64)
    table = influence(draws, met, run.parameters)
    limit = noise_threshold(len(met), len(table))
    print(f"{len(met)} replications, {len(table)} uncertain parameters, outcome: targets met")
    print(f"mean {met.mean():.2f}, standard deviation {met.std(ddof=1):.2f}")
    print(f"noise: |correlation| above {limit:.3f} happens by chance in 5 % of such tables")
    for row in table.head(SHOWN).itertuples():
        print(f"{row.correlation:+.2f}  {row.parameter}  {row.label_zh} / {row.label_en}")
        print(f"       {row.low} to {row.high} {row.unit}, {row.grade}: {row.note}")
    study.write_table("influence", list(table.columns), table.itertuples(index=False, name=None))
    first = table.iloc[0]
    study.finish(
        {
            "zh": f"对达标项数影响最大的假设是“{first.label_zh}”"
            f"（秩相关{first.correlation:+.2f}）。",
            "en": f"The assumption that moves the number of targets met most is "
            f"“{first.label_en}” (rank correlation {first.correlation:+.2f}).",
        }
    )
    print(study.folder / "influence.csv")
    return 1 if results.failures else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
