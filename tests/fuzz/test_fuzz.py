"""Whatever comes is a frame or one clean refusal; what is a frame stays the same when sent on."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from handoff.errors import ProtocolError
from handoff.protocol import codec
from handoff.protocol import messages as m
from handoff.protocol.codec import decode_agent, decode_customer, encode
from tests.fuzz.bending import FRAMES
from tests.fuzz.campaign import run
from tests.fuzz.drawn import frames_of
from tests.fuzz.judge import judge

SHORT = 8_000


def test_bent_frames_are_read_or_refused() -> None:
    tally = run(SHORT, seed=1)
    assert tally.faults == []
    assert tally.inputs == SHORT
    # Of each ending there are enough for the run to mean something.
    assert tally.endings["frame"] > SHORT / 20
    assert tally.endings["bad_frame"] > SHORT
    assert min(tally.endings["too_big"], tally.endings["bad_input"]) > 2


@settings(max_examples=400)
@given(frames_of(m.CustomerFrame))
def test_a_customers_frame_is_the_same_when_sent_on(frame: m.Frame) -> None:
    if isinstance(frame, m.Send) and (frame.text is None) == (frame.button is None):
        with pytest.raises(ProtocolError):
            decode_customer(encode(frame))
    else:
        assert decode_customer(encode(frame)) == frame
    assert judge(decode_customer, encode(frame)).fault == ""


@settings(max_examples=400)
@given(frames_of(m.AgentFrame))
def test_an_agents_frame_is_the_same_when_sent_on(frame: m.Frame) -> None:
    assert decode_agent(encode(frame)) == frame
    assert judge(decode_agent, encode(frame)).fault == ""


@pytest.mark.parametrize("side", [m.ToCustomer, m.ToAgent], ids=["customer", "agent"])
def test_a_frame_of_the_servers_is_read_as_it_was_meant(side: object) -> None:
    read = msgspec.json.Decoder(side).decode

    @settings(max_examples=300)
    @given(frames_of(side))
    def holds(frame: m.Frame) -> None:
        assert read(encode(frame)) == frame

    holds()


@settings(max_examples=300)
@given(st.sampled_from(FRAMES), st.data())
@example(FRAMES[0], None)
def test_a_frame_cut_anywhere_is_refused(frame: dict[str, object], data: st.DataObject) -> None:
    text = msgspec.json.encode(frame).decode()
    cut = data.draw(st.integers(0, len(text) - 1)) if data else len(text) - 1
    for decode in (decode_customer, decode_agent):
        with pytest.raises(ProtocolError):
            decode(text[:cut])


# --- the judge itself is proved ---------------------------------------------------------


def test_another_exception_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    def careless(decoder: msgspec.json.Decoder[object], data: str | bytes) -> object:
        return decoder.decode(data)

    monkeypatch.setattr(codec, "_decode", careless)
    assert {fault.seen for fault in run(2_000, seed=1).faults} >= {"raised ValidationError"}


def test_a_binary_message_that_is_read_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    real = codec._decode
    monkeypatch.setattr(
        codec,
        "_decode",
        lambda decoder, data: real(
            decoder, data.decode("utf-8", "replace") if isinstance(data, bytes) else data
        ),
    )
    assert {fault.seen for fault in run(SHORT, seed=1).faults} == {"binary was read as a frame"}


def test_a_refusal_that_repeats_all_it_was_given_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(codec, "_told", str)
    assert {fault.seen for fault in run(SHORT, seed=1).faults} == {"a refusal without end"}


def test_a_size_that_is_not_looked_at_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(codec, "MAX_FRAME_BYTES", 10**9)
    data = '{"t":"beat"' + " " * 70_000 + "}"
    assert judge(decode_customer, data).fault == "more than a frame may weigh was read"


def test_an_input_that_takes_long_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    real = codec._told
    monkeypatch.setattr(codec, "_told", lambda error: (sum(range(10_000_000)), real(error))[1])
    assert judge(decode_customer, "{").fault.startswith("took ")


def test_a_frame_that_changes_on_its_way_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.fuzz.judge.encode", lambda frame: '{"t":"beat"}')
    data = '{"t":"typing","on":true}'
    assert judge(decode_customer, data).fault == "is another frame when sent again"
