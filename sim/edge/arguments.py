"""What stands on a command line, as Hydra's grammar reads it.

That grammar knows unquoted words of ASCII letters and little else. What people type beyond it has
one meaning all the same: ``scenario.label.zh=甲（乙）`` is a text, ``[a, b]`` without quotes is a
list that the shell has taken apart. Such arguments are brought into the form that the grammar
reads; whatever it reads already stays as it is, and what has no such form is refused.
"""

from __future__ import annotations

import re
import types
from collections.abc import Iterator, Mapping, Sequence

from sim.config import wording
from sim.config.directory import groups
from sim.config.errors import COMMAND_LINE, ConfigError, called
from sim.config.schema import Run
from sim.config.text import unprintable
from sim.edge.composition import compose
from sim.edge.overrides import is_grammatical, unreadable
from sim.plan.districts import read_districts
from sim.plan.place_linter import unknown_district
from sim.words import Said

_OPEN, _CLOSE = "[{", "]}"
_BRACKETS = str.maketrans("［］【】｛｝", "[][]{}")
_GROUPED = re.compile(r"[+-]?\d{1,3}(?:,\d{3})*,0\d\d(?:,\d{3})*")
_IN_BRACKETS = re.compile(r"""\[["']?(\w+)["']?\]|(?<=\.)["'](\w+)["']""")
_KEY = re.compile(r"[+~]{0,2}[A-Za-z0-9_.@/$-]+")


def readable(arguments: Sequence[str], *, several: bool = False) -> list[str]:
    """The overrides among ``arguments`` in a form that Hydra reads.

    Args:
        arguments: of a command line, options taken away.
        several: whether values separated by commas are those of several runs.

    Raises:
        ConfigError: an argument is no override, or has no such form.
    """
    for argument in arguments:
        hidden = unprintable(argument)
        if hidden is not None:
            raise ConfigError("argument.hidden", file=COMMAND_LINE, value=argument, hidden=hidden)
    joined = list(_joined(arguments))
    for position, argument in enumerate(joined):
        if not _is_override(argument):
            raise _stray(argument, joined[position + 1 :])
    return [_read(argument, several) for argument in joined]


def unknown_option(
    arguments: Sequence[str],
    option: str,
    allowed: Said,
    known: Sequence[str] = (),
    settings: Mapping[str, str] = types.MappingProxyType({}),
) -> ConfigError:
    """The problem of an ``option`` among ``arguments`` that does not exist.

    ``settings``: how those are written that are not keys of a run, by name.
    """
    place = list(arguments).index(option) if option in arguments else len(arguments)
    return ConfigError(
        "argument.unknown_option",
        file=COMMAND_LINE,
        value=option,
        allowed=allowed,
        known=known,
        nearest=_setting_for_option(option, arguments[place + 1 :], settings),
    )


def _setting_for_option(
    option: str, following: Sequence[str], settings: Mapping[str, str]
) -> str | None:
    """The setting behind an option such as ``--seed 3``, written as settings are; None if none.

    ``settings``: how those are written that are not keys of a run, by name.
    """
    name, _, value = option.lstrip("-").partition("=")
    name = name.replace("-", "_")
    if name in settings:
        name = settings[name]
    elif name.partition(".")[0] not in _keys():
        return None
    return f"{name}={value or next(iter(following), '...')}"


def _keys() -> list[str]:
    """The keys and groups that a run has at the top."""
    return list(dict.fromkeys([*groups(), *Run.model_fields]))


def _joined(arguments: Sequence[str]) -> Iterator[str]:
    """The arguments, of which the shell has taken some apart at blanks, put together again."""
    rest = list(arguments)
    while rest:
        argument = rest.pop(0)
        if rest and _KEY.fullmatch(argument) and rest[0].startswith("="):  # key = value
            argument += rest.pop(0)
        if rest and re.fullmatch(rf"{_KEY.pattern}=", argument) and "=" not in rest[0]:
            argument += rest.pop(0)
        if _is_open(argument):
            for more in range(1, len(rest) + 1):
                whole = " ".join([argument, *rest[:more]])
                if not _is_open(whole):
                    argument, rest = whole, rest[more:]
                    break
        yield argument


def _is_open(argument: str) -> bool:
    """Whether a list or mapping begins in ``argument`` that does not end in it."""
    value = argument.partition("=")[2].translate(_BRACKETS)
    if value[:1] not in tuple(_OPEN):
        return False
    text = re.sub(r"'[^']*'|\"[^\"]*\"", "", value)
    return sum(text.count(c) for c in _OPEN) > sum(text.count(c) for c in _CLOSE)


