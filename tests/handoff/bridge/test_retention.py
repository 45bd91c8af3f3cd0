"""What is older than promised is forgotten, here and by the bot, and nothing else is."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import replace

import pytest

from handoff.bridge import retention
from handoff.bridge.erasures import LONGEST_RETRY_SECONDS, RETRY_SECONDS
from handoff.bridge.forgetting import forget
from handoff.bridge.retention import BATCH, UNKNOWN_CLIENT_DAYS
from handoff.bridge.sweeper import IDLE_SECONDS, Sweeper
from handoff.bridge.unit_of_work import Work
from handoff.core.conversation import Conversation
from handoff.core.roster import Status
from handoff.errors import NotFound
from handoff.records import ContactRow
from handoff.storage.limits import UNDER_WAY_SECONDS
from handoff.tokens import new_id
from tests.service.bridge import ACCESS_LOG_DAYS, Workshop, clients, workshop

DAY = 24 * 3600.0


@pytest.fixture
async def shop() -> AsyncIterator[Workshop]:
    heimbud, varde = clients()["heimbud"], clients()["varde"]
    async with workshop(
        heimbud=replace(heimbud, privacy=replace(heimbud.privacy, retention_days=10)),
        varde=replace(varde, privacy=replace(varde.privacy, retention_days=60)),
    ) as opened:
        yield opened


async def is_there(shop: Workshop, one: Conversation) -> bool:
    return (
        await shop.store.read(lambda unit: unit.conversations.get(one.client, one.id)) is not None
    )


async def contacts(shop: Workshop, client: str = "heimbud") -> list[ContactRow]:
    return list(await shop.store.read(lambda unit: unit.ledger.contacts(client, 0.0, 1e12)))


async def waiting_erasures(shop: Workshop, later: float = 0.0) -> list[str]:
    found = await shop.store.read(
        lambda unit: list(unit.archive.erasures(unit.now() + later, 1_000))
    )
    return [erasure.conversation for erasure in found]


async def test_each_company_keeps_a_conversation_for_as_long_as_it_promises(
    shop: Workshop,
) -> None:
    ours, theirs = await shop.arrive("heimbud"), await shop.arrive("varde")
    shop.clock.pass_by(10 * DAY - 1)
    assert await shop.retention.batch() is False
    assert await is_there(shop, ours)
    shop.clock.pass_by(2)
    await shop.retention.batch()
    assert not await is_there(shop, ours)
    assert await is_there(shop, theirs)
    shop.clock.pass_by(50 * DAY)
    await shop.retention.batch()
    assert not await is_there(shop, theirs)


async def test_a_new_line_counts_from_anew(shop: Workshop) -> None:
    one = await shop.arrive()
    shop.clock.pass_by(9 * DAY)
    await shop.bridge.customer_says("heimbud", one.id, new_id(), "er dere der?")
    await shop.quiet()
    shop.clock.pass_by(9 * DAY)
    await shop.retention.batch()
    assert await is_there(shop, one)


async def test_a_company_whose_file_was_taken_away_keeps_its_promise(shop: Workshop) -> None:
    stray = Conversation(id=new_id(), client="gone", visitor=new_id(), epoch=new_id())
    await shop.store.write(lambda unit: unit.conversations.start(stray, unit.now()))
    shop.clock.pass_by(UNKNOWN_CLIENT_DAYS * DAY - 1)
    await shop.retention.batch()
    assert await is_there(shop, stray)
    shop.clock.pass_by(2)
    await shop.retention.batch()
    assert not await is_there(shop, stray)


async def test_contacts_of_such_a_company_end_and_hold_up_nobody_elses(shop: Workshop) -> None:
    theirs, waiting, ours = (
        await shop.arrive("varde"),
        await shop.arrive("varde"),
        await shop.arrive(),
    )
    for one in (theirs, waiting, ours):
        await shop.bridge.customer_says(one.client, one.id, new_id(), "hei")
    await shop.quiet()
    await shop.bridge.ask_person("varde", waiting.id, new_id())
    known = dict(shop.bridge.clients)
    shop.bridge.clients = {"heimbud": known["heimbud"]}
    shop.clock.pass_by(IDLE_SECONDS + 1)
    await shop.sweeper.sweep()
    assert [row.outcome for row in await contacts(shop, "varde")] == ["bot"]
    assert [row.outcome for row in await contacts(shop)] == ["bot"]
    shop.clock.pass_by(UNKNOWN_CLIENT_DAYS * DAY + 1)
    await shop.retention.batch()
    assert not any([await is_there(shop, one) for one in (theirs, waiting, ours)])


async def test_a_fault_of_ours_in_one_conversation_holds_up_no_other(
    shop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad, good = await shop.arrive(), await shop.arrive()
    for one in (bad, good):
        await shop.bridge.customer_says("heimbud", one.id, new_id(), "hei")
    await shop.quiet()
    commit = shop.bridge.commit

    async def stumbling(work: Callable[[Work], object]) -> object:
        def over(w: Work) -> object:
            done = work(w)
            if bad.id in w.applied:
                raise KeyError("not thought of")
            return done

        return await commit(over)

    monkeypatch.setattr(shop.bridge, "commit", stumbling)
    shop.clock.pass_by(IDLE_SECONDS + 1)
    await shop.sweeper.sweep()
    assert len(await contacts(shop)) == 1


async def test_an_agents_forgotten_conversation_is_closed_first(shop: Workshop) -> None:
    kari = await shop.hire("Kari", capacity=1)
    one = await shop.handed_over(kari)
    shop.clock.pass_by(11 * DAY)
    await shop.bridge.renew(kari.id)
    await shop.retention.batch()
    assert not await is_there(shop, one)
    assert [(row.outcome, row.agent) for row in await contacts(shop)] == [("person", kari.id)]
    freed = await shop.store.read(lambda unit: unit.agents.get(kari.id))
    assert freed is not None
    assert (freed.active, freed.status) == (0, Status.ONLINE)
    assert await shop.store.read(lambda unit: unit.queue.held_by(kari.id)) == []


async def test_a_customer_who_waited_in_vain_leaves_the_line(shop: Workshop) -> None:
    one = await shop.arrive()
    await shop.bridge.ask_person("heimbud", one.id, new_id())
    shop.clock.pass_by(11 * DAY)
    await shop.retention.batch()
    assert await shop.store.read(lambda unit: unit.queue.length(["heimbud"], 9)) == 0
    assert [row.outcome for row in await contacts(shop)] == ["abandoned"]


async def test_the_bot_forgets_too_and_the_visitor_begins_anew(shop: Workshop) -> None:
    visitor = new_id()
    one = await shop.arrive(visitor=visitor)
    await shop.bridge.customer_says("heimbud", one.id, new_id(), "hei")
    await shop.quiet()
    shop.clock.pass_by(11 * DAY)
    await shop.retention.batch()
    await shop.erasures.round()
    assert shop.bot.forgotten == [one.id]
    assert await waiting_erasures(shop, later=1e6) == []
    assert (await shop.arrive(visitor=visitor)).id != one.id


async def test_a_bot_that_is_away_is_asked_again_until_it_has_forgotten(shop: Workshop) -> None:
    ones = [await shop.arrive() for _ in range(2)]
    for one in ones:
        await shop.bridge.commit(lambda w, one=one: forget(w, "heimbud", one.id))  # type: ignore[misc]
    shop.bot.fails_to_forget = 2
    await shop.erasures.round()
    assert shop.bot.forgotten == []
    # The first waits; the other was not tried in vain and is due.
    assert len(await waiting_erasures(shop)) == 1
    await shop.erasures.round()
    assert await waiting_erasures(shop) == []
    shop.clock.pass_by(RETRY_SECONDS)
    await shop.erasures.round()
    assert sorted(shop.bot.forgotten) == sorted(one.id for one in ones)
    assert await waiting_erasures(shop, later=1e6) == []


async def test_a_bot_that_stays_away_is_asked_once_an_hour_and_never_given_up(
    shop: Workshop,
) -> None:
    one = await shop.arrive()
    await shop.bridge.commit(lambda w: forget(w, "heimbud", one.id))
    shop.bot.fails_to_forget = 30
    for _ in range(30):
        shop.clock.pass_by(LONGEST_RETRY_SECONDS)
        await shop.erasures.round()
    assert shop.bot.fails_to_forget == 0
    shop.clock.pass_by(LONGEST_RETRY_SECONDS)
    await shop.erasures.round()
    assert shop.bot.forgotten == [one.id]


async def test_a_turn_under_way_when_it_is_forgotten_leaves_nothing_behind(shop: Workshop) -> None:
    one = await shop.arrive()
    shop.bot.orders.append("slow:0.3")
    await shop.bridge.customer_says("heimbud", one.id, new_id(), "hei")
    await shop.until(lambda: shop.bot.received)
    await shop.bridge.commit(lambda w: forget(w, "heimbud", one.id))
    assert await waiting_erasures(shop) == []
    await asyncio.sleep(0.5)
    assert not await is_there(shop, one)
    assert await shop.lines(one) == []
    shop.clock.pass_by(UNDER_WAY_SECONDS)
    await shop.erasures.round()
    assert shop.bot.forgotten == [one.id]
    assert shop.bot.received == []


async def test_a_batch_is_bounded_and_says_whether_more_is_left(shop: Workshop) -> None:
    for _ in range(BATCH + 1):
        await shop.arrive()
    shop.clock.pass_by(11 * DAY)
    assert await shop.retention.batch() is True
    assert len(await waiting_erasures(shop)) == BATCH
    assert await shop.retention.batch() is False
    assert len(await waiting_erasures(shop)) == BATCH + 1


async def test_one_that_speaks_between_the_look_and_the_deed_is_kept(shop: Workshop) -> None:
    one = await shop.arrive()
    shop.clock.pass_by(11 * DAY)
    before = shop.clock.now - 10 * DAY
    await shop.bridge.customer_says("heimbud", one.id, new_id(), "hei igjen")
    assert (await shop.bridge.commit(retention._once_outdated("heimbud", one.id, before))) is False
    assert await is_there(shop, one)


async def test_what_is_gone_cannot_be_forgotten_again(shop: Workshop) -> None:
    one = await shop.arrive()
    with pytest.raises(NotFound):
        await shop.bridge.commit(lambda w: forget(w, "varde", one.id))
    await shop.bridge.commit(lambda w: forget(w, "heimbud", one.id))
    with pytest.raises(NotFound):
        await shop.bridge.commit(lambda w: forget(w, "heimbud", one.id))


async def test_the_access_log_has_a_time_of_its_own(shop: Workshop) -> None:
    kari, one = await shop.hire("Kari"), await shop.arrive()
    await shop.bridge.read_as(kari, "heimbud", one.id, "card")
    shop.clock.pass_by(11 * DAY)
    await shop.retention.batch()
    await shop.retention.batch()

    async def reads() -> list[str]:
        found = await shop.store.read(lambda unit: unit.ledger.reads("heimbud", one.id))
        return [read.what for read in found]

    assert await reads() == ["card"]
    shop.clock.pass_by(ACCESS_LOG_DAYS * DAY)
    await shop.retention.batch()
    assert await reads() == []


async def test_the_sweeper_forgets_without_being_asked(shop: Workshop) -> None:
    one = await shop.arrive()
    shop.clock.pass_by(11 * DAY)
    sweeping = asyncio.create_task(Sweeper(shop.store, shop.bridge, shop.retention, 0.0).run())
    async with asyncio.timeout(5):
        while await is_there(shop, one):
            await asyncio.sleep(0.02)
    sweeping.cancel()
    await asyncio.gather(sweeping, return_exceptions=True)
