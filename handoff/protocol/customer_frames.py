"""Frames between the widget and the service."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from msgspec import Meta, Struct

from handoff.protocol.frames import Beat, Cmid, Frame, Hello, Id, Language, Problem, Said, Seq

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


class Rate(Frame, frozen=True, tag="rate"):
    """How content the customer was, after the end. The newest word counts."""

    cmid: Cmid
    stars: Annotated[int, Meta(ge=1, le=5)]


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
    | Rate
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


ToCustomer = Welcome | Batch | Event | Ack | Heartbeat | Ephemeral | Reset | Problem
