"""A postcode with its place, "5052 Bergen", as the understanding told it when it was written."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from rasa_sdk import Tracker

_CODE_LAST = re.compile(r"(?<!\d)(\d{4})$")


def with_place(tracker: Tracker, postcode: Any) -> str:
    """The postcode and its place; without the place when the customer did not write the code."""
    code = str(postcode or "")
    for entity in _read_so_far(tracker):
        told = re.sub(r"\D", "", str(entity.get("value")))
        if entity.get("place") and told == code:
            return f"{code} {entity['place']}"
    return code


def whole_address(tracker: Tracker, address: Any) -> str:
    """An address that ends in a postcode, with the place of it."""
    line = str(address or "")
    return _CODE_LAST.sub(lambda code: with_place(tracker, code[1]), line)


def _read_so_far(tracker: Tracker) -> Iterator[dict[str, Any]]:
    yield from (tracker.latest_message or {}).get("entities") or []
    for event in reversed(tracker.events):
        if event.get("event") == "user":
            yield from (event.get("parse_data") or {}).get("entities") or []
