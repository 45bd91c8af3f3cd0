"""Who may call a route of the desk: a session, a desk, a role, and our own pages."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import Response

from handoff.core.roster import Agent, Role
from handoff.errors import NoDesk, NotAllowed, StafettError, Unauthenticated
from handoff.logins import Logins
from handoff.routes.replies import failed

COOKIE = "stafett_session"

Act = Callable[[Request, Agent], Awaitable[Response]]
Guarded = Callable[[Request], Awaitable[Response]]


class Guards:
    """Wraps what a route does. `origins` are where the desk's own pages come from."""

    def __init__(self, logins: Logins, origins: frozenset[str]) -> None:
        self._logins = logins
        self._origins = origins

    def session(self, act: Act) -> Guarded:
        """For everybody who is logged in."""

        async def route(request: Request) -> Response:
            try:
                if request.method != "GET":
                    self.check_origin(request)
                agent = await self._logins.agent_of(request.cookies.get(COOKIE, ""))
                if agent is None:
                    raise Unauthenticated("Log in first.")
                response = await act(request, agent)
            except StafettError as error:
                response = failed(error)
            response.headers["Cache-Control"] = "no-store"
            return response

        return route

    def desk(self, act: Act) -> Guarded:
        """For who has a desk."""

        async def at_desk(request: Request, agent: Agent) -> Response:
            if not agent.at_desk:
                raise NoDesk("A designer has no desk.")
            return await act(request, agent)

        return self.session(at_desk)

    def role(self, act: Act, *roles: Role) -> Guarded:
        """For who has one of these roles."""

        async def in_role(request: Request, agent: Agent) -> Response:
            if agent.role not in roles:
                raise NotAllowed("Your role does not permit it.")
            return await act(request, agent)

        return self.session(in_role)

    def check_origin(self, request: Request) -> None:
        """A request that changes something must come from our own pages."""
        if request.headers.getlist("Origin") not in [[origin] for origin in self._origins]:
            raise NotAllowed("This page is not the desk.")
