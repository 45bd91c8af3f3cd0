"""Whether this service can do its work, told part by part."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from handoff.clients import Client
from handoff.errors import BotError, StafettError
from handoff.ports import Bot, Store
from handoff.records import Turn
from handoff.tokens import new_id

ANSWER_GOOD_SECONDS = 10.0
GOOD_SECONDS = 1.0


class HealthRoutes:
    """`/health`: the process lives. `/ready`: messages are truly stored and queued.

    `/ready?bot=1` also needs a whole answer of the bot, through its own channel.
    """

    def __init__(
        self, store: Store, bot: Bot, clients: Mapping[str, Client], brief: Mapping[str, object]
    ) -> None:
        self._store = store
        self._bot = bot
        self._clients = clients
        self._brief = brief
        self._states: dict[str, tuple[float, str]] = {}
        self._asking = {part: asyncio.Lock() for part in ("storage", "queue", "bot", "answer")}
        self._conversation = new_id()

    def routes(self) -> list[Route]:
        return [Route("/health", self.health), Route("/ready", self.ready)]

    async def health(self, request: Request) -> Response:
        return JSONResponse({"ok": True})

    async def ready(self, request: Request) -> Response:
        with_bot = request.query_params.get("bot") == "1"
        parts = {
            "storage": await self._look("storage", self._storage),
            "queue": await self._look("queue", self._queue),
        }
        needed = all(state == "ok" for state in parts.values())
        parts["bot"] = await (
            self._look("answer", self._answer, ANSWER_GOOD_SECONDS)
            if with_bot
            else self._look("bot", self._bot_state)
        )
        is_ready = needed and (not with_bot or parts["bot"] == "ok")
        return JSONResponse(
            {"ready": is_ready, "parts": parts, "clients": sorted(self._clients)},
            200 if is_ready else 503,
            {"Cache-Control": "no-store"},
        )

    async def _look(
        self, part: str, look: Callable[[], Awaitable[str]], good_seconds: float = GOOD_SECONDS
    ) -> str:
        """The part's state. Anybody may ask, so what was just seen is told again."""
        async with self._asking[part]:
            at, state = self._states.get(part, (0.0, ""))
            lasts = good_seconds if state == "ok" else GOOD_SECONDS
            if not state or time.monotonic() - at >= lasts:
                state = await look()
                self._states[part] = (time.monotonic(), state)
            return state

    async def _storage(self) -> str:
        try:
            await self._store.ready()
        except StafettError as error:
            return str(error)
        return "ok"

    async def _queue(self) -> str:
        try:
            await self._store.read(lambda unit: unit.queue.length(self._clients))
        except StafettError as error:
            return str(error)
        return "ok"

    async def _bot_state(self) -> str:
        try:
            await self._bot.ready()
        except BotError as error:
            return str(error)
        return "ok"

    async def _answer(self) -> str:
        turn = Turn(new_id(), self._conversation, "hei", is_payload=False, metadata=self._brief)
        try:
            answer = await self._bot.answer(turn)
        except BotError as error:
            return str(error)
        return "ok" if answer.replies else "The bot answered nothing."
