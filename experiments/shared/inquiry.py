"""One planning question: its settings, its study folder, its tables and its answer in words.

A question is asked by a function that is given an :class:`Inquiry` and returns an
:class:`~sim.answer.blocks.Answer`. What all of them share is here: settings and scenarios from the
command line, replications until there are enough, a folder that resumes, progress, the passport,
errors and exit codes.

    python -m experiments.NAME [study.SETTING=...] [fresh=true] [any override of python -m sim]
"""

from __future__ import annotations

import hashlib
import json
import math
import re
import shlex
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from experiments.shared.answered import Command, Printed
from experiments.shared.settings import read_settings, usage
from sim import edge
from sim.answer.blocks import Answer, Spoken, Statement
from sim.command.exits import DONE, FAILED, CommandLine
from sim.command.terminal import say
from sim.config.directory import named_path
from sim.config.errors import COMMAND_LINE, ConfigError, Written
from sim.config.lever import altered
from sim.config.schema import Run
from sim.config.schema.study import StudySettings
from sim.plan.districts import districts_path
from sim.study.identity import config_hash
from sim.study.study import DesignPoint, Study
from sim.words import Count, Said, Speech, speeches

if TYPE_CHECKING:
    import pandas as pd
    from rich.console import Console

    from sim.analysis.precision import Precision
    from sim.study.tables import Results

PREFIX = "study."
FRESH = "fresh="
SCENARIO = "scenario"
REPLICATIONS = "replications"
EXTENDED = {"folder", "fresh", "half_width", "cap"}
"""Settings that do not make another study: with more replications it is still the same one."""

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

    def scenarios(self, texts: Sequence[str]) -> list[DesignPoint]:
        """One design point a text: a preset, overrides after it: "double planning.pace=0.5".

        A text without a preset keeps that of the base run. Raises ConfigError, also if two texts
        describe the same results, or if ``scenario=`` was given beside presets, which win.
        """
        chosen = [o.value for o in self._given if o.key == SCENARIO]
        points: list[DesignPoint] = []
        for text in texts:
            place = f"study.scenarios.{len(points)}"
            own = _overrides_in(text, place)
            if chosen and own[0].startswith(f"{SCENARIO}="):
                raise ConfigError("inquiry.other_scenarios", key=SCENARIO, value=chosen[-1])
            try:
                points.append(self.point(text, *own))
            except ConfigError as error:
                raise _within(error, place) from None
        hashes = [point.hash for point in points]
        for i, own_hash in enumerate(hashes):
            if own_hash in hashes[:i]:
                both = {"one": texts[hashes.index(own_hash)], "other": texts[i]}
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
        from sim.analysis.precision import Precision, half_width

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
        """What answer.json says.

        That is the answer in words, in both languages, with the precision reached and what was
        changed of the scenario; the replications that it rests on; and its figures.
        """
        statements = [*answer.statements, *self.precise, *self.changed]
        whole = replace(answer, statements=statements)
        words = {str(own.language): whole.words(own) for own in speeches("both")}
        figures: dict[str, object] = {"replications": self._used(), **answer.figures}
        if self.precision is not None:
            figures["half_width"] = self.precision.figures
        return {**words, **figures}

    @property
    def precise(self) -> Iterator[Statement]:
        """What precision was asked for and reached; nothing if none was."""
        if self.precision is not None:
            yield Statement(_precise(self.precision), "caution")

    @property
    def changed(self) -> Iterator[Statement]:
        """What the base run changes of its scenario; nothing where no result hangs on it."""
        from sim.answer.settings import ChangesOf

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
        from sim.answer.finding import cells_of, columns_of

        self.study.write_table(name, [*columns_of(kind)], cells_of(kind, findings))

    def write_passport(self) -> None:
        """Write passport.csv: what differs from the baseline, at all points or at one of them.

        Runs that the study cites count as points.
        """
        from sim.config.passport import differences

        baseline = self._composer.baseline().model_dump(mode="json")
        keys = ("key", "label", "baseline", "value", "source")
        by_point = {}
        for name, (config, overrides) in self.study.configs.items():
            settings = differences(config, baseline, overrides=overrides)
            if name in self.study.cited:  # only the run itself knows where its settings come from
                sources = self.study.cited[name].sources
                settings = [{**row, "source": sources.get(str(row["key"]), "")} for row in settings]
            by_point[name] = [tuple(row[key] for key in keys) for row in settings]
        shared = [
            row
            for row in next(iter(by_point.values()), [])
            if all(row in rows for rows in by_point.values())
        ]
        own = [(*row, name) for name, rows in by_point.items() for row in rows if row not in shared]
        rows = [*((*row, "") for row in shared), *own]
        self.study.write_table("passport", (*keys, "point"), rows)


