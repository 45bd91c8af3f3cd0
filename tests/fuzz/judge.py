"""What an input came to, and whether that is allowed."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from handoff.errors import InputError, ProtocolError
from handoff.protocol.codec import decode_agent, decode_customer, encode
from handoff.protocol.frames import MAX_FRAME_BYTES, Frame
from handoff.protocol.legible import cleaned

MOST_SECONDS = 0.05
"""Processor time for one input, on one side."""
MOST_TOLD = 300

Decode = Callable[[str | bytes], Frame]
SIDES: Sequence[tuple[str, Decode]] = (("customer", decode_customer), ("agent", decode_agent))


@dataclass(frozen=True, slots=True)
class Outcome:
    """`ending` is `frame`, or the refusal's code; `fault` what was not allowed, if anything."""

    ending: str
    seconds: float
    fault: str = ""


def judge(decode: Decode, data: str | bytes) -> Outcome:
    """Read `data` as a session does: the codec first, then the texts of the frame."""
    began = time.thread_time()
    try:
        ending, fault = _read(decode, data)
    except Exception as error:
        ending, fault = "", f"raised {type(error).__name__}"
    seconds = time.thread_time() - began
    if not fault and seconds > MOST_SECONDS:
        fault = f"took {seconds * 1000:.0f} ms"
    return Outcome(ending, seconds, fault)


def _read(decode: Decode, data: str | bytes) -> tuple[str, str]:
    try:
        frame = decode(data)
    except ProtocolError as error:
        told = str(error)
        encode_to_sender(told)
        return error.code, "" if len(told) <= MOST_TOLD else "a refusal without end"
    if isinstance(data, bytes):
        return "frame", "binary was read as a frame"
    if len(data.encode()) > MAX_FRAME_BYTES:
        return "frame", "more than a frame may weigh was read"
    if decode(encode(frame)) != frame:
        return "frame", "is another frame when sent again"
    try:
        clean = cleaned(frame)
    except InputError as error:
        encode_to_sender(str(error))
        return error.code, ""
    if decode(encode(clean)) != clean or cleaned(clean) != clean:
        return "frame", "is another frame when cleaned and sent again"
    return "frame", ""


def encode_to_sender(told: str) -> None:
    """A refusal goes back in a frame: its words must be UTF-8."""
    told.encode("utf-8")
