"""Structured logs on standard error: ids, codes and an `action`, never a customer's text."""

from __future__ import annotations

import logging
import sys

import structlog


def set_up_logs(level: str) -> None:
    """JSON lines with time and level. `level` is debug, info, warning or error."""
    number = logging.getLevelNamesMapping()[level.upper()]
    logging.basicConfig(level=max(number, logging.WARNING), format="%(levelname)s %(name)s")
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(number),
        processors=[
            # The ids of what a task works on: conversation, client, trace, turn, agent.
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso"),
            structlog.processors.JSONRenderer(),
        ],
        # Asked for each time: standard error may be another file than when this was called.
        logger_factory=lambda *_: structlog.WriteLogger(sys.stderr),
    )
