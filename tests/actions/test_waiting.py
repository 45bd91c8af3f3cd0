from __future__ import annotations

from typing import Any

from actions.waiting import in_turn, joined


def kept(*intents: str) -> dict[str, Any] | None:
    first, *rest = intents or ("",)
    return {"intent": first, "then": kept(*rest)} if first else None


def names(chain: Any) -> list[str]:
    return [str(each["intent"]) for each in in_turn(chain)]


def test_what_waited_before_waits_behind_what_is_new() -> None:
    assert names(joined(kept("refund", "greet"), kept("track_parcel", "return_parcel"))) == [
        "refund",
        "greet",
        "track_parcel",
        "return_parcel",
    ]


def test_an_errand_named_again_is_kept_once() -> None:
    assert names(joined(kept("refund"), kept("track_parcel", "refund"))) == [
        "refund",
        "track_parcel",
    ]
    assert names(joined(kept("refund", "greet"), kept("refund", "greet"))) == ["refund", "greet"]


def test_nothing_beside_something_is_that() -> None:
    assert joined(None, None) is None
    assert names(joined(kept("refund"), None)) == ["refund"]
    assert names(joined(None, kept("refund"))) == ["refund"]
