"""What the results say in sentences: which reading decides, how many targets are met, and why not.

Only the plan's own modelled targets count, each under the reading that counts. With language
``both`` all Chinese sentences come first.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from sim.report.numbers import (
    LIKELY,
    UNLIKELY,
    either_text,
    likelihood,
    percent_text,
    value_text,
)
from sim.report.results import (
    Manifest,
    TargetRow,
    group_label,
    joint_rows,
    likelihood_counts,
    target_rows,
)
from sim.report.words import STAGES, Language, Tongue, tongues, word

if TYPE_CHECKING:
    import pandas as pd

    from sim.answer.found import Found


def obstacle_text(stage: str, tongue: Tongue) -> str:
    """Return the name of a stage or reason with its short explanation."""
    name, note = word(f"stage.{stage}", tongue), word(f"stage_note.{stage}", tongue)
    return word("note.obstacle", tongue).format(name=name, note=note)


def summary_sentences(
    attainment: pd.DataFrame, manifest: Manifest, language: Language = "both"
) -> list[str]:
    """Return two sentences a language: how many targets are likely, and what holds back."""
    rows = [row for row in target_rows(attainment, manifest) if row.decides]
    likely, undecided, unlikely = likelihood_counts(rows)
    return [
        sentence
        for tongue in tongues(language)
        for sentence in (
            word("sentence.likely", tongue).format(
                total=len(rows), likely=likely, open=undecided, unlikely=unlikely
            ),
            _obstacle_sentence(rows, tongue),
        )
    ]


def _obstacle_sentence(rows: Sequence[TargetRow], tongue: Tongue) -> str:
    """Name the most frequent obstacle among targets that are more likely missed than met."""
    missed = [row for row in rows if row.probability < 0.5 and row.held_back_by]
    if not missed:
        return word("sentence.no_obstacle", tongue)
    counts = Counter(row.held_back_by for row in missed)
    most = max(counts.values())
    first = [stage for stage in STAGES if counts[stage] == most]
    names = word("list.separator", tongue).join(obstacle_text(stage, tongue) for stage in first)
    return word("sentence.obstacle", tongue).format(missed=len(missed), obstacles=names, count=most)


# --------------------------------------------------------------------------- how many at once


def met_count_sentences(
    attainment: pd.DataFrame, found: Found, manifest: Manifest, language: Language = "both"
) -> list[str]:
    """Return how many targets are met at once: one sentence on all, one for every group.

    ``found``: what ``targets.parquet`` holds. Each sentence gives the mean, the 5-95 % range,
    and the chance of at least k for the k that are met with about 80, 50 and 20 %.
    """
    from sim.analysis.met_count import met_counts

    rows = [row for row in target_rows(attainment, manifest) if row.decides]
    counts = met_counts(found, {(row.target, row.definition): row.group for row in rows})
    chances = {
        str(group): dict(zip(part["count"], part["probability"], strict=True))
        for group, part in counts.groupby("group")
    }
    sentences = []
    for tongue in tongues(language):
        for row in joint_rows(attainment, manifest):
            if not row.counts_targets:
                continue
            key = "sentence.met_count_group" if row.group else "sentence.met_count"
            group = group_label(row.group, manifest)[tongue] if row.group else ""
            listed = [
                word("sentence.at_least", tongue).format(
                    count=count, chance=percent_text(chances[row.group][count], tongue)
                )
                for count in _telling_counts(chances[row.group])
            ]
            sentences.append(
                word(key, tongue).format(
                    group=group,
                    total=row.total,
                    mean=f"{row.mean:.1f}",
                    low=f"{row.p05:.0f}",
                    high=f"{row.p95:.0f}",
                    chances=word("list.separator", tongue).join(listed),
                )
            )
    return sentences


def _telling_counts(chances: Mapping[int, float]) -> list[int]:
    """Return the largest k that are met with at least 80, 50 and 20 %, or 1 if none of them is."""
    levels = (LIKELY, 0.5, UNLIKELY)
    largest = [max(k for k, chance in chances.items() if chance >= level) for level in levels]
    return list(dict.fromkeys(k for k in largest if k > 0)) or [1]


# --------------------------------------------------------------------------- two readings


def reading_sentences(
    attainment: pd.DataFrame, manifest: Manifest, language: Language = "both"
) -> list[str]:
    """Return one sentence for every definition whose two readings give different answers.

    A reading decides where the 95 % intervals of the two chances are apart and one chance is
    likely, open or unlikely and the other is not; it matters where the intervals are apart; else
    the medians are compared. Definitions that change what is built have one reading in a run and no
    sentence.
    """
    config = manifest["config"]
    pairs: dict[str, list[tuple[TargetRow, TargetRow]]] = {}
    rows = [row for row in target_rows(attainment, manifest) if row.modelled and row.reading]
    for counted, other in zip(rows[::2], rows[1::2], strict=True):
        phrase = config["plan"]["targets"][counted.target]["definition"]
        pairs.setdefault(phrase, []).append((counted, other))
    sentences = []
    for tongue in tongues(language):
        for phrase, members in pairs.items():
            cases = [case for pair in members if (case := _difference(*pair, tongue))]
            if cases:
                first, second = (row.reading[tongue] for row in members[0] if row.reading)
                sentences.append(
                    word("reading.question", tongue).format(
                        definition=config["plan"]["definitions"][phrase]["name"][tongue],
                        first=first,
                        second=second,
                        cases=word("list.clause", tongue).join(cases),
                    )
                )
    return sentences


def _difference(counted: TargetRow, other: TargetRow, tongue: Tongue) -> str:
    """Say how the answers for one target differ between its readings; empty if they do not."""
    chances = [percent_text(row.probability, tongue) for row in (counted, other)]
    apart = counted.high < other.low or other.high < counted.low
    if apart and likelihood(counted.probability) != likelihood(other.probability):
        key = "reading.decides"
    elif apart:
        key = "reading.matters"
    elif value_text(counted.p50, tongue) == value_text(other.p50, tongue):
        return ""
    else:
        key = "reading.equal" if chances[0] == chances[1] else "reading.near"
    return word(key, tongue).format(
        target=counted.label[tongue],
        chance=chances[0],
        chances=word("reading.either", tongue).format(first=chances[0], second=chances[1]),
        medians=either_text(counted.p50, other.p50, counted.unit_text(tongue), tongue),
    )
