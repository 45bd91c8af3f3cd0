"""Actions that a policy may put first: handing over, offering a person, asking what was meant."""

from __future__ import annotations

import json
import urllib.request
from typing import Any

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
    spoken: str = "",
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
        "events": [user, {"event": "bot", "text": "…", "metadata": {"utter_action": spoken}}],
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


def test_an_offer_has_two_buttons_worth_of_choice(actions_port: int) -> None:
    answer = run_action(actions_port, "action_offer_human", "hva da", "opening_hours")
    assert said(answer) == ["utter_offer_human"]


def test_an_offer_on_top_of_a_question_is_one_more_button(actions_port: int) -> None:
    answer = run_action(
        actions_port, "action_offer_human", "hva da", "greet", form="track_parcel_form"
    )
    assert said(answer) == ["utter_offer_human_too"]


def test_a_person_is_not_offered_twice_in_one_turn(actions_port: int) -> None:
    answer = run_action(
        actions_port, "action_offer_human", "elendig", "complain", spoken="utter_complain"
    )
    assert said(answer) == []


def test_inside_a_form_the_form_asks_what_was_meant(actions_port: int) -> None:
    inside = run_action(
        actions_port, "action_clarify", "5700", "greet", 0.2, form="change_address_form"
    )
    assert said(inside) == []
    assert [e["name"] for e in inside["events"]] == ["change_address_form"]
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
