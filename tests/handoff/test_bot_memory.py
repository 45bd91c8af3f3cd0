"""What the service asks of the bot's memory, against the examples both sides read."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from handoff.errors import BotError
from handoff.listener import listening
from handoff.rasa_client import RasaBot
from handoff.settings import ROOT
from tests.ports import free_port

MEMORY = json.loads((ROOT / "tests" / "contract" / "bot_turn.json").read_text("utf-8"))["memory"]
CONVERSATION = MEMORY["address"].rpartition("/")[2]


@pytest.fixture
def answers() -> dict[str, tuple[int, object]]:
    """What the server answers to each method; a test may change it."""
    return {m.upper(): (MEMORY[m]["status"], MEMORY[m]["body"]) for m in ("get", "delete")}


@pytest.fixture
async def bot(answers: dict[str, tuple[int, object]]) -> AsyncIterator[RasaBot]:
    async def memory(request: Request) -> Response:
        if request.headers["Authorization"] != f"Bearer {'b' * 16}":
            return JSONResponse({"error": "unauthorised"}, 401)
        status, body = answers[request.method]
        return JSONResponse(body, status)

    port = free_port()
    app = Starlette(routes=[Route(MEMORY["address"], memory, methods=["GET", "DELETE"])])
    client = RasaBot([f"http://127.0.0.1:{port}"], "b" * 16, "r" * 16)
    async with listening(app, "127.0.0.1", port):
        yield client
        await client.close()


async def test_the_bots_memory_is_read_and_forgotten(
    bot: RasaBot, answers: dict[str, tuple[int, object]]
) -> None:
    assert list(await bot.memory(CONVERSATION)) == MEMORY["get"]["body"]["events"]
    assert await bot.forget(CONVERSATION) == MEMORY["delete"]["body"]["deleted"]
    answers["GET"] = (200, MEMORY["nothing_held"]["get"])
    answers["DELETE"] = (200, MEMORY["nothing_held"]["delete"])
    assert list(await bot.memory(CONVERSATION)) == []
    assert await bot.forget(CONVERSATION) == 0


async def test_a_failure_is_an_error_and_never_counts_as_forgotten(
    bot: RasaBot, answers: dict[str, tuple[int, object]]
) -> None:
    failed = (MEMORY["failed"]["status"], MEMORY["failed"]["body"])
    for answer in (failed, (200, {}), (200, {"deleted": "1", "events": 1}), (404, {})):
        answers["GET"] = answers["DELETE"] = answer
        for ask in (bot.forget, bot.memory):
            with pytest.raises(BotError):
                await ask(CONVERSATION)
    gone = RasaBot([f"http://127.0.0.1:{free_port()}"], "b" * 16, "r" * 16)
    with pytest.raises(BotError):
        await gone.forget(CONVERSATION)
    await gone.close()
