"""The default run still says what it said: no result changes unnoticed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import yaml

from tests.update_baseline import FILE, numbers

EXPLANATION = """
The default run no longer gives the numbers of tests/baseline.yaml:
{differences}

If a change of the model, the plan or its parameters was meant to change results, run

    python -m tests.update_baseline

look at the difference and commit it with the change. If it was not (a faster queue, a tidier
module), the change altered the meaning of something: find out what, starting with the first target
above. A difference in "events" alone says that the clock processed more or fewer events for the
same results; that is harmless, but must be a choice."""


def differences(before: Any, now: Any, path: str = "") -> Iterator[str]:
    if isinstance(before, dict) and isinstance(now, dict):
        for key in dict.fromkeys([*before, *now]):
            yield from differences(before.get(key), now.get(key), f"{path}.{key}".lstrip("."))
    elif before != (pytest.approx(now, rel=1e-9) if isinstance(now, float) else now):
        yield f"    {path}: {before} -> {now}"


def test_the_default_run_says_what_it_said() -> None:
    recorded = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    changed = list(differences(recorded, numbers()))
    assert not changed, EXPLANATION.format(differences="\n".join(changed))
