"""After the database or the machine was away, pages have a lease's time to say that they live."""

from __future__ import annotations

import asyncio

import pytest

from handoff.bridge import sweeper
from handoff.bridge.grace import Grace
from handoff.bridge.sweeper import Sweeper
from handoff.core.conversation import Conversation, Mode
from handoff.core.roster import Status
from handoff.errors import StoreError
from handoff.gateways.presence import Presence
from tests.service.bridge import LEASE_SECONDS, Workshop, workshop
from tests.service.clocks import HandClock


def test_a_grace_lasts_a_lease_from_the_start_a_failure_or_a_leap() -> None:
    clock = HandClock()
    grace = Grace(lease=40, leap=20, monotonic=clock)
    assert not grace.is_over(1_000)
    clock.pass_by(40)
    assert grace.is_over(1_015)
    grace.begin()
    assert not grace.is_over(1_030)
    clock.pass_by(40)
    assert grace.is_over(1_045)
    assert not grace.is_over(1_066)
    clock.pass_by(40)
    assert grace.is_over(1_080)
    grace.worked(30)
    assert grace.is_over(1_112)


async def is_agents(shop: Workshop, one: Conversation) -> bool:
    return (await shop.state(one)).mode is Mode.AGENT


async def test_an_absence_longer_than_a_lease_costs_no_agent_their_chat(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sweeper, "TICK_SECONDS", 0.05)
    async with workshop() as shop:
        kari = await shop.hire("Kari")
        one = await shop.handed_over(kari)
        sweeping = asyncio.create_task(Sweeper(shop.store, shop.bridge, shop.retention, 0.6).run())
        await asyncio.sleep(0.9)
        shop.clock.pass_by(LEASE_SECONDS + 60)  # nobody could say anything
        await asyncio.sleep(0.3)
        assert await is_agents(shop, one)
        await shop.bridge.renew(kari.id)
        await asyncio.sleep(0.6)
        assert await is_agents(shop, one)
        shop.clock.pass_by(LEASE_SECONDS + 1)  # and now the page is gone
        async with asyncio.timeout(5):
            while await is_agents(shop, one):
                await asyncio.sleep(0.05)
        sweeping.cancel()


async def test_leases_run_out_also_where_nothing_can_be_forgotten(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sweeper, "TICK_SECONDS", 0.05)
    async with workshop() as shop:
        one = await shop.handed_over(await shop.hire("Kari"))

        async def fail() -> bool:
            raise StoreError("The database refused a row.")

        monkeypatch.setattr(shop.retention, "batch", fail)
        sweeping = asyncio.create_task(Sweeper(shop.store, shop.bridge, shop.retention, 0.5).run())
        await asyncio.sleep(0.7)
        shop.clock.pass_by(LEASE_SECONDS + 1)
        async with asyncio.timeout(5):
            while await is_agents(shop, one):
                await asyncio.sleep(0.05)
        sweeping.cancel()


async def test_a_process_whose_rounds_failed_sets_nobody_elses_agent_offline(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with workshop() as shop:
        kari = await shop.hire("Kari")  # her page is at another process
        presence = Presence(shop.bridge, LEASE_SECONDS, shop.clock)
        commit = shop.bridge.commit

        async def refuse(work: object) -> None:
            raise StoreError("The database is away.")

        for _ in range(6):
            await commit(lambda w: w.unit.agents.seen([kari.id], w.now()))
            shop.clock.pass_by(LEASE_SECONDS / 3)
            await presence.look(())
        monkeypatch.setattr(shop.bridge, "commit", refuse)
        for _ in range(4):
            shop.clock.pass_by(LEASE_SECONDS / 3)
            with pytest.raises(StoreError):
                await presence.look(())
        monkeypatch.setattr(shop.bridge, "commit", commit)

        async def status() -> Status:
            agent = await shop.store.read(lambda unit: unit.agents.get(kari.id))
            assert agent is not None
            return agent.status

        await presence.look(())
        assert await status() is Status.ONLINE
        for _ in range(4):
            shop.clock.pass_by(LEASE_SECONDS / 3 + 1)
            await presence.look(())
        assert await status() is Status.OFFLINE
