"""Every store shows all that it holds about a conversation, and forgets all but statistics."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from handoff.core.conversation import Contact, Conversation, Mode, Owner, handed_to
from handoff.core.effects import KeepTask, RecordContact
from handoff.core.message import Audience
from handoff.errors import NotFound
from handoff.ports import Store, Unit
from handoff.records import ContactRow, Erasure, Forgotten, Held, PastHandoff, Read
from handoff.storage import SqlStore
from handoff.storage.limits import UNDER_WAY_SECONDS
from tests.handoff.storage.samples import (
    HandClock,
    conversation,
    handoff_of,
    lines,
    new_id,
    noted,
    order,
    said,
    started,
    stored,
    waiting,
)

DAY = 24 * 3600.0
CANARY = "kanarifugl-5544"


def ended(started_at: float = 10.0) -> RecordContact:
    return RecordContact("refund", "bot", True, started_at, 3.0, 2.0, 1.0)


async def talk(store: Store, client: str = "heimbud", visitor: str | None = None) -> Conversation:
    """A conversation of which every table holds something."""
    before = await started(store, conversation(client, visitor), 100.0)
    after = handed_to(before, 110.0, mode=Mode.CLOSED, owner=Owner.NOBODY)
    filled = KeepTask(new_id(), f"Ola {CANARY}", "98765432", CANARY)

    def work(unit: Unit) -> None:
        unit.conversations.append(before, said(CANARY), 101.0)
        unit.conversations.append(before, noted("a1", CANARY), 102.0)
        unit.conversations.set_seen(before.id, "customer", 1)
        unit.ledger.keep_task(before, filled, 103.0)
        unit.ledger.log_access("a1", before.id, "open", 104.0)
        unit.ledger.record(before, ended(), 105.0)
        unit.outbox.put(replace(order(before), body={"text": CANARY, "is_payload": False}))
        unit.conversations.save(before, after, "ConversationClosed", "idle", 110.0)

    await store.write(work)
    return after


async def held(store: Store, state: Conversation, client: str = "heimbud") -> Held:
    return await store.read(lambda unit: unit.archive.held(client, state.id))


async def forget(store: Store, state: Conversation, now: float = 200.0) -> Forgotten:
    return await store.write(lambda unit: unit.archive.forget(state, now))


async def contacts(store: Store) -> list[ContactRow]:
    return list(await store.read(lambda unit: unit.ledger.contacts("heimbud", 0.0, 1e12)))


async def test_all_that_is_held_is_shown(store: Store) -> None:
    state, other = await talk(store), await talk(store)
    found = await held(store, state)
    assert found.state == state
    assert (found.started, found.last_at) == (100.0, 102.0)
    assert [line.message.body for line in found.lines] == [{"text": CANARY}] * 2
    assert found.seen == {"customer": 1}
    assert [(change.cause, change.new_mode) for change in found.history] == [
        ("ConversationClosed", "closed")
    ]
    assert [task.text for task in found.tasks] == [CANARY]
    assert [one.body["text"] for one in found.orders] == [CANARY]
    assert [row.outcome for row in found.contacts] == ["bot"]
    assert found.reads == [Read(104.0, "a1", "heimbud", state.id, "open")]
    assert found.handoffs == []
    assert len((await held(store, other)).lines) == 2


async def test_recent_conversations_are_given_newest_first_and_in_parts(store: Store) -> None:
    ids = sorted(
        [(await started(store, now=at)).id for at in (50.0, 100.0, 200.0, 200.0)], reverse=True
    )
    await started(store, conversation("varde"), 300.0)

    async def recent(before: tuple[float, str] | None, limit: int) -> list[tuple[float, str]]:
        return list(
            await store.read(lambda unit: unit.archive.recent("heimbud", 100.0, before, limit))
        )

    first = await recent(None, 2)
    assert [at for at, _ in first] == [200.0, 200.0]
    # Of two at the same moment neither is given twice, nor left out.
    (second,) = await recent(first[0], 1)
    assert second == first[1]
    rest = await recent(second, 10)
    assert [at for at, _ in rest] == [100.0]
    assert {one for _, one in (*first, *rest)} < set(ids)
    assert await recent(rest[0], 10) == []


async def test_a_request_for_a_person_is_shown(store: Store) -> None:
    state = await waiting(store, 100.0)
    assert (await held(store, state)).handoffs == [
        PastHandoff(handoff_of(state), "waiting", "asked_human", "track_parcel", 100.0, None, None)
    ]


async def test_another_companys_conversation_shows_nothing(store: Store) -> None:
    state = await talk(store)
    nothing = await held(store, state, "varde")
    assert nothing == Held(None, None, None, (), (), {}, (), (), (), [], [])


async def test_forgetting_leaves_statistics_and_reads_alone(store: Store) -> None:
    state, other = await talk(store), await talk(store)
    assert await forget(store, state) == Forgotten(lines=2, changes=1, tasks=1, orders=1)
    found = await held(store, state)
    assert found == Held(
        None, None, None, (), (), {}, (), (), (), contacts=found.contacts, reads=found.reads
    )
    assert [(row.reason, row.outcome, row.bot_seconds) for row in found.contacts] == [
        ("refund", "bot", 3.0)
    ]
    assert [read.what for read in found.reads] == ["open"]
    assert await lines(store, state, Audience.STAFF) == []
    assert await store.read(lambda unit: unit.conversations.history(state.id)) == []
    assert await store.read(lambda unit: unit.conversations.seen(state.id)) == {}
    assert [
        task.conversation
        for task in await store.read(lambda unit: unit.ledger.tasks(["heimbud"], open_only=False))
    ] == [other.id]
    kept = await held(store, other)
    assert (len(kept.lines), len(kept.tasks), len(kept.orders)) == (2, 1, 1)


async def test_what_is_forgotten_cannot_be_forgotten_again_nor_by_another_company(
    store: Store,
) -> None:
    state = await talk(store)
    with pytest.raises(NotFound):
        await forget(store, replace(state, client="varde"))
    assert len((await held(store, state)).lines) == 2
    await forget(store, state)
    with pytest.raises(NotFound):
        await forget(store, state)


async def test_a_visitor_who_was_forgotten_is_a_stranger(store: Store) -> None:
    state = await talk(store)
    await forget(store, state)
    assert (
        await store.read(lambda unit: unit.conversations.latest_of("heimbud", state.visitor))
        is None
    )
    # The same visitor within seven days: the old row can no longer tell.
    await talk(store, visitor=state.visitor)
    assert [row.again for row in await contacts(store)] == [False, False]


async def test_what_is_known_of_coming_again_outlives_the_mark_that_told_it(store: Store) -> None:
    visitor = new_id()
    first = await talk(store, visitor=visitor)
    second = await started(store, conversation("heimbud", visitor), 300.0)
    await store.write(lambda unit: unit.ledger.record(second, ended(300.0), 310.0))
    before = [row.again for row in await contacts(store)]
    assert before == [True, False]
    await forget(store, second)
    assert [row.again for row in await contacts(store)] == before
    await forget(store, first)
    assert [row.again for row in await contacts(store)] == before


async def test_a_running_contact_counts_as_coming_again_before_it_is_forgotten(
    store: Store,
) -> None:
    state = await talk(store)
    running = replace(state, contact=Contact(120.0, 120.0))
    await store.write(
        lambda unit: unit.conversations.save(state, running, "CustomerSpoke", "customer", 120.0)
    )
    await forget(store, running)
    assert [row.again for row in await contacts(store)] == [True]


async def test_the_outdated_are_a_companys_own_by_their_last_line(store: Store) -> None:
    late, early, other = [
        await started(store, conversation(client), now)
        for client, now in (("heimbud", 20.0), ("heimbud", 10.0), ("varde", 10.0))
    ]

    async def outdated(before: float, limit: int = 10) -> list[str]:
        return list(await store.read(lambda unit: unit.archive.outdated("heimbud", before, limit)))

    assert await store.read(lambda unit: unit.archive.companies()) == ["heimbud", "varde"]
    assert await outdated(10.0) == []
    assert await outdated(20.5) == [early.id, late.id]
    assert await outdated(20.5, 1) == [early.id]
    await stored(store, early, said(), 30.0)
    assert await outdated(20.5) == [late.id]

    async def last(client: str, state: Conversation) -> float | None:
        return await store.read(lambda unit: unit.archive.last_activity(client, state.id))

    assert await last("heimbud", early) == 30.0
    assert await last("varde", other) == 10.0
    assert await last("heimbud", other) is None


async def test_the_conversations_of_one_visitor_are_found_from_each(store: Store) -> None:
    visitor = new_id()
    second = await started(store, conversation("heimbud", visitor), 20.0)
    first = await started(store, conversation("heimbud", visitor), 10.0)
    elsewhere = await started(store, conversation("varde", visitor), 10.0)
    await started(store, conversation("heimbud"), 10.0)
    for state, found in (
        (first, [first.id, second.id]),
        (second, [first.id, second.id]),
        (elsewhere, []),
    ):
        assert (
            await store.read(lambda unit, one=state: unit.archive.of_visitor("heimbud", one.id))  # type: ignore[misc]
            == found
        )


async def test_the_bot_is_told_to_forget_until_it_has(store: Store) -> None:
    state = await talk(store)
    await forget(store, state, 200.0)
    waits = Erasure("heimbud", state.id, 0, 200.0)

    async def due(now: float) -> list[Erasure]:
        return list(await store.read(lambda unit: unit.archive.erasures(now, 10)))

    async def kept(client: str = "heimbud") -> Erasure | None:
        return await store.read(lambda unit: unit.archive.erasure(client, state.id))

    assert (await due(199.0), await due(200.0)) == ([], [waits])
    assert (await kept(), await kept("varde")) == (waits, None)
    await store.write(lambda unit: unit.archive.postpone(state.id, 300.0))
    assert (await due(299.0), await due(300.0)) == (
        [],
        [replace(waits, attempts=1, ready_at=300.0)],
    )
    await store.write(lambda unit: unit.archive.erased(state.id))
    assert (await due(1e9), await kept()) == ([], None)


async def test_a_turn_under_way_may_still_reach_the_bot_and_is_waited_for(store: Store) -> None:
    state = await talk(store)
    await store.write(lambda unit: unit.outbox.lease("w", 190.0, 60.0, 10))
    await forget(store, state, 200.0)

    async def due(now: float) -> int:
        return len(await store.read(lambda unit: unit.archive.erasures(now, 10)))

    assert await due(200.0 + UNDER_WAY_SECONDS - 1) == 0
    assert await due(200.0 + UNDER_WAY_SECONDS) == 1


async def test_old_reads_go_a_few_at_a_time(store: Store) -> None:
    state = await started(store)
    for at in (30.0, 10.0, 20.0):
        await store.write(lambda unit, at=at: unit.ledger.log_access("a", state.id, "card", at))  # type: ignore[misc]
    gone = await store.write(lambda unit: unit.ledger.forget_reads(25.0, 1))
    assert (gone, [read.at for read in (await held(store, state)).reads]) == (1, [30.0, 20.0])
    gone = await store.write(lambda unit: unit.ledger.forget_reads(25.0, 10))
    assert (gone, [read.at for read in (await held(store, state)).reads]) == (1, [30.0])


async def test_deleted_words_are_not_left_in_the_file(sqlite_url: str, tmp_path: Path) -> None:
    store = SqlStore.open(sqlite_url, HandClock())
    for _ in range(20):
        state = await talk(store)
        await forget(store, state)
    await store.close()
    assert times_in_files(tmp_path) == 0


def times_in_files(folder: Path) -> int:
    """How often the canary is in a database that nobody has open."""
    return sum(path.read_bytes().count(CANARY.encode()) for path in folder.glob("store.db*"))
