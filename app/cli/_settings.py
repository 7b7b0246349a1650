"""An option for every setting of a training, made from what the setting says of itself."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import Any

from engine import fields
from engine.fields import AUTO, Field
from engine.training.settings import Settings


def add_settings(parser: argparse.ArgumentParser) -> None:
    """Add `--batch-size` for `batch_size`, and so on. What is left out keeps its usual value."""
    group = parser.add_argument_group("settings of the training")
    usual = fields.defaults_of(Settings)
    for name, field in fields.fields_of(Settings).items():
        told = f"{field.help} Usual: {_told(usual[name])}.".replace("%", "%%")
        option = f"--{name.replace('_', '-')}"
        if field.type == "flag":
            group.add_argument(option, action=argparse.BooleanOptionalAction, default=None, help=told)
        elif field.options:
            group.add_argument(option, choices=field.options, default=None, help=told)
        else:
            group.add_argument(option, type=_reader(field), default=None, metavar=_bounds(field), help=told)


def settings_given(arguments: argparse.Namespace) -> dict[str, Any]:
    """The settings that were given, by name."""
    values = vars(arguments)
    return {name: values[name] for name in fields.fields_of(Settings) if values[name] is not None}


def _reader(field: Field) -> Callable[[str], Any]:
    def read(text: str) -> Any:
        value = _value(field, text)
        why = field.refusal(value)
        if why:
            raise argparse.ArgumentTypeError(f"{why}, not '{text[:40]}'")
        return value

    return read


def _value(field: Field, text: str) -> Any:
    """The number that the text is, or the text itself, which the setting then refuses."""
    if field.auto and text == AUTO:
        return AUTO
    try:
        return int(text) if field.type == "whole" else float(text)
    except ValueError:
        return text


def _bounds(field: Field) -> str:
    word = f"{AUTO}|" if field.auto else ""
    assert field.low is not None and field.high is not None
    return f"{word}{fields.bound(field.low)}..{fields.bound(field.high)}"


def _told(value: Any) -> str:
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)
