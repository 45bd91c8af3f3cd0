"""What must never be stored is nowhere, with real Rasa: no table, no tracker, no log."""

from __future__ import annotations

import pytest

from tests.canary import ACCOUNT, CARD, IDENTITY, hits_in_files, hits_in_sqlite, ways_to_write
from tests.whole import Whole, customer


@pytest.mark.asyncio(loop_scope="module")
async def test_numbers_that_were_written_are_found_nowhere(stafett: Whole) -> None:
    async with customer(stafett, "heimbud") as one:
        await one.says(f"hei, fødselsnummeret mitt er {IDENTITY}")
        await one.says("pakken min er borte")
        for written in ways_to_write(IDENTITY):
            await one.says(f"er det {written} du trenger?")
        await one.says(f"refunder til konto {ACCOUNT} eller kort {CARD}")
        assert any("skjult" in text for text in one.texts())
    for name in ("stafett.db", "tracker.db"):
        assert hits_in_sqlite(stafett.folder / name) == []
    assert hits_in_files(stafett.folder) == []
