"""Settings that a person may turn: described once, read by forms, checks, the API and the handbook."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import MISSING, dataclass, field, fields
from dataclasses import Field as DataclassField
from typing import Any, TypeVar

from engine.errors import SettingRefused

Settings = TypeVar("Settings")
AUTO = "auto"


@dataclass(frozen=True)
class Field:
    """One setting: its type, its bounds, and the sentence that explains it."""

    type: str
    help: str
    title: str
    low: float | None = None
    high: float | None = None
    options: tuple[str, ...] = ()
    auto: bool = False
    advanced: bool = False
    things: Callable[[], Mapping[str, Any]] | None = None
    """What options stand for, each with a title and a help; asked only where people read it."""

    def refusal(self, value: Any) -> str | None:
        """Why the value will not do; None when it will."""
        if self.auto and value == AUTO:
            return None
        return CHECKS[self.type](self, value)


def number(
    default: float | str,
    *,
    low: float,
    high: float,
    title: str,
    help: str,
    auto: bool = False,
    advanced: bool = False,
) -> Any:
    """A number from `low` to `high`; with `auto` also the word "auto"."""
    return _field(default, Field("number", help, title, low, high, auto=auto, advanced=advanced))


def whole(
    default: int | str,
    *,
    low: int,
    high: int,
    title: str,
    help: str,
    auto: bool = False,
    advanced: bool = False,
) -> Any:
    """A whole number from `low` to `high`; with `auto` also the word "auto"."""
    return _field(default, Field("whole", help, title, low, high, auto=auto, advanced=advanced))


def flag(default: bool, *, title: str, help: str, advanced: bool = False) -> Any:
    """Yes or no."""
    return _field(default, Field("flag", help, title, advanced=advanced))


def choice(
    default: str,
    *,
    options: Sequence[str],
    title: str,
    help: str,
    advanced: bool = False,
    things: Callable[[], Mapping[str, Any]] | None = None,
) -> Any:
    """One word of several; things: what they stand for, by word."""
    return _field(default, Field("choice", help, title, options=tuple(options), advanced=advanced, things=things))


def text(default: str, *, title: str, help: str, type: str = "text", advanced: bool = False) -> Any:
    """A short text. `type` may be "column", "target", "group" (a column to group by) or "node" (the id of one)."""
    return _field(default, Field(type, help, title, advanced=advanced))


def columns(*, title: str, help: str) -> Any:
    """A list of column names, or the word "all"."""
    return _field("all", Field("columns", help, title))


def document(default: Callable[[], Mapping[str, Any]] = dict, *, title: str, help: str) -> Any:
    """A JSON object that the kind itself reads: a folded graph, a model."""
    return field(default_factory=default, metadata={"field": Field("document", help, title)})


def _field(default: Any, described: Field) -> Any:
    return field(default=default, metadata={"field": described})


def fields_of(settings: type) -> dict[str, Field]:
    """Every setting of a settings class, by name."""
    return {entry.name: entry.metadata["field"] for entry in fields(settings)}


def defaults_of(settings: type) -> dict[str, Any]:
    """What each setting is when nobody touches it."""
    return {entry.name: _default(entry) for entry in fields(settings)}


def _default(entry: DataclassField[Any]) -> Any:
    return entry.default_factory() if entry.default_factory is not MISSING else entry.default


def refusals(settings: type, values: Mapping[str, Any]) -> dict[str, str]:
    """By name of the setting, why its value will not do; empty when all will."""
    known = fields_of(settings)
    unknown = {
        name: f"there is no setting '{name[:60]}'; there are: {', '.join(known) or 'none'}"
        for name in values
        if name not in known
    }
    wrong = {name: why for name, value in values.items() if name in known and (why := known[name].refusal(value))}
    return unknown | wrong


def read(settings: type[Settings], values: Mapping[str, Any]) -> Settings:
    """The settings that the values say, defaults for the rest. Raises SettingRefused naming all that are wrong."""
    wrong = refusals(settings, values)
    if wrong:
        raise SettingRefused("; ".join(f"Setting '{name[:60]}': {why}." for name, why in wrong.items()))
    return settings(**{name: _frozen(value) for name, value in values.items()})


def describe(settings: type) -> list[dict[str, Any]]:
    """The plain form that the palette, the settings form and the handbook read."""
    defaults = defaults_of(settings)
    return [
        {
            "name": name,
            "type": known.type,
            "title": known.title,
            "help": known.help,
            "default": defaults[name],
            "low": known.low,
            "high": known.high,
            "options": list(known.options),
            "about": _about(known),
            "auto": known.auto,
            "advanced": known.advanced,
        }
        for name, known in fields_of(settings).items()
    ]


def _about(field: Field) -> dict[str, dict[str, str]]:
    """By option, what it is called and what it does, where there is a catalogue of them."""
    things = field.things() if field.things else {}
    known = {option: things[option] for option in field.options if option in things}
    return {option: {"title": thing.title, "help": thing.help} for option, thing in known.items()}


def schema(settings: type) -> dict[str, Any]:
    """The same as JSON Schema."""
    return {
        "type": "object",
        "additionalProperties": False,
        "properties": {entry["name"]: _property(entry) for entry in describe(settings)},
    }


def _property(entry: Mapping[str, Any]) -> dict[str, Any]:
    plain: dict[str, Any] = {
        "number": {"type": "number", "minimum": entry["low"], "maximum": entry["high"]},
        "whole": {"type": "integer", "minimum": entry["low"], "maximum": entry["high"]},
        "flag": {"type": "boolean"},
        "choice": {"enum": entry["options"]},
        "columns": {"oneOf": [{"const": "all"}, {"type": "array", "items": {"type": "string"}}]},
        "document": {"type": "object"},
    }.get(entry["type"], {"type": "string"})
    if entry["auto"]:
        plain = {"oneOf": [{"const": AUTO}, plain]}
    return plain | {"title": entry["title"], "description": entry["help"], "default": entry["default"]}


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _check_number(known: Field, value: Any) -> str | None:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return "it must be a number"
    return _check_bounds(known, value)


def _check_whole(known: Field, value: Any) -> str | None:
    if isinstance(value, bool) or not isinstance(value, int):
        return "it must be a whole number"
    return _check_bounds(known, value)


def bound(value: float) -> str:
    """A bound as people read it: 10,000,000 or 0.001."""
    return f"{value:,.16g}"


def _check_bounds(known: Field, value: float) -> str | None:
    assert known.low is not None and known.high is not None
    if not known.low <= value <= known.high:
        return f"it must lie between {bound(known.low)} and {bound(known.high)}"
    return None


def _check_flag(known: Field, value: Any) -> str | None:
    return None if isinstance(value, bool) else "it must be true or false"


def _check_choice(known: Field, value: Any) -> str | None:
    return None if value in known.options else f"it must be one of {', '.join(known.options)}"


def _check_text(known: Field, value: Any) -> str | None:
    return None if isinstance(value, str) and len(value) <= 200 else "it must be a text of at most 200 characters"


def _check_columns(known: Field, value: Any) -> str | None:
    if value == "all":
        return None
    if not isinstance(value, list | tuple) or not all(isinstance(name, str) for name in value):
        return 'it must be the word "all" or a list of column names'
    if not value:
        return "it names no column; choose at least one"
    if len(set(value)) < len(value):
        return "it names a column twice"
    return None


def _check_document(known: Field, value: Any) -> str | None:
    return None if isinstance(value, dict) else "it must be a JSON object"


CHECKS = {
    "number": _check_number,
    "whole": _check_whole,
    "flag": _check_flag,
    "choice": _check_choice,
    "text": _check_text,
    "column": _check_text,
    "target": _check_text,
    "group": _check_text,
    "node": _check_text,
    "columns": _check_columns,
    "document": _check_document,
}
