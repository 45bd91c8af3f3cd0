"""Before and at the first opening: nothing stored, nothing asked, and what is told first."""

from __future__ import annotations

import gzip
import hashlib
from pathlib import Path
from typing import Any

import httpx
from playwright.async_api import Browser, BrowserContext, Page, expect

from tests.browser.widget.stand_in import API, HELLO, ORIGIN, StandIn
from tests.browser.widget.steps import SAY, open_chat, panel, say, shown, until

MOST_BYTES = 20_000
VENDOR = Path(__file__).parents[1] / "vendor" / "axe-core"

STORED = """async () => ({
  local: Object.keys(localStorage), session: Object.keys(sessionStorage),
  databases: (await indexedDB.databases()).map(({ name }) => name),
  caches: await caches.keys(), cookies: document.cookie })"""


async def test_stores_and_asks_nothing_until_it_is_opened(
    context: BrowserContext, server: StandIn
) -> None:
    asked: list[str] = []
    page = await context.new_page()
    page.on("request", lambda request: asked.append(request.url))
    await page.goto(ORIGIN)
    await expect(page.get_by_role("button", name="Chat med oss")).to_be_visible()
    await page.wait_for_timeout(500)
    assert asked == [f"{ORIGIN}/", f"{ORIGIN}/site.css", f"{API}/widget.js"]
    stored = await page.evaluate(STORED)
    assert stored == {"local": [], "session": [], "databases": [], "caches": [], "cookies": ""}
    assert await context.cookies() == []
    assert (server.requests, server.opened) == ([], 0)


async def test_whole_payload_is_under_20_kb_on_the_wire(page: Page, server: StandIn) -> None:
    scripts: list[str] = []
    page.on("request", lambda r: scripts.append(r.url) if r.resource_type == "script" else None)
    await page.reload()
    await open_chat(page, server)
    assert scripts == [f"{API}/widget.js", f"{API}/widget/panel.js"]
    total = 0
    async with httpx.AsyncClient() as http:
        for url in scripts:
            async with http.stream("GET", url, headers={"Accept-Encoding": "gzip"}) as answer:
                assert answer.headers["Content-Encoding"] == "gzip"
                raw = b"".join([part async for part in answer.aiter_raw()])
            assert b"#launcher" in gzip.decompress(raw) or b"class Panel" in gzip.decompress(raw)
            total += len(raw)
    assert total < MOST_BYTES


async def test_asks_no_third_party(context: BrowserContext, server: StandIn) -> None:
    asked: set[str] = set()
    page = await context.new_page()
    page.on("request", lambda request: asked.add("/".join(request.url.split("/")[:3])))
    await page.goto(ORIGIN)
    await open_chat(page, server)
    await say(page, "hei")
    await until(lambda: len(server.stored) == 1)
    assert asked == {ORIGIN, API}


async def test_tells_what_it_is_before_the_first_word(page: Page, server: StandIn) -> None:
    await open_chat(page, server)
    chat = panel(page)
    await expect(chat.get_by_role("heading", name="Dette er en chatbot")).to_be_in_viewport()
    for words in (
        "Heimbud AS er behandlingsansvarlig",
        "Stafett kundesenter AS behandler det du skriver",
        "for å svare på det du spør om",
        "slettes 30 dager etter ditt siste besøk",
        "Ikke skriv fødselsnummer",
        "snakke med et menneske",
    ):
        await expect(chat.locator(".intro")).to_contain_text(words)
    link = chat.get_by_role("link", name="Les om personvern")
    assert await link.get_attribute("href") == f"{ORIGIN}/personvern"
    assert "noopener" in (await link.get_attribute("rel") or "")
    assert await chat.get_attribute("aria-describedby") == "intro"
    intro, log = (
        await chat.locator(".intro").bounding_box(),
        await chat.locator(".log").bounding_box(),
    )
    assert intro
    assert log
    assert intro["y"] + intro["height"] <= log["y"] + 1


async def test_nothing_can_be_said_before_it_has_been_told(page: Page, server: StandIn) -> None:
    server.config_fails = True
    await page.get_by_role("button", name="Chat med oss").click()
    await expect(panel(page)).to_contain_text("Chatten fikk ikke koblet til.")
    await expect(page.locator("textarea")).not_to_be_editable()
    assert server.opened == 0
    server.config_fails = False
    server.keep("bot", HELLO["nb"])
    await page.get_by_role("button", name="Prøv igjen").click()
    await expect(page.get_by_label(SAY)).to_be_editable()
    await expect(page.locator(".item")).to_have_count(1)


