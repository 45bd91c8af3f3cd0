"""Identifiers. All are 128 random bits in 32 lower-case hexadecimal digits."""

from __future__ import annotations

import re

_ID = re.compile(r"[0-9a-f]{32}\Z")
_CLIENT = re.compile(r"[a-z][a-z0-9-]{1,30}\Z")


def is_id(value: str) -> bool:
    """Whether `value` has the form of a conversation, visitor, turn or handoff id."""
    return _ID.match(value) is not None


def is_client_id(value: str) -> bool:
    """Whether `value` can name a client company: a short slug such as `heimbud`."""
    return _CLIENT.match(value) is not None


def trace_of(cmid: str) -> str:
    """The trace id of a line, from the UUID its sender made: W3C's 32 hexadecimal digits."""
    return cmid.replace("-", "")
