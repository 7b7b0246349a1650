"""Tables over HTTP: taken whole or refused with a reason, and whatever happens, nothing half stays behind."""

from __future__ import annotations

import json
import os
import signal
import threading
from contextlib import suppress
from typing import Any

import httpx
import pytest

from app.intake import TableDescription
from app.store import Reader, runs
from app.store.database import Database
from app.store.runs import Run, State
from app.table_rows import MOST_CELLS
from engine.table import Column, Table
from tests.app.conftest import Server
from tests.app.uploads import (
    MIXED,
    PROJECTS,
    form,
    importers,
    is_alive,
    left,
    many_rows,
    slowly,
    upload,
    uploaded,
    wait_for,
)

NOW = "2026-11-22T00:00:00.000000Z"


def test_a_table_is_taken_and_described(shared_server: Server) -> None:
    answer = upload(shared_server, PROJECTS, "described.csv")
    told = answer.json()
    assert (answer.status_code, answer.headers["location"]) == (201, f"/api/tables/{told['id']}")
    assert (told["name"], told["rows"], told["target"], told["warnings"]) == ("described", 4, "Cost ($m)", [])
    assert told["rejected"] == {"count": 0, "first": []}
    assert [(column["name"], column["type"], column["missing"]) for column in told["columns"]] == [
        ("California", "number", 0),
        ("Renewables", "number", 0),
        ("Cost ($m)", "number", 0),
    ]
    assert told["dialect"]["delimiter"] == ","
    assert not {"file", "categories_file"} & told["columns"][0].keys()
    read = shared_server.client.get(answer.headers["location"])
    assert (read.status_code, read.json()) == (200, told)


def test_lines_that_are_no_rows_are_named(shared_server: Server) -> None:
    told = uploaded(shared_server, PROJECTS + "1,2,3,4\n0,0,2\n")
    assert (told["rows"], told["rejected"]["count"]) == (5, 1)
    assert told["rejected"]["first"][0]["line"] == 6
    assert "4 cells" in told["rejected"]["first"][0]["reason"]


def test_rows_come_as_values(shared_server: Server) -> None:
    told = uploaded(shared_server, MIXED)
    address = f"/api/tables/{told['id']}/rows"
    answer = shared_server.client.get(address)
    assert answer.json() == {
        "columns": ["Size", "City", "Sold", "New", "Note", "Price"],
        "offset": 0,
        "total": 4,
        "rows": [
            [80.5, "Oslo", "2024-01-31", True, "fine view", 1200],
            [61, "Lima", "2024-02-29", False, "two\nlines", 950],
            [None, "Oslo", None, True, 'say "hi"', 1000.25],
            [75, None, "2023-12-01", False, "=1+1", 1100],
        ],
    }
    page = shared_server.client.get(f"{address}?offset=1&limit=2").json()
    assert (page["offset"], page["total"], [row[1] for row in page["rows"]]) == (1, 4, ["Lima", "Oslo"])
    assert shared_server.client.get(f"{address}?offset=9").json()["rows"] == []


def test_rows_are_those_that_training_sees(server: Server) -> None:
    told = uploaded(server, MIXED)
    table = table_of(server, told["id"])
    rows = server.client.get(f"/api/tables/{told['id']}/rows").json()["rows"]
    assert rows == [list(table.row(row).values()) for row in range(table.rows)]


def table_of(server: Server, id: str) -> Table:
    import numpy as np

    stored = Database(server.data_dir / "backchannel.db")
    with stored.read() as reader:
        described = TableDescription.from_json(json.loads(_description(reader, id)))
    stored.close()
    columns = tuple(Column(column.name, column.type, column.categories or ()) for column in described.columns)
    folder = server.data_dir / "tables" / id
    return Table(columns, {column.name: np.load(folder / column.file) for column in described.columns})


def _description(reader: Reader, id: str) -> str:
    row = reader.one("SELECT description FROM tables WHERE id = ?", (id,))
    assert row is not None
    return str(row[0])


@pytest.mark.parametrize("query", ["limit=0", "limit=1001", "offset=-1", "limit=x"])
def test_a_page_of_rows_that_cannot_be_is_refused(shared_server: Server, query: str) -> None:
    id = uploaded(shared_server, PROJECTS)["id"]
    assert shared_server.client.get(f"/api/tables/{id}/rows?{query}").status_code == 422


