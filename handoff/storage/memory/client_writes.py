"""Writes to clients' systems in memory."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from handoff.records import Begun
from handoff.storage import codec
from handoff.storage.memory.world import ClientWrite, World


class MemoryClientWrites:
    def __init__(self, world: World) -> None:
        self._writes = world.client_writes

    def begin(self, key: str, holder: str, now: float, until: float) -> Begun:
        kept = self._writes.get(key)
        if kept is None or kept.until <= now:
            self._writes.put(key, ClientWrite(holder, None, until))
            return Begun(mine=True)
        return Begun(mine=False, answer=None if kept.answer is None else codec.unpack(kept.answer))

    def keep(self, key: str, holder: str, answer: Mapping[str, object], until: float) -> None:
        kept = self._writes.get(key)
        if kept is not None and kept.holder == holder:
            self._writes.put(key, replace(kept, answer=codec.pack(answer), until=until))

    def drop(self, key: str, holder: str) -> None:
        kept = self._writes.get(key)
        if kept is not None and kept.holder == holder:
            self._writes.drop(key)

    def forget(self, before: float, limit: int) -> int:
        old = sorted(
            (write.until, key) for key, write in self._writes.items() if write.until <= before
        )
        for _, key in old[:limit]:
            self._writes.drop(key)
        return len(old[:limit])
