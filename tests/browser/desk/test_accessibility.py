"""axe-core finds nothing to complain about in any state, light or dark, wide or narrow."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.async_api import Page, expect

from handoff.settings import ROOT
from tests.browser.desk import cases
from tests.browser.desk.conftest import Desks
from tests.browser.desk.stage import Stage

AXE = (ROOT / "tests" / "browser" / "vendor" / "axe-core" / "axe.min.js").read_text("utf-8")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]


async def complaints(page: Page) -> list[str]:
    """What axe finds, each as rule and element."""
    if not await page.evaluate("'axe' in window"):
        await page.evaluate(AXE)
    found: dict[str, Any] = await page.evaluate(
        "rules => axe.run(document, {runOnly: rules, resultTypes: ['violations']})", RULES
    )
    return [
        f"{one['id']}: {node['html'][:160]} – {node['any'][0]['message'] if node['any'] else ''}"
        for one in found["violations"]
        for node in one["nodes"]
    ]


@pytest.mark.parametrize(
    ("width", "height", "scheme"),
    [(1440, 900, "light"), (1440, 900, "dark"), (1024, 768, "dark"), (390, 844, "light")],
)
async def test_no_state_breaks_a_rule(
    stage: Stage, desks: Desks, width: int, height: int, scheme: str
) -> None:
    await stage.agent("Kari Nordli")
    await stage.agent("Ola Dahle")
    page = await desks.page(width=width, height=height, scheme=scheme)

    async def check(state: str) -> None:
        assert await complaints(page) == [], state

    await page.goto(f"{stage.url}/desk")
    await page.get_by_role("button", name="Logg inn", exact=True).click()
    await check("login with an error")
    await desks.login(page, stage.url, "kari", online=False)
    await check("off")
    await page.get_by_role("radio", name="På", exact=True).check(force=True)
    await expect(page.get_by_text("Ingen venter")).to_be_visible()
    await check("empty queue")
    for case in cases.ALL:
        await stage.waits(case)
    await expect(page.locator(".queue-row")).to_have_count(6)
    await check("full queue")
    await (
        page.get_by_role("button", name="Pakke ikke mottatt")
        .or_(page.locator(".queue-row", has_text="Pakke ikke mottatt").locator(".take"))
        .first.click()
    )
    await page.locator("#composer-text").fill("Hei, jeg ser på dette nå. https://heimbud.example")
    await page.keyboard.press("Enter")
    await expect(page.locator(".receipt")).to_be_visible()
    await page.locator(".nlu summary").last.click()
    await check("a chat")
    await page.get_by_role("button", name="Internt notat").click()
    await page.locator("#composer-text").fill("Et notat")
    await check("writing a note")
    await page.keyboard.press("Enter")
    await expect(page.locator(".turn.note")).to_be_visible()
    await page.get_by_role("button", name="Svar", exact=True).click()
    await page.locator("#composer-text").press_sequentially("/")
    await expect(page.get_by_role("listbox")).to_be_visible()
    await check("canned replies")
    await page.keyboard.press("Escape")
    await page.locator("#composer-text").fill("")
    if width < 1200:
        await page.get_by_role("button", name="Kort", exact=True).click()
        await check("the card")
        await page.locator(".pane-tab.for-chat").click()
    for key in "oba":
        await page.keyboard.press(f"Alt+{key}")
        await expect(page.get_by_role("dialog")).to_be_visible()
        await check(f"dialog {key}")
        await page.keyboard.press("Escape")
    await page.get_by_role("button", name="Innstillinger").click()
    await check("settings")
    await page.keyboard.press("Escape")
    await page.get_by_role("button", name="Oppgaver").click()
    await check("tasks")


async def test_the_keyboard_alone_takes_answers_and_finishes(stage: Stage, desks: Desks) -> None:
    await stage.agent("Kari Nordli")
    await stage.waits(cases.NEWSPAPER)
    page = await desks.page()
    await desks.login(page, stage.url, "kari")
    await page.locator(".take:enabled").wait_for()
    await page.keyboard.press("Tab")
    for _ in range(12):
        if await page.evaluate("document.activeElement.classList.contains('take')"):
            break
        await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")
    await expect(page.locator("#composer-text")).to_be_focused()
    await page.keyboard.type("Hei")
    await page.keyboard.press("Enter")
    await expect(page.locator(".turn.own")).to_have_count(1)
    await page.keyboard.press("Alt+a")
    await page.keyboard.press("Space")
    await page.keyboard.press("Enter")
    await expect(page.locator(".mine-row")).to_have_count(0)
