"""From the bot to a person and back, as the customer sees it."""

from __future__ import annotations

import pytest
from playwright.async_api import Locator, Page, expect

from handoff.protocol import messages as m
from tests.browser.widget.stand_in import StandIn
from tests.browser.widget.steps import SAY, join, open_chat, panel, queue, say, until
from tests.browser.widget.test_looks import PICTURES


async def menu(page: Page, entry: str) -> None:
    await page.get_by_role("button", name="Meny").click()
    await page.get_by_role("button", name=entry).click()


async def test_only_the_newest_messages_buttons_can_be_pressed(page: Page, server: StandIn) -> None:
    await open_chat(page, server)
    server.line("bot", "Er det riktig?", buttons=("Ja", "Nei"))
    await expect(page.locator(".quick button")).to_have_text(["Ja", "Nei"])
    server.line("bot", "Hvilken dag?", buttons=("I dag", "I morgen"))
    await expect(page.locator(".quick button")).to_have_text(["I dag", "I morgen"])
    await page.get_by_role("button", name="I morgen").click()
    await until(lambda: len(server.of(m.Send)) == 1)
    (sent,) = server.of(m.Send)
    assert (sent.text, sent.button) == (None, m.Button(seq=3, index=1))
    await expect(page.locator(".own .said")).to_have_text(["I morgen"])
    await expect(page.locator(".quick button")).to_have_count(0)
    await expect(page.get_by_label(SAY)).to_be_focused()


async def test_a_person_can_always_be_asked_for(page: Page, server: StandIn) -> None:
    await open_chat(page, server)
    await menu(page, "Snakk med et menneske")
    await until(lambda: len(server.of(m.AskPerson)) == 1)
    queue(server)
    await expect(page.get_by_role("region", name="Venter på et menneske")).to_be_visible()
    await page.get_by_role("button", name="Meny").click()
    await expect(page.get_by_role("button", name="Snakk med et menneske")).to_have_count(0)


async def test_waiting_tells_place_and_an_honest_estimate(page: Page, server: StandIn) -> None:
    await open_chat(page, server)
    queue(server, place=3, wait=170.0)
    card = page.locator(".card")
    await expect(card).to_contain_text("Du er nummer 3 i køen")
    await expect(card).to_contain_text("Omtrent 3 minutter")
    server.send(m.Ephemeral(place=1, staffed=True))
    await expect(card).to_contain_text("Du er neste i køen")
    await expect(card).to_contain_text("Vi vet ikke hvor lenge det tar")
    server.send(m.Ephemeral(place=1, wait=20.0, staffed=True))
    await expect(card).to_contain_text("Under ett minutt")
    server.send(m.Ephemeral(place=1, staffed=False))
    await expect(card).to_contain_text("Ingen er på jobb akkurat nå")


async def test_a_new_place_is_read_out_once_and_a_new_estimate_is_not(
    page: Page, server: StandIn
) -> None:
    await open_chat(page, server)
    queue(server, place=3, wait=300.0)
    await expect(page.locator(".card")).to_contain_text("Du er nummer 3")
    told = page.locator('[role="status"].vh')
    await expect(told).to_have_text("")
    server.send(m.Ephemeral(place=3, wait=240.0, staffed=True))
    await expect(page.locator(".card")).to_contain_text("Omtrent 4 minutter")
    await expect(told).to_have_text("")
    server.send(m.Ephemeral(place=2, wait=120.0, staffed=True))
    await expect(told).to_have_text("Du er nummer 2 i køen")


async def test_the_choices_of_one_who_waits(page: Page, server: StandIn) -> None:
    await open_chat(page, server)
    queue(server)
    stay = page.get_by_role("button", name="Vent her")
    await expect(stay).to_have_attribute("aria-pressed", "true")
    await page.get_by_role("button", name="Fortsett med chatboten").click()
    await until(lambda: len(server.of(m.Choose)) == 1)
    server.turn("waiting", "bot")
    server.notice("bot_meanwhile", "Du beholder plassen i køen.")
    await expect(stay).to_have_attribute("aria-pressed", "false")
    await stay.click()
    await page.get_by_role("button", name="Legg igjen beskjed").click()
    await until(lambda: len(server.of(m.Choose)) == 3)
    assert [frame.choice for frame in server.of(m.Choose)] == ["bot", "stay", "contact"]


