"""Calls to the demo companies' real systems, and whatever those may do wrong."""

from __future__ import annotations

import asyncio
import gzip
import json
import socket
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from starlette.requests import Request
from starlette.responses import Response

from handoff.client_systems import HttpClientSystems
from handoff.clients import System
from handoff.ports import ClientSystems
from handoff.storage import MemoryStore
from tests.handoff.client_systems.conftest import TOKEN, Company
from tests.serving import serving

PARCEL = {"tracking_number": "HB12345678"}
PAUSE = {"subscription_number": "204511", "from": "2026-12-01", "to": "2026-12-05"}


class Scripted:
    """A server of raw answers, one a request, the last again and again; keeps what it saw."""

    def __init__(self, *answers: Response) -> None:
        self.answers = list(answers)
        self.seen: list[Request] = []

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        self.seen.append(Request(scope))
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        await answer(scope, receive, send)


async def ask(url: str, operation: str, arguments: dict[str, Any]) -> dict[str, Any]:
    company = Company("heimbud", System(url, TOKEN))
    async with HttpClientSystems([company], MemoryStore(time.time)) as systems:
        return dict(await systems.call("heimbud", operation, arguments, None))


def test_it_is_the_port_of_the_house(systems: HttpClientSystems) -> None:
    port: ClientSystems = systems
    assert port is systems


async def test_a_parcel_is_tracked(systems: HttpClientSystems) -> None:
    found = await systems.call("heimbud", "track_parcel", {"tracking_number": "hb 1234 5678"}, None)
    assert found["ok"] is True
    data: Any = found["data"]
    assert data["tracking_number"] == "HB12345678"
    assert data["status"] == "in_transit"
    assert data["expected"] == "2026-11-24"


async def test_only_what_an_operation_needs_comes_in(systems: HttpClientSystems) -> None:
    found: Any = await systems.call(
        "heimbud", "get_subscription", {"subscription_number": "204511"}, None
    )
    assert "holder" not in found["data"]


@pytest.mark.parametrize(
    ("client", "operation", "arguments", "error"),
    [
        ("heimbud", "track_parcel", {"tracking_number": "HB00000000"}, "unknown_number"),
        ("heimbud", "track_parcel", {"tracking_number": "12"}, "invalid"),
        ("heimbud", "teleport", {}, "invalid"),
        ("nobody", "track_parcel", PARCEL, "invalid"),
        ("heimbud", "change_delivery", {"tracking_number": "HB47720913", "note": "Ring"},
         "not_allowed"),
        ("heimbud", "change_delivery", PARCEL, "invalid"),
        ("varde", "track_parcel", PARCEL, "unavailable"),
    ],
)  # fmt: skip
async def test_what_cannot_be_done_has_a_code(
    systems: HttpClientSystems,
    client: str,
    operation: str,
    arguments: dict[str, object],
    error: str,
) -> None:
    answer = await systems.call(client, operation, arguments, None)
    assert (answer["ok"], answer["error"]) == (False, error)
    assert answer["detail"]


async def test_one_500_is_asked_over_and_nobody_notices(
    systems: HttpClientSystems, set_fault: Callable[..., None]
) -> None:
    set_fault("500", 1)
    assert (await systems.call("heimbud", "track_parcel", PARCEL, None))["ok"] is True


@pytest.mark.parametrize(
    ("mode", "error", "says"),
    [
        ("500", "unavailable", "status 500, twice"),
        ("nonsense", "unavailable", "nonsense"),
        ("unknown", "unknown_number", "does not know"),
        ("redirect", "unavailable", "redirect"),
        ("huge", "unavailable", "bytes"),
    ],
)
async def test_a_fault_becomes_a_code_and_ends_when_the_system_is_well(
    systems: HttpClientSystems,
    set_fault: Callable[..., None],
    mode: str,
    error: str,
    says: str,
) -> None:
    set_fault(mode)
    answer = await systems.call("heimbud", "track_parcel", PARCEL, None)
    assert (answer["ok"], answer["error"]) == (False, error)
    assert says in str(answer["detail"])
    other = {"claim_number": "V-48213"}
    assert (await systems.call("varde", "claim_status", other, None))["ok"] is True
    set_fault("none")
    assert (await systems.call("heimbud", "track_parcel", PARCEL, None))["ok"] is True