async def test_asks_for_a_ticket_with_the_visitor_and_the_bare_page(
    context: BrowserContext, server: StandIn
) -> None:
    page = await context.new_page()
    await page.goto(f"{ORIGIN}/?token=secret#part")
    await open_chat(page, server)
    (asked,) = server.asked
    kept = await page.evaluate("localStorage.getItem('stafett:heimbud:visitor')")
    assert asked == {"visitor": kept, "page": f"{ORIGIN}/", "language": None}
    assert len(kept) == 32


async def test_waits_as_asked_when_there_are_too_many(page: Page, server: StandIn) -> None:
    server.refuse_tickets = 1
    await open_chat(page, server)
    assert len(server.asked) == 2


async def test_loads_again_after_a_failed_try(
    context: BrowserContext, page: Page, server: StandIn
) -> None:
    await context.set_offline(True)
    await page.get_by_role("button", name="Chat med oss").click()
    await expect(page.get_by_role("status")).to_have_text("Fikk ikke åpnet chatten. Prøv igjen.")
    await context.set_offline(False)
    await open_chat(page, server)


async def test_works_where_storage_is_forbidden(browser: Browser, server: StandIn) -> None:
    context = await browser.new_context()
    await context.add_init_script(
        """for (const name of ["localStorage", "sessionStorage", "indexedDB"])
             Object.defineProperty(window, name, {
               get() { throw new DOMException("no", "SecurityError"); } });"""
    )
    page = await context.new_page()
    await page.goto(ORIGIN)
    await open_chat(page, server)
    await say(page, "hei")
    await until(lambda: len(server.stored) == 1)
    assert await shown(page) == [HELLO["nb"], "hei"]
    await context.close()


async def test_language_can_be_chosen_and_is_kept(page: Page, server: StandIn) -> None:
    await open_chat(page, server)
    await page.get_by_role("button", name="English").click()
    await expect(page.get_by_role("heading", name="This is a chatbot")).to_be_visible()
    await until(lambda: server.language == "en")
    assert await shown(page) == [HELLO["en"]]
    assert await panel(page).get_attribute("lang") == "en"
    await page.reload()
    await expect(page.get_by_label("Write a message")).to_be_visible()
    await until(lambda: server.asked[-1]["language"] == "en")
    await page.get_by_role("button", name="Nynorsk").click()
    await expect(page.get_by_role("heading", name="Dette er ein chatbot")).to_be_visible()


async def test_speaks_the_language_of_the_page_or_of_the_conversation(
    context: BrowserContext, server: StandIn
) -> None:
    server.language = "en"
    server.keep("bot", HELLO["en"])
    page = await context.new_page()
    await page.goto(f"{ORIGIN}/?lang=en-GB")
    await page.get_by_role("button", name="Chat with us").click()
    await expect(page.get_by_label("Write a message")).to_be_visible()
    await until(lambda: len(server.asked) == 1)
    assert server.asked[0]["language"] == "en"
    other = await context.new_page()
    await other.goto(ORIGIN)
    await other.get_by_role("button", name="Chat med oss").click()
    await expect(other.get_by_label("Write a message")).to_be_visible()


async def test_every_language_says_the_same_things(blank: Page) -> None:
    words: dict[str, dict[str, Any]] = await blank.evaluate(
        """async () => {
          const { texts } = await import("/web/widget/strings.js");
          const said = (value) => typeof value === "function" ? value(2, 3, 4) : value;
          return Object.fromEntries(Object.entries(texts).map(([language, all]) => [language,
            Object.fromEntries(Object.entries(all).map(([key, value]) => [key, said(value)]))]));
        }"""
    )
    assert set(words) == {"nb", "nn", "en"}
    assert list(words["nb"]) == list(words["nn"]) == list(words["en"])
    said = [text for language in words.values() for text in language.values()]
    assert all("".join(text).strip() for text in said)


def test_the_checker_of_accessibility_is_the_published_one() -> None:
    for row in (VENDOR / "SHA256SUMS").read_text().splitlines():
        digest, name = row.split()
        assert hashlib.sha256((VENDOR / name).read_bytes()).hexdigest() == digest
