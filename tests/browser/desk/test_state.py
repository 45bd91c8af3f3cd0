"""The desk's pure modules, tried in Chromium: the cases are in `state_cases.js`."""

from __future__ import annotations

from pathlib import Path

from playwright.async_api import Route

from tests.browser.desk.conftest import Desks
from tests.browser.desk.wire import wired

CASES = Path(__file__).with_name("state_cases.js").read_text("utf-8")


async def test_every_case_of_the_pure_modules_holds(desks: Desks) -> None:
    async def serve(route: Route) -> None:
        await route.fulfill(body=CASES, content_type="text/javascript")

    async with wired() as wire:
        page = await desks.page()
        await page.route("**/desk/cases.js", serve)
        await page.goto(f"{wire.url}/desk/icon.svg")
        found = await page.evaluate("import('/desk/cases.js').then((module) => module.results())")
    assert len(found) > 20
    assert [one for one in found if one["error"]] == []
