"""The projects of one place over time, drawn from the lives that a traced history tells."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from sim.answer.figures import Life as Row
from sim.answer.figures import Span, Timeline
from sim.answer.run.delays import ROLES
from sim.story.log import CITY, Life, lives, read_events
from sim.story.names import Names
from sim.words import Count, Said

ROWS = 14
"""Projects on the page."""


def timelines(folder: Path, config: Mapping[str, Any]) -> Iterator[Timeline]:
    """The place with most projects: those of its projects that took longest, in their stages.

    Args:
        folder: of a run with a trace; config: of the run.
    """
    names = Names(config)
    programmes = config["plan"]["programmes"]
    needs = {name: programme["needs"] for name, programme in programmes.items()}
    known = lives(read_events(folder), needs, names.horizon).values()
    counts = Counter(life.place for life in known if life.place not in (CITY, names.city))
    if not counts:
        return
    place, count = counts.most_common(1)[0]
    own = [life for life in known if life.place == place]
    longest = sorted(own, key=lambda life: (-life.total, life.key))[:ROWS]
    start = dt.date.fromisoformat(str(config["plan"]["start"]))
    told = {
        "place": names.place(place),
        "count": count,
        "open": sum(life.open for life in own),
        "shown": len(longest),
        "replication": config["trace"],
    }
    yield Timeline(
        name="timeline",
        title=Said("story.timeline.title", told),
        legend=Said("story.timeline.legend", told),
        rows=[_row(life, names, start) for life in longest],
        start=start,
        end=dt.date.fromisoformat(str(config["plan"]["end"])),
        opened=Said("story.timeline.opened"),
        text=Said("story.timeline.days"),
    )


def _row(life: Life, names: Names, start: dt.date) -> Row:
    ends = [(step.stage, step.event.day - step.days, step.event.day) for step in life.steps]
    if life.standing:
        last = max(step.event.day for step in life.steps)
        ends.append((life.standing, last, life.end))
    spans = [
        Span(start + dt.timedelta(first), start + dt.timedelta(last), ROLES[stage],
             Said(f"stage.{stage}"))
        for stage, first, last in ends
        if stage and last > first
    ]  # fmt: skip
    programme, _, number = life.key.split("/")
    told = {"programme": names.programme(programme), "number": int(number) + 1}
    return Row(
        name=Said("story.timeline.project", told),
        spans=spans,
        done=start + dt.timedelta(life.end) if life.open else None,
        text=Count(life.total),
    )
