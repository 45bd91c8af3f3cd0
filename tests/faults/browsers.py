"""Two tabs of a real Chromium: a customer's widget and an agent's desk."""

from __future__ import annotations

import asyncio
import json
import random
import shutil
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

from playwright.async_api import Error, Locator, Page, Playwright, WebSocket, async_playwright

from tests.acceptance.test_story import FIELD
from tests.faults.history import History, Outcome, Shown
from tests.service.running import PASSWORD

WORDS = """nodes => nodes.map(node => [
    node.dataset.seq ?? "",
    node.className,
    (node.querySelector(".said, .words")?.innerText ?? "").trim(),
])"""
Items = list[tuple[str, str, str]]
"""(number, classes, words) of each line on a page."""
OPENING_MS = 60_000
SHOWN_SECONDS = 20.0
SETTLED_SECONDS = 1.0
CURRENT_SECONDS = 90.0
TYPED_MS = 4_000


@dataclass(slots=True)
class Tab:
    """What it sent and was told is read off its socket, what it showed off its page.

    A text that its field gave up at Enter must be on the wire in the end.
    """

    name: str
    page: Page
    history: History
    rng: random.Random
    conversation: str = ""
    written: int = 0
    errors: list[str] = field(default_factory=list)

    def watch(self) -> None:
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("websocket", self._socket)

    def _socket(self, socket: WebSocket) -> None:
        socket.on("framesent", self._sent)
        socket.on("framereceived", self._received)

    def _sent(self, text: str | bytes) -> None:
        frame = json.loads(text)
        if frame["t"] in ("send", "say") and "text" in frame:
            self.conversation = frame.get("conversation") or self.conversation
            if frame["cmid"] in self.history.sends:
                self.history.moved(frame["cmid"], self.conversation)
            else:
                self.history.invoked(frame["cmid"], self.conversation, self.name, frame["text"])

    def _received(self, text: str | bytes) -> None:
        frame = json.loads(text)
        if frame["t"] == "welcome":
            self.conversation = frame["conversation"]
        if frame["t"] in ("ack", "agent_ack"):
            self.history.ended(frame["cmid"], Outcome.ACKED, number=frame["seq"])
        passing = frame.get("code") in ("store_failed", "overloaded")
        if frame["t"] == "problem" and frame.get("cmid") and not passing:
            self.history.ended(frame["cmid"], Outcome.FAILED, code=frame["code"])

    def pending(self) -> bool:
        """Whether something it took or sent has no answer yet."""
        mine = [one for one in self.history.sends.values() if one.sender == self.name]
        typed = {text for text, name in self.history.typed.items() if name == self.name}
        unsent = typed - {one.text for one in mine}
        return bool(unsent) or any(one.outcome is Outcome.INVOKED for one in mine)

    def _lacks(self, place: str, texts: set[str]) -> bool:
        """Whether a line that was acknowledged in the conversation `place` is not among them."""
        return any(
            one.conversation == place and one.outcome is Outcome.ACKED and one.text not in texts
            for one in self.history.sends.values()
        )

    async def _type(self, field: Locator, text: str) -> None:
        await field.fill(text, timeout=TYPED_MS)
        await field.press("Enter", timeout=TYPED_MS)
        if await field.input_value(timeout=TYPED_MS) == "":
            self.history.types(text, self.name)

    async def chat(self) -> None:
        """Write until cancelled."""
        raise NotImplementedError

    async def come_back(self) -> None:
        """Sit out no wait between two tries."""
        await self.page.evaluate("dispatchEvent(new Event('online'))")

    async def show(self) -> None:
        """Put what the page shows now into the history."""
        raise NotImplementedError


class WidgetTab(Tab):
    async def open(self, site: str) -> None:
        self.watch()
        await self.page.goto(f"{site}/", timeout=OPENING_MS)
        await self.page.get_by_role("button", name="Chat med oss").click(timeout=OPENING_MS)
        await self.page.locator(".item .said").first.wait_for(timeout=OPENING_MS)

    async def chat(self) -> None:
        while True:
            await asyncio.sleep(self.rng.uniform(1.0, 3.0))
            self.written += 1
            field = self.page.get_by_role("textbox", name=FIELD)
            with suppress(Error):
                words = "hvor er pakken min?" if self.written == 1 else "linje"
                if self.written == 3:
                    words = "jeg vil snakke med et menneske"
                await self._type(field, f"{words} {self.name}.{self.written}")

    async def show(self) -> None:
        items = await _read(
            self.page.locator(".item"),
            lambda items: not self._lacks(self.conversation, {text for _, _, text in items}),
        )
        screen = self.history.screen(self.name, self.conversation, "customer", worded=True)
        for seq, kind, text in items:
            if seq:
                self.history.shows(screen, Shown(int(seq), _author(kind), text))


