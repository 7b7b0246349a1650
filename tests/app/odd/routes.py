"""Routes that fail, wait, take a lot or say too much."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Body, FastAPI, Request, UploadFile
from pydantic import BaseModel, ConfigDict, Field, field_validator
from starlette.responses import StreamingResponse

from app.body_limits import takes
from app.errors import DiskFull
from app.problems import HTTPProblem
from app.strict_json import StrictRoute

router = APIRouter(prefix="/odd", route_class=StrictRoute)
SECRET = "/etc/a-path-that-nobody-should-see"


class Small(BaseModel):
    model_config = ConfigDict(extra="forbid")
    rate: Annotated[float, Field(gt=0, le=1)]
    name: Annotated[str, Field(max_length=5)] = "x"
    epochs: int = 1

    @field_validator("name")
    @classmethod
    def not_taken(cls, name: str) -> str:
        if name == "taken":
            raise ValueError("choose another name")
        return name


@router.get("/boom")
async def boom() -> None:
    raise RuntimeError(SECRET)


@router.post("/boom")
def boom_on_post() -> None:
    raise KeyError(SECRET)


@router.get("/full")
def full() -> None:
    raise DiskFull(SECRET)


@router.get("/refused")
def refused() -> None:
    raise HTTPProblem(409, "odd", "The run 'a<b' is at work. Stop it.", problems=[{"code": "x"}])


@router.get("/late")
async def late() -> StreamingResponse:
    async def words() -> AsyncIterator[bytes]:
        yield b"first "
        raise RuntimeError(SECRET)

    return StreamingResponse(words())


@router.get("/endless")
async def endless() -> StreamingResponse:
    async def words() -> AsyncIterator[bytes]:
        while True:
            yield b"more "
            await asyncio.sleep(0.05)

    return StreamingResponse(words())


@router.get("/until-stopped")
async def until_stopped(request: Request) -> StreamingResponse:
    application: FastAPI = request.app

    async def words() -> AsyncIterator[bytes]:
        yield b"start "
        await application.state.stopping.wait()
        yield b"end"

    return StreamingResponse(words())


@router.get("/nonce")
async def nonce(request: Request) -> str:
    return str(request.state.nonce)


@router.post("/small")
def small(body: Small) -> Small:
    return body


@router.post("/optional")
def optional(body: Annotated[dict[str, int] | None, Body()] = None) -> dict[str, int] | None:
    return body


@router.post("/model")
@takes("model_bytes")
def model(body: Annotated[dict[str, str], Body()]) -> int:
    return len(body)


@router.post("/upload")
@takes("upload_bytes")
def upload(file: UploadFile) -> int:
    return len(file.file.read())


@router.put("/raw")
async def raw(request: Request) -> int:
    return len(await request.body())


@dataclass(frozen=True)
class Page:
    title: str
