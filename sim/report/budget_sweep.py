"""A finished sweep of a lever, read from its tables: rows, curves, steps and names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from sim.answer.settings import lever_label, setting_text
from sim.config.lever import MONEY
from sim.report.numbers import percent_text
from sim.report.results import Label, Manifest, cell_text, group_label, group_order, read_manifest
from sim.report.subjects import quotable
from sim.report.words import Tongue, word
from sim.study.files import read_frame
from sim.words import Speech

if TYPE_CHECKING:
    import pandas as pd

NAMED = 3
"""How many targets a sentence names."""


class Point(Protocol):
    """A row of budget_sweep.csv that counts targets met."""

    setting: float
    second_setting: float
    mean: float
    base: bool


class Step(Protocol):
    """A row of gains.csv."""

    from_setting: float
    to_setting: float
    gain: float
    gain_low: float
    gain_high: float


@dataclass(frozen=True)
class Response:
    """A target under one reading, or a joint row, and what the sweep does to it.

    ``first`` and ``last``: fitted values at the ends of the first lever; ``lowest`` and ``highest``
    over all points; ``most_reached_at`` is NaN where there is no such setting.
    """

    target: str
    definition: str
    group: str
    label: Label
    of_plan: bool
    decides: bool
    shown: bool
    responds: bool
    direction: str
    first: float
    last: float
    lowest: float
    highest: float
    most_reached_at: float

    @property
    def title(self) -> Label:
        """The name, marked where the goal is not one of the plan's own."""
        mark = "" if self.of_plan else " †"
        return {tongue: name + mark for tongue, name in self.label.items()}

    @property
    def change(self) -> float:
        """Distance of the highest fitted value from the lowest."""
        return self.highest - self.lowest


