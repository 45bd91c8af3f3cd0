"""``python -m actions.judgement.evaluate``: how well the judgement passes the baton.

With a FILE of conversations (JSONL: id, client, variety, turns, handoff) the shipped models judge
it against a bare sketch of the bot, without any understanding of intents. Without a FILE the
project's own conversations are judged by grouped cross-validation (needs scikit-learn): by
scenario, or with ``--by variety`` by variety, everything refitted without the part that is judged.
The evaluation through the real bot is ``stafett evaluate conversations``.
"""

from __future__ import annotations

import argparse
import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from .acts import ActModel
from .assessment import judge
from .corpus import CorpusError, read_conversations, read_written
from .features import Acts, acts_in
from .history import History, Turn
from .scores import ScoreModel, scores_in_use
from .sketch import sketched_turns, written_turns

CLIENTS = Path(__file__).resolve().parents[2] / "clients"


@lru_cache(maxsize=1)
def client_settings() -> Mapping[str, Mapping[str, Any]]:
    """``handoff`` of every client company's file, by its id."""
    files = [YAML(typ="safe").load(path.read_text("utf-8")) for path in CLIENTS.glob("*.yml")]
    return {str(each["id"]): each["handoff"] for each in files}


@dataclass(frozen=True)
class Outcome:
    """One conversation: the first turn handed over (from 1) and its reason, against its window."""

    row: Mapping[str, Any]
    at: int | None
    reason: str | None
    offered: int | None

    @property
    def verdict(self) -> str:
        """kept, needless, early, in_window, late or missed."""
        handoff = self.row["handoff"]
        if not handoff["expected"]:
            return "kept" if self.at is None else "needless"
        if self.at is None:
            return "missed"
        if self.at < handoff["earliest"]:
            return "early"
        return "in_window" if self.at <= handoff["latest"] else "late"


def run(row: Mapping[str, Any], turns: Sequence[Turn], model: ScoreModel, acts_of: Acts) -> Outcome:
    """Judge turn after turn, each without what came after it, until one hands over."""
    metadata = {"handoff": client_settings().get(row.get("client", ""), {})}
    told: list[Turn] = []
    offered = None
    for number, turn in enumerate(turns, 1):
        judged = judge(History((*told, turn), metadata=metadata), model, acts_of)
        if judged["decision"] == "handoff":
            return Outcome(row, number, judged["reason"], offered)
        if judged["decision"] == "offer":
            offered = offered or number
        told.append(replace(turn, decision=judged["decision"]))
    return Outcome(row, None, None, offered)


