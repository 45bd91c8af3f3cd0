"""The register of postcodes as Bring writes it, and as it is kept."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.postcodes import REGISTER
from scripts import postcodes

LINES = (
    "8622\tMO I RANA\t1833\tRANA\tG",
    "6090\tFOSNAVÅG\t1515\tHERØY (MØRE OG ROMSDAL)\tB",
    "0010\tOSLO\t0301\tOSLO\tB",
)


def test_names_are_written_as_people_write_them() -> None:
    assert postcodes.rows("\r\n".join(LINES)) == [
        ("0010", "Oslo", "Oslo"),
        ("6090", "Fosnavåg", "Herøy"),
        ("8622", "Mo i Rana", "Rana"),
    ]


def test_the_table_is_written_from_a_whole_register(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postcodes, "TARGET", tmp_path / "postcodes.tsv")
    file = tmp_path / "register.txt"
    rows = [f"{code:04}\tÅL\t3328\tÅL\tB" for code in range(postcodes.FEWEST)]
    file.write_text("\r\n".join(rows), "cp1252")
    assert postcodes.main([str(file)]) == 0
    written = (tmp_path / "postcodes.tsv").read_text("utf-8").splitlines()
    assert written[:2] == ["code\tplace\tmunicipality", "0000\tÅl\tÅl"]
    assert written[0] == REGISTER.read_text("utf-8").splitlines()[0]


@pytest.mark.parametrize(
    ("content", "said"),
    [("no register", "line 1 is no line"), (LINES[0], "holds 1 postcodes"), (None, "register.txt")],
)
def test_what_is_no_register_changes_nothing(
    content: str | None,
    said: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(postcodes, "TARGET", tmp_path / "postcodes.tsv")
    file = tmp_path / "register.txt"
    if content is not None:
        file.write_text(content, "cp1252")
    assert postcodes.main([str(file)]) == 1
    assert said in capsys.readouterr().err
    assert not (tmp_path / "postcodes.tsv").exists()
