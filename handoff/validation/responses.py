"""The bot's words in `data/responses/`: each in Bokmål, Nynorsk and English."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from pathlib import Path

from handoff.nearest import meant
from handoff.validation.domain import RASA_SLOTS, Domain, Named
from handoff.validation.findings import Place, Report
from handoff.validation.tree import Items, Keys, Text, read_tree

LANGUAGES = {"nb": "Bokmål", "nn": "Nynorsk", "en": "English"}
LONGEST_TEXT = 1_000
LONGEST_TITLE = 60

_NAME = re.compile(r"utter_[a-z][a-z0-9_]*")
_PAYLOAD = re.compile(r"/([A-Za-z_][A-Za-z0-9_]*)\s*(\{.*\})?", re.DOTALL)
# `/{errand}`: filled in by an action, so only the action knows what it names.
_FILLED_IN = re.compile(r"/\{[a-z_]+\}(\{.*\})?", re.DOTALL)
# What the actions say: whole names, or the beginning of one that is put together while running.
_SAID = re.compile(
    r"(?:\bsay\(|\bSummary\(|\bunknown\([^\"]{0,60}|\bresponse *=|\breturn|\belse)\s*"
    r"f?\"(utter_[a-z0-9_]*)(\{|\")"
)
_HOLE = re.compile(r"(?<!\{)\{[a-z_]+\}(?!\})")


def read_responses(folder: Path, root: Path, report: Report) -> tuple[Named, list[Keys]] | None:
    """Every response's place, and the files' trees; None when a file could not be read."""
    names: Named = {}
    trees: list[Keys] = []
    whole = True
    for path in sorted(folder.glob("*.yml")):
        tree = read_tree(path, root, report)
        if tree is None:
            whole = False
            continue
        tree.only(report, ("version", "responses"))
        section = tree.section("responses", report)
        if section is None:
            if "responses" not in tree.values:
                report.error(tree.place, "The file has no `responses:`.", "Write it and texts.")
            continue
        trees.append(section)
        for name, place in section.places.items():
            if name in names:
                report.error(
                    place,
                    f"The response `{name}` stands in {names[name].path} too, on line "
                    f"{names[name].line}.",
                    "Keep one of the two.",
                )
            names.setdefault(name, place)
            if not _NAME.fullmatch(name):
                report.error(
                    place,
                    f"`{name}` cannot be a response's name.",
                    "Begin it with utter_ and use small letters, digits and _.",
                )
    return (names, trees) if whole else None


def check_responses(trees: Iterable[Keys], domain: Domain, report: Report) -> None:
    for tree in trees:
        for name, place in tree.places.items():
            _check_response(name, place, tree.items(name, report), domain, report)


def check_said(root: Path, responses: Named, report: Report) -> None:
    """Report every response that the actions say and nobody wrote."""
    for path in sorted((root / "actions").rglob("*.py")):
        content = path.read_text("utf-8")
        for match in _SAID.finditer(content):
            name, end = match.groups()
            is_whole = end == '"' and not name.endswith("_")
            if name in responses if is_whole else any(r.startswith(name) for r in responses):
                continue
            line = content.count("\n", 0, match.start(1)) + 1
            column = match.start(1) - content.rfind("\n", 0, match.start(1))
            shown = name if is_whole else f"{name}..."
            report.error(
                Place(path.relative_to(root).as_posix(), line, column),
                f"The bot says `{shown}` here, and there is no such response.",
                meant(name, responses, "Write it in data/responses/<skill>.yml."),
            )


def _check_response(
    name: str, place: Place, variations: Iterable[object], domain: Domain, report: Report
) -> None:
    languages: set[str] = set()
    for variation in variations:
        if not isinstance(variation, Keys):
            report.error(place, f"`{name}` has a variation that is none.", 'Write `- text: "..."`.')
            continue
        variation.only(report, ("text", "buttons", "condition", "metadata"))
        text = variation.values.get("text")
        if not isinstance(text, Text) or not (text.value or "").strip():
            report.error(variation.place, f"`{name}` has no text here.", 'Write `- text: "..."`.')
        elif len(text.value or "") > LONGEST_TEXT:
            report.error(
                text.place,
                f"This text has {len(text.value or '')} characters.",
                f"Keep it to {LONGEST_TEXT}; customers read on a telephone.",
            )
        languages.add(_language(variation, domain, report))
        for button in variation.items("buttons", report):
            _check_button(button, domain, report)
    missing = [told for code, told in LANGUAGES.items() if code not in languages]
    if missing:
        report.error(
            place,
            f"The response `{name}` has no text in {' or '.join(missing)}.",
            "Add a variation; Nynorsk and English have a `condition` on the slot `language`.",
        )


def _language(variation: Keys, domain: Domain, report: Report) -> str:
    """The language a variation is for: that of its condition, Bokmål where it has none."""
    language = "nb"
    for condition in variation.items("condition", report):
        if not isinstance(condition, Keys):
            report.error(
                variation.places["condition"],
                "This condition is none.",
                "Write `- {type: slot, name: language, value: nn}`.",
            )
            continue
        condition.only(report, ("type", "name", "value"))
        slot, value = condition.text("name") or "", condition.text("value") or ""
        if slot not in domain.slots and slot not in RASA_SLOTS:
            report.error(
                condition.places.get("name", condition.place),
                f"`{slot}` is no slot of domain.yml.",
                meant(slot, domain.slots, "Name a slot of domain.yml."),
            )
        if slot == "language":
            language = value
            if value not in LANGUAGES:
                report.error(
                    condition.places.get("value", condition.place),
                    f"`{value}` is no language of ours.",
                    "Use nb, nn or en.",
                )
    return language


def _check_button(button: object, domain: Domain, report: Report) -> None:
    if not isinstance(button, Keys):
        if isinstance(button, Text | Items):
            report.error(
                button.place, "This is no button.", 'Write `- {title: "...", payload: "/intent"}`.'
            )
        return
    button.only(report, ("title", "payload"))
    title = (button.text("title") or "").strip()
    if not 1 <= len(title) <= LONGEST_TITLE:
        report.error(
            button.places.get("title", button.place),
            "The button has no title." if not title
            else f"The title has {len(title)} characters.",
            f"Write a title of 1 to {LONGEST_TITLE} characters.",
        )  # fmt: skip
    payload = button.values.get("payload")
    if isinstance(payload, Text) and payload.value:
        _check_payload(payload.value, payload.place, domain, report)
    else:
        report.error(
            button.place, f"The button “{title}” does nothing.", "Give it a payload: /affirm."
        )


def _check_payload(payload: str, place: Place, domain: Domain, report: Report) -> None:
    if _FILLED_IN.fullmatch(payload):
        return
    match = _PAYLOAD.fullmatch(payload)
    if match is None:
        report.error(
            place,
            f"The payload `{payload}` is not written right.",
            'Write /intent, or \'/intent{{"entity": "value"}}\' with both braces doubled.',
        )
        return
    intent, facts = match.group(1), match.group(2)
    if intent not in domain.intents:
        report.error(
            place,
            f"The payload `{payload}` names `{intent}`, which is no intent.",
            meant(intent, domain.intents, "Name an intent of domain.yml."),
        )
    if facts is None:
        return
    told = _facts(facts)
    if told is None:
        report.error(
            place,
            f"The braces of the payload `{payload}` hold no entities.",
            'Write \'/intent{{"entity": "value"}}\' with both braces doubled.',
        )
        return
    for entity in told:
        if entity not in domain.entities:
            report.error(
                place,
                f"The payload `{payload}` names `{entity}`, which is no entity.",
                meant(entity, domain.entities, "Name an entity of domain.yml."),
            )


def _facts(braces: str) -> dict[str, object] | None:
    """The entities of a payload. Braces are doubled, because single ones are filled in."""
    filled = _HOLE.sub("0", braces)
    if not (filled.startswith("{{") and filled.endswith("}}")):
        return None
    try:
        told = json.loads(filled.replace("{{", "{").replace("}}", "}"))
    except ValueError:
        return None
    return told if isinstance(told, dict) else None
