"""A question under way: design points, replications until there are enough, tables, passport.

A question is asked by a function that is given an :class:`Inquiry` and returns an
:class:`~sim.answer.blocks.Answer`. How it becomes a command is :mod:`experiments.shared.question`.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Generic, TypeVar

from experiments.shared.scenario_entries import (
    SCENARIO,
    ScenarioEntry,
    name_of,
    overrides_of,
    place_of,
    within,
)
from sim import edge
from sim.answer.blocks import Answer, Spoken, Statement
from sim.answer.finding import cells_of, columns_of
from sim.answer.origin import caution_of
from sim.answer.settings import ChangesOf
from sim.answer.stored import told
from sim.config.errors import ConfigError
from sim.config.lever import altered
from sim.config.passport import differences
from sim.config.schema import Run
from sim.config.schema.study import StudySettings
from sim.lazy import pd
from sim.stats.precision import Precision, half_width
from sim.study.study import DesignPoint, Study
from sim.study.tables import Results
from sim.words import Count, Said, Speech

FIRST = 200
"""Replications after which a study with ``half_width`` is judged for the first time."""

S = TypeVar("S", bound=StudySettings)


class Unanswered(Exception):
    """The question cannot be answered from what the replications gave.

    Args:
        words: why, a key of the catalogue; values: those in the words.
    """

    def __init__(self, words: str, **values: object) -> None:
        super().__init__(words)
        self.says = Said(words, values)

    def __str__(self) -> str:
        return str(self.says)


class Inquiry(Generic[S]):
    """An experiment under way.

    Attributes:
        settings: those of the experiment.
        base: the run that the overrides without ``study.`` describe.
        study: its folder and its workforce.
        precision: what ``study.half_width`` asked for and has got; None if it asked for nothing.
        changes: what the base run changes of its scenario, see :func:`sim.config.passport.changes`.
        rests_on: run folders, or folders of such, that the answer is made from.
    """

    study: Study
    precision: Precision | None = None

    def __init__(
        self,
        settings: S,
        base: Run,
        overrides: Sequence[str],
        composer: edge.Composer,
        changes: Sequence[Mapping[str, object]],
    ) -> None:
        self.settings = settings
        self.base = base
        self.changes = changes
        self.rests_on: Sequence[str] = ()
        self._overrides = tuple(overrides)
        self._composer = composer

    @property
    def keys(self) -> list[str]:
        """Keys and groups of the run that the command line sets."""
        return [override.key for override in self._given]

    @property
    def _given(self) -> list[edge.Override]:
        return self._composer.parse(self._overrides)

    # ------------------------------------------------------------------ design points

    def point(self, name: str, *overrides: str) -> DesignPoint:
        """The base run with further overrides. Raises ConfigError."""
        every = (*self._overrides, *overrides)
        run = self._composer.compose(every).validated() if overrides else self.base
        return DesignPoint(name, run, every)

    def values(self, overrides: Sequence[str]) -> dict[str, object]:
        """Values by dotted key, as ``overrides`` in the form KEY=VALUE give them.

        Raises ConfigError if one is malformed, or does anything but give a key a value.
        """
        found: dict[str, object] = {}
        for override in self._composer.parse(overrides):
            key = override.key
            if override.is_several or override.is_deletion or override.is_choice:
                raise ConfigError(
                    "inquiry.only_values", key=key, value=override.line, allowed="KEY=VALUE"
                )
            found[key] = override.value
        return found

    def altered(self, name: str, values: Mapping[str, object]) -> DesignPoint:
        """The base run with other values at dotted keys that it has. Raises ConfigError.

        The same as :meth:`point` with these overrides, but nothing is composed anew, which for a
        whole plan takes half a second.
        """
        texts = (f"++{key}={_written(value)}" for key, value in values.items())
        return DesignPoint(name, altered(self.base, values), (*self._overrides, *texts))

    def scenarios(self, entries: Sequence[ScenarioEntry]) -> list[DesignPoint]:
        """One design point an entry: a preset, overrides after it: "double planning.pace=0.5".

        An entry without a preset keeps that of the base run. Raises ConfigError, also if two
        describe the same results, or if ``scenario=`` was given beside presets, which win.
        """
        chosen = [o.value for o in self._given if o.key == SCENARIO]
        points: list[DesignPoint] = []
        for number, entry in enumerate(entries):
            place = place_of(entry, number)
            own = overrides_of(entry, place)
            if chosen and any(override.startswith(f"{SCENARIO}=") for override in own):
                raise ConfigError("inquiry.other_scenarios", key=SCENARIO, value=chosen[-1])
            try:
                points.append(self.point(name_of(entry), *own))
            except ConfigError as error:
                raise within(error, place) from None
        hashes = [point.hash for point in points]
        for i, own_hash in enumerate(hashes):
            if own_hash in hashes[:i]:
                both = {"one": points[hashes.index(own_hash)].name, "other": points[i].name}
                raise ConfigError(
                    "inquiry.same_scenario",
                    key=f"study.scenarios.{i}",
                    value=Said("inquiry.both", both),
                )
        return points

    # ------------------------------------------------------------------ replications

    def simulate(self, points: Sequence[DesignPoint]) -> int:
        """Simulate all points, equally often, until there are enough replications.

        Enough are the number in ``replications``, or with ``study.half_width`` as many as every
        attainment probability of every point needs for a 95 % interval of that half-width.

        Returns:
            the number used.
        """
        wanted, study = self.settings.half_width, self.study
        if wanted is None:
            study.simulate(points, self.base.replications)
            return self.base.replications
        widths: dict[tuple[str, int], float] = {}

        def points_wide(point: DesignPoint, results: Results) -> float:
            key = point.hash, len(results.replications) + len(results.failures)
            if key not in widths:
                per_draw = point.run.replications_per_draw
                widths[key] = 100.0 * half_width(results, study.layout(point), per_draw)
            return widths[key]

        used = study.simulate_until(
            points,
            lambda point, results: points_wide(point, results) <= wanted,
            first=FIRST,
            cap=self.settings.cap,
        )
        reached = max(points_wide(p, study.results(p, used, delays=False)) for p in points)
        self.precision = Precision(used, wanted, reached, self.settings.cap)
        return used

    def results(self, point: DesignPoint, *, delays: bool = False, series: bool = False) -> Results:
        """What the replications used gave. Raises :class:`Unanswered` if none finished."""
        used = self.study.used(point)
        results = self.study.results(point, used, delays=delays, series=series)
        if not len(results.replications):
            raise Unanswered("inquiry.none_finished", point=point.name)
        return results

    def targets(self, point: DesignPoint) -> pd.DataFrame:
        """The same as the frame of targets.parquet."""
        frame: pd.DataFrame = self.study.tables(point, self.results(point)).targets().to_pandas()
        return frame

    # ------------------------------------------------------------------ what comes out

    def told(self, answer: Answer) -> dict[str, object]:
        """What answer.json says, see :func:`sim.answer.stored.told`.

        The words have the precision reached and what was changed of the scenario; to the numbers
        come the replications that the answer rests on.
        """
        figures: dict[str, object] = {"replications": self._used(), **answer.figures}
        if self.precision is not None:
            figures["half_width"] = self.precision.figures
        statements = [*answer.statements, *self.precise, *self.changed]
        whole = replace(answer, statements=statements, figures=figures)
        return told(whole, replace(answer, statements=[*answer.statements, *self.beside]))

    @property
    def beside(self) -> Iterator[Statement]:
        """What stands beside every answer: changes of the scenario, precision, caution."""
        yield from self.changed
        yield from self.precise
        yield Statement(caution_of(self.base.model_dump(mode="json")), "caution")

    @property
    def precise(self) -> Iterator[Statement]:
        """What precision was asked for and reached; nothing if none was."""
        if self.precision is not None:
            yield Statement(_precise(self.precision), "caution")

    @property
    def changed(self) -> Iterator[Statement]:
        """What the base run changes of its scenario; nothing where no result hangs on it."""
        changes = ChangesOf({"config": self.base.model_dump(mode="json"), "changes": self.changes})
        if self.changes and Speech("en").text(changes):
            yield Statement(Said("change.line", {"changes": changes}), "caution")

    def _used(self) -> int | dict[str, int]:
        """Replications of every design point or cited run; by name if they are not equally many."""
        used = {point.name: self.study.used(point) for point in self.study.points}
        used |= {name: int(run.manifest["replications"]) for name, run in self.study.cited.items()}
        numbers = set(used.values())
        return numbers.pop() if len(numbers) == 1 else used

    @property
    def most_used(self) -> int:
        """Replications of the design point or cited run that has most of them."""
        used = self._used()
        return used if isinstance(used, int) else max(used.values())

    def write_findings(self, name: str, kind: type[Any], findings: Sequence[object]) -> None:
        """Write findings of a kind as the table ``name``.csv."""
        self.study.write_table(name, [*columns_of(kind)], cells_of(kind, findings))

    def write_passport(self) -> None:
        """Write passport.csv: what differs from the baseline, at all points or at one of them.

        Runs that the study cites count as points.
        """
        baseline = self._composer.baseline().model_dump(mode="json")
        keys = ("key", "label", "baseline", "value", "source")
        by_point = {}
        for name, (config, overrides) in self.study.configs.items():
            settings = differences(config, baseline, overrides=overrides)
            if name in self.study.cited:  # only the run itself knows where its settings come from
                sources = self.study.cited[name].sources
                settings = [{**row, "source": sources.get(str(row["key"]), "")} for row in settings]
            by_point[name] = [tuple(row[key] for key in keys) for row in settings]
        first = next(iter(by_point.values()), [])
        shared = set(first).intersection(*by_point.values())
        own = [(*row, name) for name, rows in by_point.items() for row in rows if row not in shared]
        rows = [*((*row, "") for row in first if row in shared), *own]
        self.study.write_table("passport", (*keys, "point"), rows)


def _precise(precision: Precision) -> Said:
    """What precision was asked for and reached, and whether the cap ended it."""
    points: Spoken = Said("number.none")
    if math.isfinite(precision.reached):
        # Never fewer points than there are: 2.004 is not the 2 that were asked for.
        points = f"{math.ceil(round(100.0 * precision.reached, 6)) / 100.0:.2f}"
    return Said(
        "precision.capped" if precision.capped else "precision.reached",
        {
            "replications": Count(precision.replications),
            "asked": f"{precision.asked:g}",
            "reached": points,
            "cap": Count(precision.cap),
        },
    )


def _written(value: object) -> str:
    return f"{value:.15g}" if isinstance(value, float) else json.dumps(value)
