"""What is read as a number, a day, an address, a yes."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from actions import facts
from actions.periods import Edge
from actions.turn import Turn


def turn(text: str, intent: str = "out_of_scope", **entities: Any) -> Turn:
    message = {
        "text": text,
        "intent_ranking": [{"name": intent, "confidence": 0.9}],
        "entities": [{"entity": name, "value": value} for name, value in entities.items()],
    }
    metadata = {"now": "2026-11-21T12:00:00+01:00", "input": "text"}
    events = [{"event": "user", "text": text, "parse_data": message, "metadata": metadata}]
    tracker: Any = SimpleNamespace(latest_message=message, events=events, slots={})
    return Turn(tracker)


@pytest.mark.parametrize(
    ("kind", "text", "asked", "value"),
    [
        (facts.TRACKING, "den heter hb 1234 5678 altså", False, "HB12345678"),
        (facts.TRACKING, "hb123456785no", False, "HB123456785NO"),
        (facts.TRACKING, "370712345678901234", False, "370712345678901234"),
        (facts.TRACKING, "12345678", False, None),
        (facts.TRACKING, "12345678", True, "HB12345678"),
        (facts.TRACKING, "ikke HB12345678, men HB12345679", True, "HB12345679"),
        (facts.SUBSCRIPTION, "det er 204 511", True, "204511"),
        (facts.SUBSCRIPTION, "2045170", True, "2045170"),
        (facts.SUBSCRIPTION, "204511", False, None),
        (facts.SUBSCRIPTION, "20451", True, None),
        (facts.INVOICE, "4100231", True, "4100231"),
        (facts.POLICY, "v1234567", False, "V-1234567"),
        (facts.POLICY, "1234567", True, "V-1234567"),
        (facts.CLAIM, "V-48213", False, "V-48213"),
        (facts.CLAIM, "24-105533", False, "24-105533"),
        (facts.CLAIM, "24 105533", True, "24-105533"),
        (facts.CLAIM, "123456", True, "123456"),
        (facts.POSTCODE, "5003 Bergen", True, "5003"),
        (facts.POSTCODE, "HB12345678", True, None),
    ],
)
def test_numbers_are_read_in_every_written_form(
    kind: facts.Number, text: str, asked: bool, value: str | None
) -> None:
    assert kind.read(turn(text), asked) == value


def test_a_weekday_is_the_last_one_for_what_has_happened_and_the_next_for_what_will() -> None:
    said = turn("torsdag", date="2026-11-26")
    said.entities[0]["past"] = "2026-11-19"
    assert facts.Day(past=True).read(said, True) == "2026-11-19"
    assert facts.Day().read(said, True) == "2026-11-26"


def test_a_day_on_the_wrong_side_of_today_is_no_answer() -> None:
    assert facts.Day(past=True).read(turn("i morgen", date="2026-11-22"), True) is None
    assert facts.Day().read(turn("i går", date="2026-11-20"), True) is None
    assert facts.Day().read(turn("i dag", date="2026-11-21"), True) == "2026-11-21"


def test_a_week_that_has_begun_is_paused_from_today() -> None:
    week = {"from": "2026-11-16", "to": "2026-11-22"}
    assert (
        Edge(False, "pause_from", "pause_to").read(turn("denne uka", period=week), False)
        == "2026-11-21"
    )
    assert (
        Edge(True, "pause_to", "pause_from").read(turn("denne uka", period=week), False)
        == "2026-11-22"
    )


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("Storgata 14", "Storgata 14"),
        ("Storgata 14, 5003 Bergen", "Storgata 14"),
        ("den nye adressen er Nedre Storgate 3B", "Nedre Storgate 3B"),
        ("my new address is Elm Road 7", "Elm Road 7"),
        ("vet ikke", None),
        ("5003", None),
    ],
)
def test_an_address_has_a_name_and_a_house_number(text: str, value: str | None) -> None:
    assert facts.Address().read(turn(text), True) == value


@pytest.mark.parametrize(
    ("text", "intent", "value"),
    [
        ("jadda", "out_of_scope", True),
        ("jau, gjer det", "out_of_scope", True),
        ("itj send", "out_of_scope", False),
        ("nei ja vent", "affirm", False),
        ("👍", "affirm", True),
        ("hæ", "greet", None),
    ],
)
def test_yes_and_no_in_many_mouths(text: str, intent: str, value: bool | None) -> None:
    assert facts.YesNo().read(turn(text, intent), True) is value


def test_an_own_words_fact_is_taken_unasked_only_from_a_whole_story() -> None:
    kind = facts.Words(fewest=3, opening=8)
    assert kind.read(turn("vil melde skade"), False) is None
    story = "noen knuste ruta på bilen min mens jeg var på jobb"
    assert kind.read(turn(story), False) == story
    assert kind.read(turn("hva da"), True) is None
