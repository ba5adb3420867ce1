"""The one error that wrong input raises, and how it reads.

A :class:`ConfigError` names the file, the key, the value, what is allowed instead and the nearest
valid name, so that an analyst can put the input right without opening the code. The command line
prints it without a traceback and leaves with exit code 2.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence

MAX_LISTED = 12
"""Longest list of valid names that is printed in full."""


class ConfigError(Exception):
    """The input is wrong.

    ``message`` says what is wrong in one sentence; ``file`` is where the setting was written (a
    path below the configuration directory, or "command line"); ``key`` its dotted path; ``value``
    what was given (None is not shown); ``allowed`` what may stand there instead, in plain words;
    ``known`` the valid names, of which the nearest is suggested. ``problems`` holds the single
    errors of a joined one (see :meth:`join`), else just this one.
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
    ) -> None:
        super().__init__(message)
        self.message = message
        self.file = file
        self.key = key
        self.value = value
        self.allowed = allowed
        self.known = tuple(str(name) for name in known)
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
        written = [self.value] if isinstance(self.value, str) else []
        if self.key is not None:
            written.append(self.key.rpartition(".")[2])
        best: tuple[float, str] | None = None
        for word in written:
            for name in difflib.get_close_matches(word, self.known, n=1, cutoff=0.6):
                ratio = difflib.SequenceMatcher(None, name, word).ratio()
                if best is None or ratio > best[0]:
                    best = (ratio, name)
        return None if best is None else best[1]

    def __str__(self) -> str:
        if len(self.problems) > 1:
            return "\n".join([f"{self.message}:", *(str(problem) for problem in self.problems)])
        lines = [self.message]
        if self.file is not None:
            lines.append(f"  in:      {self.file}")
        if self.key is not None:
            lines.append(f"  key:     {self.key}")
        if self.value is not None:
            lines.append(f"  given:   {_shown(self.value)}")
        if self.allowed is not None:
            lines.append(f"  allowed: {_listed(self.allowed)}")
        elif self.known and len(self.known) <= MAX_LISTED:
            lines.append(f"  allowed: {_listed(self.known)}")
        if self.nearest is not None:
            lines.append(f"  nearest: {self.nearest}")
        return "\n".join(lines)


def _shown(value: object) -> str:
    text = repr(value) if isinstance(value, str) else str(value)
    return text if len(text) <= 200 else f"{text[:200]}..."


def _listed(allowed: object) -> str:
    if isinstance(allowed, str) or not isinstance(allowed, Iterable):
        return str(allowed)
    return ", ".join(str(item) for item in allowed)
