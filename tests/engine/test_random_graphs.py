"""Graphs with forks, joins and shared sources, against wiggling."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from engine.callbacks import run
from engine.check import problems
from engine.errors import FeedbackAlreadyGiven
from engine.plan import compile
from engine.primitive import Moment
from engine.wiggling import sealed, wiggle
from tests.engine.graphs import random_graph, random_table


@pytest.mark.parametrize("seed", range(60))
def test_feedback_is_what_wiggling_shows(seed):
    generator = np.random.default_rng(seed)
    graph, table = random_graph(generator, size=int(generator.integers(1, 9)), columns=3), random_table(generator, 4, 3)
    assert problems(graph, table, "y") == []
    plan = compile(graph, table, np.arange(4), "y")
    task = sealed(plan.preparation.apply(table))
    flat = sealed(plan.start(seed))
    moment = Moment(softness=float(generator.choice([0.0, 0.5])))
    slot = plan.estimates[0].slot
    slots, feedback = run(plan.program, task, plan.layout.views(flat), moment)
    re_result = sealed(generator.normal(size=slots[slot].shape))
    told = feedback({slot: re_result})

    def with_task(at):
        return run(plan.program, at, plan.layout.views(flat), moment)[0][slot]

    assert_allclose(told.slots[0], wiggle(with_task, task, re_result), atol=1e-5, rtol=1e-5)
    gradient = np.zeros_like(flat)
    for view, found in zip(plan.layout.views(gradient), told.parameters, strict=True):
        view[...] = 0 if found is None else found

    def with_parameters(at):
        return run(plan.program, task, plan.layout.views(at), moment)[0][slot]

    for place in plan.layout.places:
        start, end = place.offset, place.offset + min(place.size, 6)

        def with_some(some, start=start, end=end):
            return with_parameters(np.concatenate([flat[:start], some, flat[end:]]))

        if len(place.shape) == 2 and place.shape[1] >= end - start:
            assert_allclose(gradient[start:end], wiggle(with_some, flat[start:end], re_result), atol=1e-5, rtol=1e-5)
    with pytest.raises(FeedbackAlreadyGiven):
        feedback({slot: re_result})
