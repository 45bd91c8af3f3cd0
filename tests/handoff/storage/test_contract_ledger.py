"""Every store keeps the rows of ended contacts and the desk's tasks, each for its company."""

from __future__ import annotations

from dataclasses import replace

import pytest

from handoff.core.conversation import Contact, Conversation, Mode, Owner, handed_to
from handoff.core.effects import KeepTask, RecordContact
from handoff.errors import IdReuse, NotFound
from handoff.ports import Store, Unit
from handoff.records import ContactRow, Task
from tests.handoff.storage.samples import conversation, new_id, started

DAY = 24 * 3600.0


def row(started_at: float = 10.0, outcome: str = "bot") -> RecordContact:
    return RecordContact("refund", outcome, True, started_at, 3.0, 2.0, 1.0)


async def record(store: Store, state: Conversation, contact: RecordContact, ended: float) -> None:
    await store.write(lambda unit: unit.ledger.record(state, contact, ended))


async def contacts(
    store: Store, client: str = "heimbud", since: float = 0.0, until: float = 1e12
) -> list[ContactRow]:
    return list(await store.read(lambda unit: unit.ledger.contacts(client, since, until)))


async def test_a_contact_comes_back_as_recorded(store: Store) -> None:
    state = await started(store)
    await record(store, state, row(), 20.0)
    await record(store, state, replace(row(30.0), reason=None, resolved=None), 40.0)
    first, second = await contacts(store)
    assert first == ContactRow(
        client="heimbud",
        conversation=state.id,
        reason="refund",
        outcome="bot",
        resolved=True,
        started=10.0,
        ended=20.0,
        bot_seconds=3.0,
        person_seconds=2.0,
        waited_seconds=1.0,
        agent=None,
        again=True,
    )
    assert (second.reason, second.resolved, second.again) == (None, None, False)


async def test_contacts_are_a_companys_own_within_the_time_asked_for(store: Store) -> None:
    state = await started(store)
    other = await started(store, conversation("varde"))
    for ended in (40.0, 20.0, 30.0):
        await record(store, state, row(), ended)
    await record(store, other, row(), 25.0)
    assert [one.ended for one in await contacts(store)] == [20.0, 30.0, 40.0]
    assert [one.ended for one in await contacts(store, since=20.0, until=40.0)] == [20.0, 30.0]
    assert [one.ended for one in await contacts(store, "varde")] == [25.0]
    assert await contacts(store, "nobody") == []


async def test_the_agent_of_a_contact_is_the_last_who_owned_it(store: Store) -> None:
    first = await started(store, replace(conversation(), contact=Contact(10.0, 10.0)))
    second = handed_to(first, 20.0, mode=Mode.AGENT, owner=Owner.AGENT, agent="a1")
    third = handed_to(second, 30.0, mode=Mode.AGENT, owner=Owner.AGENT, agent="a2")
    closed = handed_to(third, 40.0, mode=Mode.CLOSED, owner=Owner.NOBODY)

    def work(unit: Unit) -> None:
        unit.conversations.save(first, second, "AgentClaimed", "a1", 20.0)
        unit.conversations.save(second, third, "AgentClaimed", "a2", 30.0)
        unit.conversations.save(third, closed, "ConversationClosed", "a2", 40.0)
        unit.ledger.record(closed, row(10.0, "person"), 40.0)
        # The next contact, with the bot alone, has no agent.
        unit.ledger.record(closed, row(50.0, "bot"), 60.0)
        unit.ledger.record(third, row(70.0, "person"), 80.0)

    await store.write(work)
    assert [one.agent for one in await contacts(store)] == ["a2", None, "a2"]


