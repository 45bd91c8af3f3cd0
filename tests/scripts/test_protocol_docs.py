"""The protocol's document and JavaScript types follow from its Python types, and lack nothing."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
from msgspec import Struct

from handoff import errors
from handoff.bridge import wording
from handoff.core.message import Kind
from handoff.protocol import codes, examples, meanings
from handoff.protocol import messages as m
from handoff.protocol.codec import decode_agent, decode_customer, encode
from scripts import protocol_docs


def structs() -> list[type[Struct]]:
    return [s for s in vars(m).values() if isinstance(s, type) and issubclass(s, Struct)]


def test_the_generated_files_are_up_to_date() -> None:
    assert protocol_docs.stale() == [], "run .venv/bin/python -m scripts.protocol_docs"


@pytest.mark.parametrize("struct", structs(), ids=lambda struct: struct.__name__)
def test_every_frame_and_part_is_reached_and_explained(struct: type[Struct]) -> None:
    if struct is m.Frame:
        return
    frames = {f for _, side, _ in protocol_docs.SIDES for f in protocol_docs.frames_of(side)}
    assert struct in frames | set(protocol_docs.PARTS)
    assert protocol_docs.meaning_of(struct)
    for field in protocol_docs.fields_of(struct):
        assert protocol_docs.meaning_of_field(struct, field.encode_name)


def test_no_meaning_is_left_over_from_a_field_that_is_gone() -> None:
    for struct, fields in meanings.FIELDS.items():
        assert set(fields) <= {field.encode_name for field in protocol_docs.fields_of(struct)}


def test_every_close_code_says_whether_to_come_back() -> None:
    assert set(codes.ADVICE) == set(codes.Close)


def test_every_error_code_is_explained_or_never_sent() -> None:
    def below(kind: type[errors.StafettError]) -> set[str]:
        return {kind.code}.union(*(below(sub) for sub in kind.__subclasses__()))

    assert below(errors.StafettError) - meanings.NEVER_SENT <= set(meanings.ERRORS)


def test_every_notice_and_every_kind_of_line_is_explained() -> None:
    assert set(meanings.NOTICES) == set(wording._LINES)
    assert set(meanings.KINDS) == {kind.value for kind in Kind}


@pytest.mark.parametrize(
    ("frames", "decode"),
    [(examples.CUSTOMER, decode_customer), (examples.AGENT, decode_agent)],
    ids=["customer", "agent"],
)
def test_every_example_to_the_server_is_read_as_it_was_meant(frames, decode) -> None:  # type: ignore[no-untyped-def]
    for frame in frames:
        assert decode(encode(frame)) == frame


def _shown(side: str) -> dict[str, str]:
    """The example of each kind of frame as the document prints it, below one side's heading."""
    text = protocol_docs.DOCUMENT.read_text("utf-8")
    section = text.split(f"\n### {side}\n")[1].split("\n### ")[0].split("\n## ")[0]
    found = re.findall(r"^#### `(\w+)`$(.*?)(?=^#### |\Z)", section, re.M | re.S)
    blocks = {tag: re.findall(r"```json\n(.*?)\n```", body, re.S) for tag, body in found}
    assert len(blocks) == len(found)
    assert {tag: len(examples) for tag, examples in blocks.items()} == dict.fromkeys(blocks, 1)
    return {tag: examples[0] for tag, examples in blocks.items()}


@pytest.mark.parametrize(
    ("heading", "side", "decode"),
    [
        ("From the customer", m.CustomerFrame, decode_customer),
        ("To the customer", m.ToCustomer, msgspec.json.Decoder(m.ToCustomer).decode),
        ("From the agent", m.AgentFrame, decode_agent),
        ("To the agent", m.ToAgent, msgspec.json.Decoder(m.ToAgent).decode),
    ],
)
def test_the_document_shows_every_frame_of_a_side_and_the_codec_reads_it(
    heading: str, side: object, decode: Callable[[str], m.Frame]
) -> None:
    shown = _shown(heading)
    assert shown.keys() == {protocol_docs.tag_of(f) for f in protocol_docs.frames_of(side)}
    for tag, text in shown.items():
        frame = decode(text)
        assert protocol_docs.tag_of(type(frame)) == tag
        assert json.loads(encode(frame)) == json.loads(text)


def test_the_json_in_the_document_is_json() -> None:
    blocks = re.findall(r"```json\n(.*?)```", protocol_docs.DOCUMENT.read_text("utf-8"), re.S)
    assert len(blocks) > 40
    for block in blocks:
        json.loads(block)


def test_a_field_without_a_meaning_is_named() -> None:
    class Odd(m.Frame, frozen=True, tag="odd"):
        """A frame."""

        strange: int

    with pytest.raises(protocol_docs.NoMeaning, match=r"Odd\.strange"):
        protocol_docs.meaning_of_field(Odd, "strange")


def test_a_stale_file_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old = tmp_path / "protocol.md"
    old.write_text("yesterday's", "utf-8")
    monkeypatch.setattr(protocol_docs, "DOCUMENT", old)
    assert protocol_docs.stale() == [old]
