"""The desk's HTTP API: login, the agent's own clients, cards, tasks and look-ups."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

import msgspec
from msgspec import Meta, Struct
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from handoff.bridge import Bridge
from handoff.bridge.unit_of_work import QUEUE, Work
from handoff.clients import Client
from handoff.core.ids import is_id
from handoff.core.message import Audience, Kind
from handoff.core.roster import Agent, Status
from handoff.errors import InputError, NotFound, StafettError
from handoff.facts import facts_for
from handoff.logins import Login, Logins
from handoff.ports import ClientSystems, Store, Unit
from handoff.protocol.lines import staff_line
from handoff.proxies import Proxies
from handoff.records import Task
from handoff.routes.guards import COOKIE, Guards
from handoff.routes.replies import Pace, address_of, body_of, failed
from handoff.tokens import SESSION_SECONDS, Bearer, Tokens, Use, digest

EARLIER_ROWS = 20
HISTORY_LINES = 200
TRIES_OF_LOGIN = 10
TRIES_OF_ADDRESS = 30
TRY_SECONDS = 300.0


class LoginBody(Struct, forbid_unknown_fields=True):
    login: Annotated[str, Meta(max_length=200)]
    password: Annotated[str, Meta(max_length=500)]


class PasswordBody(Struct, forbid_unknown_fields=True):
    old: Annotated[str, Meta(max_length=500)]
    new: Annotated[str, Meta(max_length=500)]


class LookupBody(Struct, forbid_unknown_fields=True):
    operation: Annotated[str, Meta(max_length=60)]
    arguments: dict[str, Any]


class DeskRoutes:
    """Every route but login wants a session; every client in a path must be the agent's own."""

    def __init__(
        self,
        clients: Mapping[str, Client],
        store: Store,
        bridge: Bridge,
        systems: ClientSystems,
        logins: Logins,
        guards: Guards,
        tokens: Tokens,
        socket_url: str,
        secure_cookie: bool,
        proxies: Proxies,
    ) -> None:
        self._clients = clients
        self._store = store
        self._bridge = bridge
        self._systems = systems
        self._logins = logins
        self._guards = guards
        self._tokens = tokens
        self._socket_url = socket_url
        self._secure = secure_cookie
        self._proxies = proxies
        self._tries_by_login = Pace(TRIES_OF_LOGIN, TRY_SECONDS)
        self._tries_by_address = Pace(TRIES_OF_ADDRESS, TRY_SECONDS)

    def routes(self) -> list[Route]:
        api, desk = self._guards.session, self._guards.desk
        one = "/api/desk/{client}/conversations/{conversation}"
        return [
            Route("/api/login", self.login, methods=["POST"]),
            Route("/api/logout", api(self._logout), methods=["POST"]),
            Route("/api/me", api(self._me), methods=["GET"]),
            Route("/api/password", api(self._password), methods=["POST"]),
            Route("/api/desk/ticket", desk(self._ticket), methods=["POST"]),
            Route("/api/desk/clients", desk(self._own_clients), methods=["GET"]),
            Route("/api/desk/tasks", desk(self._tasks), methods=["GET"]),
            Route("/api/desk/tasks/{task}/done", desk(self._task_done), methods=["POST"]),
            Route(one, desk(self._conversation), methods=["GET"]),
            Route(f"{one}/messages", desk(self._messages), methods=["GET"]),
            Route("/api/desk/{client}/lookup", desk(self._lookup), methods=["POST"]),
        ]

    # --- login ----------------------------------------------------------------------------

    async def login(self, request: Request) -> Response:
        try:
            self._guards.check_origin(request)
            body = await body_of(request, LoginBody)
            self._tries_by_address.check(address_of(request, self._proxies))
            self._tries_by_login.check(body.login)
            opened = await self._logins.open(body.login, body.password)
        except StafettError as error:
            return failed(error)
        return self._in_session(JSONResponse({"agent": shown(opened.agent)}), opened)

    def _in_session(self, response: Response, opened: Login) -> Response:
        response.set_cookie(
            COOKIE,
            opened.secret,
            max_age=int(SESSION_SECONDS),
            httponly=True,
            samesite="strict",
            secure=self._secure,
            path="/",
        )
        return response

    async def _logout(self, request: Request, agent: Agent) -> Response:
        await self._bridge.set_status(agent.id, Status.OFFLINE)  # who logs out is not on duty
        await self._logins.close(request.cookies.get(COOKIE, ""))
        response = JSONResponse({})
        response.delete_cookie(COOKIE, path="/")
        return response

    async def _me(self, request: Request, agent: Agent) -> Response:
        return JSONResponse({"agent": shown(agent)})

    async def _password(self, request: Request, agent: Agent) -> Response:
        self._tries_by_login.check(agent.login)
        body = await body_of(request, PasswordBody)
        opened = await self._logins.change(agent, body.old, body.new)
        return self._in_session(JSONResponse({}), opened)

    async def _ticket(self, request: Request, agent: Agent) -> Response:
        session = digest(request.cookies.get(COOKIE, ""))
        ticket = self._tokens.issue(Use.TICKET, Bearer("agent", session=session))
        return JSONResponse({"ticket": ticket, "socket": f"{self._socket_url}/agent"})

    # --- the agent's clients --------------------------------------------------------------

    async def _own_clients(self, request: Request, agent: Agent) -> Response:
        own = [client for client in self._clients.values() if client.id in agent.clients]
        return JSONResponse(
            [
                {
                    "id": client.id,
                    "name": client.name,
                    "colours": msgspec.to_builtins(client.colours),
                    "languages": list(client.languages),
                    "promise": client.handoff.promise_seconds,
                    "canned": [
                        {"shortcut": shortcut, "nb": words.nb, "nn": words.nn, "en": words.en}
                        for shortcut, words in client.canned.items()
                    ],
                    "reasons": [
                        {
                            "id": reason.id,
                            "nb": reason.nb,
                            "en": reason.en,
                            "intents": list(reason.intents),
                        }
                        for reason in client.contact_reasons
                    ],
                    "facts": [
                        {
                            "name": name,
                            "example": form.example,
                            "pattern": form.pattern,
                            "options": list(form.options),
                        }
                        for name, form in facts_for(client.skills).items()
                    ],
                }
                for client in own
            ]
        )

    async def _tasks(self, request: Request, agent: Agent) -> Response:
        def work(unit: Unit) -> list[Task]:
            tasks, now = list(unit.ledger.tasks(agent.clients, open_only=True)), unit.now()
            for task in tasks:
                unit.ledger.log_access(agent.id, task.conversation, "task", now)
            return tasks

        tasks = await self._store.write(work)
        return JSONResponse([msgspec.to_builtins(task) for task in tasks])

    async def _task_done(self, request: Request, agent: Agent) -> Response:
        task = request.path_params["task"]
        if not is_id(task):
            raise NotFound("There is no such open task.")

        def work(w: Work) -> bool:
            done = w.unit.ledger.task_done(task, agent.clients, agent.id, w.now())
            if done:
                w.wakes.add(QUEUE)
            return done

        if not await self._bridge.commit(work):
            raise NotFound("There is no such open task.")
        return JSONResponse({})

    # --- one conversation -----------------------------------------------------------------

    async def _conversation(self, request: Request, agent: Agent) -> Response:
        client, conversation = _path(request)
        state = await self._bridge.read_as(agent, client, conversation, "card")

        def read(unit: Unit) -> dict[str, Any]:
            earlier = unit.conversations.earlier_of(
                client, state.visitor, conversation, EARLIER_ROWS
            )
            visit = unit.conversations.newest(conversation, Kind.VISIT)
            proposed = self._clients[client].reason_for(state.topic)
            return {
                "conversation": state.id,
                "client": client,
                "mode": state.mode.value,
                "language": state.language,
                "topic": state.topic,
                "started": state.contact.started if state.contact else None,
                "page": visit.message.body.get("page", "") if visit else "",
                "agent": state.agent,
                "handoff": msgspec.to_builtins(state.handoff),
                "proposed_reason": proposed.id if proposed else None,
                "earlier": [msgspec.to_builtins(summary) for summary in earlier],
            }

        return JSONResponse(await self._store.read(read))

    async def _messages(self, request: Request, agent: Agent) -> Response:
        client, conversation = _path(request)
        await self._bridge.read_as(agent, client, conversation, "history")
        after = _number(request.query_params.get("after", "0"))
        lines = await self._store.read(
            lambda unit: unit.conversations.messages(
                conversation, Audience.STAFF, after, HISTORY_LINES
            )
        )
        return JSONResponse(
            {
                "lines": [msgspec.to_builtins(staff_line(line)) for line in lines],
                "more": len(lines) == HISTORY_LINES,
            }
        )

    async def _lookup(self, request: Request, agent: Agent) -> Response:
        client = request.path_params["client"]
        if client not in self._clients or not agent.may_answer(client):
            raise NotFound("There is no such client company.")
        body = await body_of(request, LookupBody)
        answer = await self._systems.call(client, body.operation, body.arguments, None)
        return JSONResponse(dict(answer))


def shown(agent: Agent) -> dict[str, Any]:
    """An agent as the pages may know them."""
    return {
        "id": agent.id,
        "name": agent.name,
        "role": agent.role.value,
        "clients": sorted(agent.clients),
        "capacity": agent.capacity,
    }


def _path(request: Request) -> tuple[str, str]:
    conversation = request.path_params["conversation"]
    if not is_id(conversation):
        raise NotFound("There is no such conversation.")
    return request.path_params["client"], conversation


def _number(text: str) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > 15:
        raise InputError("`after` must be a number of at most 15 digits.")
    return int(text)
