"""What the delay ledger says of the quotas of every district, replication by replication."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property

import numpy as np
import numpy.typing as npt

from sim.answer.row import Config
from sim.answer.run.districts import ProjectRows, Record, has_quotas, project_rows
from sim.answer.run.page import stages
from sim.lazy import pa

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]


class Counted:
    """Quotas of districts by programme, as sums over all replications.

    A project is one unit, or a cohort of small ones: what a programme lacks is counted in projects,
    so that programmes of all sizes can be put side by side. Hosts of bases are projects, and their
    days are counted, but they are no quotas: what is missing there are titles.

    Args:
        tables: the delay ledger, see :func:`sim.answer.run.districts.project_rows`.
        config: of the run, as in its manifest.
        places: codes of the districts; replications: numbers of those that finished.

    Attributes:
        programmes: those that have quotas; stages: of the ledger.
        short: programmes of which anything is missing, by replication and place.
        asked: whether a programme left a trace in a place in any replication: it has a quota there.
        lacking: replications in which it is short; delivered, missing: projects; all three by
            place and programme.
        reasons: missing units by place, programme and stage.
        days: lost, by place and stage; opened, started: projects, hosts among them, by place.
    """

    def __init__(
        self,
        tables: Iterable[pa.Table],
        config: Config,
        places: Sequence[str],
        replications: Integers,
    ) -> None:
        own = config["plan"]["programmes"]
        self.programmes = [name for name in own if has_quotas(config, name)]
        self.stages = list(stages())
        self.replications = replications
        self._places = places
        self._cohorts = np.array([int(own[name].get("cohort", 1)) for name in self.programmes])
        shape = len(places), len(self.programmes)
        self.short = np.zeros((len(replications), len(places)), dtype=np.int64)
        self.asked = np.zeros(shape, dtype=bool)
        self.lacking, self.delivered, self.missing = (np.zeros(shape, np.int64) for _ in range(3))
        self.reasons = np.zeros((*shape, len(self.stages)), dtype=np.int64)
        self.days = np.zeros((len(places), len(self.stages)), dtype=np.int64)
        self.opened, self.started = (np.zeros(len(places), dtype=np.int64) for _ in range(2))
        for rows in project_rows(tables, config):
            self._add(rows)

    def _add(self, rows: ProjectRows) -> None:
        place = _positions(rows.places, self._places)[rows.place]
        stage = _positions(rows.stages, self.stages)[rows.stage]
        programme = _positions(rows.programmes, self.programmes)[rows.programme]
        np.add.at(self.opened, place, rows.opened)
        np.add.at(self.started, place, rows.opened + rows.standing)
        np.add.at(self.days, (place, stage), rows.days)
        quota = programme >= 0
        place, stage, programme = place[quota], stage[quota], programme[quota]
        missing, opened = rows.missing[quota], rows.opened[quota]
        self.asked[place, programme] = True
        np.add.at(self.reasons, (place, programme, stage), missing)
        np.add.at(self.delivered, (place, programme), opened)
        numbers, number = np.unique(rows.replication[quota], return_inverse=True)
        units = np.zeros((len(numbers), *self.asked.shape), dtype=np.int64)
        np.add.at(units, (number, place, programme), missing)
        # Of the cohorts of a place one at most is smaller than the others.
        self.missing += (-(-units // self._cohorts)).sum(axis=0)
        self.lacking += (units > 0).sum(axis=0)
        self.short[np.searchsorted(self.replications, numbers)] += (units > 0).sum(axis=2)

    @cached_property
    def quotas(self) -> Integers:
        """Programmes with a quota, by place."""
        counts: Integers = self.asked.sum(axis=1)
        return counts

    @cached_property
    def met(self) -> Floats:
        """Share of its quotas that each place delivers in full, by replication; NaN without any."""
        quotas = np.where(self.quotas > 0, self.quotas, np.nan)
        return np.asarray(1.0 - self.short / quotas)

    def record(self, place: int) -> Record:
        """What a map shows of a place."""
        count = len(self.replications)
        return Record(
            quotas=int(self.quotas[place]),
            met=float(self.quotas[place] - self.short[:, place].mean()),
            opened=float(self.opened[place]) / count,
            started=float(self.started[place]) / count,
            lost=float(self.days[place].sum()) / count,
        )


def _positions(names: Sequence[str], known: Sequence[str]) -> Integers:
    """Where each name stands among those that are known; -1 if it does not."""
    places = {name: position for position, name in enumerate(known)}
    return np.array([places.get(name, -1) for name in names], dtype=np.int64)
