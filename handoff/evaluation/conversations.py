"""Whether the bot passes the baton when it should, and only then."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec

from handoff.errors import InputError
from handoff.evaluation.labelled import one_of, unreadable
from handoff.evaluation.rig import Rig
from handoff.records import Answer
from handoff.tokens import new_id
from handoff.validation.examples import VARIETIES

AT_ONCE = 4
REASONS = ("asked_human", "frustration", "uncertainty", "policy")
NO_REASON = "none"
"""Why a person should have come; the same as null where none should, or the file does not say."""
_FALLBACK = "nlu_fallback"
_Turn = Annotated[int, msgspec.Meta(ge=1)]


class Golden(msgspec.Struct, frozen=True):
    """When a person should have come: user turns from 1, both ends included, null for any."""

    expected: bool
    earliest: _Turn | None = None
    latest: _Turn | None = None
    reason: str | None = None


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
class Said:
    """One turn: the customer's line, and what the bot made of it and answered."""

    text: str
    answer: str
    intent: str | None
    confidence: float
    runner_up: float
    assessment: Mapping[str, Any]
    signal: bool


@dataclass(frozen=True, slots=True)
class Played:
    """What happened: the user turn of the handover, from 1, and the reason the bot gave.

    After a handover the bot is woken and told the rest, which other ways to decide are judged by.
    """

    script: Scripted
    handed_over_at: int | None
    reason: str | None
    turns: tuple[Said, ...] = ()

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
        _check(script, f"{path}:{number}", known)
        found.append(script)
    if not found:
        raise InputError(f"{path} holds no conversation.", cure="Write one on each line.")
    return found


def _check(script: Scripted, place: str, clients: Collection[str]) -> None:
    one_of(place, "client", script.client, sorted(clients))
    one_of(place, "variety", script.variety, VARIETIES)
    reason = script.handoff.reason or NO_REASON
    if script.handoff.expected:
        one_of(place, "reason for a person", reason, (*REASONS, NO_REASON))
    else:
        one_of(place, "reason where no person is expected", reason, (NO_REASON,))
    first, last = script.handoff.earliest or 1, script.handoff.latest or len(script.turns)
    if not first <= last <= len(script.turns):
        raise InputError(
            f"{place}: turns {first} to {last} are none of this conversation.",
            cure=f"Count the customer's lines from 1; here are {len(script.turns)}.",
        )


async def evaluate_conversations(
    rig: Rig, scripts: Sequence[Scripted], tick: Callable[[], None]
) -> list[Played]:
    """Plays every conversation until the bot hands over. An offer of a person is no handover."""
    gate = asyncio.Semaphore(AT_ONCE)

    async def one(script: Scripted) -> Played:
        async with gate:
            conversation, turns = new_id(), list[Said]()
            at, reason = None, None
            for number, text in enumerate(script.turns, start=1):
                answer = await rig.turn(script.client, conversation, text)
                turns.append(_said(text, answer))
                if answer.signal is None:
                    continue
                if at is None:
                    at, reason = number, str(answer.signal["reason"])
                await rig.bot.wake(conversation, [], {})
            tick()
            return Played(script, at, reason, tuple(turns))

    return list(await asyncio.gather(*(one(script) for script in scripts)))


def _said(text: str, answer: Answer) -> Said:
    ranking: Any = answer.nlu.get("ranking") or []
    sure = [float(row["confidence"]) for row in ranking if row["name"] != _FALLBACK]
    best = [str(row["name"]) for row in ranking if row["name"] != _FALLBACK]
    return Said(
        text,
        " ".join(reply.text for reply in answer.replies),
        best[0] if best else None,
        sure[0] if sure else 0.0,
        sure[1] if len(sure) > 1 else 0.0,
        answer.assessment or {},
        answer.signal is not None,
    )
