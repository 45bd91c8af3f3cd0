"""The whole relay in real Chromium: bot, irritation, queue, two agents, handback, close."""

from __future__ import annotations

import asyncio
import re
import sqlite3
from collections.abc import AsyncIterator, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import httpx
import pytest
import pytest_asyncio
from playwright.async_api import Browser, BrowserContext, Locator, Page, async_playwright, expect

from tests.acceptance.voices import VOICES, Voice
from tests.whole import ROOT, Whole, whole

PICTURES = ROOT / "reports" / "pictures"
PARCEL, SUBSCRIPTION = "HB33019246", "204511"
ANSWER_MS = 15_000
FIELD = re.compile("Skriv e[ni] melding")
MONTHS = (
    "januar februar mars april mai juni juli august september oktober november desember"
).split()


@pytest.fixture(scope="module")
def stafett(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Whole]:
    """One of its own: the queue holds nobody but this story's customer."""
    with whole(tmp_path_factory.mktemp("story")) as running:
        yield running


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def browser(chromium: str) -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        started = await playwright.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", "--mute-audio"]
        )
        yield started
        await started.close()


class Widget:
    """The customer's side of the page."""

    def __init__(self, page: Page) -> None:
        self.page = page

    async def open(self, url: str) -> None:
        await self.page.goto(url)
        await self.page.get_by_role("button", name="Chat med oss").click()
        await expect(self.said.first).to_be_visible()

    @property
    def said(self) -> Locator:
        return self.page.locator(".item .said")

    async def lines(self) -> list[str]:
        return await self.said.all_inner_texts()

    async def say(self, text: str) -> str:
        """Say it and wait for an answer below it; returns what was answered."""
        before = await self.said.count()
        field = self.page.get_by_role("textbox", name=FIELD)
        await field.fill(text)
        await field.press("Enter")
        await expect(self.said.nth(before + 1)).to_be_visible(timeout=ANSWER_MS)
        await asyncio.sleep(0.5)
        return "\n".join((await self.lines())[before + 1 :])

    async def press(self, name: str) -> None:
        await self.page.get_by_role("button", name=name).last.click()

    async def shows(self, pattern: str) -> None:
        await expect(self.said.filter(has_text=re.compile(pattern)).first).to_be_visible(
            timeout=ANSWER_MS
        )


async def desk(browser: Browser, stafett: Whole, at: int) -> Page:
    """An agent's desk, logged in and on duty."""
    login = stafett.logins()[at]
    context = await browser.new_context(viewport={"width": 1440, "height": 900}, locale="nb-NO")
    page = await context.new_page()
    await page.goto(f"{stafett.web}/desk")
    await page.get_by_label("Brukernavn").fill(login["email"])
    await page.get_by_label("Passord", exact=True).fill(login["password"])
    await page.get_by_role("button", name="Logg inn", exact=True).click()
    await page.locator(".link-dot.up").wait_for(state="attached")
    await page.get_by_role("radio", name="På", exact=True).check(force=True)
    return page


async def take_together(desks: list[Page]) -> tuple[Page, Page]:
    """Both press "Ta" in the same instant; returns the winner's page and the loser's."""
    for page in desks:
        await expect(page.locator(".toast")).to_have_count(0, timeout=ANSWER_MS)
        await page.locator(".take").first.wait_for(timeout=ANSWER_MS)
    await asyncio.gather(
        *(page.locator(".take").first.evaluate("button => button.click()") for page in desks)
    )
    for page in desks:
        await expect(page.locator("#composer-text, .toast").first).to_be_visible()
    won = [page for page in desks if await page.locator("#composer-text").is_visible()]
    assert len(won) == 1, "exactly one agent must get the conversation"
    return won[0], next(page for page in desks if page is not won[0])


async def agent_says(page: Page, text: str) -> None:
    await page.locator("#composer-text").fill(text)
    await page.locator("#composer-text").press("Enter")


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def agents(browser: Browser, stafett: Whole) -> list[Page]:
    """Two desks side by side."""
    return [await desk(browser, stafett, 0), await desk(browser, stafett, 1)]


