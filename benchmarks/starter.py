"""How well the starter does beside scikit-learn, untouched: on tables that it ships and generated ones, or on your own.

Needs scikit-learn, which Backchannel itself does not: install `benchmarks/requirements-peers.txt`, or numpy and
scikit-learn alone, into an environment of its own, then, with that one, from the checkout:

    OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 python -m benchmarks.starter

`--folder DIR` takes the CSV files of a folder instead: the last column of each is its target, which holds classes where
it holds texts or no more than two values. `--quick` takes every third table; `--json` prints one line a table. Every
table is split once: three quarters to learn from, one quarter to be judged by.

Figures: RMSE for numbers, surprise (log loss) for classes, as ratios to the peer on the same rows. Seconds are of
processor time, one thread.
"""

from __future__ import annotations

import argparse
import csv
import json
import time
import warnings
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
from sklearn import datasets
from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.neural_network import MLPClassifier, MLPRegressor

from engine import preparation, starter
from engine.model import Model
from engine.table import CODED, Table, from_columns
from engine.training.train import train

Columns = dict[str, Any]
LARGE = 1 << 20
MISSING = ("", "NA")
FEWEST_OF_A_CLASS = 8

# Families of generated tables: columns and a noiseless target out of a generator and a number of rows.


def uniform(generator: np.random.Generator, rows: int, columns: int) -> np.ndarray:
    return generator.uniform(0, 1, (rows, columns))


def normal(generator: np.random.Generator, rows: int, columns: int) -> np.ndarray:
    return generator.normal(0, 1, (rows, columns))


def friedman1(g: np.random.Generator, n: int) -> tuple[np.ndarray, np.ndarray]:
    x = uniform(g, n, 10)
    return x, 10 * np.sin(np.pi * x[:, 0] * x[:, 1]) + 20 * (x[:, 2] - 0.5) ** 2 + 10 * x[:, 3] + 5 * x[:, 4]


def friedman2(g: np.random.Generator, n: int) -> tuple[np.ndarray, np.ndarray]:
    x = uniform(g, n, 4) * [100, 520, 1, 10] + [0, 40, 0, 1]
    return x, np.sqrt(x[:, 0] ** 2 + (x[:, 1] * x[:, 2] - 1 / (x[:, 1] * x[:, 3])) ** 2)


def friedman3(g: np.random.Generator, n: int) -> tuple[np.ndarray, np.ndarray]:
    x = uniform(g, n, 4) * [100, 520, 1, 10] + [1, 40, 0, 1]
    return x, np.arctan((x[:, 1] * x[:, 2] - 1 / (x[:, 1] * x[:, 3])) / x[:, 0])


def planes(g: np.random.Generator, n: int) -> tuple[np.ndarray, np.ndarray]:
    x = normal(g, n, 6)
    return x, (x @ g.normal(size=(6, 4)) + g.normal(size=4)).max(axis=1)


def saturation(g: np.random.Generator, n: int) -> tuple[np.ndarray, np.ndarray]:
    x = np.exp(normal(g, n, 5))
    return x, (x / (1 + x)) @ [5, 3, 2, 0, 0] + 0.5 * x[:, 4]


def stairs(g: np.random.Generator, n: int) -> tuple[np.ndarray, np.ndarray]:
    x = uniform(g, n, 8)
    return x, (x[:, 0] > 0.3) * 3 + (x[:, 1] > 0.6) * (x[:, 2] > 0.5) * 4 + 2 * x[:, 3] + (x[:, 4] > 0.8)


def line(g: np.random.Generator, n: int) -> tuple[np.ndarray, np.ndarray]:
    x = normal(g, n, 12)
    return x, x @ g.normal(size=12)


def nothing(g: np.random.Generator, n: int) -> tuple[np.ndarray, np.ndarray]:
    return normal(g, n, 8), np.zeros(n)


def long_tails(g: np.random.Generator, n: int) -> tuple[np.ndarray, np.ndarray]:
    x = np.exp(1.3 * normal(g, n, 6))
    return x, np.log(x) @ [2, 1, 1, 0.5, 0, 0] + 0.3 * np.log(x[:, 0]) * np.log(x[:, 1])


def skewed_target(g: np.random.Generator, n: int) -> tuple[np.ndarray, np.ndarray]:
    x = normal(g, n, 7)
    return x, np.exp(0.8 * x[:, 0] + 0.5 * x[:, 1] - 0.4 * x[:, 2])


def waves(g: np.random.Generator, n: int) -> tuple[np.ndarray, np.ndarray]:
    x = normal(g, n, 9)
    return x, np.tanh(x @ g.normal(size=(9, 12)) / 1.5 + g.normal(size=12)) @ g.normal(size=12)


