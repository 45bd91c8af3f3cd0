"""What the launcher starts: a command, and how to know that it works."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Part:
    """A service that goes on until it is stopped, or a step that ends by itself.

    A service has a `health` address that answers 200 when it works. A step has none: it is done
    when it ends with 0, and may print its progress as JSON lines, `{"stage": str, "fraction":
    number from 0 to 1}`. A part starts when all of `after` are healthy or done. At the end
    those of the lowest `stops` are told first, and the next when they have ended.
    """

    name: str
    title: str
    command: tuple[str, ...]
    folder: Path
    environment: Mapping[str, str] = field(repr=False)
    health: str | None = None
    after: tuple[str, ...] = ()
    stops: int = 1

    @property
    def address(self) -> str:
        """The health address as people may see it: without its token."""
        return (self.health or "").partition("?")[0]
