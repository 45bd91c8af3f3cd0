"""Customers who come and go, supervisors, admins, and one's own password."""

from __future__ import annotations

import re
from pathlib import Path

from playwright.async_api import Page, expect

from handoff.core.conversation import Mode
from handoff.core.roster import Role, Status
from handoff.settings import ROOT
from handoff.tokens import visitor_of
from tests.browser.desk import cases
from tests.browser.desk.conftest import Desks
from tests.browser.desk.stage import PASSWORD, Stage
from tests.browser.desk.test_accessibility import complaints

FOLDER = ROOT / "reports" / "pictures" / "desk"
NEW = "et helt nytt passord"


async def shoot(page: Page, name: str) -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    await page.wait_for_timeout(150)
    await page.screenshot(path=Path(FOLDER) / f"{name}.png")


async def narrow_enough(page: Page) -> None:
    for width in (390, 320):
        await page.set_viewport_size({"width": width, "height": 844})
        assert await page.evaluate(
            "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
        )
    await page.set_viewport_size({"width": 390, "height": 844})


async def take(page: Page) -> None:
    await page.locator(".take:enabled").first.click()
    await expect(page.locator(".hands").last).to_contain_text("Du tok over")


async def test_the_chat_tells_whether_the_customer_is_there(stage: Stage, desks: Desks) -> None:
    await stage.agent("Kari Nordli")
    visitor = "7" * 32
    await stage.waits(cases.NEWSPAPER, visitor_of("heimbud", visitor))
    page = await desks.page()
    await desks.login(page, stage.url, "kari")
    await take(page)
    presence = page.locator(".presence")
    await expect(presence).to_have_text("Kunden er borte")
    tabs = [await stage.customer("heimbud", visitor) for _ in range(2)]
    await expect(presence).to_have_text("Kunden er her")
    await shoot(page, "wide-20-customer-here")
    await tabs[0].leave()
    await tabs[1].says("jeg er her ennå")
    await expect(page.get_by_text("jeg er her ennå").first).to_be_visible()
    await expect(presence).to_have_text("Kunden er her")
    await tabs[1].leave()
    await expect(presence).to_have_text(re.compile(r"^Kunden er borte siden \d\d[:.]\d\d$"))
    told = await presence.inner_text()
    await page.reload()  # opened anew, the chat is told what is so now
    await expect(presence).to_have_text(told)
    await shoot(page, "wide-21-customer-gone")
    await page.set_viewport_size({"width": 390, "height": 844})
    await page.locator(".pane-tab.for-chat").click()
    await expect(presence).to_be_visible()
    await shoot(page, "phone-21-customer-gone")


async def test_a_supervisor_reads_along_and_takes_a_chat_over(stage: Stage, desks: Desks) -> None:
    await stage.agent("Kari Nordli")
    siri = await stage.agent("Siri Moen", role=Role.SUPERVISOR, clients=frozenset({"heimbud"}))
    one = await stage.waits(cases.LATE_PARCEL)
    await stage.waits(cases.NEWSPAPER)
    await stage.waits(cases.COVERAGE)  # another company's, not hers to see
    kari = await desks.page()
    await desks.login(kari, stage.url, "kari")
    row = kari.locator(".queue-row", has_text="Pakke ikke mottatt")
    await row.locator(".take:enabled").click()
    await kari.locator("#composer-text").fill("Jeg ser på d")
    page = await desks.page()
    await desks.login(page, stage.url, "siri")
    await page.get_by_role("button", name="Oversikt").click()
    overview = page.locator(".overview")
    await expect(overview.locator(".mine-row")).to_have_count(2)
    held = overview.locator(".mine-row", has_text="Kari Nordli")
    await expect(held.locator(".wait")).to_have_text(re.compile(r"^0:\d\d$"))
    assert await complaints(page) == []
    await shoot(page, "wide-22-overview")
    await held.click()
    await expect(page.get_by_role("log")).to_contain_text("kor e pakken min")
    await expect(page.get_by_role("region", name="Kortet")).to_contain_text("HB40718263")
    await expect(page.locator(".gone")).to_contain_text("Kari Nordli har samtalen.")
    await expect(page.get_by_role("textbox")).to_have_count(0)
    await stage.customer_says(one, "Hallo?")
    await expect(page.get_by_role("log")).to_contain_text("Hallo?")
    seen = await stage.store.read(lambda unit: unit.conversations.seen(one.id))
    assert siri.id not in seen
    assert await complaints(page) == []
    await shoot(page, "wide-23-reads-along")
    await page.get_by_role("button", name="Ta over").click()
    dialog = page.get_by_role("dialog")
    await expect(dialog.get_by_role("radio", name="Meg")).to_be_checked()
    await expect(dialog.get_by_role("radio", name="Kari Nordli")).to_have_count(0)
    assert await complaints(page) == []
    await shoot(page, "wide-24-take-over")
    await dialog.get_by_role("button", name="Ta over").click()
    await expect(page.locator(".hands").last).to_contain_text("Du tok over")
    await expect(page.locator("#composer-text")).to_be_focused()
    state = await stage.state(one)
    assert (state.mode, state.agent) == (Mode.AGENT, siri.id)
    await expect(kari.locator(".gone")).to_contain_text("En kollega har samtalen nå")
    await expect(kari.locator("#composer-text")).to_have_value("Jeg ser på d")
    history = await stage.store.read(lambda unit: unit.conversations.history(one.id))
    assert [(change.cause, change.actor) for change in history][-2:] == [
        ("ChatRecalled", siri.id),
        ("AgentClaimed", siri.id),
    ]


