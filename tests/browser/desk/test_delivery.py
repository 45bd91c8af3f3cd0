"""The desk against a wire that breaks: nothing lost, nothing twice, nothing out of order."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator

import pytest_asyncio
from msgspec.structs import replace
from playwright.async_api import Page, expect

from handoff.gateways.queue_view import QUEUE_COUNTED
from handoff.protocol import messages as m
from tests.browser.desk.conftest import Desks
from tests.browser.desk.wire import (
    CLIENT,
    OTHER,
    TALK,
    Wire,
    batch,
    event,
    owned,
    text,
    wired,
)


@pytest_asyncio.fixture(loop_scope="session")
async def wire() -> AsyncIterator[Wire]:
    async with wired() as running:
        yield running


async def opened(wire: Wire, desks: Desks, *lines: m.StaffLine) -> Page:
    """A desk with one chat whose stream holds `lines`, and then the desk's ownership of it."""

    async def answer(frame: m.Open) -> None:
        shown = [*lines, owned(len(lines) + 1)]
        await wire.send(batch(*[one for one in shown if one.seq > frame.after], after=frame.after))

    wire.on_open = answer
    page = await desks.page()
    await page.goto(f"{wire.url}/desk")
    await expect(page.locator("#composer-text")).to_be_enabled()
    await wire.next(m.Open)
    await expect(page.locator(".hands")).to_have_count(1)
    wire.on_open = None
    return page


async def words(page: Page) -> list[str]:
    return await page.locator(".log .bubble .words").all_inner_texts()


async def test_lines_that_come_out_of_order_are_shown_in_order_and_once(
    wire: Wire, desks: Desks
) -> None:
    page = await opened(wire, desks, text(1, "en"))
    await wire.send(event(text(5, "fem")), event(text(4, "fire")))
    asked = await wire.next(m.Open, 2)
    assert (asked.client, asked.conversation, asked.after) == (CLIENT, TALK, 2)
    assert await words(page) == ["en"]
    await wire.send(batch(text(3, "tre"), text(4, "fire"), text(5, "fem"), after=2))
    await wire.send(event(text(5, "fem")), event(text(6, "seks")))
    await expect(page.locator(".log .bubble")).to_have_count(5)
    assert await words(page) == ["en", "tre", "fire", "fem", "seks"]


async def test_a_heartbeat_that_knows_more_than_the_page_fetches_the_rest_and_is_answered(
    wire: Wire, desks: Desks
) -> None:
    page = await opened(wire, desks, text(1, "en"))
    await wire.send(m.AgentHeartbeat({TALK: 3}, 0))
    await wire.next(m.Beat)
    asked = await wire.next(m.Open, 2)
    assert asked.after == 2
    await wire.send(batch(text(3, "tre"), after=2))
    await expect(page.locator(".log .bubble")).to_have_count(2)


async def test_a_reset_throws_away_what_is_shown_and_reads_from_the_start(
    wire: Wire, desks: Desks
) -> None:
    page = await opened(wire, desks, text(1, "fortid"))
    await wire.send(m.AgentReset(TALK, "f" * 32))
    asked = await wire.next(m.Open, 2)
    assert (asked.after, asked.epoch) == (0, "f" * 32)
    await wire.send(batch(text(1, "nåtid"), owned(2), epoch="f" * 32))
    await expect(page.locator(".log .bubble")).to_have_count(1)
    assert await words(page) == ["nåtid"]


async def test_a_line_sent_while_the_connection_dies_is_sent_again_and_shown_once(
    wire: Wire, desks: Desks
) -> None:
    page = await opened(wire, desks, text(1, "en"))
    await page.locator("#composer-text").fill("Jeg sjekker det nå")
    await page.keyboard.press("Enter")
    said = await wire.next(m.Say)
    assert said.control == 3
    await expect(page.locator(".pending")).to_contain_text("Sender")
    await wire.cut()
    await expect(page.locator(".link-line")).to_be_visible()
    again = await wire.next(m.Say, 2)
    assert again == said
    assert [(one.ticket, one.resume_token) for one in wire.hellos] == [
        ("ticket-1", None),
        (None, "token-1"),
    ]
    resumed = await wire.next(m.Open, 2)
    assert resumed.after == 2
    line = text(3, said.text, "agent", said.cmid)
    await wire.send(m.AgentAck(TALK, said.cmid, 3), batch(line, after=2), event(line))
    await expect(page.locator(".pending")).to_have_count(0)
    assert await words(page) == ["en", "Jeg sjekker det nå"]


async def test_a_line_typed_while_away_outlives_the_page_and_is_sent_when_it_is_back(
    wire: Wire, desks: Desks
) -> None:
    page = await opened(wire, desks, text(1, "en"))
    wire.answers_hello = False
    await wire.cut()
    await page.locator(".link-line").wait_for()
    await page.locator("#composer-text").fill("Skrevet uten nett")
    await page.keyboard.press("Enter")
    await expect(page.locator(".pending")).to_contain_text("Venter på forbindelse")
    wire.answers_hello = True
    await page.reload()
    said = await wire.next(m.Say)
    assert said.text == "Skrevet uten nett"


