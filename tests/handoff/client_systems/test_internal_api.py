"""The internal API answers the documented examples, and nobody without the token."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable
from datetime import date
from pathlib import Path
from typing import Any

import httpx
import pytest

from handoff.client_systems import OPERATIONS, HttpClientSystems, internal_api
from tests.handoff.client_systems.conftest import MONDAY

CONTRACT = json.loads(
    (Path(__file__).parents[2] / "contract" / "operations.json").read_text("utf-8")
)
TRACK = "/clients/heimbud/operations/track_parcel"
RIGHT = {"turn_id": None, "arguments": {"tracking_number": "HB12345678"}}


@pytest.fixture
async def inside(systems: HttpClientSystems) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app=internal_api(systems, "internal-token"))
    async with httpx.AsyncClient(
        transport=transport,
        base_url="http://internal",
        headers={"Authorization": "Bearer internal-token"},
    ) as http:
        yield http


async def test_every_example_of_the_contract_is_what_happens(
    inside: httpx.AsyncClient, set_fault: Callable[..., None]
) -> None:
    assert date.fromisoformat(CONTRACT["today"]) == MONDAY
    for example in CONTRACT["examples"]:
        set_fault(example.get("fault", "none"), client=example["client"])
        answer = await inside.post(
            f"/clients/{example['client']}/operations/{example['operation']}",
            json=example["request"],
        )
        assert answer.status_code == 200
        assert answer.json() == example["response"], example["operation"]


def test_every_operation_has_an_example() -> None:
    shown = {e["operation"] for e in CONTRACT["examples"] if e["response"]["ok"]}
    assert shown == set(OPERATIONS)


async def test_health_needs_no_token(inside: httpx.AsyncClient) -> None:
    answer = await inside.get("/health", headers={"Authorization": ""})
    assert answer.json() == {"ok": True}


@pytest.mark.parametrize("given", ["", "Bearer", "Bearer wrong", "Basic internal-token", "ÆØÅ"])
async def test_a_wrong_token_opens_nothing(inside: httpx.AsyncClient, given: str) -> None:
    answer = await inside.post(TRACK, json=RIGHT, headers=[(b"Authorization", given.encode())])
    assert answer.status_code == 401
    assert answer.json() == {"error": "unauthorised"}


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b"", "not JSON"),
        (b"{", "not JSON"),
        (b"\xff", "not JSON"),
        (b"[" * 9000, "not JSON"),
        (b"[]", "object"),
        (b'{"turn_id": null}', "arguments must be"),
        (b'{"arguments": []}', "arguments must be"),
        (b'{"arguments": {}, "turn_id": 5}', "turn_id must be"),
        (b'{"arguments": {}, "turn_id": "a b"}', "turn_id must be"),
        (b'{"arguments": {}, "client": "varde"}', "turn_id and arguments"),
        (b'{"arguments": {"x": "' + b"x" * 20_000 + b'"}}', "longer than"),
    ],
)
async def test_a_wrong_body_is_named(inside: httpx.AsyncClient, body: bytes, says: str) -> None:
    answer = await inside.post(TRACK, content=body)
    assert answer.status_code in (400, 413)
    told: dict[str, Any] = answer.json()
    assert told["error"] == "bad_request"
    assert says in told["detail"]
