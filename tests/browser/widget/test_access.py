"""Keyboard, screen reader, zoom, phone: WCAG 2.1 AA."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, Page, expect

from handoff.protocol import messages as m
from tests.browser.widget.stand_in import HELLO, ORIGIN, StandIn
from tests.browser.widget.steps import ROOT, SAY, join, open_chat, panel, queue, say, shown, until

AXE = Path(__file__).parents[1] / "vendor" / "axe-core" / "axe.min.js"
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]


async def at_rest(page: Page) -> None:
    """What comes in moves and is half transparent for a moment."""
    await page.evaluate(
        f"""async () => {{
          const ending = {ROOT}.getAnimations()
            .filter((one) => one.effect.getTiming().iterations === 1);
          await Promise.allSettled(ending.map((one) => one.finished));
        }}"""
    )


async def violations(page: Page) -> list[str]:
    """What axe-core finds on the page with the widget, each with the nodes."""
    await at_rest(page)
    found: list[dict[str, Any]] = await page.evaluate(
        """async (tags) => {
          const { violations } = await axe.run(document, { runOnly: tags });
          return violations;
        }""",
        WCAG,
    )
    return [f"{v['id']}: {[node['html'] for node in v['nodes']]}" for v in found]


async def plain(browser: Browser, **options: Any) -> Page:
    """A page without the site's policy, which would keep the checker out."""
    context = await browser.new_context(bypass_csp=True, locale="nb-NO", **options)
    page = await context.new_page()
    await page.goto(ORIGIN)
    await page.add_script_tag(path=AXE)
    return page


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [(1280, 800), (390, 844)], ids=["desk", "phone"])
async def test_axe_finds_nothing_in_any_state(
    browser: Browser, server: StandIn, scheme: str, size: tuple[int, int]
) -> None:
    viewport = {"width": size[0], "height": size[1]}
    page = await plain(browser, color_scheme=scheme, viewport=viewport)
    found: dict[str, list[str]] = {"closed": await violations(page)}
    await open_chat(page, server)
    found["disclosure"] = await violations(page)
    await page.get_by_role("button", name="Meny").click()
    found["menu"] = await violations(page)
    await page.keyboard.press("Escape")
    server.line("bot", "Er det riktig?", buttons=("Ja", "Nei"))
    await say(page, "hei")
    await until(lambda: len(server.stored) == 1)
    server.line("bot", "Se https://post.no", buttons=("Ja", "Nei"))
    await expect(page.locator(".quick button")).to_have_count(2)
    found["conversation"] = await violations(page)
    queue(server)
    await expect(page.locator(".card")).to_be_visible()
    found["waiting"] = await violations(page)
    server.notice("contact_form", "Legg igjen navn.", form="contact")
    await page.locator("form.card button[type=submit]").click()
    found["form"] = await violations(page)
    join(server)
    server.line("agent", "Hei", name="Ingrid")
    await say(page, "hei")
    server.send(m.Ephemeral(typing="agent"))
    await expect(page.locator(".typing")).to_be_visible()
    found["person"] = await violations(page)
    server.turn("closed", "nobody")
    server.notice("closed", "Samtalen er avsluttet.", by="agent")
    await page.get_by_role("button", name="4 av 5").click()
    found["rated"] = await violations(page)
    await server.close(1008)
    await expect(page.get_by_role("button", name="Prøv igjen")).to_be_visible()
    found["stopped"] = await violations(page)
    assert found == {state: [] for state in found}
    await page.context.close()


async def test_focus_goes_in_and_comes_back(page: Page, server: StandIn) -> None:
    await open_chat(page, server)
    await expect(page.get_by_label(SAY)).to_be_focused()
    await page.keyboard.press("Escape")
    await expect(panel(page)).to_be_hidden()
    await expect(page.get_by_role("button", name="Chat med oss")).to_be_focused()


async def test_everything_works_with_the_keyboard_alone(page: Page, server: StandIn) -> None:
    server.keep("bot", HELLO["nb"])
    await page.keyboard.press("Tab")
    await page.keyboard.press("Tab")
    await expect(page.get_by_role("button", name="Chat med oss")).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(page.get_by_label(SAY)).to_be_focused()
    await page.keyboard.type("hei")
    await page.keyboard.press("Shift+Enter")
    await page.keyboard.type("du")
    await page.keyboard.press("Enter")
    await until(lambda: len(server.of(m.Send)) == 1)
    assert server.of(m.Send)[0].text == "hei\ndu"
    names = []
    for _ in range(5):
        await page.keyboard.press("Shift+Tab")
        names.append(
            await page.evaluate(
                f"{ROOT}.activeElement.ariaLabel || {ROOT}.activeElement.textContent"
            )
        )
    assert names == ["English", "Nynorsk", "Bokmål", "Les om personvern", "Samtalen"]
    await page.get_by_role("button", name="Meny").focus()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("button", name="Snakk med et menneske")).to_be_focused()
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("button", name="Meny")).to_be_focused()
    await expect(panel(page)).to_be_visible()


async def test_the_pages_own_shortcuts_do_not_hear_what_is_typed(
    page: Page, server: StandIn
) -> None:
    await page.evaluate("window.heard = 0; addEventListener('keydown', () => { heard += 1; })")
    await open_chat(page, server)
    await page.get_by_label(SAY).press("s")
    assert await page.evaluate("window.heard") == 0


