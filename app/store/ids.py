"""Names that cannot be guessed and that every file system, address and selector takes as they are."""

import base64
import re
import secrets

PATTERN = r"[a-z0-9][a-z0-9_-]{0,63}"


def new_id() -> str:
    """128 random bits as 26 small letters and digits. Examples may have a plain word instead."""
    return base64.b32encode(secrets.token_bytes(16)).decode().rstrip("=").lower()


def is_id(text: str) -> bool:
    """Whether this may be an id, and so a folder's name."""
    return re.fullmatch(PATTERN, text) is not None
