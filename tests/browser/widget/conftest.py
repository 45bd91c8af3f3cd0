"""Chromium once a run, a fresh server and a fresh browser profile each test."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, BrowserContext, ConsoleMessage, Page, async_playwright

from tests.browser.widget.stand_in import ORIGIN, StandIn, standing_in


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser(chromium: str) -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        launched = await playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield launched
        await launched.close()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def blank(browser: Browser, ports: StandIn) -> AsyncIterator[Page]:
    """An empty page of the site, for modules that need no document."""
    made = await browser.new_page()
    await made.goto(f"{ORIGIN}/blank")
    yield made
    await made.close()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def ports() -> AsyncIterator[StandIn]:
    async with standing_in() as stand_in:
        yield stand_in


@pytest_asyncio.fixture(loop_scope="session")
async def server(ports: StandIn) -> AsyncIterator[StandIn]:
    await ports.begin_anew()
    yield ports
    assert ports.wrong == []


@pytest_asyncio.fixture(loop_scope="session")
async def context(browser: Browser, server: StandIn) -> AsyncIterator[BrowserContext]:
    made = await browser.new_context(viewport={"width": 1280, "height": 800}, locale="nb-NO")
    yield made
    await made.close()


@pytest_asyncio.fixture(loop_scope="session")
async def page(context: BrowserContext) -> AsyncIterator[Page]:
    """The client's site with the widget on it, under the strictest policy a site can have.

    An uncaught error, or anything that the policy forbids, fails the test.
    """
    errors: list[str] = []
    made = await context.new_page()
    made.on("pageerror", lambda error: errors.append(str(error)))
    made.on("console", lambda line: _note(errors, line))
    await made.goto(ORIGIN)
    yield made
    assert errors == []


def _note(errors: list[str], line: ConsoleMessage) -> None:
    # Lost connections are said by the browser itself, and are what many tests are about.
    lost = ("ERR_", "WebSocket connection", "status of")
    if line.type == "error" and not any(words in line.text for words in lost):
        errors.append(line.text)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "browser/widget" in str(item.path) and item.get_closest_marker("asyncio"):
            item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)
