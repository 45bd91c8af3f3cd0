"""A server that dies, hangs, is not there or talks nonsense costs latency and nothing else."""

from __future__ import annotations

import asyncio
import time

import pytest
from redis.asyncio import Redis

from handoff.errors import StafettError
from handoff.fanout import open_fanout
from handoff.fanout import redis as module
from handoff.fanout.redis import CHANNEL, RedisFanout
from tests.handoff.fanout.waiting import until, until_connected
from tests.ports import free_port
from tests.redis_server import RedisServer


async def test_after_a_restart_of_the_server_everybody_is_woken_and_it_is_quick_again(
    redis: RedisServer,
) -> None:
    async with open_fanout(redis.url) as here, open_fanout(redis.url) as there:
        await until_connected(here, there)
        woken: list[str] = []
        there.subscribe("a", woken.append)
        there.subscribe("b", woken.append)
        redis.kill()
        assert isinstance(there, RedisFanout)
        await until(lambda: not there.connected)
        here.publish("a", "lost")
        await asyncio.sleep(0.2)
        assert woken == []
        redis.start()
        await until_connected(here, there)
        assert woken.count("") >= 2, "both channels are looked at again"
        assert "lost" not in woken
        woken.clear()
        began = time.monotonic()
        here.publish("a", "quick")
        await until(lambda: woken)
        assert woken == ["quick"]
        assert time.monotonic() - began < 0.5


async def test_a_plain_wake_up_waits_for_the_server_and_a_note_does_not(
    redis: RedisServer,
) -> None:
    async with open_fanout(redis.url) as here:
        await until_connected(here)
        redis.kill()
        assert isinstance(here, RedisFanout)
        await until(lambda: not here.connected)
        here.publish("a")
        here.publish("a", "typing:1")
        assert list(here._waiting) == [("a", "")]
        redis.start()
        await until_connected(here)
        await until(lambda: not here._waiting)


async def test_a_server_that_hangs_holds_nobody_up_and_is_left(
    redis: RedisServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "HANG_SECONDS", 0.5)
    monkeypatch.setattr(module, "BEAT_SECONDS", 0.1)
    async with open_fanout(redis.url) as here, open_fanout(redis.url) as there:
        await until_connected(here, there)
        redis.hang()
        assert isinstance(here, RedisFanout)
        began = time.monotonic()
        for number in range(1_000):
            here.publish(f"c:{number}")
        assert time.monotonic() - began < 0.2
        await until(lambda: not here.connected, 3)
        woken: list[str] = []
        there.subscribe("a", woken.append)
        redis.go_on()
        await until_connected(here, there)
        here.publish("a", "again")
        await until(lambda: "again" in woken)


async def test_no_server_at_all_stops_no_start_and_wakes_this_process() -> None:
    async with open_fanout(f"redis://127.0.0.1:{free_port()}") as alone:
        woken: list[str] = []
        alone.subscribe("a", woken.append)
        alone.publish("a", "x")
        assert woken == ["x"]
        for number in range(module.MOST_WAITING + 500):
            alone.publish(f"c:{number}")
        assert isinstance(alone, RedisFanout)
        assert len(alone._waiting) == module.MOST_WAITING


async def test_nonsense_from_elsewhere_and_a_note_that_cannot_be_read_are_survived(
    redis: RedisServer,
) -> None:
    async with open_fanout(redis.url) as here, open_fanout(redis.url) as there:
        await until_connected(here, there)
        woken: list[str] = []
        there.subscribe("a", lambda note: woken.append(str(int(note))))
        async with Redis.from_url(redis.url) as stranger:
            for said in (b"nonsense", b"[1, 2, 3]", b"\xff", b'["x", [["a", "no number"]]]'):
                await stranger.publish(CHANNEL, said)
        here.publish("a", "7")
        await until(lambda: woken)
        assert woken == ["7"]
        assert isinstance(there, RedisFanout)
        assert there.connected


async def test_what_was_just_published_still_leaves_at_a_stop(redis: RedisServer) -> None:
    async with open_fanout(redis.url) as there:
        woken: list[str] = []
        there.subscribe("a", woken.append)
        async with open_fanout(redis.url) as here:
            await until_connected(here, there)
            woken.clear()
            here.publish("a", "goodbye")
        await until(lambda: woken == ["goodbye"])


async def test_what_is_on_its_way_at_a_stop_still_arrives(redis: RedisServer) -> None:
    async with open_fanout(redis.url) as there:
        woken: list[str] = []
        there.subscribe("a", woken.append)
        async with open_fanout(redis.url) as here:
            await until_connected(here, there)
            woken.clear()
            redis.hang()
            here.publish("a", "goodbye")
            assert isinstance(here, RedisFanout)
            await until(lambda: not here._waiting)  # it has left the queue, and not arrived
            asyncio.get_running_loop().call_later(0.3, redis.go_on)
        await until(lambda: woken == ["goodbye"])


async def test_a_server_of_another_kind_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "FIRST_PAUSE_SECONDS", 0.01)
    tries = 0

    async def speaks_http(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal tries
        tries += 1
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        await writer.drain()
        writer.close()

    stranger = await asyncio.start_server(speaks_http, "127.0.0.1", 0)
    port = stranger.sockets[0].getsockname()[1]
    async with stranger, open_fanout(f"redis://127.0.0.1:{port}") as alone:
        await until(lambda: tries >= 3)
        with pytest.raises(StafettError, match="Redis does not answer"):
            await alone.ready()


async def test_a_fault_of_ours_in_carrying_ends_nothing(
    redis: RedisServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "FIRST_PAUSE_SECONDS", 0.01)
    carry, faults = RedisFanout._carry, [ValueError("not thought of"), KeyError("nor this")]

    async def stumbling(self: RedisFanout) -> None:
        if faults:
            raise faults.pop()
        await carry(self)

    monkeypatch.setattr(RedisFanout, "_carry", stumbling)
    async with open_fanout(redis.url) as here:
        await until_connected(here)
        await here.ready()
