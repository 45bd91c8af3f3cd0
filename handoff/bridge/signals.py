"""Handoff signals that are not the bot's: the customer's own button, and a bot that is down."""

from __future__ import annotations

from collections.abc import Mapping

ASKED: Mapping[str, object] = {
    "type": "handoff",
    "v": 1,
    "reason": "asked_human",
    "reasons": [
        {
            "code": "asked_human",
            "nb": "Kunden trykket på «Snakk med et menneske».",
            "en": "The customer pressed “Talk to a person”.",
            "quotes": [],
        }
    ],
    "tried": [],
    "confirmed": {},
    "guessed": {},
}

FAILED: Mapping[str, object] = {
    "type": "handoff",
    "v": 1,
    "reason": "bot_failed",
    "reasons": [
        {
            "code": "bot_failed",
            "nb": "Boten svarte ikke, heller ikke etter tre forsøk.",
            "en": "The bot did not answer, not even after three tries.",
            "quotes": [],
        }
    ],
    "tried": [],
    "confirmed": {},
    "guessed": {},
}
