"""A real Chromium on a real server. Whatever a page complains of fails the test that opened it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect, sync_playwright

from tests.app.conftest import Server
from tests.browser.chromium import executable

PATIENCE_MS = 15_000
DESK = (1440, 900)
PHONE = (390, 844)

TELLS_OF_VIOLATIONS = """
addEventListener('securitypolicyviolation', (event) =>
  console.error(`The policy forbids ${event.violatedDirective} ${event.blockedURI} ${event.sample}`));
"""


@dataclass
class Watch:
    """What the pages of a test complained of: errors and warnings of scripts, of the network and of the policy."""

    complaints: list[str] = field(default_factory=list)
    expected: list[str] = field(default_factory=list)

    def expect(self, pattern: str) -> None:
        """The test brings this complaint about itself."""
        self.expected.append(pattern)

    def over(self, context: BrowserContext) -> None:
        context.add_init_script(TELLS_OF_VIOLATIONS)
        context.on("weberror", lambda error: self.complaints.append(str(error.error)))
        context.on("console", self._heard)

    def unexpected(self) -> list[str]:
        return [said for said in self.complaints if not any(re.search(pattern, said) for pattern in self.expected)]

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(f"{message.text} ({message.location.get('url')})")


Visit = Callable[..., Page]


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """A browser for the tests of a file. Its event loop ends with it, so that others can have their own."""
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable(), args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One server for the tests of a file, with the examples in place."""
    started = Server(tmp_path_factory.mktemp("browser") / "data", ("--examples",)).start()
    yield started
    started.kill()


@pytest.fixture
def watch() -> Iterator[Watch]:
    watching = Watch()
    yield watching
    assert watching.unexpected() == []


@pytest.fixture
def visit(chromium: Browser, server: Server, watch: Watch) -> Iterator[Visit]:
    """Opens a page of the server for a person of their own: `visit("/tables", size=PHONE, scheme="dark")`."""
    contexts: list[BrowserContext] = []

    def open_page(
        path: str = "/", *, size: tuple[int, int] = DESK, scheme: Literal["light", "dark"] = "light", **more: Any
    ) -> Page:
        width, height = size
        context = chromium.new_context(
            base_url=server.base_url,
            viewport={"width": width, "height": height},
            color_scheme=scheme,
            reduced_motion="reduce",
            **more,
        )
        contexts.append(context)
        context.set_default_timeout(PATIENCE_MS)
        watch.over(context)
        page = context.new_page()
        page.goto(path)
        return page

    yield open_page
    for context in contexts:
        context.close()
