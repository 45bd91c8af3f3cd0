"""Files for one reader: nothing is lost before there is something to put in its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from handoff.errors import InputError
from handoff.private_file import prepare_private, write_private


def test_to_prepare_a_file_keeps_what_it_holds_and_closes_it_to_others(tmp_path: Path) -> None:
    path = tmp_path / "lines.yml"
    path.write_text("read these", "utf-8")
    path.chmod(0o644)
    prepare_private(path)
    assert path.read_text("utf-8") == "read these"
    assert path.stat().st_mode & 0o777 == 0o600


def test_what_is_written_takes_the_place_of_what_was_there(tmp_path: Path) -> None:
    path = tmp_path / "lines.yml"
    path.write_text("a long text from before", "utf-8")
    write_private(path, "short")
    assert path.read_text("utf-8") == "short"


def test_a_folder_cannot_be_written(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be written: Is a directory"):
        prepare_private(tmp_path)
