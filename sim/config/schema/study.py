"""What every experiment can be told: where its study lives, and when it has replications enough."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from pydantic import Field, ValidationInfo

from sim.config.schema.base import Model

GIVEN = "given"
"""In the context of validation: the keys of settings that stand on the command line."""


def given_keys(info: ValidationInfo) -> frozenset[str]:
    """Keys of settings that the command line gives: the others have their defaults.

    For rules that forbid two ways of saying one thing, of which one has a default.
    """
    context = info.context or {}
    return frozenset(context.get(GIVEN, ()))


class StudySettings(Model):
    """Settings that all experiments share; each adds its own.

    What each may be is said in the words ``NAME.setting.KEY`` of the experiment, or, of those that
    all share, in ``inquiry.setting.KEY``. ``only_shown`` names those that say what is shown of a
    study and do not make another one, ``in_words`` are values in the words.
    """

    only_shown: ClassVar[frozenset[str]] = frozenset()
    in_words: ClassVar[Mapping[str, object]] = {}

    folder: str | None = Field(default=None, min_length=1)
    fresh: bool = False
    half_width: float | None = Field(default=None, ge=0.1, le=50.0)
    cap: int = Field(default=20_000, ge=1, le=10_000_000)
