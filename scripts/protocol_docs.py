"""Writes docs/protocol.md and handoff/web/shared/frames.d.ts from the protocol's Python types.

Run `.venv/bin/python -m scripts.protocol_docs` after a change of handoff/protocol; `--check` says
whether both are up to date.
"""

from __future__ import annotations

import inspect
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from string import Template
from typing import get_args

from msgspec import NODEFAULT, Struct
from msgspec import inspect as types

from handoff.core.transition import PREFER_OLD_AGENT_SECONDS
from handoff.gateways import (
    agent,
    connection,
    gateway,
    pace,
    places,
    pulse,
    queue_view,
    server,
    session,
)
from handoff.protocol import codes, examples, meanings, worked_example
from handoff.protocol import messages as m
from handoff.protocol.codec import encode
from handoff.routes import desk, replies, widget
from handoff.settings import ROOT, Settings
from handoff.tokens import RESUME_SECONDS, SESSION_SECONDS, TICKET_SECONDS

TEMPLATE = ROOT / "scripts" / "protocol.template.md"
DOCUMENT = ROOT / "docs" / "protocol.md"
TYPES = ROOT / "handoff" / "web" / "shared" / "frames.d.ts"

SIDES: tuple[tuple[str, object, Sequence[m.Frame]], ...] = (
    ("CustomerFrame", m.CustomerFrame, examples.CUSTOMER),
    ("ToCustomer", m.ToCustomer, examples.TO_CUSTOMER),
    ("AgentFrame", m.AgentFrame, examples.AGENT),
    ("ToAgent", m.ToAgent, examples.TO_AGENT),
)
PARTS: tuple[type[Struct], ...] = (
    m.Button, m.Line, m.StaffLine, m.Waiting, m.Colleague, m.Mine,
)  # fmt: skip
_PATTERNS = {
    r"^[0-9a-f]{32}$": "32 hex digits, lower case",
    r"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$": "UUID, lower case",
    r"^[a-z][a-z0-9-]{1,30}$": "a client company's id",
}


_EMPTY = {"''": "empty", "()": "empty", "{}": "empty", "0": "0"}


class NoMeaning(Exception):
    """A frame, field or code that nobody explained."""


def frames_of(side: object) -> tuple[type[Struct], ...]:
    return tuple(get_args(side))


def tag_of(frame: type[Struct]) -> str:
    return str(frame.__struct_config__.tag)


def fields_of(struct: type[Struct]) -> tuple[types.Field, ...]:
    told = types.type_info(struct)
    return told.fields if isinstance(told, types.StructType) else ()


def meaning_of(struct: type[Struct]) -> str:
    own = "__doc__" in vars(struct) and struct.__doc__ is not None
    meaning = meanings.FRAMES.get(struct) or (inspect.getdoc(struct) if own else None)
    if not meaning:
        raise NoMeaning(f"{struct.__name__} has no meaning: write its docstring.")
    return " ".join(meaning.split())


def meaning_of_field(struct: type[Struct], field: str) -> str:
    meaning = meanings.FIELDS.get(struct, {}).get(field) or meanings.EVERYWHERE.get(field)
    if not meaning:
        raise NoMeaning(f"{struct.__name__}.{field} has no meaning: see protocol/meanings.py.")
    return meaning


# --- the document -----------------------------------------------------------------------------


