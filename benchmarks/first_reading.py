"""How soon a person sees a number after pressing Train, in a browser: one JSON line.

    python -m benchmarks.first_reading --times 10

A real server with the examples, and a real Chromium on the same machine. Each time is taken on a fresh copy of the
California example, by the page's own clock: from the click to the first number in a node. `asked_ms` is when the page
had the answer to POST /api/runs.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Page, sync_playwright

from tests.browser.chromium import executable

READY = 30_000
PRESS = """() => new Promise((done) => {
  const pressed = performance.now();
  const told = () => [...document.querySelectorAll('[data-reading="result"]')].some((one) => one.textContent !== '–');
  const watcher = new MutationObserver(() => {
    if (!told()) return;
    watcher.disconnect();
    const asked = performance.getEntriesByName(`${location.origin}/api/runs`).at(-1);
    done({ first_ms: performance.now() - pressed, asked_ms: asked.responseEnd - pressed });
  });
  watcher.observe(document.getElementById('graph'), { subtree: true, childList: true, characterData: true });
  document.getElementById('train').click();
})"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=10)
    times = parser.parse_args().times
    with tempfile.TemporaryDirectory() as folder, server(folder) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable(), args=["--no-sandbox"])
        page = browser.new_page(base_url=address)
        taken = [measure(page) for _ in range(times)]
        browser.close()
    print(json.dumps(told(taken)))


def measure(page: Page) -> dict[str, float]:
    """Milliseconds on a new copy of the example."""
    page.goto("/graphs")
    page.locator("li", has=page.locator("a[href='/graphs/california']")).get_by_role("button", name="Copy").click()
    page.wait_for_url("**/graphs/*")
    page.wait_for_selector("[data-node]", timeout=READY)
    page.wait_for_load_state("networkidle")
    taken: dict[str, float] = page.evaluate(PRESS)
    page.get_by_role("button", name="Stop").click()
    page.get_by_role("button", name="Train", exact=True).wait_for()
    return taken


def told(taken: list[dict[str, float]]) -> dict[str, float]:
    """The median of each, and of the first reading the best and the worst too."""
    first = [one["first_ms"] for one in taken]
    return {
        "times": len(taken),
        "median_ms": round(statistics.median(first)),
        "best_ms": round(min(first)),
        "worst_ms": round(max(first)),
        "median_asked_ms": round(statistics.median(one["asked_ms"] for one in taken)),
    }


@contextmanager
def server(folder: str) -> Iterator[str]:
    """The address of a server with the examples in place."""
    command = [sys.executable, "-m", "tests.app.start_server", folder, "--examples"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        address = next(word for line in process.stdout for word in line.split() if word.startswith("http"))
        try:
            yield address
        finally:
            process.terminate()


if __name__ == "__main__":
    main()
