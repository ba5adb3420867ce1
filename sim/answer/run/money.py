"""Where the money goes: from source to payee by the ledger, and what is spent over time."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np

from sim.answer.blocks import Column, Line, Spoken, Table
from sim.answer.figures import (
    Account,
    Curve,
    Fan,
    FanPanel,
    Floats,
    Flow,
    FlowPanel,
    Key,
    Role,
    Stream,
)
from sim.answer.found import coded, row_groups
from sim.answer.row import Config, group_name
from sim.answer.run.development import QUANTILES, city_values
from sim.words import Quantity, Said, Share, Yuan, YuanInColumn

RETURNED, KEPT, OTHER, PAID, BEFORE = "returned", "kept", "other", "paid", "before"
SMALL = 0.01  # payees below this share of all are put together
_ORIGINS: tuple[Role, ...] = ("public", "social")
_LEVELS = ("city", "district")
_SAME = {"meetings": "administration", "programme_spending": "administration"}
_DUST = 0.5  # yuan

_End = tuple[int, str]  # an account by its column and name

Movements = Mapping[tuple[int, str, str], float]
"""Mean yuan a replication, by year, account from and account to."""


def movements(path: Path, replications: int) -> tuple[Movements, Mapping[str, float]]:
    """What moved in every year; and, by place, what its envelopes hold at the end.

    Args:
        path: a ledger.parquet; replications: how many finished.
    """
    moved: defaultdict[tuple[int, str, str], float] = defaultdict(float)
    held: defaultdict[str, float] = defaultdict(float)
    for group in row_groups(path, ["year", "from_account", "to_account", "place", "yuan"]):
        givers, giver = coded(group["from_account"])
        takers, taker = coded(group["to_account"])
        places, place = coded(group["place"])
        years, year = coded(group["year"])
        yuan = group["yuan"].to_numpy()
        # Sums of floats are exact here: they are whole and far below 2**53.
        cells = (year * len(givers) + giver) * len(takers) + taker
        sums = np.bincount(cells, yuan)
        for cell in np.flatnonzero(sums):
            rest, to = divmod(int(cell), len(takers))
            when, of = divmod(rest, len(givers))
            moved[int(years[when]), givers[of], takers[to]] += sums[cell]
        for names, own, sign in ((givers, giver, -1.0), (takers, taker, 1.0)):
            envelope = np.array([name.startswith("district:") for name in names])[own]
            for number, total in enumerate(
                np.bincount(place[envelope], yuan[envelope], len(places))
            ):
                held[places[number]] += sign * total
    return (
        {key: total / replications for key, total in moved.items()},
        {place: total / replications for place, total in held.items()},
    )


# ------------------------------------------------------------------ flows


def flows(moved: Movements, config: Config) -> Iterator[Flow]:
    """From source to payee over all years, and by year what each group got, paid and kept."""
    if not moved:
        return
    keys = [Key(role, Said(f"flow.{role}"), "fill") for role in _ORIGINS]
    whole = _Way(config)
    for (_, giver, taker), yuan in sorted(moved.items()):
        whole.take(giver, taker, yuan)
    whole.keep()
    panel = whole.panel(Said("flow.whole", {"span": _span(moved)}))
    groups = Counter(
        {name: yuan for (column, name), yuan in whole.through.items() if column == _GROUP}
    )
    total, (first, most) = sum(groups.values()), groups.most_common(1)[0]
    kept = whole.through.get((_PAYEE, KEPT), 0.0)
    yield Flow(
        name="money",
        title=Said(
            "flow.title",
            {
                "total": Yuan(round(total)),
                "group": group_name(config, first),
                "share": Share(round(most / (total or 1.0), 2)),
                "kept": Yuan(round(kept)),
            },
        ),
        legend=Said("flow.legend"),
        notes=[Said("flow.note_small", {"small": Share(SMALL)})],
        keys=keys,
        columns=[Said(f"flow.column.{name}") for name in ("source", "treasury", "group", "payee")],
        panels=[panel],
    )
    panels, left = [], {}
    brought: Mapping[tuple[str, Role], float] = {}
    for year in sorted({year for year, _, _ in moved}):
        own, brought = _year(year, moved, config, brought)
        panels.append(own)
        left[year] = sum(brought.values())
    latest = max(left, key=lambda year: left[year])
    yield Flow(
        name="money_years",
        title=Said("flow.title_years", {"year": str(latest), "kept": Yuan(round(left[latest]))}),
        legend=Said("flow.legend_years"),
        keys=keys,
        columns=[Said(f"flow.column.{name}") for name in ("got", "group", "use")],
        panels=panels,
        unit_told=True,
    )


_SOURCE, _TREASURY, _GROUP, _PAYEE = range(4)


def _origin(account: str) -> Role:
    return "social" if account.endswith("social") else "public"


def _group(account: str) -> str | None:
    """Of which group an account is an envelope."""
    level, _, rest = account.partition(":")
    return rest.partition(":")[0] if level in _LEVELS else None


class _Way:
    """Money on its way from source to payee, as accounts and streams.

    Attributes:
        through: yuan through every account, by column and name.
    """

    def __init__(self, config: Config) -> None:
        self._config = config
        self._yuan: defaultdict[tuple[int, str, int, str, Role], float] = defaultdict(float)

    def take(self, giver: str, taker: str, yuan: float) -> None:
        """Add what moved from one account of the ledger to another."""
        source, target = self._place(giver), self._place(taker)
        if source[0] == _GROUP and target[0] == _TREASURY:  # clawed back
            source, target, yuan = target, source, -yuan
        self.add(source, target, _origin(f"{giver} {taker}" if source[0] == _SOURCE else giver),
                 yuan)  # fmt: skip

    def add(
        self, source: tuple[int, str], target: tuple[int, str], role: Role, yuan: float
    ) -> None:
        """Add a stream between two accounts."""
        self._yuan[*source, *target, role] += yuan

    def _place(self, account: str) -> tuple[int, str]:
        level, _, rest = account.partition(":")
        if level == "source":
            return _SOURCE, rest
        if level == "treasury":
            return _TREASURY, rest
        group = _group(account)
        if group is not None:
            return _GROUP, group
        return _PAYEE, _SAME.get(level, level)

    def keep(self) -> None:
        """Let what was not passed on be kept."""
        left: defaultdict[tuple[int, str, Role], float] = defaultdict(float)
        for (a, giver, b, taker, role), yuan in self._yuan.items():
            left[a, giver, role] -= yuan
            left[b, taker, role] += yuan
        for (column, name, role), yuan in left.items():
            if column in (_TREASURY, _GROUP) and yuan > _DUST:
                self.add((column, name), (_PAYEE, KEPT), role, yuan)

    @property
    def through(self) -> Mapping[tuple[int, str], float]:
        """Yuan that an account got, or, of a source, gave."""
        found: defaultdict[tuple[int, str], float] = defaultdict(float)
        for (a, giver, b, taker, _), yuan in self._yuan.items():
            found[b, taker] += yuan
            if a == _SOURCE:
                found[a, giver] += yuan
        return found

    def panel(self, name: Spoken) -> FlowPanel:
        """All of it, small payees put together."""
        through = self.through
        total = sum(yuan for (column, _), yuan in through.items() if column == _SOURCE)
        small = [
            payee
            for (column, payee), yuan in through.items()
            if column == _PAYEE and yuan < SMALL * total and payee not in (KEPT, RETURNED)
        ]
        merged = dict.fromkeys(small, OTHER) if len(small) > 1 else {}
        yuan: defaultdict[tuple[_End, _End, Role], float] = defaultdict(float)
        for (a, giver, b, taker, role), own in self._yuan.items():
            target = merged.get(taker, taker) if b == _PAYEE else taker
            yuan[(a, giver), (b, target), role] += own
        return flow_panel(name, yuan, self._order(through), self._name)

    def _order(self, through: Mapping[tuple[int, str], float]) -> list[tuple[int, str]]:
        """Sources, treasuries and groups as the plan has them, payees by what they get."""
        plan = self._config["plan"]
        sizes = sorted(
            (name for column, name in through if column == _PAYEE),
            key=lambda name: -through[_PAYEE, name],
        )
        last = [OTHER, "withheld", RETURNED, KEPT]
        payees = [name for name in sizes if name not in last]
        return [
            *((_SOURCE, name) for name in (*plan["sources"], "social")),
            *((_TREASURY, name) for name in ("city", "districts", "social")),
            *((_GROUP, name) for name in plan["groups"]),
            *((_PAYEE, name) for name in (*payees, *last)),
        ]

    def _name(self, column: int, name: str) -> Spoken:
        if column == _SOURCE and name != "social":
            label: Spoken = self._config["plan"]["sources"][name]
            return label
        if column == _GROUP:
            return group_name(self._config, name)
        kinds = {_SOURCE: "source", _TREASURY: "treasury", _PAYEE: "payee"}
        return Said(f"flow.{kinds[column]}.{name}")


def flow_panel(
    name: Spoken,
    yuan: Mapping[tuple[_End, _End, Role], float],
    order: Sequence[tuple[int, str]],
    called: Callable[[int, str], Spoken],
) -> FlowPanel:
    """Streams between accounts, which stand in an order; those without money are left out."""
    real = {key: own for key, own in yuan.items() if own > _DUST}
    used = {end for source, target, _ in real for end in (source, target)}
    places = {account: n for n, account in enumerate(a for a in order if a in used)}
    accounts = [Account(called(*account), account[0]) for account in places]
    streams = [
        Stream(places[source], places[target], own, role)
        for (source, target, role), own in sorted(
            real.items(), key=lambda e: (places[e[0][0]], places[e[0][1]], e[0][2])
        )
    ]
    return FlowPanel(name, accounts, streams)


def _year(
    year: int, moved: Movements, config: Config, brought: Mapping[tuple[str, Role], float]
) -> tuple[FlowPanel, Mapping[tuple[str, Role], float]]:
    """What every group got, brought along, paid, returned and kept in a year; and what it kept."""
    got: defaultdict[tuple[str, Role], float] = defaultdict(float)
    gone: defaultdict[tuple[str, str, Role], float] = defaultdict(float)
    for (own, giver, taker), yuan in moved.items():
        if own != year:
            continue
        of, to = _group(giver), _group(taker)
        if to is not None:
            got[to, _origin(taker)] += yuan
        if of is not None and taker.startswith("treasury:"):
            got[of, _origin(giver)] -= yuan
        elif of is not None:
            use = RETURNED if taker in (RETURNED, "withheld") else PAID
            gone[of, use, _origin(giver)] += yuan
    yuan_of: defaultdict[tuple[_End, _End, Role], float] = defaultdict(float)
    kept: dict[tuple[str, Role], float] = {}
    for group in config["plan"]["groups"]:
        for role in _ORIGINS:
            before, income = brought.get((group, role), 0.0), got[group, role]
            paid, back = gone[group, PAID, role], gone[group, RETURNED, role]
            kept[group, role] = before + income - paid - back
            yuan_of[(0, role), (1, group), role] = income
            yuan_of[(0, BEFORE), (1, group), role] = before
            yuan_of[(1, group), (2, PAID), role] = paid
            yuan_of[(1, group), (2, RETURNED), role] = back
            yuan_of[(1, group), (2, KEPT), role] = kept[group, role]
    order = [
        *((0, name) for name in (*_ORIGINS, BEFORE)),
        *((1, group) for group in config["plan"]["groups"]),
        *((2, name) for name in (PAID, RETURNED, KEPT)),
    ]

    def name(column: int, own: str) -> Spoken:
        if column == 1:
            return group_name(config, own)
        return Said(f"flow.year.{own}")

    return flow_panel(str(year), yuan_of, order, name), kept


def _span(moved: Movements) -> str:
    years = sorted({year for year, _, _ in moved})
    return f"{years[0]}–{years[-1]}"


# ------------------------------------------------------------------ spending over time


def spending(path: Path, config: Config) -> Iterator[Fan]:
    """Money spent so far, beside what was released and what the plan provides.

    Args:
        path: a series.parquet; without series of money there is nothing to show.
    """
    groups = [str(group) for group in config["plan"]["groups"]]
    names = {f"{what}:{group}" for what in ("spent", "received") for group in groups}
    values = city_values(path, names)
    dates = sorted({date for _, date in values})
    funded = (
        [group for group in groups if ("received:" + group, dates[-1]) in values] if dates else []
    )
    if not funded:
        return
    start, end = (dt.date.fromisoformat(str(config["plan"][key])) for key in ("start", "end"))
    planned = _planned(config, dates)

    def panel(name: Spoken, own: Sequence[str], plan: Floats | None) -> tuple[FanPanel, float]:
        curves = []
        ends = {}
        for what, role in (("spent", "counts"), ("received", "other")):
            found = [
                np.quantile(sum(values[f"{what}:{group}", date] for group in own), QUANTILES)
                for date in dates
            ]
            low, lower, middle, upper, high = np.array(found).T.tolist()
            ends[what] = middle[-1]
            curves.append(
                Curve(role, dates, middle, [(low, high), (lower, upper)],  # type: ignore[arg-type]
                      end=Quantity(round(middle[-1])))
            )  # fmt: skip
        if plan is not None:
            curves.append(Curve("goal", dates, [*plan]))
        share = ends["spent"] / (ends["received"] or 1.0)
        line = Said("spend.share", {"share": Share(round(share, 2))})
        return FanPanel(name, [line], curves), share

    shares = config["allocation"]["group_shares"]
    whole, share = panel(Said("spend.all"), funded, planned)
    panels = [whole]
    for group in sorted(funded, key=lambda group: -shares.get(group, 0.0)):
        plan = None if planned is None else [shares[group] * yuan for yuan in planned]
        panels.append(panel(group_name(config, group), [group], plan)[0])
    yield Fan(
        name="spend",
        title=Said("spend.title", {"share": Share(round(share, 2))}),
        legend=Said("spend.legend"),
        notes=[Said("spend.note")] if planned is not None else [],
        keys=[
            Key("counts", Said("spend.spent"), "band"),
            Key("other", Said("spend.received"), "band"),
            *([Key("goal", Said("spend.planned"), "line")] if planned is not None else []),
        ],
        panels=panels,
        start=start,
        end=end,
    )


def _planned(config: Config, dates: Sequence[dt.date]) -> list[float] | None:
    """Yuan that the budget has authorised by each date; None if its years are not the plan's."""
    budget, releases = config["budget"], config["plan"]["calendar"]["releases"]
    first = dt.date.fromisoformat(str(config["plan"]["start"])).year
    total = budget["public_total"] + budget["social_total"]
    steps: defaultdict[dt.date, float] = defaultdict(float)
    if len(budget["quarter_shares"]) != len(releases):
        return None
    for year, of_year in enumerate(budget["year_shares"], start=first):
        for day, of_quarter in zip(releases, budget["quarter_shares"], strict=True):
            date = dt.date(year, day["month"], day["day"])
            steps[date] += total * of_year * of_quarter
    return [sum(yuan for day, yuan in steps.items() if day <= date) for date in dates]


