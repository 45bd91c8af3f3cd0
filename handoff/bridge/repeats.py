"""What a sender may repeat: the same id with the same content gets the same answer."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from urllib.parse import unquote

from handoff.core.message import Audience, Kind, Stored
from handoff.errors import IdReuse, NotFound
from handoff.ports import Unit
from handoff.privacy import mask


def same(earlier: Stored, text: str, payload: str | None = None, kind: Kind = Kind.TEXT) -> int:
    """The first answer again. Raises IdReuse when the content is another."""
    message = earlier.message
    if message.kind is not kind:
        raise IdReuse("This id was used for something else.")
    if message.body.get("text") != text or message.body.get("payload") != payload:
        raise IdReuse("This id was used for another text.")
    return earlier.customer_seq or 0


def digest_of(content: Sequence[object]) -> str:
    """A command's content, masked before, as what is kept to compare a repetition with."""
    return hashlib.sha256(json.dumps(content).encode()).hexdigest()[:16]


def button_at(unit: Unit, conversation: str, seq: int, index: int) -> tuple[str, str]:
    """Title and payload of a button the server sent. Raises NotFound."""
    found = unit.conversations.message_at(conversation, Audience.CUSTOMER, seq)
    buttons = found.message.body.get("buttons") if found else None
    if not isinstance(buttons, list) or index >= len(buttons):
        raise NotFound("There is no such button.")
    button = buttons[index]
    return str(button["title"]), str(button["payload"])


def line_of(text: str) -> str:
    """One line of a form, without what nobody can see and with forbidden numbers hidden."""
    return mask("".join(filter(str.isprintable, text)).strip()).text


def masked_page(page: str) -> str:
    """A page's address; one whose decoded form holds a forbidden number is kept decoded."""
    plain = mask(unquote(page))
    return plain.text if plain.kinds else page
