"""What all parts of the schema are made of: bounds, names, labels, and names of parameters."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from sim.config.errors import ConfigError

SHARE_TOLERANCE = 1e-9

Share = Annotated[float, Field(ge=0.0, le=1.0, allow_inf_nan=False)]
Yuan = Annotated[int, Field(ge=0, le=10**15)]  # sums of it stay whole numbers of 64 bits
Identifier = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
FOLDER_NAME = r"^\w[\w-]{0,63}$"
"""What may be a part of the name of a folder: it leads nowhere else, on any system."""
NOT_BLANK = r"\S"
Shown = Annotated[str, Field(min_length=1, max_length=200, pattern=NOT_BLANK)]
"""A text that stands in tables and charts; of which characters, :mod:`sim.config.text` says."""
Note = Annotated[str, Field(min_length=1, max_length=5000, pattern=NOT_BLANK)]
"""A text that may have several lines."""
Comparator = Literal[">=", ">", "<"]
Grade = Literal["plan", "statistic", "derived", "assumption"]


@dataclass(frozen=True)
class Drawn:
    """Marks a field that holds the name of a parameter, and the levels at which it may vary.

    :func:`sim.plan.mechanisms.references` finds the uses of a parameter by these marks, so a new
    field of a plan needs no list anywhere else.
    """

    levels: tuple[str, ...] = ("draw",)


ParameterName = Annotated[Identifier, Drawn()]
ProjectParameter = Annotated[Identifier, Drawn(("project",))]
RoundParameter = Annotated[Identifier, Drawn(("round",))]
RoundOrDrawParameter = Annotated[Identifier, Drawn(("round", "draw"))]
"""Names of parameters that have one value per draw, project or round."""


class Model(BaseModel):
    """Base of all schema classes: frozen, no unknown keys, no NaN or infinity."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class RuleBroken(ConfigError, ValueError):
    """What several fields say does not go together; raised where a model is validated.

    ``key`` is the field to mend, if it is one of the model that raises this; ``value`` is what was
    given, if it is not just the value there.
    """


def require_sum_one(shares: Iterable[float], what: str) -> None:
    """Refuse shares that do not sum to one."""
    total = math.fsum(shares)
    if abs(total - 1.0) > SHARE_TOLERANCE:
        key = what.rpartition(".")[2]
        raise RuleBroken("rule.sum_one", key=key, what=what, total=f"{total:.6g}")


class Label(Model):
    """A name in both languages."""

    zh: Shown
    en: Shown


class MonthDay(Model):
    """A day of every year."""

    month: int = Field(ge=1, le=12)
    day: int = Field(ge=1, le=28)


class Section(Model):
    """An optional section of a plan: what describes one mechanism of the model."""

    @property
    def envelopes(self) -> frozenset[str]:
        """Programme groups whose money the mechanism spends."""
        return frozenset()

    @property
    def district_envelopes(self) -> frozenset[str]:
        """Those of these groups whose district purses it spends from."""
        return self.envelopes
