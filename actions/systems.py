"""The way to the clients' systems: one call to a process of the handoff service."""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

import aiohttp

log = logging.getLogger(__name__)

ERRORS = frozenset({"unknown_number", "not_allowed", "unavailable", "invalid"})
TIMEOUT_SECONDS = 5.0


@dataclass(frozen=True)
class Answer:
    """What a client's system said. ``error`` is None when ``ok``; else one of ``ERRORS``."""

    ok: bool
    data: dict[str, Any] = field(default_factory=dict)
    error: str | None = None


UNAVAILABLE = Answer(ok=False, error="unavailable")


class ClientSystems:
    """Calls operations of a client's systems. Never raises: every fault is an ``Answer``.

    ``urls`` are equal processes of the handoff service, which together do a repeated write once:
    when one breaks off, the next is asked. The one that did not answer is asked last from then on.
    """

    def __init__(self, urls: Sequence[str], token: str, timeout: float = TIMEOUT_SECONDS) -> None:
        self._urls = [url.strip().rstrip("/") for url in urls]
        self._token = token
        self._timeout = aiohttp.ClientTimeout(total=timeout)

    @classmethod
    def from_environment(cls) -> ClientSystems:
        """Settings INTERNAL_URLS, or INTERNAL_PORT of this machine (8002), and INTERNAL_TOKEN."""
        port = os.environ.get("INTERNAL_PORT", "8002")
        urls = os.environ.get("INTERNAL_URLS") or f"http://127.0.0.1:{port}"
        return cls(urls.split(","), os.environ.get("INTERNAL_TOKEN", ""))

    async def call(
        self,
        client: str,
        operation: str,
        arguments: dict[str, Any],
        turn_id: str | None,
        trace: str | None = None,
    ) -> Answer:
        """One operation. ``turn_id`` lets the other side recognise a write that is repeated.

        ``trace`` names the customer's line in its log; it goes as a W3C ``traceparent``.
        """
        path = f"/clients/{quote(client, safe='')}/operations/{operation}"
        body = {"turn_id": turn_id, "arguments": arguments}
        headers = {"Authorization": f"Bearer {self._token}"}
        if trace and turn_id:
            headers["traceparent"] = f"00-{trace}-{turn_id[:16]}-01"
        why = "no address"
        async with aiohttp.ClientSession(timeout=self._timeout) as session:
            for url in list(self._urls):
                try:
                    async with session.post(url + path, json=body, headers=headers) as reply:
                        if reply.status != 200:
                            return _failed(client, operation, f"status {reply.status}", trace)
                        said = await reply.json(content_type=None)
                        return _read(client, operation, said, trace)
                except asyncio.TimeoutError:
                    self._put_last(url)
                    return _failed(client, operation, "timeout", trace)
                except (aiohttp.ClientConnectionError, OSError) as error:
                    self._put_last(url)
                    why = type(error).__name__
                    # Without a turn nobody would know a repetition by what may have been done.
                    if turn_id is None and not isinstance(error, aiohttp.ClientConnectorError):
                        break
                except (aiohttp.ClientError, ValueError) as error:
                    return _failed(client, operation, type(error).__name__, trace)
        return _failed(client, operation, why, trace)

    def _put_last(self, url: str) -> None:
        self._urls.remove(url)
        self._urls.append(url)


def _read(client: str, operation: str, body: Any, trace: str | None) -> Answer:
    if not isinstance(body, dict):
        return _failed(client, operation, "answer is not an object", trace)
    if body.get("ok") is True and isinstance(body.get("data"), dict):
        return Answer(ok=True, data=body["data"])
    if body.get("ok") is False and body.get("error") in ERRORS:
        return Answer(ok=False, error=body["error"])
    return _failed(client, operation, "answer has neither data nor a known error", trace)


def _failed(client: str, operation: str, why: str, trace: str | None) -> Answer:
    log.warning(
        "action=client_system client=%s operation=%s trace=%s failed: %s",
        client,
        operation,
        trace,
        why,
    )
    return UNAVAILABLE
