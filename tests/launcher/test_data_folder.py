"""Room on the disk; one launcher on a folder (with real launchers in test_supervisor)."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from handoff.errors import StartError
from handoff.launcher.data_folder import check_space, is_in_use, sole_use


def test_a_disk_without_room_is_told_with_what_is_needed(tmp_path: Path) -> None:
    check_space(tmp_path, 1000)
    with pytest.raises(StartError) as caught:
        check_space(tmp_path, 10**18)
    assert f"The disk that holds {tmp_path} has " in str(caught.value)
    assert "needs 1000000000.0 GB" in str(caught.value)
    assert "DATA_DIR" in str(caught.value)


def test_a_folder_in_use_is_refused_and_free_again_afterwards(tmp_path: Path) -> None:
    assert not is_in_use(tmp_path)
    with (
        sole_use(tmp_path),
        pytest.raises(StartError, match=f"process {os.getpid()}"),
        sole_use(tmp_path),
    ):
        pass
    assert not is_in_use(tmp_path)
    with sole_use(tmp_path):
        assert is_in_use(tmp_path)
