"""Train a graph on a table, and write the model that comes of it.

GRAPH is a file of graph JSON or the name of an example; an example brings its own table, target and settings along.
Without one, a graph and settings that suit the table are proposed: `train TABLE.csv --target COLUMN`.
Ends with 1 where the numbers grew out of bounds; the model is then that of the last step that was finite.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from app.cli._errors import Misuse
from app.cli._files import (
    STANDARD_OUTPUT,
    Opened,
    check_place,
    opened_table,
    opened_text,
    read_graph,
    read_model,
    say,
    write,
)
from app.cli._progress import ProgressLine
from app.cli._settings import add_settings, settings_given
from app.config import cores
from app.examples import Example
from app.runs.keeping import keep, kept
from app.runs.pacing import Pacing
from app.runs.scratch import scratch
from engine import fields
from engine.graph import Graph
from engine.model import Model
from engine.starter import propose
from engine.tape.library import MISSING, library
from engine.targets import columns_asked
from engine.training.events import Diverged, Event, Finished, Reading, Started
from engine.training.settings import Settings
from engine.training.train import Training, train

summary = "train a graph on a table"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "graph", metavar="GRAPH", help="a file of graph JSON, or the name of an example; left out for a proposed team"
    )
    parser.add_argument("table", metavar="TABLE.csv", nargs="?", help="a CSV file; left out for an example's own")
    parser.add_argument("--target", metavar="COLUMN", help="the column to estimate")
    parser.add_argument(
        "--after", metavar="MODEL.json", type=Path, help="a model whose workers learn on where the graph has them too"
    )
    parser.add_argument("--out", metavar="MODEL.json", help="the file to write the model to; - for standard output")
    add_settings(parser)


def run(arguments: argparse.Namespace) -> int:
    if arguments.out is not None:
        check_place(arguments.out)
    after = read_model(arguments.after) if arguments.after else None
    target: str | None
    with ExitStack() as held:
        folder = Path(held.enter_context(TemporaryDirectory(prefix="backchannel-")))
        if _is_a_table(arguments):
            opened = held.enter_context(opened_table(Path(arguments.graph)))
            graph, target, base = _proposed(opened, arguments.target)
        else:
            graph, example = read_graph(arguments.graph)
            opened = held.enter_context(_table(arguments.table, example))
            target = arguments.target or (example.target if example else None)
            base = dict(example.settings) if example else {}
        settings = fields.read(Settings, base | settings_given(arguments))
        return _train(_Task(graph, opened, target, settings, after), folder, arguments.out)


def _is_a_table(arguments: argparse.Namespace) -> bool:
    """Whether the one file that was named is a table, for which a graph is to be proposed."""
    given = Path(arguments.graph)
    return arguments.table is None and given.suffix.lower() != ".json" and given.exists()


def _proposed(opened: Opened, wanted: str | None) -> tuple[Graph, str, dict[str, Any]]:
    """A graph, its target and its settings; the target is the one that the intake supposes, unless it is given."""
    target = wanted or opened.description["target"]
    if target is None:
        raise Misuse("Say which column is to be estimated: --target COLUMN.")
    if wanted is None:
        say(f"Estimates '{target}'. Choose another column with --target.")
    graph, settings = propose(opened.table({target}), target)
    return graph, target, vars(settings)


def _table(given: str | None, example: Example | None) -> AbstractContextManager[Opened]:
    if given is not None:
        return opened_table(Path(given))
    if example is None:
        raise Misuse("Name the CSV file of the table after the graph.")
    return opened_text(example.table, example.csv_text())


@dataclass(frozen=True)
class _Task:
    graph: Graph
    opened: Opened
    target: str | None
    settings: Settings
    after: Model | None


def _train(task: _Task, folder: Path, out: str | None) -> int:
    table = task.opened.table(set(columns_asked(task.graph)))
    if library() is None:
        say(MISSING)
    pacing = Pacing()
    training = train(
        task.graph,
        table,
        task.target,
        task.settings,
        pace=lambda: pacing.steps(time.monotonic(), training.step),
        stepped=lambda: pacing.stepped(time.monotonic()),
        allocate=scratch(folder),
        threads=cores(),
        after=task.after,
    )
    started, last = _follow(training, pacing)
    if out is not None:
        losses = last.loss if isinstance(last, Finished) else {}
        keep(folder, training, table, table_name=task.opened.name, target=task.target, score=losses)
        write(out, [kept(folder) or b""])
    else:
        say("Nothing is kept: --out FILE.json keeps the model.")
    if isinstance(last, Diverged):
        say(f"{last.message} {last.hint}")
        return 1
    assert isinstance(last, Finished)
    names = {node.id: node.name for node in task.graph.nodes}
    for line in _report(started, last, names):
        print(line, file=sys.stderr if out == STANDARD_OUTPUT else sys.stdout)
    return 0


def _follow(training: Training, pacing: Pacing) -> tuple[Started, Event]:
    """Take every event; the first and the last."""
    events = iter(training)
    started = last = next(events)
    assert isinstance(started, Started)
    with ProgressLine() as line:
        for event in events:
            last = event
            if isinstance(event, Reading):
                pacing.took(time.monotonic(), event.step)
                losses = "  ".join(f"{node} {_number(loss.train)}" for node, loss in event.loss.items())
                line.show(f"Step {event.step:,} of {training.resolved.steps:,}  {losses}")
    return started, last


def _report(started: Started, finished: Finished, names: Mapping[str, str]) -> Iterator[str]:
    """How well each estimate does, beside the best that a single number could do."""
    for node, loss in finished.loss.items():
        single = started.baseline[node]
        rows = f"{started.train_rows:,} row{'' if started.train_rows == 1 else 's'}"
        yield f"{names[node]}: loss {_number(loss.train)} on {rows}; a single number comes to {_number(single.train)}."
        if loss.holdout is not None:
            held = f"on {started.holdout_rows:,} rows held out; a single number comes to {_number(single.holdout)}."
            yield f"{' ' * len(names[node])}  loss {_number(loss.holdout)} {held}"
        if node in started.best:
            best = started.best[node]
            aside = "" if best.holdout is None else f", {_number(best.holdout)} on rows held out"
            yield f"{' ' * len(names[node])}  best possible: {_number(best.train)}{aside} (--solve takes it)."


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:.5g}"