# ------------------------------------------------------------------ table


def money_table(moved: Movements, config: Config) -> Table:
    """Million yuan by year and in sum: what came in, what every group paid, what was left."""
    years = sorted({year for year, _, _ in moved})
    rows: defaultdict[tuple[str, str], defaultdict[int, float]]
    rows = defaultdict(lambda: defaultdict(float))
    for (year, giver, taker), yuan in moved.items():
        kind, _, rest = giver.partition(":")
        group = _group(giver)
        if kind == "source":
            rows["in", rest][year] += yuan
        elif group is not None and not taker.startswith("treasury:"):
            back = taker in (RETURNED, "withheld")
            rows["back" if back else "out", "" if back else group][year] += yuan
    plan, lines = config["plan"], []
    names: dict[str, Mapping[str, Spoken]] = {
        "in": {**plan["sources"], "social": Said("flow.source.social")},
        "out": {group: group_name(config, group) for group in plan["groups"]},
        "back": {"": Said("money_table.returned")},
    }
    for part, called in names.items():
        own = {name: rows[part, name] for name in called if rows[part, name]}
        if not own:
            continue
        lines.append(Line({"name": Said(f"money_table.{part}")}, heading=True))
        lines += [_money_line(called[name], years, count) for name, count in own.items()]
        if len(own) > 1:
            both = {year: sum(one[year] for one in own.values()) for year in years}
            lines.append(_money_line(Said("money_table.sum"), years, both))
    means = Said("money_table.means")
    return Table(
        "money",
        Said("money_table.title"),
        {
            "name": Column(Said("money_table.name"), "name"),
            **{str(year): Column(str(year), form="yuan", means=means) for year in years},
            "sum": Column(Said("money_table.sum"), form="yuan", means=means),
        },
        lines,
        Said("money_table.caption"),
    )


def _money_line(name: Spoken, years: Sequence[int], yuan: Mapping[int, float]) -> Line:
    cells = {str(year): YuanInColumn(yuan.get(year, 0.0)) for year in years}
    return Line({"name": name, **cells, "sum": YuanInColumn(sum(yuan.values()))})
