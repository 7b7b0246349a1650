"""The essay's experiment: what a maximum of two learns, and what an average of two cannot."""

import pytest

from engine.training.settings import Settings
from engine.training.train import train
from tests.engine.graphs import california, projects

SEEDS = 100


@pytest.mark.parametrize("first", range(0, SEEDS, 25))
def test_the_maximum_fits_exactly_and_the_average_stays_half_a_million_off(first):
    failures = []
    for seed in range(first, first + 25):
        *_, last = train(california(), projects(), "Cost", Settings(seed=seed, holdout=0), pace=lambda: 1 << 20)
        if not (last.loss["bold"].train < 1e-6 and abs(last.loss["calm"].train - 0.25) < 0.001):
            failures.append((seed, last.loss))
    assert failures == []
