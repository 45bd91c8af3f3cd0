"""A conversation's whole staff stream, page by page."""

from __future__ import annotations

from collections.abc import Iterator

from handoff.core.message import Audience, Stored
from handoff.ports import Unit

_PAGE = 200


def staff_stream(unit: Unit, conversation: str) -> Iterator[Stored]:
    """Every line, oldest first. Holds one page at a time; none of a conversation that is gone."""
    after = 0
    while page := unit.conversations.messages(conversation, Audience.STAFF, after, _PAGE):
        yield from page
        after = page[-1].staff_seq
