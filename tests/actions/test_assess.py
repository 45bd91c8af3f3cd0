"""``action_assess`` in the real action server, over HTTP as Rasa calls it."""

from __future__ import annotations

from typing import Any

import httpx

from tests.actions.judgement.talk import Talk


def assessed(port: int, events: list[dict[str, Any]]) -> Any:
    tracker = {
        "sender_id": "0" * 32,
        "slots": {},
        "latest_message": {},
        "events": events,
        "paused": False,
        "active_loop": {},
    }
    body = {"next_action": "action_assess", "sender_id": "0" * 32, "tracker": tracker}
    answer = httpx.post(f"http://127.0.0.1:{port}/webhook", json=body, timeout=30)
    assert answer.status_code == 200
    said = answer.json()
    assert said["responses"] == []
    (event,) = said["events"]
    assert (event["event"], event["name"]) == ("slot", "assessment")
    return event["value"]


def test_a_turn_is_assessed_into_its_slot(actions_port: int) -> None:
    events = Talk().user("Hvor er pakken min?", "track_parcel").events
    assert assessed(actions_port, events)["decision"] == "continue"


def test_a_request_for_a_person_is_a_handover_with_its_reason(actions_port: int) -> None:
    value = assessed(actions_port, Talk().user("Gi meg en levende person", "greet").events)
    assert (value["decision"], value["reason"]) == ("handoff", "asked_human")
    assert value["reasons"][0]["nb"] == "Kunden ba om et menneske: «Gi meg en levende person»"


def test_without_a_customer_message_the_slot_is_empty(actions_port: int) -> None:
    assert assessed(actions_port, [{"event": "action", "name": "action_session_start"}]) is None
