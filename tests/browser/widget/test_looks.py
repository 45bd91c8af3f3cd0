"""Pictures of every state, on a phone and on a desk, for people to look at."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import pytest
from playwright.async_api import Browser, Page, expect

from handoff.protocol import messages as m
from tests.browser.widget.stand_in import HELLO, ORIGIN, StandIn
from tests.browser.widget.steps import SAY, join, open_chat, panel, queue, say, until

PICTURES = Path(__file__).resolve().parents[3] / "reports" / "screenshots" / "widget"
LEAST_BYTES = 8_000
READ = "Hei! Jeg har lest samtalen og ser at avisen manglet i går også."
ASK = (
    "Takk. Bergens Morgenblad skulle ha kommet i dag innen kl. 06.30. "
    "Skal jeg melde at den mangler?"
)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [(390, 844), (1280, 800)], ids=["phone", "desk"])
async def test_pictures_of_every_state(
    browser: Browser, server: StandIn, scheme: Literal["light", "dark"], size: tuple[int, int]
) -> None:
    context = await browser.new_context(
        viewport={"width": size[0], "height": size[1]}, color_scheme=scheme, locale="nb-NO"
    )
    page = await context.new_page()
    await page.goto(ORIGIN)
    taken: list[Path] = []

    async def picture(name: str) -> None:
        await page.wait_for_timeout(900)
        taken.append(PICTURES / f"{name}-{scheme}-{size[0]}.png")
        await page.screenshot(path=taken[-1])

    await picture("1-closed")
    await open_chat(page, server)
    await picture("2-disclosure")
    await page.get_by_role("button", name="Meny").click()
    await picture("3-menu")
    await page.keyboard.press("Escape")
    await _with_the_bot(page, server)
    await picture("4-quick-replies")
    await say(page, "Nei. Nå er jeg lei, la meg få snakke med noen!")
    await until(lambda: len(server.of(m.Send)) == 3)
    queue(server)
    await expect(page.locator(".card")).to_be_visible()
    await picture("5-waiting")
    server.notice("contact_form", "Legg igjen navn og hvordan vi når deg.", form="contact")
    await page.locator("form.card button[type=submit]").click()
    await picture("6-contact-form")
    join(server)
    server.line("agent", READ, name="Ingrid")
    server.line(
        "agent",
        "Jeg legger igjen en beskjed til budet nå, og trekker begge dagene fra på fakturaen.",
        name="Ingrid",
    )
    await say(page, "Tusen takk, så greit det ble!")
    await until(lambda: len(server.of(m.Send)) == 4)
    server.send(m.Ephemeral(seen=len(server.lines)))
    server.send(m.Ephemeral(typing="agent"))
    await picture("7-person")
    server.turn("closed", "nobody")
    server.notice("closed", "Samtalen er avsluttet.", by="agent")
    await page.get_by_role("button", name="4 av 5").click()
    await picture("8-rated")
    await server.stop_listening()
    await page.get_by_label("Skriv for å starte igjen").fill("Jo, en ting til")
    await page.keyboard.press("Enter")
    await expect(panel(page)).to_contain_text("Ingen forbindelse")
    await picture("9-offline")
    await server.listen()
    assert len(taken) == 9
    assert all(path.stat().st_size > LEAST_BYTES for path in taken)
    await context.close()


async def _with_the_bot(page: Page, server: StandIn) -> None:
    await say(page, "Kor blir det av avisa mi i dag?")
    await until(lambda: len(server.of(m.Send)) == 1)
    server.line(
        "bot", "Det var leit! Hva er abonnementsnummeret ditt? Det har seks eller sju siffer."
    )
    await say(page, "481516")
    await until(lambda: len(server.of(m.Send)) == 2)
    server.line(
        "bot",
        ASK,
        buttons=("Ja, meld fra", "Nei", "Det gjelder en annen dag"),
    )
    await expect(page.locator(".quick button")).to_have_count(3)


async def test_picture_in_english(browser: Browser, server: StandIn) -> None:
    server.language = "en"
    server.keep("bot", HELLO["en"])
    page = await browser.new_page(viewport={"width": 390, "height": 844})
    await page.goto(f"{ORIGIN}/?lang=en")
    await page.get_by_role("button", name="Chat with us").click()
    await expect(page.get_by_label("Write a message")).to_be_visible()
    await expect(page.get_by_label(SAY)).to_have_count(0)
    await page.wait_for_timeout(900)
    picture = PICTURES / "9-english-light-390.png"
    await page.screenshot(path=picture)
    assert picture.stat().st_size > LEAST_BYTES
    await page.close()
