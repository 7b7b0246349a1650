"""Loads a model from its document or from the file that holds it."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from engine.errors import ModelRefused
from engine.model import Model
from engine.model_json import from_json


def load(source: str | os.PathLike[str] | Mapping[str, Any]) -> Model:
    """The model of a document or of a JSON file. Raises ModelRefused when it is not one."""
    if isinstance(source, Mapping):
        return from_json(dict(source))
    try:
        return from_json(json.loads(Path(source).read_text(encoding="utf-8")))
    except (ValueError, RecursionError) as error:
        if isinstance(error, ModelRefused):
            raise
        raise ModelRefused("The file is not JSON. Choose a file that Backchannel exported.") from error
