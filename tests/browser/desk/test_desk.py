"""An agent's day at the desk, against the real service in real Chromium."""

from __future__ import annotations

import asyncio
import uuid

from playwright.async_api import Page, expect

from handoff.core.conversation import Mode
from handoff.core.message import Kind
from handoff.core.roster import Status
from tests.browser.desk import cases
from tests.browser.desk.conftest import Desks
from tests.browser.desk.stage import PASSWORD, Stage


async def at_work(stage: Stage, desks: Desks, *, width: int = 1440, height: int = 900) -> Page:
    await stage.agent("Kari Nordli")
    page = await desks.page(width=width, height=height)
    await desks.login(page, stage.url, "kari")
    return page


async def take(page: Page) -> None:
    await page.locator(".take").first.click()
    await expect(page.locator(".hands").last).to_contain_text("Du tok over")


async def test_a_login_says_what_is_wrong_and_remembers_the_language(
    stage: Stage, desks: Desks
) -> None:
    await stage.agent("Kari Nordli")
    page = await desks.page()
    await page.goto(f"{stage.url}/desk")
    await page.get_by_role("button", name="Logg inn", exact=True).click()
    await expect(page.get_by_role("alert")).to_have_text("Skriv både brukernavn og passord.")
    await expect(page.get_by_label("Brukernavn")).to_be_focused()
    await page.get_by_role("button", name="English").click()
    await page.reload()
    await page.get_by_label("User name").fill("kari")
    await page.get_by_label("Password", exact=True).fill("not this one")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("alert")).to_contain_text("not right")
    await page.get_by_label("Password", exact=True).fill(PASSWORD)
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("You are outside the queue")).to_be_visible()
    assert await page.evaluate("document.documentElement.lang") == "en"


async def test_the_queue_tells_who_waits_for_what_and_for_how_long(
    stage: Stage, desks: Desks
) -> None:
    page = await at_work(stage, desks)
    for case in (cases.LATE_PARCEL, cases.ROADSIDE, cases.COVERAGE):
        await stage.waits(case)
    rows = page.locator(".queue-row")
    await expect(rows).to_have_count(3)
    await expect(rows.nth(0)).to_contain_text("Varde Forsikring")
    await expect(rows.nth(0)).to_contain_text("Foran")
    late = rows.filter(has_text="Pakke ikke mottatt")
    await expect(late).to_contain_text("Kommer ikke videre med boten")
    await expect(late.locator(".wait")).to_have_class("wait late")
    await expect(late.get_by_text("NB")).to_be_visible()
    before = await late.locator(".wait").inner_text()
    await expect(late.locator(".wait")).not_to_have_text(before)


async def test_of_two_who_take_the_same_customer_one_gets_it_and_one_is_told(
    stage: Stage, desks: Desks
) -> None:
    kari = await at_work(stage, desks)
    await stage.agent("Ola Dahle")
    ola = await desks.page()
    await desks.login(ola, stage.url, "ola")
    waiting = await stage.waits(cases.LATE_PARCEL)
    for page in (kari, ola):
        await page.locator(".take:enabled").wait_for()
    await asyncio.gather(
        *(page.locator(".take").evaluate("button => button.click()") for page in (kari, ola))
    )
    await expect(kari.locator(".mine-row").or_(kari.locator(".toast"))).to_be_visible()
    state = await stage.state(waiting)
    assert state.mode is Mode.AGENT
    names = {"Kari Nordli": (kari, ola), "Ola Dahle": (ola, kari)}
    agents = await stage.store.read(lambda unit: unit.agents.all())
    winner = next(agent.name for agent in agents if agent.id == state.agent)
    won, lost = names[winner]
    await expect(won.locator("#composer-text")).to_be_focused()
    await expect(lost.locator(".toast")).to_have_text(f"{winner} var raskere. Samtalen er tatt.")
    await expect(lost.locator(".mine-row")).to_have_count(0)


