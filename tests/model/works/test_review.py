"""The review of files: being sent back, rework, panels, and what a lapse does to a file."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from sim.config.schema import Run
from tests.eventlog import stories
from tests.factory import fixed, history, micro_run, settings
from tests.tolerance import ALARM, assert_count

JANUARY, RELEASE = 14, 50
HALL = {"goal": 1, "needs": ["review"], "unit_cost": 1_000_000, "build_months": 1}


def review_run(directory: Path, goal: int, **parameters: float) -> Run:
    return micro_run(
        directory,
        {"hall": HALL | {"goal": goal}},
        parameters={
            name: fixed(value, "project" if name.endswith("days") else "draw")
            for name, value in parameters.items()
        },
        budget={"public_total": 10**12},
    )


def test_one_panel_takes_files_one_after_the_other(directory: Path) -> None:
    """Five files of 10 days from 15 January."""
    run = review_run(directory, 5, review_panels=1, review_service_days=10)
    days = sorted(s.day("reviewed") for s in stories(history(run).log).values())
    assert days == [JANUARY + 10 * k for k in (1, 2, 3, 4, 5)]


def test_little_holds_for_the_files_that_wait_for_a_panel(directory: Path) -> None:
    """Forty files at once, three panels, 10 days each: the integral of the number waiting, counted
    day by day, is what the delay ledger has as review, less ten days on the desk for each file."""
    run = review_run(directory, 40, review_panels=3, review_service_days=10)
    outcome = history(run)
    waiting = np.zeros(400, dtype=int)
    for story in stories(outcome.log).values():
        ((begun, _),) = story.desks()
        waiting[story.day("proposed") : begun] += 1
    booked = sum(days for _, _, stage, days, *_ in outcome.delays if stage == "review")
    assert waiting.sum() == booked - 40 * 10
    # By hand: 37 wait for the first ten days, then 34, ... , 1.
    assert waiting.sum() == 10 * sum(range(1, 38, 3))


def test_panels_work_side_by_side(directory: Path) -> None:
    run = review_run(directory, 5, review_panels=2, review_service_days=10)
    days = sorted(s.day("reviewed") for s in stories(history(run).log).values())
    assert days == [JANUARY + k for k in (10, 10, 20, 20, 30)]


@pytest.mark.parametrize("probability", [0.1, 0.5, 0.8])
def test_files_are_sent_back_with_their_probability(
    directory: Path, seed: int, probability: float
) -> None:
    """Every time a panel has read a file it goes back with the same probability, independently:
    how often is geometric (chi-squared on 0, 1, 2, 3 and more times)."""
    run = review_run(
        directory, 3_000, review_panels=10**6, review_send_back=probability,
        review_service_days=1, review_rework_days=1,
    )  # fmt: skip
    run = settings(run, seed=seed)
    times = np.array([len(s.days("sent back")) for s in stories(history(run).log).values()])
    assert len(times) == 3_000
    observed = np.bincount(np.minimum(times, 3), minlength=4)
    p = probability
    chances = np.array([1 - p, p * (1 - p), p**2 * (1 - p), p**3])
    assert stats.chisquare(observed, chances * 3_000).pvalue >= ALARM
    assert_count(int(observed[0]), 3_000, 1 - p, "files that pass at once")


def test_a_file_sent_back_is_read_again_after_rework(directory: Path, seed: int) -> None:
    """k times back: (k + 1) services of 3 days and k reworks of 5."""
    run = review_run(
        directory, 200, review_panels=10**6, review_send_back=0.5,
        review_service_days=3, review_rework_days=5,
    )  # fmt: skip
    told = stories(history(settings(run, seed=seed)).log).values()
    assert len(told) == 200
    for story in told:
        back = story.days("sent back")
        assert back == [JANUARY + 3 + 8 * k for k in range(len(back))]
        assert story.day("reviewed") == JANUARY + 3 + 8 * len(back)


def test_another_attempt_is_sent_back_anew(directory: Path, seed: int) -> None:
    """A claim that is never met blocks the queue, so every file lapses at the end of the year and
    is read again in the next one: whether it goes back in one year says nothing about the next.
    """
    run = micro_run(
        directory,
        {
            "blocker": {"goal": 1, "priority_class": 1, "unit_cost": 400_000_000},
            "hall": HALL | {"goal": 2_000, "unit_cost": 1},
        },
        parameters={
            "review_panels": fixed(10**6), "review_send_back": fixed(0.4),
            "review_service_days": fixed(1, "project"), "review_rework_days": fixed(1, "project"),
        },
        budget={"first_instalment": 1.0},
        planning={"overcommitment": 100.0},
        seed=seed,
    )  # fmt: skip
    pairs = np.zeros((2, 2), dtype=int)
    for story in stories(history(run).log).values():
        if story.programme == "hall":
            back = {attempt for attempt, _, event, _ in story.events if event == "sent back"}
            pairs[int(0 in back), int(1 in back)] += 1
    assert pairs.sum() == 2_000
    expected = 2_000 * np.outer([0.6, 0.4], [0.6, 0.4])
    assert stats.chisquare(pairs.ravel(), expected.ravel()).pvalue >= ALARM


def test_a_file_that_lapses_on_the_desk_frees_its_panel(directory: Path) -> None:
    """400 days for a file: proposed on 15 January, lapsed on 31 December, still on the desk until
    18 February; the attempt of 15 January 2017 is read from then on for another 400 days and
    lapses, too. It never counts as reviewed."""
    run = review_run(directory, 1, review_panels=1, review_service_days=400)
    (story,) = stories(history(run).log).values()
    assert story.days("reviewed") == []
    assert story.days("proposed") == [14, 380, 745, 1110, 1475]
    assert story.days("withdrawn") == [365, 730, 1095, 1460, 1826]


def test_a_waiting_file_that_lapses_leaves_the_line(directory: Path) -> None:
    """Two files of 200 days, one panel. 2016: the first is read until 2 August, the second from
    then on until after the year: it lapses on the desk, which is free again on 18 February 2017.
    The second attempt is then read for 200 days, until 6 September 2017."""
    run = review_run(directory, 2, review_panels=1, review_service_days=200)
    told = sorted(stories(history(run).log).values(), key=lambda s: s.days("reviewed"))
    assert told[0].days("reviewed") == [14 + 200]
    assert told[1].days("withdrawn") == [365]
    assert told[1].days("reviewed") == [14 + 400 + 200]


def test_releases_wait_for_nobody(directory: Path) -> None:
    """Reviewed before the first release: contracted on the day of the release."""
    run = review_run(directory, 1, review_panels=1, review_service_days=5)
    (story,) = stories(history(run).log).values()
    assert story.day("contracted") == RELEASE
