"""Every action there is. Concrete actions are made here, one set for each errand and topic.

The server registers all subclasses of ``Action`` in this package: a new module needs no entry.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import new_class
from typing import Any

from rasa_sdk import Action

from actions import billing, insurance, newspaper, parcel
from actions.conversation import Topic
from actions.ending import ANSWERED_ON_LEAVING, AskConfirm, EndErrand
from actions.errand import Errand
from actions.forms import ValidateForm
from actions.next_errand import NextErrand

ERRANDS: tuple[Errand, ...] = (
    *billing.ERRANDS,
    *parcel.ERRANDS,
    *newspaper.ERRANDS,
    *insurance.ERRANDS,
)
TOPICS: tuple[str, ...] = (
    "cancel_subscription",
    "coverage_question",
    "price_quote",
    "cancel_policy",
    "roadside_assistance",
)


def _concrete(base: type[Action], label: str, **members: Any) -> type[Action]:
    def fill(namespace: dict[str, Any]) -> None:
        namespace.update(members, __module__=__name__)

    return new_class(f"{base.__name__}_{label}", (base,), exec_body=fill)


def _make() -> list[type[Action]]:
    by_intent: Mapping[str, Errand] = {errand.intent: errand for errand in ERRANDS}
    made = [_concrete(Topic, intent, intent=intent) for intent in TOPICS]
    for errand in ERRANDS:
        members = {"errand": errand, "errands": by_intent, "topics": frozenset(TOPICS)}
        made.append(_concrete(ValidateForm, errand.intent, **members))
        made.append(_concrete(EndErrand, errand.intent, errand=errand))
        if errand.summary:
            made.append(_concrete(AskConfirm, errand.intent, errand=errand))
    answers = dict(zip(TOPICS, made, strict=False))
    answers.update(ANSWERED_ON_LEAVING)
    made.append(_concrete(NextErrand, "any", errands=by_intent, answers=answers))
    return made


ACTIONS: tuple[type[Action], ...] = tuple(_make())
