"""What names a line in the log is an id, and no words of whoever asks."""

# ruff: noqa: PT009, PT027 (no pytest in the bot's environment)

from __future__ import annotations

import json
import unittest
from pathlib import Path
from typing import Any

from bot.request import BadRequest, read_request

TURN = json.loads(Path("tests/contract/bot_turn.json").read_text("utf-8"))["request"]


def asked(**metadata: object) -> dict[str, Any]:
    return {**TURN, "metadata": {**TURN["metadata"], **metadata}}


class Trace(unittest.TestCase):
    def test_it_is_the_one_that_was_told(self) -> None:
        trace = TURN["metadata"]["trace"]
        self.assertEqual(read_request(TURN).trace, trace)
        self.assertNotEqual(trace, TURN["turn_id"])

    def test_without_one_it_is_the_turns(self) -> None:
        self.assertEqual(read_request(asked(trace=None)).trace, TURN["turn_id"])

    def test_anything_but_an_id_is_refused(self) -> None:
        for wrong in ("", "hvor er pakken?", "89ABCDEF0123456789ABCDEF01234567", 7):
            with self.subTest(wrong), self.assertRaisesRegex(BadRequest, "trace"):
                read_request(asked(trace=wrong))
