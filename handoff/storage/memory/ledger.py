"""What remains of contacts, in memory."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from handoff.core.conversation import Conversation
from handoff.core.effects import KeepTask, RecordContact
from handoff.errors import IdReuse, NotFound, StoreError
from handoff.records import ContactRow, Read, Task
from handoff.storage.limits import AGAIN_SECONDS
from handoff.storage.memory.world import Ended, World


class MemoryLedger:
    def __init__(self, world: World) -> None:
        self._world = world

    def record(self, conversation: Conversation, row: RecordContact, now: float) -> None:
        number = self._world.count("contact")
        self._world.ended.put(
            number,
            Ended(
                n=number,
                client=conversation.client,
                conversation=conversation.id,
                visitor=conversation.visitor,
                agent=conversation.agent or self._last_agent(conversation.id, row.started),
                row=row,
                ended=now,
            ),
        )

    def contacts(self, client: str, since: float, until: float) -> Sequence[ContactRow]:
        found = [
            ended
            for ended in self._world.ended.values()
            if ended.client == client and since <= ended.ended < until
        ]
        found.sort(key=lambda ended: (ended.ended, ended.n))
        return [self._contact(ended) for ended in found]

    def contacts_of(self, client: str, conversation: str) -> Sequence[ContactRow]:
        found = [
            ended
            for ended in self._world.ended.values()
            if (ended.client, ended.conversation) == (client, conversation)
        ]
        return [self._contact(e) for e in sorted(found, key=lambda ended: (ended.ended, ended.n))]

    def unmark(self, conversation: Conversation) -> None:
        for n, ended in self._world.ended.items():
            same_visitor = (ended.client, ended.visitor) == (
                conversation.client,
                conversation.visitor,
            )
            if same_visitor and ended.again is None and self._came_again(ended):
                self._world.ended.put(n, replace(ended, again=True))
        for n, ended in self._world.ended.items():
            if (ended.client, ended.conversation) == (conversation.client, conversation.id):
                self._world.ended.put(n, replace(ended, visitor="", again=bool(ended.again)))

    def keep_task(self, conversation: Conversation, task: KeepTask, now: float) -> None:
        thread = self._world.threads.get(conversation.id)
        if task.task_id in self._world.tasks:
            raise IdReuse("This contact form was kept before.")
        if thread is None or thread.state.client != conversation.client:
            raise StoreError("The database refused a row.")
        self._world.tasks.put(
            task.task_id,
            Task(
                id=task.task_id,
                client=conversation.client,
                conversation=conversation.id,
                name=task.name,
                reach=task.reach,
                text=task.text,
                created=now,
            ),
        )

    def tasks(self, clients: Iterable[str], open_only: bool) -> Sequence[Task]:
        among = set(clients)
        found = [
            task
            for task in self._world.tasks.values()
            if task.client in among and not (open_only and task.done_at is not None)
        ]
        return sorted(found, key=lambda task: (task.created, task.id))

    def open_tasks(self, clients: Iterable[str]) -> int:
        return len(self.tasks(clients, open_only=True))

    def tasks_of(self, client: str, conversation: str) -> Sequence[Task]:
        among = self.tasks([client], open_only=False)
        return [task for task in among if task.conversation == conversation]

    def task_done(self, task: str, clients: Iterable[str], agent: str, now: float) -> bool:
        kept = self._world.tasks.get(task)
        if kept is None or kept.client not in set(clients) or kept.done_at is not None:
            return False
        self._world.tasks.put(task, replace(kept, done_by=agent, done_at=now))
        return True

    def log_access(self, agent: str, conversation: str, what: str, now: float) -> None:
        thread = self._world.threads.get(conversation)
        if thread is None:
            raise NotFound("There is no such conversation.")
        self._world.reads.put(
            self._world.count("read"), Read(now, agent, thread.state.client, conversation, what)
        )

    def reads(self, client: str, conversation: str) -> Sequence[Read]:
        return [
            read
            for read in self._world.reads.values()
            if (read.client, read.conversation) == (client, conversation)
        ]

    def forget_reads(self, before: float, limit: int) -> int:
        old = [(read.at, n) for n, read in self._world.reads.items() if read.at < before]
        for _, n in sorted(old)[:limit]:
            self._world.reads.drop(n)
        return len(old[:limit])

    def _contact(self, ended: Ended) -> ContactRow:
        return ContactRow(
            client=ended.client,
            conversation=ended.conversation,
            reason=ended.row.reason,
            outcome=ended.row.outcome,
            resolved=ended.row.resolved,
            started=ended.row.started,
            ended=ended.ended,
            bot_seconds=ended.row.bot_seconds,
            person_seconds=ended.row.person_seconds,
            waited_seconds=ended.row.waited_seconds,
            agent=ended.agent,
            again=self._came_again(ended) if ended.again is None else ended.again,
        )

    def _last_agent(self, conversation: str, since: float) -> str | None:
        agent = None
        for of, change in self._world.changes.values():
            if of == conversation and change.at >= since and change.agent is not None:
                agent = change.agent
        return agent

    def _came_again(self, ended: Ended) -> bool:
        began = [
            other.row.started
            for other in self._world.ended.values()
            if other.n != ended.n and (other.client, other.visitor) == (ended.client, ended.visitor)
        ]
        began += [
            thread.state.contact.started
            for thread in self._world.threads.values()
            if thread.state.contact is not None
            and (thread.state.client, thread.state.visitor) == (ended.client, ended.visitor)
        ]
        return any(ended.ended <= start <= ended.ended + AGAIN_SECONDS for start in began)
