"""What the documents show works as it stands there: commands, Python, HTTP, links."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.app.conftest import Server

ROOT = Path(__file__).parents[1]
DOCUMENTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")])
README = (ROOT / "README.md").read_text(encoding="utf-8")
HERE = "http://127.0.0.1:8000"


def blocks(text: str, language: str) -> list[str]:
    """The fenced blocks of one language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def shown(language: str, part: str) -> str:
    """The one block of README with this part in it."""
    (found,) = (block for block in blocks(README, language) if part in block)
    return found


def carried_out(command: list[str], folder: Path) -> str:
    """What a command says in a folder, with the product on the path."""
    places = [str(Path(sys.executable).parent), os.environ["PATH"]]
    environment = {**os.environ, "PATH": os.pathsep.join(places), "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the table of the README, and the model that its commands make of it."""
    made = tmp_path_factory.mktemp("readme")
    (made / "projects.csv").write_text(shown("csv", "California"), encoding="utf-8")
    said = carried_out(["sh", "-ec", shown("sh", "backchannel train")], made)
    assert "At Loudest, " in said
    assert len((made / "predictions.csv").read_text().splitlines()) == 5
    return made


def test_the_readmes_python_runs(folder: Path) -> None:
    said = carried_out([sys.executable, "-W", "error", "-c", shown("python", "combine_by_maximum")], folder)
    assert re.search(r"'maximum_team': (10\.0|9\.99)", said)
    assert "'California': " in said


@pytest.mark.skipif(shutil.which("curl") is None, reason="there is no curl here to try the README's calls with")
def test_the_readmes_calls_run(folder: Path, filled: Server) -> None:
    calls = shown("sh", "curl").replace(HERE, filled.base_url)
    said = carried_out(["sh", "-ec", calls], folder)
    (estimate,) = json.loads(said)["estimates"]
    assert estimate["maximum_team"] == pytest.approx(10, abs=1e-3)
    assert "event: finished" in (folder / "events.txt").read_text()
    assert json.loads((folder / "model.json").read_text())["format"] == "backchannel.model"


@pytest.fixture
def filled(tmp_path: Path) -> Iterator[Server]:
    server = Server(tmp_path / "data", ("--examples",)).start()
    yield server
    server.kill()


@pytest.mark.parametrize("document", [path for path in DOCUMENTS if path.parent != ROOT], ids=lambda path: path.stem)
def test_the_python_of_a_document_runs(document: Path, tmp_path: Path) -> None:
    for block in blocks(document.read_text(encoding="utf-8"), "python"):
        carried_out([sys.executable, "-W", "error", "-c", block], tmp_path)


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.stem)
def test_what_a_document_points_to_is_there(document: Path) -> None:
    text = document.read_text(encoding="utf-8")
    links = [link for link in re.findall(r"\]\(([^)#]+)", text) if "://" not in link]
    assert [link for link in links if not (document.parent / link).exists()] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.stem)
def test_the_files_that_a_document_names_are_there(document: Path) -> None:
    text = re.sub(r"^```.*?^```$", "", document.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    named = re.findall(r"`((?:app|engine|tests|scripts|docs|static/js|templates)/[\w/.-]*)`", text)
    assert [name for name in named if "NAME" not in name and not (ROOT / name).exists()] == []


def test_the_commands_of_the_readme_are_those_of_the_makefile() -> None:
    commands = re.findall(r"^make (\w+)", shown("sh", "make run"), re.MULTILINE)
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert [name for name in commands if not re.search(rf"^[\w -]*\b{name}\b.*:", makefile, re.MULTILINE)] == []
    assert commands == ["run", "test"]
