"""Turns through the channel of a real Rasa server, with a real action server behind it."""

from __future__ import annotations

import concurrent.futures
import contextlib
import json
import secrets
import sqlite3
from pathlib import Path

import httpx
import pytest

from tests.bot.rasa_project import CONTRACT, SIGNAL, Bot

CANARY = "kanarifugl 5544"


def user_events(bot: Bot, conversation: str) -> list[dict[str, object]]:
    return [e for e in bot.tracker(conversation)["events"] if e["event"] == "user"]


def test_an_answer_has_exactly_the_fields_of_the_contract(bot: Bot) -> None:
    answer = bot.post(CONTRACT["request"])
    assert answer.status_code == 200
    expected = CONTRACT["response"]
    assert set(answer.json()) == set(expected)
    assert set(answer.json()["nlu"]) == set(expected["nlu"])
    assert answer.json()["nlu"]["entities"] == expected["nlu"]["entities"]
    assert answer.json()["slots"] == expected["slots"]
    assert answer.json()["turn_id"] == CONTRACT["request"]["turn_id"]


def test_messages_come_in_order_with_their_buttons(bot: Bot, conversation: str) -> None:
    assert bot.ask("hei", conversation).json()["messages"] == [
        {"text": "Hei"},
        {
            "text": "Hva gjelder det?",
            "buttons": [
                {"title": "Spor pakke", "payload": "/track_parcel"},
                {"title": "Takk", "payload": "/thank"},
            ],
        },
    ]


def test_the_handoff_signal_is_lifted_out_of_the_messages_and_the_bot_pauses(
    bot: Bot, conversation: str
) -> None:
    answer = bot.ask("hei, jeg vil ha mennesket", conversation).json()
    assert answer["signal"] == SIGNAL
    assert answer["messages"] == [{"text": "Jeg henter et menneske."}]
    assert answer["paused"] is True
    assert answer["assessment"]["decision"] == "handoff"


def test_the_handoff_works_inside_a_form_and_the_form_is_left(bot: Bot, conversation: str) -> None:
    asked = bot.ask("hvor er pakken min", conversation).json()
    assert asked["messages"][0]["text"] == "Hva er sporingsnummeret?"
    answer = bot.ask("hei mennesket da", conversation).json()
    assert answer["signal"] == SIGNAL
    assert answer["messages"] == [{"text": "Jeg henter et menneske."}]
    tracker = bot.tracker(conversation)
    assert tracker["active_loop"] == {}
    assert tracker["slots"]["requested_slot"] is None


def test_an_offer_comes_once_and_after_the_answer(bot: Bot, conversation: str) -> None:
    answer = bot.ask("hei tilbudet", conversation).json()
    said = [m["text"] for m in answer["messages"]]
    assert said == ["Hei", "Hva gjelder det?", "Vil du snakke med et menneske?"]
    assert answer["signal"] is None
    assert len(bot.ask("hei", conversation).json()["messages"]) == 2


def test_an_offer_inside_a_form_is_one_message_with_its_question_and_all_buttons(
    bot: Bot, conversation: str
) -> None:
    answer = bot.ask("hvor er pakken min, tilbudet", conversation).json()
    [message] = answer["messages"]
    assert message["text"] == "Hva er sporingsnummeret? Eller vil du snakke med et menneske?"
    assert [button["title"] for button in message["buttons"]] == ["Har det ikke", "Menneske"]
    found = bot.find(conversation, answer["turn_id"]).json()
    assert found["messages"] == answer["messages"]


def test_asking_what_was_meant_takes_the_place_of_a_forms_question(
    bot: Bot, conversation: str
) -> None:
    bot.ask("hvor er pakken min", conversation)
    answer = bot.ask("hei, si det tydelig", conversation).json()
    assert [m["text"] for m in answer["messages"]] == ["Hva mente du?"]
    found = bot.ask("HB12345678", conversation).json()
    assert found["messages"][0]["text"] == "Pakken HB12345678 er på vei."


def test_after_a_handback_the_bot_goes_on_with_the_facts_it_had(
    bot: Bot, conversation: str
) -> None:
    bot.ask("spor pakken HB12345678", conversation)
    bot.ask("mennesket", conversation)
    posted = httpx.post(
        f"{bot.url}/conversations/{conversation}/tracker/events",
        params={"token": bot.rasa_token},
        json=CONTRACT["handback"]["events"],
    )
    assert posted.status_code == 200, posted.text
    answer = bot.ask("hei", conversation).json()
    assert answer["paused"] is False
    assert answer["signal"] is None
    assert answer["messages"][0]["text"] == "Hei"
    assert answer["slots"] == {"tracking_number": "HB12345678"}


