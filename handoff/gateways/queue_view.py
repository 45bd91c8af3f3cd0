"""The line of waiting customers as one agent's desk shows it."""

from __future__ import annotations

from handoff.bridge import Bridge
from handoff.core.roster import Agent, Status
from handoff.core.waiting_line import in_order
from handoff.ports import Unit
from handoff.protocol import messages as m
from handoff.protocol.lines import waiting_row

# A line of ten thousand costs what a line of twenty does: the view is read after every change.
QUEUE_ROWS = 20
QUEUE_COUNTED = 1_000


def queue_view(unit: Unit, bridge: Bridge, agent: Agent) -> m.QueueView:
    """The first who wait, how many there are up to `QUEUE_COUNTED`, and who is at work."""
    now = unit.now()
    waiters = map(bridge.with_policy, unit.queue.waiting(agent.clients, QUEUE_ROWS))
    me = unit.agents.get(agent.id)
    return m.QueueView(
        position=unit.queue.position(),
        now=now,
        total=unit.queue.length(agent.clients, QUEUE_COUNTED),
        waiting=tuple(waiting_row(waiter, now) for waiter in in_order(waiters, now)),
        colleagues=tuple(
            m.Colleague(
                other.id,
                other.name,
                other.status.value,
                other.active,
                other.capacity,
                tuple(sorted(other.clients & agent.clients)),
            )
            for other in unit.agents.all()
            if other.clients & agent.clients and other.at_desk
        ),
        open_tasks=unit.ledger.open_tasks(agent.clients),
        mine=tuple(m.Mine(*held) for held in unit.queue.held_by(agent.id)),
        status=me.status.value if me else Status.OFFLINE.value,
    )
