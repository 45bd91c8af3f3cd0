from __future__ import annotations

import json

from actions.judgement.history import History
from actions.judgement.played import as_row, as_turn, read_played
from tests.actions.judgement.talk import Talk


def talk() -> Talk:
    told = Talk().user("Kor e pakken", "track_parcel", 0.8).slot("requested_slot", "number")
    told.bot("Hva er sporingsnummeret?", buttons=(("Vet ikke", "/deny"),))
    told.user("HB12345678", "inform", entities={"tracking_number": "HB12345678"}, at=4.0)
    told.slot("tracking_number", "HB12345678").bot("Den er på vei.")
    told.slot("lookups", [{"operation": "track_parcel", "ok": True, "error": None}])
    return told


def test_a_played_turn_comes_back_as_it_was_without_the_machines_pace() -> None:
    row = as_row("a", talk().events)
    again = [as_turn(turn) for turn in json.loads(json.dumps(row))["turns"]]
    turns = History.from_events(talk().events).turns
    assert [turn.at for turn in again] == [None, None]
    for name in ("text", "intent", "confidence", "entities", "replies", "filled", "lookups",
                 "asked_for", "actions", "decision"):  # fmt: skip
        assert [getattr(turn, name) for turn in again] == [getattr(turn, name) for turn in turns]


def test_a_handover_in_the_middle_hides_no_turn() -> None:
    told = talk().slot("assessment", {"decision": "handoff"})
    told.events.append({"event": "resume"})
    told.user("Takk", "thank")
    assert [turn["text"] for turn in as_row("a", told.events)["turns"]][-1] == "Takk"
    assert len(as_row("a", told.events)["turns"]) == 3
    assert len(History.from_events(told.events).turns) == 1


def test_the_played_conversations_are_the_written_ones() -> None:
    from actions.judgement.corpus import read_written

    written = {row["id"]: row["turns"] for row in read_written()}
    played = read_played()
    same = [id_ for id_, turns in played.items() if [t.text for t in turns] == written.get(id_)]
    assert len(same) >= 0.9 * len(written), "run stafett handoff play"
