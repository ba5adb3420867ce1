"""One scenario under many public budgets, as a study keeps and repeats them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from experiments.minimum_budget.search import NOTHING, Asked, Observed
from experiments.minimum_budget.subjects import met_by
from experiments.shared.inquiry import Unanswered
from sim.answer.row import Row, RowKey
from sim.answer.run.held_back import Missed, StageSums, leading_stage
from sim.model.kernel.streams import name_key
from sim.plan.plan import TargetRow
from sim.stats.crossing import Curves
from sim.study.study import DesignPoint, Study

if TYPE_CHECKING:
    from sim.study.tables import Results


ABUNDANT = 64
"""Times the baseline's public money: so much that no envelope binds, whatever the scenario.

In a trial of 40 histories, 16 times as much decided 5 of 2 000 verdicts on targets differently,
four times more than 64 none. The same amount lifts the constraint of money in the bottlenecks.
"""


class BudgetRange:
    """A scenario whose public money alone is moved; what is said of it is about ``subjects``.

    ``base`` is the scenario as it is. All methods that simulate raise what
    :meth:`Study.simulate` raises, and :class:`Unanswered` where nothing finished.
    """

    def __init__(self, study: Study, base: DesignPoint, subjects: Sequence[Row]) -> None:
        self._study = study
        self._base = base
        self._run = base.run
        layout = study.layout(base).rows
        places = {(row.target, row.reading): place for place, row in enumerate(layout)}
        self._members = [[places[key] for key in subject.members] for subject in subjects]
        self._points: dict[str, DesignPoint] = {}
        self._known: dict[tuple[str, int], Results] = {}

    def observe(self, asked: Asked) -> tuple[Curves, Observed]:
        """What so many replications find under so many budgets, and without any money."""
        budgets = {budget: number for budget, number in asked.items() if budget != NOTHING}
        nothing = self._observed([self._point(0, social=0)], asked[NOTHING])[0]
        return self._curves(budgets), nothing

    def elsewhere(self, budgets: Sequence[int], replications: int) -> dict[int, Observed]:
        """The same scenario with random numbers and draws that no search has seen, by budget."""
        seed = int(name_key(f"minimum_budget/confirmation/{self._run.seed}") >> np.uint64(1))
        points = [self._point(budget, seed=seed) for budget in budgets]
        return dict(zip(budgets, self._observed(points, replications), strict=True))

    def _curves(self, asked: Asked) -> Curves:
        budgets = sorted(asked)
        points = {budget: self._point(budget) for budget in budgets}
        for number in sorted(set(asked.values())):
            self._study.simulate([points[b] for b in budgets if asked[b] == number], number)
        size = max(asked.values())
        met = np.zeros((size, len(budgets), len(self._members)), dtype=bool)
        there = np.zeros((size, len(budgets)), dtype=bool)
        for column, budget in enumerate(budgets):
            results = self._results(points[budget], asked[budget])
            met[results.replications, column] = met_by(results.attained, self._members)
            there[results.replications, column] = True
        draws = np.arange(size) // self._run.replications_per_draw
        return Curves(np.array(budgets, dtype=np.int64), met, there, draws)

    def binding(self, budget: int, rows: Sequence[int]) -> dict[int, tuple[str, str]]:
        """What holds subjects back at ``budget``: a target and the leading stage of its shortfall.

        All replications that were simulated there count.

        Of a subject with several members it is the member least often met. The stage is empty where
        the target is always met or nothing is missing.
        """
        if not rows:
            return {}
        point = self._point(budget)
        replications = self._study.used(point)
        results = self._results(point, replications)
        layout = self._study.layout(point).rows
        weakest_of: dict[int, TargetRow] = {}
        missed: dict[RowKey, Missed] = {}
        for row in rows:
            members = self._members[row]
            weakest = min(members, key=lambda member: (results.attained[:, member].sum(), member))
            own = layout[weakest]
            weakest_of[row] = own
            missed[own.target, own.reading] = Missed(~results.attained[:, weakest], own.counts)
        delays = self._study.missing_units(point, replications)
        config = {"plan": self._run.plan.model_dump(mode="json")}
        sums = StageSums(delays, config, results.replications, missed)
        return {
            row: (own.target, leading_stage(sums.units((own.target, own.reading))))
            for row, own in weakest_of.items()
        }

    def _observed(self, points: Sequence[DesignPoint], replications: int) -> list[Observed]:
        self._study.simulate(points, replications)
        found = []
        for point in points:
            results = self._results(point, replications)
            draws = results.replications // self._run.replications_per_draw
            found.append(Observed(met_by(results.attained, self._members), draws))
        return found

    def _point(
        self, public: int, *, social: int | None = None, seed: int | None = None
    ) -> DesignPoint:
        """The scenario with another budget: a copy, because composing one anew costs 0.3 s."""
        totals = {"public_total": public} | ({} if social is None else {"social_total": social})
        changes = [f"budget.{name}={value}" for name, value in totals.items()]
        if seed is not None:
            changes.append(f"seed={seed}")
        name = " ".join(changes)
        if name in self._points:  # hashing a configuration takes as long as reading its results
            return self._points[name]
        run = self._run.model_copy(update={"budget": self._run.budget.model_copy(update=totals)})
        if seed is not None:
            run = run.model_copy(update={"seed": seed})
        overrides = (*self._base.overrides, *(f"++{change}" for change in changes))
        return self._points.setdefault(name, DesignPoint(name, run, overrides))

    def _results(self, point: DesignPoint, replications: int) -> Results:
        """Results as kept by the study; read once, since every round of a search asks again."""
        key = point.hash, replications
        if key not in self._known:
            self._known[key] = self._study.results(point, replications, delays=False)
            if not len(self._known[key].replications):
                raise Unanswered("inquiry.none_finished", point=point.name)
        return self._known[key]
