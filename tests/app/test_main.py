"""How the application is put together: by what is there."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import httpx
import pytest
from fastapi import FastAPI
from starlette.types import Receive, Scope, Send

from app import api, pages
from app.body_limits import body_limits, takes
from app.config import Config, Limits
from app.discovery import discover
from app.main import create_app
from app.pages import Entry
from app.static_files import ASK, FOREVER, CachedFiles
from tests.app import odd
from tests.app.conftest import Server
from tests.app.sweep import calls

STRICT = """
from fastapi import APIRouter
from app.strict_json import StrictRoute
router = APIRouter(route_class=StrictRoute)
"""


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    """An empty package to put modules into."""
    monkeypatch.syspath_prepend(tmp_path)
    made = ModuleType("found_here")
    made.__path__ = [str(tmp_path / "found_here")]
    (tmp_path / "found_here").mkdir()
    sys.modules["found_here"] = made
    yield made
    for name in [name for name in sys.modules if name.split(".")[0] == "found_here"]:
        del sys.modules[name]


def put(package: ModuleType, name: str, text: str) -> None:
    Path(package.__path__[0], f"{name}.py").write_text(text)


def test_a_page_is_in_the_menu_because_its_file_is_there(package: ModuleType, tmp_path: Path) -> None:
    entry = "from app.pages import Entry\nentry = Entry({}, '{}', '/{}')\n"
    put(package, "a", STRICT + entry.format(20, "Second", "b"))
    put(package, "b", STRICT + entry.format(10, "First", "a"))
    put(package, "c", STRICT)
    put(package, "_helpers", "raise RuntimeError('not a page')")
    application = create_app(Config(tmp_path), [package])
    assert application.state.menu == [Entry(10, "First", "/a"), Entry(20, "Second", "/b")]


def test_a_module_may_bring_a_lifespan_and_the_look_of_problems(package: ModuleType, tmp_path: Path) -> None:
    put(
        package,
        "service",
        STRICT
        + """
from contextlib import asynccontextmanager

@asynccontextmanager
async def lifespan(application):
    application.state.seen = [application.state.store.folder.name]
    yield
    with application.state.store.database.read() as reader:
        application.state.seen.append(reader.one("SELECT 1"))

def render_problem(request, problem, *, whole):
    return "look"
""",
    )
    application = create_app(Config(tmp_path / "data"), [package])

    async def live() -> None:
        async with application.router.lifespan_context(application):
            assert application.state.seen == ["data"]

    asyncio.run(live())
    assert application.state.seen == ["data", (1,)]
    assert application.state.render_problem(None, None, whole=True) == "look"


def test_a_router_that_would_read_json_laxly_is_not_taken(package: ModuleType) -> None:
    put(
        package,
        "lax",
        "from fastapi import APIRouter\nrouter = APIRouter()\n"
        "@router.post('/lax')\ndef lax(body: dict[str, int]) -> None: ...\n",
    )
    with pytest.raises(TypeError, match="route_class=StrictRoute"):
        discover(package)


def test_every_route_is_described_and_every_problem_with_it(shared_server: Server) -> None:
    described = shared_server.client.get("/openapi.json").json()
    for call in calls():
        if call.path.startswith("/api/"):
            assert call.described
        if not call.described:
            continue
        operation = described["paths"][call.template][call.method.lower()]
        assert "application/problem+json" in operation["responses"]["default"]["content"]
    assert "HTTPValidationError" not in str(described)


@pytest.mark.parametrize("path", ["/docs", "/redoc", "/docs/oauth2-redirect"])
def test_no_page_loads_scripts_from_elsewhere(shared_server: Server, path: str) -> None:
    assert shared_server.client.get(path).status_code == 404


def test_telemetry_stays_off_whatever_the_environment_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FASTAPI_OTEL_AUTO_CONFIGURE", "true")
    application = create_app(Config(tmp_path), [])
    settings = ("tracing", "metrics", "logs", "operation_spans", "auto_configure")
    assert [application._telemetry[name] for name in settings] == [False] * 5  # type: ignore[literal-required]


# How much each address takes


def test_a_route_takes_what_it_is_marked_with() -> None:
    limits = Limits(json_bytes=1, upload_bytes=2, model_bytes=3)
    found = body_limits([part.router for part in discover(odd)], limits)

    def limit(method: str, path: str) -> int:
        return found({"type": "http", "method": method, "path": path})

    assert limit("POST", "/odd/upload") == 2
    assert limit("POST", "/odd/model") == 3
    assert limit("PUT", "/odd/upload") == limit("POST", "/odd/upload/") == limit("POST", "/else") == 1


def test_a_limit_that_is_not_there_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="no limit named 'uplod_bytes'"):
        takes("uplod_bytes")


# Static files


@pytest.fixture
def static(tmp_path: Path) -> httpx.AsyncClient:
    for name in ("vendor/react-2X4QZ7AB.js", "vendor/maps/a-2X4QZ7AB.js.map", "vendor/plain.js", "js/main.js",
                 "js/main-2X4QZ7AB.js"):  # fmt: skip
        (tmp_path / "static" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "static" / name).write_text("x")
    (tmp_path / "secret").write_text("secret")
    (tmp_path / "static" / "link").symlink_to(tmp_path / "secret")
    files = FastAPI()
    files.mount("/static", CachedFiles(directory=tmp_path / "static"))

    async def application(scope: Scope, receive: Receive, send: Send) -> None:
        await files(scope, receive, send)

    return httpx.AsyncClient(transport=httpx.ASGITransport(application), base_url="http://x/static/")


def get(client: httpx.AsyncClient, path: str, **headers: str) -> httpx.Response:
    return asyncio.run(client.get(path, headers=headers))


@pytest.mark.parametrize(
    ("path", "caching"),
    [
        ("vendor/react-2X4QZ7AB.js", FOREVER),
        ("vendor/maps/a-2X4QZ7AB.js.map", FOREVER),
        ("vendor/plain.js", ASK),
        ("js/main.js", ASK),
        ("js/main-2X4QZ7AB.js", ASK),
    ],
)
def test_only_what_carries_a_hash_is_kept_for_ever(static: httpx.AsyncClient, path: str, caching: str) -> None:
    answer = get(static, path)
    assert (answer.status_code, answer.headers["cache-control"]) == (200, caching)
    again = get(static, path, **{"If-None-Match": answer.headers["etag"]})
    assert (again.status_code, again.headers["cache-control"]) == (304, caching)


@pytest.mark.parametrize("path", ["js", "nothing.js", "../secret", "%2e%2e/secret", "link", "a%00b", "js/main.js/x"])
def test_nothing_outside_the_folder_is_served(static: httpx.AsyncClient, path: str) -> None:
    assert get(static, path).status_code == 404


def test_the_packages_of_the_product_are_discovered() -> None:
    names = {part.name for package in (api, pages) for part in discover(package)}
    assert {"app.api.health", "app.api.graphs"} <= names
