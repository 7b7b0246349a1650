"""What commands of before mean to the process that goes on from a checkpoint."""

from __future__ import annotations

from app.runs.history import look_back
from app.runs.spec import LEARNING_RATE, PACE, PAUSE, RESUME, STEP, Command


def test_what_the_checkpoint_knows_is_not_done_again() -> None:
    commands = [Command(1, PACE, None, 0), Command(2, LEARNING_RATE, 0.1, 5), Command(3, LEARNING_RATE, 0.2, 9)]
    assert look_back(commands, {2: 5, 3: 9}).again == ()
    assert look_back(commands, {2: 5}).again == (commands[2],)
    assert look_back(commands, {}).again == (commands[1], commands[2])


def test_what_nobody_obeyed_waits_and_what_nobody_was_told_is_unreported() -> None:
    commands = [Command(1, LEARNING_RATE, 0.1), Command(2, PAUSE), Command(3, RESUME)]
    history = look_back(commands, {1: 40, 2: 44})
    assert [(command.number, command.step) for command in history.unreported] == [(1, 40), (2, 44)]
    assert history.waiting == (commands[2],)
    assert history.rest_at == 44
    assert history.again == ()


def test_a_run_rests_where_it_was_paused_last_unless_it_went_on() -> None:
    pause, step, resume = Command(1, PAUSE, None, 3), Command(2, STEP, None, 4), Command(3, RESUME, None, 4)
    assert look_back([], {}).rest_at is None
    assert look_back([pause], {}).rest_at == 3
    assert look_back([pause, step], {}).rest_at == 4
    assert look_back([pause, step, resume], {}).rest_at is None
    assert look_back([pause, step, resume, Command(4, PAUSE)], {}).rest_at is None


def test_the_last_pace_counts() -> None:
    commands = [Command(1, PACE, {"seconds": 5}, 0), Command(2, PACE, None, 7), Command(3, PACE, {"seconds": 1})]
    assert look_back(commands[:1], {}).pace == {"seconds": 5}
    assert look_back(commands, {}).pace is None
    assert look_back(commands, {3: 9}).pace == {"seconds": 1}
