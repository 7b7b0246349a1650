"""The command line: what it prints, how it ends, and that it never leaves half a file or a traceback."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import orjson
import pytest

import engine
from app.cli import commands, run
from app.examples import catalogue
from engine.fields import fields_of
from engine.training.settings import Settings
from tests.app.cli import TEAM, Place, read_csv
from tests.app.model_documents import document, model
from tests.app.uploads import PROJECTS

# Help


def shown(capsys: pytest.CaptureFixture[str], *argv: str) -> str:
    """What a call prints that ends by itself."""
    with pytest.raises(SystemExit) as ended:
        run(argv)
    assert ended.value.code == 0
    told = capsys.readouterr()
    assert told.err == ""
    return told.out


def test_every_command_helps(capsys: pytest.CaptureFixture[str]) -> None:
    listed = shown(capsys, "--help")
    assert set(commands()) == {"serve", "train", "predict", "explain", "export", "check"}
    for name, command in commands().items():
        assert f"{name}  " in listed
        assert command.summary in listed
        assert f"usage: backchannel {name}" in shown(capsys, name, "--help")


def test_a_command_waits_for_no_other() -> None:
    """Naming one loads what it needs alone; `serve` knows what it takes before it knows the engine."""
    asks = "import sys; from app.cli import run\ntry: run(['serve', '--help'])\nexcept SystemExit: print(*sys.modules)"
    ran = subprocess.run([sys.executable, "-c", asks], capture_output=True, text=True, check=True)
    seen = set(ran.stdout.splitlines()[-1].split())
    assert "app.cli.serve" in seen
    assert not seen & {"app.cli.train", "app.cli.predict", "numpy", "polars", "fastapi", "importlib.metadata"}


def test_every_setting_is_an_option_with_its_help(capsys: pytest.CaptureFixture[str]) -> None:
    told = " ".join(shown(capsys, "train", "--help").split())
    for name, field in fields_of(Settings).items():
        assert f"--{name.replace('_', '-')}" in told
        assert field.help in told


def test_the_console_script_is_the_same(place: Place) -> None:
    script = Path(sys.executable).parent / "backchannel"
    told = subprocess.run([script, "--version"], capture_output=True, text=True, check=True)
    assert told.stdout == place.run("--version").stdout


# Training


def test_an_example_is_trained_on_its_own_table(place: Place) -> None:
    done = place.run("train", "california", "--out", "model.json")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[0].startswith("Average team: loss 0.25 on 4 rows;")
    assert place.run("check", "model.json").stdout == "4 of 4 check rows come to the estimates that the model says.\n"
    told = json.loads((place.folder / "model.json").read_bytes())
    assert told["training"]["table"] == catalogue()["california"].table
    assert told["training"]["score"]["maximum_team"]["train"] < 1e-6


def test_a_training_that_keeps_nothing_says_so(place: Place) -> None:
    done = place.run("train", "california", "--epochs", 1)
    assert (done.returncode, done.stderr) == (0, "Nothing is kept: --out FILE.json keeps the model.\n")


def test_the_same_seed_makes_the_same_model(trained: Place) -> None:
    arguments = ("train", "california", "projects.csv", "--target", "Cost ($m)", "--epochs", 50)
    documents = []
    for seed in (1, 1, 2):
        assert trained.run(*arguments, "--seed", seed, "--out", f"seed{seed}.json").returncode == 0
        documents.append(json.loads((trained.folder / f"seed{seed}.json").read_bytes())["parameters"])
    assert documents[0] == documents[1] != documents[2]


def test_settings_are_those_of_the_example_unless_given(trained: Place) -> None:
    done = trained.run("train", "california", "--epochs", 5, "--no-standardise", "--learning-rate", 0.5, "--out", "-")
    told = json.loads(done.stdout)
    settings = told["training"]["settings"]
    assert [settings[name] for name in ("epochs", "standardise", "learning_rate", "holdout")] == [5, False, 0.5, 0.0]
    assert done.stderr.startswith("Average team: loss")


def test_a_training_that_diverges_says_so(trained: Place) -> None:
    done = trained.run("train", "california", "--optimizer", "sgd", "--learning-rate", 900, "--out", "diverged.json")
    assert (done.returncode, done.stdout) == (1, "")
    assert "grew out of bounds" in done.stderr
    assert engine.load(trained.folder / "diverged.json").estimates == ["average_team", "maximum_team"]


def test_a_graph_of_a_file_is_trained(trained: Place) -> None:
    trained.put("graph.json", json.dumps(dict(catalogue()["california"].graph)))
    done = trained.run("train", "graph.json", "projects.csv", "--target", "Cost ($m)", "--epochs", 3, "--holdout", 0.5)
    assert done.returncode == 0
    assert "on 2 rows held out" in done.stdout


def test_a_model_learns_on(trained: Place) -> None:
    same = ("train", "california", "--out")
    assert trained.run(*same, "first.json", "--epochs", 300).returncode == 0
    assert trained.run(*same, "on.json", "--epochs", 1, "--learning-rate", 0, "--after", "first.json").returncode == 0
    first, on = (engine.load(trained.folder / name) for name in ("first.json", "on.json"))
    assert on.parameters.tolist() == first.parameters.tolist()


def test_progress_is_shown_on_a_terminal_and_ctrl_c_leaves_nothing(place: Place) -> None:
    before = place.put("model.json", "the one before")
    arguments = ("train", "california", "--epochs", 10_000_000, "--out", "model.json")
    code, shown = place.interrupt(signal.SIGINT, *arguments, after="\rStep ")
    assert code == 130
    assert "of 10,000,000  average_team" in shown
    assert "Stopped. Nothing was written." in shown
    assert "Traceback" not in shown
    assert before.read_text() == "the one before"
    assert sorted(path.name for path in place.folder.iterdir()) == ["model.json", "temporary"]
    assert list(place.temporary.iterdir()) == []


def test_being_told_to_end_leaves_nothing(place: Place) -> None:
    arguments = ("train", "california", "--epochs", 10_000_000, "--out", "model.json")
    code, _ = place.interrupt(signal.SIGTERM, *arguments, after="\rStep ")
    assert code == 128 + signal.SIGTERM
    assert [path.name for path in place.folder.iterdir()] == ["temporary"]
    assert list(place.temporary.iterdir()) == []


# Explaining, exporting, checking


def test_a_row_is_explained_in_lines_and_in_json(trained: Place) -> None:
    lines = trained.run("explain", "model.json", "projects.csv", "--row", 4, "--estimate", "maximum_team").stdout
    assert [line.split("  ")[0] for line in lines.splitlines()[:4]] == [
        "base",
        "California = 1",
        "Renewables = 1",
        "estimate",
    ]
    assert lines.splitlines()[3].split()[-1] == "10"
    assert "At Loudest, " in lines
    told = json.loads(
        trained.run("explain", "model.json", "projects.csv", "--row", 4, "--estimate", "maximum_team", "--json").stdout
    )
    loaded = engine.load(trained.folder / "model.json")
    assert told == loaded.explain({"California": 1, "Renewables": 1}, "maximum_team")


@pytest.mark.parametrize("row", [0, 5, -1])
def test_rows_are_counted_from_1(trained: Place, row: int) -> None:
    done = trained.run("explain", "model.json", "projects.csv", f"--row={row}")
    assert done.returncode == 2
    assert "the table has 4, counted from 1" in done.stderr


def test_a_model_is_exported_as_it_is(place: Place) -> None:
    content = orjson.dumps(document())
    place.put("model.json", json.dumps(document(), indent=2))
    done = place.run("export", "model.json", "--format", "json", "--out", "again.json")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert (place.folder / "again.json").read_bytes() == content


def test_a_model_whose_numbers_were_changed_fails_its_check(place: Place) -> None:
    told = document()
    told["parameters"]["alex"]["bias"][0] += 0.01
    place.put("model.json", json.dumps(told))
    done = place.run("check", "model.json")
    assert done.returncode == 1
    assert done.stdout.endswith("of 4 check rows come to the estimates that the model says.\n")
    told["parameters"]["dani"]["bias"] = []
    place.put("model.json", json.dumps(told))
    done = place.run("check", "model.json")
    assert (done.returncode, done.stderr) == (1, "")
    assert "'bias' of node 'dani'" in done.stdout


def test_a_model_without_check_rows_has_nothing_to_be_checked_by(place: Place) -> None:
    place.put("model.json", json.dumps(document() | {"checks": []}))
    done = place.run("check", "model.json")
    assert (done.returncode, done.stdout) == (0, "The model can be read, but it has no rows to check it by.\n")


def test_an_example_is_checked_on_its_own_table(place: Place) -> None:
    done = place.run("check", "california", "--target", "Prise")
    assert done.returncode == 1
    assert "Prise" in done.stdout


def test_problems_of_a_graph_are_printed(place: Place) -> None:
    place.put("projects.csv", PROJECTS)
    assert place.run("check", "california").stdout == "No problems.\n"
    place.put("graph.json", json.dumps(TEAM | {"wires": TEAM["wires"][1:]}))
    done = place.run("check", "graph.json")
    assert done.returncode == 1
    assert "node a: Node 'a' has no wires in; it needs one. Wire another worker to it." in done.stdout
    place.put("graph.json", json.dumps(TEAM))
    assert place.run("check", "graph.json").returncode == 0
    assert place.run("check", "graph.json", "projects.csv", "--target", "Cost ($m)").stdout == "No problems.\n"
    assert "'Price', and the table has no such column" in (
        place.run("check", "graph.json", "projects.csv", "--target", "Price").stdout
    )
    place.put("graph.json", json.dumps(TEAM | {"nodes": [{"id": ""}]}))
    assert place.run("check", "graph.json").returncode == 1


def test_every_node_of_a_graph_is_proven(place: Place) -> None:
    done = place.run("check", "california", "--prove", "--order")
    lines = done.stdout.splitlines()
    assert (done.returncode, lines[0], len(lines)) == (0, "No problems.", 19)
    assert all(": Proven: its feedback is what wiggling " in line for line in lines[1:10])
    assert all("The order of rows does not matter" in line for line in lines[10:])


def test_proving_needs_a_table(place: Place) -> None:
    place.put("graph.json", json.dumps(dict(catalogue()["california"].graph)))
    done = place.run("check", "graph.json", "--prove")
    assert (done.returncode, done.stdout) == (2, "")
    assert "Nodes are proven on a table. Name its CSV file after the graph." in done.stderr


# Output


def test_output_that_nobody_reads_is_no_trouble(trained: Place) -> None:
    trained.put("long.csv", "California,Renewables\n" + "1,0\n" * 20_000)
    command = [sys.executable, "-P", "-m", "app.cli", "predict", "model.json", "long.csv"]
    process = subprocess.Popen(
        command, cwd=trained.folder, env=trained.environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert process.stdout is not None and process.stderr is not None
    process.stdout.read(10)
    process.stdout.close()
    assert process.stderr.read() == b""
    process.stderr.close()
    assert process.wait(timeout=30) == 1


def test_a_device_is_written_to_and_stays_one(trained: Place) -> None:
    assert trained.run("export", "model.json", "--out", os.devnull).returncode == 0
    assert not Path(os.devnull).is_file()


def test_a_model_of_a_run_is_one_for_the_command_line(place: Place) -> None:
    place.put("model.json", orjson.dumps(document(several=False)))
    place.put("projects.csv", PROJECTS)
    rows = read_csv(place.run("predict", "model.json", "projects.csv").stdout)
    asked = [{"California": 0, "Renewables": 0}, {"California": 1, "Renewables": 0}]
    assert [float(row[-1]) for row in rows[1:3]] == model(several=False).predict(asked)


# Serving


def test_serve_keeps_everything_in_its_folder_and_stops_when_told(place: Place) -> None:
    process = subprocess.Popen(
        [sys.executable, "-P", "-m", "app.cli", "serve", "--port", "0", "--data-dir", "data", "--no-examples"],
        cwd=place.folder,
        env=place.environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None and process.stderr is not None
    assert process.stdout.readline().startswith("Backchannel is ready at http://127.0.0.1:")
    (place.folder / "other").mkdir()
    busy = Place(place.folder / "other").run("serve", "--port", "0", "--data-dir", "../data")
    assert busy.returncode == 2
    assert "already works on the folder" in busy.stderr
    process.send_signal(signal.SIGINT)
    assert process.wait(timeout=30) == 0
    assert process.stderr.read() == ""
    process.stdout.close()
    process.stderr.close()
    assert (place.folder / "data" / "backchannel.db").exists()
