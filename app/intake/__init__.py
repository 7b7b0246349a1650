"""The intake: a CSV file on disk becomes a table folder on disk, and nothing is wrong in silence."""

from app.intake.description import ColumnDescription, Rejected, Rejection, TableDescription
from app.intake.dialect import Dialect
from app.intake.importer import Imported, import_file
from app.intake.limits import Limits
from app.intake.refusal import Refused

__all__ = [
    "ColumnDescription",
    "Dialect",
    "Imported",
    "Limits",
    "Refused",
    "Rejected",
    "Rejection",
    "TableDescription",
    "import_file",
]
