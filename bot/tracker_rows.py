"""What Rasa's tracker store holds of one conversation: shown whole, or deleted."""

from __future__ import annotations

import json
from typing import Any

from rasa.core.tracker_store import SQLTrackerStore, TrackerStore


class NoRows(Exception):
    """The tracker store is not the SQL one of endpoints.yml."""


def events_of(store: TrackerStore, conversation: str) -> list[dict[str, Any]]:
    """Every event of all sessions, oldest first, as Rasa stored it. Raises NoRows."""
    rows = _sql(store)
    with rows.session_scope() as session:
        found = session.query(rows.SQLEvent).filter(rows.SQLEvent.sender_id == conversation)
        return [json.loads(row.data) for row in found.order_by(rows.SQLEvent.id)]


def delete_events(store: TrackerStore, conversation: str) -> int:
    """Delete every event of a conversation; how many. The caller holds its lock. Raises NoRows."""
    rows = _sql(store)
    with rows.session_scope() as session:
        if session.get_bind().dialect.name == "sqlite":
            # Or the words would stay in the file's free pages.
            session.connection().exec_driver_sql("PRAGMA secure_delete = ON")
        found = session.query(rows.SQLEvent).filter(rows.SQLEvent.sender_id == conversation)
        gone = int(found.delete(synchronize_session=False))
        session.commit()
        return gone


def _sql(store: TrackerStore) -> SQLTrackerStore:
    if not isinstance(store, SQLTrackerStore):
        raise NoRows("the tracker store is not SQL: see endpoints.yml")
    return store
