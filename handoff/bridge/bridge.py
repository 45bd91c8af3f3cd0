"""Every change of a conversation: asked for by gateways and routes, made in one transaction."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TypeVar

from handoff.bridge.unit_of_work import QUEUE, Applied, Work
from handoff.clients import Client
from handoff.core import events as ev
from handoff.core.conversation import Conversation, Mode
from handoff.core.message import Audience, Author, Kind, Stored
from handoff.core.roster import Agent, Status
from handoff.core.routing import next_for
from handoff.core.waiting_line import Waiter
from handoff.errors import IdReuse, NotAllowed, NotFound, Refused
from handoff.ports import Fanout, Store, Unit
from handoff.privacy import mask

T = TypeVar("T")


class Bridge:
    """Commits first, then wakes whoever watches. Bound to a client company in every call."""

    def __init__(
        self,
        store: Store,
        fanout: Fanout,
        clients: Mapping[str, Client],
        new_id: Callable[[], str],
        lease_seconds: float,
    ) -> None:
        self._store = store
        self._fanout = fanout
        self._clients = clients
        self._new_id = new_id
        self._lease = lease_seconds

    async def commit(self, work: Callable[[Work], T]) -> T:
        """Run `work` in one transaction, then publish its wake-ups."""
        wakes: set[str] = set()

        def attempt(unit: Unit) -> T:
            wakes.clear()  # the store may try a unit again
            return work(Work(unit, self._clients, self._new_id, wakes))

        result = await self._store.write(attempt)
        for channel in wakes:
            self._fanout.publish(channel)
        return result

    # --- customer -----------------------------------------------------------------------

    async def arrive(
        self, client: str, visitor: str, page: str, language: str | None
    ) -> Conversation:
        """The visitor's thread with `client`, begun with the greeting if there is none."""
        config = self._clients.get(client)
        if config is None:
            raise NotFound("There is no such client company.")

        def work(w: Work) -> Conversation:
            found = w.unit.conversations.latest_of(client, visitor)
            if found is None:
                chosen = language if language in config.languages else config.languages[0]
                found = Conversation(
                    id=self._new_id(),
                    client=client,
                    visitor=visitor,
                    epoch=self._new_id(),
                    language=chosen or "nb",
                    language_chosen=language is not None,
                )
                w.unit.conversations.start(found, w.now())
                w.apply(found, ev.ConversationStarted(config.greeting.of(found.language)))
            return w.apply(found, ev.CustomerArrived(mask(page).text)).conversation

        return await self.commit(work)

    async def customer_says(self, client: str, conversation: str, cmid: str, text: str) -> int:
        """Store a customer's line. Returns its number; the same `cmid` again the same number."""
        masked = mask(text)

        def work(w: Work) -> int:
            state = w.conversation(client, conversation)
            earlier = w.unit.conversations.sent(conversation, Author.CUSTOMER, "", cmid)
            if earlier is not None:
                return _same(earlier, masked.text)
            event = ev.CustomerSpoke(
                masked.text, cmid, self._new_id(), masked=tuple(sorted(set(masked.kinds)))
            )
            return w.apply(state, event).seq_of(cmid)

        return await self.commit(work)

    async def customer_presses(
        self, client: str, conversation: str, cmid: str, seq: int, index: int
    ) -> int:
        """A press on a button the server sent. Raises NotFound when there is no such button."""

        def work(w: Work) -> int:
            state = w.conversation(client, conversation)
            title, payload = _button(w.unit, conversation, seq, index)
            earlier = w.unit.conversations.sent(conversation, Author.CUSTOMER, "", cmid)
            if earlier is not None:
                return _same(earlier, title)
            event = ev.CustomerSpoke(title, cmid, self._new_id(), payload)
            return w.apply(state, event).seq_of(cmid)

        return await self.commit(work)

    async def ask_person(self, client: str, conversation: str, cmid: str) -> int:
        """The widget's own way to a person, which needs no bot."""

        def event(w: Work) -> ev.Event:
            return w.request(client, _ASKED, cmid)

        return await self._command(client, conversation, cmid, event)

    async def choose(self, client: str, conversation: str, cmid: str, choice: str) -> int:
        def event(w: Work) -> ev.Event:
            handoff = w.conversation(client, conversation).handoff
            since = handoff.since if handoff else None
            front = handoff.front if handoff else False
            desk = w.desk(client, front=front, since=since)
            return ev.CustomerChose(ev.Choice(choice), desk, cmid)

        return await self._command(client, conversation, cmid, event)

    async def leave_contact(
        self, client: str, conversation: str, cmid: str, name: str, reach: str, text: str
    ) -> int:
        # How to reach the customer is what the form is for; only the free text is masked.
        task = hashlib.sha256(f"{conversation}:{cmid}".encode()).hexdigest()[:32]
        event = ev.ContactLeft(task, name.strip(), reach.strip(), mask(text).text, cmid)
        return await self._command(client, conversation, cmid, lambda w: event)

    async def set_language(self, client: str, conversation: str, language: str) -> None:
        if language not in self._clients[client].languages:
            raise NotAllowed("The client company does not offer that language.")

        def work(w: Work) -> None:
            w.apply(w.conversation(client, conversation), ev.LanguageChosen(language))

        await self.commit(work)

    async def end(self, client: str, conversation: str, cmid: str) -> int:
        event = ev.ConversationClosed(None, None, None, "customer", cmid=cmid)
        return await self._command(client, conversation, cmid, lambda w: event)

    async def saw(self, client: str, conversation: str, reader: str, seq: int) -> None:
        """`reader` (`customer` or an agent's id) rendered the customer's lines up to `seq`."""

        def work(w: Work) -> None:
            w.conversation(client, conversation)
            w.unit.conversations.set_seen(conversation, reader, seq)

        await self.commit(work)

    # --- agent --------------------------------------------------------------------------

    async def claim(
        self, agent: Agent, client: str, conversation: str, handoff: str, control: int
    ) -> Conversation:
        """One winner. Raises Taken, StaleControl, AtCapacity, NotFound."""
        self._check_rights(agent, client)

        def work(w: Work) -> Conversation:
            state = w.conversation(client, conversation)
            if state.mode is Mode.AGENT and state.agent == agent.id:
                return state  # the same request, come again
            w.unit.queue.claim(agent.id, handoff, control, w.now() + self._lease)
            w.unit.ledger.log_access(agent.id, conversation, "claim", w.now())
            return w.apply(state, ev.AgentClaimed(agent.id, agent.name, control)).conversation

        return await self.commit(work)

    async def claim_next(self, agent: Agent) -> Conversation:
        """Whoever is first in line for this agent. Raises NotFound when nobody waits."""

        def first(unit: Unit) -> Waiter | None:
            waiters = [
                self.with_policy(waiter) for waiter in unit.queue.waiting(agent.clients, 1_000)
            ]
            me = unit.agents.get(agent.id)
            return next_for(me, waiters, unit.now()) if me else None

        waiter = await self._store.read(first)
        if waiter is None:
            raise NotFound("Nobody waits for you, or your desk is full.")
        return await self.claim(
            agent, waiter.client, waiter.conversation, waiter.handoff, waiter.control
        )

    def with_policy(self, waiter: Waiter) -> Waiter:
        """The waiter with the promise and weight its client's configuration gives."""
        policy = self._clients[waiter.client].handoff
        return replace(waiter, promise=policy.promise_seconds, weight=policy.weight)

    async def read_as(
        self, agent: Agent, client: str, conversation: str, what: str
    ) -> Conversation:
        """The conversation, with a row in the access log that this agent looked at it."""
        self._check_rights(agent, client)

        def work(w: Work) -> Conversation:
            state = w.conversation(client, conversation)
            w.unit.ledger.log_access(agent.id, conversation, what, w.now())
            return state

        return await self.commit(work)

    async def agent_says(
        self, agent: Agent, client: str, conversation: str, control: int, cmid: str, text: str
    ) -> int:
        """Returns the line's staff number. Raises NotOwner, StaleControl: the text is a draft."""
        event = ev.AgentSpoke(agent.id, agent.name, control, cmid, mask(text).text)
        return await self._line(agent, client, conversation, cmid, event.text, event)

    async def note(self, agent: Agent, client: str, conversation: str, cmid: str, text: str) -> int:
        event = ev.AgentNoted(agent.id, agent.name, cmid, mask(text).text)
        return await self._line(agent, client, conversation, cmid, event.text, event)

    async def transfer(
        self,
        agent: Agent,
        client: str,
        conversation: str,
        control: int,
        to: str | None,
        note: str,
    ) -> None:
        def event(w: Work) -> ev.Event:
            receiver = w.unit.agents.get(to) if to else None
            if to and (receiver is None or not receiver.may_answer(client)):
                raise NotFound("There is no such colleague for this client company.")
            return ev.AgentTransferred(agent.id, control, to, mask(note).text)

        await self._agent_command(agent, client, conversation, event)

    async def hand_back(
        self,
        agent: Agent,
        client: str,
        conversation: str,
        control: int,
        slots: Mapping[str, str | None],
    ) -> None:
        kept = {key: mask(value).text for key, value in slots.items() if value}
        event = ev.AgentReleased(agent.id, control, kept)
        await self._agent_command(agent, client, conversation, lambda w: event)

    async def finish(
        self,
        agent: Agent,
        client: str,
        conversation: str,
        control: int,
        reason: str,
        resolved: bool,
    ) -> None:
        if reason not in {known.id for known in self._clients[client].contact_reasons}:
            raise Refused("The client company has no such contact reason.")
        event = ev.ConversationClosed(agent.id, control, reason, "agent", resolved)
        await self._agent_command(agent, client, conversation, lambda w: event)

    async def verdict(self, agent: Agent, client: str, conversation: str, verdict: str) -> None:
        event = ev.VerdictGiven(agent.id, verdict)
        await self._agent_command(agent, client, conversation, lambda w: event)

    async def set_status(self, agent: str, status: Status) -> None:
        def work(w: Work) -> None:
            w.unit.agents.set_status(agent, status, w.now())
            w.wakes.add(QUEUE)

        await self.commit(work)

    async def renew(self, agent: str) -> None:
        """The agent's page is alive: its conversations stay the agent's for one more lease."""
        await self.commit(lambda w: w.unit.queue.renew(agent, w.now() + self._lease))

    # --- shared ways --------------------------------------------------------------------

    def _check_rights(self, agent: Agent, client: str) -> None:
        # Another client's conversation looks exactly like one that does not exist.
        if client not in self._clients or not agent.may_answer(client):
            raise NotFound("There is no such conversation.")

    async def _command(
        self, client: str, conversation: str, cmid: str, event: Callable[[Work], ev.Event]
    ) -> int:
        """A customer's command that may come again under the same `cmid`."""

        def work(w: Work) -> int:
            state = w.conversation(client, conversation)
            earlier = w.unit.conversations.sent(conversation, Author.SYSTEM, "", cmid)
            if earlier is not None:
                return earlier.customer_seq or 0
            return w.apply(state, event(w)).seq_of(cmid)

        return await self.commit(work)

    async def _agent_command(
        self,
        agent: Agent,
        client: str,
        conversation: str,
        event: Callable[[Work], ev.Event],
    ) -> Applied:
        self._check_rights(agent, client)
        return await self.commit(lambda w: w.apply(w.conversation(client, conversation), event(w)))

    async def _line(
        self,
        agent: Agent,
        client: str,
        conversation: str,
        cmid: str,
        text: str,
        event: ev.AgentSpoke | ev.AgentNoted,
    ) -> int:
        self._check_rights(agent, client)

        def work(w: Work) -> int:
            state = w.conversation(client, conversation)
            earlier = w.unit.conversations.sent(conversation, Author.AGENT, agent.id, cmid)
            if earlier is not None:
                _same(earlier, text)
                return earlier.staff_seq
            return w.apply(state, event).staff_seq_of(cmid)

        return await self.commit(work)


_ASKED: Mapping[str, object] = {
    "type": "handoff",
    "v": 1,
    "reason": "asked_human",
    "reasons": [
        {
            "code": "asked_human",
            "nb": "Kunden trykket på «Snakk med et menneske».",
            "en": "The customer pressed “Talk to a person”.",
            "quotes": [],
        }
    ],
    "tried": [],
    "confirmed": {},
    "guessed": {},
}


def _same(earlier: Stored, text: str) -> int:
    """The first answer again, if the content is the same too."""
    if earlier.message.kind is not Kind.TEXT and earlier.message.kind is not Kind.NOTE:
        raise IdReuse("This id was used for something else.")
    if earlier.message.body.get("text") != text:
        raise IdReuse("This id was used for another text.")
    return earlier.customer_seq or 0


def _button(unit: Unit, conversation: str, seq: int, index: int) -> tuple[str, str]:
    found = unit.conversations.message_at(conversation, Audience.CUSTOMER, seq)
    buttons = found.message.body.get("buttons") if found else None
    if not isinstance(buttons, list) or index >= len(buttons):
        raise NotFound("There is no such button.")
    button = buttons[index]
    return str(button["title"]), str(button["payload"])
