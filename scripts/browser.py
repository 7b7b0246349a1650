"""Finds a Chromium for the browser tests, installs one where there is none, and writes down where it is."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import sync_playwright

RECORD = Path(__file__).resolve().parents[1] / ".venv" / "chromium-path"
NAMES = ("chromium", "chromium-browser", "google-chrome")

PLAYWRIGHT = [[sys.executable, "-m", "playwright", "install", "chromium"]]
DEBIAN = [["apt-get", "update", "--quiet"], ["apt-get", "install", "--quiet", "--yes", "chromium"]]
SECONDS_TO_INSTALL = 600
SECONDS_TO_START = 30


def main() -> int:
    """Exit code 0 when `RECORD` holds the path of a Chromium that runs, 1 when there is none."""
    browser = find() or install()
    if browser is None:
        print(
            "The tests need Chromium: install it (on Debian: apt-get install chromium), "
            "or name one with BACKCHANNEL_CHROMIUM=/path/to/chromium.",
            file=sys.stderr,
        )
        return 1
    RECORD.write_text(browser)
    return 0


def find() -> str | None:
    """The first Chromium that really runs: a name on PATH may be a stub that only asks for a download."""
    return next((path for path in candidates() if runs(path)), None)


def candidates() -> Iterator[str]:
    """Paths where a Chromium may be, the person's own choice first."""
    if chosen := os.environ.get("BACKCHANNEL_CHROMIUM"):
        yield chosen
    with sync_playwright() as playwright:
        yield playwright.chromium.executable_path
    yield from filter(None, map(shutil.which, NAMES))


def runs(path: str) -> bool:
    """Whether the program at `path` starts and says its version."""
    return succeeds([path, "--version"], SECONDS_TO_START)


def install() -> str | None:
    """The Chromium that Playwright's download or else Debian's package brought, or None."""
    for commands in filter(None, (PLAYWRIGHT, DEBIAN if may_use_apt() else None)):
        print(f"No Chromium found; trying `{' '.join(commands[-1])}`.", file=sys.stderr)
        if all(succeeds(command, SECONDS_TO_INSTALL) for command in commands) and (browser := find()):
            return browser
    return None


def may_use_apt() -> bool:
    """Only root may, and only Debian and its relatives have it."""
    return os.geteuid() == 0 and shutil.which("apt-get") is not None


def succeeds(command: list[str], seconds: int) -> bool:
    """Whether `command` ends well within `seconds`; what it prints does not matter."""
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    nothing = subprocess.DEVNULL
    try:
        subprocess.run(
            command,
            env=environment,
            stdin=nothing,
            stdout=nothing,
            stderr=nothing,
            timeout=seconds,
            check=True,
        )
    except (OSError, subprocess.SubprocessError):
        return False
    return True


if __name__ == "__main__":
    sys.exit(main())
