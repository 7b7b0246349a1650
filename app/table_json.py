"""A table as answers tell it: what the intake said, without the names of its files."""

from __future__ import annotations

import json
from typing import Any

from app.store.tables import Table

OURS_ALONE = ("format", "version", "name")
FILES = ("file", "categories_file")


def told(table: Table) -> dict[str, Any]:
    """id, name and created, then the description: rows, columns, rejected, dialect, warnings, target."""
    description = {name: value for name, value in json.loads(table.description).items() if name not in OURS_ALONE}
    columns = [{name: value for name, value in c.items() if name not in FILES} for c in description["columns"]]
    return {"id": table.id, "name": table.name, "created": table.created, **description, "columns": columns}
