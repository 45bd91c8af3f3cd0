"""Whether the bot passes the baton when it should, and only then."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import msgspec

from handoff.errors import InputError
from handoff.evaluation.labelled import unreadable
from handoff.evaluation.rig import Rig
from handoff.tokens import new_id

AT_ONCE = 4


class Golden(msgspec.Struct, frozen=True):
    """When a person should have come: user turns from 1, both ends included."""

    expected: bool
    earliest: int | None
    latest: int | None
    reason: str


class Scripted(msgspec.Struct, frozen=True):
    """A customer's side of a conversation. Further keys in the file are left alone."""

    id: str
    client: str
    variety: str
    turns: list[str]
    handoff: Golden
    style: str = ""
    pair: str | None = None


@dataclass(frozen=True, slots=True)
class Played:
    """What happened: the user turn of the handover, from 1, and the reason the bot gave."""

    script: Scripted
    handed_over_at: int | None
    reason: str | None

    @property
    def verdict(self) -> Literal["kept", "needless", "missed", "early", "in_window", "late"]:
        golden, at = self.script.handoff, self.handed_over_at
        if not golden.expected:
            return "kept" if at is None else "needless"
        if at is None:
            return "missed"
        if golden.latest is not None and at > golden.latest:
            return "late"
        if golden.earliest is not None and at < golden.earliest:
            return "early"
        return "in_window"


def read_conversations(path: Path, clients: Iterable[str]) -> list[Scripted]:
    """One JSON object a line. Raises InputError naming file and line."""
    known, found = set(clients), []
    try:
        lines = path.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise unreadable(path, error) from None
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            script = msgspec.json.decode(line, type=Scripted)
        except msgspec.ValidationError as error:
            raise InputError(
                f"{path}:{number}: is no conversation: {error}.",
                cure="docs/commands.md tells the keys.",
            ) from None
        except msgspec.DecodeError:
            raise InputError(
                f"{path}:{number}: is not JSON, or not all of it.",
                cure="Write one whole conversation, {...}, on each line.",
            ) from None
        if script.client not in known:
            raise InputError(
                f"{path}:{number}: there is no client `{script.client}`.",
                cure=f"Use: {', '.join(sorted(known))}.",
            )
        found.append(script)
    if not found:
        raise InputError(f"{path} holds no conversation.")
    return found


async def evaluate_conversations(
    rig: Rig, scripts: Sequence[Scripted], tick: Callable[[], None]
) -> list[Played]:
    """Plays every conversation until the bot hands over. An offer of a person is no handover."""
    gate = asyncio.Semaphore(AT_ONCE)

    async def one(script: Scripted) -> Played:
        async with gate:
            conversation, result = new_id(), Played(script, None, None)
            for number, text in enumerate(script.turns, start=1):
                answer = await rig.turn(script.client, conversation, text)
                if answer.signal is not None:
                    result = Played(script, number, str(answer.signal["reason"]))
                    break
            tick()
            return result

    return list(await asyncio.gather(*(one(script) for script in scripts)))


def report(results: Sequence[Played]) -> dict[str, Any]:
    """The figures, as documented for `--json`.

    `in_window`, `missed`, `late` and `early` are shares of those that needed a person,
    `needless` of those that needed none; precision and recall count a handover at any turn.
    """
    return {
        **_figures(results),
        "by_reason": _by(results, lambda played: played.script.handoff.reason),
        "by_variety": _by(results, lambda played: played.script.variety),
        "by_style": _by(results, lambda played: played.script.style),
        "n": len(results),
        "rows": [
            {
                "id": played.script.id,
                "expected": played.script.handoff.expected,
                "handed_over_at": played.handed_over_at,
                "reason": played.reason,
                "verdict": played.verdict,
            }
            for played in results
        ],
    }


def _figures(results: Sequence[Played]) -> dict[str, float | None]:
    needed = [played for played in results if played.script.handoff.expected]
    others = [played for played in results if not played.script.handoff.expected]
    handed = [played for played in results if played.handed_over_at is not None]
    right = [played for played in handed if played.script.handoff.expected]

    def share(verdict: str, among: Sequence[Played]) -> float | None:
        return _share(sum(played.verdict == verdict for played in among), len(among))

    return {
        "handoff_precision": _share(len(right), len(handed)),
        "handoff_recall": _share(len(right), len(needed)),
        "in_window": share("in_window", needed),
        "needless": share("needless", others),
        "missed": share("missed", needed),
        "late": share("late", needed),
        "early": share("early", needed),
    }


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None


def _by(
    results: Sequence[Played], key: Callable[[Played], str]
) -> Mapping[str, Mapping[str, float | int | None]]:
    groups: dict[str, list[Played]] = defaultdict(list)
    for played in results:
        groups[key(played)].append(played)
    return {name: {**_figures(group), "n": len(group)} for name, group in groups.items()}
