"""`stafett lines` beside a running service: what customers wrote becomes a file to read."""

from __future__ import annotations

import asyncio
import json
import os
import re
import subprocess
import sys
from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from handoff.launcher.plan import BOT_PYTHON
from handoff.settings import ROOT, as_text
from tests.service.running import Running, running

LOAD = """
import json, sys
from bot.importer import SkillImporter
data = SkillImporter(None, "domain.yml", sys.argv[1]).get_nlu_data()
print(json.dumps([[m.get("intent"), m.get("text"), m.get("variety"), m.get("skill"),
                   [e["entity"] for e in m.get("entities", [])]] for m in data.nlu_examples]))
"""


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[Running]:
    async with running(tmp_path) as started:
        yield started


async def stafett(house: Running, *arguments: str) -> subprocess.CompletedProcess[str]:
    """The command as somebody at the machine runs it."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-P", "-m", "handoff.cli", *arguments),
        env={
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "DATA_DIR": as_text(house.settings.data_dir),
        },
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    async with asyncio.timeout(30):
        out, err = await process.communicate()
    assert process.returncode is not None
    return subprocess.CompletedProcess([], process.returncode, out.decode(), err.decode())


async def talk(house: Running, *lines: tuple[str, float | str]) -> str:
    """A customer to whose lines the bot answers with that confidence, or with a signal."""
    ticket = await house.ticket()
    page = await house.customer_socket()
    welcome = await page.hello(ticket["ticket"])
    await page.resume(welcome["epoch"])
    for text, answer in lines:
        nlu: dict[str, Any] = {
            "intent": "track_parcel", "confidence": answer, "ranking": [], "language": "nb",
            "entities": [
                {"entity": "tracking_number", "value": found.group(),
                 "start": found.start(), "end": found.end()}
                for found in re.finditer(r"HB\d{8}", text)
            ],
        }  # fmt: skip
        house.bot.orders.append(answer if isinstance(answer, str) else {"nlu": nlu})
        await page.says(text)
        if answer == "signal":
            await page.notice("queued")
        else:
            await page.line(partial(answers, text))
    return str(ticket["conversation"])


def answers(text: str, line: dict[str, Any]) -> bool:
    return str(line.get("text", "")).startswith(f"Svar: {text[:8]}")


def loaded(file: Path, folder: Path) -> list[list[Any]]:
    """The examples as the bot's own importer reads them."""
    nlu = folder / "data" / "nlu"
    nlu.mkdir(parents=True)
    (nlu / "review.yml").write_text(file.read_text("utf-8"), "utf-8")
    done = subprocess.run(
        [str(BOT_PYTHON), "-W", "error::UserWarning:rasa", "-c", LOAD, str(folder / "data")],
        cwd=ROOT,
        env={**os.environ, "RASA_TELEMETRY_ENABLED": "false"},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    found: list[list[Any]] = json.loads(done.stdout.splitlines()[-1])
    return found


async def test_doubtful_lines_become_a_file_the_importer_reads(
    house: Running, tmp_path: Path
) -> None:
    first = await talk(
        house,
        ("kor e HB12345678, jeg heter Kari Vik, ring 91122333!", 0.31),
        ("hvor er pakken min", 0.95),
        ("dette er [helt](håpløst), gi meg noen", "signal"),
    )
    second = await talk(house, ("kor e HB87654321, jeg heter Ola, ring 93344555", 0.44))
    out = tmp_path / "review.yml"
    done = await stafett(house, "lines", "--client", "heimbud", "--out", str(out))
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith(f"{out} holds 3 lines of 2 conversations. Read it")
    assert out.stat().st_mode & 0o777 == 0o600
    text = out.read_text("utf-8")
    for told in (first, second, "12345678", "87654321", "Kari", "Vik", "Ola", "911", "933"):
        assert told not in text
    assert "; 2 conversations (heimbud 2); low confidence" in text
    assert "; 1 conversation (heimbud 1); handed over: asked_human" in text
    asked = "kor e [HB00000000](tracking_number), jeg heter Kim, ring 00000000"
    assert f"    - {asked}" in text
    rows = loaded(out, tmp_path)
    assert {tuple(row[:4]) for row in rows} == {
        ("track_parcel", "kor e HB00000000, jeg heter Kim, ring 00000000", "unknown", "review"),
        ("track_parcel", "hvor er pakken min", "unknown", "review"),
        ("track_parcel", "dette er (helt)(håpløst), gi meg noen", "unknown", "review"),
    }
    assert [row[4] for row in rows if "HB" in row[1]] == [["tracking_number"]]
    for conversation in (first, second):
        reads = await stafett(house, "privacy", "reads", "--conversation", conversation)
        assert reads.stdout.split("  ")[1:] == ["heimbud", "command line", "lines\n"]


async def test_each_kind_can_be_asked_for_alone_and_the_file_is_outside_data(
    house: Running,
) -> None:
    await talk(house, ("kor e den henne", 0.31), ("gi meg noen", "signal"))
    review = house.settings.data_dir / "review"
    done = await stafett(house, "lines", "--handed-over", "--limit", "1")
    (file,) = review.iterdir()
    assert done.stdout.startswith(f"{file} holds 1 line of 1 conversation.")
    assert file.name.startswith("lines-")
    assert review.stat().st_mode & 0o077 == 0
    done = await stafett(house, "lines", "--uncertain", "--client", "varde", "--out", str(file))
    assert done.stdout.startswith(f"{file} holds 0 lines of 0 conversations.")
    assert "No such line was found" in file.read_text("utf-8")


async def test_what_cannot_be_done_is_one_clear_line(house: Running, tmp_path: Path) -> None:
    conversation = await talk(house, ("kor e den henne", 0.31))
    for arguments, said in (
        (("--client", "nobody"), "There is no client `nobody`. Use: heimbud, varde."),
        (("--out", str(ROOT / "data" / "nlu" / "x.yml")), "is in data/"),
        (("--out", str(tmp_path / "no" / "x.yml")), "cannot be written"),
    ):
        done = await stafett(house, "lines", *arguments)
        assert (done.returncode, done.stdout) == (2, "")
        assert said in done.stderr
        assert done.stderr.count("\n") == 1
    assert not (ROOT / "data" / "nlu" / "x.yml").exists()
    reads = await stafett(house, "privacy", "reads", "--conversation", conversation)
    assert "Nobody has opened it" in reads.stdout
