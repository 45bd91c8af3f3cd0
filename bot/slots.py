"""Which slots are the customer's facts, and which are the bot's own bookkeeping."""

from __future__ import annotations

INTERNAL_SLOTS = frozenset(
    {
        # Rasa's own
        "requested_slot",
        "session_started_metadata",
        # the assessment and the look-ups, which the turn's answer gives by themselves
        "assessment",
        "language",
        "lookups",
        "record",
        "verified",
        # the forms' bookkeeping
        "attempts",
        "change_what",
        "clarified",
        "confirm",
        "done",
        "errand",
        "human_or_retry",
        "outcome",
        "pause_length",
        "prompt",
        "refused",
        "switch_to",
        "system_failures",
        "waiting_errand",
    }
)
"""Never shown to an agent nor kept on handback. Any other slot of the domain is a fact."""


def is_fact(slot: str, value: object) -> bool:
    """Whether a slot belongs in a turn's answer: a fact, and not empty."""
    return slot not in INTERNAL_SLOTS and value not in (None, "", [], {})
