"""No acknowledgement leaves before its line is on the disk; and the judge would notice."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from tests.faults.power import hasty, judge, recording, unsafe

LINES = 40


async def test_a_power_cut_at_any_acknowledgement_loses_no_acknowledged_line(
    tmp_path: Path,
) -> None:
    report = judge(await recording(tmp_path, LINES))
    assert (report.acknowledged, report.cuts, report.lost) == (LINES, 2 * LINES, 0)
    assert report.syncs > 0


@pytest.mark.parametrize("broken", [unsafe, hasty])
async def test_a_missing_safeguard_is_noticed(
    broken: Callable[[], AbstractContextManager[None]], tmp_path: Path
) -> None:
    with broken():
        report = judge(await recording(tmp_path, LINES))
    assert report.acknowledged == LINES
    assert report.lost > 0
