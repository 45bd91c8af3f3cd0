"""``python -m bot.proofread``: what only the bot's own code can say of the content.

Reads ``{"rules": folder or null, "lines": [text]}`` as JSON and prints ``{"problems": [{"file",
"line", "message", "cure"}], "readings": [[[entity, start, end]]]}``: the mistakes in the folder's
`canonical.yml` and `varieties.yml`, and how the reader reads each line. Needs no Rasa, so that it
takes part of a second.
"""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

from bot import canonical, variants
from bot.entities import find_entities
from bot.rule_files import Problem, RuleFile

# What a line's days are counted from; any day finds the same words.
_TODAY = date(2026, 6, 1)


def problems(folder: Path) -> list[Problem]:
    """Every mistake in both files of rules, in the order of files and lines."""
    found: list[Problem] = []
    for module in (canonical, variants):
        file = RuleFile(folder / module.RULES_FILE.name)
        module.gather(file)
        found += file.problems
    return sorted(found)


def readings(lines: list[str]) -> list[list[tuple[str, int, int]]]:
    """The exact entities of each line: name, first character, and the one after the last."""
    return [
        [(span.entity, span.start, span.end) for span in find_entities(line, _TODAY)]
        for line in lines
    ]


def main() -> int:
    """Answer one question on standard input."""
    asked: dict[str, Any] = json.load(sys.stdin)
    told = {
        "problems": [asdict(one) for one in problems(Path(asked["rules"]))]
        if asked["rules"]
        else [],
        "readings": readings(asked["lines"]),
    }
    json.dump(told, sys.stdout, ensure_ascii=False)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
