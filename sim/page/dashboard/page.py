"""The dashboard: what was simulated, as data in a page whose script reads chances off between.

The page needs nothing but itself. Its policy admits two scripts by their hash, the library that
draws and the page's own, and loads nothing; names stand in it as data and as text, never as markup.
"""

from __future__ import annotations

import dataclasses
import html
import json
from importlib.resources import files
from typing import Any

from sim.answer.blocks import Spoken, Sweep
from sim.answer.dossier import Dossier
from sim.config.errors import ConfigError
from sim.page.html import digest, environment, source
from sim.page.picture.colours import (
    BLUE,
    FAINT,
    GREY,
    GRID,
    INK,
    LOOKS,
    MUTED,
    ORANGE,
    PAPER,
    mixed,
    words_in,
)
from sim.page.picture.sheet import HASH
from sim.page.typeface import FAMILIES, font_face
from sim.words import Label, Said, Speech, catalogue, speeches
from sim.words.numbers import LIKELY, UNLIKELY

_LIBRARY = files("sim") / "data" / "echarts" / "echarts.min.js"
_SCRIPTS = ("numbers.js", "chart.js", "script.js")
_NUMBERS = ("number.long", "number.large", "list.separator", "list.clause", "money.yuan")
_TEXTS = ("label", "reading", "goal", "unit")
"""What is said of a row."""

_BASIC = "".join(map(chr, range(0x20, 0x7F)))

_COLOURS = {
    "ink": INK, "muted": MUTED, "faint": FAINT, "grid": GRID, "paper": PAPER, "link": BLUE,
    "likely": LOOKS["likely"].colour, "open": LOOKS["open"].colour,
    "unlikely": LOOKS["unlikely"].colour, "says-likely": words_in("likely"),
    "says-open": words_in("open"), "says-unlikely": words_in("unlikely"),
    "band": mixed(BLUE, 0.82), "answer": mixed(BLUE, 0.92), "caution": mixed(ORANGE, 0.88),
    "ground": mixed(GREY, 0.9),
}  # fmt: skip


def dashboard(dossier: Dossier) -> bytes:
    """The page.

    Raises:
        ConfigError: no number of the run was turned for this answer.
    """
    sweep = dossier.answer.sweep
    if sweep is None:
        raise ConfigError("report.no_sweep", key="report", value="dashboard")
    data = _written(_data(dossier, sweep))
    library, script = (
        _LIBRARY.read_text(encoding="utf-8"),
        "\n".join(source(__package__, name) for name in _SCRIPTS),
    )
    style = _style(data + script)
    page = environment(Speech("en")).from_string(source(__package__, "template.html"))
    return page.render(
        title=_both(dossier.manifest["config"]["plan"]["name"]),
        named=_named(dossier),
        data=data,
        style=style,
        scripts=[library, script],
        policy={"script": [digest(library), digest(script)], "style": digest(style)},
        noscript=_both(Said("board.noscript")),
    ).encode()


def _named(dossier: Dossier) -> dict[str, object]:
    """What the file says of itself, see :mod:`sim.verify`."""
    manifest = dossier.manifest
    return {
        "result_hash": dossier.stamp.result_hash,
        "command": dossier.command,
        "seed": dossier.stamp.seed,
        "code": manifest.get("code_version", manifest.get("code")),
    }


# ---------------------------------------------------------------------- data


def _data(dossier: Dossier, sweep: Sweep) -> dict[str, object]:
    """All that the script knows."""
    stamp = dossier.stamp
    cautions = [one.said for one in dossier.answer.statements if one.weight == "caution"]
    return {
        **_plain(sweep),
        "plan": _both(dossier.manifest["config"]["plan"]["name"]),
        "scenario": _both(stamp.scenario),
        "replications": _both(stamp.replications),
        "seed": stamp.seed,
        "hash": stamp.result_hash[:HASH],
        "command": dossier.command,
        "cautions": [_both(said) for said in cautions],
        "goal": round(100 * LIKELY),
        "classes": [UNLIKELY, LIKELY],
        "colours": _COLOURS,
        "fonts": FAMILIES,
        "words": {
            **{key: dict(catalogue().texts(f"board.{key}")) for key in catalogue().room("board")},
            **{key: dict(catalogue().texts(key)) for key in _NUMBERS},
        },
    }


def _plain(sweep: Sweep) -> dict[str, Any]:
    """The block as JSON has it, with all texts in both languages."""
    levers = [
        {**vars(lever), **{key: _both(getattr(lever, key)) for key in ("name", "axis", "written")}}
        for lever in sweep.levers
    ]
    points = [{**vars(point), "scenario": _label(point.scenario)} for point in sweep.points]
    rows = [
        {
            **vars(row),
            **{key: _both(getattr(row, key)) for key in ("label", "reading", "goal", "unit")},
        }
        for row in sweep.rows
    ]
    left_out = sweep.left_out and {
        **dataclasses.asdict(sweep.left_out),
        "row": _both(sweep.left_out.row),
        "at": _both(sweep.left_out.at),
    }
    groups = {group: _both(name) for group, name in sweep.groups.items()}
    return {"levers": levers, "points": points, "rows": rows, "groups": groups, "left": left_out}


def _both(said: Spoken) -> Label:
    """A text in both languages."""
    return {speech.language: speech.text(said) for speech in speeches("both")}


def _label(said: Spoken) -> Label | None:
    return None if said is None else _both(said)


def _written(data: dict[str, object]) -> str:
    """JSON that may stand in an element ``script``: nothing in it can end that."""
    text = json.dumps(data, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    for sign in "<>&":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return text


# ---------------------------------------------------------------------- style


def _style(text: str) -> str:
    """The style of the page: its font for all signs of a text, its colours, the rules beside it."""
    shown = html.unescape(text) + _BASIC
    colours = {**_COLOURS, "fonts": FAMILIES}
    return "\n".join(
        [
            font_face(400, shown),
            font_face(700, shown),
            ":root {" + "".join(f"--{name}: {value};" for name, value in colours.items()) + "}",
            source(__package__, "style.css"),
        ]
    )
