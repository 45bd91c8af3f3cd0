"""The internal API: the bot's actions reach the clients' systems through it, with a token."""

from __future__ import annotations

import hmac
import json
import re
from collections.abc import Sequence

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from handoff.core.text import legible
from handoff.errors import InputError
from handoff.logs import about
from handoff.ports import ClientSystems

MAX_BODY = 16 * 1024  # bytes
_TRACEPARENT = re.compile(r"00-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}")
_TURN = re.compile(r"[A-Za-z0-9_-]{1,64}")


def internal_api(systems: ClientSystems, token: str, beside: Sequence[BaseRoute] = ()) -> Starlette:
    """`POST /clients/{client}/operations/{operation}`, `GET /health` and the routes `beside`.

    The caller binds it to loopback. A `traceparent` header (W3C) names the customer's line, and
    the log tells it. Answers 401 and 400 as `{"error", "detail"?}`; what a
    client's system does wrong is a 200 with `"ok": false`.
    """

    async def operate(request: Request) -> Response:
        if not _is_authorised(request, token):
            return JSONResponse({"error": "unauthorised"}, 401)
        raw = bytearray()
        async for chunk in request.stream():
            raw += chunk
            if len(raw) > MAX_BODY:
                return _bad(f"the body is longer than {MAX_BODY} bytes", 413)
        try:
            body = json.loads(raw)
        except (ValueError, RecursionError):
            return _bad("the body is not JSON")
        if not isinstance(body, dict) or not body.keys() <= {"turn_id", "arguments"}:
            return _bad("the body must be an object of turn_id and arguments")
        turn_id, arguments = body.get("turn_id"), body.get("arguments")
        if turn_id is not None and (not isinstance(turn_id, str) or not _TURN.fullmatch(turn_id)):
            return _bad("turn_id must be null or 1 to 64 letters and digits")
        if not isinstance(arguments, dict):
            return _bad("arguments must be an object")
        try:
            legible(arguments, "arguments")
        except InputError as error:
            return _bad(str(error))
        path = request.path_params
        traced = _TRACEPARENT.fullmatch(request.headers.get("traceparent", ""))
        about(trace=traced[1] if traced else None)
        answer = await systems.call(path["client"], path["operation"], arguments, turn_id)
        return JSONResponse(dict(answer))

    async def health(request: Request) -> Response:
        return JSONResponse({"ok": True})

    return Starlette(
        routes=[
            Route("/clients/{client}/operations/{operation}", operate, methods=["POST"]),
            *beside,
            Route("/health", health),
        ]
    )


def _is_authorised(request: Request, token: str) -> bool:
    scheme, _, given = request.headers.get("authorization", "").partition(" ")
    return scheme.lower() == "bearer" and hmac.compare_digest(
        given.strip().encode(), token.encode()
    )


def _bad(detail: str, status: int = 400) -> JSONResponse:
    return JSONResponse({"error": "bad_request", "detail": detail}, status)
