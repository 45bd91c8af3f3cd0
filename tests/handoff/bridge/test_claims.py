"""Whose a conversation is: claims, transfers, leases, and what is swept up."""

from __future__ import annotations

import asyncio

import pytest

from handoff.bridge.claims import FIRST_EACH
from handoff.bridge.sweeper import IDLE_SECONDS, Sweeper, _expiry, _idle_end
from handoff.core.conversation import Conversation, Mode, Owner
from handoff.core.roster import Agent, Status
from handoff.errors import (
    AtCapacity,
    InputError,
    NotFound,
    NotOwner,
    Refused,
    StaleControl,
    Taken,
)
from handoff.tokens import new_id
from tests.service.bridge import LEASE_SECONDS, Workshop


async def test_one_of_two_claims_wins(shop: Workshop) -> None:
    one = await shop.arrive()
    await shop.bridge.ask_person("heimbud", one.id, new_id())
    agents = [await shop.hire("Kari"), await shop.hire("Ola")]
    state = await shop.state(one)
    assert state.handoff is not None
    handoff = state.handoff.id
    results = await asyncio.gather(
        *(
            shop.bridge.claim(agent, "heimbud", one.id, handoff, state.control, new_id())
            for agent in agents
        ),
        return_exceptions=True,
    )
    assert [type(r) for r in results] == [Conversation, Taken]
    again = await shop.bridge.claim(agents[0], "heimbud", one.id, handoff, state.control, new_id())
    assert again == await shop.state(one)
    active = await shop.store.read(lambda u: [a.active for a in u.agents.all()])
    assert sorted(active) == [0, 1]


async def test_a_full_or_absent_agent_cannot_claim(shop: Workshop) -> None:
    agent = await shop.hire("Kari", capacity=1)
    await shop.handed_over(agent)
    one = await shop.arrive()
    await shop.bridge.ask_person("heimbud", one.id, new_id())
    with pytest.raises(AtCapacity):
        await shop.claim(agent, one)
    with pytest.raises(AtCapacity):
        await shop.bridge.claim_next(agent, new_id())
    other = await shop.hire("Ola")
    await shop.bridge.set_status(other.id, Status.PAUSE)
    with pytest.raises(AtCapacity):
        await shop.claim(other, one)
    with pytest.raises(AtCapacity):
        await shop.bridge.claim_next(other, new_id())


async def test_an_agents_verbs_need_the_present_owner_and_control(shop: Workshop) -> None:
    owner, other = await shop.hire("Kari"), await shop.hire("Ola")
    state = await shop.handed_over(owner)
    bridge, one, now = shop.bridge, state.id, state.control

    async def every(agent: Agent, control: int) -> None:
        for act in (
            bridge.agent_says(agent, "heimbud", one, control, new_id(), "hei"),
            bridge.transfer(agent, "heimbud", one, control, None, "", new_id()),
            bridge.hand_back(agent, "heimbud", one, control, {}, new_id()),
            bridge.finish(agent, "heimbud", one, control, "other", True, new_id()),
        ):
            with pytest.raises(NotOwner if agent is other else StaleControl):
                await act

    await every(other, now)
    await every(owner, now - 1)
    await bridge.note(other, "heimbud", one, new_id(), "obs")
    await bridge.verdict(other, "heimbud", one, "needed", new_id())
    with pytest.raises(Refused):
        await bridge.finish(owner, "heimbud", one, now, "no-such-reason", True, new_id())
    with pytest.raises(NotFound):
        await bridge.finish(owner, "nobody", one, now, "other", True, new_id())
    with pytest.raises(InputError):
        await bridge.hand_back(owner, "heimbud", one, now, {"/restart": "x"}, new_id())
    stranger = await shop.hire("Per", clients=("varde",))
    with pytest.raises(NotFound):
        await bridge.transfer(owner, "heimbud", one, now, stranger.id, "", new_id())
    assert await shop.state(state) == state


async def test_a_chat_passed_to_a_colleague_is_kept_for_them_and_stays_in_its_place(
    shop: Workshop,
) -> None:
    kari, ola, per = [await shop.hire(name) for name in ("Kari", "Ola", "Per")]
    state = await shop.handed_over(kari)
    note = "kan forsikring"
    await shop.bridge.transfer(kari, "heimbud", state.id, state.control, ola.id, note, new_id())
    with pytest.raises(NotFound):
        await shop.bridge.claim_next(per, new_id())
    taken = await shop.bridge.claim_next(ola, new_id())
    assert (taken.id, taken.agent) == (state.id, ola.id)
    assert taken.handoff is not None
    assert state.handoff is not None
    assert taken.handoff.since == state.handoff.since


async def test_a_customer_far_back_is_found_where_all_before_speak_another_language(
    shop: Workshop,
) -> None:
    ola = await shop.hire("Ola", languages=("nb",))
    for number in range(2 * FIRST_EACH + 1):
        one = await shop.arrive()
        if number < 2 * FIRST_EACH:
            await shop.bridge.set_language("heimbud", one.id, "en")
        await shop.bridge.ask_person("heimbud", one.id, new_id())
        shop.clock.pass_by(1)
    shop.clock.pass_by(1)
    later = await shop.arrive("varde")
    await shop.bridge.ask_person("varde", later.id, new_id())
    assert (await shop.bridge.claim_next(ola, new_id())).id == one.id
    assert (await shop.bridge.claim_next(ola, new_id())).id == later.id


