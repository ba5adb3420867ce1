"""The schema in plain words, where it has nothing to say."""

from __future__ import annotations

import pytest

from sim.config import wording
from sim.config.schema import Run


@pytest.mark.parametrize(
    "path",
    [
        ("nothing",),
        ("budget", "nothing"),
        ("budget", "public_total", "nothing"),
        ("budget", "year_shares", "first"),
        ("plan", "targets", "municipal_bases", "measured_by", "nothing"),
    ],
    ids=lambda path: ".".join(path),
)
def test_of_a_key_that_the_schema_does_not_have_nothing_is_said(
    real_run: Run, path: wording.Path
) -> None:
    config = real_run.model_dump(mode="json")
    assert wording.place(path, config) is None
    assert wording.allowed(path, config) is None
    assert wording.names(path, config) == []
    assert wording.choices(path, config) == []
    assert wording.plain(path, config, "5%") is None
    assert wording.wrong_part(path, config, ["text"]) == ()
    assert not wording.is_model(path, config)
