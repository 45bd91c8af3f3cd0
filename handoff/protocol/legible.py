"""Frames and bodies without control characters."""

from __future__ import annotations

from typing import TypeVar

from msgspec import Struct, structs

from handoff.core.text import legible

S = TypeVar("S", bound=Struct)


def cleaned(frame: S) -> S:
    """The frame or body with every line break as `\\n`. Raises InputError naming the field."""
    changed = {}
    for name in frame.__struct_fields__:
        value = getattr(frame, name)
        clean = cleaned(value) if isinstance(value, Struct) else legible(value, name)
        if clean is not value:
            changed[name] = clean
    return structs.replace(frame, **changed) if changed else frame
