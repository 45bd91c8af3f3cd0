"""Logs that cannot hold what a customer wrote.

Our own modules log ids and an ``action=``. Rasa and the libraries below it put texts, SQL
parameters and whole events into messages and exceptions, so of theirs only the place is told: it
names the very line in the pinned source.
"""

from __future__ import annotations

import logging
import sys
import traceback
from collections.abc import MutableMapping
from pathlib import Path
from typing import Any

import structlog

_OURS = ("bot",)
_LEVELS: dict[str, int] = {
    "debug": logging.DEBUG,
    "info": logging.INFO,
    "warning": logging.WARNING,
    "error": logging.ERROR,
}


class PlacesOnly(logging.Formatter):
    """Our records whole, others' by place; of every exception the types and places."""

    def format(self, record: logging.LogRecord) -> str:
        """One line: time, level, logger, then the message or the place."""
        ours = record.name.split(".")[0] in _OURS
        place = f"{Path(record.pathname).name}:{record.lineno}"
        said = record.getMessage() if ours else f"at {place}"
        parts = [self.formatTime(record), record.levelname.lower(), record.name, said]
        if record.exc_info and record.exc_info[1] is not None:
            parts.append(_places(record.exc_info[1]))
        return " ".join(parts)


def _places(error: BaseException) -> str:
    frames = traceback.extract_tb(error.__traceback__)[-3:]
    where = " < ".join(f"{Path(f.filename).name}:{f.lineno}" for f in reversed(frames))
    return f"{type(error).__name__} ({where})"


def _event_only(
    logger: Any, method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    return {"event": event.get("event")}


def quieten(level: str = "info") -> None:
    """Set up logging to standard error for the whole process.

    ``level`` is that of our own loggers; others speak from ``warning`` up. Raises ValueError for
    a level that is not debug, info, warning or error.
    """
    if level not in _LEVELS:
        raise ValueError(f"LOG_LEVEL is '{level}': choose one of {', '.join(_LEVELS)}")
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(PlacesOnly())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    logging.getLogger("bot").setLevel(_LEVELS[level])
    logging.captureWarnings(True)
    for name in ("sanic.root", "sanic.error", "sanic.access", "rasa"):
        other = logging.getLogger(name)
        other.handlers[:] = []
        other.propagate = True
        other.setLevel(logging.WARNING)
    structlog.configure(
        processors=[_event_only, structlog.processors.KeyValueRenderer()],
        wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
