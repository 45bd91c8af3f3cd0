"""A bare relay and a handoff service, each a process of its own, and whom they know beforehand."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import time
import uuid
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil

from benchmarks.doors import CLIENT, Doors, Pair
from handoff.bridge import Bridge
from handoff.clients import Client, load_clients
from handoff.core.roster import Agent, Role, Status
from handoff.fanout.local import LocalFanout
from handoff.ports import Store, Unit
from handoff.settings import ROOT, Settings, read_settings
from handoff.storage import migrate, open_store
from handoff.tokens import SESSION_SECONDS, Bearer, Tokens, Use, digest, new_id, new_session
from tests.ports import free_port, free_ports

START_SECONDS = 60.0
_PORTS = (
    "WEB_PORT", "WS_PORT", "INTERNAL_PORT", "RASA_PORT", "ACTIONS_PORT",
    "DEMO_HEIMBUD_PORT", "DEMO_VARDE_PORT", "DEMO_SYSTEMS_PORT",
)  # fmt: skip


@dataclass(slots=True)
class Server:
    """A started process."""

    process: subprocess.Popen[bytes]

    def resident(self) -> int:
        """Bytes of memory that are its own."""
        return int(psutil.Process(self.process.pid).memory_full_info().uss)

    def kill(self) -> None:
        self.process.kill()
        self.process.wait(10)


class Service:
    """A handoff service in a folder of its own; it can be started, killed and started again."""

    def __init__(self, folder: Path, **more: object) -> None:
        ports = dict(zip(_PORTS, map(str, free_ports(len(_PORTS))), strict=True))
        self.given = {
            "DATA_DIR": str(folder),
            "SECRET_KEY": new_id() + new_id(),
            **ports,
            **{key: str(value) for key, value in more.items()},
        }
        self.settings: Settings = read_settings(self.given, root=folder)
        self.tokens = Tokens(self.settings.secret_key)
        self.clients: dict[str, Client] = load_clients(ROOT / "clients", self.settings.variables)
        self._log = folder / "service.log"
        migrate(self.settings.database_url)

    @property
    def customer_url(self) -> str:
        return f"{self.settings.public_ws_url}/customer/{CLIENT}"

    @property
    def customer_origin(self) -> str:
        return self.clients[CLIENT].origins[0]

    @property
    def agent_url(self) -> str:
        return f"{self.settings.public_ws_url}/agent"

    @property
    def doors(self) -> Doors:
        return Doors(
            self.customer_url, self.customer_origin, self.agent_url, self.settings.public_url
        )

    def customer_token(self, conversation: str) -> str:
        return self.tokens.issue(Use.RESUME, Bearer("customer", CLIENT, conversation))

    @contextlib.asynccontextmanager
    async def bridge(self) -> AsyncIterator[tuple[Store, Bridge]]:
        """To its database, before it is started."""
        store = await open_store(self.settings.database_url)
        try:
            yield (
                store,
                Bridge(store, LocalFanout(), self.clients, new_id, self.settings.lease_seconds),
            )
        finally:
            await store.close()

    @contextlib.contextmanager
    def running(self, module: str, *arguments: str) -> Iterator[Server]:
        """Started and ready. Raises RuntimeError when it is not within `START_SECONDS`."""
        with self.started(module, *arguments) as server:
            _until_listening(server.process, self.settings.ws_port, self._log)
            yield server

    @contextlib.contextmanager
    def started(self, module: str, *arguments: str) -> Iterator[Server]:
        """Started, and not waited for."""
        with self._log.open("ab") as output:
            process = subprocess.Popen(
                [sys.executable, "-m", module, *arguments],
                cwd=ROOT,
                env={**os.environ, **self.given},
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        try:
            yield Server(process)
        finally:
            process.kill()
            process.wait(10)


def _until_listening(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    """The port of sockets is the last to be opened."""
    until = time.monotonic() + START_SECONDS
    while process.poll() is None and time.monotonic() < until:
        if _listens(port):
            return
        time.sleep(0.05)
    raise RuntimeError(f"The service did not start:\n{log.read_text('utf-8')[-2_000:]}")


@contextlib.contextmanager
def bare_relay() -> Iterator[tuple[Server, str]]:
    """The relay, and the address to which `/7/agent` is added."""
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.bare", str(port)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    try:
        until = time.monotonic() + START_SECONDS
        while not _listens(port):
            if time.monotonic() > until or process.poll() is not None:
                raise RuntimeError("The bare relay did not start.")
            time.sleep(0.02)
        yield Server(process), f"ws://127.0.0.1:{port}"
    finally:
        process.kill()
        process.wait(10)


def _listens(port: int) -> bool:
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
    return False


async def hire(store: Store, number: int, capacity: int) -> tuple[Agent, str]:
    """An agent on duty, and the digest of a session at the desk."""
    agent = Agent(
        new_id(), f"agent{number}@example.no", f"Agent {number}", Role.AGENT,
        frozenset({CLIENT}), frozenset({"nb", "nn", "en"}), capacity,
    )  # fmt: skip
    session = digest(new_session())

    def work(unit: Unit) -> None:
        unit.agents.add(agent, "no password")
        unit.agents.set_status(agent.id, Status.ONLINE, unit.now())
        unit.agents.open_session(session, agent.id, unit.now() + SESSION_SECONDS)

    await store.write(work)
    return agent, session


async def pairs(service: Service, count: int, per_agent: int) -> tuple[list[Pair], dict[str, str]]:
    """Chats under way, and each agent's token for the desk's socket."""
    made: list[Pair] = []
    tokens: dict[str, str] = {}
    async with service.bridge() as (store, bridge):
        agent: Agent | None = None
        for number in range(count):
            if number % per_agent == 0:
                agent, session = await hire(store, number // per_agent, per_agent)
                tokens[agent.id] = service.tokens.issue(
                    Use.RESUME, Bearer("agent", session=session)
                )
            assert agent is not None
            state = await bridge.arrive(CLIENT, new_id(), "https://example.no/", "nb")
            await bridge.ask_person(CLIENT, state.id, str(uuid.uuid4()))
            state = await bridge.claim_next(agent, str(uuid.uuid4()))
            made.append(Pair(state.id, state.control, service.customer_token(state.id), agent.id))
    return made, tokens
