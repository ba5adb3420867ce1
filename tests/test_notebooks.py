"""The notebooks run from end to end, what they claim holds, and they hold no outputs."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

jupytext = pytest.importorskip("jupytext")
nbclient = pytest.importorskip("nbclient")
nbformat = pytest.importorskip("nbformat")

FOLDER = Path(__file__).resolve().parents[1] / "notebooks"
SCRIPTS = sorted(FOLDER.glob("*.py"))
SMALL = {"01_first_run": 'REPLICATIONS = 4\nFOLDER = "run"\nLANGUAGE = "zh"'}
"""What the cell of parameters is replaced by, by notebook."""

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
    """
}
"""What must hold of the names of a notebook when all its cells have run."""


def test_every_notebook_is_known_here() -> None:
    assert [path.stem for path in SCRIPTS] == sorted(SMALL) == sorted(CLAIMS)


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
    parameters.source = SMALL[script.stem]
    claims = "\n".join(line.strip() for line in CLAIMS[script.stem].strip().splitlines())
    notebook.cells.append(nbformat.v4.new_code_cell(claims))
    # The kernel of the interpreter that runs the tests, whatever else is installed.
    monkeypatch.setenv("JUPYTER_PATH", str(Path(sys.prefix) / "share" / "jupyter"))
    resources = {"metadata": {"path": tmp_path}}
    nbclient.NotebookClient(notebook, kernel_name="python3", resources=resources).execute()
    outputs = [o for c in notebook.cells if c.cell_type == "code" for o in c.outputs]
    assert not [o for o in outputs if o.get("name") == "stderr"]
    pictures: list[Any] = [o for o in outputs if "image/png" in o.get("data", {})]
    assert pictures
