"""``python -m actions.judgement.replay``: what other thresholds would have done to real contacts.

Reads one JSON object a line from standard input: ``id``, ``turns`` (the stored assessments, oldest
first), ``handed`` (turns before a person was asked for, or null), ``needed``, ``late``, ``costs``
(``{"late", "needless"}``, optional). Prints JSON. A threshold is that of ``enter``; the others move
with it, as costs move them. What the customer would have written later to a bot that kept the
conversation is not known, and is not guessed: the contact then counts as kept.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .decision import REPLAYED, STRONG_ACTS, Costs, Level, frustrated
from .rules import HANDOFF
from .scores import Thresholds, scores_in_use

FEWEST = 100
"""Labelled contacts below which shares say nothing and are hidden."""
CURVE = (0.20, 0.25, 0.30, 0.35, 0.40, 0.45, 0.50, 0.55, 0.60, 0.65, 0.70, 0.75, 0.80)
_Z = 1.96


class ReplayError(ValueError):
    """A line is wrong; the message names it."""


@dataclass(frozen=True)
class Contact:
    """One labelled contact. ``probabilities`` are of frustration, one a turn."""

    id: str
    probabilities: tuple[float, ...]
    acts: tuple[Mapping[str, float], ...]
    ruled: int | None
    made: int | None
    needed: bool
    late: bool
    costs: Costs

    @classmethod
    def from_raw(cls, raw: Mapping[str, Any]) -> Contact:
        """Raises KeyError, TypeError or ValueError for what is no contact."""
        turns, handed = raw["turns"], raw["handed"]
        features = [turn["features"] for turn in turns]
        decided = [(turn["decision"], turn["reason"]) for turn in turns]
        by_score = [at for at, each in enumerate(decided) if each == (HANDOFF, "frustration")]
        # A rule, an agent or the customer's own button: no threshold had a word in it.
        ruled = handed if handed is not None and (handed - 1) not in by_score else None
        return cls(
            str(raw["id"]),
            tuple(float(each.get("frustration_now", 0.0)) for each in features),
            tuple({name: float(each.get(name, 0.0)) for name in STRONG_ACTS} for each in features),
            ruled,
            handed,
            bool(raw["needed"]),
            bool(raw["late"]),
            Costs.from_settings(
                {f"cost_{name}": value for name, value in (raw.get("costs") or {}).items()}
            ),
        )

    def handed(self, thresholds: Thresholds, shift: float = 0.0) -> int | None:
        """Turns before a person would have come, or None. ``shift`` is in log-odds."""
        costs = Costs(self.costs.late, self.costs.needless * math.exp(shift))
        enter = costs.move(thresholds.enter)
        for at in range(len(self.probabilities)):
            if self.ruled == at + 1:
                return self.ruled
            seen = self.probabilities[max(0, at + 1 - REPLAYED) : at + 1]
            if frustrated(Level.over(seen, enter), self.acts[at], thresholds, costs):
                return at + 1
        return self.ruled

    def is_needless(self, handed: int | None) -> bool:
        return handed is not None and not self.needed

    def is_late(self, handed: int | None) -> bool:
        """Needed, and no person yet when the labelled one came, or at a time known as too late."""
        if not self.needed:
            return False
        if handed is None:
            return True
        return self.made is not None and handed >= self.made + (not self.late)


def interval(part: int, whole: int) -> tuple[float, float]:
    """Wilson's 95 % interval of a share."""
    share, square = part / whole, _Z * _Z
    middle = (share + square / (2 * whole)) / (1 + square / whole)
    half = (
        _Z
        * math.sqrt(share * (1 - share) / whole + square / (4 * whole * whole))
        / (1 + square / whole)
    )
    return max(0.0, middle - half), min(1.0, middle + half)


def shift_to(threshold: float, thresholds: Thresholds) -> float:
    """The log-odds between a threshold and the shipped ``enter``."""
    return _log_odds(threshold) - _log_odds(thresholds.enter)


def _log_odds(share: float) -> float:
    return math.log(share / (1 - share))


def shares(contacts: Sequence[Contact], thresholds: Thresholds, threshold: float) -> dict[str, Any]:
    """Needless and late handovers in 100 labelled contacts, with 95 % intervals."""
    shift = shift_to(threshold, thresholds)
    handed = [contact.handed(thresholds, shift) for contact in contacts]
    row: dict[str, Any] = {
        "threshold": threshold,
        "cost_needless": round(math.exp(shift), 3),
        "handed_over": sum(at is not None for at in handed),
    }
    for name, wrong in (("needless", Contact.is_needless), ("late", Contact.is_late)):
        count = sum(wrong(each, at) for each, at in zip(contacts, handed, strict=True))
        low, high = interval(count, len(contacts))
        row[name] = round(100 * count / len(contacts), 1)
        row[f"{name}_interval"] = [round(100 * low, 1), round(100 * high, 1)]
    return row


def changed(
    contacts: Iterable[Contact], thresholds: Thresholds, threshold: float
) -> list[dict[str, Any]]:
    """Contacts that another threshold hands over elsewhere: turns from 1, None for never."""
    shift, found = shift_to(threshold, thresholds), []
    for contact in contacts:
        now, then = contact.handed(thresholds), contact.handed(thresholds, shift)
        if now != then:
            found.append(
                {"id": contact.id, "needed": contact.needed, "handed_at": now, "would_be_at": then}
            )
    return found


def report(contacts: Sequence[Contact], wanted: float | None) -> dict[str, Any]:
    """Everything ``stafett handoff replay`` shows; shares only of enough contacts."""
    thresholds = scores_in_use().thresholds
    alike = sum(contact.handed(thresholds) == contact.made for contact in contacts)
    points = sorted({*CURVE, thresholds.enter, *([wanted] if wanted is not None else [])})
    return {
        "labelled": len(contacts),
        "fewest": FEWEST,
        "version": thresholds.version,
        "threshold": thresholds.enter,
        "alike": round(alike / len(contacts), 4) if contacts else None,
        "curve": [shares(contacts, thresholds, point) for point in points]
        if len(contacts) >= FEWEST
        else [],
        "changed": [] if wanted is None else changed(contacts, thresholds, wanted),
    }


def read(lines: Iterable[str]) -> list[Contact]:
    """Raises ReplayError naming the line."""
    found = []
    for number, line in enumerate(lines, 1):
        try:
            found.append(Contact.from_raw(json.loads(line)))
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise ReplayError(f"line {number} is no labelled contact: {error!r}.") from None
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--threshold", type=float)
    wanted = parser.parse_args().threshold
    if wanted is not None and not 0 < wanted < 1:
        parser.error("--threshold lies between 0 and 1")
    try:
        print(json.dumps(report(read(sys.stdin), wanted)))
    except ReplayError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
