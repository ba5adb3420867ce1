"""``python -m sim.verify``: what names a result and a command is simulated again and compared."""

from __future__ import annotations

import json
import shutil
import zipfile
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from sim.__main__ import main as simulate
from sim.config.errors import ConfigError
from sim.verify import named
from sim.verify.__main__ import main
from tests.program import with_pictures

PROPERTIES = (
    '<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/custom-properties" '
    'xmlns:vt="http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes">'
    '<property name="kepusim_result_hash"><vt:lpwstr>ab12</vt:lpwstr></property>'
    '<property name="kepusim_command"><vt:lpwstr>python -m sim seed=3</vt:lpwstr></property>'
    "</Properties>"
)


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a small run, with pictures."""
    folder = tmp_path_factory.mktemp("verify") / "run"
    with with_pictures():
        code = simulate(["replications=2", "workers=1", "seed=5", f"hydra.run.dir={folder}"])
    assert code == 0
    return folder


@pytest.fixture
def folder(written: Path, tmp_path: Path) -> Path:
    """A copy of it, to be changed."""
    return Path(shutil.copytree(written, tmp_path / "run"))


def test_what_was_not_changed_holds(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    picture = next(folder.glob("*.png"))
    assert named(picture) == named(picture.with_suffix(".svg"))
    assert named(picture).command == "python -m sim replications=2 seed=5"
    assert named(picture).result_hash == named(folder).result_hash
    assert main([str(folder)]) == 0
    told = capsys.readouterr().out
    assert "the results are the same" in told
    assert "Equal byte for byte: attainment.csv, held_back.csv, passport.csv." in told


def test_a_changed_number_is_found(
    written: Path,
    folder: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def given(command: str, again: Path, *_: object) -> None:
        """What the command gives, which another test has seen given."""
        assert command == "python -m sim replications=2 seed=5"
        shutil.copytree(written, again)

    monkeypatch.setattr("sim.verify._give", given)
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    path = folder / "targets.parquet"
    targets = pq.read_table(path)
    values = targets["value"].to_numpy().copy()
    values[3] += 1e-9
    at = targets.schema.get_field_index("value")
    pq.write_table(targets.set_column(at, "value", pa.array(values)), path)
    assert main([str(written), "replications=1"]) == 0
    assert "of the first 1 replication," in capsys.readouterr().out
    assert main([str(folder), "replications=1"]) == 1
    assert "not all" in capsys.readouterr().out
    table = folder / "attainment.csv"
    table.write_bytes(table.read_bytes().replace(b"0.5", b"0.6", 1))
    manifest["result_hash"] = "0" * 64
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    assert main([str(folder)]) == 1
    told = capsys.readouterr().out
    assert "not 000000000000" in told
    assert "Tables that differ: attainment.csv." in told


@pytest.mark.parametrize(
    ("command", "told"),
    [
        ("rm -rf /", "none of ours"),
        ("python -m os", "none of ours"),
        ("python -m sim.report x", "none of ours"),
        ("python -c 'print(1)'", "none of ours"),
        ("python -m sim 'seed=1", "none of ours"),
        ("python -m sim hydra.run.dir=/tmp/elsewhere", "writes elsewhere"),
        ("python -m sim ++hydra.job_logging=default", "writes elsewhere"),
        ("python -m experiments.any study.folder=x", "writes elsewhere"),
        ("python -m sim --config-dir=x", "writes elsewhere"),
        ("python -m sim sead=3", "cannot be carried out here"),
    ],
)
def test_only_commands_of_ours_are_given(
    command: str, told: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "brief_en.html"
    text = command.replace("'", "&#39;")
    file.write_text(
        f'<meta name="kepusim:result_hash" content="ab">\n'
        f'<meta name="kepusim:command" content="{text}">',
        encoding="utf-8",
    )
    assert named(file).command == command
    assert main([str(file)]) == 2
    assert told in capsys.readouterr().err


def test_office_files_name_their_result(tmp_path: Path) -> None:
    file = tmp_path / "results_en.xlsx"
    with zipfile.ZipFile(file, "w") as parts:
        parts.writestr("docProps/custom.xml", PROPERTIES)
    assert (named(file).result_hash, named(file).command) == ("ab12", "python -m sim seed=3")


@pytest.mark.parametrize(
    "content", [b"", b"PK\3\4broken", b"\x89PNG\r\n\x1a\nbroken", b"<html></html>", b"\xff\xfe"]
)
def test_what_names_nothing_is_refused(content: bytes, tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_bytes(content)
    with pytest.raises(ConfigError, match="names no result"):
        named(file)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ([], "one folder or file"),
        (["a", "b"], "one folder or file"),
        (["a", "replications=x"], "positive whole number"),
        (["a", "replications=0"], "positive whole number"),
        (["a", "--config-dir"], "no directory is named"),
        (["nothing"], "nothing"),
        (["{file}", "replications=3"], "a file alone can be compared as a whole only"),
    ],
)
def test_what_cannot_be_compared_is_refused(
    arguments: list[str], told: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "results_en.xlsx"
    with zipfile.ZipFile(file, "w") as parts:
        parts.writestr("docProps/custom.xml", PROPERTIES)
    assert main([each.format(file=file) for each in arguments]) == 2
    assert told in capsys.readouterr().err
