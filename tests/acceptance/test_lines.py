"""A line that the real bot does not know reaches a designer, without what points to its writer."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

import pytest

from tests.whole import ROOT, Whole, customer

HOW = ("low confidence", "fallback", "clarified", "out of scope")


@pytest.mark.asyncio(loop_scope="module")
async def test_a_line_the_bot_did_not_know_is_written_for_a_designer(
    stafett: Whole, tmp_path: Path
) -> None:
    async with customer(stafett, "heimbud") as one:
        await one.says("blåbærgrøten surrer baklengs om tlf 911 22 333, jeg heter Kari Vik")
    out = tmp_path / "review.yml"
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-P", "-m", "handoff.cli", "lines", "--uncertain", "--out", str(out)),
        env={**os.environ, "PYTHONPATH": str(ROOT), "DATA_DIR": str(stafett.folder)},
    )
    assert await process.wait() == 0
    text = out.read_text("utf-8")
    # Other tests' customers may stand there too.
    assert [line.strip() for line in text.splitlines() if "blåbærgrøten" in line] == [
        "- blåbærgrøten surrer baklengs om tlf [20 00 00 00](phone), jeg heter Kim"
    ]
    # How the bot did not know it depends on the model.
    assert any(f"(heimbud 1); {how}" in text for how in HOW)
    assert one.conversation not in text
