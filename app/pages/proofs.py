"""What the panel of a node answers when it is asked whether the node works as it must: one sentence."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from fastapi import APIRouter, Request
from starlette.datastructures import FormData
from starlette.responses import Response

from app import proofs
from app.pages._forms import Sent, text
from app.problems import HTTPProblem
from app.proofs import ProofBody
from app.provided import TheStore
from app.strict_json import StrictRoute
from app.templating import render

STARTING = "This holds for the numbers that it starts with."
LEARNT = "This holds for the numbers that it has learnt."

router = APIRouter(route_class=StrictRoute, include_in_schema=False)


@dataclass(frozen=True)
class ProofAnswer:
    """verdict: "good", "bad", or "none" where it is neither."""

    said: str
    verdict: str


@router.post("/workbench/proof")
def prove(request: Request, store: TheStore, sent: Sent) -> Response:
    """Whether the node's feedback is right: of the graph as it is kept, on the table that is chosen."""

    def ask(body: ProofBody) -> ProofAnswer:
        verdict = proofs.proven(body, store)
        numbers = LEARNT if body.after else STARTING
        return ProofAnswer(f"{verdict.said} {numbers}", "good" if verdict.ok else "bad")

    return _answered(request, sent, ask)


@router.post("/workbench/row-order")
def row_order(request: Request, store: TheStore, sent: Sent) -> Response:
    """Whether the order of rows matters to the node."""

    def ask(body: ProofBody) -> ProofAnswer:
        return ProofAnswer(proofs.row_order(body, store).said, "none")

    return _answered(request, sent, ask)


def _answered(request: Request, sent: FormData, ask: Callable[[ProofBody], ProofAnswer]) -> Response:
    """The answer; or what stands in its way, in the same place. around: the teams that the node stands in, "team/"."""
    body = ProofBody(
        graph=text(sent, "graph"),
        table=text(sent, "table"),
        target=text(sent, "target") or None,
        node=text(sent, "around") + text(sent, "node"),
        after=text(sent, "after") or None,
    )
    try:
        answer = ask(body) if body.table else ProofAnswer("Choose a table under Data first.", "none")
    except HTTPProblem as problem:
        answer = ProofAnswer(problem.details.detail, "none")
    return render(request, "parts/proof_answer.html", answer)