class DeskTab(Tab):
    """It takes what it can, and writes in the chat that is open."""

    login: str = ""

    async def open(self, web: str, login: str) -> None:
        self.watch()
        self.login = login
        await self.page.goto(f"{web}/desk", timeout=OPENING_MS)
        await self._log_in()

    async def _log_in(self) -> None:
        await self.page.get_by_label("Brukernavn").fill(self.login)
        await self.page.get_by_label("Passord", exact=True).fill(PASSWORD)
        await self.page.get_by_role("button", name="Logg inn", exact=True).click()
        await self.page.locator(".link-dot.up").wait_for(state="attached", timeout=OPENING_MS)
        await self.page.get_by_role("radio", name="På", exact=True).check(force=True)

    async def chat(self) -> None:
        while True:
            await asyncio.sleep(self.rng.uniform(1.0, 3.0))
            with suppress(Error):
                await self._round()

    async def come_back(self) -> None:
        await super().come_back()
        entry, connected = self.page.get_by_label("Brukernavn"), self.page.locator(".link-dot.up")
        await entry.or_(connected).first.wait_for(state="attached", timeout=OPENING_MS)
        if await entry.is_visible():
            await self._log_in()

    async def _round(self) -> None:
        if await self.page.get_by_label("Brukernavn").is_visible():
            await self._log_in()
        composer = self.page.locator("#composer-text")
        if not await composer.count() or not await composer.is_enabled():
            for what in (".take", ".mine-row"):
                if await self.page.locator(what).count():
                    await self.page.locator(what).first.click(timeout=2_000)
                    return
            return
        self.written += 1
        await self._type(composer, f"svar {self.name}.{self.written}")

    async def show(self) -> None:
        """Every chat of its list, also those that are another's by now."""
        if await self.page.locator("#composer-text").count():
            await self._show_open()
        rows = self.page.locator(".mine .mine-row")
        for number in range(await rows.count()):
            await rows.nth(number).click(timeout=TYPED_MS)
            await asyncio.sleep(SETTLED_SECONDS)
            await self._show_open()

    async def _show_open(self) -> None:
        """Whose chat is open is known by the words in it: every line has its own."""
        places = {one.text: one.conversation for one in self.history.sends.values()}

        def whose(items: Items) -> str | None:
            return next((places[text] for _, _, text in items if text in places), None)

        def current(items: Items) -> bool:
            place = whose(items)
            return place is None or not self._lacks(place, {text for _, _, text in items})

        items = await _read(self.page.locator(".log .turn"), current)
        place = whose(items)
        lines = [(kind, text) for _, kind, text in items if "pending" not in kind]
        if place is not None:
            screen = self.history.screen(self.name, place, "staff", numbered=False, worded=True)
            for seq, (kind, text) in enumerate(lines, 1):
                self.history.shows(screen, Shown(seq, _author(kind), text))


async def _read(nodes: Locator, current: Callable[[Items], bool]) -> Items:
    """What they say once it is current, or when the time for that is over."""
    deadline = time.monotonic() + CURRENT_SECONDS
    while True:
        items: Items = await nodes.evaluate_all(WORDS)
        if current(items) or time.monotonic() > deadline:
            return items
        await asyncio.sleep(0.2)


def _author(classes: str) -> str:
    words = classes.split()
    for ours in ("customer", "agent", "bot", "system"):
        if ours in words:
            return ours
    return "customer" if "own" in words else "system"


@dataclass(slots=True)
class Tabs:
    tabs: list[Tab]

    @property
    def errors(self) -> list[str]:
        return [f"{tab.name}: {error}" for tab in self.tabs for error in tab.errors]

    async def show(self) -> list[str]:
        """Wait for their answers, then write down what both show. Returns who had none in time."""
        for tab in self.tabs:
            await tab.come_back()
            for _ in range(int(SHOWN_SECONDS / 0.2)):
                if not tab.pending():
                    break
                await asyncio.sleep(0.2)
        await asyncio.sleep(SETTLED_SECONDS)
        for tab in self.tabs:
            await tab.show()
        return [f"{tab.name} waits for an answer" for tab in self.tabs if tab.pending()]


@asynccontextmanager
async def tabs(
    site: str, web: str, login: str, history: History, rng: random.Random
) -> AsyncIterator[Tabs]:
    """Both tabs, open and ready to write."""
    async with async_playwright() as playwright:
        browser = await _browser(playwright)
        try:
            contexts = [await browser.new_context(locale="nb-NO") for _ in range(2)]
            widget = WidgetTab("fane-kunde", await contexts[0].new_page(), history, rng)
            desk = DeskTab("fane-pult", await contexts[1].new_page(), history, rng)
            await widget.open(site)
            await desk.open(web, login)
            yield Tabs([widget, desk])
        finally:
            await browser.close()


async def _browser(playwright: Playwright):  # type: ignore[no-untyped-def]
    names = ("chromium", "chromium-browser", "google-chrome")
    found = next(filter(None, map(shutil.which, names)))
    return await playwright.chromium.launch(
        executable_path=found, args=["--no-sandbox", "--mute-audio"]
    )
