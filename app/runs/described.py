"""A run as JSON, for lists and for the page that watches it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from contextlib import closing
from typing import Any

from app import graph_json
from app.runs.bookkeeping import graph_of
from app.runs.live import Live
from app.runs.spec import LEARNING_RATE, PACE, Command
from app.store import Store
from app.store.runs import Run


def head(run: Run, live: Live | None) -> dict[str, Any]:
    """What lists show: where the run stands, and how well it does."""
    score = json.loads(run.score) if run.score else {}
    told = live.newest if live else {}
    steps, epochs = (_known(name, score, live) for name in ("steps", "epochs"))
    step = told.get("step", run.step)
    progress = {
        "step": step,
        "steps": steps,
        "epoch": told.get("epoch", score.get("epoch") or 0.0),
        "epochs": epochs,
        "share": round(step / steps, 6) if steps else 0.0,
    }
    return {
        "id": run.id,
        "state": run.state,
        "graph": run.graph_id,
        "name": graph_json.name_of(graph_of(run)),
        "table": run.table_id,
        "target": run.target or None,
        "progress": progress,
        "score": told.get("loss", score.get("loss")),
        "created": run.created,
        "started": run.started,
        "finished": run.finished,
        "problem": run.problem,
    }


def whole(run: Run, live: Live | None, commands: Sequence[Command], store: Store) -> dict[str, Any]:
    """The same with the settings: as they were given, and as what they came to once that is known."""
    with closing(Live(run.id, store.run_folder(run.id))) as looked_up:
        resolved = live.settings if live else looked_up.look_up().settings
    return {
        **head(run, live),
        "settings": json.loads(run.settings),
        "resolved": resolved or None,
        "learning_rate": _last(commands, LEARNING_RATE, resolved.get("learning_rate")),
        "pace": _last(commands, PACE, None),
    }


def _known(name: str, score: Mapping[str, Any], live: Live | None) -> Any:
    return (live.settings.get(name) if live else None) or score.get(name)


def _last(commands: Sequence[Command], name: str, otherwise: Any) -> Any:
    """What was last asked for, whether or not the run has come to it."""
    asked = [command.value for command in commands if command.name == name]
    return asked[-1] if asked else otherwise
