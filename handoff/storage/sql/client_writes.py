"""Writes to clients' systems in SQL: who is at one, and what came of it."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import bindparam, delete, select, update

from handoff.records import Begun
from handoff.storage import codec
from handoff.storage.sql.dialect import MOST, Upsert
from handoff.storage.sql.link import Link
from handoff.storage.tables import client_write as table

_OVER = delete(table).where(table.c.key == bindparam("which"), table.c.until <= bindparam("before"))
_TAKE = Upsert(lambda insert: insert(table).on_conflict_do_nothing().returning(table.c.key))
_ANSWER = select(table.c.answer).where(table.c.key == bindparam("which"))
_HELD = (table.c.key == bindparam("which")) & (table.c.holder == bindparam("who"))
_KEEP = update(table).where(_HELD).values(answer=bindparam("said"), until=bindparam("kept_until"))
_DROP = delete(table).where(_HELD)
_FORGET = delete(table).where(
    table.c.key.in_(
        select(table.c.key)
        .where(table.c.until <= bindparam("before"))
        .order_by(table.c.until)
        .limit(MOST)
    )
)


class SqlClientWrites:
    def __init__(self, link: Link) -> None:
        self._link = link

    def begin(self, key: str, holder: str, now: float, until: float) -> Begun:
        self._link.count(_OVER, {"which": key, "before": now})
        taken = self._link.first(
            _TAKE, {"key": key, "holder": holder, "answer": None, "until": until}
        )
        if taken is not None:
            return Begun(mine=True)
        answer = self._link.value(_ANSWER, {"which": key})
        return Begun(mine=False, answer=None if answer is None else codec.unpack(answer))

    def keep(self, key: str, holder: str, answer: Mapping[str, object], until: float) -> None:
        self._link.count(
            _KEEP, {"which": key, "who": holder, "said": codec.pack(answer), "kept_until": until}
        )

    def drop(self, key: str, holder: str) -> None:
        self._link.count(_DROP, {"which": key, "who": holder})

    def forget(self, before: float, limit: int) -> int:
        return self._link.count(_FORGET, {"before": before, "most": limit})
