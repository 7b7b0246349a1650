"""Proving a worker: what is right passes, and each thing that can be wrong is seen and named."""

from dataclasses import replace

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from engine import (
    FeedbackAlreadyGiven,
    GraphRefused,
    ShapeMismatch,
    combine_by_addition,
    combine_by_average,
    gradcheck,
    linear,
)
from engine.inside import unfolded
from engine.model import Model
from engine.once import once
from engine.part import part_of, worker
from engine.training.settings import Settings
from engine.training.train import train
from engine.workers import Single
from tests.engine.graphs import california, graph, projects, random_graph, random_table

TASK = np.random.default_rng(4).normal(size=(6, 3))


def made(work):
    """A worker out of task -> (result, task's feedback by re_result)."""

    def called(task):
        result, feedback = work(np.array(task))
        return result, once(feedback, result)

    return called


def test_what_is_right_is_proven_and_left_as_it_was():
    alex = linear(3, seed=1)
    _, feedback = alex(TASK)
    feedback(np.ones((6, 1)))
    before, noted = list(alex.parameters), list(alex.noted)
    verdict = gradcheck(combine_by_addition([alex, linear(3, seed=2)]), TASK)
    assert verdict.ok and verdict.difference < 1e-6 and verdict.compared == 3 * (18 + 4 + 4)
    assert verdict.said.startswith("Proven: its feedback is what wiggling 78 numbers shows, at 0.1, 1 and 10 times")
    assert all(now is then for now, then in zip(alex.parameters, before, strict=True))
    assert all(now is then for now, then in zip(alex.noted, noted, strict=True))


def test_a_kink_is_no_fault():
    rectified = np.array([[0.0, 1.0, 0.0], [2.0, 0.0, -1.0]])
    verdict = gradcheck(worker("relu", 3), rectified)
    assert verdict.ok and verdict.compared == 2 * 3 * 3


def test_where_nothing_can_be_compared_nothing_is_proven():
    verdict = gradcheck(worker("relu", 2), np.zeros((3, 2)))
    assert not verdict.ok and "could not be compared" in verdict.said


def test_wrong_feedback_on_the_task_is_named_with_both_numbers():
    verdict = gradcheck(made(lambda task: (task * 3, lambda re: re * 3.001)), TASK)
    assert not verdict.ok and verdict.where == "its task"
    assert "the feedback on its task is" in verdict.said and "where wiggling shows" in verdict.said


def test_a_fault_at_one_size_of_the_task_is_found():
    def planted(task):
        far = np.abs(task) > 12
        return np.tanh(task / 10), lambda re: re * np.where(far, 0.5, 1) * (1 - np.tanh(task / 10) ** 2) / 10

    assert gradcheck(made(planted), TASK, scales=(0.1, 1)).ok
    verdict = gradcheck(made(planted), TASK)
    assert not verdict.ok and verdict.scale == 10 and "at 10 times the task" in verdict.said


def test_wrong_feedback_on_a_parameter_is_named():
    class Halved(Single):
        def note(self, re_parameters):
            super().note([re_parameters[0], re_parameters[1] / 2])

    right = linear(3)
    wrong = Halved(right._primitive, 3, right.parameters, right.names)
    verdict = gradcheck(wrong, TASK)
    assert not verdict.ok and verdict.where == "bias"
    assert gradcheck(combine_by_addition([linear(3), wrong]), TASK).where == "bias of worker 2"


def test_a_fault_among_very_many_numbers_is_found():
    weights = np.random.default_rng(1).normal(size=(4000, 1))
    wrong = weights.copy()
    wrong[1234] += 3

    def wide(factor):
        return made(lambda task: (task @ weights, lambda re: re @ factor.T))

    task = np.random.default_rng(2).normal(size=(2, 4000))
    for seed in range(4):  # most of them do not try this number by itself
        assert gradcheck(wide(weights), task, seed=seed).ok
        assert not gradcheck(wide(wrong), task, seed=seed).ok


def in_place(task):
    task += 1
    return task, lambda re: re


def over_the_feedback(task):
    def feedback(re_result):
        re_result *= 2
        return re_result

    return task * 2.0, feedback


def endless(task):
    return task * 2.0, lambda re: re * 2.0


def over_the_result(task):
    result = task * 2.0

    def feedback(re_result):
        result[:] = 0
        return re_result * 2.0

    return result, once(feedback, result)


def of_other_rows(task):
    result = task - task.mean(axis=0)
    return result, once(lambda re: re - re.mean(axis=0), result)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (in_place, "changes the task that it is given"),
        (over_the_feedback, "changes the feedback that it is given"),
        (over_the_result, "changes the result"),
        (endless, "answers a second time"),
        (of_other_rows, "row 1 alone comes to something else"),
        (made(lambda task: (task / 0.0, lambda re: re)), "not finite"),
        (made(lambda task: (task * 1.0, lambda re: re[:, :1])), "has the shape"),
    ],
    ids=lambda value: getattr(value, "__name__", None),
)
@pytest.mark.filterwarnings("ignore:divide by zero")
def test_bad_habits_are_named(wrong, said):
    verdict = gradcheck(wrong, TASK)
    assert not verdict.ok and verdict.said.startswith("Not proven: ") and said in verdict.said