async def test_the_card_holds_everything_and_tells_confirmed_from_guessed(
    stage: Stage, desks: Desks
) -> None:
    page = await at_work(stage, desks)
    visitor = "9" * 32
    first = await stage.waits(cases.NEWSPAPER, visitor)
    await stage.bridge.end("heimbud", first.id, str(uuid.uuid4()))
    await stage.waits(cases.LATE_PARCEL)
    await expect(page.locator(".queue-row")).to_contain_text("Pakke ikke mottatt")
    await take(page)
    card = page.get_by_role("region", name="Kortet")
    why = card.locator(".reasons li")
    await expect(why.nth(0)).to_contain_text("Kunden klager på samtalen eller behandlingen")
    await expect(why.nth(0).locator("blockquote")).to_contain_text("Tredje gang eg seie det.")
    await expect(card.locator(".confirmed")).to_contain_text("HB40718263")
    await expect(card.locator(".guessed")).to_contain_text("søn. 22. nov.")
    table = card.locator(".look").first
    await expect(table.get_by_role("row", name="Status")).to_contain_text("Forsinket")
    await expect(table).not_to_contain_text("{")
    await expect(card).to_contain_text("Sporet pakke HB40718263")
    await expect(card).to_contain_text("heimbud.example/spor")
    await expect(card.locator(".about")).to_contain_text("Pakke ikke mottatt")
    turn = page.locator(".turn.customer").nth(2)
    await expect(turn.locator(".nlu")).to_contain_text("Endre levering")
    await turn.locator("summary").click()
    await expect(turn.locator(".nlu-others")).to_contain_text("Klage")


async def test_an_earlier_conversation_opens_to_be_read_only(stage: Stage, desks: Desks) -> None:
    page = await at_work(stage, desks)
    first = await stage.waits(cases.NEWSPAPER)
    await stage.bridge.end("heimbud", first.id, str(uuid.uuid4()))
    await stage.bridge.rate("heimbud", first.id, str(uuid.uuid4()), 4)
    waiting = await stage.waits(cases.LATE_PARCEL)
    await expect(page.locator(".queue-row")).to_contain_text("Pakke ikke mottatt")
    await take(page)
    earlier = {
        "conversation": first.id,
        "client": "heimbud",
        "mode": "closed",
        "topic": "newspaper_missing",
        "language": "nb",
        "started": 1_790_000_000.0,
        "last_at": 1_790_000_300.0,
    }
    # A visitor has one thread with a client so far; the list is filled as it will be.
    await page.route(
        f"**/conversations/{waiting.id}",
        lambda route: route.fulfill(
            json={"conversation": waiting.id, "language": "nb", "topic": None, "earlier": [earlier]}
        ),
    )
    await page.reload()
    await page.get_by_role("button", name="Avis mangler").click()
    log = page.get_by_role("dialog")
    await expect(log).to_contain_text("Kan jeg få snakke med et menneske?")
    await expect(log).to_contain_text("Kunden ga 4 av 5 stjerner")
    await expect(log.get_by_role("textbox")).to_have_count(0)


