"""Pages and their fragments: one template a page, its named blocks the fragments.

What a template may name: the fields of its page, `request`, `nonce` for scripts, `vendor` for the packed npm packages,
and every file of `templates/parts/` by its stem: `parts/fields.html` is `fields`, its macros are called as
`fields.text(...)`.
"""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

from fastapi import Request
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse

from app.figures import figure


def create_environment(folder: Path, **names: Any) -> Environment:
    """Templates of one folder, which may all use these names: escaped always, and an unknown name is an error."""
    environment = Environment(
        loader=FileSystemLoader(folder),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(names)
    environment.filters["figure"] = figure
    for file in sorted(folder.glob("parts/*.html")):
        environment.globals[file.stem] = _Part(environment, f"parts/{file.name}")
    return environment


def render(request: Request, template: str, page: Any, *, block: str | None = None, status: int = 200) -> HTMLResponse:
    """The whole page, or only the named block when htmx asks for a part of it."""
    only = block if wants_part(request) else None
    return HTMLResponse(render_text(request, template, page, block=only), status, {"Vary": "HX-Request"})


def render_text(request: Request, template: str, page: Any, *, block: str | None = None) -> str:
    """The text alone, for events of a stream and for problems."""
    found = request.app.state.templates.get_template(template)
    context = found.new_context(_names(request, page))
    write = found.blocks[block] if block else found.root_render_func
    return "".join(write(context))


def wants_part(request: Request) -> bool:
    """Whether htmx asks for a part; boosted links and steps back in history want the whole page."""
    asked = request.headers
    whole = asked.get("HX-Request-Type") == "full" or asked.get("HX-History-Restore-Request") == "true"
    return asked.get("HX-Request") == "true" and not whole


def _names(request: Request, page: Any) -> dict[str, Any]:
    if not is_dataclass(page) or isinstance(page, type):
        raise TypeError(f"A page is a frozen dataclass; {type(page).__name__} is none.")
    names = {field.name: getattr(page, field.name) for field in fields(page)}
    if taken := names.keys() & {"request", "nonce"}:
        raise TypeError(f"{type(page).__name__} has fields that every template knows otherwise: {sorted(taken)}.")
    return {**names, "request": request, "nonce": request.state.nonce}


class _Part:
    """A file of macros, loaded when first used, so that parts may use one another in any order."""

    def __init__(self, environment: Environment, name: str) -> None:
        self._environment = environment
        self._name = name

    def __getattr__(self, macro: str) -> Any:
        if macro.startswith("__"):
            raise AttributeError(macro)
        return getattr(self._environment.get_template(self._name).module, macro)
