"""The one reader of YAML files: what it makes of every scalar, and how little work it does."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from omegaconf import OmegaConf

from sim.config import yaml_reader
from sim.config.directory import config_directory
from sim.config.errors import ConfigError
from sim.config.yaml_reader import LARGEST_FILE, MOST_NODES, plain_form, read_yaml
from sim.edge import Composer
from tests.refusals import EN, told_alike

SCALARS: dict[str, dict[str, str]] = yaml.safe_load(
    Path(__file__).with_name("scalars.yaml").read_text(encoding="utf-8")
)


@pytest.fixture(name="file")
def _file(tmp_path: Path) -> Path:
    return tmp_path / "file.yaml"


def _read(file: Path, text: str) -> dict[str, Any]:
    file.write_text(text, encoding="utf-8")
    return read_yaml(file, "mine/file.yaml")


# ------------------------------------------------------------------------------------- scalars


@pytest.mark.parametrize(("written", "plain"), SCALARS["refused"].items())
@pytest.mark.parametrize("place", ["key: {}", "key: [{}]", "key: {{of: {}}}", "{}: 1"])
def test_what_can_be_read_in_two_ways_is_refused_with_the_plain_form(
    file: Path, written: str, plain: str, place: str
) -> None:
    with pytest.raises(ConfigError) as caught:
        _read(file, f"first: 1\n{place.format(written)}\n")
    problem = caught.value
    assert EN.text(problem.file) == "mine/file.yaml, line 2"
    assert problem.value == written
    assert plain in EN.text(problem.allowed)
    told_alike(problem)
    assert problem.key in ("key", "key.0", "key.of", None)


@pytest.mark.parametrize(("written", "meant"), SCALARS["read"].items())
def test_what_is_read_is_as_in_the_core_schema(file: Path, written: str, meant: str) -> None:
    value = _read(file, f"key: {written}\n")["key"]
    expected = eval(meant, {"float": float})
    assert (type(value), repr(value)) == (type(expected), repr(expected))


def test_not_a_number_is_one(file: Path) -> None:
    found = _read(file, "key: [.nan, .NaN, .NAN]")["key"]
    assert [math.isnan(value) for value in found] == [True] * 3


@given(st.integers(1, 10**18), st.sampled_from(["", "-"]))
def test_the_plain_form_of_a_number_is_the_number(number: int, sign: str) -> None:
    for written in (f"{number:_}", f"{number:#x}", f"{number:#o}", f"{number:#b}", f"00{number}"):
        assert plain_form(sign + written) == f"{sign}{number}"


@given(st.text(alphabet="0123456789_.:eExob+-yYnNaf", max_size=8))
def test_a_number_is_the_number_that_other_readers_see(text: str) -> None:
    """Whatever two readers of YAML take for different things is no number here."""
    try:
        value = yaml_reader._Document(f"key: [{text}]", "x", False).content()["key"]
    except ConfigError:
        return
    theirs = OmegaConf.to_container(OmegaConf.create(f"key: [{text}]"))
    assert isinstance(theirs, dict)
    for number in (v for v in value if isinstance(v, int | float) and not math.isnan(v)):
        assert number in theirs["key"], "OmegaConf reads YAML 1.1 with numbers such as 1e5"


# ---------------------------------------------------------------------------------------- keys


def test_a_district_may_be_named_by_its_number(tmp_path: Path) -> None:
    (tmp_path / "allocation").mkdir()
    (tmp_path / "allocation" / "mine.yaml").write_text(
        "defaults: [custom, _self_]\nweights: {500101: 7, '500102': 8}\n", encoding="utf-8"
    )
    with Composer(tmp_path).started() as composer:
        weights = composer.compose(["allocation=mine"]).validated().allocation.weights
    assert (weights["500101"], weights["500102"]) == (7, 8)
    assert len(weights) == 38


@pytest.mark.parametrize("again", ["500101", "'500101'", '"500101"', "? 500101\n "])
def test_a_key_written_twice_is_one_whatever_its_quotes(file: Path, again: str) -> None:
    with pytest.raises(ConfigError, match="a key is written twice: 500101") as caught:
        _read(file, f"weights:\n  500101: 1\n  {again}: 2\n")
    assert caught.value.key == "weights.500101"


# -------------------------------------------------------------------------------- bounded work


def test_an_alias_is_what_its_anchor_holds(file: Path) -> None:
    content = _read(file, "a: &a {x: [1, 2]}\nb: *a\nc: [*a, *a]\n")
    assert content == {"a": {"x": [1, 2]}, "b": {"x": [1, 2]}, "c": [{"x": [1, 2]}] * 2}


@pytest.mark.parametrize("each", ["1", "''", "[]", "{}", "*a"])
def test_the_number_of_values_is_bounded(file: Path, each: str) -> None:
    head = "a: &a x\nb: ["
    assert len(_read(file, head + f"{each}," * (MOST_NODES - 5) + "]")["b"]) == MOST_NODES - 5
    with pytest.raises(ConfigError, match="a file says too much"):
        _read(file, head + f"{each}," * (MOST_NODES - 4) + "]")


def test_no_more_is_read_than_what_is_allowed(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Work ends where the limit is passed, not where the file does."""
    calls = 0
    following = yaml_reader._Document._next

    def counted(document: Any) -> Any:
        nonlocal calls
        calls += 1
        return following(document)

    monkeypatch.setattr(yaml_reader._Document, "_next", counted)
    laughs = [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 10)}]" for i in range(1, 1000)]
    for text in (
        "a0: &a0 [ha]\n" + "\n".join(laughs),
        "a: " + "[" * 100_000,
        "a: " + "{a: " * 100_000,
        "a: " + "\n".join(f"{'  ' * i}- -" for i in range(500)),
    ):
        calls = 0
        with pytest.raises(ConfigError):
            _read(file, text)
        assert calls < 300


