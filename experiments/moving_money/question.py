"""What is asked: the settings, and what is simulated."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, field_validator

from experiments.moving_money.findings import CountMoved, Moves, TargetMoved
from experiments.moving_money.page import answer
from experiments.moving_money.shares import Transfer
from experiments.shared.inquiry import Inquiry, Unanswered
from experiments.shared.question import Question
from sim.answer.blocks import Answer
from sim.config import wording
from sim.config.errors import ConfigError, called
from sim.config.schema import Run
from sim.config.schema.base import RuleBroken
from sim.config.schema.study import StudySettings
from sim.words import Said, Yuan

PARTS = (0.01, 0.05, 0.1, 0.2)
"""Of the giving group's money: what moves unless amounts are given."""


class Settings(StudySettings):
    """What ``configs/study/moving_money.yaml`` may hold."""

    move: list[str] = Field(min_length=2, max_length=2)
    amounts: list[Annotated[float, Field(ge=1.0, le=1e15)]] | None = Field(
        default=None, min_length=1, max_length=8
    )

    @field_validator("move")
    @classmethod
    def _between_two(cls, move: list[str]) -> list[str]:
        if len(set(move)) < len(move):
            raise RuleBroken("moving_money.refused.same", allowed=Said("moving_money.setting.move"))
        return move

    @field_validator("amounts")
    @classmethod
    def _different(cls, amounts: list[float] | None) -> list[float] | None:
        if amounts is not None and len({round(amount) for amount in amounts}) < len(amounts):
            allowed = Said("moving_money.setting.amounts")
            raise RuleBroken("moving_money.refused.twice", allowed=allowed)
        return amounts


def ask(inquiry: Inquiry[Settings]) -> Answer:
    """Simulate the scenario as it is and with every amount moved, and compare pair by pair."""
    transfer = _transfer(inquiry.base, inquiry.settings.move)
    amounts = sorted(_amounts(transfer, inquiry.settings.amounts))
    base = inquiry.altered("base", {})
    moved = {
        amount: inquiry.altered(
            f"{amount}",
            {f"allocation.group_shares.{g}": share for g, share in transfer.after(amount).items()},
        )
        for amount in amounts
    }
    inquiry.simulate([base, *moved.values()])
    config = base.run.model_dump(mode="json")
    found = Moves(
        inquiry.targets(base),
        {amount: inquiry.targets(point) for amount, point in moved.items()},
        transfer,
        config,
    )
    if found.pairs < 2:
        raise Unanswered("moving_money.unanswered.few")
    if not any(row.decides for row in found.rows):
        raise Unanswered("inquiry.no_target")
    targets = [*found.targets()]
    counts = [*found.counts(targets)]
    inquiry.write_findings("moving_money", TargetMoved, targets)
    inquiry.write_findings("moving_money_counts", CountMoved, counts)
    return answer(targets, counts, config)


def _transfer(run: Run, move: list[str]) -> Transfer:
    """Whose money moves to whom. Raises ConfigError."""
    groups = run.allocation.group_shares
    named = wording.labels(run.model_dump(mode="json")["plan"]["groups"])
    for number, group in enumerate(move):
        if group not in groups:
            raise ConfigError(
                "moving_money.refused.no_group",
                key=f"study.move.{number}",
                value=group,
                known=groups,
                nearest=called(group, {name: own for name, own in named.items() if own in groups}),
            )
    giver, receiver = move
    transfer = Transfer.of(run, giver, receiver)
    if transfer.most < 1:
        raise ConfigError("moving_money.refused.nothing", key="study.move.0", value=giver)
    return transfer


def _amounts(transfer: Transfer, given: list[float] | None) -> list[int]:
    """The amounts to be tried, in whole yuan. Raises ConfigError."""
    if given is None:
        return [*dict.fromkeys(max(round(part * transfer.most), 1) for part in PARTS)]
    amounts = [round(amount) for amount in given]
    for number, amount in enumerate(amounts):
        told = {"key": f"study.amounts.{number}", "value": f"{amount}"}
        if amount > transfer.most:
            raise ConfigError(
                "moving_money.refused.too_much",
                **told,
                nearest=f"{transfer.most}",
                giver=transfer.giver,
                most=Yuan(transfer.most),
            )
        if not transfer.moves(amount):
            raise ConfigError("moving_money.refused.too_little", **told)
    return amounts


QUESTION = Question("experiments.moving_money", Settings, ask, defaults=("record=targets",))
