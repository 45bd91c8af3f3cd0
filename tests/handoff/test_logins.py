"""Passwords and sessions, at the service's own cost of hashing."""

from __future__ import annotations

import time

import pytest

from handoff.core.roster import Status
from handoff.errors import InputError, Refused, Unauthenticated
from handoff.logins import Logins, hash_password
from tests.service.bridge import workshop

OLD, NEW = "et gammelt passord", "et helt nytt passord"


async def test_a_changed_password_ends_every_session_and_goes_off_duty() -> None:
    async with workshop() as shop:
        logins, agent = Logins(shop.store), await shop.hire("Kari")
        hashed = await hash_password(OLD)
        assert "argon2id" in hashed
        await shop.store.write(lambda unit: unit.agents.set_password(agent.id, hashed))
        sessions = [await logins.open("kari", OLD) for _ in range(2)]
        with pytest.raises(Refused):
            await logins.change(agent, NEW, NEW)
        with pytest.raises(InputError, match="10"):
            await logins.change(agent, OLD, "short")
        assert await logins.agent_of(sessions[0].secret) is not None
        await logins.change(agent, OLD, NEW)
        for session in sessions:
            assert await logins.agent_of(session.secret) is None
        found = await shop.store.read(lambda unit: unit.agents.get(agent.id))
        assert found is not None
        assert found.status is Status.OFFLINE
        with pytest.raises(Unauthenticated):
            await logins.open("kari", OLD)
        assert (await logins.open("kari", NEW)).agent.id == agent.id


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
