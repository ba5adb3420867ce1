"""The one error that wrong input raises, and how it reads.

A :class:`ConfigError` names the file, the key, the value, what is allowed instead and the nearest
valid name, so that an analyst can put the input right without opening the code. The command line
prints it without a traceback and leaves with exit code 2.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Mapping, Sequence

from sim.config.text import printable

COMMAND_LINE = "command line"
"""How messages name what was written there and in no file."""

MAX_LISTED = 60
"""Longest list of valid names that is printed in full."""

_SOME = 6  # names shown of a list that is longer


class ConfigError(Exception):
    """The input is wrong.

    ``message`` says what is wrong in one sentence; ``file`` is where the setting was written (a
    path below the configuration directory, or "command line"); ``key`` its dotted path; ``value``
    what was given (None is not shown); ``allowed`` what may stand there instead, in plain words;
    ``known`` the valid names, of which the nearest is suggested, unless ``nearest`` says it.
    ``problems`` holds the single errors of a joined one (see :meth:`join`), else just this one.
    """

    def __init__(
        self,
        message: str,
        *,
        file: str | None = None,
        key: str | None = None,
        value: object = None,
        allowed: object = None,
        known: Iterable[str] = (),
        nearest: str | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.file = file
        self.key = key
        self.value = value
        self.allowed = allowed
        self.known = tuple(str(name) for name in known)
        self._nearest = nearest
        self.problems: tuple[ConfigError, ...] = (self,)

    @classmethod
    def join(cls, problems: Sequence[ConfigError]) -> ConfigError:
        """One error that lists every problem, so that one run shows all there is to mend."""
        if len(problems) == 1:
            return problems[0]
        joined = cls(f"{len(problems)} settings are wrong")
        joined.problems = tuple(problems)
        return joined

    @property
    def nearest(self) -> str | None:
        """The valid name most like the value or the last part of the key; None if none is near."""
        if self._nearest is not None:
            return self._nearest
        best: tuple[float, str] | None = None
        for word in self._written:
            for name in difflib.get_close_matches(word, self.known, n=1, cutoff=0.6):
                ratio = difflib.SequenceMatcher(None, name, word).ratio()
                if best is None or ratio > best[0]:
                    best = (ratio, name)
        return None if best is None else best[1]

    @property
    def _written(self) -> list[str]:
        """The words that may be a valid name misspelt: the value, the last part of the key."""
        words = [self.value] if isinstance(self.value, str) else []
        return words if self.key is None else [*words, self.key.rpartition(".")[2]]

    @property
    def _known_in_words(self) -> str:
        """All valid names, or those most like what was written."""
        if len(self.known) <= MAX_LISTED:
            return _listed(self.known)
        likely = (
            difflib.get_close_matches(word, self.known, n=_SOME, cutoff=0.0)
            for word in self._written
        )
        some = list(dict.fromkeys(name for names in likely for name in names))[:_SOME]
        return f"one of {len(self.known)} names, such as {_listed(some or self.known[:_SOME])}"

    def __str__(self) -> str:
        if len(self.problems) > 1:
            return "\n".join([f"{self.message}:", *(str(problem) for problem in self.problems)])
        # What is quoted of the input may hold characters that play tricks on a terminal.
        return printable("\n".join(line.replace("\n", "\\n") for line in self._lines()))

    def _lines(self) -> Iterator[str]:
        yield self.message
        if self.file is not None:
            yield f"  in:      {self.file}"
        if self.key is not None:
            yield f"  key:     {self.key}"
        if self.value is not None:
            yield f"  given:   {_shown(self.value)}"
        if self.allowed is not None:
            yield f"  allowed: {_listed(self.allowed)}"
        elif self.known:
            yield f"  allowed: {self._known_in_words}"
        if self.nearest is not None:
            yield f"  nearest: {self.nearest}"


def called(word: str, names: Mapping[str, str]) -> str | None:
    """The id, with its name in brackets, of what people call ``word`` or nearly so; None if none.

    ``names`` maps names in any language to ids.
    """
    written = word.casefold()
    likely = [name for name in names if name.casefold() == written]
    if not word.isascii():  # a few characters of Chinese say much
        likely += [name for name in names if written in name or name in written]
        likely += difflib.get_close_matches(word, names, n=1, cutoff=0.4)
    likely += difflib.get_close_matches(word, names, n=1, cutoff=0.8)
    return f"{names[likely[0]]} ({likely[0]})" if likely else None


def _shown(value: object) -> str:
    text = repr(value) if isinstance(value, str) else str(value)
    return text if len(text) <= 200 else f"{text[:200]}..."


def _listed(allowed: object) -> str:
    if isinstance(allowed, str) or not isinstance(allowed, Iterable):
        return str(allowed)
    return ", ".join(str(item) for item in allowed)
