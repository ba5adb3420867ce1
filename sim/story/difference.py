"""What happened on the first day on which two scenarios differ, as rows of a table."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from sim.analysis.first_difference import FirstDifference
from sim.model.kernel.facts import Fact
from sim.report.numbers import yuan_text
from sim.report.words import Tongue, has_word, tongues, word
from sim.story.log import Event
from sim.story.names import Names
from sim.story.occurrences import event_text, inside, project_text

KEY = ("scenario", "reference_hash", "hash", "replication")
COLUMNS = (
    *KEY, "date", "day", "reference_phase", "reference_entity", "reference_event",
    "reference_place", "reference_detail", "reference_only", "phase", "entity", "event", "place",
    "detail", "other_only", "reference_zh", "reference_en", "other_zh", "other_en",
    "reference_fact", "fact",
)  # fmt: skip

_ENTRY = ("phase", "entity", "event", "place", "detail")


def first_difference_row(
    found: FirstDifference | None, reference: Mapping[str, Any], other: Mapping[str, Any]
) -> dict[str, object]:
    """Columns of first_difference.csv on one replication; empty cells where nothing differs.

    Args:
        found: the first day on which the logs differ, if they do.
        reference, other: configurations, as mappings, of the two scenarios.

    Returns:
        date (ISO) and day of the first difference; phase, entity, event, place and detail of the
        first event of that day that only the one log has, as logged and in words, for the
        reference and for the other scenario; ``reference_only`` and ``other_only``: how many such
        events that day has.
    """
    row: dict[str, object] = dict.fromkeys(COLUMNS[len(KEY) :])
    if found is None:
        return row
    start = dt.date.fromisoformat(str(reference["plan"]["start"]))
    date = (start + dt.timedelta(days=found.day)).isoformat()
    row |= {"date": date, "day": found.day}
    row |= {"reference_only": found.reference_only, "other_only": found.other_only}
    for entry, config, prefix, said in (
        (found.reference, reference, "reference_", "reference"),
        (found.other, other, "", "other"),
    ):
        if entry is not None:
            row |= {f"{prefix}{name}": getattr(entry, name) for name in _ENTRY}
            row[f"{prefix}fact"] = entry.typed
            for tongue in tongues("both"):
                row[f"{said}_{tongue}"] = _told(entry, date, Names(config), config, tongue)
    return row


def read_first_difference(record: Mapping[str, str]) -> FirstDifference | None:
    """What a row of first_difference.csv, read as texts, has been made of."""
    if not record["day"]:
        return None
    day = int(record["day"])
    reference, other = (
        Fact.read(
            {"day": record["day"], **{name: record[f"{prefix}{name}"] for name in _ENTRY}},
            record[f"{prefix}fact"],
        )
        if record[f"{prefix}entity"]
        else None
        for prefix in ("reference_", "")
    )
    only = int(record["reference_only"]), int(record["other_only"])
    return FirstDifference(day, reference, other, *only)


def _told(entry: Fact, date: str, names: Names, config: Mapping[str, Any], tongue: Tongue) -> str:
    """Say what happened, without its date."""
    event = Event.of(entry, date)
    if event.programme not in config["plan"]["programmes"]:
        return event_text(event, names, tongue)
    step = project_text(event, names, tongue)
    yuan = event.fields.get("money")
    if has_word(f"story.money.{event.event}") and isinstance(yuan, int):
        money = word(f"story.money.{event.event}", tongue).format(money=yuan_text(yuan, tongue))
        step = word("story.joint", tongue).join((step, money))
    return word("compare.step", tongue).format(
        programme=names.programme(event.programme, tongue),
        place=names.place(entry.place, tongue),
        event=inside(step),
    )
