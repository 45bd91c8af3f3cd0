"""A process that is killed, and one that is told to stop, in the middle of conversations."""

from __future__ import annotations

import asyncio
import contextlib
import time
from pathlib import Path
from typing import Any

import asyncpg  # type: ignore[import-untyped]
import httpx
import pytest
from websockets.exceptions import ConnectionClosed

from handoff.core.message import Audience, Kind
from tests.fleet.fleet import Fleet, Member, fleet
from tests.fleet.test_together import taken
from tests.redis_server import RedisServer
from tests.service.pages import Customer, Desk, Frame, cmid

LINES = 40
PAUSE_SECONDS = 0.03
STOP_SECONDS = 10.0


class Widget:
    """As the real one: it resends what was not acknowledged, and resumes after what it shows."""

    def __init__(self, welcome: Frame, page: Customer, texts: list[str]) -> None:
        self.welcome = welcome
        self.page = page
        self.unsent = {cmid(): text for text in texts}
        self.shown: dict[int, str] = {}

    async def say_all(self) -> None:
        """Until everything is acknowledged; raises when the connection is lost."""
        for id_, text in list(self.unsent.items()):
            await self.page.says(text, id_)
            del self.unsent[id_]
            await asyncio.sleep(PAUSE_SECONDS)

    def look(self) -> None:
        """Take over what the page was sent, as the receiver does: in order and once."""
        for line in self.page.lines:
            if line["seq"] > len(self.shown):
                assert line["seq"] == len(self.shown) + 1, "a gap"
                self.shown[line["seq"]] = line.get("text", "")

    async def move(self, to: Member) -> None:
        self.look()
        self.page = await to.customer_socket()
        welcome = await self.page.hello(resume_token=self.welcome["resume_token"])
        assert welcome["conversation"] == self.welcome["conversation"]
        assert welcome["epoch"] == self.welcome["epoch"]
        self.welcome = welcome
        await self.page.resume(welcome["epoch"], len(self.shown))


async def widget(member: Member, texts: list[str]) -> Widget:
    page = await member.customer()
    return Widget(page.frames[0], page, texts)


def texts_of(lines: list[Frame], author: str) -> list[str]:
    return [str(line["body"]["text"]) for line in lines if line["author"] == author]


async def answers(desk: Desk, where: dict[str, Any], count: int) -> None:
    for number in range(count):
        assert (await desk.says(**where, text=f"svar {number}"))["t"] == "agent_ack"
        await asyncio.sleep(0.02)


async def staff_lines(one: Fleet, conversation: str) -> list[Frame]:
    """The whole conversation as an agent's page sees it that opens it anew."""
    desk = await one[1].desk("kari")
    batch = await desk.opens("heimbud", conversation)
    found = [line for line in batch["lines"] if line["kind"] == "text" and line["author"] != "bot"]
    assert not batch["more"]
    return found


@pytest.mark.parametrize("lived", [0.2, 0.9])
async def test_a_process_killed_in_the_middle_loses_doubles_and_reorders_nothing(
    postgres_server: str, redis: RedisServer, tmp_path: Path, lived: float
) -> None:
    async with fleet(postgres_server, redis, tmp_path) as both:
        spoken = [f"linje {number}" for number in range(LINES)]
        one, desk = await widget(both[0], spoken), await both[1].desk("kari")
        where = await taken(both, one.page, desk)
        answering = asyncio.create_task(answers(desk, where, LINES))
        speaking = asyncio.create_task(one.say_all())
        await asyncio.sleep(lived)
        both[0].kill()
        with contextlib.suppress(AssertionError, ConnectionClosed, TimeoutError):
            await speaking
        assert one.unsent, "killed too late to prove anything"
        await one.move(both[1])
        await one.say_all()
        await answering
        last = f"svar {LINES - 1}"
        await one.page.line(lambda line: line.get("text") == last)
        await one.page.line(lambda line: line.get("text") == spoken[-1])
        one.look()
        shown = list(one.shown.values())
        assert [text for text in shown if text.startswith("linje")] == spoken
        assert [t for t in shown if t.startswith("svar")] == [f"svar {n}" for n in range(LINES)]
        lines = await staff_lines(both, where["conversation"])
        assert texts_of(lines, "customer") == spoken
        assert [line["body"]["text"] for line in lines] == [
            text for text in shown if text.startswith(("linje", "svar"))
        ]