def boxes(g: np.random.Generator, n: int) -> tuple[np.ndarray, np.ndarray]:
    x, found = normal(g, n, 8), np.zeros(n)
    for _ in range(12):
        columns, heights = g.integers(0, 8, 3), g.normal(size=4)
        above = [x[:, column] > np.quantile(x[:, column], g.uniform(0.2, 0.8)) for column in columns]
        found += np.where(
            above[0], np.where(above[1], heights[0], heights[1]), np.where(above[2], heights[2], heights[3])
        )
    return x, found


def many_columns(g: np.random.Generator, n: int) -> tuple[np.ndarray, np.ndarray]:
    x = normal(g, n, 60)
    return x, x[:, :5] @ [2, 1, 1, -1, 0.5] + np.maximum(x[:, 5], 0) * 2


FAMILIES: dict[Callable[..., Any], tuple[tuple[int, ...], float]] = {
    friedman1: ((200, 800, 4000), 0.25),
    friedman2: ((150, 1500), 0.2),
    friedman3: ((400, 3000), 0.2),
    planes: ((300, 2000), 0.3),
    saturation: ((250, 3000), 0.3),
    stairs: ((300, 2500), 0.4),
    line: ((150, 1000), 0.6),
    nothing: ((300,), 1.0),
    long_tails: ((300, 2000), 0.5),
    skewed_target: ((400, 3000), 0.4),
    waves: ((500, 5000), 0.3),
    boxes: ((300, 1500, 6000), 0.4),
    many_columns: ((160, 900), 0.6),
}


