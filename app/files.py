"""Files that are whole or not there, whenever the power goes: written aside, synced, then named."""

from __future__ import annotations

import fcntl
import os
import secrets
import shutil
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from app.errors import FolderInUse

ASIDE = ".tmp-"  # how the name of everything unfinished begins


def write_file(path: Path, chunks: Iterable[bytes]) -> None:
    """Put a file in place of any that is there. On return it is on the disk; before that, the old one is."""
    aside = aside_name(path.parent)
    try:
        with aside.open("xb") as file:
            for chunk in chunks:
                file.write(chunk)
            file.flush()
            os.fsync(file.fileno())
        aside.rename(path)
    except BaseException:
        aside.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def new_folder(parent: Path) -> Path:
    """An empty folder aside, to be filled and then published, or removed."""
    parent.mkdir(parents=True, exist_ok=True)
    aside = aside_name(parent)
    aside.mkdir(mode=0o700)
    return aside


def publish_folder(aside: Path, path: Path) -> None:
    """Give a filled folder its name, all of it on the disk. Raises OSError where the name is taken."""
    for folder, _, names in os.walk(aside):
        for name in names:
            _sync(Path(folder, name), os.O_RDONLY)
        sync_folder(Path(folder))
    if path.exists():
        raise FileExistsError(f"{path.name} is there already.")
    aside.rename(path)
    sync_folder(path.parent)


def remove_folder(path: Path) -> None:
    """Take a folder away: its name at once, then what is in it. One that is not there is no mistake."""
    aside = aside_name(path.parent)
    with suppress(FileNotFoundError):
        path.rename(aside)
        sync_folder(path.parent)
        shutil.rmtree(aside, ignore_errors=True)


def sweep(parent: Path, known: Collection[str] | None) -> list[str]:
    """Remove what a crash left: unfinished names, and folders that are not `known`. None keeps all folders.

    Only for the one who holds the data folder: another's unfinished work looks the same.
    """
    left = [entry for entry in parent.iterdir() if _is_left_over(entry, known)] if parent.is_dir() else []
    for entry in left:
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry, ignore_errors=True)
        else:
            entry.unlink(missing_ok=True)
    return sorted(entry.name for entry in left)


def free_bytes(folder: Path) -> int:
    """Room that an ordinary user has left on the disk of this folder."""
    return shutil.disk_usage(folder).free


@contextmanager
def held(folder: Path) -> Iterator[None]:
    """Be the only server on a data folder. When the process ends, however it ends, the system lets go."""
    with (folder / "lock").open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            other = file.read(80).strip() or "unknown"
            raise FolderInUse(
                f"Another Backchannel (process {other}) already works on the folder {folder}. "
                "Stop it, or give this one a folder of its own with --data-dir."
            ) from None
        file.truncate(0)
        file.write(f"{os.getpid()}\n")
        file.flush()
        yield


def aside_name(parent: Path) -> Path:
    return parent / f"{ASIDE}{secrets.token_hex(8)}"


def sync_folder(folder: Path) -> None:
    """Make the names in a folder survive a loss of power."""
    _sync(folder, os.O_RDONLY | os.O_DIRECTORY)


def _sync(path: Path, flags: int) -> None:
    handle = os.open(path, flags)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _is_left_over(entry: Path, known: Collection[str] | None) -> bool:
    unknown = known is not None and entry.is_dir() and entry.name not in known
    return entry.name.startswith(ASIDE) or unknown
