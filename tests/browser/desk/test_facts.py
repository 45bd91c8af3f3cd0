"""What an agent tells the bot with a chat: facts added, checked, and known as the agent's."""

from __future__ import annotations

import asyncio
import uuid
from dataclasses import replace

from playwright.async_api import expect

from handoff.core.conversation import Conversation, Mode
from handoff.core.message import Audience, Kind
from handoff.core.roster import Role
from tests.browser.desk import cases
from tests.browser.desk.conftest import Desks
from tests.browser.desk.stage import PASSWORD, Stage
from tests.browser.desk.test_desk import at_work, take
from tests.browser.desk.test_pictures import shoot

BACK = "handed_back"
TOLD = (
    "Nå er det chatboten som svarer igjen. Jeg har med meg det du har fortalt: "
    "HB40718263, 22. november 2026, ny adresse."
)


async def test_a_fact_the_bot_lacked_is_added_checked_and_counts_as_the_agents(
    stage: Stage, desks: Desks
) -> None:
    page = await at_work(stage, desks)
    conversation = await stage.waits(cases.NEWSPAPER)
    await take(page)
    await page.keyboard.press("Alt+b")
    dialog = page.get_by_role("dialog")
    add = dialog.get_by_role("combobox", name="Legg til en opplysning")
    offered = await add.locator("option").all_inner_texts()
    assert "Sporingsnummer" in offered
    assert "Polisenummer" not in offered  # not of this company's skills
    await add.select_option(label="Sporingsnummer")
    number = dialog.get_by_label("Verdi for Sporingsnummer")
    await expect(number).to_be_focused()
    await number.fill("Kunden vil ha pakken")
    await dialog.get_by_role("button", name="Gi til boten").click()
    alert = dialog.get_by_role("alert")
    await expect(alert).to_have_text("Dette har ikke riktig form. Skriv for eksempel HB12345678.")
    await expect(number).to_have_attribute("aria-invalid", "true")
    await shoot(page, "hand-back-wrong")
    await number.fill("hb 4071 8263")
    await expect(alert).to_have_count(0)
    await dialog.get_by_role("button", name="Gi til boten").click()
    await expect(dialog).to_have_count(0)
    await until_mode(stage, conversation, Mode.BOT)
    lines = await stage.store.read(
        lambda unit: list(unit.conversations.messages(conversation.id, Audience.STAFF, 0, 500))
    )
    facts = next(line.message.body for line in lines if line.message.body.get("code") == BACK)
    assert facts["params"]["facts"]["tracking_number"] == "HB40718263"  # type: ignore[index]
    await stage.bridge.ask_person("heimbud", conversation.id, str(uuid.uuid4()))
    await take(page)
    group = page.locator(".facts.agent")
    await expect(group).to_contain_text("Bekreftet av saksbehandler")
    await expect(group).to_contain_text("HB40718263")
    await shoot(page, "facts-of-an-agent")


async def test_a_choice_is_chosen_and_what_is_no_fact_of_the_bots_is_not_offered(
    stage: Stage, desks: Desks
) -> None:
    page = await at_work(stage, desks, width=390, height=844)
    held = {"delivery_change": "date", "date": "2026-11-24", "period": "14 dager"}
    conversation = await stage.waits(replace(cases.LATE_PARCEL, guessed=held))
    await take(page)
    await page.locator(".pane-tab.for-card").click()
    await expect(page.locator(".facts.guessed")).to_contain_text("Ny dag")
    await page.keyboard.press("Alt+b")
    dialog = page.get_by_role("dialog")
    await expect(dialog.get_by_label("Verdi for Dato")).to_have_count(0)
    change = dialog.get_by_label("Verdi for Endring i levering")
    options = await change.locator("option").all_inner_texts()
    assert options == ["Ny dag", "Ny adresse", "Beskjed til budet"]
    await change.select_option("Ny adresse")
    await shoot(page, "hand-back-choice")
    await dialog.get_by_role("button", name="Gi til boten").click()
    await expect(dialog).to_have_count(0)
    await until_mode(stage, conversation, Mode.BOT)
    notice = await stage.store.read(
        lambda unit: unit.conversations.newest(conversation.id, Kind.NOTICE)
    )
    assert notice is not None
    assert notice.message.body["text"] == TOLD


async def until_mode(stage: Stage, conversation: Conversation, mode: Mode) -> None:
    async with asyncio.timeout(10):
        while (await stage.state(conversation)).mode is not mode:
            await asyncio.sleep(0.05)


async def test_a_designer_is_told_in_words_that_there_is_no_desk(
    stage: Stage, desks: Desks
) -> None:
    await stage.agent("Nils Berge", role=Role.DESIGNER)
    page = await desks.page()
    await page.goto(f"{stage.url}/desk")
    await expect(page.get_by_role("heading", name="Logg inn på pulten")).to_be_visible()
    await page.get_by_label("Brukernavn").fill("nils")
    await page.get_by_label("Passord", exact=True).fill(PASSWORD)
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("alert")).to_have_text(
        "Designere arbeider i filene og har ingen pult. Be en administrator om en annen rolle."
    )


async def test_a_long_shortcut_stands_on_one_line(stage: Stage, desks: Desks) -> None:
    page = await at_work(stage, desks)
    await stage.waits(cases.NEWSPAPER)
    await take(page)
    await page.locator("#composer-text").press_sequentially("/")
    names = page.locator(".canned-shortcut")
    await expect(names.first).to_be_visible()
    heights = await names.evaluate_all("all => all.map((one) => one.getClientRects().length)")
    assert set(heights) == {1}
    await shoot(page, "canned-one-line")


async def test_in_a_frame_the_login_leaves_the_page_around_it_where_it_is(
    stage: Stage, desks: Desks
) -> None:
    page = await desks.page(width=390, height=844)
    await page.goto(f"{stage.url}/")
    desk = page.frame_locator("iframe[title='Pulten']")
    await expect(desk.get_by_label("Brukernavn")).to_be_visible()
    await page.wait_for_timeout(300)
    assert await page.evaluate("scrollY") == 0
    await shoot(page, "home-phone")


async def test_on_a_phone_a_message_does_not_lie_over_where_one_writes(
    stage: Stage, desks: Desks
) -> None:
    page = await at_work(stage, desks, width=390, height=844)
    for case in (cases.NEWSPAPER, cases.CLAIM):
        await stage.waits(case)
    for _ in range(2):
        await page.locator(".pane-tab.for-list").click()
        await page.locator(".take:enabled").first.click()
        await page.wait_for_timeout(250)
    await page.keyboard.press("Alt+a")
    dialog = page.get_by_role("dialog")
    await dialog.get_by_role("radio").first.check(force=True)
    await dialog.get_by_text("Ja, løst").click()
    await dialog.get_by_role("button", name="Avslutt samtalen").click()
    toast = page.locator(".toast")
    await expect(toast).to_be_visible()
    await page.locator(".pane-tab.for-list").click()
    await page.locator(".mine-row").first.click()
    await expect(page.locator("#composer-text")).to_be_visible()
    await shoot(page, "phone-toast")
    above, below = await toast.bounding_box(), await page.locator(".composer").bounding_box()
    assert above
    assert below
    assert above["y"] + above["height"] <= below["y"]
