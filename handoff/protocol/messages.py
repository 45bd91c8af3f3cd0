"""Every frame of the wire, as Python types. One JSON object a frame, its kind in `t`.

Times are seconds since the epoch (UTC). Unknown fields, unknown kinds and wrong types are
refused. A frame is at most 64 KiB of UTF-8 text.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from msgspec import Meta, Struct

VERSION = 1
MAX_FRAME_BYTES = 65_536

Id = Annotated[str, Meta(pattern=r"^[0-9a-f]{32}$")]
Cmid = Annotated[
    str,
    Meta(pattern=r"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"),
]
ClientId = Annotated[str, Meta(pattern=r"^[a-z][a-z0-9-]{1,30}$")]
Seq = Annotated[int, Meta(ge=0, le=2**53)]
Said = Annotated[str, Meta(min_length=1, max_length=4_000)]
Short = Annotated[str, Meta(max_length=200)]
Token = Annotated[str, Meta(min_length=1, max_length=1_024)]
Language = Literal["nb", "nn", "en"]


class Frame(Struct, frozen=True, forbid_unknown_fields=True, tag_field="t", omit_defaults=True):
    """Base of all frames."""


# --- both ways of opening a connection -------------------------------------------------


class Hello(Frame, frozen=True, tag="hello"):
    """First frame, within 5 s: a ticket got over HTTP, or the resume token of the last welcome."""

    v: int
    ticket: Token | None = None
    resume_token: Token | None = None


class Beat(Frame, frozen=True, tag="beat"):
    """The page's answer to a heartbeat, sent from its message handler."""


# --- customer to server -----------------------------------------------------------------


class Resume(Frame, frozen=True, tag="resume"):
    """Give me everything after `after`; sent once after each welcome."""

    epoch: Id
    after: Seq


class Button(Struct, frozen=True, forbid_unknown_fields=True):
    """The `index`-th button of the message that had number `seq`."""

    seq: Seq
    index: Annotated[int, Meta(ge=0, le=50)]


class Send(Frame, frozen=True, tag="send"):
    """Words, or a press on a button that the server had sent. Exactly one of the two."""

    cmid: Cmid
    text: Said | None = None
    button: Button | None = None


class AskPerson(Frame, frozen=True, tag="ask_person"):
    """The widget's own "talk to a person"."""

    cmid: Cmid


class Choose(Frame, frozen=True, tag="choose"):
    """What a waiting customer chose."""

    cmid: Cmid
    choice: Literal["stay", "bot", "contact", "leave"]


class LeaveContact(Frame, frozen=True, tag="leave_contact"):
    """A filled contact form."""

    cmid: Cmid
    name: Annotated[str, Meta(min_length=1, max_length=200)]
    reach: Annotated[str, Meta(min_length=3, max_length=200)]
    text: Annotated[str, Meta(max_length=2_000)] = ""


class SetLanguage(Frame, frozen=True, tag="set_language"):
    cmid: Cmid
    language: Language


class End(Frame, frozen=True, tag="end"):
    """The customer ends the conversation."""

    cmid: Cmid


class Seen(Frame, frozen=True, tag="seen"):
    """Everything up to `seq` has been rendered."""

    seq: Seq


class Typing(Frame, frozen=True, tag="typing"):
    on: bool


CustomerFrame = (
    Hello
    | Resume
    | Send
    | AskPerson
    | Choose
    | LeaveContact
    | SetLanguage
    | End
    | Seen
    | Typing
    | Beat
)


# --- server to customer -----------------------------------------------------------------


class Line(Struct, frozen=True, omit_defaults=True):
    """A stored message as a page shows it. `buttons` are titles; payloads stay at the server."""

    seq: int
    at: float
    author: str
    kind: str
    text: str = ""
    name: str = ""
    buttons: tuple[str, ...] = ()
    cmid: str | None = None
    code: str | None = None
    params: dict[str, Any] | None = None


class Welcome(Frame, frozen=True, tag="welcome"):
    """The connection stands. `heartbeat` is the seconds between two of them."""

    v: int
    conversation: str
    epoch: str
    last_seq: int
    resume_token: str
    heartbeat: float
    mode: str
    owner: str
    language: str


class Batch(Frame, frozen=True, tag="batch"):
    """Lines `first` to `last` in order; `more` says another batch follows."""

    first: int
    last: int
    more: bool
    lines: tuple[Line, ...]


class Event(Frame, frozen=True, tag="event"):
    line: Line


class Ack(Frame, frozen=True, tag="ack"):
    """Durably stored. `seq` is the line's number, 0 for a command that left no line."""

    cmid: str
    seq: int


class Heartbeat(Frame, frozen=True, tag="heartbeat"):
    last_seq: int


class Ephemeral(Frame, frozen=True, tag="ephemeral"):
    """Unnumbered and may be lost: typing, place in the queue, mode, what the other has seen."""

    typing: str | None = None
    place: int | None = None
    wait: float | None = None
    staffed: bool | None = None
    mode: str | None = None
    owner: str | None = None
    seen: int | None = None


class Reset(Frame, frozen=True, tag="reset"):
    """History was rewritten: throw away what you hold and resume from 0."""

    epoch: str


class Problem(Frame, frozen=True, tag="problem"):
    """A request was refused. `code` is for machines, `text` for people."""

    code: str
    text: str
    cmid: str | None = None
    request: str | None = None
    conversation: str | None = None


ToCustomer = Welcome | Batch | Event | Ack | Heartbeat | Ephemeral | Reset | Problem


# --- agent to server --------------------------------------------------------------------


class SetStatus(Frame, frozen=True, tag="status"):
    status: Literal["online", "pause", "offline"]


class Claim(Frame, frozen=True, tag="claim"):
    """Take a waiting conversation. The same `request` again gets the same answer."""

    request: Cmid
    client: ClientId
    conversation: Id
    handoff: Id
    control: int


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
    control: int
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
    control: int
    to: Id | None = None
    note: Annotated[str, Meta(max_length=2_000)] = ""


class Assign(Frame, frozen=True, tag="assign"):
    """A supervisor gives a waiting or a colleague's conversation to an agent, or to the queue."""

    request: Cmid
    client: ClientId
    conversation: Id
    control: int
    to: Id | None = None


class HandBack(Frame, frozen=True, tag="hand_back"):
    request: Cmid
    client: ClientId
    conversation: Id
    control: int
    slots: dict[Short, Short | None] = {}


class Finish(Frame, frozen=True, tag="finish"):
    """Close with the contact's reason."""

    request: Cmid
    client: ClientId
    conversation: Id
    control: int
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
    """The desk's own stream: the line as of `position`, at most the first 200 of `total`."""

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
    """A command's answer. `conversation` is set when one was claimed."""

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
