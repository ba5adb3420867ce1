"""What is said to people: the language, the catalogues of words, and numbers in words.

The lowest room: every other one may speak, and this one knows none of them. A room keeps its words
in a ``words.yaml`` beside its modules, Chinese and English of one entry side by side; a
:class:`Speech` says them in one language.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.lazy import face
from sim.words.catalogue import Catalogue as Catalogue
from sim.words.catalogue import catalogue as catalogue

if TYPE_CHECKING:
    from sim.words.numbers import (
        MINUS as MINUS,
    )
    from sim.words.numbers import (
        Chance as Chance,
    )
    from sim.words.numbers import (
        ChanceInterval as ChanceInterval,
    )
    from sim.words.numbers import (
        Count as Count,
    )
    from sim.words.numbers import (
        Day as Day,
    )
    from sim.words.numbers import (
        Days as Days,
    )
    from sim.words.numbers import (
        Decimal as Decimal,
    )
    from sim.words.numbers import (
        Either as Either,
    )
    from sim.words.numbers import (
        Given as Given,
    )
    from sim.words.numbers import (
        Goal as Goal,
    )
    from sim.words.numbers import (
        Interval as Interval,
    )
    from sim.words.numbers import (
        JudgedChance as JudgedChance,
    )
    from sim.words.numbers import (
        Mean as Mean,
    )
    from sim.words.numbers import (
        Measure as Measure,
    )
    from sim.words.numbers import (
        Quantity as Quantity,
    )
    from sim.words.numbers import (
        Range as Range,
    )
    from sim.words.numbers import (
        Replications as Replications,
    )
    from sim.words.numbers import (
        Share as Share,
    )
    from sim.words.numbers import (
        Written as Written,
    )
    from sim.words.numbers import (
        Yuan as Yuan,
    )
    from sim.words.numbers import (
        YuanInColumn as YuanInColumn,
    )
    from sim.words.numbers import (
        in_units as in_units,
    )
    from sim.words.numbers import (
        likelihood as likelihood,
    )
    from sim.words.numbers import (
        measure as measure,
    )
    from sim.words.numbers import (
        signed as signed,
    )
    from sim.words.speech import (
        ASKED as ASKED,
    )
    from sim.words.speech import (
        LANGUAGES as LANGUAGES,
    )
    from sim.words.speech import (
        Asked as Asked,
    )
    from sim.words.speech import (
        Label as Label,
    )
    from sim.words.speech import (
        Language as Language,
    )
    from sim.words.speech import (
        Said as Said,
    )
    from sim.words.speech import (
        Speech as Speech,
    )
    from sim.words.speech import (
        asked_language as asked_language,
    )
    from sim.words.speech import (
        local_language as local_language,
    )
    from sim.words.speech import (
        speak as speak,
    )
    from sim.words.speech import (
        speeches as speeches,
    )
    from sim.words.system import SystemReason as SystemReason

__getattr__ = face(
    __name__,
    {
        "sim.words.numbers": (
            "MINUS",
            "Chance",
            "ChanceInterval",
            "JudgedChance",
            "Count",
            "Day",
            "Days",
            "Decimal",
            "Either",
            "Given",
            "Goal",
            "Interval",
            "Mean",
            "Measure",
            "Quantity",
            "Range",
            "Replications",
            "Share",
            "Written",
            "Yuan",
            "YuanInColumn",
            "in_units",
            "likelihood",
            "measure",
            "signed",
        ),
        "sim.words.speech": (
            "ASKED",
            "LANGUAGES",
            "Asked",
            "Label",
            "Language",
            "Said",
            "Speech",
            "asked_language",
            "local_language",
            "speak",
            "speeches",
        ),
        "sim.words.system": ("SystemReason",),
    },
)
