"""The best line through given rows: of least squares, or likeliest; as cautious as the rows that it has not seen say.

How much weights cost is chosen among a few prices: for squares by leaving out one row after the other, which needs no
second fit; for chances by folds.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Numbers: TypeAlias = NDArray[np.float64]
Line: TypeAlias = tuple[Numbers, Numbers]
"""weights: outputs x columns, and bias: outputs."""

PRICES = (1e-6, 1e-4, 1e-3, 1e-2, 0.1, 0.3, 1.0, 3.0, 10.0, 30.0, 100.0, 300.0, 1000.0)
FEW_PRICES = (0.1, 1.0, 10.0, 100.0)
NEWTON_STEPS = 25
CLASS_STEPS = 150
SETTLED = 1e-4
CLEAR = 1e-9


def squares(task: Numbers, target: Numbers, heard: Sequence[NDArray[np.bool_]]) -> list[Line]:
    """For each mask of rows the line of least squares through those, at the price that suits all rows.

    task: rows x columns; target: rows.
    """
    price = _price(task, target)
    return [_ridge(task[rows], target[rows], price) for rows in heard]


def chances(task: Numbers, target: Numbers, classes: int, heard: Sequence[NDArray[np.bool_]]) -> list[Line]:
    """The same for the likeliest scores: of yes (classes 1), or of each class. target: rows, the place of the class."""
    judged = [rows for rows in heard if not rows.all()][:3]
    price = 1.0
    if judged:
        surprises = [
            sum(
                surprise(_likeliest(task[rows], target[rows], classes, one), task[~rows], target[~rows])
                for rows in judged
            )
            for one in FEW_PRICES
        ]
        price = FEW_PRICES[int(np.argmin(surprises))]
    return [_likeliest(task[rows], target[rows], classes, price) for rows in heard]


def surprise(line: Line, task: Numbers, target: Numbers) -> float:
    """The summed surprise of a line's scores."""
    scores = task @ line[0].T + line[1]
    if scores.shape[1] == 1:
        return float((np.logaddexp(0, scores[:, 0]) - target * scores[:, 0]).sum())
    top = scores.max(axis=1)
    right = scores[np.arange(len(target)), target.astype(int)]
    return float((np.log(np.exp(scores - top[:, None]).sum(axis=1)) + top - right).sum())


def _price(task: Numbers, target: Numbers) -> float:
    """The price at which a row is estimated best by all others."""
    centred, wanted = task - task.mean(axis=0), target - target.mean()
    rows, columns = centred.shape
    if columns <= rows:
        squares, turn = np.linalg.eigh(centred.T @ centred)
        sizes = np.sqrt(np.maximum(squares, 0))
        left = centred @ turn / np.where(sizes > CLEAR, sizes, np.inf)
    else:
        left, sizes, _ = np.linalg.svd(centred, full_matrices=False)
    along, errors = left.T @ wanted, []
    for price in PRICES:
        share = sizes**2 / (sizes**2 + price)
        own = (left**2) @ share + 1 / rows
        errors.append(np.mean(((wanted - left @ (share * along)) / np.maximum(1 - own, 1e-6)) ** 2))
    return PRICES[int(np.argmin(errors))]


def _ridge(task: Numbers, target: Numbers, price: float) -> Line:
    center = task.mean(axis=0)
    centred, mean = task - center, target.mean()
    weights = _solved(centred.T @ centred, centred.T @ (target - mean), price)
    return weights[None, :], np.array([mean - center @ weights])


def _solved(product: Numbers, wanted: Numbers, price: float) -> Numbers:
    return np.asarray(np.linalg.solve(product + (price + CLEAR) * np.eye(len(product)), wanted), np.float64)


def _likeliest(task: Numbers, target: Numbers, classes: int, price: float) -> Line:
    whole = np.hstack([task, np.ones((len(task), 1))])
    cost = np.append(np.full(task.shape[1], price), CLEAR)
    found = _newton(whole, target, cost)[None] if classes == 1 else _bounded(whole, target, classes, cost)
    return found[:, :-1], found[:, -1]


def _newton(whole: Numbers, target: Numbers, cost: Numbers) -> Numbers:
    """Scores of yes, by Newton's steps."""
    found = np.zeros(whole.shape[1])
    for _ in range(NEWTON_STEPS):
        chance = 1 / (1 + np.exp(-np.clip(whole @ found, -30, 30)))
        curve = (whole * np.maximum(chance * (1 - chance), 1e-6)[:, None]).T @ whole + np.diag(cost)
        step = np.linalg.solve(curve, whole.T @ (chance - target) + cost * found)
        found = found - step
        if np.abs(step).max() < SETTLED:
            break
    return found


def _bounded(whole: Numbers, target: Numbers, classes: int, cost: Numbers) -> Numbers:
    """Scores of each class, by steps along a bound of the curvature that holds everywhere, and some way beyond.

    Böhning, "Multinomial logistic regression algorithm", 1992; the way beyond as by Nesterov, 1983.
    """
    wanted = np.eye(classes)[target.astype(int)]
    curve = np.linalg.inv(0.5 * (1 - 1 / classes) * whole.T @ whole + np.diag(cost))
    found = ahead = np.zeros((whole.shape[1], classes))
    pull = 1.0
    for _ in range(CLASS_STEPS):
        scores = whole @ ahead
        shares = np.exp(scores - scores.max(axis=1, keepdims=True))
        shares = shares / shares.sum(axis=1, keepdims=True)
        moved = ahead - curve @ (whole.T @ (shares - wanted) + cost[:, None] * ahead)
        stronger = (1 + np.sqrt(1 + 4 * pull * pull)) / 2
        ahead = moved + (pull - 1) / stronger * (moved - found)
        settled = np.abs(moved - found).max() < SETTLED
        found, pull = moved, stronger
        if settled:
            break
    return found.T
