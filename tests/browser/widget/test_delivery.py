"""Nothing lost, nothing twice, nothing out of order, as a customer's screen shows it."""

from __future__ import annotations

import asyncio

from playwright.async_api import BrowserContext, Page, expect

from handoff.protocol import messages as m
from tests.browser.widget.stand_in import HELLO, ORIGIN, StandIn
from tests.browser.widget.steps import SAY, open_chat, panel, say, shown, until

UNSENT = """() => new Promise((resolve) => {
  const request = indexedDB.open("stafett-heimbud");
  request.onsuccess = () => {
    const all = request.result.transaction("unsent").objectStore("unsent").getAll();
    all.onsuccess = () => { request.result.close(); resolve(all.result); };
  };
})"""


async def test_a_message_is_shown_at_once_and_once(page: Page, server: StandIn) -> None:
    server.acks = False
    await open_chat(page, server)
    await say(page, "hei")
    await expect(page.locator(".own .status")).to_have_text("Sender …")
    await until(lambda: len(server.of(m.Send)) == 1)
    server.line("customer", "hei", cmid=server.of(m.Send)[0].cmid)
    await expect(page.locator(".own .status")).to_have_text("Sendt")
    assert await shown(page) == [HELLO["nb"], "hei"]


async def test_shows_what_was_stored_not_what_was_typed(page: Page, server: StandIn) -> None:
    await open_chat(page, server)
    await say(page, "jeg er 01010112345")
    await expect(page.locator(".own .said")).to_have_text("jeg er •••••• •••••")


async def test_is_kept_in_the_browser_before_it_is_sent(page: Page, server: StandIn) -> None:
    server.acks = False
    await open_chat(page, server)
    await say(page, "første")
    await say(page, "andre")
    await until(lambda: len(server.of(m.Send)) == 2)
    kept = await page.evaluate(UNSENT)
    assert sorted(entry["cmid"] for entry in kept) == sorted(f.cmid for f in server.of(m.Send))
    await page.reload()
    await until(lambda: len(server.of(m.Send)) == 4)
    first, second, again, last = server.of(m.Send)
    assert [again, last] == [first, second]
    await expect(page.locator(".own .said")).to_have_text(["første", "andre"])
    server.acks = True
    await server.close(1012)
    await until(lambda: len(server.stored) == 2)
    await expect(page.locator(".own .status").last).to_have_text("Sendt")
    assert await page.evaluate(UNSENT) == []
    assert await shown(page) == [HELLO["nb"], "første", "andre"]


async def test_says_so_while_offline_and_sends_when_it_is_back(page: Page, server: StandIn) -> None:
    await open_chat(page, server)
    await server.stop_listening()
    await say(page, "er du der?")
    await expect(page.locator(".own .status")).to_have_text("Sender når du er på nett igjen")
    await expect(panel(page)).to_contain_text("Ingen forbindelse. Vi prøver igjen.")
    await server.listen()
    await expect(page.locator(".own .status")).to_have_text("Sendt", timeout=20_000)
    await expect(panel(page)).not_to_contain_text("Ingen forbindelse")
    assert [line.text for line in server.lines] == [HELLO["nb"], "er du der?"]


async def test_what_came_meanwhile_comes_after_a_reconnect(page: Page, server: StandIn) -> None:
    await open_chat(page, server)
    await server.stop_listening()
    for text in ("en", "to", "tre"):
        server.keep("bot", text)
    await server.listen()
    await expect(page.locator(".said")).to_have_text([HELLO["nb"], "en", "to", "tre"])
    assert server.of(m.Hello)[-1].resume_token == "resume-1"
    assert server.of(m.Resume)[-1].after == 1


async def test_out_of_order_and_doubled_events_are_shown_in_order_once(
    page: Page, server: StandIn
) -> None:
    await open_chat(page, server)
    lines = [server.keep("bot", text) for text in ("en", "to", "tre", "fire")]
    for at in (3, 1, 1, 0, 3, 2, 0):
        server.send(m.Event(lines[at]))
    await expect(page.locator(".said")).to_have_text([HELLO["nb"], "en", "to", "tre", "fire"])


async def test_a_heartbeat_is_answered_and_shows_a_lost_event(page: Page, server: StandIn) -> None:
    await open_chat(page, server)
    server.keep("bot", "kom aldri fram")
    server.send(m.Heartbeat(last_seq=2))
    await expect(page.locator(".said")).to_have_text([HELLO["nb"], "kom aldri fram"])
    assert len(server.of(m.Beat)) == 1


async def test_a_silent_socket_is_given_up(page: Page, server: StandIn) -> None:
    server.heartbeat = 1.0
    await open_chat(page, server)
    await until(lambda: server.opened == 2, seconds=8)
    await until(lambda: len(server.of(m.Resume)) == 2)


