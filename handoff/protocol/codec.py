"""Frames to bytes and back. Everything that is not of the protocol ends in one clear error."""

from __future__ import annotations

from typing import TypeVar

import msgspec

from handoff.errors import FrameTooBig, ProtocolError
from handoff.protocol.messages import (
    MAX_FRAME_BYTES,
    AgentFrame,
    CustomerFrame,
    Frame,
    Send,
)

T = TypeVar("T")

_encoder = msgspec.json.Encoder()
_customer: msgspec.json.Decoder[CustomerFrame] = msgspec.json.Decoder(CustomerFrame)
_agent: msgspec.json.Decoder[AgentFrame] = msgspec.json.Decoder(AgentFrame)


def encode(frame: Frame) -> str:
    """A frame as compact JSON text."""
    return _encoder.encode(frame).decode()


def decode_customer(data: str | bytes) -> CustomerFrame:
    """A customer's frame. Raises ProtocolError naming the field, FrameTooBig above 64 KiB."""
    frame = _decode(_customer, data)
    if isinstance(frame, Send) and (frame.text is None) == (frame.button is None):
        raise ProtocolError("A `send` carries either `text` or `button`.")
    return frame


def decode_agent(data: str | bytes) -> AgentFrame:
    """An agent's frame. Raises as `decode_customer`."""
    return _decode(_agent, data)


def _decode(decoder: msgspec.json.Decoder[T], data: str | bytes) -> T:
    size = len(data) if isinstance(data, bytes) else len(data.encode("utf-8", "surrogatepass"))
    if size > MAX_FRAME_BYTES:
        raise FrameTooBig(f"A frame is at most {MAX_FRAME_BYTES} bytes, this one has {size}.")
    try:
        return decoder.decode(data)
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        # msgspec's text names the field and the rule, never the value.
        raise ProtocolError(f"Not a frame of this protocol: {error}") from None
