"""``python -m sim.report``: media from the files of a folder alone."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from sim.__main__ import main as sim_main
from sim.answer.dossier import Dossier
from sim.config.errors import ConfigError
from sim.page.picture import figures
from sim.report.__main__ import main
from sim.study.folder import ANSWER
from sim.words import speeches
from tests.program import with_pictures


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a small run."""
    folder = tmp_path_factory.mktemp("report") / "run"
    assert sim_main(["replications=5", "workers=1", f"hydra.run.dir={folder}"]) == 0
    return folder


@pytest.fixture
def folder(written: Path, tmp_path: Path) -> Path:
    """A copy of it, to be written into."""
    return Path(shutil.copytree(written, tmp_path / "run"))


def test_a_folder_tells_its_answer_and_how_to_get_it_again(folder: Path) -> None:
    dossier = Dossier.of(folder)
    assert dossier.command == "python -m sim replications=5"
    assert dossier.stamp.result_hash == dossier.manifest["result_hash"]
    content = json.loads((folder / ANSWER).read_text(encoding="utf-8"))
    for speech in speeches("both"):
        assert dossier.answer.words(speech) == content[speech.language]
        assert speech.text(dossier.stamp.replications).startswith("5")


def test_pictures_are_drawn_again_as_the_run_draws_them(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with with_pictures():
        assert main([str(folder), "pictures", "language=zh"]) == 0
    listed = [Path(line) for line in capsys.readouterr().out.splitlines()]
    assert listed
    assert all(path.parent == folder and path.is_file() for path in listed)
    dossier, (speech,) = Dossier.of(folder), speeches("zh")
    sheets = [s for f in dossier.answer.pictures for s in figures.pages(f, dossier.stamp, speech)]
    assert len(listed) == 2 * len(sheets), "one PNG and one SVG a page"


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ([], "no folder of results is named"),
        (["{folder}", "breif"], "there is no such medium"),
        (["{folder}/nothing", "pictures"], "there is no such folder"),
        (["{folder}", "pictures", "dashboard"], "there is nothing for a slider"),
        (["{folder}", "pictures", "language=zh", "extra"], "没有这种材料"),
    ],
)
def test_what_it_cannot_make_is_refused_with_what_it_can(
    arguments: list[str], told: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = sorted(folder.iterdir())
    assert main([each.format(folder=folder) for each in arguments]) == 2
    assert told in capsys.readouterr().err
    assert sorted(folder.iterdir()) == before


def test_a_run_is_not_made_for_a_page_that_it_cannot_give(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    new = tmp_path / "new"
    assert sim_main(["report=[brief,dashboard]", f"hydra.run.dir={new}"]) == 2
    assert "nothing for a slider" in capsys.readouterr().err
    assert not new.exists()


def test_all_that_a_folder_has_is_made_if_none_is_named(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(folder), "language=en"]) == 0
    made = {Path(line).name for line in capsys.readouterr().out.splitlines()}
    assert {"brief_en.html", "deck_en.pptx", "results_en.xlsx"} <= made
    assert "dashboard.html" not in made


@pytest.mark.parametrize("content", ['{"zh": "", "en": ""}', "{", "[]", '{"blocks": {"kind": 3}}'])
def test_an_answer_of_another_version_is_refused_by_its_file(folder: Path, content: str) -> None:
    (folder / ANSWER).write_text(content, encoding="utf-8")
    with pytest.raises(ConfigError) as refused:
        Dossier.of(folder)
    assert ANSWER in str(refused.value)


def test_help_is_said_in_both_languages(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--help", "language=both"]) == 0
    told = capsys.readouterr().out
    assert "简报" in told
    assert "16:9, PNG and SVG" in told


@pytest.mark.parametrize(
    ("medium", "library"),
    [("brief", "fontTools"), ("brief", "brotli"), ("deck", "pptx"), ("workbook", "xlsxwriter")],
)
def test_a_medium_that_cannot_be_made_is_refused_before_anything_is_simulated(
    medium: str,
    library: str,
    folder: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("sim.report.find_spec", lambda name: None if name == library else name)
    new, before = folder.with_name("new"), sorted(folder.iterdir())
    asked = [f"report=[{medium}]", "replications=1", f"hydra.run.dir={new}"]
    assert (sim_main(asked), main([str(folder), medium])) == (2, 2)
    told = capsys.readouterr().err
    assert told.count("kepusim[meeting]") == told.count(f" {library};") == 2
    assert not new.exists()
    assert sorted(folder.iterdir()) == before
