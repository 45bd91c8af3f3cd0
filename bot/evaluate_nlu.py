"""``python -m bot.evaluate_nlu FILE.tsv``: how well the model understands lines it never saw.

The file is tab-separated with the columns id, client, intent, variety, text. Lines run through the
model's whole pipeline with their client's skills in the metadata, in process, without a server. A
line of client ``both`` is right when it is right under each client. A line below the fallback
threshold counts as ``out_of_scope``: that is what the bot acts on.
"""

from __future__ import annotations

import argparse
import asyncio
import csv
import json
import os
import sys
import time
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bot.fingerprint import model_path
from bot.signature import ROOT, UnsignedModel, refuse_unsigned

COLUMNS = ("id", "client", "intent", "variety", "text")
FALLBACK, OUT_OF_SCOPE, BOTH = "nlu_fallback", "out_of_scope", "both"


class EvaluationError(Exception):
    """What is wrong with a file given to the evaluation, and the cure."""


def read_lines(path: Path) -> list[dict[str, str]]:
    """The rows of a file. Raises EvaluationError with file and line."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
            missing = [name for name in COLUMNS if name not in (reader.fieldnames or [])]
            if missing:
                raise EvaluationError(
                    f"{path}: the first line must name the columns {', '.join(COLUMNS)}; "
                    f"'{missing[0]}' is missing"
                )
            rows = []
            for row in reader:
                if any(not row.get(name) for name in COLUMNS):
                    raise EvaluationError(
                        f"{path}:{reader.line_num}: expected {len(COLUMNS)} fields parted by tabs"
                    )
                rows.append({name: row[name] for name in COLUMNS})
            return rows
    except (OSError, UnicodeDecodeError) as error:
        raise EvaluationError(f"{path} cannot be read: {error}") from error


def read_clients(path: Path | None) -> dict[str, list[str] | None]:
    """Client -> skills, from ``{"heimbud": ["common", ...], ...}``; nothing without a file."""
    if path is None:
        return {}
    try:
        clients = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise EvaluationError(f"{path} cannot be read as JSON: {error}") from error
    if not isinstance(clients, dict) or not all(
        isinstance(skills, list) and skills for skills in clients.values()
    ):
        raise EvaluationError(f'{path}: expected {{"client": ["skill", ...], ...}}')
    return clients


def score(rows: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Accuracy overall, by variety and by intent, of rows with ``intent`` and ``predicted``."""

    def accuracy(chosen: Sequence[dict[str, Any]]) -> float:
        right = sum(row["intent"] == row["predicted"] for row in chosen)
        return round(right / len(chosen), 4) if chosen else 0.0

    def by(column: str) -> dict[str, float]:
        parts: dict[str, list[dict[str, Any]]] = defaultdict(list)
        for row in rows:
            parts[row[column]].append(row)
        return {name: accuracy(part) for name, part in sorted(parts.items())}

    return {
        "accuracy": accuracy(rows),
        "by_variety": by("variety"),
        "by_intent": by("intent"),
        "n": len(rows),
        "rows": [
            {
                key: row[key]
                for key in ("id", "intent", "predicted", "confidence", "best", "fallback")
            }
            for row in rows
        ],
    }


async def predict(
    lines: Sequence[dict[str, str]], clients: dict[str, list[str] | None], model: Path
) -> tuple[list[dict[str, Any]], float]:
    """Rows with ``predicted``, ``confidence``, ``best`` and ``fallback``; and seconds a message."""
    from rasa.core.agent import Agent
    from rasa.core.channels.channel import UserMessage

    agent = Agent.load(str(model))
    if agent.processor is None:
        raise EvaluationError(f"{model} did not load: run make train")
    rows: list[dict[str, Any]] = []
    spent, parses = 0.0, 0
    for line in lines:
        names = sorted(clients) if line["client"] == BOTH else [line["client"]]
        answers = []
        for name in names or [BOTH]:
            if clients and name not in clients:
                raise EvaluationError(f"line {line['id']}: client '{name}' is not in --clients")
            message = UserMessage(line["text"], metadata={"skills": clients.get(name)})
            started = time.perf_counter()
            parsed = await agent.processor.parse_message(message)
            spent, parses = spent + time.perf_counter() - started, parses + 1
            answers.append(_answer(parsed))
        wrong = [answer for answer in answers if answer["predicted"] != line["intent"]]
        rows.append({**line, **(wrong or answers)[0]})
    return rows, spent / max(parses, 1)


def _answer(parsed: dict[str, Any]) -> dict[str, Any]:
    best = parsed.get("best_intent") or parsed["intent"]
    fallback = parsed["intent"]["name"] == FALLBACK
    return {
        "predicted": OUT_OF_SCOPE if fallback else parsed["intent"]["name"],
        "confidence": best["confidence"],
        "best": best["name"],
        "fallback": fallback,
    }


def main(arguments: list[str] | None = None) -> int:
    """Print a table, or JSON with ``--json``; 0, or 1 with one clear sentence."""
    parser = argparse.ArgumentParser(prog="python -m bot.evaluate_nlu", description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--clients", type=Path, help='JSON: {"heimbud": ["common", ...], ...}')
    parser.add_argument("--model", type=Path)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(arguments)
    os.environ.setdefault("RASA_TELEMETRY_ENABLED", "false")
    model = options.model or model_path(ROOT, ROOT / os.environ.get("MODELS_DIR", "models"))
    try:
        refuse_unsigned(model)
        lines, clients = read_lines(options.file), read_clients(options.clients)
        from bot.quiet import quieten

        quieten("warning")
        rows, seconds = asyncio.run(predict(lines, clients, model))
    except (EvaluationError, UnsignedModel) as error:
        print(f"Cannot evaluate: {error}", file=sys.stderr)
        return 1
    result = {**score(rows), "ms_per_message": round(1000 * seconds, 1)}
    if options.json:
        print(json.dumps(result, ensure_ascii=False))
    else:
        _print_table(result)
    return 0


def _print_table(result: dict[str, Any]) -> None:
    print(f"{'all lines':28} {result['n']:>5} {result['accuracy']:>7.1%}")
    for title in ("by_variety", "by_intent"):
        print()
        for name, accuracy in result[title].items():
            print(f"{name:28} {'':>5} {accuracy:>7.1%}")


if __name__ == "__main__":
    raise SystemExit(main())
