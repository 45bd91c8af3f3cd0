"""What tests of the widget do again and again."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

from playwright.async_api import Locator, Page, expect

from handoff.protocol import messages as m
from tests.browser.widget.stand_in import HELLO, StandIn

SAY = "Skriv en melding"


def panel(page: Page) -> Locator:
    return page.get_by_role("dialog")


async def open_chat(page: Page, server: StandIn, *, greeting: bool = True) -> None:
    """Open the launcher and wait until the conversation stands."""
    if greeting and not server.lines:
        server.keep("bot", HELLO["nb"])
    await page.get_by_role("button", name="Chat med oss").click()
    await expect(page.locator(".item")).to_have_count(len(server.lines))
    await until(lambda: bool(server.sockets))


async def say(page: Page, text: str) -> None:
    await page.get_by_label(SAY).fill(text)
    await page.get_by_label(SAY).press("Enter")


async def shown(page: Page) -> list[str]:
    """The words of every bubble and notice, from the top."""
    return await page.locator(".said").all_inner_texts()


ROOT = 'document.querySelector("stafett-widget").shadowRoot'


async def until(true: Callable[[], bool], seconds: float = 10.0) -> None:
    """Wait for something that the server knows."""
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "it did not happen in time"
        await asyncio.sleep(0.02)


def queue(server: StandIn, place: int = 2, wait: float | None = 180.0) -> None:
    """The customer is put in line, as the service does it."""
    server.turn("waiting", "nobody")
    choices = ["stay", "bot", "contact", "leave"]
    text = "Jeg setter deg over til et menneske. Du slipper å forklare alt på nytt."
    server.notice("queued", text, place=place, wait=wait, staffed=True, choices=choices)
    server.send(m.Ephemeral(place=place, wait=wait, staffed=True))


def join(server: StandIn, name: str = "Ingrid") -> None:
    server.turn("agent", "agent")
    server.notice("agent_joined", f"{name} er her nå og har lest samtalen.", name=name)
