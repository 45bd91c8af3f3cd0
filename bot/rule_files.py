"""The files of rules that linguists write, read with the line of every word.

Read here rather than by a plain YAML loader, which would take `no` for a truth value, let the
second of two equal keys win in silence, and know no lines to name.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

ROOT = Path(__file__).resolve().parent.parent
_TEXT = "tag:yaml.org,2002:str"
_NULL = "tag:yaml.org,2002:null"
_COLONLESS = re.compile(r"\s+(?![\s#-])(?:[^:#]|:(?=\S))+")
_FOLDS = re.compile(r":\s+[|>][+-]?\s*$")
_OPENED = re.compile(r"""(?:^|[\s\[,{])'(?=[^'\s])""")


@dataclass(frozen=True, order=True)
class Problem:
    """What is wrong in a file of rules, where, and the cure. `file` is relative to the project."""

    file: str
    line: int
    message: str
    cure: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message} {self.cure}"


class RuleError(ValueError):
    """A file of rules that cannot be used: its first problem, with file, line and cure."""


@dataclass(frozen=True)
class Word:
    """A text and the line it stands on."""

    text: str
    line: int


Pairs = list[tuple[Word, Node]]


@dataclass
class RuleFile:
    """One file. Problems are collected, so that all of them can be told together."""

    path: Path
    problems: list[Problem] = field(default_factory=list)

    def wrong(self, line: int, message: str, cure: str) -> None:
        """Keep a problem."""
        path = self.path.resolve()
        shown = path.relative_to(ROOT) if path.is_relative_to(ROOT) else self.path
        self.problems.append(Problem(shown.as_posix(), line, message, cure))

    def raise_first(self) -> None:
        """Raises RuleError when there is a problem."""
        if self.problems:
            raise RuleError(str(min(self.problems, key=lambda problem: problem.line)))

    def top(self) -> Node | None:
        """The file's content; None, with the reason kept, when it is not even YAML."""
        try:
            text = self.path.read_text(encoding="utf-8")
        except OSError as error:
            self.wrong(1, f"The file cannot be read: {error.strerror}.", "Restore it: git checkout "
                       "bot/data.")  # fmt: skip
            return None
        except UnicodeDecodeError:
            self.wrong(1, "The file is not UTF-8.", "Save it as UTF-8 in your editor.")
            return None
        lines = text.splitlines()
        for number, line in enumerate(lines, 1):
            if "\t" in line:
                self.wrong(number, "A tab stands here, and YAML knows only blanks.",
                           "Put blanks in its place.")  # fmt: skip
        if self.problems:
            return None
        try:
            node = yaml.compose(text, Loader=yaml.SafeLoader)
        except yaml.MarkedYAMLError as error:
            self._not_yaml(error, lines)
            return None
        except (yaml.YAMLError, RecursionError) as error:
            self.wrong(1, f"This is not YAML: {type(error).__name__}.", "Save it as plain text.")
            return None
        if node is None:
            self.wrong(1, "The file is empty.", "Restore it: git checkout bot/data.")
        return node

    def _not_yaml(self, error: yaml.MarkedYAMLError, lines: Sequence[str]) -> None:
        mark = error.problem_mark or error.context_mark
        last = min(mark.line + 1, len(lines)) if mark else 1
        for number, line in _outside_folds(lines[:last]):
            if _leaves_quote_open(line):
                self._open_quote(number)
                return
        if error.context_mark and "quoted scalar" in str(error.context):
            self._open_quote(error.context_mark.line + 1)
            return
        said = str(error.problem or error.context)
        if "mapping values are not allowed" in said:
            if _COLONLESS.fullmatch(lines[last - 2]) and last > 1:
                self._no_colon(last - 1)
                return
            message = (
                "A colon stands where none can, or this line or the one before it is indented "
                "wrongly."
            )
            cure = (
                "Begin both in the column of their neighbours; put a word with a colon in quotes."
            )
        elif "could not find expected ':'" in said:
            self._no_colon(error.context_mark.line + 1 if error.context_mark else last)
            return
        elif "expected <block end>" in said and "scalar" in said:
            message = "A text goes on behind its closing quote."
            cure = "Put all of it between the quotes, or take them away."
        elif "expected <block end>" in said or "expected ',' or" in said:
            message = (
                "This line is not indented as its neighbours, or what opened before it is not "
                "closed."
            )
            cure = (
                "Begin it in the column of its neighbours; check brackets and quotes here and on "
                "the line before."
            )
        else:
            message = f"This is not YAML: {said}."
            cure = (
                "Check quotes, colons and indentation here and on the line before; put words with "
                "other signs than letters in quotes."
            )
        self.wrong(last, message, cure)

    def _no_colon(self, line: int) -> None:
        self.wrong(
            line, "This line has no colon and blank after its word.", "Write `word: spellings`."
        )

    def _open_quote(self, line: int) -> None:
        self.wrong(line, "A quote is opened here and not closed.", "Close it on the same line.")

    def pairs(self, node: Node, what: str) -> Pairs:
        """The keys of a mapping, each once; anything else is a problem."""
        if not isinstance(node, MappingNode):
            self.wrong(
                _line(node),
                f"{_begun(what)} must hold `word: text` lines, not {_kind(node)}.",
                "Write one `word: text` a line, two blanks further in.",
            )
            return []
        found: dict[str, Word] = {}
        kept: Pairs = []
        for key, value in node.value:
            word = self.word(key, "a key")
            if word is None:
                continue
            if word.text in found:
                self.wrong(word.line, f"`{word.text}` is there twice; the first is on line "
                           f"{found[word.text].line}, and would be lost.",
                           "Put both together on one line, or delete one.")  # fmt: skip
                continue
            found[word.text] = word
            kept.append((word, value))
        return kept

    def keys(self, node: Node, what: str, known: Sequence[str]) -> dict[str, tuple[Word, Node]]:
        """A mapping in which only `known` keys may stand, all of them needed."""
        found: dict[str, tuple[Word, Node]] = {}
        for word, value in self.pairs(node, what):
            if word.text not in known:
                self.wrong(word.line, f"`{word.text}` is not a key of {what}.",
                           near(word.text, known))  # fmt: skip
            found[word.text] = (word, value)
        if isinstance(node, MappingNode):
            for key in known:
                if key not in found and not any(near(k, [key], "") for k in found):
                    self.wrong(
                        _line(node), f"{_begun(what)} has no `{key}:`.", f"Write `{key}:` in it."
                    )
        return found

    def items(self, node: Node, what: str) -> list[Node]:
        """The items of a list; anything else is a problem."""
        if isinstance(node, SequenceNode):
            return list(node.value)
        self.wrong(_line(node), f"{_begun(what)} must be a list, not {_kind(node)}.",
                   "Write one `- item` a line.")  # fmt: skip
        return []

    def word(self, node: Node, what: str) -> Word | None:
        """A text; None, with the reason kept, for a list, nothing, or what YAML takes for else."""
        line = _line(node)
        if not isinstance(node, ScalarNode):
            self.wrong(line, f"{_begun(what)} must be text, not {_kind(node)}.",
                       "Write it as text, without brackets and dashes.")  # fmt: skip
            return None
        if node.tag == _NULL:
            self.wrong(line, f"Missing here: {what}.",
                       'Write it; nothing at all is written as "".')  # fmt: skip
            return None
        if node.tag != _TEXT:
            self.wrong(
                line,
                f"YAML reads `{node.value}` as no text (no, yes, on, off and numbers are something "
                "else there).",
                f'Put it in quotes: "{node.value}".',
            )
            return None
        if node.style in ("'", '"') and node.start_mark.line != node.end_mark.line:
            self._open_quote(line)
            return None
        return Word(str(node.value), line)


