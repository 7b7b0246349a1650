"""What a command means in every state that a run can be in."""

from __future__ import annotations

import pytest

from app.runs import orders
from app.runs.spec import LEARNING_RATE, PACE, PAUSE, RESUME, STEP, STOP, Command
from app.store.runs import OVER, State

COMMANDS = (PAUSE, RESUME, STEP, STOP, LEARNING_RATE, PACE)


@pytest.mark.parametrize("name", COMMANDS)
@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("resting", [False, True])
def test_a_refusal_is_two_sentences(state: State, name: str, resting: bool) -> None:
    why = orders.refusal(state, name, resting)
    assert why is None or (why.count(". ") == 1 and why.endswith("."))


@pytest.mark.parametrize("name", COMMANDS)
def test_what_is_over_takes_no_commands(name: str) -> None:
    assert all(orders.refusal(state, name, resting) for state in OVER for resting in (False, True))


def test_what_each_state_takes() -> None:
    taken = {
        (state, resting): {name for name in COMMANDS if orders.refusal(state, name, resting) is None}
        for state in (State.QUEUED, State.RUNNING, State.PAUSED, State.STOPPING, State.INTERRUPTED)
        for resting in (False, True)
    }
    always = {PAUSE, RESUME, STOP, LEARNING_RATE, PACE}
    assert taken[State.RUNNING, False] == taken[State.QUEUED, False] == always
    assert taken[State.PAUSED, True] == taken[State.RUNNING, True] == {*always, STEP}
    assert taken[State.STOPPING, False] == {STOP}
    assert taken[State.INTERRUPTED, False] == set()


def test_a_run_rests_if_it_was_last_told_to() -> None:
    def told(*names: str) -> bool:
        return orders.is_resting([Command(number, name) for number, name in enumerate(names, 1)])

    assert not told()
    assert told(PAUSE)
    assert told(PAUSE, STEP, LEARNING_RATE)
    assert not told(PAUSE, STEP, RESUME, PACE)


def test_what_is_so_already_need_not_be_written_down() -> None:
    assert orders.is_needless(State.PAUSED, PAUSE, True)
    assert orders.is_needless(State.RUNNING, RESUME, False)
    assert orders.is_needless(State.STOPPING, STOP, False)
    assert not orders.is_needless(State.RUNNING, RESUME, True)
    assert not orders.is_needless(State.RUNNING, PAUSE, False)
    assert not orders.is_needless(State.PAUSED, STEP, True)
