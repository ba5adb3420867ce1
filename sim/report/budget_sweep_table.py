"""The console table of a sweep: targets by settings, or targets met over two levers."""

from __future__ import annotations

from functools import partial

from rich.box import SIMPLE_HEAD
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from sim.answer.settings import axis_label, setting_number
from sim.report.budget_sweep import Response, SweepReport
from sim.report.numbers import likelihood, percent_text, replications_text
from sim.report.words import Language, Tongue, in_speech, spoken, word
from sim.words import Speech

COLUMNS = 9
"""Settings for which a line of the console has room."""


def sweep_table(report: SweepReport, language: Language = "both") -> Group:
    """Return the table of a sweep: responding targets first, the others in one line below."""

    def caption(tongue: Tongue) -> str:
        text = word("sweep.table_caption", tongue).format(
            replications=replications_text(report.replications, tongue)
        )
        if any(not row.of_plan for row in report.shown):
            text += "\n" + word("note.not_plan", tongue)
        return text

    parts: list[RenderableType] = (
        _grid(report, language) if report.second_key else _curves(report, language)
    )
    parts.append(Text(spoken(language, caption), style="dim"))
    still = [row for row in report.shown if not row.responds]
    if still:
        parts.append(Text(spoken(language, partial(_still_text, report, still))))
    return Group(*parts)


def _still_text(report: SweepReport, rows: list[Response], tongue: Tongue) -> str:
    """The targets that do not respond, with their chance at the base run or the first setting."""
    items = [
        word("sweep.table_item", tongue).format(
            name=row.title[tongue], chance=percent_text(row.highest, tongue)
        )
        for row in rows
    ]
    listed = word("list.separator", tongue).join(items)
    return word("sweep.table_still", tongue).format(list=listed)


def _curves(report: SweepReport, language: Language) -> list[RenderableType]:
    settings = _columns(report)

    def title(tongue: Tongue) -> str:
        lever = axis_label(report.key, report.config, Speech(tongue))
        return word("sweep.table_title", tongue).format(lever=lever)

    table = _empty(settings, report, language)
    for row in report.rows:
        if row.target == "met_count":
            means = report.curve(row.target).set_index("setting")["mean"]
            cells = [f"{means[setting]:.1f}" for setting in settings]
            name = partial(_met_text, len(report.deciding))
            table.add_row(Text(spoken(language, name)), *cells, style="bold")
            table.add_row(*_joint_cells(report, settings, language))
            table.add_section()
    shown = sorted(report.shown, key=lambda row: -row.change)
    for row in (row for row in shown if row.responds):
        chances = report.curve(row.target, row.definition).set_index("setting")["probability"]
        table.add_row(
            Text(spoken(language, row.title.__getitem__)),
            *(_chance(chances[setting], language) for setting in settings),
        )
    return [Text(spoken(language, title), style="bold"), table]


def _joint_cells(report: SweepReport, settings: list[float], language: Language) -> list[Text]:
    """The chance that all targets are met together."""
    chances = report.curve("all").set_index("setting")["probability"]
    name = Text(spoken(language, partial(word, "joint.all")))
    return [name, *(_chance(chances[setting], language) for setting in settings)]


def _met_text(total: int, tongue: Tongue) -> str:
    return word("sweep.table_met", tongue).format(total=total)


COLOURS = {"likely": "blue", "open": "default", "unlikely": "dark_orange3"}


def _chance(probability: float, language: Language) -> Text:
    tongue: Language = "zh" if language == "both" else language
    return Text(percent_text(probability, tongue), style=COLOURS[likelihood(probability)])


def _columns(report: SweepReport) -> list[float]:
    """The settings that have a column: both ends, the base run, and others evenly between."""
    settings = report.settings
    if len(settings) <= COLUMNS:
        return settings
    step = (len(settings) - 1) / (COLUMNS - 1)
    kept = {settings[round(i * step)] for i in range(COLUMNS)}
    if report.base is not None and report.base[0] not in kept:
        own = report.base[0]
        kept.remove(min(kept - {settings[0], settings[-1]}, key=lambda s: abs(s - own)))
        kept.add(own)
    return sorted(kept)


def _empty(settings: list[float], report: SweepReport, language: Language) -> Table:
    table = Table(box=SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False, header_style="bold")
    table.add_column("", overflow="fold")
    for setting in settings:
        mark = "*" if report.base is not None and setting == report.base[0] else ""
        text = spoken(language, in_speech(partial(setting_number, report.key, setting)))
        table.add_column(Text(mark + text), justify="right", no_wrap=True)
    return table


def _grid(report: SweepReport, language: Language) -> list[RenderableType]:
    if report.counted() is None:
        return []
    settings = _columns(report)

    def title(tongue: Tongue) -> str:
        return word("sweep.table_grid", tongue).format(
            total=len(report.deciding),
            first=axis_label(report.key, report.config, Speech(tongue)),
            second=axis_label(report.second_key, report.config, Speech(tongue)),
        )

    table = _empty(settings, report, language)
    means = report.curve("met_count").set_index(["second_setting", "setting"])["mean"]
    for second in report.second_settings:
        mark = "*" if report.base is not None and second == report.base[1] else ""
        name = spoken(
            language, in_speech(partial(setting_number, report.second_key, second)), " / "
        )
        table.add_row(mark + name, *(f"{means[second, first]:.1f}" for first in settings))
    return [Text(spoken(language, title), style="bold"), table]
