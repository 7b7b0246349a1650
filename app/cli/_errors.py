"""What is said when something goes wrong: one sentence, never a traceback."""

from __future__ import annotations

from app.errors import AppError
from engine.errors import EngineError, GraphRefused


class Misuse(Exception):
    """The command cannot be carried out as it was given; the message is a sentence for the person."""


def sentence(error: Exception) -> str:
    """What to say of an error: our own sentences as they are, the system's with the file that it is about."""
    if isinstance(error, GraphRefused):
        first = f"{error.problems[0].message} {error.problems[0].hint}"
        more = len(error.problems) - 1
        return f"{first} And {more} more: 'backchannel check' lists them." if more else first
    if isinstance(error, Misuse | AppError | EngineError):
        return str(error)
    if isinstance(error, OSError) and error.strerror:
        about = f"{error.filename}: " if error.filename else ""
        return f"{about}{error.strerror}."
    if isinstance(error, MemoryError):
        return "There is not enough memory for this."
    told = " ".join(str(error).split())
    return f"This is our mistake, not yours ({type(error).__name__}: {told[:200]})."
