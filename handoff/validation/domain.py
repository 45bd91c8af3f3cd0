"""`domain.yml`: what the bot knows of by name, and whether the names fit together."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from handoff.nearest import meant
from handoff.validation.findings import Place, Report
from handoff.validation.tree import Items, Keys, Text, Tree, read_tree

Named = dict[str, Place]

_TOP = ("version", "session_config", "intents", "entities", "slots", "forms", "actions")
_SLOT = (
    "type", "influence_conversation", "mappings", "initial_value", "values", "min_value",
    "max_value",
)  # fmt: skip
_SLOT_TYPES = ("text", "bool", "categorical", "float", "list", "any")
_MAPPING = (
    "type", "entity", "intent", "not_intent", "value", "role", "group", "conditions", "action",
)  # fmt: skip
_MAPPING_TYPES = ("from_entity", "from_text", "from_intent", "from_trigger_intent", "custom")
# What Rasa itself brings along.
RASA_INTENTS = frozenset({"nlu_fallback", "restart", "back", "session_start"})
RASA_ACTIONS = frozenset({
    "action_listen", "action_restart", "action_session_start", "action_default_fallback",
    "action_deactivate_loop", "action_back", "action_extract_slots", "action_unlikely_intent",
    "action_revert_fallback_events",
})  # fmt: skip
RASA_SLOTS = frozenset({"requested_slot", "session_started_metadata"})


@dataclass(slots=True)
class Domain:
    """Every name of the domain and where it stands."""

    intents: Named = field(default_factory=dict)
    entities: Named = field(default_factory=dict)
    slots: Named = field(default_factory=dict)
    actions: Named = field(default_factory=dict)
    forms: Named = field(default_factory=dict)

    def may_be_done(self) -> set[str]:
        """Actions and forms by name, Rasa's own too; responses come from elsewhere."""
        return {*self.actions, *self.forms, *RASA_ACTIONS}


def read_domain(path: Path, root: Path, report: Report) -> Domain | None:
    """The domain; None when the file could not be read."""
    tree = read_tree(path, root, report)
    if tree is None:
        return None
    if "responses" in tree.places:
        report.error(
            tree.places["responses"],
            "Responses do not stand in domain.yml.",
            "Move them to data/responses/<skill>.yml.",
        )
    tree.only(report, (*_TOP, "responses"))
    domain = Domain(
        intents=_names(tree, "intents", report),
        entities=_names(tree, "entities", report),
        actions=_names(tree, "actions", report),
    )
    _read_slots(tree, domain, report)
    _read_forms(tree, domain, report)
    return domain


def check_domain(domain: Domain, intents: Named, report: Report) -> None:
    """The domain's intents against the `intents` that have examples."""
    for intent, place in intents.items():
        if intent not in domain.intents:
            cure = meant(intent, domain.intents, f"Add `- {intent}` below `intents:` there.")
            report.error(place, f"The intent `{intent}` is not in domain.yml.", cure)
    for intent, place in domain.intents.items():
        if intent not in intents and intent not in RASA_INTENTS:
            report.error(
                place,
                f"The intent `{intent}` has no examples.",
                "Write some in data/nlu/, or delete it here.",
            )


def _names(tree: Keys, key: str, report: Report) -> Named:
    """A list of names; an item may be a mapping from the name to its options."""
    found: Named = {}
    for item in tree.items(key, report):
        for name, place in _name_of(item):
            if name in found:
                report.error(
                    place,
                    f"`{name}` is there twice; the first is on line {found[name].line}.",
                    "Delete one of the two.",
                )
            found.setdefault(name, place)
    return found


def _name_of(item: Tree) -> list[tuple[str, Place]]:
    if isinstance(item, Text) and item.value:
        return [(item.value, item.place)]
    if isinstance(item, Keys):
        return list(item.places.items())
    return []


def _read_slots(tree: Keys, domain: Domain, report: Report) -> None:
    slots = tree.section("slots", report)
    if slots is None:
        return
    for name, place in slots.places.items():
        domain.slots[name] = place
        slot = slots.section(name, report)
        if slot is None:
            continue
        slot.only(report, _SLOT)
        kind = slot.text("type") or ""
        if kind not in _SLOT_TYPES:
            report.error(
                slot.places.get("type", place),
                f"The slot `{name}` has the type `{kind}`." if kind
                else f"The slot `{name}` has no type.",
                f"Use one of: {', '.join(_SLOT_TYPES)}.",
            )  # fmt: skip
        for mapping in slot.items("mappings", report):
            if isinstance(mapping, Keys):
                _check_mapping(mapping, domain, report)


def _check_mapping(mapping: Keys, domain: Domain, report: Report) -> None:
    mapping.only(report, _MAPPING)
    for key, known, what in (
        ("type", _MAPPING_TYPES, "no way to fill a slot"),
        ("entity", tuple(domain.entities), "no entity of domain.yml"),
        ("action", tuple(domain.actions), "no action of domain.yml"),
    ):
        name = mapping.text(key)
        if name is not None and name not in known:
            report.error(
                mapping.places[key],
                f"`{name}` is {what}.",
                meant(name, known, f"Use one of: {', '.join(known)}."),
            )
    for key in ("intent", "not_intent"):
        for name, place in _names_under(mapping, key):
            if name not in domain.intents:
                report.error(
                    place,
                    f"`{name}` is no intent of domain.yml.",
                    meant(name, domain.intents, "Add it to domain.yml, or delete it here."),
                )


def _names_under(mapping: Keys, key: str) -> list[tuple[str, Place]]:
    found = mapping.values.get(key)
    if isinstance(found, Items):
        return [(item.value, item.place) for item in found.items if isinstance(item, Text)
                and item.value]  # fmt: skip
    if isinstance(found, Text) and found.value:
        return [(found.value, found.place)]
    return []


def _read_forms(tree: Keys, domain: Domain, report: Report) -> None:
    forms = tree.section("forms", report)
    if forms is None:
        return
    for name, place in forms.places.items():
        domain.forms[name] = place
        content = forms.section(name, report)
        if content is None:
            continue
        content.only(report, ("required_slots", "ignored_intents"))
        for item in content.items("required_slots", report):
            if isinstance(item, Text) and item.value not in domain.slots:
                report.error(
                    item.place,
                    f"The form `{name}` wants `{item.value}`, which is no slot.",
                    meant(item.value or "", domain.slots, "Add the slot below `slots:`."),
                )
