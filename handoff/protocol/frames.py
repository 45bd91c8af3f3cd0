"""What all frames of the wire share, and those that go both to customers and to agents."""

from __future__ import annotations

from typing import Annotated, Literal

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
# As wide as the column it is compared with: SQLite takes no more than 64 bits, JSON has no end.
Control = Annotated[int, Meta(ge=0, le=2**31 - 1)]
Said = Annotated[str, Meta(min_length=1, max_length=4_000)]
Short = Annotated[str, Meta(max_length=200)]
Token = Annotated[str, Meta(min_length=1, max_length=1_024)]
Language = Literal["nb", "nn", "en"]


class Frame(Struct, frozen=True, forbid_unknown_fields=True, tag_field="t", omit_defaults=True):
    """Base of all frames."""


# --- both ways of opening a connection -------------------------------------------------


class Hello(Frame, frozen=True, tag="hello"):
    """First frame, within 5 s: a ticket got over HTTP, or the resume token of the last welcome."""

    v: Annotated[int, Meta(ge=0, le=2**31 - 1)]
    ticket: Token | None = None
    resume_token: Token | None = None


class Beat(Frame, frozen=True, tag="beat"):
    """The page's answer to a heartbeat, sent from its message handler."""


class Problem(Frame, frozen=True, tag="problem"):
    """A request was refused. `code` is for machines, `text` for people."""

    code: str
    text: str
    cmid: str | None = None
    request: str | None = None
    conversation: str | None = None
