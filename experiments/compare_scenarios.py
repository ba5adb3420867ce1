"""What does one scenario change? ``python -m experiments.compare_scenarios [overrides]``.

Compares scenarios with the first of them, the reference, on common random numbers:

    python -m experiments.compare_scenarios 'study.scenarios=[baseline,epidemic_2020]'

or runs that are finished, without simulating anything but the first few histories, whose event logs
say on which day the scenarios part:

    python -m experiments.compare_scenarios 'study.runs=[outputs/one,outputs/other]'

Writes a study folder with compare_scenarios.csv (every row of the answer: both chances, both means,
and their differences with intervals), differences.csv (the settings that differ),
first_difference.csv, scenarios.csv and a chart for each scenario.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import Field, model_validator

from experiments.shared.inquiry import Answer, Inquiry, Unanswered, run_experiment
from experiments.sides import Side, Tracer, finished_sides, simulated_sides
from sim.analysis.answer_rows import answer_rows
from sim.analysis.comparison import Sample, compare, row_keys
from sim.config.errors import ConfigError
from sim.config.passport import EXECUTION, differences
from sim.config.schema.study import StudySettings
from sim.report.compare_scenarios import FIRST, SCENARIOS, TABLE, read_comparisons
from sim.report.words import Language
from sim.story.difference import COLUMNS
from sim.study.finished_runs import finished_runs

if TYPE_CHECKING:
    import pandas as pd

USUAL = ("baseline", "austerity")


class Settings(StudySettings):
    """What is compared: scenarios to be simulated, or finished runs."""

    scenarios: list[str] | None = Field(
        default=None,
        min_length=2,
        description="two scenarios or more, such as [baseline,'double planning.pace=0.5']; the "
        "first is the reference",
    )
    runs: list[str] | None = Field(
        default=None,
        min_length=1,
        description="two folders of finished runs or more, or one of a multirun; the first run is "
        "the reference",
    )
    traced: int = Field(
        default=3,
        ge=0,
        le=1000,
        description="0 to 1000 replications simulated once more with their event logs",
    )

    @model_validator(mode="after")
    def _one_way(self) -> Settings:
        if self.runs is not None and self.scenarios is not None:
            raise ValueError("give study.scenarios or study.runs, not both")
        if self.runs is not None and self.half_width is not None:
            raise ValueError("study.half_width asks for simulation, but study.runs simulates none")
        return self


def main(overrides: Sequence[str]) -> int:
    """Answer the question for the scenarios that ``overrides`` describe; return the exit code."""
    return run_experiment(TABLE, Settings, ask, overrides, draw=draw)


def draw(folder: Path, language: Language) -> None:
    """Draw the charts of a finished study into its folder, unless they are there."""
    from sim.report.charts.compare_scenarios import write_comparison_charts
    from sim.report.charts.stamp import is_current, stamp

    if not is_current(folder, language):
        stamp(folder, language, write_comparison_charts(folder, language))


def ask(inquiry: Inquiry[Settings]) -> Answer:
    """Compare every scenario with the first."""
    import pandas as pd

    from sim.report.compare_scenarios_text import answer_text, comparison_table, figures

    runs = inquiry.settings.runs
    if runs is None:
        sides = simulated_sides(inquiry, inquiry.settings.scenarios or USUAL)
    else:
        _refuse_changes(inquiry.keys)
        inquiry.rests_on = runs
        sides = finished_sides(inquiry, finished_runs(runs))
    reference, *others = sides
    tables = [_compared(reference, other) for other in others]
    tracer = Tracer(inquiry.study.folder, inquiry.settings.traced)
    first = [tracer.first(reference, other) for other in others]
    inquiry.write(TABLE, pd.concat(tables, ignore_index=True))
    inquiry.write("differences", pd.concat([_settings(reference, other) for other in others]))
    inquiry.write(FIRST, pd.DataFrame([r for rows, _ in first for r in rows], columns=[*COLUMNS]))
    inquiry.write(
        SCENARIOS,
        pd.DataFrame(
            [(s.name, s.label["zh"], s.label["en"], s.seed, s.asked, s.hash) for s in sides],
            columns=["scenario", "label_zh", "label_en", "seed", "replications", "hash"],
        ),
    )
    comparisons = read_comparisons(inquiry.study.folder, reference.config)
    for one, other, (_, note) in zip(comparisons, others, first, strict=True):
        old = ["compare.other_code"] if other.made_with != reference.made_with else []
        inquiry.show(comparison_table(one, inquiry.base.language, [*note, *old]))
    return Answer(
        zh=answer_text(comparisons, "zh"),
        en=answer_text(comparisons, "en"),
        figures={"reference": reference.name, "comparisons": [figures(c) for c in comparisons]},
    )


def _refuse_changes(keys: Sequence[str]) -> None:
    """Refuse settings of the model beside finished runs, which are what they are."""
    for key in keys:
        if key.partition(".")[0] not in {*EXECUTION, "replications"}:
            raise ConfigError(
                "with study.runs nothing is simulated, so this would change nothing",
                key=key,
                allowed="study.runs alone, or study.scenarios to simulate",
            )


def _compared(reference: Side, other: Side) -> pd.DataFrame:
    rows = answer_rows(reference.config, row_keys(reference.targets))
    try:
        table = compare(
            Sample.of(reference.targets, rows),
            Sample.of(other.targets, rows),
            rows,
            paired=other.streams == reference.streams,
            asked=max(reference.asked, other.asked),
        )
    except ValueError as error:
        raise Unanswered(f"{reference.name} and {other.name}: {error}") from None
    return table.assign(scenario=other.name, reference=reference.name)


def _settings(reference: Side, other: Side) -> pd.DataFrame:
    """Every setting that differs: scenario, key, label, its value here and in the reference."""
    import pandas as pd

    rows = [
        (other.name, row["key"], row["label"], row["baseline"], row["value"])
        for row in differences(other.config, reference.config)
    ]
    return pd.DataFrame(rows, columns=["scenario", "key", "label", "reference", "value"])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
