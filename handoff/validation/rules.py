"""`data/rules/` and `data/stories/`: what the bot does about what it understood."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from handoff.nearest import meant
from handoff.validation.domain import RASA_INTENTS, RASA_SLOTS, Domain, Named
from handoff.validation.findings import Place, Report
from handoff.validation.tree import Items, Keys, Text, Tree, read_tree

_RULE = ("rule", "steps", "condition", "conversation_start", "wait_for_user_input", "metadata")
_STORY = ("story", "steps", "metadata")
_STEP = (
    "intent", "user", "entities", "action", "bot", "active_loop", "slot_was_set", "checkpoint",
    "or", "metadata",
)  # fmt: skip


def read_rules(folders: Iterable[Path], root: Path, report: Report) -> list[Keys] | None:
    """Every rule and story; None when a file could not be read."""
    found: list[Keys] = []
    whole = True
    for folder in folders:
        for path in sorted(folder.glob("*.yml")):
            tree = read_tree(path, root, report)
            if tree is None:
                whole = False
                continue
            tree.only(report, ("version", "rules", "stories"))
            for key, known in (("rules", _RULE), ("stories", _STORY)):
                for item in tree.items(key, report):
                    if isinstance(item, Keys):
                        item.only(report, known)
                        found.append(item)
                    else:
                        report.error(
                            item.place,
                            f"This is no item of `{key}`.",
                            f"Write `- {known[0]}: a name`, and `steps:` below it.",
                        )
    return found if whole else None


def check_rules(
    rules: Iterable[Keys], domain: Domain, responses: Named, intents: Named, report: Report
) -> None:
    """Names in rules and stories, and whether each of the examples' `intents` is answered."""
    checker = _Checker(domain, responses, report)
    names: Named = {}
    for rule in rules:
        name = rule.text("rule") or rule.text("story")
        if name is None:
            report.error(rule.place, "This rule has no name.", "Write `- rule: a name`.")
        elif name in names:
            report.error(
                rule.place,
                f"The rule “{name}” is there twice; the first is on line {names[name].line} of "
                f"{names[name].path}.",
                "Give each a name of its own, or delete one.",
            )
        else:
            names[name] = rule.place
        if not rule.items("steps", report):
            report.error(rule.place, f"The rule “{name}” has no steps.", "Write `steps:` and some.")
        for key in ("condition", "steps"):
            for step in rule.items(key, report):
                checker.step(step)
    for intent, place in intents.items():
        if intent not in checker.answered:
            report.error(
                place,
                f"The intent `{intent}` has no rule, so the bot has no answer to it.",
                "Write a rule in data/rules/: the intent, and the action that answers.",
            )


class _Checker:
    def __init__(self, domain: Domain, responses: Named, report: Report) -> None:
        self._domain = domain
        self._report = report
        self._actions = domain.may_be_done() | set(responses)
        self.answered: set[str] = set()

    def step(self, step: Tree) -> None:
        if not isinstance(step, Keys):
            self._report.error(
                step.place, "This is no step.", "Write `- intent: name` or `- action: name`."
            )
            return
        step.only(self._report, _STEP)
        for key, value in step.values.items():
            place = value.place
            match key, value:
                case "intent", Text(value=name):
                    self._intent(name, place)
                case "action", Text(value=name):
                    self._action(name, place)
                case "active_loop", Text(value=name):
                    self._form(name, place)
                case "slot_was_set", _:
                    self._slots(value)
                case "entities", Items(items=items):
                    for item in items:
                        self._entity(item)
                case "or", Items(items=items):
                    for item in items:
                        self.step(item)
                case _:
                    pass

    def _intent(self, name: str | None, place: Place) -> None:
        self.answered.add(name or "")
        if name not in self._domain.intents and name not in RASA_INTENTS:
            self._unknown(name, place, "intent", self._domain.intents)

    def _action(self, name: str | None, place: Place) -> None:
        if name in self._actions:
            return
        if name and name.startswith("utter_"):
            known = [action for action in self._actions if action.startswith("utter_")]
            cure = meant(name, known, "Write it in data/responses/<skill>.yml.")
            self._report.error(place, f"The rule says `{name}`, which is no response.", cure)
            return
        self._unknown(name, place, "action", self._actions)

    def _form(self, name: str | None, place: Place) -> None:
        if name is not None and name not in self._domain.forms:
            self._unknown(name, place, "form", self._domain.forms)

    def _slots(self, value: Tree) -> None:
        for item in value.items if isinstance(value, Items) else ():
            named = item.places.items() if isinstance(item, Keys) else [(_word(item), item.place)]
            for name, place in named:
                if name not in self._domain.slots and name not in RASA_SLOTS:
                    self._unknown(name, place, "slot", self._domain.slots)

    def _entity(self, item: Tree) -> None:
        named = item.places.items() if isinstance(item, Keys) else [(_word(item), item.place)]
        for name, place in named:
            if name not in self._domain.entities:
                self._unknown(name, place, "entity", self._domain.entities)

    def _unknown(self, name: str | None, place: Place, what: str, known: Iterable[str]) -> None:
        self._report.error(
            place,
            f"`{name or ''}` is no {what} that domain.yml knows.",
            meant(name or "", known, "Correct the name, or add it to domain.yml."),
        )


def _word(tree: Tree) -> str:
    return tree.value or "" if isinstance(tree, Text) else ""