async def test_a_supervisor_gives_a_chat_to_another_and_to_the_queue_on_a_phone(
    stage: Stage, desks: Desks
) -> None:
    await stage.agent("Siri Moen", role=Role.SUPERVISOR)
    ola = await stage.agent("Ola Dahle")
    full = await stage.agent("Per Vik", capacity=1)
    await stage.bridge.set_status(full.id, Status.PAUSE)
    one = await stage.waits(cases.NEWSPAPER)
    other = await desks.page()
    await desks.login(other, stage.url, "ola")
    page = await desks.page(width=390, height=844)
    await desks.login(page, stage.url, "siri", online=False)
    await page.get_by_role("button", name="Oversikt").first.click()
    await shoot(page, "phone-22-overview")
    await page.locator(".overview .mine-row").click()
    await page.get_by_role("button", name="Flytt …").click()
    dialog = page.get_by_role("dialog")
    await expect(dialog.get_by_role("button", name="Flytt", exact=True)).to_be_disabled()
    await expect(dialog.get_by_role("radio", name="Meg")).to_be_disabled()  # she is off
    await expect(dialog.get_by_role("radio", name="Per Vik")).to_be_disabled()
    await dialog.get_by_role("radio", name="Ola Dahle").check()
    await shoot(page, "phone-24-assign")
    await dialog.get_by_role("button", name="Flytt", exact=True).click()
    await expect(page.locator(".toast")).to_contain_text("Samtalen er flyttet.")
    await expect(page.locator(".gone")).to_contain_text("Ola Dahle har samtalen.")
    await expect(other.locator(".mine-row")).to_have_count(1)  # it came to him by itself
    assert (await stage.state(one)).agent == ola.id
    await shoot(page, "phone-23-reads-along")
    await narrow_enough(page)
    await page.get_by_role("button", name="Flytt …").click()
    await expect(dialog.get_by_role("radio", name="Køen")).to_be_checked()
    await dialog.get_by_role("button", name="Flytt", exact=True).click()
    await expect(page.locator(".gone")).to_contain_text("Kunden står i kø.")
    assert (await stage.state(one)).mode is Mode.WAITING
    await expect(other.locator(".mine-row")).to_contain_text("Tilbake i køen")


async def test_an_agent_has_neither_overview_nor_people(stage: Stage, desks: Desks) -> None:
    await stage.agent("Kari Nordli")
    page = await desks.page()
    await desks.login(page, stage.url, "kari")
    tabs = page.get_by_role("navigation", name="Visning").get_by_role("button")
    await expect(tabs).to_have_text(["Samtaler", "Oppgaver"])


