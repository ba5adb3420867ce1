"""What a study of bottlenecks answers, in one paragraph a language."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sim.report.bottlenecks import TOGETHER, BottleneckRow, Bottlenecks, number_text, points_text
from sim.report.numbers import percent_text
from sim.report.words import Tongue, word

_NAMED = 4  # targets listed at most where the list could be long


def answer_text(found: Bottlenecks, tongue: Tongue) -> str:
    """Return the paragraph: the best relief, all together, who is not helped, and the ledger."""
    gap = "" if tongue == "zh" else " "
    parts = (_single, _together, _losses, _helpless, _agreement)
    return gap.join(filter(None, (part(found, tongue) for part in parts)))


def answer_figures(found: Bottlenecks) -> dict[str, Any]:
    """Return the figures that stand in the paragraph, and those of every relief."""
    overall = found.counts[0]
    figures: dict[str, Any] = {
        "pairs": found.pairs,
        "targets": overall.total,
        "targets_met": overall.mean,
        "reliefs": {
            name: {
                "targets_gained": gain.value,
                "low": gain.low,
                "high": gain.high,
                **({} if name == TOGETHER else {"best_for": len(found.binds(name))}),
            }
            for name, gain in overall.gains.items()
        },
        "not_helped": [row.target for row in _rows(found, "none")],
        "need_several": [row.target for row in _several(found)],
        "ledger_judged": len(found.judged),
        "ledger_agrees": sum(row.agrees is True for row in found.judged),
    }
    if overall.interaction is not None:
        figures["interaction"] = overall.interaction.value
    return figures


def _rows(found: Bottlenecks, helped_by: str) -> list[BottleneckRow]:
    return [row for row in found.rows if row.decides and row.helped_by == helped_by]


def _joined(texts: Sequence[str], tongue: Tongue) -> str:
    return word("list.separator", tongue).join(texts)


def _single(found: Bottlenecks, tongue: Tongue) -> str:
    """The relief that adds most targets, and the others that add any."""
    overall = found.counts[0]
    base = {"total": overall.total, "base": f"{overall.mean:.1f}"}
    gaining = [name for name in found.single if overall.gains[name].is_gain]
    if not gaining:
        text = word("bottleneck.answer.none", tongue).format(**base)
        return text + word("bottleneck.answer.end", tongue)
    first, *others = gaining
    gain = overall.gains[first]
    text = word("bottleneck.answer.best", tongue).format(
        **base,
        relief=found.reliefs[first][tongue],
        gain=f"{gain.value:.1f}",
        low=f"{gain.low:.1f}",
        high=f"{gain.high:.1f}",
        count=len(found.binds(first)),
    )
    if not others:
        return text + word("bottleneck.answer.end", tongue)
    listed = [
        word("bottleneck.answer.other", tongue).format(
            relief=found.reliefs[name][tongue], gain=number_text(overall.gains[name].value)
        )
        for name in others
    ]
    return text + word("bottleneck.answer.others", tongue).format(list=_joined(listed, tongue))


def _together(found: Bottlenecks, tongue: Tongue) -> str:
    """What all at once gain, against the sum of single gains, and whom only that helps."""
    overall = found.counts[0]
    if overall.interaction is None:
        return ""
    gain, beyond = overall.gains[TOGETHER].value, overall.interaction
    kind = "more" if beyond.is_gain else "less" if beyond.is_loss else "equal"
    comparison = word(f"bottleneck.answer.{kind}", tongue).format(
        sum=f"{gain - beyond.value:.1f}", difference=f"{abs(beyond.value):.1f}"
    )
    text = word("bottleneck.answer.together", tongue).format(
        gain=f"{gain:.1f}", comparison=comparison
    )
    rows = _several(found)
    if not rows:
        return text
    listed = [
        word("bottleneck.answer.one_and_all", tongue).format(
            target=row.label[tongue],
            one=points_text(row.gains[row.best].value) if row.best else "0",
            all=points_text(row.gains[TOGETHER].value),
        )
        for row in rows[:_NAMED]
    ]
    gap = "" if tongue == "zh" else " "
    several = word("bottleneck.answer.several", tongue)
    return text + gap + several.format(count=len(rows), list=_joined(listed, tongue))


def _several(found: Bottlenecks) -> list[BottleneckRow]:
    """The plan's targets that need several reliefs at once, those that need it most first."""
    needing = {
        row.target: row.beyond_best.value
        for row in found.rows
        if row.decides and row.beyond_best is not None and row.beyond_best.is_gain
    }
    rows = [row for row in found.rows if row.decides and row.target in needing]
    return sorted(rows, key=lambda row: -needing[row.target])


def _losses(found: Bottlenecks, tongue: Tongue) -> str:
    """Targets that lifting a single constraint harms."""
    listed = [
        word("bottleneck.answer.loss", tongue).format(
            relief=found.reliefs[name][tongue],
            target=row.label[tongue],
            points=points_text(-row.gains[name].value).lstrip("+"),
        )
        for name in found.single
        for row in found.rows
        if row.decides and row.gains[name].is_loss
    ]
    if not listed:
        return ""
    return word("bottleneck.answer.losses", tongue).format(list=_joined(listed, tongue))


def _helpless(found: Bottlenecks, tongue: Tongue) -> str:
    """Targets below 80 % that nothing helps, with what the ledger says of them."""
    rows = _rows(found, "none")
    if not rows:
        return word("bottleneck.answer.all_helped", tongue)
    listed = [
        word("bottleneck.answer.target", tongue).format(
            target=row.label[tongue],
            note=word(f"stage.{row.stage}" if row.stage else "number.none", tongue),
        )
        for row in rows
    ]
    key = "helpless" if TOGETHER in found.reliefs else "helpless_one"
    return word(f"bottleneck.answer.{key}", tongue).format(
        count=len(rows), list=_joined(listed, tongue)
    )


def _agreement(found: Bottlenecks, tongue: Tongue) -> str:
    """How often the ledger names the constraint whose relief gains most, and where it does not."""
    judged = found.judged
    if not judged:
        return ""
    differing = [row for row in judged if not row.agrees]
    listed = [
        word("bottleneck.answer.differs", tongue).format(
            target=row.label[tongue],
            stage=word(f"stage.{row.stage}", tongue),
            relief=found.reliefs[row.best][tongue],
        )
        for row in differing
    ]
    except_ = word("bottleneck.answer.except", tongue).format(list=_joined(listed, tongue))
    agreed = len(judged) - len(differing)
    return word("bottleneck.answer.agreement", tongue).format(
        judged=len(judged),
        agreed=agreed,
        share=percent_text(agreed / len(judged), tongue),
        except_=except_ if differing else "",
    )
