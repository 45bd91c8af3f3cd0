"""Close codes and error codes of the wire. Each close code says whether to come back."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum


class Close(IntEnum):
    NORMAL = 1000
    POLICY = 1008
    TOO_BIG = 1009
    RESTART = 1012
    OVERLOAD = 1013
    NEW_TICKET = 4001


@dataclass(frozen=True, slots=True)
class Advice:
    retry: bool
    meaning: str


ADVICE: dict[Close, Advice] = {
    Close.NORMAL: Advice(False, "Done; nothing more will come."),
    Close.POLICY: Advice(False, "The frame or the caller is not allowed. Do not retry."),
    Close.TOO_BIG: Advice(False, "A frame was above 64 KiB. Do not retry it."),
    Close.RESTART: Advice(True, "The server restarts. Reconnect with jitter and resume."),
    Close.OVERLOAD: Advice(True, "Too slow or too many. Reconnect with jitter and resume."),
    Close.NEW_TICKET: Advice(True, "Get a new ticket over HTTP, then reconnect and resume."),
}
