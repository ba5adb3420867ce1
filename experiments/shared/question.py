"""What a planning question is: a folder here, found by its ``question.py``, and a command.

A question states its settings, how it asks (which design points, how often), and what it answers.
Everything else is the same for all of them and stands in this package. Nothing outside knows a
question: a folder that is deleted, with its settings in ``configs/study``, is gone.

    python -m experiments.NAME [study.SETTING=...] [fresh=true] [any override of python -m sim]
"""

from __future__ import annotations

import hashlib
import json
import re
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Generic, TypeVar

from experiments.shared import drawing
from experiments.shared.answered import Command, Printed
from experiments.shared.inquiry import Inquiry, Unanswered
from experiments.shared.scenario_entries import SCENARIO
from experiments.shared.settings import read_settings, usage
from sim import edge, page, report
from sim.answer.blocks import Answer, Statement
from sim.answer.origin import stamp_of
from sim.answer.settings import read_manifest
from sim.command.exits import DONE, FAILED, CommandLine
from sim.command.terminal import say
from sim.config import passport
from sim.config.directory import STUDIES, config_directory, named_path
from sim.config.errors import COMMAND_LINE, ConfigError, Written
from sim.config.schema import Run
from sim.config.schema.study import StudySettings
from sim.config.validation import located
from sim.plan.districts import districts_path
from sim.study.identity import config_hash
from sim.study.study import Study
from sim.words import Said, speeches

if TYPE_CHECKING:
    from rich.console import Console

PREFIX = "study."
FRESH = "fresh="
REPLICATIONS = "replications"
EXTENDED = {"folder", "fresh", "half_width", "cap"}
"""Settings that do not make another study: with more replications it is still the same one."""

S = TypeVar("S", bound=StudySettings)


@dataclass(frozen=True)
class Question(Generic[S]):
    """A planning question.

    Attributes:
        package: of the question; ``--help`` prints the words ``NAME.question`` and ``NAME.help``.
        settings: what ``configs/study/NAME.yaml`` may hold.
        ask: simulates, writes tables, returns the answer.
        defaults: overrides of the run that those of the command line may override.
        meeting: settings with which it is asked for a planning meeting; None if it is not.
        sweeps: whether its answer has a sweep, of which a dashboard can be made.
    """

    package: str
    settings: type[S]
    ask: Callable[[Inquiry[S]], Answer]
    defaults: Sequence[str] = ()
    meeting: Sequence[str] | None = None
    sweeps: bool = False

    @property
    def name(self) -> str:
        """Of its folder, its settings and its main table."""
        return self.package.rpartition(".")[2]

    def main(self, overrides: Sequence[str] | None = None) -> int:
        """Answer for ``overrides`` (default: those of the command line); return the exit code."""
        given = sys.argv[1:] if overrides is None else overrides
        with CommandLine(given, goes_on=True) as line:
            if not {"-h", "--help"}.isdisjoint(given):
                line.only_prints = True
                for speech in speeches(line.language):
                    say(usage(self.name, self.settings, self.defaults, speech))
            else:
                _answer(self, given, line)
        return line.code


def _answer(question: Question[S], overrides: Sequence[str], line: CommandLine) -> None:
    """Print the answer, once every file of the study is written or found to be there."""
    console = page.console_on()
    command = Command.of(question.name, question.ask, overrides, console)
    try:
        printed = command.printed() or _run(question, command, console, line)
    except ConfigError as error:
        raise located(error, _files(question.name, overrides)) from None
    except Unanswered as error:
        line.warn(error.says)
        line.code = FAILED
    else:
        line.code = printed.code
        page.show(printed.text, console)


def _run(question: Question[S], command: Command, console: Console, line: CommandLine) -> Printed:
    """Ask the question, write all files of the study, and return what is to be printed."""
    name, overrides = question.name, _understood(command.overrides, question.settings)
    mine = [o for o in overrides if o.lstrip("+").startswith((PREFIX, FRESH))]
    own = [o.replace(PREFIX, "", 1) if PREFIX in o else o for o in mine]
    of_run = [*question.defaults, *(o for o in overrides if o not in mine)]
    with edge.Composer().started() as composer:
        given = [override.key for override in composer.parse(own)]
        chosen = read_settings(name, question.settings, composer.settings(name, own), given)
        composed = composer.compose(of_run)
        base = composed.validated()
        line.language = base.language
        report.refuse_missing(base.report, sweeps=question.sweeps)
        changes = _changes(base, composed.choices[SCENARIO], of_run, composer)
        inquiry = Inquiry(chosen, base, of_run, composer, changes)
        asked = {
            "settings": chosen.model_dump(mode="json", exclude=EXTENDED | chosen.only_shown),
            "config_hash": config_hash(base),
            "record": base.record,
        }
        folder = chosen_folder(chosen, composer, of_run) or study_folder(name, base, asked)
        with (
            page.progress_bar(name) as progress,
            Study(folder, name, asked, base, fresh=chosen.fresh, progress=progress) as study,
        ):
            inquiry.study = study
            try:
                answer = question.ask(inquiry)
                told = inquiry.told(answer)
            except ConfigError:
                study.abandon()
                raise
            if study.cited or not (study.finished and (folder / "passport.csv").exists()):
                inquiry.write_passport()
            failed = study.finish(
                told,
                {
                    "half_width": chosen.half_width,
                    "cap": chosen.cap,
                    "changes": changes,
                    "command": passport.command(f"python -m experiments.{name}", overrides),
                },
            )
            spoken = speeches(base.language)
            beside = [*_failures(inquiry, failed), *inquiry.beside]
            answer = replace(answer, statements=[*answer.statements, *beside])
            drawing.draw(
                answer.pictures, folder, stamp_of(read_manifest(folder), inquiry.most_used), spoken
            )
            report.write(folder, base.report, spoken)
            parts = [
                part
                for speech in spoken
                for part in page.answered(
                    answer, speech, console.width, folder, full=base.table == "full"
                )
            ]
            text = page.rendered(parts, console.width)
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
    given = [argument.lstrip("+").partition("=")[0] for argument in arguments]
    return {
        STUDIES: f"{config_directory().name}/{STUDIES}/{name}.yaml",
        **{key: COMMAND_LINE for key in given if key.startswith(PREFIX)},
        **({f"{PREFIX}fresh": COMMAND_LINE} if "fresh" in given else {}),
    }


def _changes(
    base: Run, preset: str, overrides: Sequence[str], composer: edge.Composer
) -> list[dict[str, object]]:
    """What ``base`` changes of its scenario preset; how often it is simulated is told elsewhere."""
    harmless = {SCENARIO, REPLICATIONS, *passport.EXECUTION}
    keys = {override.key.partition(".")[0] for override in composer.parse(overrides)}
    if keys <= harmless:  # composing the preset takes half a second
        return []
    config, own = (run.model_dump(mode="json") for run in (base, composer.preset(preset)))
    rows = passport.changes(config, own, overrides=overrides)
    return [row for row in rows if row["key"] != REPLICATIONS]


def _failures(inquiry: Inquiry[S], failed: int) -> Iterator[Statement]:
    """How many replications failed, if any did."""
    if failed:
        total = sum(inquiry.study.used(point) for point in inquiry.study.points)
        told = {"total": total, "failures": failed, "finished": total - failed}
        yield Statement(Said("warning.failures", told), "caution")


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
