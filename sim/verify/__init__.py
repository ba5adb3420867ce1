"""Do the figures of a folder or a file hold? ``python -m sim.verify FOLDER|FILE [replications=N]``.

Everything that leaves the house names its result_hash and the command that gives it. Here the
command is given again, without what was simulated before, and what comes out is compared.
"""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from typing import Any, NoReturn
from xml.etree import ElementTree

from sim.command.exits import DONE
from sim.config.errors import ConfigError
from sim.study import open as open_folder
from sim.study.files import read_plain, unreadable
from sim.study.folder import MANIFEST
from sim.words import Count, Said

HASH, COMMAND = "result_hash", "command"
"""What files call what they name; some formats want a prefix to it."""

_PREFIX = re.compile("kepusim[:_]")
_GOES_ON = re.compile(rf"{COMMAND}_\d{{1,4}}")  # properties of a workbook bear 255 characters

_MODULE = re.compile(r"sim|experiments\.[a-z][a-z0-9_]*")
_META = re.compile(r'<meta name="(kepusim:\w+)" content="([^"]*)">')
_SVG = {
    HASH: re.compile("<dc:description>result_hash ([0-9a-f]+)</dc:description>"),
    COMMAND: re.compile("<dc:source>([^<]*)</dc:source>"),
}
_PROPERTIES = "docProps/custom.xml"
_COMMAND_CODE = (
    "import runpy, sys; sys.argv = sys.argv[1:]; "
    "runpy.run_module(sys.argv[0], run_name='__main__', alter_sys=True)"
)


@dataclass(frozen=True)
class Named:
    """What something names: the hash of its results, and the command that gives them.

    Attributes:
        folder: of the results, if they are there.
    """

    result_hash: str
    command: str
    folder: Path | None = None


@dataclass(frozen=True)
class Verdict:
    """Whether the figures hold, and a sentence on what was compared."""

    holds: bool
    said: Sequence[Said]


def named(path: Path) -> Named:
    """What a folder of results, or a file made from one, names.

    Raises:
        ConfigError: it is neither, or names nothing.
    """
    if path.is_dir() or path.name == MANIFEST:
        folder = path if path.is_dir() else path.parent
        manifest = open_folder(folder).manifest
        if "command" not in manifest:
            _refuse("verify.no_command", path)
        return Named(str(manifest["result_hash"]), str(manifest["command"]), folder)
    try:
        content = read_plain(path)
    except OSError as error:
        raise unreadable(path, error) from error
    found = {_PREFIX.sub("", key): text for key, text in _found(content, path)}
    if HASH not in found or COMMAND not in found:
        _refuse("verify.names_nothing", path)
    rest = sorted((key for key in found if _GOES_ON.fullmatch(key)), key=lambda key: int(key[8:]))
    return Named(found[HASH], "".join(found[key] for key in (COMMAND, *rest)))


def verify(own: Named, replications: int | None = None, directory: str | None = None) -> Verdict:
    """Give the command again and compare.

    Args:
        replications: the first so many alone, which only a folder can be compared with; None: all.
        directory: with further choices, if the command needs one.

    Raises:
        ConfigError: the command is none of ours or cannot be given here, or there is no folder to
            compare a part with.
    """
    if replications is not None and own.folder is None:
        raise ConfigError("verify.part_of_file", key="replications", value=replications)
    with tempfile.TemporaryDirectory(prefix="kepusim-") as place:
        again = Path(place) / "again"
        _give(own.command, again, replications, directory)
        if replications is not None and own.folder is not None:
            return _part(own.folder, again, replications)
        return _whole(own, again)


# ---------------------------------------------------------------------- what files name


def _found(content: bytes, path: Path) -> Iterator[tuple[str, str]]:
    """Keys and texts in the form that the kind of file has for them."""
    if content.startswith(b"\x89PNG"):
        yield from _of_png(content)
    elif content.startswith(b"PK"):
        yield from _of_office(path)
    else:
        text = content.decode("utf-8", errors="replace")
        yield from ((key, unescape(value)) for key, value in _META.findall(text))
        for key, pattern in _SVG.items():
            yield from ((key, unescape(value)) for value in pattern.findall(text)[:1])


