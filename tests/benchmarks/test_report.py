"""What a report holds, and the tables that are made of it."""

from __future__ import annotations

import platform
from pathlib import Path

import pytest

from benchmarks.figures import Figure, Shares
from benchmarks.machine import Machine, processor
from benchmarks.report import read, show, write
from benchmarks.tables import main, tables

MACHINE = Machine("2026-11-23T09:00:00+00:00", "Abacus 7", 2, "3.11.7", 0.12)
PARTS = {
    "relay": [
        Figure("trips, bare", 14_010.4, "/s", shares=Shares(1.0, 0.761)),
        Figure("share", 0.12345678, "", least=0.12),
    ],
    "soak": [Figure("lines lost", 0, "", 0.0), Figure("growth", 2.0, "MB/h", 1.0)],
}


def test_what_was_measured_is_read_as_it_was_written(tmp_path: Path) -> None:
    path = tmp_path / "reports" / "bench.json"
    write(path, MACHINE, PARTS, minutes=5)
    assert read(path) == (MACHINE, PARTS)


def test_the_tables_name_machine_and_day_and_who_was_busy() -> None:
    told = "2 cores, Python 3.11.7, load 0.1 before."
    assert tables(MACHINE, PARTS).splitlines() == [
        "## relay",
        "",
        "| figure | value | goal | cores: generators, server |",
        "| --- | --- | --- | --- |",
        "| trips, bare | 14,010 /s |  | 1.00, 0.76 |",
        "| share | 0.123 | >= 0.12, met |  |",
        "",
        f"23 November 2026, Abacus 7, {told}",
        "",
        "## soak",
        "",
        "| figure | value | goal |",
        "| --- | --- | --- |",
        "| lines lost | 0 | <= 0, met |",
        "| growth | 2 MB/h | <= 1 MB/h, missed |",
        "",
        f"23 November 2026, Abacus 7, {told}",
    ]


def test_the_command_prints_the_reports_that_are_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "soak.json"
    write(path, MACHINE, PARTS)
    main([str(path)])
    assert "| growth | 2 MB/h | <= 1 MB/h, missed |" in capsys.readouterr().out
    with pytest.raises(SystemExit):
        main([str(tmp_path / "none.json")])
    assert "there is no" in capsys.readouterr().err


def test_the_screen_shows_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    show(MACHINE, PARTS)
    out = capsys.readouterr().out
    assert "Abacus 7" in out
    assert "1.00, 0.76" in out


def test_the_processor_has_the_name_that_the_system_tells(tmp_path: Path) -> None:
    info = tmp_path / "cpuinfo"
    info.write_text("processor\t: 0\nmodel name\t: Abacus 7\nflags\t\t: fast\n", "utf-8")
    assert processor(info) == "Abacus 7"
    assert processor(tmp_path / "none") == (platform.processor() or platform.machine())
    assert Machine.now().python == platform.python_version()