def document() -> str:
    """docs/protocol.md. Raises NoMeaning for what is not explained."""
    values = {name: "\n".join(_frames(side, shown)) for name, side, shown in SIDES}
    values |= {
        "worked_example": "\n".join(_steps()),
        "parts": "\n".join(line for part in PARTS for line in _struct(part)),
        "closes": _table(
            ("code", "come back?", "meaning"),
            [
                (str(int(code)), "retry" if advice.retry else "stop", advice.meaning)
                for code, advice in codes.ADVICE.items()
            ],
        ),
        "errors": _table(("code", "meaning"), _coded(meanings.ERRORS)),
        "notices": _table(("code", "meaning and params"), _coded(meanings.NOTICES)),
        "kinds": _table(("kind", "meaning and body"), _coded(meanings.KINDS)),
        "version": str(m.VERSION),
        "max_bytes": f"{m.MAX_FRAME_BYTES:,}",
        "ticket": str(TICKET_SECONDS),
        "resume": str(RESUME_SECONDS // 3600),
        "session": f"{SESSION_SECONDS / 3600:.0f}",
        "hello": f"{server.HELLO_SECONDS:.0f}",
        "handshake": f"{server.HANDSHAKE_SECONDS:.0f}",
        "close": f"{connection.CLOSE_SECONDS:.0f}",
        "per_address": str(server.MOST_PER_ADDRESS),
        "connections": f"{server.MOST_CONNECTIONS:,}",
        "lease": Settings.__dataclass_fields__["lease_seconds"].metadata["default"],
        "rate": f"{pace.FRAMES_PER_SECOND:.0f}",
        "burst": f"{pace.BURST:.0f}",
        "out_frames": str(session.OUT_FRAMES),
        "out_bytes": f"{session.OUT_BYTES // 1024:,} KiB",
        "send_seconds": f"{session.SEND_SECONDS:.0f}",
        "batch": str(gateway.BATCH_LINES),
        "rescan": f"{pulse.RESCAN_SECONDS:.0f}",
        "silent": str(pulse.SILENT_BEATS),
        "places": f"{places.PAUSE_SECONDS:.0f}",
        "rows": str(queue_view.QUEUE_ROWS),
        "follows": str(agent.MOST_FOLLOWS),
        "queue_rate": f"{1 / agent.QUEUE_PAUSE_SECONDS:.0f}",
        "tickets": str(widget.TICKETS_OF_ADDRESS),
        "client_tickets": f"{widget.TICKETS_OF_CLIENT:,}",
        "login_tries": str(desk.TRIES_OF_LOGIN),
        "address_tries": str(desk.TRIES_OF_ADDRESS),
        "try_minutes": f"{desk.TRY_SECONDS / 60:.0f}",
        "history": str(desk.HISTORY_LINES),
        "body_bytes": f"{replies.MAX_BODY_BYTES:,}",
        "prefer": f"{PREFER_OLD_AGENT_SECONDS:.0f}",
    }
    return Template(TEMPLATE.read_text("utf-8")).substitute(values)


def _frames(side: object, shown: Sequence[m.Frame]) -> Iterator[str]:
    by_type = {type(frame): frame for frame in shown}
    for frame in frames_of(side):
        if frame not in by_type:
            raise NoMeaning(f"{frame.__name__} has no example: see protocol/examples.py.")
        yield from _struct(frame, by_type[frame])


def _struct(struct: type[Struct], example: m.Frame | None = None) -> Iterator[str]:
    is_frame = issubclass(struct, m.Frame)
    yield f"#### `{tag_of(struct)}`" if is_frame else f"#### {struct.__name__}"
    yield ""
    yield meaning_of(struct)
    yield ""
    rows = [
        (
            f"`{field.encode_name}`",
            _type_text(field.type) + _optional(field),
            meaning_of_field(struct, field.encode_name),
        )
        for field in fields_of(struct)
    ]
    if rows:
        yield _table(("field", "type", "meaning"), rows)
        yield ""
    if example is not None:
        yield "```json"
        yield _json(example)
        yield "```"
        yield ""


def _optional(field: types.Field) -> str:
    """Whether it may be left out, and what it is then."""
    if field.required:
        return ""
    empty = field.default_factory() if field.default is NODEFAULT else field.default
    return ", optional" if empty is None else f", optional: else {_EMPTY[repr(empty)]}"


def _steps() -> Iterator[str]:
    for who, way, frame in worked_example.STEPS:
        told = "(the connection is lost, and with it the answer)" if frame is None else _json(frame)
        yield " ".join(part for part in (who, way, told) if part)


def _json(frame: m.Frame) -> str:
    """The codec's own text, with blanks after commas and colons to be readable."""
    return json.dumps(json.loads(encode(frame)), ensure_ascii=False)


def _coded(told: Mapping[str, str]) -> list[tuple[str, ...]]:
    return [(f"`{code}`", meaning) for code, meaning in told.items()]


def _table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    lines = [head, tuple("---" for _ in head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _type_text(kind: types.Type) -> str:
    match kind:
        case types.UnionType(types=options):
            return " or ".join(_type_text(option) for option in options)
        case types.NoneType():
            return "null"
        case types.BoolType():
            return "true or false"
        case types.FloatType():
            return "number"
        case types.IntType(ge=low, le=high):
            return f"whole number from {low} to {high:,}" if low is not None else "whole number"
        case types.LiteralType(values=values):
            return ", ".join(f"`{value}`" for value in values)
        case types.StrType(pattern=str(pattern)):
            return _PATTERNS[pattern]
        case types.StrType(min_length=low, max_length=int(high)):
            return f"text of {low or 0} to {high:,} characters"
        case types.StrType():
            return "text"
        case types.StructType(cls=struct):
            return f"[{struct.__name__}](#{struct.__name__.lower()})"
        case types.VarTupleType(item_type=item):
            return f"list of {_type_text(item)}"
        case types.DictType(key_type=key, value_type=value):
            return f"object: {_type_text(key)} to {_type_text(value)}"
        case types.AnyType():
            return "any JSON"
        case _:
            raise NoMeaning(f"{kind} has no words: see scripts/protocol_docs.py.")


# --- the types for JavaScript -----------------------------------------------------------------


def declarations() -> str:
    """handoff/web/shared/frames.d.ts."""
    lines = [
        "// Generated by scripts/protocol_docs.py from handoff/protocol/messages.py: do not edit.",
        "// In a module: /** @typedef {import('../shared/frames.js').Send} Send */",
        "",
        f"export const VERSION: {m.VERSION};",
    ]
    frames = list(dict.fromkeys(frame for _, side, _ in SIDES for frame in frames_of(side)))
    for struct in (*PARTS, *frames):
        lines += ["", f"/** {meaning_of(struct)} */", f"export interface {struct.__name__} {{"]
        if issubclass(struct, m.Frame):
            lines.append(f'  t: "{tag_of(struct)}";')
        for field in fields_of(struct):
            lines.append(f"  /** {meaning_of_field(struct, field.encode_name)} */")
            mark = "" if field.required else "?"
            lines.append(f"  {field.encode_name}{mark}: {_script_type(field.type)};")
        lines.append("}")
    for name, side, _ in SIDES:
        told = " | ".join(frame.__name__ for frame in frames_of(side))
        lines += ["", f"export type {name} = {told};"]
    return "\n".join(lines) + "\n"


def _script_type(kind: types.Type) -> str:
    match kind:
        case types.UnionType(types=options):
            return " | ".join(_script_type(option) for option in options)
        case types.NoneType():
            return "null"
        case types.BoolType():
            return "boolean"
        case types.FloatType() | types.IntType():
            return "number"
        case types.LiteralType(values=values):
            return " | ".join(json.dumps(value) for value in values)
        case types.StrType():
            return "string"
        case types.StructType(cls=struct):
            return struct.__name__
        case types.VarTupleType(item_type=item):
            return f"ReadonlyArray<{_script_type(item)}>"
        case types.DictType(value_type=value):
            return f"Record<string, {_script_type(value)}>"
        case types.AnyType():
            return "unknown"
        case _:
            raise NoMeaning(f"{kind} has no JavaScript type: see scripts/protocol_docs.py.")


def stale() -> list[Path]:
    """The generated files that are not as they would be generated now."""
    wanted = {DOCUMENT: document(), TYPES: declarations()}
    return [
        path
        for path, text in wanted.items()
        if not path.exists() or path.read_text("utf-8") != text
    ]


def main() -> int:
    if sys.argv[1:] == ["--check"]:
        for path in (old := stale()):
            print(f"{path.relative_to(ROOT)} is stale: run python -m scripts.protocol_docs")
        return 1 if old else 0
    DOCUMENT.write_text(document(), "utf-8")
    TYPES.write_text(declarations(), "utf-8")
    print(f"Wrote {DOCUMENT.relative_to(ROOT)} and {TYPES.relative_to(ROOT)}.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
