"""``layout.json`` beside the chunks of a design point: what the numbers in them are, by position.

Chunks hold arrays without names. With this file they can be read by any program, and by this one
without composing a configuration or building a plan.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sim.config.errors import ConfigError
from sim.config.schema import Run
from sim.config.schema.targets import Target
from sim.model.record import Layout
from sim.plan.plan import TargetRow
from sim.study.files import json_text, read_plain, write_json
from sim.words import Said

LAYOUT = "layout.json"


class BadLayout(ConfigError):
    """The file is missing, damaged, or not one of ours."""

    def __init__(self, words: str, folder: Path, **values: Any) -> None:
        again = Said("study.layout_again", {"name": LAYOUT})
        super().__init__(
            words,
            key="folder",
            value=str(folder),
            allowed=again,
            path=folder / LAYOUT,
            **values,
        )


@dataclass(frozen=True)
class Key:
    """What it takes to read the chunks of one design point.

    Attributes:
        layout: names by position.
        start: the day that is day 0.
        per_draw: replications that share a draw.
        point: hash of the design point.
    """

    layout: Layout
    start: dt.date
    per_draw: int
    point: str

    @classmethod
    def of(cls, run: Run, layout: Layout, point: str) -> Key:
        """The key to the results of ``run``, whose hash is ``point``."""
        return cls(layout, run.plan.start, run.replications_per_draw, point)


def write_layout(folder: Path, key: Key) -> None:
    """Write ``layout.json`` unless it is there and whole. Raises OSError."""
    try:
        if read_layout(folder, key.point) == key:
            return
    except BadLayout:
        pass
    folder.mkdir(parents=True, exist_ok=True)
    content = _content(key)
    write_json(folder / LAYOUT, {**content, "checksum": _checksum(content)})


def read_layout(folder: Path, point: str) -> Key:
    """The key that stands in the folder with the chunks of the design point of hash ``point``.

    Raises:
        BadLayout: there is none, it was changed after it was written, or it is another point's.
    """
    try:
        content: dict[str, Any] = json.loads(read_plain(folder / LAYOUT).decode())
        if content.pop("checksum") != _checksum(content):
            raise BadLayout("study.layout_damaged", folder)
        if content["point"] != point:
            own = content["point"]
            raise BadLayout("study.layout_of_another", folder, found=own, wanted=point)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise BadLayout("study.layout_unread", folder) from error
    layout = Layout(
        record=content["record"],
        rows=tuple(
            TargetRow(
                row["target"],
                row["definition"],
                Target.model_validate_json(json.dumps(row["spec"])),
                row["counts"],
            )
            for row in content["rows"]
        ),
        missing_in=dict(content["missing_in"]),
        **{
            name: tuple(content[name])
            for name in (
                "city_indicators",
                "district_indicators",
                "city_days",
                "district_days",
                "places",
            )
        },
    )
    start = dt.date.fromisoformat(content["start"])
    return Key(layout, start, content["replications_per_draw"], point)


def _content(key: Key) -> dict[str, object]:
    layout = key.layout
    return {
        "about": {
            "values, attained, first_attained_day": "one entry per row of `rows`",
            "city_series": "days x indicators, the indicator running fastest",
            "district_series": "days x places x indicators, the indicator running fastest",
            "place of a delay or flow": "position in `places`, -1 the whole city",
            "year of a flow": "years after that of `start`",
            "missing_in": "what is missing, by `programme` of a delay",
            "days": "days after `start`",
        },
        "point": key.point,
        "record": layout.record,
        "start": key.start.isoformat(),
        "replications_per_draw": key.per_draw,
        "rows": [
            {
                "target": row.target,
                "definition": row.reading,
                "counts": row.counts,
                "spec": row.spec.model_dump(mode="json"),
            }
            for row in layout.rows
        ],
        "city_indicators": list(layout.city_indicators),
        "district_indicators": list(layout.district_indicators),
        "city_days": list(layout.city_days),
        "district_days": list(layout.district_days),
        "places": list(layout.places),
        "missing_in": dict(layout.missing_in),
    }


def _checksum(content: Mapping[str, object]) -> str:
    return hashlib.sha256(json_text(content).encode()).hexdigest()[:16]
