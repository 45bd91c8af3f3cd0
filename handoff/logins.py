"""Passwords and desk sessions."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from handoff.core.roster import Agent
from handoff.errors import Disabled, InputError, Unauthenticated, WrongPassword
from handoff.ports import Store, Unit
from handoff.tokens import SESSION_SECONDS, digest, new_session

SHORTEST_PASSWORD = 10
HASHES_AT_ONCE = 2

_hasher = PasswordHasher()
# Compared with when nobody has the login, so that both answers take as long.
_NOBODY = (
    "$argon2id$v=19$m=65536,t=3,p=4$c3RhZmV0dHN0YWZldHQ$YH8k0mVN1w2RrU0o1kZyQ0c2r6aI2n0s3sV2mC1v8XA"
)


@dataclass(frozen=True, slots=True)
class Login:
    """An opened session. `secret` goes into the cookie, only its digest is stored."""

    agent: Agent
    secret: str


class Logins:
    """Opens and closes desk sessions. Hashing runs in a thread: it takes half a second.

    At most `HASHES_AT_ONCE`: each needs 64 MiB.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._hashing = asyncio.Semaphore(HASHES_AT_ONCE)

    async def open(self, login: str, password: str) -> Login:
        """Raises Unauthenticated, the same for an unknown login and a wrong password.

        Only who knows the password is told that the login is Disabled.
        """
        found = await self._store.read(lambda unit: unit.agents.by_login(login))
        hashed = found[1] if found else _NOBODY
        fits = await self._fits(hashed, password)
        if found is None or not fits:
            raise Unauthenticated("Login or password is wrong.")
        if found[0].disabled:
            raise Disabled("This login is switched off.", cure="Ask your administrator.")
        agent, secret = found[0], new_session()

        def work(unit: Unit) -> None:
            unit.agents.open_session(digest(secret), agent.id, unit.now() + SESSION_SECONDS)

        await self._store.write(work)
        return Login(agent, secret)

    async def agent_of(self, secret: str) -> Agent | None:
        """The agent behind a cookie, None when the session has ended."""
        if not secret:
            return None
        key = digest(secret)
        return await self._store.read(lambda unit: unit.agents.session(key, unit.now()))

    async def close(self, secret: str) -> None:
        """End the session."""
        await self._store.write(lambda unit: unit.agents.close_session(digest(secret)))

    async def change(self, agent: Agent, old: str, new: str) -> Login:
        """Set a new password; every session ends but the one opened here for who asked.

        Raises WrongPassword, InputError.
        """
        found = await self._store.read(lambda unit: unit.agents.by_login(agent.login))
        if found is None or not await self._fits(found[1], old):
            raise WrongPassword("The old password is wrong.")
        hashed, secret = await self.hashed(new), new_session()

        def work(unit: Unit) -> None:
            unit.agents.set_password(agent.id, hashed)
            unit.agents.open_session(digest(secret), agent.id, unit.now() + SESSION_SECONDS)

        await self._store.write(work)
        return Login(agent, secret)

    async def hashed(self, password: str) -> str:
        """The hash of a password to be stored. Raises InputError when it is too short."""
        async with self._hashing:
            return await hash_password(password)

    async def _fits(self, hashed: str, password: str) -> bool:
        async with self._hashing:
            return await asyncio.to_thread(_fits, hashed, password)


async def hash_password(password: str) -> str:
    """argon2id. Raises InputError when the password is too short."""
    if len(password) < SHORTEST_PASSWORD:
        raise InputError(
            f"The password has {len(password)} characters.",
            cure=f"Use at least {SHORTEST_PASSWORD}.",
        )
    return await asyncio.to_thread(_hasher.hash, password)


def _fits(hashed: str, password: str) -> bool:
    try:
        return _hasher.verify(hashed, password)
    except (VerificationError, InvalidHashError):
        return False