async def test_a_screen_reader_hears_others_and_not_oneself_or_history(
    page: Page, server: StandIn
) -> None:
    server.keep("customer", "før")
    server.keep("bot", "svar")
    # What the log says of itself while history comes in.
    await page.evaluate(
        """() => {
          window.live = [];
          const root = document.querySelector("stafett-widget").shadowRoot;
          new MutationObserver((changes) => {
            for (const { addedNodes } of changes) for (const node of addedNodes)
              if (node.classList?.contains("item")) live.push(node.closest("[aria-live]").ariaLive);
          }).observe(root, { childList: true, subtree: true });
        }"""
    )
    await open_chat(page, server, greeting=False)
    log = page.get_by_role("log")
    await expect(log).to_have_attribute("aria-live", "polite")
    await say(page, "hei")
    server.line("bot", "hallo")
    await expect(page.locator(".item")).to_have_count(4)
    assert set(await page.evaluate("live.slice(0, 2)")) == {"off"}
    assert await page.evaluate("live.slice(2)") == ["off", "polite"]
    assert await log.get_attribute("aria-relevant") == "additions"


async def test_every_message_says_whose_it_is(page: Page, server: StandIn) -> None:
    await open_chat(page, server)
    await say(page, "hei")
    await until(lambda: len(server.stored) == 1)
    server.line("bot", "en")
    server.line("bot", "to")
    await expect(page.locator(".item")).to_have_count(4)
    names = await page.locator(".item bdi").all_text_contents()
    assert names == ["Chatboten", "Du", "Chatboten", "Chatboten"]


async def test_targets_are_large_enough_to_touch(browser: Browser, server: StandIn) -> None:
    page = await plain(browser, viewport={"width": 390, "height": 844}, has_touch=True)
    await open_chat(page, server)
    server.line("bot", "Er det riktig?", buttons=("Ja", "Nei"))
    queue(server)
    await page.get_by_role("button", name="Meny").click()
    boxes = await page.evaluate(
        f"""[...{ROOT}.querySelectorAll("button:not(.link), textarea, input")]
          .map((e) => [e.textContent || e.ariaLabel, e.getBoundingClientRect()])
          .filter(([, box]) => box.width)
          .map(([name, box]) => [name, box.width, box.height])"""
    )
    assert len(boxes) > 10
    assert [box for box in boxes if min(box[1:]) < 43.9] == []
    await page.context.close()


@pytest.mark.parametrize("size", [(320, 256), (320, 568), (844, 390)])
async def test_at_400_percent_zoom_all_is_there_without_sideways_scrolling(
    browser: Browser, server: StandIn, size: tuple[int, int]
) -> None:
    page = await plain(browser, viewport={"width": size[0], "height": size[1]})
    await open_chat(page, server)
    queue(server)
    await expect(page.locator(".card")).to_be_visible()
    too_wide = await page.evaluate(
        f"""[...{ROOT}.querySelectorAll(".panel :not(.vh, .vh *)")]
          .filter((e) => e.getBoundingClientRect().right > innerWidth + 1)
          .map((e) => e.outerHTML)"""
    )
    assert too_wide == []
    await page.get_by_role("button", name="Legg igjen beskjed").scroll_into_view_if_needed()
    await page.get_by_role("button", name="Legg igjen beskjed").click()
    await say(page, "hei")
    await expect(page.locator(".own .said")).to_have_text(["hei"])
    await page.context.close()


async def test_on_a_phone_it_covers_the_page_and_keeps_the_rest_out(
    browser: Browser, server: StandIn
) -> None:
    page = await plain(browser, viewport={"width": 390, "height": 844})
    await open_chat(page, server)
    await at_rest(page)
    box = await panel(page).bounding_box()
    assert box == {"x": 0, "y": 0, "width": 390, "height": 844}
    await expect(page.get_by_label(SAY)).not_to_be_focused()
    for _ in range(20):
        await page.keyboard.press("Tab")
        assert await page.evaluate("document.activeElement.localName") in ("stafett-widget", "body")
    await page.set_viewport_size({"width": 1000, "height": 800})
    box = await panel(page).bounding_box()
    assert box
    assert box["width"] == 380
    await page.context.close()


async def test_the_keyboard_of_a_phone_never_hides_what_one_writes(
    browser: Browser, server: StandIn
) -> None:
    page = await plain(browser, viewport={"width": 390, "height": 844})
    await open_chat(page, server)
    await page.evaluate(
        """() => {
          const view = window.visualViewport;
          Object.defineProperty(view, "height", { get: () => 460 });
          Object.defineProperty(view, "offsetTop", { get: () => 40 });
          view.dispatchEvent(new Event("resize"));
        }"""
    )
    box = await page.get_by_label(SAY).bounding_box()
    assert box
    assert box["y"] > 40
    assert box["y"] + box["height"] <= 500
    await page.context.close()


async def test_nothing_moves_for_those_who_asked_for_it(browser: Browser, server: StandIn) -> None:
    page = await plain(browser, reduced_motion="reduce")
    await open_chat(page, server)
    queue(server)
    await expect(page.locator(".card")).to_be_visible()
    assert await page.evaluate(f"{ROOT}.getAnimations().length") == 0
    await page.context.close()


async def test_text_follows_the_readers_own_size(browser: Browser, server: StandIn) -> None:
    page = await plain(browser)
    await open_chat(page, server)
    size = await page.locator(".said").first.evaluate("node => getComputedStyle(node).fontSize")
    # The site's own root size of 10 pixels does not reach in.
    assert size == "16px"
    assert await shown(page) == [HELLO["nb"]]
    await page.context.close()
