"""The keep-alive of every connection of this process: one read of the database a tick."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping

import structlog

from handoff.core.message import Audience
from handoff.errors import StafettError
from handoff.gateways.agent import AgentGateway, AgentSession
from handoff.gateways.customer import CustomerSession
from handoff.gateways.presence import Presence
from handoff.gateways.session import Session
from handoff.ports import Store
from handoff.protocol import messages as m
from handoff.protocol.codes import Close

RESCAN_SECONDS = 5.0
SESSION_SECONDS = 2.5
SILENT_BEATS = 2.5

log = structlog.get_logger(__name__)


class Pulse:
    """Heartbeats with the newest numbers, read from the database and never from the fan-out.

    Every `RESCAN_SECONDS` a connection behind its stream is woken, so a lost wake-up costs no
    more than that. Silent pages are closed, and ended logins within `SESSION_SECONDS`.
    """

    def __init__(
        self,
        store: Store,
        agents: AgentGateway,
        presence: Presence,
        heartbeat: float,
        agent_heartbeat: float,
    ) -> None:
        self._store = store
        self._agents = agents
        self._presence = presence
        self._heartbeat = heartbeat
        self._agent_heartbeat = agent_heartbeat
        self.customers: dict[CustomerSession, Session] = {}
        self.desks: dict[AgentSession, Session] = {}

    def open_pages(self) -> tuple[Mapping[str, int], int]:
        """Customers' open pages by client company, and open desks."""
        return Counter(one.client for one in self.customers), len(self.desks)

    async def run(self) -> None:
        desks = min(SESSION_SECONDS, self._agent_heartbeat)
        async with asyncio.TaskGroup() as group:
            group.create_task(_every(min(RESCAN_SECONDS, self._heartbeat), self.beat_customers))
            group.create_task(_every(desks, self.beat_desks))
            # By itself, because it writes: a full disk must not end the heartbeats.
            group.create_task(_every(desks, self.see_agents))

    async def beat_customers(self) -> None:
        """One round over the customers' connections."""
        now = time.monotonic()
        watched = {one.conversation for one in self.customers}
        if not watched:
            return
        last, stirred = await self._store.read(
            lambda unit: (
                unit.conversations.last_seqs(watched, Audience.CUSTOMER),
                unit.conversations.last_seqs(watched, Audience.STAFF),
            )
        )
        for one, session in list(self.customers.items()):
            if one.conversation not in watched:
                continue  # came while the others were read
            # One that is gone was erased, perhaps by another process: the page must learn of it.
            one.wake_if_behind(last.get(one.conversation), stirred.get(one.conversation, 0))
            newest = last.get(one.conversation, 0)
            if self._is_silent(session, now, self._heartbeat):
                session.end(Close.OVERLOAD, "silent")
            elif session.is_due_beat(now, self._heartbeat):
                session.send(m.Heartbeat(newest))

    async def beat_desks(self) -> None:
        """One round over the desks: ended logins, and heartbeats."""
        now = time.monotonic()
        logins = {desk.login_session for desk in self.desks}
        holding = await self._agents.agents_of(logins) if logins else {}
        for desk, session in list(self.desks.items()):
            if desk.login_session not in holding:
                continue  # came while the others were read
            agent = holding[desk.login_session]
            if agent is None:
                session.end(Close.POLICY, "session ended")
            else:
                desk.agent = agent
        if not self.desks:
            return
        watched = {conversation for desk in self.desks for conversation in desk.follows}
        last, position = await self._store.read(
            lambda unit: (
                unit.conversations.last_seqs(watched, Audience.STAFF),
                unit.queue.position(),
            )
        )
        for desk, session in list(self.desks.items()):
            desk.wake_queue(position)
            newest = {one: last.get(one, 0) for one in desk.follows}
            for conversation, seq in newest.items():
                if conversation not in last or seq > desk.follows[conversation].cursor:
                    desk.wake(conversation)
            if self._is_silent(session, now, self._agent_heartbeat):
                session.end(Close.OVERLOAD, "silent")
            elif session.is_due_beat(now, self._agent_heartbeat):
                session.send(m.AgentHeartbeat(newest, position))

    async def see_agents(self) -> None:
        """Keep which agents have a page here, and see who has gone."""
        await self._presence.look({desk.agent.id for desk in self.desks})

    def _is_silent(self, session: Session, now: float, heartbeat: float) -> bool:
        return now - session.heard > SILENT_BEATS * heartbeat


async def _every(seconds: float, beat: Callable[[], Awaitable[None]]) -> None:
    while True:
        await asyncio.sleep(seconds)
        try:
            await beat()
        except StafettError as error:
            log.warning("pulse", action="tick_failed", code=error.code)
