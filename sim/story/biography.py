"""The life of one project or base in sentences, each with its date."""

from __future__ import annotations

from collections.abc import Sequence

from sim.story.log import STEPS, Event, Life, Step, titles_held
from sim.story.names import Names
from sim.story.occurrences import paid, project_text, sentence
from sim.words import Days, Said

_NO_WAITING = ("queue", "money", "crew", "staff")  # where it is worth saying that nobody waited


def biography(life: Life, names: Names) -> list[Said]:
    """Return a title, one sentence for every event of a project, and one for the end.

    A sentence gives the date, what happened, what was paid, and how long it had been waited for.
    What an open project does later, such as getting the title of a base, comes after the end of
    its way to the opening.
    """
    title = Said(
        "story.title",
        {
            "programme": names.programme(life.programme),
            "place": names.place(life.place),
            "key": life.key,
            **names.of_run,
        },
    )
    way = [step for step in life.steps if step.event.day <= life.end]
    later = [step for step in life.steps if step.event.day > life.end]
    told = [_sentence(step, names) for step in way]
    told += [_ending(life, names), *(_sentence(step, names) for step in later)]
    if life.open and (life.titles or names.feeds(life.programme)):
        told.append(_titles_at_the_end(life.titles, [], names))
    return [title, *told]


def base_biography(events: Sequence[Event], names: Names) -> list[Said]:
    """Return a title, one sentence for every event of a base from before the plan, and the end."""
    base = events[0]
    title = Said("story.base", {"base": names.entity(base), "key": base.entity, **names.of_run})
    told = [sentence(e.date, project_text(e, names)) for e in events]
    first = str(base.who["level"])
    return [title, *told, _titles_at_the_end(events, [first], names)]


def _titles_at_the_end(events: Sequence[Event], first: Sequence[str], names: Names) -> Said:
    """Say which titles are held at the deadline, given those held ``first``."""
    if held := titles_held(events, first):
        text = Said("story.end.titles", {"list": [names.level(level) for level in held]})
    else:
        text = Said("story.end.no_title" if events else "story.end.never_named")
    return sentence(names.date(names.horizon), text)


def _sentence(step: Step, names: Names) -> Said:
    event = step.event
    text = project_text(event, names, step.attempt)
    if event.event not in STEPS:
        return sentence(event.date, text)
    parts = [text, *paid(event, step.yuan)]
    if step.days:
        wait = names.work(event.programme) if step.wait == "building" else step.wait
        parts.append(Said(f"story.wait.{wait}", {"days": Days(step.days)}))
    elif step.wait in _NO_WAITING and event.event not in ("opened", "withdrawn"):
        parts.append(Said("story.wait.none"))
    return sentence(event.date, Said("story.joint", {"parts": parts}))


def _ending(life: Life, names: Names) -> Said:
    """Say whether the project opened, how long it took, and what took most of it."""
    parts = []
    total = Days(life.total)
    if life.open:
        parts.append(Said("story.end.opened", {"total": total}))
    else:
        key = "story.end.unfinished" if life.end == names.horizon else "story.end.lapsed"
        stage = names.stage(life.standing, life.programme)
        note = names.stage_note(life.standing, life.programme)
        parts.append(Said(key, {"stage": stage, "note": note, "total": total}))
    days = sorted(life.days().items(), key=lambda entry: -entry[1])
    if days:
        stages = [names.stage(stage, life.programme) for stage, _ in days]
        listed = [
            Said("story.amount", {"name": stage, "amount": Days(spent)})
            for stage, (_, spent) in zip(stages, days, strict=True)
        ]
        parts.append(Said("story.end.days", {"list": listed}))
        most, *others = stages
        if days[0][0] == "building" and others:
            parts.append(Said("story.end.most_waiting", {"stage": most, "waiting": others[0]}))
        else:
            parts.append(Said("story.end.most", {"stage": most}))
    return sentence(names.date(life.end), Said("story.clauses", {"parts": parts}))