def figures(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    """Shares of handovers that were due, of due ones made, in the window, needless, late."""
    due = [each for each in outcomes if each.row["handoff"]["expected"]]
    calm = [each for each in outcomes if not each.row["handoff"]["expected"]]
    made = [each for each in outcomes if each.at is not None]
    right = [each for each in due if each.verdict in ("in_window", "late")]

    def share(part: Iterable[Any], whole: Sequence[Any]) -> float | None:
        return round(len(list(part)) / len(whole), 3) if whole else None

    def of(verdict: str) -> list[Outcome]:
        return [each for each in outcomes if each.verdict == verdict]

    return {
        "n": len(outcomes),
        "handoff_precision": share(right, made),
        "handoff_recall": share(right, due),
        "in_window": share(of("in_window"), due),
        "early": share(of("early"), due),
        "late": share(of("late"), due),
        "missed": share(of("missed"), due),
        "needless": share(of("needless"), calm),
        "offered_calm": share([each for each in calm if each.offered], calm),
    }


def pairs_right(outcomes: Sequence[Outcome]) -> tuple[int, int]:
    """Of scenarios with both kinds of ending: how many have every ending right, and how many."""
    scenarios: dict[str, list[Outcome]] = defaultdict(list)
    for each in outcomes:
        scenarios[each.row.get("scenario") or each.row["id"]].append(each)
    both = [
        group
        for group in scenarios.values()
        if len({each.row["handoff"]["expected"] for each in group}) == 2
    ]
    right = [all(each.verdict in ("kept", "in_window") for each in group) for group in both]
    return sum(right), len(both)


def report(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    def by(key: Callable[[Outcome], str]) -> dict[str, Any]:
        groups: dict[str, list[Outcome]] = defaultdict(list)
        for each in outcomes:
            groups[key(each)].append(each)
        return {name: figures(group) for name, group in sorted(groups.items())}

    right, pairs = pairs_right(outcomes)
    return {
        **figures(outcomes),
        "pairs_right": f"{right}/{pairs}",
        "by_reason": by(lambda each: each.row["handoff"]["reason"] or "none"),
        "by_kind": by(lambda each: each.row.get("kind", "-")),
        "by_variety": by(lambda each: each.row.get("variety", "-")),
        "rows": [
            {
                "id": each.row["id"],
                "expected": each.row["handoff"],
                "handed_over_at": each.at,
                "reason": each.reason,
                "offered_at": each.offered,
                "verdict": each.verdict,
            }
            for each in outcomes
        ],
    }


def shipped(path: Path) -> list[Outcome]:
    model = scores_in_use()
    return [
        run(row, sketched_turns(row["turns"]), model, acts_in) for row in read_conversations(path)
    ]


def cross_validated(by: str = "scenario", sketch: bool = False) -> list[Outcome]:
    """Own conversations, each judged by models fitted without its scenario or variety."""
    from .train import act_examples, all_vectors, fit_all, fold_of, remembered

    rows, lines = read_written(), act_examples()
    vectors = all_vectors(lines, rows)
    varieties = {line.text: line.variety for line in _lines()}

    def part(row: Mapping[str, Any]) -> Any:
        return fold_of(row["scenario"] + "*") if by == "scenario" else row["variety"]

    outcomes = []
    for held_out in sorted({part(row) for row in rows}):
        known = [line for line in lines if by == "scenario" or varieties.get(line.text) != held_out]
        acts, scores = fit_all(known, [row for row in rows if part(row) != held_out], vectors)
        scores["fingerprint"] = ""
        model, acts_of = ScoreModel.from_raw(scores), remembered(ActModel(acts))
        for row in rows:
            if part(row) == held_out:
                turns = (
                    sketched_turns(row["turns"], acts_of) if sketch else written_turns(row, vectors)
                )
                outcomes.append(run(row, turns, model, acts_of))
    return outcomes


def _lines() -> list[Any]:
    from .corpus import read_act_lines

    return list(read_act_lines())


def show(result: Mapping[str, Any]) -> None:
    keys = [key for key in result if key not in ("by_reason", "by_kind", "by_variety", "rows")]
    print("  ".join(f"{key} {result[key]}" for key in keys))
    for table in ("by_reason", "by_kind", "by_variety"):
        print(
            f"\n{table[3:]:16} {'n':>4} {'window':>7} {'early':>6} {'late':>6} {'missed':>7} "
            f"{'needless':>9} {'offered':>8}"
        )
        for name, row in result[table].items():
            cells = [
                row[key]
                for key in ("in_window", "early", "late", "missed", "needless", "offered_calm")
            ]
            shown = ["-" if cell is None else f"{cell:.2f}" for cell in cells]
            print(
                f"{name:16} {row['n']:>4} {shown[0]:>7} {shown[1]:>6} {shown[2]:>6} "
                f"{shown[3]:>7} {shown[4]:>9} {shown[5]:>8}"
            )
    wrong = [row for row in result["rows"] if row["verdict"] not in ("kept", "in_window")]
    print("\nwrong:")
    for row in wrong:
        print(f"  {row['verdict']:9} {row['id']} at {row['handed_over_at']} ({row['reason']})")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("file", nargs="?", type=Path, help="conversations to judge, JSONL")
    parser.add_argument("--by", choices=("scenario", "variety"), default="scenario")
    parser.add_argument("--sketch", action="store_true", help="ignore the written bot replies")
    parser.add_argument("--json", action="store_true", help="for machines")
    options = parser.parse_args()
    try:
        outcomes = (
            shipped(options.file) if options.file else cross_validated(options.by, options.sketch)
        )
    except (CorpusError, OSError) as error:
        parser.error(str(error))
    result = report(outcomes)
    if options.json:
        print(json.dumps(result, ensure_ascii=False, indent=1))
    else:
        show(result)


if __name__ == "__main__":
    main()
