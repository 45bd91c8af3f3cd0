"""What the codec lets through is acted on or refused by name: no value is too odd behind it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, get_args

import asyncpg  # type: ignore[import-untyped]
import msgspec
import pytest
from hypothesis import HealthCheck, given, settings

from handoff.core.roster import Role
from handoff.protocol import messages as m
from handoff.storage import migrate
from handoff.tokens import new_id
from tests.fuzz.drawn import frames_of
from tests.postgres import database
from tests.service.pages import Desk, cmid
from tests.service.running import Running, running

DRAWN = 400
AT_ONCE = 80
"""As many as a connection may send in a burst, and a few to spare."""


def drawn(side: object, count: int = DRAWN) -> list[dict[str, Any]]:
    """Right frames of a side, the same at every run, that do not end the connection."""
    found: list[m.Frame] = []

    @settings(max_examples=count, suppress_health_check=list(HealthCheck))
    @given(frames_of(side))
    def collect(frame: m.Frame) -> None:
        found.append(frame)

    collect()
    return [msgspec.to_builtins(one) for one in found if not _ends(one)]


def _ends(frame: m.Frame) -> bool:
    """A second hello, or a `send` of both words and a button or of neither."""
    return isinstance(frame, m.Hello) or (
        isinstance(frame, m.Send) and (frame.text is None) == (frame.button is None)
    )


@pytest.fixture(params=["sqlite", "postgresql"])
async def house(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Running]:
    more = {}
    if request.param == "postgresql":
        server: str = request.getfixturevalue("postgres_server")
        name = f"drawn_{new_id()}"
        admin = await asyncpg.connect(server)
        await admin.execute(f'CREATE DATABASE "{name}"')
        await admin.close()
        more = {"DATABASE_URL": database(server, name)}
        await asyncio.to_thread(migrate, more["DATABASE_URL"])
    async with running(tmp_path, **more) as started:
        yield started


def refusals(output: str) -> list[str]:
    """What the service itself calls a failure, and what nobody caught."""
    return [line for line in output.splitlines() if "failed" in line or "Traceback" in line]


async def test_every_right_frame_of_a_customer_is_answered(
    house: Running, capfd: pytest.CaptureFixture[str]
) -> None:
    frames = drawn(m.CustomerFrame)
    assert {frame["t"] for frame in frames} == _tags(m.CustomerFrame)
    for begin in range(0, len(frames), AT_ONCE):
        page = await house.customer()
        for frame in frames[begin : begin + AT_ONCE]:
            await page.socket.send(json.dumps(frame))
        assert await page.says("er du der?") > 0
        await page.leave()
    assert refusals(capfd.readouterr().out) == []


async def test_every_right_frame_of_an_agent_is_answered(
    house: Running, capfd: pytest.CaptureFixture[str]
) -> None:
    """Half of them are about a customer who waits, or whom this agent has."""
    frames = drawn(m.AgentFrame)
    assert {frame["t"] for frame in frames} == _tags(m.AgentFrame)
    await house.staff("kari", role=Role.SUPERVISOR, capacity=50)
    for begin in range(0, len(frames), AT_ONCE):
        page = await house.customer()
        await page.asks("ask_person")
        conversation = (await page.got("welcome"))["conversation"]
        desk = await house.desk("kari")
        await desk.send("status", status="online")
        row = await desk.waiting(conversation)
        real = {"client": "heimbud", "conversation": conversation, "handoff": row["handoff"]}
        for number, frame in enumerate(frames[begin : begin + AT_ONCE]):
            if number % 2:
                frame |= {key: value for key, value in real.items() if key in frame}
            await desk.socket.send(json.dumps(frame))
        await _desk_still_answers(desk, conversation)
        await desk.leave()
    assert refusals(capfd.readouterr().out) == []


async def _desk_still_answers(desk: Desk, conversation: str) -> None:
    note = {"client": "heimbud", "conversation": conversation, "cmid": cmid(), "text": "obs"}
    await desk.send("note", **note)
    await desk.got("agent_ack", cmid=note["cmid"])


def _tags(side: object) -> set[str]:
    return {str(frame.__struct_config__.tag) for frame in get_args(side)} - {"hello"}
