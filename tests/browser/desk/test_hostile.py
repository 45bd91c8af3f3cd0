"""What strangers write is text: it runs nothing, links nowhere unsafe and turns no line around."""

from __future__ import annotations

import uuid

import pytest
from playwright.async_api import expect

from handoff.core.roster import Status
from tests.browser.desk import cases
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


@pytest.mark.parametrize("attack", ATTACKS)
async def test_an_attack_is_shown_as_it_was_written_and_does_nothing(
    stage: Stage, desks: Desks, attack: str
) -> None:
    await stage.agent("Kari Nordli")
    other = await stage.agent(f"Ola {attack}"[:120])
    await stage.bridge.set_status(other.id, Status.ONLINE)
    page = await desks.page()
    await desks.login(page, stage.url, "kari")
    case = Case(
        client="heimbud",
        page=f"javascript:{attack}",
        topic=attack[:60],
        reason=attack[:60],
        turns=(
            Said(
                attack,
                attack[:60],
                0.9,
                attack,
                (attack,),
                entities={attack[:40]: attack},
                slots={attack[:40]: attack},
                others={attack[:30]: 0.1},
                lookups=(
                    {
                        "operation": attack[:60],
                        "arguments": {"a": attack},
                        "ok": True,
                        "data": {"status": attack, "events": [{"at": attack, "status": attack}]},
                    },
                ),
            ),
        ),
        reasons=({"code": attack[:60], "nb": attack, "en": attack, "quotes": [attack]},),
        tried=({"nb": attack, "en": attack},),
        confirmed={"a": attack},
        guessed={attack[:30]: attack},
    )
    conversation = await stage.waits(case)
    await page.locator(".take").click()
    bubble = page.locator(".turn.customer .words").first
    await expect(bubble).to_be_visible()
    shown = await bubble.inner_text()
    if "\u202e" in attack:
        assert "\u202e" not in shown and "U+202E" in shown
    else:
        assert shown == attack
    await page.locator(".nlu summary").first.click()
    await page.keyboard.press("Alt+o")
    await expect(page.get_by_role("dialog")).to_contain_text("Ola")
    await page.keyboard.press("Escape")
    await page.keyboard.press("Alt+b")
    await page.keyboard.press("Escape")
    await stage.bridge.leave_contact(
        "heimbud", conversation.id, str(uuid.uuid4()), attack, attack, attack
    )
    await page.get_by_role("button", name="Oppgaver").click()
    await expect(page.locator(".task")).to_have_count(1)
    assert "owned" not in await page.title()
    assert await page.locator("#desk script, #desk img, #desk svg[onload]").count() == 0
    hrefs = await page.locator("a").evaluate_all("links => links.map(link => link.protocol)")
    assert set(hrefs) <= {"https:", "mailto:", "tel:"}
