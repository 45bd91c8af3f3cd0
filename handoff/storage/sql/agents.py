"""Logins and sessions in SQL. Only hashes and digests come here, never a secret."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from sqlalchemy import bindparam, delete, func, select, update

from handoff.core.roster import Agent, Role, Status
from handoff.errors import InputError, NotFound
from handoff.storage import codec
from handoff.storage.limits import NONCE_MARGIN_SECONDS
from handoff.storage.sql.dialect import Upsert, among, listed
from handoff.storage.sql.link import AnyRow, Link
from handoff.storage.tables import agent as table
from handoff.storage.tables import nonce as nonces
from handoff.storage.tables import session as sessions

_COLUMNS = (
    table.c.id,
    table.c.login,
    table.c.name,
    table.c.role,
    table.c.clients,
    table.c.languages,
    table.c.capacity,
    table.c.active,
    table.c.status,
    table.c.session_version,
    table.c.disabled,
)
_THIS = table.c.id == bindparam("who")
_NEXT_VERSION = table.c.session_version + 1

_ADD = Upsert(lambda insert: insert(table).on_conflict_do_nothing().returning(table.c.id))
_GET = select(*_COLUMNS).where(_THIS)
_BY_LOGIN = select(*_COLUMNS, table.c.password_hash).where(table.c.login == bindparam("login"))
_ALL = select(*_COLUMNS).order_by(table.c.login)
_UPDATE = (
    update(table)
    .where(_THIS)
    .values(
        name=bindparam("new_name"),
        role=bindparam("new_role"),
        clients=bindparam("new_clients"),
        languages=bindparam("new_languages"),
        capacity=bindparam("new_capacity"),
        disabled=bindparam("new_disabled"),
        session_version=_NEXT_VERSION,
    )
)
_PASSWORD = (
    update(table)
    .where(_THIS)
    .values(password_hash=bindparam("new_hash"), session_version=_NEXT_VERSION)
)
_STATUS = (
    update(table).where(_THIS).values(status=bindparam("new_status"), status_since=bindparam("now"))
)
_SEEN = update(table).where(among(table.c.id, "agents")).values(seen_at=bindparam("now"))
_PUT_OFFLINE = (
    update(table)
    .where(
        table.c.status != Status.OFFLINE.value,
        func.coalesce(table.c.status_since, 0.0) < bindparam("before"),
        func.coalesce(table.c.seen_at, 0.0) < bindparam("before"),
    )
    .values(status=Status.OFFLINE.value, status_since=bindparam("now"))
)

_OPEN = Upsert(
    lambda insert: (
        insert(sessions)
        .from_select(
            ["digest", "agent", "version", "expires"],
            select(
                bindparam("digest", type_=sessions.c.digest.type),
                table.c.id,
                table.c.session_version,
                bindparam("expires", type_=sessions.c.expires.type),
            ).where(_THIS),
        )
        .returning(sessions.c.digest)
    )
)
_SESSION = (
    select(*_COLUMNS)
    .join_from(sessions, table, sessions.c.agent == table.c.id)
    .where(
        sessions.c.digest == bindparam("digest"),
        sessions.c.expires > bindparam("now"),
        sessions.c.version == table.c.session_version,
        table.c.disabled.is_(False),
    )
)
_CLOSE = delete(sessions).where(sessions.c.digest == bindparam("digest"))
_FORGET_SESSIONS = delete(sessions).where(sessions.c.expires <= bindparam("now"))
_USE = Upsert(lambda insert: insert(nonces).on_conflict_do_nothing().returning(nonces.c.nonce))
_FORGET_NONCES = delete(nonces).where(nonces.c.expires < bindparam("before"))


class SqlAgents:
    def __init__(self, link: Link, now: Callable[[], float]) -> None:
        self._link = link
        self._now = now

    def add(self, agent: Agent, password_hash: str) -> None:
        """Raises InputError when the id or the login is in use."""
        added = self._link.first(
            _ADD,
            {
                "id": agent.id,
                "login": agent.login,
                "name": agent.name,
                "role": agent.role.value,
                "clients": codec.pack_names(agent.clients),
                "languages": codec.pack_names(agent.languages),
                "capacity": agent.capacity,
                "active": agent.active,
                "status": agent.status.value,
                "status_since": None,
                "seen_at": None,
                "session_version": agent.session_version,
                "password_hash": password_hash,
                "disabled": agent.disabled,
            },
        )
        if added is None:
            raise InputError(f"The login {agent.login!r} is in use.", cure="Choose another login.")

    def get(self, agent: str) -> Agent | None:
        row = self._link.first(_GET, {"who": agent})
        return None if row is None else _agent(row)

    def by_login(self, login: str) -> tuple[Agent, str] | None:
        """The person and the hash of the password."""
        row = self._link.first(_BY_LOGIN, {"login": login})
        return None if row is None else (_agent(row), row[11])

    def all(self) -> Sequence[Agent]:
        """Everybody, by login."""
        return [_agent(row) for row in self._link.all(_ALL, {})]

    def update(self, agent: Agent) -> None:
        """Sessions of before end; raises NotFound."""
        self._must(
            _UPDATE,
            {
                "who": agent.id,
                "new_name": agent.name,
                "new_role": agent.role.value,
                "new_clients": codec.pack_names(agent.clients),
                "new_languages": codec.pack_names(agent.languages),
                "new_capacity": agent.capacity,
                "new_disabled": agent.disabled,
            },
        )

    def set_password(self, agent: str, password_hash: str) -> None:
        """Sessions of before end; raises NotFound."""
        self._must(_PASSWORD, {"who": agent, "new_hash": password_hash})

    def set_status(self, agent: str, status: Status, now: float) -> None:
        """Raises NotFound."""
        self._must(_STATUS, {"who": agent, "new_status": status.value, "now": now})

    def seen(self, agents: Iterable[str], now: float) -> None:
        self._link.count(_SEEN, {"agents": listed(agents), "now": now})

    def put_offline(self, before: float, now: float) -> int:
        return self._link.count(_PUT_OFFLINE, {"before": before, "now": now})

    def open_session(self, digest: str, agent: str, expires: float) -> None:
        """Raises NotFound when there is no such agent."""
        self._link.count(_FORGET_SESSIONS, {"now": self._now()})
        opened = self._link.first(_OPEN, {"who": agent, "digest": digest, "expires": expires})
        if opened is None:
            raise NotFound("There is no such agent.")

    def session(self, digest: str, now: float) -> Agent | None:
        row = self._link.first(_SESSION, {"digest": digest, "now": now})
        return None if row is None else _agent(row)

    def close_session(self, digest: str) -> None:
        self._link.count(_CLOSE, {"digest": digest})

    def use_nonce(self, nonce: str, expires: float) -> bool:
        self._link.count(_FORGET_NONCES, {"before": self._now() - NONCE_MARGIN_SECONDS})
        used = self._link.first(_USE, {"nonce": nonce, "expires": expires})
        return used is not None

    def _must(self, statement: Any, values: dict[str, object]) -> None:
        if self._link.count(statement, values) == 0:
            raise NotFound("There is no such agent.")


def _agent(row: AnyRow) -> Agent:
    return Agent(
        id=row[0],
        login=row[1],
        name=row[2],
        role=Role(row[3]),
        clients=codec.unpack_names(row[4]),
        languages=codec.unpack_names(row[5]),
        capacity=row[6],
        active=row[7],
        status=Status(row[8]),
        session_version=row[9],
        disabled=bool(row[10]),
    )
