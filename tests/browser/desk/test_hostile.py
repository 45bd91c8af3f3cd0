"""What strangers write is text: it runs nothing, links nowhere unsafe and turns no line around."""

from __future__ import annotations

import asyncio
import uuid

from playwright.async_api import Page, expect

from handoff.core.roster import Status
from tests.browser.desk.conftest import Desks
from tests.browser.desk.stage import Case, Said, Stage

ATTACKS = (
    "<img src=x onerror=\"document.title='owned'\">",
    "<script>document.title='owned'</script>",
    "<svg onload=\"document.title='owned'\"></svg>",
    "javascript:document.title='owned'",
    '{{7*7}} ${7*7} /intent{"slot":1}',
    '"><a href="javascript:document.title=\'owned\'">trykk</a>',
    "gratis \u202egpj.exe\u202c \u200bfri",
)


async def test_attacks_are_shown_as_they_were_written_and_do_nothing(
    stage: Stage, desks: Desks
) -> None:
    await stage.agent("Kari Nordli", capacity=20)
    page = await desks.page()
    await desks.login(page, stage.url, "kari")
    for attack in ATTACKS:
        other = await stage.agent(f"{attack[:100]} Ola")
        await stage.bridge.set_status(other.id, Status.ONLINE)
        await attacked(stage, page, attack)
    await page.get_by_role("button", name="Oppgaver").click()
    await expect(page.locator(".task")).to_have_count(len(ATTACKS))
    await unharmed(page)


async def attacked(stage: Stage, page: Page, attack: str) -> None:
    """One customer's whole conversation made of the attack, taken and looked at everywhere."""
    conversation = await stage.waits(made_of(attack))
    await page.locator(".take:enabled").click()
    await expect(page.locator(".hands").last).to_contain_text("Du tok over")
    bubble = page.locator(".turn.customer .words").first
    shown = await bubble.inner_text()
    for _ in range(100):  # until the chat just taken stands where the one before it stood
        if "U+202E" in shown if "\u202e" in attack else shown == attack:
            break
        await asyncio.sleep(0.05)
        shown = await bubble.inner_text()
    if "\u202e" in attack:
        assert "\u202e" not in shown
        assert "U+202E" in shown
    else:
        assert shown == attack
    await page.locator(".nlu summary").first.click()
    await page.keyboard.press("Alt+o")
    await expect(page.get_by_role("dialog")).to_contain_text("Ola")
    await page.keyboard.press("Escape")
    await page.keyboard.press("Alt+b")
    await expect(page.get_by_role("dialog")).to_be_visible()
    await page.keyboard.press("Escape")
    await stage.bridge.leave_contact(
        "heimbud", conversation.id, str(uuid.uuid4()), attack, attack, attack
    )
    await unharmed(page)


async def unharmed(page: Page) -> None:
    assert "owned" not in await page.title()
    assert await page.locator("#desk script, #desk img, #desk svg[onload]").count() == 0
    schemes = await page.locator("a").evaluate_all("links => links.map(link => link.protocol)")
    assert set(schemes) <= {"https:", "mailto:", "tel:"}


def made_of(attack: str) -> Case:
    look = {
        "operation": attack[:60],
        "arguments": {"a": attack},
        "ok": True,
        "data": {"status": attack, "events": [{"at": attack, "status": attack}]},
    }
    turn = Said(
        attack,
        attack[:60],
        0.9,
        attack,
        (attack,),
        entities={attack[:40]: attack},
        slots={attack[:40]: attack},
        others={attack[:30]: 0.1},
        lookups=(look,),
    )
    return Case(
        client="heimbud",
        page=f"javascript:{attack}",
        topic=attack[:60],
        reason=attack[:60],
        turns=(turn,),
        reasons=({"code": attack[:60], "nb": attack, "en": attack, "quotes": [attack]},),
        tried=({"nb": attack, "en": attack},),
        confirmed={"a": attack},
        guessed={attack[:30]: attack},
    )
