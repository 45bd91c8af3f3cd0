"""Texts from outside: one kind of line break, and no control characters besides tabs."""

from __future__ import annotations

import re

from handoff.errors import InputError

# Line breaks of other programs and systems: text that is pasted has them.
_BREAK = re.compile(r"\r\n?|[\x0b\x0c]")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f]")


def legible(value: object, name: str) -> object:
    """`value` with every line break in it as `\\n`, however deep in lists and mappings.

    The same object where nothing is to be changed. Raises InputError naming `name` for another
    control character: PostgreSQL keeps no NUL, and no page or terminal needs the rest.
    """
    if isinstance(value, str):
        return legible_text(value, name)
    if isinstance(value, dict):
        pairs = {legible(key, name): legible(one, name) for key, one in value.items()}
        return value if pairs == value else pairs
    if isinstance(value, list | tuple):
        items = [legible(one, name) for one in value]
        return value if items == list(value) else type(value)(items)
    return value


def legible_text(text: str, name: str) -> str:
    """As `legible`."""
    if text.isprintable():  # nearly all
        return text
    found = _CONTROL.search(text)
    if found is not None:
        raise InputError(
            f"`{name}` holds U+{ord(found[0]):04X}, a control character.",
            cure="Take it out; line breaks and tabs may stay.",
        )
    return _BREAK.sub("\n", text)