async def test_a_slow_system_costs_at_most_four_seconds(
    systems: HttpClientSystems, set_fault: Callable[..., None]
) -> None:
    set_fault("slow")
    started = time.monotonic()
    answer = await systems.call("heimbud", "track_parcel", PARCEL, None)
    assert answer["error"] == "unavailable"
    assert 3.0 <= time.monotonic() - started <= 4.2


async def test_a_slow_write_is_not_sent_again(
    systems: HttpClientSystems, set_fault: Callable[..., None]
) -> None:
    set_fault("slow", 1)
    started = time.monotonic()
    answer = await systems.call("heimbud", "pause_subscription", PAUSE, "t1")
    assert answer["error"] == "unavailable"
    assert time.monotonic() - started < 2.2
    again = await systems.call("heimbud", "pause_subscription", PAUSE, "t1")
    assert again["ok"] is True


async def test_drops_of_an_answer_do_not_stretch_the_time() -> None:
    async def drip(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
        with suppress(ConnectionError):
            while not writer.is_closing():
                writer.write(b" ")
                await writer.drain()
                await asyncio.sleep(0.1)
        writer.close()

    server = await asyncio.start_server(drip, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    started = time.monotonic()
    answer = await ask(f"http://127.0.0.1:{port}", "track_parcel", PARCEL)
    assert answer["error"] == "unavailable"
    assert time.monotonic() - started <= 4.2
    server.close()
    await asyncio.sleep(0.3)  # the last drop meets a closed connection


async def test_a_refused_connection_is_tried_twice_and_told() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        answer = await ask(f"http://127.0.0.1:{taken.getsockname()[1]}", "track_parcel", PARCEL)
    assert answer == {"ok": False, "error": "unavailable", "detail": "cannot connect, twice"}


async def test_a_redirect_carries_the_token_nowhere() -> None:
    thief = Scripted(Response(b"{}"))
    with serving(thief) as elsewhere:
        redirecting = Scripted(Response(status_code=307, headers={"Location": elsewhere}))
        with serving(redirecting) as url:
            assert (await ask(url, "track_parcel", PARCEL))["error"] == "unavailable"
    assert thief.seen == []


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"[]",
        b"\xff\xfe",
        b"[" * 60_000,
        b'{"tracking_number": "HB12345678"}',
    ],
)
async def test_a_body_that_makes_no_sense_is_no_answer(body: bytes) -> None:
    with serving(Scripted(Response(body, media_type="application/json"))) as url:
        assert (await ask(url, "track_parcel", PARCEL))["error"] == "unavailable"


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("status", "eaten_by_troll"),
        ("expected", "i morgen"),
        ("expected", 5),
        ("place", "x" * 500),
        ("place", None),
        ("delivered_at", "2026-11-23T10:00:00"),
        ("events", {}),
        ("tracking_number", "HB87654321"),
    ],
)
async def test_a_field_that_cannot_be_is_no_answer(key: str, value: object) -> None:
    parcel: dict[str, object] = {
        "tracking_number": "HB12345678",
        "status": "in_transit",
        "expected": "2026-11-24",
        "place": "Oslo",
        "sender": "Bokkroken",
        "delivered_at": None,
        "pickup": None,
        "events": [],
    }
    right = Response(json.dumps(parcel), media_type="application/json")
    wrong = Response(json.dumps(parcel | {key: value}), media_type="application/json")
    with serving(Scripted(right, wrong)) as url:
        assert (await ask(url, "track_parcel", PARCEL))["ok"] is True
        answer = await ask(url, "track_parcel", PARCEL)
    assert answer["error"] == "unavailable"
    assert str(value) not in str(answer["detail"]) or len(str(value)) < 3