async def test_a_chat_from_greeting_to_contact_reason(stage: Stage, desks: Desks) -> None:
    page = await at_work(stage, desks)
    waiting = await stage.waits(cases.ENGLISH)
    await take(page)
    area = page.locator("#composer-text")
    await area.press_sequentially("/hei")
    await expect(page.get_by_role("option").first).to_contain_text("thank you for waiting")
    await page.keyboard.press("Enter")
    await expect(area).to_have_value(
        "Hi, and thank you for waiting. I have read your chat with the bot, so there is no need "
        "to repeat anything. I am looking into it now."
    )
    await page.keyboard.press("Control+Enter")
    await page.keyboard.press("Alt+i")
    await area.fill("Ringte regnskap: kreditert.")
    await page.keyboard.press("Enter")
    await expect(page.locator(".turn.note")).to_contain_text("Ringte regnskap")
    await page.get_by_role("button", name="Trengtes", exact=True).click()
    await expect(page.locator(".thin").last).to_contain_text("trengtes")
    await page.keyboard.press("Alt+a")
    dialog = page.get_by_role("dialog")
    await expect(dialog.get_by_role("radio", name="Faktura foreslått")).to_be_checked()
    await expect(dialog.get_by_role("button", name="Avslutt samtalen")).to_be_disabled()
    await page.keyboard.press("Space")
    await page.keyboard.press("Enter")
    await expect(page.locator(".toast")).to_contain_text("Samtalen er avsluttet.")
    await expect(page.locator(".mine-row")).to_have_count(0)
    said = await stage.said(waiting)
    assert [author for author, _ in said][-2:] == ["agent", "agent"]
    rows = await stage.store.read(lambda unit: unit.ledger.contacts("heimbud", 0, 9e9))
    assert [(row.reason, row.resolved, row.outcome) for row in rows] == [
        ("invoice", True, "person")
    ]


async def test_a_chat_goes_to_a_colleague_with_a_note(stage: Stage, desks: Desks) -> None:
    page = await at_work(stage, desks)
    ola = await stage.agent("Ola Dahle")
    await stage.bridge.set_status(ola.id, Status.ONLINE)
    waiting = await stage.waits(cases.NEWSPAPER)
    await take(page)
    await page.get_by_role("button", name="Overfør").click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_role("radio", name="Ola Dahle").check()
    await dialog.get_by_label("Notat til den som tar over").fill("Kan du ta Sandviken?")
    await dialog.get_by_role("button", name="Overfør").click()
    await expect(page.locator(".toast")).to_contain_text("overført")
    await expect(page.locator(".queue-row")).to_contain_text("Holdes av til Ola Dahle")
    state = await stage.state(waiting)
    assert state.mode is Mode.WAITING
    assert state.handoff is not None
    assert state.handoff.preferred_agent == ola.id
    assert ("agent", "Kan du ta Sandviken?") in await stage.said(waiting)


async def test_a_chat_goes_back_to_the_bot_with_corrected_facts(stage: Stage, desks: Desks) -> None:
    page = await at_work(stage, desks)
    waiting = await stage.waits(cases.LATE_PARCEL)
    await take(page)
    await page.keyboard.press("Alt+b")
    dialog = page.get_by_role("dialog")
    await dialog.get_by_label("Verdi for Sporingsnummer").fill("HB11112222")
    await dialog.get_by_label("Behold Leveringsdato").uncheck()
    await dialog.get_by_role("button", name="Gi til boten").click()
    await expect(page.locator(".toast")).to_contain_text("Boten har samtalen")
    assert (await stage.state(waiting)).mode is Mode.BOT
    notice = await stage.store.read(lambda unit: unit.conversations.newest(waiting.id, Kind.NOTICE))
    assert notice is not None
    params = notice.message.body["params"]
    assert isinstance(params, dict)
    assert params["facts"] == {"tracking_number": "HB11112222"}


async def test_five_chats_are_switched_by_keys_with_a_draft_and_a_count_each(
    stage: Stage, desks: Desks
) -> None:
    page = await at_work(stage, desks)
    waiting = [await stage.waits(case) for case in cases.ALL]
    for count in range(1, 6):
        await page.locator(".take:enabled").first.wait_for()
        await page.keyboard.press("Alt+n")
        await expect(page.locator(".mine-row")).to_have_count(count)
    await expect(page.locator(".take")).to_have_count(1)
    await expect(page.locator(".take")).to_be_disabled()
    await expect(page.get_by_text("Pulten din er full (5)")).to_be_visible()
    await page.keyboard.press("Alt+1")
    await page.locator("#composer-text").fill("utkast til den første")
    await page.keyboard.press("Alt+4")
    await expect(page.locator("#composer-text")).to_have_value("")
    held = [one for one in waiting if (await stage.state(one)).mode is Mode.AGENT]
    for one in held:
        await stage.customer_says(one, "Hallo?")
        await stage.customer_says(one, "Er du der?")
    await expect(page.locator(".mine-row .count.loud")).to_have_count(4)
    await expect(page).to_have_title("(8) Stafett – pulten")
    await page.reload()
    await expect(page.locator(".mine-row .count.loud")).to_have_count(4)
    await page.keyboard.press("Alt+1")
    await expect(page.locator("#composer-text")).to_have_value("utkast til den første")
    await expect(page.locator(".mine-row .count.loud")).to_have_count(3)


