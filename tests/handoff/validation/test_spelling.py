"""Lines are compared in the spelling in which the bot itself reads them."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

from handoff.launcher.plan import BOT_PYTHON
from handoff.settings import ROOT
from handoff.validation import Report
from handoff.validation.examples import read_examples
from handoff.validation.spelling import read_spelling

BOTS = """
import json, sys
from bot.canonical import Canonicaliser, read_rules
rewrite = Canonicaliser(read_rules())
print(json.dumps([rewrite(line) for line in json.load(sys.stdin)]))
"""


def test_dialect_and_chat_spelling_become_one_line() -> None:
    words = read_spelling(ROOT).words
    one = words("Hvor er pakken min? Jeg har ikke fått den")
    assert words("kor e pakka mij? æ har itj fått den!!") == one
    assert words("hvor er pakken min, jeg har ikke fått DEN 12") == [*one, "0"]


def test_without_rules_lines_are_compared_as_written(tmp_path: Path) -> None:
    assert read_spelling(tmp_path).words("kor e den") == ["kor", "e", "den"]


def test_every_example_is_spelt_as_the_bot_spells_it() -> None:
    blocks = read_examples(ROOT / "data" / "nlu", ROOT, Report())
    assert blocks
    lines = [line.plain for block in blocks for line in block.lines]
    done = subprocess.run(
        [str(BOT_PYTHON), "-c", BOTS],
        input=json.dumps(lines),
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    spelling = read_spelling(ROOT)
    for line, bots in zip(lines, json.loads(done.stdout), strict=True):
        assert spelling.words(line) == spelling.words(bots), line