async def test_a_compression_bomb_is_not_unpacked() -> None:
    bomb = gzip.compress(b" " * 50_000_000)
    answer = Response(bomb, headers={"Content-Encoding": "gzip"}, media_type="application/json")
    with serving(Scripted(answer)) as url:
        said = await ask(url, "track_parcel", PARCEL)
    assert said["error"] == "unavailable"
    assert "compressed" in said["detail"]


@pytest.mark.parametrize(("status", "body"), [(404, b"<html>"), (404, b"{}"), (401, b"{}")])
async def test_a_wrong_address_or_token_is_not_an_unknown_number(status: int, body: bytes) -> None:
    with serving(Scripted(Response(body, status_code=status))) as url:
        assert (await ask(url, "track_parcel", PARCEL))["error"] == "unavailable"


async def test_a_write_happens_once_for_a_turn() -> None:
    pause = {"from": "2026-12-01", "to": "2026-12-05", "credit_kr": 95}
    server = Scripted(Response(json.dumps(pause), media_type="application/json"))
    with serving(server) as url:
        company = Company("heimbud", System(url, TOKEN))
        async with HttpClientSystems([company], MemoryStore(time.time)) as systems:
            answers = await asyncio.gather(
                *(systems.call("heimbud", "pause_subscription", PAUSE, "t1") for _ in range(8))
            )
            answers.append(await systems.call("heimbud", "pause_subscription", PAUSE, "t1"))
            assert all(answer == answers[0] and answer["ok"] for answer in answers)
            assert len(server.seen) == 1
            await systems.call("heimbud", "pause_subscription", PAUSE, "t2")
            await systems.call("heimbud", "pause_subscription", PAUSE, None)
    keys = [request.headers.get("idempotency-key") for request in server.seen]
    assert len(keys) == 3
    assert keys[0] != keys[1]
    assert keys[2] is None


async def test_a_caller_who_gives_up_does_not_undo_a_write(systems: HttpClientSystems) -> None:
    first = asyncio.ensure_future(systems.call("heimbud", "pause_subscription", PAUSE, "t1"))
    await asyncio.sleep(0)
    first.cancel()
    assert (await systems.call("heimbud", "pause_subscription", PAUSE, "t1"))["ok"] is True


async def test_a_result_is_forgotten_when_its_time_is_over() -> None:
    now = [0.0]
    pause = {"from": "2026-12-01", "to": "2026-12-05", "credit_kr": 95}
    server = Scripted(Response(json.dumps(pause), media_type="application/json"))
    with serving(server) as url:
        company = Company("heimbud", System(url, TOKEN))
        async with HttpClientSystems([company], MemoryStore(lambda: now[0])) as systems:
            for now[0] in (0.0, 899.0, 901.0):
                await systems.call("heimbud", "pause_subscription", PAUSE, "t1")
    assert len(server.seen) == 2


async def test_too_many_calls_at_once_are_refused_at_the_door(
    systems: HttpClientSystems, set_fault: Callable[..., None]
) -> None:
    set_fault("slow")
    answers = await asyncio.gather(
        *(systems.call("heimbud", "track_parcel", PARCEL, None) for _ in range(120))
    )
    details = [str(answer["detail"]) for answer in answers]
    assert sum("under way" in detail for detail in details) == 20
    assert all(answer["error"] == "unavailable" for answer in answers)


async def test_a_proxy_of_the_environment_does_not_see_the_token(
    demo: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")
    assert (await ask(f"{demo}/heimbud/v1", "track_parcel", PARCEL))["ok"] is True


async def test_logs_carry_no_argument_and_no_token(
    systems: HttpClientSystems, capsys: pytest.CaptureFixture[str]
) -> None:
    await systems.call(
        "varde",
        "report_claim",
        {"policy_number": "V-1002003", "date": "2026-11-22", "description": "kanarifugl"},
        "t1",
    )
    await systems.call("heimbud", "track_parcel", {"tracking_number": "kanarifugl"}, None)
    said = "".join(capsys.readouterr())
    assert "action" in said
    assert "kanarifugl" not in said
    assert "1002003" not in said
    assert TOKEN not in said
