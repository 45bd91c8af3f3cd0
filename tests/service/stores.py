"""A store with something done to it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from handoff.ports import Store, Unit

T = TypeVar("T")


class Wrapped(Store):
    """Passes everything on; to be subclassed where a transaction is to be looked into."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def write(self, work: Callable[[Unit], T]) -> T:
        return await self._store.write(work)

    async def read(self, work: Callable[[Unit], T]) -> T:
        return await self._store.read(work)

    async def ready(self) -> None:
        await self._store.ready()

    async def close(self) -> None:
        await self._store.close()
