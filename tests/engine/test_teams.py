"""Teams and models as workers: the same work, one level further in."""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from engine.check import problems
from engine.graph import Graph, Node, Wire
from engine.inside import DEEPEST
from engine.kind import catalogue
from engine.model import Model
from engine.model_json import from_json, to_json
from engine.plan import compile
from engine.table import from_columns
from engine.training.settings import Settings
from engine.training.train import train
from tests.engine.graphs import graph, random_graph, random_table

TASK, RESULT = Node("task", "team_task", "Task"), Node("result", "team_result", "Result")


def team(id, nodes, wires, speed=1.0):
    """A team node around these nodes and wires."""
    return Node(id, "team", id.capitalize(), {"graph": Graph(id, tuple(nodes), tuple(wires)).to_json(), "speed": speed})


def folded(whole, depth):
    """The same graph with all but its two ends in a team, that in another, and so on."""
    kept = {"in", "out"}
    nodes = [TASK, *(node for node in whole.nodes if node.id not in kept), RESULT]
    ends = {"in": "task", "out": "result"}
    wires = [
        Wire(ends.get(w.source, w.source), ends.get(w.target, w.target), w.source_port, w.target_port)
        for w in whole.wires
    ]
    node = team("team", nodes, wires)
    for _ in range(depth - 1):
        node = team("team", [TASK, node, RESULT], [Wire("task", "team"), Wire("team", "result")])
    ends = [whole.node("in"), node, whole.node("out")]
    return Graph("folded", tuple(ends), (Wire("in", "team"), Wire("team", "out")))


def trained(graph, table, target, epochs):
    """The model, with no row held out; nobody begins again, as only workers with parameters of their own would."""
    training = train(graph, table, target, Settings(epochs=epochs, holdout=0, revive=False))
    for _ in training:
        pass
    return Model(training.plan, training.parameters, target)


def named(plan, flat):
    """By name of the innermost owner and of the parameter."""
    views = plan.layout.views(flat)
    return {(p.node.rpartition("/")[2], p.name): view for p, view in zip(plan.program.parameters, views, strict=True)}


@pytest.mark.parametrize("depth", [1, 2, 5])
@pytest.mark.parametrize("seed", range(8))
def test_a_team_works_as_its_members_did_outside(seed, depth):
    generator = np.random.default_rng(seed)
    whole, table = random_graph(generator, size=6, columns=3), random_table(generator, 12, 3)
    work_alike(whole, folded(whole, depth), table, generator)


AMONG_ROWS = [name for name, kind in sorted(catalogue().items()) if name != "group" and not kind.for_teams]
JOINING = [(name, port.name) for name in AMONG_ROWS for port in catalogue()[name].inputs if port.joins]


@pytest.mark.parametrize(("name", "port"), JOINING)
def test_what_joins_is_given_the_same_by_a_team_with_several_results(name, port):
    generator = np.random.default_rng(5)
    it = Node("it", name, "It", catalogue()[name].example(["c0", "c1", "c2"], ["c"]))
    a, b, c, last = (Node(id, "linear", id.upper()) for id in ("a", "b", "c", "last"))
    ends = Node("in", "columns", "In"), Node("out", "estimate", "Out")
    on = [Wire("in", "c"), Wire("c", "it", None, port), Wire("it", "last"), Wire("last", "out")]
    apart = [*(Wire("in", one) for one in ("a", "b")), *(Wire(one, "it", None, port) for one in ("a", "b"))]
    pair = team(
        "pair", [TASK, a, b, RESULT], [*(Wire("task", one) for one in "ab"), *(Wire(one, "result") for one in "ab")]
    )
    whole = Graph("apart", (*ends, a, b, c, it, last), (*apart, *on))
    inner = Graph("joined", (*ends, pair, c, it, last), (Wire("in", "pair"), Wire("pair", "it", None, port), *on))
    work_alike(whole, inner, random_table(generator, 12, 3), generator)


