"""What the commands of experiments share: a fresh start on request, and errors as exit codes."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from sim.config.errors import ConfigError
from sim.config.schema import Run
from sim.study.folder import config_hash
from sim.study.store import CorruptChunk

FRESH = "fresh=true"
DONE, FAILED, WRONG_INPUT = 0, 1, 2


def run_command(answer: Callable[[Sequence[str], bool], int], overrides: Sequence[str]) -> int:
    """Call ``answer`` with the overrides and whether to start over; return the exit code.

    ``fresh=true`` among the overrides throws away what an earlier call has kept.
    """
    try:
        return answer([o for o in overrides if o != FRESH], FRESH in overrides)
    except ConfigError as error:
        print(error, file=sys.stderr)
        return WRONG_INPUT
    except CorruptChunk as error:
        print(error, file=sys.stderr)
    except OSError as error:
        print(f"cannot write {error.filename}: {error.strerror}", file=sys.stderr)
        print("what was finished is kept: the same command goes on from there", file=sys.stderr)
    except KeyboardInterrupt:
        print("interrupted; the same command goes on from here", file=sys.stderr)
    return FAILED


def study_folder(name: str, run: Run) -> Path:
    """Folder of an experiment on one scenario, whatever the scenario's name has in it."""
    scenario = re.sub(r"[^\w-]+", "_", run.scenario.name)
    return Path("outputs") / f"{name}-{scenario}-{config_hash(run)[:8]}"
