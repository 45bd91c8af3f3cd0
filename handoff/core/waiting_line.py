"""The line of customers who wait for a person: its order, a place in it, an honest estimate."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Waiter:
    """One waiting conversation. Times are epoch seconds; `promise` is the queue's, in seconds."""

    handoff: str
    conversation: str
    client: str
    language: str
    reason: str
    topic: str | None
    front: bool
    since: float
    control: int
    promise: float = 60.0
    weight: float = 1.0
    preferred_agent: str | None = None
    preferred_until: float = 0.0


def urgency(waiter: Waiter, now: float) -> float:
    """How much of the client's promise is used up, times the client's weight.

    Comparable across clients: 1.0 is a promise just broken.
    """
    return waiter.weight * max(0.0, now - waiter.since) / max(1.0, waiter.promise)


def in_order(waiters: Iterable[Waiter], now: float) -> list[Waiter]:
    """Front of the queue first, then the most used-up promise, then the oldest."""
    return sorted(waiters, key=lambda w: (not w.front, -urgency(w, now), w.since, w.handoff))


def estimate(place: int, slots: int, mean_seconds: float | None) -> float | None:
    """Seconds until the customer at `place` (from 1) is met, or None if nothing honest is known.

    `slots` is how many chats the agents on duty can hold in all; each frees one every
    `mean_seconds`.
    """
    if slots <= 0 or mean_seconds is None:
        return None
    return math.ceil(place / slots) * mean_seconds