async def test_the_status_and_the_tasks(stage: Stage, desks: Desks) -> None:
    page = await at_work(stage, desks)
    waiting = await stage.waits(cases.NEWSPAPER)
    await page.get_by_role("radio", name="Pause").check(force=True)
    await expect(page.get_by_text("Du har pause")).to_be_visible()
    await expect(page.locator(".take")).to_be_disabled()
    agents = await stage.store.read(lambda unit: unit.agents.all())
    assert [agent.status for agent in agents] == [Status.PAUSE]
    await stage.bridge.leave_contact(
        "heimbud", waiting.id, str(uuid.uuid4()), "Gro Tveit", "gro@eksempel.no", "Ring meg"
    )
    await page.get_by_role("button", name="Oppgaver 1").click()
    await expect(page.get_by_role("link", name="gro@eksempel.no")).to_have_attribute(
        "rel", "noopener noreferrer"
    )
    await page.get_by_role("button", name="Marker oppgaven fra Gro Tveit som ferdig").click()
    await expect(page.get_by_text("Ingen ubesvarte skjemaer")).to_be_visible()


async def test_a_session_that_ends_leads_to_the_login_and_keeps_the_draft(
    stage: Stage, desks: Desks
) -> None:
    page = await at_work(stage, desks)
    await stage.waits(cases.NEWSPAPER)
    await take(page)
    await page.locator("#composer-text").fill("halvveis i en setning")
    cookie = (await page.context.cookies())[0]
    await page.context.clear_cookies()
    response = await page.request.post(
        f"{stage.url}/api/logout",
        headers={
            "Origin": stage.url,
            "Cookie": f"{cookie['name']}={cookie['value']}",
            "Content-Type": "application/json",
        },
        data="{}",
    )
    assert response.ok
    await expect(page.get_by_text("Økten er slutt")).to_be_visible(timeout=15_000)
    await page.get_by_label("Brukernavn").fill("kari")
    await page.get_by_label("Passord", exact=True).fill(PASSWORD)
    await page.keyboard.press("Enter")
    await expect(page.locator("#composer-text")).to_have_value("halvveis i en setning")


async def test_shortcuts_are_shown_and_a_question_mark_can_still_be_written(
    stage: Stage, desks: Desks
) -> None:
    page = await at_work(stage, desks)
    await stage.waits(cases.NEWSPAPER)
    await take(page)
    await page.locator("#composer-text").press_sequentially("Hva?")
    await expect(page.locator("#composer-text")).to_have_value("Hva?")
    await page.get_by_role("log").focus()
    await page.keyboard.press("?")
    await expect(page.get_by_role("dialog", name="Snarveier")).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("log")).to_be_focused()


async def test_on_a_phone_one_pane_at_a_time_is_seen(stage: Stage, desks: Desks) -> None:
    page = await at_work(stage, desks, width=390, height=844)
    await stage.waits(cases.NEWSPAPER)
    await take(page)
    await expect(page.get_by_role("log")).to_be_visible()
    await expect(page.locator(".list-pane")).to_be_hidden()
    await page.get_by_role("button", name="Kort", exact=True).click()
    await expect(page.get_by_role("region", name="Kortet")).to_be_visible()
    await expect(page.get_by_role("log")).to_be_hidden()
    for width in (390, 320):
        await page.set_viewport_size({"width": width, "height": 700})
        assert await page.evaluate(
            "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
        )
