"""Frames that are right are read; frames that are not end in one error that names the field."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handoff.errors import FrameTooBig, ProtocolError
from handoff.protocol import messages as m
from handoff.protocol.codec import decode_agent, decode_customer, encode

CMID = "0f8fad5b-d9cb-469f-a165-70867728950e"
CLAIM = {"t": "claim", "request": CMID, "client": "heimbud", "conversation": "a" * 32,
         "handoff": "b" * 32}  # fmt: skip


def test_a_line_is_read() -> None:
    text = json.dumps({"t": "send", "cmid": CMID, "text": "hei"})
    assert decode_customer(text) == m.Send(cmid=CMID, text="hei")


@pytest.mark.parametrize(
    ("frame", "named"),
    [
        ("", "truncated"),
        ("[]", "object"),
        ("{", "truncated"),
        ('{"t":"nonsense"}', "$.t"),
        ('{"cmid":"x"}', "`t`"),
        (json.dumps({"t": "send", "cmid": CMID}), "text"),
        (json.dumps({"t": "send", "cmid": CMID, "text": "a", "button": {"seq": 1, "index": 0}}),
         "button"),
        (json.dumps({"t": "send", "cmid": "1", "text": "hei"}), "$.cmid"),
        (json.dumps({"t": "send", "cmid": CMID, "text": ""}), "$.text"),
        (json.dumps({"t": "send", "cmid": CMID, "text": "a" * 4001}), "$.text"),
        (json.dumps({"t": "send", "cmid": CMID, "text": 7}), "$.text"),
        (json.dumps({"t": "send", "cmid": CMID, "text": "a", "admin": True}), "admin"),
        (json.dumps({"t": "seen", "seq": -1}), "$.seq"),
        (json.dumps({"t": "seen", "seq": 1.5}), "$.seq"),
        (json.dumps({"t": "seen", "seq": True}), "$.seq"),
        (json.dumps({"t": "choose", "cmid": CMID, "choice": "flee"}), "$.choice"),
        (json.dumps({"t": "claim", "request": CMID}), "client"),
        (json.dumps({"t": "resume", "epoch": "../../etc", "after": 0}), "$.epoch"),
        (json.dumps({"t": "hello"}), "`v`"),
        (json.dumps({"t": "set_language", "cmid": CMID, "language": "sv"}), "$.language"),
        ("[" * 5_000, "object"),
        (b"\xff\xfe{}", "binary"),
        (b'{"t":"beat"}', "binary"),
        ('{"t":"hello","v":1,"ticket":"\ud800"}', "half a character"),
        (json.dumps({"t": "seen", "seq": 2**53 + 1}), "$.seq"),
        ('{"t":"hello","v":%s}' % ("9" * 4_000), "$.v"),
        (json.dumps({**CLAIM, "control": 2**31}), "$.control"),
        (json.dumps({**CLAIM, "control": -1}), "$.control"),
    ],
)  # fmt: skip
def test_a_wrong_frame_names_what_is_wrong(frame: str | bytes, named: str) -> None:
    decode = decode_agent if '"claim"' in str(frame) else decode_customer
    with pytest.raises(ProtocolError) as caught:
        decode(frame)
    assert named in str(caught.value)


@pytest.mark.parametrize(
    "frame",
    [
        {"t": "send", "cmid": "hemmelig", "text": "hemmelig"},
        {"t": "hemmelig"},
        {"t": "choose", "cmid": CMID, "choice": "hemmelig 'og' \n hemmelig"},
    ],
)
def test_an_error_never_repeats_a_value(frame: dict[str, object]) -> None:
    with pytest.raises(ProtocolError) as caught:
        decode_customer(json.dumps(frame))
    assert "hemmelig" not in str(caught.value)


def test_an_error_is_short_whatever_a_field_is_called() -> None:
    with pytest.raises(ProtocolError, match="unknown field `xxx") as caught:
        decode_customer(json.dumps({"t": "beat", "x" * 60_000: 1}))
    assert len(str(caught.value)) < 300


def test_a_frame_above_64_kib_is_too_big_in_bytes_not_letters() -> None:
    with pytest.raises(FrameTooBig):
        decode_customer("æ" * 33_000)


def test_a_customers_frame_is_no_agents_frame() -> None:
    with pytest.raises(ProtocolError):
        decode_agent(json.dumps({"t": "send", "cmid": CMID, "text": "hei"}))
    with pytest.raises(ProtocolError):
        decode_customer(json.dumps({"t": "next", "request": CMID}))


@given(st.text() | st.binary(max_size=2_000))
def test_noise_ends_in_a_protocol_error(noise: str | bytes) -> None:
    for decode in (decode_customer, decode_agent):
        with pytest.raises(ProtocolError):
            decode(noise)


_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=12,
)


@given(
    st.sampled_from(["send", "hello", "resume", "seen", "claim", "say", "hand_back"]),
    st.dictionaries(st.sampled_from(["cmid", "text", "v", "seq", "slots", "x"]), _json),
)
def test_any_fields_are_a_frame_or_a_protocol_error(kind: str, fields: dict[str, object]) -> None:
    text = json.dumps({"t": kind, **fields})
    for decode in (decode_customer, decode_agent):
        try:
            frame = decode(text)
        except ProtocolError:
            continue
        assert json.loads(encode(frame))["t"] == kind
