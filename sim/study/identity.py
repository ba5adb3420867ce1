"""What makes results the same: hashes of a configuration, of a design point, of code and machine.

Everything that can change an outcome is in one of them; labels, languages and the way in which the
work is done are in none.
"""

from __future__ import annotations

import hashlib
import json
import platform
import sys
from collections.abc import Mapping
from functools import cache
from importlib import metadata
from pathlib import Path

import numpy as np

from sim.config.schema import Label, Run
from sim.config.schema.base import Model
from sim.plan.districts import districts_path

PACKAGES = ("simpy", "numpy", "scipy", "pandas", "pyarrow", "pydantic", "hydra-core", "matplotlib")
EXECUTION = frozenset(
    {"scenario", "workers", "backend", "scheduler", "language", "table", "report", "judgement",
     "trace", "record", "replications", "store"}
)  # fmt: skip
"""Keys of a run that change no outcome of a replication."""

ENVIRONMENT = ("code", "packages", "processor", "python")
"""What :func:`environment` says, by name; manifests of studies hold it."""

_ROOT = Path(__file__).resolve().parents[1]
_ROOMS = ("config/**/*.py", "plan/**/*.py", "model/**/*.py", "study/worker.py", "study/tables.py",
          "study/entries.py")  # fmt: skip
_DIGITS = 16


def config_hash(run: Run) -> str:
    """SHA-256 of everything that can change a result: labels and execution settings left out.

    The table of places counts by what it holds, wherever it lies. The order of targets and the like
    counts, too: results hold them by position.
    """
    plan = run.plan.model_copy(update={"districts": ""})
    settings = {
        key: _meaning(value)
        for key, value in run.model_copy(update={"plan": plan})
        if key not in EXECUTION
    }
    places = districts_path(run.plan.districts).read_bytes()
    text = json.dumps([settings, hashlib.sha256(places).hexdigest()], default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def point_hash(run: Run) -> str:
    """Address of the results of ``run``: everything that can change them, and what is recorded."""
    return _short(f"{config_hash(run)}/{run.record}")


def environment() -> dict[str, object]:
    """What decides, beside configuration and seed, which bytes come out."""
    code = hashlib.sha256()
    for path in sorted({path for room in _ROOMS for path in _ROOT.glob(room)}):
        code.update(path.relative_to(_ROOT).as_posix().encode() + path.read_bytes())
    return {
        "code": code.hexdigest()[:_DIGITS],
        "packages": {name: metadata.version(name) for name in PACKAGES},
        "processor": platform.machine(),
        "python": sys.implementation.cache_tag,
    }


def environment_hash(known: Mapping[str, object]) -> str:
    """One word for what :func:`environment` says, or for what a manifest says that it said."""
    return _short(json.dumps({key: known.get(key) for key in ENVIRONMENT}, sort_keys=True))


@cache
def own_environment_hash() -> str:
    """That of this process, as it was when it was first asked for."""
    return environment_hash(environment())


@cache
def machine() -> tuple[str, ...]:
    """What else may change the last bits of a result: system, mathematics library, processor.

    Finer than :func:`environment`: a study may go on with another processor of the same type, but
    what was simulated on it is not offered to other studies here.
    """
    found = np.show_config(mode="dicts")["SIMD Extensions"]["found"]
    return (platform.system(), *platform.libc_ver(), platform.machine(), *found)


def _meaning(value: object) -> object:
    """A setting without labels and notes, which tell people something and the model nothing."""
    if isinstance(value, Label):
        return None
    if isinstance(value, Model):
        return {key: _meaning(item) for key, item in value if key != "note"}
    if isinstance(value, dict):
        return {key: _meaning(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_meaning(item) for item in value]
    return value


def _short(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:_DIGITS]
