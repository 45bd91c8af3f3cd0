"""Who counts as on duty when their page has gone."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from handoff.core.roster import Status
from handoff.errors import StoreError
from handoff.gateways.presence import Presence
from tests.service.bridge import LEASE_SECONDS, Workshop, workshop
from tests.service.running import running


async def statuses(shop: Workshop) -> dict[str, Status]:
    agents = await shop.store.read(lambda unit: unit.agents.all())
    return {agent.name: agent.status for agent in agents}


async def test_an_agent_without_a_page_is_off_duty_after_a_lease_and_others_stay() -> None:
    async with workshop() as shop:
        presence = Presence(shop.bridge, LEASE_SECONDS, shop.clock)
        kari, ola, per = [await shop.hire(name) for name in ("Kari", "Ola", "Per")]
        await shop.bridge.set_status(per.id, Status.PAUSE)
        await presence.look({kari.id, ola.id})
        shop.clock.pass_by(LEASE_SECONDS - 5)
        await presence.look({ola.id})  # all are still within a lease of the start
        assert set((await statuses(shop)).values()) == {Status.ONLINE, Status.PAUSE}
        shop.clock.pass_by(LEASE_SECONDS / 2)
        await presence.look({ola.id})
        assert await statuses(shop) == {
            "Kari": Status.OFFLINE,
            "Ola": Status.ONLINE,
            "Per": Status.OFFLINE,
        }


async def test_a_page_that_is_open_at_another_process_counts() -> None:
    async with workshop() as shop:
        here = Presence(shop.bridge, LEASE_SECONDS, shop.clock)
        there = Presence(shop.bridge, LEASE_SECONDS, shop.clock)
        kari, ola = [await shop.hire(name) for name in ("Kari", "Ola")]
        for _ in range(40):
            await there.look({kari.id})
            await here.look({ola.id})
            shop.clock.pass_by(LEASE_SECONDS / 18)
        assert set((await statuses(shop)).values()) == {Status.ONLINE}
        for _ in range(40):  # that process was killed
            await here.look({ola.id})
            shop.clock.pass_by(LEASE_SECONDS / 18)
        assert await statuses(shop) == {"Kari": Status.OFFLINE, "Ola": Status.ONLINE}


async def test_who_comes_to_another_process_is_seen_there_at_once() -> None:
    async with workshop() as shop:
        here = Presence(shop.bridge, LEASE_SECONDS, shop.clock)
        there = Presence(shop.bridge, LEASE_SECONDS, shop.clock)
        kari = await shop.hire("Kari")
        await there.look({kari.id})
        await here.look(())
        shop.clock.pass_by(LEASE_SECONDS * 0.99)
        await here.look(())
        await there.look(())
        await there.look({kari.id})  # the page came back
        shop.clock.pass_by(LEASE_SECONDS / 2)
        await here.look(())
        assert await statuses(shop) == {"Kari": Status.ONLINE}


async def test_a_process_that_just_started_sets_nobody_offline() -> None:
    async with workshop() as shop:
        await shop.hire("Kari")
        shop.clock.pass_by(10 * LEASE_SECONDS)
        presence = Presence(shop.bridge, LEASE_SECONDS, shop.clock)
        shop.clock.pass_by(LEASE_SECONDS / 2)
        await presence.look(())
        assert await statuses(shop) == {"Kari": Status.ONLINE}


async def test_a_database_that_takes_no_writes_leaves_desks_their_heartbeats(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with running(tmp_path, AGENT_HEARTBEAT_SECONDS=1) as house:
        desk, refused = await house.desk("kari"), asyncio.Event()

        async def refuse(*work: object) -> None:
            refused.set()
            raise StoreError("The disk is full.")

        async def look(self: Presence, present: object) -> None:
            await house.service.store.write(lambda unit: None)

        runner = house.service.store._runner  # type: ignore[attr-defined]
        monkeypatch.setattr(Presence, "look", look)
        monkeypatch.setattr(runner, "write", refuse)
        await asyncio.wait_for(refused.wait(), 10)
        for _ in range(2):
            mark = len(desk.frames)
            await desk.got("agent_heartbeat", mark)
        assert desk.code is None
