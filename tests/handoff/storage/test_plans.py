"""How SQLite is asked: no statement makes it plan anew at every run."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from importlib import import_module
from pkgutil import iter_modules

from sqlalchemy import Delete, Select, Update

from handoff.storage import sql
from handoff.storage.sql.link import SqliteLink


def statements() -> Iterator[tuple[str, str]]:
    """Name and text of all that the modules keep ready."""
    for module in iter_modules(sql.__path__, f"{sql.__name__}."):
        for name, kept in vars(import_module(module.name)).items():
            for one in kept.values() if isinstance(kept, Mapping) else [kept]:
                if isinstance(one, Select | Update | Delete):
                    yield f"{module.name}.{name}", str(one.compile(dialect=SqliteLink._compiler))


def test_no_limit_is_a_bound_value_alone() -> None:
    limits = {name: re.findall(r"LIMIT (.*?) OFFSET", text) for name, text in statements()}
    assert sum(map(len, limits.values())) > 10
    assert {limit for found in limits.values() for limit in found} == {"? + 0", "1", "50"}
