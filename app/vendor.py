"""The packed npm packages: which file holds which, for the page's import map and style sheets."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = "/static/vendor/"


@dataclass(frozen=True)
class Vendor:
    """`modules` and `styles` by name of the package, `shared` is what several modules need: paths on the server."""

    modules: Mapping[str, str]
    styles: Mapping[str, str]
    shared: Sequence[str]

    @property
    def import_map(self) -> dict[str, Mapping[str, str]]:
        """What a page says so that scripts can name packages."""
        return {"imports": self.modules}


def read_vendor(static: Path) -> Vendor:
    """What `scripts/vendor.mjs` wrote. Raises FileNotFoundError before it ran."""
    manifest = json.loads((static / "vendor" / "manifest.json").read_text())
    return Vendor(
        {name: ROOT + file for name, file in manifest["modules"].items()},
        {name: ROOT + file for name, file in manifest["styles"].items()},
        [ROOT + file for file in manifest["shared"]],
    )
