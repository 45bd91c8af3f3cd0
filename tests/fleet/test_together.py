"""Processes that share a database and Redis serve as one."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path
from typing import Any

from handoff.core.roster import Status
from tests.fleet.fleet import Fleet, fleet
from tests.redis_server import RedisServer
from tests.service.pages import Customer, Desk, cmid

QUICK_SECONDS = 1.0
RESCAN_SECONDS = 8.0


async def taken(one: Fleet, customer: Customer, desk: Desk) -> dict[str, Any]:
    """The customer asks for a person and the agent takes the chat: what `says` wants to know."""
    conversation = customer.frames[0]["conversation"]
    await customer.asks("ask_person")
    control = await desk.takes("heimbud", conversation)
    await desk.opens("heimbud", conversation)
    return {"client": "heimbud", "conversation": conversation, "control": control}


async def test_a_customer_and_an_agent_at_two_processes_talk(
    postgres_server: str, redis: RedisServer, tmp_path: Path
) -> None:
    async with fleet(postgres_server, redis, tmp_path) as both:
        customer, desk = await both[0].customer(), await both[1].desk("kari")
        where = await taken(both, customer, desk)
        began = time.monotonic()
        for number in range(10):
            await customer.says(f"spørsmål {number}")
            await desk.until(lambda f, n=number: f"spørsmål {n}" in str(f.get("line")))  # type: ignore[misc]
            await desk.says(**where, text=f"svar {number}")
            await customer.line(lambda line, n=number: line.get("text") == f"svar {n}")  # type: ignore[misc]
        assert (time.monotonic() - began) / 10 < QUICK_SECONDS, "not woken but found by rescan"
        await customer.send("typing", on=True)
        await desk.got("agent_ephemeral", typing=True)
        place = {key: where[key] for key in ("client", "conversation")}
        await desk.send("agent_typing", **place, on=True)
        await customer.got("ephemeral", typing="agent")


async def test_of_agents_who_claim_at_two_processes_one_wins(
    postgres_server: str, redis: RedisServer, tmp_path: Path
) -> None:
    async with fleet(postgres_server, redis, tmp_path) as both:
        desks = [await both[n].desk(login, capacity=20) for n, login in enumerate(("kari", "ola"))]
        for _ in range(10):
            customer = await both[0].customer()
            conversation = customer.frames[0]["conversation"]
            await customer.asks("ask_person")
            rows = [await desk.waiting(conversation) for desk in desks]
            results = await asyncio.gather(
                *(
                    desk.command(
                        "claim",
                        client="heimbud",
                        conversation=conversation,
                        handoff=row["handoff"],
                        control=row["control"],
                    )
                    for desk, row in zip(desks, rows, strict=True)
                )
            )
            assert sorted(result["ok"] for result in results) == [False, True]
            (lost,) = [result for result in results if not result["ok"]]
            assert lost["code"] in ("taken", "stale_control")
        agents = await both.store.read(lambda unit: unit.agents.all())
        held = await both.store.read(
            lambda unit: [len(unit.queue.held_by(agent.id)) for agent in agents]
        )
        assert [agent.active for agent in agents] == held
        assert sum(held) == 10


async def test_an_agent_who_comes_back_to_another_process_has_the_same_chats(
    postgres_server: str, redis: RedisServer, tmp_path: Path
) -> None:
    async with fleet(postgres_server, redis, tmp_path) as both:
        customer, desk = await both[0].customer(), await both[0].desk("kari")
        where = await taken(both, customer, desk)
        await desk.says(**where, text="Hei!")
        both[0].kill()
        again = await both[1].desk("kari")
        mine = again.frames[0]["mine"]
        assert [one["conversation"] for one in mine] == [where["conversation"]]
        batch = await again.opens("heimbud", where["conversation"])
        assert [line["body"].get("text") for line in batch["lines"]].count("Hei!") == 1
        assert (await again.says(**where, text="Der er jeg igjen."))["t"] == "agent_ack"


async def test_a_ticket_is_good_at_any_process_and_once_in_all(
    postgres_server: str, redis: RedisServer, tmp_path: Path
) -> None:
    async with fleet(postgres_server, redis, tmp_path) as both:
        for _ in range(10):
            ticket = (await both[0].ticket())["ticket"]
            pages = [await member.customer_socket() for member in both.members]
            for page in pages:
                await page.send("hello", v=1, ticket=ticket)
            firsts = [await page.until(lambda frame: True) for page in pages]
            assert sorted(frame["t"] for frame in firsts) == ["problem", "welcome"]
            refused = pages[[frame["t"] for frame in firsts].index("problem")]
            assert await refused.closed() == 4001


async def test_an_agent_at_one_process_is_on_duty_for_all_until_that_process_dies(
    postgres_server: str, redis: RedisServer, tmp_path: Path
) -> None:
    more = {"LEASE_SECONDS": 10, "AGENT_HEARTBEAT_SECONDS": 2}
    async with fleet(postgres_server, redis, tmp_path, **more) as both:
        desk = await both[1].desk("kari")

        async def status() -> Status:
            (agent,) = await both.store.read(lambda unit: unit.agents.all())
            return agent.status

        until = time.monotonic() + 18
        while time.monotonic() < until:
            assert await status() is Status.ONLINE
            await asyncio.sleep(0.5)
        assert desk.code is None
        both[1].kill()
        async with asyncio.timeout(20):
            while await status() is not Status.OFFLINE:
                await asyncio.sleep(0.2)


async def test_without_redis_messages_come_a_little_later_and_then_quickly_again(
    postgres_server: str, redis: RedisServer, tmp_path: Path
) -> None:
    async with fleet(postgres_server, redis, tmp_path) as both:
        customer, desk = await both[0].customer(), await both[1].desk("kari")
        where = await taken(both, customer, desk)

        async def seconds(text: str) -> float:
            """From the agent's ack to the customer's screen."""
            await desk.says(**where, text=text)
            began = time.monotonic()
            await customer.line(lambda line: line.get("text") == text)
            return time.monotonic() - began

        assert await seconds("før") < QUICK_SECONDS
        redis.kill()
        assert await seconds("uten") < RESCAN_SECONDS
        assert await seconds("fortsatt uten") < RESCAN_SECONDS
        other = await both[0].customer()
        await other.asks("ask_person")  # the line is looked at again as well
        await desk.waiting(other.frames[0]["conversation"])
        redis.start()
        quick = 0
        async with asyncio.timeout(60):
            while quick < 3:  # one may come at the moment of a rescan
                quick = quick + 1 if await seconds(cmid()) < 0.3 else 0
        assert await seconds("etter") < QUICK_SECONDS
        texts = [line["text"] for line in customer.lines if line["author"] == "agent"]
        assert len(texts) == len(set(texts))


async def test_an_agent_sees_whether_the_customer_at_another_process_is_there(
    postgres_server: str, redis: RedisServer, tmp_path: Path
) -> None:
    async with fleet(postgres_server, redis, tmp_path) as both:
        customer, desk = await both[0].customer(), await both[1].desk("kari")
        await taken(both, customer, desk)
        await desk.got("agent_ephemeral", present=True)
        mark = len(desk.frames)
        await customer.leave()
        gone = await desk.got("agent_ephemeral", mark, present=False)
        assert abs(gone["since"] - time.time()) < 5
        token = customer.frames[0]["resume_token"]
        mark = len(desk.frames)
        await (await both[1].customer_socket()).hello(resume_token=token)
        await desk.got("agent_ephemeral", mark, present=True)
