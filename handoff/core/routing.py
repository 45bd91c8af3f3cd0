"""Which waiting customer an agent meets next."""

from __future__ import annotations

from collections.abc import Iterable

from handoff.core.roster import Agent
from handoff.core.waiting_line import Waiter, in_order


def next_for(agent: Agent, waiters: Iterable[Waiter], now: float) -> Waiter | None:
    """The first in line this agent may take: own clients and languages, nobody's reservation."""
    if not agent.has_room():
        return None
    for waiter in in_order(waiters, now):
        reserved = waiter.preferred_agent not in (None, agent.id) and now < waiter.preferred_until
        if agent.may_answer(waiter.client) and waiter.language in agent.languages and not reserved:
            return waiter
    return None