def work_alike(whole, inner, table, generator):
    """With the same parameters they estimate the same, and tell everyone the same feedback."""
    assert problems(inner, table, "y") == []
    plain, deep = (compile(one, table, np.arange(12), "y") for one in (whole, inner))
    flat = plain.start(3)
    there = np.zeros(deep.layout.size)
    mine, theirs = named(plain, flat), named(deep, there)
    assert mine.keys() == theirs.keys()
    for key, view in theirs.items():
        view[...] = mine[key]
    found = [Model(plan, numbers, "y") for plan, numbers in ((plain, flat), (deep, there))]
    assert_array_equal(found[0].predict_array(table), found[1].predict_array(table))
    features, re_result = plain.preparation.apply(table), generator.normal(size=(12, 1))
    told = [model.run(features)[1]({model.plan.estimates[0].slot: re_result}) for model in found]
    assert_allclose(told[0].slots[0], told[1].slots[0], atol=1e-12)
    gradients = [named(plan, np.zeros(plan.layout.size)) for plan in (plain, deep)]
    for one, told_one, plan in zip(gradients, told, (plain, deep), strict=True):
        for parameter, re_parameter in zip(plan.program.parameters, told_one.parameters, strict=True):
            if re_parameter is not None:
                one[parameter.node.rpartition("/")[2], parameter.name][...] = re_parameter
    for key in gradients[0]:
        assert_allclose(gradients[0][key], gradients[1][key], atol=1e-12)


PAIR = [TASK, Node("a", "linear", "A"), Node("b", "linear", "B"), Node("top", "maximum", "Top"), RESULT]
PAIRED = [Wire("task", "a"), Wire("task", "b"), Wire("a", "top"), Wire("b", "top"), Wire("top", "result")]


def with_team(*more, wires=()):
    nodes = [Node("in", "columns", "In"), team("pair", PAIR, PAIRED), Node("out", "estimate", "Out"), *more]
    return Graph("t", tuple(nodes), (Wire("in", "pair"), *(wires or [Wire("pair", "out")])))


def table(rows=40, seed=0):
    generator = np.random.default_rng(seed)
    data = {name: generator.normal(size=rows) for name in ("a", "b")}
    return from_columns(data | {"y": np.maximum(data["a"], 2 - data["b"])})


def test_another_place_of_a_team_shares_what_all_its_members_learn():
    again = Node("again", "same", "Again", {"worker": "pair"})
    both = Node("both", "average", "Both")
    wires = [Wire("in", "again"), Wire("pair", "both"), Wire("again", "both"), Wire("both", "out")]
    twice = trained(with_team(again, both, wires=wires), table(), "y", 3)
    once = trained(with_team(), table(), "y", 3)
    assert named(twice.plan, twice.parameters).keys() == named(once.plan, once.parameters).keys()
    assert_allclose(twice.predict(table()), once.predict(table()), rtol=1e-9)


def test_a_team_can_be_read_from_inside_while_it_trains():
    training = train(with_team(), table(), "y", Settings(epochs=2, holdout=0))
    reading = [event for event in training if event.kind == "reading"][-1].to_json()
    assert {"pair", "pair/task", "pair/a", "pair/top"} <= reading["nodes"].keys()
    inner, outer = reading["nodes"]["pair/top"], reading["nodes"]["pair"]
    assert inner["result"] == outer["result"] and inner["re_result"] == outer["re_result"]
    wins = [reading["wires"][f"pair/{id}->pair/top"]["wins"] for id in "ab"]
    assert sum(wins) == pytest.approx(1, abs=1e-3)
    parts = [reading["wires"][f"pair/task->pair/{id}"]["feedback"] for id in "ab"]
    assert reading["wires"]["in->pair"]["feedback"] == pytest.approx(sum(parts), rel=1e-3)
    assert reading["wires"]["pair/top->pair/result"] == reading["wires"]["pair->out"]
    squares = [reading["nodes"][f"pair/{id}"]["parameters"]["norm"] ** 2 for id in "ab"]
    assert outer["parameters"]["norm"] == pytest.approx(np.sqrt(sum(squares)), rel=1e-3)


def test_a_frozen_team_learns_nothing():
    nodes = [Node("in", "columns", "In"), team("pair", PAIR, PAIRED, speed=0.0), Node("out", "estimate", "Out")]
    whole = Graph("t", tuple(nodes), (Wire("in", "pair"), Wire("pair", "out")))
    assert_array_equal(trained(whole, table(), "y", 3).parameters, trained(whole, table(), "y", 1).parameters)
    assert not np.array_equal(
        trained(with_team(), table(), "y", 3).parameters, trained(with_team(), table(), "y", 1).parameters
    )


