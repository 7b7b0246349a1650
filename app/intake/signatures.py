"""Files that are no text at all, known by their first bytes, and what to do with each."""

from __future__ import annotations

import re

from app.intake.refusal import Refused

EXCEL = "This is an Excel workbook.", "Save the sheet as CSV and use that."
UNPACK = "Unpack it and use the CSV file inside."
EXPORT = "Export the table as CSV and use that."
PICTURE = "Use the table that it shows, as CSV."

SIGNATURES: tuple[tuple[bytes, str, str], ...] = (
    (b"\xd0\xcf\x11\xe0", *EXCEL),
    (b"PK\x03\x04", "This is a ZIP archive.", UNPACK),
    (b"PK\x05\x06", "This is an empty ZIP archive.", "Use a CSV file."),
    (b"\x1f\x8b", "This file is packed with gzip.", UNPACK),
    (b"BZh", "This file is packed with bzip2.", UNPACK),
    (b"\xfd7zXZ\x00", "This file is packed with xz.", UNPACK),
    (b"\x28\xb5\x2f\xfd", "This file is packed with zstd.", UNPACK),
    (b"7z\xbc\xaf\x27\x1c", "This is a 7z archive.", UNPACK),
    (b"Rar!\x1a\x07", "This is a RAR archive.", UNPACK),
    (b"PAR1", "This is a Parquet file.", EXPORT),
    (b"ARROW1", "This is an Arrow file.", EXPORT),
    (b"FEA1", "This is a Feather file.", EXPORT),
    (b"SQLite format 3\x00", "This is an SQLite database.", EXPORT),
    (b"\x89HDF", "This is an HDF5 file.", EXPORT),
    (b"\x93NUMPY", "This is a NumPy array.", EXPORT),
    (b"\x89PNG", "This is a PNG picture.", PICTURE),
    (b"\xff\xd8\xff", "This is a JPEG picture.", PICTURE),
    (b"GIF8", "This is a GIF picture.", PICTURE),
)
PACKED: tuple[tuple[bytes, str, str], ...] = (
    (b"opendocument.spreadsheet", "This is an OpenDocument spreadsheet.", EXCEL[1]),
    (b"[Content_Types].xml", *EXCEL),
    (b"xl/", *EXCEL),
)
WRITTEN: tuple[tuple[re.Pattern[bytes], str, str], ...] = (
    (re.compile(rb"%PDF-"), "This is a PDF document.", PICTURE),
    (re.compile(rb"\{\\rtf"), "This is an RTF document.", PICTURE),
    (re.compile(rb"\s*<(!doctype html|html)", re.IGNORECASE), "This is a web page.", EXPORT),
    (re.compile(rb"\s*<\?xml"), "This is an XML file.", EXPORT),
    (re.compile(rb"\s*(\{\s*[\"}]|\[\s*[{\[])"), "This is a JSON file.", EXPORT),
)


NOT_TEXT = re.compile(rb"[\x00-\x08\x0e-\x1f\x80-\xff]")


def refuse_known(head: bytes) -> None:
    """Raise Refused if the first bytes of a file belong to a format that is no CSV."""
    head = head.removeprefix(b"\xef\xbb\xbf")[:4096]
    if NOT_TEXT.search(head[:64]):  # so that a table whose first column is named "PAR1" passes
        _refuse_binary(head)
    for pattern, reason, cure in WRITTEN:
        if pattern.match(head):
            raise Refused(reason, cure)


def _refuse_binary(head: bytes) -> None:
    if head.startswith(b"PK\x03\x04"):
        for part, reason, cure in PACKED:
            if part in head:
                raise Refused(reason, cure)
    for start, reason, cure in SIGNATURES:
        if head.startswith(start):
            raise Refused(reason, cure)
