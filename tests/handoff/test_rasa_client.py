"""The service's side of the bot contract: the examples of tests/contract/ over real HTTP."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from handoff.bridge.turns import metadata
from handoff.clients import load_clients
from handoff.core.conversation import Conversation
from handoff.core.message import Author, Kind, Message, Stored
from handoff.errors import BotError, BotUnknown
from handoff.rasa_client import RasaBot
from handoff.records import Turn
from handoff.settings import ROOT
from tests.ports import free_port
from tests.serving import serving

CONTRACT: dict[str, Any] = json.loads(
    (Path(__file__).parents[1] / "contract" / "bot_turn.json").read_text("utf-8")
)
REQUEST = CONTRACT["request"]
VARIABLES = {
    "DEMO_HEIMBUD_PORT": "8010",
    "DEMO_VARDE_PORT": "8011",
    "DEMO_SYSTEMS_PORT": "8020",
    "DEMO_SYSTEMS_TOKEN": "a-token-for-tests",
}
TURN = Turn(
    REQUEST["turn_id"], REQUEST["conversation"], REQUEST["text"], False, REQUEST["metadata"]
)


class Contract:
    """Answers every call with one example, and keeps what it was sent."""

    def __init__(self, body: object, status: int = 200) -> None:
        self.body, self.status = body, status
        self.path = ""
        self.sent: Any = None
        self.authorization = ""

    async def _answer(self, request: Request) -> Response:
        self.path = request.url.path
        self.authorization = request.headers["Authorization"]
        self.sent = json.loads(await request.body() or b"null")
        return JSONResponse(self.body, self.status)

    @asynccontextmanager
    async def bot(self) -> AsyncIterator[RasaBot]:
        app = Starlette(routes=[Route("/{path:path}", self._answer, methods=["GET", "POST"])])
        with serving(app) as url:
            bot = RasaBot([url], "bot-token", "api-token")
            try:
                yield bot
            finally:
                await bot.close()


async def test_the_request_is_the_contracts() -> None:
    contract = Contract(CONTRACT["response"])
    async with contract.bot() as bot:
        await bot.answer(TURN)
    assert (contract.path, contract.sent) == (CONTRACT["address"], REQUEST)
    assert contract.authorization == "Bearer bot-token"


def test_what_the_bot_is_told_of_a_client_has_the_contracts_fields() -> None:
    client = load_clients(ROOT / "clients", VARIABLES)["heimbud"]
    state = Conversation(id=TURN.conversation, client="heimbud", visitor="", epoch="")
    sent: dict[str, Any] = metadata(client, state, 0.0, TURN.turn_id)
    expected = REQUEST["metadata"]
    assert set(sent) == set(expected)
    for inner in ("handoff", "contact", "hours"):
        assert set(sent[inner]) == set(expected[inner]), inner


async def test_the_answer_is_read_whole() -> None:
    expected = CONTRACT["response"]
    async with Contract(expected).bot() as bot:
        answer = await bot.answer(TURN)
    shown = [{"text": one.text, "buttons": list(one.buttons)} for one in answer.replies]
    assert shown == [{"buttons": [], **message} for message in expected["messages"]]
    for field in ("nlu", "slots", "assessment", "signal", "paused"):
        assert getattr(answer, field) == expected[field], field
    assert list(answer.lookups) == expected["lookups"]


async def test_a_signal_arrives_as_it_was_sent() -> None:
    async with Contract(CONTRACT["handed_over"]).bot() as bot:
        answer = await bot.answer(TURN)
    assert (answer.signal, answer.paused) == (CONTRACT["handed_over"]["signal"], True)


@pytest.mark.parametrize("example", CONTRACT["errors"], ids=lambda one: str(one["status"]))
async def test_an_error_says_whether_the_turn_may_have_run(example: dict[str, Any]) -> None:
    expected = BotUnknown if example["status"] == 500 else BotError
    async with Contract(example["body"], example["status"]).bot() as bot:
        with pytest.raises(BotError) as caught:
            await bot.answer(TURN)
    assert type(caught.value) is expected


async def test_a_lost_answer_is_asked_for_where_the_contract_says() -> None:
    contract = Contract(CONTRACT["response"])
    async with contract.bot() as bot:
        found = await bot.recall(TURN.conversation, TURN.turn_id)
    assert found is not None
    assert contract.path == CONTRACT["find"]["address"]
    absent = CONTRACT["find"]["absent"]
    async with Contract(absent["body"], absent["status"]).bot() as bot:
        assert await bot.recall(TURN.conversation, TURN.turn_id) is None


async def test_what_people_said_is_told_as_the_contract_says() -> None:
    expected = CONTRACT["handback"]
    said = [event for event in expected["events"] if event["event"] in ("user", "bot")]
    slots = {one["name"]: one["value"] for one in expected["events"] if one["event"] == "slot"}
    contract = Contract({})
    async with contract.bot() as bot:
        await bot.wake(TURN.conversation, [stored(event) for event in said], slots)
    assert contract.path == expected["address"]
    assert [without_time(event) for event in contract.sent] == [
        without_time(event) for event in expected["events"]
    ]


def stored(event: dict[str, Any]) -> Stored:
    author = Author(event["metadata"]["author"])
    message = Message(author, Kind.TEXT, {"text": event["text"]})
    return Stored(TURN.conversation, 1, 1, 0.0, message)


def without_time(event: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in event.items() if key not in ("timestamp", "data")}


@asynccontextmanager
async def bot_of(*urls: str, turn_seconds: float = 15.0) -> AsyncIterator[RasaBot]:
    bot = RasaBot(urls, "bot-token", "api-token", turn_seconds)
    try:
        yield bot
    finally:
        await bot.close()


async def test_a_server_that_is_gone_is_passed_over() -> None:
    contract = Contract(CONTRACT["response"])
    app = Starlette(routes=[Route("/{path:path}", contract._answer, methods=["GET", "POST"])])
    gone = [f"http://127.0.0.1:{free_port()}" for _ in range(3)]
    with serving(app) as url:
        async with bot_of(*gone, url) as bot:
            assert (await bot.answer(TURN)).turn_id == TURN.turn_id
            await bot.ready()
    async with bot_of(*gone) as bot:
        with pytest.raises(BotError) as caught:
            await bot.answer(TURN)
        assert type(caught.value) is BotError, "no server has seen the turn"
        with pytest.raises(BotError):
            await bot.ready()


async def test_a_turn_a_server_may_have_run_is_looked_for_at_the_other() -> None:
    """Not run there at once: only who looked for it in vain may ask again."""
    asked: list[str] = []

    async def silent(request: Request) -> Response:
        asked.append("silent")
        await asyncio.sleep(1)
        return Response()

    async def well(request: Request) -> Response:
        asked.append(request.method)
        return JSONResponse(CONTRACT["response"])

    methods = ["GET", "POST"]
    hung = Starlette(routes=[Route("/{path:path}", silent, methods=methods)])
    other = Starlette(routes=[Route("/{path:path}", well, methods=methods)])
    with serving(hung) as first, serving(other) as second:
        async with bot_of(first, second, turn_seconds=0.3) as bot:
            turn = next(
                replace(TURN, conversation=name)
                for name in map(str, range(100))
                if bot._servers.order(name)[0] == first
            )
            with pytest.raises(BotUnknown):
                await bot.answer(turn)
            assert asked == ["silent"]
            assert (await bot.recall(turn.conversation, turn.turn_id)) is not None
    assert asked == ["silent", "GET"]
