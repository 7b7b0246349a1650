"""Scripts and styles: what carries a hash in its name is kept for ever, the rest is asked about each time."""

from __future__ import annotations

import os
import re

from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

HASHED = re.compile(r"vendor/(?:.*/)?[^/]+[-.][0-9A-Za-z]{8,}\.[0-9a-z.]+")
FOREVER = "public, max-age=31536000, immutable"
ASK = "no-cache"  # kept, but used only after the server said that the ETag is still right


class CachedFiles(StaticFiles):
    """A folder served with the caching that the names allow."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        hashed = HASHED.fullmatch(path.replace(os.sep, "/")) is not None
        response.headers["Cache-Control"] = FOREVER if hashed else ASK
        return response
