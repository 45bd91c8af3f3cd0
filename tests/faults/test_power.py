"""No acknowledgement leaves before its line would outlive a loss of power, and that is proved."""

from __future__ import annotations

from pathlib import Path

from tests.faults.power import judged, recorded, without_syncs

LINES = 50


def test_every_acknowledged_line_is_on_the_disk_when_its_acknowledgement_leaves(
    tmp_path: Path,
) -> None:
    recording, seen = recorded(tmp_path, LINES)
    verdict = judged(recording, tmp_path)
    assert len(seen) == verdict.acknowledged == LINES
    assert verdict.syncs > 0
    assert (verdict.lost, verdict.unreadable) == (frozenset(), 0)
    # The judge itself: were nothing synced, it would find every line lost.
    assert len(judged(without_syncs(recording), tmp_path).lost) == LINES
