"""The ended contacts of client companies that somebody's word or deed has labelled."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from handoff.insight.outcomes import Label, Went
from handoff.insight.stream import staff_stream
from handoff.ports import Store, Unit
from handoff.records import ContactRow

_AT_ONCE = 25


@dataclass(slots=True)
class Labelled:
    """Rows as `actions.judgement.replay` reads them, and who gave the labels."""

    rows: list[dict[str, Any]] = field(default_factory=list)
    sources: Counter[str] = field(default_factory=Counter)
    contacts: int = 0

    async def gather(
        self, store: Store, client: str, costs: Mapping[str, float], since: float, now: float
    ) -> None:
        """Add a client company's contacts that ended from `since` on (epoch seconds)."""
        rows = await store.read(lambda unit: list(unit.ledger.contacts(client, since, now)))
        self.contacts += len(rows)
        by_conversation: dict[str, list[ContactRow]] = defaultdict(list)
        for row in sorted(rows, key=lambda row: row.started):
            by_conversation[row.conversation].append(row)
        groups = list(by_conversation.values())
        for at in range(0, len(groups), _AT_ONCE):
            page = groups[at : at + _AT_ONCE]
            went = await store.read(
                lambda unit, of=page: [one for group in of for one in _went(unit, group)]  # type: ignore[misc]
            )
            for one in went:
                label = one.label(now)
                if label is not None:
                    self.sources[label.source] += 1
                    self.rows.append(_row(one, label, costs))


def _went(unit: Unit, contacts: Sequence[ContactRow]) -> Iterator[Went]:
    """The contacts of one conversation; one that was erased has no lines, and gives nothing."""
    began = [contact.started for contact in contacts[1:]]
    for contact, until in zip(contacts, [*began, math.inf], strict=True):
        yield Went.read(contact, staff_stream(unit, contact.conversation), until)


def _row(went: Went, label: Label, costs: Mapping[str, float]) -> dict[str, Any]:
    return {
        "id": went.contact.conversation,
        "client": went.contact.client,
        "turns": [
            {name: turn.get(name) for name in ("features", "decision", "reason")}
            for turn in went.turns
        ],
        "handed": went.handed,
        "needed": label.needed,
        "late": label.late,
        "source": label.source,
        "costs": dict(costs),
    }