async def test_a_process_told_to_stop_ends_what_is_under_way_and_sends_pages_elsewhere(
    postgres_server: str, redis: RedisServer, tmp_path: Path
) -> None:
    async with fleet(postgres_server, redis, tmp_path) as both:
        both[1].kill()  # so that the turn is the first one's
        one, spoken = await widget(both[0], [f"linje {n}" for n in range(LINES)]), LINES
        desk = await both[0].desk("kari")
        both.bot.orders.append("slow:1")
        other = await both[0].customer()
        await other.says("hei")
        await until_asked(both)
        speaking = asyncio.create_task(one.say_all())
        await asyncio.sleep(0.2)
        began = time.monotonic()
        both[0].told_to_stop()
        assert [await page.closed() for page in (one.page, other, desk)] == [1012] * 3
        assert time.monotonic() - began < 2, "nobody waits for a turn that is not theirs"
        with contextlib.suppress(AssertionError, ConnectionClosed, TimeoutError):
            await speaking
        with pytest.raises((OSError, httpx.HTTPError)):
            await both[0].customer()
        assert await both[0].ended() == 0
        assert time.monotonic() - began < STOP_SECONDS
        texts = await spoken_in(both, other.frames[0]["conversation"])
        assert texts == ["hei", "Svar: hei"], "the turn under way was kept"
        acked = spoken - len(one.unsent)
        kept = [
            text
            for text in await spoken_in(both, one.welcome["conversation"])
            if text.startswith("linje")
        ]
        assert kept[:acked] == [f"linje {n}" for n in range(acked)]
        assert 0 < acked < spoken


async def test_a_turn_too_long_for_a_stop_is_given_back_for_another_process(
    postgres_server: str, redis: RedisServer, tmp_path: Path
) -> None:
    async with fleet(postgres_server, redis, tmp_path) as both:
        both.bot.always = "slow:14"
        one = await widget(both[0], ["hei"])
        other = await widget(both[1], ["hallo"])
        await one.say_all()
        await other.say_all()
        await until_asked(both, 2)
        both.bot.always = None
        began = time.monotonic()
        both[0].told_to_stop()
        both[1].told_to_stop()
        for member in both.members:
            assert await member.ended() == 0
        assert time.monotonic() - began < STOP_SECONDS
        for each in (one, other):
            conversation = each.welcome["conversation"]
            orders = await both.store.read(
                lambda unit, c=conversation: list(unit.outbox.of(c))  # type: ignore[attr-defined,misc]
            )
            assert [order.attempts for order in orders] == [1]
            assert await both.store.read(lambda unit: unit.outbox.due(unit.now()))


async def test_pages_that_answer_nothing_do_not_hold_up_a_stop(
    postgres_server: str, redis: RedisServer, tmp_path: Path
) -> None:
    async with fleet(postgres_server, redis, tmp_path, size=1) as alone:
        for _ in range(3):
            page = await alone[0].customer()
            page.socket.transport.pause_reading()  # type: ignore[attr-defined]
        settings = alone[0].settings
        _, half = await asyncio.open_connection("127.0.0.1", settings.ws_port)
        half.write(b"GET /customer/heimbud HTTP/1.1\r\n")
        began = time.monotonic()
        alone[0].told_to_stop()
        assert await alone[0].ended() == 0
        assert time.monotonic() - began < STOP_SECONDS
        half.close()


async def test_a_database_that_answers_nothing_does_not_hold_up_a_stop_for_long(
    postgres_server: str, redis: RedisServer, tmp_path: Path
) -> None:
    async with fleet(postgres_server, redis, tmp_path, size=1) as alone:
        customer = await alone[0].customer()
        blocking = await asyncpg.connect(alone.url)
        async with blocking.transaction():
            await blocking.execute("LOCK TABLE conversation IN ACCESS EXCLUSIVE MODE")
            await customer.send("send", cmid=cmid(), text="hei")
            await asyncio.sleep(0.3)
            began = time.monotonic()
            alone[0].told_to_stop()
            await alone[0].ended()
            assert time.monotonic() - began < STOP_SECONDS + 1.5
        await blocking.close()


async def until_asked(one: Fleet, count: int = 1) -> None:
    async with asyncio.timeout(10):
        while len(one.bot.received) < count:
            await asyncio.sleep(0.01)


async def spoken_in(one: Fleet, conversation: str) -> list[str]:
    """What customer and others said, as it is stored, without the greeting."""
    lines = await one.store.read(
        lambda unit: unit.conversations.messages(conversation, Audience.STAFF, 0, 1_000)
    )
    return [str(line.message.body["text"]) for line in lines if line.message.kind is Kind.TEXT][1:]
