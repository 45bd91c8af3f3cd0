"""The people of the desk, for admins: who they are, and what they may."""

from __future__ import annotations

import secrets
from typing import Annotated, Any

from msgspec import Meta, Struct
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from handoff.bridge.people import People
from handoff.core.ids import is_id
from handoff.core.roster import Agent, Role
from handoff.errors import NotFound
from handoff.logins import Logins
from handoff.ports import Store
from handoff.routes.guards import Act, Guarded, Guards
from handoff.routes.replies import body_of

PASSWORD_BYTES = 12

Word = Annotated[str, Meta(max_length=200)]
Clients = Annotated[list[Word], Meta(max_length=200)]


class NewPerson(Struct, forbid_unknown_fields=True):
    login: Word
    name: Word
    role: Word
    clients: Clients
    capacity: int


class ChangedPerson(Struct, forbid_unknown_fields=True):
    name: Word
    role: Word
    clients: Clients
    capacity: int
    disabled: bool


class PeopleRoutes:
    """A new password is made here and told once: the admin passes it on, nobody can look it up."""

    def __init__(self, store: Store, people: People, logins: Logins, guards: Guards) -> None:
        self._store = store
        self._people = people
        self._logins = logins
        self._guards = guards

    def routes(self) -> list[Route]:
        def admin(act: Act) -> Guarded:
            return self._guards.role(act, Role.ADMIN)

        one = "/api/desk/people/{person}"
        return [
            Route("/api/desk/people", admin(self._all), methods=["GET"]),
            Route("/api/desk/people/new", admin(self._add), methods=["POST"]),
            Route(one, admin(self._change), methods=["POST"]),
            Route(f"{one}/password", admin(self._password), methods=["POST"]),
        ]

    async def _all(self, request: Request, admin: Agent) -> Response:
        everybody = await self._store.read(lambda unit: unit.agents.all())
        found = self._people.of(admin, everybody)
        return JSONResponse({"people": [_shown(one) for one in found]})

    async def _add(self, request: Request, admin: Agent) -> Response:
        body = await body_of(request, NewPerson)
        password = secrets.token_urlsafe(PASSWORD_BYTES)
        made = await self._people.add(
            admin,
            body.login,
            body.name,
            body.role,
            body.clients,
            body.capacity,
            await self._logins.hashed(password),
        )
        return JSONResponse({"person": _shown(made), "password": password})

    async def _change(self, request: Request, admin: Agent) -> Response:
        who, body = _who(request), await body_of(request, ChangedPerson)
        changed = await self._people.change(
            admin, who, body.name, body.role, body.clients, body.capacity, body.disabled
        )
        return JSONResponse({"person": _shown(changed)})

    async def _password(self, request: Request, admin: Agent) -> Response:
        password = secrets.token_urlsafe(PASSWORD_BYTES)
        hashed = await self._logins.hashed(password)
        await self._people.set_password(admin, _who(request), hashed)
        return JSONResponse({"password": password})


def _who(request: Request) -> str:
    who: str = request.path_params["person"]
    if not is_id(who):
        raise NotFound("There is no such person.")
    return who


def _shown(agent: Agent) -> dict[str, Any]:
    return {
        "id": agent.id,
        "login": agent.login,
        "name": agent.name,
        "role": agent.role.value,
        "clients": sorted(agent.clients),
        "capacity": agent.capacity,
        "active": agent.active,
        "status": agent.status.value,
        "disabled": agent.disabled,
    }
