"""What a database's error means. Its own words never go on: they may quote a row."""

from __future__ import annotations

from sqlalchemy.exc import DBAPIError

from handoff.errors import StoreError

_SQLITE = {
    5: ("Another process holds the database.", "End it and try again."),
    1: ("The database is not laid out as expected.", "Run `stafett migrate`."),
    8: ("The database is read-only.", "Write only within `write`; check the file's mode."),
    10: ("The disk refused to read or write.", "Free some space and look at the disk."),
    11: ("The database file is damaged.", "Restore a backup."),
    13: ("The disk is full.", "Free some space."),
    14: ("The database file cannot be opened.", "Check that the folder exists and its mode."),
    19: ("The database refused a row.", ""),
    26: ("The file is not a database.", "Check DATABASE_URL."),
}

_POSTGRES = {
    "08": ("The connection to the database broke.", "Check that PostgreSQL is running."),
    "22": ("The database refused a value.", "Leave out characters of no meaning, such as NUL."),
    "23": ("The database refused a row.", ""),
    "25": ("The database is read-only.", "Write only within `write`."),
    "28": ("The database refused the login.", "Check DATABASE_URL."),
    "3D": ("There is no such database.", "Create it, or check DATABASE_URL."),
    "42": ("The database is not laid out as expected.", "Run `stafett migrate`."),
    "53": ("The database has no room left.", "Free disk or connections."),
    "57": ("The database is shutting down or starting.", "Try again."),
}


def explain(error: BaseException) -> StoreError:
    """A driver's or SQLAlchemy's error as a StoreError with a cure."""
    original = error.orig if isinstance(error, DBAPIError) and error.orig else error
    state = getattr(original, "sqlstate", None)
    number = getattr(original, "sqlite_errorcode", None)
    if isinstance(state, str) and state[:2] in _POSTGRES:
        return StoreError(_POSTGRES[state[:2]][0], cure=_POSTGRES[state[:2]][1])
    if isinstance(number, int) and number & 0xFF in _SQLITE:
        return StoreError(_SQLITE[number & 0xFF][0], cure=_SQLITE[number & 0xFF][1])
    return StoreError(f"The database failed ({state or type(original).__name__}).")
