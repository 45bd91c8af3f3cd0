"""Whose erasure was asked for survives a full disk, a power cut and another writer."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from handoff.erasure_log import NAME, note, noted
from handoff.errors import InputError
from handoff.settings import ROOT

ONE, OTHER, THIRD = "a" * 32, "b" * 32, "c" * 32


def test_lines_are_kept_in_order_and_nobody_else_may_read_them(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "var"
    note(folder, "heimbud", ONE, 1.0)
    note(folder, "varde", OTHER, 2.0)
    assert noted(folder) == [("heimbud", ONE), ("varde", OTHER)]
    assert (folder / NAME).stat().st_mode & 0o777 == 0o600


def test_nothing_noted_is_an_empty_list(tmp_path: Path) -> None:
    assert noted(tmp_path) == []


def test_a_disk_that_fills_up_refuses_and_spoils_no_later_line(tmp_path: Path) -> None:
    note(tmp_path, "heimbud", ONE, 1.0)
    room = (tmp_path / NAME).stat().st_size + 20
    full = (
        "import sys; from pathlib import Path; from handoff.erasure_log import note;"
        "note(Path(sys.argv[1]), 'heimbud', sys.argv[2], 2.0)"
    )

    def limit() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (room, room))

    done = subprocess.run(
        [sys.executable, "-c", full, str(tmp_path), OTHER],
        cwd=ROOT,
        preexec_fn=limit,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "erased.txt cannot be written: File too large." in done.stderr
    assert (tmp_path / NAME).stat().st_size == room  # half a line is there
    note(tmp_path, "varde", THIRD, 3.0)
    assert noted(tmp_path) == [("heimbud", ONE), ("varde", THIRD)]


def test_file_and_folder_are_on_the_disk_when_it_returns(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[str] = []
    fsync = os.fsync

    def noticed(handle: int) -> None:
        synced.append(os.readlink(f"/proc/self/fd/{handle}"))
        fsync(handle)

    monkeypatch.setattr(os, "fsync", noticed)
    note(tmp_path, "heimbud", ONE, 1.0)
    assert synced == [str(tmp_path / NAME), str(tmp_path)]


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / NAME).mkdir()
    with pytest.raises(InputError, match=r"erased\.txt cannot be written: Is a directory"):
        note(tmp_path, "heimbud", ONE, 1.0)
    with pytest.raises(InputError, match=r"erased\.txt cannot be read"):
        noted(tmp_path)
