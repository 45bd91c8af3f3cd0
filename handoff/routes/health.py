"""Whether the process lives, and whether new customers may be sent to it."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from handoff.routes.inside import Inside
from handoff.routes.parts import Part, Parts, State


class Phase(StrEnum):
    STARTING = "starting"
    SERVING = "serving"
    DRAINING = "draining"


class Life:
    """Where the process is between its start and its end. The composition root moves it on."""

    def __init__(self) -> None:
        self.phase = Phase.STARTING


class HealthRoutes:
    """`/health`: the process lives. `/ready`: it may be sent new customers, else 503.

    `/ready?bot=1` also needs a whole answer of the bot, through its own channel. The public is
    told which part is down and no more; the words of errors and the client companies are told
    inside.
    """

    def __init__(self, parts: Parts, life: Life, clients: Iterable[str]) -> None:
        self._parts = parts
        self._life = life
        self._clients = sorted(clients)

    def routes(self) -> list[Route]:
        return [Route("/health", self.health), Route("/ready", self.ready)]

    def inner_routes(self, inside: Inside) -> list[Route]:
        """For the internal listener: the same, with what is wrong in words."""
        return [
            Route("/health", self.health),
            Route("/ready", inside.only(self.ready_in_words)),
        ]

    async def health(self, request: Request) -> Response:
        return JSONResponse({"ok": True})

    async def ready(self, request: Request) -> Response:
        state, parts = await self._look(request)
        return _answer(state, {"parts": {name: part.state for name, part in parts.items()}})

    async def ready_in_words(self, request: Request) -> Response:
        state, parts = await self._look(request)
        told = {name: {"state": one.state, "detail": one.detail} for name, one in parts.items()}
        return _answer(state, {"parts": told, "clients": self._clients})

    async def _look(self, request: Request) -> tuple[str, dict[str, Part]]:
        """`ready`, `degraded`, or why not: `starting`, `draining`, `down`."""
        if self._life.phase is not Phase.SERVING:
            return self._life.phase, {}
        parts, needed = await self._parts.look(), self._parts.needed
        if request.query_params.get("bot") == "1":
            parts["answer"] = await self._parts.answer()
            needed |= {"answer"}
        down = {name for name, part in parts.items() if part.state is State.DOWN}
        return "down" if down & needed else "degraded" if down else "ready", parts


def _answer(state: str, told: dict[str, object]) -> JSONResponse:
    is_ready = state in ("ready", "degraded")
    return JSONResponse(
        {"ready": is_ready, "state": state, **told},
        200 if is_ready else 503,
        {"Cache-Control": "no-store"},
    )
