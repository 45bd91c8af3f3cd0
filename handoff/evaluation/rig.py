"""The bot as it runs in production, on ports of its own, against demo systems that know all."""

from __future__ import annotations

import contextlib
import socket
import tempfile
import time
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from rich.console import Console

from handoff.bridge.turns import metadata
from handoff.client_systems.internal_api import internal_api
from handoff.client_systems.systems import HttpClientSystems
from handoff.clients import Client, load_clients
from handoff.core.conversation import Conversation
from handoff.launcher.plan import plan
from handoff.launcher.progress import Board
from handoff.launcher.supervisor import Supervisor
from handoff.listener import listening
from handoff.rasa_client import RasaBot
from handoff.records import Answer, Turn
from handoff.settings import ROOT, Settings
from handoff.storage import MemoryStore
from handoff.tokens import new_id

# A fixed moment within every desk's hours, so that "i morgen" means the same in every run.
NOW = datetime(2026, 3, 11, 10, 0, tzinfo=ZoneInfo("Europe/Oslo")).timestamp()
# A measurement waits for a busy machine; only customers must not.
PATIENCE_SECONDS = 120.0
PARTS = ("train", "demo-systems", "actions", "bot")


@dataclass(slots=True)
class Rig:
    """Asks the bot as one client's customer."""

    bot: RasaBot
    clients: Mapping[str, Client]

    @property
    def first(self) -> str:
        """The client company, first by its id, for lines that name none."""
        return min(self.clients)

    async def turn(self, client: str, conversation: str, text: str) -> Answer:
        """One customer line. Raises BotError when the bot fails."""
        state = Conversation(id=conversation, client=client, visitor="", epoch="")
        told = dict(metadata(self.clients[client], state, NOW, new_id()), desk="open")
        return await self.bot.answer(Turn(new_id(), conversation, text, False, told))


@contextlib.asynccontextmanager
async def rig(settings: Settings, console: Console) -> AsyncIterator[Rig]:
    """Everything the bot needs, trained if the data changed; gone when the block ends."""
    with tempfile.TemporaryDirectory(prefix="stafett-evaluate-") as folder:
        own = _apart(settings, Path(folder))
        parts = [part for part in plan(own) if part.name in PARTS]
        parts = [
            replace(part, environment={**part.environment, "DEMO_DETERMINISTIC": "1"})
            for part in parts
        ]
        clients = load_clients(ROOT / "clients", own.variables)
        supervisor = Supervisor(parts, Path(folder) / "logs", Board(console))
        bot = RasaBot(own.bots, own.bot_token, own.rasa_token, PATIENCE_SECONDS)
        async with HttpClientSystems(clients.values(), MemoryStore(time.time)) as systems:
            api = internal_api(systems, own.internal_token)
            async with listening(api, own.internal_host, own.internal_port):
                try:
                    await supervisor.start()
                    yield Rig(bot, clients)
                finally:
                    await supervisor.stop()
                    await bot.close()


def _apart(settings: Settings, folder: Path) -> Settings:
    """The same settings on free ports and with a tracker of its own."""
    with contextlib.ExitStack() as held:
        return replace(
            settings,
            tracker_url=f"sqlite:///{folder}/tracker.db",
            redis_url="",
            rasa_urls=(),
            internal_urls=(),
            internal_port=_free_port(held),
            rasa_port=_free_port(held),
            actions_port=_free_port(held),
            demo_systems_port=_free_port(held),
        )


def _free_port(held: contextlib.ExitStack) -> int:
    """A port nobody has; `held` keeps it taken until all are chosen."""
    sock = held.enter_context(socket.socket())
    sock.bind(("127.0.0.1", 0))
    port: int = sock.getsockname()[1]
    return port