def test_a_part_is_proven_as_it_learns_too():
    dropout = worker("dropout", 3, rate=0.5)
    assert np.array_equal(dropout(TASK)[0], TASK)
    learning = dropout.while_learning()
    assert set(np.unique(learning(TASK)[0] / TASK)) == {0.0, 2.0}
    assert gradcheck(dropout, TASK).ok
    softened, task = part_of(california(), projects(), "loudest", "Cost")
    _, feedback = softened.while_learning()(task)
    assert ((feedback(np.ones((4, 1))) > 0).sum(axis=1) == 2).all()


def test_rows_may_have_to_do_with_each_other_where_that_is_said():
    assert gradcheck(of_other_rows, TASK, row_by_row=False).ok


def test_every_node_of_a_graph_can_be_proven():
    for node in california().nodes:
        part, task = part_of(california(), projects(), node.id, "Cost")
        verdict = gradcheck(part, task)
        assert verdict.ok and verdict.compared >= 24, verdict
        result, feedback = part(task)
        feedback(np.ones_like(result))
        with pytest.raises(FeedbackAlreadyGiven):
            feedback(np.ones_like(result))


@pytest.mark.parametrize("seed", range(12))
def test_nodes_of_random_graphs_can_be_proven(seed):
    generator = np.random.default_rng(seed)
    drawn, table = random_graph(generator, 6, 3), random_table(generator, 6, 3)
    for node in unfolded(drawn).nodes:
        part, task = part_of(drawn, table, node.id, "y")
        verdict = gradcheck(part, task)
        assert verdict.ok, (node.kind, verdict)


def test_a_part_works_as_the_node_does_in_its_graph():
    part, task = part_of(california(), projects(), "loudest", "Cost", rows=4)
    assert [read.node for read in part.read] == ["dani", "ely"]
    result, feedback = part(task)
    assert np.array_equal(result[:, 0], task.max(axis=1))
    assert np.array_equal(feedback(np.ones((4, 1))), task == task.max(axis=1, keepdims=True))


def test_after_a_training_a_part_has_what_it_has_learnt():
    training = train(california(), projects(), "Cost", Settings(epochs=200))
    for _ in training:
        pass
    model = Model(training.plan, training.parameters, "Cost")
    for node in ("dani", "loudest", "bold"):
        part, task = part_of(california(), projects(), node, "Cost", after=model)
        slots, _ = model.run(training.plan.preparation.apply(projects()))
        assert_allclose(part(task)[0], slots[training.plan.results[node]], rtol=1e-12)
        assert gradcheck(part, task).ok
    changed = replace(california(), wires=california().wires[1:])  # Alex is wired no more, and Crowd has one less
    part, _ = part_of(changed, projects(), "dani", "Cost", after=model)
    assert_array_equal(part.parameters[0], training.plan.named(training.parameters)["dani"]["weights"])


def test_a_node_inside_a_team_and_the_team_itself():
    drawn = graph({"in": "columns", "folded": "team", "y": "estimate"}, "in -> folded", "folded -> y")
    inner, _ = part_of(drawn, projects(), "folded/worker", "Cost")
    outer, task = part_of(drawn, projects(), "folded", "Cost")
    assert (inner.names, outer.names) == (("weights", "bias"), ("weights of worker", "bias of worker"))
    assert np.array_equal(inner(task)[0], outer(task)[0])
    assert gradcheck(outer, task).ok


@pytest.mark.parametrize(
    ("node", "said"),
    [
        ("nobody", "There is no node 'nobody'"),
        ("loose", "Node 'Loose' cannot work yet: it is not wired up"),
        ("narrow", "Node 'Narrow' cannot work yet: its inputs are 1, 2 numbers wide"),
        ("odd", "Node 'Odd' cannot work yet: setting 'width': it must lie between"),
        ("strange", "of the kind 'telepathy', which this program does not know"),
    ],
)
def test_a_node_that_cannot_work_says_why_and_the_others_can_be_proven(node, said):
    nodes = {
        "in": "columns",
        "a": "linear",
        "b": ("linear", {"width": 2}),
        "loose": "maximum",
        "narrow": "addition",
        "odd": ("linear", {"width": 0}),
        "strange": "telepathy",
    }
    drawn = graph(nodes, "in -> a", "in -> b", "a -> narrow", "b -> narrow", "in -> odd")
    with pytest.raises(GraphRefused, match=said):
        part_of(drawn, projects(), node, "Cost")
    part, task = part_of(drawn, projects(), "b", "Cost")
    assert gradcheck(part, task).ok


def deep(levels):
    """A worker whose share of the result is a half of a half, and so on."""
    found = linear(2, seed=0)
    for level in range(levels):
        found = combine_by_average([found, linear(2, seed=level)])
    return found


def test_what_is_lost_in_rounding_is_not_compared():
    task = np.random.default_rng(0).normal(size=(7, 2))
    assert gradcheck(deep(8), task).ok
    lost = gradcheck(deep(60), task)
    assert not lost.ok and "could not be compared anywhere" in lost.said


def test_a_task_of_rows_that_are_not_alike_is_refused_in_words():
    with pytest.raises(ShapeMismatch, match="rows x columns"):
        gradcheck(linear(2), [np.ones((3, 2)), np.ones((1, 2))])
