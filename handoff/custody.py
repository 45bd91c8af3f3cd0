"""What is held about customers, as the command line shows and erases it."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial

import msgspec

from handoff.bridge import Bridge
from handoff.bridge.erasures import carry
from handoff.bridge.forgetting import forget
from handoff.clients import Client, load_clients
from handoff.core.ids import is_id
from handoff.erasure_log import note
from handoff.errors import BotError, InputError
from handoff.fanout.local import LocalFanout
from handoff.ports import Store, Unit
from handoff.rasa_client import RasaBot
from handoff.records import Erasure, Forgotten, Held, Read
from handoff.settings import ROOT, read_settings
from handoff.storage import open_store
from handoff.tokens import new_id

READER = "command line"
"""Who looked, in the access log, when it was whoever runs the service."""


@dataclass(frozen=True, slots=True)
class Export:
    """`conversations` as JSON can hold them; `bot_missing` says why the bot's part is not there."""

    conversations: Sequence[Mapping[str, object]]
    bot_missing: str = ""


@dataclass(frozen=True, slots=True)
class Erased:
    """`here` is None when the database held it no more; `events` None while the bot has yet to."""

    conversation: str
    here: Forgotten | None
    events: int | None


@dataclass(slots=True)
class Custody:
    """Shows and erases, beside a service that runs or without one. One loop serves every call."""

    clients: Mapping[str, Client]
    store: Store
    bridge: Bridge
    bot: RasaBot
    loop: asyncio.Runner
    note: Callable[[str, str, float], None]

    def of_visitor(self, client: str, conversation: str) -> Sequence[str]:
        """That conversation and its visitor's others. Raises InputError when it is gone."""
        found = self.loop.run(
            self.store.read(lambda unit: unit.archive.of_visitor(client, conversation))
        )
        if not found:
            raise _unknown(client, conversation)
        return found

    def held(self, client: str, conversation: str) -> tuple[Held, Erasure | None]:
        """What the database holds, and what the bot has yet to forget. Raises InputError."""
        self._check(client, conversation)
        found = self.loop.run(
            self.store.read(
                lambda unit: (
                    unit.archive.held(client, conversation),
                    unit.archive.erasure(client, conversation),
                )
            )
        )
        if found[0].state is None and not (found[0].contacts or found[0].reads or found[1]):
            raise _unknown(client, conversation)
        return found

    def export(self, client: str, conversations: Sequence[str]) -> Export:
        """Everything held, the bot's part too. Leaves a row in the access log."""
        return self.loop.run(self._export(client, conversations))

    def erase(self, client: str, conversations: Sequence[str]) -> Sequence[Erased]:
        """Erase now. Where the bot cannot be told now, the service tells it later."""
        return [self.loop.run(self._erase(client, one)) for one in conversations]

    def reads(self, conversation: str) -> Sequence[tuple[Read, str]]:
        """Who looked at it, each with a name, oldest first."""
        if not is_id(conversation):
            raise _not_an_id()

        def read(unit: Unit) -> list[tuple[Read, str]]:
            names = {agent.id: f"{agent.login} ({agent.name})" for agent in unit.agents.all()}
            companies = sorted({*self.clients, *unit.archive.companies()})
            found = [read for one in companies for read in unit.ledger.reads(one, conversation)]
            return [(read, names.get(read.agent, read.agent)) for read in found]

        return self.loop.run(self.store.read(read))

    async def _export(self, client: str, conversations: Sequence[str]) -> Export:
        shown: list[Mapping[str, object]] = []
        missing = ""
        for conversation in conversations:
            held, waits = await self.store.write(
                lambda unit, one=conversation: _looked_at(unit, client, one)  # type: ignore[misc]
            )
            events: Sequence[Mapping[str, object]] | None = ()
            if held.state is not None or waits is not None:
                try:
                    events = await self.bot.memory(conversation)
                except BotError as error:
                    events, missing = None, str(error)
            shown.append(_shown(client, conversation, held, events))
        return Export(shown, missing)

    async def _erase(self, client: str, conversation: str) -> Erased:
        here = None
        # First, so that no crash between leaves an erasure that a backup could undo.
        self.note(client, conversation, time.time())
        state = await self.store.read(lambda unit: unit.conversations.get(client, conversation))
        if state is not None:
            here = await self.bridge.commit(lambda w: forget(w, client, conversation))
        waits, now = await self.store.read(
            lambda unit: (unit.archive.erasure(client, conversation), unit.now())
        )
        if waits is None:
            # The running service was faster.
            return Erased(conversation, here, 0)
        # A turn under way would save anew what is deleted now; one that failed is asked at once.
        if waits.ready_at > now and not waits.attempts:
            return Erased(conversation, here, None)
        return Erased(conversation, here, await carry(self.store, self.bot, waits))

    def _check(self, client: str, conversation: str) -> None:
        if not is_id(conversation):
            raise _not_an_id()
        if client in self.clients:
            return
        known = self.loop.run(self.store.read(lambda unit: unit.archive.companies()))
        if client not in known:
            every = ", ".join(sorted({*self.clients, *known}))
            raise InputError(f"There is no client `{client}`.", cure=f"Use: {every}.")