async def test_a_refused_line_becomes_the_draft_again_with_the_reason(
    wire: Wire, desks: Desks
) -> None:
    page = await opened(wire, desks, text(1, "en"))
    area = page.locator("#composer-text")
    await area.fill("Dette rakk jeg ikke")
    await page.keyboard.press("Enter")
    said = await wire.next(m.Say)
    await area.fill("neste")
    await wire.send(m.Problem(code="stale_control", text="...", cmid=said.cmid, conversation=TALK))
    await expect(page.get_by_role("alert")).to_contain_text("skiftet eier")
    await expect(area).to_have_value("Dette rakk jeg ikke\n\nneste")
    await page.reload()
    await expect(area).to_have_value("Dette rakk jeg ikke\n\nneste")
    assert [type(one) for one in wire.heard].count(m.Say) == 1


async def test_a_chat_taken_by_a_colleague_can_be_read_but_not_written_in(
    wire: Wire, desks: Desks
) -> None:
    page = await opened(wire, desks, text(1, "en"))
    await page.locator("#composer-text").fill("halvferdig")
    wire.mine = ()
    await wire.send(event(owned(3, control=4, agent=OTHER)), wire.queue())
    await expect(page.locator(".gone")).to_contain_text("En kollega har samtalen nå")
    await expect(page.locator("#composer-text")).to_have_value("halvferdig")
    await expect(page.locator("#composer-text")).not_to_be_editable()
    await page.get_by_role("button", name="Fjern fra pulten").click()
    shut = await wire.next(m.Shut)
    assert shut.conversation == TALK
    await expect(page.locator(".mine-row")).to_have_count(0)


async def test_a_line_too_long_to_count_says_so(wire: Wire, desks: Desks) -> None:
    page = await opened(wire, desks, text(1, "en"))
    row = m.Waiting("h1", "c1", CLIENT, "nb", "asked", False, time.time() - 30, 1, 0.5)
    long = wire.queue(row)
    await wire.send(replace(long, total=21))
    await expect(page.locator(".queue .count")).to_have_text("21")
    await expect(page.get_by_text("og 20 til")).to_be_visible()
    await wire.send(replace(long, total=QUEUE_COUNTED))
    await expect(page.locator(".queue .count")).to_have_text(f"{QUEUE_COUNTED}+")
    await expect(page.get_by_text("og mange til")).to_be_visible()


async def test_close_code_4001_gets_a_new_ticket_over_http(wire: Wire, desks: Desks) -> None:
    page = await opened(wire, desks, text(1, "en"))
    await wire.close(4001)
    await wire.next(m.Hello, 2)
    assert [one.ticket for one in wire.hellos] == ["ticket-1", "ticket-2"]
    await expect(page.locator(".link-dot.up")).to_be_attached()


async def test_close_code_1008_leads_to_the_login_and_keeps_the_draft(
    wire: Wire, desks: Desks
) -> None:
    page = await opened(wire, desks, text(1, "en"))
    await page.locator("#composer-text").fill("ikke glem meg")
    wire.logged_in = False
    await wire.close(1008)
    await expect(page.get_by_text("Økten er slutt")).to_be_visible()
    await page.get_by_label("Brukernavn").fill("kari")
    await page.get_by_label("Passord", exact=True).fill("hemmelig nok")
    await page.keyboard.press("Enter")
    await expect(page.locator("#composer-text")).to_have_value("ikke glem meg")


async def test_a_transfer_whose_answer_was_lost_is_asked_again_with_the_same_request(
    wire: Wire, desks: Desks
) -> None:
    page = await opened(wire, desks, text(1, "en"))
    await page.keyboard.press("Alt+o")
    await page.get_by_role("button", name="Overfør", exact=True).last.click()
    asked = await wire.next(m.Transfer)
    assert (asked.control, asked.to) == (3, None)
    wire.mine = ()
    await wire.cut()
    again = await wire.next(m.Transfer, 2)
    assert again == asked
    await wire.send(m.Result(asked.request, ok=True, client=CLIENT, conversation=TALK))
    await expect(page.locator(".toast")).to_contain_text("overført")
    await expect(page.get_by_role("dialog")).to_have_count(0)
    await expect(page.locator(".mine-row")).to_have_count(0)


async def test_what_the_customer_has_seen_and_types_is_shown(wire: Wire, desks: Desks) -> None:
    page = await opened(wire, desks, text(1, "en"))
    await page.locator("#composer-text").press_sequentially("Hei")
    assert (await wire.next(m.AgentTyping)).on
    await page.keyboard.press("Enter")
    assert not (await wire.next(m.AgentTyping, 2)).on
    said = await wire.next(m.Say)
    await wire.send(event(text(3, "Hei", "agent", said.cmid)))
    await expect(page.locator(".receipt")).to_have_text("Levert")
    await wire.send(m.AgentEphemeral(TALK, seen=3))
    await expect(page.locator(".receipt")).to_have_text("Sett")
    await wire.send(m.AgentEphemeral(TALK, typing=True))
    await expect(page.locator(".typing")).to_be_visible()
    await wire.send(m.AgentEphemeral(TALK, typing=False))
    await expect(page.locator(".typing")).to_have_count(0)
    seen = [one.seq for one in wire.heard if isinstance(one, m.AgentSeen)]
    assert seen == sorted(seen)
    assert seen[-1] == 3
