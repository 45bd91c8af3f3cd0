"""What a transition has told: lines of the bot and the system, and what only staff see."""

from __future__ import annotations

from collections.abc import Mapping

from handoff.core import events as ev
from handoff.core.conversation import Conversation
from handoff.core.effects import Deliver
from handoff.core.message import Audience, Author, Kind, Message


def bot_says(text: str) -> Deliver:
    return Deliver(Message(Author.BOT, Kind.TEXT, {"text": text, "buttons": []}))


def notice(
    code: str, params: Mapping[str, object] | None = None, cmid: str | None = None
) -> Deliver:
    """`cmid` is the sender's, when the notice answers a command that may come again."""
    body = {"code": code, "params": dict(params or {})}
    return Deliver(Message(Author.SYSTEM, Kind.NOTICE, body, cmid=cmid))


def queued(desk: ev.Desk, cmid: str | None) -> Deliver:
    return notice(
        "queued",
        {
            "place": desk.place,
            "wait": desk.wait,
            "staffed": desk.staffed,
            "choices": [choice.value for choice in ev.Choice],
        },
        cmid,
    )


def staff_line(
    kind: Kind, body: Mapping[str, object], agent: str = "", cmid: str | None = None
) -> Deliver:
    author = Author.AGENT if agent else Author.SYSTEM
    return Deliver(Message(author, kind, body, Audience.STAFF, author_id=agent, cmid=cmid))


def state_line(conversation: Conversation) -> Deliver:
    return staff_line(
        Kind.STATE,
        {
            "mode": conversation.mode.value,
            "owner": conversation.owner.value,
            "agent": conversation.agent,
            "control": conversation.control,
        },
    )
