"""The life of one project or base in sentences, each with its date."""

from __future__ import annotations

from collections.abc import Sequence

from sim.report.numbers import days_text, yuan_text
from sim.report.words import Tongue, has_word, word
from sim.story.log import STEPS, Event, Life, Step, titles_held
from sim.story.names import Names
from sim.story.occurrences import project_text, sentence

_NO_WAITING = ("queue", "money", "crew", "staff")  # where it is worth saying that nobody waited


def biography(life: Life, names: Names, tongue: Tongue) -> list[str]:
    """Return a title, one sentence for every event of a project, and one for the end.

    A sentence gives the date, what happened, what was paid, and how long it had been waited for.
    What an open project does later, such as getting the title of a base, comes after the end of
    its way to the opening.
    """
    title = word("story.title", tongue).format(
        programme=names.programme(life.programme, tongue),
        place=names.place(life.place, tongue),
        key=life.key,
        **names.of_run(tongue),
    )
    way = [step for step in life.steps if step.event.day <= life.end]
    later = [step for step in life.steps if step.event.day > life.end]
    told = [_sentence(step, names, tongue) for step in way]
    told += [_ending(life, names, tongue), *(_sentence(step, names, tongue) for step in later)]
    if life.open and (life.titles or names.feeds(life.programme)):
        told.append(_titles_at_the_end(life.titles, [], names, tongue))
    return [title, *told]


def base_biography(events: Sequence[Event], names: Names, tongue: Tongue) -> list[str]:
    """Return a title, one sentence for every event of a base from before the plan, and the end."""
    base = events[0]
    title = word("story.base", tongue).format(
        base=names.entity(base, tongue), key=base.entity, **names.of_run(tongue)
    )
    told = [sentence(e.date, project_text(e, names, tongue), tongue) for e in events]
    first = str(base.who["level"])
    return [title, *told, _titles_at_the_end(events, [first], names, tongue)]


def _titles_at_the_end(
    events: Sequence[Event], first: Sequence[str], names: Names, tongue: Tongue
) -> str:
    """Say which titles are held at the deadline, given those held ``first``."""
    if held := titles_held(events, first):
        listed = word("list.separator", tongue).join(names.level(level, tongue) for level in held)
        text = word("story.end.titles", tongue).format(list=listed)
    else:
        text = word("story.end.no_title" if events else "story.end.never_named", tongue)
    return sentence(names.date(names.horizon), text, tongue)


def _sentence(step: Step, names: Names, tongue: Tongue) -> str:
    event = step.event
    text = project_text(event, names, tongue, step.attempt)
    if event.event not in STEPS:
        return sentence(event.date, text, tongue)
    parts = [text]
    if step.yuan is not None and has_word(f"story.money.{event.event}"):
        money = yuan_text(step.yuan, tongue)
        parts.append(word(f"story.money.{event.event}", tongue).format(money=money))
    if step.days:
        wait = names.work(event.programme) if step.wait == "building" else step.wait
        days = days_text(step.days, tongue)
        parts.append(word(f"story.wait.{wait}", tongue).format(days=days))
    elif step.wait in _NO_WAITING and event.event not in ("opened", "withdrawn"):
        parts.append(word("story.wait.none", tongue))
    return sentence(event.date, word("story.joint", tongue).join(parts), tongue)


def _ending(life: Life, names: Names, tongue: Tongue) -> str:
    """Say whether the project opened, how long it took, and what took most of it."""
    parts = []
    total = days_text(life.total, tongue)
    if life.open:
        parts.append(word("story.end.opened", tongue).format(total=total))
    else:
        key = "story.end.unfinished" if life.end == names.horizon else "story.end.lapsed"
        stage = names.stage(life.standing, life.programme, tongue)
        note = names.stage_note(life.standing, life.programme, tongue)
        parts.append(word(key, tongue).format(stage=stage, note=note, total=total))
    days = sorted(life.days().items(), key=lambda entry: -entry[1])
    if days:
        stages = {stage: names.stage(stage, life.programme, tongue) for stage, _ in days}
        listed = word("list.separator", tongue).join(
            word("story.end.stage", tongue).format(stage=stages[stage], amount=days_text(n, tongue))
            for stage, n in days
        )
        parts.append(word("story.end.days", tongue).format(list=listed))
        most, *others = stages.values()
        waited = next(iter(stages)) == "building" and others
        key = "story.end.most_waiting" if waited else "story.end.most"
        parts.append(word(key, tongue).format(stage=most, waiting=others[0] if others else ""))
    return sentence(names.date(life.end), word("list.clause", tongue).join(parts), tongue)
