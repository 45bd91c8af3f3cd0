"""A customer who asks sees all that is held and has it erased, with real Rasa, while all runs."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from pathlib import Path
from uuid import uuid4

import pytest

from tests.whole import ROOT, Whole, customer


async def privacy(stafett: Whole, *arguments: str) -> str:
    """What the command says, in a process of its own."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-P", "-m", "handoff.cli", "privacy", *arguments),
        env={
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "DATA_DIR": str(stafett.folder),
            **{name: str(port) for name, port in stafett.ports.items()},
        },
        stdout=asyncio.subprocess.PIPE,
    )
    out, _ = await process.communicate()
    assert process.returncode == 0
    return out.decode()


def is_in(path: Path, word: str) -> bool:
    return word.encode() in path.read_bytes()


@pytest.mark.asyncio(loop_scope="module")
async def test_what_a_customer_wrote_is_shown_and_then_nowhere(stafett: Whole) -> None:
    word = f"sykkelvogn{uuid4().hex}"
    async with customer(stafett, "heimbud") as one:
        await one.says(f"hvor er pakken min med {word}?")
        which = ("--client", "heimbud", "--conversation", one.conversation)
        (held,) = json.loads(await privacy(stafett, "export", *which))["conversations"]
        assert word in json.dumps(held["lines"])
        assert word in json.dumps(held["bot"])
        assert is_in(stafett.folder / "tracker.db", word)
        said = await privacy(stafett, "erase", *which, "--yes")
        assert "the bot has forgotten it" in said
    (held,) = json.loads(await privacy(stafett, "export", *which))["conversations"]
    assert (held["state"], held["lines"], held["bot"]) == (None, [], [])
    assert not is_in(stafett.folder / "tracker.db", word)
    assert word not in stafett.logs()
