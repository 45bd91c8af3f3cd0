"""The stand-in for the clients' systems says what the contract's examples say."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.actions.client_systems import ANSWERS, answer

EXAMPLES: list[dict[str, Any]] = json.loads(
    (Path(__file__).parents[1] / "contract" / "operations.json").read_text("utf-8")
)["examples"]
GOOD = [one for one in EXAMPLES if one["response"].get("ok")]


def shape(value: Any) -> Any:
    """The keys at every depth; of a list those of its first item, and nothing is like anything."""
    if isinstance(value, dict):
        return {key: shape(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [shape(value[0])] if value else []
    return None


def fits(ours: Any, theirs: Any) -> bool:
    if isinstance(ours, dict) and isinstance(theirs, dict):
        return ours.keys() == theirs.keys() and all(fits(ours[key], theirs[key]) for key in ours)
    if isinstance(ours, list) and isinstance(theirs, list) and ours and theirs:
        return fits(ours[0], theirs[0])
    return True


@pytest.mark.parametrize("operation", sorted({one["operation"] for one in GOOD}))
def test_an_answer_of_the_stand_in_has_the_fields_of_the_contracts(operation: str) -> None:
    expected = [shape(one["response"]["data"]) for one in GOOD if one["operation"] == operation]
    for ours in ANSWERS[operation].values():
        assert any(fits(shape(ours), theirs) for theirs in expected), shape(ours)


def test_the_contract_has_every_error_the_stand_in_can_give() -> None:
    told = {one["response"].get("error") for one in EXAMPLES} - {None}
    assert answer("track_parcel", {"tracking_number": "HB99999999"})["error"] in told