def run_experiment(
    name: str,
    settings: type[S],
    ask: Callable[[Inquiry[S]], Answer],
    overrides: Sequence[str],
    *,
    defaults: Sequence[str] = (),
) -> int:
    """Run the experiment ``name`` as the command line asks; return the exit code.

    Args:
        settings: what ``configs/study/NAME.yaml`` may hold.
        ask: simulates, writes tables, returns the answer.
        overrides: of the command line; those of settings begin with ``study.``.
        defaults: overrides of the run that those of the command line may override.
    """
    with CommandLine(overrides, goes_on=True) as line:
        if not {"-h", "--help"}.isdisjoint(overrides):
            line.only_prints = True
            for speech in speeches(line.language):
                say(usage(name, settings, defaults, speech))
        else:
            _answer(name, settings, ask, overrides, defaults, line)
    return line.code


def _answer(
    name: str,
    settings: type[S],
    ask: Callable[[Inquiry[S]], Answer],
    overrides: Sequence[str],
    defaults: Sequence[str],
    line: CommandLine,
) -> None:
    """Print the answer, once every file of the study is written or found to be there."""
    from sim.page.console import console_on, show

    console = console_on()
    command = Command.of(name, ask, overrides, console)
    try:
        printed = command.printed() or _run(command, settings, ask, defaults, console, line)
    except ConfigError as error:
        from sim.config.validation import located

        raise located(error, _files(name, overrides)) from None
    except Unanswered as error:
        line.warn(error.says)
        line.code = FAILED
    else:
        line.code = printed.code
        show(printed.text, console)


def _run(
    command: Command,
    settings: type[S],
    ask: Callable[[Inquiry[S]], Answer],
    defaults: Sequence[str],
    console: Console,
    line: CommandLine,
) -> Printed:
    """Ask the question, write all files of the study, and return what is to be printed."""
    from experiments.shared.drawing import draw
    from sim.answer.origin import stamp_of
    from sim.answer.settings import read_manifest
    from sim.page.console import answered, rendered
    from sim.page.progress import progress_bar

    name, overrides = command.name, _understood(command.overrides, settings)
    mine = [o for o in overrides if o.lstrip("+").startswith((PREFIX, FRESH))]
    own = [o.replace(PREFIX, "", 1) if PREFIX in o else o for o in mine]
    of_run = [*defaults, *(o for o in overrides if o not in mine)]
    with edge.Composer().started() as composer:
        given = [override.key for override in composer.parse(own)]
        chosen = read_settings(name, settings, composer.settings(name, own), given)
        composed = composer.compose(of_run)
        base = composed.validated()
        line.language = base.language
        changes = _changes(base, composed.choices[SCENARIO], of_run, composer)
        inquiry = Inquiry(chosen, base, of_run, composer, changes)
        question = {
            "settings": chosen.model_dump(mode="json", exclude=EXTENDED | chosen.only_shown),
            "config_hash": config_hash(base),
            "record": base.record,
        }
        folder = chosen_folder(chosen, composer, of_run) or study_folder(name, base, question)
        with (
            progress_bar(name) as progress,
            Study(folder, name, question, base, fresh=chosen.fresh, progress=progress) as study,
        ):
            inquiry.study = study
            try:
                answer = ask(inquiry)
                told = inquiry.told(answer)
            except ConfigError:
                study.abandon()
                raise
            if study.cited or not (study.finished and (folder / "passport.csv").exists()):
                inquiry.write_passport()
            failed = study.finish(
                told,
                {"half_width": chosen.half_width, "cap": chosen.cap, "changes": changes},
            )
            spoken = speeches(base.language)
            answer = replace(answer, statements=[*answer.statements, *_beside(inquiry, failed)])
            draw(
                answer.pictures, folder, stamp_of(read_manifest(folder), inquiry.most_used), spoken
            )
            parts = [
                part
                for speech in spoken
                for part in answered(
                    answer, speech, console.width, folder, full=base.table == "full"
                )
            ]
            text = rendered(parts, console.width)
            printed = Printed(text, str(folder), FAILED if failed else DONE)
            places = districts_path(base.plan.districts)
            command.keep(folder, printed, [*inquiry.rests_on, str(places)])
    return printed


