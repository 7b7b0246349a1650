"""Where the pages' files lie: beside `app` in a checkout, inside it in an installed wheel."""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def templates() -> Path:
    """The folder of Jinja templates."""
    return _folder("templates")


def static() -> Path:
    """The folder of scripts, styles and packed npm packages that browsers fetch."""
    return _folder("static")


def _folder(name: str) -> Path:
    shipped = _PACKAGE / "_assets" / name
    return shipped if shipped.is_dir() else _PACKAGE.parent / name