async def test_a_lost_agents_customer_is_told_and_kept_for_that_agent_for_a_minute(
    shop: Workshop,
) -> None:
    kari, ola = await shop.hire("Kari"), await shop.hire("Ola")
    state = await shop.handed_over(kari)
    assert state.handoff is not None
    shop.clock.pass_by(LEASE_SECONDS - 1)
    await shop.sweeper.sweep()
    assert (await shop.state(state)).mode is Mode.AGENT
    await shop.bridge.renew(kari.id)
    shop.clock.pass_by(LEASE_SECONDS - 1)
    await shop.sweeper.sweep()
    assert (await shop.state(state)).mode is Mode.AGENT
    shop.clock.pass_by(2)
    await shop.sweeper.sweep()
    back = await shop.state(state)
    assert (back.mode, back.owner) == (Mode.WAITING, Owner.NOBODY)
    assert back.handoff is not None
    assert back.handoff.since == state.handoff.since
    assert (await shop.said(state))[-1] == "[agent_lost]"
    with pytest.raises(NotOwner):
        await shop.bridge.agent_says(kari, "heimbud", state.id, state.control, new_id(), "hei")
    with pytest.raises(NotFound):
        await shop.bridge.claim_next(ola, new_id())
    shop.clock.pass_by(61)
    assert (await shop.bridge.claim_next(ola, new_id())).agent == ola.id


async def test_an_agent_who_comes_back_while_the_sweeper_goes_round_keeps_the_chat(
    shop: Workshop,
) -> None:
    kari = await shop.hire("Kari")
    state = await shop.handed_over(kari)
    shop.clock.pass_by(LEASE_SECONDS + 1)
    # The sweeper has read which leases ran out when the renewal comes.
    await asyncio.gather(shop.sweeper.sweep(), shop.bridge.renew(kari.id))
    assert (await shop.state(state)).agent == kari.id


async def test_nobody_is_reaped_in_the_first_lease_after_a_start(shop: Workshop) -> None:
    state = await shop.handed_over(await shop.hire("Kari"))
    shop.clock.pass_by(LEASE_SECONDS + 1)
    started = asyncio.create_task(Sweeper(shop.store, shop.bridge, shop.retention, 0.5).run())
    await asyncio.sleep(0.2)
    assert (await shop.state(state)).mode is Mode.AGENT
    async with asyncio.timeout(5):
        while (await shop.state(state)).mode is Mode.AGENT:
            await asyncio.sleep(0.05)
    started.cancel()


async def test_an_idle_contact_ends_quietly_and_the_customer_may_write_again(
    shop: Workshop,
) -> None:
    one = await shop.arrive()
    await shop.bridge.customer_says("heimbud", one.id, new_id(), "hei")
    await shop.quiet()
    count = len(await shop.lines(one))
    shop.clock.pass_by(IDLE_SECONDS - 60)
    await shop.sweeper.sweep()
    assert (await shop.state(one)).mode is Mode.BOT
    shop.clock.pass_by(120)
    await shop.sweeper.sweep()
    assert (await shop.state(one)).mode is Mode.CLOSED
    assert len(await shop.lines(one)) == count
    await shop.bridge.customer_says("heimbud", one.id, new_id(), "en ting til")
    await shop.quiet()
    assert (await shop.said(one))[-2:] == ["customer: en ting til", "bot: Svar: en ting til"]
    assert shop.bot.steps[-2:] == [("wake", ""), ("turn", "en ting til")]


async def test_a_sweep_looks_again_at_what_it_has_locked(shop: Workshop) -> None:
    """Its list is a moment old, and other processes sweep and serve as well."""
    one = await shop.arrive()
    await shop.bridge.customer_says("heimbud", one.id, new_id(), "hei")
    await shop.quiet()
    shop.clock.pass_by(IDLE_SECONDS + 1)
    await shop.bridge.customer_says("heimbud", one.id, new_id(), "er du der")
    await shop.bridge.commit(_idle_end("heimbud", one.id))
    assert (await shop.state(one)).mode is Mode.BOT
    agent = await shop.hire("Kari")
    held = await shop.handed_over(agent)
    shop.clock.pass_by(LEASE_SECONDS + 1)
    await shop.bridge.renew(agent.id)
    await shop.bridge.commit(_expiry("heimbud", held.id, held.control))
    assert (await shop.state(held)).mode is Mode.AGENT
    shop.clock.pass_by(LEASE_SECONDS + 1)
    for _ in range(2):  # two processes with the same list
        await shop.bridge.commit(_expiry("heimbud", held.id, held.control))
    assert (await shop.state(held)).mode is Mode.WAITING
    assert (await shop.said(held)).count("[agent_lost]") == 1


async def test_a_waiting_customer_is_never_ended_for_being_idle(shop: Workshop) -> None:
    one = await shop.arrive()
    await shop.bridge.ask_person("heimbud", one.id, new_id())
    shop.clock.pass_by(10 * IDLE_SECONDS)
    await shop.sweeper.sweep()
    assert (await shop.state(one)).mode is Mode.WAITING
