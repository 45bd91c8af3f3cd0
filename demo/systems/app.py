"""The service: token, faults, idempotency and routes around the two companies' resources."""

from __future__ import annotations

import copy
import hmac
import json
from collections.abc import Awaitable, Callable, Sequence
from datetime import date, datetime
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from demo.systems import heimbud, heimbud_seed, pages, varde, varde_seed
from demo.systems.faults import MODES, Faults
from demo.systems.openapi import describe
from demo.systems.resource import ApiError, Ask, Resource, bad
from demo.systems.world import OSLO, Company, Record, World

MAX_BODY = 16_384  # bytes
MAX_REMEMBERED = 1000  # answers kept for repeated idempotency keys, a company
APIS: dict[str, Sequence[Resource]] = {"heimbud": heimbud.RESOURCES, "varde": varde.RESOURCES}
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; base-uri 'none';"
    " form-action 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}


def oslo_today() -> date:
    return datetime.now(OSLO).date()


def oslo_now() -> datetime:
    return datetime.now(OSLO)


class Systems:
    """Both companies' systems. `today` is asked at each request; a new day seeds anew."""

    def __init__(
        self,
        token: str,
        today: Callable[[], date],
        deterministic: bool,
        clock: Callable[[], datetime] | None,
    ) -> None:
        self._token = token.encode()
        self._today = today
        self._deterministic = deterministic
        self._clock = clock
        self._faults = Faults()
        self._world = self._begin(today())

    def _begin(self, day: date) -> World:
        seeds = heimbud_seed.seed(day), varde_seed.seed(day)
        return World(day, self._deterministic, *seeds, self._clock)

    def world(self) -> World:
        if self._today() != self._world.today:
            self._world = self._begin(self._today())
        return self._world

    def check_token(self, request: Request) -> None:
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        right = hmac.compare_digest(token.strip().encode(), self._token)
        if scheme.lower() != "bearer" or not right:
            raise ApiError(401, "unauthorised", "Send Authorization: Bearer with the token.")

    def endpoint(self, client: str, resource: Resource) -> Callable[[Request], Awaitable[Response]]:
        async def answer(request: Request) -> Response:
            self.check_token(request)
            fault = await self._faults.answer(client, request)
            if fault is not None:
                return fault
            world = self.world()
            company: Company = getattr(world, client)
            if self._deterministic:  # nothing done in one evaluation may show in the next
                company = copy.deepcopy(company)
            body = {} if resource.method == "GET" else await _body(request)
            ask = Ask(world, company, request.path_params, request.query_params, body)
            return _done_once(company, request, resource, ask)

        return answer

    async def set_fault(self, request: Request) -> Response:
        """POST {"client", "mode", "count"?}: how the client's API errs, and how many times."""
        self.check_token(request)
        body = await _body(request)
        client, mode, count = body.get("client"), body.get("mode"), body.get("count")
        if client not in APIS:
            bad(f"client must be one of {', '.join(APIS)}")
        if mode not in MODES:
            bad(f"mode must be one of {', '.join(MODES)}")
        if count is not None and (type(count) is not int or not 1 <= count <= 1000):
            bad("count must be a whole number from 1 to 1000, or left out")
        self._faults.set(str(client), str(mode), count)
        return JSONResponse({"client": client, "mode": mode, "count": count})

    async def index(self, request: Request) -> Response:
        return HTMLResponse(pages.index(self.world()), headers=_HEADERS)


def _done_once(company: Company, request: Request, resource: Resource, ask: Ask) -> Response:
    key = request.headers.get("idempotency-key") if resource.method != "GET" else None
    if key is None:
        return JSONResponse(resource.handle(ask))
    key = f"{resource.method} {request.url.path} {key[:200]}"
    if key not in company.remembered:
        status, record = 200, {}
        try:
            record = copy.deepcopy(resource.handle(ask))
        except ApiError as error:
            status, record = error.status, _error(error)
        if len(company.remembered) >= MAX_REMEMBERED:
            company.remembered.pop(next(iter(company.remembered)))
        company.remembered[key] = (status, record)
    status, record = company.remembered[key]
    return JSONResponse(record, status)


async def _body(request: Request) -> dict[str, Any]:
    raw = bytearray()
    async for chunk in request.stream():
        raw += chunk
        if len(raw) > MAX_BODY:
            raise ApiError(413, "too_big", f"Send at most {MAX_BODY} bytes.")
    try:
        body = json.loads(raw or b"{}")
    except (ValueError, RecursionError):
        bad("The body must be JSON.")
    if not isinstance(body, dict):
        bad("The body must be a JSON object.")
    return body


def _error(error: ApiError) -> Record:
    return {"error": error.code, "message": error.message}


async def _api_error(request: Request, error: Exception) -> Response:
    if not isinstance(error, ApiError):
        raise error
    return JSONResponse(_error(error), error.status)


async def _health(request: Request) -> Response:
    return JSONResponse({"ok": True})


def create_app(
    token: str,
    today: Callable[[], date] = oslo_today,
    deterministic: bool = False,
    clock: Callable[[], datetime] | None = None,
) -> Starlette:
    """The ASGI service. `token` guards every API call and /faults; see World for `clock`."""
    systems = Systems(token, today, deterministic, clock)
    description = describe(APIS)

    async def openapi(request: Request) -> Response:
        return JSONResponse(description)

    async def docs(request: Request) -> Response:
        return HTMLResponse(pages.docs(description), headers=_HEADERS)

    async def style(request: Request) -> Response:
        return Response(pages.STYLE, media_type="text/css")

    routes = [
        Route("/", systems.index),
        Route("/docs", docs),
        Route("/style.css", style),
        Route("/openapi.json", openapi),
        Route("/health", _health),
        Route("/faults", systems.set_fault, methods=["POST"]),
    ] + [
        Route(
            f"/{client}/v1{resource.path}",
            systems.endpoint(client, resource),
            methods=[resource.method],
        )
        for client, resources in APIS.items()
        for resource in resources
    ]
    return Starlette(routes=routes, exception_handlers={ApiError: _api_error})
