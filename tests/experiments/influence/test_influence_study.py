"""The ranking of assumptions as a study: what it rests on, and what it leaves."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

from experiments.influence.question import QUESTION


def test_replications_of_one_draw_count_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Eight replications of four draws are four pieces of evidence on the parameters, not eight."""
    folder = tmp_path / "study"
    given = ["replications=8", "replications_per_draw=2", "workers=1", f"study.folder={folder}"]
    assert QUESTION.main(given) == 0
    said = " ".join(capsys.readouterr().out.split())
    assert "8 replications of 4 draws" in said
    table = pd.read_csv(folder / "influence.csv", encoding="utf-8-sig")
    assert table["correlation"].abs().is_monotonic_decreasing
    values = pd.read_parquet(folder / "targets.parquet")
    assert values["draw"].nunique() == 4
    assert not table["beyond_noise"].any()
    answer = json.loads((folder / "answer.json").read_text(encoding="utf-8"))
    assert answer["parameter"] is None
    assert "No assumption stands out" in answer["en"]


def test_a_ranking_of_too_few_draws_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given = ["replications=2", "workers=1", f"study.folder={tmp_path / 'study'}"]
    assert QUESTION.main(given) == 1
    assert "2 draws of the parameters are too few" in capsys.readouterr().err
