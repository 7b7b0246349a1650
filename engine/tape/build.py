"""Compiles the tape: one library a machine, in single and double precision, for AVX-512, for AVX2 and for any other.

Run when the product is installed or a wheel is made: `python engine/tape/build.py`. Uses the standard library only.
Exits with 1 and a sentence when there is no C compiler that can do it; the callbacks train then, more slowly.
"""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from runpy import run_path

HERE = Path(__file__).resolve().parent
FLAGS = [
    "-O3",
    "-fPIC",
    "-fno-math-errno",
    "-fno-trapping-math",
    "-ffp-contract=fast",
    "-Wall",
    "-Werror=switch",
    "-Wno-psabi",
]
WIDTHS = {
    "avx512": ["-march=x86-64-v4", "-mprefer-vector-width=512"],
    "avx2": ["-march=x86-64-v3"],
    "plain": [],
}


def widths() -> dict[str, list[str]]:
    """The variants that make sense on this kind of machine."""
    if platform.machine().lower() in ("x86_64", "amd64"):
        return WIDTHS
    return {"plain": WIDTHS["plain"]}


def build(folder: Path = HERE) -> list[Path]:
    """Compiles every variant that the compiler knows, each under a temporary name until it is whole. Raises OSError."""
    compiler = next(
        (found for name in (os.environ.get("CC"), "cc", "gcc", "clang") if name and (found := shutil.which(name))), None
    )
    if compiler is None:
        raise OSError("There is no C compiler. Install gcc or clang to train at full speed.")
    made, refused = [], []
    for name, flags in widths().items():
        try:
            made.append(_variant(compiler, name, flags, folder))
        except OSError as error:
            refused.append(error)
    if not made:
        raise refused[-1]
    return made


def _variant(compiler: str, name: str, flags: list[str], folder: Path) -> Path:
    sources = run_path(str(HERE / "sources.py"))["fingerprint"]()
    with tempfile.TemporaryDirectory(dir=folder) as temporary:
        objects = []
        for bytes_ in ("4", "8"):
            objects.append(f"{temporary}/{bytes_}.o")
            told = [f"-DREAL_BYTES={bytes_}", f"-DSOURCES={sources}u"]
            _call([compiler, *FLAGS, *flags, *told, "-c", str(HERE / "tape.c"), "-o", objects[-1]])
        whole = f"{temporary}/whole.so"
        _call([compiler, "-shared", *objects, "-o", whole, "-lm", "-lpthread"])
        made = folder / f"tape-{name}.so"
        os.replace(whole, made)
    return made


def _call(command: list[str]) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise OSError(f"The C compiler refused the tape: {done.stderr.strip()[:2000]}")


if __name__ == "__main__":
    try:
        build()
    except OSError as error:
        print(error, file=sys.stderr)
        sys.exit(1)
