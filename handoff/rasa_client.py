"""The Rasa server over HTTP: the project's own channel, and the tracker for what people said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import httpx

from handoff.core.message import Author, Reply, Stored
from handoff.errors import BotError, BotUnknown
from handoff.ports import Answer, Turn

CHANNEL = "/webhooks/stafett"
TURN_SECONDS = 15.0
CONNECT_SECONDS = 2.0


class RasaBot:
    """The Bot port over Rasa. `url` is the server's, the tokens are the channel's and the API's."""

    def __init__(self, url: str, bot_token: str, api_token: str) -> None:
        self._api_token = api_token
        self._http = httpx.AsyncClient(
            base_url=url,
            headers={"Authorization": f"Bearer {bot_token}"},
            timeout=httpx.Timeout(TURN_SECONDS, connect=CONNECT_SECONDS),
            follow_redirects=False,
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
            response = await self._http.post(f"{CHANNEL}/turn", json=body)
        except (httpx.ConnectError, httpx.ConnectTimeout) as error:
            raise BotError("The bot's server cannot be reached.") from error
        except httpx.HTTPError as error:
            raise BotUnknown("The bot's server did not finish its answer.") from error
        if response.status_code in (400, 401):
            raise BotError(f"The bot's server refused the turn with {response.status_code}.")
        if response.status_code != 200:
            raise BotUnknown(f"The bot's server answered {response.status_code}.")
        return _answer(_json(response))

    async def recall(self, conversation: str, turn_id: str) -> Answer | None:
        """What the bot answered in that turn according to its tracker, None if it never saw it."""
        try:
            response = await self._http.get(f"{CHANNEL}/turn/{conversation}/{turn_id}")
        except httpx.HTTPError as error:
            raise BotError("The bot's server cannot be reached.") from error
        if response.status_code == 404:
            return None
        if response.status_code != 200:
            raise BotError(f"The bot's server answered {response.status_code}.")
        return _answer(_json(response))

    async def wake(
        self, conversation: str, lines: Sequence[Stored], slots: Mapping[str, object]
    ) -> None:
        """Append what people said, the slots they set, and let the bot listen again."""
        events: list[dict[str, object]] = [_spoken(line) for line in lines]
        events += [{"event": "slot", "name": name, "value": slots[name]} for name in slots]
        # Without an action_listen after the resume, Rasa replays its last prediction.
        events += [{"event": "resume"}, {"event": "action", "name": "action_listen"}]
        try:
            response = await self._http.post(
                f"/conversations/{conversation}/tracker/events",
                params={"token": self._api_token, "include_events": "NONE"},
                json=events,
            )
        except httpx.HTTPError as error:
            raise BotError("The bot's server cannot be reached.") from error
        if response.status_code != 200:
            raise BotError(f"The bot's tracker answered {response.status_code}.")

    async def ready(self) -> None:
        try:
            response = await self._http.get("/status", params={"token": self._api_token}, timeout=3)
        except httpx.HTTPError as error:
            raise BotError("The bot's server cannot be reached.") from error
        if response.status_code != 200:
            raise BotError(f"The bot's server answered {response.status_code}.")

    async def close(self) -> None:
        await self._http.aclose()


def _spoken(line: Stored) -> dict[str, object]:
    message = line.message
    text = str(message.body.get("text", ""))
    meta = {"author": message.author.value, "human_stretch": True}
    if message.author is Author.CUSTOMER:
        parsed = {"intent": {"name": None, "confidence": 0.0}, "entities": [], "text": text}
        return {
            "event": "user",
            "timestamp": line.at,
            "text": text,
            "parse_data": parsed,
            "metadata": meta,
        }
    return {"event": "bot", "timestamp": line.at, "text": text, "data": {}, "metadata": meta}


def _json(response: httpx.Response) -> dict[str, Any]:
    try:
        body = response.json()
    except ValueError as error:
        raise BotUnknown("The bot's server answered no JSON.") from error
    if not isinstance(body, dict):
        raise BotUnknown("The bot's server answered no object.")
    return body


def _answer(body: dict[str, Any]) -> Answer:
    try:
        return Answer(
            turn_id=str(body["turn_id"]),
            replies=tuple(
                Reply(
                    str(message.get("text") or ""),
                    tuple(
                        {"title": str(b["title"]), "payload": str(b["payload"])}
                        for b in message.get("buttons") or ()
                    ),
                )
                for message in body["messages"]
            ),
            nlu=body.get("nlu") or {},
            slots=body.get("slots") or {},
            assessment=body.get("assessment"),
            signal=body.get("signal"),
            lookups=tuple(body.get("lookups") or ()),
            paused=bool(body.get("paused")),
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise BotUnknown(f"The bot's answer lacks {error}.") from error
