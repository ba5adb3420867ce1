"""Tables of places that people bring: every one is read right or refused, and the words help."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import suppress
from functools import cache
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from sim.config.errors import ConfigError
from sim.config.schema import Run
from sim.plan.districts import District, read_districts
from sim.plan.linter import lint
from tests.factory import district, settings, write_districts
from tests.refusals import told_alike

ROOT = Path(__file__).resolve().parents[2]
BAD, GOOD = ROOT / "tests" / "bad_tables", ROOT / "tests" / "good_tables"
ZONES = ("core", "expansion", "new_urban", "northeast", "southeast")
EXPECTED = yaml.safe_load((BAD / "expected.yaml").read_text(encoding="utf-8"))
THROUGH_THE_COMMAND_LINE = ("gb18030_rare_character.csv", "row_short.csv", "several_at_once.csv")


def _refusal(path: Path) -> str:
    with pytest.raises(ConfigError) as caught:
        read_districts(str(path), ZONES)
    text = str(caught.value)
    assert str(path) in text
    told_alike(caught.value)
    return text


@cache
def _plain() -> tuple[District, ...]:
    return read_districts(str(GOOD / "plain.csv"), ZONES)


def test_every_bad_table_has_its_message_and_every_message_its_table() -> None:
    assert {path.name for path in BAD.iterdir()} == {*EXPECTED, "expected.yaml"}


@pytest.mark.parametrize("name", EXPECTED)
def test_a_bad_table_is_refused_with_row_column_and_way_out(name: str) -> None:
    text = _refusal(BAD / name)
    for part in EXPECTED[name]:
        assert part in text


@pytest.mark.parametrize("path", sorted(GOOD.iterdir()), ids=lambda path: path.name)
def test_an_odd_dress_changes_no_district(path: Path) -> None:
    assert read_districts(str(path), ZONES) == _plain()


def test_the_plain_table_is_read_as_it_stands() -> None:
    assert len(_plain()) == 5
    assert _plain()[0] == District(
        adcode=500101,
        zh="万州区",
        en="Wanzhou",
        zone="northeast",
        population=1_582_229,
        fiscal_strength=98_258,
        communities={"narrow": 91, "wide": 193},
        villages=443,
    )


@pytest.mark.parametrize("name", THROUGH_THE_COMMAND_LINE)
def test_the_command_line_refuses_it_before_anything_is_simulated(
    name: str, tmp_path: Path
) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "sim", f"plan.districts={BAD / name}", "replications=1"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert done.stdout == ""
    assert "Traceback" not in done.stderr
    for part in EXPECTED[name]:
        assert part in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_run_reports_its_table_beside_its_other_problems(real_run: Run) -> None:
    changes = {"plan.districts": str(BAD / "zone_unknown.csv"), "plan.city_code": 500000}
    run = settings(real_run, {**changes, "plan.calendar.assessment_years": [1999]})
    with pytest.raises(ConfigError) as caught:
        lint(run)
    text = str(caught.value)
    assert "there is no zone 'south_east'" in text
    assert "plan.calendar.assessment_years" in text


# ---------------------------------------------------------------------------- files that are none


@pytest.mark.parametrize(
    ("amount", "most"),
    [("population", 10**10), ("gdp", 10**8), ("wide", 10**7), ("villages", 10**7)],
)
def test_the_largest_amounts_are_read_and_none_beyond(
    tmp_path: Path, amount: str, most: int
) -> None:
    """With them, weights of money are still numbers of 64 bits."""
    others = [district(900102 + i, population=10**9 + i, gdp=100.0 + i) for i in range(3)]
    largest = [district(**{"population": 10**9, amount: most}), *others]
    assert len(read_districts(write_districts(tmp_path, largest))) == 4
    beyond = [largest[0] | {amount: most + 1}, *others]
    with pytest.raises(ConfigError) as caught:
        read_districts(write_districts(tmp_path, beyond))
    assert str(most + 1) in str(caught.value)


def test_a_table_that_is_not_there_names_those_that_are() -> None:
    with pytest.raises(ConfigError, match="does not exist") as caught:
        read_districts("distrcts.csv")
    assert caught.value.nearest == "districts.csv"


def test_a_folder_a_pipe_and_a_circle_of_links_are_no_tables(tmp_path: Path) -> None:
    assert "this is a folder" in _refusal(tmp_path)
    pipe, circle = tmp_path / "pipe.csv", tmp_path / "circle.csv"
    os.mkfifo(pipe)
    assert "no ordinary file" in _refusal(pipe)  # and nobody waits for somebody to write
    circle.symlink_to(circle)
    assert "cannot be read" in _refusal(circle)


def test_a_file_that_may_not_be_read_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "secret.csv"
    path.write_text("x", encoding="utf-8")

    def forbidden(_: Path) -> bytes:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "read_bytes", forbidden)
    assert "cannot be read: Permission denied" in _refusal(path)


def test_a_huge_file_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "huge.csv"
    with path.open("wb") as file:
        file.truncate(1 << 40)  # a hole: reading it would take the memory of a thousand machines
    assert "too large for a table: 1,099,511,627,776 bytes" in _refusal(path)


# ---------------------------------------------------------------------------- properties


@pytest.fixture(scope="module")
def scratch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("tables")


LINES = (GOOD / "plain.csv").read_text(encoding="utf-8").splitlines()


@given(data=st.data())
def test_whatever_one_cell_says_the_table_is_read_or_refused(
    scratch: Path, data: st.DataObject
) -> None:
    """No traceback, and what is accepted is what was written."""
    rows = [line.split(",") for line in LINES]
    row, column = data.draw(st.integers(1, 5)), data.draw(st.integers(0, 8))
    text = data.draw(
        st.text() | st.from_regex(r"[-+]?[0-9]{1,9}[.,eE万%]?[0-9]{0,3}", fullmatch=True)
    )
    rows[row][column] = '"' + text.replace('"', '""') + '"'
    content = "\n".join(",".join(cells) for cells in rows).encode()
    path = scratch / "one_cell.csv"
    path.write_bytes(content)
    try:
        found = read_districts(str(path), ZONES)
    except ConfigError:
        return
    changed = found[row - 1]
    district = _plain()[row - 1]
    if column >= 4 and text.isascii() and text.isdecimal():
        values = [changed.population, changed.fiscal_strength / 100, *changed.communities.values()]
        assert [*values, changed.villages][column - 4] == int(text)
    assert [d for d in found if d.adcode != changed.adcode] == [
        d for d in _plain() if d.adcode != district.adcode
    ]


@given(content=st.binary(max_size=300))
def test_any_bytes_are_refused_with_a_message(scratch: Path, content: bytes) -> None:
    path = scratch / "bytes.csv"
    path.write_bytes(content)
    assert _refusal(path)


@given(at=st.integers(0, 400), byte=st.binary(min_size=1, max_size=1))
def test_a_table_with_one_wrong_byte_is_read_or_refused(
    scratch: Path, at: int, byte: bytes
) -> None:
    content = (GOOD / "plain.csv").read_bytes()
    path = scratch / "one_byte.csv"
    path.write_bytes(content[:at] + byte + content[at + 1 :])
    with suppress(ConfigError):
        assert len(read_districts(str(path), ZONES)) in (4, 5)
