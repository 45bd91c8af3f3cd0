"""A supervisor decides who has a chat; an admin who may have one at all."""

from __future__ import annotations

from dataclasses import replace

import pytest

from handoff.bridge.people import People
from handoff.core.conversation import Conversation, Mode
from handoff.core.roster import Agent, Role, Status
from handoff.errors import (
    AtCapacity,
    IdReuse,
    InputError,
    NotAllowed,
    NotFound,
    Refused,
    StaleControl,
    Taken,
)
from handoff.tokens import new_id
from tests.service.bridge import Workshop, workshop


async def in_role(
    shop: Workshop, name: str, role: Role, clients: tuple[str, ...] = ("heimbud",)
) -> Agent:
    agent = replace(await shop.hire(name, clients=clients), role=role)
    await shop.store.write(lambda unit: unit.agents.update(agent))
    return agent


async def kept(shop: Workshop, agent: Agent) -> Agent:
    found = await shop.store.read(lambda unit: unit.agents.get(agent.id))
    assert found is not None
    return found


async def causes(shop: Workshop, one: Conversation) -> list[tuple[str, str]]:
    rows = await shop.store.read(lambda unit: unit.conversations.history(one.id))
    return [(row.cause, row.actor) for row in rows]


async def test_a_supervisor_takes_a_chat_over_and_the_history_tells_who() -> None:
    async with workshop() as shop:
        kari, siri = await shop.hire("Kari"), await in_role(shop, "Siri", Role.SUPERVISOR)
        one = await shop.handed_over(kari)
        request = new_id()
        for _ in range(2):  # the same request again does nothing more
            await shop.bridge.assign(siri, "heimbud", one.id, one.control, siri.id, request)
        state = await shop.state(one)
        assert (state.mode, state.agent, state.control) == (Mode.AGENT, siri.id, one.control + 2)
        assert (await kept(shop, kari)).active == 0
        assert (await kept(shop, siri)).active == 1
        assert (await causes(shop, one))[-2:] == [
            ("ChatRecalled", siri.id),
            ("AgentClaimed", siri.id),
        ]
        assert (await shop.said(one))[-2:] == ["[transferred]", "[agent_joined]"]
        with pytest.raises(Refused):  # the agent's text is kept as a draft by the desk
            await shop.bridge.agent_says(kari, "heimbud", one.id, one.control, new_id(), "hei")
        with pytest.raises(IdReuse):
            await shop.bridge.assign(siri, "heimbud", one.id, one.control, None, request)


async def test_a_supervisor_gives_a_chat_to_another_or_back_to_the_queue() -> None:
    async with workshop() as shop:
        kari, ola = await shop.hire("Kari"), await shop.hire("Ola")
        siri = await in_role(shop, "Siri", Role.SUPERVISOR)
        one = await shop.handed_over(kari)
        await shop.bridge.assign(siri, "heimbud", one.id, one.control, ola.id, new_id())
        state = await shop.state(one)
        assert state.agent == ola.id
        await shop.bridge.assign(siri, "heimbud", one.id, state.control, None, new_id())
        state = await shop.state(one)
        assert (state.mode, state.agent) == (Mode.WAITING, None)
        assert (await kept(shop, ola)).active == 0
        # From the queue too, without a detour.
        await shop.bridge.assign(siri, "heimbud", one.id, state.control, kari.id, new_id())
        assert (await shop.state(one)).agent == kari.id
        assert (await causes(shop, one))[-1] == ("AgentClaimed", siri.id)


async def test_what_cannot_be_given_stays_where_it_is() -> None:
    async with workshop() as shop:
        kari, full = await shop.hire("Kari"), await shop.hire("Ola", capacity=1)
        stranger = await shop.hire("Vera", clients=("varde",))
        away = await shop.hire("Per")
        await shop.bridge.set_status(away.id, Status.PAUSE)
        siri = await in_role(shop, "Siri", Role.SUPERVISOR)
        await shop.handed_over(full)
        one = await shop.handed_over(kari)
        wrong: tuple[tuple[Agent, int, str | None, type[Exception]], ...] = (
            (siri, one.control, full.id, AtCapacity),
            (siri, one.control, away.id, AtCapacity),
            (siri, one.control, stranger.id, NotFound),
            (siri, one.control, new_id(), NotFound),
            (siri, one.control, kari.id, Refused),
            (siri, one.control - 1, siri.id, StaleControl),
            (siri, one.control - 1, None, StaleControl),
            (full, one.control, full.id, NotAllowed),
            (stranger, one.control, None, NotFound),
        )
        before = await shop.said(one)
        for who, control, to, error in wrong:
            with pytest.raises(error):
                await shop.bridge.assign(who, "heimbud", one.id, control, to, new_id())
            assert await shop.state(one) == one
        assert await shop.said(one) == before
        assert (await kept(shop, kari)).active == 1
        quiet = await shop.arrive()
        with pytest.raises(Taken):
            await shop.bridge.assign(siri, "heimbud", quiet.id, quiet.control, siri.id, new_id())


