"""The import as its callers see it: a folder filled, progress told, wishes followed, refusals that travel."""

from __future__ import annotations

import json
import os
import pickle
from pathlib import Path

import numpy as np
import pytest

from app.intake import Dialect, Refused, TableDescription, import_file
from app.intake.importer import MOST_WARNINGS
from app.intake.sift import MOST_LISTED
from tests.app.intake.support import read


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "table"
    folder.mkdir()
    return folder


def file(tmp_path: Path, content: str) -> Path:
    path = tmp_path / "file.csv"
    path.write_text(content, encoding="utf-8", newline="")
    return path


def test_columns_are_flat_arrays_of_one_length(tmp_path: Path, folder: Path) -> None:
    source = file(tmp_path, "a,b,c,d\n1,x,2024-01-01,yes\n,x,2024-01-02,no\n3,,,\n")
    found = import_file(source, folder, name="Mine")
    arrays = [np.load(folder / column.file, allow_pickle=False) for column in found.columns]
    assert [column.file for column in found.columns] == ["c000.npy", "c001.npy", "c002.npy", "c003.npy"]
    assert [(array.dtype.name, array.shape) for array in arrays] == [("float64", (3,)), ("int32", (3,))] + [
        ("float64", (3,))
    ] * 2
    assert (found.name, found.rows, [column.missing for column in found.columns]) == ("Mine", 3, [1, 1, 1, 1])


