"""What is loaded when: importing waits for nothing that is not used."""

import importlib
import json
import subprocess
import sys

import pytest

import engine
from engine.discovery import Found

FIRST_STEP = """
from engine import graph
from engine.table import from_columns
from engine.training.train import train
nodes = [{"id": "in", "kind": "columns"}, {"id": "a", "kind": "linear"}, {"id": "out", "kind": "estimate"}]
wires = [{"source": "in", "target": "a"}, {"source": "a", "target": "out"}]
drawn = graph.from_json({"format": "backchannel.graph", "version": 1, "name": "", "nodes": nodes, "wires": wires})
steps = [event.step for event in train(drawn, from_columns({"x": [0, 1, 2], "y": [1, 5, 8]}), "y", pace=lambda: 1000)]
assert steps[-1] == 4000
"""
SEEN = "import json, sys; print(json.dumps(sorted(sys.modules)))"


def loaded(program):
    """The modules that are loaded once a program has run in a Python of its own."""
    ran = subprocess.run([sys.executable, "-c", f"{program}\n{SEEN}"], capture_output=True, text=True, check=True)
    return set(json.loads(ran.stdout))


def test_the_engine_loads_what_is_asked_of_it_alone():
    nothing = loaded("import engine")
    assert "numpy" not in nothing
    assert {name for name in nothing if name.startswith("engine")} == {"engine"}
    some = loaded("from engine import DataRefused, linear")
    assert {"engine.errors", "engine.workers"} < some
    assert not some & {"engine.combinators", "engine.training", "engine.wiggling"}


def test_a_training_loads_what_its_graph_is_made_of_alone():
    seen = loaded(FIRST_STEP)
    assert {name for name in seen if name.startswith("engine.kinds.")} == {
        f"engine.kinds.{kind}" for kind in ("columns", "linear", "estimate", "average", "addition")
    }  # an estimate averages, and an average adds
    for room, used in {"losses": "squared", "optimizers": "adam", "schedules": "cosine"}.items():
        assert {name for name in seen if name.startswith(f"engine.{room}.")} == {f"engine.{room}.{used}"}
    assert not seen & {f"engine.primitives.{name}" for name in ("choose", "mask", "median", "softmax", "spline")}
    beside = ("carried", "explain", "loading", "model_json", "part", "row_order", "starter", "wiggling", "workers")
    assert not seen & {*(f"engine.{name}" for name in beside), "numpy.ma", "numpy.testing", "pathlib"}


@pytest.mark.parametrize("name", engine.__all__)
def test_every_public_name_is_what_its_module_says(name):
    found = getattr(engine, name)
    assert found is vars(importlib.import_module(found.__module__))[name]
    assert found.__module__.startswith("engine.")


def test_the_engine_has_its_public_names_and_no_other():
    told = {}
    exec("from engine import *", told)
    assert set(engine.__all__) == set(told) - {"__builtins__"}
    assert set(engine.__all__) <= set(dir(engine))
    with pytest.raises(AttributeError, match="no attribute 'nonsense'"):
        engine.nonsense  # noqa: B018


@pytest.fixture
def package(tmp_path, monkeypatch):
    """A package of two modules that can be loaded, and one that cannot."""
    folder = tmp_path / "catalogued"
    folder.mkdir()
    for name, text in {"__init__": "", "and_": "thing = 2", "best": "thing = 1", "wrong": "raise OSError"}.items():
        (folder / f"{name}.py").write_text(text)
    monkeypatch.syspath_prepend(tmp_path)
    yield "catalogued"
    for name in [name for name in sys.modules if name.startswith("catalogued")]:
        del sys.modules[name]


def test_a_catalogue_loads_a_file_when_its_thing_is_asked_for(package):
    found = Found(package, "thing", lambda name, thing: f"{name} {thing}")
    assert list(found) == ["and", "best", "wrong"]
    assert "wrong" in found and "nothing" not in found and len(found) == 3
    assert found["best"] == "best 1"
    assert {name for name in sys.modules if name.startswith(package)} == {package, f"{package}.best"}
    assert found.get("nothing") is None
    assert found["and"] == "and 2"
    with pytest.raises(OSError):
        found["wrong"]


def test_a_catalogue_may_have_an_order_of_its_own(package, tmp_path):
    (tmp_path / package / "wrong.py").write_text("thing = 3")
    found = Found(package, "thing", order=lambda things: sorted(things, key=lambda name: -things[name]))
    assert found["best"] == 1
    assert list(found) == list(found) == ["wrong", "and", "best"]
    assert dict(found) == {"wrong": 3, "and": 2, "best": 1}
