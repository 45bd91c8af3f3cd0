"""Numbers a customer should not have written are nowhere: no table, log, file, nor at the bot."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import sys
from pathlib import Path

import httpx
import pytest
import structlog

from handoff.errors import StoreError
from handoff.logs import set_up_logs
from handoff.privacy import is_account_number, is_card_number, is_identity_number, mask
from tests.canary import (
    ACCOUNT,
    CANARIES,
    CARD,
    IDENTITY,
    hits_in,
    hits_in_files,
    hits_in_sqlite,
    ways_to_write,
)
from tests.service.pages import cmid
from tests.service.running import running


def test_the_canaries_are_what_they_claim_to_be() -> None:
    assert is_identity_number(IDENTITY)
    assert is_account_number(ACCOUNT)
    assert is_card_number(CARD)


@pytest.mark.parametrize("number", CANARIES.values())
def test_the_search_finds_every_way_to_write_and_the_mask_hides_it(number: str) -> None:
    for text in ways_to_write(number):
        assert hits_in("here", f"se {text}."), text
        assert not hits_in("here", mask(f"se {text}.").text), text


async def raw_get(port: int, path: str) -> None:
    """A request whose client logs nothing."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
    await reader.read()
    writer.close()


async def test_a_forbidden_number_is_stored_logged_and_sent_nowhere(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    before = structlog.get_config()
    logging.getLogger().setLevel(logging.DEBUG)
    set_up_logs("debug")
    structlog.configure(logger_factory=structlog.WriteLoggerFactory(sys.stderr))
    caplog.set_level(logging.DEBUG)
    shown: list[str] = []
    async with running(tmp_path) as house:
        await house.staff("kari")
        visitor = "ab" * 16
        pages = {"page": f"http://127.0.0.1/min-side/{IDENTITY}/x%20{ACCOUNT}"}
        page = await house.customer(visitor=visitor, language="nb", **pages)
        conversation = str((await page.got("welcome"))["conversation"])
        for fault in (None, "error", "dies", "dies_after", "empty", "nonsense", "slow:0.3"):
            for number in CANARIES.values():
                for text in ways_to_write(number):
                    if fault is not None:
                        house.bot.orders.append(fault)
                    await page.says(f"nummeret er {text}, altså {text}")
                if fault is not None:
                    break
        house.bot.orders.clear()
        same = cmid()
        await page.says(f"id {IDENTITY}", same)
        assert await page.refused("send", cmid=same, text=f"annet {CARD}") == "id_reuse"
        await page.asks("ask_person")
        form = {"name": f"Anne {IDENTITY}", "reach": f"a@b.no {CARD}", "text": f"konto {ACCOUNT}"}
        await page.asks("leave_contact", **form)
        await page.asks("ask_person")

        desk = await house.desk("kari")
        control = await desk.takes("heimbud", conversation)
        await desk.opens("heimbud", conversation)
        what = {"client": "heimbud", "conversation": conversation}
        await desk.says(**what, control=control, text=f"ser {IDENTITY} og {CARD}")
        stale = await desk.says(**what, control=control - 1, text=f"utkast {IDENTITY}")
        assert stale["code"] == "stale_control"
        await desk.send("note", **what, cmid=cmid(), text=f"notat {ACCOUNT} konto")
        lookup = {"operation": "track_parcel", "arguments": {"tracking_number": IDENTITY}}
        headers = house.as_("kari")
        await house.http.post("/api/desk/heimbud/lookup", json=lookup, headers=headers)
        login = {"login": f"{IDENTITY}@b.no", "password": CARD}
        await house.http.post("/api/login", json=login, headers={"Origin": house.desk_origin})
        await raw_get(house.settings.web_port, f"/{IDENTITY}?{CARD}={ACCOUNT}")
        await raw_get(house.settings.ws_port, f"/{IDENTITY}?{CARD}={ACCOUNT}")
        await house.http.post("/api/login", content=f"{{{CARD}", headers=headers)
        torn = await house.customer_socket()
        await torn.socket.send(f'{{"t":"{IDENTITY}"}}')
        await torn.closed()
        slots = {"delivery_note": CARD, "postcode": None, "damage": f"{IDENTITY} x"}
        handed = await desk.command("hand_back", **what, control=control, slots=slots)
        assert handed["ok"], handed

        async def refuse(*args: object) -> None:
            raise StoreError("The disk is full.")

        store = house.service.store
        write, store.write = store.write, refuse  # type: ignore[method-assign,assignment]
        assert await page.refused("send", cmid=cmid(), text=IDENTITY) == "store_failed"
        store.write = write  # type: ignore[method-assign]
        await page.closed()
        page = await house.customer(visitor=visitor)
        with contextlib.suppress(httpx.TimeoutException):  # gone before the answer
            async with httpx.AsyncClient(timeout=0.01) as hasty:
                await hasty.post(
                    f"{house.settings.public_url}/api/clients/heimbud/tickets",
                    json={"visitor": visitor, "page": f"https://x.no/{IDENTITY}"},
                    headers={"Origin": house.origin()},
                )
        await page.send("send", cmid=cmid(), text=f"og borte {CARD}")
        page.kill()
        again = await house.customer(visitor=visitor)
        await again.says("er du der?")
        shown += [repr(again.frames), repr(desk.frames), repr(page.frames)]
        hits = hits_in_sqlite(tmp_path / "stafett.db")
        assert len(again.lines) > 50
        assert house.bot.raw
    hits += hits_in_files(tmp_path)
    hits += [hit for raw in house.bot.raw for hit in hits_in("bot", raw.decode())]
    hits += [hit for frames in shown for hit in hits_in("frames", frames)]
    structlog.configure(**before)
    out, err = capfd.readouterr()
    assert "action" in err
    # The customers' own end of the wire lives in this process too.
    ours = [r for r in caplog.records if r.name != "websockets.client"]
    hits += hits_in("log", out + err + "\n".join(record.getMessage() for record in ours))
    hits += [hit for r in ours if r.exc_text for hit in hits_in(f"log {r.name}", r.exc_text)]
    assert hits == []
