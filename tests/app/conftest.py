"""A real server on a real socket, in a process of its own that may be killed and started again."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest

from app.examples import catalogue
from app.store import Store, open_store
from tests.app.cli import Place

ROOT = Path(__file__).parents[2]
READY = re.compile(r"Backchannel is ready at (http://\S+:(\d+)) ")


@dataclass
class Server:
    """`client` asks it; `kill` is kill -9, `restart` is that and a start on the same folder and port.

    `options` are those of `tests/app/start_server.py`.
    """

    data_dir: Path
    options: tuple[str, ...] = ()
    port: int = 0
    base_url: str = ""
    client: httpx.Client = field(default_factory=httpx.Client)
    process: subprocess.Popen[str] | None = None

    @property
    def log(self) -> str:
        """What the servers on this folder wrote to standard error so far."""
        return self._log_file.read_text()

    def start(self) -> Server:
        with self._log_file.open("a") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "tests.app.start_server", *self._arguments()],
                cwd=ROOT,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )
        assert self.process.stdout is not None
        said = READY.match(self.process.stdout.readline())
        assert said, f"The server did not start: {self.log}"
        self.base_url, self.port = said[1], int(said[2])
        self.client = httpx.Client(base_url=self.base_url, timeout=30)
        return self

    def kill(self) -> None:
        self._end(signal.SIGKILL)

    def stop(self) -> int:
        """Ask it to stop; its exit code."""
        return self._end(signal.SIGTERM)

    def restart(self) -> Server:
        self.kill()
        return self.start()

    def _end(self, number: signal.Signals) -> int:
        self.client.close()
        process, self.process = self.process, None
        if process is None:
            return 0
        process.send_signal(number)
        code = process.wait(timeout=30)
        assert process.stdout is not None
        process.stdout.close()
        return code

    def _arguments(self) -> list[str]:
        return [os.fspath(self.data_dir), f"--port={self.port}", *self.options]

    @property
    def _log_file(self) -> Path:
        return self.data_dir.parent / f"{self.data_dir.name}.log"


def killed(child: subprocess.Popen[str], number: int) -> list[str]:
    """The lines of a child that was killed at a moment that differs with the number of the round."""
    assert child.stdout is not None
    said = [child.stdout.readline().strip() for _ in range(1 + number % 3)]
    time.sleep(number * 7 % 30 / 1000)
    child.kill()
    return said + child.communicate()[0].split("\n")[:-1]


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """A server of the test's own, on an empty folder."""
    started = Server(tmp_path / "data").start()
    yield started
    started.kill()


@pytest.fixture(scope="session")
def shared_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One server for all tests that leave nothing behind which others would mind."""
    started = Server(tmp_path_factory.mktemp("shared") / "data").start()
    yield started
    started.kill()


@pytest.fixture(scope="session")
def odd_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server with the routes of `tests/app/odd`, which misbehave in every way."""
    started = Server(tmp_path_factory.mktemp("odd") / "data", ("--packages", "tests.app.odd")).start()
    yield started
    started.kill()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """An open data folder without a server."""
    with open_store(tmp_path / "store") as opened:
        yield opened


@pytest.fixture
def start_child() -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Runs a module of `tests.app` in a process of its own; ends those that are left."""
    children: list[subprocess.Popen[str]] = []

    def start(module: str, *arguments: object) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", f"tests.app.{module}", *map(str, arguments)]
        child = subprocess.Popen(
            command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        children.append(child)
        return child

    yield start
    for child in children:
        child.kill()
        child.communicate()


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """A folder in which the command is run."""
    return Place(tmp_path)


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """A folder with a table of projects and the model that `train` made of the example."""
    place = Place(tmp_path_factory.mktemp("trained"))
    place.put("projects.csv", catalogue()["california"].csv_text())
    done = place.run("train", "california", "projects.csv", "--target", "Cost ($m)", "--out", "model.json")
    assert (done.returncode, done.stderr) == (0, "")
    return place
