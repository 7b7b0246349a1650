"""The formats in which a model can be carried off, by the name that addresses and command lines have for each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from app.model_documents import text_of
from engine.model import Model


@dataclass(frozen=True)
class Format:
    """One format: what it is, in short on a button, what its files end with, and what writes a model in it."""

    title: str
    short: str
    suffix: str
    media_type: str
    write: Callable[[Model], bytes]


def formats() -> Mapping[str, Format]:
    """Every format that there is, by its name in addresses and on command lines."""
    return {"json": Format("Model document", "JSON", "json", "application/json", _document)}


def no_such(name: str) -> str:
    """The sentence for a format that there is not."""
    return f"There is no format '{name[:40]}'. There is: {', '.join(formats())}."


def _document(model: Model) -> bytes:
    return text_of(model).encode()
