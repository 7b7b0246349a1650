"""What holds for every primitive, whoever wrote it."""

import importlib

import numpy as np
import pytest
from numpy.testing import assert_allclose

from engine.primitive import Moment, catalogue
from engine.wiggling import sealed, wiggle

EXAMPLES = [
    pytest.param(example, widths, id=f"{name}-{number}")
    for name in catalogue()
    for number, (example, widths) in enumerate(importlib.import_module(f"engine.primitives.{name}").examples)
]
GROUPS = np.array([0, 1, 4, 6])
MOMENTS = [Moment(), Moment(softness=0.7, learning=True, seed=3, step=5, rows=np.arange(6), groups=GROUPS)]
each_example = pytest.mark.parametrize(("primitive", "widths"), EXAMPLES)
each_moment = pytest.mark.parametrize("moment", MOMENTS, ids=["hard", "soft and learning"])
ROWS = 6


def given(primitive, widths, scale):
    generator = np.random.default_rng(7)
    inputs = [sealed(scale * generator.normal(size=(ROWS, width))) for width in widths]
    parameters = [sealed(generator.normal(size=shape)) for shape in primitive.shapes(widths)]
    re_result = sealed(generator.normal(size=(ROWS, primitive.width(widths))))
    return inputs, parameters, re_result


def primitive_rows(primitive, moment):
    """How many rows its result must have: one a row, or one a group."""
    if primitive.row_by_row:
        return ROWS
    return 1 if moment.groups is None else len(moment.groups) - 1


def test_a_primitive_without_examples_cannot_slip_through():
    assert {param.id.rsplit("-", 1)[0] for param in EXAMPLES} == set(catalogue())


@each_example
@each_moment
@pytest.mark.parametrize("scale", [0.1, 1, 10])
def test_feedback_is_what_wiggling_shows(primitive, widths, moment, scale):
    inputs, parameters, re_result = given(primitive, widths, scale)
    result, feedback = primitive.forward(inputs, parameters, moment)
    re_result = re_result[: len(result)]
    assert result.shape == (primitive_rows(primitive, moment), re_result.shape[1])
    re_inputs, re_parameters = feedback(re_result)
    for place, answer in enumerate(re_inputs):
        told = np.zeros_like(inputs[place]) if answer is None else answer

        def with_input(value, place=place):
            return primitive.forward([*inputs[:place], value, *inputs[place + 1 :]], parameters, moment)[0]

        assert_allclose(told, wiggle(with_input, inputs[place], re_result), atol=2e-6, rtol=1e-6)
    for place, told in enumerate(re_parameters):

        def with_parameter(value, place=place):
            return primitive.forward(inputs, [*parameters[:place], value, *parameters[place + 1 :]], moment)[0]

        assert_allclose(told, wiggle(with_parameter, parameters[place], re_result), atol=2e-6, rtol=1e-6)


@each_example
def test_a_batch_is_worked_on_row_by_row(primitive, widths):
    inputs, parameters, re_result = given(primitive, widths, 1)
    each = Moment(groups=np.arange(ROWS + 1))  # those that work on groups are given groups of one
    result, feedback = primitive.forward(inputs, parameters, each)
    re_inputs, _ = feedback(re_result)
    for row in range(ROWS):
        alone, feedback_alone = primitive.forward([task[row : row + 1] for task in inputs], parameters, Moment())
        assert_allclose(alone, result[row : row + 1], rtol=1e-12)
        for told, told_alone in zip(re_inputs, feedback_alone(re_result[row : row + 1])[0], strict=True):
            if told is None:
                assert told_alone is None
                continue
            assert_allclose(told_alone, told[row : row + 1], rtol=1e-12, atol=1e-15)


@each_example
def test_single_precision_stays_single(primitive, widths):
    inputs, parameters, re_result = given(primitive, widths, 1)
    single = [[array.astype(np.float32) for array in arrays] for arrays in (inputs, parameters)]
    result, feedback = primitive.forward(*single, Moment())
    re_inputs, re_parameters = feedback(re_result[: len(result)].astype(np.float32))
    told = [array for array in (result, *re_inputs, *re_parameters) if array is not None]
    assert {array.dtype for array in told} == {np.dtype(np.float32)}


@each_example
def test_what_is_called_linear_is_as_straight_as_it_says(primitive, widths):
    """f(x + y) - f(x) - f(y) + f(0) is nothing, whatever stands in x and y."""
    x, parameters, _ = given(primitive, widths, 1)
    y, _, _ = given(primitive, widths, 2)
    moment = Moment(groups=np.arange(ROWS + 1))

    def result(inputs):
        return primitive.forward(inputs, parameters, moment)[0]

    nothing = [np.zeros_like(one) for one in x]
    both = [one + other for one, other in zip(x, y, strict=True)]
    if primitive.linear:
        assert_allclose(result(both) - result(x) - result(y) + result(nothing), 0, atol=1e-10)
