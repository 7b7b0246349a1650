"""How the code hangs together, read from its imports: docs/architecture.md says which room may use which."""

import ast
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PRODUCT = ("app", "engine")
MOST_LINES = 400
PRIVATE = re.compile("_(?!_)")
SCRIPTS = {"engine/tape/build.py"}  # run by itself when the product is installed; nothing imports it
# What would bring the web, other processes, or chance without a seed into the engine.
NOT_IN_ENGINE = {"asyncio", "http", "multiprocessing", "random", "secrets", "socket", "sqlite3", "subprocess"}
# The one end of a process that runs no clean-up; and what NumPy found out about the processor, told nowhere else.
ALLOWED = {("os", "_exit"), ("np", "_core")}


@dataclass(frozen=True)
class Import:
    """One import: which file of ours, at which line, names which module and which name in it."""

    file: str
    line: int
    module: str
    name: str | None

    @property
    def target(self) -> str | None:
        """The file of ours that is imported; None for a package of someone else."""
        for dotted in filter(None, (self.name and f"{self.module}.{self.name}", self.module)):
            path = dotted.replace(".", "/")
            for candidate in (f"{path}.py", f"{path}/__init__.py"):
                if (ROOT / candidate).is_file():
                    return candidate
        return None

    def __str__(self) -> str:
        return f"{self.file}:{self.line} imports {self.module}" + (f", {self.name}" if self.name else "")


@cache
def tree(file: str) -> ast.Module:
    return ast.parse((ROOT / file).read_text(encoding="utf-8"))


@cache
def files(*folders: str, ending: str = "py") -> list[str]:
    """Our own files below these folders, seen from the checkout."""
    found = [path for folder in folders for path in (ROOT / folder).rglob(f"*.{ending}")]
    return sorted(path.relative_to(ROOT).as_posix() for path in found if "vendor" not in path.parts)


@cache
def imports(*folders: str) -> list[Import]:
    return [found for file in files(*folders) for node in ast.walk(tree(file)) for found in imported(file, node)]


def imported(file: str, node: ast.AST) -> Iterator[Import]:
    if isinstance(node, ast.Import):
        yield from (Import(file, node.lineno, alias.name, None) for alias in node.names)
    elif isinstance(node, ast.ImportFrom):
        assert node.level == 0, f"{file}:{node.lineno} imports by dots; name the module from its top."
        yield from (Import(file, node.lineno, node.module or "", alias.name) for alias in node.names)


def room(file: str) -> str:
    """'engine/kinds/linear.py' -> 'engine/kinds'; 'engine/plan.py' -> 'engine'."""
    return "/".join(file.split("/")[:-1][:2])


@cache
def rules() -> dict[str, tuple[str, ...]]:
    """The table of rooms in docs/architecture.md: room -> what it may import beside itself."""
    text = (ROOT / "docs/architecture.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `((?:app|engine)[\w/]*)/` \|.*\|([^|]+)\|$", text, re.MULTILINE)
    return {name: tuple(found.rstrip("/") for found in re.findall(r"`([^`]+)`", allowed)) for name, allowed in rows}


ROOMS = sorted({room(file) for file in files(*PRODUCT)})


def test_the_architecture_describes_every_room_and_no_other() -> None:
    assert sorted(rules()) == [name for name in ROOMS if not name.endswith("/migrations")]


@pytest.mark.parametrize("name", sorted(rules()))
def test_a_room_uses_only_the_rooms_that_it_may(name: str) -> None:
    allowed = {name, *rules()[name]}
    wrong = [
        str(found)
        for found in imports(name.split("/", maxsplit=1)[0])
        if room(found.file) == name and found.target and room(found.target) not in allowed
    ]
    assert wrong == []


@pytest.mark.parametrize("name", sorted(rules()))
def test_a_room_asks_for_no_more_than_it_uses(name: str) -> None:
    used = {room(found.target) for found in imports(*PRODUCT) if room(found.file) == name and found.target}
    assert set(rules()[name]) <= used


def test_only_the_application_itself_knows_its_pages_and_resources() -> None:
    found = {
        room(at.target): at for at in imports("app") if at.target and room(at.file) not in ("app", room(at.target))
    }
    assert [str(found[name]) for name in ("app/api", "app/pages", "app/cli") if name in found] == []


def test_the_engine_knows_only_itself_the_standard_library_and_numpy() -> None:
    standard = sys.stdlib_module_names - NOT_IN_ENGINE
    known = {"engine", "numpy", *standard}
    found = [at for at in imports("engine") if at.module.split(".")[0] not in known and at.file not in SCRIPTS]
    assert [str(at) for at in found] == []