@pytest.mark.parametrize(
    "text",
    ["/greet", '/track_parcel{"tracking_number":"tull"}', " \u00a0/ /greet", "//greet", "/restart"],
)
def test_a_typed_slash_is_never_a_command(bot: Bot, conversation: str, text: str) -> None:
    bot.ask("hei", conversation)
    answer = bot.ask(text, conversation, input="text").json()
    # A command has one intent for certain; what is understood has a ranking.
    assert len(answer["nlu"]["ranking"]) > 1
    assert answer["slots"] == {}
    assert user_events(bot, conversation)[-1]["text"] == text.strip()
    assert all(e["event"] != "restart" for e in bot.tracker(conversation)["events"])


def test_a_buttons_payload_is_a_command(bot: Bot, conversation: str) -> None:
    answer = bot.ask('/track_parcel{"tracking_number":"HB11112222"}', conversation, input="payload")
    assert answer.json()["nlu"]["ranking"] == [{"name": "track_parcel", "confidence": 1.0}]
    assert answer.json()["messages"][0]["text"] == "Pakken HB11112222 er på vei."


def test_look_ups_are_those_of_this_turn_alone(bot: Bot, conversation: str) -> None:
    found = bot.ask("spor pakken HB12345678", conversation).json()
    assert [row["operation"] for row in found["lookups"]] == ["track_parcel"]
    assert bot.ask("hei", conversation).json()["lookups"] == []


def test_only_the_clients_skills_can_be_meant(bot: Bot, conversation: str) -> None:
    text = "melde skade på pakken i bilen"
    varde = bot.ask(text, conversation, metadata={"skills": ["common", "insurance"]}).json()
    assert varde["nlu"]["intent"] == "report_claim"
    heimbud = bot.ask(text, conversation, metadata={"skills": ["common", "parcel"]}).json()
    names = {row["name"] for row in heimbud["nlu"]["ranking"]}
    assert names == {"greet", "thank", "track_parcel"}
    assert sum(row["confidence"] for row in heimbud["nlu"]["ranking"]) == pytest.approx(1, abs=0.01)


def test_what_is_not_understood_keeps_the_real_ranking(bot: Bot, conversation: str) -> None:
    answer = bot.ask("xqzw vbnm", conversation).json()["nlu"]
    if answer["intent"] == "nlu_fallback":
        assert answer["ranking"][0]["name"] != "nlu_fallback"
        assert answer["confidence"] == answer["ranking"][0]["confidence"]


def test_a_whole_line_changes_the_language_a_short_one_does_not_and_a_chosen_one_wins(
    bot: Bot, conversation: str
) -> None:
    def greeting(text: str, **metadata: str) -> str:
        answer = bot.ask(text, conversation, metadata=metadata)
        return str(answer.json()["messages"][0]["text"])

    assert greeting("hello good morning") == "Hello"
    assert greeting("god dag") == "Hello"
    assert greeting("hei, god dag til dere alle sammen") == "Hei"
    assert greeting("hei", language="nn") == "Hei, kva gjeld det?"
    assert greeting("hello good morning") == "Hei, kva gjeld det?"


def test_a_failed_action_is_an_error_nothing_is_saved_and_the_turn_can_be_tried_again(
    bot: Bot, conversation: str
) -> None:
    bot.ask("hei", conversation)
    turn_id = secrets.token_hex(16)
    failed = bot.ask(f"takk skal du ha {CANARY}", conversation, turn_id=turn_id)
    assert failed.status_code == 500
    assert failed.json() == {"error": "turn_failed", "turn_id": turn_id}
    assert bot.find(conversation, turn_id).status_code == 404
    assert len(user_events(bot, conversation)) == 1
    mended = bot.folder / "mended"
    mended.touch()
    try:
        again = bot.ask(f"takk skal du ha {CANARY}", conversation, turn_id=turn_id)
    finally:
        mended.unlink()
    assert again.json()["messages"] == [{"text": "Bare hyggelig."}]
    assert len(user_events(bot, conversation)) == 2


