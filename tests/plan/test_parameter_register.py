"""The generated register of parameters."""

from __future__ import annotations

from sim.config.schema import Run
from sim.plan.linter import read_sources
from sim.plan.parameter_register import main, markdown


def test_the_register_names_every_parameter(real_run: Run) -> None:
    text = markdown(real_run.parameters, real_run.plan, read_sources())
    assert real_run.parameters
    for name, parameter in real_run.parameters.items():
        assert f"`{name}`" in text
        assert parameter.label.zh in text


def test_the_committed_register_is_that_of_the_data() -> None:
    assert main(["--check"]) == 0
