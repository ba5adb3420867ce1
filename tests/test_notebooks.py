"""The notebooks run from end to end, what they claim holds, and they hold no outputs."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import jupytext
import nbclient
import nbformat
import pytest

FOLDER = Path(__file__).resolve().parents[1] / "notebooks"
SCRIPTS = sorted(FOLDER.glob("*.py"))
SMALL = {
    "01_first_run": 'REPLICATIONS = 4\nFOLDER = "run"\nLANGUAGE = "zh"',
    "02_scenarios_budgets_moving_money": """
        REPLICATIONS, FACTORS, FOLDER, LANGUAGE = 2, "[0.5,1]", "run", "zh"
    """,
    "03_where_numbers_come_from": """
        REPLICATIONS, RANKED, FOLDER, LANGUAGE = 2, 12, "run", "en"
    """,
    "04_a_scenario_of_ones_own": 'REPLICATIONS, FOLDER, LANGUAGE = 4, "run", "zh"',
}
"""What the cell of parameters is replaced by, by notebook."""

SHOWN = {
    "01_first_run": "attainment",
    "02_scenarios_budgets_moving_money": "budget_sweep_facilities",
    "03_where_numbers_come_from": "targets_met",
    "04_a_scenario_of_ones_own": "overview",
}
"""The picture that a notebook shows; to draw the others takes longer than all else."""

DRAWN = """
from sim.page import picture
def drawn(figures, *more, write=picture.write):
    return write([figure for figure in figures if figure.name == {!r}], *more)
picture.write = drawn
"""

CLAIMS = {
    "01_first_run": """
        assert results.manifest["replications"] == REPLICATIONS
        assert len(histories) == REPLICATIONS * len(counted)
        assert len(counted) > 40 and difference < 1e-12
        assert {"all", "met_count"} <= set(joint["target"])
        assert joint.set_index("target")["mean"]["met_count"] > 0
        assert held_back["missed"].between(0, 1).all() and len(held_back)
        assert rooms.between(0, 10_000).all()
        assert set(results.table("passport")["key"]) == {"replications"}
    """,
    "02_scenarios_budgets_moving_money": """
        assert [*counts["scenario"]] == ["One fifth less", "All at once", "austerity"]
        by_name = counts.set_index("scenario")
        lost = by_name["value_difference"]
        assert lost["austerity"] < lost["One fifth less"] < 0
        assert met.index.tolist() == [585_000_000, 1_170_000_000] and met.is_monotonic_increasing
        # The budget of the base run is the reference of all three: one baseline, one number.
        assert met.iloc[-1] == by_name["mean_reference"].iloc[0] == net["targets_met"].iloc[0]
        assert len(by_budget) > 30 and by_budget.stack().between(0, 1).all()
        assert (net["amount"] > 0).all() and (net["net_low"] <= net["net"]).all()
        assert (abs(net["targets_met_moved"] - net["targets_met"] - net["net"]) < 1e-9).all()
    """,
    "03_where_numbers_come_from": """
        assert grades.sum() == len(parameters) == len(known) + len(assumed) > 200
        assert known["source"].str.len().gt(0).all() and assumed["note"].str.len().gt(0).all()
        assert len(drawn) == REPLICATIONS and drawn.nunique() == REPLICATIONS
        assert drawn.between(own["low"], own["high"]).all()
        assert set(influence["parameter"]) <= set(parameters.index) and len(influence) > 200
        assert influence["correlation"].between(-1, 1).all()
        assert set(met["relief"]) >= {"money", "crews", "together"}
        assert (met["mean_gain_low"] <= met["mean_gain"]).all()
        gains = met.set_index("relief")["mean_gain"]
        assert gains["together"] >= gains.drop("together").max() - 1e-9
    """,
    "04_a_scenario_of_ones_own": """
        assert refused == 2
        assert "public_totl" in said.getvalue() and "public_total" in said.getvalue()
        assert "late_and_less.yaml" in said.getvalue()
        assert {"budget.public_total", "scenario.name"} <= set(passport["key"])
        assert results.manifest["config"]["budget"]["public_total"] == 936_000_000
        assert (compared["scenario"] == "late_and_less").all()
        assert (compared["reference"] == "baseline").all()
        assert compared.set_index("target")["value_difference"]["met_count"] < 0
        assert brief.stat().st_size > 100_000
    """,
}
"""What must hold of the names of a notebook when all its cells have run."""


def test_every_notebook_is_known_here() -> None:
    assert [path.stem for path in SCRIPTS] == sorted(SMALL) == sorted(CLAIMS) == sorted(SHOWN)


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.stem)
def test_the_pair_is_one_notebook_and_holds_no_outputs(script: Path) -> None:
    text, paired = jupytext.read(script), jupytext.read(script.with_suffix(".ipynb"))
    assert [(cell.cell_type, cell.source) for cell in paired.cells] == [
        (cell.cell_type, cell.source) for cell in text.cells
    ]
    code = [cell for cell in paired.cells if cell.cell_type == "code"]
    assert code
    assert not any(cell.outputs or cell.execution_count for cell in code)


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.stem)
def test_all_cells_run_and_what_they_say_holds(
    script: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    notebook = jupytext.read(script)
    (parameters,) = (c for c in notebook.cells if "parameters" in c.metadata.get("tags", ()))
    parameters.source = SMALL[script.stem].strip()
    claims = "\n".join(line.strip() for line in CLAIMS[script.stem].strip().splitlines())
    drawn = DRAWN.format(SHOWN[script.stem])
    cell = nbformat.v4.new_code_cell
    notebook.cells = [cell(drawn), *notebook.cells, cell(claims)]  # type: ignore[no-untyped-call]
    # The kernel of the interpreter that runs the tests, whatever else is installed.
    monkeypatch.setenv("JUPYTER_PATH", str(Path(sys.prefix) / "share" / "jupyter"))
    resources = {"metadata": {"path": tmp_path}}
    nbclient.NotebookClient(notebook, kernel_name="python3", resources=resources).execute()
    outputs = [o for c in notebook.cells if c.cell_type == "code" for o in c.outputs]
    assert not [o for o in outputs if o.get("name") == "stderr"]
    pictures: list[Any] = [o for o in outputs if "image/png" in o.get("data", {})]
    assert pictures
