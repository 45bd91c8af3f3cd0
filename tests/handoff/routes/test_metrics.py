"""`/metrics` moves with what real customers and agents do, and only insiders see it."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families
from ruamel.yaml import YAML

from handoff.core.roster import Status
from handoff.settings import ROOT
from tests.canary import hits_in, ways_to_write
from tests.service.running import Running, running

HEIMBUD = {"client": "heimbud"}
ENDS = ("1000", "1006", "1008")


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[Running]:
    async with running(tmp_path) as started:
        yield started


class Scrape:
    """One answer of `/metrics`, as Prometheus reads it."""

    def __init__(self, text: str) -> None:
        self.samples = {
            (sample.name, tuple(sorted(sample.labels.items()))): sample.value
            for family in text_string_to_metric_families(text)
            for sample in family.samples
        }

    def of(self, name: str, **labels: str) -> float:
        return self.samples[f"stafett_{name}", tuple(sorted(labels.items()))]


async def scraped(house: Running) -> Scrape:
    answer = await house.inner.get("/metrics")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/plain; version=")
    return Scrape(answer.text)


async def test_a_customer_who_writes_waits_and_is_taken_moves_the_numbers(house: Running) -> None:
    before = await scraped(house)
    assert before.of("customer_connections", **HEIMBUD) == 0
    desk = await house.desk("anne", clients=("heimbud",))
    page = await house.customer()
    await page.says("hei")
    await page.line(lambda line: line["author"] == "bot" and "hei" in line["text"])
    await page.asks("ask_person")
    conversation = str((await page.got("welcome"))["conversation"])
    await desk.waiting(conversation)
    await asyncio.sleep(0.2)

    waits = await scraped(house)
    assert waits.of("messages_stored_total", author="customer", **HEIMBUD) == 1
    assert waits.of("messages_stored_total", author="bot", **HEIMBUD) == 2  # a greeting too
    assert waits.of("handoffs_total", reason="asked_human", **HEIMBUD) == 1
    assert waits.of("queue_offers_total", cause="requested", **HEIMBUD) == 1
    assert waits.of("queue_waiting", **HEIMBUD) == 1
    assert waits.of("queue_waiting", client="varde") == 0
    assert 0.2 <= waits.of("queue_oldest_wait_seconds", **HEIMBUD) < 20
    assert waits.of("queue_promise_seconds", **HEIMBUD) == 120
    assert waits.of("agents_on_duty", **HEIMBUD) == 1
    assert waits.of("agents_on_duty", client="varde") == 0
    assert waits.of("customer_connections", **HEIMBUD) == 1
    assert waits.of("desk_connections") == 1
    assert waits.of("bot_turn_seconds_count") == 1
    assert waits.of("ack_seconds_count", side="customer") == 1
    assert waits.of("outbox_orders") == 0
    for name in ("commit_seconds_count", "commit_units_sum"):
        assert waits.of(name) > before.of(name)
    assert waits.of("part_up", part="database") == 1
    assert ("stafett_part_up", (("part", "client_systems"),)) not in waits.samples  # not known

    control = await desk.takes("heimbud", conversation)
    await desk.says("heimbud", conversation, control, "Hei, jeg hjelper deg.")
    taken = await scraped(house)
    assert taken.of("queue_waiting", **HEIMBUD) == 0
    assert taken.of("queue_oldest_wait_seconds", **HEIMBUD) == 0
    assert taken.of("chats", **HEIMBUD) == 1
    assert taken.of("messages_stored_total", author="agent", **HEIMBUD) == 1
    assert taken.of("ack_seconds_count", side="agent") == 1


async def test_a_line_that_comes_again_is_counted_once(house: Running) -> None:
    page = await house.customer()
    id_ = "0f0f0f0f-0f0f-4f0f-8f0f-0f0f0f0f0f0f"
    assert await page.says("hei", id_) == await page.says("hei", id_)
    assert (await scraped(house)).of("messages_stored_total", author="customer", **HEIMBUD) == 1


async def test_connections_are_counted_as_they_come_resume_and_go(house: Running) -> None:
    page = await house.customer()
    welcome = await page.got("welcome")
    await page.says("hei")
    page.kill()
    again = await house.customer_socket()
    await again.hello(resume_token=welcome["resume_token"])
    await again.resume(welcome["epoch"], after=1)
    await again.leave()
    stray = await house.customer_socket()
    await stray.send("beat")  # no hello
    assert await stray.closed() == 1008
    with pytest.raises(Exception, match="HTTP 403"):
        await type(page).open(house.customer_url(), "https://elsewhere.example")
    customer = {"side": "customer"}
    async with asyncio.timeout(10):
        while True:  # the server counts an end in its own time
            seen = await scraped(house)
            ends = [seen.of("connections_closed_total", code=code, **customer) for code in ENDS]
            if sum(ends) == len(ENDS):
                break
            await asyncio.sleep(0.05)
    assert ends == [1, 1, 1]
    assert seen.of("connections_opened_total", by="ticket", **customer) == 1
    assert seen.of("connections_opened_total", by="resume_token", **customer) == 1
    assert seen.of("resumes_total", how="start", **customer) == 1
    assert seen.of("resumes_total", how="continue", **customer) == 1
    assert seen.of("connections_refused_total", reason="origin") == 1


async def test_a_bot_that_fails_shows_in_failures_outbox_and_queue(house: Running) -> None:
    house.bot.always = "error"
    page = await house.customer()
    await page.says("hei")
    early = await scraped(house)
    assert early.of("outbox_orders") == 1
    await page.notice("bot_failed")
    seen = await scraped(house)
    assert seen.of("bot_failures_total", code="bot_unknown") == 3
    assert seen.of("handoffs_total", reason="bot_failed", **HEIMBUD) == 1
    assert seen.of("outbox_orders") == 0


async def test_labels_are_bounded_and_hold_nothing_of_a_customer(house: Running) -> None:
    house.bot.orders.append(
        {"assessment": {"decision": "x" * 50}, "signal": None, "slots": {"name": "Anne"}}
    )
    page = await house.customer()
    for written in ways_to_write("01810150048"):
        await page.says(f"nummeret mitt er {written}")
    await page.line(lambda line: line["author"] == "bot" and line["text"].startswith("Svar"))
    text = (await house.inner.get("/metrics")).text
    assert hits_in("metrics", text) == []
    assert str((await page.got("welcome"))["conversation"]) not in text
    assert 'stafett_bot_decisions_total{client="heimbud",decision="other"} 1.0' in text
    series = len(Scrape(text).samples)
    other = await house.customer()
    await other.says("hei")
    after = Scrape((await house.inner.get("/metrics")).text)
    assert len(after.samples) == series


async def test_what_is_told_exists_and_what_exists_is_told(house: Running) -> None:
    page = (ROOT / "docs" / "howto" / "watch-it.md").read_text("utf-8")
    table = set(re.findall(r"^\| `(stafett_\w+)` \|", page, re.M))
    families = text_string_to_metric_families((await house.inner.get("/metrics")).text)
    there = {
        family.name + "_total" * (family.type == "counter"): family
        for family in families
        if family.name.startswith("stafett_")
    }
    assert table == set(there)
    samples = {sample.name for family in there.values() for sample in family.samples}
    rules = YAML(typ="safe").load(page.split("# stafett_rules.yml")[1].split("```")[0])
    expressions = [rule["expr"] for rule in rules["groups"][0]["rules"]]
    assert len(expressions) == 5
    for expression in expressions:
        named = set(re.findall(r"stafett_\w+", expression))
        assert named
        assert named <= samples, expression


async def test_the_public_port_has_no_metrics(house: Running) -> None:
    assert (await house.http.get("/metrics")).status_code == 404


@pytest.mark.parametrize("path", ["/metrics", "/ready"])
async def test_only_this_machine_or_the_token_gets_in(house: Running, path: str) -> None:
    token = {"Authorization": f"Bearer {house.settings.metrics_token}"}
    for stranger in (
        {"Host": "evil.example"},  # a name that was made to lead here
        {"X-Forwarded-For": "203.0.113.7"},  # a proxy that carries another's wish
        {"Host": "[nonsense"},
        {"Host": "evil.example", "Authorization": "Bearer wrong"},
        {"Host": "evil.example", "Authorization": f"Bearer {house.settings.internal_token}"},
    ):
        assert (await house.inner.get(path, headers=stranger)).status_code == 401
        if "Authorization" not in stranger:
            assert (await house.inner.get(path, headers=stranger | token)).status_code == 200


async def test_an_agent_who_goes_off_duty_is_counted_out(house: Running) -> None:
    agent = await house.staff("anne")
    assert (await scraped(house)).of("agents_on_duty", client="varde") == 1
    await house.service.bridge.set_status(agent.id, Status.PAUSE)
    assert (await scraped(house)).of("agents_on_duty", client="varde") == 0
