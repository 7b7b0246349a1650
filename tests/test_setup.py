"""The set-up: lock files, the search for a Python, a Node and a Chromium, and what a wheel carries."""

import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from app import assets
from scripts import browser
from tests.engine.compiled import compiled, hasty_compiler

ROOT = Path(__file__).parents[1]
NOT_SOURCE = (".git", ".hypothesis", ".venv", "*_cache", "build", "data", "dist", "node_modules", "*.so", "*.dylib")
PIP_LOCKS = sorted(ROOT.glob("requirements*.lock"))


@pytest.mark.parametrize("lock", PIP_LOCKS, ids=lambda path: path.name)
def test_every_python_package_is_pinned_with_hashes(lock: Path) -> None:
    entries = re.split(r"\n(?=\S)", re.sub(r"^ *#.*\n", "", lock.read_text(), flags=re.MULTILINE).strip())
    assert entries
    for entry in entries:
        assert re.match(r"[a-z0-9-]+==\S+ .*--hash=sha256:[0-9a-f]{64}", entry, re.DOTALL), entry


def test_what_runs_is_also_what_is_tested() -> None:
    pins = [set(re.findall(r"^(\S+==\S+)", lock.read_text(), re.MULTILINE)) for lock in PIP_LOCKS]
    tested, _node, needed = pins
    assert needed < tested


@pytest.mark.parametrize("lock", [*PIP_LOCKS, ROOT / "package-lock.json"], ids=lambda path: path.name)
def test_no_lock_file_names_a_registry(lock: Path) -> None:
    assert not re.search(r"index-url|find-links|\"resolved\"|file:|git\+", lock.read_text())


def test_every_npm_package_is_pinned_with_its_hash() -> None:
    packages = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    packages.pop("")  # our own
    assert all(package.get("integrity", "").startswith("sha512-") for package in packages.values())


def test_a_python_that_does_not_run_is_passed_over(tmp_path: Path) -> None:
    write_command(tmp_path / "python3", "exit 127")
    write_command(tmp_path / "python3.13", "exit 1")
    (tmp_path / "python3.11").symlink_to(sys.executable)
    answer = run_script("python.sh", path=tmp_path)
    assert Path(answer.stdout.strip()).resolve() == Path(sys.executable).resolve()


def test_without_a_python_the_set_up_says_what_to_do(tmp_path: Path) -> None:
    answer = run_script("python.sh", path=tmp_path)
    assert answer.returncode == 1
    assert "needs Python 3.11 or newer" in answer.stderr
    assert answer.stderr.count("\n") == 1


def test_the_machines_own_node_is_used_where_it_is_new_enough(tmp_path: Path) -> None:
    real = run_script("node.sh", "node", "--print", "process.execPath", path=os.environ["PATH"])
    (tmp_path / "node").symlink_to(real.stdout.strip())
    write_command(tmp_path / "npm", "exit 0")
    write_command(tmp_path / "which-node", "command -v node")
    answer = run_script("node.sh", "which-node", path=f"{tmp_path}:/usr/bin:/bin")
    assert answer.stdout.strip() == str(tmp_path / "node")


def test_a_chosen_chromium_comes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    chosen = tmp_path / "chromium"
    write_command(chosen, "exit 0")
    monkeypatch.setenv("BACKCHANNEL_CHROMIUM", str(chosen))
    assert browser.find() == str(chosen)


def test_a_chromium_that_does_not_start_is_passed_over(tmp_path: Path) -> None:
    stub = tmp_path / "chromium"
    write_command(stub, "echo 'install the snap'; exit 1")
    assert not browser.runs(str(stub))
    assert not browser.runs(str(tmp_path / "missing"))


