"""What the intake says about a table: plain JSON data, kept beside the columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from app.intake.dialect import Dialect
from app.intake.figures import Histogram

FORMAT = "backchannel.table"
VERSION = 1


@dataclass(frozen=True)
class ColumnDescription:
    """One column. What does not belong to its type is None.

    `type` is number, boolean, date, category or text; `file` holds its values as `.npy`. `categories` stand in
    the order of their codes; where they are many, they stand in `categories_file` instead. `distinct` is exact
    up to `figures.MOST_DISTINCT`.
    """

    name: str
    type: str
    file: str
    missing: int
    distinct: int
    minimum: float | None = None
    maximum: float | None = None
    mean: float | None = None
    deviation: float | None = None
    histogram: Histogram | None = None
    categories: tuple[str, ...] | None = None
    counts: tuple[int, ...] | None = None
    categories_file: str | None = None
    examples: tuple[str, ...] = ()
    note: str | None = None

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> ColumnDescription:
        histogram = data["histogram"]
        tuples = {key: _tuple(data[key]) for key in ("categories", "counts", "examples")}
        bins = histogram and Histogram(tuple(histogram["edges"]), tuple(histogram["counts"]))
        return cls(**{**data, **tuples, "histogram": bins})


@dataclass(frozen=True)
class Rejection:
    """A line that is not in the table, and why."""

    line: int
    reason: str


@dataclass(frozen=True)
class Rejected:
    """How many lines were rejected, and the first of them."""

    count: int = 0
    first: tuple[Rejection, ...] = ()


@dataclass(frozen=True)
class TableDescription:
    """A table: its columns, what was left out of it, how it was written, and what a person should look at.

    target: the column that is probably to be estimated; row_numbers: those that only number the rows.
    """

    name: str
    rows: int
    columns: tuple[ColumnDescription, ...]
    rejected: Rejected
    dialect: Dialect
    warnings: tuple[str, ...]
    target: str | None
    row_numbers: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        return {"format": FORMAT, "version": VERSION, **_plain(asdict(self))}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> TableDescription:
        """Raises ValueError for another format or a later version."""
        data = dict(data)
        if (data.pop("format", None), data.pop("version", None)) != (FORMAT, VERSION):
            raise ValueError(f"this is not a {FORMAT} of version {VERSION}")
        first = tuple(Rejection(**each) for each in data["rejected"]["first"])
        return cls(
            **{
                **data,
                "columns": tuple(map(ColumnDescription.from_json, data["columns"])),
                "rejected": Rejected(data["rejected"]["count"], first),
                "dialect": Dialect.from_json(data["dialect"]),
                "warnings": tuple(data["warnings"]),
                "row_numbers": tuple(data.get("row_numbers", ())),
            }
        )


def _tuple(items: Sequence[Any] | None) -> tuple[Any, ...] | None:
    return None if items is None else tuple(items)


def _plain(value: Any) -> Any:
    """Tuples as lists, as JSON has them."""
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    return [_plain(item) for item in value] if isinstance(value, tuple | list) else value
