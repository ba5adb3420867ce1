"""What ``python -m sim --help`` prints, without loading Hydra or anything else that takes time."""

from __future__ import annotations

from sim.config.directory import groups

_TEXT = """\
kepusim - with what probability is each target of the plan met, under which budget?

usage
  python -m sim [key=value ...]             one scenario, all replications (also: kepusim)
  python -m sim -m key=a,b [key=value ...]  several scenarios, one after the other
  python -m sim.story DIR [project]         a project's life, from a run with trace=0

groups: choose one of each
{groups}

keys
  seed=2016                      of all random numbers; equal seeds give equal results
  replications=200               simulated histories
  replications_per_draw=1        2 or more: how much of the uncertainty is parameters
  workers=null                   processes; null = all cores, 1 = serial
  backend=processes              serial, processes, dask
  scheduler=null                 address of a dask scheduler; null = a cluster made here
  store=.store                   folder of finished replications, for all runs and studies
  record=city                    targets (no series), city (districts at year ends), full
  trace=null                     number of the replication whose every event is written down
  language=both                  zh, en, both
  budget.public_total=1170000000 yuan in five years; likewise budget.social_total
  budget.*  allocation.*  planning.*  definitions.*  parameters.NAME.mode  plan.targets.NAME.goal
  hydra.run.dir=DIR              folder of the results; of several scenarios: hydra.sweep.dir=DIR

  What is chosen later wins: a group's defaults < the scenario < the command line.

options
  -m, --multirun                 a run for every combination of comma-separated values
  -c, --cfg job                  print the composed configuration and stop
  -i, --info [defaults-tree]     what the configuration is composed of
  -cd, --config-dir DIR          a directory with further choices, e.g. DIR/scenario/mine.yaml
  --version                      print the version of kepusim
  -h, --help   --hydra-help      this text; that of Hydra, with its version

examples
  python -m sim scenario=austerity
  python -m sim budget.public_total=2e9 allocation=equity replications=1000
  python -m sim -m scenario=baseline,expansion definitions.district_venue=small,museum
  python -m sim parameters.attrition.mode=0.1 plan.targets.municipal_bases.goal=150

exit codes
  0  done, all files are written (even if nobody could read what was printed)
  2  the input is wrong; the message names file, key, value and what is allowed
  1  anything else: a replication failed, the run was interrupted (Ctrl-C, SIGTERM,
     SIGHUP), a disk is full, a scheduler is lost; what was finished is kept
"""


def usage() -> str:
    """The help text, with the groups and choices that the configuration directory has today."""
    listed = "\n".join(f"  {group:<30} {', '.join(names)}" for group, names in groups().items())
    return _TEXT.format(groups=listed)
