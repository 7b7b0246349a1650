"""Receives a form with one file, as it comes in: the file goes to the disk and is never whole in memory."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from fastapi import Request
from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header
from starlette.concurrency import run_in_threadpool

from app.problems import HTTPProblem

logging.getLogger("python_multipart").setLevel(logging.CRITICAL)  # it repeats what people sent
PIECE = 1 << 20  # bytes that are collected before they are written
MOST_FIELDS = 20
LONGEST_FIELD = 4096
PATIENCE = 30.0  # seconds without a byte after which the sender is taken for gone


@dataclass(frozen=True)
class Upload:
    """A received file, what its sender called it, and the other fields of the form."""

    path: Path
    name: str
    size: int
    fields: Mapping[str, str]


async def receive(
    request: Request, path: Path, *, received: Callable[[int], None] = lambda size: None, patience: float = PATIENCE
) -> Upload:
    """Write the field `file` of the request's form to a new file, telling `received` how many bytes are there.

    Raises HTTPProblem: 400 for a form that cannot be read, 408, 415, and 422 where there is not exactly one file.
    """
    form = _Form(_boundary(request.headers.get("Content-Type", "")))
    chunks, size = aiter(request.stream()), 0
    with path.open("xb") as file:
        while True:
            try:
                chunk = await asyncio.wait_for(anext(chunks), patience)
            except StopAsyncIteration:
                break
            except TimeoutError:
                raise HTTPProblem(408, "stalled", "The upload stopped halfway. Try again.") from None
            size += len(chunk)
            form.take(chunk)
            if len(form.waiting) >= PIECE:
                await run_in_threadpool(form.write, file)
            received(size)
        await run_in_threadpool(form.write, file)
        form.end()
        return Upload(path, form.file_name or "", file.tell(), form.fields)


def _boundary(content_type: str) -> bytes:
    type, options = parse_options_header(content_type)
    if type != b"multipart/form-data" or not options.get(b"boundary"):
        raise HTTPProblem(415, "form-type", "Send the file as a form here: multipart/form-data with a field 'file'.")
    return options[b"boundary"]


class _Form:
    """What was read of a form so far. `waiting` are bytes of the file that are not written yet."""

    def __init__(self, boundary: bytes) -> None:
        self.fields: dict[str, str] = {}
        self.file_name: str | None = None
        self.waiting = bytearray()
        self._field = self._header = self._value = b""
        self._headers: dict[bytes, bytes] = {}
        self._name = ""
        self._in_file = self._ended = False
        self._parser = MultipartParser(
            boundary,
            {
                "on_part_begin": self._on_part_begin,
                "on_header_field": self._on_header_field,
                "on_header_value": self._on_header_value,
                "on_header_end": self._on_header_end,
                "on_headers_finished": self._on_headers_finished,
                "on_part_data": self._on_part_data,
                "on_part_end": self._on_part_end,
                "on_end": self._on_end,
            },
        )

    def take(self, chunk: bytes) -> None:
        try:
            self._parser.write(chunk)
        except FormParserError as error:
            raise _unreadable() from error

    def write(self, file: IO[bytes]) -> None:
        file.write(self.waiting)
        self.waiting.clear()

    def end(self) -> None:
        """To be called once all was taken."""
        if not self._ended:
            raise _unreadable()
        if self.file_name is None:
            raise HTTPProblem(422, "no-file", "The form has no file in the field 'file'. Choose a file.")

    def _on_part_begin(self) -> None:
        self._header = self._value = self._field = b""
        self._headers, self._in_file = {}, False

    def _on_header_field(self, data: bytes, start: int, end: int) -> None:
        self._header += data[start:end]

    def _on_header_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def _on_header_end(self) -> None:
        self._headers[self._header.lower()] = self._value
        self._header = self._value = b""

    def _on_headers_finished(self) -> None:
        _, options = parse_options_header(self._headers.get(b"content-disposition", b""))
        self._name = _text(options.get(b"name", b""))
        if b"filename" in options:
            if self._name != "file" or self.file_name is not None:
                raise HTTPProblem(422, "one-file", "Send one file at a time, in the field 'file'.")
            self._in_file, self.file_name = True, _text(options[b"filename"])
        elif self._name in self.fields or len(self.fields) >= MOST_FIELDS:
            raise HTTPProblem(422, "form-fields", "The form has a field twice, or far too many fields.")

    def _on_part_data(self, data: bytes, start: int, end: int) -> None:
        if self._in_file:
            self.waiting += data[start:end]
            return
        self._field += data[start:end]
        if len(self._field) > LONGEST_FIELD:
            raise HTTPProblem(422, "form-fields", f"A field of the form has more than {LONGEST_FIELD:,} bytes.")

    def _on_part_end(self) -> None:
        if not self._in_file:
            self.fields[self._name] = _text(self._field)

    def _on_end(self) -> None:
        self._ended = True


def _text(data: bytes) -> str:
    return data.decode("utf-8", "replace")


def _unreadable() -> HTTPProblem:
    return HTTPProblem(400, "form", "The form cannot be read: it breaks off or is damaged. Send it again.")
