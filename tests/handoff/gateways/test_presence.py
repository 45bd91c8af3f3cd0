"""Who counts as on duty when their page has gone."""

from __future__ import annotations

from handoff.core.roster import Status
from handoff.gateways.presence import Presence
from tests.service.bridge import LEASE_SECONDS, Workshop, workshop
from tests.service.clocks import HandClock


async def statuses(shop: Workshop) -> dict[str, Status]:
    agents = await shop.store.read(lambda unit: unit.agents.all())
    return {agent.name: agent.status for agent in agents}


async def test_an_agent_without_a_page_is_off_duty_after_a_lease_and_others_stay() -> None:
    async with workshop() as shop:
        ticking = HandClock(0.0)
        presence = Presence(shop.store, shop.bridge, LEASE_SECONDS, ticking)
        kari, ola, per = [await shop.hire(name) for name in ("Kari", "Ola", "Per")]
        await shop.bridge.set_status(per.id, Status.PAUSE)
        await presence.look({kari.id, ola.id})
        ticking.pass_by(LEASE_SECONDS - 5)
        await presence.look({ola.id})  # all are still within a lease of the start
        assert set((await statuses(shop)).values()) == {Status.ONLINE, Status.PAUSE}
        ticking.pass_by(LEASE_SECONDS / 2)
        await presence.look({ola.id})
        assert await statuses(shop) == {
            "Kari": Status.OFFLINE,
            "Ola": Status.ONLINE,
            "Per": Status.OFFLINE,
        }
