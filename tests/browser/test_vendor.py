"""The packed npm packages load in a real browser through an import map."""

import json
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from playwright.sync_api import Browser

from app import assets
from tests.browser.conftest import Watch

pytestmark = pytest.mark.browser

USES = """
import { createElement } from 'react';
import { flushSync } from 'react-dom';
import { createRoot } from 'react-dom/client';
import { ReactFlow } from '@xyflow/react';
import { Graph, layout } from '@dagrejs/dagre';
import Chart from 'uplot';
import htmx from 'htmx.org';

const nodes = [{ id: 'a', position: { x: 0, y: 0 }, data: { label: 'Dani' } }];
const style = { width: 400, height: 300 };
flushSync(() => createRoot(document.body).render(
  createElement('div', { style }, createElement(ReactFlow, { nodes }))));
document.title = [typeof layout, typeof Graph, typeof Chart, typeof htmx.process].join(' ');
"""


@pytest.fixture
def site(tmp_path: Path) -> Iterator[str]:
    """The address of a server that gives out one page with an import map of every packed module."""
    (tmp_path / "vendor").symlink_to(assets.static() / "vendor")
    modules = json.loads((tmp_path / "vendor" / "manifest.json").read_text())["modules"]
    imports = json.dumps({"imports": {name: f"./vendor/{file}" for name, file in modules.items()}})
    (tmp_path / "index.html").write_text(
        "<!doctype html><link rel=icon href=data:,><body></body>"
        f'<script type="importmap">{imports}</script><script type="module">{USES}</script>'
    )
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(QuietHandler, directory=tmp_path)) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


class QuietHandler(SimpleHTTPRequestHandler):
    """Serves files without a line of log for each."""

    def log_message(self, format: str, *args: object) -> None:
        pass


def test_every_packed_module_works_in_a_page(site: str, chromium: Browser, watch: Watch) -> None:
    with chromium.new_context() as context:
        watch.over(context)
        page = context.new_page()
        page.goto(site)
        page.get_by_text("Dani").wait_for(state="attached", timeout=20_000)
        assert page.title() == "function function function function"
