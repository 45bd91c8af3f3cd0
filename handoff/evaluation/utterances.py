"""How many single lines the bot understands, overall, by variety and by intent."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from handoff.evaluation.labelled import one_of, table
from handoff.evaluation.rig import Rig
from handoff.tokens import new_id
from handoff.validation.examples import VARIETIES

COLUMNS = ("id", "client", "intent", "variety", "text")
AT_ONCE = 4


@dataclass(frozen=True, slots=True)
class Utterance:
    id: str
    client: str  # a client's id, or `both` for every client
    intent: str
    variety: str
    text: str


@dataclass(frozen=True, slots=True)
class Understood:
    """What the bot made of an utterance; of several clients, the first wrong answer counts."""

    utterance: Utterance
    predicted: str
    confidence: float
    plausible: tuple[str, ...]  # that the customer can be asked about, best first

    @property
    def is_right(self) -> bool:
        return self.predicted == self.utterance.intent

    @property
    def is_asked(self) -> bool:
        """Whether several intents are plausible, so that the bot asks which was meant."""
        return len(self.plausible) > 1


def read_utterances(path: Path, clients: Iterable[str]) -> list[Utterance]:
    """Lines of a tab-separated file with a header. Raises InputError naming file and line."""
    known = [*sorted(clients), "both"]
    found = []
    for place, row in table(path, COLUMNS):
        one_of(place, "client", row["client"], known)
        one_of(place, "variety", row["variety"], VARIETIES)
        found.append(Utterance(**row))
    return found


async def evaluate_utterances(
    rig: Rig, utterances: Sequence[Utterance], tick: Callable[[], None]
) -> list[Understood]:
    """Every line as the first of a conversation of its own. `tick` is called after each."""
    gate = asyncio.Semaphore(AT_ONCE)

    async def one(utterance: Utterance) -> Understood:
        async with gate:
            clients = list(rig.clients) if utterance.client == "both" else [utterance.client]
            results = [await _understood(rig, utterance, client) for client in clients]
            tick()
            return next((result for result in results if not result.is_right), results[0])

    return list(await asyncio.gather(*(one(utterance) for utterance in utterances)))


async def _understood(rig: Rig, utterance: Utterance, client: str) -> Understood:
    answer = await rig.turn(client, new_id(), utterance.text)
    intent, confidence = answer.nlu.get("intent"), answer.nlu.get("confidence")
    plausible = answer.nlu.get("plausible")
    return Understood(
        utterance,
        intent if isinstance(intent, str) else "",
        confidence if isinstance(confidence, float | int) else 0.0,
        tuple(map(str, plausible)) if isinstance(plausible, list) else (),
    )


def report(results: Sequence[Understood]) -> dict[str, Any]:
    """The figures, as documented for `--json`. Shares are from 0 to 1.

    `asked`: the bot asks which of several was meant; `asked_well`: of those, the true intent is
    among the buttons; `unasked_accuracy`: of the others, what is understood.
    """
    asked = [result for result in results if result.is_asked]
    well = [result for result in asked if result.utterance.intent in result.plausible]
    unasked = [result for result in results if not result.is_asked]
    return {
        "accuracy": _share(results),
        "asked": round(len(asked) / len(results), 4),
        "asked_well": round(len(well) / len(asked), 4) if asked else None,
        "unasked_accuracy": _share(unasked) if unasked else None,
        "by_variety": _by(results, lambda result: result.utterance.variety),
        "by_intent": _by(results, lambda result: result.utterance.intent),
        "n": len(results),
        "rows": [
            {
                "id": result.utterance.id,
                "intent": result.utterance.intent,
                "predicted": result.predicted,
                "confidence": round(result.confidence, 4),
                "text": result.utterance.text,
            }
            for result in results
        ],
    }


def _share(results: Sequence[Understood]) -> float:
    return round(sum(result.is_right for result in results) / len(results), 4)


def _by(results: Sequence[Understood], key: Callable[[Understood], str]) -> Mapping[str, float]:
    groups: dict[str, list[Understood]] = defaultdict(list)
    for result in results:
        groups[key(result)].append(result)
    return {name: _share(group) for name, group in groups.items()}
