"""The bot shows what it holds of a conversation, and forgets it."""

from __future__ import annotations

import concurrent.futures
import contextlib
import secrets
import sqlite3
import time

from tests.bot.rasa_project import CONTRACT, Bot

CANARY = "kanarifugl 5544"


def test_the_bot_shows_and_forgets_all_it_holds_of_a_conversation(
    bot: Bot, conversation: str
) -> None:
    other = secrets.token_hex(16)
    turn_id = secrets.token_hex(16)
    bot.ask(f"hei {CANARY}", conversation, turn_id=turn_id)
    bot.ask("spor pakken HB12345678", other)
    shown = bot.memory("GET", conversation)
    assert shown.status_code == CONTRACT["memory"]["get"]["status"]
    events = shown.json()["events"]
    assert [e["text"] for e in events if e["event"] == "user"] == [f"hei {CANARY}"]
    forgotten = bot.memory("DELETE", conversation)
    assert (forgotten.status_code, forgotten.json()) == (200, {"deleted": len(events)})
    nothing = CONTRACT["memory"]["nothing_held"]
    assert bot.memory("GET", conversation).json() == nothing["get"]
    assert bot.memory("DELETE", conversation).json() == nothing["delete"]
    assert bot.find(conversation, turn_id).status_code == 404
    assert bot.ask("hei", conversation).json()["slots"] == {}
    assert bot.ask("hei", other).json()["slots"] == {"tracking_number": "HB12345678"}


def test_a_running_turn_is_waited_for_before_the_bot_forgets(bot: Bot, conversation: str) -> None:
    with concurrent.futures.ThreadPoolExecutor(2) as threads:
        turn = threads.submit(bot.ask, "hei, vent litt", conversation)
        time.sleep(0.7)
        forgotten = threads.submit(bot.memory, "DELETE", conversation).result()
        assert turn.result().status_code == 200
    assert forgotten.json()["deleted"] > 0
    assert bot.memory("GET", conversation).json() == {"events": []}


def test_what_the_bot_forgot_is_not_left_in_its_file(bot: Bot, conversation: str) -> None:
    word = secrets.token_hex(8)
    for _ in range(5):
        bot.ask(f"hei {word}", conversation)
    assert word.encode() in (bot.folder / "tracker.db").read_bytes()
    assert bot.memory("DELETE", conversation).status_code == 200
    assert word.encode() not in (bot.folder / "tracker.db").read_bytes()


def test_forgetting_is_for_those_with_the_token_and_a_true_id(bot: Bot, conversation: str) -> None:
    bot.ask("hei", conversation)
    for method in ("GET", "DELETE"):
        refused = bot.memory(method, conversation, authorization="Bearer wrong")
        assert (refused.status_code, refused.json()) == (401, {"error": "unauthorised"})
        assert bot.memory(method, "x' OR 1=1").status_code == 400
    assert bot.memory("GET", conversation).json()["events"] != []


def test_a_locked_database_is_an_error_and_nothing_is_forgotten(
    bot: Bot, conversation: str
) -> None:
    bot.ask("hei", conversation)
    with contextlib.closing(sqlite3.connect(bot.folder / "tracker.db")) as blocker:
        blocker.execute("BEGIN EXCLUSIVE")
        failed = bot.memory("DELETE", conversation)
        blocker.rollback()
    expected = CONTRACT["memory"]["failed"]
    assert (failed.status_code, failed.json()) == (expected["status"], expected["body"])
    assert bot.memory("GET", conversation).json()["events"] != []
