"""What a client's website asks for: the widget's configuration and tickets for its socket."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Annotated
from urllib.parse import urlsplit

from msgspec import Meta, Struct
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from handoff.bridge import Bridge
from handoff.clients import Client
from handoff.errors import NotAllowed, NotFound, StafettError
from handoff.protocol.messages import Id, Language
from handoff.proxies import Proxies
from handoff.routes.replies import Pace, address_of, body_of, failed
from handoff.tokens import Bearer, Tokens, Use, visitor_of

TICKETS_OF_ADDRESS = 60
TICKETS_OF_CLIENT = 3_000
"""Both a minute."""


class TicketRequest(Struct, forbid_unknown_fields=True):
    """`visitor` is the widget's 128-bit secret; `page` the address it is shown on."""

    visitor: Id
    page: Annotated[str, Meta(max_length=2_000)] = ""
    language: Language | None = None


class WidgetRoutes:
    """Bound to the client company by path, and to its websites by Origin."""

    def __init__(
        self,
        clients: Mapping[str, Client],
        bridge: Bridge,
        tokens: Tokens,
        socket_url: str,
        proxies: Proxies,
    ) -> None:
        self._clients = clients
        self._bridge = bridge
        self._tokens = tokens
        self._socket_url = socket_url
        self._proxies = proxies
        self._by_address = Pace(TICKETS_OF_ADDRESS, 60.0)
        self._by_client = Pace(TICKETS_OF_CLIENT, 60.0)

    def routes(self) -> list[Route]:
        return [
            Route("/api/clients/{client}/widget", self.config, methods=["GET", "OPTIONS"]),
            Route("/api/clients/{client}/tickets", self.ticket, methods=["POST", "OPTIONS"]),
        ]

    async def config(self, request: Request) -> Response:
        return await self._answer(request, self._config)

    async def ticket(self, request: Request) -> Response:
        return await self._answer(request, self._ticket)

    async def _answer(
        self, request: Request, act: Callable[[Request, Client], Awaitable[Response]]
    ) -> Response:
        """With CORS for the client's own websites and nobody else."""
        origins = request.headers.getlist("Origin")
        origin = origins[0] if len(origins) == 1 else ""
        asked = request.path_params["client"]
        client = self._clients.get(asked)
        if client is None:
            cure = "Check `data-client` of the script tag."
            return _refused(
                request, NotFound(f"There is no client company `{asked[:60]}`.", cure=cure)
            )
        if origin not in client.origins:
            cure = f"Add it to `origins` in clients/{client.id}.yml and restart."
            site = origin[:200] or "A page without an origin"
            return _refused(request, NotAllowed(f"{site} may not open this chat.", cure=cure))
        if request.method == "OPTIONS":
            response = Response(status_code=204)
            response.headers["Access-Control-Allow-Methods"] = "GET, POST"
            response.headers["Access-Control-Allow-Headers"] = "Content-Type"
            response.headers["Access-Control-Max-Age"] = "600"
        else:
            try:
                response = await act(request, client)
            except StafettError as error:
                response = failed(error)
        response.headers["Access-Control-Allow-Origin"] = origin
        response.headers["Vary"] = "Origin"
        response.headers["Cache-Control"] = "no-store"
        return response

    async def _config(self, request: Request, client: Client) -> Response:
        return JSONResponse(
            {
                "client": client.id,
                "name": client.name,
                "colours": {
                    "primary": client.colours.primary,
                    "on_primary": client.colours.on_primary,
                    "accent": client.colours.accent,
                },
                "greeting": {
                    language: client.greeting.of(language) for language in client.languages
                },
                "languages": list(client.languages),
                "privacy": {
                    "controller": client.privacy.controller,
                    "processor": client.privacy.processor,
                    "url": client.privacy.url,
                    "retention_days": client.privacy.retention_days,
                },
                "contact": {"email": client.contact.email},
                "socket": self._socket(client),
            }
        )

    async def _ticket(self, request: Request, client: Client) -> Response:
        self._by_address.check(address_of(request, self._proxies))
        self._by_client.check(client.id)
        asked = await body_of(request, TicketRequest)
        conversation = await self._bridge.arrive(
            client.id, visitor_of(client.id, asked.visitor), bare(asked.page), asked.language
        )
        ticket = self._tokens.issue(Use.TICKET, Bearer("customer", client.id, conversation.id))
        return JSONResponse(
            {
                "ticket": ticket,
                "conversation": conversation.id,
                "socket": self._socket(client),
            }
        )

    def _socket(self, client: Client) -> str:
        return f"{self._socket_url}/customer/{client.id}"


def _refused(request: Request, error: StafettError) -> Response:
    """The configuration's refusal may be read by any page, for its console: it holds nothing but
    how to mend the page. Nothing else may.
    """
    response = failed(error)
    if request.method == "GET":
        response.headers["Access-Control-Allow-Origin"] = "*"
    return response


def bare(page: str) -> str:
    """A page's address without query and fragment, which may hold what is not ours to keep."""
    try:
        parts = urlsplit(page)
    except ValueError:
        return ""
    if parts.scheme not in ("http", "https"):
        return ""
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"[:500]
