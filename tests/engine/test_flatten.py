"""Groups of rows: joined, worked on once, split again, and one estimate for each."""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from engine import (
    FeedbackAlreadyGiven,
    ShapeMismatch,
    chain,
    combine_by_maximum,
    linear,
    reduce_by_first,
    reduce_by_last,
    reduce_by_maximum,
    reduce_by_mean,
    reduce_by_sum,
    with_flatten,
)
from engine.groups import split
from engine.wiggling import sealed, wiggle

GENERATOR = np.random.default_rng(9)
SIZES = np.array([3, 1, 5, 2])
JOINED = sealed(GENERATOR.normal(size=(11, 2)))
REDUCES = {
    reduce_by_sum: lambda group: group.sum(axis=0),
    reduce_by_mean: lambda group: group.sum(axis=0) / len(group),
    reduce_by_maximum: lambda group: group.max(axis=0),
    reduce_by_first: lambda group: group[0],
    reduce_by_last: lambda group: group[-1],
}
each_reduce = pytest.mark.parametrize("reduce", list(REDUCES), ids=lambda reduce: reduce.__name__)
each_scale = pytest.mark.parametrize("scale", [0.1, 1, 10])


def groups(joined=JOINED):
    return [sealed(group) for group in split(joined, SIZES)]


@each_reduce
@each_scale
def test_a_group_comes_to_one_row_and_feedback_is_what_wiggling_shows(reduce, scale):
    task = scale * JOINED
    result, feedback = reduce(groups(task))
    assert_allclose(result, [REDUCES[reduce](group) for group in groups(task)], rtol=1e-12)
    re_result = sealed(GENERATOR.normal(size=result.shape))
    told = feedback(re_result)
    assert [group.shape for group in told] == [(3, 2), (1, 2), (5, 2), (2, 2)]
    implied = wiggle(lambda at: reduce(split(at, SIZES))[0], task, re_result)
    assert_allclose(np.concatenate(told), implied, atol=1e-6)
    with pytest.raises(FeedbackAlreadyGiven):
        feedback(re_result)


@each_reduce
def test_a_group_without_rows(reduce):
    task = [np.ones((2, 2)), np.zeros((0, 2))]
    if reduce is reduce_by_sum:
        assert_array_equal(reduce(task)[0], [[2, 2], [0, 0]])
        return
    with pytest.raises(ShapeMismatch, match="Group 2 has no rows"):
        reduce(task)


def test_of_equal_ones_the_first_wins():
    _, feedback = reduce_by_maximum([np.array([[1.0], [3.0], [3.0]])])
    assert feedback(np.ones((1, 1)))[0].ravel().tolist() == [0, 1, 0]


@each_scale
def test_with_flatten_works_once_on_all_of_them(scale):
    calls = []
    team = combine_by_maximum([linear(2, seed=1, width=2), linear(2, seed=2, width=2)])

    def counted(task):
        calls.append(len(task))
        return team(task)

    task = scale * JOINED
    results, feedback = with_flatten(counted)(groups(task))
    assert calls == [11] and [len(result) for result in results] == SIZES.tolist()
    for group, result in zip(groups(task), results, strict=True):
        assert_allclose(result, team(group)[0], rtol=1e-12)
    re_results = [GENERATOR.normal(size=result.shape) for result in results]
    implied = wiggle(lambda at: team(at)[0], task, np.concatenate(re_results))
    told = feedback(re_results)
    assert [len(group) for group in told] == SIZES.tolist()
    assert_allclose(np.concatenate(told), implied, atol=1e-6)
    with pytest.raises(FeedbackAlreadyGiven):
        feedback(re_results)


@each_reduce
def test_a_whole_table_in_and_one_estimate_out(reduce):
    alex = linear(2, seed=3)
    team = chain([with_flatten(alex), reduce])
    result, feedback = team(groups())
    assert result.shape == (4, 1)
    re_result = GENERATOR.normal(size=(4, 1))
    implied = wiggle(lambda at: team(split(at, SIZES))[0], JOINED, re_result)
    assert_allclose(np.concatenate(feedback(re_result)), implied, atol=1e-6)
    (member,) = team.members()

    def with_weights(value):
        kept, member.parameters[0] = member.parameters[0], value
        found, _ = team(groups())
        member.parameters[0] = kept
        return found

    assert_allclose(member.noted[0], wiggle(with_weights, member.parameters[0], re_result), atol=1e-6)


def test_flattened_workers_chain_and_learn():
    team = chain([with_flatten(linear(2, seed=1, width=3)), with_flatten(linear(3, seed=2))])
    results, feedback = team(groups())
    with pytest.raises(ShapeMismatch, match="Feedback has the shape"):
        feedback(results[:2])
    feedback([np.ones_like(result) for result in results])
    team.learn(0.1)
    assert not np.allclose(np.concatenate(team(groups())[0]), np.concatenate(results))


def test_a_group_without_rows_is_joined_and_split_like_any_other():
    results, feedback = with_flatten(linear(2))([np.ones((2, 2)), np.zeros((0, 2))])
    assert [result.shape for result in results] == [(2, 1), (0, 1)]
    assert [told.shape for told in feedback(results)] == [(2, 2), (0, 2)]


@pytest.mark.parametrize(
    ("task", "said"),
    [
        ([], "There is no group"),
        ([np.ones((2, 2)), np.ones((2, 3))], "equally wide"),
        ([np.ones(2)], "rows x columns"),
    ],
)
def test_groups_that_do_not_go_together_are_refused(task, said):
    with pytest.raises(ShapeMismatch, match=said):
        with_flatten(linear(2))(task)


def test_a_worker_that_makes_other_rows_cannot_be_flattened():
    with pytest.raises(ShapeMismatch, match="1 rows of 11"):
        with_flatten(lambda task: (task[:1], lambda re: re))(groups())
