"""What a planning question is: a folder here, found by its ``question.py``.

A question states its settings, how it asks (which design points, how often), and what it answers.
Everything else is the same for all of them and stands in this package. Nothing outside knows a
question: a folder that is deleted, with its settings in ``configs/study``, is gone.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from experiments.shared.inquiry import Inquiry, run_experiment
from sim.answer.blocks import Answer
from sim.config.schema.study import StudySettings

S = TypeVar("S", bound=StudySettings)


@dataclass(frozen=True)
class Question(Generic[S]):
    """A planning question.

    Attributes:
        package: of the question; ``--help`` prints the words ``NAME.question`` and ``NAME.help``.
        settings: what ``configs/study/NAME.yaml`` may hold.
        ask: simulates, writes tables, returns the answer.
        defaults: overrides of the run that those of the command line may override.
    """

    package: str
    settings: type[S]
    ask: Callable[[Inquiry[S]], Answer]
    defaults: Sequence[str] = ()

    @property
    def name(self) -> str:
        """Of its folder, its settings and its main table."""
        return self.package.rpartition(".")[2]

    def main(self, overrides: Sequence[str] | None = None) -> int:
        """Answer for ``overrides`` (default: those of the command line); return the exit code."""
        given = sys.argv[1:] if overrides is None else overrides
        return run_experiment(self.name, self.settings, self.ask, given, defaults=self.defaults)
