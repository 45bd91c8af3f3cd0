"""Calls to the client companies' APIs, each within four seconds, whatever they answer."""

from __future__ import annotations

import asyncio
import hashlib
import json
import random
import re
import time
from collections.abc import Callable, Iterable, Mapping
from types import TracebackType
from typing import Protocol

import httpx
import msgspec
import structlog

from handoff.client_systems.answers import Refusal
from handoff.client_systems.arguments import BadArgument
from handoff.client_systems.doing import DoneOnce
from handoff.client_systems.envelope import Envelope, failed
from handoff.client_systems.operations import OPERATIONS, Operation
from handoff.ports import Store

ATTEMPT_SECONDS = 1.5
TOTAL_SECONDS = 4.0
MAX_ANSWER = 64 * 1024  # bytes
MAX_AT_ONCE = 100  # calls under way, a client
_JITTER = (0.05, 0.25)  # seconds before the one retry
_RETRIED = (429, 500, 502, 503, 504)

log = structlog.get_logger(__name__)


class Address(Protocol):
    """Where a client's API is."""

    @property
    def url(self) -> str: ...
    @property
    def token(self) -> str: ...


class Company(Protocol):
    """What this module needs of a client's configuration."""

    @property
    def id(self) -> str: ...
    @property
    def system(self) -> Address: ...


class _Unanswered(Exception):
    """No sensible answer. `again` is whether asking once more is safe and may help."""

    def __init__(self, why: str, *, again: bool, reached: bool = True) -> None:
        super().__init__(why)
        self.why = why
        self.again = again
        self.reached = reached


class HttpClientSystems:
    """The port `ClientSystems` over HTTP. Close it, or use it as an async context."""

    def __init__(
        self,
        companies: Iterable[Company],
        store: Store,
        *,
        clock: Callable[[], float] = time.monotonic,
        spread: Callable[[float, float], float] = random.uniform,
    ) -> None:
        self._spread = spread
        self._clock = clock
        self._once = DoneOnce(store, TOTAL_SECONDS)
        self._https: dict[str, httpx.AsyncClient] = {}
        self._busy: dict[str, int] = {}
        self._working: dict[str, bool | None] = {}
        for company in companies:
            self._busy[company.id] = 0
            self._working[company.id] = None
            self._https[company.id] = httpx.AsyncClient(
                base_url=company.system.url,
                headers={
                    "Authorization": f"Bearer {company.system.token}",
                    "Accept": "application/json",
                    "Accept-Encoding": "identity",
                    "User-Agent": "stafett",
                },
                timeout=ATTEMPT_SECONDS,
                follow_redirects=False,
                trust_env=False,  # a proxy of the environment must not see the tokens
                limits=httpx.Limits(max_connections=20, max_keepalive_connections=5),
            )

    async def __aenter__(self) -> HttpClientSystems:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.close()

    async def close(self) -> None:
        await self._once.close()
        for http in self._https.values():
            await http.aclose()

    async def call(
        self,
        client: str,
        operation: str,
        arguments: Mapping[str, object],
        turn_id: str | None,
    ) -> Mapping[str, object]:
        """The envelope of docs: `{"ok": true, "data"}` or `{"ok": false, "error", "detail"}`.

        A write with a `turn_id` happens once for (client, turn, operation, arguments), whichever
        process of those with one store is asked.
        """
        started = self._clock()
        envelope = await self._call(client, operation, arguments, turn_id)
        log.info(
            "client system called",
            action="client_system_call",
            client=client if client in self._https else "unknown",
            operation=operation if operation in OPERATIONS else "unknown",
            turn=turn_id,
            outcome=envelope.error or "ok",
            detail=envelope.detail,
            ms=round((self._clock() - started) * 1000),
        )
        return envelope.as_json()

    def working(self) -> Mapping[str, bool | None]:
        """Whether each client's system answered when it was last called, None before that."""
        return dict(self._working)

    async def _call(
        self, client: str, name: str, arguments: Mapping[str, object], turn_id: str | None
    ) -> Envelope:
        if client not in self._https:
            return failed("invalid", "there is no such client")
        operation = OPERATIONS.get(name)
        if operation is None:
            return failed("invalid", f"there is no such operation; use {', '.join(OPERATIONS)}")
        try:
            checked = operation.canonical(arguments)
        except BadArgument as error:
            return failed("invalid", str(error))
        if not operation.writes:
            return await self._within(client, operation, checked, None)
        if turn_id is None:
            return await self._within(client, operation, checked, None)
        facts = json.dumps([client, turn_id, name, checked], sort_keys=True)
        key = hashlib.sha256(facts.encode()).hexdigest()
        return await self._once.run(key, lambda: self._within(client, operation, checked, key))

    async def _within(
        self, client: str, operation: Operation, checked: dict[str, str], key: str | None
    ) -> Envelope:
        if self._busy[client] >= MAX_AT_ONCE:
            return failed("unavailable", f"{MAX_AT_ONCE} calls are under way already")
        self._busy[client] += 1
        try:
            async with asyncio.timeout(TOTAL_SECONDS):
                envelope = await self._attempts(client, operation, checked, key)
            self._working[client] = envelope.error != "unavailable"
            return envelope
        except TimeoutError:
            self._working[client] = False
            return failed("unavailable", f"no answer within {TOTAL_SECONDS} s")
        finally:
            self._busy[client] -= 1

    async def _attempts(
        self, client: str, operation: Operation, checked: dict[str, str], key: str | None
    ) -> Envelope:
        try:
            return await self._attempt(client, operation, checked, key)
        except _Unanswered as first:
            # A write that reached the system may have been done: only a read is asked again.
            if not first.again or (operation.writes and first.reached):
                return failed("unavailable", first.why)
        await asyncio.sleep(self._spread(*_JITTER))
        try:
            return await self._attempt(client, operation, checked, key)
        except _Unanswered as second:
            return failed("unavailable", f"{second.why}, twice")

    async def _attempt(
        self, client: str, operation: Operation, checked: dict[str, str], key: str | None
    ) -> Envelope:
        path, rest = operation.call(checked)
        http = self._https[client]
        request = http.build_request(
            operation.method,
            path,
            params=None if operation.writes else rest,
            json=rest if operation.writes else None,
            headers={"Idempotency-Key": key} if key else None,
        )
        try:
            async with asyncio.timeout(ATTEMPT_SECONDS):
                status, body = await _exchange(http, request)
        except TimeoutError:
            raise _Unanswered(f"no answer within {ATTEMPT_SECONDS} s", again=True) from None
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout):
            raise _Unanswered("cannot connect", again=True, reached=False) from None
        except httpx.TimeoutException:
            raise _Unanswered(f"no answer within {ATTEMPT_SECONDS} s", again=True) from None
        except httpx.HTTPError as error:
            raise _Unanswered(f"broken answer ({type(error).__name__})", again=True) from None
        return _judge(operation, checked, status, body)


