"""A run without any process around it: what it says, what it obeys, and that it goes on to the same bits."""

from __future__ import annotations

import itertools
import json
from collections import deque
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from app.runs import checkpoints, keeping
from app.runs.run import run
from app.runs.spec import (
    ENDINGS,
    LEARNING_RATE,
    LEAVE,
    LEFT,
    MESSAGES,
    OBEYED,
    PACE,
    PAUSE,
    RESUME,
    STEP,
    STOP,
    Command,
    RunSpec,
)  # fmt: skip
from tests.app.runs.reference import undisturbed
from tests.app.runs.support import PROJECTS, workers, write_columns
from tests.engine.graphs import CALIFORNIA

Script = dict[int, list[Command]]
SETTINGS = {"epochs": 1000, "schedule": "constant"}


class Crash(BaseException):
    """The process is gone, and so is what it was about to say."""


class Server:
    """What the server is to a run, without a server: it hands on commands and keeps what is said.

    script: commands by the step from which on they are given; they wait until then. crash: the message at which the
    process dies, counted from 0 over all its lives.
    """

    def __init__(self, folder: Path, script: Script, settings: dict[str, Any], crash: int | None = None) -> None:
        self.table = folder / "table"
        description = write_columns(self.table, PROJECTS)
        self.folder = folder / "run"
        self.folder.mkdir()
        self.spec = RunSpec("r1", CALIFORNIA, self.table, "Projects", description, "Cost", settings, self.folder)
        self.script = deque(sorted(script.items()))
        self.crash, self.said = crash, 0
        self.commands = [Command(1, PACE, {"steps_per_second": 2000}, 0)]
        self.now = 0.0
        self.log: list[tuple[str, dict[str, Any]]] = []
        self.outbox: deque[Command] = deque()

    def clock(self) -> float:
        """Time passes while the run rests, and a little whenever it looks."""
        self.now += 1e-4
        return self.now

    def live(self) -> bool:
        """One life of the run's process. Whether it died before its time."""
        begun = any(kind == "started" for kind, _ in self.log)
        steps = [said["step"] for kind, said in self.log if kind != "started"]
        spec = replace(self.spec, commands=tuple(self.commands), begun=begun, reached=steps[-1] if steps else None)
        self.outbox.clear()
        try:
            run(spec, self.emit, self.listen, self.clock)
        except Crash:
            return True
        return False

    def emit(self, kind: str, payload: bytes) -> None:
        self.said += 1
        if self.crash == self.said - 1:
            raise Crash
        said = json.loads(payload)
        if kind == OBEYED:
            place = said["number"] - 1
            self.commands[place] = replace(self.commands[place], step=said["step"])
        if kind not in MESSAGES:
            self.log.append((kind, said))

    def listen(self, patience: float | None) -> Command | None:
        step = max((said["step"] for kind, said in self.log if kind != "started"), default=0)
        while self.script and (self.script[0][0] <= step or (patience is None and not self.outbox)):
            for command in self.script.popleft()[1]:
                self.give(command)
        if self.outbox:
            return self.outbox.popleft()
        assert patience is not None, "the run rests, and nobody will tell it anything"
        self.now += patience
        return None

    def give(self, command: Command) -> None:
        if command.name != LEAVE:
            command = replace(command, number=len(self.commands) + 1)
            self.commands.append(command)
        self.outbox.append(command)

    @property
    def kinds(self) -> list[str]:
        return [kind for kind, _ in self.log if kind != "reading"]

    @property
    def over(self) -> bool:
        return bool(self.log) and self.log[-1][0] in ENDINGS

    @property
    def parameters(self) -> Any:
        document = keeping.kept(self.folder)
        assert document is not None
        return json.loads(document)["parameters"]

    def expected(self) -> Any:
        """What an undisturbed training comes to that is told the same at the same steps."""
        changes = [(c.step, c.value) for c in self.commands if c.name == LEARNING_RATE and c.step is not None]
        ending = self.log[-1][1]
        last = ending["step"] if ending["reason"] == "stopped" else None
        return undisturbed(CALIFORNIA, PROJECTS, target="Cost", settings=self.spec.settings, changes=changes, last=last)


def tell(name: str, value: Any = None) -> Command:
    return Command(0, name, value)


