"""Who answers whom: claims, leases and status, and the one way to commit."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TypeVar

from handoff.bridge.unit_of_work import QUEUE, Applied, Step, Work
from handoff.clients import Client
from handoff.core import events as ev
from handoff.core.conversation import Conversation, Mode
from handoff.core.message import Author
from handoff.core.roster import Agent, Status
from handoff.core.routing import next_for
from handoff.core.waiting_line import Waiter
from handoff.errors import AtCapacity, NotFound, StaleControl, Taken
from handoff.metrics import Metrics
from handoff.ports import Fanout, Store, Unit

T = TypeVar("T")

NEXT_TRIES = 5
FIRST_EACH = 5
"""How many of each client company's line are looked at before any is read deeper."""
DEEPEST = 1_000


class Claims:
    """Commits first, then wakes whoever watches. A claim has one winner.

    `metrics` is None in a command's process, where nothing is counted.
    """

    def __init__(
        self,
        store: Store,
        fanout: Fanout,
        clients: Mapping[str, Client],
        new_id: Callable[[], str],
        lease_seconds: float,
        metrics: Metrics | None = None,
    ) -> None:
        self._store = store
        self._fanout = fanout
        self.clients = clients
        self.new_id = new_id
        self._lease = lease_seconds
        self._metrics = metrics
        self._fresh: Mapping[str, Applied | None] = {}

    async def commit(self, work: Callable[[Work], T]) -> T:
        """Run `work` in one transaction, then publish its wake-ups."""
        wakes: set[str] = set()
        steps: list[Step] = []
        applied: dict[str, Applied | None] = {}

        def attempt(unit: Unit) -> T:
            wakes.clear()  # the store may try a unit again
            steps.clear()
            applied.clear()
            done = work(Work(unit, self.clients, self.new_id, wakes, steps, applied))
            if QUEUE in wakes:
                unit.queue.touch()  # a wake-up may be lost; the desks' rescan goes by this
            return done

        result = await self._store.write(attempt)
        self._fresh = applied
        try:
            for channel in wakes:
                self._fanout.publish(channel)
        finally:
            self._fresh = {}
        if self._metrics is not None:
            for step in steps:
                self._metrics.moved(*step)
        return result

    def fresh(self, conversation: str) -> Applied | None:
        """What the commit stored that this process is woken for at this moment, else None.

        The state is that of the moment its lines were numbered: whoever lacks nothing before
        them need not read either.
        """
        return self._fresh.get(conversation)

    async def claim(
        self, agent: Agent, client: str, conversation: str, handoff: str, control: int, request: str
    ) -> Conversation:
        """One winner. Raises Taken, StaleControl, AtCapacity, NotFound."""
        self.check_rights(agent, client)
        return await self.commit(
            lambda w: self._claim(w, agent, client, conversation, handoff, control, request)
        )

    async def claim_next(self, agent: Agent, request: str) -> Conversation:
        """Whoever is first in line for this agent. Raises AtCapacity, NotFound when nobody waits.

        The same `request` again is the same conversation, not one more.
        """

        def work(w: Work) -> Conversation:
            for client, conversation in w.unit.queue.held_by(agent.id):
                if w.unit.conversations.sent(conversation, Author.SYSTEM, "", request):
                    return w.conversation(client, conversation)
            first = self._first_for(w, agent)
            if first is None:
                raise NotFound("Nobody waits for you.")
            return self._claim(
                w, agent, first.client, first.conversation, first.handoff, first.control, request
            )

        for _ in range(NEXT_TRIES):
            with contextlib.suppress(Taken, StaleControl):  # a colleague was faster: the next one
                return await self.commit(work)
        raise Taken("Others were faster each time.", cure="Try again.")

    def _first_for(self, w: Work, agent: Agent) -> Waiter | None:
        """Who is first in line of those the agent may take: a long line is not read to its end."""
        me = w.unit.agents.get(agent.id)
        if me is None or not me.has_room():
            raise AtCapacity()
        me = replace(me, clients=agent.clients)
        first = w.unit.queue.waiting(agent.clients, FIRST_EACH * len(agent.clients))
        waiters = [*map(self.with_policy, first)]
        for client in agent.clients:
            own = [waiter for waiter in waiters if waiter.client == client]
            if len(own) >= FIRST_EACH and next_for(me, own, w.now()) is None:
                # Its first speak other languages or are kept for a colleague; who comes behind?
                waiters += map(self.with_policy, w.unit.queue.waiting([client], DEEPEST))
        return next_for(me, waiters, w.now())

    def _claim(
        self,
        w: Work,
        agent: Agent,
        client: str,
        conversation: str,
        handoff: str,
        control: int,
        request: str,
    ) -> Conversation:
        state = w.conversation(client, conversation)
        if state.mode is Mode.AGENT and state.agent == agent.id:
            return state  # the same request, come again
        if state.handoff is None or state.handoff.id != handoff:
            raise Taken("The customer no longer waits with that request.")
        given = self.give(w, state, agent, request, control=control)
        w.unit.ledger.log_access(agent.id, conversation, "claim", w.now())
        return given

    def give(
        self,
        w: Work,
        state: Conversation,
        agent: Agent,
        request: str,
        *,
        control: int | None = None,
        by: str | None = None,
    ) -> Conversation:
        """A waiting conversation becomes the agent's. Raises Taken, StaleControl, AtCapacity."""
        if state.handoff is None:
            raise Taken("The customer no longer waits.")
        seen = state.control if control is None else control
        w.unit.queue.claim(agent.id, state.handoff.id, seen, w.now() + self._lease)
        event = ev.AgentClaimed(agent.id, agent.name, seen, request, by)
        return w.apply(state, event).conversation

    def with_policy(self, waiter: Waiter) -> Waiter:
        """The waiter with the promise and weight its client's configuration gives."""
        policy = self.clients[waiter.client].handoff
        return replace(waiter, promise=policy.promise_seconds, weight=policy.weight)

    async def set_status(self, agent: str, status: Status) -> None:
        def work(w: Work) -> None:
            w.unit.agents.set_status(agent, status, w.now())
            w.wakes.add(QUEUE)

        await self.commit(work)

    async def renew(self, agent: str) -> None:
        """The agent's page is alive: its conversations stay the agent's for one more lease."""
        await self.commit(lambda w: w.unit.queue.renew(agent, w.now() + self._lease))

    def check_rights(self, agent: Agent, client: str) -> None:
        # Another client's conversation looks exactly like one that does not exist.
        if client not in self.clients or not agent.may_answer(client):
            raise NotFound("There is no such conversation.")
