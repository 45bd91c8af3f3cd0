"""The people of the desk, as the command line manages them."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

from handoff.bridge.people import change_to, person
from handoff.bridge.unit_of_work import Work
from handoff.clients import Client, load_clients
from handoff.core.roster import Agent, Role
from handoff.errors import InputError
from handoff.logins import hash_password
from handoff.ports import Store, Unit
from handoff.settings import ROOT, Settings, read_settings
from handoff.storage import open_store
from handoff.tokens import new_id

T = TypeVar("T")

_DEMO = (
    ("kari@demo.example", "Kari Nordli", Role.AGENT),
    ("ola@demo.example", "Ola Dahle", Role.AGENT),
    ("siri@demo.example", "Siri Moen", Role.SUPERVISOR),
    ("eva@demo.example", "Eva Lund", Role.ADMIN),
    ("nils@demo.example", "Nils Berge", Role.DESIGNER),
)


@dataclass(slots=True)
class Staff:
    """Adds and changes logins. One event loop serves every call."""

    settings: Settings
    clients: Mapping[str, Client]
    store: Store
    loop: asyncio.Runner

    def all(self) -> Sequence[Agent]:
        return self._read(lambda unit: unit.agents.all())

    def checked(
        self,
        login: str,
        name: str,
        role: str,
        clients: Sequence[str],
        languages: Sequence[str] | None = None,
        capacity: int | None = None,
    ) -> Agent:
        """Somebody new, not stored yet. Raises InputError naming what is wrong; a login that is
        taken is one of those things.
        """
        agent = person(
            new_id(),
            login,
            name,
            role,
            clients,
            languages,
            self.settings.capacity if capacity is None else capacity,
            self.clients,
        )
        if self._read(lambda unit: unit.agents.by_login(agent.login)) is not None:
            raise InputError(f"{login} is taken.", cure="Choose another login.")
        return agent

    def add(self, agent: Agent, password: str) -> None:
        """Raises InputError when the password is too short."""
        hashed = self.loop.run(hash_password(password))

        def work(unit: Unit) -> None:
            unit.agents.add(agent, hashed)

        self.loop.run(self.store.write(work))

    def find(self, login: str) -> Agent:
        """Who has the login. Raises InputError when nobody has."""
        found = self._read(lambda unit: unit.agents.by_login(login))
        if found is None:
            raise InputError(f"Nobody has the login {login}.", cure="See `stafett agents list`.")
        return found[0]

    def change(
        self,
        login: str,
        *,
        role: str | None = None,
        more: Sequence[str] = (),
        fewer: Sequence[str] = (),
        capacity: int | None = None,
    ) -> Agent:
        """Another role or capacity, `more` and `fewer` client companies; the rest stays.

        Raises InputError naming what is wrong.
        """
        before = self.find(login)
        for client in fewer:
            if client not in before.clients:
                raise InputError(
                    f"{login} does not answer for `{client}`.",
                    cure=f"Theirs are: {', '.join(sorted(before.clients)) or 'none'}.",
                )
        checked = person(
            before.id,
            before.login,
            before.name,
            before.role.value if role is None else role,
            more,
            None,
            before.capacity if capacity is None else capacity,
            self.clients,
        )
        clients = before.clients.union(more).difference(fewer)
        wished = replace(before, role=checked.role, clients=clients, capacity=checked.capacity)

        def work(unit: Unit) -> Agent:
            return change_to(Work(unit, self.clients, new_id), wished, "system")

        return self.loop.run(self.store.write(work))

    def set_password(self, login: str, password: str) -> None:
        """Raises InputError when nobody has the login, or the password is too short."""
        agent, hashed = self.find(login), self.loop.run(hash_password(password))

        def work(unit: Unit) -> None:
            unit.agents.set_password(agent.id, hashed)

        self.loop.run(self.store.write(work))

    def add_demo(self) -> None:
        """The demonstration's logins and a file that tells their passwords, made only once."""
        if self.all():
            return
        told = []
        for login, name, role in _DEMO:
            password = secrets.token_urlsafe(9)
            self.add(self.checked(login, name, role.value, sorted(self.clients)), password)
            told.append({"role": role.value, "email": login, "password": password})
        _write_private(self.settings.data_dir / "demo_logins.json", json.dumps(told))

    def _read(self, work: Callable[[Unit], T]) -> T:
        return self.loop.run(self.store.read(work))


@contextlib.contextmanager
def opened() -> Iterator[Staff]:
    """The staff of the configured database."""
    settings = read_settings()
    clients = load_clients(ROOT / "clients", settings.variables)
    with asyncio.Runner() as loop:
        store = loop.run(open_store(settings.database_url))
        try:
            yield Staff(settings, clients, store, loop)
        finally:
            loop.run(store.close())


def _write_private(path: Path, text: str) -> None:
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(text)