async def test_gets_a_new_ticket_when_the_old_way_in_is_closed(page: Page, server: StandIn) -> None:
    await open_chat(page, server)
    await server.close(4001)
    await until(lambda: len(server.asked) == 2)
    await until(lambda: len(server.of(m.Resume)) == 2)
    assert server.of(m.Hello)[-1].ticket == "ticket-2"


async def test_stops_where_it_is_not_wanted_until_asked(page: Page, server: StandIn) -> None:
    await open_chat(page, server)
    await server.close(1008)
    await expect(panel(page)).to_contain_text("Chatten fikk ikke koblet til.")
    await asyncio.sleep(2.5)
    assert server.opened == 1
    await page.get_by_role("button", name="Prøv igjen").click()
    await until(lambda: server.opened == 2)
    await expect(panel(page)).not_to_contain_text("Chatten fikk ikke koblet til.")


async def test_a_refused_message_can_be_said_again(page: Page, server: StandIn) -> None:
    server.acks = False
    await open_chat(page, server)
    await say(page, "nei?")
    await until(lambda: len(server.of(m.Send)) == 1)
    refusal = m.Problem(code="refused", text="Prøv om litt.", cmid=server.of(m.Send)[0].cmid)
    server.send(refusal)
    await expect(page.locator(".own .status")).to_contain_text("Ikke sendt. Prøv om litt.")
    server.acks = True
    await page.get_by_role("button", name="Prøv igjen").click()
    await expect(page.locator(".own .status")).to_have_text("Sendt")
    assert await shown(page) == [HELLO["nb"], "nei?"]
    first, second = server.of(m.Send)
    assert first.cmid != second.cmid


async def test_a_rewritten_history_replaces_what_was_shown(page: Page, server: StandIn) -> None:
    await open_chat(page, server)
    server.line("bot", "skal slettes")
    await expect(page.locator(".item")).to_have_count(2)
    server.lines[:] = []
    server.keep("bot", "ny historie")
    server.epoch = "f" * 32
    server.send(m.Reset(epoch=server.epoch))
    await expect(page.locator(".said")).to_have_text(["ny historie"])


async def test_a_reload_shows_the_same_and_keeps_the_draft(page: Page, server: StandIn) -> None:
    server.replies.append(lambda line: server.line("bot", "Gjerne!"))
    await open_chat(page, server)
    await say(page, "hei")
    await expect(page.locator(".item")).to_have_count(3)
    before = await shown(page)
    await page.get_by_label(SAY).fill("jeg lurer på")
    await page.reload()
    await expect(page.locator(".item")).to_have_count(3)
    assert await shown(page) == before
    await expect(page.get_by_label(SAY)).to_have_value("jeg lurer på")
    assert len({asked["visitor"] for asked in server.asked}) == 1


async def test_two_tabs_show_one_conversation(
    context: BrowserContext, page: Page, server: StandIn
) -> None:
    await open_chat(page, server)
    other = await context.new_page()
    await other.goto(ORIGIN)
    await other.get_by_role("button", name="Chat med oss").click()
    await expect(other.locator(".item")).to_have_count(1)
    await say(page, "fra den ene")
    await expect(other.locator(".own .said")).to_have_text(["fra den ene"])
    await say(other, "fra den andre")
    await expect(page.locator(".own .said")).to_have_text(["fra den ene", "fra den andre"])
    assert await shown(page) == await shown(other)
    assert len({asked["visitor"] for asked in server.asked}) == 1


async def test_seen_follows_what_is_looked_at(page: Page, server: StandIn) -> None:
    await open_chat(page, server)
    await until(lambda: bool(server.of(m.Seen)))
    await page.get_by_role("button", name="Lukk chatten").click()
    server.line("bot", "mens du var borte")
    server.line("bot", "og en til")
    launcher = page.get_by_role("button", name="Chat med oss, 2 uleste meldinger")
    await expect(launcher).to_be_visible()
    assert server.of(m.Seen)[-1].seq == 1
    await launcher.click()
    await until(lambda: server.of(m.Seen)[-1].seq == 3)
    await page.get_by_role("button", name="Lukk chatten").click()
    await expect(page.get_by_role("button", name="Chat med oss", exact=True)).to_be_visible()


async def test_unread_messages_are_counted_on_the_next_page_too(
    page: Page, server: StandIn
) -> None:
    await open_chat(page, server)
    await until(lambda: bool(server.of(m.Seen)))
    await page.get_by_role("button", name="Lukk chatten").click()
    server.keep("bot", "svar")
    await page.reload()
    await expect(page.get_by_role("button", name="Chat med oss, 1 ulest melding")).to_be_visible()
    await expect(panel(page)).to_be_hidden()


async def test_a_hundred_messages_in_a_hurry_stay_in_order(page: Page, server: StandIn) -> None:
    await open_chat(page, server)
    for at in range(100):
        server.line("bot", f"nummer {at}")
    await expect(page.locator(".item")).to_have_count(101)
    assert await shown(page) == [HELLO["nb"], *(f"nummer {at}" for at in range(100))]
