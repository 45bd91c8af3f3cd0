"""Several equal servers: which of them to ask, in which order."""

from __future__ import annotations

import time
import zlib
from collections.abc import Iterator, Sequence

from handoff.ports import Clock

REST_SECONDS = 10.0


class Servers:
    """Each key, such as a conversation's id, has an order of its own, the same in every process.

    A server that failed is put last for `REST_SECONDS`: it is asked all the same where no other
    is left.
    """

    def __init__(self, urls: Sequence[str], clock: Clock = time.monotonic) -> None:
        self._urls = tuple(url.rstrip("/") for url in urls)
        self._clock = clock
        self._failed: dict[str, float] = {}

    def __iter__(self) -> Iterator[str]:
        return iter(self._urls)

    def order(self, key: str) -> list[str]:
        """Every server, the one to ask first at the head."""
        return sorted(
            self._urls, key=lambda url: (self._rests(url), zlib.crc32(f"{key} {url}".encode()))
        )

    def failed(self, url: str) -> None:
        self._failed[url] = self._clock()

    def _rests(self, url: str) -> bool:
        at = self._failed.get(url)
        return at is not None and self._clock() - at < REST_SECONDS
