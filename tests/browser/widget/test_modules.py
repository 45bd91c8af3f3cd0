"""The modules without a document, run in Chromium: each named check of `modules/*.js` is a test."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.async_api import Page

from handoff.protocol.codes import ADVICE, Close

MODULES = Path(__file__).parent / "modules"
CHECKS = [
    (path.stem, name)
    for path in sorted(MODULES.glob("*.js"))
    for name in re.findall(r'^  "(.+)"\(\) \{$', path.read_text("utf-8"), re.M)
]


@pytest.mark.parametrize(("module", "name"), CHECKS, ids=[f"{m}: {n}" for m, n in CHECKS])
async def test_module(blank: Page, module: str, name: str) -> None:
    await blank.evaluate(
        "async ([module, name]) => (await import(`/modules/${module}.js`)).tests[name]()",
        [module, name],
    )


async def test_retries_exactly_where_the_protocol_says_so(blank: Page) -> None:
    codes = {int(code): advice.retry for code, advice in ADVICE.items()}
    told = await blank.evaluate(
        """async (codes) => {
          const { mayRetry, NEW_TICKET } = await import("/modules/retry.js");
          return [codes.map((code) => mayRetry(code)), NEW_TICKET];
        }""",
        list(codes),
    )
    assert told == [list(codes.values()), int(Close.NEW_TICKET)]