def test_a_column_of_many_long_texts_is_read_text_by_text(shared_server: Server) -> None:
    mark = '"'
    texts = [f'{number} "quoted" \\ back, é \U0001f600 ' + "x" * (number % 90) for number in range(3_000)]
    lines = ["n,text", *(f'{n},"{text.replace(mark, mark * 2)}"' for n, text in enumerate(texts))]
    id = uploaded(shared_server, "\n".join(lines))["id"]
    for offset in (0, 1234, 2990):
        rows = shared_server.client.get(f"/api/tables/{id}/rows?offset={offset}&limit=50").json()["rows"]
        assert [row[1] for row in rows] == [text.strip() for text in texts[offset : offset + 50]]


def test_a_very_wide_table_gives_fewer_rows_at_once(shared_server: Server) -> None:
    names = ",".join(f"c{number}" for number in range(1500))
    row = ",".join(["1.5"] * 1500)
    id = uploaded(shared_server, "\n".join([names, *([row] * 300)]))["id"]
    page = shared_server.client.get(f"/api/tables/{id}/rows?limit=1000").json()
    assert (len(page["rows"]), page["total"]) == (MOST_CELLS // 1500, 300)
    assert page["rows"][0] == [1.5] * 1500


@pytest.mark.parametrize(
    ("sent", "fields", "name"),
    [
        ("projects.2024.csv", {}, "projects.2024"),
        ("../../etc/passwd", {}, "passwd"),
        ("C:\\data\\Häuser.CSV", {}, "Häuser"),
        (".csv", {}, ".csv"),
        ("a\u200b b.csv", {}, "a b"),
        ("x" * 300 + ".csv", {}, "x" * 200),
        ("a.csv", {"name": " Projects v1.2 "}, "Projects v1.2"),
        ("a.csv", {"name": "<b>"}, "<b>"),
        ("a.csv", {"name": " "}, "a"),
    ],
)
def test_a_table_is_called_as_its_file_or_as_one_says(
    shared_server: Server, sent: str, fields: dict[str, str], name: str
) -> None:
    assert upload(shared_server, PROJECTS, sent, **fields).json()["name"] == name


@pytest.mark.parametrize(
    ("fields", "columns"),
    [
        ({"delimiter": ""}, 2),
        ({"delimiter": "auto", "header": "auto"}, 2),
        ({"delimiter": ";"}, 2),
        ({"delimiter": "semicolon"}, 2),
        ({"delimiter": "none"}, 1),
    ],
)
def test_what_was_found_out_can_be_overridden(shared_server: Server, fields: dict[str, str], columns: int) -> None:
    told = uploaded(shared_server, "a;b\n1,5;2\n2,5;4\n3,25;5\n", **fields)
    assert len(told["columns"]) == columns


def test_header_decimal_mark_and_encoding_can_be_chosen(shared_server: Server) -> None:
    content = "Größe,b\n1.234,2\n2.345,4\n".encode("cp1252")
    told = uploaded(shared_server, content, header="false", encoding="cp1252", decimal="comma", thousands="point")
    assert told["dialect"]["header"] is False
    assert (told["dialect"]["encoding"], told["dialect"]["decimal"], told["rows"]) == ("cp1252", ",", 3)
    assert "Größe" in told["columns"][0]["categories"]


RAGGED = b"a,b\n" + b"1,2\n" * 100 + b"1,2,3\n" * 60
DAMAGED: list[tuple[Any, dict[str, str], str]] = [
    (b"", {}, "table-refused"),
    (b"\n\n\n", {}, "table-refused"),
    (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20, {}, "table-refused"),
    (b"a,b\n", {}, "table-refused"),
    (RAGGED, {}, "table-refused"),
    (b'a,b\n1,"' + b"x\n" * 2000, {}, "table-refused"),
    (PROJECTS.encode(), {"encoding": "rot13"}, "table-refused"),
    (PROJECTS.encode(), {"quote": "x"}, "table-refused"),
    (PROJECTS.encode(), {"header": "perhaps"}, "validation"),
    (PROJECTS.encode(), {"first_line": "0x1"}, "validation"),
    (PROJECTS.encode(), {"colour": "red"}, "validation"),
    (PROJECTS.encode(), {"name": "x" * 5_000}, "form-fields"),
]


@pytest.mark.parametrize(("content", "fields", "code"), DAMAGED)
def test_what_is_no_table_is_refused_and_leaves_nothing(
    shared_server: Server, content: bytes, fields: dict[str, str], code: str
) -> None:
    before, log, listed = left(shared_server), shared_server.log, shared_server.client.get("/api/tables").json()
    answer = upload(shared_server, content, **fields)
    told = answer.json()
    assert (answer.status_code, told["code"], answer.headers["content-type"]) == (422, code, "application/problem+json")
    if code == "table-refused":
        assert told["detail"] == f"{told['reason']} {told['cure']}"
        assert told["line"] is None or told["line"] >= 1
    assert os.fspath(shared_server.data_dir) not in answer.text
    assert shared_server.log == log
    assert left(shared_server) == before
    assert shared_server.client.get("/api/tables").json() == listed


def test_a_refusal_names_the_line(shared_server: Server) -> None:
    told = upload(shared_server, RAGGED).json()
    assert told["line"] == 102
    assert "Line 102 has 3 cells" in told["reason"]


FILE_HEAD = b'Content-Disposition: form-data; name="file"; filename="b.csv"\r\n\r\n'
FORMS: list[tuple[bytes, dict[str, str], int]] = [
    (b"a,b\n1,2\n", {"Content-Type": "text/csv"}, 415),
    (b"a,b\n1,2\n", {}, 415),
    (b"{}", {"Content-Type": "application/json"}, 415),
    (b"", {"Content-Type": "multipart/form-data"}, 415),
    (b"", {"Content-Type": "multipart/form-data; boundary=xyz"}, 400),
    (b"hello", {"Content-Type": "multipart/form-data; boundary=xyz"}, 400),
    (form(b"a,b\n1,2\n")[0][:-9], form(b"")[1], 400),
    (form(b"a,b\n1,2\n" * 200_000)[0][:-9], form(b"")[1], 400),
    (form(b"a,b\n1,2\n", FILE_HEAD + b"x,y\n1,2\n")[0], form(b"")[1], 422),
    (form(b"a,b\n1,2\n", b'Content-Disposition: form-data; name="other"; filename="b"\r\n\r\n')[0], form(b"")[1], 422),
    (b'--xyz\r\nContent-Disposition: form-data; name="file"\r\n\r\na,b\r\n--xyz--\r\n', form(b"")[1], 422),
    (form(b"a\n1\n", *[b'Content-Disposition: form-data; name="name"\r\n\r\nx'] * 2)[0], form(b"")[1], 422),
]


@pytest.mark.parametrize(("body", "headers", "status"), FORMS)
def test_what_is_no_form_with_one_file_is_refused(
    shared_server: Server, body: bytes, headers: dict[str, str], status: int
) -> None:
    before, log = left(shared_server), shared_server.log
    answer = shared_server.client.post("/api/tables", content=body, headers=headers)
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert left(shared_server) == before
    assert shared_server.log == log


def test_a_table_that_is_too_large_is_refused_while_it_comes_in(server: Server) -> None:
    server.options = ("--upload-bytes", "100000")
    server.restart()
    body, headers = form(many_rows(10_000))
    announced = server.client.post("/api/tables", content=body, headers=headers)
    streamed = server.client.post("/api/tables", content=slowly(body, 20, 0.1), headers=headers)
    for answer in (announced, streamed):
        assert (answer.status_code, answer.json()["code"]) == (413, "size")
    assert left(server) == []


def test_nothing_is_taken_below_the_floor_of_free_disk(server: Server) -> None:
    server.options = ("--free-bytes", str(2**62))
    server.restart()
    assert upload(server, PROJECTS).json()["code"] == "disk-low"
    assert left(server) == []


def test_a_table_has_another_name_and_goes(server: Server) -> None:
    id = uploaded(server, PROJECTS)["id"]
    address = f"/api/tables/{id}"
    assert server.client.patch(address, json={"name": " Houses "}).json()["name"] == "Houses"
    for body in ({"name": ""}, {"name": "x" * 201}, {}, {"name": "a", "target": "b"}, {"name": 7}):
        assert server.client.patch(address, json=body).status_code == 422
    (listed,) = server.client.get("/api/tables").json()["tables"]
    assert {**listed, "created": ""} == {"id": id, "name": "Houses", "created": "", "rows": 4, "columns": 3}
    assert server.client.delete(address).status_code == 204
    assert left(server) == []
    for method, path in (("GET", ""), ("GET", "/rows"), ("PATCH", ""), ("DELETE", "")):
        answer = server.client.request(method, address + path, json={"name": "x"} if method == "PATCH" else None)
        assert (answer.status_code, answer.json()["code"]) == (404, "table-missing")


def test_a_table_that_a_run_needs_stays(server: Server) -> None:
    id = uploaded(server, PROJECTS)["id"]
    address = f"/api/tables/{id}"
    database = Database(server.data_dir / "backchannel.db")
    with database.write() as transaction:
        runs.add(transaction, Run("r1", "{}", None, id, "Cost ($m)", "{}", State.QUEUED, NOW))
    refused = server.client.delete(address)
    assert (refused.status_code, refused.json()["code"], refused.json()["runs"]) == (409, "table-in-use", ["r1"])
    assert "Stop what runs" in refused.json()["detail"]
    with database.write() as transaction:
        runs.move(transaction, "r1", State.STOPPED, NOW)
    database.close()
    assert server.client.delete(address).status_code == 204


def test_progress_goes_one_way_and_ends(shared_server: Server) -> None:
    body, headers = form(many_rows(100_000))
    seen: list[tuple[float, str]] = []
    answers: list[httpx.Response] = []
    address = "/api/tables/progress/upload-token-1"

    def send() -> None:
        with httpx.Client(base_url=shared_server.base_url, timeout=60) as client:
            length = {"Content-Length": str(len(body)), "X-Upload": "upload-token-1"}
            answers.append(client.post("/api/tables", content=slowly(body, 20, 0.3), headers={**headers, **length}))

    thread = threading.Thread(target=send)
    thread.start()
    while thread.is_alive():
        told = shared_server.client.get(address)
        if told.status_code == 200:
            seen.append((told.json()["share"], told.json()["stage"]))
        thread.join(0.02)
    assert answers[0].status_code == 201
    assert shared_server.client.get(address).json() == {"share": 1.0, "stage": "done"}
    shares = [share for share, _ in seen]
    assert shares == sorted(shares)
    assert {"receiving", "reading"} <= {stage for _, stage in seen}
    assert len({share for share, stage in seen if stage == "receiving"}) > 3


def test_progress_of_what_is_refused_says_so(shared_server: Server) -> None:
    answer = shared_server.client.post(
        "/api/tables", files={"file": ("a.csv", b"")}, headers={"X-Upload": "upload-token-2"}
    )
    assert answer.status_code == 422
    assert shared_server.client.get("/api/tables/progress/upload-token-2").json()["stage"] == "failed"
    assert shared_server.client.get("/api/tables/progress/upload-token-3").json()["code"] == "upload-missing"
    assert shared_server.client.get("/api/tables/progress/short").status_code == 422
    assert upload_with_token(shared_server, "a b").status_code == 422


def upload_with_token(server: Server, token: str) -> httpx.Response:
    return server.client.post("/api/tables", files={"file": ("a.csv", PROJECTS.encode())}, headers={"X-Upload": token})


def test_an_import_that_is_killed_takes_nothing_with_it(server: Server) -> None:
    answers: list[httpx.Response] = []
    thread = threading.Thread(target=lambda: answers.append(upload(server, many_rows(300_000))))
    thread.start()
    (child,) = wait_for(lambda: importers(server))
    os.kill(child, signal.SIGKILL)
    thread.join()
    assert (answers[0].status_code, answers[0].json()["code"]) == (500, "import-ended")
    assert left(server) == []
    assert uploaded(server, PROJECTS)["rows"] == 4


@pytest.mark.parametrize("number", range(5))
def test_an_upload_under_way_when_the_server_is_killed_leaves_nothing(server: Server, number: int) -> None:
    """Killed while the file comes in, while it is read, and in between."""
    kept = uploaded(server, PROJECTS)["id"]
    before = left(server)
    body, headers = form(many_rows(150_000))

    def send() -> None:
        with httpx.Client(base_url=server.base_url, timeout=60) as client, suppress(httpx.TransportError):
            client.post("/api/tables", content=slowly(body, 40, 0.2), headers=headers)

    thread = threading.Thread(target=send)
    thread.start()
    thread.join(0.15 * number)
    children = importers(server)
    server.kill()
    thread.join()
    for child in children:
        wait_for(lambda child=child: not is_alive(child), 3)
    server.start()
    assert left(server) == before
    assert [table["id"] for table in server.client.get("/api/tables").json()["tables"]] == [kept]
    assert server.client.get(f"/api/tables/{kept}/rows").json()["total"] == 4


def test_a_server_that_stops_ends_its_imports(server: Server) -> None:
    """Or waits for those that are nearly done; what then is there, is there whole."""
    thread = threading.Thread(target=lambda: _quietly(server, many_rows(400_000)))
    thread.start()
    (child,) = wait_for(lambda: importers(server))
    server.stop()
    thread.join()
    assert not is_alive(child)
    server.start()
    listed = [f"tables/{table['id']}" for table in server.client.get("/api/tables").json()["tables"]]
    assert [path for path in left(server) if path.count("/") == 1] == listed


def _quietly(server: Server, content: bytes) -> None:
    with httpx.Client(base_url=server.base_url, timeout=60) as client, suppress(httpx.TransportError):
        client.post("/api/tables", files={"file": ("a.csv", content)})
