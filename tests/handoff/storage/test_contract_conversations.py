"""Every store keeps a conversation's state, its history, and who has seen what."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from handoff.core.conversation import Contact, Conversation, Mode, Owner, handed_to
from handoff.core.message import Audience
from handoff.errors import IdReuse, NotFound, StaleControl
from handoff.ports import Store, Unit
from tests.handoff.storage.samples import (
    conversation,
    kept,
    new_id,
    noted,
    said,
    started,
    waiting,
    waits,
)


async def test_a_conversation_comes_back_as_it_was_started(store: Store) -> None:
    state = replace(
        conversation(),
        language="en",
        language_chosen=True,
        topic="refund",
        contact=Contact(started=5.0, mark=6.5, bot_seconds=1.5, had_person=True),
    )
    await started(store, state)
    assert await store.read(lambda unit: unit.conversations.get("heimbud", state.id)) == state


async def test_a_conversation_is_invisible_to_another_company(store: Store) -> None:
    state = await started(store, conversation("heimbud"))
    for client in ("varde", "", "HEIMBUD"):
        assert await kept(store, state, client) is None
    unknown = new_id()
    assert await store.read(lambda unit: unit.conversations.get("heimbud", unknown)) is None


async def test_an_id_can_be_started_once(store: Store) -> None:
    state = await started(store)
    for again in (state, replace(state, client="varde")):
        with pytest.raises(IdReuse):
            await started(store, again)


async def test_a_saved_state_comes_back_whole(store: Store) -> None:
    before = await started(store)
    after = waits(before, 100.0, front=True)
    await store.write(
        lambda unit: unit.conversations.save(before, after, "HandoffRequested", "bot", 100.0)
    )
    assert await store.read(lambda unit: unit.conversations.get("heimbud", before.id)) == after


async def test_each_change_of_mode_or_owner_leaves_a_row_in_the_history(store: Store) -> None:
    first = await started(store)
    second = waits(first, 100.0)
    third = replace(second, topic="refund")
    fourth = handed_to(third, 130.0, mode=Mode.AGENT, owner=Owner.AGENT, agent="a1")

    def work(unit: Unit) -> None:
        unit.conversations.save(first, second, "HandoffRequested", "customer", 100.0)
        unit.conversations.save(second, third, "BotReplied", "bot", 110.0)
        unit.conversations.save(third, fourth, "AgentClaimed", "a1", 130.0)
        unit.conversations.save(fourth, fourth, "AgentNoted", "a1", 140.0)

    await store.write(work)
    history = await store.read(lambda unit: unit.conversations.history(first.id))
    assert [(row.at, row.old_mode, row.new_mode, row.cause, row.actor) for row in history] == [
        (100.0, "bot", "waiting", "HandoffRequested", "customer"),
        (130.0, "waiting", "agent", "AgentClaimed", "a1"),
    ]
    last = history[-1]
    assert (last.old_owner, last.new_owner, last.agent, last.control) == (
        "nobody",
        "agent",
        "a1",
        fourth.control,
    )


async def test_a_state_seen_before_it_changed_hands_is_not_saved(store: Store) -> None:
    before = await started(store)
    after = waits(before)
    await store.write(lambda unit: unit.conversations.save(before, after, "x", "bot", 1.0))
    late = replace(before, topic="refund")
    with pytest.raises(StaleControl):
        await store.write(lambda unit: unit.conversations.save(before, late, "x", "bot", 2.0))
    assert await store.read(lambda unit: unit.conversations.get("heimbud", before.id)) == after


async def test_a_state_is_saved_only_where_it_belongs(store: Store) -> None:
    state = await started(store)

    async def save(before: Conversation) -> None:
        after = replace(before, topic="x")
        await store.write(lambda unit: unit.conversations.save(before, after, "x", "bot", 2.0))

    for stranger in (conversation(), replace(state, client="varde")):
        with pytest.raises(NotFound):
            await save(stranger)


async def test_the_latest_thread_of_a_visitor_is_found_within_the_company(store: Store) -> None:
    visitor = new_id()
    old = await started(store, conversation("heimbud", visitor), 10.0)
    new = await started(store, conversation("heimbud", visitor), 20.0)
    other = await started(store, conversation("varde", visitor), 30.0)
    found = await store.read(
        lambda unit: [
            unit.conversations.latest_of("heimbud", visitor),
            unit.conversations.latest_of("varde", visitor),
            unit.conversations.latest_of("heimbud", new_id()),
        ]
    )
    assert found == [new, other, None]
    assert old != new


async def test_two_tabs_opened_at_once_start_one_thread(store: Store) -> None:
    visitor = new_id()

    def arrive(unit: Unit) -> str:
        found = unit.conversations.latest_of("heimbud", visitor)
        if found is None:
            found = conversation("heimbud", visitor)
            unit.conversations.start(found, 1.0)
        return found.id

    ids = await asyncio.gather(*(store.write(arrive) for _ in range(20)))
    assert len(set(ids)) == 1


async def test_earlier_threads_are_listed_newest_first(store: Store) -> None:
    visitor = new_id()
    threads = [
        await started(store, conversation("heimbud", visitor), at) for at in (10.0, 20.0, 30.0)
    ]
    await started(store, conversation("varde", visitor), 15.0)
    await started(store, conversation("heimbud"), 15.0)
    await store.write(lambda unit: unit.conversations.append(threads[1], said(), 25.0))

    async def earlier(before: str, limit: int = 10) -> list[str]:
        rows = await store.read(
            lambda unit: unit.conversations.earlier_of("heimbud", visitor, before, limit)
        )
        return [row.conversation for row in rows]

    assert await earlier(threads[2].id) == [threads[1].id, threads[0].id]
    assert await earlier(threads[2].id, 1) == [threads[1].id]
    assert await earlier(threads[0].id) == []
    assert await earlier(new_id()) == []
    row = (
        await store.read(
            lambda unit: unit.conversations.earlier_of("heimbud", visitor, threads[2].id, 1)
        )
    )[0]
    assert (row.client, row.mode, row.topic, row.language) == ("heimbud", "bot", None, "nb")
    assert (row.started, row.last_at) == (20.0, 25.0)


async def test_what_was_seen_never_goes_back(store: Store) -> None:
    state = await started(store)

    def say(unit: Unit) -> None:
        for _ in range(5):
            unit.conversations.append(state, said(), 1.0)

    await store.write(say)

    async def see(reader: str, seq: int) -> int | None:
        return await store.write(lambda unit: unit.conversations.set_seen(state.id, reader, seq))

    assert [await see("customer", seq) for seq in (2, 4, 3, 4, 1, 9)] == [2, 4, 4, 4, 4, 5]
    assert await see("a1", 1) == 1
    assert await store.read(lambda unit: unit.conversations.seen(state.id)) == {
        "customer": 5,
        "a1": 1,
    }


async def test_nobody_can_have_seen_what_was_never_said(store: Store) -> None:
    state = await started(store)

    def say(unit: Unit) -> None:
        unit.conversations.append(state, said(), 1.0)
        unit.conversations.append(state, noted("a1"), 1.0)
        unit.conversations.set_seen(state.id, "customer", 2**80)
        unit.conversations.set_seen(state.id, "a1", 2**80)
        unit.conversations.set_seen(new_id(), "a1", 3)

    await store.write(say)
    assert await store.read(lambda unit: unit.conversations.seen(state.id)) == {
        "customer": 1,
        "a1": 1,
    }
    assert await store.read(lambda unit: unit.conversations.seen(new_id())) == {}


async def test_only_contacts_left_with_the_bot_are_idle(store: Store) -> None:
    contact = Contact(started=1.0, mark=1.0)
    quiet = await started(store, replace(conversation("varde"), contact=contact), 10.0)
    quieter = await started(store, replace(conversation(), contact=contact), 5.0)
    spoken = await started(store, replace(conversation(), contact=contact), 5.0)
    await store.write(lambda unit: unit.conversations.append(spoken, said(), 50.0))
    no_contact = await started(store, now=5.0)
    waiting = await started(store, waits(conversation()), 5.0)

    async def idle(before: float, limit: int = 10) -> list[tuple[str, str]]:
        return list(await store.read(lambda unit: unit.conversations.idle(before, limit)))

    both = [("heimbud", quieter.id), ("varde", quiet.id)]
    assert await idle(20.0) == both
    assert await idle(20.0, 1) == both[:1]
    assert await idle(10.0) == both[:1]
    assert await idle(60.0) == [*both, ("heimbud", spoken.id)]
    ended = replace(quieter, contact=None)
    await store.write(lambda unit: unit.conversations.save(quieter, ended, "x", "idle", 30.0))
    assert await idle(20.0) == both[1:]
    assert {no_contact.id, waiting.id}.isdisjoint(name for _, name in await idle(1e9))


async def test_the_row_stays_locked_from_get_to_the_commit(store: Store) -> None:
    """Read, add one, write: without the lock some of fifty additions would be lost."""
    state = await started(store, replace(conversation(), topic="0"))

    def add(unit: Unit) -> None:
        now = unit.conversations.get("heimbud", state.id)
        assert now is not None
        more = replace(now, topic=str(int(now.topic or 0) + 1))
        unit.conversations.save(now, more, "x", "bot", 1.0)

    await asyncio.gather(*(store.write(add) for _ in range(50)))
    last = await kept(store, state)
    assert last is not None
    assert last.topic == "50"
    assert await store.read(
        lambda unit: unit.conversations.last_seqs([state.id], Audience.STAFF)
    ) == {state.id: 0}


async def test_what_is_going_on_comes_with_peoples_first_and_only_for_the_asked(
    store: Store,
) -> None:
    running = Contact(started=5.0, mark=5.0)
    quiet = await started(store)
    bots = await started(store, replace(conversation(), contact=running))
    line = [await waiting(store, since) for since in (200.0, 100.0)]
    others = await started(store, replace(conversation("varde"), contact=running))
    held = replace(
        handed_to(line[0], 210.0, mode=Mode.AGENT, owner=Owner.AGENT, agent="a"), topic="refund"
    )
    await store.write(
        lambda unit: unit.conversations.save(line[0], held, "AgentClaimed", "a", 210.0)
    )

    async def ongoing(*clients: str, limit: int = 10) -> list[Conversation]:
        return list(await store.read(lambda unit: unit.conversations.ongoing(clients, limit)))

    assert await ongoing("heimbud") == [held, line[1], bots]
    assert await ongoing("heimbud", limit=2) == [held, line[1]]
    assert await ongoing("varde", "nobody") == [others]
    assert await ongoing() == []
    assert quiet not in await ongoing("heimbud", "varde")
