"""Which Backchannel this is, from the one place that says so: the installed package."""


def version() -> str:
    """The version, or "0" in a checkout that was never installed."""
    from importlib import metadata

    try:
        return metadata.version("backchannel")
    except metadata.PackageNotFoundError:
        return "0"