def test_a_file_beyond_all_measure_is_not_even_opened(file: Path) -> None:
    with file.open("wb") as stream:
        stream.truncate(10**12)  # takes no place on the disk
    with pytest.raises(ConfigError, match="a file is too large") as caught:
        read_yaml(file, "mine/file.yaml")
    assert caught.value.file == "mine/file.yaml"
    assert str(LARGEST_FILE) in EN.text(caught.value.allowed)


@pytest.mark.parametrize("path", [Path("nothing.yaml"), Path(__file__).parent])
def test_what_cannot_be_read_is_named(path: Path) -> None:
    with pytest.raises(ConfigError, match="a file cannot be read") as caught:
        read_yaml(path, "mine/nothing.yaml")
    assert caught.value.file == "mine/nothing.yaml"


# ------------------------------------------------------------------------------------ documents


@pytest.mark.parametrize(
    "text",
    [
        "a: 1\r\nb: 2\r\n",
        "---\na: 1\nb: 2\n...\n",
        "\ufeffa: 1\nb: 2\n",
        "%YAML 1.2\n---\na: 1\nb: 2",
    ],
)
def test_one_document_however_it_is_framed(file: Path, text: str) -> None:
    file.write_bytes(text.encode())
    assert read_yaml(file, "mine/file.yaml") == {"a": 1, "b": 2}


def test_a_file_that_has_changed_is_read_anew(file: Path) -> None:
    assert _read(file, "a: 1\n") == {"a": 1}
    assert _read(file, "a: 23\n") == {"a": 23}


def test_the_shipped_files_are_far_from_the_limits() -> None:
    shipped = list(config_directory().rglob("*.yaml"))
    assert len(shipped) > 10
    for path in shipped:
        document = yaml_reader._Document(path.read_text(encoding="utf-8"), path.name, True)
        document.content()
        assert document._nodes * 5 < MOST_NODES
        assert path.stat().st_size * 10 < LARGEST_FILE
