"""How a customer's socket is opened, fed, resumed and closed."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
from websockets.exceptions import InvalidStatus

from handoff.bridge.turns import BotTurns
from handoff.bridge.unit_of_work import channel_of
from handoff.errors import StoreError
from handoff.ports import Unit
from handoff.protocol.codes import Close
from handoff.tokens import new_id
from tests.service.pages import Customer, cmid
from tests.service.running import Running, running


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[Running]:
    async with running(tmp_path) as started:
        yield started


async def test_a_line_is_acked_shown_and_answered(house: Running) -> None:
    page = await house.customer()
    seq = await page.says("hvor er pakken")
    mine = await page.line(lambda line: line["author"] == "customer")
    answer = await page.line(lambda line: line["author"] == "bot" and line["seq"] > seq)
    assert (mine["seq"], mine["text"]) == (seq, "hvor er pakken")
    assert answer["text"] == "Svar: hvor er pakken"


async def test_the_same_line_again_gets_the_same_ack_and_another_under_its_id_is_refused(
    house: Running,
) -> None:
    page, same = await house.customer(), cmid()
    first = await page.says("hei", same)
    mark = len(page.frames)
    await page.send("send", cmid=same, text="hei")
    assert (await page.got("ack", mark, cmid=same))["seq"] == first
    assert await page.refused("send", cmid=same, text="noe annet") == "id_reuse"
    assert await page.refused("ask_person", cmid=same) == "id_reuse"
    assert page.texts.count("hei") == 1


async def test_a_killed_page_resumes_with_exactly_what_it_missed(house: Running) -> None:
    visitor = new_id()
    page, other = await house.customer(visitor=visitor), await house.customer(visitor=visitor)
    await page.says("en")
    await page.line(lambda line: line["text"] == "Svar: en")
    seen = page.lines[-1]["seq"]
    welcome = await page.got("welcome")
    page.kill()
    for text in ("to", "tre"):
        await other.says(text)
        await other.line(lambda line, text=text: line["text"] == f"Svar: {text}")  # type: ignore[misc]
    again = await house.customer_socket()
    await again.hello(resume_token=welcome["resume_token"])
    batch = await again.resume(welcome["epoch"], seen)
    assert batch["first"] == seen + 1
    shown = page.lines + again.lines
    assert [line["seq"] for line in shown] == list(range(1, len(shown) + 1))
    assert [line["text"] for line in shown] == other.texts


async def test_the_first_frame_is_the_welcome_also_when_the_agent_types_meanwhile(
    house: Running,
) -> None:
    visitor = new_id()
    first = await house.customer(visitor=visitor)
    conversation = (await first.got("welcome"))["conversation"]
    store, fanout = house.service.store, house.service.bridge._fanout
    read = store.read

    async def read_while_the_agent_types(work: Callable[[Unit], object]) -> object:
        answer = await read(work)
        for note in ("agent_typing:1", "agent_seen:1"):
            fanout.publish(channel_of(conversation), note)
        await asyncio.sleep(0.05)
        return answer

    ticket = (await house.ticket(visitor=visitor))["ticket"]
    store.read = read_while_the_agent_types  # type: ignore[method-assign, assignment]
    page = await house.customer_socket()
    await page.hello(ticket)
    store.read = read  # type: ignore[method-assign]
    assert page.frames[0]["t"] == "welcome"
    await first.got("ephemeral", seen=1)


async def test_what_is_sent_behind_a_line_the_disk_refused_comes_after_it(house: Running) -> None:
    visitor = new_id()
    page = await house.customer(visitor=visitor)
    await page.says("en")
    store, bot_turns = house.service.store, BotTurns.__module__
    write = store.write

    async def refuse_once(work: Callable[..., object]) -> object:
        if work.__module__ == bot_turns:  # the answer to the first line may be on its way still
            return await write(work)
        store.write = write  # type: ignore[method-assign]
        raise StoreError("The disk is full.")

    store.write = refuse_once  # type: ignore[method-assign,assignment]
    lines = [(cmid(), "to"), (cmid(), "tre")]
    for id_, text in lines:
        await page.send("send", cmid=id_, text=text)
    assert await page.closed() == Close.OVERLOAD
    problems = [frame for frame in page.frames if frame["t"] == "problem"]
    assert [(one["code"], one["cmid"]) for one in problems] == [("store_failed", lines[0][0])]

    again = await house.customer(visitor=visitor)
    assert "tre" not in again.texts
    for id_, text in lines:
        await again.says(text, id_)
    await again.line(lambda line: line["text"] == "Svar: tre")
    said = [line["text"] for line in again.lines if line["author"] == "customer"]
    assert said == ["en", "to", "tre"]


async def test_two_tabs_show_the_same_conversation(house: Running) -> None:
    visitor = new_id()
    tabs = [await house.customer(visitor=visitor) for _ in range(2)]
    await tabs[0].says("fra den ene")
    await tabs[1].says("fra den andre")
    for tab in tabs:
        await tab.line(lambda line: line["text"] == "Svar: fra den andre")
    assert tabs[0].lines == tabs[1].lines


async def test_a_page_of_another_epoch_is_told_to_begin_anew(house: Running) -> None:
    page = await house.customer()
    await page.says("hei")
    await page.line(lambda line: line["text"] == "Svar: hei")
    welcome, mark = await page.got("welcome"), len(page.frames)
    await page.send("resume", epoch=new_id(), after=3)
    assert (await page.got("reset", mark))["epoch"] == welcome["epoch"]
    assert (await page.got("batch", mark))["first"] == 1


HELLO = {"t": "hello", "v": 1}


@pytest.mark.parametrize(
    ("frame", "code"),
    [
        ({"t": "beat"}, 1008),
        ({"t": "resume", "epoch": "e" * 32, "after": 0}, 1008),
        ({"t": "send", "cmid": cmid(), "text": "hei"}, 1008),
        ({**HELLO, "v": 2, "ticket": "x"}, 1008),
        (HELLO, 1008),
        ({**HELLO, "ticket": "x", "resume_token": "y"}, 1008),
        ({**HELLO, "ticket": "not.ours"}, 4001),
        ({**HELLO, "resume_token": "not.ours"}, 4001),
        ({**HELLO, "ticket": "x", "more": 1}, 1008),
    ],
)
async def test_a_first_frame_that_is_no_good_hello_ends_the_connection(
    house: Running, frame: dict[str, object], code: int
) -> None:
    page = await house.customer_socket()
    await page.socket.send(json.dumps(frame))
    assert await page.closed() == code
    assert [frame["t"] for frame in page.frames] == ["problem"]


async def test_a_ticket_or_token_opens_one_door_once(house: Running) -> None:
    ticket = (await house.ticket())["ticket"]
    page = await house.customer_socket()
    welcome = await page.hello(ticket)
    await house.staff("kari")
    wrong = [
        ("heimbud", {"ticket": ticket}),  # used before
        ("varde", {"ticket": (await house.ticket())["ticket"]}),
        ("varde", {"resume_token": welcome["resume_token"]}),
        ("heimbud", {"ticket": welcome["resume_token"]}),
        ("heimbud", {"resume_token": (await house.ticket())["ticket"]}),
        ("heimbud", {"ticket": await house.desk_ticket("kari")}),
    ]
    for client, given in wrong:
        page = await house.customer_socket(client)
        await page.send("hello", v=1, **given)
        assert await page.closed() == 4001, (client, given.keys())


@pytest.mark.parametrize(
    "frame",
    [
        "",
        "{",
        "[]",
        "null",
        '{"t":"send"}',
        '{"t":"send","cmid":1,"text":"x"}',
        '{"t":"send","cmid":"x","text":"hei"}',
        '{"t":"send","cmid":"0f8fad5b-d9cb-469f-a165-70867728950e","text":""}',
        '{"t":"send","cmid":"0f8fad5b-d9cb-469f-a165-70867728950e","text":"\\ud800x"}',
        '{"t":"claim"}',
        '{"t":"say"}',
        '{"t":"hello","v":1,"ticket":"x"}',
        '{"t":"seen","seq":-1}',
        '{"t":"seen","seq":1e400}',
        '{"t":"choose","cmid":"0f8fad5b-d9cb-469f-a165-70867728950e","choice":"all"}',
        '{"t":"rate","cmid":"0f8fad5b-d9cb-469f-a165-70867728950e","stars":6}',
        "[" * 10_000,
    ],
)
async def test_a_malformed_frame_ends_in_one_clear_error(house: Running, frame: str) -> None:
    page = await house.customer()
    mark = len(page.frames)
    await page.socket.send(frame)
    assert await page.closed() == 1008
    (problem,) = page.frames[mark:]
    assert (problem["t"], problem["code"]) == ("problem", "bad_frame")


async def test_bytes_that_are_no_text_end_in_one_clear_error(house: Running) -> None:
    page = await house.customer()
    await page.socket.send(b"\xff\xfe{}")
    assert await page.closed() == 1008


async def test_what_cannot_be_done_is_said_and_the_connection_stays(house: Running) -> None:
    page = await house.customer()
    assert await page.refused("send", cmid=cmid(), text=" \n\u200b ") == "bad_input"
    assert await page.refused("send", cmid=cmid(), button={"seq": 1, "index": 0}) == "not_found"
    blank = {"name": "   ", "reach": "   ", "text": ""}
    assert await page.refused("leave_contact", cmid=cmid(), **blank) == "bad_input"
    assert await page.says("hei") > 0


async def test_a_frame_above_64_kib_closes_with_1009(house: Running) -> None:
    page = await house.customer()
    await page.socket.send("x" * 70_000)
    assert await page.closed() == 1009
    parts = await house.customer()
    await parts.socket.send(["x" * 10_000] * 8)
    assert await parts.closed() == 1009


async def test_a_frame_in_many_fragments_is_one_frame(house: Running) -> None:
    page, id_ = await house.customer(), cmid()
    await page.socket.send(list(json.dumps({"t": "send", "cmid": id_, "text": "x" * 2_000})))
    assert (await page.got("ack", cmid=id_))["seq"] > 0


async def test_compression_is_never_agreed_to(house: Running) -> None:
    page = await house.customer_socket()
    response = page.socket.response
    assert response is not None
    offer = (
        f"GET /customer/heimbud HTTP/1.1\r\nHost: x\r\nOrigin: {house.origin()}\r\n"
        "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
        "Sec-WebSocket-Extensions: permessage-deflate\r\n\r\n"
    )
    reader, writer = await asyncio.open_connection("127.0.0.1", house.settings.ws_port)
    writer.write(offer.encode())
    answer = await reader.readuntil(b"\r\n\r\n")
    assert b"101" in answer.split(b"\r\n")[0]
    assert b"extensions" not in answer.lower()
    writer.write(bytes([0xC1, 0x80 | 4, 0, 0, 0, 0, 1, 2, 3, 4]))  # claims to be compressed
    assert int.from_bytes((await reader.read(64))[2:4]) == 1002
    writer.close()


async def test_a_flood_of_frames_closes_with_1013(house: Running) -> None:
    page = await house.customer()
    for _ in range(150):
        await page.send("typing", on=True)
    assert await page.closed() == 1013


@pytest.mark.parametrize(
    "origins",
    [[], ["null"], ["http://evil.example"], ["http://127.0.0.1:1"], ["own", "own"]],
    ids=["missing", "null", "foreign", "other port", "doubled"],
)
async def test_a_page_of_another_origin_is_refused_before_the_upgrade(
    house: Running, origins: list[str]
) -> None:
    for url, own in (
        (house.customer_url(), house.origin()),
        (house.agent_url, house.desk_origin),
    ):
        headers = [("Origin", own if origin == "own" else origin) for origin in origins]
        with pytest.raises(InvalidStatus) as refused:
            await Customer.open(url, None, headers=headers)
        assert refused.value.response.status_code == 403


async def test_one_clients_site_cannot_open_anothers_socket(house: Running) -> None:
    with pytest.raises(InvalidStatus) as refused:
        await Customer.open(house.customer_url("varde"), house.origin("heimbud"))
    assert refused.value.response.status_code == 403


@pytest.mark.parametrize(
    ("path", "status"),
    [("/customer/heimbud?ticket=x", 400), ("/customer/nobody", 404), ("/", 404), ("/heimbud", 404)],
)
async def test_only_plain_known_paths_are_served(house: Running, path: str, status: int) -> None:
    with pytest.raises(InvalidStatus) as refused:
        await Customer.open(house.settings.public_ws_url + path, house.origin())
    assert refused.value.response.status_code == status


async def test_a_closed_service_tells_pages_to_come_back(tmp_path: Path) -> None:
    async with running(tmp_path) as house:
        page = await house.customer()
        stays = house.stack.pop_all()
    assert await page.closed() == 1012
    await stays.aclose()


async def test_connections_are_counted_by_the_true_address(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("handoff.gateways.server.MOST_PER_ADDRESS", 2)
    async with running(tmp_path) as house:
        for address in ("203.0.113.1", "203.0.113.2"):
            await house.customer_socket(headers={"X-Forwarded-For": address})
        forged = [("X-Forwarded-For", "203.0.113.3"), ("X-Forwarded-For", "203.0.113.4")]
        with pytest.raises(InvalidStatus) as refused:
            await house.customer_socket(headers=forged)
        assert refused.value.response.status_code == 429


async def test_a_trusted_proxy_speaks_for_its_callers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("handoff.gateways.server.MOST_PER_ADDRESS", 2)
    async with running(tmp_path, TRUSTED_PROXIES="127.0.0.1") as house:
        for claim in ("198.51.100.1", "198.51.100.2"):
            await house.customer_socket(headers={"X-Forwarded-For": f"{claim}, 203.0.113.1"})
        await house.customer_socket(headers={"X-Forwarded-For": "203.0.113.9"})
        doubled = [("X-Forwarded-For", "203.0.113.7"), ("X-Forwarded-For", "203.0.113.1")]
        with pytest.raises(InvalidStatus) as refused:
            await house.customer_socket(headers=doubled)
        assert refused.value.response.status_code == 429


async def test_a_later_resume_moves_the_cursor_also_while_the_first_is_read(
    house: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = await house.customer()
    await page.says("hei")
    await page.line(lambda line: line["text"] == "Svar: hei")
    read = house.service.store.read

    async def slowly(work: Callable[[Unit], object]) -> object:
        found = await read(work)
        await asyncio.sleep(0.2)
        return found

    monkeypatch.setattr(house.service.store, "read", slowly)
    epoch, newest, mark = page.frames[0]["epoch"], page.lines[-1]["seq"], len(page.frames)
    await page.send("resume", epoch=epoch, after=newest - 1)
    await asyncio.sleep(0.1)  # its read is under way
    await page.send("resume", epoch=epoch, after=0)
    await page.got("batch", first=1, last=newest, after=mark)
