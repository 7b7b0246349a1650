"""Which Backchannel this is, from the one place that says so: the installed package."""

from importlib import metadata


def version() -> str:
    """The version, or "0" in a checkout that was never installed."""
    try:
        return metadata.version("backchannel")
    except metadata.PackageNotFoundError:
        return "0"
