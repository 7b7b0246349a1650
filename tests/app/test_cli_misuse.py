"""What the command line says to whoever misuses it: one sentence, exit code 2, and nothing written."""

from __future__ import annotations

import json

import orjson
import pytest

from app.cli import run
from app.examples import catalogue
from tests.app.cli import TEAM, Place
from tests.app.model_documents import document
from tests.app.uploads import PROJECTS


@pytest.fixture(scope="module")
def misused(tmp_path_factory: pytest.TempPathFactory) -> Place:
    place = Place(tmp_path_factory.mktemp("misused"))
    place.put("projects.csv", PROJECTS)
    place.put("binary.csv", bytes(range(256)) * 10)
    place.put("empty.csv", b"")
    place.put("graph.json", json.dumps(TEAM))
    place.put("model.json", orjson.dumps(document()))
    place.put("twice.json", '{"format": "backchannel.model", "format": "backchannel.model"}')
    place.put("deep.json", "[" * 100_000)
    assert list(place.temporary.iterdir()) == []
    return place


@pytest.mark.parametrize(
    "line",
    [
        "",
        "fly",
        "train",
        "train nothing",
        "train california --epochs 0",
        "train california --epochs many",
        "train california --optimizer magic",
        "train california --learning-rate nan",
        "train california --seed 1.5",
        "train california --out nowhere/model.json",
        "train california --out .",
        "train california missing.csv",
        "train california . --out m.json",
        "train california binary.csv",
        "train california empty.csv",
        "train california projects.csv --target Price",
        "train graph.json",
        "train graph.json projects.csv",
        "train projects.csv projects.csv",
        "train binary.csv projects.csv",
        "predict missing.json projects.csv",
        "predict . projects.csv",
        "predict graph.json projects.csv",
        "predict twice.json projects.csv",
        "predict deep.json projects.csv",
        "predict model.json missing.csv",
        "predict model.json binary.csv --out m.csv",
        "predict model.json projects.csv --out nowhere/x.csv",
        "explain model.json projects.csv --row x",
        "explain model.json projects.csv --estimate nobody",
        "export model.json --format pickle",
        "export missing.json",
        "check missing.json",
        "check binary.csv",
        "check model.json projects.csv",
        "check graph.json missing.csv",
        "serve --port 70000",
        "serve --port x",
        "serve --host 0.0.0.0",
        "serve --host 203.0.113.7 --allow-remote",
        "serve --public-origin nonsense",
        "serve --data-dir projects.csv",
    ],
)
def test_misuse_is_said_in_one_sentence(
    misused: Place, line: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(misused.folder)
    before = sorted(path.name for path in misused.folder.iterdir())
    assert run(line.split()) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith("backchannel: ")
    assert said.err.endswith((".\n", "example.org\n"))
    assert said.err.count("\n") == 1
    assert "our mistake" not in said.err
    assert sorted(path.name for path in misused.folder.iterdir()) == before


def test_misuse_ends_the_process_with_2(misused: Place) -> None:
    done = misused.run("train", "nothing")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        f"backchannel: There is no file nothing and no example of that name. The examples: {', '.join(catalogue())}.\n"
    )


def test_our_own_mistakes_are_said_in_one_sentence_too(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(arguments: object) -> int:
        raise KeyError("some\nthing")

    monkeypatch.setattr("app.cli.export.run", fail)
    assert run(["export", "model.json"]) == 2
    assert capsys.readouterr().err == "backchannel: This is our mistake, not yours (KeyError: 'some\\nthing').\n"
