"""Where SQLite and PostgreSQL differ: upserts, and lists as one parameter."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Integer, Table, bindparam, literal_column
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.dml import Insert
from sqlalchemy.sql.functions import FunctionElement

_INSERT: dict[str, Callable[[Table], Any]] = {
    "sqlite": sqlite.insert,
    "postgresql": postgresql.insert,
}

MOST = bindparam("most", type_=Integer()) + literal_column("0", Integer())
"""The parameter `most`, for `limit`.

A sum, for where a bound value stands alone SQLite makes its plan anew at every run, to see how
many rows are wanted: 10 of 12 us. For the same reason a fixed limit is a literal.
"""


class Upsert:
    """An insert with a conflict clause, which each dialect spells with a class of its own."""

    def __init__(self, build: Callable[[Callable[[Table], Any]], Insert]) -> None:
        self._statements = {name: build(insert) for name, insert in _INSERT.items()}

    def on(self, dialect: str) -> Insert:
        return self._statements[dialect]


class _Listed(FunctionElement[str]):
    """The texts of a JSON array. One parameter, so that a list's length changes no statement."""

    name = "listed"
    inherit_cache = True


@compiles(_Listed, "sqlite")
def _listed_sqlite(element: _Listed, compiler: SQLCompiler, **options: Any) -> str:
    array = compiler.process(element.clauses, **options)
    return f"(SELECT value FROM json_each({array}))"  # noqa: S608 - a placeholder


@compiles(_Listed, "postgresql")
def _listed_postgresql(element: _Listed, compiler: SQLCompiler, **options: Any) -> str:
    array = compiler.process(element.clauses, **options)
    return f"(SELECT json_array_elements_text(CAST({array} AS json)))"


def among(column: ColumnElement[str], name: str) -> ColumnElement[bool]:
    """`column` is one of the texts given to the parameter `name` by `listed`."""
    return column.op("IN", is_comparison=True)(_Listed(bindparam(name)))


def listed(texts: Iterable[str]) -> str:
    """The value for a parameter of `among`."""
    return msgspec.json.encode(list(texts)).decode()


def capped(number: int) -> int:
    """A number from outside, small enough for an INTEGER of either database."""
    return max(-1, min(number, 2**31 - 1))