async def test_a_supervisor_of_one_company_has_no_say_in_another() -> None:
    async with workshop() as shop:
        kari, siri = await shop.hire("Kari"), await in_role(shop, "Siri", Role.SUPERVISOR)
        one = await shop.handed_over(kari, "varde")
        for client in ("varde", "heimbud"):
            with pytest.raises(NotFound):
                await shop.bridge.assign(siri, client, one.id, one.control, siri.id, new_id())
        assert (await shop.state(one)).agent == kari.id


async def test_an_admin_sees_and_changes_only_who_answers_for_no_more_than_they_do() -> None:
    async with workshop() as shop:
        people = People(shop.bridge)
        eva = await in_role(shop, "Eva", Role.ADMIN)
        kari = await shop.hire("Kari", clients=("heimbud",))
        both = await shop.hire("Ola")
        vera = await shop.hire("Vera", clients=("varde",))
        everybody = await shop.store.read(lambda unit: unit.agents.all())
        assert [one.name for one in people.of(eva, everybody)] == ["Eva", "Kari"]
        assert people.of(kari, everybody) == []
        for other in (both, vera, replace(kari, id=new_id())):
            with pytest.raises(NotFound):
                await people.change(eva, other.id, "X", "agent", ["heimbud"], 3, False)
            with pytest.raises(NotFound):
                await people.set_password(eva, other.id, "hash")
        with pytest.raises(NotAllowed):
            await people.change(eva, eva.id, "Eva", "admin", ["heimbud"], 3, True)
        with pytest.raises(InputError, match="no client `varde`"):
            await people.change(eva, kari.id, "Kari", "agent", ["varde"], 3, False)
        with pytest.raises(InputError, match="no client `varde`"):
            await people.add(eva, "ny", "Ny", "agent", ["heimbud", "varde"], 3, "hash")
        for wrong in ({"role": "boss"}, {"capacity": 0}, {"name": " "}, {"login": ""}):
            given = {"login": "ny", "name": "Ny", "role": "agent", "capacity": 3} | wrong
            with pytest.raises(InputError):
                await people.add(eva, clients=["heimbud"], hashed="hash", **given)  # type: ignore[arg-type]
        made = await people.add(eva, "ny", "Ny", "supervisor", ["heimbud"], 3, "hash")
        assert await kept(shop, made) == made
        with pytest.raises(InputError, match="in use"):
            await people.add(eva, "ny", "Ny", "agent", ["heimbud"], 3, "hash")


@pytest.mark.parametrize(
    ("role", "clients", "disabled"),
    [("agent", ["heimbud"], True), ("designer", ["heimbud"], False), ("agent", [], False)],
)
async def test_who_may_answer_no_more_loses_chats_and_sessions_at_once(
    role: str, clients: list[str], disabled: bool
) -> None:
    async with workshop() as shop:
        people = People(shop.bridge)
        eva = await in_role(shop, "Eva", Role.ADMIN)
        kari = await shop.hire("Kari", clients=("heimbud",))
        one = await shop.handed_over(kari)
        await shop.store.write(lambda unit: unit.agents.open_session("d", kari.id, 9e12))
        changed = await people.change(eva, kari.id, "Kari", role, clients, 5, disabled)
        assert (changed.active, changed.disabled) == (0, disabled)
        state = await shop.state(one)
        assert (state.mode, state.agent) == (Mode.WAITING, None)
        assert (await causes(shop, one))[-1] == ("ChatRecalled", eva.id)
        assert await shop.store.read(lambda unit: unit.agents.session("d", 1.0)) is None
