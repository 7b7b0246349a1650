"""Which Chromium the browser tests drive."""

import os

from scripts.browser import RECORD


def executable() -> str:
    """The path of a Chromium that runs, as the environment or else `scripts/browser.py` says."""
    if chosen := os.environ.get("BACKCHANNEL_CHROMIUM"):
        return chosen
    if not RECORD.exists():
        raise FileNotFoundError("No Chromium is known yet: run `.venv/bin/python scripts/browser.py` once.")
    return RECORD.read_text()