class SweepReport:
    """A finished sweep.

    Args:
        manifest: of the study; before there is one, a mapping with the ``config`` of the base run.
        table, gains, responses: budget_sweep.csv, gains.csv and responses.csv.
    """

    def __init__(
        self,
        manifest: Manifest,
        table: pd.DataFrame,
        gains: pd.DataFrame,
        responses: pd.DataFrame,
    ) -> None:
        self.manifest = manifest
        self.config = manifest["config"]
        self.table, self.gains = _with_texts(table), _with_texts(gains)
        self._responses = _with_texts(responses)
        self.key = str(self.table["key"].iloc[0])
        self.second_key = str(self.table["second_key"].iloc[0])
        self.settings: list[float] = sorted(self.table["setting"].unique())
        self.second_settings: list[float] = sorted(self.table["second_setting"].dropna().unique())
        self.replications = int(self.table["replications"].max())

    @classmethod
    def read(cls, folder: Path) -> SweepReport:
        """The sweep whose study folder is ``folder``."""
        names = ("budget_sweep", "gains", "responses")
        return cls(read_manifest(folder), *(read_frame(folder / f"{name}.csv") for name in names))

    # ------------------------------------------------------------------ rows

    def curve(self, target: str, definition: str = "") -> pd.DataFrame:
        """The rows of budget_sweep.csv of one row of the answer, settings in ascending order."""
        return self._curves[target, definition]

    @cached_property
    def _curves(self) -> dict[tuple[str, str], pd.DataFrame]:
        return {
            (str(target), str(definition)): curve.sort_values(["second_setting", "setting"])
            for (target, definition), curve in self.table.groupby(["target", "definition"])
        }

    @cached_property
    def base(self) -> tuple[float, float] | None:
        """Settings of the base run; None where it is not one of the points."""
        own = self.table[self.table["base"].astype(bool)]
        if own.empty:
            return None
        return float(own["setting"].iloc[0]), float(own["second_setting"].iloc[0])

    @cached_property
    def rows(self) -> list[Response]:
        """All rows of the answer: headline groups first, in each those that change most first."""
        groups = {group: i for i, group in enumerate(["", *group_order(self.manifest)])}
        rows = [self._response(record) for record in self._responses.to_dict("records")]
        return sorted(rows, key=lambda row: (groups[row.group], not row.responds, -row.change))

    def _response(self, record: dict[Any, Any]) -> Response:
        target, definition = str(record["target"]), str(record["definition"])
        fitted = self.curve(target, definition)["fitted"]
        spec = self.config["plan"]["targets"].get(target)
        label = {"zh": str(record["label_zh"]), "en": str(record["label_en"])}
        if definition and spec is not None:
            phrase = self.config["plan"]["definitions"][spec["definition"]]
            name = phrase["readings"][definition]["name"]
            label = {
                "zh": word("lever.with_reading", "zh").format(name=label["zh"], reading=name["zh"]),
                "en": word("lever.with_reading", "en").format(name=label["en"], reading=name["en"]),
            }
        return Response(
            target=target,
            definition=definition,
            group=str(record["group"]),
            label=label,
            of_plan=record["kind"] == "plan",
            decides=spec is not None and bool(record["counts"]) and record["kind"] == "plan",
            shown=bool(record["shown"]),
            responds=bool(record["responds"]),
            direction=str(record["direction"]),
            first=float(fitted.iloc[0]),
            last=float(fitted.iloc[-1]),
            lowest=float(record["lowest"]),
            highest=float(record["highest"]),
            most_reached_at=float(record["most_reached_at"] or "nan"),
        )

    @property
    def shown(self) -> list[Response]:
        """The targets to show."""
        return [row for row in self.rows if row.shown]

    @property
    def deciding(self) -> list[Response]:
        """The targets of the plan that joint rows judge, those that change most first."""
        rows = [row for row in self.rows if row.decides]
        return sorted(rows, key=lambda row: (not row.responds, -row.change))

    def judged(self, rows: Sequence[Response]) -> list[Response]:
        """Those of ``rows`` that numbers of targets are about: what joint rows judge, too.

        Other readings and goals that are not the plan's own are shown beside them; where nothing
        else is shown, they count.
        """
        return [row for row in rows if row.decides] or list(rows)

    def counted(self, group: str = "") -> Response | None:
        """The row that counts the targets met, of all groups or of one."""
        return self._together("met_count", group)

    def joint(self, group: str = "") -> Response | None:
        """The row with the chance that all targets are met, of all groups or of one."""
        return self._together("all", group)

    def _together(self, kind: str, group: str) -> Response | None:
        name = f"{kind}:{group}" if group else kind
        return next((row for row in self.rows if row.target == name), None)

    def total(self, group: str = "") -> int:
        """How many targets joint rows judge, of all groups or of one."""
        return sum(group in ("", row.group) for row in self.deciding)

    def group_name(self, group: str, tongue: Tongue) -> str:
        """The name of a group of targets."""
        return group_label(group, self.manifest)[tongue]

    def group_text(self, group: str, tongue: Tongue) -> str:
        """The targets of a group, or all, and how many joint rows judge."""
        if not group:
            return word("sweep.met_all", tongue).format(total=self.total())
        return word("sweep.met_group", tongue).format(
            group=self.group_name(group, tongue), total=self.total(group)
        )

    # ------------------------------------------------------------------ words

    def lever(self, tongue: Tongue) -> str:
        """The name of the first lever."""
        return lever_label(self.key, self.config, Speech(tongue))

    def second_lever(self, tongue: Tongue) -> str:
        """The name of the second lever."""
        return lever_label(self.second_key, self.config, Speech(tongue))

    def setting(self, setting: float, tongue: Tongue) -> str:
        """A setting of the first lever with its unit."""
        return setting_text(self.key, setting, Speech(tongue))

    def names(self, rows: Sequence[Response], tongue: Tongue) -> str:
        """The first few targets with their chances at the ends of the sweep."""
        items = [
            word("lever.change", tongue).format(
                name=quotable(row.label[tongue]),
                low=percent_text(row.lowest if self.second_key else row.first, tongue),
                high=percent_text(row.highest if self.second_key else row.last, tongue),
            )
            for row in rows[:NAMED]
        ]
        return word("list.separator", tongue).join(items)

    # ------------------------------------------------------------------ steps and figures

    def points(self) -> list[Point]:
        """Targets met at every point, settings in ascending order."""
        return list(self.curve("met_count").itertuples(index=False))  # type: ignore[arg-type]

    def _count_steps(self) -> pd.DataFrame:
        return self.gains[self.gains["target"] == "met_count"]

    def best_step(self) -> Step | None:
        """The step with the steepest change of targets met beyond simulation error; None if none.

        Where the lever is money, only steps that add something are looked at.
        """
        steps = self._count_steps()
        steps = steps[(steps["gain_low"] > 0.0) | (steps["gain_high"] < 0.0)]
        slope = steps["gain"] / (steps["to_setting"] - steps["from_setting"])
        size = slope if self.key in MONEY else slope.abs()
        if self.second_key or not (size > 0.0).any():
            return None
        return _first(steps.loc[[size.idxmax()]])

    def next_step(self) -> Step | None:
        """The step that begins at the base run; None at the end of the sweep."""
        if self.base is None or self.second_key:
            return None
        steps = self._count_steps()
        own = steps[steps["from_setting"] == self.base[0]]
        return None if own.empty else _first(own)

    def figures(self) -> dict[str, object]:
        """The numbers of the answer, for answer.json."""
        figures: dict[str, object] = {
            "key": self.key,
            "second_key": self.second_key or None,
            "targets": len(self.deciding),
            "responding": {
                ":".join(filter(None, (row.target, row.definition))): [row.lowest, row.highest]
                for row in self.deciding
                if row.responds
            },
        }
        if self.counted() is None:
            return figures
        figures["met_count"] = [
            {
                "setting": float(point.setting),
                **({"second_setting": float(point.second_setting)} if self.second_key else {}),
                "mean": float(point.mean),
                "base": bool(point.base),
            }
            for point in self.points()
        ]
        for name, step in (("best_step", self.best_step()), ("next_step", self.next_step())):
            if step is not None:
                figures[name] = {
                    "from": float(step.from_setting),
                    "to": float(step.to_setting),
                    "gain": [float(step.gain), float(step.gain_low), float(step.gain_high)],
                }
        return figures


def _with_texts(table: pd.DataFrame) -> pd.DataFrame:
    """A table with empty texts where a file has empty cells."""
    names = [name for name in ("definition", "group", "second_key") if name in table]
    return table.assign(**{name: [cell_text(cell) for cell in table[name]] for name in names})


def _first(steps: pd.DataFrame) -> Step:
    step: Step = next(steps.itertuples())  # type: ignore[assignment]
    return step
