"""Files appear whole or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.study.files import replacing, write_csv, write_json, write_whole


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
    (tmp_path / ".table.csv.part").symlink_to("/dev/full")
    with pytest.raises(OSError, match="No space left") as raised:
        write_whole(tmp_path / "table.csv", b"content")
    assert raised.value.filename == str(tmp_path / "table.csv")
    assert not list(tmp_path.iterdir())


def test_tables_open_in_spreadsheets_and_empty_cells_are_empty(tmp_path: Path) -> None:
    write_csv(tmp_path / "t.csv", ("zh", "n"), [("目标, 一", 1), (None, 2.5)])
    assert (tmp_path / "t.csv").read_bytes() == '\ufeffzh,n\r\n"目标, 一",1\r\n,2.5\r\n'.encode()


def test_json_keeps_chinese_readable(tmp_path: Path) -> None:
    write_json(tmp_path / "a.json", {"zh": "答案", "where": Path("x")})
    assert '"zh": "答案"' in (tmp_path / "a.json").read_text(encoding="utf-8")
