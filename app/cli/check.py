"""Say what stands in the way of training a graph, or whether a model still comes to its own estimates.

FILE is a graph, a model, or the name of an example. Ends with 1 where something is wrong.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from app import model_documents
from app.cli._errors import Misuse
from app.cli._files import opened_table, read_document, read_graph
from app.examples import example_of
from engine import graph as graphs
from engine.check import problems
from engine.errors import GraphRefused, ModelRefused
from engine.graph import Graph
from engine.problem import Problem
from engine.targets import columns_asked

summary = "say what is wrong with a graph or a model"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE", help="a file of graph or model JSON, or the name of an example")
    parser.add_argument("table", metavar="TABLE.csv", nargs="?", type=Path, help="the table that a graph is for")
    parser.add_argument("--target", metavar="COLUMN", help="the column that a graph is to estimate")


def run(arguments: argparse.Namespace) -> int:
    example = example_of(arguments.file)
    if example is not None and not Path(arguments.file).exists():
        return _check_graph(read_graph(arguments.file)[0], arguments.table, arguments.target or example.target)
    document = read_document(Path(arguments.file), "graph or the model")
    if isinstance(document, dict) and document.get("format") == "backchannel.model":
        return _check_model(document, arguments)
    try:
        return _check_graph(graphs.from_json(document), arguments.table, arguments.target)
    except GraphRefused as error:
        return _print_problems(list(error.problems))


def _check_graph(graph: Graph, path: Path | None, target: str | None) -> int:
    if path is None:
        return _print_problems(problems(graph, None, target))
    with opened_table(path) as opened:
        table = opened.table(set(columns_asked(graph)))
        return _print_problems(problems(graph, table, target))


def _check_model(document: Any, arguments: argparse.Namespace) -> int:
    if arguments.table is not None or arguments.target is not None:
        raise Misuse("A model is checked by its own rows. Leave the table and --target out.")
    try:
        model, _ = model_documents.read(document)
    except ModelRefused as error:
        print(error)
        return 1
    found = model_documents.checks(model)
    print(f"{found['passed']} of {found['of']} check rows come to the estimates that the model says.")
    return 0 if found["passed"] == found["of"] else 1


def _print_problems(found: list[Problem]) -> int:
    for problem in found:
        place = f"node {problem.node}: " if problem.node else f"wire {problem.wire}: " if problem.wire else ""
        print(f"{place}{problem.message} {problem.hint}")
    if not found:
        print("No problems.")
    return 1 if found else 0