async def test_an_admin_hires_changes_switches_off_and_resets(stage: Stage, desks: Desks) -> None:
    await stage.agent("Eva Lund", role=Role.ADMIN)
    kari = await stage.agent("Kari Nordli")
    await stage.agent("Nils Berge", role=Role.DESIGNER, clients=frozenset({"varde"}))
    page = await desks.page()
    await desks.login(page, stage.url, "eva", online=False)
    await page.get_by_role("button", name="Folk").click()
    await expect(page.locator(".person")).to_have_count(3)
    eva = page.locator(".person", has_text="Eva Lund")
    await expect(eva.get_by_role("button")).to_have_count(0)
    assert await complaints(page) == []
    await shoot(page, "wide-25-people")
    await page.get_by_role("button", name="Legg til").click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_label("Brukernavn").fill("kari")
    await dialog.get_by_label("Navn, slik kundene ser det").fill("Ada Vik")
    await dialog.get_by_role("checkbox", name="Varde Forsikring").uncheck()
    await dialog.get_by_role("radio", name="Leder ser").check()
    assert await complaints(page) == []
    await shoot(page, "wide-26-add")
    await dialog.get_by_role("button", name="Legg til").click()
    await expect(dialog.get_by_role("alert")).to_contain_text("is in use")
    await dialog.get_by_label("Brukernavn").fill("ada")
    await dialog.get_by_role("button", name="Legg til").click()
    password = await dialog.locator("code").inner_text()
    assert await complaints(page) == []
    await shoot(page, "wide-27-password-once")
    await dialog.get_by_role("button", name="Ferdig").click()
    await expect(page.locator(".person", has_text="Ada Vik")).to_contain_text("Leder")
    ada = await desks.page(width=390, height=844)
    await ada.goto(f"{stage.url}/desk")
    await ada.get_by_label("Brukernavn").fill("ada")
    await ada.get_by_label("Passord", exact=True).fill(password)
    await ada.keyboard.press("Enter")
    await expect(ada.get_by_role("button", name="Oversikt").first).to_be_visible()

    # Switched off, she is out within seconds, and her chats are others'.
    await page.get_by_role("button", name="Endre Ada Vik").click()
    await dialog.get_by_role("switch", name="Kan logge inn").uncheck(force=True)
    assert await complaints(page) == []
    await shoot(page, "wide-28-change")
    await dialog.get_by_role("button", name="Lagre").click()
    await expect(page.locator(".person", has_text="Ada Vik")).to_contain_text("Slått av")
    await expect(ada.get_by_text("Økten er slutt")).to_be_visible(timeout=5_000)
    await ada.get_by_label("Brukernavn").fill("ada")
    await ada.get_by_label("Passord", exact=True).fill(password)
    await ada.keyboard.press("Enter")
    await expect(ada.get_by_role("alert")).to_contain_text("slått av")
    await shoot(ada, "phone-28-switched-off")

    await page.get_by_role("button", name="Endre Kari Nordli").click()
    await dialog.get_by_role("button", name="Lag nytt passord").click()
    await expect(dialog.locator("code")).to_be_visible()
    found = await stage.store.read(lambda unit: unit.agents.get(kari.id))
    assert found is not None
    assert found.session_version == 2
    await dialog.get_by_role("button", name="Ferdig").click()
    await page.set_viewport_size({"width": 390, "height": 844})
    await shoot(page, "phone-25-people")
    await narrow_enough(page)
    await page.get_by_role("button", name="Endre Kari Nordli").click()
    await shoot(page, "phone-26-change")
    await page.keyboard.press("Escape")
    await page.get_by_role("button", name="Innstillinger").click()
    await page.get_by_role("radio", name="English").check(force=True)
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("heading", name="People")).to_be_visible()
    await page.get_by_role("button", name="Overview").first.click()
    await expect(page.get_by_role("heading", name="With people")).to_be_visible()
    await shoot(page, "phone-29-english")


async def test_a_changed_password_keeps_this_desk_and_ends_the_others(
    stage: Stage, desks: Desks
) -> None:
    await stage.agent("Kari Nordli")
    await stage.waits(cases.NEWSPAPER)
    other = await desks.page()
    await desks.login(other, stage.url, "kari", online=False)
    page = await desks.page()
    await desks.login(page, stage.url, "kari")
    await take(page)
    await page.locator("#composer-text").fill("midt i en setning")
    await page.get_by_role("button", name="Innstillinger").click()
    await page.get_by_role("button", name="Bytt passord …").click()
    dialog = page.get_by_role("dialog")
    await expect(dialog.get_by_label("Det gamle passordet")).to_be_focused()

    async def fill(old: str, fresh: str, again: str) -> None:
        await dialog.get_by_label("Det gamle passordet").fill(old)
        await dialog.get_by_label("Nytt passord", exact=True).fill(fresh)
        await dialog.get_by_label("Nytt passord en gang til").fill(again)
        await page.keyboard.press("Enter")

    await fill(PASSWORD, "kort", "kort")
    await expect(dialog.get_by_role("alert")).to_have_text("Bruk minst 10 tegn.")
    await fill(PASSWORD, NEW, f"{NEW}!")
    await expect(dialog.get_by_role("alert")).to_have_text("De to er ikke like.")
    await fill("ikke dette", NEW, NEW)
    await expect(dialog.get_by_role("alert")).to_contain_text("det gamle passordet stemmer ikke")
    assert await complaints(page) == []
    await shoot(page, "wide-30-password-wrong")
    await page.set_viewport_size({"width": 390, "height": 844})
    await shoot(page, "phone-30-password-wrong")
    await page.set_viewport_size({"width": 1440, "height": 900})
    await fill(PASSWORD, NEW, NEW)
    await expect(page.locator(".toast")).to_contain_text("Passordet er byttet.")
    await expect(other.get_by_text("Økten er slutt")).to_be_visible(timeout=5_000)
    await expect(page.locator(".link-dot.up")).to_be_attached()
    await expect(page.locator("#composer-text")).to_have_value("midt i en setning")
    await page.keyboard.press("Alt+1")
    await page.locator("#composer-text").press("Enter")
    await expect(page.locator(".receipt")).to_be_visible()
    await shoot(page, "wide-31-password-changed")
    await page.wait_for_timeout(5_000)  # nor is it closed a little later
    await expect(page.get_by_role("radio", name="På", exact=True)).to_be_checked()
    await expect(page.locator(".link-dot.up")).to_be_attached()
