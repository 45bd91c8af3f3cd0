"""Fan-out between processes through Redis, or a server that speaks as it does."""

from __future__ import annotations

import asyncio
import contextlib
import random
import secrets
import time
from collections.abc import AsyncIterator, Callable

import msgspec
import structlog
from redis.asyncio import Redis
from redis.asyncio.client import PubSub
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

from handoff.errors import StafettError
from handoff.fanout.local import LocalFanout, Wake

CHANNEL = "stafett:wakes"
BEAT_SECONDS = 1.0
HANG_SECONDS = 3.0
FIRST_PAUSE_SECONDS = 0.5
LONGEST_PAUSE_SECONDS = 15.0
MOST_WAITING = 10_000
FLUSH_SECONDS = 1.0
RESCAN_AT_ONCE = 100
RESCAN_PAUSE_SECONDS = 0.05

log = structlog.get_logger(__name__)


class _Parcel(msgspec.Struct, array_like=True):
    """What one process tells the others: (channel, note) of each wake-up. None: it lives."""

    sender: str
    wakes: list[tuple[str, str]]


class RedisFanout:
    """Wakes this process at once and the others through the server.

    Every process hears every wake-up: a subscription is never under way, so that a socket which
    has subscribed can read the database at once. Publishing only queues. While the server is
    away the newest `MOST_WAITING` plain wake-ups wait for it; notes would be out of date and are
    dropped. Use from the event loop's thread only.
    """

    def __init__(self, url: str) -> None:
        self._url = url
        self._local = LocalFanout()
        self._name = secrets.token_hex(8)
        self._waiting: dict[tuple[str, str], None] = {}
        self._due = asyncio.Event()
        self._sent = asyncio.Event()
        self._sent.set()
        self.connected = False
        self._is_ending = False

    def publish(self, channel: str, note: str = "") -> None:
        self._local.publish(channel, note)
        if note and not self.connected:
            return
        # Of what is the same only the last goes out: the order of notes decides what they mean.
        self._waiting.pop((channel, note), None)
        self._waiting[channel, note] = None
        if len(self._waiting) > MOST_WAITING:
            del self._waiting[next(iter(self._waiting))]
        self._sent.clear()
        self._due.set()

    def subscribe(self, channel: str, wake: Wake) -> Callable[[], None]:
        return self._local.subscribe(channel, wake)

    async def ready(self) -> None:
        """Raises StafettError while the server is away; one that hangs is away after a while."""
        if not self.connected:
            raise StafettError("Redis does not answer.", cure="Check REDIS_URL and that it runs.")

    async def run(self) -> None:
        """Carry wake-ups until cancelled, through every loss of the server."""
        pause = FIRST_PAUSE_SECONDS
        while True:
            begun = time.monotonic()
            try:
                await self._carry()
            except* Exception as errors:  # whatever it was: nobody else would begin again
                kinds = {type(error).__name__ for error in errors.exceptions}
                log.warning("fanout", action="redis_lost", error=", ".join(sorted(kinds)))
            if self._is_ending:  # an error while closing took the cancellation's place
                return
            if time.monotonic() - begun > LONGEST_PAUSE_SECONDS:
                pause = FIRST_PAUSE_SECONDS
            await asyncio.sleep(random.uniform(0, pause))  # noqa: S311
            pause = min(2 * pause, LONGEST_PAUSE_SECONDS)

    def end(self) -> None:
        """Connect no more: `run` is about to be cancelled."""
        self._is_ending = True

    async def flush(self) -> None:
        """Wait until what was published has left, `FLUSH_SECONDS` at most."""
        if self.connected:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(FLUSH_SECONDS):
                    await self._sent.wait()

    async def _carry(self) -> None:
        """One connection, until it is lost."""
        async with self._connection() as (server, heard):
            self.connected = True
            log.info("fanout", action="redis_connected")
            try:
                async with asyncio.TaskGroup() as group:
                    group.create_task(self._send(server))
                    group.create_task(self._hear(heard))
                    group.create_task(self._wake_everybody())
            finally:
                self.connected = False
                self._waiting = {key: None for key in self._waiting if not key[1]}

    @contextlib.asynccontextmanager
    async def _connection(self) -> AsyncIterator[tuple[Redis, PubSub]]:
        server: Redis = Redis.from_url(
            self._url,
            socket_timeout=HANG_SECONDS,
            socket_connect_timeout=HANG_SECONDS,
            retry=Retry(NoBackoff(), 0),
            client_name="stafett",
        )
        async with server, server.pubsub() as heard:
            async with asyncio.timeout(HANG_SECONDS):
                await heard.subscribe(CHANNEL)
                if await heard.get_message(timeout=HANG_SECONDS) is None:
                    raise TimeoutError  # not confirmed
            yield server, heard

    async def _send(self, server: Redis) -> None:
        while True:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(BEAT_SECONDS):
                    await self._due.wait()
            self._due.clear()
            leaving, self._waiting = self._waiting, {}
            parcel = msgspec.json.encode(_Parcel(self._name, list(leaving)))
            try:
                async with asyncio.timeout(HANG_SECONDS):
                    await server.publish(CHANNEL, parcel)
            except BaseException:
                self._waiting = {**leaving, **self._waiting}
                raise
            if not self._waiting:
                self._sent.set()

    async def _hear(self, heard: PubSub) -> None:
        """Wake whom others woke. Its own parcels come back as well: silence is a lost server."""
        while True:
            message = await heard.get_message(timeout=HANG_SECONDS)
            if message is None:
                raise TimeoutError
            if message["type"] != "message":
                continue
            try:
                parcel = msgspec.json.decode(message["data"], type=_Parcel)
            except msgspec.MsgspecError:
                log.warning("fanout", action="not_understood")
                continue
            if parcel.sender != self._name:
                for channel, note in parcel.wakes:
                    self._wake(channel, note)

    async def _wake_everybody(self) -> None:
        """What was published while nobody listened is in the database: look there, in turns."""
        for number, channel in enumerate(self._local.channels(), 1):
            self._wake(channel, "")
            if number % RESCAN_AT_ONCE == 0:
                await asyncio.sleep(RESCAN_PAUSE_SECONDS)

    def _wake(self, channel: str, note: str) -> None:
        try:
            self._local.publish(channel, note)
        except Exception as error:  # a note from elsewhere must not end the listening
            log.error("fanout", action="wake_failed", error=type(error).__name__)
