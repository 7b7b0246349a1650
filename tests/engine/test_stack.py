"""A stacked program means what the program means: results, losses, feedback on every parameter."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from engine.callbacks import run
from engine.plan import compile
from engine.primitive import Moment
from engine.stacked import Team
from engine.wiggling import sealed
from tests.engine.graphs import california, graph, projects, random_graph, random_table


def agree(plan, task, flat, moment):
    """Both programs from the same parameters: results and gradients."""
    generator = np.random.default_rng(0)
    slots, feedback = run(plan.program, task, plan.layout.views(flat), moment)
    stacked = plan.stacked
    team_slots, team_feedback = run(stacked.program, task, stacked.team_layout.views(flat), moment)
    re_slots, team_re_slots = {}, {}
    for estimate in plan.estimates:
        assert_allclose(team_slots[stacked.slots[estimate.slot]], slots[estimate.slot], rtol=1e-12, atol=1e-12)
        told = sealed(generator.normal(size=slots[estimate.slot].shape))
        re_slots[estimate.slot] = team_re_slots[stacked.slots[estimate.slot]] = told
    gradients = []
    for layout, parameters in (
        (plan.layout, feedback(re_slots).parameters),
        (stacked.team_layout, team_feedback(team_re_slots).parameters),
    ):
        gradient = np.zeros_like(flat)
        for view, told in zip(layout.views(gradient), parameters, strict=True):
            view[...] = 0 if told is None else told
        gradients.append(gradient)
    assert_allclose(gradients[1], gradients[0], rtol=1e-11, atol=1e-12)


@pytest.mark.parametrize("seed", range(120))
@pytest.mark.parametrize("softness", [0.0, 0.7])
def test_random_graphs(seed, softness):
    generator = np.random.default_rng(seed)
    table = random_table(generator, 30, 3)
    plan = compile(random_graph(generator, int(generator.integers(1, 14)), 3), table, np.arange(30), "y")
    agree(plan, sealed(plan.preparation.apply(table)), sealed(plan.start(seed)), Moment(softness))


def teams(plan):
    return [step.primitive for step in plan.stacked.program.steps if isinstance(step.primitive, Team)]


def test_the_example_becomes_two_teams():
    plan = compile(california(), projects(), np.arange(4), "Cost")
    assert sorted((team.pieces, team.units, team.reduce) for team in teams(plan)) == [(2, 1, "highest"), (2, 1, "sum")]
    assert len(plan.stacked.program.steps) == 2


def test_a_sum_of_maxima_becomes_one_product():
    names = [f"w{unit}{piece}" for unit in range(4) for piece in range(8)]
    drawn = graph(
        {"in": "columns", **dict.fromkeys(names, "linear"), **{f"m{unit}": "maximum" for unit in range(4)}}
        | {"sum": "addition", "out": "estimate"},
        *(f"in -> {name}" for name in names),
        *(f"{name} -> m{name[1]}" for name in names),
        *(f"m{unit} -> sum" for unit in range(4)),
        "sum -> out",
    )
    plan = compile(drawn, random_table(np.random.default_rng(0), 20, 5), np.arange(20), "y")
    assert [(team.pieces, team.units, team.reduce) for team in teams(plan)] == [(8, 4, "highest")]
    assert len(plan.stacked.program.steps) == 2
    table = random_table(np.random.default_rng(0), 20, 5)
    agree(plan, plan.preparation.apply(table), plan.start(1), Moment())


def test_no_two_parameters_share_a_place():
    for seed in range(40):
        generator = np.random.default_rng(seed)
        table = random_table(generator, 10, 3)
        plan = compile(random_graph(generator, 10, 3), table, np.arange(10), "y")
        taken = np.zeros(plan.layout.size)
        for view in plan.layout.views(taken):
            view[...] += 1
        assert set(np.unique(taken)) <= {0, 1}
        assert taken.sum() == sum(np.prod(parameter.shape) for parameter in plan.program.parameters)
