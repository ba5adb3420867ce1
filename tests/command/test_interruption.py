"""Ctrl-C, SIGTERM and SIGHUP: when they strike, when they wait, and who does not see them."""

from __future__ import annotations

import os
import signal

import pytest

from sim.command.interruption import (
    Stopped,
    ended_early,
    held_back,
    interruptible,
    is_interruption,
)

EVERY = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@pytest.mark.parametrize("number", EVERY)
def test_every_signal_that_asks_for_the_end_is_an_interruption(number: int) -> None:
    before = {each: signal.getsignal(each) for each in EVERY}
    with pytest.raises(KeyboardInterrupt), interruptible():
        os.kill(os.getpid(), number)
    assert {each: signal.getsignal(each) for each in EVERY} == before


def test_what_nohup_ignores_stays_ignored() -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with interruptible(), held_back() as held:
            os.kill(os.getpid(), signal.SIGHUP)
            with held.released():
                os.kill(os.getpid(), signal.SIGHUP)
        assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGHUP, before)


@pytest.mark.parametrize("number", EVERY)
def test_it_strikes_after_what_must_not_be_interrupted(number: int) -> None:
    done = []
    with interruptible():
        with pytest.raises(KeyboardInterrupt):  # noqa: PT012 (it comes after the block)
            with held_back():
                os.kill(os.getpid(), number)
                os.kill(os.getpid(), signal.SIGINT)
                done.append("to the end")
            done.append("never")
        assert done == ["to the end"]
        assert signal.getsignal(number) is signal.default_int_handler
        with pytest.raises(KeyboardInterrupt):  # what was held has struck once
            os.kill(os.getpid(), signal.SIGINT)


def test_within_a_released_part_it_strikes_and_is_held_again_behind_it() -> None:
    done = []
    with pytest.raises(KeyboardInterrupt):  # noqa: PT012 (the second one)
        with held_back() as held:
            try:
                with held.released():
                    os.kill(os.getpid(), signal.SIGINT)
                    done.append("never")
            except KeyboardInterrupt:
                os.kill(os.getpid(), signal.SIGINT)
                done.append("kept")
        done.append("never")
    assert done == ["kept"]


def test_one_that_came_before_a_released_part_strikes_at_its_beginning() -> None:
    with held_back() as held:
        os.kill(os.getpid(), signal.SIGINT)
        with pytest.raises(KeyboardInterrupt), held.released():
            pytest.fail("it was forgotten")


def test_an_error_of_the_block_comes_before_an_interruption() -> None:
    with pytest.raises(ZeroDivisionError), held_back():  # noqa: PT012 (both in one block)
        os.kill(os.getpid(), signal.SIGINT)
        1 / 0  # noqa: B018
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_an_interruption_behind_another_error_is_one() -> None:
    with pytest.raises(UnboundLocalError) as caught:  # noqa: PT012 (as libraries do it)
        try:
            raise KeyboardInterrupt
        finally:
            raise UnboundLocalError
    assert is_interruption(caught.value)
    assert not is_interruption(ValueError())


def _trips() -> None:
    try:
        raise KeyboardInterrupt
    except KeyboardInterrupt:
        raise ValueError("over it") from None


@pytest.mark.parametrize("error", [KeyboardInterrupt(), Stopped("memory"), OSError(28, "full")])
def test_what_ends_a_block_early_is_known_behind_it(error: BaseException) -> None:
    with ended_early() as end:
        raise error
    assert end.by is error


def test_other_errors_that_mean_the_same_end_a_block_alike() -> None:
    with ended_early() as end:
        raise MemoryError
    assert str(end.by) == str(Stopped("memory"))
    with ended_early() as end:
        _trips()
    assert isinstance(end.by, KeyboardInterrupt)


def test_a_block_that_does_its_work_is_ended_by_nothing_and_a_fault_goes_through() -> None:
    with ended_early() as end:
        pass
    assert end.by is None
    with pytest.raises(ZeroDivisionError), ended_early():
        raise ZeroDivisionError
