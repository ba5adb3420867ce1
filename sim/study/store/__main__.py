"""What lies in the store, and how to clear it: ``python -m sim.study.store``."""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from sim import page
from sim.command.exits import CommandLine
from sim.config.directory import named_path
from sim.config.errors import COMMAND_LINE, ConfigError
from sim.study.store import Entry, Store
from sim.words import ASKED, Replications, Speech, speeches

if TYPE_CHECKING:
    from rich.console import RenderableType

CLEAR, LIMIT = "clear", "limit"
DEFAULT = ".store"


def main(arguments: Sequence[str]) -> int:
    """Do what the command line asks; return the exit code."""
    with CommandLine(arguments) as command:
        if {"-h", "--help"}.isdisjoint(arguments):
            _obey(arguments, command)
        else:
            command.only_prints = True
            command.say("store.usage")
    return command.code


def _obey(arguments: Sequence[str], command: CommandLine) -> None:
    settings, words = _parsed(arguments)
    language = settings.get("language", command.language)
    if language not in (*ASKED, None):
        raise ConfigError("store.no_language", key="language", value=language, known=ASKED)
    store = Store(named_path(settings.get("store", DEFAULT), "store"))
    if LIMIT in settings:
        store.set_limit(_gigabytes(settings[LIMIT]))
    if words:
        _clear(store, words[1:], command)
    else:
        command.only_prints = LIMIT not in settings
        _list(store, speeches(command.language))


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
    return ConfigError("store.not_understood", file=COMMAND_LINE, value=word, known=known)


def _gigabytes(text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = -1.0
    if not 0.0 <= number <= 1e6:
        raise ConfigError("store.no_size", key=LIMIT, value=text)
    return number


def _clear(store: Store, points: Sequence[str], command: CommandLine) -> None:
    entries = store.entries()
    chosen = entries if not points else []
    for point in points:
        # An empty word, as an unset variable of a shell leaves it, would mean all of them.
        found = [entry for entry in entries if point and _point(entry).startswith(point)]
        if not found:
            known = [_point(entry) for entry in entries]
            raise ConfigError("store.no_point", value=point, known=known)
        chosen += [entry for entry in found if entry not in chosen]
    store.remove(chosen)
    command.say("store.cleared", size=_size(chosen), replications=_replications(chosen))


def _list(store: Store, languages: Sequence[Speech]) -> None:
    entries = store.entries()
    console = page.console_on()
    for speech in languages:
        if entries:
            console.print(_table(entries, speech))
        text = speech(
            "store.summary" if entries else "store.empty",
            folder=store.folder,
            size=_size(entries),
            limit=f"{store.limit / 1e9:g} GB",
            replications=_replications(entries),
        )
        console.print(text, soft_wrap=True)


def _table(entries: Sequence[Entry], speech: Speech) -> RenderableType:
    names = ("point", "labels", "replications", "size", "used")
    numbers = ("replications", "size")
    rows = []
    for entry in entries:
        used = dt.datetime.fromtimestamp(entry.used).strftime("%Y-%m-%d %H:%M")
        labels = "\n".join(_printable(label) for label in _labels(entry))
        rows.append([_point(entry), labels, f"{entry.replications:,}", _size([entry]), used])
    return page.listed(
        {speech(f"store.{name}"): "right" if name in numbers else "left" for name in names}, rows
    )


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


def _replications(entries: Sequence[Entry]) -> Replications:
    return Replications(sum(entry.replications for entry in entries))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
