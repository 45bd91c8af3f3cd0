"""What was asked with "Mente du …?" and what was chosen, so that it is asked once and remembered.

The slot ``clarified`` holds the questions of a conversation, oldest first, each
``{"among": [intent, ...], "chosen": intent | "other" | None}``. Before a message is acted on, its
understanding is settled by them: an answer in words chooses among what was asked, an earlier
choice decides between the same intents again, and no question is put twice.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from rasa.shared.core.constants import ACTION_DEFAULT_FALLBACK_NAME
from rasa.shared.core.events import ActionExecuted, Event, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

SLOT = "clarified"
OTHER = "other"
FALLBACK = "nlu_fallback"
OTHER_PAYLOAD = "help"
YES, NO = "affirm", "deny"
ASKING = frozenset({"action_clarify", ACTION_DEFAULT_FALLBACK_NAME})
# Where something else may be meant as well, that is answered: nobody who is cross wants to be asked
# whether he complains. How he feels is the assessment's to judge.
MOODS = frozenset({"complain"})
# Intents taken without the customer's word keep the confidence they were read with.
GUESSED = frozenset({"asked", "matter"})
# Of the confidence, what the intents that were asked about must have together, and the first of
# them among these, for an answer in words to be a choice.
TOGETHER, CLEARLY = 0.3, 0.6

_BEFORE = r"\W*(?:(?:den|det|nummer|number|nr|alternativ|the|ta|jeg mente|eg meinte|i meant)\W+)*"
_AFTER = r"(?:\W+(?:da|takk|en|one|please|av dem|av dei|av disse))*\W*"


def _answer(words: str) -> re.Pattern[str]:
    return re.compile(f"{_BEFORE}(?:{words}){_AFTER}", re.IGNORECASE)


_PLACES = tuple(
    map(
        _answer,
        (
            "1|en|ein|ett|eitt|første|fyrste|fysste|førstnevnte|øverste|øvste|first|one",
            "2|to|andre|annen|aent|nest øverste|second|two",
            "3|tre|tri|tredje|tredde|third|three",
            "4|fire|fjerde|fjære|fourth|four",
        ),
    )
)
_LAST = _answer("siste|sisste|sistnevnte|sistnemnde|nederste|nedste|last|latter")
_NONE = re.compile(
    r"\W*(?:(?:nei|næi|næ|nope|no)\W+)?(?:ingen|ingenting|inga"
    r"|(?:noe|noko|nokka|nåkka|nokke|nåke|någe|nåe) (?:(?:helt|heilt|hælt|ganske|litt) )?"
    r"(?:annet|anna|aent|ant|ainna|ainnat)|(?:det|d) var (?:ikke|ikkje|itj) (?:noe|noko|nokke) av"
    r"|neither|none|something (?:completely |quite |totally )?else)\b"
    r"(?: (?:av (?:dem|dei|disse|desse|de(?:i)?|delene|di)|of (?:them|these|those)))?"
    r"(?:\W+(?:takk|da|då|altså|please|thanks|thank you|egentlig|eigentleg))*\W*",
    re.IGNORECASE,
)


def understood(
    parse: Mapping[str, Any], tracker: DialogueStateTracker, offered: Collection[str]
) -> dict[str, Any]:
    """What a typed message is taken for, after what the tracker holds; forms know better."""
    if tracker.active_loop_name:
        return dict(parse)
    questions = tracker.get_slot(SLOT) or []
    return settled(parse, questions, offered, was_asked(tracker.events))


def choice_made(intent: str, tracker: DialogueStateTracker) -> list[Event]:
    """The slot with a message's intent as the answer, where the bot had just asked."""
    if not was_asked(tracker.events):
        return []
    questions = with_choice(tracker.get_slot(SLOT) or [], intent)
    return [] if questions is None else [SlotSet(SLOT, questions)]


