"""The command line: ``python -m sim``, or ``kepusim``.

One scenario with all its replications is one Hydra job; several scenarios are a Hydra multirun.
Everything is composed and validated before anything runs or is written. Exit codes: 0 done, 2 the
input is wrong, 1 anything else.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from sim.config.errors import ConfigError
from sim.exits import (
    DONE,
    WRONG_INPUT,
    is_interruption,
    leave_interrupted,
    say_unwritable,
)

if TYPE_CHECKING:
    import argparse

    from omegaconf import DictConfig

    from sim.config.schema import Run
    from sim.hydra_bridge import Composer

_BASELINE = "baseline"


def main(argv: list[str] | None = None) -> int:
    """Run the command line ``argv`` (default: that of the process) and return the exit code."""
    arguments = sys.argv[1:] if argv is None else argv
    if not {"-h", "--help"}.isdisjoint(arguments):
        from sim.usage import usage

        print(usage())
        return DONE
    if "--version" in arguments:  # Hydra's own would tell its version; --hydra-help still does
        from sim.config.version import package_version

        print(f"kepusim {package_version()}")
        return DONE
    try:
        return _application(arguments)
    except (Exception, KeyboardInterrupt) as error:
        if is_interruption(error):
            return leave_interrupted("interrupted", for_good=argv is None)
        if isinstance(error, ConfigError):
            print(error, file=sys.stderr)
            return WRONG_INPUT
        if isinstance(error, OSError):
            return say_unwritable(error)
        raise


def _application(arguments: Sequence[str]) -> int:
    from sim.hydra_bridge import Composer
    from sim.hydra_flags import read_flags
    from sim.hydra_refusals import refuse_unused_folders

    flags, parser = read_flags(arguments)
    if flags.experimental_rerun is not None:
        raise ConfigError("--experimental-rerun is refused: it would execute a pickle")
    if flags.config_path is not None:
        raise ConfigError(
            "--config-path is refused: the project's own configuration is always read",
            allowed="--config-dir DIR, a directory with further choices",
        )
    extra = None if flags.config_dir is None else Path(flags.config_dir)
    with Composer(extra, flags.config_name or "config").started() as composer:
        if flags.cfg or flags.info or flags.hydra_help or flags.shell_completion:
            return _show(composer, flags, parser)
        refuse_unused_folders(composer.parse(flags.overrides), multirun=flags.multirun)
        if flags.multirun:
            return _several(composer, flags.overrides)
        return _one(composer, flags.overrides)


def _one(composer: Composer, overrides: list[str]) -> int:
    """One scenario."""
    from sim.hydra_refusals import refuse_empty_folders

    node = composer.node(overrides)
    composed = composer.composed(node, overrides)
    composed.validated()
    folder = composer.folder(node)
    refuse_empty_folders(node, "hydra.run.dir")
    _check_folder(folder)
    jobs = _Jobs.of(composer, {_preset(composed.choices)})
    composer.hydra.run(
        config_name=composer.name,
        task_function=jobs,
        overrides=composer.arguments(overrides),
    )
    return jobs.code()


def _several(composer: Composer, overrides: list[str]) -> int:
    """Every combination of the values that ``overrides`` list, all validated before the first."""
    from sim.hydra_refusals import refuse_empty_folders

    taken: set[Path] = set()
    presets: set[str] = set()
    for number, point in enumerate(composer.points(overrides)):
        node = composer.node(point)
        composed = composer.composed(node, point)
        composed.validated()
        folder = composer.folder(node, number)
        refuse_empty_folders(node, "hydra.sweep.dir", "hydra.sweep.subdir")
        # Below the folder of the sweep, whose name has the time in it and may change meanwhile.
        own = Path(node.hydra.sweep.subdir)
        _check_distinct(own, point, taken)
        _check_folder(folder)
        taken.add(own)
        presets.add(_preset(composed.choices))
    jobs = _Jobs.of(composer, presets)
    composer.hydra.multirun(
        config_name=composer.name,
        task_function=jobs,
        overrides=[*composer.arguments(overrides), "hydra.mode=MULTIRUN"],
    )
    return jobs.code()


@dataclass
class _Jobs:
    """What Hydra calls once for every run, the exit codes so far, and what broke a run.

    ``presets``: the configuration of every scenario preset in use as it is by itself.
    """

    baseline: Run
    presets: dict[str, Run]
    codes: list[int] = field(default_factory=list)
    broken: Exception | None = None

    def code(self) -> int:
        """The worst exit code of all runs. Raises what broke one of them."""
        if self.broken is not None:
            raise self.broken
        return max(self.codes)

    @classmethod
    def of(cls, composer: Composer, presets: Collection[str]) -> _Jobs:
        """Jobs for runs of these scenario presets."""
        jobs = cls(composer.baseline(), {})
        for preset in sorted(set(presets) - {_BASELINE}):
            with suppress(ConfigError):
                jobs.presets[preset] = composer.preset(preset)
        return jobs

    def __call__(self, config: DictConfig) -> None:
        """One Hydra job: the run that ``config`` describes, in the folder that Hydra has made."""
        from hydra.core.hydra_config import HydraConfig
        from omegaconf import OmegaConf

        from sim.config.passport import changes, differences
        from sim.config.validation import validate
        from sim.hydra_bridge import plain
        from sim.job import run_job

        own = HydraConfig.get()
        folder = Path(own.runtime.output_dir)
        if self.broken is not None:  # a full disk is no less full for the next run
            _remove_if_unused(folder, own.output_subdir)
            return
        try:
            run = validate(plain(config))
            settings, overrides = run.model_dump(mode="json"), list(own.overrides.task)
            baseline = self.baseline.model_dump(mode="json")
            passport = differences(settings, baseline, overrides=overrides)
            # What a preset sets that is nothing without other choices counts as changed.
            preset = self.presets.get(_preset(own.runtime.choices), self.baseline)
            changed = changes(settings, preset.model_dump(mode="json"), overrides=overrides)
            number = None if OmegaConf.is_missing(own.job, "num") else int(own.job.num)
            self.codes.append(run_job(run, folder, passport, number, changed))
        except ConfigError as error:
            print(error, file=sys.stderr)
            _remove_if_unused(folder, own.output_subdir)
            self.codes.append(WRONG_INPUT)
        except Exception as error:
            # Kept from Hydra, which would introduce it with a line of its own.
            self.broken = error


def _preset(choices: Mapping[str, str]) -> str:
    """The scenario preset among the choices of a run."""
    return choices.get("scenario", _BASELINE)


def _show(composer: Composer, flags: argparse.Namespace, parser: argparse.ArgumentParser) -> int:
    """What Hydra tells about itself and the configuration, without running anything."""
    hydra, name, overrides = composer.hydra, composer.name, flags.overrides
    if flags.shell_completion:
        hydra.shell_completion(config_name=name, overrides=overrides)
    elif flags.hydra_help:
        hydra.hydra_help(config_name=name, args_parser=parser, args=flags)
    else:
        composer.node(overrides)  # for its messages
        overrides = composer.arguments(overrides)
        if flags.info:
            hydra.show_info(flags.info, config_name=name, overrides=overrides)
        else:
            hydra.show_cfg(
                config_name=name,
                overrides=overrides,
                cfg_type=flags.cfg,
                package=flags.package,
                resolve=flags.resolve,
            )
    return DONE


def _check_folder(folder: Path) -> None:
    """Refuse a folder that cannot be made, holds results or is in use; Hydra writes there soon."""
    from sim.study.files import claimed

    try:
        os.close(claimed(folder))
    except BlockingIOError:
        raise ConfigError(
            "another run is at work in this folder",
            key="hydra.run.dir",
            value=str(folder),
            allowed="another folder",
        ) from None
    except OSError:  # it is not there, or more is wrong with it
        pass
    if (folder / "manifest.json").exists():
        raise ConfigError(
            "this folder holds the results of a run already",
            key="hydra.run.dir",
            value=str(folder),
            allowed="a folder without a manifest.json",
        )
    path = folder.absolute()
    while not path.exists():
        path = path.parent
    if not path.is_dir() or not os.access(path, os.W_OK):
        raise ConfigError(
            "the folder of the results cannot be made",
            key="hydra.run.dir",
            value=str(folder),
            allowed="a folder in which you may write",
        )


def _check_distinct(folder: Path, point: Sequence[str], taken: Collection[Path]) -> None:
    """Refuse two runs in one folder, and a folder whose name no file system takes."""
    if folder in taken:
        problem = f"two runs would share the folder {folder.name!r}"
    elif any(len(part.encode()) > 255 for part in folder.parts):
        problem = "the overrides are too long for the name of a folder"
    else:
        return
    raise ConfigError(
        problem,
        key="hydra.sweep.subdir",
        value=" ".join(point),
        allowed="'hydra.sweep.subdir=${hydra.job.num}', which numbers the folders",
    )


def _remove_if_unused(folder: Path, subfolder: str | None) -> None:
    """Take away a folder that holds nothing but Hydra's record of the configuration."""
    import shutil

    from sim.study.files import claimed

    try:
        handle = claimed(folder)
    except OSError:  # it is not there, or another run is at work in it
        return
    if all(path.name == subfolder for path in folder.iterdir()):
        shutil.rmtree(folder)
    os.close(handle)


if __name__ == "__main__":
    sys.exit(main())
