"""A graph's setup as it comes in and goes out: which table, which target, which settings, at which pace."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from app.problems import HTTPProblem
from app.runs import pace
from app.store import Reader, is_id, tables
from app.store.graphs import Setup
from engine.fields import refusals
from engine.training.settings import Settings

LONGEST_NAME = 200


class SetupBody(BaseModel):
    """What a graph is to be trained with. A setting that is left out has its usual value."""

    model_config = ConfigDict(extra="forbid")
    table: str | None = None
    target: Annotated[str, Field(max_length=LONGEST_NAME)] | None = None
    settings: dict[str, Any] = {}
    pace: Annotated[Any, Field(description="As when a run is started.")] = None


def read(body: SetupBody, reader: Reader) -> Setup:
    """The setup to keep. Raises HTTPProblem 422 for a table, a target or a setting that there is not."""
    if body.table is not None:
        _check_table(body.table, body.target, reader)
    check_settings(body.settings)
    if why := pace.refusal(body.pace):
        raise _refused([{"code": "bad-pace", "field": "pace", "message": why}])
    kept = None if body.pace is None else json.dumps(body.pace)
    return Setup(body.table, body.target, json.dumps(body.settings, ensure_ascii=False, allow_nan=False), kept)


def told(setup: Setup) -> dict[str, Any]:
    """The setup as JSON."""
    return {
        "table": setup.table_id,
        "target": setup.target,
        "settings": json.loads(setup.settings),
        "pace": json.loads(setup.pace) if setup.pace else None,
    }


def check_settings(settings: Mapping[str, Any]) -> None:
    """Raise HTTPProblem 422, with a problem for each, where training settings are unknown or out of bounds."""
    wrong = refusals(Settings, settings)
    if wrong:
        problems = [
            {"code": "bad-setting", "field": name[:60], "message": f"Setting '{name[:60]}': {why}."}
            for name, why in wrong.items()
        ]
        raise _refused(problems)


def _refused(problems: Sequence[Mapping[str, str]]) -> HTTPProblem:
    said = " ".join(problem["message"] for problem in problems[:3])
    return HTTPProblem(422, "settings", said, problems=list(problems[:100]))


def _check_table(id: str, target: str | None, reader: Reader) -> None:
    table = tables.get(reader, id) if is_id(id) else None
    if table is None:
        raise HTTPProblem(422, "table-missing", "There is no table with this id. Choose another.")
    names = [column["name"] for column in json.loads(table.description)["columns"]]
    if target is not None and target not in names:
        raise HTTPProblem(422, "target-missing", f"The table has no column '{target}'. Choose another target.")
