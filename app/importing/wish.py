"""What a person chose about a file's writing; whatever they left open, the intake finds out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from app.problems import HTTPProblem

WORDS = {
    "comma": ",",
    "semicolon": ";",
    "tab": "\t",
    "\\t": "\t",
    "pipe": "|",
    "space": " ",
    "point": ".",
    "double": '"',
    "single": "'",
    "none": "",
}
AUTO = ("", "auto")


def _mark(text: str) -> str:
    return WORDS.get(text.lower(), text)


def _flag(text: str) -> bool:
    return {"true": True, "yes": True, "false": False, "no": False}[text.lower()]


def _line(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else int("not a line")


FIELDS: Mapping[str, tuple[Callable[[str], Any], str]] = {
    "delimiter": (_mark, "one character, or comma, semicolon, tab, pipe, space or none"),
    "quote": (_mark, "double, single or none"),
    "decimal": (_mark, "point or comma"),
    "thousands": (_mark, "point, comma, space or none"),
    "encoding": (str, "the name of an encoding, such as utf-8"),
    "header": (_flag, "true or false"),
    "first_line": (_line, "the number of a line"),
}
"""By field, how it is read and what it takes."""


def read_wish(fields: Mapping[str, str]) -> dict[str, Any]:
    """The fields of a form that say how a file is written, as `app.intake.Dialect` takes them.

    Raises HTTPProblem 422 for a field that is not known, or that says what cannot be.
    """
    unknown = sorted(fields.keys() - FIELDS.keys())
    if unknown:
        raise _refused(unknown[0], f"is not known here. Known are: file, name, {', '.join(FIELDS)}")
    wish: dict[str, Any] = {}
    for name, text in fields.items():
        read, takes = FIELDS[name]
        if text not in AUTO:
            try:
                wish[name] = read(text)
            except (KeyError, ValueError):
                raise _refused(name, f"must be {takes}") from None
    return wish


def _refused(name: str, why: str) -> HTTPProblem:
    message = f"The field '{name[:60]}' {why}."
    problem = {"code": "form-field", "field": name[:60], "message": message}
    return HTTPProblem(422, "validation", message, problems=[problem])