@contextlib.contextmanager
def opened() -> Iterator[Custody]:
    """The custody of the configured database and bot."""
    settings = read_settings()
    clients = load_clients(ROOT / "clients", settings.variables)
    with asyncio.Runner() as loop:
        store = loop.run(open_store(settings.database_url))
        bot = RasaBot(settings.bots, settings.bot_token, settings.rasa_token)
        bridge = Bridge(store, LocalFanout(), clients, new_id, settings.lease_seconds)
        try:
            yield Custody(clients, store, bridge, bot, loop, partial(note, settings.data_dir))
        finally:
            loop.run(bot.close())
            loop.run(store.close())


def moment(at: float | None) -> str | None:
    """A time as people read it: ISO 8601, UTC."""
    return None if at is None else datetime.fromtimestamp(at, UTC).isoformat(timespec="seconds")


def _looked_at(unit: Unit, client: str, conversation: str) -> tuple[Held, Erasure | None]:
    if unit.conversations.get(client, conversation) is not None:
        unit.ledger.log_access(READER, conversation, "export", unit.now())
    archive = unit.archive
    return archive.held(client, conversation), archive.erasure(client, conversation)


def _shown(
    client: str,
    conversation: str,
    held: Held,
    events: Sequence[Mapping[str, object]] | None,
) -> dict[str, object]:
    """All of it, with times that people can read. `bot` is null when the bot did not answer."""
    return {
        "client": client,
        "conversation": conversation,
        "started": moment(held.started),
        "last_activity": moment(held.last_at),
        "state": msgspec.to_builtins(held.state),
        "lines": [
            {
                "number": line.staff_seq,
                "customer_number": line.customer_seq,
                "at": moment(line.at),
                **msgspec.to_builtins(line.message),
            }
            for line in held.lines
        ],
        "history": [_dated(change, "at") for change in held.history],
        "seen": dict(held.seen),
        "handoffs": [_dated(one, "since") for one in held.handoffs],
        "orders": [_dated(order, "created") for order in held.orders],
        "tasks": [_dated(task, "created", "done_at") for task in held.tasks],
        "contacts": [_dated(row, "started", "ended") for row in held.contacts],
        "reads": [_dated(read, "at") for read in held.reads],
        "bot": None if events is None else list(events),
    }


def _dated(row: object, *times: str) -> dict[str, object]:
    shown: dict[str, object] = msgspec.to_builtins(row)
    for name in times:
        at = shown[name]
        shown[name] = moment(at) if isinstance(at, float) else at
    return shown


def _unknown(client: str, conversation: str) -> InputError:
    return InputError(
        f"Nothing is held about conversation {conversation} of {client}.",
        cure="It was never there, or everything about it is deleted.",
    )


def _not_an_id() -> InputError:
    return InputError(
        "A conversation's id is 32 digits and letters a to f.",
        cure="`stafett contacts --csv` lists them by time.",
    )
