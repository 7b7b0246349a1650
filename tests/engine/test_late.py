"""Feedback that comes when the worker has learnt something else meanwhile."""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from engine import FeedbackAlreadyGiven, combine_by_maximum, gradcheck, linear, with_recompute
from engine.wiggling import sealed, wiggle

TASK = sealed(np.random.default_rng(1).normal(size=(6, 2)))
RE_RESULT = sealed(np.random.default_rng(2).normal(size=(6, 1)))


def team():
    return combine_by_maximum([linear(2, seed=4), linear(2, seed=5)])


def learn_something(worker):
    result, feedback = worker(TASK)
    feedback(np.ones_like(result))
    worker.learn(rate=0.7)


@pytest.mark.parametrize("scale", [0.1, 1, 10])
def test_late_feedback_is_that_of_the_parameters_that_made_the_result(scale):
    worker, then, task = team(), team(), scale * TASK
    _, late = worker(task)
    learn_something(worker)
    told = late(RE_RESULT)
    assert_allclose(told, wiggle(lambda at: then(at)[0], task, RE_RESULT), atol=1e-7)
    assert not np.allclose(told, wiggle(lambda at: worker(at)[0], task, RE_RESULT), atol=1e-3)


@pytest.mark.parametrize("scale", [0.1, 1, 10])
def test_recomputed_feedback_is_that_of_todays_parameters(scale):
    worker, then, task = team(), team(), scale * TASK
    result, late = with_recompute(worker)(task)
    assert_array_equal(result, then(task)[0])
    learn_something(worker)
    told = late(RE_RESULT)
    assert_allclose(told, wiggle(lambda at: worker(at)[0], task, RE_RESULT), atol=1e-7)
    assert not np.allclose(told, wiggle(lambda at: then(at)[0], task, RE_RESULT), atol=1e-3)


def test_what_is_learnt_from_recomputed_feedback_is_todays_too():
    worker = team()
    _, late = with_recompute(worker)(TASK)
    learn_something(worker)
    late(RE_RESULT)
    for member in worker.members():
        for place, at in enumerate(member.parameters):

            def with_parameter(value, member=member, place=place):
                kept, member.parameters[place] = member.parameters[place], value
                result, _ = worker(TASK)
                member.parameters[place] = kept
                return result

            assert_allclose(member.noted[place], wiggle(with_parameter, at, RE_RESULT), atol=1e-7)


def test_a_recomputing_worker_is_a_worker():
    worker = with_recompute(team())
    assert gradcheck(worker, TASK).ok
    assert len(list(worker.members())) == 2
    _, feedback = worker(TASK)
    feedback(RE_RESULT)
    with pytest.raises(FeedbackAlreadyGiven):
        feedback(RE_RESULT)


def test_it_holds_the_task_as_it_was_given():
    task, worker = np.array(TASK), with_recompute(team())
    _, feedback = worker(task)
    task[:] = 0
    assert_allclose(feedback(RE_RESULT), team()(TASK)[1](RE_RESULT))
