"""Say what stands in the way of training a graph, or whether a model still comes to its own estimates.

FILE is a graph, a model, or the name of an example. Ends with 1 where something is wrong. With --prove every node of a
graph is proven on the table: its feedback is compared with what wiggling its numbers shows.
"""

from __future__ import annotations

import argparse
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

from app import model_documents
from app.cli._errors import Misuse
from app.cli._files import Opened, opened_table, opened_text, read_document, read_graph
from app.examples import Example, example_of
from engine import gradcheck, order_matters, part_of
from engine import graph as graphs
from engine.check import problems
from engine.errors import GraphRefused, ModelRefused
from engine.graph import Graph
from engine.inside import unfolded
from engine.problem import Problem
from engine.row_order import ROWS
from engine.table import Table
from engine.targets import columns_asked

summary = "say what is wrong with a graph or a model"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE", help="a file of graph or model JSON, or the name of an example")
    parser.add_argument("table", metavar="TABLE.csv", nargs="?", type=Path, help="the table that a graph is for")
    parser.add_argument("--target", metavar="COLUMN", help="the column that a graph is to estimate")
    parser.add_argument("--prove", action="store_true", help="also prove every node of a graph on the table")
    parser.add_argument("--order", action="store_true", help="also say to which nodes the order of rows matters")


def run(arguments: argparse.Namespace) -> int:
    example = example_of(arguments.file)
    if example is not None and not Path(arguments.file).exists():
        return _check_graph(read_graph(arguments.file)[0], arguments, example)
    document = read_document(Path(arguments.file), "graph or the model")
    if isinstance(document, dict) and document.get("format") == "backchannel.model":
        return _check_model(document, arguments)
    try:
        return _check_graph(graphs.from_json(document), arguments, None)
    except GraphRefused as error:
        return _print_problems(list(error.problems))


def _check_graph(graph: Graph, arguments: argparse.Namespace, example: Example | None) -> int:
    target = arguments.target or (example.target if example else None)
    if arguments.table is None and example is None:
        if arguments.prove or arguments.order:
            raise Misuse("Nodes are proven on a table. Name its CSV file after the graph.")
        return _print_problems(problems(graph, None, target))
    with _table(arguments.table, example) as opened:
        table = opened.table(set(columns_asked(graph)))
        result = _print_problems(problems(graph, table, target))
        if result == 0 and arguments.prove:
            result = _prove(graph, table, target)
        if result == 0 and arguments.order:
            _ask_for_order(graph, table, target)
        return result


def _table(given: Path | None, example: Example | None) -> AbstractContextManager[Opened]:
    if given is None and example is not None:
        return opened_text(example.table, example.csv_text())
    assert given is not None
    return opened_table(given)


def _prove(graph: Graph, table: Table, target: str | None) -> int:
    proven = True
    for node in unfolded(graph).nodes:
        verdict = gradcheck(*part_of(graph, table, node.id, target))
        print(f"{node.name}: {verdict.said}")
        proven = proven and verdict.ok
    return 0 if proven else 1


def _ask_for_order(graph: Graph, table: Table, target: str | None) -> None:
    for node in unfolded(graph).nodes:
        print(f"{node.name}: {order_matters(*part_of(graph, table, node.id, target, rows=ROWS)).said}")


def _check_model(document: Any, arguments: argparse.Namespace) -> int:
    if arguments.table is not None or arguments.target is not None or arguments.prove or arguments.order:
        raise Misuse("A model is checked by its own rows. Leave the table and all options out.")
    try:
        model, _ = model_documents.read(document)
    except ModelRefused as error:
        print(error)
        return 1
    found = model_documents.checks(model)
    if not found["of"]:
        print("The model can be read, but it has no rows to check it by.")
        return 0
    print(f"{found['passed']} of {found['of']} check rows come to the estimates that the model says.")
    return 0 if found["passed"] == found["of"] else 1


def _print_problems(found: list[Problem]) -> int:
    for problem in found:
        place = f"node {problem.node}: " if problem.node else f"wire {problem.wire}: " if problem.wire else ""
        print(f"{place}{problem.message} {problem.hint}")
    if not found:
        print("No problems.")
    return 1 if found else 0
