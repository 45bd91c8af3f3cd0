"""Passwords and sessions, at the service's own cost of hashing."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest

from handoff.core.roster import Status
from handoff.errors import Disabled, InputError, Unauthenticated, WrongPassword
from handoff.logins import Logins, hash_password
from tests.service.bridge import workshop

OLD, NEW = "et gammelt passord", "et helt nytt passord"


async def test_a_changed_password_ends_every_session_but_the_one_it_opens() -> None:
    async with workshop() as shop:
        logins, agent = Logins(shop.store), await shop.hire("Kari")
        hashed = await hash_password(OLD)
        assert "argon2id" in hashed
        await shop.store.write(lambda unit: unit.agents.set_password(agent.id, hashed))
        sessions = [await logins.open("kari", OLD) for _ in range(2)]
        with pytest.raises(WrongPassword):
            await logins.change(agent, NEW, NEW)
        with pytest.raises(InputError, match="10"):
            await logins.change(agent, OLD, "short")
        assert await logins.agent_of(sessions[0].secret) is not None
        kept = await logins.change(agent, OLD, NEW)
        for session in sessions:
            assert await logins.agent_of(session.secret) is None
        found = await logins.agent_of(kept.secret)
        assert found is not None
        assert found.status is Status.ONLINE  # who changed it is still at work
        with pytest.raises(Unauthenticated):
            await logins.open("kari", OLD)
        assert (await logins.open("kari", NEW)).agent.id == agent.id


async def test_who_knows_the_password_of_a_disabled_login_is_told_and_others_are_not() -> None:
    async with workshop() as shop:
        logins, agent = Logins(shop.store), await shop.hire("Kari")
        hashed = await hash_password(OLD)
        await shop.store.write(lambda unit: unit.agents.set_password(agent.id, hashed))
        await shop.store.write(lambda unit: unit.agents.update(replace(agent, disabled=True)))
        with pytest.raises(Disabled):
            await logins.open("kari", OLD)
        with pytest.raises(Unauthenticated):
            await logins.open("kari", NEW)


async def test_an_unknown_login_costs_as_much_as_a_wrong_password() -> None:
    async with workshop() as shop:
        logins, agent = Logins(shop.store), await shop.hire("Kari")
        hashed = await hash_password(OLD)
        await shop.store.write(lambda unit: unit.agents.set_password(agent.id, hashed))
        spent: dict[str, list[float]] = {"kari": [], "nobody": []}
        for _ in range(5):
            for login, times in spent.items():
                began = time.process_time()
                with pytest.raises(Unauthenticated, match="Login or password is wrong"):
                    await logins.open(login, "wrong")
                times.append(time.process_time() - began)
        known, unknown = min(spent["kari"]), min(spent["nobody"])
        assert 0.4 < unknown / known < 2.5
