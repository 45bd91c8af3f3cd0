"""One turn of a conversation at a time: in this server, and among all that share a Redis.

Rasa's own Redis lock reads, changes and writes a ticket in three steps, so that two servers may
both have it, and a killed server's lock stays for a minute. This one is taken in one step
(``SET NX``), renewed while the turn runs, and gone ``HELD_SECONDS`` after its server died.

It is a second guard: the service gives a conversation's turns out one at a time, and meets a
running one only when it gave that up. So while Redis is away turns go on without it.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import secrets
import time
from collections.abc import AsyncIterator
from typing import Any

from rasa.core.lock_store import LOCK_LIFETIME, InMemoryLockStore, LockError
from redis.asyncio import Redis
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)

HELD_SECONDS = 6.0
"""How long a lock outlives its last renewal: longer than this process may be kept from running."""
RENEWED_EVERY_SECONDS = 1.5
WAIT_SECONDS = 25.0
"""Longer than a turn may take; see bot/channel.py."""
REDIS_SECONDS = 1.0
"""Within this a working Redis answers."""
REST_SECONDS = 10.0
"""For so long a Redis that did not answer is not asked."""

_RENEW = "return redis.call('get', KEYS[1]) == ARGV[1] and redis.call('pexpire', KEYS[1], ARGV[2])"
_RELEASE = "return redis.call('get', KEYS[1]) == ARGV[1] and redis.call('del', KEYS[1])"
_FAULTS = (RedisError, OSError, asyncio.TimeoutError)


class Lost(Exception):
    """Another server has the lock by now: what was done under it must not be saved."""


class Held:
    """A lock while it is had; without Redis, that of this process alone."""

    def __init__(self, redis: Redis | None = None, key: str = "", token: str = "") -> None:
        self._redis, self._key, self._token = redis, key, token

    async def check(self) -> None:
        """To be called before saving. Raises Lost."""
        if self._redis is None:
            return
        try:
            holder = await self._redis.get(self._key)
        except _FAULTS:
            return
        if holder != self._token:
            raise Lost("the conversation's lock is another server's by now")

    async def renew(self) -> None:
        """Until cancelled."""
        if self._redis is None:
            return
        while True:
            await asyncio.sleep(RENEWED_EVERY_SECONDS)
            with contextlib.suppress(*_FAULTS):
                held = await self._redis.eval(
                    _RENEW, 1, self._key, self._token, int(HELD_SECONDS * 1000)
                )
                if not held:
                    return

    async def release(self) -> None:
        if self._redis is not None:
            with contextlib.suppress(*_FAULTS):
                await self._redis.eval(_RELEASE, 1, self._key, self._token)


class SharedLocks(InMemoryLockStore):
    """Rasa's lock store; see endpoints.yml. REDIS_URL names the Redis, empty for one server."""

    def __init__(self, endpoint_config: Any = None) -> None:
        super().__init__()
        url = os.environ.get("REDIS_URL", "").strip()
        self._redis: Redis | None = None
        self._rests_until = 0.0
        if url:
            self._redis = Redis.from_url(
                url,
                decode_responses=True,
                socket_timeout=REDIS_SECONDS,
                socket_connect_timeout=REDIS_SECONDS,
            )

    @contextlib.asynccontextmanager
    async def lock(
        self,
        conversation_id: str,
        lock_lifetime: float = LOCK_LIFETIME,
        wait_time_in_seconds: float = 0.1,
    ) -> AsyncIterator[Held]:
        """The conversation's lock. Raises LockError when it is not to be had."""
        async with super().lock(conversation_id, lock_lifetime, wait_time_in_seconds):
            held = await self._taken(conversation_id, wait_time_in_seconds)
            renewing = asyncio.ensure_future(held.renew())
            try:
                yield held
            finally:
                renewing.cancel()
                await held.release()

    async def _taken(self, conversation: str, poll: float) -> Held:
        redis = self._redis
        if redis is None or time.monotonic() < self._rests_until:
            return Held()
        key, token = f"stafett:turn:{conversation}", secrets.token_hex(16)
        deadline = time.monotonic() + WAIT_SECONDS
        try:
            while not await redis.set(key, token, nx=True, px=int(HELD_SECONDS * 1000)):
                if time.monotonic() > deadline:
                    raise LockError("another server has the conversation's lock")
                await asyncio.sleep(poll)
        except _FAULTS as error:
            self._rests_until = time.monotonic() + REST_SECONDS
            logger.warning("action=lock_unshared reason=%s", type(error).__name__)
            return Held()
        return Held(redis, key, token)


__all__ = ["Held", "Lost", "SharedLocks"]
