"""Every log line names what it is about, by ids alone; one id follows a message everywhere."""

from __future__ import annotations

import ast
import io
import json
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
import structlog

from handoff.logs import set_up_logs
from handoff.settings import ROOT
from tests.canary import hits_in, ways_to_write
from tests.service.pages import cmid
from tests.service.running import Running, running

WORD = "kanarifuglen"
# What a log line may carry: ids, codes, names fixed in the code, and numbers.
MAY_BE_LOGGED = {
    "action",
    "agent",
    "attempt",
    "attempts",
    "client",
    "code",
    "conversation",
    "conversations",
    "detail",
    "error",
    "ms",
    "operation",
    "outcome",
    "trace",
    "turn",
}


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """Everything the service logs, as it would stand in its file."""
    before, written = structlog.get_config(), io.StringIO()
    set_up_logs("debug")
    structlog.configure(logger_factory=lambda *_: structlog.WriteLogger(written))
    yield written
    structlog.configure(**before)


@pytest.fixture
async def house(tmp_path: Path, log: io.StringIO) -> AsyncIterator[Running]:
    async with running(tmp_path) as started:
        yield started


def lines(log: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in log.getvalue().splitlines()]


async def test_one_id_follows_a_message_through_every_part(
    house: Running, log: io.StringIO
) -> None:
    page, id_ = await house.customer(), cmid()
    conversation = (await page.got("welcome"))["conversation"]
    await page.says("hvor er pakken min?", id_)
    await page.line(lambda line: line["text"].startswith("Svar"))
    trace = id_.replace("-", "")
    (asked,) = house.bot.received
    assert asked["metadata"]["trace"] == trace
    # What the bot's actions then ask for carries it on.
    await house.inner.post(
        "/clients/heimbud/operations/track_parcel",
        json={"turn_id": asked["turn_id"], "arguments": {"tracking_number": "HB12345678"}},
        headers={
            "Authorization": f"Bearer {house.settings.internal_token}",
            "traceparent": f"00-{trace}-{asked['turn_id'][:16]}-01",
        },
    )
    of_it = [line for line in lines(log) if line.get("trace") == trace]
    assert [line["action"] for line in of_it] == ["turn_asked", "client_system_call"]
    for line in of_it:
        assert (line["client"], line["turn"]) == ("heimbud", asked["turn_id"])
    assert of_it[0]["conversation"] == conversation


async def test_a_traceparent_that_is_none_is_not_logged(house: Running, log: io.StringIO) -> None:
    for header in (f"00-{WORD}-0123456789abcdef-01", "0" * 60, ""):
        await house.inner.post(
            "/clients/heimbud/operations/track_parcel",
            json={"arguments": {"tracking_number": "HB12345678"}},
            headers={
                "Authorization": f"Bearer {house.settings.internal_token}",
                "traceparent": header,
            },
        )
    calls = [line for line in lines(log) if line["action"] == "client_system_call"]
    assert len(calls) == 3
    assert not any("trace" in line for line in calls)


async def test_failures_name_the_conversation_and_never_its_words(
    house: Running, log: io.StringIO
) -> None:
    house.bot.always = "error"
    page, id_ = await house.customer(), cmid()
    conversation = (await page.got("welcome"))["conversation"]
    await page.says(f"{WORD} sier {' '.join(ways_to_write('01810150048'))}", id_)
    await page.notice("bot_failed")
    assert await page.refused("send", cmid=id_, text=f"{WORD} igjen") == "id_reuse"
    desk = await house.desk("anne")
    await desk.takes("heimbud", conversation)
    await desk.says("heimbud", conversation, 999, f"{WORD} svarer")

    found = lines(log)
    failed = [line for line in found if line["action"] == "turn_failed"]
    assert [line["attempt"] for line in failed] == [0, 1, 2]
    refused = [line for line in found if line["action"] == "refused"]
    assert [line["code"] for line in refused] == ["id_reuse", "stale_control"]
    for line in (*failed, *refused):
        assert (line["client"], line["conversation"]) == ("heimbud", conversation)
    assert {line["trace"] for line in failed} == {id_.replace("-", "")}
    assert refused[1]["agent"] == house.agents["anne"].id
    assert WORD not in log.getvalue()
    assert hits_in("log", log.getvalue()) == []


async def test_two_customers_at_once_are_not_mixed_up(house: Running, log: io.StringIO) -> None:
    house.bot.always = "slow:0.2"
    one, other = await house.customer(), await house.customer("varde")
    first, second = cmid(), cmid()
    for page, id_ in ((one, first), (other, second)):
        await page.says("hei", id_)
    for page in (one, other):
        await page.line(lambda line: line["text"].startswith("Svar"))
    told = {
        line["trace"]: (line["client"], line["conversation"])
        for line in lines(log)
        if line["action"] == "turn_asked"
    }
    assert told == {
        id_.replace("-", ""): (client, (await page.got("welcome"))["conversation"])
        for page, id_, client in ((one, first, "heimbud"), (other, second, "varde"))
    }


def test_no_code_logs_anything_but_ids_codes_and_numbers() -> None:
    calls = 0
    for path in (ROOT / "handoff").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and isinstance(node.func.value, ast.Name)
                and node.func.value.id == "log"
                and node.func.attr in ("debug", "info", "warning", "error", "exception")
            ):
                continue
            calls += 1
            where = f"{path.name}:{node.lineno}"
            assert [type(one) for one in node.args] == [ast.Constant], where
            named = {one.arg for one in node.keywords if one.arg is not None}
            assert named <= MAY_BE_LOGGED, where
            assert "action" in named, where
            assert "client" in named or "conversation" not in named, where
    assert calls > 10
