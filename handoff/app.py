"""The composition root: every part is made here, once, and handed to those who need it."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import os
import signal
import sys
import time
import tomllib
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import structlog
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.routing import BaseRoute

from handoff.bridge import Bridge
from handoff.bridge.erasures import Erasures
from handoff.bridge.people import People
from handoff.bridge.retention import Retention
from handoff.bridge.sweeper import Sweeper
from handoff.bridge.turns import BotTurns, metadata
from handoff.client_systems.internal_api import internal_api
from handoff.client_systems.systems import HttpClientSystems
from handoff.clients import Client, load_clients
from handoff.core.conversation import Conversation
from handoff.fanout import open_fanout
from handoff.gateways.agent import AgentGateway
from handoff.gateways.attendance import Attendance
from handoff.gateways.customer import CustomerGateway
from handoff.gateways.presence import Presence
from handoff.gateways.pulse import Pulse
from handoff.gateways.server import SocketServer
from handoff.listener import listening
from handoff.logins import Logins
from handoff.logs import set_up_logs
from handoff.metrics import Metrics
from handoff.ports import Clock, Fanout, Store
from handoff.proxies import Proxies
from handoff.rasa_client import ActionServer, RasaBot
from handoff.routes.desk import DeskRoutes
from handoff.routes.guards import Guards
from handoff.routes.headers import SecurityHeaders
from handoff.routes.health import HealthRoutes, Life, Phase
from handoff.routes.inside import Inside
from handoff.routes.metrics import MetricsRoutes
from handoff.routes.overview import OverviewRoutes
from handoff.routes.pages import PageRoutes
from handoff.routes.parts import Parts
from handoff.routes.people import PeopleRoutes
from handoff.routes.replies import refused
from handoff.routes.widget import WidgetRoutes
from handoff.settings import ROOT, Settings
from handoff.stopping import stop
from handoff.storage import open_store
from handoff.tokens import Tokens, new_id

CLIENTS = ROOT / "clients"
RESTART_SECONDS = 1.0
STOP_SECONDS = 10.0
SWITCH_SECONDS = 0.0001

log = structlog.get_logger(__name__)


@dataclass(slots=True)
class Service:
    """A running service: its store, bridge and routes, for those who embed it in tests."""

    store: Store
    bridge: Bridge
    clients: dict[str, Client]
    routes: Sequence[BaseRoute]


@contextlib.asynccontextmanager
async def service(
    settings: Settings, *, clients_folder: Path = CLIENTS, clock: Clock = time.time
) -> AsyncIterator[Service]:
    """Everything that listens and works, from ready to drained."""
    clients = load_clients(clients_folder, settings.variables)
    async with open_fanout(settings.redis_url) as fanout:
        metrics = Metrics(clients, _version())
        store = await open_store(settings.database_url, clock, metrics.committed)
        bot = RasaBot(settings.bots, settings.bot_token, settings.rasa_token)
        async with (
            _closing(store),
            _closing(bot),
            _serving(settings, clients, clock, metrics, fanout, store, bot) as served,
        ):
            yield served


@contextlib.asynccontextmanager
async def _serving(
    settings: Settings,
    clients: dict[str, Client],
    clock: Clock,
    metrics: Metrics,
    fanout: Fanout,
    store: Store,
    bot: RasaBot,
) -> AsyncIterator[Service]:
    life, tokens = Life(), Tokens(settings.secret_key)
    actions = ActionServer(settings.action_servers)
    bridge = Bridge(store, fanout, clients, new_id, settings.lease_seconds, metrics)
    proxies = Proxies(settings.trusted_proxies)
    origins = desk_origins(settings)
    attendance = Attendance(fanout, clock)
    customers = CustomerGateway(
        store, bridge, fanout, tokens, attendance, settings.heartbeat_seconds, metrics
    )
    agents = AgentGateway(
        store, bridge, fanout, tokens, attendance, settings.agent_heartbeat_seconds, metrics
    )
    presence = Presence(bridge, settings.lease_seconds)
    pulse = Pulse(
        store, agents, presence, settings.heartbeat_seconds, settings.agent_heartbeat_seconds
    )
    sockets = SocketServer(clients, customers, agents, pulse, origins, proxies, metrics)
    turns = BotTurns(store, bot, bridge, fanout, clients, new_id(), metrics)
    retention = Retention(store, bridge, settings.access_log_days)
    sweeper = Sweeper(store, bridge, retention, settings.lease_seconds)
    erasures = Erasures(store, bot, fanout)
    async with _closing(actions), HttpClientSystems(clients.values(), store) as systems:
        parts = Parts(store, fanout, bot, actions, systems, _nobodys_brief(clients))
        health = HealthRoutes(parts, life, clients)
        counted = MetricsRoutes(metrics, store, parts, clients, pulse.open_pages)
        pages = _pages(settings, clients, store, bridge, health, systems, tokens, origins, proxies)
        inside = Inside(settings.metrics_token)
        internal = internal_api(
            systems,
            settings.internal_token,
            [*health.inner_routes(inside), *counted.inner_routes(inside)],
        )
        async with (
            listening(pages, settings.web_host, settings.web_port),
            listening(internal, settings.internal_host, settings.internal_port),
            _working(
                turns.run,
                sweeper.run,
                erasures.run,
                pulse.run,
                attendance.run,
                lambda: customers.places.run(fanout),
            ),
        ):
            await sockets.start(settings.ws_host, settings.ws_port)
            life.phase = Phase.SERVING
            try:
                yield Service(store, bridge, clients, pages.routes)
            finally:
                life.phase = Phase.DRAINING
                await asyncio.gather(sockets.close(), turns.drain())


def desk_origins(settings: Settings) -> frozenset[str]:
    """Where the desk's pages come from: PUBLIC_URL, and while that is this machine, its names."""
    public = urlsplit(settings.public_url)
    if public.hostname not in ("127.0.0.1", "localhost", "::1"):
        return frozenset({settings.public_url})
    ports = {f":{public.port}" if public.port else "", f":{settings.web_port}"}
    hosts = ("127.0.0.1", "localhost", "[::1]")
    return frozenset(f"{public.scheme}://{host}{port}" for host in hosts for port in ports)


