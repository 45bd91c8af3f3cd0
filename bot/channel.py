"""The input channel "stafett": one turn in, one answer out, errors as errors.

``POST /webhooks/stafett/turn`` runs a turn, ``GET .../turn/{conversation}/{turn_id}`` finds one
whose answer was lost, ``GET .../health`` says that a model is loaded. ``GET`` and ``DELETE`` of
``.../conversations/{conversation}`` show and forget all that the tracker holds of it. What a
customer wrote is never logged here, and exceptions are told by type alone: their words may quote
the customer.
"""

from __future__ import annotations

import asyncio
import hmac
import json
import logging
import os
import time
from collections.abc import Awaitable, Callable
from typing import Any

from rasa.core.agent import Agent
from rasa.core.channels.channel import CollectingOutputChannel, InputChannel, UserMessage
from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse
from sanic.response import json as json_response

from bot.processor import TurnFailed, TurnProcessor
from bot.request import BadRequest, TurnRequest, is_id, read_request
from bot.tracker_rows import delete_events, events_of

logger = logging.getLogger(__name__)

TURN_SECONDS = 20.0
"""A turn that takes longer is ended and fails: after this it is surely not running any more."""
LOCK_POLL_SECONDS = 0.02
"""How often a second turn of the same conversation looks whether the first is done."""


class StafettChannel(InputChannel):
    """Speaks the Bot contract; see tests/contract/bot_turn.json."""

    def __init__(self, token: str) -> None:
        self._token = token.encode()

    @classmethod
    def name(cls) -> str:
        """The last part of the address."""
        return "stafett"

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> StafettChannel:
        """Token from credentials.yml, or BOT_TOKEN. Raises ValueError without one."""
        token = str((credentials or {}).get("token") or os.environ.get("BOT_TOKEN") or "")
        if not token or token.startswith("${"):
            raise ValueError("the bot's channel has no token: set BOT_TOKEN")
        return cls(token)

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """The routes; Rasa's own handler is not used, since it hides exceptions."""
        blueprint = Blueprint("stafett", "bot_channel")

        @blueprint.route("/health", methods=["GET"])
        async def health(request: Request) -> HTTPResponse:
            agent = _agent(request)
            if agent is None:
                return json_response({"status": "no_model"}, status=503)
            return json_response({"status": "ok", "model": agent.model_name})

        @blueprint.route("/turn", methods=["POST"])
        async def turn(request: Request) -> HTTPResponse:
            if not self._is_authorised(request):
                return _error(401, "unauthorised")
            return await _run_turn(request)

        @blueprint.route("/turn/<conversation>/<turn_id>", methods=["GET"])
        async def find(request: Request, conversation: str, turn_id: str) -> HTTPResponse:
            if not self._is_authorised(request):
                return _error(401, "unauthorised")
            return await _find_turn(request, conversation, turn_id)

        @blueprint.route("/conversations/<conversation>", methods=["GET", "DELETE"])
        async def memory(request: Request, conversation: str) -> HTTPResponse:
            if not self._is_authorised(request):
                return _error(401, "unauthorised")
            return await _memory(request, conversation)

        return blueprint

    def _is_authorised(self, request: Request) -> bool:
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        given = token.strip().encode("utf-8", "surrogateescape")
        return scheme.lower() == "bearer" and hmac.compare_digest(given, self._token)


async def _run_turn(request: Request) -> HTTPResponse:
    try:
        asked = read_request(json.loads(request.body.decode("utf-8")))
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError):
        return _error(400, "bad_request", detail="the body must be JSON in UTF-8")
    except BadRequest as error:
        return _error(400, "bad_request", detail=str(error))
    agent, began = _agent(request), time.monotonic()
    try:
        if agent is None:
            raise TurnFailed("no model is loaded")
        message = UserMessage(
            asked.text,
            CollectingOutputChannel(),
            asked.conversation,
            input_channel=StafettChannel.name(),
            metadata=asked.metadata,
        )
        answer = await asyncio.wait_for(_locked_turn(agent, message, asked.turn_id), TURN_SECONDS)
    except TurnFailed as error:
        return _failed(asked.turn_id, str(error), asked)
    except Exception as error:
        return _failed(asked.turn_id, _told_by_type(error), asked)
    ms = round((time.monotonic() - began) * 1000)
    logger.info("action=turn %s ms=%d", _ids(asked), ms)
    return json_response(answer)


