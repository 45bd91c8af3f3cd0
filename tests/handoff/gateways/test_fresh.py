"""A line that was stored in this process reaches its pages without being read again."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from handoff.bridge.unit_of_work import Applied, channel_of
from handoff.core.conversation import Conversation
from handoff.core.message import Audience, Author, Kind, Message, Stored
from handoff.errors import StoreError
from handoff.gateways.fresh import next_line
from handoff.storage.sql_store import SqlStore
from tests.service.pages import Customer, Desk
from tests.service.running import Running, running

STATE = Conversation(id="c" * 32, client="heimbud", visitor="v", epoch="e")
LINE = Stored(STATE.id, 9, 5, 0.0, Message(Author.CUSTOMER, Kind.TEXT, {"text": "hei"}))
FRESH = Applied(STATE, (LINE,))


@pytest.mark.parametrize(
    ("fresh", "epoch", "audience", "cursor", "found"),
    [
        (FRESH, "e", Audience.CUSTOMER, 4, LINE),
        (FRESH, "e", Audience.STAFF, 8, LINE),
        (FRESH, "e", Audience.CUSTOMER, 3, None),
        (FRESH, "e", Audience.CUSTOMER, 5, None),
        (FRESH, "e", Audience.CUSTOMER, None, None),
        (FRESH, "another", Audience.CUSTOMER, 4, None),
        (None, "e", Audience.CUSTOMER, 4, None),
        (Applied(STATE, ()), "e", Audience.CUSTOMER, 4, None),
        (Applied(STATE, (LINE, LINE)), "e", Audience.CUSTOMER, 4, None),
        (Applied(STATE, (replace(LINE, customer_seq=None),)), "e", Audience.CUSTOMER, 4, None),
    ],
)
def test_only_the_one_line_that_is_next_is_taken(
    fresh: Applied | None, epoch: str, audience: Audience, cursor: int | None, found: Stored | None
) -> None:
    assert next_line(fresh, epoch, audience, cursor) is found


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[Running]:
    async with running(tmp_path) as started:
        yield started


async def chat(house: Running) -> tuple[Customer, Desk, str, int]:
    """A chat that an agent has, shown whole on both sides."""
    page = await house.customer()
    await page.asks("ask_person")
    conversation = str((await page.got("welcome"))["conversation"])
    desk = await house.desk("kari")
    control = await desk.takes("heimbud", conversation)
    await desk.opens("heimbud", conversation)
    await desk.says("heimbud", conversation, control, "Hei, Kari her")
    await page.line(lambda line: line["text"] == "Hei, Kari her")
    return page, desk, conversation, control


def shows(desk: Desk, text: str) -> Any:
    return desk.until(lambda f: f["t"] == "agent_event" and f["line"]["body"].get("text") == text)


async def test_lines_go_both_ways_while_the_database_cannot_be_read(
    house: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    page, desk, conversation, control = await chat(house)
    await asyncio.sleep(1.0)  # until the desk has the queue as it is

    async def refuse(store: SqlStore, work: Callable[..., object]) -> object:
        raise StoreError("No reading.")

    monkeypatch.setattr(SqlStore, "read", refuse)
    await page.says("hvor er pakken")
    await shows(desk, "hvor er pakken")
    await desk.says("heimbud", conversation, control, "på vei")
    await page.line(lambda line: line["text"] == "på vei")


async def test_a_page_behind_gets_what_it_lacks_before_what_is_new(house: Running) -> None:
    page, _, conversation, _ = await chat(house)
    await house.long_history(conversation, 3)
    await page.says("og så")
    await page.line(lambda line: line["text"] == "og så")
    assert [line["seq"] for line in page.lines] == list(range(1, len(page.lines) + 1))


async def test_a_line_stored_during_a_read_is_shown_once(
    house: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    page, desk, conversation, control = await chat(house)
    reads, going_on, read = 0, asyncio.Event(), SqlStore.read

    async def slow(store: SqlStore, work: Callable[..., Any]) -> Any:
        nonlocal reads
        reads += 1
        await going_on.wait()
        return await read(store, work)

    await asyncio.sleep(1.0)  # until the desk has the queue as it is
    monkeypatch.setattr(SqlStore, "read", slow)
    house.service.bridge._fanout.publish(channel_of(conversation))  # both sides read, and wait
    while not reads >= 2:
        await asyncio.sleep(0.01)
    await desk.says("heimbud", conversation, control, "to")
    going_on.set()
    await page.line(lambda line: line["text"] == "to")
    await page.says("tre")
    await page.line(lambda line: line["text"] == "tre")
    shown = [line["seq"] for line in page.lines]
    assert shown == list(range(1, len(shown) + 1))
    streamed = [
        line["seq"]
        for frame in desk.frames
        if frame["t"] in ("agent_event", "agent_batch")
        for line in ([frame["line"]] if "line" in frame else frame["lines"])
    ]
    assert streamed == list(range(1, len(streamed) + 1))
