"""Two Rasa servers with one tracker and one Redis: a turn is one turn, whichever was asked."""

from __future__ import annotations

import concurrent.futures
import secrets
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.bot.rasa_project import Bot
from tests.redis_server import RedisServer, redis_server

HELD_SECONDS = 6.0


@pytest.fixture(scope="module")
def redis() -> Iterator[RedisServer]:
    with redis_server() as server:
        yield server


@pytest.fixture(scope="module")
def two(trained: tuple[Path, list[dict[str, Any]]], redis: RedisServer) -> Iterator[list[Bot]]:
    """With one action server between them."""
    model, _ = trained
    one = Bot(model.parent, model, redis_url=redis.url)
    other = Bot(model.parent, model, redis_url=redis.url, actions_port=one.actions_port)
    try:
        one.start("actions")
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            list(pool.map(lambda bot: bot.start("bot"), (one, other)))
        yield [one, other]
    finally:
        for process in (*one.processes.values(), *other.processes.values()):
            process.kill()
            process.wait(10)


def said(bot: Bot, conversation: str) -> list[str]:
    events = bot.memory("GET", conversation).json()["events"]
    return [event["text"] for event in events if event["event"] == "user"]


def test_turns_at_two_servers_at_once_run_one_after_the_other(
    two: list[Bot], conversation: str
) -> None:
    with concurrent.futures.ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda bot: bot.ask("hei", conversation), two * 3))
    assert [answer.status_code for answer in answers] == [200] * 6
    assert said(two[0], conversation) == ["hei"] * 6


def test_what_one_server_answered_the_other_finds_and_does_not_run_again(
    two: list[Bot], conversation: str
) -> None:
    turn = secrets.token_hex(16)
    first = two[0].ask("spor pakken HB12345678", conversation, turn_id=turn)
    assert two[1].find(conversation, turn).json() == first.json()
    assert two[1].ask("spor pakken HB12345678", conversation, turn_id=turn).json() == first.json()
    assert two[1].ask("hei", conversation).json()["slots"] == {"tracking_number": "HB12345678"}
    assert said(two[0], conversation) == ["spor pakken HB12345678", "hei"]


def test_a_turn_that_runs_at_one_server_is_waited_for_at_the_other(
    two: list[Bot], conversation: str
) -> None:
    turn = secrets.token_hex(16)
    with concurrent.futures.ThreadPoolExecutor(1) as threads:
        running = threads.submit(two[0].ask, "hei, vent litt", conversation, turn_id=turn)
        time.sleep(0.7)
        found = two[1].find(conversation, turn)
        assert found.json() == running.result().json()


def test_a_turn_that_another_server_took_over_is_not_saved_twice(
    two: list[Bot], conversation: str
) -> None:
    turn = secrets.token_hex(16)
    with concurrent.futures.ThreadPoolExecutor(1) as threads:
        hung = threads.submit(two[0].ask, "hei, vent litt", conversation, turn_id=turn)
        time.sleep(0.7)
        two[0].processes["bot"].send_signal(signal.SIGSTOP)
        try:
            assert two[1].find(conversation, turn).status_code == 404
            answer = two[1].ask("hei, vent litt", conversation, turn_id=turn)
        finally:
            two[0].processes["bot"].send_signal(signal.SIGCONT)
        assert answer.status_code == 200
        assert hung.result().status_code == 500
    assert said(two[1], conversation) == ["hei, vent litt"]


def test_a_killed_servers_turn_is_not_waited_for_long(two: list[Bot], conversation: str) -> None:
    turn = secrets.token_hex(16)
    with concurrent.futures.ThreadPoolExecutor(1) as threads:
        lost = threads.submit(two[0].ask, "hei, vent litt", conversation, turn_id=turn)
        time.sleep(0.7)
        two[0].stop("bot", kill=True)
        began = time.monotonic()
        assert two[1].find(conversation, turn).status_code == 404
        assert time.monotonic() - began < HELD_SECONDS + 2
        assert lost.exception() is not None
    assert two[1].ask("hei, vent litt", conversation, turn_id=turn).status_code == 200
    assert said(two[1], conversation) == ["hei, vent litt"]


def test_turns_go_on_while_redis_is_away(
    two: list[Bot], conversation: str, redis: RedisServer
) -> None:
    # The last one: a server that missed its Redis does not ask it for a while.
    redis.hang()
    try:
        began = time.monotonic()
        assert two[1].ask("hei", conversation).status_code == 200
        assert time.monotonic() - began < 5
    finally:
        redis.go_on()
    assert two[1].ask("hei", conversation).status_code == 200
    assert said(two[1], conversation) == ["hei"] * 2
    assert "action=lock_unshared" in two[1].log("bot")
