"""Who may read what is not for the public: this machine, and others with a token."""

from __future__ import annotations

import hmac
import ipaddress
from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

Act = Callable[[Request], Awaitable[Response]]

_OUR_NAMES = ("127.0.0.1", "localhost", "::1")
_FORWARDED = ("x-forwarded-for", "forwarded", "x-real-ip")


class Inside:
    """Wraps what a route of the internal listener does. `token` is METRICS_TOKEN."""

    def __init__(self, token: str) -> None:
        self._token = token.encode()

    def only(self, act: Act) -> Act:
        """For callers on this machine, and for others who bring the token; 401 else."""

        async def route(request: Request) -> Response:
            if _is_from_here(request) or self._has_token(request):
                return await act(request)
            return JSONResponse({"error": "unauthorised"}, 401)

        return route

    def _has_token(self, request: Request) -> bool:
        scheme, _, given = request.headers.get("authorization", "").partition(" ")
        return scheme.lower() == "bearer" and hmac.compare_digest(
            given.strip().encode(), self._token
        )


def _is_from_here(request: Request) -> bool:
    """From this machine, and not on behalf of another: no proxy between, no stranger's name.

    A page in a browser here can reach this port under a name of its own that leads here.
    """
    if request.client is None or any(name in request.headers for name in _FORWARDED):
        return False
    try:
        is_near = ipaddress.ip_address(request.client.host).is_loopback
        # The header itself: the request's URL has our own name where the header is nonsense.
        return is_near and urlsplit(f"//{request.headers.get('host')}").hostname in _OUR_NAMES
    except ValueError:  # no address, or a name that is none
        return False