def _is_override(argument: str) -> bool:
    return "=" in argument or "＝" in argument or argument.startswith("~")


def _stray(word: str, following: Sequence[str]) -> ConfigError:
    """The problem of a word that gives no key a value."""
    key, _, value = word.replace("：", ":").partition(":")
    nearest = None
    if key.lstrip("+").partition(".")[0] in _keys():
        given = value.strip() or next((each for each in following if "=" not in each), "...")
        nearest = f"{key}={given}"
    return ConfigError("argument.stray", file=COMMAND_LINE, value=word, nearest=nearest)


def _read(argument: str, several: bool) -> str:
    """``argument`` in a form that the grammar reads. Raises ConfigError."""
    if several and _GROUPED.fullmatch(argument.partition("=")[2]):
        # Several values to the grammar, of which one would be 000.
        key, _, value = argument.partition("=")
        plain = value.replace(",", "")
        raise ConfigError(
            "argument.comma",
            file=COMMAND_LINE,
            key=key,
            value=value,
            allowed=f"{key}={plain}",
            nearest=f"{key}={plain}",
        )
    for form in _forms(argument, several):
        if is_grammatical(form):
            return form
    key = re.split("[=＝]", argument, maxsplit=1)[0]
    raise unreadable(argument) if key.isascii() else _misnamed(key)


def _misnamed(key: str) -> ConfigError:
    """The problem of a key in which something is called as people call it."""
    config = compose([])
    plan = config["plan"]
    level: object = config
    path: list[str] = []
    for part in key.split("."):
        path.append(part)
        if not (isinstance(level, Mapping) and part in level):
            break
        level = level[part]
    if path[:2] == ["allocation", "weights"] and isinstance(plan, Mapping):
        problem = unknown_district(path[-1], read_districts(str(plan["districts"])))
        problem.file = COMMAND_LINE
        return problem
    known = list(level) if isinstance(level, Mapping) else []
    return ConfigError(
        "config.unknown_key",
        file=COMMAND_LINE,
        key=".".join(path),
        known=known,
        nearest=called(path[-1], wording.labels(level)),
    )


def _forms(argument: str, several: bool) -> Iterator[str]:
    """How ``argument`` may be meant, the likeliest first."""
    yield argument
    in_quotes = argument[:1] + argument[-1:] in ("''", '""', "‘’", "“”")
    bare = argument[1:-1] if in_quotes else argument  # quotes of another shell
    if not re.search("[=＝]", bare):
        return
    key, value = (part.strip() for part in re.split("[=＝]", bare, maxsplit=1))
    key = _IN_BRACKETS.sub(lambda part: f".{part[1]}" if part[1] else part[2], key)
    yield f"{key}={value}"
    plain = value.translate(_BRACKETS)
    if plain.startswith("[") and plain.endswith("]"):
        items = _split(plain[1:-1].translate(str.maketrans("，", ",")))
        if items is not None:
            yield f"{key}=[{','.join(map(_item, items))}]"
    elif plain.startswith("{"):
        return
    elif several and "," in value:
        yield f"{key}={','.join(map(_item, _split(value) or [value]))}"
    else:
        yield f"{key}={_quoted(value)}"


def _split(text: str) -> list[str] | None:
    """The parts of ``text`` between commas outside quotes and brackets; None if it is no list."""
    parts, depth, quote = [""], 0, ""
    for character in text:
        if quote:
            quote = "" if character == quote else quote
        elif character in "'\"":
            quote = character
        elif character == "," and not depth:
            parts.append("")
            continue
        else:
            depth += (character in _OPEN) - (character in _CLOSE)
        parts[-1] += character
    return None if quote or depth else [part.strip() for part in parts]


def _item(text: str) -> str:
    """One value of several, in quotes where the grammar would not read it otherwise.

    Of a list or mapping that holds such a value only that one is.
    """
    if is_grammatical(f"x=[{text}]"):
        return text
    parts = _split(text[1:-1]) if text[:1] + text[-1:] in ("[]", "{}") else None
    if parts is None:
        return _quoted(text)
    if text.startswith("["):
        return f"[{','.join(map(_item, parts))}]"
    pairs = [re.fullmatch(r"(\w+)\s*[:：]\s*(.*)", part) for part in parts]
    named = [f"{pair[1]}:{_item(pair[2])}" for pair in pairs if pair]
    return f"{{{','.join(named)}}}" if len(named) == len(pairs) else _quoted(text)


def _quoted(text: str) -> str:
    escaped = re.sub(r"(\\*)('|$)", lambda m: m[1] * 2 + (r"\'" if m[2] else ""), text)
    return f"'{escaped}'"
