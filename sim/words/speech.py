"""A language that is spoken: texts of the catalogue with their values, in words."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Literal, get_args

from sim.lazy import jinja2
from sim.words.catalogue import catalogue

Language = Literal["zh", "en"]
LANGUAGES: tuple[Language, ...] = get_args(Language)

Asked = Literal["zh", "en", "both"]
ASKED: tuple[Asked, ...] = get_args(Asked)
"""What may be asked for; None (null) asks for the language of the locale."""

Label = Mapping[str, str]
"""A name by language, ``zh`` and ``en``."""


@dataclass(frozen=True)
class Said:
    """Something to be said, in whatever language: a key of the catalogue and its values.

    Values know how they are said (see :meth:`Speech.text`); templates may also compare them.
    """

    key: str
    values: Mapping[str, object] = field(default_factory=dict, hash=False)

    def __str__(self) -> str:
        return Speech(local_language()).text(self)


class Speech:
    """One language, and everything that is said in it."""

    def __init__(self, language: Language) -> None:
        if language not in LANGUAGES:
            raise KeyError(f"no language {language!r}: words exist in zh and en")
        self.language: Language = language

    def __repr__(self) -> str:
        return f"Speech({self.language!r})"

    def __call__(self, key: str, /, **values: object) -> str:
        """The text of ``key``, filled with ``values``.

        Raises:
            KeyError: there is no such text.
            jinja2.UndefinedError: a value is missing.
        """
        text = catalogue().texts(key)[self.language]
        if "{" not in text:
            return text
        return _template(self.language, key).render(values)

    def text(self, value: object) -> str:
        """How a value is said.

        A :class:`Said` is a text of the catalogue, a label the name in this language, a list its
        parts one after the other, nothing (None) an empty text; values of
        :mod:`sim.words.numbers` say themselves. Anything else is its own text.
        """
        if isinstance(value, str):
            return value
        if value is None:
            return ""
        if isinstance(value, Said):
            return self(value.key, **value.values)
        spoken = getattr(value, "spoken", None)
        if spoken is not None:
            text: str = spoken(self)
            return text
        if isinstance(value, Mapping) or hasattr(value, self.language):
            return self.name(value)
        if isinstance(value, Sequence):
            return self.listed(value)
        return str(value)

    def name(self, label: Label | Any) -> str:
        """The name that a label has in this language."""
        name = label[self.language] if isinstance(label, Mapping) else getattr(label, self.language)
        return str(name)

    def listed(self, parts: Iterable[object]) -> str:
        """Parts of a sentence, one after the other."""
        return self("list.separator").join(map(self.text, parts))

    def clauses(self, parts: Iterable[object]) -> str:
        """Longer parts, each with commas of its own."""
        return self("list.clause").join(map(self.text, parts))

    def sentences(self, parts: Iterable[object]) -> str:
        """Whole sentences: tight in Chinese, with a space between them in English."""
        return ("" if self.language == "zh" else " ").join(filter(None, map(self.text, parts)))


def speeches(language: str | None) -> tuple[Speech, ...]:
    """The languages that ``zh``, ``en`` or ``both`` stand for, Chinese first; None: the local."""
    language = language or local_language()
    return tuple(Speech(own) for own in LANGUAGES if language in (own, "both"))


def asked_language(arguments: Sequence[str]) -> Asked | None:
    """What the last ``language=`` among ``arguments`` asks for; None if nothing, or no language.

    A command line need not be understood otherwise, so that even its refusal speaks it.
    """
    found: Asked | None = None
    for argument, following in zip(arguments, [*arguments[1:], ""], strict=False):
        key, _, value = argument.lstrip("-+").partition("=")
        if key == "language":
            value = value if "=" in argument else following
            found = next((own for own in ASKED if own == value.strip("'\"")), found)
    return found


_spoken: Language | None = None


def speak(language: str | None) -> None:
    """Say in this language what is said without being asked, such as warnings; None: the local."""
    global _spoken
    _spoken = next((own for own in LANGUAGES if own == language), None)


def local_language(environment: Mapping[str, str] | None = None) -> Language:
    """The language of the locale: Chinese where that is, English everywhere else.

    A command that was asked for another one has it for the whole process.
    """
    if _spoken is not None and environment is None:
        return _spoken
    given = os.environ if environment is None else environment
    names = (given.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    name = next(filter(None, names), None)
    if name is None and environment is None:
        import locale  # most systems say it in the environment

        name = locale.getlocale()[0]
    return "zh" if (name or "").lower().startswith(("zh", "chinese")) else "en"


@cache
def _environment(language: Language) -> jinja2.Environment:
    speech = Speech(language)
    environment = jinja2.Environment(
        undefined=jinja2.StrictUndefined,
        finalize=speech.text,
        autoescape=False,  # texts become text; a medium that needs marking does it itself
        keep_trailing_newline=True,
    )
    environment.filters["clauses"] = speech.clauses
    environment.filters["joined"] = lambda parts, by: by.join(map(speech.text, parts))
    environment.filters["quoted"] = lambda value: repr(speech.text(value))
    environment.filters["listed"] = speech.listed
    environment.globals["one"] = lambda count, singular, plural: singular if count == 1 else plural
    return environment


@cache
def _template(language: Language, key: str) -> jinja2.Template:
    return _environment(language).from_string(catalogue().texts(key)[language])