def serve(settings: Settings) -> None:
    """Run until SIGINT or SIGTERM. Raises StartError when a port is taken."""
    set_up_logs(settings.log_level)
    asyncio.run(_serve(settings))


async def _serve(settings: Settings) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    async with service(settings):
        _stall_less()
        await stop.wait()
        loop.call_later(STOP_SECONDS, _leave)


def _stall_less() -> None:
    """Called once all is loaded: what else holds every page up, each by `make bench ARGS=relay`.

    The garbage collector went through all that was ever imported, 100 ms at a time; and after
    each statement the thread that stores waited up to 5 ms for the interpreter.
    """
    gc.collect()
    gc.freeze()
    sys.setswitchinterval(SWITCH_SECONDS)


def _leave() -> None:
    """A database that hangs must not hold up a stop: what is committed is safe without us."""
    log.error("stop", action="stop_overdue")
    os._exit(1)


def _pages(
    settings: Settings,
    clients: dict[str, Client],
    store: Store,
    bridge: Bridge,
    health: HealthRoutes,
    systems: HttpClientSystems,
    tokens: Tokens,
    origins: frozenset[str],
    proxies: Proxies,
) -> Starlette:
    socket_url = settings.public_ws_url
    sites = {
        "Heimbud": settings.demo_site_url(settings.demo_heimbud_port),
        "Varde Forsikring": settings.demo_site_url(settings.demo_varde_port),
    }
    secure = settings.public_url.startswith("https:")
    logins = Logins(store)
    guards = Guards(logins, origins)
    return Starlette(
        routes=[
            *WidgetRoutes(clients, bridge, tokens, socket_url, proxies).routes(),
            *DeskRoutes(
                clients,
                store,
                bridge,
                systems,
                logins,
                guards,
                tokens,
                socket_url,
                secure,
                proxies,
            ).routes(),
            *OverviewRoutes(store, guards).routes(),
            *PeopleRoutes(store, People(bridge), logins, guards).routes(),
            *health.routes(),
            *PageRoutes(sites).routes(),
        ],
        exception_handlers={HTTPException: refused},
        middleware=[
            Middleware(SecurityHeaders, socket_url=socket_url, frames=tuple(sites.values()))
        ],
    )


def _nobodys_brief(clients: dict[str, Client]) -> dict[str, object]:
    """The metadata of a turn by which the bot is only asked whether it answers."""
    first = next(iter(clients.values()))
    nobody = Conversation(id=new_id(), client=first.id, visitor="", epoch="")
    return metadata(first, nobody, 0.0, nobody.id)


def _version() -> str:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    return str(project["project"]["version"])


@contextlib.asynccontextmanager
async def _closing(part: Store | RasaBot | ActionServer) -> AsyncIterator[None]:
    try:
        yield
    finally:
        await part.close()


@contextlib.asynccontextmanager
async def _working(*workers: Callable[[], Awaitable[None]]) -> AsyncIterator[None]:
    tasks = [asyncio.create_task(_kept_working(worker)) for worker in workers]
    try:
        yield
    finally:
        await stop(tasks)


async def _kept_working(work: Callable[[], Awaitable[None]]) -> None:
    """A worker that dies is a fault of ours; the others, and its next round, must go on."""
    while True:
        try:
            await work()
        except Exception as error:
            log.error("worker", action="worker_died", error=type(error).__name__)
        await asyncio.sleep(RESTART_SECONDS)