@pytest.mark.parametrize(
    ("came_back", "again"),
    [(0.0, True), (1.0, True), (7 * DAY, True), (7 * DAY + 1, False), (-1.0, False)],
)
async def test_again_is_whether_the_visitor_came_back_within_seven_days(
    store: Store, came_back: float, again: bool
) -> None:
    visitor = new_id()
    state = await started(store, conversation("heimbud", visitor))
    ended = 1_000.0
    await record(store, state, row(500.0), ended)
    assert [one.again for one in await contacts(store)] == [False]
    await record(store, state, row(ended + came_back), ended + came_back + 5.0)
    rows = {one.started: one.again for one in await contacts(store)}
    assert rows[500.0] is again


async def test_a_running_contact_counts_as_coming_back(store: Store) -> None:
    visitor = new_id()
    state = await started(store, conversation("heimbud", visitor))
    await record(store, state, row(500.0), 1_000.0)
    back = replace(state, contact=Contact(started=2_000.0, mark=2_000.0))
    await store.write(
        lambda unit: unit.conversations.save(state, back, "CustomerSpoke", "customer", 2_000.0)
    )
    assert [one.again for one in await contacts(store)] == [True]


async def test_another_visitor_or_company_is_nobody_come_back(store: Store) -> None:
    visitor = new_id()
    state = await started(store, conversation("heimbud", visitor))
    await record(store, state, row(500.0), 1_000.0)
    for other in (conversation("heimbud"), conversation("varde", visitor)):
        kept = await started(store, replace(other, contact=Contact(1_500.0, 1_500.0)))
        await record(store, kept, row(1_100.0), 1_200.0)
    assert [one.again for one in await contacts(store) if one.ended == 1_000.0] == [False]


async def test_tasks_are_kept_for_the_companys_desk(store: Store) -> None:
    state = await started(store)
    other = await started(store, conversation("varde"))
    first = KeepTask(new_id(), "Ola", "ola@example.no", "ring meg")
    second = KeepTask(new_id(), "Kari", "+47 99 99 99 99", "skriv til meg")

    def work(unit: Unit) -> None:
        unit.ledger.keep_task(other, second, 20.0)
        unit.ledger.keep_task(state, first, 10.0)

    await store.write(work)

    async def tasks(*clients: str, open_only: bool = True) -> list[Task]:
        return list(await store.read(lambda unit: unit.ledger.tasks(clients, open_only)))

    kept = Task(first.task_id, "heimbud", state.id, "Ola", "ola@example.no", "ring meg", 10.0)
    assert await tasks("heimbud") == [kept]
    assert [one.id for one in await tasks("heimbud", "varde")] == [first.task_id, second.task_id]
    assert await tasks() == []

    async def still_open(*clients: str) -> int:
        return await store.read(lambda unit: unit.ledger.open_tasks(clients))

    assert (await still_open("heimbud", "varde"), await still_open()) == (2, 0)

    async def done(task: str, *clients: str) -> bool:
        return await store.write(lambda unit: unit.ledger.task_done(task, clients, "a1", 30.0))

    assert not await done(first.task_id, "varde")
    assert not await done("nothing", "heimbud")
    assert await done(first.task_id, "varde", "heimbud")
    assert not await done(first.task_id, "heimbud")
    assert await tasks("heimbud") == []
    assert (await still_open("heimbud", "varde"), await still_open("heimbud")) == (1, 0)
    assert await tasks("heimbud", open_only=False) == [replace(kept, done_by="a1", done_at=30.0)]


async def test_a_task_is_kept_once(store: Store) -> None:
    state = await started(store)
    task = KeepTask(new_id(), "Ola", "ola@example.no", "ring meg")
    await store.write(lambda unit: unit.ledger.keep_task(state, task, 10.0))
    with pytest.raises(IdReuse):
        await store.write(lambda unit: unit.ledger.keep_task(state, task, 11.0))


async def test_reading_is_logged_for_conversations_that_exist(store: Store) -> None:
    state = await started(store)
    await store.write(lambda unit: unit.ledger.log_access("a1", state.id, "read", 10.0))
    with pytest.raises(NotFound):
        await store.write(lambda unit: unit.ledger.log_access("a1", new_id(), "read", 10.0))
