"""How a statement reaches a connection: compiled once for each dialect, then only its text.

SQLAlchemy writes the SQL and names the parameters; running it through a compiled text costs a
fifth of what running the construct costs, and these few statements are all that is ever run.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from operator import itemgetter
from typing import Any, Protocol

from sqlalchemy import ClauseElement, Connection, Dialect, Insert, Update
from sqlalchemy.dialects.postgresql.asyncpg import dialect as asyncpg_dialect
from sqlalchemy.dialects.sqlite.pysqlite import dialect as pysqlite_dialect

from handoff.storage.sql.dialect import Upsert

AnyRow = Sequence[Any]
Statement = ClauseElement | Upsert
Values = Mapping[str, object]


class _Prepared:
    """The text of a statement and the order of its parameters."""

    def __init__(self, statement: Statement, dialect: Dialect, names: Sequence[str]) -> None:
        self.statement = statement  # kept, or its id could come again
        element = statement.on(dialect.name) if isinstance(statement, Upsert) else statement
        columns = list(names) if isinstance(element, Insert | Update) else None
        compiled: Any = element.compile(dialect=dialect, column_keys=columns)
        self.text = str(compiled)
        order = tuple(compiled.positiontup)
        self._constants = {
            name: value for name, value in compiled.params.items() if name not in names
        }
        self._pick: Callable[[Values], Any] = itemgetter(*order) if order else lambda _: ()
        self._single = len(order) == 1

    def arrange(self, values: Values) -> tuple[object, ...]:
        picked = self._pick({**self._constants, **values} if self._constants else values)
        return (picked,) if self._single else picked


class Link(Protocol):
    """A connection within its transaction."""

    dialect: str

    def all(self, statement: Statement, values: Values) -> Sequence[AnyRow]: ...

    def first(self, statement: Statement, values: Values) -> AnyRow | None: ...

    def value(self, statement: Statement, values: Values) -> Any:
        """The first column of the first row, None without rows."""
        row = self.first(statement, values)
        return None if row is None else row[0]

    def count(self, statement: Statement, values: Values) -> int:
        """How many rows were changed."""
        ...


class SqliteLink(Link):
    """Straight to the driver's connection; raises its errors."""

    dialect = "sqlite"
    _compiler = pysqlite_dialect()
    _prepared: dict[int, _Prepared] = {}  # noqa: RUF012 - shared by all connections

    def __init__(self, driver: Any) -> None:
        self._driver = driver

    def all(self, statement: Statement, values: Values) -> Sequence[AnyRow]:
        rows: list[AnyRow] = self._run(statement, values).fetchall()
        return rows

    def first(self, statement: Statement, values: Values) -> AnyRow | None:
        # All, for a statement not stepped to its end holds its lock and may be half done.
        rows = self._run(statement, values).fetchall()
        return rows[0] if rows else None

    def count(self, statement: Statement, values: Values) -> int:
        changed: int = self._run(statement, values).rowcount
        return changed

    def _run(self, statement: Statement, values: Values) -> Any:
        prepared = self._prepared.get(id(statement))
        if prepared is None:
            prepared = _Prepared(statement, self._compiler, tuple(values))
            self._prepared[id(statement)] = prepared
        return self._driver.execute(prepared.text, prepared.arrange(values))


class PostgresLink(Link):
    """Through SQLAlchemy's connection, which knows when asyncpg's has died."""

    dialect = "postgresql"
    _compiler: Dialect = asyncpg_dialect()  # type: ignore[no-untyped-call]
    _prepared: dict[int, _Prepared] = {}  # noqa: RUF012 - shared by all connections

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def all(self, statement: Statement, values: Values) -> Sequence[AnyRow]:
        rows: Sequence[AnyRow] = self._run(statement, values).fetchall()
        return rows

    def first(self, statement: Statement, values: Values) -> AnyRow | None:
        row: AnyRow | None = self._run(statement, values).first()
        return row

    def count(self, statement: Statement, values: Values) -> int:
        changed: int = self._run(statement, values).rowcount
        return changed

    def _run(self, statement: Statement, values: Values) -> Any:
        prepared = self._prepared.get(id(statement))
        if prepared is None:
            prepared = _Prepared(statement, self._compiler, tuple(values))
            self._prepared[id(statement)] = prepared
        return self._connection.exec_driver_sql(prepared.text, prepared.arrange(values))
