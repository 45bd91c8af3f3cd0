"""A stop ends every worker, also one whose library swallows the cancellation."""

from __future__ import annotations

import asyncio
import random

import pytest

from handoff import stopping
from handoff.fanout import open_fanout
from handoff.fanout import redis as module
from handoff.stopping import stop


async def deaf(times: int) -> None:
    while True:
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            times -= 1
            if times < 0:
                raise


async def fails() -> None:
    raise ValueError


async def test_who_goes_on_is_cancelled_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stopping, "PATIENCE_SECONDS", 0.05)
    tasks = [asyncio.create_task(deaf(times)) for times in (0, 1, 3)]
    failed = asyncio.create_task(fails())
    await asyncio.sleep(0)
    async with asyncio.timeout(5):
        await stop([*tasks, failed])
    assert all(task.cancelled() for task in tasks)
    assert not failed.cancelled()
    await stop([])


async def test_the_fan_out_ends_at_whatever_moment_it_is_stopped(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "FIRST_PAUSE_SECONDS", 0.01)
    monkeypatch.setattr(module, "LONGEST_PAUSE_SECONDS", 0.02)

    async def speaks_http(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        writer.close()

    dice = random.Random(1)
    async with await asyncio.start_server(speaks_http, "127.0.0.1", 0) as stranger:
        url = f"redis://127.0.0.1:{stranger.sockets[0].getsockname()[1]}"
        for _ in range(200):
            async with asyncio.timeout(stopping.PATIENCE_SECONDS / 2), open_fanout(url):
                await asyncio.sleep(dice.uniform(0, 0.03))