def test_a_model_with_teams_comes_back_to_the_same_bits():
    model = trained(with_team(), table(), "y", 3)
    back = from_json(to_json(model))
    assert_array_equal(back.parameters, model.parameters)
    assert back.predict(table()) == model.predict(table())


def rents(rows, towns, seed, missing):
    """A table with numbers, categories and, if asked, missing values; scales differ from seed to seed."""
    generator = np.random.default_rng(seed)
    area = generator.normal(60 + 10 * seed, 5 + seed, size=rows)
    town = generator.choice(towns, size=rows)
    rent = 10 * area + 50 * (town == towns[0]) + 7 * seed
    told = [None if missing and row % 5 == 0 else float(value) for row, value in enumerate(area)]
    return from_columns({"area": told, "town": list(town), "rent": rent})


def with_model(document, **settings):
    node = Node("old", "model", "Old", {"model": document} | settings)
    return Graph("m", (node, Node("out", "estimate", "Out")), (Wire("old", "out"),))


LEARNT = graph({"in": "columns", "sum": "linear", "out": "estimate"}, "in -> sum", "sum -> out")


@pytest.mark.parametrize("missing_there", [False, True])
@pytest.mark.parametrize("missing_here", [False, True])
def test_a_model_estimates_as_it_did_where_it_learnt(missing_there, missing_here):
    learnt = trained(LEARNT, rents(60, ["Bern", "Chur", "Genf"], 1, missing_there), "rent", 30)
    here = rents(50, ["Chur", "Bern"], 4, missing_here)
    model = trained(with_model(to_json(learnt)), here, "rent", 2)
    rows = [{"area": here.cell("area", row), "town": here.cell("town", row)} for row in range(here.rows)]
    assert_allclose(model.predict(here), learnt.predict(rows), rtol=1e-9)


def test_a_model_can_learn_on():
    learnt = trained(LEARNT, rents(60, ["Bern", "Chur"], 1, False), "rent", 30)
    here = rents(60, ["Bern", "Chur"], 6, False)
    before = trained(with_model(to_json(learnt)), here, "rent", 60)
    after = trained(with_model(to_json(learnt), speed=1.0), here, "rent", 60)
    first, last = (np.mean((model.predict_array(here)[:, 0] - here.data["rent"]) ** 2) for model in (before, after))
    assert last < first / 10


def test_a_model_can_stand_in_a_team_and_a_team_in_a_model():
    inner = trained(with_team(), table(), "y", 3)
    old = Node("old", "model", "Old", {"model": to_json(inner)})
    both = team("both", [TASK, old, RESULT], [Wire("old", "result")])
    nodes = (Node("in", "columns", "In"), both, Node("out", "estimate", "Out"))
    outer = Graph("deep", nodes, (Wire("in", "both"), Wire("both", "out")))
    found = problems(outer, table(), "y")
    assert [problem.code for problem in found] == ["unreachable"] and "'Task'" in found[0].message
    sum = Node("sum", "addition", "Sum")
    guess, rest = Node("guess", "linear", "Guess"), Node("rest", "scale", "Rest", {"factor": 0.0})
    wires = [
        Wire("task", "guess"),
        Wire("guess", "rest"),
        Wire("rest", "sum"),
        Wire("old", "sum"),
        Wire("sum", "result"),
    ]
    both = team("both", [TASK, old, guess, rest, sum, RESULT], wires)
    nodes = (Node("in", "columns", "In"), both, Node("out", "estimate", "Out"))
    model = trained(Graph("deep", nodes, outer.wires), table(seed=5), "y", 1)
    more = model.predict_array(table(seed=7)) - inner.predict_array(table(seed=7))
    assert_allclose(more, np.mean(table(seed=5).data["y"]) / 2)  # nothing, as one of two that add up to the mean


def inside(*nodes, wires=()):
    return problems(
        Graph(
            "t",
            (Node("in", "columns", "In"), team("pair", nodes, wires), Node("out", "estimate", "Out")),
            (Wire("in", "pair"), Wire("pair", "out")),
        )
    )


