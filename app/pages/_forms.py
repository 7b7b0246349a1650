"""Reads what a form of `templates/parts/fields.html` sends back, and says at which field it is wrong."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Depends, Request
from starlette.datastructures import FormData

from engine import fields
from engine.fields import AUTO, Field


async def _form(request: Request) -> FormData:
    return await request.form()


Sent = Annotated[FormData, Depends(_form)]
"""A form as it arrived: what a route of a page asks for."""


def text(sent: FormData, name: str) -> str:
    """One field of a form; empty where it was not sent."""
    value = sent.get(name, "")
    return value if isinstance(value, str) else ""


NUMBERS = {"number": "a number", "whole": "a whole number"}
ENDLESS = 1e100
LONGEST_ECHO = 40


@dataclass(frozen=True)
class Filled:
    """values: by setting, what was sent, right or wrong; errors: by setting, a sentence."""

    values: Mapping[str, Any]
    errors: Mapping[str, str]

    def changed(self, settings: type) -> dict[str, Any]:
        """Only the values that are right and differ from the usual ones."""
        usual = fields.defaults_of(settings)
        return {name: value for name, value in self.values.items() if name not in self.errors and value != usual[name]}


def read_form(
    settings: type, sent: FormData, prefix: str, learnable: Sequence[str] = (), skip: Sequence[str] = ()
) -> Filled:
    """What the form says of every setting but those to skip. learnable: the columns that "all" stands for."""
    known = {name: field for name, field in fields.fields_of(settings).items() if name not in skip}
    values = {name: _value(field, sent, prefix + name, learnable) for name, field in known.items()}
    return Filled(values, _sentences(settings, values))


def filled(settings: type, values: Mapping[str, Any], skip: Sequence[str] = ()) -> Filled:
    """The same for values that are kept already."""
    known = {name: usual for name, usual in fields.defaults_of(settings).items() if name not in skip}
    chosen = {name: values.get(name, usual) for name, usual in known.items()}
    return Filled(chosen, _sentences(settings, chosen))


def _sentences(settings: type, values: Mapping[str, Any]) -> dict[str, str]:
    known = fields.fields_of(settings)
    refusals = fields.refusals(settings, values)
    return {name: _sentence(known[name], values[name], why) for name, why in refusals.items()}


def _sentence(field: Field, value: Any, why: str) -> str:
    """What is wrong and what to do: "Epochs cannot be -5: write a whole number from 1 to 10,000,000." """
    if field.type not in NUMBERS or field.low is None or field.high is None:
        return f"{why[0].upper()}{why[1:]}."
    echo = f"“{value[:LONGEST_ECHO]}”" if isinstance(value, str) else str(value)[:LONGEST_ECHO]
    wrong = f"cannot be {echo}" if value != "" else "is empty"
    low, high = fields.bound(field.low), fields.bound(field.high)
    bounds = f"of at least {low}" if field.high > ENDLESS else f"from {low} to {high}"
    otherwise = ", or leave it empty for “auto”" if field.auto else ""
    return f"{field.title} {wrong}: write {NUMBERS[field.type]} {bounds}{otherwise}."


def _value(field: Field, sent: FormData, name: str, learnable: Sequence[str]) -> Any:
    if field.type == "flag":
        return name in sent
    if field.type == "columns":
        return _columns(sent, name, learnable)
    written = text(sent, name).strip()
    if field.auto and written in ("", AUTO):
        return AUTO
    return _number(written) if field.type in ("number", "whole") else written


def _columns(sent: FormData, name: str, learnable: Sequence[str]) -> Any:
    """All when that is ticked; what it stood for, by name, when it was unticked just now, to choose from."""
    if f"{name}-all" in sent:
        return "all"
    return [str(column) for column in sent.getlist(name)] or list(learnable)


def _number(written: str) -> Any:
    """A number if it is one, a whole one where it can be; else the text, which the check refuses."""
    plain = written.replace(",", ".") if written.count(",") == 1 and "." not in written else written
    try:
        number = float(plain)
    except ValueError:
        return written
    if "_" in plain:
        return written
    return int(number) if number.is_integer() and "e" not in plain.lower() and "." not in plain else number