@pytest.mark.parametrize(
    ("language", "label"),
    [("nb", "Gå ut av køen"), ("nn", "Gå ut av køen"), ("en", "Leave the queue")],
)
async def test_who_waits_can_leave_the_queue_and_writes_on(
    page: Page, server: StandIn, language: str, label: str
) -> None:
    server.language = language
    await open_chat(page, server)
    queue(server)
    leave = page.get_by_role("button", name=label)
    await leave.click()
    await until(lambda: [frame.choice for frame in server.of(m.Choose)] == ["leave"])
    server.turn("bot", "bot")
    server.notice("left_queue", "Du står ikke lenger i kø.")
    await expect(leave).to_have_count(0)
    await expect(page.locator("textarea")).to_be_focused()


async def test_the_leg_of_the_relay_that_is_run_is_named_and_marked(
    page: Page, server: StandIn
) -> None:
    await open_chat(page, server)
    here = page.locator(".track .here")
    await expect(page.locator(".track")).to_have_text("ChatbotKøMenneske")
    await expect(here).to_have_text("Chatbot")
    queue(server)
    await expect(here).to_have_text("Kø")
    join(server)
    await expect(here).to_have_text("Menneske")
    server.turn("closed", "nobody")
    server.notice("closed", "Samtalen er avsluttet.", by="agent")
    await expect(here).to_have_count(0)


async def test_the_contact_form_says_what_is_missing_and_sends_the_rest(
    page: Page, server: StandIn
) -> None:
    await open_chat(page, server)
    queue(server)
    await page.get_by_role("button", name="Legg igjen beskjed").click()
    server.notice("contact_form", "Legg igjen navn og hvordan vi når deg.", form="contact")
    name, reach = page.get_by_label("Navn"), page.get_by_label("Telefon eller e-post")
    await expect(name).to_be_focused()
    await page.locator("form.card").get_by_role("button", name="Send").click()
    await expect(page.get_by_text("Skriv navnet ditt.")).to_be_visible()
    await expect(name).to_be_focused()
    await expect(name).to_have_attribute("aria-invalid", "true")
    await name.fill("Kari Nordmann")
    await expect(page.get_by_text("Skriv navnet ditt.")).to_be_hidden()
    await reach.fill("98")
    await reach.press("Enter")
    await expect(page.get_by_text("Skriv hvordan vi kan nå deg.")).to_be_visible()
    await reach.fill("987 65 432")
    await page.get_by_label("Hva gjelder det?").fill("Pakken min")
    await page.locator("form.card").get_by_role("button", name="Send").click()
    await until(lambda: len(server.of(m.LeaveContact)) == 1)
    (left,) = server.of(m.LeaveContact)
    assert (left.name, left.reach, left.text) == ("Kari Nordmann", "987 65 432", "Pakken min")
    server.turn("bot", "bot")
    server.notice("contact_kept", "Takk. Beskjeden ligger hos oss.")
    await expect(page.locator(".card")).to_have_count(0)
    await page.reload()
    await expect(page.get_by_text("Takk. Beskjeden ligger hos oss.")).to_be_visible()
    await expect(page.locator(".card")).to_have_count(0)


async def test_a_form_of_a_closed_desk_survives_a_reload_and_can_be_put_away(
    page: Page, server: StandIn
) -> None:
    await open_chat(page, server)
    server.notice("desk_closed", "Det er ingen på jobb her nå.", form="contact")
    await page.reload()
    await expect(page.get_by_label("Navn")).to_be_visible()
    await page.get_by_role("button", name="Tilbake").click()
    await expect(page.get_by_label("Navn")).to_have_count(0)
    await expect(page.get_by_label(SAY)).to_be_focused()


