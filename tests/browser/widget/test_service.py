"""The widget against the real service: tickets, gateway, bridge, database; a person's desk too.

Only Rasa is away: a small server that speaks its contract answers `Svar: ...`.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from playwright.async_api import BrowserContext, Page, expect
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from handoff.app import service
from handoff.listener import listening
from handoff.settings import Settings
from tests.browser.widget.stand_in import PAGE
from tests.browser.widget.steps import SAY, panel, say, shown, until
from tests.ports import free_port
from tests.service.bot import StandInBot, serving_bot
from tests.service.pages import Desk
from tests.service.running import Running, running, settings_in

BUTTONS = [{"title": "Ja", "payload": "/affirm"}, {"title": "Nei", "payload": "/deny"}]


@asynccontextmanager
async def website(
    settings: Settings, *, client: str = "heimbud", port: int | None = None
) -> AsyncIterator[str]:
    """The client's site, on the origin that the client's file allows unless `port` is another."""
    html = PAGE.format(lang="nb", api=settings.public_url)

    async def page(request: Request) -> Response:
        return HTMLResponse(html.replace('data-client="heimbud"', f'data-client="{client}"'))

    at = settings.demo_heimbud_port if port is None else port
    app = Starlette(routes=[Route("/", page)])
    async with listening(app, settings.demo_host, at):
        yield settings.demo_site_url(at)


async def arrive(context: BrowserContext, url: str) -> Page:
    page = await context.new_page()
    await page.goto(url)
    await page.get_by_role("button", name="Chat med oss").click()
    await expect(page.locator(".bot .said").first).to_contain_text("Hei! Jeg er chatboten til")
    return page


async def ask_for_a_person(page: Page) -> None:
    await page.get_by_role("button", name="Meny").click()
    await page.get_by_role("button", name="Snakk med et menneske").click()
    await expect(page.locator(".card")).to_contain_text("Du er neste i køen")


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ("client", "There is no client company `heimbod`. Check `data-client` of the script tag."),
        ("origin", "may not open this chat. Add it to `origins` in clients/heimbud.yml"),
    ],
)
async def test_a_page_that_is_put_up_wrongly_is_told_so_in_its_console(
    context: BrowserContext, tmp_path: Path, wrong: str, says: str
) -> None:
    told: list[str] = []
    async with running(tmp_path) as whole:
        port = whole.settings.demo_heimbud_port if wrong == "client" else free_port()
        client = "heimbod" if wrong == "client" else "heimbud"
        async with website(whole.settings, client=client, port=port) as url:
            page = await context.new_page()
            page.on("console", lambda line: told.append(line.text))
            await page.goto(url)
            await page.get_by_role("button", name="Chat med oss").click()
            await expect(page.get_by_text("Chatten fikk ikke koblet til.")).to_be_visible()
    assert [line for line in told if line.startswith("Stafett:") and says in line], told


async def taken(whole: Running) -> tuple[Desk, str, int]:
    """Ingrid takes the one who waits: her desk, the conversation, its control number."""
    desk = await whole.desk("ingrid")
    rows = await desk.until(lambda frame: bool(frame["t"] == "queue" and frame["waiting"]))
    conversation = rows["waiting"][0]["conversation"]
    return desk, conversation, await desk.takes("heimbud", conversation)


async def own(page: Page) -> list[str]:
    return await page.locator(".own .said").all_inner_texts()


async def test_a_conversation_from_bot_to_person_to_the_end(
    context: BrowserContext, tmp_path: Path
) -> None:
    async with running(tmp_path) as whole, website(whole.settings) as url:
        page = await arrive(context, url)
        await say(page, "Kor er pakken min?")
        await expect(page.locator(".bot .said").last).to_have_text("Svar: Kor er pakken min?")
        whole.bot.orders.append({"messages": [{"text": "Er det riktig?", "buttons": BUTTONS}]})
        await say(page, "HB12345678")
        await page.get_by_role("button", name="Ja", exact=True).click()
        await expect(page.locator(".bot .said").last).to_have_text("Svar: /affirm")
        assert whole.bot.received[-1]["input"] == "payload"
        await say(page, "/affirm")
        await until(lambda: len(whole.bot.received) == 4)
        assert whole.bot.received[-1]["input"] == "text"
        assert await own(page) == ["Kor er pakken min?", "HB12345678", "Ja", "/affirm"]

        await ask_for_a_person(page)
        desk, conversation, control = await taken(whole)
        await expect(panel(page).get_by_role("heading", name="Ingrid")).to_be_visible()
        await desk.opens("heimbud", conversation)
        await desk.send("agent_typing", client="heimbud", conversation=conversation, on=True)
        await expect(page.locator(".typing")).to_have_text("Ingrid skriver")
        await desk.says("heimbud", conversation, control, "Hei! Jeg har lest alt.")
        await expect(page.locator(".agent .said")).to_have_text("Hei! Jeg har lest alt.")
        await say(page, "Jeg er 01019010046 og venter på HB12345678")
        await expect(page.locator(".own .said").last).not_to_contain_text("01019010046")
        await expect(page.locator(".own .said").last).to_contain_text("HB12345678")
        seen = len(await page.locator(".item").all())
        await desk.send("agent_seen", client="heimbud", conversation=conversation, seq=seen)
        await expect(page.locator(".own .status").last).to_have_text("Lest")
        before = await shown(page)
        await page.reload()
        await expect(page.locator(".said")).to_have_text(before)
        await expect(panel(page).get_by_role("heading", name="Ingrid")).to_be_visible()

        await page.get_by_role("button", name="Meny").click()
        await page.get_by_role("button", name="Avslutt samtalen").click()
        await page.locator(".menu .solid").click()
        await expect(page.get_by_label("Skriv for å starte igjen")).to_be_visible()
        await page.get_by_label("Skriv for å starte igjen").fill("hei igjen")
        await page.keyboard.press("Enter")
        await expect(page.locator(".bot .said").last).to_have_text("Svar: hei igjen")
        await expect(page.get_by_label(SAY)).to_be_visible()


async def test_what_is_said_while_the_service_is_away_arrives_once(
    context: BrowserContext, tmp_path: Path
) -> None:
    settings, bot = settings_in(tmp_path), StandInBot()
    async with website(settings) as url, serving_bot(bot, settings.rasa_port):
        async with service(settings):
            page = await arrive(context, url)
            await say(page, "før")
            await expect(page.locator(".bot .said").last).to_have_text("Svar: før")
        await say(page, "mens den er borte")
        await say(page, "og en til")
        waits = page.locator(".own .status").last
        await expect(waits).to_have_text("Sender når du er på nett igjen")
        async with service(settings):
            last = page.locator(".bot .said").last
            await expect(last).to_have_text("Svar: og en til", timeout=40_000)
            assert await own(page) == ["før", "mens den er borte", "og en til"]
            assert [turn["text"] for turn in bot.received] == await own(page)
            before = await shown(page)
            await page.reload()
            await expect(page.locator(".said")).to_have_text(before)


async def test_two_tabs_write_at_once_and_show_the_same(
    context: BrowserContext, tmp_path: Path
) -> None:
    async with running(tmp_path) as whole, website(whole.settings) as url:
        one = await arrive(context, url)
        await ask_for_a_person(one)
        await taken(whole)
        other = await arrive(context, url)
        await expect(panel(other).get_by_role("heading", name="Ingrid")).to_be_visible()
        for at in range(5):
            await asyncio.gather(say(one, f"en {at}"), say(other, f"to {at}"))
        for page in (one, other):
            await expect(page.locator(".own .said")).to_have_count(10)
        assert await shown(one) == await shown(other)
        assert sorted(await own(one)) == sorted(
            f"{n} {at}" for at in range(5) for n in ("en", "to")
        )


async def test_the_contact_form_becomes_a_task(context: BrowserContext, tmp_path: Path) -> None:
    async with running(tmp_path) as whole, website(whole.settings) as url:
        page = await arrive(context, url)
        await ask_for_a_person(page)
        await page.get_by_role("button", name="Legg igjen beskjed").click()
        await page.get_by_label("Navn").fill("Kari Nordmann")
        await page.get_by_label("Telefon eller e-post").fill("kari@eksempel.no")
        await page.locator("form.card").get_by_role("button", name="Send").click()
        await expect(page.get_by_text("Beskjeden ligger hos oss")).to_be_visible()
        tasks = await whole.service.store.read(
            lambda unit: list(unit.ledger.tasks(frozenset({"heimbud"}), open_only=True))
        )
        found = [(task.name, task.reach) for task in tasks]
        assert found == [("Kari Nordmann", "kari@eksempel.no")]


async def test_the_choices_of_one_who_waits(context: BrowserContext, tmp_path: Path) -> None:
    async with running(tmp_path) as whole, website(whole.settings) as url:
        page = await arrive(context, url)
        await ask_for_a_person(page)
        stay = page.get_by_role("button", name="Vent her")
        await expect(stay).to_have_attribute("aria-pressed", "true")
        await page.get_by_role("button", name="Fortsett med chatboten").click()
        await expect(stay).to_have_attribute("aria-pressed", "false")
        await say(page, "hva koster det?")
        await expect(page.locator(".bot .said").last).to_have_text("Svar: hva koster det?")
        await stay.click()
        await expect(stay).to_have_attribute("aria-pressed", "true")
        await say(page, "er du der?")
        await expect(page.locator(".own .status").last).to_have_text("Sendt")
        assert [turn["text"] for turn in whole.bot.received] == ["hva koster det?"]
        await page.get_by_role("button", name="Gå ut av køen").click()
        await expect(stay).to_have_count(0)
        await expect(page.get_by_text("Du står ikke lenger i kø.")).to_be_visible()
        desk = await whole.desk("ingrid")
        rows = await desk.until(lambda frame: frame["t"] == "queue")
        assert rows["waiting"] == []
        await say(page, "hvor er avisa?")
        await expect(page.locator(".bot .said").last).to_have_text("Svar: hvor er avisa?")
