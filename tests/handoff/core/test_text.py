"""Text from outside keeps its line breaks and tabs and no other control character."""

from __future__ import annotations

import pytest

from handoff.core.text import legible, legible_text
from handoff.errors import InputError

REFUSED = [chr(code) for code in range(0x20) if chr(code) not in "\t\n\r\x0b\x0c"]


@pytest.mark.parametrize("control", REFUSED)
def test_a_control_character_is_refused_by_its_number(control: str) -> None:
    with pytest.raises(InputError, match=rf"^`text` holds U\+{ord(control):04X}, a control") as hit:
        legible_text(f"hei {control} der", "text")
    assert control not in str(hit.value)


@pytest.mark.parametrize(
    ("pasted", "kept"),
    [
        ("en\ttabell\nto linjer", "en\ttabell\nto linjer"),
        ("Windows\r\ngammel\rMac", "Windows\ngammel\nMac"),
        ("Words\x0bmyke linjeskift\x0cny side", "Words\nmyke linjeskift\nny side"),
        ("blå 🚲 \u200d \u00a0", "blå 🚲 \u200d \u00a0"),
    ],
)
def test_line_breaks_of_other_programs_are_one_kind(pasted: str, kept: str) -> None:
    assert legible_text(pasted, "text") == kept


def test_texts_are_found_however_deep() -> None:
    deep = {"a": ["x", {"b": ("en\r\nto", 1, None, True)}]}
    assert legible(deep, "slots") == {"a": ["x", {"b": ("en\nto", 1, None, True)}]}
    clean = {"a": ["x", {"b": 1.5}]}
    assert legible(clean, "slots") is clean
    for hidden in ({"a\0": 1}, {"a": [{"b": "\0"}]}, ["\x1b[2J"]):
        with pytest.raises(InputError, match="`slots` holds"):
            legible(hidden, "slots")