@pytest.mark.parametrize("voice", VOICES, ids=lambda voice: voice.variety)
@pytest.mark.asyncio(loop_scope="module")
async def test_a_customer_is_passed_on_and_back_without_losing_a_word(
    stafett: Whole, browser: Browser, agents: list[Page], voice: Voice
) -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    context: BrowserContext = await browser.new_context(
        viewport={"width": 390, "height": 844}, locale="nb-NO"
    )
    widget = Widget(await context.new_page())
    await widget.open(stafett.site("heimbud"))

    # The parcel, in dialect, with the true answer of the company's system.
    asked = await widget.say(voice.parcel)
    assert "sporingsnummer" in asked.lower()
    told = await widget.say(PARCEL.lower())
    truth = await parcel(stafett)
    assert truth["pickup"]["name"] in told
    await widget.page.screenshot(path=PICTURES / "widget-parcel.png")

    # The newspaper that did not come, on a day that has one whenever this runs.
    asked = await widget.say(voice.newspaper.format(day=last_friday()))
    if "abonnement" in asked.lower():
        asked = await widget.say(SUBSCRIPTION)
    assert re.search(r"meldt|registrert|sak", asked.lower()), asked

    # Misunderstood twice, irritated, handed over.
    await widget.say(voice.nonsense)
    if not await waits(widget):
        await widget.say(voice.cross)
    if not await waits(widget):
        await widget.say(voice.crosser)
    await widget.shows("Du står i kø for å snakke med ei?t menneske")
    await widget.page.screenshot(path=PICTURES / "widget-waiting.png")
    await agents[0].screenshot(path=PICTURES / "desk-queue.png")

    # One of two gets it.
    winner, loser = await take_together(agents)
    await expect(loser.locator(".toast", has_text="var raskere")).to_be_visible()
    await widget.shows("har lese?t? samtalen")
    await expect(winner.locator(".reason-text").first).to_be_visible()
    await expect(winner.locator(".card-pane")).to_contain_text(PARCEL)
    await expect(winner.locator(".log")).to_contain_text(voice.parcel)

    # They chat; the page is reloaded in the middle.
    await agent_says(winner, "Hei! Eg ser at avisen mangler. Eg ordner det.")
    await widget.shows("Eg ordner det")
    before = await widget.lines()
    await widget.page.reload()
    await expect(widget.said).to_have_count(len(before), timeout=ANSWER_MS)
    assert await widget.lines() == before
    field = widget.page.get_by_role("textbox", name=FIELD)
    await field.fill(voice.thanks)
    await field.press("Enter")
    await expect(winner.locator(".log")).to_contain_text(voice.thanks)
    await winner.screenshot(path=PICTURES / "desk-chat.png")
    await widget.page.screenshot(path=PICTURES / "widget-agent.png")

    # Back to the bot, which knows the parcel without asking again.
    await winner.get_by_role("button", name="Til boten").first.click()
    await winner.get_by_role("dialog").get_by_role("button", name="Gi til boten").click()
    await widget.shows("N[åo] er det chatboten som svarer")
    told = await widget.say(voice.again)
    assert truth["pickup"]["name"] in told, told

    # A person again on the first wish, and closed with a reason.
    await widget.say(voice.person)
    await winner.locator(".take").first.click()
    await expect(winner.locator("#composer-text")).to_be_visible()
    await agent_says(winner, "Ha en fin dag!")
    await widget.shows("Ha en fin dag!")
    await winner.get_by_role("button", name="Avslutt", exact=True).first.click()
    box = winner.get_by_role("dialog")
    await box.get_by_text("Ja, løst").click()
    await box.locator(".reason-list label").first.click()
    await box.get_by_role("button", name="Avslutt samtalen").click()
    await widget.shows("Samtalen er avslutt")
    check_database(stafett, await widget.lines())
    await context.close()


def last_friday() -> str:
    """A Friday before today, as people write it."""
    today = datetime.now(ZoneInfo("Europe/Oslo"))
    friday = today - timedelta(days=(today.weekday() - 4) % 7 or 7)
    return f"{friday.day}. {MONTHS[friday.month - 1]}"


async def waits(widget: Widget) -> bool:
    return any("Du står i kø" in line for line in await widget.lines())


async def parcel(stafett: Whole) -> dict[str, dict[str, str]]:
    """What the company's own system says of the parcel."""
    secrets = dict(
        line.split("=", 1)
        for line in (stafett.folder / "secrets.env").read_text().splitlines()
        if "=" in line and not line.startswith("#")
    )
    url = f"http://127.0.0.1:{stafett.ports['DEMO_SYSTEMS_PORT']}/heimbud/v1/parcels/{PARCEL}"
    headers = {"Authorization": f"Bearer {secrets['DEMO_SYSTEMS_TOKEN'].strip()}"}
    async with httpx.AsyncClient() as http:
        answer = await http.get(url, headers=headers)
    found: dict[str, dict[str, str]] = answer.raise_for_status().json()
    return found


def check_database(stafett: Whole, shown: list[str]) -> None:
    """Everything the customer saw is stored once, in order; the contact is one row."""
    with sqlite3.connect(f"file:{stafett.folder / 'stafett.db'}?mode=ro", uri=True) as database:
        conversation, mode = database.execute(
            "SELECT id, mode FROM conversation ORDER BY last_at DESC LIMIT 1"
        ).fetchone()
        seqs = [
            row[0]
            for row in database.execute(
                "SELECT customer_seq FROM message WHERE conversation = ? "
                "AND customer_seq IS NOT NULL ORDER BY customer_seq",
                (conversation,),
            )
        ]
        outcomes = database.execute(
            "SELECT outcome, resolved FROM contact WHERE conversation = ?", (conversation,)
        ).fetchall()
    assert mode == "closed"
    assert seqs == list(range(1, len(shown) + 1))
    assert [(outcome, bool(resolved)) for outcome, resolved in outcomes] == [("person", True)]


def test_the_pictures_were_taken(stafett: Whole) -> None:
    for name in ("widget-parcel", "widget-waiting", "widget-agent", "desk-queue", "desk-chat"):
        assert Path(PICTURES / f"{name}.png").stat().st_size > 10_000, name