def test_no_committed_file_knows_a_registry_or_a_machine() -> None:
    """Addresses are of this machine, of examples and of what names itself by one; paths are relative."""
    ours = {"127.0.0.1", "localhost", "server", "x", "a.org", "evil.example", ""}
    known = ours | {"www.w3.org", "opencollective.com", "htmx.org"}
    for path in committed():
        text = path.read_text(encoding="utf-8", errors="replace")
        hosts = {host.lower() for host in re.findall(r"[a-z+]+://(?:[^\s/@]*@)?([\w.-]*)", text, re.IGNORECASE)}
        assert {host for host in hosts - known if not host.endswith(".example.org")} == set(), path
        assert not re.search(r"(?<![\w.])/(root|home|Users|work|opt|srv)/\w", text), path


def committed() -> list[Path]:
    """What git tracks in this checkout."""
    told = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True, text=True).stdout
    return [path for name in told.split("\0") if name and (path := ROOT / name).is_file()]


@compiled
def test_the_wheel_carries_the_pages_their_packages_and_the_compiled_tape(tmp_path: Path) -> None:
    wheel = build_wheel(tmp_path, CC=hasty_compiler(tmp_path))
    assert not wheel.name.endswith("-any.whl")
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
        archive.extractall(tmp_path / "installed")
    loads = "from engine.tape.library import library; assert library()"
    environment = {**os.environ, "PYTHONPATH": str(tmp_path / "installed")}
    subprocess.run([sys.executable, "-c", loads], cwd=tmp_path, env=environment, check=True)
    packed = {path.name for path in (assets.static() / "vendor").iterdir()}
    assert {f"app/_assets/static/vendor/{name}" for name in packed} <= names
    assert {"app/assets.py", "engine/tape/tape-plain.so", "engine/tape/tape.c"} <= names
    assert not any(name.startswith(("tests/", "scripts/", "node_modules/")) for name in names)


def test_a_wheel_built_without_a_compiler_trains_by_callbacks_and_says_so(tmp_path: Path) -> None:
    wheel = build_wheel(tmp_path, PATH="", CC="no-such-compiler")
    assert wheel.name.endswith("-py3-none-any.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path / "installed")
    command = [sys.executable, "-m", "app.cli", "train", "california", "--epochs", "1", "--out", "model.json"]
    environment = {**os.environ, "PYTHONPATH": str(tmp_path / "installed")}
    told = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=True)
    assert "There is no compiled tape here" in told.stderr
    assert told.stderr.count("\n") == 1
    assert (tmp_path / "model.json").exists()


def build_wheel(folder: Path, **environment: str) -> Path:
    """Build a wheel from a copy of the sources."""
    source = folder / "source"
    shutil.copytree(ROOT, source, ignore=shutil.ignore_patterns(*NOT_SOURCE))
    command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel"]
    subprocess.run(command, cwd=source, env={**os.environ, **environment}, check=True, capture_output=True)
    (wheel,) = source.glob("dist/backchannel-*.whl")
    return wheel


def write_command(path: Path, line: str) -> None:
    path.write_text(f"#!/bin/sh\n{line}\n")
    path.chmod(0o755)


def run_script(name: str, *arguments: str, path: Path | str) -> subprocess.CompletedProcess[str]:
    """Run a script of ours with this PATH and no other."""
    environment = {key: value for key, value in os.environ.items() if key != "PYTHON"} | {"PATH": str(path)}
    command = ["/bin/sh", str(ROOT / "scripts" / name), *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


def test_a_compiler_that_knows_only_older_processors_builds_for_those(tmp_path: Path) -> None:
    refusing = 'case "$*" in *x86-64-v4*) echo "bad value for -march" >&2; exit 1;; esac'
    write_command(tmp_path / "old-cc", f'{refusing}\nexec cc "$@"')
    folder = tmp_path / "built"
    folder.mkdir()
    program = f"from pathlib import Path; from engine.tape.build import build; build(Path({str(folder)!r}))"
    environment = {**os.environ, "CC": str(tmp_path / "old-cc")}
    subprocess.run([sys.executable, "-c", program], cwd=ROOT, env=environment, check=True)
    assert sorted(path.name for path in folder.iterdir()) == ["tape-avx2.so", "tape-plain.so"]