def generated() -> Iterator[tuple[str, Columns, str]]:
    """Each family at each size, every third with categories and every fourth with gaps; as numbers and as classes."""
    number = 0
    for family, (sizes, noise) in FAMILIES.items():
        for rows in sizes:
            generator = np.random.default_rng([zlib.crc32(family.__name__.encode()), rows])
            x, wanted = family(generator, rows)
            scale, number = wanted.std() or 1.0, number + 1
            y = wanted + noise * scale * generator.standard_t(5, rows)
            data: Columns = {f"x{place}": column for place, column in enumerate(x.T)}
            if number % 3 == 0:
                codes = generator.integers(0, (3, 8, 30)[number % 9 // 3], rows)
                y = y + generator.normal(size=30)[codes] * 0.5 * scale * (1 + (x[:, 0] > np.median(x[:, 0])))
                data["place"] = [f"p{code}" for code in codes]
            if number % 4 == 1:
                data["x0"] = np.where(generator.random(rows) < 0.12, np.nan, data["x0"])
            yield f"{family.__name__} {rows}", data | {"y": y}, "y"
            if number % 2:
                cuts = np.quantile(y, [0.35] if number % 4 == 1 else [0.25, 0.6, 0.8])
                names = [f"c{code}" for code in np.searchsorted(cuts, y)]
                yield f"{family.__name__} {rows}, classes", data | {"y": names}, "y"


def shipped() -> Iterator[tuple[str, Columns, str]]:
    """Tables of scikit-learn, some with a column of theirs as another target."""
    sugar = datasets.load_diabetes(scaled=False)
    columns = dict(zip(sugar.feature_names, sugar.data.T, strict=True)) | {"target": sugar.target.astype(float)}
    yield from ((f"diabetes, {name}", columns, name) for name in ("target", "bmi", "s5", "s6"))
    for load, others in (
        (datasets.load_breast_cancer, ("mean smoothness", "worst symmetry", "area error")),
        (datasets.load_wine, ("alcohol", "color_intensity")),
        (datasets.load_iris, ("petal width (cm)",)),
    ):
        found = load()
        columns = dict(zip(map(str, found.feature_names), found.data.T, strict=True))
        classes = {"class": [str(found.target_names[place]) for place in found.target]}
        yield f"{load.__name__[5:]}, class", columns | classes, "class"
        yield from ((f"{load.__name__[5:]}, {name}", columns, name) for name in others)
    digits = datasets.load_digits()
    pixels = {f"p{place}": column for place, column in enumerate(digits.data.T)}
    yield "digits, class", pixels | {"class": [f"d{place}" for place in digits.target]}, "class"


def of_folder(folder: Path) -> Iterator[tuple[str, Columns, str]]:
    """The CSV files of a folder, without rows of no target or of a class that has hardly any."""
    for path in sorted(folder.glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            names, *lines = csv.reader(file)
        lines = [line for line in lines if line and line[-1] not in MISSING]
        counts = Counter(line[-1] for line in lines)
        if classes := len(counts) <= 2 or isinstance(read(list(counts))[0], str):
            lines = [line for line in lines if counts[line[-1]] >= FEWEST_OF_A_CLASS]
        *others, wanted = map(list, zip(*lines, strict=True))
        columns = dict(zip(names, map(read, others), strict=False))
        yield path.stem, columns | {names[-1]: wanted if classes else read(wanted)}, names[-1]


def read(cells: list[str]) -> list[Any]:
    """Numbers where all cells hold one, or else texts; None where a cell is empty."""
    known = [None if cell in MISSING else cell for cell in cells]
    try:
        return [None if cell is None else float(cell) for cell in known]
    except ValueError:
        return known


def part(table: Table, rows: np.ndarray) -> Table:
    return Table(table.columns, {name: values[rows] for name, values in table.data.items()})


def ours(learnt: Table, judged: Table, target: str) -> np.ndarray:
    graph, settings = starter.propose(learnt, target)
    training = train(graph, learnt, target, settings, pace=lambda: LARGE)
    for _ in training:
        pass
    return Model(training.plan, training.parameters, target).predict_array(judged)


def of_peer(peer: Any, learnt: Table, judged: Table, target: str) -> np.ndarray:
    """What a model of scikit-learn says, given the same preparation as ours."""
    names = [column.name for column in learnt.columns if column.name != target]
    prepared = preparation.fit(learnt, names, np.arange(learnt.rows))
    x, wanted = prepared.apply(learnt), np.asarray(learnt.data[target])
    if learnt.column(target).type in CODED:
        return np.asarray(peer.fit(x, wanted).predict_proba(prepared.apply(judged)))
    center, scale = wanted.mean(), wanted.std() or 1.0
    return np.asarray(peer.fit(x, (wanted - center) / scale).predict(prepared.apply(judged)) * scale + center)[:, None]


def miss(told: np.ndarray, judged: Table, target: str) -> float:
    """RMSE, or the mean surprise."""
    wanted = np.asarray(judged.data[target])
    if judged.column(target).type not in CODED:
        return float(np.sqrt(np.mean((told[:, 0] - wanted) ** 2)))
    chances = np.hstack([1 - told, told]) if told.shape[1] == 1 else told
    return float(-np.log(np.clip(chances[np.arange(len(wanted)), wanted], 1e-15, 1)).mean())


def peers(classes: bool) -> dict[str, Any]:
    if classes:
        return {
            "boosting": HistGradientBoostingClassifier(random_state=0),
            "mlp": MLPClassifier(random_state=0),
            "linear": LogisticRegression(max_iter=2000),
        }
    return {
        "boosting": HistGradientBoostingRegressor(random_state=0),
        "mlp": MLPRegressor(random_state=0),
        "linear": LinearRegression(),
    }


def measured(name: str, data: Columns, target: str) -> dict[str, Any]:
    table = from_columns(data)
    classes = table.column(target).type in CODED
    order = np.random.default_rng(zlib.crc32(name.encode())).permutation(table.rows)
    cut = round(0.75 * table.rows)
    learnt, judged = part(table, np.sort(order[:cut])), part(table, np.sort(order[cut:]))
    began = time.process_time()
    found = {"table": name, "rows": cut, "classes": classes, "ours": miss(ours(learnt, judged, target), judged, target)}
    found["seconds"] = time.process_time() - began
    for peer, model in peers(classes).items():
        found[peer] = miss(of_peer(model, learnt, judged, target), judged, target)
    return found


def report(found: list[dict[str, Any]]) -> None:
    for classes, told in ((False, "numbers, RMSE"), (True, "classes, surprise")):
        some = [one for one in found if one["classes"] == classes]
        if not some:
            continue
        least = 1e-9
        print(f"{told}: {len(some)} tables")
        for peer in ("boosting", "mlp", "linear"):
            ratios = np.array([(one["ours"] + least) / (one[peer] + least) for one in some])
            print(
                f"  {peer:9} median ratio {np.median(ratios):.3f}, ahead on {np.mean(ratios < 1):4.0%}, "
                f"behind by more than 2% on {np.mean(ratios > 1.02):4.0%}, worst {ratios.max():.2f}"
            )
        seconds = [one["seconds"] for one in some]
        print(f"  seconds   median {np.median(seconds):.2f}, most {max(seconds):.1f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--folder", type=Path, help="take the CSV files in it, the last column of each the target")
    parser.add_argument("--quick", action="store_true", help="every third table")
    parser.add_argument("--json", action="store_true", help="one line a table")
    arguments = parser.parse_args()
    warnings.filterwarnings("ignore")
    found_in = of_folder(arguments.folder) if arguments.folder else (*shipped(), *generated())
    tables = list(found_in)[:: 3 if arguments.quick else 1]
    found = []
    for one in tables:
        found.append(measured(*one))
        if arguments.json:
            print(json.dumps(found[-1]), flush=True)
    if not arguments.json:
        report(found)


if __name__ == "__main__":
    main()