SCRIPTS: dict[str, Script] = {
    "nothing": {},
    "rates": {100: [tell(LEARNING_RATE, 0.5)], 600: [tell(LEARNING_RATE, 0.01), tell(LEARNING_RATE, 0.2)]},
    "rests": {200: [tell(PAUSE)], 201: [tell(RESUME)], 700: [tell(PAUSE)], 701: [tell(RESUME)]},
    "steps": {150: [tell(PAUSE)], 151: [tell(STEP)], 152: [tell(STEP)], 153: [tell(LEARNING_RATE, 0.3), tell(RESUME)]},
    "stop": {300: [tell(LEARNING_RATE, 0.003)], 700: [tell(STOP)]},
    "rest and stop": {300: [tell(PAUSE)], 301: [tell(LEARNING_RATE, 0.7), tell(STOP)]},
    "pace": {50: [tell(PACE, {"steps_per_second": 4000})], 600: [tell(LEARNING_RATE, 0.1), tell(PACE, None)]},
}


@pytest.mark.parametrize("name", SCRIPTS)
def test_a_run_comes_to_what_the_engine_alone_comes_to(tmp_path: Path, name: str) -> None:
    server = Server(tmp_path, SCRIPTS[name], SETTINGS)
    assert not server.live()
    assert server.log[-1][0] == "finished"
    assert all(command.step is not None for command in server.commands), server.commands
    assert server.parameters == server.expected()


@pytest.mark.parametrize("name", SCRIPTS)
def test_a_run_that_died_at_any_moment_goes_on_to_the_same_bits(tmp_path: Path, name: str) -> None:
    for crash in itertools.count():
        folder = tmp_path / str(crash)
        folder.mkdir()
        server = Server(folder, SCRIPTS[name], SETTINGS, crash)
        died = server.live()
        if died and not server.over:
            assert not server.live()
        assert server.log[-1][0] == "finished"
        assert server.parameters == server.expected(), f"died before message {crash}"
        assert_in_order(server)
        if not died:
            return


@pytest.mark.parametrize("name", SCRIPTS)
def test_a_damaged_checkpoint_changes_nothing(tmp_path: Path, name: str) -> None:
    for crash in itertools.count(start=2, step=3):
        folder = tmp_path / str(crash)
        folder.mkdir()
        server = Server(folder, SCRIPTS[name], SETTINGS, crash)
        server.spec = replace(server.spec, checkpoint_every=0.2)
        died = server.live()
        newest = checkpoints.newest(server.folder)
        if newest is not None:
            (server.folder / checkpoints.NAMES[newest.serial % 2]).write_bytes(b"damaged")
        if died and not server.over:
            assert not server.live()
        assert server.log[-1][0] == "finished"
        assert server.parameters == server.expected(), f"died before message {crash}"
        assert_in_order(server)
        if not died:
            return


def assert_in_order(server: Server) -> None:
    """Steps never go back but by `rewound`, and a run begins and ends once."""
    step = 0
    for kind, said in server.log:
        assert said["step"] < step if kind == "rewound" else said["step"] >= step, (kind, said["step"], step)
        step = said["step"]
    assert [kind for kind in server.kinds if kind in ("started", *ENDINGS)] == ["started", "finished"]


def test_a_run_leaves_where_it_is_and_goes_on_there(tmp_path: Path) -> None:
    server = Server(tmp_path, {500: [tell(LEAVE)]}, SETTINGS)
    assert not server.live()
    left = server.log[-1][1]["step"]
    kept = checkpoints.newest(server.folder)
    assert kept is not None
    assert kept.step >= left >= 500
    assert not server.live()
    assert server.kinds == ["started", "finished"]
    assert server.parameters == server.expected()


def test_a_paused_run_rests_again_without_saying_so(tmp_path: Path) -> None:
    server = Server(tmp_path, {300: [tell(PAUSE)], 301: [tell(LEAVE)]}, SETTINGS)
    server.live()
    assert server.kinds == ["started", "paused"]
    said = len(server.log)
    step = server.log[-1][1]["step"]
    server.script.extend([(step, [tell(STEP)]), (step + 1, [tell(LEAVE)])])
    server.live()
    assert [(kind, event["step"]) for kind, event in server.log[said:]] == [("reading", step + 1), ("paused", step + 1)]


def test_the_last_single_step_ends_the_run(tmp_path: Path) -> None:
    server = Server(tmp_path, {0: [tell(PAUSE)], 1: [tell(STEP)] * 3}, {"epochs": 3})
    server.live()
    assert server.kinds == ["started", "paused", "paused", "paused", "finished"]
    assert [command.step for command in server.commands] == [0, 0, 1, 2, 3]
    assert server.log[-1][1]["reason"] == "epochs"


