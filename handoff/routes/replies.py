"""What every route shares: errors as JSON, checked bodies, and who is asking."""

from __future__ import annotations

import asyncio
import time
from typing import TypeVar

import msgspec
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response

from handoff.errors import (
    InputError,
    NotAllowed,
    NotFound,
    Overloaded,
    Refused,
    StafettError,
    Unauthenticated,
)
from handoff.protocol.legible import cleaned
from handoff.proxies import Proxies

T = TypeVar("T", bound=msgspec.Struct)

MAX_BODY_BYTES = 32_768
BODY_SECONDS = 10.0

_CODES = {404: "not_found", 405: "bad_method"}

_STATUS: tuple[tuple[type[StafettError], int], ...] = (
    (Unauthenticated, 401),
    (NotAllowed, 403),
    (NotFound, 404),
    (InputError, 400),
    (Refused, 409),
    (Overloaded, 429),
)


def failed(error: StafettError, status: int | None = None) -> Response:
    """An error of ours as `{"error": {"code", "text"}}` with a fitting status."""
    if status is None:
        status = next((status for kind, status in _STATUS if isinstance(error, kind)), 503)
    headers = {"Retry-After": "5"} if status in (429, 503) else {}
    body = {"error": {"code": error.code, "text": str(error)}}
    return JSONResponse(body, status, headers)


async def refused(request: Request, error: Exception) -> Response:
    """What the router itself refuses, in the words of the API."""
    if not isinstance(error, HTTPException):
        raise error
    texts = {404: "There is nothing here.", 405: f"{request.method} is not for this address."}
    text = texts.get(error.status_code, "That request is not understood.")
    body = {"error": {"code": _CODES.get(error.status_code, "bad_input"), "text": text}}
    return JSONResponse(body, error.status_code, error.headers)


async def body_of(request: Request, kind: type[T]) -> T:
    """The request's JSON as `kind`. Raises InputError naming the field that is wrong."""
    chunks: list[bytes] = []
    size = 0
    try:
        async with asyncio.timeout(BODY_SECONDS):
            async for chunk in request.stream():
                size += len(chunk)
                if size > MAX_BODY_BYTES:
                    raise InputError(f"The body is above {MAX_BODY_BYTES} bytes.")
                chunks.append(chunk)
    except TimeoutError:
        raise InputError(f"The body took more than {BODY_SECONDS:.0f} seconds.") from None
    except ClientDisconnect:
        raise InputError("The body did not arrive whole.") from None
    try:
        body = msgspec.json.decode(b"".join(chunks), type=kind)
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        raise InputError(f"The body is not as it should be: {error}") from None
    return cleaned(body)


class Pace:
    """At most `count` calls in `seconds` for each key; the oldest keys are forgotten."""

    KEYS = 20_000

    def __init__(self, count: int, seconds: float) -> None:
        self._count = count
        self._seconds = seconds
        self._calls: dict[str, list[float]] = {}

    def check(self, key: str) -> None:
        """Count one call. Raises Overloaded when it is one too many."""
        now = time.monotonic()
        recent = [at for at in self._calls.pop(key, []) if now - at < self._seconds]
        if len(recent) >= self._count:
            self._calls[key] = recent
            raise Overloaded("Too many tries.", cure="Wait a little and try again.")
        self._calls[key] = [*recent, now]
        if len(self._calls) > self.KEYS:
            del self._calls[next(iter(self._calls))]


def address_of(request: Request, proxies: Proxies) -> str:
    """Who is asking: the peer, or what a configured proxy says."""
    peer = request.client.host if request.client else ""
    return proxies.caller(peer, request.headers.getlist("X-Forwarded-For"))