def _of_png(content: bytes) -> Iterator[tuple[str, str]]:
    """Its texts, see https://www.w3.org/TR/png-3/#11textinfo."""
    at = 8
    while at + 8 <= len(content):
        length, kind = int.from_bytes(content[at : at + 4]), content[at + 4 : at + 8]
        body = content[at + 8 : at + 8 + length]
        if kind == b"tEXt":
            key, _, value = body.partition(b"\0")
            yield key.decode("latin-1"), value.decode("latin-1")
        elif kind == b"iTXt":
            key, _, rest = body.partition(b"\0")
            if not rest.startswith(b"\x01"):  # what is compressed is not ours
                yield key.decode("latin-1"), rest[2:].split(b"\0", 2)[-1].decode("utf-8", "replace")
        at += length + 12


def _of_office(path: Path) -> Iterator[tuple[str, str]]:
    """The custom properties of a workbook or deck."""
    try:
        with zipfile.ZipFile(path) as parts:
            info = parts.getinfo(_PROPERTIES)
            if info.file_size > 1_000_000:
                return
            root = ElementTree.fromstring(parts.read(info))
    except (zipfile.BadZipFile, KeyError, ElementTree.ParseError, OSError):
        return
    for entry in root:
        yield str(entry.get("name")), "".join(entry.itertext())


def _refuse(words: str, path: Path) -> NoReturn:
    raise ConfigError(words, key="FILE", value=str(path))


# ---------------------------------------------------------------------- the command again


def _give(command: str, folder: Path, replications: int | None, directory: str | None) -> None:
    """Give a command of ours with another folder and no store; nothing else is ever started."""
    try:
        python, option, module, *overrides = shlex.split(command)
    except ValueError:
        python = option = module = ""
        overrides = []
    if (python, option) != ("python", "-m") or not _MODULE.fullmatch(module):
        raise ConfigError("verify.no_command_of_ours", key=COMMAND, value=command)
    if any(re.match(r"[+~]*(hydra|study\.folder|store)\b|-", each) for each in overrides):
        raise ConfigError("verify.leads_elsewhere", key=COMMAND, value=command)
    where = "hydra.run.dir" if module == "sim" else "study.folder"
    more = ["store=null", f"{where}={folder}"]
    if replications is not None:
        more += [f"replications={replications}", *(["trace=null"] if module == "sim" else [])]
    if directory is not None:
        more += ["--config-dir", directory]
    code = [sys.executable, "-c", _COMMAND_CODE, module, *overrides, *more]
    done = subprocess.run(code, stdout=subprocess.DEVNULL, stdin=subprocess.DEVNULL, check=False)
    if done.returncode != DONE:
        raise ConfigError("verify.not_given", key=COMMAND, value=command)


# ---------------------------------------------------------------------- what is compared


def _whole(own: Named, again: Path) -> Verdict:
    manifest = _manifest(again)
    holds = str(manifest["result_hash"]) == own.result_hash
    told = {"hash": own.result_hash[:12], "again": str(manifest["result_hash"])[:12]}
    said = [Said("verify.same_hash" if holds else "verify.other_hash", told)]
    if own.folder is not None:
        tables = [path.name for path in sorted(again.glob("*.csv"))]
        unlike = [name for name in tables if not _alike(own.folder / name, again / name)]
        holds &= not unlike
        values = {"tables": tables, "unlike": unlike}
        said.append(Said("verify.other_tables" if unlike else "verify.same_tables", values))
        if not holds:
            said += _environment(_manifest(own.folder), manifest)
    return Verdict(holds, said)


def _part(folder: Path, again: Path, replications: int) -> Verdict:
    """Compare the values of all targets in the first replications, to the last bit."""
    keys = ["scenario", "replication", "target", "definition"]
    ours, theirs = (
        frame[frame["replication"] < replications].sort_values(keys).reset_index(drop=True)
        for frame in (open_folder(each).targets() for each in (folder, again))
    )
    holds = bool(ours.astype(str).equals(theirs.astype(str)))
    told = {"count": Count(replications), "values": Count(len(theirs))}
    said = [Said("verify.same_part" if holds else "verify.other_part", told)]
    if not holds:
        said += _environment(_manifest(folder), _manifest(again))
    return Verdict(holds, said)


def _alike(ours: Path, theirs: Path) -> bool:
    return ours.is_file() and read_plain(ours) == read_plain(theirs)


def _environment(ours: Mapping[str, Any], theirs: Mapping[str, Any]) -> Iterator[Said]:
    """What differs between the two programs or machines: other last digits may come of it."""
    kinds = ("code_version", "code", "packages", "processor", "machine", "python")
    unlike = [key for key in kinds if ours.get(key) != theirs.get(key)]
    if unlike:
        yield Said("verify.environment", {"unlike": unlike})


def _manifest(folder: Path) -> Mapping[str, Any]:
    manifest: dict[str, Any] = json.loads(read_plain(folder / MANIFEST))
    return manifest
