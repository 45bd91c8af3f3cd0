"""Rules of claiming, broken on purpose: the referee must see each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import bindparam, literal_column, select, update

import handoff.core.transition as rules
from handoff.bridge.claims import Claims
from handoff.core.conversation import Conversation, Mode
from handoff.errors import Taken
from handoff.storage.sql import conversations, queue

Patch = Callable[[Any, str, Any], object]


def plant(fault: str, patch: Patch) -> None:
    """Break the rule of that name; `patch` is `setattr`, or one that is undone."""
    FAULTS[fault](patch)


def _without_condition(patch: Patch) -> None:
    """The claim no longer says `state = 'waiting' AND control = :seen`."""
    table = queue.table
    claim = (
        update(table)
        .where(queue._THIS)
        .values(
            state=literal_column("'active'"),
            agent=bindparam("who"),
            control=table.c.control + 1,
            lease_until=bindparam("until"),
        )
    )
    patch(queue, "_CLAIM", claim)
    _unseen(patch)


def _unseen(patch: Patch) -> None:
    """The look before a claim finds nothing wrong."""
    patch(queue, "_LOOK", select(literal_column("1"), literal_column("1")))


def _core_trusts(patch: Patch) -> None:
    """The core no longer asks whether the customer still waits."""
    real = rules._claimed

    def trusting(state: Conversation, event: Any, now: float) -> rules.Outcome:
        return real(replace(state, mode=Mode.WAITING), replace(event, control=state.control), now)

    patch(rules, "_claimed", trusting)


def _taken_over(patch: Patch) -> None:
    _without_condition(patch)
    _core_trusts(patch)


def _at_once(patch: Patch) -> None:
    """Nothing holds two back that read the same row before either wrote."""
    _without_condition(patch)
    patch(conversations, "_LOCK", conversations._GET)
    save = (
        update(conversations.table)
        .where(conversations._BY_ID)
        .values(
            {
                name: bindparam(f"new_{name}")
                for name in (
                    "mode",
                    "owner",
                    "agent",
                    "control",
                    "language",
                    "language_chosen",
                    "topic",
                    "handoff",
                    "contact",
                    "contact_started",
                )
            }
        )
    )
    patch(conversations, "_SAVE", save)


def _no_limit(patch: Patch) -> None:
    """Taking room no longer says `active < capacity`."""
    agents = queue.agents
    take = (
        update(agents)
        .where(agents.c.id == bindparam("who"), agents.c.status == literal_column("'online'"))
        .values(active=agents.c.active + 1)
    )
    patch(queue, "_TAKE_ROOM", take)
    _unseen(patch)


def _room_is_kept(patch: Patch) -> None:
    """Who lets go of a chat keeps it in the count."""
    patch(queue.SqlQueue, "free", lambda self, agent: None)


def _place_is_lost(patch: Patch) -> None:
    """Who comes back to the queue comes last."""
    real = rules._back_to_queue

    def last(state: Conversation, preferred: str | None, now: float) -> Conversation:
        after = real(state, preferred, now)
        assert after.handoff is not None
        return replace(after, handoff=replace(after.handoff, since=now))

    patch(rules, "_back_to_queue", last)


def _loser_believes(patch: Patch) -> None:
    """A loser is told that the claim was won."""
    real = Claims._claim

    def kind(self: Claims, w: Any, *asked: Any) -> Conversation:
        try:
            return real(self, w, *asked)
        except Taken:
            state: Conversation = w.conversation(asked[1], asked[2])
            return state

    patch(Claims, "_claim", kind)


FAULTS: Mapping[str, Callable[[Patch], None]] = {
    "taken over": _taken_over,
    "at once": _at_once,
    "no limit": _no_limit,
    "room is kept": _room_is_kept,
    "place is lost": _place_is_lost,
    "loser believes": _loser_believes,
}
