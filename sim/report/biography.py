"""The life of one project in sentences, each with its date."""

from __future__ import annotations

from sim.report.event_log import STEPS, Life, Step
from sim.report.names import Names
from sim.report.numbers import yuan_text
from sim.report.occurrences import detail_text, sentence
from sim.report.words import Tongue, has_word, word

_NO_WAITING = ("queue", "money", "crew", "staff")  # where it is worth saying that nobody waited


def biography(life: Life, names: Names, tongue: Tongue) -> list[str]:
    """Return a title, one sentence for every event of a project, and one for the end.

    A sentence gives the date, what happened, what was paid, and how long it had been waited for.
    """
    title = word("story.title", tongue).format(
        programme=names.programme(life.programme, tongue),
        place=names.place(life.place, tongue),
        key=life.key,
        **names.of_run(tongue),
    )
    told = [sentence(step.event.date, _step_text(step, tongue), tongue) for step in life.steps]
    return [title, *told, _ending(life, names, tongue)]


def _step_text(step: Step, tongue: Tongue) -> str:
    event = step.event
    if event.event not in STEPS:
        other = word("story.event.other", tongue).format(event=event.event)
        return other + detail_text(event.detail, tongue)
    again = event.event == "proposed" and step.attempt > 0
    key = "story.event.proposed_again" if again else f"story.event.{event.event}"
    parts = [word(key, tongue).format(attempt=step.attempt + 1)]
    if step.yuan is not None and has_word(f"story.money.{event.event}"):
        money = yuan_text(step.yuan, tongue)
        parts.append(word(f"story.money.{event.event}", tongue).format(money=money))
    if step.days:
        days = days_text(step.days, tongue)
        parts.append(word(f"story.wait.{step.wait}", tongue).format(days=days))
    elif step.wait in _NO_WAITING and event.event not in ("opened", "withdrawn"):
        parts.append(word("story.wait.none", tongue))
    return word("story.joint", tongue).join(parts)


def _ending(life: Life, names: Names, tongue: Tongue) -> str:
    """Say whether the project opened, how long it took, and what took most of it."""
    parts = []
    total = days_text(life.total, tongue)
    if life.open:
        parts.append(word("story.end.opened", tongue).format(total=total))
    else:
        key = "story.end.unfinished" if life.end == names.horizon else "story.end.lapsed"
        stage, note = (word(f"{k}.{life.standing}", tongue) for k in ("stage", "stage_note"))
        parts.append(word(key, tongue).format(stage=stage, note=note, total=total))
    days = sorted(life.days().items(), key=lambda entry: -entry[1])
    if days:
        stages = {stage: word(f"stage.{stage}", tongue) for stage, _ in days}
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


def days_text(count: int, tongue: Tongue) -> str:
    """Write a number of days."""
    key = "story.days.one" if count == 1 else "story.days.many"
    return word(key, tongue).format(count=f"{count:,}")
