"""What lies in the store, and how to clear it: ``python -m sim.study.store``."""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, get_args

from sim.command.exits import CommandLine
from sim.command.terminal import say
from sim.config.directory import named_path
from sim.config.errors import ConfigError
from sim.study.store import Entry, Store
from sim.words import Replications, Speech

if TYPE_CHECKING:
    from rich.table import Table

    from sim.report.words import Language, Tongue

USAGE = """\
python -m sim.study.store [clear [POINT ...] | limit=GB] [store=DIR] [language=zh|en|both]

  without a word      list what lies in the store, what was used last first
  clear               throw all of it away; clear POINT: that of a design point, by its first
                      column or the beginning of it
  limit=GB            how many gigabytes it may hold: beyond, what was not used for longest goes

  Finished replications are kept in the store, so that none is simulated twice. Results stand in
  the folders of runs and studies, never here: whatever is thrown away is simulated when it is asked
  for again. store=null on any run or study does without.
"""
CLEAR, LIMIT = "clear", "limit"
DEFAULT = ".store"


def main(arguments: Sequence[str]) -> int:
    """Do what the command line asks; return the exit code."""
    with CommandLine() as command:
        if {"-h", "--help"}.isdisjoint(arguments):
            _obey(arguments, command)
        else:
            command.only_prints = True
            say(USAGE.rstrip("\n"))
    return command.code


def _obey(arguments: Sequence[str], command: CommandLine) -> None:
    settings, words = _parsed(arguments)
    command.language = _language(settings.get("language", "both"))
    store = Store(named_path(settings.get("store", DEFAULT), "store"))
    if LIMIT in settings:
        store.set_limit(_gigabytes(settings[LIMIT]))
    if words:
        _clear(store, words[1:], command.language)
    else:
        command.only_prints = LIMIT not in settings
        _list(store, command.language)


def _parsed(arguments: Sequence[str]) -> tuple[dict[str, str], list[str]]:
    """Settings KEY=VALUE, and the words. Raises ConfigError."""
    settings = dict(text.split("=", 1) for text in arguments if "=" in text)
    words = [text for text in arguments if "=" not in text]
    for name in settings:
        if name not in (LIMIT, "store", "language"):
            raise _wrong(name, known=[LIMIT, "store", "language"])
    if words and words[0] != CLEAR:
        raise _wrong(words[0], known=[CLEAR])
    if words and LIMIT in settings:
        raise _wrong(LIMIT, known=[])
    return settings, words


def _wrong(word: str, known: Sequence[str]) -> ConfigError:
    return ConfigError(
        "this is not understood here",
        file="command line",
        value=word,
        known=known,
        allowed="what python -m sim.study.store --help says",
    )


def _language(text: str) -> Language:
    from sim.report.words import Language

    known: tuple[Language, ...] = get_args(Language)
    for language in known:
        if text == language:
            return language
    raise ConfigError("there is no such language", key="language", value=text, known=known)


def _gigabytes(text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = -1.0
    if not 0.0 <= number <= 1e6:
        raise ConfigError(
            "this is no size", key=LIMIT, value=text, allowed="a number of gigabytes, 0 or more"
        )
    return number


def _clear(store: Store, points: Sequence[str], language: Language) -> None:
    from sim.report.words import tongues, word

    entries = store.entries()
    chosen = entries if not points else []
    for point in points:
        # An empty word, as an unset variable of a shell leaves it, would mean all of them.
        found = [entry for entry in entries if point and _point(entry).startswith(point)]
        if not found:
            raise ConfigError(
                "the store holds no such design point",
                value=point,
                known=[_point(entry) for entry in entries],
            )
        chosen += [entry for entry in found if entry not in chosen]
    store.remove(chosen)
    for tongue in tongues(language):
        text = word("store.cleared", tongue)
        say(text.format(size=_size(chosen), replications=_replications(chosen, tongue)))


def _list(store: Store, language: Language) -> None:
    from sim.page.console import console_on
    from sim.report.words import tongues, word

    entries = store.entries()
    console = console_on()
    for tongue in tongues(language):
        if entries:
            console.print(_table(entries, tongue))
        text = word("store.summary" if entries else "store.empty", tongue)
        console.print(
            text.format(
                folder=store.folder,
                size=_size(entries),
                limit=f"{store.limit / 1e9:g} GB",
                replications=_replications(entries, tongue),
            ),
            soft_wrap=True,
        )


def _table(entries: Sequence[Entry], tongue: Tongue) -> Table:
    from rich import box
    from rich.table import Table

    from sim.report.words import word

    table = Table(box=box.SIMPLE_HEAD)
    for name in ("point", "labels", "replications", "size", "used"):
        number = name in ("replications", "size")
        heading = word(f"store.{name}", tongue)
        table.add_column(heading, justify="right" if number else "left")
    for entry in entries:
        used = dt.datetime.fromtimestamp(entry.used).strftime("%Y-%m-%d %H:%M")
        labels = "\n".join(_printable(label) for label in _labels(entry))
        table.add_row(_point(entry), labels, f"{entry.replications:,}", _size([entry]), used)
    return table


def _point(entry: Entry) -> str:
    """Hash of the design point; of a shelf that does not tell, its name."""
    return _printable(entry.about.get("point", entry.name))


def _labels(entry: Entry) -> list[object]:
    labels = entry.about.get("labels")
    return labels if isinstance(labels, list) else []


def _printable(text: object) -> str:
    """A text of a file that anybody may have written, without what commands a terminal."""
    return "".join(sign if sign.isprintable() else "?" for sign in str(text))


def _size(entries: Sequence[Entry]) -> str:
    return f"{sum(entry.size for entry in entries) / 1e6:,.1f} MB"


def _replications(entries: Sequence[Entry], tongue: Tongue) -> str:
    return Speech(tongue).text(Replications(sum(entry.replications for entry in entries)))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