def test_a_failed_assessment_is_an_error(bot: Bot, conversation: str) -> None:
    answer = bot.ask(f"hei, vurderingen svikter {CANARY}", conversation)
    assert (answer.status_code, answer.json()["error"]) == (500, "turn_failed")


def test_a_locked_database_is_an_error_and_not_a_conversation_in_memory(
    bot: Bot, conversation: str
) -> None:
    bot.ask("hei", conversation)
    with contextlib.closing(sqlite3.connect(bot.folder / "tracker.db")) as blocker:
        blocker.execute("BEGIN EXCLUSIVE")
        answer = bot.ask(f"hei {CANARY}", conversation)
        blocker.rollback()
    assert (answer.status_code, answer.json()["error"]) == (500, "turn_failed")
    assert len(user_events(bot, conversation)) == 1
    assert bot.ask("hei", conversation).status_code == 200


def test_a_lost_answer_is_found_again_and_a_repeated_turn_is_not_run_twice(
    bot: Bot, conversation: str
) -> None:
    turn_id = secrets.token_hex(16)
    first = bot.ask("spor pakken HB12345678", conversation, turn_id=turn_id)
    bot.ask("hei", conversation)
    assert bot.find(conversation, turn_id).json() == first.json()
    assert bot.ask("spor pakken HB12345678", conversation, turn_id=turn_id).json() == first.json()
    assert len(user_events(bot, conversation)) == 2


def test_an_unknown_turn_is_not_found(bot: Bot, conversation: str) -> None:
    answer = bot.find(conversation, secrets.token_hex(16))
    assert (answer.status_code, answer.json()) == (404, CONTRACT["find"]["absent"]["body"])


def test_two_turns_at_once_run_one_after_the_other(bot: Bot, conversation: str) -> None:
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: bot.ask("hei", conversation), range(4)))
    assert [a.status_code for a in answers] == [200] * 4
    assert len(user_events(bot, conversation)) == 4


def test_without_the_right_token_nothing_is_said(bot: Bot) -> None:
    for header in ("", "Bearer", "Bearer wrong", f"Basic {bot.token}", f"Bearer {bot.token}x"):
        answer = bot.post(CONTRACT["request"], authorization=header)
        assert (answer.status_code, answer.json()) == (401, {"error": "unauthorised"})
    found = httpx.get(f"{bot.url}{CONTRACT['find']['address']}")
    assert found.status_code == 401


REQUEST = CONTRACT["request"]


@pytest.mark.parametrize(
    ("body", "named"),
    [
        (b"{", "JSON"),
        (b"\xff\xfe", "UTF-8"),
        (b"[" * 5000, "JSON"),
        ([], "object"),
        ({**REQUEST, "v": 2}, "v must"),
        ({**REQUEST, "v": True}, "v must"),
        ({**REQUEST, "turn_id": "kort"}, "turn_id"),
        ({**REQUEST, "conversation": "../" + "a" * 29}, "conversation"),
        ({**REQUEST, "text": ""}, "text"),
        ({**REQUEST, "text": " \n"}, "text"),
        ({**REQUEST, "text": 7}, "text"),
        ({**REQUEST, "text": "a" * 8001}, "8000"),
        ({**REQUEST, "text": "\ud800"}, "Unicode"),
        ({**REQUEST, "input": "voice"}, "input"),
        ({**REQUEST, "extra": 1}, "extra"),
        ({**REQUEST, "metadata": None}, "metadata"),
        ({**REQUEST, "metadata": {}}, "metadata.client"),
        ({**REQUEST, "metadata": {"client": "a", "skills": []}}, "metadata.skills"),
        ({**REQUEST, "metadata": {"client": "a", "skills": [1]}}, "metadata.skills"),
        ({**REQUEST, "metadata": {"client": "a", "language": "sv"}}, "metadata.language"),
        ({**REQUEST, "metadata": {"client": "a", "desk": "ajar"}}, "metadata.desk"),
        ({**REQUEST, "metadata": {"client": "a", "hours": "8-16"}}, "metadata.hours"),
        ({**REQUEST, "metadata": {"client": "a", "now": "2026-11-21T20:00:00"}}, "metadata.now"),
        ({**REQUEST, "metadata": {"client": "a", "now": "i går"}}, "metadata.now"),
    ],
)
def test_a_malformed_request_is_refused_by_name(bot: Bot, body: object, named: str) -> None:
    answer = bot.post(body)
    assert answer.status_code == 400
    assert answer.json()["error"] == "bad_request"
    assert named in answer.json()["detail"]


