"""What a process of the race is asked to do, and what it answers."""

from __future__ import annotations

from dataclasses import dataclass

CLIENT = "heimbud"


@dataclass(frozen=True, slots=True)
class Claim:
    """The agent of that number reaches for a waiting customer, as the desk's `claim` does."""

    agent: int
    conversation: str
    handoff: str
    control: int
    request: str


@dataclass(frozen=True, slots=True)
class Release:
    """The agent of that number lets go of a chat: `finish`, `transfer` or `hand_back`."""

    agent: int
    conversation: str
    control: int
    request: str
    how: str


Job = Claim | Release


@dataclass(frozen=True, slots=True)
class Told:
    """`code` is `ok` or why not. `held` is how many chats the winner had in that transaction.

    `tries` counts how often it was sent: what is answered `overloaded` is sent again.
    """

    code: str
    held: int = 0
    tries: int = 1
