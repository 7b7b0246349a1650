"""Finds what is there by its file: adding a kind, a loss or a schedule is adding a file."""

from __future__ import annotations

import importlib
import pkgutil
from typing import Any


def discover(package: str, attribute: str) -> dict[str, Any]:
    """By name of its file, the attribute of every module of a package. A trailing underscore of a name is dropped."""
    path = importlib.import_module(package).__path__
    names = sorted(found.name for found in pkgutil.iter_modules(path))
    return {name.rstrip("_"): getattr(importlib.import_module(f"{package}.{name}"), attribute) for name in names}
