"""The one error that wrong input raises, and how it reads.

A :class:`ConfigError` names the file, the key, the value, what is allowed instead and the nearest
valid name, so that an analyst can put the input right without opening the code. It carries a key of
the catalogue of words and values; whoever prints it says in which language. The command line does
so without a traceback and leaves with exit code 2.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Mapping, Sequence

from sim.config.text import printable
from sim.words import Said, Speech, catalogue, local_language

Written = str | Said
"""Where something was written: a file, a line of it, or the command line."""

COMMAND_LINE = Said("refusal.command_line")
"""How messages name what was written there and in no file."""

MAX_LISTED = 60
"""Longest list of valid names that is printed in full."""

_SOME = 6  # names shown of a list that is longer


class ConfigError(Exception):
    """The input is wrong.

    ``key`` and ``value`` can be used in the words as well as ``values``. ``problems`` holds the
    single errors of a joined one (see :meth:`join`), else just this one.

    Args:
        words: key of what is wrong, one sentence of the catalogue. What may stand there instead is
            the entry ``WORDS.allowed``, if there is one and nothing else is ``allowed``.
        file: where the setting was written: a path below the configuration directory, or
            :data:`COMMAND_LINE`.
        key: its dotted path, or where it stands in a table.
        value: what was given; None is not shown.
        allowed: what may stand there instead: a name, names, or something to be said.
        known: the valid names, of which the nearest is suggested unless ``nearest`` says it.
        values: those in the words.
    """

    def __init__(
        self,
        words: str,
        /,
        *,
        file: Written | None = None,
        key: str | Said | None = None,
        value: object = None,
        allowed: object = None,
        known: Iterable[str] = (),
        nearest: str | Said | None = None,
        **values: object,
    ) -> None:
        super().__init__(words)
        self.words = words
        self.values = values
        self.file = file
        self.key = key
        self.value = value
        self._allowed = allowed
        self.known = tuple(str(name) for name in known)
        self._nearest = nearest
        self.problems: tuple[ConfigError, ...] = (self,)

    @classmethod
    def join(cls, problems: Sequence[ConfigError]) -> ConfigError:
        """One error that lists every problem, so that one run shows all there is to mend."""
        if len(problems) == 1:
            return problems[0]
        joined = cls("refusal.several", count=len(problems))
        joined.problems = tuple(problems)
        return joined

    @property
    def says(self) -> Said:
        """What is wrong, in one sentence."""
        return Said(self.words, {**self.values, "key": self.key, "value": self.value})

    @property
    def allowed(self) -> object:
        """What may stand there instead; None if nothing is said of it but the valid names."""
        if self._allowed is None and catalogue().has(f"{self.words}.allowed"):
            return Said(f"{self.words}.allowed", self.says.values)
        return self._allowed

    @property
    def nearest(self) -> str | Said | None:
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
        return [*words, self.key.rpartition(".")[2]] if isinstance(self.key, str) else words

    def _known_in_words(self) -> object:
        """All valid names, or those most like what was written."""
        if len(self.known) <= MAX_LISTED:
            return self.known
        likely = (
            difflib.get_close_matches(word, self.known, n=_SOME, cutoff=0.0)
            for word in self._written
        )
        some = list(dict.fromkeys(name for names in likely for name in names))[:_SOME]
        names = some or self.known[:_SOME]
        return Said("refusal.such_as", {"count": len(self.known), "names": names})

    def __str__(self) -> str:
        return self.spoken(Speech(local_language()))

    def spoken(self, speech: Speech) -> str:
        """The whole message in a language."""
        if len(self.problems) > 1:
            return "\n".join(map(speech.text, [self.says, *self.problems]))
        # What is quoted of the input may hold characters that play tricks on a terminal.
        return printable("\n".join(line.replace("\n", "\\n") for line in self._lines(speech)))

    def _lines(self, speech: Speech) -> Iterator[str]:
        yield speech.text(self.says)
        allowed, value = self.allowed, None if self.value is None else _shown(self.value, speech)
        if allowed is None and self.known:
            allowed = self._known_in_words()
        lines = {"in": self.file, "key": self.key, "given": value, "allowed": allowed}
        for name, what in {**lines, "nearest": self.nearest}.items():
            if what is not None:
                yield speech(f"refusal.{name}", what=what)


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


def _shown(value: object, speech: Speech) -> str:
    said = speech.text(value) if isinstance(value, Said) else value
    text = repr(said) if isinstance(said, str) else str(said)
    return text if len(text) <= 200 else f"{text[:200]}..."
