"""What customer and agent see of each other without a number: typing, read, and there at all."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from handoff.tokens import new_id
from tests.handoff.gateways.waiting import waiting
from tests.service.running import Running, running


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[Running]:
    async with running(tmp_path) as started:
        yield started


async def test_typing_and_read_receipts_go_both_ways(house: Running) -> None:
    page, conversation = await waiting(house)
    desk = await house.desk("kari")
    await desk.takes("heimbud", conversation)
    await desk.opens("heimbud", conversation)
    await page.send("typing", on=True)
    await desk.got("agent_ephemeral", typing=True)
    await page.send("seen", seq=3)
    await desk.got("agent_ephemeral", seen=3)
    what = {"client": "heimbud", "conversation": conversation}
    await desk.send("agent_typing", on=True, **what)
    await page.got("ephemeral", typing="agent")
    await desk.send("agent_seen", seq=2, **what)
    await page.got("ephemeral", seen=2)


async def test_who_comes_back_is_told_what_the_other_has_seen(house: Running) -> None:
    page, conversation = await waiting(house)
    desk = await house.desk("kari")
    await desk.takes("heimbud", conversation)
    await desk.opens("heimbud", conversation)
    assert not [frame for frame in desk.frames if "seen" in frame]  # nobody has yet
    await page.send("seen", seq=3)
    await desk.send("agent_seen", client="heimbud", conversation=conversation, seq=2)
    await page.got("ephemeral", seen=2)
    await desk.got("agent_ephemeral", seen=3)
    again = await house.desk("kari")
    await again.opens("heimbud", conversation)
    await again.got("agent_ephemeral", seen=3)
    welcome = page.frames[0]
    back = await house.customer_socket()
    await back.hello(resume_token=welcome["resume_token"])
    await back.resume(welcome["epoch"])
    await back.got("ephemeral", seen=2)


async def test_read_receipts_never_go_back_nor_beyond_the_newest_line(house: Running) -> None:
    page, conversation = await waiting(house)
    desk = await house.desk("kari")
    await desk.takes("heimbud", conversation)
    await desk.opens("heimbud", conversation)
    what = {"client": "heimbud", "conversation": conversation}
    newest = max(line["seq"] for line in page.lines)
    for seq in (2, 1, 0, 10**6):  # a late tab, and one that is wrong
        await page.send("seen", seq=seq)
        await desk.send("agent_seen", seq=seq, **what)
    await desk.got("agent_ephemeral", seen=newest)
    await page.got("ephemeral", seen=newest)
    for frames in (desk.frames, page.frames):
        assert [frame["seen"] for frame in frames if "seen" in frame] == [2, 2, 2, newest]


async def test_the_open_chat_shows_whether_the_customer_is_there(house: Running) -> None:
    visitor = new_id()
    tabs = [await house.customer(visitor=visitor) for _ in range(2)]
    conversation = str((await tabs[0].got("welcome"))["conversation"])
    desk = await house.desk("kari")
    await desk.opens("heimbud", conversation)
    await desk.got("agent_ephemeral", present=True)
    mark = len(desk.frames)
    await tabs[0].leave()  # one of two tabs
    tabs.append(await house.customer(visitor=visitor))
    tabs[1].kill()
    await tabs[2].says("fortsatt her")
    await desk.until(
        lambda f: f["t"] == "agent_event" and f["line"]["body"].get("text") == "fortsatt her", mark
    )
    assert not [f for f in desk.frames[mark:] if "present" in f]
    before = time.time()
    await tabs[2].leave()
    gone = await desk.got("agent_ephemeral", mark, present=False)
    assert before - 1 < gone["since"] < time.time() + 1
    late = await house.desk("ola")
    await late.opens("heimbud", conversation)
    snapshot = await late.got("agent_ephemeral", present=False)
    assert snapshot["since"] == gone["since"]
    mark = len(desk.frames)
    await house.customer(visitor=visitor)
    await desk.got("agent_ephemeral", mark, present=True)


async def test_of_a_customer_nobody_saw_go_only_the_absence_is_told(house: Running) -> None:
    ticket = await house.ticket()
    desk = await house.desk("kari")
    await desk.opens("heimbud", ticket["conversation"])
    assert "since" not in await desk.got("agent_ephemeral", present=False)
