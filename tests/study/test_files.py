"""Files appear whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from sim.answer.figures import Axis, Dot, Ladder, Rung, Stamp
from sim.page import picture
from sim.study.files import (
    NotPlain,
    claimed,
    read_plain,
    replacing,
    write_csv,
    write_json,
    write_whole,
)
from sim.study.folder import RunFolder
from sim.words import speeches
from tests.program import with_pictures


@pytest.mark.parametrize("synced", [False, True])
def test_a_file_is_replaced(tmp_path: Path, synced: bool) -> None:
    path = tmp_path / "file"
    for content in (b"first", b"", b"second"):
        write_whole(path, content, synced=synced)
        assert path.read_bytes() == content
    assert [p.name for p in tmp_path.iterdir()] == ["file"]


def test_nothing_is_seen_before_all_is_there(tmp_path: Path) -> None:
    path = tmp_path / "file"
    with replacing(path) as temporary:
        temporary.write_bytes(b"half")
        assert not path.exists()
        assert temporary.parent == tmp_path  # the same disk: only there renaming is one step
    assert path.read_bytes() == b"half"


@pytest.mark.parametrize("exists", [True, False])
def test_nothing_is_written_through_a_link(tmp_path: Path, exists: bool) -> None:
    letter = tmp_path / "letter.txt"
    if exists:
        letter.write_bytes(b"dear mayor")
    path = tmp_path / "table.csv"
    for planted in (path, tmp_path / ".table.csv.part"):
        planted.symlink_to(letter)
    write_whole(path, b"content")
    assert path.read_bytes() == b"content"
    assert not path.is_symlink()
    assert letter.exists() == exists
    assert not exists or letter.read_bytes() == b"dear mayor"


def test_no_lock_is_made_through_a_link(tmp_path: Path) -> None:
    (tmp_path / ".lock").symlink_to(tmp_path / "letter.txt")
    with pytest.raises(OSError, match="symbolic links"):
        claimed(tmp_path / ".lock", os.O_CREAT | os.O_RDWR)
    assert not (tmp_path / "letter.txt").exists()


@with_pictures()
def test_charts_and_run_folders_write_through_no_link(tmp_path: Path) -> None:
    letter = tmp_path / "letter.txt"
    letter.write_bytes(b"dear mayor")
    folder = tmp_path / "run"
    folder.mkdir()
    for name in ("chart_en.png", "chart_en.svg", "passport.csv", "targets.parquet"):
        (folder / name).symlink_to(letter)
    chart = Ladder(name="chart", title="title", rows=[Rung("row", [Dot(1.0)])], axis=Axis())
    picture.write([chart], folder, Stamp("scenario", "1", "1", "0"), speeches("en"))
    with RunFolder(folder) as run:
        run.write_csv("passport", ("a",), [("one",)])
    assert letter.read_bytes() == b"dear mayor"
    assert not any(path.is_symlink() for path in folder.iterdir())


def open_handles() -> int:
    """Of this process, which may have only so many."""
    return len(os.listdir("/dev/fd"))


@pytest.mark.parametrize("what", ["link", "folder", "pipe"])
def test_only_plain_files_are_read(tmp_path: Path, what: str) -> None:
    path = tmp_path / "file"
    if what == "link":
        (tmp_path / "letter.txt").write_bytes(b"dear mayor")
        path.symlink_to(tmp_path / "letter.txt")
    elif what == "folder":
        path.mkdir()
    else:
        os.mkfifo(path)
    before = open_handles()
    for _ in range(9):
        with pytest.raises(NotPlain, match="no plain file"):
            read_plain(path)
    assert open_handles() < before + 9


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt])
def test_whatever_goes_wrong_the_old_file_stays(tmp_path: Path, error: type[BaseException]) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"old")

    def write_half() -> None:
        with replacing(path) as temporary:
            temporary.write_bytes(b"half of the n")
            raise error

    with pytest.raises(error):
        write_half()
    assert path.read_bytes() == b"old"
    assert [p.name for p in tmp_path.iterdir()] == ["file"]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no full device here")
def test_a_full_disk_says_which_file_and_leaves_nothing(tmp_path: Path) -> None:
    """/dev/full takes the place of the temporary file: the operating system itself refuses."""

    def write() -> None:
        with replacing(tmp_path / "table.csv") as temporary:
            temporary.unlink()
            temporary.symlink_to("/dev/full")
            temporary.write_bytes(b"content")

    with pytest.raises(OSError, match="No space left") as raised:
        write()
    assert raised.value.filename == str(tmp_path / "table.csv")
    assert not list(tmp_path.iterdir())


def test_tables_open_in_spreadsheets_and_empty_cells_are_empty(tmp_path: Path) -> None:
    write_csv(tmp_path / "t.csv", ("zh", "n"), [("目标, 一", 1), (None, 2.5)])
    assert (tmp_path / "t.csv").read_bytes() == '\ufeffzh,n\r\n"目标, 一",1\r\n,2.5\r\n'.encode()


def test_json_keeps_chinese_readable(tmp_path: Path) -> None:
    write_json(tmp_path / "a.json", {"zh": "答案", "where": Path("x")})
    assert '"zh": "答案"' in (tmp_path / "a.json").read_text(encoding="utf-8")
