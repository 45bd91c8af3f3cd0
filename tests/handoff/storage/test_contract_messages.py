"""Every store numbers messages without gaps, keeps each once, and gives them back in order."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from handoff.core.message import Audience, Author, Kind, Message, Stored
from handoff.errors import IdReuse, NotFound
from handoff.ports import Store, Unit
from tests.handoff.storage.samples import (
    bot_said,
    conversation,
    lines,
    new_id,
    noted,
    said,
    started,
    stored,
    understood,
)


async def test_a_message_comes_back_as_it_was_stored(store: Store) -> None:
    state = await started(store)
    message = Message(
        Author.AGENT,
        Kind.TEXT,
        {"text": "Pakken er i Bodø 📦", "n": [1, 2.5, None, True], "deep": {"a": {"b": "ø"}}},
        author_id="a1",
        author_name="Kari Nordli",
        cmid="c1",
    )
    line = await stored(store, state, message, 7.25)
    assert (line.staff_seq, line.customer_seq, line.at) == (1, 1, 7.25)
    assert await store.read(
        lambda unit: unit.conversations.messages(state.id, Audience.STAFF, 0, 10)
    ) == [line]
    assert (
        await store.read(lambda unit: unit.conversations.message_at(state.id, Audience.CUSTOMER, 1))
        == line
    )


async def test_what_was_stored_does_not_change_with_what_was_given(store: Store) -> None:
    state = await started(store)
    body: dict[str, object] = {"text": "first"}
    message = Message(Author.CUSTOMER, Kind.TEXT, body, cmid="c")
    await store.write(lambda unit: unit.conversations.append(state, message, 1.0))
    body["text"] = "second"
    kept = await store.read(lambda unit: unit.conversations.message_at(state.id, Audience.STAFF, 1))
    assert kept is not None
    assert kept.message.body == {"text": "first"}


async def test_a_note_leaves_no_gap_on_the_customers_side(store: Store) -> None:
    state = await started(store)

    def work(unit: Unit) -> list[tuple[int, int | None]]:
        spoken = (said("en"), noted("a1"), understood("t1"), said("to"))
        kept = [unit.conversations.append(state, line, 1.0) for line in spoken]
        return [(line.staff_seq, line.customer_seq) for line in kept]

    assert await store.write(work) == [(1, 1), (2, None), (3, None), (4, 2)]
    shown = await store.read(
        lambda unit: unit.conversations.messages(state.id, Audience.CUSTOMER, 0, 10)
    )
    assert [(line.customer_seq, line.message.body["text"]) for line in shown] == [
        (1, "en"),
        (2, "to"),
    ]
    assert all(line.message.audience is Audience.CUSTOMER for line in shown)
    note = await store.read(lambda unit: unit.conversations.message_at(state.id, Audience.STAFF, 2))
    assert note is not None
    assert note.message.audience is Audience.STAFF
    assert note.message.author_name == "Kari"


async def test_messages_are_paged_from_any_number(store: Store) -> None:
    state = await started(store)
    for number in range(1, 8):
        line = said(str(number))
        await stored(store, state, line)

    async def page(after: int, limit: int) -> list[object]:
        found = await store.read(
            lambda unit: unit.conversations.messages(state.id, Audience.CUSTOMER, after, limit)
        )
        return [line.message.body["text"] for line in found]

    assert await page(0, 3) == ["1", "2", "3"]
    assert await page(3, 3) == ["4", "5", "6"]
    assert await page(6, 3) == ["7"]
    assert await page(7, 3) == []
    assert await page(-5, 2) == ["1", "2"]
    assert await page(2**80, 2) == []


async def test_there_is_no_message_at_a_number_that_was_never_given(store: Store) -> None:
    state = await started(store)

    def look(unit: Unit) -> list[Stored | None]:
        numbers = (-1, 0, 1, 2**80)
        return [unit.conversations.message_at(state.id, Audience.STAFF, seq) for seq in numbers]

    assert await store.read(look) == [None] * 4


async def test_the_newest_of_a_kind_is_found(store: Store) -> None:
    state = await started(store)

    def work(unit: Unit) -> None:
        for line in (understood("t1"), said("hei"), understood("t2"), noted("a1")):
            unit.conversations.append(state, line, 1.0)

    await store.write(work)
    newest = await store.read(lambda unit: unit.conversations.newest(state.id, Kind.UNDERSTANDING))
    assert newest is not None
    assert (newest.staff_seq, newest.message.turn_id) == (3, "t2")
    assert await store.read(lambda unit: unit.conversations.newest(state.id, Kind.CARD)) is None


async def test_a_message_needs_its_conversation(store: Store) -> None:
    state = conversation()
    with pytest.raises(NotFound):
        await store.write(lambda unit: unit.conversations.append(state, said(), 1.0))


async def test_a_message_cannot_be_put_into_another_companys_conversation(store: Store) -> None:
    state = await started(store, conversation("heimbud"))
    stranger = replace(state, client="varde")
    with pytest.raises(NotFound):
        await store.write(lambda unit: unit.conversations.append(stranger, said(), 1.0))
    last = await store.read(lambda unit: unit.conversations.last_seqs([state.id], Audience.STAFF))
    assert last == {state.id: 0}


async def test_the_same_id_of_the_same_sender_is_stored_once_for_ever(store: Store) -> None:
    state = await started(store)
    first = said("hei", cmid="c1")
    once = await stored(store, state, first)
    for again in (first, said("noe annet", cmid="c1")):
        with pytest.raises(IdReuse):
            await stored(store, state, again)
    found = await store.read(
        lambda unit: unit.conversations.sent(state.id, Author.CUSTOMER, "", "c1")
    )
    assert found == once


async def test_what_a_customer_sent_is_found_by_its_id_with_a_commands_answer(store: Store) -> None:
    state, other = await started(store), await started(store)
    answer = Message(Author.SYSTEM, Kind.NOTICE, {"code": "queued", "params": {}}, cmid="c2")
    by_agent = Message(Author.AGENT, Kind.TEXT, {"text": "hei"}, author_id="a1", cmid="c3")

    def work(unit: Unit) -> None:
        for message in (said("hei", cmid="c1"), answer, by_agent, said("til slutt", cmid="c4")):
            unit.conversations.append(state, message, 1.0)

    await store.write(work)
    found = await store.read(
        lambda unit: [
            *(unit.conversations.answered(state.id, cmid) for cmid in ("c1", "c2", "c3", "c5")),
            unit.conversations.answered(other.id, "c1"),
        ]
    )
    assert [line and line.staff_seq for line in found] == [1, 2, None, None, None]


async def test_the_same_id_of_another_sender_is_another_message(store: Store) -> None:
    state = await started(store)
    other = await started(store)

    def by(agent: str) -> Message:
        return Message(Author.AGENT, Kind.TEXT, {"text": agent}, author_id=agent, cmid="c1")

    def work(unit: Unit) -> None:
        unit.conversations.append(state, said("kunde", cmid="c1"), 1.0)
        unit.conversations.append(state, by("a1"), 1.0)
        unit.conversations.append(state, by("a2"), 1.0)
        unit.conversations.append(other, said("annen", cmid="c1"), 1.0)

    await store.write(work)
    found = await store.read(
        lambda unit: [
            unit.conversations.sent(state.id, "customer", "", "c1"),
            unit.conversations.sent(state.id, "agent", "a1", "c1"),
            unit.conversations.sent(state.id, "agent", "a2", "c1"),
            unit.conversations.sent(other.id, "customer", "", "c1"),
            unit.conversations.sent(state.id, "agent", "a3", "c1"),
            unit.conversations.sent(state.id, "customer", "", "c2"),
        ]
    )
    texts = [line.message.body["text"] if line else None for line in found]
    assert texts == ["kunde", "a1", "a2", "annen", None, None]


async def test_a_bots_answer_to_a_turn_is_stored_once(store: Store) -> None:
    state = await started(store)
    question = said("hvor er pakken?")
    turn = question.turn_id or ""

    def work(unit: Unit) -> None:
        # The customer's own line, what the bot made of it, and two parts of its answer.
        for line in (question, understood(turn), bot_said(turn, 0), bot_said(turn, 1)):
            unit.conversations.append(state, line, 1.0)

    await store.write(work)
    for again in (understood(turn), bot_said(turn, 0, "Noe annet"), bot_said(turn, 1)):
        with pytest.raises(IdReuse):
            await stored(store, state, again)
    last = await store.read(lambda unit: unit.conversations.last_seqs([state.id], Audience.STAFF))
    assert last == {state.id: 4}


async def test_bot_lines_of_no_turn_may_come_many_times(store: Store) -> None:
    state = await started(store)
    greeting = Message(Author.BOT, Kind.TEXT, {"text": "Hei!", "buttons": []})

    def work(unit: Unit) -> int:
        unit.conversations.append(state, greeting, 1.0)
        return unit.conversations.append(state, greeting, 2.0).staff_seq

    assert await store.write(work) == 2


async def test_a_refused_message_leaves_no_gap_even_when_the_unit_goes_on(store: Store) -> None:
    state = await started(store)
    first = said("hei")

    def work(unit: Unit) -> list[int]:
        seqs = [unit.conversations.append(state, first, 1.0).staff_seq]
        with pytest.raises(IdReuse):
            unit.conversations.append(state, first, 1.0)
        with pytest.raises(TypeError):
            unit.conversations.append(state, replace(said(), body={"text": object()}), 1.0)
        seqs.append(unit.conversations.append(state, said(), 1.0).staff_seq)
        return seqs

    assert await store.write(work) == [1, 2]


async def test_numbers_have_no_gap_under_concurrency_and_failed_units(store: Store) -> None:
    states = [await started(store) for _ in range(4)]

    class Broken(Exception):
        pass

    def spoken(number: int) -> bool:
        return number % 3 != 0

    async def say(number: int) -> None:
        state = states[number % len(states)]
        line = said(str(number)) if number % 2 else noted("a1", str(number))

        def work(unit: Unit) -> None:
            unit.conversations.append(state, line, 1.0)
            if not spoken(number):
                raise Broken

        try:
            await store.write(work)
        except Broken:
            assert not spoken(number)

    await asyncio.gather(*(say(number) for number in range(120)))
    for index, state in enumerate(states):
        staff = await lines(store, state, Audience.STAFF)
        customer = await lines(store, state, Audience.CUSTOMER)
        expected = {str(n) for n in range(120) if n % 4 == index and spoken(n)}
        assert {line.message.body["text"] for line in staff} == expected
        assert [line.staff_seq for line in staff] == list(range(1, len(expected) + 1))
        assert [line.customer_seq for line in customer] == list(range(1, len(customer) + 1))


async def test_one_question_tells_the_newest_numbers_of_many_conversations(store: Store) -> None:
    states = [await started(store) for _ in range(3)]

    def work(unit: Unit) -> None:
        unit.conversations.append(states[0], said(), 1.0)
        unit.conversations.append(states[0], noted("a1"), 1.0)
        unit.conversations.append(states[1], noted("a1"), 1.0)

    await store.write(work)
    ids = [state.id for state in states]
    assert await store.read(
        lambda unit: unit.conversations.last_seqs([*ids, new_id()], Audience.STAFF)
    ) == dict(zip(ids, [2, 1, 0], strict=True))
    assert await store.read(
        lambda unit: unit.conversations.last_seqs(iter(ids), Audience.CUSTOMER)
    ) == dict(zip(ids, [1, 0, 0], strict=True))
    assert await store.read(lambda unit: unit.conversations.last_seqs([], Audience.STAFF)) == {}
    many = [new_id() for _ in range(40_000)]
    assert await store.read(
        lambda unit: unit.conversations.last_seqs([*many, ids[0]], Audience.STAFF)
    ) == {ids[0]: 2}


_json = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(body=st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), _json, max_size=4))
@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
async def test_any_json_comes_back_whole(store: Store, body: dict[str, object]) -> None:
    state = await started(store)
    message = Message(Author.SYSTEM, Kind.CARD, body, Audience.STAFF)
    await store.write(lambda unit: unit.conversations.append(state, message, 1.0))
    kept = await store.read(lambda unit: unit.conversations.message_at(state.id, Audience.STAFF, 1))
    assert kept is not None
    assert kept.message.body == body
