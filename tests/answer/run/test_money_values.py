"""Money spent against values: quarters by hand, and only what money was recorded of."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd
import pytest

from sim.answer.run.money_values import SHOWN, money_values
from sim.words import Share, Speech
from tests.answer.run.made_up_run import REPLICATIONS, MadeUp

EN, ZH = Speech("en"), Speech("zh")
SPENT = np.array([1e6 * (10 + n) for n in range(REPLICATIONS)])  # later ones spend more


def series(folder: Path, **spent: npt.NDArray[np.float64]) -> Path:
    """What was spent on groups until the middle and the end of the plan, in every replication."""
    path = folder / "series.parquet"
    parts = [
        pd.DataFrame(
            {"place": "city", "indicator": f"spent:{group}", "date": date, "value": factor * yuan}
        )
        for group, yuan in spent.items()
        for date, factor in ((dt.date(2018, 6, 30), 0.5), (dt.date(2020, 12, 31), 1.0))
    ]
    pd.concat(parts).to_parquet(path)
    return path


def test_quarters_are_shares_of_all_replications(made_up: MadeUp, tmp_path: Path) -> None:
    path = series(tmp_path, facilities=SPENT)
    (figure,) = money_values(path, made_up.attained, made_up.found)
    known = {EN.text(row.name): row for row in made_up.attained.deciding}
    assert len(figure.panels) == SHOWN
    rich = np.arange(REPLICATIONS) >= REPLICATIONS / 2
    for panel in figure.panels:
        row = known[EN.text(panel.name)]
        assert row.group == "facilities"
        met = made_up.found.met(row.key)
        halves = [met & ~rich, met & rich, ~met & ~rich, ~met & rich]
        shares = [int(half.sum()) / REPLICATIONS for half in halves]
        assert panel.shares == [Share(round(share, 2)) for share in shares]
        assert [*panel.x] == pytest.approx(SPENT / 1e6)
        assert [*panel.y] == [*made_up.found.values(row.key)]
        assert panel.cross == (109.5, row.goal)


def test_the_targets_nearest_to_even_come_first_and_the_title_tells_of_the_first(
    made_up: MadeUp, tmp_path: Path
) -> None:
    made_up.set("district_venues", "", probability=0.5)
    path = series(tmp_path, facilities=SPENT, staff=SPENT)
    (figure,) = money_values(path, made_up.attained, made_up.found)
    assert EN.text(figure.panels[0].name) == "Districts with at least one science venue"
    met = made_up.found.met(("district_venues", ""))
    more, less = (round(float(half.mean()), 2) for half in np.split(met, 2)[::-1])
    for speech in (EN, ZH):
        told = speech.text(figure.title)
        assert speech.text(Share(more)) in told
        assert speech.text(Share(less)) in told
    assert "no trade-off curve" in EN.text(figure.notes[0])


@pytest.mark.parametrize("spent", [np.zeros(REPLICATIONS), SPENT[:-1]])
def test_groups_that_all_spend_the_same_on_or_that_are_not_whole_are_left_out(
    made_up: MadeUp, tmp_path: Path, spent: npt.NDArray[np.float64]
) -> None:
    path = series(tmp_path, facilities=spent)
    assert not [*money_values(path, made_up.attained, made_up.found)]
