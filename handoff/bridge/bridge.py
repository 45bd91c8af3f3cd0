"""Every change of a conversation: asked for by gateways and routes, made in one transaction."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence

from handoff.bridge.claims import Claims
from handoff.bridge.repeats import button_at, digest_of, line_of, masked_page, same
from handoff.bridge.signals import ASKED
from handoff.bridge.unit_of_work import Work
from handoff.core import events as ev
from handoff.core.conversation import Conversation, Mode
from handoff.core.ids import trace_of
from handoff.core.message import Author, Kind
from handoff.core.roster import Agent
from handoff.errors import (
    IdReuse,
    InputError,
    NotAllowed,
    NotFound,
    Refused,
    StaleControl,
)
from handoff.facts import canonical, is_fact
from handoff.privacy import mask


class Bridge(Claims):
    """What customers and agents may do to a conversation. Every call is bound to its client."""

    # --- customer -----------------------------------------------------------------------

    async def arrive(
        self, client: str, visitor: str, page: str, language: str | None
    ) -> Conversation:
        """The visitor's thread with `client`, begun with the greeting if there is none."""
        config = self.clients.get(client)
        if config is None:
            raise NotFound("There is no such client company.")

        def work(w: Work) -> Conversation:
            found = w.unit.conversations.latest_of(client, visitor)
            if found is None:
                chosen = language if language in config.languages else None
                found = Conversation(
                    id=self.new_id(),
                    client=client,
                    visitor=visitor,
                    epoch=self.new_id(),
                    language=chosen or config.languages[0],
                    language_chosen=chosen is not None,
                )
                w.unit.conversations.start(found, w.now())
                w.apply(found, ev.ConversationStarted(config.greeting.of(found.language)))
            if page:
                w.apply(found, ev.CustomerArrived(masked_page(page)))
            return found

        return await self.commit(work)

    async def customer_says(self, client: str, conversation: str, cmid: str, text: str) -> int:
        """Store a customer's line. Returns its number; the same `cmid` again the same number."""
        if not any(character.isprintable() and not character.isspace() for character in text):
            raise InputError("`text` is blank.", cure="Write something.")
        masked = mask(text)

        def work(w: Work) -> int:
            state = w.conversation(client, conversation)
            earlier = w.unit.conversations.answered(conversation, cmid)
            if earlier is not None:
                return same(earlier, masked.text)
            w.trace = trace_of(cmid)
            event = ev.CustomerSpoke(
                masked.text, cmid, self.new_id(), masked=tuple(sorted(set(masked.kinds)))
            )
            return w.apply(state, event).seq_of(cmid)

        return await self.commit(work)

    async def customer_presses(
        self, client: str, conversation: str, cmid: str, seq: int, index: int
    ) -> int:
        """A press on a button the server sent. Raises NotFound when there is no such button."""

        def work(w: Work) -> int:
            state = w.conversation(client, conversation)
            title, payload = button_at(w.unit, conversation, seq, index)
            earlier = w.unit.conversations.answered(conversation, cmid)
            if earlier is not None:
                return same(earlier, title, payload)
            w.trace = trace_of(cmid)
            event = ev.CustomerSpoke(title, cmid, self.new_id(), payload)
            return w.apply(state, event).seq_of(cmid)

        return await self.commit(work)

    async def ask_person(self, client: str, conversation: str, cmid: str) -> int:
        """The widget's own way to a person, which needs no bot."""

        def event(w: Work, state: Conversation) -> ev.Event:
            return w.request(state, ASKED, cmid)

        return await self._command(client, conversation, cmid, ("ask_person",), event)

    async def choose(self, client: str, conversation: str, cmid: str, choice: str) -> int:
        def event(w: Work, state: Conversation) -> ev.Event:
            return ev.CustomerChose(ev.Choice(choice), w.desk_for(state), cmid)

        return await self._command(client, conversation, cmid, ("choose", choice), event)

    async def leave_contact(
        self, client: str, conversation: str, cmid: str, name: str, reach: str, text: str
    ) -> int:
        """A contact form. Phone, e-mail and name are kept; identity and card numbers are not."""
        task = hashlib.sha256(f"{conversation}:{cmid}".encode()).hexdigest()[:32]
        filled = {"name": line_of(name), "reach": line_of(reach), "text": mask(text).text}
        for field in ("name", "reach"):
            if not filled[field]:
                raise InputError(f"`{field}` is blank.", cure="Fill it in.")
        event = ev.ContactLeft(task, **filled, cmid=cmid)
        content = ("leave_contact", *filled.values())
        return await self._command(client, conversation, cmid, content, lambda w, state: event)

    async def set_language(self, client: str, conversation: str, language: str) -> None:
        if language not in self.clients[client].languages:
            raise NotAllowed("The client company does not offer that language.")

        def work(w: Work) -> None:
            w.apply(w.conversation(client, conversation), ev.LanguageChosen(language))

        await self.commit(work)

    async def end(self, client: str, conversation: str, cmid: str) -> int:
        event = ev.ConversationClosed(None, None, None, "customer", cmid=cmid)
        return await self._command(client, conversation, cmid, ("end",), lambda w, state: event)

    async def rate(self, client: str, conversation: str, cmid: str, stars: int) -> int:
        """The customer's word on the help, `stars` from 1 to 5. Raises Refused before the end."""
        event = ev.CustomerRated(stars, cmid)
        content = ("rate", stars)
        return await self._command(client, conversation, cmid, content, lambda w, state: event)

    async def saw(self, client: str, conversation: str, reader: str, seq: int) -> int:
        """`reader` (`customer` or an agent's id) rendered the customer's lines up to `seq`.

        Returns the highest so far, which the other side is told: a late tab takes nothing back.
        """

        def work(w: Work) -> int:
            w.conversation(client, conversation)
            return w.unit.conversations.set_seen(conversation, reader, seq) or 0

        return await self.commit(work)

    # --- agent --------------------------------------------------------------------------

    async def read_as(
        self, agent: Agent, client: str, conversation: str, what: str
    ) -> Conversation:
        """The conversation, with a row in the access log that this agent looked at it."""
        self.check_rights(agent, client)

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
        request: str,
    ) -> None:
        def event(w: Work) -> ev.Event:
            receiver = w.unit.agents.get(to) if to else None
            if to and (receiver is None or not receiver.may_answer(client)):
                raise NotFound("There is no such colleague for this client company.")
            return ev.AgentTransferred(agent.id, control, to, mask(note).text, request)

        content = ("transfer", control, to, mask(note).text)
        await self._agent_command(agent, client, conversation, request, content, event)

    async def assign(
        self,
        supervisor: Agent,
        client: str,
        conversation: str,
        control: int,
        to: str | None,
        request: str,
    ) -> None:
        """A supervisor gives the conversation to an agent, themselves too, or back to the queue.

        Raises NotAllowed, NotFound, Refused (StaleControl, Taken, AtCapacity): then nothing
        has changed.
        """
        self.check_rights(supervisor, client)
        if not supervisor.may_supervise(client):
            raise NotAllowed("Only a supervisor decides who has a conversation.")

        def apply(w: Work, state: Conversation) -> None:
            receiver = w.unit.agents.get(to) if to else None
            if to and (receiver is None or not receiver.may_answer(client)):
                raise NotFound("There is no such colleague for this client company.")
            if to and state.agent == to:
                raise Refused("They have the conversation already.")
            if state.mode is Mode.AGENT or receiver is None:
                told = request if receiver is None else None
                state = w.apply(state, ev.ChatRecalled(supervisor.id, control, told)).conversation
            elif state.control != control:
                raise StaleControl("The conversation changed hands since you last saw it.")
            if receiver is not None:
                self.give(w, state, receiver, request, by=supervisor.id)
            w.unit.ledger.log_access(supervisor.id, conversation, "assign", w.now())

        content = ("assign", control, to)
        await self._agent_work(supervisor, client, conversation, request, content, apply)

    async def hand_back(
        self,
        agent: Agent,
        client: str,
        conversation: str,
        control: int,
        slots: Mapping[str, str | None],
        request: str,
    ) -> None:
        """Back to the bot. A slot of None or "" is emptied there, the others are set.

        Raises InputError for a slot that is no fact, and for a number or date that has not its
        form: the bot would go on with it.
        """
        if not all(is_fact(name) for name in slots):
            raise InputError(
                "`slots` names what is no fact.",
                cure="Use the names in `facts` of the client companies' list.",
            )
        kept = {
            name: canonical(name, mask(value).text) if value else None
            for name, value in slots.items()
        }
        event = ev.AgentReleased(agent.id, control, kept, request)
        content = ("hand_back", control, *sorted(kept.items()))
        await self._agent_command(agent, client, conversation, request, content, lambda w: event)

    async def finish(
        self,
        agent: Agent,
        client: str,
        conversation: str,
        control: int,
        reason: str,
        resolved: bool,
        request: str,
    ) -> None:
        self.check_rights(agent, client)
        if reason not in {known.id for known in self.clients[client].contact_reasons}:
            raise Refused("The client company has no such contact reason.")
        event = ev.ConversationClosed(agent.id, control, reason, "agent", resolved, request)
        content = ("finish", control, reason, resolved)
        await self._agent_command(agent, client, conversation, request, content, lambda w: event)

    async def verdict(
        self, agent: Agent, client: str, conversation: str, verdict: str, request: str
    ) -> None:
        event = ev.VerdictGiven(agent.id, verdict, request)
        content = ("verdict", verdict)
        await self._agent_command(agent, client, conversation, request, content, lambda w: event)

    # --- shared ways --------------------------------------------------------------------

    async def _command(
        self,
        client: str,
        conversation: str,
        cmid: str,
        content: Sequence[object],
        event: Callable[[Work, Conversation], ev.Event],
    ) -> int:
        """A customer's command that may come again under the same `cmid` with the same content."""
        digest = digest_of(content)

        def work(w: Work) -> int:
            state = w.conversation(client, conversation)
            earlier = w.unit.conversations.answered(conversation, cmid)
            if earlier is not None:
                if earlier.message.body.get("content") != digest:
                    raise IdReuse("This id was used for something else.")
                return earlier.customer_seq or 0
            w.content = digest
            return w.apply(state, event(w, state)).seq_of(cmid)

        return await self.commit(work)

    async def _agent_command(
        self,
        agent: Agent,
        client: str,
        conversation: str,
        request: str,
        content: Sequence[object],
        event: Callable[[Work], ev.Event],
    ) -> None:
        """An agent's command of one event."""

        def apply(w: Work, state: Conversation) -> None:
            w.apply(state, event(w))

        await self._agent_work(agent, client, conversation, request, content, apply)

    async def _agent_work(
        self,
        agent: Agent,
        client: str,
        conversation: str,
        request: str,
        content: Sequence[object],
        apply: Callable[[Work, Conversation], None],
    ) -> None:
        """An agent's command; the same `request` again changes nothing more."""
        self.check_rights(agent, client)
        digest = digest_of(content)

        def work(w: Work) -> None:
            state = w.conversation(client, conversation)
            sent = w.unit.conversations.sent
            for author, author_id in ((Author.SYSTEM, ""), (Author.AGENT, agent.id)):
                earlier = sent(conversation, author, author_id, request)
                if earlier is not None:
                    if earlier.message.body.get("content") != digest:
                        raise IdReuse("This id was used for something else.")
                    return
            w.content = digest
            apply(w, state)

        await self.commit(work)

    async def _line(
        self,
        agent: Agent,
        client: str,
        conversation: str,
        cmid: str,
        text: str,
        event: ev.AgentSpoke | ev.AgentNoted,
    ) -> int:
        self.check_rights(agent, client)
        kind = Kind.TEXT if isinstance(event, ev.AgentSpoke) else Kind.NOTE

        def work(w: Work) -> int:
            state = w.conversation(client, conversation)
            earlier = w.unit.conversations.sent(conversation, Author.AGENT, agent.id, cmid)
            if earlier is not None:
                same(earlier, text, kind=kind)
                return earlier.staff_seq
            return w.apply(state, event).staff_seq_of(cmid)

        return await self.commit(work)
