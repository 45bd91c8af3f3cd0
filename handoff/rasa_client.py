"""Rasa servers over HTTP: the project's own channel, and the tracker for what people said."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Iterable, Mapping, Sequence
from typing import Any, TypeVar

import httpx
import msgspec

from handoff.core.message import Author, Reply, Stored
from handoff.errors import BotError, BotUnknown
from handoff.records import Answer, Turn
from handoff.servers import Servers

T = TypeVar("T")

CHANNEL = "/webhooks/stafett"
TURN_SECONDS = 15.0
CONNECT_SECONDS = 2.0
READY_SECONDS = 3.0


class RasaBot:
    """The Bot port over Rasa. The tokens are the channel's and the API's.

    `urls` are servers with one tracker store and one lock store: any of them knows what another
    did. What reached no server is asked of the next one; what reached one may have been done.
    """

    def __init__(
        self,
        urls: Sequence[str],
        bot_token: str,
        api_token: str,
        turn_seconds: float = TURN_SECONDS,
    ) -> None:
        self._api_token = api_token
        self._servers = Servers(urls)
        self._http = httpx.AsyncClient(
            headers={"Authorization": f"Bearer {bot_token}"},
            timeout=httpx.Timeout(turn_seconds, connect=CONNECT_SECONDS),
            follow_redirects=False,
            trust_env=False,  # a proxy of the environment must not see customers' words
        )

    async def answer(self, turn: Turn) -> Answer:
        """One turn. Raises BotUnknown when the bot may have run it, BotError when it has not."""
        body = {
            "v": 1,
            "turn_id": turn.turn_id,
            "conversation": turn.conversation,
            "text": turn.text,
            "input": "payload" if turn.is_payload else "text",
            "metadata": dict(turn.metadata),
        }
        try:
            response = await self._ask("POST", turn.conversation, f"{CHANNEL}/turn", json=body)
        except (httpx.ConnectError, httpx.ConnectTimeout) as error:
            raise BotError("The bot's server cannot be reached.") from error
        except httpx.HTTPError as error:
            raise BotUnknown("The bot's server did not finish its answer.") from error
        if response.status_code in (400, 401):
            raise BotError(f"The bot's server refused the turn with {response.status_code}.")
        if response.status_code != 200:
            raise BotUnknown(f"The bot's server answered {response.status_code}.")
        return _answer(response, turn.turn_id)

    async def recall(self, conversation: str, turn_id: str) -> Answer | None:
        """What the bot answered in that turn according to its tracker, None if it never saw it."""
        try:
            path = f"{CHANNEL}/turn/{conversation}/{turn_id}"
            response = await self._ask("GET", conversation, path)
        except httpx.HTTPError as error:
            raise BotError("The bot's server cannot be reached.") from error
        if response.status_code == 404:
            return None
        if response.status_code != 200:
            raise BotError(f"The bot's server answered {response.status_code}.")
        return _answer(response, turn_id)

    async def wake(
        self, conversation: str, lines: Sequence[Stored], slots: Mapping[str, object]
    ) -> None:
        """Append what people said, the slots they set, and let the bot listen again."""
        events: list[dict[str, object]] = [_spoken(line) for line in lines]
        events += [{"event": "slot", "name": name, "value": slots[name]} for name in slots]
        # Without an action_listen after the resume, Rasa replays its last prediction.
        events += [{"event": "resume"}, {"event": "action", "name": "action_listen"}]
        try:
            response = await self._ask(
                "POST",
                conversation,
                f"/conversations/{conversation}/tracker/events",
                params={"token": self._api_token, "include_events": "NONE"},
                json=events,
            )
        except httpx.HTTPError as error:
            raise BotError("The bot's server cannot be reached.") from error
        if response.status_code != 200:
            raise BotError(f"The bot's tracker answered {response.status_code}.")

    async def memory(self, conversation: str) -> Sequence[Mapping[str, object]]:
        """Every event the tracker holds. Raises BotError."""
        return (await self._memory("GET", conversation, _Memory)).events

    async def forget(self, conversation: str) -> int:
        """Delete what the tracker holds; how many events. Raises BotError."""
        return (await self._memory("DELETE", conversation, _Deleted)).deleted

    async def _memory(self, method: str, conversation: str, kind: type[T]) -> T:
        try:
            path = f"{CHANNEL}/conversations/{conversation}"
            response = await self._ask(method, conversation, path)
        except httpx.HTTPError as error:
            raise BotError("The bot's server cannot be reached.") from error
        if response.status_code != 200:
            raise BotError(f"The bot's server answered {response.status_code}.")
        try:
            return msgspec.json.decode(response.content, type=kind)
        except (msgspec.DecodeError, UnicodeError, RecursionError):
            raise BotError("The bot's answer is not as it should be.") from None

    async def _ask(self, method: str, conversation: str, path: str, **more: Any) -> httpx.Response:
        """The first answer. Raises httpx.HTTPError, of a connection only if none could be made."""
        error: httpx.HTTPError | None = None
        for url in self._servers.order(conversation):
            try:
                response = await self._http.request(method, url + path, **more)
            except (httpx.ConnectError, httpx.ConnectTimeout) as refused:
                self._servers.failed(url)
                error = refused
            except httpx.HTTPError:
                self._servers.failed(url)
                raise
            else:
                if response.status_code >= 500:
                    self._servers.failed(url)
                return response
        raise error or httpx.ConnectError("there is no server")

    async def ready(self) -> None:
        """Raises BotError unless one of the servers has loaded its model."""

        async def look(url: str) -> None:
            params = {"token": self._api_token}
            await _look(self._http.get(f"{url}/status", params=params, timeout=READY_SECONDS))

        await _any(look(url) for url in self._servers)

    async def close(self) -> None:
        await self._http.aclose()


class ActionServer:
    """Rasa's action servers, asked for nothing but whether they work."""

    def __init__(self, urls: Sequence[str]) -> None:
        self._servers = Servers(urls)
        self._http = httpx.AsyncClient(timeout=READY_SECONDS, trust_env=False)

    async def ready(self) -> None:
        """Raises BotError unless one of them works."""
        await _any(_look(self._http.get(f"{url}/health")) for url in self._servers)

    async def close(self) -> None:
        await self._http.aclose()


