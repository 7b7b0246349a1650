"""The essay's workers: a result and a callback, at any depth."""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from engine import (
    FeedbackAlreadyGiven,
    ShapeMismatch,
    combine_by_addition,
    combine_by_average,
    combine_by_maximum,
    combine_by_minimum,
    linear,
)
from engine.wiggling import sealed, wiggle

COMBINATORS = [combine_by_addition, combine_by_average, combine_by_maximum, combine_by_minimum]
TASK = sealed(np.random.default_rng(1).normal(size=(6, 2)))
RE_RESULT = sealed(np.random.default_rng(2).normal(size=(6, 1)))
each_combinator = pytest.mark.parametrize("combine", COMBINATORS, ids=lambda combine: combine.__name__)


@each_combinator
@pytest.mark.parametrize("size", [1, 2, 3, 4, 5])
def test_feedback_is_what_wiggling_shows(combine, size):
    team = combine([linear(2, seed=seed) for seed in range(size)])
    result, feedback = team(TASK)
    assert result.shape == (6, 1)
    assert_allclose(feedback(RE_RESULT), wiggle(lambda at: team(at)[0], TASK, RE_RESULT), atol=1e-7)


@each_combinator
def test_teams_of_teams(combine):
    shared = linear(2, seed=9)
    team = combine([combine([shared, linear(2, seed=1)]), combine_by_average([shared, linear(2, seed=2)]), shared])
    _, feedback = team(TASK)
    assert_allclose(feedback(RE_RESULT), wiggle(lambda at: team(at)[0], TASK, RE_RESULT), atol=1e-7)
    assert len(list(team.members())) == 3


def test_a_callback_answers_once():
    _, feedback = combine_by_maximum([linear(2), linear(2, seed=1)])(TASK)
    feedback(RE_RESULT)
    with pytest.raises(FeedbackAlreadyGiven):
        feedback(RE_RESULT)


def test_feedback_of_the_wrong_shape_is_refused_and_uses_nothing_up():
    _, feedback = linear(2)(TASK)
    with pytest.raises(ShapeMismatch, match=r"\(6, 2\)"):
        feedback(TASK)
    assert feedback(RE_RESULT).shape == (6, 2)


def test_late_feedback_answers_with_the_parameters_that_made_the_result():
    alex = linear(2, seed=4)
    before = alex.parameters[0].copy()
    _, late = alex(TASK)
    _, early = alex(TASK)
    early(RE_RESULT)
    alex.learn(rate=1.0)
    assert not np.array_equal(alex.parameters[0], before)
    assert_array_equal(late(RE_RESULT), RE_RESULT @ before)


def test_what_happens_to_the_task_later_does_not_matter():
    task, alex = np.array(TASK), linear(2, seed=4)
    _, feedback = alex(task)
    task[:] = 0
    feedback(RE_RESULT)
    alex.learn(rate=1.0)
    expected = linear(2, seed=4).parameters[0] - RE_RESULT.T @ TASK
    assert_allclose(alex.parameters[0], expected)


def test_the_winner_is_decided_row_by_row_and_the_first_wins_a_tie():
    up, down = linear(1), linear(1)
    up.parameters, down.parameters = [[np.array([[1.0]]), np.zeros(1)], [np.array([[-1.0]]), np.zeros(1)]]
    result, feedback = combine_by_maximum([up, down])(np.array([[2.0], [-3.0], [0.0]]))
    assert result.tolist() == [[2.0], [3.0], [0.0]]
    assert feedback(np.ones((3, 1))).tolist() == [[1.0], [-1.0], [1.0]]


def test_a_team_learns_the_essays_table():
    projects = np.array([[-1.0, -1], [1, -1], [-1, 1], [1, 1]])
    cost = np.array([[1.0], [5], [8], [10]])
    team = combine_by_average([linear(2, seed=1), linear(2, seed=2)])
    for _ in range(400):
        estimate, feedback = team(projects)
        feedback(2 * (estimate - cost) / 4)
        team.learn(rate=0.3)
    assert_allclose(estimate.ravel(), [1.5, 4.5, 7.5, 10.5], atol=1e-6)


def test_any_function_that_returns_a_result_and_a_callback_can_be_combined():
    def first_column(task):
        return task[:, :1], lambda re_result: np.hstack([re_result, np.zeros_like(re_result)])

    team = combine_by_addition([first_column, linear(2, seed=3)])
    _, feedback = team(TASK)
    assert_allclose(feedback(RE_RESULT), wiggle(lambda at: team(at)[0], TASK, RE_RESULT), atol=1e-7)


def test_a_task_of_the_wrong_shape_is_refused():
    with pytest.raises(ShapeMismatch, match="rows x 2"):
        linear(2)(np.zeros((3, 5)))
    with pytest.raises(ShapeMismatch, match="at least one worker"):
        combine_by_maximum([])