def settled(
    parse: Mapping[str, Any],
    questions: Sequence[Mapping[str, Any]],
    offered: Collection[str],
    answering: bool,
) -> dict[str, Any]:
    """The understanding of a typed message in the light of earlier questions.

    ``offered`` are the intents a question may offer; ``answering``: the bot asked just before.
    ``plausible`` of the result is what may still be asked about; ``settled`` says by which rule
    an intent was taken: ``chosen`` now, ``learned`` from earlier, ``asked`` in vain, or the
    ``matter`` beside a mood.
    """
    ranking = [dict(row) for row in parse.get("intent_ranking") or [] if row["name"] != FALLBACK]
    plausible = [name for name in parse.get("plausible") or [] if name in offered]
    if answering and questions:
        among = list(questions[-1]["among"])
        choice = choice_in_words(str(parse.get("text") or ""), among) or _clear(ranking, among)
        if choice:
            return _taken(parse, ranking, choice, "chosen")
    for question in reversed(questions):
        shared = set(plausible) & set(question["among"])
        if question["chosen"] in shared and len(shared) > 1:
            return _taken(parse, ranking, str(question["chosen"]), "learned")
    matters = [name for name in plausible if name not in MOODS]
    if matters and len(matters) < len(plausible):
        if len(matters) == 1:
            return _taken(parse, ranking, matters[0], "matter")
        plausible = matters
    in_vain = {
        name for question in questions if question["chosen"] == OTHER for name in question["among"]
    }
    left = [name for name in plausible if name not in in_vain]
    if any(set(plausible) == set(question["among"]) for question in questions):
        left = left[:1]
        if left:
            return _taken(parse, ranking, left[0], "asked")
    return {**parse, "plausible": left}


def choice_in_words(text: str, among: Sequence[str]) -> str | None:
    """ "den første", "nr. 2", "ingen av dem": which of the buttons is meant, or OTHER."""
    if _NONE.fullmatch(text):
        return OTHER
    if _LAST.fullmatch(text):
        return among[-1]
    for intent, words in zip(among, _PLACES, strict=False):
        if words.fullmatch(text):
            return intent
    return None


def _clear(ranking: Sequence[Mapping[str, Any]], among: Collection[str]) -> str | None:
    asked = [row for row in ranking if row["name"] in among]
    together = sum(float(row["confidence"]) for row in asked)
    if together < TOGETHER or float(asked[0]["confidence"]) < CLEARLY * together:
        return None
    return str(asked[0]["name"])


def _taken(
    parse: Mapping[str, Any], ranking: Sequence[Mapping[str, Any]], name: str, why: str
) -> dict[str, Any]:
    if name == OTHER:
        name = OTHER_PAYLOAD
        why = OTHER
    known = sum(float(row["confidence"]) for row in ranking if row["name"] == name)
    best = {"name": name, "confidence": known if why in GUESSED else 1.0}
    rest = [row for row in ranking if row["name"] != name]
    return {
        **parse,
        "intent": best,
        "best_intent": best,
        "intent_ranking": [best, *rest],
        "plausible": [name],
        "settled": why,
    }


def with_choice(questions: Sequence[Mapping[str, Any]], intent: str) -> list[dict[str, Any]] | None:
    """The questions with ``intent`` as the answer to the newest one; None when it is none."""
    if not questions or questions[-1]["chosen"]:
        return None
    newest = dict(questions[-1])
    if intent in newest["among"]:
        newest["chosen"] = intent
    elif intent == YES and len(newest["among"]) == 1:
        newest["chosen"] = newest["among"][0]
    elif intent in (OTHER_PAYLOAD, NO):
        newest["chosen"] = OTHER
    else:
        return None
    return [*(dict(question) for question in questions[:-1]), newest]


def was_asked(events: Iterable[Event]) -> bool:
    """Whether the bot's last turn asked what was meant."""
    for event in reversed(list(events)):
        if isinstance(event, UserUttered):
            return False
        if isinstance(event, ActionExecuted) and event.action_name in ASKING:
            return True
    return False
