"""Stored messages as the pages see them."""

from __future__ import annotations

from typing import Any

from handoff.core.message import Kind, Stored
from handoff.core.waiting_line import Waiter, urgency
from handoff.protocol.messages import Line, StaffLine, Waiting


def customer_line(stored: Stored) -> Line:
    """The customer's view: payloads of buttons stay at the server, and so do agents' ids."""
    message, body = stored.message, stored.message.body
    buttons = body.get("buttons")
    params = body.get("params")
    is_notice = message.kind is Kind.NOTICE
    return Line(
        seq=stored.customer_seq or 0,
        at=stored.at,
        author=message.author.value,
        kind=message.kind.value,
        text=str(body.get("text", "")),
        name=message.author_name,
        buttons=tuple(str(b["title"]) for b in buttons) if isinstance(buttons, list) else (),
        cmid=message.cmid,
        code=str(body["code"]) if is_notice else None,
        params=params if is_notice and isinstance(params, dict) else None,
    )


def staff_line(stored: Stored) -> StaffLine:
    """The desk's view: the body whole, but for what is kept to know a repeated command by."""
    message = stored.message
    body: dict[str, Any] = {key: it for key, it in message.body.items() if key != "content"}
    return StaffLine(
        seq=stored.staff_seq,
        at=stored.at,
        author=message.author.value,
        kind=message.kind.value,
        body=body,
        name=message.author_name,
        author_id=message.author_id,
        cmid=message.cmid,
        turn_id=message.turn_id,
        customer_seq=stored.customer_seq,
    )


def waiting_row(waiter: Waiter, now: float) -> Waiting:
    return Waiting(
        handoff=waiter.handoff,
        conversation=waiter.conversation,
        client=waiter.client,
        language=waiter.language,
        reason=waiter.reason,
        front=waiter.front,
        since=waiter.since,
        control=waiter.control,
        urgency=round(urgency(waiter, now), 3),
        topic=waiter.topic,
        preferred=waiter.preferred_agent,
    )