LONELY = Node("a", "linear", "Alex")
STRAIGHT = [Wire("task", "a"), Wire("a", "result")]


@pytest.mark.parametrize(
    ("nodes", "wires", "code", "says"),
    [
        ([TASK, LONELY, RESULT], STRAIGHT[1:], "missing-wire", "Inside 'Pair': Node 'Alex' has no wires in"),
        ([TASK, LONELY], STRAIGHT[:1], "no-result", "Inside 'Pair': The team has no Result"),
        ([TASK, LONELY, RESULT, Node("r", "team_result", "R")], STRAIGHT, "no-result", "two Results"),
        ([TASK, LONELY, RESULT, Node("e", "estimate", "E")], STRAIGHT, "misplaced", "'E' is an Estimate"),
        ([TASK, LONELY, RESULT, Node("x", "oracle", "X")], STRAIGHT, "unknown-kind", "'oracle'"),
        ([TASK, LONELY, RESULT, Node("m", "model", "M")], STRAIGHT, "bad-inside", "No model is chosen"),
    ],
)
def test_what_is_wrong_inside_is_said_outside(nodes, wires, code, says):
    found = [problem for problem in inside(*nodes, wires=wires) if problem.code == code]
    assert found and says in found[0].message
    assert {problem.node for problem in found} == {"pair"}


def test_a_whole_team_has_no_problem():
    assert inside(TASK, LONELY, RESULT, wires=STRAIGHT) == []


def test_what_begins_a_team_has_no_place_outside():
    loose = Graph("t", (*with_team().nodes, TASK), with_team().wires)
    assert "misplaced" in {problem.code for problem in problems(loose)}


def test_teams_can_be_too_deep():
    node = LONELY
    for _ in range(DEEPEST + 1):
        node = team("a", [TASK, node, RESULT], STRAIGHT)
    found = inside(TASK, node, RESULT, wires=STRAIGHT)
    assert [problem.code for problem in found] == ["too-deep"]


def test_a_model_that_reads_the_answer_is_refused():
    learnt = trained(LEARNT, rents(60, ["Bern", "Chur"], 1, False), "rent", 1)
    found = problems(with_model(to_json(learnt)), rents(9, ["Bern", "Chur"], 2, False), "area")
    assert [(problem.code, problem.node) for problem in found] == [("leak", "old")]


def test_a_model_needs_its_columns():
    learnt = trained(LEARNT, rents(60, ["Bern", "Chur"], 1, False), "rent", 1)
    found = problems(with_model(to_json(learnt)), from_columns({"area": [1.0, 2.0], "rent": [3.0, 4.0]}), "rent")
    assert [(problem.code, problem.node) for problem in found] == [("unknown-column", "old")]
    assert "'town'" in found[0].message
    texts = from_columns({"area": ["x", "y"] * 5, "town": ["Bern", "Chur"] * 5, "rent": [3.0, 4.0] * 5})
    found = problems(with_model(to_json(learnt)), texts, "rent")
    assert [problem.code for problem in found] == ["bad-setting"] and "texts here" in found[0].message


def test_whoever_hands_on_what_he_is_given_is_told_the_feedback_behind_him():
    straight = graph(
        {"in": "columns", "a": "linear", "by": "noop", "out": "estimate"}, "in -> a", "a -> by", "by -> out"
    )
    training = train(straight, table(), "y", Settings(epochs=2, holdout=0))
    wires = [event for event in training if event.kind == "reading"][-1].to_json()["wires"]
    assert wires["a->by"]["feedback"] == wires["by->out"]["feedback"] != 0


def test_the_feedback_into_a_model_is_told_inside_it():
    learnt = trained(LEARNT, rents(60, ["Bern", "Chur"], 1, False), "rent", 3)
    training = train(
        with_model(to_json(learnt), speed=1.0), rents(60, ["Bern", "Chur"], 6, False), "rent", Settings(epochs=2)
    )
    wires = [event for event in training if event.kind == "reading"][-1].to_json()["wires"]
    assert wires["old/sum->old/out"]["feedback"] == pytest.approx(wires["old->out"]["feedback"], rel=1e-3) != 0
