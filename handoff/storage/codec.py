"""JSON as the stores keep it. The memory twin uses it too, so that all read back the same."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import msgspec

from handoff.core.conversation import Contact, Handoff

_body = msgspec.json.Decoder(dict[str, object])
_handoff = msgspec.json.Decoder(Handoff)
_contact = msgspec.json.Decoder(Contact)
_names = msgspec.json.Decoder(frozenset[str])
_encoder = msgspec.json.Encoder()


def pack(body: Mapping[str, object]) -> str:
    """`body` as JSON text; raises TypeError for what JSON cannot hold."""
    return _encoder.encode(body).decode()


def unpack(text: str) -> dict[str, object]:
    return _body.decode(text)


def pack_handoff(handoff: Handoff | None) -> str | None:
    return None if handoff is None else _encoder.encode(handoff).decode()


def unpack_handoff(text: str | None) -> Handoff | None:
    return None if text is None else _handoff.decode(text)


def pack_contact(contact: Contact | None) -> str | None:
    return None if contact is None else _encoder.encode(contact).decode()


def unpack_contact(text: str | None) -> Contact | None:
    return None if text is None else _contact.decode(text)


def pack_names(names: Iterable[str]) -> str:
    return _encoder.encode(sorted(names)).decode()


def unpack_names(text: str) -> frozenset[str]:
    return _names.decode(text)