async def _locked_turn(agent: Agent, message: UserMessage, turn_id: str) -> dict[str, Any]:
    lock = agent.lock_store.lock(message.sender_id, wait_time_in_seconds=LOCK_POLL_SECONDS)
    async with lock as held:
        return await _processor(agent).run_turn(message, turn_id, held)


async def _find_turn(request: Request, conversation: str, turn_id: str) -> HTTPResponse:
    if not (is_id(conversation) and is_id(turn_id)):
        return _error(400, "bad_request", detail="ids must be 32 lower-case hex digits")
    agent = _agent(request)
    try:
        if agent is None:
            raise TurnFailed("no model is loaded")
        # Behind the lock: a turn that is still running is waited for, not called absent.
        async with agent.lock_store.lock(conversation, wait_time_in_seconds=LOCK_POLL_SECONDS):
            answer = await _processor(agent).find_turn(conversation, turn_id)
    except Exception as error:
        return _failed(turn_id, _told_by_type(error))
    return _error(404, "not_found") if answer is None else json_response(answer)


async def _memory(request: Request, conversation: str) -> HTTPResponse:
    if not is_id(conversation):
        return _error(400, "bad_request", detail="ids must be 32 lower-case hex digits")
    agent = _agent(request)
    try:
        if agent is None:
            raise TurnFailed("no model is loaded")
        # Behind the lock: a turn that is still running would save what was just deleted.
        async with agent.lock_store.lock(conversation, wait_time_in_seconds=LOCK_POLL_SECONDS):
            store = _processor(agent).tracker_store
            if request.method == "GET":
                return json_response({"events": events_of(store, conversation)})
            deleted = delete_events(store, conversation)
    except Exception as error:
        reason = _told_by_type(error)
        logger.error("action=memory_failed conversation=%s reason=%s", conversation, reason)
        return _error(500, "memory_failed")
    logger.info("action=forgotten conversation=%s events=%d", conversation, deleted)
    return json_response({"deleted": deleted})


def _agent(request: Request) -> Agent | None:
    agent = getattr(request.app.ctx, "agent", None)
    return agent if isinstance(agent, Agent) and agent.is_ready() else None


def _processor(agent: Agent) -> TurnProcessor:
    processor = agent.processor
    if not isinstance(processor, TurnProcessor):
        raise TurnFailed("the strict processor is not installed: start the server by bot.serve")
    return processor


def _ids(asked: TurnRequest) -> str:
    return f"conversation={asked.conversation} turn={asked.turn_id} trace={asked.trace}"


def _failed(turn_id: str, reason: str, asked: TurnRequest | None = None) -> HTTPResponse:
    about = f"turn={turn_id}" if asked is None else _ids(asked)
    logger.error("action=turn_failed %s reason=%s", about, reason)
    return _error(500, "turn_failed", turn_id=turn_id)


def _told_by_type(error: BaseException) -> str:
    """Where an exception was raised and of what type, without its words."""
    traceback, place = error.__traceback__, ""
    while traceback is not None:
        code = traceback.tb_frame.f_code
        place = f"{os.path.basename(code.co_filename)}:{traceback.tb_lineno}"
        traceback = traceback.tb_next
    return f"{type(error).__name__} at {place}"


def _error(status: int, error: str, **fields: str) -> HTTPResponse:
    return json_response({"error": error, **fields}, status=status)
