"""A YAML file as texts, lists and mappings that remember where they stand.

Only the composer of ruamel.yaml is used: it is several times faster than its round trip, and a
place for each value is all that is needed here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from handoff.validation.findings import Place, Report
from handoff.validation.syntax import slip

MAX_BYTES = 4 * 1024 * 1024
_NULL = "tag:yaml.org,2002:null"


@dataclass(frozen=True, slots=True)
class Text:
    """A single value as it is written, numbers and booleans too. `value` is None for null."""

    place: Place
    value: str | None
    is_block: bool = False


@dataclass(frozen=True, slots=True)
class Items:
    place: Place
    items: tuple[Tree, ...]


@dataclass(frozen=True, slots=True)
class Keys:
    """A mapping; `places` tells where each key stands."""

    place: Place
    values: dict[str, Tree]
    places: dict[str, Place]

    def only(self, report: Report, known: tuple[str, ...]) -> None:
        """Report every key that is not among `known`."""
        for key, place in self.places.items():
            if key not in known:
                report.error(
                    place,
                    f"`{key}` is not a key of this place.",
                    f"Use one of: {', '.join(known)}.",
                )

    def section(self, key: str, report: Report) -> Keys | None:
        """The mapping under `key`; None when there is none, reported if it is something else."""
        found = self.values.get(key)
        if found is None or isinstance(found, Keys):
            return found
        report.error(self.places[key], f"`{key}` must hold keys of its own.", INDENT)
        return None

    def items(self, key: str, report: Report) -> tuple[Tree, ...]:
        """The list under `key`, () when there is none, reported if it is something else."""
        found = self.values.get(key)
        if isinstance(found, Items):
            return found.items
        if found is not None:
            report.error(self.places[key], f"`{key}` must be a list.", "Write one `- item` a line.")
        return ()

    def text(self, key: str) -> str | None:
        found = self.values.get(key)
        return found.value if isinstance(found, Text) else None


Tree = Text | Items | Keys

INDENT = "Indent its keys below it, two blanks further in."


def read_tree(path: Path, root: Path, report: Report) -> Keys | None:
    """The file's top mapping; None, with the reason reported, when it is no such file."""
    shown = path.relative_to(root).as_posix()
    top = Place(shown, 1, 1)
    try:
        raw = path.read_bytes()
    except OSError as error:
        report.error(top, f"The file cannot be read: {error.strerror}.", "Check that it is there.")
        return None
    if len(raw) > MAX_BYTES:
        report.error(top, f"The file is {len(raw)} bytes long.", f"Keep it under {MAX_BYTES}.")
        return None
    try:
        node = YAML(typ="safe", pure=True).compose(raw.decode("utf-8"))
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        report.error(
            Place(shown, line, 1),
            "A letter here is not UTF-8.",
            "Save the file as UTF-8 in your editor.",
        )
        return None
    except MarkedYAMLError as error:
        found = slip(error, raw.decode("utf-8"))
        report.error(Place(shown, found.line, found.column), found.message, found.cure)
        return None
    except (YAMLError, RecursionError, ValueError) as error:
        report.error(top, f"This is not YAML: {type(error).__name__}.", "Save it as plain text.")
        return None
    tree = _Grower(shown, report).grow(node) if node is not None else None
    if isinstance(tree, Keys):
        return tree
    report.error(top, "The file must hold keys such as `version:`.", "Copy another file's top.")
    return None


class _Grower:
    """Makes trees of nodes. A node used twice (an alias) is reported and not followed."""

    def __init__(self, path: str, report: Report) -> None:
        self._path = path
        self._report = report

    def grow(self, node: Node) -> Tree:
        place = self._place(node)
        if getattr(node, "anchor", None):
            self._report.error(
                place, "Anchors (& and *) are not read here.", "Write the value out in each place."
            )
            return Text(place, None)
        if isinstance(node, ScalarNode):
            value = None if node.tag == _NULL else str(node.value)
            return Text(place, value, is_block=node.style == "|")
        if isinstance(node, SequenceNode):
            return Items(place, tuple(self.grow(item) for item in node.value))
        if isinstance(node, MappingNode):
            return self._mapping(node, place)
        return Text(place, None)

    def _mapping(self, node: MappingNode, place: Place) -> Keys:
        values: dict[str, Tree] = {}
        places: dict[str, Place] = {}
        for name, content in self._pairs(node):
            key, where = str(name.value), self._place(name)
            if key in values:
                self._report.error(
                    where,
                    f"`{key}` is there twice; the first is on line {places[key].line}.",
                    "Keep one of the two.",
                )
                continue
            values[key], places[key] = self.grow(content), where
        return Keys(place, values, places)

    def _pairs(self, node: MappingNode) -> Iterator[tuple[ScalarNode, Node]]:
        for name, content in node.value:
            if isinstance(name, ScalarNode):
                yield name, content
            else:
                self._report.error(
                    self._place(name), "A key must be a word.", "Write `key: value`."
                )

    def _place(self, node: Node) -> Place:
        return Place(self._path, node.start_mark.line + 1, node.start_mark.column + 1)
