"""How late a timer of the server's own loop is: what everybody waits who asks the server for something."""

from __future__ import annotations

import asyncio
import time
from typing import Annotated

import numpy as np
from fastapi import APIRouter, Query

router = APIRouter()
EVERY = 0.005


async def lateness(times: int) -> list[float]:
    """Milliseconds by which a timer of 5 ms of this loop came too late, so many times."""
    found = []
    for _ in range(times):
        due = time.perf_counter() + EVERY
        await asyncio.sleep(EVERY)
        found.append(1e3 * (time.perf_counter() - due))
    return found


@router.get("/api/lateness")
async def measured(times: Annotated[int, Query(ge=1)]) -> dict[str, float]:
    """The median and the 99th percentile, in milliseconds."""
    p50, p99 = np.percentile(await lateness(times), [50, 99])
    return {"late_ms_median": float(p50), "late_ms_p99": float(p99)}