def _understood(arguments: Sequence[str], settings: type[S]) -> list[str]:
    """The overrides of a command line, in the form that Hydra reads. Raises ConfigError."""
    own = {name: f"{PREFIX}{name}" for name in settings.model_fields}
    for argument in arguments:
        if argument.startswith("-"):
            raise edge.unknown_option(
                arguments,
                argument,
                Said("inquiry.options"),
                settings=own,
            )
    overrides = edge.readable(arguments)
    for override in overrides:
        key = override.lstrip("+").partition("=")[0]
        if key in own and key not in Run.model_fields and not override.startswith(FRESH):
            raise ConfigError(
                "inquiry.without_study",
                file=COMMAND_LINE,
                key=key,
                allowed=f"{PREFIX}{override}",
                nearest=own[key],
            )
    return overrides


def _files(name: str, arguments: Sequence[str]) -> dict[str, Written]:
    """Where the settings of an experiment were written, by key."""
    from sim.config.directory import STUDIES, config_directory

    given = [argument.lstrip("+").partition("=")[0] for argument in arguments]
    return {
        STUDIES: f"{config_directory().name}/{STUDIES}/{name}.yaml",
        **{key: COMMAND_LINE for key in given if key.startswith(PREFIX)},
        **({f"{PREFIX}fresh": COMMAND_LINE} if "fresh" in given else {}),
    }


def _overrides_in(text: str, place: str) -> list[str]:
    """The overrides that a text such as "double planning.pace=0.5" stands for.

    Raises ConfigError that names its ``place``.
    """
    try:
        first, *more = shlex.split(text) or [""]
    except ValueError:
        raise ConfigError("inquiry.open_quotes", key=place, value=text) from None
    own = [first, *more] if "=" in first else [f"{SCENARIO}={first}", *more]
    try:
        return edge.readable(own)
    except ConfigError as error:
        raise _within(error, place) from None


def _within(error: ConfigError, place: str) -> ConfigError:
    """``error`` about a text of a list, which says at which ``place`` the text stands."""
    for problem in error.problems:
        if problem.file in (None, COMMAND_LINE):
            problem.file = Said("refusal.within", {"file": COMMAND_LINE, "place": place})
    return error


def _changes(
    base: Run, preset: str, overrides: Sequence[str], composer: edge.Composer
) -> list[dict[str, object]]:
    """What ``base`` changes of its scenario preset; how often it is simulated is told elsewhere."""
    from sim.config.passport import EXECUTION, changes

    harmless = {SCENARIO, REPLICATIONS, *EXECUTION}
    keys = {override.key.partition(".")[0] for override in composer.parse(overrides)}
    if keys <= harmless:  # composing the preset takes half a second
        return []
    config, own = (run.model_dump(mode="json") for run in (base, composer.preset(preset)))
    rows = changes(config, own, overrides=overrides)
    return [row for row in rows if row["key"] != REPLICATIONS]


def _beside(inquiry: Inquiry[S], failed: int) -> Iterator[Statement]:
    """What stands beside every answer: failures, changes of the scenario, precision, caution."""
    from sim.answer.origin import caution_of

    if failed:
        total = sum(inquiry.study.used(point) for point in inquiry.study.points)
        told = {"total": total, "failures": failed, "finished": total - failed}
        yield Statement(Said("warning.failures", told), "caution")
    yield from inquiry.changed
    yield from inquiry.precise
    yield Statement(caution_of(inquiry.base.model_dump(mode="json")), "caution")


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


def chosen_folder(
    settings: StudySettings, composer: edge.Composer, overrides: Sequence[str]
) -> Path | None:
    """The folder that was asked for: by the experiment's setting, or as for ``python -m sim``.

    None if none was. Raises ConfigError if it has no name.
    """
    if settings.folder:
        return named_path(settings.folder, "study.folder")
    if any(override.key == "hydra.run.dir" for override in composer.parse(overrides)):
        return composer.folder(composer.compose(overrides))
    return None


def study_folder(name: str, run: Run, question: Mapping[str, object]) -> Path:
    """Where a study lives unless told: another question or another scenario, another folder."""
    text = json.dumps({**question, "seed": run.seed}, sort_keys=True)
    scenario = re.sub(r"[^\w-]+", "_", run.scenario.name)
    return Path("outputs") / f"{name}-{scenario}-{hashlib.sha256(text.encode()).hexdigest()[:8]}"
