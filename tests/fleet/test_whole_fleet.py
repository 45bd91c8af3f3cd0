"""All of it, as `make fleet` starts it: three handoff processes, two Rasas, nginx before them."""

from __future__ import annotations

import asyncio
import signal
import tempfile
from collections.abc import Iterator
from contextlib import AsyncExitStack
from pathlib import Path

import httpx
import psutil
import pytest
from playwright.async_api import async_playwright

from tests.acceptance.test_story import Widget, desk
from tests.fleet.chat import Chat, chat
from tests.whole import Whole, whole

PARCELS = ("HB33019246", "HB12345678")
BOTS = (1, 2)
# Which Rasa a conversation asks first hangs on its random id: of so many, one asks each.
MOST_PAGES = 20


@pytest.fixture(scope="module")
def running() -> Iterator[Whole]:
    # Not below pytest's folder: as root, PostgreSQL runs as somebody whom that keeps out.
    with (
        tempfile.TemporaryDirectory(prefix="stafett-fleet-", dir="/tmp") as folder,
        whole(Path(folder), fleet=True) as started,
    ):
        yield started


def part(running: Whole, setting: str, number: int) -> psutil.Process:
    """The process that listens on that port of that member."""
    port = running.ports[setting] + 100 * number
    listeners = psutil.net_connections(kind="tcp")
    pid = next(c.pid for c in listeners if c.laddr[1:] == (port,) and c.status == "LISTEN")
    return psutil.Process(pid)


def log_of(running: Whole, bot: int) -> str:
    return (running.folder / "logs" / f"bot-{bot}.log").read_text("utf-8")


def turns(running: Whole, bot: int) -> int:
    """How many turns that Rasa has taken."""
    return log_of(running, bot).count("action=turn ")


async def errand(page: Chat, parcel: str) -> None:
    """What is remembered of the first line is needed for the second."""
    await page.asks_the_bot("hvor er pakken min?")
    answers = await page.asks_the_bot(parcel)
    assert any(parcel in text for text in answers), answers


async def test_customers_talk_to_the_bot_while_parts_of_the_fleet_go(running: Whole) -> None:
    async with AsyncExitStack() as stack:
        site = running.site("heimbud")
        pages: list[Chat] = []
        while len(pages) < MOST_PAGES and not all(turns(running, bot) for bot in BOTS):
            more = [await stack.enter_async_context(chat(running.web, site)) for _ in range(4)]
            await asyncio.gather(*(errand(page, PARCELS[0]) for page in more))
            pages += more

        stopping = part(running, "WEB_PORT", 1)
        talking = [asyncio.create_task(errand(page, PARCELS[1])) for page in pages]
        await asyncio.sleep(0.2)
        stopping.send_signal(signal.SIGTERM)
        await asyncio.gather(*talking)
        assert {code for page in pages for code in page.codes} == {1012}

        dying = part(running, "RASA_PORT", 1)
        talking = [asyncio.create_task(errand(page, PARCELS[0])) for page in pages]
        await asyncio.sleep(0.2)
        dying.kill()
        await asyncio.gather(*talking)
        for page in pages:
            notices = [line for line in page.lines if line["author"] == "system"]
            assert not notices, notices
            said = [line["text"] for line in page.lines if line["author"] == "customer"]
            asked = "hvor er pakken min?"
            assert said == [asked, PARCELS[0], asked, PARCELS[1], asked, PARCELS[0]]
    for bot in BOTS:
        assert turns(running, bot), f"Rasa {bot} was never asked"
        assert "lock_unshared" not in log_of(running, bot)


async def test_a_customer_and_an_agent_in_browsers_reach_it_by_the_one_port(
    running: Whole, chromium: str
) -> None:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", "--mute-audio"]
        )
        await desk(browser, running, 0)  # which waits for its websocket
        page = await browser.new_page(locale="nb-NO")
        widget = Widget(page)
        await widget.open(f"{running.site('heimbud')}/")
        assert "sporingsnummer" in (await widget.say("hvor er pakken min?")).lower()
        await browser.close()


def test_the_other_commands_find_the_fleet(running: Whole) -> None:
    told = dict(
        line.split("=", 1) for line in (running.folder / "fleet.env").read_text().splitlines()
    )
    assert told["DATABASE_URL"].startswith("postgresql://")
    assert (running.folder / "fleet.env").stat().st_mode & 0o077 == 0


def test_what_is_internal_is_told_by_no_public_port(running: Whole) -> None:
    assert httpx.get(f"{running.web}/metrics").status_code == 404
    public = httpx.get(f"{running.web}/ready").json()
    assert public["parts"]["bot"] == public["parts"]["fanout"] == "ok"
