"""The charts of the dashboard are drawn by a library that travels with the package, as it came."""

from __future__ import annotations

import hashlib
import tomllib
from fnmatch import fnmatchcase
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "sim" / "data" / "echarts"
SUMS = {
    "echarts.min.js": "b66b25aeb4df84e33199dc21694014d336d222cbd9deb0e5a7c14bd6aa0d0fd0",
    "LICENSE": "634293835b43a6dd2094fa39182a3d9a6b9ca43b7fdb9ac354e8037af2a3093a",
    "LICENSE-d3": "e1211892da0b0e0585b7aebe8f98c1274fba15bafe47fa1f4ee8a7a502c06304",
    "NOTICE": "d491d358344f842685c1b1585970999db65fe30ecf7ef3867af8814f4016c016",
}
"""SHA-256 of the files of echarts 6.1.0, as the npm package holds them."""


def test_nothing_else_stands_there() -> None:
    assert {path.name for path in FOLDER.iterdir()} == {*SUMS}


@pytest.mark.parametrize("name", SUMS)
def test_a_file_is_as_its_authors_released_it(name: str) -> None:
    assert hashlib.sha256((FOLDER / name).read_bytes()).hexdigest() == SUMS[name]


def test_it_can_stand_in_a_page() -> None:
    """No end of a script in it, nothing that a browser would fetch, and a version that says so."""
    script = (FOLDER / "echarts.min.js").read_text(encoding="utf-8")
    assert "</script" not in script.lower()
    assert "sourceMappingURL" not in script
    assert "\r" not in script
    assert 't.version="6.1.0"' in script


def test_its_licences_go_into_the_wheel() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    for name in SUMS.keys() - {"echarts.min.js"}:
        path = (FOLDER / name).relative_to(ROOT).as_posix()
        assert any(fnmatchcase(path, pattern) for pattern in project["license-files"]), path