def near(word: str, known: Iterable[str], otherwise: str | None = None) -> str:
    """The cure for an unknown `word`: what was meant, or `otherwise`, or all that is known."""
    among = list(known)
    found = difflib.get_close_matches(word, among, 1)
    if found:
        return f"Did you mean `{found[0]}`?"
    return f"Use one of: {', '.join(among)}." if otherwise is None else otherwise


def _begun(what: str) -> str:
    return what[:1].upper() + what[1:]


def _line(node: Node) -> int:
    return int(node.start_mark.line) + 1


def _kind(node: Node) -> str:
    if isinstance(node, SequenceNode):
        return "a list"
    if isinstance(node, MappingNode):
        return "keys of its own"
    return "a single word" if node.tag != _NULL else "nothing"


def _outside_folds(lines: Sequence[str]) -> Iterator[tuple[int, str]]:
    """Lines with their numbers, but those of `key: >-`, in which quotes are letters like others."""
    inside: int | None = None
    for number, line in enumerate(lines, 1):
        indent = len(line) - len(line.lstrip())
        if inside is not None and (not line.strip() or indent > inside):
            continue
        inside = indent if _FOLDS.search(line) else None
        yield number, line


def _leaves_quote_open(line: str) -> bool:
    bare = re.sub(r"(?:^|\s)#.*", "", line)
    if bare.count('"') % 2:
        return True
    return len(_OPENED.findall(bare)) > 0 and bare.count("'") % 2 == 1
