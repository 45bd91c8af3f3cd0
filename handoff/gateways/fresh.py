"""The line this process has just stored, for those who lack nothing before it."""

from __future__ import annotations

from handoff.bridge.unit_of_work import Applied
from handoff.core.message import Audience, Stored


def next_line(
    fresh: Applied | None, epoch: str, audience: Audience, cursor: int | None
) -> Stored | None:
    """The line, if it follows `cursor` and nothing else was stored with it.

    None where the database must be read. A number has one place in its stream, and the state
    beside the line is that of its commit: whoever had seen a later state had seen the line too.
    """
    if fresh is None or cursor is None or fresh.conversation.epoch != epoch:
        return None
    if len(fresh.stored) != 1:
        return None
    (line,) = fresh.stored
    seq = line.customer_seq if audience is Audience.CUSTOMER else line.staff_seq
    return line if seq == cursor + 1 else None
