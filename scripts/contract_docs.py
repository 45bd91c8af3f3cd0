"""Writes the look-ups of docs/bot-contract.md: the operations, and the examples of tests/contract/.

Run `.venv/bin/python -m scripts.contract_docs` after a change of either; a test says when to.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from typing import Any

from msgspec import Struct
from msgspec import inspect as types

from handoff.client_systems.operations import OPERATIONS, Operation
from handoff.settings import ROOT

DOCUMENT = ROOT / "docs" / "bot-contract.md"
EXAMPLES = ROOT / "tests" / "contract" / "operations.json"
BEGIN = "[//]: # (made by scripts/contract_docs.py: begin)"
END = "[//]: # (made by scripts/contract_docs.py: end)"


def look_ups() -> str:
    """The generated part, between its marks."""
    return "\n".join((BEGIN, "", *_table(), "", *_examples(), END))


def document() -> str:
    """The whole document with its generated part made anew."""
    text = DOCUMENT.read_text("utf-8")
    before, _, rest = text.partition(BEGIN)
    return before + look_ups() + rest.partition(END)[2]


def _table() -> Iterator[str]:
    yield "| operation | arguments | data of the answer | the client system's call |"
    yield "| --- | --- | --- | --- |"
    for name, operation in OPERATIONS.items():
        paths = dict.fromkeys(operation.any_of.values()) or {operation.path: None}
        calls = ", ".join(f"`{operation.method} {path}`" for path in paths)
        told = ", ".join(f"`{field}`" for field in _fields(operation.answer))
        yield f"| `{name}` | {_arguments(operation)} | {told} | {calls} |"


def _arguments(operation: Operation) -> str:
    if operation.any_of:
        return " or ".join(f"`{name}`" for name in operation.any_of)
    required = [f"`{name}`" for name in operation.required]
    optional = [f"`{name}` (optional)" for name in operation.optional]
    return ", ".join((*required, *optional))


def _fields(struct: type[Struct]) -> list[str]:
    told = types.type_info(struct)
    return [f.encode_name for f in told.fields] if isinstance(told, types.StructType) else []


def _examples() -> Iterator[str]:
    """One of each operation, and one of each error."""
    shown: set[tuple[str, str | None]] = set()
    for example in json.loads(EXAMPLES.read_text("utf-8"))["examples"]:
        error = example["response"].get("error")
        key = ("", error) if error else (example["operation"], None)
        if key in shown:
            continue
        shown.add(key)
        yield f"`POST /clients/{example['client']}/operations/{example['operation']}`"
        yield ""
        yield from _block(example["request"])
        yield from _block(example["response"])


def _block(content: Mapping[str, Any]) -> Iterator[str]:
    yield from ("```json", json.dumps(content, ensure_ascii=False), "```", "")


def main() -> int:
    DOCUMENT.write_text(document(), "utf-8")
    print(f"Wrote {DOCUMENT.relative_to(ROOT)}.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
