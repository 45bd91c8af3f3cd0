"""What a person sees while things start: on a terminal, and where there is none."""

from __future__ import annotations

import signal
from pathlib import Path

from tests.launcher.launched import Launched, service, step

TRAINING = """
import json, time
for number in range(4):
    print(json.dumps({"stage": "reading", "fraction": number / 4}), flush=True)
    time.sleep(0.15)
print("a word of its own", flush=True)
"""


def test_without_a_terminal_there_are_plain_lines(tmp_path: Path) -> None:
    part = service("bot", after=["train"])
    with Launched(tmp_path, [step("train", TRAINING), part]) as launched:
        launched.until("all ready")
        assert "\x1b" not in launched.said
        assert "Train: working" in launched.said
        assert f"Bot: waiting for http://127.0.0.1:{part['port']}/health" in launched.said
        assert "a word of its own" in (tmp_path / "logs" / "train.log").read_text("utf-8")


def test_on_a_terminal_bar_name_and_seconds_are_drawn(tmp_path: Path) -> None:
    part = service("bot", after=["train"])
    with Launched(tmp_path, [step("train", TRAINING), part], terminal=True) as launched:
        launched.until("all ready")
        assert "50%" in launched.said
        assert "reading" in launched.said
        assert "waiting for" in launched.said
        assert " s" in launched.said
        launched.process.send_signal(signal.SIGINT)
        assert launched.ended() == 0


def test_a_token_in_a_health_address_is_not_shown(tmp_path: Path) -> None:
    with Launched(tmp_path, [service("bot")]) as launched:
        launched.until("all ready")
        assert "token=t" not in launched.said
