"""`backchannel predict`: the table as it was, with what the model makes of each row, to the last bit."""

from __future__ import annotations

import json

import pytest

import engine
from tests.app.cli import TEAM, Place, read_csv
from tests.app.conftest import Server
from tests.app.model_documents import as_document, model_of_classes
from tests.app.uploads import MIXED, PROJECTS, uploaded


def test_the_table_comes_back_with_its_estimates(trained: Place) -> None:
    done = trained.run("predict", "model.json", "projects.csv")
    rows = read_csv(done.stdout)
    assert rows[0] == ["California", "Renewables", "Cost ($m)", "Average team", "Maximum team"]
    assert [row[:3] for row in rows[1:]] == [line.split(",") for line in PROJECTS.splitlines()[1:]]
    loaded = engine.load(trained.folder / "model.json")
    expected = loaded.predict([{"California": int(row[0]), "Renewables": int(row[1])} for row in rows[1:]])
    assert [[float(row[3]), float(row[4])] for row in rows[1:]] == [list(each.values()) for each in expected]
    assert trained.run("predict", "model.json", "projects.csv", "--out", "out.csv").stdout == ""
    assert (trained.folder / "out.csv").read_text() == done.stdout


def test_cells_stay_as_they_are_written(trained: Place) -> None:
    content = (
        "Extra;California;Renewables;Cost ($m);Maximum team\n"
        ' 007 ;1,0;0;"1.234,50";"a ""b"";c"\n'
        "=1+1;0,0;1;;-3,5\n"
        "broken;1\n"
        "-4;;1;2;@x\n"
    )
    trained.put("odd.csv", content)
    done = trained.run("predict", "model.json", "odd.csv")
    assert "1 line is left out. Line 4 has 2 cells" in done.stderr
    rows = read_csv(done.stdout, ";")
    header = ["Extra", "California", "Renewables", "Cost ($m)", "Maximum team"]
    assert rows[0] == [*header, "Average team", "Maximum team (estimate)"]
    assert [row[:5] for row in rows[1:]] == [
        ["007 ", "1,0", "0", "1.234,50", 'a "b";c'],
        ["=1+1", "0,0", "1", "", "-3,5"],
        ["-4", "", "1", "2", "@x"],
    ]
    assert all("," in row[6] and "." not in row[6] for row in rows[1:])
    safe = read_csv(trained.run("predict", "model.json", "odd.csv", "--for-spreadsheet").stdout, ";")
    assert [row[0] for row in safe] == ["Extra", "007 ", "'=1+1", "-4"]
    assert [row[4] for row in safe[1:]] == ['a "b";c', "-3,5", "'@x"]
    assert [row[5:] for row in safe] == [row[5:] for row in rows]


def test_a_table_without_the_models_columns_is_refused(trained: Place) -> None:
    trained.put("other.csv", "a,b\n1,2\n")
    done = trained.run("predict", "model.json", "other.csv", "--out", "never.csv")
    assert (done.returncode, done.stdout) == (2, "")
    assert "no column 'California'. It has: a, b." in done.stderr
    trained.put("words.csv", "California,Renewables\n1,0\nyes please,1\nno,0\n")
    done = trained.run("predict", "model.json", "words.csv", "--out", "never.csv")
    assert done.returncode == 2
    assert "Row 2: Column 'California' wants a number; 'yes please' is not." in done.stderr
    assert not (trained.folder / "never.csv").exists()


@pytest.mark.parametrize("classes", [2, 3])
def test_classes_are_written_with_the_chances_of_all(place: Place, classes: int) -> None:
    made = model_of_classes(classes)
    place.put("model.json", json.dumps(as_document(made)))
    place.put("rows.csv", "x\n0.1\n0.9\n1e300\n")
    names, *lines = read_csv(place.run("predict", "model.json", "rows.csv").stdout)
    expected = made.predict([{"x": 0.1}, {"x": 0.9}])
    assert names == ["x", "Out", *(f"Out: {one}" for one in "abc"[:classes])]
    assert [(line[1], *map(float, line[2:])) for line in lines[:2]] == [
        (told["value"], *told["chances"].values()) for told in expected
    ]
    told = place.run("explain", "model.json", "rows.csv", "--row", 2).stdout
    assert f"score of {expected[1]['value']}" in told
    assert f"{expected[1]['value']} ({expected[1]['chances'][expected[1]['value']]:.1%})" in told


def test_estimates_are_the_same_bits_everywhere(place: Place, shared_server: Server) -> None:
    """Over HTTP, on the command line and from the engine, on a table of every type with gaps."""
    rows = MIXED.splitlines()
    body = [f"{size},{city},{sold},{new},,{price}" for size, city, sold, new, price in _houses(200)]
    place.put("houses.csv", "\n".join([rows[0].replace(";", ","), *body]))
    place.put("graph.json", json.dumps(TEAM))
    train = ("train", "graph.json", "houses.csv", "--target", "Price", "--epochs", 20, "--out", "model.json")
    assert place.run(*train).returncode == 0
    printed = read_csv(place.run("predict", "model.json", "houses.csv").stdout)
    names, lines = printed[0], printed[1:]
    ours = [float(line[-1]) for line in lines]

    told = json.loads((place.folder / "model.json").read_bytes())
    imported = shared_server.client.post("/api/models", json=told).json()
    assert imported["checks"] == {"passed": 10, "of": 10}
    table = uploaded(shared_server, (place.folder / "houses.csv").read_bytes())
    page = shared_server.client.get(f"/api/tables/{table['id']}/rows?limit=1000").json()
    asked = [dict(zip(page["columns"], row, strict=True)) for row in page["rows"]]
    answer = shared_server.client.post(f"/api/models/{imported['id']}/predict", json={"rows": asked})
    assert answer.json()["estimates"] == ours
    assert engine.load(place.folder / "model.json").predict(asked) == ours
    assert names[-1] == "Price estimate"
    export = place.run("export", "model.json").stdout.encode()
    assert export == (place.folder / "model.json").read_bytes()
    assert shared_server.client.get(f"/api/models/{imported['id']}").content == export


def _houses(count: int) -> list[tuple[str, str, str, str, str]]:
    found = []
    for number in range(count):
        size = "" if number % 7 == 0 else f"{40 + number * 37 % 101 / 8}"
        city = ("Oslo", "Lima", "Bergen", "")[number % 4]
        sold = "" if number % 11 == 0 else f"2024-{1 + number % 12:02d}-{1 + number % 28:02d}"
        found.append((size, city, sold, ("yes", "no")[number % 3 == 0], f"{100 + number * 13 % 89 / 3:.3f}"))
    return found