async def _exchange(http: httpx.AsyncClient, request: httpx.Request) -> tuple[int, bytes]:
    response = await http.send(request, stream=True)
    try:
        if response.headers.get("content-encoding", "identity") != "identity":
            raise _Unanswered("compressed though asked not to", again=False)
        body = bytearray()
        async for chunk in response.aiter_raw():
            body += chunk
            if len(body) > MAX_ANSWER:
                raise _Unanswered(f"more than {MAX_ANSWER} bytes", again=False)
        return response.status_code, bytes(body)
    finally:
        await response.aclose()


def _judge(operation: Operation, checked: Mapping[str, str], status: int, body: bytes) -> Envelope:
    """The envelope of a whole answer. Raises _Unanswered when it makes no sense."""
    if status in (200, 201):
        return Envelope(_data(operation, checked, body))
    if status in (400, 403, 404, 409, 422):
        try:
            word = msgspec.json.decode(body, type=Refusal).error
        except (msgspec.MsgspecError, UnicodeDecodeError):
            raise _Unanswered(f"status {status} without a reason", again=False) from None
        if status == 404:
            if word == "not_found":
                return failed("unknown_number", "the system does not know the number")
            raise _Unanswered(f"status 404, {word}", again=False)
        if status == 400:
            return failed("invalid", f"the system says {word}")
        return failed("not_allowed", f"the system says {word}")
    if 300 <= status < 400:
        raise _Unanswered(f"a redirect ({status}), which is not followed", again=False)
    if status == 401:
        raise _Unanswered("the token of this client's system is refused", again=False)
    raise _Unanswered(f"status {status}", again=status in _RETRIED)


def _data(operation: Operation, checked: Mapping[str, str], body: bytes) -> dict[str, object]:
    try:
        answer = msgspec.json.decode(body, type=operation.answer)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise _Unanswered(f"nonsense: {_safe(error)}", again=False) from None
    data: dict[str, object] = msgspec.to_builtins(answer)
    for key in operation.echoes:
        if key in checked and data[key] != checked[key]:
            raise _Unanswered(f"an answer about another {key}", again=False)
    return data


def _safe(error: Exception) -> str:
    """Where in the document it went wrong. The message itself may quote what it refuses."""
    place = re.search(r"`(\$[^`]*)`", str(error))
    if not isinstance(error, msgspec.ValidationError) or place is None:
        return "not the JSON that was expected"
    return f"{place[1]} cannot be"
