"""What every answer carries, whatever made it: the pages' policy, and no word of our faults."""

from __future__ import annotations

import structlog
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from handoff.core.ids import is_client_id, is_id
from handoff.errors import StafettError
from handoff.routes.replies import failed

# Loaded by clients' websites, from their own origins.
_SHARED = ("/widget.js", "/widget/", "/shared/")

log = structlog.get_logger(__name__)


class SecurityHeaders:
    """A strict policy on every page: our own files only, no inline script or style.

    An error nobody foresaw becomes a 500 that tells nothing, and a log line with its type.
    """

    def __init__(self, app: ASGIApp, socket_url: str, frames: tuple[str, ...]) -> None:
        self._app = app
        # With the slash: without it a policy allows this path alone, and none below it.
        self._policy = "; ".join(
            (
                "default-src 'self'",
                f"connect-src 'self' {socket_url}/",
                "img-src 'self' data:",
                f"frame-src 'self' {' '.join(frames)}".strip(),
                "frame-ancestors 'self'",
                "base-uri 'none'",
                "form-action 'self'",
                "object-src 'none'",
            )
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        path, begun = scope["path"], False

        async def send_with_headers(message: Message) -> None:
            nonlocal begun
            if message["type"] == "http.response.start":
                begun = True
                self._add(MutableHeaders(scope=message), path)
            await send(message)

        try:
            await self._app(scope, receive, send_with_headers)
        except Exception as error:
            # Not the error's words: they may quote what somebody wrote.
            log.error("route", action="route_failed", error=type(error).__name__, **_ids(scope))
            if not begun:
                answer = failed(StafettError("Something went wrong here.", cure="Try again."), 500)
                await answer(scope, receive, send_with_headers)

    def _add(self, headers: MutableHeaders, path: str) -> None:
        headers.setdefault("Content-Security-Policy", self._policy)
        headers["X-Content-Type-Options"] = "nosniff"
        headers["Referrer-Policy"] = "no-referrer"
        headers["Cross-Origin-Opener-Policy"] = "same-origin"
        headers.setdefault("Cache-Control", "no-cache")
        if path.startswith(_SHARED):
            headers["Access-Control-Allow-Origin"] = "*"
            headers["Cross-Origin-Resource-Policy"] = "cross-origin"


def _ids(scope: Scope) -> dict[str, str]:
    """Whom the route was about, where the address named it in the form of an id."""
    found: dict[str, str] = scope.get("path_params", {})
    client, conversation = found.get("client", ""), found.get("conversation", "")
    return {
        **({"client": client} if is_client_id(client) else {}),
        **({"conversation": conversation} if is_id(conversation) else {}),
    }
