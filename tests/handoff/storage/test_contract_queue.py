"""Every store keeps the line fair and counts its changes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from handoff.core.conversation import Conversation, Mode, Owner, handed_to
from handoff.core.effects import RecordContact
from handoff.core.waiting_line import Waiter
from handoff.errors import StoreError, Taken
from handoff.ports import Store, Unit
from handoff.records import Load
from tests.handoff.storage.desk import BOTH, claim, held_by, line, place, position
from tests.handoff.storage.samples import (
    conversation,
    employed,
    handoff_of,
    new_id,
    started,
    waiting,
    waits,
)


async def test_who_waits_is_told_with_all_the_desk_needs(store: Store) -> None:
    before = await started(store, replace(conversation("varde"), language="nn"))
    state = waits(before, 100.0, front=True, reason="frustration")
    assert state.handoff is not None
    state = replace(
        state, handoff=replace(state.handoff, preferred_agent="a1", preferred_until=160.0)
    )

    def work(unit: Unit) -> None:
        unit.conversations.save(before, state, "x", "bot", 100.0)
        unit.queue.offer(state, 100.0)

    await store.write(work)
    assert await line(store) == [
        Waiter(
            handoff=handoff_of(state),
            conversation=state.id,
            client="varde",
            language="nn",
            reason="frustration",
            topic="track_parcel",
            front=True,
            since=100.0,
            control=state.control,
            preferred_agent="a1",
            preferred_until=160.0,
        )
    ]


async def test_the_line_is_a_companys_own(store: Store) -> None:
    state = await waiting(store, client="heimbud")
    assert [waiter.conversation for waiter in await line(store, "heimbud")] == [state.id]
    assert await line(store, "varde") == []
    assert await store.read(lambda unit: unit.queue.length(["heimbud", "nobody"], 9)) == 1
    assert await store.read(lambda unit: unit.queue.length(["varde"], 9)) == 0
    assert await store.read(lambda unit: unit.queue.length([], 9)) == 0


async def test_the_front_comes_first_and_then_the_longest_waiting(store: Store) -> None:
    late = await waiting(store, 300.0)
    early = await waiting(store, 100.0)
    front = await waiting(store, 400.0, front=True)
    middle = await waiting(store, 200.0)
    order = [waiter.conversation for waiter in await line(store)]
    assert order == [front.id, early.id, middle.id, late.id]
    assert [waiter.conversation for waiter in await line(store, limit=2)] == order[:2]


async def test_a_long_line_of_one_company_hides_nobody_of_another(store: Store) -> None:
    for since in range(10):
        await waiting(store, float(since), client="heimbud")
    lonely = await waiting(store, 500.0, client="varde")
    assert lonely.id in [waiter.conversation for waiter in await line(store, limit=4)]


async def test_a_place_counts_the_companys_own_who_come_before(store: Store) -> None:
    for since in (100.0, 200.0, 300.0):
        await waiting(store, since)
    await waiting(store, 400.0, front=True)
    await waiting(store, 50.0, client="varde")

    assert await place(store, "heimbud", front=False, since=100.0) == 2
    assert await place(store, "heimbud", front=False, since=300.0) == 4
    assert await place(store, "heimbud", front=False, since=999.0) == 5
    assert await place(store, "heimbud", front=True, since=400.0) == 1
    assert await place(store, "heimbud", front=True, since=999.0) == 2
    assert await place(store, "nobody", front=False, since=1.0) == 1


@given(
    line_up=st.lists(
        st.tuples(st.sampled_from(BOTH), st.booleans(), st.integers(0, 6).map(float)),
        max_size=8,
    )
)
@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
async def test_the_place_told_is_the_place_in_the_line(
    store: Store, line_up: list[tuple[str, bool, float]]
) -> None:
    def clear(unit: Unit) -> None:
        for waiter in unit.queue.waiting(BOTH, 100):
            unit.queue.withdraw(waiter.handoff, "closed", 1.0)

    await store.write(clear)
    for client, front, since in line_up:
        await waiting(store, since, client=client, front=front)
    for client in BOTH:
        own = await line(store, client)
        for waiter in own:
            told = await place(store, waiter.client, waiter.front, waiter.since)
            same = [(one.front, one.since) for one in own]
            assert told == same.index((waiter.front, waiter.since)) + 1


async def test_an_offer_again_takes_the_old_place_with_the_new_control(store: Store) -> None:
    first = await waiting(store, 100.0)
    await waiting(store, 200.0)
    agent = await employed(store)
    await claim(store, agent, first)
    owned = handed_to(first, 150.0, mode=Mode.AGENT, owner=Owner.AGENT, agent=agent.id)
    back = handed_to(owned, 160.0, mode=Mode.WAITING, owner=Owner.NOBODY)

    def work(unit: Unit) -> None:
        unit.conversations.save(first, owned, "AgentClaimed", agent.id, 150.0)
        unit.conversations.save(owned, back, "LeaseExpired", "system", 160.0)
        unit.queue.free(agent.id)
        unit.queue.offer(back, 160.0)

    await store.write(work)
    waiter = (await line(store))[0]
    assert (waiter.conversation, waiter.since, waiter.control) == (first.id, 100.0, back.control)
    assert await held_by(store, agent) == []
    await claim(store, agent, back)


async def test_who_is_withdrawn_waits_no_more(store: Store) -> None:
    state = await waiting(store)
    agent = await employed(store)
    handoff = handoff_of(state)
    for _ in range(2):
        await store.write(lambda unit: unit.queue.withdraw(handoff, "contact", 150.0))
    await store.write(lambda unit: unit.queue.withdraw("nothing", "contact", 150.0))
    assert await line(store) == []
    with pytest.raises(Taken):
        await claim(store, agent, state)


async def test_the_line_follows_a_conversation_that_moves_on(store: Store) -> None:
    state = await waiting(store)
    with_bot = handed_to(state, 110.0, mode=Mode.WAITING, owner=Owner.BOT)
    english = replace(with_bot, language="en")
    ended = replace(handed_to(english, 120.0, mode=Mode.BOT, owner=Owner.BOT), handoff=None)
    agent = await employed(store)

    async def save(before: Conversation, after: Conversation) -> None:
        await store.write(
            lambda unit: unit.conversations.save(before, after, "x", "customer", 120.0)
        )

    await save(state, with_bot)
    with pytest.raises(Taken):
        await claim(store, agent, state)
    assert (await line(store))[0].control == with_bot.control
    await save(with_bot, english)
    assert (await line(store))[0].language == "en"
    await save(english, ended)
    assert await line(store) == []


async def test_one_request_of_a_conversation_is_open_at_a_time(store: Store) -> None:
    state = await waiting(store)
    assert state.handoff is not None
    second = replace(state, handoff=replace(state.handoff, id=new_id()))
    with pytest.raises(StoreError):
        await store.write(lambda unit: unit.queue.offer(second, 1.0))
    await store.write(lambda unit: unit.queue.withdraw(handoff_of(state), "closed", 1.0))
    await store.write(lambda unit: unit.queue.offer(second, 1.0))
    assert [waiter.handoff for waiter in await line(store)] == [handoff_of(second)]


async def test_only_a_request_can_be_offered(store: Store) -> None:
    state = await started(store)
    with pytest.raises(ValueError, match="handoff"):
        await store.write(lambda unit: unit.queue.offer(state, 1.0))


async def test_the_handling_time_is_the_mean_of_the_last_contacts_with_a_person(
    store: Store,
) -> None:
    state = await started(store)
    other = await started(store, conversation("varde"))

    async def mean() -> float | None:
        return await store.read(lambda unit: unit.queue.mean_handling("heimbud"))

    async def ended(who: Conversation, at: float, seconds: float, outcome: str) -> None:
        row = RecordContact(None, outcome, None, at - 1, 0.0, seconds, 0.0)
        await store.write(lambda unit: unit.ledger.record(who, row, at))

    await ended(state, 1.0, 900.0, "person")
    await ended(state, 2.0, 100.0, "person")
    await ended(other, 3.0, 5.0, "person")
    await ended(state, 3.0, 0.0, "bot")
    assert await mean() is None
    await ended(state, 4.0, 200.0, "person")
    assert await mean() == pytest.approx(400.0)
    for at in range(10, 60):
        await ended(state, float(at), 60.0, "person")
    assert await mean() == pytest.approx(60.0)


async def test_the_position_rises_with_every_change_of_the_line(store: Store) -> None:
    agent = await employed(store)
    state = await waiting(store)
    other = await waiting(store)
    with_bot = handed_to(other, 110.0, mode=Mode.WAITING, owner=Owner.BOT)
    changes: list[Callable[[Unit], object]] = [
        lambda unit: unit.queue.offer(state, 1.0),
        lambda unit: unit.queue.claim(agent.id, handoff_of(state), state.control, 145.0),
        lambda unit: unit.conversations.save(other, with_bot, "x", "customer", 110.0),
        lambda unit: unit.queue.withdraw(handoff_of(other), "closed", 120.0),
    ]
    last = await position(store)
    assert last > 0
    for change in changes:
        await store.write(change)
        now = await position(store)
        assert now > last
        last = now


async def test_the_position_stands_still_when_the_line_does(store: Store) -> None:
    state = await waiting(store)
    agent = await employed(store)
    before = await position(store)
    spoken = replace(state, topic="refund")

    def nothing_much(unit: Unit) -> None:
        unit.conversations.save(state, spoken, "x", "customer", 1.0)
        unit.queue.withdraw("nothing", "closed", 1.0)
        unit.queue.renew(agent.id, 500.0)
        unit.queue.free(agent.id)

    await store.write(nothing_much)
    assert await position(store) == before


async def test_a_unit_sees_the_position_it_made(store: Store) -> None:
    state = await started(store)
    before = await position(store)

    def work(unit: Unit) -> int:
        unit.queue.offer(waits(state), 1.0)
        return unit.queue.position()

    seen = await store.write(work)
    assert seen > before
    assert await position(store) == seen


async def test_the_load_of_a_company_is_who_waits_since_when_and_who_is_served(
    store: Store,
) -> None:
    assert await store.read(lambda unit: unit.queue.loads()) == {}
    agent = await employed(store)
    await waiting(store, 200.0)
    first = await waiting(store, 100.0, front=True)
    await waiting(store, 50.0, client="varde")
    await claim(store, agent, await waiting(store, 10.0))
    assert await store.read(lambda unit: unit.queue.loads()) == {
        "heimbud": Load(2, 100.0, 1),
        "varde": Load(1, 50.0, 0),
    }
    await claim(store, agent, first)
    loads = await store.read(lambda unit: unit.queue.loads())
    assert loads["heimbud"] == Load(1, 200.0, 2)
