"""Faults on demand: how a company's API misbehaves, and for how many requests."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response

MODES = ("slow", "500", "nonsense", "unknown", "redirect", "huge", "none")
SLOW_SECONDS = 5.0
HUGE_BYTES = 5_000_000


@dataclass(slots=True)
class Faults:
    """The fault that each client's API has now. A count of None lasts until `none` is set."""

    _now: dict[str, tuple[str, int | None]] = field(default_factory=dict)

    def set(self, client: str, mode: str, count: int | None) -> None:
        if mode == "none":
            self._now.pop(client, None)
        else:
            self._now[client] = (mode, count)

    async def answer(self, client: str, request: Request) -> Response | None:
        """The misbehaviour that is due, None when the API is to answer as it should."""
        mode = self._take(client)
        if mode is None:
            return None
        if mode == "slow":
            await asyncio.sleep(SLOW_SECONDS)
            return None
        if mode == "500":
            return JSONResponse({"error": "internal", "message": "Something broke."}, 500)
        if mode == "unknown":
            return JSONResponse({"error": "not_found", "message": "There is no such thing."}, 404)
        if mode == "redirect":
            return RedirectResponse("http://elsewhere.example/" + request.url.path, 302)
        if mode == "huge":
            return PlainTextResponse('{"x": "' + "x" * HUGE_BYTES + '"}')
        return PlainTextResponse("<!doctype html><title>Velkommen</title>\x00{]")

    def _take(self, client: str) -> str | None:
        mode, count = self._now.get(client, (None, None))
        if mode is not None and count is not None:
            self.set(client, mode if count > 1 else "none", count - 1)
        return mode
