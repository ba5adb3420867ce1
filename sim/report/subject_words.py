"""The words by which studies call targets and scenarios: a part of the catalogue in ``words``."""

from __future__ import annotations

SUBJECT_WORDS: dict[str, tuple[str, str]] = {
    "subject.reading": ("{target}（{reading}）", "{target} ({reading})"),
    "subject.scenario": ("{name}（{overrides}）", "{name} ({overrides})"),
}
