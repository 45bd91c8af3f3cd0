"""The bot's turns, whatever the bot does: shown once, in order, not too late, never silence."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from handoff.bridge.turns import LEASE_SECONDS, BotTurns
from handoff.bridge.unit_of_work import MOST_TURNS
from handoff.core.conversation import Conversation, Mode
from handoff.core.message import Audience, Kind
from handoff.errors import Overloaded
from handoff.fanout.local import LocalFanout
from handoff.metrics import Metrics
from handoff.ports import Unit
from handoff.rasa_client import RasaBot
from handoff.records import Order
from handoff.tokens import new_id
from tests.ports import free_port
from tests.service.bridge import Workshop, clients, workshop


async def said(shop: Workshop, *texts: str) -> Conversation:
    one = await shop.arrive()
    for text in texts:
        await shop.bridge.customer_says("heimbud", one.id, new_id(), text)
    return one


async def test_turns_of_a_conversation_run_in_order_one_at_a_time(shop: Workshop) -> None:
    shop.bot.orders.append("slow:0.2")
    one = await said(shop, "en", "to", "tre")
    await shop.quiet()
    assert [body["text"] for body in shop.bot.received] == ["en", "to", "tre"]
    bot = [line for line in await shop.said(one) if line.startswith("bot")]
    assert bot == ["bot: Svar: en", "bot: Svar: to", "bot: Svar: tre"]


async def test_a_slow_conversation_does_not_hold_up_another(shop: Workshop) -> None:
    shop.bot.orders.append("slow:1")
    slow = await said(shop, "treg")
    await shop.until(lambda: shop.bot.received)
    quick = await said(shop, "rask")
    await shop.until(lambda: len(shop.bot.steps) == 2)
    await shop.quiet()
    assert "bot: Svar: rask" in await shop.said(quick)
    assert "bot: Svar: treg" in await shop.said(slow)


async def test_an_answer_that_comes_after_the_handover_is_never_shown(shop: Workshop) -> None:
    shop.bot.orders.append("slow:0.3")
    one = await said(shop, "hvor er pakken")
    await shop.until(lambda: shop.bot.received)
    await shop.bridge.ask_person("heimbud", one.id, new_id())
    await shop.quiet()
    assert not any(line.startswith("bot") for line in await shop.said(one))
    kinds = [line.message.kind for line in await shop.lines(one, Audience.STAFF)]
    assert Kind.UNDERSTANDING in kinds  # but the desk sees what was understood


async def test_a_turn_whose_answer_was_lost_is_recalled_and_not_run_again(shop: Workshop) -> None:
    shop.bot.orders.append("dies_after")
    one = await said(shop, "hei")
    await shop.quiet()
    assert (await shop.said(one))[1:] == ["bot: Svar: hei"]
    assert list(shop.bot.times.values()) == [1]
    assert shop.bot.recalled == 1


@pytest.mark.parametrize("fault", ["dies", "error"])
async def test_a_turn_that_never_ran_is_tried_again(shop: Workshop, fault: str) -> None:
    shop.bot.orders.append(fault)
    one = await said(shop, "hei")
    await shop.quiet()
    assert (await shop.said(one))[1:] == ["bot: Svar: hei"]
    assert {body["turn_id"] for body in shop.bot.received} == set(shop.bot.times)


@pytest.mark.parametrize("fault", ["error", "dies", "empty", "paused", "nonsense"])
async def test_after_three_tries_there_is_an_apology_and_a_person(
    shop: Workshop, fault: str
) -> None:
    shop.bot.always = fault
    one = await said(shop, "hei")
    await shop.quiet()
    assert (await shop.said(one))[1:] == ["[bot_failed]", "[queued]"]
    state = await shop.state(one)
    assert state.mode is Mode.WAITING
    assert state.handoff is not None
    assert state.handoff.reason == "bot_failed"
    assert len(shop.bot.received) <= 3


async def test_a_bot_that_is_not_there_costs_an_apology_not_the_conversation() -> None:
    async with workshop() as shop:
        gone = RasaBot([f"http://127.0.0.1:{free_port()}"], "b" * 16, "r" * 16)
        fanout = LocalFanout()
        turns = BotTurns(
            shop.store, gone, shop.bridge, fanout, clients(), "other", Metrics((), "1")
        )
        shop.turns._bot = gone
        one = await said(shop, "hei")
        await shop.quiet()
        assert (await shop.said(one))[1:] == ["[bot_failed]", "[queued]"]
        assert turns is not None
        await gone.close()


async def test_a_signal_hands_over_with_its_card_and_the_bot_falls_silent(shop: Workshop) -> None:
    shop.bot.orders.append("front")
    one = await said(shop, "et menneske, nå")
    await shop.quiet()
    state = await shop.state(one)
    assert state.handoff is not None
    assert (state.mode, state.handoff.front) == (Mode.WAITING, True)
    card = next(
        line.message.body
        for line in await shop.lines(one, Audience.STAFF)
        if line.message.kind is Kind.CARD
    )
    assert card["confirmed"] == {"tracking_number": "HB12345678"}
    await shop.bridge.customer_says("heimbud", one.id, new_id(), "hallo?")
    await shop.quiet()
    assert len(shop.bot.received) == 1


async def test_a_language_the_client_has_not_is_not_taken_over(shop: Workshop) -> None:
    nlu = {"intent": "greet", "confidence": 1.0, "language": "de"}
    shop.bot.orders.append({"nlu": nlu})
    one = await said(shop, "guten Tag")
    await shop.quiet()
    assert (await shop.state(one)).language == "nb"
    await shop.bridge.ask_person("heimbud", one.id, new_id())
    assert (await shop.said(one))[-1] == "[queued]"


@pytest.mark.parametrize(("confidence", "topic"), [(0.9, "track_parcel"), (0.49, None)])
async def test_a_guess_is_not_what_the_conversation_is_about(
    shop: Workshop, confidence: float, topic: str | None
) -> None:
    shop.bot.orders.append({"nlu": {"intent": "track_parcel", "confidence": confidence}})
    one = await said(shop, "pakken")
    await shop.quiet()
    assert (await shop.state(one)).topic == topic


def heard(shop: Workshop) -> list[list[str]]:
    """What each wake told the bot: `author: text`, and slots as `name=value`."""
    told = []
    for _, events in shop.bot.woken:
        words = [f"{e['event']}: {e['text']}" for e in events if e["event"] in ("user", "bot")]
        words += [f"{e['name']}={e['value']}" for e in events if e["event"] == "slot"]
        assert [e["event"] for e in events[-2:]] == ["resume", "action"]
        told.append(words)
    return told


async def test_a_handback_tells_the_bot_first_and_then_the_turns_go_on(shop: Workshop) -> None:
    agent = await shop.hire("Kari")
    state = await shop.handed_over(agent)
    bridge, id_ = shop.bridge, state.id
    await bridge.customer_says("heimbud", id_, new_id(), "pakken er borte")
    await bridge.agent_says(agent, "heimbud", id_, state.control, new_id(), "Jeg leter")
    slots = {"tracking_number": "HB12345678", "postcode": None}
    await bridge.hand_back(agent, "heimbud", id_, state.control, slots, new_id())
    await bridge.customer_says("heimbud", id_, new_id(), "takk")
    await shop.quiet()
    assert heard(shop) == [
        ["user: pakken er borte", "bot: Jeg leter", "tracking_number=HB12345678", "postcode=None"]
    ]
    assert shop.bot.steps[-2:] == [("wake", ""), ("turn", "takk")]
    body = next(
        line.message.body
        for line in await shop.lines(state)
        if line.message.body.get("code") == "handed_back"
    )
    assert body["params"] == {"facts": {"tracking_number": "HB12345678"}}


async def test_the_bot_hears_every_person_of_a_stretch_and_nothing_twice(shop: Workshop) -> None:
    kari, ola = await shop.hire("Kari"), await shop.hire("Ola")
    state = await shop.handed_over(kari)
    bridge, id_ = shop.bridge, state.id
    await bridge.agent_says(kari, "heimbud", id_, state.control, new_id(), "fra Kari")
    await bridge.transfer(kari, "heimbud", id_, state.control, ola.id, "", new_id())
    state = await shop.claim(ola, state)
    await bridge.agent_says(ola, "heimbud", id_, state.control, new_id(), "fra Ola")
    await bridge.hand_back(ola, "heimbud", id_, state.control, {}, new_id())
    await shop.quiet()
    await bridge.customer_says("heimbud", id_, new_id(), "mellom")
    await shop.quiet()
    await bridge.ask_person("heimbud", id_, new_id())
    state = await shop.claim(kari, state)
    await bridge.agent_says(kari, "heimbud", id_, state.control, new_id(), "Kari igjen")
    await bridge.finish(kari, "heimbud", id_, state.control, "other", True, new_id())
    await bridge.customer_says("heimbud", id_, new_id(), "en ting til")
    await shop.quiet()
    assert heard(shop) == [["bot: fra Kari", "bot: fra Ola"], ["bot: Kari igjen"]]
    assert [body["text"] for body in shop.bot.received] == ["hei", "mellom", "en ting til"]


async def test_a_bot_that_cannot_be_woken_is_passed_over(shop: Workshop) -> None:
    agent = await shop.hire("Kari")
    state = await shop.handed_over(agent)
    shop.bot.fails_to_wake = 99
    await shop.bridge.hand_back(agent, "heimbud", state.id, state.control, {}, new_id())
    await shop.quiet()
    assert (await shop.said(state))[-2:] == ["[bot_failed]", "[queued]"]
    assert (await shop.state(state)).mode is Mode.WAITING


async def test_a_wake_that_fails_once_is_told_again(shop: Workshop) -> None:
    agent = await shop.hire("Kari")
    state = await shop.handed_over(agent)
    shop.bot.fails_to_wake = 1
    await shop.bridge.hand_back(agent, "heimbud", state.id, state.control, {}, new_id())
    await shop.quiet()
    assert len(shop.bot.woken) == 1
    assert (await shop.said(state))[-1] == "[handed_back]"


async def test_a_worker_that_overslept_its_lease_does_not_answer_after_the_apology() -> None:
    heimbud = clients()["heimbud"]
    closed = replace(heimbud.hours, week=(None,) * 7)
    async with workshop(heimbud=replace(heimbud, hours=closed)) as shop:
        shop.bot.always = "error"
        sleeper: list[Order] = []

        def take(unit: Unit) -> None:
            sleeper.extend(unit.outbox.lease("sleeper", unit.now(), 60.0, 1))

        one = await shop.arrive()
        await shop.bridge.customer_says("heimbud", one.id, new_id(), "hei")
        await shop.store.write(take)
        shop.clock.pass_by(61)
        await shop.quiet()
        told = await shop.said(one)
        assert told[-2:] == ["[bot_failed]", "[desk_closed]"]
        shop.bot.always = None
        await shop.turns._run(sleeper[0])
        assert await shop.said(one) == told


async def test_a_stopped_service_gives_its_turns_back_at_once() -> None:
    async with workshop() as shop:
        shop.bot.orders.append("slow:30")
        one = await said(shop, "hei")
        await shop.until(lambda: shop.bot.received)
        store, bot = shop.store, shop.bot
    due = await store.read(lambda unit: unit.outbox.due(unit.now()))
    assert due
    (order,) = await store.write(lambda u: list(u.outbox.lease("next", u.now(), 60, 5)))
    assert (order.conversation, order.attempts) == (one.id, 1)
    assert len(bot.received) == 1


async def test_an_order_that_was_being_leased_at_a_stop_is_given_back_too(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    leasing, go_on, take = asyncio.Event(), asyncio.Event(), BotTurns._take

    async def slowly(self: BotTurns, limit: int) -> list[Order]:
        """As by a database that takes its time with the commit."""
        taken = await take(self, limit)
        if taken:
            leasing.set()
            await go_on.wait()
        return taken

    monkeypatch.setattr(BotTurns, "_take", slowly)
    monkeypatch.setattr("handoff.bridge.turns.DRAIN_SECONDS", 0.3)
    async with workshop() as shop:
        shop.bot.orders.append("slow:30")
        await said(shop, "hei")
        await leasing.wait()
        draining = asyncio.create_task(shop.turns.drain())
        await asyncio.sleep(0)
        go_on.set()
        await draining
    assert await shop.store.read(lambda unit: unit.outbox.due(unit.now()))


async def test_a_client_that_was_taken_away_stops_nobody_else(shop: Workshop) -> None:
    one = await shop.arrive("varde")
    del shop.turns._clients["varde"]  # type: ignore[attr-defined]
    await shop.bridge.customer_says("varde", one.id, new_id(), "hei")
    other = await said(shop, "hallo")
    await shop.quiet()
    assert (await shop.said(other))[-1] == "bot: Svar: hallo"
    await asyncio.sleep(0)


async def test_who_lost_the_lease_leaves_the_turn_to_who_has_it(shop: Workshop) -> None:
    """As where a process or its machine stood still for longer than a lease."""
    rasa = shop.turns._bot
    metrics = Metrics((), "1")
    other = BotTurns(shop.store, rasa, shop.bridge, LocalFanout(), clients(), "other", metrics)
    shop.bot.orders.append("slow:1")
    one = await said(shop, "hei")
    await shop.until(lambda: shop.bot.received)
    shop.clock.pass_by(LEASE_SECONDS + 1)
    (order,) = await shop.store.write(lambda u: list(u.outbox.lease("other", u.now(), 60.0, 5)))
    assert order.attempts == 1
    await shop.until(lambda: not shop.turns._running)  # the first has its answer
    assert (await shop.said(one))[-1] == "customer: hei"
    await other._run(order)
    await shop.quiet()
    assert (await shop.said(one))[-1] == "bot: Svar: hei"
    assert len(shop.bot.received) == 1, "the turn that ran was recalled"


async def test_who_lost_the_lease_does_not_apologise_for_who_has_it(shop: Workshop) -> None:
    shop.bot.orders.append("slow:1")
    one = await said(shop, "hei")
    await shop.until(lambda: shop.bot.received)
    for _ in range(2):
        shop.clock.pass_by(LEASE_SECONDS + 1)
        await shop.store.write(lambda u: list(u.outbox.lease("other", u.now(), 60.0, 5)))
    (mine,) = await shop.store.read(lambda u: list(u.outbox.of(one.id)))
    await shop.turns._again(replace(mine, attempts=9))
    assert "[bot_failed]" not in await shop.said(one)
    assert await shop.store.read(lambda u: u.outbox.held(mine, "other"))


async def test_a_bot_that_owes_too_many_answers_is_asked_no_more(shop: Workshop) -> None:
    one, calm = await shop.arrive(), await shop.arrive()
    shop.bot.orders.append("slow:4")
    for number in range(MOST_TURNS):
        await shop.bridge.customer_says("heimbud", one.id, new_id(), f"hei {number}")
    count = len(await shop.lines(one))
    with pytest.raises(Overloaded):
        await shop.bridge.customer_says("heimbud", one.id, new_id(), "hei igjen")
    assert len(await shop.lines(one)) == count
    await shop.bridge.customer_says("heimbud", calm.id, new_id(), "hei")
    await shop.bridge.ask_person("heimbud", one.id, new_id())
    await shop.quiet()
    assert (await shop.state(one)).mode is Mode.WAITING
