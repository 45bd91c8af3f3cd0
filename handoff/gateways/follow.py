"""A conversation that a desk follows."""

from __future__ import annotations

from collections.abc import Callable


class Follow:
    """One followed conversation: how far this desk has been sent, and whether more is due.

    `owned` is whether it was this agent's when last looked at, `is_read` whether a read of it
    is under way.
    """

    def __init__(self, client: str, epoch: str, cursor: int) -> None:
        self.client = client
        self.epoch = epoch
        self.cursor = cursor
        self.due = False
        self.opening = True
        self.owned = False
        self.is_read = False
        self.unsubscribe: Callable[[], None] = _nothing
        self.unwatch: Callable[[], None] = _nothing

    def leave(self) -> None:
        """Be woken and told no more."""
        self.unsubscribe()
        self.unwatch()


def _nothing() -> None:
    return None
