"""Every store keeps logins, ends their sessions in time, and takes a ticket once."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace

import pytest

from handoff.core.roster import Role, Status
from handoff.errors import InputError, NotFound
from handoff.ports import Store, Unit
from tests.handoff.storage.samples import employed, new_id, person

LATER = 1e12
"""After any clock's now."""


async def test_an_agent_comes_back_as_added(store: Store) -> None:
    agent = replace(
        person("kari@demo.example", capacity=3, status=Status.PAUSE),
        role=Role.SUPERVISOR,
        clients=frozenset({"varde"}),
        languages=frozenset(),
    )
    await employed(store, agent)
    found = await store.read(
        lambda unit: (unit.agents.get(agent.id), unit.agents.by_login("kari@demo.example"))
    )
    assert found == (agent, (agent, "hash"))
    assert found[0] is not None
    assert found[0].disabled is False  # what JSON shows of it is a truth, not a number
    nobody = await store.read(
        lambda unit: (unit.agents.get("kari@demo.example"), unit.agents.by_login(agent.id))
    )
    assert nobody == (None, None)


async def test_a_login_and_an_id_are_one_persons(store: Store) -> None:
    agent = await employed(store, person("kari@demo.example"))
    for other in (person("kari@demo.example"), replace(person(), id=agent.id)):
        with pytest.raises(InputError):
            await employed(store, other)
    assert await store.read(lambda unit: unit.agents.all()) == [agent]


async def test_everybody_is_listed_by_login(store: Store) -> None:
    agents = [await employed(store, person(login)) for login in ("c", "a", "b")]
    listed = await store.read(lambda unit: unit.agents.all())
    assert listed == sorted(agents, key=lambda agent: agent.login)


async def test_an_update_keeps_what_may_change_and_leaves_the_rest(store: Store) -> None:
    agent = await employed(store)
    wish = replace(
        agent,
        login="other",
        name="Ola",
        role=Role.DESIGNER,
        clients=frozenset({"heimbud"}),
        languages=frozenset({"en"}),
        capacity=9,
        active=4,
        status=Status.OFFLINE,
        session_version=70,
        disabled=True,
    )
    await store.write(lambda unit: unit.agents.update(wish))
    assert await store.read(lambda unit: unit.agents.get(agent.id)) == replace(
        wish, login=agent.login, active=0, status=agent.status, session_version=2
    )


async def test_a_status_is_kept(store: Store) -> None:
    agent = await employed(store)
    await store.write(lambda unit: unit.agents.set_status(agent.id, Status.PAUSE, 5.0))
    assert await store.read(lambda unit: unit.agents.get(agent.id)) == replace(
        agent, status=Status.PAUSE
    )


async def test_nobody_can_be_changed_who_is_not_there(store: Store) -> None:
    changes: list[Callable[[Unit], None]] = [
        lambda unit: unit.agents.update(person()),
        lambda unit: unit.agents.set_password("nobody", "hash"),
        lambda unit: unit.agents.set_status("nobody", Status.ONLINE, 1.0),
        lambda unit: unit.agents.open_session("digest", "nobody", LATER),
    ]
    for change in changes:
        with pytest.raises(NotFound):
            await store.write(change)


async def test_a_session_lasts_until_it_expires(store: Store) -> None:
    agent = await employed(store)
    await store.write(lambda unit: unit.agents.open_session("digest", agent.id, LATER))
    assert await store.read(lambda unit: unit.agents.session("digest", LATER - 1)) == agent
    assert await store.read(lambda unit: unit.agents.session("digest", LATER)) is None
    assert await store.read(lambda unit: unit.agents.session("other", 1.0)) is None


async def test_a_closed_session_is_over_and_the_others_are_not(store: Store) -> None:
    agent = await employed(store)

    def log_in(unit: Unit) -> None:
        for digest in ("one", "two"):
            unit.agents.open_session(digest, agent.id, LATER)

    await store.write(log_in)
    await store.write(lambda unit: unit.agents.close_session("one"))
    await store.write(lambda unit: unit.agents.close_session("one"))
    found = await store.read(
        lambda unit: (unit.agents.session("one", 1.0), unit.agents.session("two", 1.0))
    )
    assert found == (None, agent)


