"""What the tests do in processes that are then killed: children.py WHAT ARGUMENT ..."""

from __future__ import annotations

import itertools
import sys
from collections.abc import Callable
from pathlib import Path

from app import files
from app.store import RunLog, graphs, open_store
from app.store.migrations import migrate, steps


def say(text: object) -> None:
    print(text, flush=True)


def migrate_when_told(path: str) -> None:
    say("ready")
    sys.stdin.readline()
    migrate(Path(path), steps())


def write_rows(folder: str, number: str) -> None:
    with open_store(Path(folder)) as store:
        for step in itertools.count():
            id = f"{number}-{step}"
            with store.database.write() as transaction:
                graphs.add(transaction, id, "name", id * 1000, "now")
            say(id)


def append_events(path: str) -> None:
    with RunLog(Path(path)) as log:
        while True:
            first = log.count() + 1
            say(log.append([("reading", b"%d " % n * 1000) for n in range(first, first + 3)]))


def write_file(path: str, number: str) -> None:
    for step in itertools.count():
        line = f"{number}-{step}\n".encode()
        files.write_file(Path(path), (line for _ in range(20_000)))
        say(f"{number}-{step}")


def publish_folders(folder: str, number: str) -> None:
    parent = Path(folder)
    for step in itertools.count():
        aside = files.new_folder(parent)
        (aside / "inner").mkdir()
        for name in ("a", "b", "inner/c"):
            (aside / name).write_bytes(f"{number}-{step}\n".encode() * 5_000)
        files.publish_folder(aside, parent / f"{number}-{step}")
        say(f"{number}-{step}")


WORK: dict[str, Callable[..., None]] = {
    "migrate": migrate_when_told,
    "write_rows": write_rows,
    "append_events": append_events,
    "write_file": write_file,
    "publish_folders": publish_folders,
}

if __name__ == "__main__":
    WORK[sys.argv[1]](*sys.argv[2:])
