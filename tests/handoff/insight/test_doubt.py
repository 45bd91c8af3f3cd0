"""Which lines of a conversation a designer is shown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from handoff.core.message import Audience, Author, Kind, Message, Stored
from handoff.disguise import Found
from handoff.insight.doubt import Heard, doubtful


class Talk:
    """A conversation's staff stream, written line by line."""

    def __init__(self) -> None:
        self.lines: list[Stored] = []

    def _add(
        self, author: Author, kind: Kind, body: Mapping[str, object], turn: str | None
    ) -> None:
        number = len(self.lines) + 1
        message = Message(author, kind, body, Audience.STAFF, turn_id=turn)
        self.lines.append(Stored("c", number, None, float(number), message))

    def says(self, text: str, turn: str | None = None, **body: object) -> None:
        self._add(Author.CUSTOMER, Kind.TEXT, {"text": text, **body}, turn or text)

    def understood(self, turn: str, confidence: float, decision: str = "", **nlu: object) -> None:
        body = {
            "nlu": {"intent": "track_parcel", "confidence": confidence, "ranking": [],
                    "entities": [], **nlu},
            "assessment": {"decision": decision} if decision else None,
        }  # fmt: skip
        self._add(Author.BOT, Kind.UNDERSTANDING, body, turn)
        self._add(Author.BOT, Kind.TEXT, {"text": "Svar"}, turn)

    def handed(self, reason: str, *quotes: str) -> None:
        card = {"reason": reason, "reasons": [{"code": reason, "quotes": list(quotes)}]}
        self._add(Author.SYSTEM, Kind.CARD, card, None)


def found(talk: Talk, *, uncertain: bool = True, handed_over: bool = True) -> list[Heard]:
    return list(doubtful(talk.lines, uncertain=uncertain, handed_over=handed_over))


def test_a_line_the_bot_was_sure_of_is_not_shown() -> None:
    talk = Talk()
    talk.says("hvor er pakken")
    talk.understood("hvor er pakken", 0.9, "continue")
    assert found(talk) == []


def test_low_confidence_a_fallback_and_a_clarification_are_each_told() -> None:
    talk = Talk()
    for turn in ("a", "b", "c", "d", "e"):
        talk.says(turn)
    talk.understood("a", 0.41)
    talk.understood("b", 0.2, intent="nlu_fallback", ranking=[{"name": "refund"}])
    talk.understood("c", 0.7, "clarify", entities=[{"entity": "date", "start": 0, "end": 1}])
    talk.understood("d", 0.6, plausible=["track_parcel", "parcel_not_received"])
    talk.understood("e", 0.97, intent="out_of_scope")
    a, b, c, d, e = found(talk)
    assert (a.text, a.intent, a.confidence, a.unsure) == (
        "a", "track_parcel", 0.41, ["low confidence"],
    )  # fmt: skip
    assert (b.intent, b.unsure) == ("refund", ["fallback", "low confidence"])
    assert (c.unsure, c.found) == (["clarified"], (Found("date", 0, 1),))
    assert (d.unsure, e.unsure) == (["clarified"], ["out of scope"])


def test_the_last_lines_before_a_person_and_the_quoted_ones_are_shown() -> None:
    talk = Talk()
    for text in ("Dette er for dårlig av dere,  altså", "nei", "ja", "la meg snakke med noen"):
        talk.says(text)
        talk.understood(text, 0.9)
    talk.handed("frustration", "dette er for dårlig av dere…")
    talk.says("takk for hjelpen")
    assert [one.text for one in found(talk)] == [
        "Dette er for dårlig av dere,  altså", "ja", "la meg snakke med noen",
    ]  # fmt: skip
    assert {tuple(one.handed) for one in found(talk)} == {("frustration",)}
    assert found(talk, handed_over=False) == []


def test_only_what_is_asked_for_is_shown() -> None:
    talk = Talk()
    talk.says("unsure")
    talk.understood("unsure", 0.1)
    for text in ("one", "two"):
        talk.says(text)
    talk.handed("asked_human")
    assert [one.text for one in found(talk, handed_over=False)] == ["unsure"]
    assert [one.text for one in found(talk, uncertain=False)] == ["one", "two"]


def test_a_pressed_button_is_no_line_of_a_customers() -> None:
    talk = Talk()
    talk.says("Ja", payload="/affirm")
    talk.understood("Ja", 0.1)
    talk.handed("asked_human")
    assert found(talk) == []


def test_what_the_bot_stored_in_another_form_is_passed_over() -> None:
    talk = Talk()
    talk.says("hei")
    talk.understood("hei", 0.9, ranking="none", entities=[7, {"entity": 1}], intent=7)
    talk.handed("asked_human")
    assert [(one.intent, one.found) for one in found(talk)] == [(None, ())]


def test_a_long_conversation_is_never_held_whole() -> None:
    held: list[int] = []

    def endless() -> Iterator[Stored]:
        talk = Talk()
        for number in range(500):
            told = len(talk.lines)
            talk.says(f"line {number}")
            talk.understood(f"line {number}", 0.1)
            held.append(number)
            yield from talk.lines[told:]

    first = next(iter(doubtful(endless(), uncertain=True, handed_over=True)))
    assert first.text == "line 0"
    assert len(held) < 60