def test_no_module_needs_itself_to_be_loaded() -> None:
    """Imports at the top of modules; one inside a function waits until it is called."""
    graph: dict[str, set[str]] = {}
    for file in files(*PRODUCT):
        loaded = [found.target for node in tree(file).body for found in imported(file, node)]
        graph[file] = {target for target in loaded if target and target != file}
    assert list(TopologicalSorter(graph).static_order())


def test_no_private_name_leaves_its_room() -> None:
    wrong = []
    for found in imports(*PRODUCT):
        private = [part for part in (*found.module.split("."), found.name or "") if PRIVATE.match(part)]
        if private and (not found.target or room(found.target) != room(found.file)):
            wrong.append(str(found))
    assert wrong == []


def test_nothing_reaches_into_a_module_for_a_private_name() -> None:
    wrong = []
    for file in files(*PRODUCT):
        modules = {(found.name or found.module).split(".")[-1] for found in imports(*PRODUCT) if found.file == file}
        reached = [node for node in ast.walk(tree(file)) if isinstance(node, ast.Attribute)]
        for node in reached:
            owner = ast.unparse(node.value)
            if owner in {*modules, "np"} and PRIVATE.match(node.attr) and (owner, node.attr) not in ALLOWED:
                wrong.append(f"{file}:{node.lineno} {owner}.{node.attr}")
    assert wrong == []


def test_only_the_store_speaks_sql() -> None:
    assert {room(found.file) for found in imports("app") if found.module == "sqlite3"} <= {"app/store"}
    statement = re.compile(r"\b(SELECT|INSERT INTO|UPDATE|DELETE FROM|CREATE TABLE)\b \S", re.ASCII)
    texts = [
        f"{file}:{node.lineno}"
        for file in files("app")
        if room(file) not in ("app/store", "app/intake")
        for node in ast.walk(tree(file))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and statement.search(node.value)
    ]
    assert texts == []


def test_nothing_names_a_kind_but_its_own_file() -> None:
    """A kind is found because its file is there, so only the kinds may build upon each other."""
    found = [at for at in imports(*PRODUCT) if at.target and room(at.target) == "engine/kinds"]
    assert [str(at) for at in found if room(at.file) != "engine/kinds"] == []


@pytest.mark.parametrize("module", ["kind", "primitive", "loss", "optimizer", "schedule"])
def test_some_test_sweeps_over_every_catalogue(module: str) -> None:
    """A test that asks a whole catalogue as it is collected runs for whatever file is added."""
    assert any(node for node in tree(f"engine/{module}.py").body if getattr(node, "name", "") == "catalogue")
    assert [file for file in files("tests/engine") if f"engine.{module}" in swept(file)] != []


def swept(file: str) -> set[str]:
    """The modules whose `catalogue()` is called outside the bodies of functions."""
    asked = [node for part in tree(file).body for top in collected(part) for node in ast.walk(top)]
    calls = {ast.unparse(node.func) for node in asked if isinstance(node, ast.Call)}
    aliases = {
        alias.asname or alias.name: f"{node.module}.{alias.name}"
        for node in tree(file).body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    return {
        aliases[call.partition(".")[0]].removesuffix(".catalogue")
        for call in calls
        if call.endswith("catalogue") and call.partition(".")[0] in aliases
    }


def collected(part: ast.stmt) -> list[ast.AST]:
    """What runs when a test file is collected: all but the bodies of functions."""
    return list(part.decorator_list) if isinstance(part, ast.FunctionDef) else [part]


@pytest.mark.parametrize("ending", ["py", "js"])
def test_no_file_holds_more_than_one_can_read_at_a_sitting(ending: str) -> None:
    folders = ("app", "engine", "static/js", "scripts", "benchmarks")
    lengths = {file: (ROOT / file).read_text(encoding="utf-8").count("\n") for file in files(*folders, ending=ending)}
    assert {file: length for file, length in lengths.items() if length > MOST_LINES} == {}


def test_only_the_canvas_knows_react() -> None:
    knowing = [
        file
        for file in files("static/js", ending="js")
        if re.search(r"from '(react|@xyflow/react)", (ROOT / file).read_text(encoding="utf-8"))
    ]
    assert knowing == ["static/js/canvas.js", "static/js/drawn.js"]


def test_nothing_turns_text_into_markup() -> None:
    """Templates escape what they show, and scripts set text: there is no way round either."""
    ways = {
        ("app", "py"): r"\bMarkup\b|autoescape=False",
        ("templates", "html"): r"\|\s*safe\b|autoescape false",
        ("static/js", "js"): r"\.(inner|outer)HTML\s*\+?=|insertAdjacentHTML|document\.write|dangerouslySetInnerHTML",
    }
    for (folder, ending), pattern in ways.items():
        found = files(folder, ending=ending)
        assert found
        assert [file for file in found if re.search(pattern, (ROOT / file).read_text(encoding="utf-8"))] == []
