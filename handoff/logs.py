"""Structured logs on standard error: ids, codes and an `action`, never a customer's text."""

from __future__ import annotations

import logging
import sys
from collections.abc import Mapping
from contextvars import ContextVar

import structlog
from structlog.typing import EventDict, WrappedLogger

_ABOUT: ContextVar[Mapping[str, str | None]] = ContextVar("about")


def about(**ids: str | None) -> None:
    """What this task works on: every line it logs from here on names it. None names it no more.

    `client`, `conversation`, `turn`, `agent`, and `trace`, which is the same in every part's log.
    """
    # A dictionary of its own: a task that was started meanwhile keeps the one it began with.
    _ABOUT.set({**_ABOUT.get({}), **ids})


def _named(logger: WrappedLogger, method: str, line: EventDict) -> EventDict:
    return {**{name: one for name, one in _ABOUT.get({}).items() if one is not None}, **line}


def set_up_logs(level: str) -> None:
    """JSON lines with time and level. `level` is debug, info, warning or error."""
    number = logging.getLevelNamesMapping()[level.upper()]
    logging.basicConfig(level=max(number, logging.WARNING), format="%(levelname)s %(name)s")
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(number),
        processors=[
            _named,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso"),
            structlog.processors.JSONRenderer(),
        ],
        # Asked for each time: standard error may be another file than when this was called.
        logger_factory=lambda *_: structlog.WriteLogger(sys.stderr),
    )
