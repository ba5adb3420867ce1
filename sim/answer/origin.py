"""Where an answer comes from: its scenario, its replications, and what to keep in mind with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sim.answer.figures import Stamp
from sim.answer.row import Config
from sim.answer.settings import Manifest, scenario_text
from sim.words import Given, Range, Replications, Said, Speech

CRUCIAL_PARAMETER = "existing_run_share"
"""Nobody has published which share of the running cost of old facilities falls on the plan's money,
and no other assumption moves the results as much: its range must stand beside every result."""


@dataclass(frozen=True)
class ScenarioOf:
    """The scenario of a run or study, to be said with what was changed of it."""

    manifest: Manifest

    def spoken(self, speech: Speech) -> str:
        """Its name, and the changes."""
        return scenario_text(self.manifest, speech)


def stamp_of(manifest: Manifest, replications: int | None = None) -> Stamp:
    """Of which result a picture is.

    Args:
        manifest: of a run or study.
        replications: behind the picture; None for those that the manifest tells of.
    """
    config = manifest["config"]
    count = manifest.get("finished") if replications is None else replications
    return Stamp(
        scenario=ScenarioOf(manifest),
        replications=Replications(config["replications"] if count in (None, True) else count),
        seed=str(config["seed"]),
        result_hash=str(manifest["result_hash"]),
        caution=caution_of(config),
        command=str(manifest.get("command", "")),
    )


def caution_of(config: Config) -> Said:
    """The sentence on assumptions that must be visible wherever results are shown.

    It names the crucial parameter with its range; for a plan that has a published figure for it,
    or no such parameter, it says how many parameters are assumptions.
    """
    parameters = config["parameters"]
    crucial = parameters.get(CRUCIAL_PARAMETER)
    if crucial is not None and crucial["grade"] == "assumption":
        told = {"label": crucial["label"], "range": range_of(crucial)}
        return Said("caution.parameter", told)
    assumed = sum(parameter["grade"] == "assumption" for parameter in parameters.values())
    return Said("caution.general", {"assumed": assumed, "total": len(parameters)})


def range_of(parameter: Mapping[str, Any]) -> object:
    """What the distribution of a parameter says about its size, to be said."""
    if parameter.get("low") is not None and parameter.get("high") is not None:
        return Range(parameter["low"], parameter["high"], parameter.get("mode"))
    if parameter.get("median") is not None:
        return Said("range.median", {"median": Given(parameter["median"])})
    return Given(parameter["value"])
