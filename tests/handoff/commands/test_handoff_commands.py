"""`stafett handoff` beside a running service: from what customers and agents said to figures."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from tests.handoff.commands.test_lines import stafett
from tests.service.running import Running, running


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[Running]:
    async with running(tmp_path) as started:
        yield started


def judged(probability: float, decision: str = "continue", reason: str | None = None) -> Any:
    return {
        "features": {"frustration_now": probability},
        "decision": decision,
        "reason": reason,
        "propensity": 1.0,
        "threshold_version": "rules-1",
    }


async def rated(house: Running, stars: int, *assessments: Any) -> str:
    """A customer who talks to the bot alone, ends it and says how it was."""
    ticket = await house.ticket()
    page = await house.customer_socket()
    welcome = await page.hello(ticket["ticket"])
    await page.resume(welcome["epoch"])
    for number, assessment in enumerate(assessments):
        house.bot.orders.append({"assessment": assessment})
        text = f"linje {number}"
        await page.says(text)
        await page.line(lambda line, text=text: line.get("text") == f"Svar: {text}")  # type: ignore[misc]
    await page.asks("end")
    await page.asks("rate", stars=stars)
    return str(ticket["conversation"])


async def test_another_threshold_is_tried_on_what_happened(house: Running) -> None:
    failed = await rated(house, 1, judged(0.1), judged(0.5))
    await rated(house, 5, judged(0.1), judged(0.02))
    done = await stafett(house, "handoff", "replay", "--threshold", "0.3", "--json")
    assert (done.returncode, done.stderr) == (0, "")
    report = json.loads(done.stdout)
    assert (report["labelled"], report["contacts"], report["sources"]) == (2, 2, {"rating": 2})
    assert (report["alike"], report["curve"]) == (1.0, [])
    assert report["changed"] == [
        {"id": failed, "needed": True, "handed_at": None, "would_be_at": 2}
    ]
    shown = (await stafett(house, "handoff", "replay", "--threshold", "0.3")).stdout
    assert "2 of 2 contacts are labelled: rating 2." in shown
    assert "Rates are shown from 100 labelled contacts: of fewer they are chance." in shown
    assert " in 100" not in shown
    assert "At 0.30, 1 of 2 labelled contacts would go another way, which of so few" in shown
    assert failed in shown


async def test_that_nothing_changes_among_few_is_told_as_no_finding(house: Running) -> None:
    shown = (await stafett(house, "handoff", "replay", "--threshold", "0.3")).stdout
    assert "0 of 0 contacts are labelled." in shown
    assert "would go another way" not in shown
    await rated(house, 5, judged(0.02))
    shown = (await stafett(house, "handoff", "replay", "--threshold", "0.3")).stdout
    told = " ".join(shown.split())
    assert "At 0.30, none of 1 labelled contacts would go another way, which of so few" in told
    assert "says nothing of the threshold." in told


async def test_what_cannot_be_done_is_one_clear_line(house: Running) -> None:
    await rated(house, 1, judged(0.1))
    for arguments, said in (
        (("replay", "--client", "nobody"), "There is no client `nobody`. Use: heimbud, varde."),
        (("retrain",), "1 labelled contacts; 100 are needed to learn from."),
    ):
        done = await stafett(house, "handoff", *arguments)
        assert (done.returncode, done.stdout) == (2, "")
        assert said in done.stderr
        assert done.stderr.count("\n") == 1