def test_rasas_own_api_gives_trackers_alone_and_only_with_its_token(
    bot: Bot, conversation: str
) -> None:
    bot.ask("hei", conversation)
    tracker = f"{bot.url}/conversations/{conversation}/tracker"
    assert httpx.get(tracker).status_code == 401
    assert httpx.get(tracker, params={"token": bot.rasa_token}).status_code == 200
    assert httpx.get(f"{bot.url}/status", params={"token": bot.rasa_token}).status_code == 200
    assert httpx.get(f"{bot.url}/version").status_code == 200
    for method, path in (
        ("PUT", "/model"),
        ("POST", "/model/train"),
        ("POST", "/model/parse"),
        ("POST", f"/conversations/{conversation}/execute"),
        ("GET", "/domain"),
        ("POST", "/webhooks/rest/webhook"),
    ):
        answer = httpx.request(method, bot.url + path, params={"token": bot.rasa_token})
        assert answer.status_code == 404, path


@pytest.mark.parametrize("text", ["hei\0", "hei\x1b[2J", "hei\x0b"])
def test_a_control_character_is_refused(bot: Bot, conversation: str, text: str) -> None:
    answer = bot.ask(text, conversation)
    assert answer.status_code == 400
    assert "control characters" in answer.json()["detail"]


def test_liveness_needs_neither_a_token_nor_a_customer(bot: Bot) -> None:
    answer = httpx.get(f"{bot.url}/webhooks/stafett/health")
    assert answer.json() == {"status": "ok", "model": bot.model.name}


def test_no_log_holds_a_customers_words(bot: Bot, conversation: str) -> None:
    bot.ask(f"takk skal du ha {CANARY}", conversation)
    bot.ask(f"vurderingen svikter {CANARY}", conversation)
    bot.ask(f"/nonsense {CANARY}", conversation, input="payload")
    bot.ask(f'/greet{{"a": {CANARY}', conversation, input="payload")
    bot.post(json.dumps({**REQUEST, "text": CANARY}).encode()[:-1])
    httpx.post(
        f"{bot.url}/conversations/{conversation}/tracker/events",
        params={"token": bot.rasa_token},
        json={"event": "nonsense", "text": CANARY},
    )
    log = bot.log("bot")
    assert "action=turn_failed" in log
    assert "kanarifugl" not in log
    assert "ValueError" not in log or "cannot go on" not in log


def test_a_killed_bot_has_kept_what_it_answered_and_starts_again(
    bot: Bot, conversation: str
) -> None:
    turn_id = secrets.token_hex(16)
    first = bot.ask("spor pakken HB12345678", conversation, turn_id=turn_id)
    bot.stop("bot", kill=True)
    bot.start("bot")
    assert bot.find(conversation, turn_id).json() == first.json()
    assert bot.ask("hei", conversation).json()["slots"] == {"tracking_number": "HB12345678"}


def test_without_an_action_server_a_turn_is_an_error(bot: Bot, conversation: str) -> None:
    bot.stop("actions")
    try:
        assert bot.ask("hei", conversation).status_code == 500
    finally:
        bot.start("actions")
    assert bot.ask("hei", conversation).status_code == 200


def test_the_human_stretch_is_refused_when_the_database_is_locked(
    bot: Bot, conversation: str
) -> None:
    bot.ask("hei", conversation)
    with contextlib.closing(sqlite3.connect(bot.folder / "tracker.db")) as blocker:
        blocker.execute("BEGIN EXCLUSIVE")
        posted = httpx.post(
            f"{bot.url}/conversations/{conversation}/tracker/events",
            params={"token": bot.rasa_token},
            json=[{"event": "resume"}],
            timeout=60,
        )
        blocker.rollback()
    assert posted.status_code == 500


def test_a_term_signal_ends_the_bot_cleanly(bot: Bot) -> None:
    assert bot.stop("bot") == 0
    bot.start("bot")


def test_training_again_finds_the_model_that_fits(
    trained: tuple[Path, list[dict[str, object]]],
) -> None:
    model, lines = trained
    assert [line["fraction"] for line in lines] == sorted(line["fraction"] for line in lines)
    assert lines[-1]["stage"] == "ready"
    from tests.bot.rasa_project import train

    again, said = train(model.parent)
    assert again == model
    assert len(said) == 1
