"""A process that stores messages until it is killed, or until its disk is full.

    python -m tests.handoff.storage.storing killed URL
    python -m tests.handoff.storage.storing full URL BYTES

Each stored message is told on standard output only after the store said that it is stored.
"""

from __future__ import annotations

import asyncio
import json
import os
import resource
import sys

from handoff.core.conversation import Conversation
from handoff.core.message import Author, Kind, Message
from handoff.errors import StoreError
from handoff.storage import SqlStore
from tests.handoff.storage.samples import HandClock

WRITERS = 20


def tell(**fact: object) -> None:
    # One write, whole or not at all: what was told before a kill was truly told.
    os.write(1, json.dumps(fact).encode() + b"\n")


def talk(number: int) -> Conversation:
    return Conversation(id=f"{number:032x}", client="heimbud", visitor=f"v{number}", epoch="e")


async def store_one(store: SqlStore, state: Conversation, cmid: str, size: int = 10) -> int:
    message = Message(Author.CUSTOMER, Kind.TEXT, {"text": "x" * size}, cmid=cmid)
    stored = await store.write(lambda unit: unit.conversations.append(state, message, 1.0))
    return stored.staff_seq


async def until_killed(store: SqlStore) -> None:
    async def write(number: int) -> None:
        state, count = talk(number), 0
        await store.write(lambda unit: unit.conversations.start(state, 1.0))
        while True:
            count += 1
            seq = await store_one(store, state, f"c{count}")
            tell(conversation=state.id, cmid=f"c{count}", seq=seq)

    await asyncio.gather(*(write(number) for number in range(WRITERS)))


async def until_full(store: SqlStore, size: int) -> None:
    state = talk(0)
    await store.write(lambda unit: unit.conversations.start(state, 1.0))
    unlimited = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, unlimited[1]))

    async def write(number: int) -> bool:
        cmid = f"c{number}"
        try:
            seq = await store_one(store, state, cmid, 1_000)
        except StoreError as error:
            tell(refused=cmid, message=error.message, cure=error.cure)
            return False
        tell(conversation=state.id, cmid=cmid, seq=seq)
        return True

    count = 0
    while True:
        results = await asyncio.gather(*(write(count + n) for n in range(WRITERS)))
        count += WRITERS
        if not any(results):
            break
    try:
        while True:  # a heartbeat is small: it finds the last corner
            await store.ready()
    except StoreError:
        tell(ready=False)
    resource.setrlimit(resource.RLIMIT_FSIZE, unlimited)
    await store.ready()
    tell(ready=True)
    await asyncio.gather(*(write(count + n) for n in range(WRITERS)))


async def main(how: str, url: str, *size: str) -> None:
    store = SqlStore.open(url, HandClock())
    if how == "killed":
        await until_killed(store)
    else:
        await until_full(store, int(size[0]))
    await store.close()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
