"""A backup in place of the database, made fit to go on from."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from handoff.bridge import Bridge
from handoff.bridge.forgetting import forget
from handoff.clients import load_clients
from handoff.erasure_log import noted
from handoff.errors import InputError
from handoff.fanout.local import LocalFanout
from handoff.launcher.data_folder import sole_use
from handoff.settings import ROOT, Settings
from handoff.storage import backup, migrate, open_store
from handoff.storage.address import PostgresAddress, locate
from handoff.storage.backup import Renewed
from handoff.tokens import new_id


@dataclass(frozen=True, slots=True)
class Restored:
    """`kept` is where the database of before is now; `erased` how many were erased once more."""

    renewed: Renewed
    erased: int
    kept: Path | None = None


def restore(settings: Settings, path: Path) -> Restored:
    """Put the backup at `path` in the place of the SQLite database.

    All is done to a copy first: what fails leaves the database as it was. Raises InputError for
    `path` and on PostgreSQL, StartError and StoreError while a process of Stafett uses it.
    """
    address = locate(settings.database_url)
    if isinstance(address, PostgresAddress):
        command = backup.restore_command(address, path)
        raise InputError(
            "PostgreSQL is restored by its own tools.",
            cure=f"Stop every handoff process, run: {command}, then: stafett restore --renew",
        )
    present = address.path
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    with (
        sole_use(settings.data_dir, wait=0),
        backup.sole_use_of(present) as held,
        backup.fresh_copy(path, present) as fresh,
    ):
        restored = _made_fit(settings, f"sqlite:///{fresh}")
        kept = backup.put_in_place(fresh, present, held)
    return Restored(restored.renewed, restored.erased, kept)


def renew(settings: Settings) -> Restored:
    """Make a database fit that was restored by other means. Raises as `restore`."""
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    with sole_use(settings.data_dir, wait=0):
        backup.check_alone(settings.database_url)
        return _made_fit(settings, settings.database_url)


def _made_fit(settings: Settings, url: str) -> Restored:
    migrate(url)
    # Before the new epochs: a restore that was cut short is begun again, and ends the same.
    erased = asyncio.run(_erase_again(settings, url, noted(settings.data_dir)))
    return Restored(backup.renew(url), erased)


async def _erase_again(settings: Settings, url: str, noted: Sequence[tuple[str, str]]) -> int:
    """Who was erased since the backup stays erased, and the bot is told again."""
    store = await open_store(url)
    try:
        clients = load_clients(ROOT / "clients", settings.variables)
        bridge = Bridge(store, LocalFanout(), clients, new_id, settings.lease_seconds)
        count = 0
        for client, conversation in noted:
            state = await store.read(
                lambda unit, of=(client, conversation): unit.conversations.get(*of)  # type: ignore[misc]
            )
            if state is not None:
                await bridge.commit(
                    lambda w, of=(client, conversation): forget(w, *of)  # type: ignore[misc]
                )
                count += 1
        return count
    finally:
        await store.close()
