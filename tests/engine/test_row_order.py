"""Does the order of rows matter? Found where it does, with the rows; and nowhere else."""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from engine import combine_by_maximum, gradcheck, linear, order_matters, with_shuffled
from engine.once import once
from engine.part import part_of
from tests.engine.graphs import graph, random_table

TASK = np.random.default_rng(3).normal(size=(7, 2))


def running_total(task):
    """Each row adds up all rows so far: what a table of days may tempt one to."""
    result = np.cumsum(task, axis=0)
    return result, once(lambda re: np.cumsum(re[::-1], axis=0)[::-1], result)


def with_a_first_row(task):
    """Only the row that stands first is treated otherwise."""
    factor = np.ones((len(task), 1))
    factor[0] = 2
    return task * factor, once(lambda re: re * factor, task)


def total(task):
    """A whole table in, one row out."""
    result = task.sum(axis=0, keepdims=True)
    return result, once(lambda re: np.repeat(re, len(task), axis=0), result)


def first(task):
    def feedback(re_result):
        re_task = np.zeros_like(task)
        re_task[0] = re_result
        return re_task

    return task[:1], once(feedback, task[:1])


def told_by_place(task):
    """The result is fine; the feedback depends on where a row stands."""
    places = np.arange(len(task))[:, None]
    return task * 1.0, once(lambda re: re * places, task)


def test_workers_do_not_mind():
    team = combine_by_maximum([linear(2, seed=1), linear(2, seed=2)])
    verdict = order_matters(team, TASK)
    assert (verdict.matters, verdict.rows) == (False, ())
    assert verdict.said == "The order of rows does not matter: 7 rows came to the same in 4 other orders."
    assert not order_matters(total, TASK).matters


@pytest.mark.parametrize("worker", [running_total, with_a_first_row, first, told_by_place])
def test_a_worker_that_minds_is_found(worker):
    assert order_matters(worker, TASK).matters


def test_the_rows_that_differ_are_named_from_1():
    task = np.array([[1.0], [2.0], [2.0]])
    verdict = order_matters(with_a_first_row, task, shuffles=20)
    assert verdict.rows == (0, 1, 2)
    assert verdict.said == "The order of rows matters: in another order, rows 1, 2, 3 of 3 came to something else."
    alone = order_matters(
        lambda task: with_a_first_row(task) if task[0, 0] == 5 else (task * 1.0, once(lambda re: re, task)),
        np.array([[1.0], [5.0]]),
        shuffles=20,
    )
    assert alone.rows == (1,) and "row 2 of 2" in alone.said


def test_a_worker_is_left_as_it_was():
    alex = linear(2)
    order_matters(alex, TASK)
    assert alex.noted == [None, None]


def test_what_is_shuffled_comes_back_in_order():
    alex = linear(2, seed=1)
    shuffled = with_shuffled(alex, seed=5)
    result, feedback = shuffled(TASK)
    expected, callback = alex(TASK)
    assert_allclose(result, expected, rtol=1e-12)
    re_result = np.random.default_rng(1).normal(size=(7, 1))
    assert_allclose(feedback(re_result), callback(re_result), rtol=1e-12)
    assert gradcheck(shuffled, TASK).ok


def test_the_worker_inside_sees_another_order():
    seen = []

    def watching(task):
        seen.append(np.array(task))
        return task, once(lambda re: re, task)

    with_shuffled(watching)(TASK)
    assert not np.array_equal(seen[0], TASK)
    assert_array_equal(np.sort(seen[0], axis=0), np.sort(TASK, axis=0))


@pytest.mark.parametrize(
    ("how", "minds"), [("sum", False), ("mean", False), ("maximum", False), ("first", True), ("last", True)]
)
def test_a_node_that_groups_rows(how, minds):
    drawn = graph({"in": "columns", "it": ("group", {"how": how})}, "in -> it")
    part, task = part_of(drawn, random_table(np.random.default_rng(1), 8, 2), "it", "y")
    assert gradcheck(part, task).ok
    assert order_matters(part, task).matters is minds
