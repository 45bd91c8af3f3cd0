"""Logins and sessions in memory."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from handoff.core.roster import Agent, Status
from handoff.errors import InputError, NotFound
from handoff.storage.memory.world import Login, Session, World


class MemoryAgents:
    def __init__(self, world: World) -> None:
        self._world = world

    def add(self, agent: Agent, password_hash: str) -> None:
        if agent.id in self._world.logins or self.by_login(agent.login) is not None:
            raise InputError(f"The login {agent.login!r} is in use.", cure="Choose another login.")
        self._world.logins.put(agent.id, Login(agent, password_hash))

    def get(self, agent: str) -> Agent | None:
        login = self._world.logins.get(agent)
        return None if login is None else login.agent

    def by_login(self, login: str) -> tuple[Agent, str] | None:
        for kept in self._world.logins.values():
            if kept.agent.login == login:
                return kept.agent, kept.password_hash
        return None

    def all(self) -> Sequence[Agent]:
        return sorted(
            (kept.agent for kept in self._world.logins.values()), key=lambda agent: agent.login
        )

    def update(self, agent: Agent) -> None:
        kept = self._login(agent.id)
        changed = replace(
            kept.agent,
            name=agent.name,
            role=agent.role,
            clients=agent.clients,
            languages=agent.languages,
            capacity=agent.capacity,
            disabled=agent.disabled,
            session_version=kept.agent.session_version + 1,
        )
        self._world.logins.put(agent.id, replace(kept, agent=changed))

    def set_password(self, agent: str, password_hash: str) -> None:
        kept = self._login(agent)
        changed = replace(kept.agent, session_version=kept.agent.session_version + 1)
        self._world.logins.put(agent, replace(kept, agent=changed, password_hash=password_hash))

    def set_status(self, agent: str, status: Status, now: float) -> None:
        kept = self._login(agent)
        changed = replace(kept.agent, status=status)
        self._world.logins.put(agent, replace(kept, agent=changed, status_since=now))

    def seen(self, agents: Iterable[str], now: float) -> None:
        for agent in agents:
            kept = self._world.logins.get(agent)
            if kept is not None:
                self._world.logins.put(agent, replace(kept, seen_at=now))

    def put_offline(self, before: float, now: float) -> int:
        gone = [
            kept.agent.id
            for kept in self._world.logins.values()
            if kept.agent.status is not Status.OFFLINE
            and max(kept.status_since, kept.seen_at) < before
        ]
        for agent in gone:
            self.set_status(agent, Status.OFFLINE, now)
        return len(gone)

    def open_session(self, digest: str, agent: str, expires: float) -> None:
        version = self._login(agent).agent.session_version
        self._world.sessions.put(digest, Session(agent, version, expires))

    def session(self, digest: str, now: float) -> Agent | None:
        session = self._world.sessions.get(digest)
        if session is None or session.expires <= now:
            return None
        agent = self.get(session.agent)
        if agent is None or agent.disabled or agent.session_version != session.version:
            return None
        return agent

    def close_session(self, digest: str) -> None:
        self._world.sessions.drop(digest)

    def use_nonce(self, nonce: str, expires: float) -> bool:
        if nonce in self._world.nonces:
            return False
        self._world.nonces.put(nonce, expires)
        return True

    def _login(self, agent: str) -> Login:
        login = self._world.logins.get(agent)
        if login is None:
            raise NotFound("There is no such agent.")
        return login