async def test_a_person_is_shown_by_name_with_typing_and_reading(
    page: Page, server: StandIn
) -> None:
    await open_chat(page, server)
    queue(server)
    join(server)
    await expect(panel(page).get_by_role("heading", name="Ingrid")).to_be_visible()
    await expect(panel(page)).to_contain_text("Du snakker med et menneske")
    server.send(m.Ephemeral(typing="agent"))
    await expect(page.locator(".typing")).to_have_text("Ingrid skriver")
    server.line("agent", "Hei! Jeg har lest alt.", name="Ingrid")
    await expect(page.locator(".typing")).to_be_hidden()
    await expect(page.locator(".agent .who")).to_contain_text("Ingrid")
    await say(page, "Så bra!")
    await expect(page.locator(".own .status")).to_have_text("Sendt")
    assert [frame.on for frame in server.of(m.Typing)] == [True, False]
    server.send(m.Ephemeral(seen=server.lines[-1].seq))
    await expect(page.locator(".own .status")).to_have_text("Lest")
    await page.reload()
    await expect(panel(page).get_by_role("heading", name="Ingrid")).to_be_visible()


async def test_the_bot_shows_a_sign_of_life_until_it_answers(page: Page, server: StandIn) -> None:
    await open_chat(page, server)
    await say(page, "hei")
    await expect(page.locator(".typing")).to_have_text("Chatboten skriver")
    server.line("bot", "Hei!")
    await expect(page.locator(".typing")).to_be_hidden()


async def test_nobody_is_told_that_one_writes_to_the_bot(page: Page, server: StandIn) -> None:
    await open_chat(page, server)
    await page.get_by_label(SAY).type("hei")
    await say(page, "hei")
    await until(lambda: len(server.stored) == 1)
    assert server.of(m.Typing) == []


async def test_the_customer_can_end_it_and_write_again(page: Page, server: StandIn) -> None:
    await open_chat(page, server)
    await menu(page, "Avslutt samtalen")
    await expect(
        page.get_by_text("Du kan skrive igjen senere, i den samme tråden.")
    ).to_be_visible()
    await page.get_by_role("button", name="Tilbake").click()
    await page.get_by_role("button", name="Avslutt samtalen").click()
    await page.locator(".menu .solid").click()
    await until(lambda: len(server.of(m.End)) == 1)
    server.turn("closed", "nobody")
    server.notice("closed", "Samtalen er avsluttet.", by="customer")
    await expect(panel(page).locator(".names")).to_contain_text("Samtalen er avsluttet")
    again = page.get_by_label("Skriv for å starte igjen")
    await again.fill("hei igjen")
    await again.press("Enter")
    await expect(page.locator(".own .said")).to_have_text(["hei igjen"])
    await expect(page.get_by_label(SAY)).to_be_visible()


async def ended(page: Page, server: StandIn) -> Locator:
    """The card of a conversation that an agent has just ended."""
    await open_chat(page, server)
    join(server)
    server.line("agent", "Da er alt i orden.", name="Ingrid")
    server.turn("closed", "nobody")
    server.notice("closed", "Samtalen er avsluttet.", by="agent")
    return page.get_by_role("region", name="Fikk du hjelpen du trengte?")


async def test_is_asked_once_how_it_was(page: Page, server: StandIn) -> None:
    card = await ended(page, server)
    await card.get_by_role("button", name="2 av 5").click()
    await until(lambda: len(server.of(m.Rate)) == 1)
    assert server.of(m.Rate)[0].stars == 2
    await expect(card).to_contain_text("Takk!")
    await expect(card.locator(".lit")).to_have_count(2)
    await card.get_by_role("button", name="4 av 5").click()
    await until(lambda: len(server.of(m.Rate)) == 2)
    await expect(card.locator("[aria-pressed=true]")).to_be_focused()
    await page.reload()
    await expect(page.locator(".names")).to_contain_text("Samtalen er avsluttet")
    await expect(page.locator(".card")).to_have_count(0)


async def test_who_writes_again_is_not_asked_how_it_was(page: Page, server: StandIn) -> None:
    card = await ended(page, server)
    await expect(card).to_be_visible()
    await page.get_by_label("Skriv for å starte igjen").fill("en ting til")
    await page.keyboard.press("Enter")
    await expect(page.locator(".card")).to_have_count(0)
    assert server.of(m.Rate) == []


