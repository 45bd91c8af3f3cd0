"""Logs go to where standard error is now."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator

import pytest
import structlog

from handoff.logs import set_up_logs


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    before = structlog.get_config()
    yield
    structlog.configure(**before)


def test_a_log_line_outlives_the_standard_error_it_was_set_up_with(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    gone, now = io.StringIO(), io.StringIO()
    monkeypatch.setattr(sys, "stderr", gone)
    set_up_logs("info")
    gone.close()
    monkeypatch.setattr(sys, "stderr", now)
    structlog.get_logger("x").error("route", action="route_failed")
    assert '"action": "route_failed"' in now.getvalue()
