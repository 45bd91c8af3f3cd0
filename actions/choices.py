"""What the bot can do, as buttons in the customer's own terms.

Each skill names its errands in its responses: ``utter_choice_<intent>`` is the button's title,
and the metadata of its first variation says ``skill`` and ``rank`` (1 is shown first).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

PREFIX = "utter_choice_"


@dataclass(frozen=True)
class Choice:
    """An errand's button: its title in one language, its skill, its place among the skill's."""

    title: str
    skill: str
    rank: int


def response_texts(domain: dict[str, Any], response: str, language: str) -> str:
    """A response's text in ``language``; the variation without a condition is Bokmål."""
    default = ""
    for variation in (domain.get("responses") or {}).get(response) or []:
        conditions = variation.get("condition") or []
        if not conditions:
            default = default or str(variation.get("text") or "")
        elif any(c.get("name") == "language" and c.get("value") == language for c in conditions):
            return str(variation.get("text") or "")
    return default


def choices(domain: dict[str, Any], language: str) -> dict[str, Choice]:
    """Every errand that has a button title, by rank."""
    found: dict[str, Choice] = {}
    for name, variations in (domain.get("responses") or {}).items():
        metadata = next((v.get("metadata") for v in variations if v.get("metadata")), None)
        if name.startswith(PREFIX) and isinstance(metadata, dict):
            found[name.removeprefix(PREFIX)] = Choice(
                title=response_texts(domain, name, language),
                skill=str(metadata.get("skill") or ""),
                rank=int(metadata.get("rank") or 99),
            )
    return dict(sorted(found.items(), key=lambda item: item[1].rank))


def most_wanted(labels: dict[str, Choice], skills: Sequence[str], count: int) -> list[str]:
    """The ``count`` errands of the client's skills with the lowest rank, small talk left out."""
    order = {skill: place for place, skill in enumerate(skills) if skill != "common"}
    wanted = [name for name, choice in labels.items() if choice.skill in order]
    return sorted(wanted, key=lambda n: (labels[n].rank, order[labels[n].skill]))[:count]


def buttons_for(names: Sequence[str], labels: dict[str, Choice]) -> list[dict[str, str]]:
    return [{"title": labels[name].title, "payload": f"/{name}"} for name in names]