async def test_is_told_how_to_send_a_picture(page: Page, server: StandIn) -> None:
    await open_chat(page, server)
    await menu(page, "Slik sender du bilde")
    await expect(page.locator(".menu")).to_contain_text("kan ikke sendes i chatten ennå")
    link = page.get_by_role("link", name="kundeservice@heimbud.example")
    assert await link.get_attribute("href") == "mailto:kundeservice@heimbud.example"


async def test_hostile_words_stay_words(page: Page, server: StandIn) -> None:
    await page.evaluate("() => { window.ran = 0; window.alert = () => { window.ran += 1; }; }")
    await open_chat(page, server)
    evil = '<img src=x onerror="alert(1)"><script>alert(1)</script> javascript:alert(1) {{7*7}}'
    turned = "‮snu‬ nu​ll"
    server.line("bot", evil, buttons=(evil,))
    server.line("bot", turned)
    queue(server)
    join(server, evil)
    server.line("agent", evil, name=evil)
    await say(page, evil)
    await expect(page.locator(".own .said")).to_have_text([evil])
    assert await page.locator(".said").nth(2).evaluate("node => node.textContent") == turned
    style = "node => getComputedStyle(node).unicodeBidi"
    assert await page.locator(".said").nth(2).evaluate(style) in ("isolate", "plaintext")
    assert await page.locator(".log img, .log script, .log a").count() == 0
    assert await page.evaluate("window.ran") == 0


async def test_long_words_wrap(page: Page, server: StandIn) -> None:
    await open_chat(page, server)
    server.line("bot", "x" * 400)
    server.line("agent", "https://post.no/" + "y" * 300, name="Z" * 100)
    await expect(page.locator(".item")).to_have_count(3)
    wide = "node => [...node.querySelectorAll('*')].filter((e) => e.scrollWidth > 380).length"
    assert await page.locator(".scroller").evaluate(wide) == 0


GIVE = """([kind, types, text]) => {
  const data = new DataTransfer();
  if (types.includes("file")) data.items.add(new File(["x"], "skade.png", { type: "image/png" }));
  if (types.includes("text")) data.setData("text/plain", text);
  const root = document.querySelector("stafett-widget").shadowRoot;
  const given = kind === "paste"
    ? new ClipboardEvent(kind, { clipboardData: data, bubbles: true, cancelable: true })
    : new DragEvent(kind, { dataTransfer: data, bubbles: true, cancelable: true });
  return !root.querySelector("#say").dispatchEvent(given);
}"""


async def test_a_pasted_or_dropped_picture_gives_the_way_to_send_it(
    page: Page, server: StandIn
) -> None:
    await open_chat(page, server)
    hint = page.locator(".menu")
    for kind in ("paste", "drop"):
        assert not await page.evaluate(GIVE, [kind, ["text"], "hei"])
        assert not await page.evaluate(GIVE, ["paste", ["text", "file"], "celler fra et ark"])
        await expect(hint).to_be_hidden()
        # Without this a dropped file would take the place of the client's whole page.
        assert await page.evaluate(GIVE, ["dragover", ["file"], ""])
        await expect(hint).to_be_hidden()
        assert await page.evaluate(GIVE, [kind, ["file"], ""])
        await expect(hint).to_contain_text("Slik sender du bilde")
        await expect(hint.get_by_role("link")).to_have_attribute(
            "href", "mailto:kundeservice@heimbud.example"
        )
        await expect(page.locator(".vh[role=status]")).to_contain_text("Send bildet på e-post")
        await page.keyboard.press("Escape")
    await page.evaluate(GIVE, ["paste", ["file"], ""])
    await page.wait_for_timeout(400)
    await page.screenshot(path=PICTURES / "10-picture-hint-light-1280.png")
    await page.set_viewport_size({"width": 390, "height": 844})
    await page.screenshot(path=PICTURES / "10-picture-hint-light-390.png")