def test_a_model_is_there_before_it_is_announced(tmp_path: Path) -> None:
    server = Server(tmp_path, {400: [tell(PAUSE)], 401: [tell(RESUME)], 900: [tell(STOP)]}, SETTINGS)
    emit, found = server.emit, {}

    def looking(kind: str, payload: bytes) -> None:
        if kind in ("paused", "finished"):
            document = keeping.kept(server.folder)
            assert document is not None
            found[kind] = json.loads(document)
        emit(kind, payload)

    server.emit = looking  # type: ignore[method-assign]
    server.live()
    assert found.keys() == {"paused", "finished"}
    assert found["paused"]["parameters"] != found["finished"]["parameters"]
    training = found["finished"]["training"]
    assert training["rows"] == {"train": 4, "holdout": 0}
    assert training["settings"]["batch_size"] == 4
    assert training["score"] == server.log[-1][1]["loss"]
    assert training["table"] == "Projects"
    assert len(found["finished"]["checks"]) == 4


def test_a_diverged_run_keeps_its_last_finite_parameters(tmp_path: Path) -> None:
    settings = {"epochs": 500, "optimizer": "sgd", "learning_rate": 0.9, "schedule": "constant"}
    server = Server(tmp_path, {}, settings)
    server.spec = replace(server.spec, graph=workers(8))
    server.live()
    kind, said = server.log[-1]
    assert kind == "diverged"
    assert "learning rate" in said["hint"]
    document = keeping.kept(server.folder)
    assert document is not None
    assert b"null" not in document.split(b'"parameters"')[1].split(b'"own_units"')[0]


def test_a_pace_spreads_the_run_over_its_time(tmp_path: Path) -> None:
    server = Server(tmp_path, {}, {"epochs": 100})
    server.commands = [Command(1, PACE, {"seconds": 10}, 0)]
    server.live()
    assert server.now == pytest.approx(10, rel=0.02)
    assert [said["step"] for kind, said in server.log if kind == "reading"] == list(range(101))


def test_a_run_that_takes_too_long_is_stopped_and_kept(tmp_path: Path) -> None:
    server = Server(tmp_path, {}, {"epochs": 10_000_000})
    server.commands = [Command(1, PACE, {"steps_per_second": 10}, 0)]
    server.spec = replace(server.spec, seconds=5.0)
    server.live()
    kind, said = server.log[-1]
    assert (kind, said["reason"]) == ("finished", "stopped")
    assert "longest" in said["message"]
    assert server.parameters == server.expected()


def test_the_time_that_settings_allow_is_counted_over_all_processes_and_without_rests(tmp_path: Path) -> None:
    script = {100: [tell(PAUSE)], 101: [tell(LEAVE)]}
    server = Server(tmp_path, script, {"epochs": 10_000_000, "seconds": 3.0})
    server.commands = [Command(1, PACE, {"steps_per_second": 100}, 0)]
    server.live()
    assert server.kinds == ["started", "paused"]
    server.now += 1000
    server.script.append((0, [tell(RESUME)]))
    server.live()
    kind, said = server.log[-1]
    assert (kind, said["reason"]) == ("finished", "time")
    assert said["step"] == pytest.approx(300, rel=0.1)


def test_every_event_says_run_step_and_epoch_first(tmp_path: Path) -> None:
    server = Server(tmp_path, SCRIPTS["steps"], SETTINGS)
    server.live()
    assert set(server.kinds) == {"started", "paused", "changed", "resumed", "finished"}
    assert all(list(said)[:3] == ["run", "step", "epoch"] for _, said in server.log)
    reading = next(said for kind, said in server.log if kind == "reading")
    assert reading.keys() == {
        "run", "step", "epoch", "learning_rate", "softness", "loss", "nodes", "wires", "rows",
    }  # fmt: skip
    assert reading["loss"].keys() == {"calm", "bold"}


def test_what_a_leaving_run_says_last(tmp_path: Path) -> None:
    server = Server(tmp_path, {100: [tell(LEAVE)]}, SETTINGS)
    said: list[str] = []
    emit = server.emit

    def hearing(kind: str, payload: bytes) -> None:
        said.append(kind)
        emit(kind, payload)

    server.emit = hearing  # type: ignore[method-assign]
    server.live()
    assert said[-1] == LEFT
