"""The widget against the real service: its tickets, gateway, bridge and database.

The bot's own server is away, so conversations go to people; the stand-in's tests have the rest.
"""

from __future__ import annotations

import asyncio
import contextlib
import uuid
from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio
from playwright.async_api import BrowserContext, Page, expect
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from handoff.app import service
from handoff.core.conversation import Conversation, Mode
from handoff.listener import listening
from handoff.settings import Settings, read_settings
from handoff.storage import migrate
from tests.browser.desk.stage import Clock, Stage, free_ports
from tests.browser.widget.stand_in import PAGE
from tests.browser.widget.steps import SAY, panel, say, shown

NAMES = ("WEB_PORT", "WS_PORT", "INTERNAL_PORT", "RASA_PORT", "DEMO_SYSTEMS_PORT")


@pytest_asyncio.fixture(loop_scope="session")
async def settings(tmp_path: Path) -> AsyncIterator[Settings]:
    """Settings of a service of its own, with the client's website running."""
    names = (*NAMES, "DEMO_HEIMBUD_PORT")
    environment = {name: str(port) for name, port in zip(names, free_ports(6), strict=True)}
    made = read_settings({**environment, "DATA_DIR": str(tmp_path), "HEARTBEAT_SECONDS": "1"})
    migrate(made.database_url)

    async def site(request: Request) -> Response:
        return HTMLResponse(PAGE.format(lang="nb", api=made.public_url))

    app = Starlette(routes=[Route("/", site)])
    async with listening(app, made.demo_host, made.demo_heimbud_port):
        yield made


@contextlib.asynccontextmanager
async def running(settings: Settings) -> AsyncIterator[Stage]:
    clock = Clock()
    async with service(settings, clock=clock) as parts:
        yield Stage(parts, settings.public_url, clock)


@pytest_asyncio.fixture(loop_scope="session")
async def customer(context: BrowserContext) -> Page:
    return await context.new_page()


async def arrive(page: Page, settings: Settings) -> None:
    await page.goto(settings.demo_site_url(settings.demo_heimbud_port))
    await page.get_by_role("button", name="Chat med oss").click()
    await expect(page.locator(".bot .said").first).to_contain_text("Hei! Jeg er chatboten til")


async def ask_for_a_person(page: Page) -> None:
    await page.get_by_role("button", name="Meny").click()
    await page.get_by_role("button", name="Snakk med et menneske").click()
    await expect(page.locator(".card")).to_be_visible()


async def waiting(stage: Stage) -> Conversation:
    """The one conversation in the queue."""
    (found,) = await stage.store.read(lambda unit: list(unit.queue.waiting(["heimbud"], 10)))
    state = await stage.store.read(
        lambda unit: unit.conversations.get("heimbud", found.conversation)
    )
    assert state is not None
    return state


async def test_from_the_queue_to_a_person_and_to_the_end(
    customer: Page, settings: Settings
) -> None:
    async with running(settings) as stage:
        ingrid = await stage.agent("Ingrid Berg")
        await arrive(customer, settings)
        await ask_for_a_person(customer)
        await expect(customer.locator(".card")).to_contain_text("Du er neste i køen")
        state = await stage.claim(ingrid, await waiting(stage))
        await expect(panel(customer).get_by_role("heading", name="Ingrid Berg")).to_be_visible()
        await stage.bridge.agent_says(
            ingrid, "heimbud", state.id, state.control, str(uuid.uuid4()), "Hei! Hva gjelder det?"
        )
        await expect(customer.locator(".agent .said")).to_have_text("Hei! Hva gjelder det?")
        await say(customer, "Jeg er 01010112356 og venter på HB12345678")
        await expect(customer.locator(".own .said")).not_to_contain_text("01010112356")
        await expect(customer.locator(".own .said")).to_contain_text("HB12345678")
        before = await shown(customer)
        await customer.reload()
        await expect(customer.locator(".said")).to_have_text(before)
        await expect(panel(customer).get_by_role("heading", name="Ingrid Berg")).to_be_visible()
        await customer.get_by_role("button", name="Meny").click()
        await customer.get_by_role("button", name="Avslutt samtalen").click()
        await customer.locator(".menu .solid").click()
        await expect(customer.get_by_label("Skriv for å starte igjen")).to_be_visible()
        assert (await stage.state(state)).mode is Mode.CLOSED


async def test_what_is_said_while_the_service_restarts_arrives_once(
    customer: Page, settings: Settings
) -> None:
    async with running(settings) as stage:
        ingrid = await stage.agent("Ingrid Berg")
        await arrive(customer, settings)
        await ask_for_a_person(customer)
        state = await stage.claim(ingrid, await waiting(stage))
        await say(customer, "før")
        await expect(customer.locator(".own .status")).to_have_text("Sendt")
    await say(customer, "mens den er borte")
    await say(customer, "og en til")
    await expect(customer.locator(".own .status").last).to_have_text(
        "Sender når du er på nett igjen"
    )
    async with running(settings) as stage:
        await expect(customer.locator(".own .status").last).to_have_text("Sendt", timeout=40_000)
        said = [text for author, text in await stage.said(state) if author == "customer"]
        assert said == ["før", "mens den er borte", "og en til"]
        assert await customer.locator(".own .said").all_inner_texts() == said


async def test_two_tabs_write_at_once_and_show_the_same(
    customer: Page, context: BrowserContext, settings: Settings
) -> None:
    async with running(settings) as stage:
        ingrid = await stage.agent("Ingrid Berg")
        await arrive(customer, settings)
        await ask_for_a_person(customer)
        state = await stage.claim(ingrid, await waiting(stage))
        other = await context.new_page()
        await arrive(other, settings)
        await expect(panel(other).get_by_role("heading", name="Ingrid Berg")).to_be_visible()
        for at in range(5):
            await asyncio.gather(say(customer, f"en {at}"), say(other, f"to {at}"))
        for page in (customer, other):
            await expect(page.locator(".own .said")).to_have_count(10)
            await expect(page.locator(".own .status").last).to_have_text("Sendt")
        said = [text for author, text in await stage.said(state) if author == "customer"]
        assert await customer.locator(".own .said").all_inner_texts() == said
        assert await shown(customer) == await shown(other)


async def test_the_contact_form_becomes_a_task(customer: Page, settings: Settings) -> None:
    async with running(settings) as stage:
        await arrive(customer, settings)
        await ask_for_a_person(customer)
        await customer.get_by_role("button", name="Legg igjen beskjed").click()
        await customer.get_by_label("Navn").fill("Kari Nordmann")
        await customer.get_by_label("Telefon eller e-post").fill("kari@eksempel.no")
        await customer.locator("form.card").get_by_role("button", name="Send").click()
        await expect(customer.get_by_text("Beskjeden ligger hos oss")).to_be_visible()
        tasks = await stage.store.read(
            lambda unit: list(unit.ledger.tasks(frozenset({"heimbud"}), open_only=True))
        )
        assert [(task.name, task.reach) for task in tasks] == [
            ("Kari Nordmann", "kari@eksempel.no")
        ]
        await expect(customer.get_by_label(SAY)).to_be_editable()
