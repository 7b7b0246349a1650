"""Build hook: compiles the tape's C library where it can, and ships it and the pages in the wheel."""

import subprocess
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface
from packaging.tags import sys_tags

TAPE = Path("engine", "tape")
PAGES = ("templates", "static")
PACKED_PACKAGES = Path("static", "vendor", "manifest.json")


class ProductBuildHook(BuildHookInterface[Any]):
    """Hatchling calls `initialize` before it collects files, for a wheel and for an editable installation."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if self.target_name != "wheel":
            return
        self._compile_tape()
        if version != "editable":
            self._ship_pages(build_data)
            self._ship_tape(build_data)

    def _compile_tape(self) -> None:
        """Run `engine/tape/build.py` as a script: it may use the standard library only, not the package."""
        script = TAPE / "build.py"
        if not Path(self.root, script).exists():
            return
        answer = subprocess.run([sys.executable, "-P", script], cwd=self.root, check=False)
        if answer.returncode != 0:
            self.app.display_warning("The tape was not compiled, so training will use the slower callbacks.")

    def _ship_pages(self, build_data: dict[str, Any]) -> None:
        """Put the page folders where `app/assets.py` looks for them."""
        if not Path(self.root, PACKED_PACKAGES).exists():
            raise FileNotFoundError(f"{PACKED_PACKAGES} is missing; run `make wheel`, which packs it first.")
        for folder in PAGES:
            if Path(self.root, folder).is_dir():
                build_data["force_include"][folder] = f"app/_assets/{folder}"

    def _ship_tape(self, build_data: dict[str, Any]) -> None:
        """Take the library along; the wheel then fits this platform only, but every Python."""
        libraries = [*Path(self.root, TAPE).glob("*.so"), *Path(self.root, TAPE).glob("*.dylib")]
        if not libraries:
            return
        build_data["artifacts"] += [f"/{library.relative_to(self.root)}" for library in libraries]
        build_data["pure_python"] = False
        build_data["tag"] = f"py3-none-{next(sys_tags()).platform}"
