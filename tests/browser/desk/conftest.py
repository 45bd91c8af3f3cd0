"""Chromium once a run; a service and a browser profile of its own for each test."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, BrowserContext, Page, async_playwright

from tests.browser.desk.stage import PASSWORD, Stage, staged

HERE = Path(__file__).resolve().parent


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser(chromium: str) -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        started = await playwright.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", "--mute-audio"]
        )
        yield started
        await started.close()


@pytest_asyncio.fixture(loop_scope="session")
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    async with staged(tmp_path) as running:
        yield running


class Desks:
    """Opens desks, each in a profile of its own. Collects what no page may do."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._contexts: list[BrowserContext] = []
        self.wrong: list[str] = []

    async def page(
        self, *, width: int = 1440, height: int = 900, scheme: str = "light", locale: str = "nb-NO"
    ) -> Page:
        context = await self._browser.new_context(
            viewport={"width": width, "height": height},
            color_scheme="dark" if scheme == "dark" else "light",
            locale=locale,
            timezone_id="Europe/Oslo",
            reduced_motion="reduce",
        )
        self._contexts.append(context)
        page = await context.new_page()
        page.set_default_timeout(10_000)
        page.on("pageerror", lambda error: self.wrong.append(f"error: {error}"))
        page.on("console", lambda message: self._heard(message.text))
        page.on("dialog", lambda dialog: self.wrong.append(f"dialog: {dialog.message}"))
        return page

    async def login(self, page: Page, url: str, name: str, *, online: bool = True) -> None:
        await page.goto(f"{url}/desk")
        await page.get_by_label("Brukernavn").fill(name)
        await page.get_by_label("Passord", exact=True).fill(PASSWORD)
        await page.get_by_role("button", name="Logg inn", exact=True).click()
        await page.locator(".link-dot.up").wait_for(state="attached")
        if online:
            await page.get_by_role("radio", name="På", exact=True).check(force=True)

    def _heard(self, text: str) -> None:
        if "Content Security Policy" in text or "Refused to" in text:
            self.wrong.append(text)

    async def close(self) -> None:
        for context in self._contexts:
            await context.close()


@pytest_asyncio.fixture(loop_scope="session")
async def desks(browser: Browser) -> AsyncIterator[Desks]:
    """No desk may raise an error, open a browser's dialog or break the page's policy."""
    opened = Desks(browser)
    yield opened
    await opened.close()
    assert opened.wrong == []


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if HERE in item.path.parents and item.get_closest_marker("asyncio"):
            item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)
