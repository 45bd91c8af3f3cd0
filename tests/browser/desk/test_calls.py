"""How the desk calls for attention, and what helps: look-ups, canned replies, an outage told."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Page, expect

from demo.systems.app import create_app
from handoff.listener import listening
from handoff.protocol import messages as m
from handoff.settings import ROOT
from tests.browser.desk import cases
from tests.browser.desk.conftest import Desks
from tests.browser.desk.stage import Stage
from tests.browser.desk.wire import TALK, batch, owned, text, wired

FOLDER = ROOT / "reports" / "pictures" / "desk"

# The browser's own sound and notifications, with a note of each that was asked for.
EARS = """
window.heard = [];
const { createOscillator } = AudioContext.prototype;
AudioContext.prototype.createOscillator = function () {
  const voice = createOscillator.call(this);
  const start = voice.start.bind(voice);
  voice.start = (at) => {
    heard.push(["sound", Math.round(voice.frequency.value)]);
    start(at);
  };
  return voice;
};
const Real = Notification;
window.Notification = class extends Real {
  constructor(title, options) {
    super(title, options);
    heard.push(["notification", options.body]);
  }
};
window.away = false;
document.hasFocus = () => !away;
"""
QUEUE_SOUND = [["sound", 523], ["sound", 784]]
MESSAGE_SOUND = [["sound", 659]]


async def listened(desks: Desks, stage: Stage) -> Page:
    page = await desks.page()
    await page.context.grant_permissions(["notifications"], origin=stage.url)
    await page.add_init_script(EARS)
    await stage.agent("Kari Nordli")
    await desks.login(page, stage.url, "kari")
    await expect(page.get_by_text("Ingen venter")).to_be_visible()
    return page


async def heard(page: Page, count: int) -> list[Any]:
    """What was asked for since last time, once there are `count`, and a moment for more."""
    await page.wait_for_function("count => heard.length >= count", arg=count)
    await page.wait_for_timeout(300)
    found: list[Any] = await page.evaluate("heard.splice(0)")
    return found


async def switch(page: Page, name: str, on: bool) -> None:
    await page.get_by_role("button", name="Innstillinger").click()
    await page.get_by_role("switch", name=name).set_checked(on, force=True)
    await page.keyboard.press("Escape")


async def peace(page: Page) -> None:
    await page.wait_for_timeout(1_600)  # at most one sound in 1.5 s


async def test_each_chosen_sound_is_played_and_none_that_is_switched_off(
    stage: Stage, desks: Desks
) -> None:
    page = await listened(desks, stage)
    one = await stage.waits(cases.NEWSPAPER)
    assert await heard(page, 2) == QUEUE_SOUND
    await page.locator(".take:enabled").click()
    await expect(page.locator(".hands").last).to_contain_text("Du tok over")
    await stage.customer_says(one, "Er du der?")  # read as it comes: no sound
    await expect(page.get_by_role("log")).to_contain_text("Er du der?")
    await peace(page)
    assert await heard(page, 0) == []
    await page.get_by_role("button", name="Oppgaver").click()
    await page.evaluate("away = true")
    await stage.customer_says(one, "Hallo?")
    assert await heard(page, 1) == MESSAGE_SOUND
    await page.evaluate("away = false")
    await switch(page, "Lyd når noen stiller seg i kø", on=False)
    await peace(page)
    await stage.waits(cases.LATE_PARCEL)
    await expect(page.locator(".bar")).to_be_visible()
    await page.get_by_role("button", name="Samtaler").click()
    await expect(page.locator(".queue-row")).to_have_count(1)
    assert await heard(page, 0) == []
    await page.get_by_role("button", name="Innstillinger").click()
    await page.get_by_role("button", name="Hør: Lyd når noen stiller seg i kø").click()
    assert await heard(page, 2) == QUEUE_SOUND  # to try it, also while it is off


async def test_a_notification_names_the_company_and_no_word_of_the_customers(
    stage: Stage, desks: Desks
) -> None:
    page = await listened(desks, stage)
    await switch(page, "Lyd når noen stiller seg i kø", on=False)
    await switch(page, "Lyd når en kunde skriver", on=False)
    await stage.waits(cases.COVERAGE)
    await expect(page.locator(".queue-row")).to_have_count(1)
    assert await heard(page, 0) == []  # not before the agent asks for them
    await switch(page, "Varsel på skrivebordet", on=True)
    await stage.waits(cases.ROADSIDE)
    await expect(page.locator(".queue-row")).to_have_count(2)
    assert await heard(page, 0) == []  # nor while the desk is looked at
    await page.evaluate("away = true")
    one = await stage.waits(cases.NEWSPAPER)
    assert await heard(page, 1) == [["notification", "Ny i køen hos Heimbud"]]
    await page.locator(".queue-row", has_text="Avis mangler").locator(".take").click()
    await expect(page.locator(".hands").last).to_contain_text("Du tok over")
    await stage.customer_says(one, "hemmelig 4471902")
    assert await heard(page, 1) == [["notification", "Ny melding fra kunde hos Heimbud"]]


async def test_notifications_the_browser_forbids_are_told_and_stay_off(
    stage: Stage, desks: Desks
) -> None:
    await stage.agent("Kari Nordli")
    page = await desks.page()
    await page.add_init_script(
        "Object.defineProperty(Notification, 'permission', { get: () => 'denied' });"
    )
    await desks.login(page, stage.url, "kari")
    await page.get_by_role("button", name="Innstillinger").click()
    await page.get_by_role("switch", name="Varsel på skrivebordet").click(force=True)
    await expect(page.get_by_role("alert")).to_contain_text("sperret varsler")
    await expect(page.get_by_role("switch", name="Varsel på skrivebordet")).not_to_be_checked()


async def test_a_look_up_is_done_again_at_the_companys_system(stage: Stage, desks: Desks) -> None:
    await stage.agent("Kari Nordli")
    await stage.waits(cases.LATE_PARCEL)
    page = await desks.page()
    await desks.login(page, stage.url, "kari")
    await page.locator(".take:enabled").click()
    look = page.locator(".look").first
    await expect(look.get_by_role("row", name="Status")).to_contain_text("Forsinket")
    again = look.get_by_role("button", name="Slå opp på nytt")
    await again.click()  # nobody answers there yet
    await expect(look).to_contain_text("Systemet svarte ikke", timeout=15_000)
    settings = stage.settings
    systems = create_app(settings.demo_systems_token, deterministic=True)
    async with listening(systems, "127.0.0.1", settings.demo_systems_port):
        async with page.expect_response("**/api/desk/heimbud/lookup") as asked:
            await again.click()
        answer = await (await asked.value).json()
        assert answer["ok"], answer
        await expect(look.get_by_role("row", name="Status")).to_be_visible()
        await expect(look).not_to_contain_text("Systemet svarte ikke")
        await expect(page.locator(".look")).to_have_count(1)  # the answer took the old one's place


async def test_canned_replies_are_found_by_slash_chosen_by_key_and_written_by_hand(
    stage: Stage, desks: Desks
) -> None:
    await stage.agent("Kari Nordli")
    await stage.waits(cases.COVERAGE)  # in Nynorsk
    page = await desks.page()
    await desks.login(page, stage.url, "kari")
    await page.locator(".take:enabled").click()
    area, found = page.locator("#composer-text"), page.get_by_role("option")
    await expect(area).to_be_focused()
    canned = stage.clients["varde"].canned
    await area.press_sequentially("/")
    await expect(found).to_have_count(len(canned))
    first, second = list(canned.values())[:2]
    await expect(found.nth(0)).to_have_attribute("aria-selected", "true")
    await page.keyboard.press("ArrowDown")
    await expect(found.nth(1)).to_have_attribute("aria-selected", "true")
    await page.keyboard.press("ArrowUp")
    await page.keyboard.press("ArrowUp")  # round the end
    await expect(found.nth(len(canned) - 1)).to_have_attribute("aria-selected", "true")
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Tab")
    await expect(area).to_have_value(second.nn)
    await area.fill("")
    await area.press_sequentially("Ja. /")
    await found.nth(0).click()
    await expect(area).to_have_value(f"Ja. {first.nn}")
    await expect(area).to_be_focused()
    await area.fill("")
    await area.press_sequentially("/finnes-ikke")
    await expect(page.get_by_text("Ingen ferdige svar på «finnes-ikke»")).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(page.locator(".canned")).to_have_count(0)
    await area.fill("")
    await area.press_sequentially("24/7 og og/eller")  # a slash inside a word is a slash
    await expect(page.locator(".canned")).to_have_count(0)
    await page.keyboard.press("Alt+i")
    await area.fill("")
    await area.press_sequentially("/")  # notes to colleagues are written by hand
    await expect(page.locator(".canned")).to_have_count(0)


@pytest.mark.parametrize(("width", "height"), [(1440, 900), (390, 844)], ids=["wide", "phone"])
async def test_an_outage_is_told_and_what_is_written_meanwhile_is_sent_after_it(
    desks: Desks, width: int, height: int
) -> None:
    async with wired() as wire:
        page = await desks.page(width=width, height=height)

        async def opened(frame: m.Open) -> None:
            await wire.send(batch(owned(1), text(2, "Hei, hvor er pakken?"), after=frame.after))

        wire.on_open = opened
        await page.goto(f"{wire.url}/desk")
        if width < 800:
            await page.locator(".pane-tab.for-chat").click()
        await expect(page.get_by_role("log")).to_contain_text("hvor er pakken")
        wire.answers_hello = False
        await wire.cut()
        banner = page.locator(".link-line")
        await expect(banner).to_contain_text("Ingen forbindelse")
        await expect(banner).to_contain_text("Prøver igjen om")
        await page.locator("#composer-text").fill("Jeg ser på det nå.")
        await page.locator("#composer-text").press("Enter")
        await expect(page.locator(".turn.pending")).to_contain_text("Venter på forbindelse")
        FOLDER.mkdir(parents=True, exist_ok=True)
        name = "wide" if width > 800 else "phone"
        await page.screenshot(path=Path(FOLDER) / f"{name}-32-offline.png")
        wire.answers_hello = True
        await page.get_by_role("button", name="Prøv nå").click()
        said = await wire.next(m.Say)
        assert (said.conversation, said.text) == (TALK, "Jeg ser på det nå.")
        await expect(banner).to_have_count(0)
