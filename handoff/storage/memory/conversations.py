"""Conversations and their messages in memory."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from handoff.core.conversation import Conversation, Mode
from handoff.core.message import Audience, Author, Kind, Message, Stored
from handoff.errors import IdReuse, NotFound, StaleControl
from handoff.records import Change, Summary
from handoff.storage import codec
from handoff.storage.memory.queue import MemoryQueue
from handoff.storage.memory.world import Line, Thread, World


class MemoryConversations:
    def __init__(self, world: World, queue: MemoryQueue) -> None:
        self._world = world
        self._queue = queue

    def start(self, conversation: Conversation, now: float) -> None:
        if conversation.id in self._world.threads:
            raise IdReuse("A conversation with this id exists.")
        self._world.threads.put(conversation.id, Thread(conversation, now, now))

    def get(self, client: str, conversation: str) -> Conversation | None:
        thread = self._thread(client, conversation)
        return None if thread is None else thread.state

    def latest_of(self, client: str, visitor: str) -> Conversation | None:
        found = self._threads_of(client, visitor)
        return found[0].state if found else None

    def earlier_of(self, client: str, visitor: str, before: str, limit: int) -> Sequence[Summary]:
        later = self._thread(client, before)
        if later is None:
            return []
        return [
            Summary(
                conversation=thread.state.id,
                client=thread.state.client,
                mode=thread.state.mode.value,
                topic=thread.state.topic,
                language=thread.state.language,
                started=thread.started,
                last_at=thread.last_at,
            )
            for thread in self._threads_of(client, visitor)
            if (thread.started, thread.state.id) < (later.started, before)
        ][:limit]

    def save(
        self, before: Conversation, after: Conversation, cause: str, actor: str, now: float
    ) -> None:
        if before == after:
            return
        thread = self._thread(before.client, before.id)
        if thread is None:
            raise NotFound("There is no such conversation.")
        if thread.state.control != before.control:
            raise StaleControl("The conversation changed hands since you last saw it.")
        self._world.threads.put(before.id, replace(thread, state=after))
        if (before.mode, before.owner, before.agent, before.control) != (
            after.mode,
            after.owner,
            after.agent,
            after.control,
        ):
            change = Change(
                at=now,
                old_mode=before.mode.value,
                new_mode=after.mode.value,
                old_owner=before.owner.value,
                new_owner=after.owner.value,
                agent=after.agent,
                control=after.control,
                cause=cause,
                actor=actor,
            )
            self._world.changes.put(self._world.count("change"), (after.id, change))
        self._queue.follow(before, after)

    def history(self, conversation: str) -> Sequence[Change]:
        return [change for of, change in self._world.changes.values() if of == conversation]

    def append(self, conversation: Conversation, message: Message, now: float) -> Stored:
        world = self._world
        thread = self._thread(conversation.client, conversation.id)
        if thread is None:
            raise NotFound("There is no such conversation.")
        body = codec.pack(message.body)
        sender = reply = None
        if message.cmid is not None:
            sender = (conversation.id, message.author.value, message.author_id, message.cmid)
        if message.author is Author.BOT and message.turn_id is not None:
            reply = (conversation.id, message.turn_id, message.part, message.kind.value)
        if (sender is not None and sender in world.senders) or (
            reply is not None and reply in world.replies
        ):
            raise IdReuse("This message was stored before under the same id.")
        staff_seq = thread.staff_seq + 1
        customer_seq = None
        thread = replace(thread, staff_seq=staff_seq, last_at=now)
        if message.audience is Audience.CUSTOMER:
            customer_seq = thread.customer_seq + 1
            thread = replace(thread, customer_seq=customer_seq)
            world.customer_lines.put((conversation.id, customer_seq), staff_seq)
        stored = Stored(conversation.id, staff_seq, customer_seq, now, message)
        world.threads.put(conversation.id, thread)
        world.lines.put((conversation.id, staff_seq), Line(stored, body))
        if sender is not None:
            world.senders.put(sender, staff_seq)
        if reply is not None:
            world.replies.put(reply, staff_seq)
        return stored

    def sent(self, conversation: str, author: str, author_id: str, cmid: str) -> Stored | None:
        seq = self._world.senders.get((conversation, author, author_id, cmid))
        return None if seq is None else self._line(conversation, seq)

    def answered(self, conversation: str, cmid: str) -> Stored | None:
        return self.sent(conversation, Author.CUSTOMER, "", cmid) or self.sent(
            conversation, Author.SYSTEM, "", cmid
        )

    def messages(
        self, conversation: str, audience: Audience, after: int, limit: int
    ) -> Sequence[Stored]:
        first = max(after, 0) + 1
        last = min(self._last(conversation, audience), first + limit - 1)
        found = (self.message_at(conversation, audience, seq) for seq in range(first, last + 1))
        return [stored for stored in found if stored is not None]

    def message_at(self, conversation: str, audience: Audience, seq: int) -> Stored | None:
        if audience is Audience.CUSTOMER:
            staff_seq = self._world.customer_lines.get((conversation, seq))
            return None if staff_seq is None else self._line(conversation, staff_seq)
        return self._line(conversation, seq)

    def newest(self, conversation: str, kind: Kind) -> Stored | None:
        for seq in range(self._last(conversation, Audience.STAFF), 0, -1):
            stored = self._line(conversation, seq)
            if stored is not None and stored.message.kind is kind:
                return stored
        return None

    def last_seqs(self, conversations: Iterable[str], audience: Audience) -> Mapping[str, int]:
        return {
            conversation: self._last(conversation, audience)
            for conversation in conversations
            if conversation in self._world.threads
        }

    def set_seen(self, conversation: str, reader: str, seq: int) -> int | None:
        if conversation not in self._world.threads:
            return None
        believed = min(seq, self._last(conversation, Audience.CUSTOMER))
        kept = max(believed, self._world.seen.get((conversation, reader)) or 0)
        self._world.seen.put((conversation, reader), kept)
        return kept

    def seen(self, conversation: str) -> Mapping[str, int]:
        return {reader: seq for (of, reader), seq in self._world.seen.items() if of == conversation}

    def ongoing(self, clients: Iterable[str], limit: int) -> Sequence[Conversation]:
        served = set(clients)
        turn = {Mode.AGENT: 0, Mode.WAITING: 1}
        found = [
            (turn.get(state.mode, 2), state.contact.started, state.id, state)
            for state in (thread.state for thread in self._world.threads.values())
            if state.contact is not None and state.client in served
        ]
        return [state for *_, state in sorted(found, key=lambda one: one[:3])[:limit]]

    def idle(self, before: float, limit: int) -> Sequence[tuple[str, str]]:
        still = [
            thread
            for thread in self._world.threads.values()
            if thread.state.mode is Mode.BOT
            and thread.state.contact is not None
            and thread.last_at < before
        ]
        still.sort(key=lambda thread: thread.last_at)
        return [(thread.state.client, thread.state.id) for thread in still[:limit]]

    def _thread(self, client: str, conversation: str) -> Thread | None:
        thread = self._world.threads.get(conversation)
        return thread if thread is not None and thread.state.client == client else None

    def _threads_of(self, client: str, visitor: str) -> list[Thread]:
        found = [
            thread
            for thread in self._world.threads.values()
            if (thread.state.client, thread.state.visitor) == (client, visitor)
        ]
        found.sort(key=lambda thread: (thread.started, thread.state.id), reverse=True)
        return found

    def _last(self, conversation: str, audience: Audience) -> int:
        thread = self._world.threads.get(conversation)
        if thread is None:
            return 0
        return thread.customer_seq if audience is Audience.CUSTOMER else thread.staff_seq

    def _line(self, conversation: str, staff_seq: int) -> Stored | None:
        line = self._world.lines.get((conversation, staff_seq))
        if line is None:
            return None
        message = replace(line.stored.message, body=codec.unpack(line.body))
        return replace(line.stored, message=message)
