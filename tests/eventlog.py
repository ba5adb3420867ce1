"""The event log of one traced replication, read back as the stories of its projects.

Written for the tests alone: it knows the log and the plan, and nothing of how the model works.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from sim.config.schema import Run
from sim.model.kernel.facts import Fact

HORIZON = 1826  # 2020-12-31, counted from 2016-01-01

# Order of a project's events within one day; the log of a day is sorted by name.
ORDER = (
    "proposed", "review begun", "sent back", "reviewed", "contracted", "crew arrived", "built",
    "completion paid", "staffed", "opened", "withdrawn",
)  # fmt: skip


@dataclass
class Story:
    """All that the log says about one project, over all its attempts."""

    programme: str
    key: str
    place: str = ""
    events: list[tuple[int, int, str, str]] = field(default_factory=list)

    def days(self, event: str) -> list[int]:
        """Days on which ``event`` happened, in order."""
        return [day for _, day, name, _ in self.events if name == event]

    def day(self, event: str) -> int:
        """The one day on which ``event`` happened."""
        (day,) = self.days(event)
        return day

    def desks(self) -> Iterator[tuple[int, int]]:
        """(first day, day of leaving) of every time that a panel had the file."""
        begun = -1
        for _, day, event, _ in self.events:
            if event == "review begun":
                begun = day
            elif begun >= 0 and event in ("sent back", "reviewed", "withdrawn"):
                yield begun, day
                begun = -1

    def details(self, event: str) -> list[str]:
        return [detail for _, _, name, detail in self.events if name == event]

    @property
    def last(self) -> str:
        return self.events[-1][2]

    def spells(self, *, review: bool, crew: bool) -> Iterator[tuple[str, int, int]]:
        """(stage, first day, day of leaving it) without gaps, up to the opening or the horizon."""
        stage, since = "", -1
        for _, day, event, _ in self.events:
            if event in ("review begun", "sent back"):
                continue
            if stage:
                yield stage, since, day
            stage, since = self._after(event, review=review, crew=crew), day
        if stage:
            yield stage, since, HORIZON

    @staticmethod
    def _after(event: str, *, review: bool, crew: bool) -> str:
        return {
            "proposed": "review" if review else "money",
            "reviewed": "money",
            "contracted": "crew" if crew else "building",
            "crew arrived": "building",
            "built": "money",
            "completion paid": "staff",  # ends on the same day where no staff is needed
            "staffed": "staff",
            "opened": "",
            "withdrawn": "calendar",
        }[event]


def stories(log: Sequence[Fact] | None) -> dict[str, Story]:
    """Stories by project key ``programme/place/ordinal``, events in the order they happened."""
    assert log is not None, "simulate(trace=True) keeps the log"
    found: dict[str, Story] = {}
    for entry in log:
        if entry.event not in ORDER:
            continue
        key, _, attempt = entry.entity.rpartition("/")
        story = found.setdefault(key, Story(key.partition("/")[0], key))
        story.place = entry.place
        story.events.append((int(attempt), entry.day, entry.event, entry.detail))
    for story in found.values():
        story.events.sort(key=lambda e: (e[0], e[1], ORDER.index(e[2])))
    return found


def spells(run: Run, story: Story) -> list[tuple[str, int, int]]:
    """The story's spells by stage, given the needs of its programme."""
    needs = run.plan.programmes[story.programme].needs
    return list(story.spells(review="review" in needs, crew="crew" in needs))


def city_events(log: Sequence[Fact] | None, event: str) -> list[Fact]:
    assert log is not None
    return [entry for entry in log if entry.event == event]
