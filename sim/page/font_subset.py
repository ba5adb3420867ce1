"""Cut the shipped chart fonts out of full Noto Sans SC files (for maintainers only).

    python -m sim.page.font_subset NotoSansSC-Regular.ttf NotoSansSC-Bold.ttf

Needed again only when ``configs/``, the words of any room or the tables in ``sim/data`` use a
character that the shipped subset lacks; the font tests name such characters. Needs ``fonttools``.
The same sources and the same characters give the same bytes. The family is renamed, so that a copy
of the full font on the reader's machine cannot be picked instead and change a chart.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from sim.command.terminal import say
from sim.page.font import FAMILY, FONT_FILES
from sim.words.catalogue import FILE, ROOTS

if TYPE_CHECKING:
    from fontTools.ttLib import TTFont

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "sim" / "data" / "fonts"
LICENCE_RECORDS = (
    0,
    7,
    13,
    14,
)  # name records on copyright, trademark and licence stay as they are
SCANNED = (
    ("configs", "**/*"),
    ("sim", "**/*.py"),
    ("experiments", "**/*.py"),
    ("sim/data", "*.csv"),
    *((root, f"**/{FILE}") for root in ROOTS),
)
# ASCII, Latin-1, CJK punctuation, full-width forms: code points from and to (included).
BLOCKS = ((0x20, 0x7E), (0xA0, 0xFF), (0x3000, 0x3017), (0xFF01, 0xFF5E), (0xFFE5, 0xFFE5))
SIGNS = "‐‑‒–—―‘’“”†‡•…‰′″‹›※€℃№™←↑→↓⇒∑−√∞≈≠≤≥①②③④⑤⑥⑦⑧⑨■□▲△▶▼◆◇○◎●★☆✓"


def gb2312_level_one() -> Iterator[str]:
    """Yield the 3 755 most used Chinese characters: rows 16 to 55 of GB 2312."""
    for row in range(0xB0, 0xD8):
        for cell in range(0xA1, 0xFF):
            try:
                yield bytes((row, cell)).decode("gb2312")
            except UnicodeDecodeError:  # the last row is not full
                continue


def used_characters(root: Path) -> set[str]:
    """Return every printable character of configuration, code, words and tables under ``root``."""
    found: set[str] = set()
    for folder, pattern in SCANNED:
        for path in sorted((root / folder).glob(pattern)):
            if path.is_file():
                found.update(path.read_text(encoding="utf-8-sig"))
    return {character for character in found if character.isprintable()}


def wanted_characters(root: Path = ROOT) -> set[str]:
    """Return the characters the shipped fonts are to draw."""
    wanted = {chr(code) for first, last in BLOCKS for code in range(first, last + 1)}
    return wanted | set(SIGNS) | set(gb2312_level_one()) | used_characters(root)


def narrow_quotes(font: TTFont) -> None:
    """Give quotation marks their proportional forms: full-width ones tear English text apart."""
    table = font["GSUB"].table
    lookups = {
        index
        for record in table.FeatureList.FeatureRecord
        if record.FeatureTag == "pwid"
        for index in record.Feature.LookupListIndex
    }
    proportional: dict[str, str] = {}
    for index in lookups:
        for part in table.LookupList.Lookup[index].SubTable:
            proportional.update(getattr(part, "ExtSubTable", part).mapping)
    for encoding in font["cmap"].tables:
        if encoding.isUnicode():
            for quote in map(ord, "‘’“”"):
                glyph = encoding.cmap.get(quote)
                encoding.cmap[quote] = proportional.get(glyph, glyph)


def cut(source: Path, destination: Path, characters: set[str], style: str) -> set[str]:
    """Write the subset of one font file; return the characters that the source does not have."""
    from fontTools import subset
    from fontTools.ttLib import TTFont

    options = subset.Options()
    options.hinting = False
    options.layout_features = []
    options.drop_tables += ["BASE", "GDEF", "GPOS", "GSUB", "STAT", "vhea", "vmtx", "gasp"]
    options.name_IDs = [1, 2, 3, 4, 5, 6, *LICENCE_RECORDS]
    options.notdef_outline = True
    options.recalc_timestamp = False
    font = TTFont(source, recalcTimestamp=False)
    missing = {c for c in characters if ord(c) not in font.getBestCmap()}
    narrow_quotes(font)
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=[ord(character) for character in characters])
    subsetter.subset(font)
    names = {1: FAMILY, 2: style, 4: f"{FAMILY} {style}", 6: f"{FAMILY.replace(' ', '')}-{style}"}
    names[3] = f"{names[6]}; subset of Noto Sans SC"
    for record in font["name"].names:
        if record.nameID in names:
            record.string = names[record.nameID]
    font.save(destination)
    return missing


def main(arguments: Sequence[str] | None = None) -> None:
    """Write both weights into ``sim/data/fonts`` and print their sizes."""
    parser = argparse.ArgumentParser(description="Cut the shipped chart fonts.")
    parser.add_argument("regular", type=Path)
    parser.add_argument("bold", type=Path)
    sources = vars(parser.parse_args(arguments))
    characters = wanted_characters()
    for style, name in FONT_FILES.items():
        destination = FOLDER / name
        missing = cut(sources[style.lower()], destination, characters, style)
        size = os.path.getsize(destination) / 1e6
        say(f"{name}: {len(characters) - len(missing)} characters, {size:.2f} MB")
        if missing:
            say(f"  not in the source: {' '.join(sorted(missing))}")


if __name__ == "__main__":
    main()
