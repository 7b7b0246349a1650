"""What people call things, and what files of these names may be called."""

from __future__ import annotations

import re
from collections.abc import Collection
from itertools import count
from typing import Annotated
from urllib.parse import quote

from pydantic import BaseModel, ConfigDict, StringConstraints

LONGEST = 200
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=LONGEST)]


class NameBody(BaseModel):
    """A new name."""

    model_config = ConfigDict(extra="forbid")
    name: Name


def clean(text: str) -> str:
    """The text as a name: without odd characters and blanks around it, and not too long. May be empty."""
    return "".join(letter for letter in text if letter.isprintable()).strip()[:LONGEST].strip()


def name_of_file(file: str) -> str:
    """A name for what stands in a file: the file's own, without folders and ending. May be empty."""
    last = re.split(r"[/\\]", file)[-1]
    return clean(re.sub(r"(?<=.)\.[A-Za-z0-9]{1,8}$", "", last))


def apart(name: str, taken: Collection[str]) -> str:
    """The name, with a number behind it where another thing is called so: "Sales (2)"."""
    numbered = (f"{name[: LONGEST - 8]} ({number})" for number in count(2))
    return name if name not in taken else next(told for told in numbered if told not in taken)


def attachment(name: str, suffix: str) -> str:
    """The header Content-Disposition of a download; whatever the name, the file's is one that every system takes."""
    plain = re.sub(r"[^A-Za-z0-9._-]+", "-", name).strip("-._")[:80] or "backchannel"
    told = re.sub(r'[\x00-\x1f\x7f"*/:<>?\\|]+', "-", name).strip(" .-")[:80] or plain
    return f"attachment; filename=\"{plain}.{suffix}\"; filename*=UTF-8''{quote(f'{told}.{suffix}', safe='')}"