async def _look(asked: Awaitable[httpx.Response]) -> None:
    try:
        response = await asked
    except httpx.HTTPError as error:
        raise BotError("The server cannot be reached.") from error
    if response.status_code != 200:
        raise BotError(f"The server answered {response.status_code}.")


async def _any(looks: Iterable[Awaitable[None]]) -> None:
    """Returns with the first that is well. Raises the last BotError when none is."""
    error: BotError | None = None
    tasks = [asyncio.ensure_future(look) for look in looks]
    try:
        for look in asyncio.as_completed(tasks):
            try:
                return await look
            except BotError as wrong:
                error = wrong
    finally:
        for task in tasks:
            task.cancel()
    raise error or BotError("There is no server.")


def _spoken(line: Stored) -> dict[str, object]:
    message = line.message
    text = str(message.body.get("text", ""))
    meta = {"author": message.author.value}
    if message.author is Author.CUSTOMER:
        # Rasa refuses a user event without these two.
        parsed: dict[str, object] = {"intent": {}, "entities": []}
        return {
            "event": "user",
            "timestamp": line.at,
            "text": text,
            "parse_data": parsed,
            "metadata": meta,
        }
    return {"event": "bot", "timestamp": line.at, "text": text, "data": {}, "metadata": meta}


def _answer(response: httpx.Response, turn_id: str) -> Answer:
    """Raises BotUnknown naming the field that is not as docs/bot-contract.md says."""
    try:
        body = msgspec.json.decode(response.content, type=_Answer)
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        raise BotUnknown(f"The bot's answer is not as it should be{_where(error)}.") from None
    if body.turn_id != turn_id:
        raise BotUnknown("The bot's answer is for another turn.")
    if body.signal is not None and not isinstance(body.signal.get("reason"), str):
        raise BotUnknown("The bot's answer is not as it should be at $.signal.reason.")
    return Answer(
        turn_id=body.turn_id,
        replies=tuple(
            Reply(
                message.text or "",
                tuple({"title": b.title, "payload": b.payload} for b in message.buttons),
            )
            for message in body.messages
            if message.text or message.buttons
        ),
        nlu=body.nlu or {},
        slots=body.slots or {},
        assessment=body.assessment,
        signal=body.signal,
        lookups=body.lookups or (),
        paused=body.paused,
    )


def _where(error: Exception) -> str:
    """The field at fault. The error itself may quote what it refuses."""
    place = re.search(r"`(\$[^`]*)`", str(error))
    return f" at {place[1]}" if place else ""


class _Memory(msgspec.Struct):
    events: tuple[dict[str, Any], ...]


class _Deleted(msgspec.Struct):
    deleted: int


class _Button(msgspec.Struct):
    title: str
    payload: str


class _Message(msgspec.Struct):
    text: str | None = None
    buttons: tuple[_Button, ...] = ()


class _Answer(msgspec.Struct):
    """An answer on the wire. What a newer bot adds is not looked at."""

    turn_id: str
    messages: tuple[_Message, ...]
    nlu: dict[str, Any] | None = None
    slots: dict[str, Any] | None = None
    assessment: dict[str, Any] | None = None
    signal: dict[str, Any] | None = None
    lookups: tuple[dict[str, Any], ...] | None = None
    paused: bool = False
