"""Forgetting one conversation, whether its time is up or its customer asked for it."""

from __future__ import annotations

from handoff.bridge.unit_of_work import ERASURES, Work
from handoff.core import events as ev
from handoff.records import Forgotten


def forget(w: Work, client: str, conversation: str) -> Forgotten:
    """Close it if it is open, delete it, and order the bot to forget it. Raises NotFound.

    Pages that show it are woken, find it gone and begin anew.
    """
    closed = ev.ConversationClosed(None, None, None, "forgotten")
    state = w.apply(w.conversation(client, conversation), closed).conversation
    forgotten = w.unit.archive.forget(state, w.now())
    w.wakes.add(ERASURES)
    return forgotten
