"""The brief in a browser: it asks for nothing, says what the tables say, and prints on A4."""

from __future__ import annotations

import base64
import dataclasses
import html
import io
import re
import shutil
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from fontTools.ttLib import TTFont
from playwright.sync_api import Browser, Page

from sim.__main__ import main
from sim.answer.blocks import Column, Line, Table
from sim.answer.dossier import Dossier
from sim.answer.row import joint_rows_of, rows_of
from sim.answer.stored import Words
from sim.page.brief import page as module
from sim.page.brief.page import BAR, LIMIT, brief
from sim.page.font import missing_glyphs
from sim.study.files import read_csv
from sim.words import ChanceInterval, Language, Speech
from tests.browser import chromium

LANGUAGES: tuple[Language, ...] = ("zh", "en")
HOSTILE = "<img src=x onerror=alert(1)>\"'&lt;</style></title>]]>"
SHEETS = range(14, 32)
"""Sheets of paper that the brief of a run takes, half of them pictures."""

EVERY_ROOM = "document.documentElement.scrollWidth <= document.documentElement.clientWidth"


@pytest.fixture(scope="module")
def dossier(tmp_path_factory: pytest.TempPathFactory) -> Dossier:
    """A small run with less money than the baseline."""
    folder = tmp_path_factory.mktemp("brief") / "run"
    run = ["replications=3", "workers=1", "budget.public_total=900000000"]
    assert main([*run, f"hydra.run.dir={folder}"]) == 0
    return Dossier.of(folder)


@pytest.fixture(scope="module")
def hostile(dossier: Dossier, tmp_path_factory: pytest.TempPathFactory) -> Dossier:
    """The same in a folder where a plan, a target, a scenario and a setting have a bad name."""
    folder = tmp_path_factory.mktemp("hostile") / "run"
    shutil.copytree(dossier.archive.folder, folder)
    inside = HOSTILE.replace('"', '\\"')
    names = {
        "answer.json": (
            "基准情景",
            "Baseline",
            "规范社区活动室",
            "Standard community activity rooms",
        ),
        "manifest.json": ("基准情景", "Chongqing plan for science popularization, 2016-2020"),
        "passport.csv": ("规划期公共经费", "public money of the plan period"),
    }
    for file, bad in names.items():
        text = (folder / file).read_text(encoding="utf-8")
        for name in bad:
            assert name in text
            text = text.replace(name, inside if file.endswith("json") else HOSTILE.replace('"', ""))
        (folder / file).write_text(text, encoding="utf-8")
    return Dossier.of(folder)


