"""`python -m app.cli` is `backchannel`."""

from app.cli import main

if __name__ == "__main__":
    raise SystemExit(main())
