"""PyTorch as a second truth: from the same weights, over the same rows, the same losses and the same weights."""

from dataclasses import replace

import numpy as np
import pytest
from numpy.testing import assert_allclose

from benchmarks.engine.contenders import ours
from benchmarks.engine.graphs import TASKS
from engine.training.events import Reading

STEPS = 30
FEW = 5  # steps of a large team in single precision, before a row whose winner changes moves Adam

pytest.importorskip("torch", reason="PyTorch is not installed; it is needed for nothing but this comparison")


@pytest.mark.parametrize(("precision", "alike"), [("float32", 1e-5), ("float64", 1e-10)])
@pytest.mark.parametrize("name", TASKS)
def test_pytorch_learns_the_same(name, precision, alike):
    from benchmarks.engine.contenders.torch_natural import Natural

    batch = min(TASKS[name].batch, 60)
    task = replace(TASKS[name], rows=12 * batch, batch=batch)
    given = ours.assignment(task, precision)
    steps = FEW if (name, precision) == ("G4", "float32") else STEPS
    training = ours.begun(task, given.features, given.targets, epochs=4)
    readings = [event for event in training if isinstance(event, Reading)][1 : steps + 1]
    expected = Natural(given).losses(steps)
    assert expected.dtype == precision
    assert_allclose([reading.loss["out"].train for reading in readings], expected, rtol=alike)


def test_pytorch_ends_with_the_same_weights():
    from benchmarks.engine.contenders.torch_natural import Natural

    task = replace(TASKS["G3"], rows=600, batch=60)
    given = ours.assignment(task, "float64")
    training = ours.begun(task, given.features, given.targets, epochs=3)
    for _ in training:
        pass
    peer = Natural(given)
    peer.losses(training.step)
    found = sorted(np.concatenate([view.ravel() for view in training.plan.layout.views(training.parameters)]))
    expected = sorted(np.concatenate([one.detach().numpy().ravel() for one in peer.model.parameters()]))
    assert_allclose(found, expected, rtol=1e-9, atol=1e-12)
