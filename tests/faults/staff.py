"""People to log in, put straight into the database."""

from __future__ import annotations

from dataclasses import dataclass

from handoff.core.roster import Agent, Role, Status
from handoff.ports import Unit
from handoff.storage import open_store
from handoff.tokens import SESSION_SECONDS, digest, new_id, new_session
from tests.service.running import password_hash


@dataclass(frozen=True, slots=True)
class Staff:
    """Somebody with an open session, PASSWORD and room for `capacity` chats."""

    login: str
    id: str
    cookie: str
    capacity: int


async def hire(database: str, login: str, capacity: int) -> Staff:
    secret = new_session()
    agent = Agent(
        new_id(),
        f"{login}@example.no",
        login.title(),
        Role.AGENT,
        frozenset({"heimbud"}),
        frozenset({"nb", "nn", "en"}),
        capacity,
    )

    def work(unit: Unit) -> None:
        unit.agents.add(agent, password_hash())
        unit.agents.set_status(agent.id, Status.OFFLINE, unit.now())
        unit.agents.open_session(digest(secret), agent.id, unit.now() + SESSION_SECONDS)

    store = await open_store(database)
    try:
        await store.write(work)
    finally:
        await store.close()
    return Staff(agent.login, agent.id, secret, capacity)