@pytest.mark.parametrize("change", ["rights", "password"])
async def test_changed_rights_and_passwords_end_the_sessions_of_before(
    store: Store, change: str
) -> None:
    agent, other = await employed(store), await employed(store)

    def log_in(unit: Unit) -> None:
        unit.agents.open_session("old", agent.id, LATER)
        unit.agents.open_session("others", other.id, LATER)

    await store.write(log_in)
    if change == "rights":
        await store.write(lambda unit: unit.agents.update(agent))
    else:
        await store.write(lambda unit: unit.agents.set_password(agent.id, "new hash"))
        kept = await store.read(lambda unit: unit.agents.by_login(agent.login))
        assert kept is not None
        assert kept[1] == "new hash"
    await store.write(lambda unit: unit.agents.open_session("new", agent.id, LATER))
    old, others, new = await store.read(
        lambda unit: [unit.agents.session(name, 1.0) for name in ("old", "others", "new")]
    )
    assert old is None
    assert others == other
    assert new == replace(agent, session_version=2)


async def test_a_status_change_ends_no_session(store: Store) -> None:
    agent = await employed(store)
    await store.write(lambda unit: unit.agents.open_session("digest", agent.id, LATER))
    await store.write(lambda unit: unit.agents.set_status(agent.id, Status.OFFLINE, 1.0))
    found = await store.read(lambda unit: unit.agents.session("digest", 1.0))
    assert found == replace(agent, status=Status.OFFLINE)


async def test_a_disabled_login_has_no_session_until_it_is_enabled(store: Store) -> None:
    agent = await employed(store)
    await store.write(lambda unit: unit.agents.update(replace(agent, disabled=True)))
    await store.write(lambda unit: unit.agents.open_session("digest", agent.id, LATER))
    assert await store.read(lambda unit: unit.agents.session("digest", 1.0)) is None
    await store.write(lambda unit: unit.agents.update(agent))
    await store.write(lambda unit: unit.agents.open_session("anew", agent.id, LATER))
    found = await store.read(lambda unit: unit.agents.session("anew", 1.0))
    assert found is not None
    assert not found.disabled


async def test_a_ticket_is_taken_once(store: Store) -> None:
    tickets = [new_id() for _ in range(3)]

    async def use(ticket: str) -> bool:
        return await store.write(lambda unit: unit.agents.use_nonce(ticket, LATER))

    used = await asyncio.gather(*(use(ticket) for ticket in tickets for _ in range(8)))
    assert sum(used) == len(tickets)
    assert not any([await use(ticket) for ticket in tickets])


async def test_who_was_neither_seen_nor_changed_status_for_long_goes_offline(
    store: Store,
) -> None:
    seen, changed, gone, never, off = [
        await employed(store, person(login, status=Status.OFFLINE)) for login in "abcde"
    ]

    def begin(unit: Unit) -> None:
        for agent in (seen, changed, gone):
            unit.agents.set_status(agent.id, Status.PAUSE, 100.0)
        unit.agents.set_status(never.id, Status.ONLINE, 100.0)
        unit.agents.seen([seen.id, gone.id, "nobody"], 150.0)
        unit.agents.seen([seen.id], 200.0)
        unit.agents.set_status(changed.id, Status.ONLINE, 200.0)

    await store.write(begin)
    assert await store.write(lambda unit: unit.agents.put_offline(100.0, 210.0)) == 0
    assert await store.write(lambda unit: unit.agents.put_offline(200.0, 210.0)) == 2
    agents = await store.read(lambda unit: unit.agents.all())
    assert {agent.login: agent.status for agent in agents} == {
        seen.login: Status.PAUSE,
        changed.login: Status.ONLINE,
        gone.login: Status.OFFLINE,
        never.login: Status.OFFLINE,
        off.login: Status.OFFLINE,
    }
    await store.write(lambda unit: unit.agents.seen([], 220.0))
