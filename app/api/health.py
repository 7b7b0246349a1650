"""Whether the server is there, for start scripts and watchdogs."""

from fastapi import APIRouter

from app.strict_json import StrictRoute
from app.version import version

router = APIRouter(route_class=StrictRoute, tags=["server"])


@router.get("/healthz")
async def health() -> dict[str, str]:
    """Answers as soon as the store is open."""
    return {"status": "ok", "version": version()}
