"""The answer of a run that is still under way, from the replications that have come home."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from sim.answer.blocks import Answer, Statement
from sim.answer.found import FrameFound
from sim.answer.run.attained import Attained
from sim.answer.run.attainment import attainments
from sim.answer.run.held_back import COUNTS, stage_sums
from sim.answer.run.page import attainment_table
from sim.config.schema import Run
from sim.lazy import pa
from sim.model.record import Layout
from sim.study.chunk_folder import DELAYS, TARGETS, ChunkFolder
from sim.study.tables import Tables
from sim.words import Count, Said

FIRST = 24
"""Replications from which on there is something to say: a 95 % interval of at most 40 points."""

LAST = 3000
"""Replications from which on the rest changes no more than a reader sees."""


def answer_so_far(
    run: Run, layout: Layout, chunks: ChunkFolder, changes: Mapping[str, object]
) -> Answer | None:
    """One table with wide intervals; None where nothing is modelled or nothing has finished.

    Args:
        changes: what is changed of the scenario, as a manifest has it.
    """
    config = run.model_dump(mode="json")
    parts = [
        Tables(run.scenario.name, layout, part, run.plan.start, run.replications_per_draw)
        for part in chunks.parts(layout, run.replications, [*TARGETS, *DELAYS])
    ]
    tables = [part.targets() for part in parts if len(part.targets())]
    if not tables:
        return None
    found = FrameFound(pa.concat_tables(tables, promote_options="permissive").to_pandas())
    columns = ["replication", "programme", "stage", *COUNTS]
    delays = (part.delays().select(columns) for part in parts)
    sums = stage_sums(delays, found, config)
    attained = Attained([*attainments(found, sums, config, run.scenario.name)], config)
    if not attained.rows:
        return None
    table = attainment_table(attained, {**changes, "config": config})
    told = {"count": Count(len(found.replications)), "total": Count(run.replications)}
    return Answer(
        [Statement(Said("so_far.line", told), "headline")],
        [replace(table, caption=Said("so_far.caption"))],
    )
