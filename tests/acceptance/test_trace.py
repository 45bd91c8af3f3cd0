"""One id follows a customer's line through every part's log, and the log holds no word of it."""

from __future__ import annotations

import uuid

import pytest

from tests.whole import Whole, customer

LOGS = ("handoff", "bot", "actions")


@pytest.mark.asyncio(loop_scope="module")
async def test_one_id_is_in_every_log(stafett: Whole) -> None:
    id_, word = str(uuid.uuid4()), "blåklokkeeng"
    async with customer(stafett, "heimbud") as one:
        await one.sends({"t": "send", "cmid": id_, "text": f"hvor er HB33019246 {word}?"})
        while not any(line["author"] == "bot" for line in one.lines[1:]):
            await one.hears_one()
        conversation = one.conversation
    for part in LOGS:
        text = (stafett.folder / "logs" / f"{part}.log").read_text("utf-8", "replace")
        mine = [line for line in text.splitlines() if id_.replace("-", "") in line]
        assert mine, part
        assert any(conversation in line for line in mine), part
        assert word not in text
    calls = [
        line
        for line in (stafett.folder / "logs" / "handoff.log").read_text("utf-8").splitlines()
        if "client_system_call" in line and id_.replace("-", "") in line
    ]
    assert len(calls) == 1
