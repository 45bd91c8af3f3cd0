"""Frames to bytes and back. Everything that is not of the protocol ends in one clear error."""

from __future__ import annotations

import re
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

MOST_EXPLAINED = 200
_QUOTED = re.compile(r"""value (['"]).*\1""", re.DOTALL)

_encoder = msgspec.json.Encoder()
_customer: msgspec.json.Decoder[CustomerFrame] = msgspec.json.Decoder(CustomerFrame)
_agent: msgspec.json.Decoder[AgentFrame] = msgspec.json.Decoder(AgentFrame)


def encode(frame: Frame) -> str:
    """A frame as compact JSON text."""
    return _encoder.encode(frame).decode()


def decode_customer(data: str | bytes) -> CustomerFrame:
    """A customer's frame. Raises ProtocolError naming the field, FrameTooBig above 64 KiB.

    `data` is a websocket message: bytes are a binary one, which is no frame.
    """
    frame = _decode(_customer, data)
    if isinstance(frame, Send) and (frame.text is None) == (frame.button is None):
        raise ProtocolError("A `send` carries either `text` or `button`.")
    return frame


def decode_agent(data: str | bytes) -> AgentFrame:
    """An agent's frame. Raises as `decode_customer`."""
    return _decode(_agent, data)


def _decode(decoder: msgspec.json.Decoder[T], data: str | bytes) -> T:
    if isinstance(data, bytes):
        raise ProtocolError("A frame is a text message, not a binary one.")
    size = len(data.encode("utf-8", "surrogatepass"))
    if size > MAX_FRAME_BYTES:
        raise FrameTooBig(f"A frame is at most {MAX_FRAME_BYTES} bytes, this one has {size}.")
    try:
        return decoder.decode(data)
    except UnicodeError:
        raise ProtocolError("Not a frame of this protocol: half a character.") from None
    except (msgspec.DecodeError, RecursionError) as error:
        raise ProtocolError(f"Not a frame of this protocol: {_told(error)}") from None


def _told(error: Exception) -> str:
    """What msgspec says, without the value it quotes, and short: a field's name has no end."""
    text = _QUOTED.sub("value", str(error))
    return text if len(text) <= MOST_EXPLAINED else f"{text[:MOST_EXPLAINED]}..."
