"""What commands read and write: documents, tables, and files that are whole or not there."""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from app import files, model_documents
from app.cli._errors import Misuse
from app.examples import Example, catalogue, example_of
from engine import graph as graphs
from engine.graph import Graph
from engine.model import Model
from engine.table import Table

STANDARD_OUTPUT = "-"


def read_document(path: Path, what: str) -> Any:
    """The JSON of a file: no name twice in an object, and no number that is none."""
    try:
        content = path.read_bytes()
    except IsADirectoryError:
        raise Misuse(f"{path} is a folder. Name the file of the {what}.") from None
    except FileNotFoundError:
        raise Misuse(f"There is no file {path}. Name the file of the {what}.") from None
    try:
        return json.loads(content, object_pairs_hook=_without_doubles, parse_constant=_refuse_constant)
    except (ValueError, RecursionError):
        raise Misuse(f"{path} is not the JSON of a {what}. Choose a file that Backchannel saved.") from None


def _without_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a name stands twice in an object")
    return found


def _refuse_constant(name: str) -> Any:
    raise ValueError(f"{name} is no number in JSON")


def read_graph(name: str) -> tuple[Graph, Example | None]:
    """The graph of a file; or the example of this name, where there is no such file."""
    example = example_of(name)
    if example is not None and not Path(name).exists():
        return graphs.from_json(example.graph), example
    if not Path(name).exists():
        raise Misuse(f"There is no file {name} and no example of that name. The examples: {', '.join(catalogue())}.")
    return graphs.from_json(read_document(Path(name), "graph")), None


def read_model(path: Path) -> Model:
    """The model of a file."""
    model, _ = model_documents.read(read_document(path, "model"))
    return model


class Opened:
    """A table that was read by the ordinary intake, and where it came from."""

    def __init__(self, source: Path, folder: Path, name: str) -> None:
        from app.intake import Refused, import_file

        try:
            found = import_file(source, folder, name=name)
        except Refused as refusal:
            raise Misuse(f"{source.name}: {refusal.message}") from refusal
        except FileNotFoundError:
            raise Misuse(f"There is no file {source}. Name the file of the table.") from None
        except IsADirectoryError:
            raise Misuse(f"{source} is a folder. Name the file of the table.") from None
        self.source, self.folder, self.name = source, folder, name
        self.description = found.to_json()

    def table(self, texts: Collection[str] = ()) -> Table:
        """The engine's table; of columns with very many texts only those named here are read."""
        from app.tables_on_disk import open_table

        return open_table(self.folder, self.description, texts=texts)

    def say_what_is_left_out(self) -> None:
        """Tell of every line that is no row, and of what a person should look at."""
        rejected = self.description["rejected"]
        if rejected["count"]:
            first = rejected["first"][0]["reason"]
            lines = "line is" if rejected["count"] == 1 else "lines are"
            say(f"{self.source.name}: {rejected['count']:,} {lines} left out. {first}")
        for warning in self.description["warnings"]:
            say(f"{self.source.name}: {warning}")


@contextmanager
def opened_table(path: Path) -> Iterator[Opened]:
    """Read a CSV file into columns that are gone when the `with` is left."""
    with tempfile.TemporaryDirectory(prefix="backchannel-") as folder:
        columns = Path(folder, "columns")
        columns.mkdir()
        opened = Opened(path, columns, path.stem)
        opened.say_what_is_left_out()
        yield opened


@contextmanager
def opened_text(name: str, text: str) -> Iterator[Opened]:
    """The same for the text of a CSV file."""
    with tempfile.TemporaryDirectory(prefix="backchannel-") as folder:
        source, columns = Path(folder, f"{name}.csv"), Path(folder, "columns")
        source.write_text(text, encoding="utf-8")
        columns.mkdir()
        yield Opened(source, columns, name)


def check_place(out: str) -> None:
    """Raise Misuse where nothing can be written under this name; to be called before the work."""
    path = Path(out)
    if out == STANDARD_OUTPUT:
        return
    if path.is_dir():
        raise Misuse(f"{path} is a folder. Name a file in it with --out.")
    if not path.absolute().parent.is_dir():
        raise Misuse(f"There is no folder {path.absolute().parent}. Make it first, or name another with --out.")


def write(out: str, chunks: Iterable[bytes]) -> None:
    """Write a file whole, or leave what was there; "-" is standard output."""
    path = Path(out)
    if out == STANDARD_OUTPUT:
        sys.stdout.buffer.writelines(chunks)
        sys.stdout.buffer.flush()
    elif path.exists() and not path.is_file():  # a device or a pipe has no place to be put in
        with path.open("wb") as device:
            device.writelines(chunks)
    else:
        files.write_file(path.resolve(), chunks)


def say(text: str) -> None:
    """Tell the person something beside the result."""
    print(text, file=sys.stderr)
