"""What a message fills in a form's facts, and what it puts right in them."""

from __future__ import annotations

import re
from typing import Any

from actions.digressions import parts_named
from actions.errand import FACTS, LASTING, Errand, Field, Run
from actions.facts import Kind, Words, digits_of, telling_words
from actions.periods import Edge

_REPROACH = re.compile(
    r"^\W*(?:(?:nei|næi|næ|no|nope|feil|men|altså"
    r"|det (?:er|var|va|skal (?:være|stå)|ska vær)|it was)"
    r"(?!\w)[\s,.:]*)+",
    re.IGNORECASE,
)


def fill(run: Run, errand: Errand, asked: Field | None) -> None:
    """Take every fact of the errand that the message holds, the asked-for one first."""
    turn, taken = run.turn, ""
    ordered = sorted(errand.fields, key=lambda f: f is not asked)
    for field in ordered:
        pairs = ((field.slot, field.kind), *field.instead)
        for slot, kind in pairs:
            if field is not asked and not _may_take(run, asked, slot, kind):
                continue
            value = kind.read(turn, field is asked)
            if value is None:
                continue
            if slot in LASTING and taken and digits_of(value) == taken:
                continue  # the same digits were just taken as what was asked for
            if field is asked and slot in LASTING:
                taken = digits_of(value)
                _give_back(run, slot, taken)
            if run.get(slot) != value:
                run.set(slot, value)
                if slot != "confirm" and run.get("confirm") is not None:
                    run.set("confirm", None)
            if field is asked:
                run.verify(slot)
                break
    if errand.gather:
        errand.gather(run)
    _take_corrections(run, errand)


def _may_take(run: Run, asked: Field | None, slot: str, kind: Kind) -> bool:
    """Whether a fact nobody asked for just now may be read from the message."""
    if isinstance(kind, Words):
        return asked is None  # the errand's first message may already tell the story
    if asked is None or asked.slot == "confirm" or slot in LASTING:
        return True
    if isinstance(kind, Edge) and run.get(slot) is not None:
        return kind.moves(run.turn)
    # A lone date answers the question alone; it does not move another date as well.
    return run.get(slot) is None or run.get(asked.slot) is None


def _give_back(run: Run, slot: str, digits: str) -> None:
    """Undo what the same digits filled elsewhere: the question decides what they are."""
    for other, earlier in run.turn.replaced(LASTING).items():
        if other != slot and digits_of(run.get(other)) == digits:
            run.set(other, earlier)


def _take_corrections(run: Run, errand: Errand) -> None:
    """A number the understanding already replaced ("nei, jeg mente HB…") counts as news."""
    for slot, earlier in run.turn.replaced(LASTING).items():
        if errand.field_of(slot) and run.get(slot) != earlier:
            run.set(slot, run.get(slot))
            if run.get("confirm") is not None:
                run.set("confirm", None)


def retell(run: Run, errand: Errand, before: dict[str, Any]) -> None:
    """ "Nei, det var en lekkasje": what follows the no is the story told anew."""
    turn = run.turn
    field = next((f for f in errand.fields if f.lenient and run.get(f.slot)), None)
    fresh = {slot for slot in FACTS if run.changed.get(slot) != before.get(slot)}
    if field is None or fresh - {"confirm"} or turn.is_payload or turn.text.endswith("?"):
        return
    rest = _REPROACH.sub("", turn.text).strip(" .!")
    started = len(rest) < len(turn.text.strip(" .!"))
    told = len(telling_words(turn, rest)) >= 2 and started
    if told and not parts_named(turn, [f.slot for f in errand.fields]):
        run.set(field.slot, rest[:500])
        run.set("confirm", None)


def mend(run: Run, errand: Errand) -> None:
    """After "no" to the summary: drop the part that is named, so that it is asked anew."""
    choice = run.turn.choice() or ""
    if choice.startswith("edit:"):
        named = choice.removeprefix("edit:").split("+")
    else:
        named = parts_named(run.turn, [field.slot for field in errand.fields])
    for slot in named:
        if errand.field_of(slot) and slot not in run.changed:
            run.forget(slot)