@pytest.fixture(scope="module")
def files(dossier: Dossier, hostile: Dossier, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the briefs of both."""
    folder = tmp_path_factory.mktemp("files")
    for language in LANGUAGES:
        (folder / f"{language}.html").write_bytes(brief(dossier, Speech(language)))
    (folder / "hostile.html").write_bytes(brief(hostile, Speech("en")))
    return folder


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


Open = Callable[..., Page]


@pytest.fixture
def look(browser: Browser, files: Path) -> Iterator[Open]:
    """Opens a brief by its name; what it asks for, and what the browser says, must be nothing."""
    contexts, told = [], list[str]()

    def look(name: str, width: int = 1280, *, scripts: bool = True) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": 900}, java_script_enabled=scripts
        )
        contexts.append(context)
        opened = context.new_page()
        opened.on("console", lambda message: told.append(message.text))
        opened.on("pageerror", lambda error: told.append(str(error)))
        opened.on("dialog", lambda dialog: told.append(dialog.message))
        opened.on("request", lambda request: told.append(request.url))
        address = (files / f"{name}.html").as_uri()
        opened.goto(address)
        opened.evaluate("document.fonts.ready.then(() => null)")
        assert [text for text in told if not text.startswith("data:font/")] == [address]
        told.clear()
        return opened

    yield look
    assert told == []
    for context in contexts:
        context.close()


@pytest.mark.parametrize("scripts", [True, False])
@pytest.mark.parametrize("language", LANGUAGES)
def test_it_is_read_without_a_script_and_asks_for_nothing(
    look: Open, language: Language, scripts: bool
) -> None:
    opened = look(language, 390, scripts=scripts)
    loaded = "[...document.fonts].map(font => font.status + font.weight)"
    assert opened.evaluate(loaded) == ["loaded400", "loaded700"]
    assert opened.evaluate(EVERY_ROOM), "at 390 pixels it scrolls downwards alone"
    assert opened.evaluate("document.scripts.length") == 0


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_shows_no_sign_that_its_font_lacks_and_fits_in_a_mail(
    files: Path, language: Language
) -> None:
    content = (files / f"{language}.html").read_bytes()
    assert len(content) <= LIMIT
    data = re.findall(r"data:font/woff2;base64,([^)]+)\)", content.decode())
    regular, bold = (TTFont(io.BytesIO(base64.b64decode(one))).getBestCmap() for one in data)
    shown = html.unescape(content.decode().partition("<body>")[2])
    lacking = {sign for sign in shown if sign.isprintable() and ord(sign) not in regular}
    assert lacking == missing_glyphs("".join(lacking))
    assert set(bold) < set(regular)


def test_the_policy_refuses_whatever_is_put_in(browser: Browser, files: Path) -> None:
    opened = browser.new_page()
    opened.goto((files / "en.html").as_uri())
    refused = opened.evaluate(
        """async () => {
            const refused = [];
            document.addEventListener("securitypolicyviolation",
                                      event => refused.push(event.effectiveDirective));
            const put = (name, more) =>
                document.body.append(Object.assign(document.createElement(name), more));
            put("style", {textContent: "body { display: none }"});
            put("script", {textContent: "window.hurt = 1"});
            document.body.setAttribute("style", "display: none");
            await new Promise(done => put("img", {src: "//a.invalid/x", onerror: done}));
            return [refused.sort(), window.hurt, getComputedStyle(document.body).display];
        }"""
    )
    directives = ["img-src", "script-src-elem", "style-src-attr", "style-src-elem"]
    assert refused == [directives, None, "block"]
    opened.close()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_link_leads_somewhere_and_every_part_has_a_name(
    look: Open, language: Language
) -> None:
    opened = look(language)
    found: dict[str, Any] = opened.evaluate(
        """() => {
            const all = (selector, told) => [...document.querySelectorAll(selector)].map(told);
            const names = all("[aria-labelledby]", one => one.getAttribute("aria-labelledby"));
            return {
                lang: document.documentElement.lang,
                links: all("a", one => one.getAttribute("href")),
                names, ids: all("[id]", one => one.id),
                levels: all("h1, h2, h3", one => +one.tagName[1]),
                heads: all("th", one => one.scope),
                unnamed: all("thead th:not(:first-child)", one => one)
                    .filter(one => one.classList.contains("number") && !one.querySelector("a"))
                    .map(one => one.textContent),
                drawings: all("figure svg", one => one.querySelector("title").textContent),
                rows: all("tbody tr:not(.group)", one => one.querySelectorAll("th").length),
            };
        }"""
    )
    ids = found["ids"]
    assert found["lang"] == {"zh": "zh-CN", "en": "en"}[language]
    assert len(set(ids)) == len(ids)
    assert {*found["links"]} <= {f"#{name}" for name in ids}
    assert {*found["names"]} <= {*ids}
    assert len(found["links"]) > len(found["drawings"]) > 3
    assert all(found["drawings"])
    assert set(found["rows"]) == {1}
    assert all(found["heads"])
    levels = found["levels"]
    assert levels[0] == 1
    assert max(b - a for a, b in pairwise(levels)) == 1
    passport = 2  # the values of a setting mean what the setting means
    assert len(found["unnamed"]) == passport, "every number says what it means"


@pytest.mark.parametrize("language", LANGUAGES)
def test_chances_are_those_of_the_tables_to_the_digit(
    look: Open, dossier: Dossier, language: Language
) -> None:
    speech, config = Speech(language), dossier.manifest["config"]
    own = rows_of(config)
    rows = {**own, **joint_rows_of(config, own.values())}
    header, lines = read_csv(dossier.archive.folder / "attainment.csv")
    wanted = {}
    for line in (dict(zip(header, line, strict=True)) for line in lines):
        if line["probability"]:
            ends = (line["probability"], line["probability_low"], line["probability_high"])
            row = rows[line["target"], line["definition"]]
            wanted[speech.text(row.marked)] = ChanceInterval(*map(float, ends))
    shown = look(language).evaluate(
        """() => [...document.querySelectorAll(".t1 tbody tr:not(.group)")].map(row => {
            const [name, cell] = [row.querySelector("th"), row.querySelectorAll("td")[2]];
            name.querySelector(".clause")?.remove();
            cell.querySelector(".class")?.remove();
            const bar = cell.querySelector("rect");
            return [name.textContent.trim(), cell.textContent.trim(),
                    bar && +bar.getAttribute("width")];
        })"""
    )
    chances = {name: (text, bar) for name, text, bar in shown if text}
    assert {name: text for name, (text, _) in chances.items()} == {
        name: chance.spoken(speech) for name, chance in wanted.items()
    }
    for name, (_, bar) in chances.items():
        assert bar == pytest.approx(BAR * wanted[name].probability, abs=0.06)


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_prints_on_a4_with_nothing_cut_off(look: Open, language: Language) -> None:
    opened = look(language)
    paper = opened.pdf(prefer_css_page_size=True)
    boxes = re.findall(rb"/MediaBox \[0 0 (\d+)[.\d]* (\d+)[.\d]*\]", paper)
    assert len(boxes) in SHEETS
    upright, lying = (b"594", b"841"), (b"841", b"594")
    assert {*boxes} <= {upright, lying, (b"595", b"842"), (b"842", b"595")}
    assert len(boxes) - boxes.count(upright) == len(dossier_figures(opened))
    opened.emulate_media(media="print")
    opened.set_viewport_size({"width": 680, "height": 1000})  # between the margins of a sheet
    assert opened.evaluate(EVERY_ROOM)
    clipped = (
        "[...document.querySelectorAll('.wide')].filter(one => one.scrollWidth > one.clientWidth)"
    )
    assert opened.evaluate(f"{clipped}.map(one => one.getAttribute('aria-labelledby'))") == []


def dossier_figures(opened: Page) -> list[str]:
    """The figures that are shown."""
    found: list[str] = opened.evaluate(
        "[...document.querySelectorAll('figcaption')].map(one => one.textContent)"
    )
    return found


def test_a_name_that_is_markup_is_a_name(look: Open) -> None:
    opened = look("hostile")
    assert opened.evaluate("document.querySelectorAll('img, [onerror]').length") == 0
    assert opened.evaluate("document.querySelectorAll('style, title').length") == 2 + len(
        dossier_figures(opened)
    )
    bad = HOSTILE.replace('"', "")
    assert opened.title() == HOSTILE
    shown = opened.evaluate("document.body.textContent")
    assert shown.count(HOSTILE) > 5
    assert bad in opened.evaluate("document.getElementById('passport').parentNode.textContent")


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_language_is_without_the_other(look: Open, language: Language) -> None:
    """Chinese keeps keys, names of files, and what is written the same everywhere."""
    shown = look(language).evaluate(
        """() => {
            document.querySelectorAll("code, figcaption, .more").forEach(one => one.remove());
            return document.body.textContent;
        }"""
    )
    if language == "en":
        assert re.findall(r"[\u4e00-\u9fff]+", shown) == []
        return
    keys = r"[a-z]+[._/][\w.*/]+|[A-Z]+[A-Z0-9]+|kepusim"
    left = re.sub(keys, "", shown)
    assert set(re.findall(r"[A-Za-z]{3,}", left)) == set()


def test_it_names_its_result_and_how_to_get_it(look: Open, dossier: Dossier) -> None:
    opened = look("en")
    for name, value in (
        ("result_hash", dossier.stamp.result_hash),
        ("command", dossier.command),
    ):
        assert opened.get_attribute(f'meta[name="kepusim:{name}"]', "content") == value
        assert value in opened.inner_text("dl.again")
    assert "900,000,000" in opened.inner_text("tbody:has(code)")


def test_the_same_dossier_gives_the_same_bytes(dossier: Dossier, files: Path) -> None:
    assert brief(dossier, Speech("en")) == (files / "en.html").read_bytes()


def test_figures_that_do_not_fit_are_named(
    dossier: Dossier, files: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = len((files / "en.html").read_bytes())
    monkeypatch.setattr(module, "LIMIT", whole - 1)
    less = brief(dossier, Speech("en")).decode()
    assert len(less.encode()) < whole
    last = dossier.answer.pictures[-1].name
    assert f"More figures in the folder of results: {last}_en.svg" in less
    assert '<svg xmlns="http://www.w3.org/2000/svg"' in less


def test_a_class_is_named_only_where_the_chances_are_so_classed(dossier: Dossier) -> None:
    def told(look: Any, columns: int = 1) -> str:
        names = [f"c{at}" for at in range(columns)]
        chance = Words("90%", "90 %", (0.9,))
        line = Line(
            {"name": "row", **dict.fromkeys(names, chance)}, looks=dict.fromkeys(names, look)
        )
        heads = {name: Column(name, form="chance") for name in names}
        table = Table("t", "title", {"name": Column("name", "name"), **heads}, [line])
        answer = dataclasses.replace(dossier.answer, tables=[table], pictures=[])
        return brief(dataclasses.replace(dossier, answer=answer), Speech("en")).decode()

    assert '<span class="class">likely</span>' in told("likely")
    assert 'class="class"' not in told("unlikely")
    assert '<span class="class">●<span class="heard"> likely</span></span>' in told("likely", 3)
