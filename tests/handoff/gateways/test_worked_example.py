"""The conversation that docs/protocol.md shows is played against the service, frame by frame."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from handoff.core.roster import Status
from handoff.settings import ROOT
from tests.service.pages import Customer, Desk, Page
from tests.service.running import Running, running

DOCUMENT = ROOT / "docs" / "protocol.md"
_STEP = re.compile(r"^([CA]) (?:([<>]) )?(.*)$")
_OURS = re.compile(r"[0-9a-f]{32}|[\w-]+\.[\w-]+\.[\w-]+")
# True by the hour and the machine.
_LOOSE = frozenset({"at", "now", "since", "urgency", "position"})
_NUMBERED = ("event", "batch")


def steps() -> list[tuple[str, str, dict[str, Any] | None]]:
    """Whose connection, which way, and the frame; None where the connection is lost."""
    text = DOCUMENT.read_text("utf-8")
    block = re.search(r"## A whole conversation.*?```text\n(.*?)```", text, re.S)
    assert block is not None
    found = [_STEP.match(line) for line in block[1].splitlines()]
    return [(m[1], m[2], json.loads(m[3]) if m[2] else None) for m in found if m is not None]


class Names:
    """What the document calls by one id is called by another one here, always the same."""

    def __init__(self) -> None:
        self.real: dict[str, Any] = {}

    def told(self, shown: Any) -> Any:
        """The document's value as it is here."""
        if isinstance(shown, dict):
            return {key: self.told(value) for key, value in shown.items()}
        return self.real.get(shown, shown) if isinstance(shown, str) else shown

    def learn(self, shown: Any, seen: Any) -> bool:
        """Whether both are the same but for ids; those that are new are kept if they are."""
        new: dict[str, str] = {}
        if not self._same(shown, seen, new):
            return False
        self.real.update(new)
        return True

    def _same(self, shown: Any, seen: Any, new: dict[str, str]) -> bool:
        if isinstance(shown, dict):
            return isinstance(seen, dict) and self._same_fields(shown, seen, new)
        if isinstance(shown, list):
            return (
                isinstance(seen, list)
                and len(shown) == len(seen)
                and all(self._same(a, b, new) for a, b in zip(shown, seen, strict=True))
            )
        if isinstance(shown, str) and _OURS.fullmatch(shown):
            if shown in self.real or seen in self.real.values():
                return bool(seen == self.real.get(shown))
            return bool(seen == new.setdefault(shown, seen))
        return bool(shown == seen)

    def _same_fields(
        self, shown: Mapping[str, Any], seen: Mapping[str, Any], new: dict[str, str]
    ) -> bool:
        # The words and buttons of the bot, and the wording of notices, are not the protocol's.
        free = {"text"} if shown.get("author") in ("bot", "system") or "code" in shown else set()
        fields = seen.keys() - ({"buttons"} if shown.get("author") == "bot" else set())
        return fields == shown.keys() and all(
            self._same(shown[key], seen[key], new) for key in shown.keys() - free - _LOOSE
        )


def _lines(frames: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for frame in frames:
        if frame["t"] in _NUMBERED:
            yield from frame.get("lines", [frame.get("line")])


async def _arrives(page: Page, frame: dict[str, Any], names: Names) -> None:
    """A new line may come alone or in a batch with the next; the rest comes as it is shown."""
    if frame["t"] not in _NUMBERED:
        await page.until(lambda seen: names.learn(frame, seen))
        return
    for line in _lines([frame]):

        def fits(_: object, line: dict[str, Any] = line) -> bool:
            return any(names.learn(line, seen) for seen in _lines(page.frames))

        await page.until(fits)


async def _lost(page: Page, sent: dict[str, Any]) -> None:
    """The service has done what it was asked, and the page does not know."""
    await page.got("ack", cmid=sent["cmid"])
    page.kill()


async def test_the_conversation_of_the_document_is_what_happens(tmp_path: Path) -> None:
    async with running(tmp_path) as house:
        await house.staff("kari nordli", clients=("heimbud",), status=Status.OFFLINE)
        names = Names()
        shown = steps()
        pages: dict[str, Page] = {}
        for number, (who, way, frame) in enumerate(shown):
            if frame is None:
                asked = shown[number - 1][2]
                assert asked is not None
                await _lost(pages[who], asked)
            elif way == "<":
                await _arrives(pages[who], frame, names)
            else:
                if frame["t"] == "hello":
                    pages[who] = await _opened(house, who, frame, names)
                told = names.told(frame)
                await pages[who].send(told.pop("t"), **told)
        assert len(shown) > 30


async def _opened(house: Running, who: str, hello: dict[str, Any], names: Names) -> Page:
    if who == "A":
        names.real[hello["ticket"]] = await house.desk_ticket("kari nordli")
        page: Page = await Desk.open(house.agent_url, house.desk_origin)
        house.stack.push_async_callback(page.leave)
        return page
    if "ticket" in hello:
        visit = {"page": "https://www.example.no/spor"}  # which leaves a line with the staff
        names.real[hello["ticket"]] = (await house.ticket(**visit))["ticket"]
    page = await Customer.open(house.customer_url(), house.origin())
    house.stack.push_async_callback(page.leave)
    return page
