"""The demo companies' systems, as a program of its own and as an API."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import httpx
import pytest

from demo.systems import heimbud_seed, varde_seed
from demo.systems.app import create_app, oslo_today
from demo.systems.places import place_of
from demo.systems.world import OSLO
from tests.ports import free_port
from tests.serving import answer_of, serving

ROOT = Path(__file__).parents[2]
TOKEN = "token-of-the-demo"
HEADERS = {"Authorization": f"Bearer {TOKEN}"}
MONDAY = date(2026, 11, 23)


@pytest.fixture(scope="module")
def http() -> Iterator[httpx.Client]:
    with (
        serving(create_app(TOKEN, today=lambda: MONDAY)) as url,
        httpx.Client(base_url=url, headers=HEADERS) as http,
    ):
        yield http


@pytest.fixture(scope="module")
def made() -> Iterator[httpx.Client]:
    """The systems that answer every well-formed number."""
    with (
        serving(create_app(TOKEN, today=lambda: MONDAY, deterministic=True)) as url,
        httpx.Client(base_url=url, headers=HEADERS) as http,
    ):
        yield http


def test_the_program_serves_and_ends_when_told() -> None:
    port = free_port()
    program = subprocess.Popen(
        [sys.executable, "-m", "demo.systems", "--port", str(port)],
        cwd=ROOT,
        env=os.environ | {"DEMO_SYSTEMS_TOKEN": TOKEN},
    )
    try:
        assert answer_of(f"http://127.0.0.1:{port}/health").json() == {"ok": True}
        again = subprocess.run(
            [sys.executable, "-m", "demo.systems", "--port", str(port)],
            cwd=ROOT,
            env=os.environ | {"DEMO_SYSTEMS_TOKEN": TOKEN},
            capture_output=True,
            text=True,
            timeout=30,
        )
        assert again.returncode == 1
        assert "set DEMO_SYSTEMS_PORT to another one" in again.stderr
        assert "Traceback" not in again.stderr
    finally:
        program.send_signal(signal.SIGTERM)
        program.wait(10)


def test_without_a_token_it_says_which_setting_is_missing() -> None:
    env = {k: v for k, v in os.environ.items() if k != "DEMO_SYSTEMS_TOKEN"}
    ended = subprocess.run(
        [sys.executable, "-m", "demo.systems"],
        cwd=ROOT,
        env=env,
        capture_output=True,
        text=True,
        timeout=30,
    )
    assert ended.returncode == 1
    assert "DEMO_SYSTEMS_TOKEN must be set" in ended.stderr


@pytest.mark.parametrize("path", ["/heimbud/v1/parcels/HB12345678", "/varde/v1/claims/V-48213"])
@pytest.mark.parametrize("given", ["", "Bearer wrong", "Basic token-of-the-demo"])
def test_a_wrong_token_is_refused(http: httpx.Client, path: str, given: str) -> None:
    answer = http.get(path, headers={"Authorization": given})
    assert answer.status_code == 401
    assert answer.json()["error"] == "unauthorised"
    assert http.post("/faults", json={}, headers={"Authorization": given}).status_code == 401


@pytest.mark.parametrize("clock", ["00:10", "06:09", "06:11", "23:50"])
@pytest.mark.parametrize("day", range(7))
def test_no_parcel_is_told_of_what_has_not_happened_and_none_is_brought_on_a_sunday(
    day: int, clock: str
) -> None:
    today = MONDAY + timedelta(days=day)
    now = datetime.combine(today, time.fromisoformat(clock), OSLO)
    with (
        serving(create_app(TOKEN, today=lambda: today, clock=lambda: now)) as url,
        httpx.Client(base_url=url, headers=HEADERS) as http,
    ):
        for number in heimbud_seed.seed(today).parcels:
            parcel = http.get(f"/heimbud/v1/parcels/{number}").json()
            times = [datetime.fromisoformat(event["at"]) for event in parcel["events"]]
            assert times == sorted(times)
            assert times[-1] <= now
            assert all(at.weekday() != 6 for at in times)
            assert parcel["status"] == parcel["events"][-1]["status"]
            if parcel["expected"]:
                expected = date.fromisoformat(parcel["expected"])
                assert expected >= today
                assert expected.weekday() != 6
        van = http.get("/heimbud/v1/parcels/HB20481537").json()["status"]
    gone = day < 6 and clock > "06:10"
    assert van == ("out_for_delivery" if gone else "in_transit")


def test_there_is_a_parcel_a_subscription_an_invoice_and_a_claim_in_every_state() -> None:
    heimbud, varde = heimbud_seed.seed(MONDAY), varde_seed.seed(MONDAY)
    assert {p["status"] for p in heimbud.parcels.values()} == {
        "registered",
        "in_transit",
        "customs",
        "out_for_delivery",
        "at_pickup_point",
        "delivered",
        "returned",
        "delayed",
    }
    assert {s["status"] for s in heimbud.subscriptions.values()} == {
        "active",
        "paused",
        "starting",
        "stopped",
        "ended",
    }
    assert {c["status"] for c in varde.claims.values()} == {
        "received",
        "assessing",
        "waiting_documents",
        "decided",
        "paid",
    }
    for company in (heimbud, varde):
        invoices = company.invoices.values()
        assert {i["status"] for i in invoices} == {"open", "paid", "overdue", "credited"}
        assert {i["refund"]["status"] for i in invoices} == {"none", "pending", "paid"}
        owners = company.subscriptions.keys() | company.policies.keys()
        assert {i["owner"] for i in invoices} <= owners


def test_dates_follow_today_and_changes_are_gone_the_next_day() -> None:
    day = [MONDAY]
    with (
        serving(create_app(TOKEN, today=lambda: day[0])) as url,
        httpx.Client(base_url=url, headers=HEADERS) as http,
    ):
        path = "/heimbud/v1/subscriptions/204511"
        period = {"from": "2026-12-01", "to": "2026-12-05"}
        assert http.post(f"{path}/pauses", json=period).json() == period | {"credit_kr": 95}
        assert http.get(path).json()["paused"] == period
        before = http.get("/heimbud/v1/invoices/4100231").json()["due"]
        day[0] = MONDAY + timedelta(days=1)
        assert http.get(path).json()["paused"] is None
        after = http.get("/heimbud/v1/invoices/4100231").json()["due"]
        assert date.fromisoformat(after) - date.fromisoformat(before) == timedelta(days=1)


def test_what_was_done_can_be_seen(http: httpx.Client) -> None:
    invoice = "/heimbud/v1/invoices/4100187"
    assert http.get(invoice).json()["status"] == "overdue"
    changed = http.post(f"{invoice}/payment-changes", json={"change": "postpone"}).json()
    assert http.get(invoice).json() | changed == http.get(invoice).json() | {"change": "postpone"}
    assert http.get(invoice).json()["status"] == "open"
    claim = http.post(
        "/varde/v1/policies/V-1002003/claims",
        json={"date": "2026-11-22", "description": "Rygget inn i en stolpe."},
    ).json()["claim_number"]
    assert http.get(f"/varde/v1/claims/{claim}").json()["status"] == "received"


def test_the_same_idempotency_key_does_a_thing_once(http: httpx.Client) -> None:
    path = "/heimbud/v1/invoices/4100231/payment-changes"
    key = {"Idempotency-Key": "a"}
    first = http.post(path, json={"change": "postpone"}, headers=key).json()
    assert http.post(path, json={"change": "postpone"}, headers=key).json() == first
    assert http.post(path, json={"change": "postpone"}).json()["due"] != first["due"]


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "error"),
    [
        ("GET", "/heimbud/v1/parcels/HB00000000", None, 404, "not_found"),
        ("GET", "/heimbud/v1/delivery-times/0000", None, 404, "not_found"),
        ("GET", "/heimbud/v1/invoices", None, 400, "bad_request"),
        ("POST", "/heimbud/v1/subscriptions/204511/pauses", {"from": "x"}, 400, "bad_request"),
        (
            "POST",
            "/heimbud/v1/subscriptions/204511/pauses",
            {"from": "2026-11-01", "to": "2026-12-01"},
            409,
            "date_not_allowed",
        ),
        (
            "POST",
            "/heimbud/v1/invoices/4100198/payment-changes",
            {"change": "postpone"},
            409,
            "settled",
        ),
        (
            "POST",
            "/heimbud/v1/parcels/HB20481537/delivery-changes",
            {"date": "2026-11-27"},
            409,
            "too_late",
        ),
        (
            "POST",
            "/varde/v1/policies/V-1002417/documents",
            {"document": "green_card"},
            409,
            "not_for_product",
        ),
        ("POST", "/faults", {"client": "posten", "mode": "slow"}, 400, "bad_request"),
        ("POST", "/faults", {"client": "varde", "mode": "sleepy"}, 400, "bad_request"),
        (
            "POST",
            "/faults",
            {"client": "varde", "mode": "slow", "count": 0},
            400,
            "bad_request",
        ),
    ],
)
def test_what_is_wrong_has_a_status_and_a_word(
    http: httpx.Client, method: str, path: str, body: object, status: int, error: str
) -> None:
    answer = http.request(method, path, json=body)
    assert (answer.status_code, answer.json()["error"]) == (status, error)


@pytest.mark.parametrize("body", [b"{", b"[]", b"\xff", b"[" * 5000, b"x" * 20_000])
def test_a_body_that_is_no_json_object_is_refused(http: httpx.Client, body: bytes) -> None:
    answer = http.post("/heimbud/v1/subscriptions/204511/pauses", content=body)
    assert answer.status_code in (400, 413)


@pytest.mark.parametrize(
    "path",
    [
        "/heimbud/v1/parcels/HB98765432",
        "/heimbud/v1/parcels/370000000000000001",
        "/heimbud/v1/subscriptions/987654",
        "/heimbud/v1/invoices/9876543",
        "/heimbud/v1/invoices?subscription_number=987654",
        "/varde/v1/policies/V-7654321",
        "/varde/v1/claims/V-98765",
        "/varde/v1/claims/24-987654",
        "/varde/v1/invoices?policy_number=V-7654321",
    ],
)
def test_deterministic_systems_answer_every_well_formed_number_the_same(
    made: httpx.Client, path: str
) -> None:
    first = made.get(path)
    assert first.status_code == 200
    assert made.get(path).json() == first.json()


def test_deterministic_systems_keep_nothing_and_refuse_malformed_numbers(
    made: httpx.Client,
) -> None:
    path = "/heimbud/v1/subscriptions/204511"
    made.post(f"{path}/pauses", json={"from": "2026-12-01", "to": "2026-12-05"})
    assert made.get(path).json()["paused"] is None
    assert made.get("/heimbud/v1/parcels/HB1").status_code == 404


def test_every_postcode_has_a_place() -> None:
    assert all(place_of(f"{number:04d}") for number in range(1, 9992))
    assert place_of("0000") is None
    assert place_of("9992") is None
    assert place_of("5008").city == "Bergen"  # type: ignore[union-attr]


def test_the_pages_list_the_numbers_and_the_api_without_scripts(http: httpx.Client) -> None:
    index, docs = http.get("/"), http.get("/docs")
    for page in (index, docs):
        assert "<script" not in page.text
        assert "default-src 'none'" in page.headers["content-security-policy"]
        assert not re.search(r'(src|href)="https?:', page.text)
    for number in ("HB12345678", "204511", "4100231", "V-48213", "V-1002003"):
        assert number in index.text
    assert "/heimbud/v1/parcels/{number}" in docs.text


def test_openapi_describes_what_is_answered(http: httpx.Client) -> None:
    described = http.get("/openapi.json").json()
    assert described["openapi"] == "3.1.0"
    examples = {
        "/heimbud/v1/parcels/{number}": "HB33019246",
        "/heimbud/v1/subscriptions/{number}": "204512",
        "/heimbud/v1/invoices/{number}": "4100231",
        "/varde/v1/claims/{number}": "V-48213",
        "/varde/v1/policies/{number}": "V-1002003",
    }
    for path, number in examples.items():
        operation = described["paths"][path]["get"]
        schema = operation["responses"]["200"]["content"]["application/json"]["schema"]
        answer = http.get(path.replace("{number}", number)).json()
        shown = {key for key in answer if key not in ("owner", "payment", "refund")}
        assert shown == schema["properties"].keys()


def test_today_is_that_of_oslo() -> None:
    assert abs((oslo_today() - datetime.now(UTC).date()).days) <= 1
