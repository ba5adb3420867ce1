"""``python -m benchmarks.gallery [FOLDER]``: the pictures of docs/gallery, by the product alone.

What is asked and shown stands in gallery.yaml. Runs go to FOLDER (default outputs/gallery), each
anew; what was simulated before is taken from the store there. Pictures are the product's own
files, pages as Chromium and LibreOffice show them; of all of them nothing but size and number of
colours is changed, and each says of which result it is, see :mod:`sim.verify`.
"""

from __future__ import annotations

import json
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

import yaml
from PIL import Image
from PIL.PngImagePlugin import PngInfo
from playwright.sync_api import sync_playwright

from sim.verify import COMMAND, HASH, Named, named
from sim.words import LANGUAGES, Label, Language

ROOT = Path(__file__).resolve().parents[1]
GALLERY = ROOT / "docs" / "gallery"
INDEX = "README.md"
WIDTH, COLOURS = 1200, 128
_DOTS = 110  # an inch, of pages
_CHROMIUM = "/usr/bin/chromium"

Content = Mapping[str, Any]


def content() -> Content:
    """What is asked and shown, see gallery.yaml."""
    text = (Path(__file__).parent / "gallery.yaml").read_text(encoding="utf-8")
    read: Content = yaml.safe_load(text)
    return read


@dataclass(frozen=True)
class Shown:
    """A picture of the gallery.

    Attributes:
        source: the product's own file, in a run's folder.
        page: of it, from 1; None if the file is the picture.
        kind: of a figure.
    """

    name: str
    run: str
    language: Language
    source: str
    what: Label
    page: int | None = None
    kind: str | None = None


def shown() -> Iterator[Shown]:
    """All pictures, both languages of each beside one another."""
    for name, own in content()["figures"].items():
        for language in LANGUAGES:
            file = f"{name}_{language}.png"
            yield Shown(file, own["run"], language, file, _label(own), kind=own["kind"])
    for name, own in content()["media"].items():
        for page in own["pages"]:
            for language in LANGUAGES:
                stem = name.partition(".")[0].removesuffix("_{}")
                number = f"_{page}" if len(own["pages"]) > 1 else ""
                file, source = f"{stem}{number}_{language}.png", name.format(language)
                yield Shown(file, own["run"], language, source, _label(own), page=page)


def _label(own: Content) -> Label:
    return {language: own[language] for language in LANGUAGES}


# ---------------------------------------------------------------------- making


def ask(folder: Path) -> None:
    """Simulate and answer all, each in a folder of its own."""
    for run, command in content()["runs"].items():
        shutil.rmtree(folder / run, ignore_errors=True)
        where = "hydra.run.dir" if command.startswith("sim ") else "study.folder"
        media = "dashboard" if run == "dashboard" else "brief,deck,workbook"
        more = [f"store={folder / 'store'}", f"{where}={folder / run}", "language=both"]
        more += [f"report=[{media}]"] if run in _runs_with_media() else []
        subprocess.run([sys.executable, "-m", *shlex.split(command), *more], check=True)


def _runs_with_media() -> set[str]:
    return {own["run"] for own in content()["media"].values()}


def take(picture: Shown, source: Path, place: Path) -> Path:
    """The product's file, or a page of it as a PNG file below ``place``."""
    if picture.page is None:
        return source
    target = place / picture.name
    if source.suffix == ".html":
        _browse(source, picture, target)
        return target
    pages = place / f"{source.stem}.pdf"
    if not pages.exists():
        convert = ("soffice", "--headless", f"-env:UserInstallation={(place / 'office').as_uri()}",
                   "--convert-to", "pdf", "--outdir", str(place), str(source))  # fmt: skip
        subprocess.run(convert, check=True, stdout=subprocess.DEVNULL)
    return _page(pages, picture.page, target)


def _browse(source: Path, picture: Shown, target: Path) -> None:
    """A brief as it prints; a page with sliders as it opens."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=_CHROMIUM, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": WIDTH, "height": 900})
        page.goto(f"{source.as_uri()}#lang={picture.language}")
        page.wait_for_load_state()
        if picture.run == "dashboard":
            page.screenshot(path=target)
        else:
            pages = target.with_suffix(".pdf")
            page.pdf(path=pages, format="A4", print_background=True)
            _page(pages, picture.page or 1, target)
        browser.close()


def _page(pages: Path, number: int, target: Path) -> Path:
    draw = ("pdftoppm", "-png", "-singlefile", "-r", str(_DOTS), "-f", str(number), "-l",
            str(number), str(pages), str(target.with_suffix("")))  # fmt: skip
    subprocess.run(draw, check=True)
    return target


def keep(picture: Path, own: Named, target: Path) -> None:
    """Write a picture small, with what it says of its result."""
    image = Image.open(picture).convert("RGB")
    if image.width > WIDTH:
        height = round(image.height * WIDTH / image.width)
        image = image.resize((WIDTH, height), Image.Resampling.LANCZOS)
    says = PngInfo()
    says.add_itxt(HASH, own.result_hash)
    says.add_itxt(COMMAND, own.command)
    few = image.quantize(COLOURS, dither=Image.Dither.NONE)
    few.save(target, optimize=True, pnginfo=says)


# ---------------------------------------------------------------------- index


def index(pictures: Sequence[Shown], of: Mapping[str, tuple[Named, int, int]]) -> str:
    """What every picture shows and of which run it is.

    Args:
        of: by run what its pictures name, its seed and its replications.
    """
    head = {
        language: text.format(width=WIDTH, colours=COLOURS)
        for language, text in content()["head"].items()
    }
    lines = [
        "# Gallery · 图例",
        "",
        head["en"],
        "",
        head["zh"],
        "",
        "| run 模拟 | command 命令 | seed 种子 | replications 次数 | result_hash 结果编号 |",
        "| --- | --- | --- | --- | --- |",
    ]
    for run, (own, seed, replications) in of.items():
        lines.append(f"| {run} | `{own.command}` | {seed} | {replications} | `{own.result_hash}` |")
    for what, both in groupby(pictures, key=lambda picture: picture.what):
        several = [*both]
        files = ", ".join(f"`{file}`" for file in dict.fromkeys(each.source for each in several))
        kind = f" ({several[0].kind})" if several[0].kind else ""
        lines += ["", f"## {what['en']} · {what['zh']}", "", f"{several[0].run}: {files}{kind}", ""]
        lines += [f"![{what[each.language]}]({each.name})" for each in several]
    return "\n".join(lines) + "\n"


def main(arguments: Sequence[str]) -> None:
    """Ask, take every picture, write the index."""
    folder = Path(*arguments[:1] or ["outputs/gallery"]).resolve()
    ask(folder)
    shutil.rmtree(GALLERY, ignore_errors=True)
    GALLERY.mkdir(parents=True)
    pictures = [*shown()]
    of: dict[str, tuple[Named, int, int]] = {}
    with tempfile.TemporaryDirectory(prefix="gallery-") as place:
        for picture in pictures:
            source = folder / picture.run / picture.source
            keep(take(picture, source, Path(place)), named(source), GALLERY / picture.name)
    for run in content()["runs"]:
        manifest = json.loads((folder / run / "manifest.json").read_text(encoding="utf-8"))
        of[run] = (named(folder / run), manifest["seed"], manifest["config"]["replications"])
    (GALLERY / INDEX).write_text(index(pictures, of), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
