"""Pictures of every state of the desk, for people to look at; each state must be reached."""

from __future__ import annotations

import uuid
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from handoff.core.roster import Status
from handoff.settings import ROOT
from tests.browser.desk import cases
from tests.browser.desk.conftest import Desks
from tests.browser.desk.stage import Stage

FOLDER = ROOT / "reports" / "pictures" / "desk"
SIZES = {"wide": (1440, 900), "tablet": (1024, 768), "phone": (390, 844)}


async def shoot(page: Page, name: str) -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    await page.wait_for_timeout(120)
    await page.screenshot(path=Path(FOLDER) / f"{name}.png")


async def people(stage: Stage) -> None:
    await stage.agent("Kari Nordli")
    ola = await stage.agent("Ola Dahle")
    await stage.agent("Siri Moen")
    await stage.agent("Jonas Hætta", clients=frozenset({"varde"}))
    await stage.bridge.set_status(ola.id, Status.ONLINE)


@pytest.mark.parametrize("size", SIZES)
async def test_every_state_can_be_seen(stage: Stage, desks: Desks, size: str) -> None:
    width, height = SIZES[size]
    await people(stage)
    page = await desks.page(width=width, height=height)

    await page.goto(f"{stage.url}/desk")
    await page.get_by_role("button", name="Logg inn", exact=True).wait_for()
    await shoot(page, f"{size}-01-login")
    await page.get_by_label("Brukernavn").fill("kari")
    await page.get_by_label("Passord", exact=True).fill("helt feil")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("alert")).to_contain_text("stemmer ikke")
    await shoot(page, f"{size}-02-login-wrong")

    await desks.login(page, stage.url, "kari")
    await expect(page.get_by_text("Ingen venter")).to_be_visible()
    await shoot(page, f"{size}-03-empty-queue")

    conversations = [await stage.waits(case) for case in cases.ALL]
    await expect(page.locator(".queue-row")).to_have_count(6)
    await shoot(page, f"{size}-04-full-queue")

    for _ in range(5):
        if size == "phone":
            await page.locator(".pane-tab.for-list").click()
        await page.locator(".take:enabled").first.click()
        await page.wait_for_timeout(250)
    if size == "phone":
        await page.locator(".pane-tab.for-list").click()
    await expect(page.locator(".mine-row")).to_have_count(5)
    parcel, coverage, claim, newspaper, _, _ = conversations
    await stage.customer_says(coverage, "Er det nokon der?")
    await stage.customer_says(claim, "Jeg sendte kvitteringen på mandag")
    await stage.customer_says(newspaper, "Hei?")
    await stage.customer_says(newspaper, "Det er nr. 40 i Sandviksveien")
    await page.wait_for_timeout(300)
    await shoot(page, f"{size}-05-five-chats")

    await page.locator(".mine-row", has_text="Pakke ikke mottatt").click()
    await page.locator("#composer-text").fill(
        "Hei, og takk for at du ventet. Jeg har lest hele samtalen, så du slipper å gjenta noe. "
        "Jeg ringer terminalen i Bergen nå."
    )
    await page.keyboard.press("Enter")
    await expect(page.locator(".turn.own .bubble")).to_have_count(1)
    await stage.customer_says(parcel, "Tusen takk! Sporing: https://www.heimbud.example/spor")
    await page.get_by_role("button", name="Internt notat").click()
    await page.locator("#composer-text").fill(
        "Snakket med Anne på terminalen. Pakken ligger i bur 14 og kan kjøres ut i kveld."
    )
    await shoot(page, f"{size}-06-note-mode")
    await page.keyboard.press("Enter")
    await expect(page.locator(".turn.note")).to_have_count(1)
    await page.get_by_role("button", name="Svar", exact=True).click()
    await page.locator(".nlu summary").nth(2).click()
    await shoot(page, f"{size}-07-understanding")
    await page.locator("#composer-text").fill("")
    await page.locator("#composer-text").press_sequentially("/le")
    await expect(page.get_by_role("listbox")).to_be_visible()
    await shoot(page, f"{size}-08-canned")
    await page.keyboard.press("Escape")
    await page.locator("#composer-text").fill("")
    if size != "wide":
        await page.locator(".pane-tab.for-card").click()
        await shoot(page, f"{size}-09-card")
        await page.locator(".pane-tab.for-chat").click()

    for key, name in (("o", "transfer"), ("b", "hand-back"), ("a", "finish")):
        await page.keyboard.press(f"Alt+{key}")
        await expect(page.get_by_role("dialog")).to_be_visible()
        await shoot(page, f"{size}-10-{name}")
        await page.keyboard.press("Escape")
    await page.locator(".log").first.focus()
    await page.keyboard.press("?")
    await shoot(page, f"{size}-11-shortcuts")
    await page.keyboard.press("Escape")
    await page.get_by_role("button", name="Innstillinger").click()
    await shoot(page, f"{size}-12-settings")
    await page.get_by_role("radio", name="Mørkt").check(force=True)
    await page.keyboard.press("Escape")
    await shoot(page, f"{size}-13-dark")
    await page.get_by_role("button", name="Innstillinger").click()
    await page.get_by_role("radio", name="Lyst").check(force=True)
    await page.get_by_role("radio", name="English").check(force=True)
    await page.keyboard.press("Escape")
    await shoot(page, f"{size}-14-english")
    await page.get_by_role("radio", name="Off", exact=True).check(force=True)
    if size == "phone":
        await page.locator(".pane-tab.for-list").click()
    await shoot(page, f"{size}-15-off")
    for name, reach, text in (
        (
            "Gro Tveit",
            "+47 912 34 567",
            "Ring meg gjerne etter klokka 16. Gjelder faktura 2218840.",
        ),
        ("Ahmed Hussain", "ahmed@eksempel.no", "Avisen mangler hver lørdag."),
        ("Berit Aune", "berit.aune@eksempel.no", ""),
    ):
        await stage.bridge.leave_contact("heimbud", parcel.id, str(uuid.uuid4()), name, reach, text)
    await page.get_by_role("button", name="Tasks").click()
    await expect(page.locator(".task")).to_have_count(3)
    await shoot(page, f"{size}-16-tasks")
