"""``python -m bot.evaluate_entities FILE.tsv``: which entities the trained model finds, as JSON.

The file is tab-separated with the columns id, client, variety, text; the text has inline marks,
``avis [i dag](date)``. Lines run through the model's whole pipeline in process, at one fixed
moment. A span is right when both its ends and its entity are.
"""

from __future__ import annotations

import argparse
import asyncio
import csv
import json
import os
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from bot.entities import ENTITY_NAMES
from bot.fingerprint import model_path
from bot.marks import Mark, MarkError, read_marks
from bot.signature import ROOT, UnsignedModel, refuse_unsigned
from bot.threads import share_processors

COLUMNS = ("id", "client", "variety", "text")
NOW = "2026-11-21T10:00:00+01:00"
KNOWN = ENTITY_NAMES


class EvaluationError(Exception):
    """What is wrong with a file given to the evaluation, and the cure."""


class Line(NamedTuple):
    """A line of the file, its marks taken out of the text."""

    id: str
    variety: str
    text: str
    marks: list[Mark]


def read_lines(path: Path) -> list[Line]:
    """The lines of a file. Raises EvaluationError with file and line."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
            missing = [name for name in COLUMNS if name not in (reader.fieldnames or [])]
            if missing:
                raise EvaluationError(
                    f"{path}:1: the header must name the columns {', '.join(COLUMNS)}; "
                    f"'{missing[0]}' is missing"
                )
            lines = []
            for row in reader:
                if any(not row.get(name) for name in COLUMNS):
                    raise EvaluationError(
                        f"{path}:{reader.line_num}: expected {len(COLUMNS)} fields parted by tabs"
                    )
                try:
                    text, marks = read_marks(row["text"], KNOWN)
                except MarkError as error:
                    raise EvaluationError(f"{path}:{reader.line_num}: {error}") from None
                lines.append(Line(row["id"], row["variety"], text, marks))
    except (OSError, UnicodeDecodeError) as error:
        raise EvaluationError(f"{path} cannot be read: {error}") from error
    if not lines:
        raise EvaluationError(f"{path} holds no line")
    return lines


def counted(found: Iterable[Mark], wanted: Sequence[Mark]) -> set[Mark]:
    """What of ``found`` is judged.

    A postcode inside an address is given by itself too, and a bare run of eight digits both as
    ``phone`` and as ``number``: neither double is a mistake.
    """
    spans = set(found)
    addresses = [span for span in spans if span.entity == "address"]
    for span in sorted(spans):
        within = any(a.start <= span.start and span.end <= a.end for a in addresses)
        if span.entity == "postcode" and within and span not in wanted:
            spans.discard(span)
        if span.entity in ("phone", "number") and span not in wanted:
            other = span._replace(entity="number" if span.entity == "phone" else "phone")
            if other in spans:
                spans.discard(span)
    return spans


def score(lines: Sequence[Line], found: Sequence[Sequence[Mark]]) -> dict[str, Any]:
    """Figures overall, by entity and by variety; every line, and what is not right in some."""
    tallies: dict[str, dict[str, Counter[str]]] = {
        "all": defaultdict(Counter),
        "by_entity": defaultdict(Counter),
        "by_variety": defaultdict(Counter),
    }
    rows, errors = [], []
    for line, spans in zip(lines, found, strict=True):
        wanted, given = set(line.marks), counted(spans, line.marks)
        for span in wanted | given:
            for title, name in (
                ("all", "all"),
                ("by_entity", span.entity),
                ("by_variety", line.variety),
            ):
                tally = tallies[title][name]
                tally["wanted"] += span in wanted
                tally["found"] += span in given
                tally["right"] += span in wanted and span in given
        rows.append({"id": line.id, "text": line.text, "right": wanted == given})
        if wanted != given:
            errors.append(
                {
                    "id": line.id,
                    "variety": line.variety,
                    "text": line.text,
                    "missed": _told(line.text, wanted - given),
                    "extra": _told(line.text, given - wanted),
                }
            )
    parts = {
        title: {name: _figures(tally) for name, tally in sorted(tallies[title].items())}
        for title in ("by_entity", "by_variety")
    }
    return {
        "n": len(lines),
        **_figures(tallies["all"]["all"]),
        **parts,
        "rows": rows,
        "errors": errors,
    }


def _told(text: str, spans: Iterable[Mark]) -> list[dict[str, Any]]:
    return [
        {"entity": span.entity, "start": span.start, "end": span.end,
         "text": text[span.start : span.end]}
        for span in sorted(spans)
    ]  # fmt: skip


def _figures(tally: Mapping[str, int]) -> dict[str, Any]:
    """Precision, recall and F1 from 0 to 1; None where there is nothing to divide by."""
    wanted, found, right = (tally.get(name, 0) for name in ("wanted", "found", "right"))
    return {
        "precision": round(right / found, 4) if found else None,
        "recall": round(right / wanted, 4) if wanted else None,
        "f1": round(2 * right / (wanted + found), 4) if wanted + found else None,
        "wanted": wanted,
        "found": found,
        "right": right,
    }


async def find(lines: Sequence[Line], model: Path) -> tuple[list[list[Mark]], list[float]]:
    """The spans that the model finds in each line; and each line's milliseconds."""
    from rasa.core.agent import Agent
    from rasa.core.channels.channel import UserMessage

    agent = Agent.load(str(model))
    if agent.processor is None:
        raise EvaluationError(f"{model} did not load: run make train")
    found, spent = [], []
    for line in lines:
        started = time.perf_counter()
        parsed = await agent.processor.parse_message(UserMessage(line.text, metadata={"now": NOW}))
        spent.append(1000 * (time.perf_counter() - started))
        rows = parsed.get("entities") or []
        found.append([Mark(row["start"], row["end"], row["entity"]) for row in rows])
    return found, spent


def main(arguments: list[str] | None = None) -> int:
    """Print the figures as JSON; 0, or 1 with one clear sentence."""
    parser = argparse.ArgumentParser(prog="python -m bot.evaluate_entities", description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--model", type=Path)
    options = parser.parse_args(arguments)
    os.environ.setdefault("RASA_TELEMETRY_ENABLED", "false")
    share_processors(bound=True)
    model = options.model or model_path(ROOT, ROOT / os.environ.get("MODELS_DIR", "models"))
    try:
        lines = read_lines(options.file)
        refuse_unsigned(model)
        from bot.quiet import quieten

        quieten("warning")
        found, spent = asyncio.run(find(lines, model))
    except (EvaluationError, UnsignedModel) as error:
        print(f"Cannot evaluate: {error}", file=sys.stderr)
        return 1
    half, most = (round(float(ms), 1) for ms in np.percentile(spent, (50, 95)))
    result = {**score(lines, found), "ms_p50": half, "ms_p95": most}
    print(json.dumps(result, ensure_ascii=False))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