def test_every_file_is_on_the_disk_before_the_import_returns(
    tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[tuple[int, int]] = []

    def noting_sync(handle: int) -> None:
        found = os.fstat(handle)
        synced.append((found.st_ino, found.st_size))

    monkeypatch.setattr(os, "fsync", noting_sync)
    import_file(file(tmp_path, "a,b\n" + "".join(f"1,n{row}\n" for row in range(1_001))), folder, name="Mine")
    assert sorted(synced) == sorted((path.stat().st_ino, path.stat().st_size) for path in folder.iterdir())
    assert len(synced) == 3


def test_the_description_is_plain_json_of_this_version_only(tmp_path: Path, folder: Path) -> None:
    found = import_file(file(tmp_path, "a,b\n1,x\n2,x\n"), folder, name="Mine").to_json()
    assert (found["format"], found["version"]) == ("backchannel.table", 1)
    assert TableDescription.from_json(json.loads(json.dumps(found))).to_json() == found
    with pytest.raises(ValueError, match="version 1"):
        TableDescription.from_json({**found, "version": 2})


def test_progress_grows_to_the_whole(tmp_path: Path, folder: Path) -> None:
    told: list[float] = []
    import_file(file(tmp_path, "a,b\n" + "1,2\n" * 600_000), folder, name="Mine", progress=told.append)
    assert told == sorted(told)
    assert len(told) > 4
    assert (told[0] > 0, told[-1]) == (True, 1.0)


def test_a_refusal_leaves_no_temporary_files_and_nothing_outside_the_folder(tmp_path: Path, folder: Path) -> None:
    source = file(tmp_path, "a,b\n1\n2\n3\n1,2\n")
    with pytest.raises(Refused):
        import_file(source, folder, name="Mine")
    assert list(folder.iterdir()) == []
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file.csv", "table"]


def test_a_refusal_travels_between_processes() -> None:
    refused = pickle.loads(pickle.dumps(Refused("It is broken.", "Mend it.", 3)))
    assert (refused.message, refused.line, str(refused)) == ("It is broken. Mend it.", 3, "It is broken. Mend it.")


@pytest.mark.parametrize(
    ("wish", "content", "rows"),
    [
        (Dialect(delimiter=";"), "a,b;c\n1,2;3\n4,5;6\n", [(1.2, 3), (4.5, 6)]),
        (Dialect(delimiter=""), "a\n1,5\n2,5\n", [(1.5,), (2.5,)]),
        (Dialect(delimiter=" "), "a b\n1 2\n3 4\n", [(1, 2), (3, 4)]),
        (Dialect(quote="'"), "a,b\n1,'x'\n2,x\n3,x\n4,y\n", [(1, "x"), (2, "x"), (3, "x"), (4, "y")]),
        (Dialect(quote=""), 'a,b\n1,"x"\n2,"x"\n3,y\n', [(1, '"x"'), (2, '"x"'), (3, "y")]),
        (Dialect(decimal=","), "a;b\n1.234;1\n2.345;2\n", [(1234, 1), (2345, 2)]),
        (Dialect(thousands="."), "a;b\n1.234;1\n2.345;2\n", [(1234, 1), (2345, 2)]),
        (Dialect(decimal=".", thousands=""), "a;b\n1,2;1\n1,2;2\n3,4;3\n", [("1,2", 1), ("1,2", 2), ("3,4", 3)]),
        (Dialect(header=False), "1,2\n3,4\n", [(1, 2), (3, 4)]),
        (Dialect(header=True), "1,2\n3,4\n", [(3, 4)]),
        (Dialect(first_line=3), "x,y\n9,9\na,b\n1,2\n", [(1, 2)]),
        (Dialect(encoding="cp437"), b"a,b\n1,\x82\n2,\x82\n", [(1, "é"), (2, "é")]),
    ],
)
def test_a_wish_is_followed(wish: Dialect, content: str | bytes, rows: list[tuple[object, ...]]) -> None:
    table = read(content, dialect=wish)
    found = table.description.dialect.to_json()
    assert table.rows == rows
    assert all(found[name] == value for name, value in wish.to_json().items() if value is not None)


def test_a_finding_is_a_wish_that_finds_the_same() -> None:
    content = "Title;;\na;b;c\n1,5;x;1.234\n2,5;x;2.345\n"
    table = read(content)
    again = read(content, dialect=table.description.dialect)
    assert (again.rows, again.description.dialect) == (table.rows, table.description.dialect)


@pytest.mark.parametrize(
    "wish",
    [
        *(Dialect(delimiter="ab"), Dialect(delimiter='"'), Dialect(delimiter="\n"), Dialect(quote="x")),
        *(Dialect(decimal="x"), Dialect(thousands="_"), Dialect(decimal=",", thousands=",")),
        *(Dialect(encoding="rot13"), Dialect(encoding="utf-7"), Dialect(first_line=0), Dialect(first_line=99)),
        Dialect(encoding="utf-16"),
    ],
)
def test_a_wish_that_no_file_can_follow_is_refused(wish: Dialect) -> None:
    with pytest.raises(Refused):
        read("a,b\n1,x\n2,x\n3", dialect=wish)


@pytest.mark.parametrize(
    ("names", "target"),
    [
        ("a,b,c", "b"),
        ("target,b,c", "target"),
        ("Sale price,b,c", "Sale price"),
        ("a,y,c", "y"),
        ("a,b,class", "class"),
        ("a,cost,class", "class"),
        ("a,b,pricey", "b"),
    ],
)
def test_the_target_is_guessed_by_name_and_then_by_place(names: str, target: str) -> None:
    assert read(f"{names}\n1,2,x\n3,4,x\n5,6,z\n").description.target == target


def test_a_table_of_texts_has_no_target() -> None:
    assert read("a,b\nx,Ann\nx,Bob\nx,Cid\n").description.target is None


def test_many_categories_stand_in_a_file_of_their_own() -> None:
    texts = [f"name {number}" for number in range(1_001)]
    table = read("n,name\n" + "".join(f"1,{text}\n" for text in texts))
    column = table.description.columns[1]
    assert (column.type, column.distinct, column.categories, column.counts) == ("text", 1_001, None, None)
    assert column.categories_file == "c001.categories.json"
    assert table.columns["name"] == texts
    assert column.note == "Every value is another text, so training leaves the column out."


def test_fifty_texts_are_a_category_if_each_comes_twice() -> None:
    def kind(different: int, rows: int) -> str:
        return read("n,t\n" + "".join(f"{row},t{row % different}\n" for row in range(rows))).types[1]

    assert [kind(50, 100), kind(50, 99), kind(51, 200), kind(10, 11), kind(10, 10), kind(11, 21), kind(11, 22)] == [
        *("category", "text", "text", "category", "text", "text", "category")
    ]


def test_a_damaged_line_deep_in_a_large_file_is_named_and_the_rest_is_right() -> None:
    rows = [f"{row},{row * 0.5},{'north' if row % 2 else 'south'}" for row in range(200_000)]
    rows[150_000], rows[150_001] = '150000,"7.5\n5",north', "150001,1,2,3"
    table = read("a,b,c\n" + "\n".join(rows))
    kept = [row for row in range(200_000) if row != 150_001]
    assert table.rejected_lines == [150_004]
    assert table.columns["a"] == kept
    assert table.columns["b"] == [None if row == 150_000 else row * 0.5 for row in kept]
    assert "on line 150,002" in table.description.warnings[0]


def test_types_rest_on_the_last_cell_as_much_as_on_the_first() -> None:
    table = read("a,b\n" + "1,2\n" * 99_999 + "1.5,x\n")
    assert table.columns["a"][-1] == 1.5
    assert (table.columns["b"][-1], table.types) == (None, ["number", "number"])
    assert "'x' on line 100,001" in table.description.warnings[0]


def test_long_lists_are_cut_short_and_counted() -> None:
    table = read("a,b\n" + "1,2\n" * 800 + "1\n" * 150)
    assert (table.description.rejected.count, len(table.rejected_lines)) == (150, MOST_LISTED)
    mixed = ",".join(["5%"] * 150)
    table = read(",".join(f"c{number}" for number in range(150)) + f"\n{mixed}\n{mixed.replace('%', '')}\n")
    assert len(table.description.warnings) == MOST_WARNINGS + 1
    assert table.description.warnings[-1] == "There are 50 more warnings."
