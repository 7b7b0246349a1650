"""The handbook's pictures: every kind and primitive has one, and it shows what the thing does."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from engine.kind import catalogue as kinds
from engine.picture import made_with, of_kind, of_primitive
from engine.primitive import catalogue as primitives
from engine.primitive import describe

PICTURES = [*((of_kind, name) for name in kinds()), *((of_primitive, name) for name in primitives())]
each_picture = pytest.mark.parametrize(("of", "name"), PICTURES, ids=lambda value: getattr(value, "__name__", value))
GROUPING = ("group", "reduce")
# Of the others, neighbours have nothing to do with each other.
SMOOTH = [(of, name) for of, name in PICTURES if name not in GROUPING and not (of(name).categories or of(name).apart)]


@each_picture
def test_there_is_one(of, name):
    picture = of(name)
    assert picture.results and picture.feedback and picture.said.endswith(".")
    for line in (*picture.given, *picture.results, *picture.feedback):
        assert len(line.values) == len(picture.x) and np.isfinite(line.values).all()
    drawn = [line.values for line in (*picture.results, *picture.feedback)]
    assert any(len(set(values)) > 1 for values in drawn) or name == "constant"


@pytest.mark.parametrize(("of", "name"), SMOOTH, ids=lambda value: getattr(value, "__name__", value))
def test_the_feedback_is_the_slope_of_the_result(of, name):
    """Where it bends or jumps nothing can be compared; nearly everywhere else it must be the same."""
    picture = of(name)
    x, result = np.array(picture.x), np.array(picture.results[0].values)
    slopes = np.gradient(result, x)[2:-2]
    told = [np.array(line.values)[2:-2] for line in picture.feedback]
    inputs = [np.gradient(line.values, x)[2:-2] for line in picture.given] or [np.ones(len(slopes))]
    implied = sum(re_input * slope for re_input, slope in zip(told, inputs, strict=True))
    assert (np.abs(implied - slopes) < 0.01).mean() > 0.85


@pytest.mark.parametrize("name", GROUPING)
def test_a_group_has_one_result_and_shares_the_feedback(name):
    picture = (of_kind if name == "group" else of_primitive)(name)
    assert len(set(picture.results[0].values)) == 6
    assert_allclose(sum(picture.feedback[0].values), 6, rtol=1e-6)


@pytest.mark.parametrize("name", sorted(primitives()))
def test_a_primitive_describes_itself(name):
    told = describe(name)
    assert told["title"] and told["formula"]
    for sentence in (told["help"], told["feedback"]):
        assert sentence[0].isupper() and sentence.endswith(".") and len(sentence) < 160


def test_a_kind_says_what_it_is_made_of():
    assert of_kind("average").made_of == ("add", "scale")
    assert of_kind("maxout").made_of == ("affine", "extreme")
    assert made_with("extreme") == ["maxout", "maximum", "minimum"]
    found = {one for name in kinds() for one in of_kind(name).made_of}
    assert found == set(primitives())
