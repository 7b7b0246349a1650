"""Every combinator of the palette as a Python function, held to what the graph's node of that kind does."""

from dataclasses import replace

import numpy as np
import pytest
from numpy.testing import assert_allclose

from engine import (
    EngineError,
    GraphRefused,
    chain,
    combine_by_addition,
    combine_by_average,
    combine_by_choice,
    combine_by_concatenation,
    combine_by_difference,
    combine_by_maximum,
    combine_by_median,
    combine_by_minimum,
    combine_by_multiplication,
    combine_by_weighted_average,
    gradcheck,
    linear,
    order_matters,
    passed_on,
    residual,
    scaled_by,
    worker,
)
from engine.graph import Wire
from engine.kind import catalogue
from engine.part import part_of
from tests.engine.graphs import graph, random_table

TABLE = random_table(np.random.default_rng(6), 8, 3)
TASK = np.random.default_rng(8).normal(size=(8, 3))
FUNCTIONS = {
    "addition": combine_by_addition,
    "average": combine_by_average,
    "choose": lambda workers: combine_by_choice(workers[:-1], workers[-1]),
    "concatenate": combine_by_concatenation,
    "difference": lambda workers: combine_by_difference(workers[:1], workers[1:]),
    "maximum": combine_by_maximum,
    "median": combine_by_median,
    "minimum": combine_by_minimum,
    "multiply": combine_by_multiplication,
    "noop": lambda workers: chain([workers[0], passed_on]),
    "scale": lambda workers: chain([workers[0], scaled_by(-1.0)]),
    "weighted": combine_by_weighted_average,
}
PORTS = {
    "choose": ["estimates", "estimates", "estimates", "scores"],
    "difference": ["plus", "less", "less", "less"],
    "noop": ["task"],
    "scale": ["task"],
}
each_combinator = pytest.mark.parametrize("kind", sorted(FUNCTIONS))


def team_of(kind):
    workers = [linear(3, seed=seed, width=3 if kind == "choose" else 1) for seed in range(4)]
    return FUNCTIONS[kind](workers), workers


def test_there_is_a_function_for_every_combinator():
    assert set(FUNCTIONS) == {name for name, kind in catalogue().items() if kind.family == "combinator"}


@each_combinator
def test_it_is_proven(kind):
    team, _ = team_of(kind)
    verdict = gradcheck(team, TASK)
    assert verdict.ok, verdict
    assert not order_matters(team, TASK).matters


@each_combinator
def test_it_does_what_the_node_does(kind):
    """The graph's node, before what the same four workers say."""
    team, workers = team_of(kind)
    ports = PORTS.get(kind, ["estimates"] * 4)
    sources = {f"w{place}": ("linear", {"width": 3 if kind == "choose" else 1}) for place in range(len(ports))}
    settings = {"choose": {"by": "scores"}}.get(kind, {})
    drawn = graph({"in": "columns", **sources, "it": (kind, settings)}, *(f"in -> {id}" for id in sources))
    wires = [Wire(id, "it", None, port) for id, port in zip(sources, ports, strict=True)]
    node, _ = part_of(replace(drawn, wires=(*drawn.wires, *wires)), TABLE, "it", "y")
    result, feedback = team(TASK)
    told = [worker(TASK) for worker in workers[: len(ports)]]
    in_order = [list(sources).index(read.node) for read in node.read]
    expected, callback = node(np.concatenate([told[place][0] for place in in_order], axis=1))
    assert_allclose(result, expected, rtol=1e-12)
    re_result = np.random.default_rng(2).normal(size=result.shape)
    re_estimates = np.split(callback(re_result), len(ports), axis=1)
    re_task = sum(told[place][1](re) for place, re in zip(in_order, re_estimates, strict=True))
    assert_allclose(feedback(re_result), re_task, rtol=1e-11, atol=1e-13)


def test_what_is_done_to_feedback_later_does_not_matter():
    given = np.ones((8, 3))
    _, feedback = passed_on(TASK)
    re_task = feedback(given)
    given[:] = 7
    assert_allclose(re_task, 1)


def test_shares_are_learnt():
    good, bad = linear(3, seed=1), linear(3, seed=2)
    team = combine_by_weighted_average([good, bad])
    wanted = good(TASK)[0]
    for _ in range(200):
        result, feedback = team(TASK)
        feedback(2 * (result - wanted) / len(TASK))
        team.own.step(0.5)
    assert team.own.parameters[0][0] > team.own.parameters[0][1] + 1


