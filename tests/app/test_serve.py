"""Start and stop: what stands in the way is said in a sentence, what is under way ends well."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path

import httpx
import pytest

from app.config import Config
from app.errors import CannotListen
from app.serve import listen
from tests.app.conftest import Server

Start = Callable[..., subprocess.Popen[str]]


def test_one_line_says_where_and_no_other_is_written(server: Server) -> None:
    assert server.client.get("/healthz").json()["status"] == "ok"
    process = server.process
    assert server.stop() == 0
    assert process is not None
    assert server.log == ""


def test_a_port_in_use_is_said(tmp_path: Path, shared_server: Server, start_child: Start) -> None:
    child = start_child("start_server", tmp_path / "data", f"--port={shared_server.port}")
    said = child.communicate(timeout=30)
    assert (child.returncode, said[0]) == (2, "")
    assert said[1] == (
        f"Port {shared_server.port} on 127.0.0.1 is already in use. "
        "Stop the other program, or choose another port with --port.\n"
    )


@pytest.mark.parametrize(("rights", "said"), [(0o755, True), (0o710, True), (0o700, False)])
def test_a_folder_that_others_can_look_into_is_said(
    tmp_path: Path, shared_server: Server, rights: int, said: bool
) -> None:
    (tmp_path / "data").mkdir(mode=rights)
    command = ["serve", "--data-dir", str(tmp_path / "data"), "--port", str(shared_server.port)]
    done = subprocess.run([sys.executable, "-m", "app.cli", *command], capture_output=True, text=True, check=False)
    assert done.returncode == 2 and "already in use" in done.stderr
    assert (f"chmod 700 {tmp_path / 'data'}" in done.stderr) == said


def test_a_folder_in_use_is_said(shared_server: Server, start_child: Start) -> None:
    child = start_child("start_server", shared_server.data_dir)
    said = child.communicate(timeout=30)
    assert (child.returncode, said[0]) == (2, "")
    assert shared_server.process is not None
    assert said[1].startswith(f"Another Backchannel (process {shared_server.process.pid}) already works on the folder")
    assert said[1].count("\n") == 1


@pytest.mark.parametrize(
    ("host", "words"), [("192.0.2.1", "no address 192.0.2.1"), ("no.such.host.invalid", "no address no.such")]
)
def test_an_address_that_is_not_ours_is_said(tmp_path: Path, host: str, words: str) -> None:
    with pytest.raises(CannotListen, match=words):
        listen(Config(tmp_path, host, 0))


def test_a_port_is_free_again_at_once(tmp_path: Path) -> None:
    with closing(listen(Config(tmp_path, port=0))) as listener:
        port = listener.getsockname()[1]
    with closing(listen(Config(tmp_path, port=port))):
        pass


def test_the_socket_is_not_handed_to_processes_of_runs(tmp_path: Path) -> None:
    with closing(listen(Config(tmp_path, port=0))) as listener:
        assert not os.get_inheritable(listener.fileno())


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_cleanly_even_with_a_stream_open(odd: Server, number: signal.Signals) -> None:
    assert odd.process is not None
    with odd.client.stream("GET", "/odd/endless") as answer:
        assert next(answer.iter_bytes())
        odd.process.send_signal(number)
        assert odd.process.wait(timeout=30) == 0
    assert "Traceback" not in odd.log


def test_streams_are_told_and_may_say_goodbye(odd: Server) -> None:
    assert odd.process is not None
    with odd.client.stream("GET", "/odd/until-stopped") as answer:
        words = answer.iter_bytes()
        assert next(words) == b"start "
        odd.process.send_signal(signal.SIGTERM)
        assert b"".join(words) == b"end"
    assert odd.process.wait(timeout=30) == 0


def test_an_impatient_second_signal_does_not_wait(odd: Server) -> None:
    assert odd.process is not None
    with odd.client.stream("GET", "/odd/endless") as answer:
        assert next(answer.iter_bytes())
        odd.process.send_signal(signal.SIGINT)
        odd.process.send_signal(signal.SIGINT)
        assert odd.process.wait(timeout=30) == 0


def test_a_request_under_way_is_answered_before_the_end(odd: Server) -> None:
    assert odd.process is not None
    go, answers = threading.Event(), []

    def body() -> Iterator[bytes]:
        yield b"first"
        go.set()
        assert odd.process is not None
        odd.process.send_signal(signal.SIGTERM)
        yield b"second"

    with httpx.Client(base_url=odd.base_url, timeout=30) as client:
        answers.append(client.put("/odd/raw", content=body()).json())
    assert answers == [11]
    assert odd.process.wait(timeout=30) == 0


def test_a_connection_that_never_says_a_word_is_closed(tmp_path: Path) -> None:
    server = Server(tmp_path / "data", ("--head-seconds=1",)).start()
    for sent in (b"", b"GET / HTTP/1.1\r\nHost: x\r\n"):
        with socket.create_connection(("127.0.0.1", server.port), timeout=30) as connection:
            connection.sendall(sent)
            assert connection.recv(1000).startswith(b"HTTP/1.1 408 ")
            assert connection.recv(1000) == b""
    assert server.client.get("/healthz").status_code == 200
    server.kill()


def test_a_slow_answer_is_not_taken_for_a_slow_head(tmp_path: Path) -> None:
    server = Server(tmp_path / "data", ("--head-seconds=1", "--packages", "tests.app.odd")).start()
    with server.client.stream("GET", "/odd/endless") as answer:
        words = answer.iter_bytes()
        assert sum(len(next(words)) for _ in range(30)) >= 150
    server.kill()


FORM = b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\na,b\r\n'


@pytest.mark.parametrize(
    ("address", "type", "body"),
    [("/api/graphs", "application/json", b'{"a'), ("/api/tables", "multipart/form-data; boundary=b", FORM)],
)
def test_a_body_that_comes_too_slowly_is_cut_off_with_a_sentence(
    tmp_path: Path, address: str, type: str, body: bytes
) -> None:
    server = Server(tmp_path / "data", ("--body-seconds=0.5", "--body-bytes-per-second=1000000")).start()
    head = f"POST {address} HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\nContent-Type: {type}\r\nContent-Length: 9999"
    with socket.create_connection(("127.0.0.1", server.port), timeout=30) as connection:
        connection.sendall(head.encode() + b"\r\n\r\n" + body)
        connection.settimeout(0.1)
        answer = b""
        while b"}" not in answer:
            with suppress(TimeoutError):
                answer += connection.recv(10_000)
            with suppress(OSError):
                connection.sendall(b" ")
    assert answer.startswith(b"HTTP/1.1 408 ")
    assert b"came in too slowly, so it was cut off" in answer
    server.kill()


def test_a_slow_answer_to_a_quick_request_goes_on(tmp_path: Path) -> None:
    server = Server(tmp_path / "data", ("--body-seconds=0.3", "--packages", "tests.app.odd")).start()
    with server.client.stream("GET", "/odd/endless") as answer:
        words = answer.iter_bytes()
        assert sum(len(next(words)) for _ in range(30)) >= 150
    server.kill()


def test_many_requests_on_one_connection_are_each_bounded(shared_server: Server) -> None:
    for _ in range(50):
        answer = shared_server.client.get("/healthz", headers={"X-Some": "x" * 8000})
        assert answer.status_code == 200


@pytest.fixture
def odd(tmp_path: Path) -> Iterator[Server]:
    started = Server(tmp_path / "data", ("--packages", "tests.app.odd")).start()
    yield started
    started.kill()
