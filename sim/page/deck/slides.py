"""An answer becomes a deck: what it says, its blocks in their order, how sure it is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

from sim.answer.blocks import Figure, Table
from sim.answer.dossier import Dossier
from sim.page.deck.charts import Page, figure_pages
from sim.page.deck.office import BODY, TITLE, Deck, Text, fitted, height_of, shortened
from sim.page.deck.tables import table_pages
from sim.page.office import changed, made
from sim.page.picture.colours import BLUE, INK, MUTED
from sim.page.picture.sheet import MARGIN, WIDTH, Box
from sim.words import Speech

MOST = 14
"""Slides of a deck."""

_MOST_OF_ONE = 2  # slides of one block
_SIZES = ((22.0, 18.0), (20.0, 16.0), (20.0, 14.0), (18.0, 13.0), (16.0, 12.0))
"""Points of headlines and of what supports them: the first that fit a slide."""
_COVER = (34.0, 30.0, 26.0, 22.0, 20.0, 18.0)  # points of the answer on the first slide
_SHORT = {"zh": 80, "en": 160}  # characters of a definition on a slide
_TITLE = 18.0  # points of a title at least
_SETTINGS = 6  # that differ from the baseline, by name


def deck(dossier: Dossier, speech: Speech) -> bytes:
    """An answer as PPTX."""
    made_deck = Deck(dossier, speech)
    _cover(made_deck, dossier)
    _in_words(made_deck, dossier)
    pages, left = _chosen(dossier, speech, MOST - len(made_deck) - 1)
    cautions = _told(dossier, speech, "caution")
    for page in pages:
        slide = made_deck.slide(page.title)
        page.draw(made_deck, slide)
        made_deck.notes(slide, [page.title, *page.notes, *cautions])
    _how_sure(made_deck, dossier, left)
    return made_deck.saved()


def _told(dossier: Dossier, speech: Speech, *abouts: str) -> list[str]:
    """Cautions among the statements and notes of some kinds."""
    answer = dossier.answer
    found = [*answer.said(speech, "caution")] if "caution" in abouts else []
    return found + [speech.text(note.said) for note in answer.notes if note.about in abouts]


# ------------------------------------------------------------------ what is shown


def _chosen(dossier: Dossier, speech: Speech, room: int) -> tuple[list[Page], list[str]]:
    """Pages for so many slides, and the titles of blocks that found no room.

    The first figure comes first, then the tables, then the other figures, those first that are the
    first of their kind. All have their first page before any has a second one.
    """
    answer = dossier.answer
    shown: Sequence[Figure | Table] = [*answer.pictures[:1], *answer.tables, *answer.pictures[1:]]
    made_of = [
        table_pages(own, speech)
        if isinstance(own, Table)
        else figure_pages(own, dossier.stamp, speech)
        for own in shown
    ]
    blocks = [(own, pages) for own, pages in zip(shown, made_of, strict=True) if pages]
    kinds, places = Counter[type](), []
    for own, _ in blocks:
        places.append(0 if isinstance(own, Table) else kinds[type(own)])
        kinds[type(own)] += 1
    counts = [0] * len(blocks)
    for _ in range(_MOST_OF_ONE):
        for at in sorted(range(len(blocks)), key=places.__getitem__):
            if sum(counts) < room and counts[at] < len(blocks[at][1]):
                counts[at] += 1
    chosen, left = list[Page](), list[str]()
    for (own, block), count in zip(blocks, counts, strict=True):
        if not count:
            left.append(block[0].title)
        elif count == len(block) and isinstance(own, Table):
            block = table_pages(own, speech, even=True)
        for number, page in enumerate(block[:count], start=1):
            told = {"name": page.title, "page": number, "pages": len(block)}
            title = speech("deck.part", **told) if len(block) > 1 else page.title
            chosen.append(replace(page, title=title))
    return chosen, left


# ------------------------------------------------------------------ slides of words


def _cover(made_deck: Deck, dossier: Dossier) -> None:
    """The answer in one sentence; which plan, scenario and run."""
    speech, stamp = made_deck.speech, dossier.stamp
    plan = speech.name(dossier.manifest["config"]["plan"]["name"])
    headlines = [*dossier.answer.said(speech, "headline"), *dossier.answer.said(speech)]
    box = Box(MARGIN + 0.3, 2.0, WIDTH - MARGIN - 0.3, 4.7)
    fitting = (own for own in headlines if _fits(own, box, _COVER[-1]))
    title = next(fitting, headlines[0] if headlines else plan)
    size = next((size for size in _COVER if _fits(title, box, size)), 18.0)
    slide = made_deck.slide(title, at=box, size=size)
    made_deck.write(
        slide,
        Box(box.left, 1.1, box.right, 1.8),
        [Text(plan, 20.0, colour=BLUE, bold=True)],
        middle=True,
    )
    told = {"replications": stamp.replications, "seed": stamp.seed}
    if "started" in dossier.manifest:
        date = made(dossier.manifest).date().isoformat()
        about = speech("deck.made", date=date, **told)
    else:
        about = speech("deck.undated", **told)
    scenario = shortened(speech("deck.scenario", scenario=dossier.scenario), box.width, 16.0, 2)
    lines = [
        Text(scenario, 16.0, after=4.0),
        Text(about, 16.0, colour=MUTED, after=4.0),
        Text(speech("deck.result", hash=stamp.result_hash[:12]), 16.0, colour=MUTED),
    ]
    made_deck.write(slide, Box(box.left, 5.0, box.right, 6.6), lines)
    made_deck.notes(slide, [*dossier.answer.said(speech, "headline"), speech.text(stamp.caution)])


def _fits(text: str, box: Box, size: float) -> bool:
    return height_of([Text(text, size, bold=True)], box.width) <= box.height


def _in_words(made_deck: Deck, dossier: Dossier) -> None:
    """What else the answer says; the second headline, if there is one, is the title."""
    speech, answer = made_deck.speech, dossier.answer
    headlines = [*answer.said(speech, "headline")]
    title = next((own for own in headlines[1:] if _short(own)), speech("deck.answer"))
    rest, support = [own for own in headlines if own != title], [*answer.said(speech, "support")]
    if len(headlines) < 2 and not support:
        return
    tried = [
        [*(Text(own, large, after=large / 2.0) for own in rest), *_bullets(support, small)]
        for large, small in _SIZES
    ]
    fitting = (texts for texts in tried if height_of(texts, BODY.width) <= BODY.height)
    kept = next(fitting, tried[-1])
    while height_of(kept, BODY.width) > BODY.height:  # the notes have all of it
        kept.pop()
    slide = made_deck.slide(title.rstrip("。."))
    made_deck.write(slide, BODY, kept)
    notes = [*answer.said(speech, "headline"), *support]
    made_deck.notes(slide, [*notes, *_told(dossier, speech, "caution", "method", "definition")])


def _short(text: str) -> bool:
    """Whether a sentence can be the title of a slide."""
    return fitted(text, TITLE.width) >= _TITLE


def _bullets(texts: Sequence[str], size: float) -> list[Text]:
    return [Text(text, size, bullet=True, after=size / 2.5) for text in texts]


def _how_sure(made_deck: Deck, dossier: Dossier, left: Sequence[str]) -> None:
    """Cautions and method on the left, how to get the result again on the right."""
    speech = made_deck.speech
    slide = made_deck.slide(speech("deck.sure"))
    middle = BODY.left + 0.54 * BODY.width
    sides = (
        (Box(BODY.left, BODY.top, middle - 0.2, BODY.bottom), [*_reasons(dossier, speech)]),
        (Box(middle + 0.2, BODY.top, BODY.right, BODY.bottom), [*_again(dossier, speech)]),
    )
    for box, texts in sides:
        kept: list[Text] = []
        for text in texts:
            if height_of([*kept, text], box.width) <= box.height:
                kept.append(text)
        made_deck.write(slide, box, kept)
    notes = _told(dossier, speech, "caution", "method", "definition")
    if left:
        notes.append(speech("deck.not_shown", list=[*left]))
    made_deck.notes(slide, [dossier.command, dossier.stamp.result_hash, *notes])


def _reasons(dossier: Dossier, speech: Speech) -> Iterator[Text]:
    yield Text(speech("deck.how_sure"), 18.0, bold=True, colour=BLUE, after=6.0)
    for text in _told(dossier, speech, "caution", "method"):
        yield Text(text, 16.0, bullet=True, after=6.0)
    for text in _told(dossier, speech, "definition"):
        if len(text) <= _SHORT[speech.language]:  # longer ones stand in the notes
            yield Text(text, 14.0, bullet=True, colour=MUTED, after=4.0)


def _again(dossier: Dossier, speech: Speech) -> Iterator[Text]:
    manifest = dossier.manifest
    yield Text(speech("deck.reproduce"), 18.0, bold=True, colour=BLUE, after=6.0)
    version = str(manifest.get("code_version") or manifest.get("code") or "")
    told = {"replications": dossier.stamp.replications, "seed": dossier.stamp.seed}
    yield Text(dossier.command, 14.0, bullet=True, after=5.0, typed=True)
    for text in (
        speech("deck.undated", **told),
        speech("deck.result", hash=dossier.stamp.result_hash),
        speech("deck.version", version=version),
    ):
        yield Text(text, 14.0, bullet=True, colour=INK, after=5.0)
    yield Text(speech("deck.changed"), 14.0, bold=True, after=4.0)
    if not dossier.passport:
        yield Text(speech("deck.as_baseline"), 14.0, bullet=True)
    settings = changed(dossier.passport, speech)
    for label, baseline, value in settings[:_SETTINGS]:
        text = speech("deck.setting", label=label, baseline=baseline, value=value)
        yield Text(text, 14.0, bullet=True, after=3.0)
    if len(settings) > _SETTINGS:
        yield Text(speech("deck.more", count=len(settings) - _SETTINGS), 14.0, bullet=True)
