"""Frames between the desk and the service."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from msgspec import Meta, Struct

from handoff.protocol.frames import (
    Beat,
    ClientId,
    Cmid,
    Control,
    Frame,
    Hello,
    Id,
    Problem,
    Said,
    Seq,
    Short,
)

# --- agent to server --------------------------------------------------------------------


class SetStatus(Frame, frozen=True, tag="status"):
    status: Literal["online", "pause", "offline"]


class Claim(Frame, frozen=True, tag="claim"):
    """Take a waiting conversation. The same `request` again gets the same answer."""

    request: Cmid
    client: ClientId
    conversation: Id
    handoff: Id
    control: Control


class Next(Frame, frozen=True, tag="next"):
    """Take whoever is first in line for me."""

    request: Cmid


class Open(Frame, frozen=True, tag="open"):
    """Follow a conversation's staff stream from `after`."""

    client: ClientId
    conversation: Id
    epoch: Id | None = None
    after: Seq = 0


class Shut(Frame, frozen=True, tag="shut"):
    """Stop following."""

    conversation: Id


class Say(Frame, frozen=True, tag="say"):
    client: ClientId
    conversation: Id
    control: Control
    cmid: Cmid
    text: Said


class Note(Frame, frozen=True, tag="note"):
    client: ClientId
    conversation: Id
    cmid: Cmid
    text: Said


class Transfer(Frame, frozen=True, tag="transfer"):
    """To a colleague, or back to the queue when `to` is left out."""

    request: Cmid
    client: ClientId
    conversation: Id
    control: Control
    to: Id | None = None
    note: Annotated[str, Meta(max_length=2_000)] = ""


class Assign(Frame, frozen=True, tag="assign"):
    """A supervisor gives a waiting or a colleague's conversation to an agent, or to the queue."""

    request: Cmid
    client: ClientId
    conversation: Id
    control: Control
    to: Id | None = None


class HandBack(Frame, frozen=True, tag="hand_back"):
    request: Cmid
    client: ClientId
    conversation: Id
    control: Control
    slots: dict[Short, Short | None] = {}  # noqa: RUF012 - msgspec copies it


class Finish(Frame, frozen=True, tag="finish"):
    """Close with the contact's reason."""

    request: Cmid
    client: ClientId
    conversation: Id
    control: Control
    reason: Short
    resolved: bool


class Verdict(Frame, frozen=True, tag="verdict"):
    request: Cmid
    client: ClientId
    conversation: Id
    verdict: Literal["needed", "needless", "too_late"]


class AgentTyping(Frame, frozen=True, tag="agent_typing"):
    client: ClientId
    conversation: Id
    on: bool


class AgentSeen(Frame, frozen=True, tag="agent_seen"):
    """Rendered up to the line whose `customer_seq` is `seq`: the customer's read receipt."""

    client: ClientId
    conversation: Id
    seq: Seq


AgentFrame = (
    Hello
    | SetStatus
    | Claim
    | Next
    | Open
    | Shut
    | Say
    | Note
    | Transfer
    | Assign
    | HandBack
    | Finish
    | Verdict
    | AgentTyping
    | AgentSeen
    | Beat
)


# --- server to agent --------------------------------------------------------------------


class Waiting(Struct, frozen=True, omit_defaults=True):
    """One waiting customer in the queue view."""

    handoff: str
    conversation: str
    client: str
    language: str
    reason: str
    front: bool
    since: float
    control: int
    urgency: float
    topic: str | None = None
    preferred: str | None = None


class Colleague(Struct, frozen=True):
    id: str
    name: str
    status: str
    active: int
    capacity: int
    clients: tuple[str, ...]


class Mine(Struct, frozen=True):
    """A conversation this agent owns."""

    client: str
    conversation: str


class AgentWelcome(Frame, frozen=True, tag="agent_welcome"):
    v: int
    agent: str
    name: str
    role: str
    status: str
    capacity: int
    heartbeat: float
    resume_token: str
    mine: tuple[Mine, ...]


class QueueView(Frame, frozen=True, tag="queue"):
    """The desk's own stream: the line as of `position`, the first of `total`."""

    position: int
    now: float
    total: int
    waiting: tuple[Waiting, ...]
    colleagues: tuple[Colleague, ...]
    open_tasks: int
    mine: tuple[Mine, ...]
    status: str


class StaffLine(Struct, frozen=True, omit_defaults=True):
    """A stored message as the desk shows it, bodies whole."""

    seq: int
    at: float
    author: str
    kind: str
    body: dict[str, Any]
    name: str = ""
    author_id: str = ""
    cmid: str | None = None
    turn_id: str | None = None
    customer_seq: int | None = None


class AgentBatch(Frame, frozen=True, tag="agent_batch"):
    conversation: str
    epoch: str
    first: int
    last: int
    more: bool
    lines: tuple[StaffLine, ...]


class AgentEvent(Frame, frozen=True, tag="agent_event"):
    conversation: str
    line: StaffLine


class AgentAck(Frame, frozen=True, tag="agent_ack"):
    conversation: str
    cmid: str
    seq: int


class Result(Frame, frozen=True, tag="result"):
    """A command's answer."""

    request: str
    ok: bool
    code: str = ""
    text: str = ""
    client: str | None = None
    conversation: str | None = None


class AgentEphemeral(Frame, frozen=True, tag="agent_ephemeral"):
    """Unnumbered: the customer types, has seen up to a `customer_seq`, has a page open."""

    conversation: str
    typing: bool | None = None
    seen: int | None = None
    present: bool | None = None
    since: float | None = None


class AgentHeartbeat(Frame, frozen=True, tag="agent_heartbeat"):
    """The newest number of every stream this page follows."""

    last_seqs: dict[str, int]
    position: int


class AgentReset(Frame, frozen=True, tag="agent_reset"):
    conversation: str
    epoch: str


ToAgent = (
    AgentWelcome
    | QueueView
    | AgentBatch
    | AgentEvent
    | AgentAck
    | Result
    | AgentEphemeral
    | AgentHeartbeat
    | AgentReset
    | Problem
)
