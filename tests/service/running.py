"""Starts the service on free ports, with its staff, and opens pages to it."""

from __future__ import annotations

import shutil
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import httpx
from argon2 import PasswordHasher
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from handoff.app import Service, service
from handoff.core.message import Author, Kind, Message
from handoff.core.roster import Agent, Role, Status
from handoff.listener import listening
from handoff.ports import Clock, Unit
from handoff.settings import Settings, read_settings
from handoff.storage import migrate
from handoff.tokens import SESSION_SECONDS, digest, new_id, new_session
from tests.ports import free_ports
from tests.service.bot import StandInBot, serving_bot
from tests.service.pages import Customer, Desk

PASSWORD = "korrekt hest batteri"
_BESIDE = ("bot", "actions")
_PORTS = ("WEB", "WS", "INTERNAL", "RASA", "ACTIONS")
_DEMO_PORTS = ("DEMO_HEIMBUD", "DEMO_VARDE", "DEMO_SYSTEMS")


@cache
def password_hash() -> str:
    """Of PASSWORD, cheap enough for tests; the service's own cost is in test_logins."""
    return PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1).hash(PASSWORD)


@cache
def _template() -> Path:
    path = Path(mkdtemp(prefix="stafett-")) / "empty.db"
    migrate(f"sqlite:///{path}")
    return path


def settings_in(folder: Path, **more: object) -> Settings:
    """Settings with free ports and a database in `folder`: the one there, or an empty one."""
    names = [*_PORTS, *_DEMO_PORTS]
    ports = {
        f"{name}_PORT": str(port) for name, port in zip(names, free_ports(len(names)), strict=True)
    }
    if not (folder / "stafett.db").exists():
        shutil.copy(_template(), folder / "stafett.db")
    given = {"DATA_DIR": str(folder), **ports, **{key: str(value) for key, value in more.items()}}
    return read_settings(given, root=folder)


@dataclass(slots=True)
class Running:
    """A started service. Pages opened through it are closed with it."""

    settings: Settings
    service: Service
    bot: StandInBot
    http: httpx.AsyncClient
    stack: AsyncExitStack
    inner: httpx.AsyncClient
    """To the internal listener."""
    neighbours: dict[str, AsyncExitStack]
    agents: dict[str, Agent] = field(default_factory=dict)
    cookies: dict[str, str] = field(default_factory=dict)

    async def dies(self, neighbour: str) -> None:
        """`bot` or `actions` is there no more."""
        await self.neighbours[neighbour].aclose()

    def origin(self, client: str = "heimbud") -> str:
        port = {
            "heimbud": self.settings.demo_heimbud_port,
            "varde": self.settings.demo_varde_port,
        }[client]
        return f"http://127.0.0.1:{port}"

    @property
    def desk_origin(self) -> str:
        return self.settings.public_url

    def customer_url(self, client: str = "heimbud") -> str:
        return f"{self.settings.public_ws_url}/customer/{client}"

    @property
    def agent_url(self) -> str:
        return f"{self.settings.public_ws_url}/agent"

    async def ticket(
        self, client: str = "heimbud", visitor: str | None = None, **body: Any
    ) -> dict[str, str]:
        response = await self.http.post(
            f"/api/clients/{client}/tickets",
            json={"visitor": visitor or new_id(), **body},
            headers={"Origin": self.origin(client)},
        )
        assert response.status_code == 200, response.text
        found: dict[str, str] = response.json()
        return found

    async def customer(
        self, client: str = "heimbud", visitor: str | None = None, **body: Any
    ) -> Customer:
        """An opened widget that shows its whole conversation."""
        page = await self.customer_socket(client)
        welcome = await page.hello((await self.ticket(client, visitor, **body))["ticket"])
        await page.resume(welcome["epoch"])
        return page

    async def customer_socket(self, client: str = "heimbud", **more: Any) -> Customer:
        page = await Customer.open(self.customer_url(client), self.origin(client), **more)
        self.stack.push_async_callback(page.leave)
        return page

    async def long_history(self, conversation: str, lines: int, client: str = "heimbud") -> None:
        """`lines` more bot lines of 8 kB each, stored behind everybody's back."""
        text = "å" * 4_000

        def work(unit: Unit) -> None:
            state = unit.conversations.get(client, conversation)
            assert state is not None
            for _ in range(lines):
                message = Message(Author.BOT, Kind.TEXT, {"text": text, "buttons": []})
                unit.conversations.append(state, message, unit.now())

        await self.service.store.write(work)

    async def staff(
        self,
        login: str,
        role: Role = Role.AGENT,
        clients: tuple[str, ...] = ("heimbud", "varde"),
        status: Status = Status.ONLINE,
        capacity: int = 5,
    ) -> Agent:
        """A login with PASSWORD and an open session."""
        agent = Agent(
            new_id(),
            f"{login}@example.no",
            login.title(),
            role,
            frozenset(clients),
            frozenset({"nb", "nn", "en"}),
            capacity,
        )
        secret = new_session()

        def work(unit: Unit) -> None:
            unit.agents.add(agent, password_hash())
            unit.agents.set_status(agent.id, status, unit.now())
            unit.agents.open_session(digest(secret), agent.id, unit.now() + SESSION_SECONDS)

        await self.service.store.write(work)
        self.agents[login], self.cookies[login] = agent, secret
        return agent

    def as_(self, login: str | None) -> dict[str, str]:
        """Headers of a request from that person's desk."""
        headers = {"Origin": self.desk_origin}
        if login is not None:
            headers["Cookie"] = f"stafett_session={self.cookies[login]}"
        return headers

    async def desk_ticket(self, login: str) -> str:
        response = await self.http.post("/api/desk/ticket", headers=self.as_(login))
        assert response.status_code == 200, response.text
        return str(response.json()["ticket"])

    async def desk(self, login: str, **staff: Any) -> Desk:
        """The opened desk of a person, who is hired first if need be."""
        if login not in self.agents:
            await self.staff(login, **staff)
        desk = await Desk.open(self.agent_url, self.desk_origin)
        self.stack.push_async_callback(desk.leave)
        await desk.hello(await self.desk_ticket(login))
        return desk


@asynccontextmanager
async def running(
    folder: Path, *, clients_folder: Path | None = None, clock: Clock = time.time, **more: object
) -> AsyncIterator[Running]:
    """The service with a bot beside it. `more` are settings, by their names in `.env`."""
    settings, bot = settings_in(folder, **more), StandInBot()
    kept = {} if clients_folder is None else {"clients_folder": clients_folder}
    async with AsyncExitStack() as outer:
        neighbours = {name: await outer.enter_async_context(AsyncExitStack()) for name in _BESIDE}
        await neighbours["bot"].enter_async_context(serving_bot(bot, settings.rasa_port))
        actions = listening(_action_server(), "127.0.0.1", settings.actions_port)
        await neighbours["actions"].enter_async_context(actions)
        started = await outer.enter_async_context(service(settings, clock=clock, **kept))
        http, inner = [
            await outer.enter_async_context(
                httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", trust_env=False, timeout=20)
            )
            for port in (settings.web_port, settings.internal_port)
        ]
        async with AsyncExitStack() as pages:
            yield Running(settings, started, bot, http, pages, inner, neighbours)


def _action_server() -> Starlette:
    async def health(request: Request) -> Response:
        return JSONResponse({"status": "ok"})

    return Starlette(routes=[Route("/health", health)])