def test_only_the_chosen_one_is_told():
    first, second = linear(1, seed=1), linear(1, seed=2)
    team = combine_by_choice([first, second], lambda task: (np.hstack([task, -task]), lambda re: np.zeros_like(task)))
    result, feedback = team(np.array([[2.0], [-1.0], [-3.0]]))
    assert result[0] == first(np.array([[2.0]]))[0] and result[1] == second(np.array([[-1.0]]))[0]
    feedback(np.ones((3, 1)))
    assert (first.noted[1], second.noted[1]) == (1.0, 2.0)


def test_softly_the_scores_learn_whom_to_choose():
    """One worker is right on one side of nought and one on the other; nobody told the gate which."""
    task = np.linspace(-1, 1, 40)[:, None]
    rising, falling, gate = linear(1, seed=1), linear(1, seed=2), linear(1, width=2, seed=3)
    for worker_, slope in ((rising, 1.0), (falling, -1.0)):
        worker_.parameters[0][...], worker_.parameters[1][...] = slope, 0.0
    for softness in (1.0, 0.5, 0.2, 0.1):
        team = combine_by_choice([rising, falling], gate, softness)
        for _ in range(200):
            result, feedback = team(task)
            feedback(2 * (result - np.abs(task)) / len(task))
            gate.step(0.5)
            rising.step(0.0), falling.step(0.0)
    result, _ = combine_by_choice([rising, falling], gate)(task)
    assert_allclose(result, np.abs(task), atol=0.06)


@pytest.mark.parametrize("combine", [combine_by_maximum, combine_by_minimum])
def test_a_soft_extreme_lies_between_the_average_and_the_hard_one(combine):
    workers = [linear(3, seed=seed) for seed in (1, 2, 3)]
    average, hard = np.mean([worker(TASK)[0] for worker in workers], axis=0), combine(workers)(TASK)[0]
    for softness in (0.1, 1.0, 10.0):
        soft = combine(workers, softness)
        assert ((soft(TASK)[0] - average) * (hard - soft(TASK)[0]) >= 0).all()
        assert gradcheck(soft, TASK).ok
    assert_allclose(combine(workers, 1e6)(TASK)[0], average, atol=1e-5)
    assert_allclose(combine(workers, 1e-6)(TASK)[0], hard, atol=1e-5)


def test_a_residual_begins_with_the_task_and_both_ways_are_told():
    nothing = chain([linear(3, width=3), scaled_by(0.0)])
    assert_allclose(residual(nothing)(TASK)[0], TASK)
    assert gradcheck(residual(linear(3, width=3)), TASK).ok


@pytest.mark.parametrize("kind", sorted(name for name, kind in catalogue().items() if kind.results))
def test_any_kind_that_one_wire_is_enough_for_is_a_worker(kind):
    settings = catalogue()[kind].example(["c0", "c1", "c2"], ["task"])
    alone = all(port.least <= 1 for port in catalogue()[kind].inputs[:1]) and len(catalogue()[kind].inputs) < 2
    if not alone or kind in ("same", "team_task"):
        with pytest.raises(GraphRefused, match="cannot work yet"):
            worker(kind, 3, **settings)
        return
    verdict = gradcheck(chain([worker(kind, 3, seed=3, **settings), passed_on]), TASK)
    assert verdict.ok, verdict


def test_kinds_chain_into_a_network_that_learns():
    network = chain([worker("linear", 1, seed=2, width=8), worker("tanh", 8), worker("linear", 8, seed=4)])
    x = np.linspace(-2, 2, 41)[:, None]
    for _ in range(3000):
        result, feedback = network(x)
        feedback(2 * (result - np.abs(x)) / len(x))
        network.learn(0.05)
    assert np.mean((network(x)[0] - np.abs(x)) ** 2) < 0.01


@pytest.mark.parametrize(("kind", "settings"), [("telepathy", {}), ("linear", {"width": 0}), ("linear", {"depth": 3})])
def test_a_kind_that_there_is_none_of_is_refused(kind, settings):
    with pytest.raises(EngineError):
        worker(kind, 3, **settings)
