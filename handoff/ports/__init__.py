"""What the bridge needs from the world: store, bot, fan-out, client systems and clock."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from handoff.ports.neighbours import Asked, Bot, ClientSystems, Fanout
from handoff.ports.storage import (
    Agents,
    Archive,
    ClientWrites,
    Committed,
    Conversations,
    Ledger,
    Outbox,
    Queue,
    Store,
    Unit,
)

Clock = Callable[[], float]
Sleep = Callable[[float], Awaitable[None]]

__all__ = [
    "Agents",
    "Archive",
    "Asked",
    "Bot",
    "ClientSystems",
    "ClientWrites",
    "Clock",
    "Committed",
    "Conversations",
    "Fanout",
    "Ledger",
    "Outbox",
    "Queue",
    "Sleep",
    "Store",
    "Unit",
]
