"""The page that answers alone says what the answer says, and nothing else."""

from __future__ import annotations

from sim.answer.run.overview import ROWS, overview
from sim.words import Said, Speech
from tests.answer.run.made_up_run import MadeUp

EN, ZH = Speech("en"), Speech("zh")


def test_its_sentences_are_the_headlines_of_the_answer(made_up: MadeUp) -> None:
    page, answer = overview(made_up.attained, made_up.found), made_up.answer()
    assert [EN.text(said) for said in page.statements] == [*answer.said(EN, "headline")]
    assert [ZH.text(said) for said in page.statements] == [*answer.said(ZH, "headline")]
    assert len(page.statements) == 3


def test_classes_are_those_of_the_deciding_targets(made_up: MadeUp) -> None:
    page, decided = overview(made_up.attained, made_up.found), made_up.attained.deciding
    counts = dict.fromkeys(("likely", "open", "unlikely"), 0)
    for row in decided:
        chance = made_up.attained.chance(row)
        counts["likely" if chance >= 0.8 else "unlikely" if chance < 0.2 else "open"] += 1
    assert {part.role: part.amount for part in page.classes} == counts
    assert min(counts.values()) > 0
    assert EN.text(page.title) == (
        f"Chongqing science-popularization plan: {counts['likely']} of {len(decided)} targets "
        "are likely to be met"
    )


def test_rows_are_the_first_targets_of_headline_groups_with_their_chances(made_up: MadeUp) -> None:
    page = overview(made_up.attained, made_up.found)
    decided = {row.name["en"]: row for row in made_up.attained.deciding}
    groups = [decided[EN.text(line.name)].group for line in page.rows]
    assert len(page.rows) == ROWS == 11
    assert groups == ["facilities"] * 8 + ["staff"] * 3
    for line in page.rows:
        interval = made_up.attained.interval(decided[EN.text(line.name)])
        assert (line.probability, line.low, line.high) == (
            interval.probability, interval.low, interval.high,
        )  # fmt: skip
    made_up.config["plan"]["groups"]["facilities"]["headline"] = False
    assert len(overview(made_up.attained, made_up.found).rows) == 3


def test_reasons_are_those_of_targets_more_likely_missed_than_met(made_up: MadeUp) -> None:
    made_up.set_all(probability=0.9)
    assert not overview(made_up.attained, made_up.found).reasons
    for target in ("science_windows", "demo_projects"):
        made_up.set(target, probability=0.4, held_back_by="unproposed:pace")
    made_up.set("teacher_studios", probability=0.3, held_back_by="money")
    made_up.set("training_bases", probability=0.5, held_back_by="money")  # as likely as not
    first, second = overview(made_up.attained, made_up.found).reasons
    assert (first.name, first.amount, first.hatched) == (Said("stage.unproposed:pace"), 2, True)
    assert (second.name, second.amount, second.role) == (Said("stage.money"), 1, "money")
