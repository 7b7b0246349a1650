"""The model that a run has come to, written as a document beside its checkpoints."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import orjson

from app import files
from app.clock import now
from app.version import version
from engine.model import Model, checked_rows
from engine.model_json import from_json, to_json
from engine.table import Table
from engine.training.settings import holdout_share
from engine.training.train import Training

NAME = "model.json"
BEFORE = "before.json"


def keep(folder: Path, training: Training, table: Table, *, table_name: str, target: str | None, score: Any) -> None:
    """Write the model that a training has come to; on return it is on the disk."""
    model = Model(training.plan, training.parameters, target, _how(training, table_name, score))
    whole = replace(model, checks=checked_rows(model, table))
    files.write_file(folder / NAME, [orjson.dumps(to_json(whole))])


def kept(folder: Path) -> bytes | None:
    """The model document of a run's folder; None where there is none yet."""
    try:
        return (folder / NAME).read_bytes()
    except FileNotFoundError:
        return None


def put_before(folder: Path, document: bytes) -> None:
    """Write the model that a run is to go on from into its folder, which is made."""
    folder.mkdir(mode=0o700, exist_ok=True)
    files.write_file(folder / BEFORE, [document])


def before(folder: Path) -> Model | None:
    """The model that a run goes on from; None where it begins afresh."""
    try:
        return from_json(orjson.loads((folder / BEFORE).read_bytes()))
    except FileNotFoundError:
        return None


def _how(training: Training, table_name: str, score: Any) -> Mapping[str, Any]:
    """How the model came about; every "auto" is told as what it came to."""
    rows = {"train": len(training.parts.train), "holdout": len(training.parts.holdout)}
    share = holdout_share(training.settings, sum(rows.values()))
    return {
        "seed": training.settings.seed,
        "settings": asdict(training.settings) | {"holdout": share} | asdict(training.resolved),
        "score": score,
        "rows": rows,
        "date": now(),
        "version": version(),
        "table": table_name,
    }
