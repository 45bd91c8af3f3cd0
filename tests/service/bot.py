"""A small real HTTP server that speaks the bot contract and misbehaves on order."""

from __future__ import annotations

import asyncio
import json
from collections import defaultdict, deque
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from handoff.listener import listening

SIGNAL: dict[str, Any] = {
    "type": "handoff",
    "v": 1,
    "reason": "asked_human",
    "topic": "track_parcel",
    "priority": "normal",
    "reasons": [{"code": "asked_human", "nb": "Kunden ba om et menneske.", "en": "", "quotes": []}],
    "tried": [],
    "confirmed": {"tracking_number": "HB12345678"},
    "guessed": {},
}


class StandInBot:
    """Answers `Svar: <text>`, or as the next of `orders` says.

    An order is `slow:<seconds>`, `error`, `dies` (before the turn), `dies_after` (the turn ran),
    `empty`, `paused`, `nonsense`, `signal`, `front`, or a mapping to merge into the answer.
    """

    def __init__(self) -> None:
        self.orders: deque[str | Mapping[str, Any]] = deque()
        self.always: str | None = None
        self.received: list[dict[str, Any]] = []
        self.raw: list[bytes] = []
        self.ran: dict[str, dict[str, Any]] = {}
        self.times: dict[str, int] = defaultdict(int)
        self.woken: list[tuple[str, list[dict[str, Any]]]] = []
        self.steps: list[tuple[str, str]] = []
        self.fails_to_wake = 0
        self.recalled = 0
        self.fails_to_forget = 0
        self.status_seconds = 0.0
        self.forgotten: list[str] = []

    def app(self) -> Starlette:
        return Starlette(
            routes=[
                Route("/webhooks/stafett/turn", self._turn, methods=["POST"]),
                Route("/webhooks/stafett/turn/{conversation}/{turn}", self._recall),
                Route("/conversations/{conversation}/tracker/events", self._wake, methods=["POST"]),
                Route("/webhooks/stafett/conversations/{conversation}", self._memory),
                Route(
                    "/webhooks/stafett/conversations/{conversation}",
                    self._forget,
                    methods=["DELETE"],
                ),
                Route("/status", self._status),
            ]
        )

    async def _turn(self, request: Request) -> Response:
        raw = await request.body()
        self.raw.append(raw)
        body = json.loads(raw)
        self.received.append(body)
        order = self.orders.popleft() if self.orders else self.always
        turn, text = body["turn_id"], body["text"]
        if order == "error":
            return JSONResponse({"error": "turn_failed", "turn_id": turn}, 500)
        if order == "dies":
            return _Torn()
        answer: dict[str, Any] = {
            "v": 1,
            "turn_id": turn,
            "messages": [{"text": f"Svar: {text}", "buttons": []}],
            "nlu": {
                "intent": "track_parcel",
                "confidence": 0.9,
                "ranking": [],
                "entities": [],
                "language": "nb",
            },
            "slots": {},
            "assessment": None,
            "signal": None,
            "lookups": [],
            "paused": False,
        }
        if isinstance(order, Mapping):
            answer |= order
        elif order == "empty":
            answer["messages"] = []
        elif order == "paused":
            answer |= {"messages": [], "paused": True}
        elif order == "nonsense":
            answer["messages"] = "nei"
        elif order in ("signal", "front"):
            priority = "front" if order == "front" else "normal"
            answer |= {"signal": SIGNAL | {"priority": priority}, "paused": True}
        self.times[turn] += 1
        self.ran[turn] = answer
        self.steps.append(("turn", text))
        if order == "dies_after":
            return _Torn()
        if isinstance(order, str) and order.startswith("slow:"):
            await asyncio.sleep(float(order.removeprefix("slow:")))
        return JSONResponse(answer)

    async def _recall(self, request: Request) -> Response:
        self.recalled += 1
        found = self.ran.get(request.path_params["turn"])
        return JSONResponse(found) if found else JSONResponse({"error": "not_found"}, 404)

    async def _wake(self, request: Request) -> Response:
        raw = await request.body()
        self.raw.append(raw)
        if self.fails_to_wake:
            self.fails_to_wake -= 1
            return JSONResponse({}, 500)
        self.woken.append((request.path_params["conversation"], json.loads(raw)))
        self.steps.append(("wake", ""))
        return JSONResponse({})

    def _events(self, conversation: str) -> list[dict[str, Any]]:
        """One event for each turn it was asked, as a tracker would hold it."""
        return [
            {"event": "user", "text": turn["text"]}
            for turn in self.received
            if turn["conversation"] == conversation
        ]

    async def _memory(self, request: Request) -> Response:
        return JSONResponse({"events": self._events(request.path_params["conversation"])})

    async def _forget(self, request: Request) -> Response:
        if self.fails_to_forget:
            self.fails_to_forget -= 1
            return JSONResponse({"error": "memory_failed"}, 500)
        conversation = request.path_params["conversation"]
        gone = self._events(conversation)
        self.received = [turn for turn in self.received if turn["conversation"] != conversation]
        self.forgotten.append(conversation)
        return JSONResponse({"deleted": len(gone)})

    async def _status(self, request: Request) -> Response:
        await asyncio.sleep(self.status_seconds)
        return JSONResponse({"model_file": "m"})


class _Torn(Response):
    """The connection breaks in the middle of the answer."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = [(b"content-length", b"1000"), (b"connection", b"close")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b"{"})


@asynccontextmanager
async def serving_bot(bot: StandInBot, port: int) -> AsyncIterator[None]:
    async with listening(bot.app(), "127.0.0.1", port):
        yield
