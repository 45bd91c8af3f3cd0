"""Actions that a policy may put first: handing over, offering a person, asking what was meant."""

from __future__ import annotations

import json
import urllib.request
from typing import Any

import pytest
from ruamel.yaml import YAML

from tests.actions.conftest import HEIMBUD, ROOT

DOMAIN = YAML(typ="safe").load(ROOT / "domain.yml")


def run_action(
    port: int,
    name: str,
    text: str,
    intent: str,
    confidence: float = 0.9,
    form: str | None = None,
    slots: dict[str, Any] | None = None,
) -> dict[str, Any]:
    """Call the action server as Rasa does; returns events and responses."""
    parse = {
        "text": text,
        "intent": {"name": intent, "confidence": confidence},
        "intent_ranking": [{"name": intent, "confidence": confidence}],
        "entities": [],
        "metadata": HEIMBUD,
    }
    user = {"event": "user", "text": text, "parse_data": parse, "metadata": HEIMBUD}
    tracker = {
        "sender_id": "c",
        "slots": slots or {},
        "latest_message": parse,
        "events": [user],
        "active_loop": {"name": form} if form else {},
    }
    domain = {"forms": DOMAIN["forms"], "responses": {}}
    body = {"next_action": name, "tracker": tracker, "domain": domain, "version": "3.6.21"}
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/webhook",
        data=json.dumps(body).encode("utf-8"),
        headers={"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=10) as reply:
        answer: dict[str, Any] = json.load(reply)
    return answer


def said(answer: dict[str, Any]) -> list[str]:
    return [response["response"] for response in answer["responses"]]


@pytest.mark.parametrize(
    ("intent", "first"),
    [
        ("opening_hours", "utter_opening_hours"),
        ("contact_info", "utter_contact_info"),
        ("thank", "utter_thank"),
    ],
)
def test_a_question_is_answered_along_with_the_offer(
    actions_port: int, intent: str, first: str
) -> None:
    answer = run_action(actions_port, "action_offer_human", "hva da", intent)
    assert said(answer) == [first, "utter_offer_human"]


def test_an_errand_is_begun_along_with_the_offer(actions_port: int) -> None:
    answer = run_action(actions_port, "action_offer_human", "hvor er pakka", "track_parcel")
    assert said(answer) == ["utter_offer_human"]
    assert [e["name"] for e in answer["events"]] == ["track_parcel_form"]


def test_what_was_hardly_understood_gets_the_offer_alone(actions_port: int) -> None:
    answer = run_action(actions_port, "action_offer_human", "hæ", "opening_hours", 0.2)
    assert said(answer) == ["utter_offer_human"]


def test_a_complaint_is_offered_a_person_once(actions_port: int) -> None:
    answer = run_action(actions_port, "action_offer_human", "elendig", "complain")
    assert said(answer) == ["utter_complain"]


def test_inside_a_form_the_form_asks_what_was_meant(actions_port: int) -> None:
    inside = run_action(
        actions_port, "action_clarify", "5700", "greet", 0.2, form="change_address_form"
    )
    assert said(inside) == []
    assert said(run_action(actions_port, "action_clarify", "5700", "greet", 0.2)) != []


def test_the_assessment_is_registered_with_the_other_actions(actions_port: int) -> None:
    with urllib.request.urlopen(f"http://127.0.0.1:{actions_port}/actions", timeout=10) as reply:
        names = {row["name"] for row in json.load(reply)}
    listed = {next(iter(a)) if isinstance(a, dict) else a for a in DOMAIN["actions"]}
    assert listed <= names


def test_the_assessments_reasons_go_along_when_it_decided(actions_port: int) -> None:
    reasons = [
        {"code": "frustration", "nb": "Boten ga samme svar to ganger", "en": "…", "quotes": []}
    ]
    assessment = {"v": 1, "decision": "handoff", "reason": "frustration", "reasons": reasons}
    answer = run_action(
        actions_port,
        "action_handoff",
        "nå gir jeg opp",
        "track_parcel",
        form="track_parcel_form",
        slots={"assessment": assessment},
    )
    sentence, signal = answer["responses"]
    assert sentence["response"] == "utter_handoff_frustration"
    assert signal["custom"]["reason"] == "frustration"
    assert signal["custom"]["reasons"] == reasons
    assert {"event": "active_loop", "timestamp": None, "name": None} in answer["events"]
    assert answer["events"][-1]["event"] == "pause"
