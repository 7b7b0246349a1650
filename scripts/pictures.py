"""Makes the pictures of the README again: the California example in the middle of its training, light and dark.

    python -m scripts.pictures

Needs what `make test` sets up. A Pillow, if there is one, halves the files by reducing their colours.
"""

from __future__ import annotations

import contextlib
import importlib
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

ROOT = Path(__file__).parent.parent
PICTURES = {"light": ROOT / "docs" / "workbench.png", "dark": ROOT / "docs" / "workbench-dark.png"}
SIZE = {"width": 1440, "height": 900}
STEP = 180  # the average is stuck, the maximum on its way
COLOURS = 256
REACHED = """(step) => Number(
  document.getElementById('run-state').textContent.match(/step ([0-9,]+)/)?.[1].replace(',', '')) >= step"""


def main() -> None:
    from tests.browser.chromium import executable

    with tempfile.TemporaryDirectory() as folder, server(folder) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable(), args=["--no-sandbox"])
        for scheme, path in PICTURES.items():
            take(browser, address, scheme, path)
            reduce(path)
            print(f"{path.relative_to(ROOT)}: {path.stat().st_size / 1024:.0f} KB")
        browser.close()


def take(browser: Browser, address: str, scheme: str, path: Path) -> None:
    page = browser.new_page(base_url=address, viewport=SIZE, color_scheme=scheme)  # type: ignore[arg-type]
    page.goto("/")
    page.wait_for_selector("[data-node]")
    page.wait_for_load_state("networkidle")
    page.get_by_role("button", name="Train", exact=True).click()
    page.wait_for_function(REACHED, arg=STEP)
    page.mouse.move(600, 430)
    page.screenshot(path=path)
    page.get_by_role("button", name="Stop").click()
    page.get_by_role("button", name="Train", exact=True).wait_for()
    page.close()


def reduce(path: Path) -> None:
    """Fewer colours and a tighter packing, where Pillow is installed."""
    with contextlib.suppress(ImportError):
        image = importlib.import_module("PIL.Image").open(path).convert("RGB")
        image.quantize(COLOURS, kmeans=1, dither=0).save(path, optimize=True)


@contextmanager
def server(folder: str) -> Iterator[str]:
    """The address of a server with the examples in place."""
    command = [sys.executable, "-m", "tests.app.start_server", folder, "--examples"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield next(word for line in process.stdout for word in line.split() if word.startswith("http"))
        finally:
            process.terminate()


if __name__ == "__main__":
    main()
